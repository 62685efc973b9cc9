package flows_test

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/flows"
)

// Every name that is printed can be asked for.
func TestChoose(t *testing.T) {
	job := func(platform string) []flows.Job { return []flows.Job{{Platform: platform, Job: "a"}} }
	list := flows.List{Secrets: []flows.Secret{
		{Name: "Api_Key", Jobs: job("githubactions")}, {Name: "TOKEN", Jobs: job("gitlab")}, {Name: "*", Store: "context", Group: "shop", Jobs: job("circleci")},
		{Name: "password", Store: "vault", Group: "kv/db", Jobs: job("githubactions")}, {Name: "*", Jobs: job("githubactions")},
	}}
	tests := []struct{ secret, want string }{
		{"api_KEY", "Api_Key"}, {"TOKEN", "TOKEN"}, {"password", "password (vault kv/db)"}, {"vault/password", "password (vault kv/db)"}, {"kv/db/password", "password (vault kv/db)"},
		{"vault/kv/db/password", "password (vault kv/db)"}, {"password (vault kv/db)", "password (vault kv/db)"}, {"context/shop/*", "every secret (context shop)"},
		{"every secret (context shop)", "every secret (context shop)"}, {"every secret", "every secret"}, {"*", "every secret (context shop), every secret"},
		{"token", `--secret: no pipeline has "token", did you mean "TOKEN"?`}, {"PASSWORD", `--secret: no pipeline has "PASSWORD", did you mean "password" or "kv/db/password" or "vault/password"?`},
		{"vault/Password", `--secret: no pipeline has "vault/Password", did you mean "vault/password"?`}, {"unlike", `--secret: no pipeline has "unlike"`},
	}
	for _, test := range tests {
		chosen, err := list.Choose(test.secret, "")
		var got []string
		if err != nil {
			got = append(got, err.Error())
		}
		var text strings.Builder
		if err := chosen.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if err == nil && !strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "not everything") {
				got = append(got, strings.TrimSpace(line))
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%q: got %q, want %q", test.secret, strings.Join(got, ", "), test.want)
		}
	}
}
