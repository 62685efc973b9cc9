package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

func TestCodeReaders(t *testing.T) {
	const code = `a = os.environ["DB_PASSWORD"]
b = sm.get_secret_value(SecretId="shop/db")
c = hvac.Client(url="https://vault.example.com:8200")
d = os.environ[name]
`
	tests := map[string]string{
		"web/app.py":      "env DB_PASSWORD  web/app.py:1:17\nstore shop/db  web/app.py:2:35\nstore  https://vault.example.com:8200 web/app.py:3:22\n",
		"web/test_app.py": "", // says nothing about the application
	}
	for path, want := range tests {
		docs, _ := parse.Parse([]*lint.Source{{Path: path, Data: []byte(code)}}, nil)
		if len(docs) != 1 {
			t.Fatalf("%s: %d documents", path, len(docs))
		}
		var got strings.Builder
		for _, r := range Collect(docs[0]).Readers {
			fmt.Fprintf(&got, "%s %s %s %s\n", r.Kind, r.Name, r.Text, r.At.Location())
			if len(r.At.Text()) > 0 {
				t.Errorf("%s: the place of %s holds the file", path, r.Name)
			}
		}
		if got.String() != want {
			t.Errorf("%s: got\n%s", path, got.String())
		}
	}
}
