// Command web serves the shop.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
)

func main() {
	dsn, err := database()
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	log.Printf("orders are in %s", dsn.Redacted())
	log.Fatal(http.ListenAndServe(":8080", mux))
}

// database reads the password anew at every start: it is rotated each month.
func database() (*url.URL, error) {
	password, err := os.ReadFile(os.Getenv("DB_PASSWORD_FILE"))
	if err != nil {
		return nil, err
	}
	return &url.URL{
		Scheme: "postgres", Host: os.Getenv("DB_HOST"), Path: "shop", RawQuery: "sslmode=verify-full",
		User: url.UserPassword("shop", string(bytes.TrimSpace(password))),
	}, nil
}
