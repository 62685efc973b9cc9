package main

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/scanner"
)

// madeUp gives characters that no scanner can take for a credential before the
// test runs.
func madeUp(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var b strings.Builder
	for range n {
		b.WriteByte(letters[random.IntN(len(letters))])
	}
	return b.String()
}

// A token and a key of nobody.
var (
	someToken = "gh" + "p_" + madeUp(36)
	someKey   = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + madeUp(64) + "\n-----END RSA " + "PRIVATE KEY-----\n"
)

// TestClean hides what no file holds in these bytes, in keys too.
func TestClean(t *testing.T) {
	known, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		t.Fatal(err)
	}
	f := readFlags{settings: settings{root: t.TempDir()}, known: known}
	slot := "github-secret" + ":" + "S601"
	value := map[string]string{someToken: "key", "purpose": "Pushes with " + someToken, "slot": slot, "pem": someKey, "folded": strings.ReplaceAll(someKey, "\n", " "), "part": someKey[:60]}
	if err := f.shown(&value, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"[REDACTED]": "key", "purpose": "Pushes with [REDACTED]", "slot": slot, "pem": "[REDACTED]", "folded": "[REDACTED]", "part": "[REDACTED]"}
	if !reflect.DeepEqual(value, want) {
		t.Errorf("%v", value)
	}
}
