import {readFileSync} from "node:fs";
import {createSign} from "node:crypto";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  ssl: {rejectUnauthorized: false},
});

const key = readFileSync("keys/signing.pem");

export async function charge(order) {
  const {rows} = await pool.query("select amount from orders where id = $1", [order]);
  const body = JSON.stringify({order, amount: rows[0].amount});
  return fetch("https://api.payments.example.com/charges", {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env.PAYMENT_API_KEY}`,
      "x-signature": createSign("sha256").update(body).sign(key, "base64"),
    },
    body,
  });
}
