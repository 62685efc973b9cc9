package main

import (
	"reflect"
	"strings"
	"testing"
)

// A token and a key of nobody.
const (
	someToken = "ghp_hQ7vT2mXc9LpR4sWd8NbK3yZf6JgA1eUo5Ci"
	someKey   = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAhQ7vT2mXc9LpR4sWd8NbK3yZf6JgA1eUo5Ci\n-----END RSA PRIVATE KEY-----\n"
)

// TestClean hides what no file holds in these bytes, in keys too.
func TestClean(t *testing.T) {
	f := readFlags{settings: settings{root: t.TempDir()}}
	value := map[string]string{someToken: "key", "purpose": "Pushes with " + someToken, "slot": "github-secret:S601", "pem": someKey, "folded": strings.ReplaceAll(someKey, "\n", " "), "part": someKey[:60]}
	if err := f.shown(&value, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"[REDACTED]": "key", "purpose": "Pushes with [REDACTED]", "slot": "github-secret:S601", "pem": "[REDACTED]", "folded": "[REDACTED]", "part": "[REDACTED]"}
	if !reflect.DeepEqual(value, want) {
		t.Errorf("%v", value)
	}
}
