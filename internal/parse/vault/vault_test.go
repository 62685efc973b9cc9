package vault

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"paths", "path \"a/*\" {\n  capabilities = [\"read\", \"list\"] # both\n}\nother \"x\" {}\npath \"b\" { policy = \"deny\" }\n",
			`{"paths":[{"capabilities":["read","list"],"path":"a/*"},{"path":"b"}]}`},
		{"what a template fills in", "path \"a\" {\n  capabilities = [\"read\", x]\n}\npath \"b\" {\n  capabilities = x\n}\n",
			`{"paths":[{"capabilities":["read",{"$unknown":[]}],"path":"a"},{"capabilities":{"$unknown":[]},"path":"b"}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := &lint.Source{Path: "p.hcl", Data: []byte(test.text)}
			docs, findings := Parse([]*lint.Source{src})
			if !Claims(src) || len(docs) != 1 || len(findings)+len(docs[0].Gaps) > 0 {
				t.Fatal(len(docs), findings)
			}
			if got, _ := json.Marshal(docs[0].Root.Plain()); string(got) != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestWhatCannotBeReadIsAGap(t *testing.T) {
	for _, text := range []string{
		"path \"a\" {\n  capabilities = [\"read\"]\n%{ if x }\n}\n",
		"path \"a\" {\n  capabilities = " + strings.Repeat("[", 100_000) + "\n}\n",
	} {
		src := &lint.Source{Path: "p.hcl", Data: []byte(text)}
		if docs, _ := Parse([]*lint.Source{src}); !Claims(src) || len(docs) != 1 || len(docs[0].Gaps) != 1 {
			t.Error(len(docs))
		}
	}
}

func TestClaims(t *testing.T) {
	for path, text := range map[string]string{
		"terragrunt.hcl": "include \"root\" {\n  path = find_in_parent_folders()\n}\n",
		"job.nomad.hcl":  "job \"a\" {}\n",
		"policy.txt":     "path \"a\" {\n  capabilities = [\"read\"]\n}\n",
	} {
		if Claims(&lint.Source{Path: path, Data: []byte(text)}) {
			t.Error(path)
		}
	}
}
