package scanner

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// madeUpToken is a token in the format of GitHub.
func madeUpToken() string { return "ghp" + "_" + strings.Repeat("aB3dE6gH9k", 4)[:36] }

func TestNamesAndFactsHoldNoCredential(t *testing.T) {
	s, err := New(Options{Detectors: Ours()})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"app/config-2026-11-22-production.yaml", "internal/scan/history_test.go", `unknown severity "hihg", want one of low`} {
		if got := s.Redact(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"a/" + madeUpToken() + "/b", "unknown key \"" + madeUpToken() + `"`, madeUpToken() + "..HEAD", "issued by " + madeUpToken()} {
		if got := s.Redact(text); strings.Contains(got, madeUpToken()) || !strings.Contains(got, mask) {
			t.Error("a credential is shown")
		}
	}
	password := token("", 11)
	for _, text := range []string{"postgres://app:" + password + "@db.internal/shop", "unknown severity \"db_password=" + password + "\""} {
		if got := s.Redact(text); strings.Contains(got, password) || !strings.Contains(got, mask) {
			t.Error("a password is shown")
		}
	}
	const word = "CorrectHorse" // where it stands says what it is
	for _, text := range []string{"- sshpass -p " + word + " ssh host", "curl https://a.internal/?page=2&api_key=" + word, "curl 'https://a.internal/?private_token=" + word + "'"} {
		if got := s.Redact(text); strings.Contains(got, word) || !strings.Contains(got, mask) {
			t.Errorf("%q shows a password", got)
		}
	}
	for _, text := range []string{"- sshpass -p $PASSWORD ssh host", "curl https://a.internal/?api_key=$KEY&page=2", "jdbc:mysql://db/shop?useSSL=false&user=shop", "/a/?api_key="} {
		if got := s.Redact(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	found := s.Scan(&lint.Source{Path: "a/" + madeUpToken()}).Findings
	if len(found) != 1 || found[0].Rule.ID != "secret/github-pat" || !strings.HasPrefix(found[0].Message, "the name of the file holds") {
		t.Errorf("%d findings about a name", len(found))
	}
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	token := part(`{"alg":"HS256"}`) + "." + part(`{"iss":"`+madeUpToken()+`"}`) + "." + part("signature")
	h := hit{id: "jwt", span: lint.Span{Source: &lint.Source{Path: "x"}}}
	if all := strings.Join(s.facts(h, token), "; "); strings.Contains(all, madeUpToken()) || !strings.Contains(all, "issued by "+mask) {
		t.Error("a fact shows a credential")
	}
}
