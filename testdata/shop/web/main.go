// Command web serves the shop.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"
)

// TODO(SHOP-31): read it from the environment like the others.
const fallbackDSN = "postgres://shop:tr0ub4dor-and-3@db.internal.example.com:5432/shop?sslmode=disable"

// sessionSecret signs cookies when no key is mounted.
var sessionSecret = "q9Xv7-n0t-4-k3y-Zt4Kw8rB2mJ5"

func main() {
	dsn := os.Getenv("DATABASE_URL")
	if dsn == "" {
		dsn = fallbackDSN
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		log.Fatal(err)
	}
	if key := os.Getenv("SESSION_KEY"); key != "" {
		sessionSecret = key
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := db.PingContext(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	log.Fatal(http.ListenAndServe(":8080", mux))
}
