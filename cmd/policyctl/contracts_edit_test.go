package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestScriptsContractsInUTF16 is none of the scripts for their files are UTF-8.
func TestScriptsContractsInUTF16(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(".policyctl", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(".policyctl/config.yaml", []byte("tiers: []\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	text := "\ufeffkind: SecretContract\napiVersion: policyctl.dev/v1\nmetadata: {name: a}\nspec: {class: api-key}\n"
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	if err := os.WriteFile("a.secret.yaml", data, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		status int
		args   []string
	}{
		{statusNotChecked, []string{"contracts", "fmt"}},
		{statusNotChecked, []string{"contracts", "fmt", "--check"}},
		{statusUsage, []string{"contracts", "record", "a", "rotated"}},
	} {
		var out bytes.Buffer
		if status := run(t.Context(), test.args, strings.NewReader(""), &out, &out); status != test.status {
			t.Errorf("%v: status %d, want %d", test.args, status, test.status)
		}
		said := out.String()
		for _, want := range []string{"a.secret.yaml: is not UTF-8", "nothing was changed"} {
			if !strings.Contains(said, want) {
				t.Errorf("%v says %q, not %q", test.args, said, want)
			}
		}
		if after, _ := os.ReadFile("a.secret.yaml"); string(after) != string(data) {
			t.Fatalf("%v changed the file", test.args)
		}
	}
}
