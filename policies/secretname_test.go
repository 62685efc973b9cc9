package policies_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/policies"
)

// TestSecretNames holds lint.SecretName to the library of the policies: there is
// one notion of a name that promises a credential. The words of both are put
// together in ways that meet every branch of their patterns.
func TestSecretNames(t *testing.T) {
	library, err := fs.ReadFile(policies.FS, "lib/secrets/secrets.rego")
	if err != nil {
		t.Fatal(err)
	}
	names := candidates(t)
	query, err := rego.New(
		rego.Module("secrets.rego", string(library)),
		rego.Query("[name | some name in input; data.policyctl.lib.secrets.secret_name(name)]"),
	).PrepareForEval(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	result, err := query.Eval(context.Background(), rego.EvalInput(names))
	if err != nil || len(result) != 1 {
		t.Fatalf("%v, %v", result, err)
	}
	var want []string
	text, _ := json.Marshal(result[0].Expressions[0].Value)
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) < 1000 || len(names)-len(want) < 1000 {
		t.Fatalf("of %d names %d promise a credential: that tests little", len(names), len(want))
	}
	for _, name := range names {
		if got := lint.SecretName(name); got != slices.Contains(want, name) {
			t.Errorf("%s: Go says %t, Rego the opposite", name, got)
		}
	}
}

// candidates are the names of the library's own tests, and the words of its
// patterns by themselves and joined.
func candidates(t *testing.T) []string {
	t.Helper()
	var text []byte
	for _, name := range []string{"lib/secrets/secrets.rego", "lib/secrets/secrets_test.rego"} {
		data, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, data...)
	}
	words := regexp.MustCompile(`[A-Za-z0-9_-]{2,}`).FindAllString(string(text), -1)
	slices.Sort(words)
	words = slices.Compact(words)
	names := slices.Clone(words)
	for _, word := range words {
		word = strings.Trim(word, "_")
		names = append(names, "app_"+word, word+"_password", word+"_Key2", "api-"+word, word+"s", "token_"+word, "x"+strings.ToUpper(word)+"Token", "max"+word, "public_"+word+"_key", "secret_"+word+"_prod")
	}
	return names
}
