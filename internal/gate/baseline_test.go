package gate

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestWriteBaseline(t *testing.T) {
	findings := []lint.Finding{tagged("12ab", 7), at(privileged, 2), at(lint.ExpiredWaiver, 3)}
	var b bytes.Buffer
	if err := NewBaseline(findings, []byte("salt")).Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `{"policyctl":"baseline/v1","salt":"73616c74"}
{"fingerprint":"b678bc7cf2a10ef7a9bcabcb4f7020a8","rule":"secret/password","path":"deploy/web.yaml","anchor":"Deployment/default/web › spec › containers[app]","tag":"12ab"}
{"fingerprint":"b6a345cf6b0b8cfbeb2d9793cef27a73","rule":"kubernetes/privileged-container","path":"deploy/web.yaml","anchor":"Deployment/default/web › spec › containers[app]"}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	slices.Reverse(findings)
	var again bytes.Buffer
	if err := NewBaseline(findings, []byte("salt")).Write(&again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), again.String()); diff != "" {
		t.Errorf("depends on order:\n%s", diff)
	}
}

func TestReadBaselineErrors(t *testing.T) {
	const header = `{"policyctl":"baseline/v1","salt":"00ff"}` + "\n"
	const entry = `{"fingerprint":"01","rule":"a/b","path":"p","anchor":""}` + "\n"
	tests := []struct {
		name, text, want string
	}{
		{"an empty file", "", `b:1: want one JSON object of strings`},
		{"no header", entry, `b:1: this is no baseline: want {"policyctl":"baseline/v1",...} as the first line`},
		{"another format", `{"policyctl":"baseline/v2","salt":"00"}`, `b:1: the format is "baseline/v2", this version reads "baseline/v1"`},
		{"no salt", `{"policyctl":"baseline/v1"}`, `b:1: the salt is no hexadecimal number`},
		{"a header key too many", `{"policyctl":"baseline/v1","salt":"00","pepper":""}`, `b:1: unknown key "pepper"`},
		{"a second header", header + header, `b:2: this is a second header: two baselines were joined, write the baseline anew`},
		{"a merge conflict", header + "<<<<<<< ours\n" + entry,
			`b:2: a merge conflict is left in the baseline: under the same first line keep the lines of both sides and remove the line "<<<<<<<", or write the baseline anew`},
		{"a misspelt key", header + entry + `{"fingerprint":"01","rule":"a/b","pathh":"p"}`, `b:3: unknown key "pathh", did you mean "path"?`},
		{"a key in capitals", header + `{"Fingerprint":"01","rule":"a/b","path":"p"}`, `b:2: unknown key "Fingerprint", did you mean "fingerprint"?`},
		{"a missing key", header + `{"fingerprint":"01","path":"p"}`, `b:2: the key "rule" is missing or empty`},
		{"a key that comes twice", header + `{"fingerprint":"01","rule":"a/b","rule":"c/d","path":"p"}`, `b:2: the key "rule" comes twice`},
		{"a number", header + `{"fingerprint":1}`, `b:2: want one JSON object of strings`},
		{"two objects", header + `{"fingerprint":"01","rule":"a/b","path":"p"} {}`, `b:2: want one JSON object of strings`},
		{"an empty line", header + "\n" + entry, `b:2: want one JSON object of strings`},
		{"an unfinished line", header + `{"fingerprint":"01"`, `b:2: want one JSON object of strings`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadBaseline("b", []byte(test.text))
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// What is read and written is read as the same.
func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte("{\"policyctl\":\"baseline/v1\",\"salt\":\"00ff\"}\r\n{\"fingerprint\":\"01\",\"rule\":\"a/b\",\"path\":\"p\",\"anchor\":\"<x> › y\",\"tag\":\"12ab\"}\n"))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := ReadBaseline("b", data)
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := read.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := ReadBaseline("b", first.Bytes())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if err := again.Write(&second); err != nil {
			t.Fatal(err)
		}
		if len(again.Entries) != len(read.Entries) || first.String() != second.String() {
			t.Errorf("%s\nbecame\n%s", first.String(), second.String())
		}
	})
}
