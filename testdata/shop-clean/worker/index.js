import {readFileSync} from "node:fs";
import pg from "pg";

const pool = new pg.Pool({
  host: process.env.DB_HOST,
  user: "shop",
  password: () => readFileSync(process.env.DB_PASSWORD_FILE, "utf8").trim(),
  ssl: {rejectUnauthorized: true},
});

// token trades the client's credentials for a token of ten minutes.
async function token() {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: process.env.PAYMENT_CLIENT_ID,
    client_secret: process.env.PAYMENT_CLIENT_SECRET,
  });
  const response = await fetch(process.env.PAYMENT_TOKEN_URL, {method: "POST", body});
  return (await response.json()).access_token;
}

export async function charge(order) {
  const {rows} = await pool.query("select amount from orders where id = $1", [order]);
  return fetch("https://api.payments.example.com/charges", {
    method: "POST",
    headers: {authorization: `Bearer ${await token()}`},
    body: JSON.stringify({order, amount: rows[0].amount}),
  });
}
