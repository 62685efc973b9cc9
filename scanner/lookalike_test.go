package scanner

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// TestSecretMember: what gitleaks finds in a Secret stands where the value does, and what
// others may know is none.
func TestSecretMember(t *testing.T) {
	tests := []struct {
		name, member, plain string
		found               bool
	}{
		{"a password that people choose", "DB_PASS" + "WORD", "hunter" + "22xy", true},
		{"a text of words", "note", "hello world, this is a text", false},
		{"a name", "namespace", "default-space", false},
		{"a user", "username", "shop-user", false},
		{"a certificate", "other", "-----BEGIN CERTIFICATE-----\nabc", false},
	}
	s := newScanner(t, Options{Detectors: Ours()})
	for _, tt := range tests {
		value := base64.StdEncoding.EncodeToString([]byte(tt.plain))
		src := &lint.Source{Path: "secret.yaml", Data: []byte("kind: Secret\nmetadata:\n  name: x\ndata:\n  " + tt.member + ": " + value + "\n")}
		found := s.Scan(src).Findings
		if len(found) > 1 || (len(found) == 1) != tt.found {
			t.Errorf("%s: %d findings", tt.name, len(found))
			continue
		}
		for _, f := range found {
			if at := string(src.Data[src.Offset(f.Location.Start):src.Offset(f.Location.End)]); at != value {
				t.Errorf("%s: the place is %d bytes, want those of the value", tt.name, len(at))
			}
		}
	}
}

// TestNextDocument: a Secret of which the data are no text ends before the next document.
func TestNextDocument(t *testing.T) {
	s := newScanner(t, Options{Detectors: Ours()})
	for _, data := range []string{"data: {ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t}", "data: {}", "data:", "data: {password: \"${X}\"}", "data:\n{{- include \"x\" . | nindent 2 }}"} {
		src := &lint.Source{Path: "secret.yaml", Data: []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: ca}\n" + data + "\n---\napiVersion: postgresql.cnpg.io/v1\nkind: Cluster\n")}
		if found := s.Scan(src).Findings; len(found) > 0 {
			t.Errorf("%s: a finding in line %d", data, found[0].Location.Start.Line)
		}
	}
}

// TestCutHeader: documentation cuts what it shows.
func TestCutHeader(t *testing.T) {
	src := &lint.Source{Path: "README.md", Data: []byte("curl -H \"Authorization: Bearer eyJhbGciOi...\" https://shop.io\n")}
	if found := newScanner(t, Options{Detectors: Ours()}).Scan(src).Findings; len(found) > 0 {
		t.Errorf("%d findings", len(found))
	}
}

// TestArgumentsOfTerraform: what belongs to a password is none.
func TestArgumentsOfTerraform(t *testing.T) {
	value := token("", 12)
	tests := []struct {
		text  string
		found int
	}{
		{`administrator_login_password = "` + value + `"`, 1},
		{`password_secret_name = "grafana-admin"`, 0},
		{`password_parameter = "prod-db-master"`, 0},
		{`password_hash_algorithm = "argon2id"`, 0},
		{`password_policy = "strict-policy"`, 0},
		{`password_secret = "shop-` + `postgres-v2"`, 0},
		{`password_secret = "` + value + `"`, 1},
		{"password = \"initial" + "-value\"\n  lifecycle {\n    ignore_changes = [password]\n  }\n}", 0},
		{"password = \"" + value + "\"\n  lifecycle {\n    ignore_changes = [password]\n  }\n}", 1},
		{`values = [yamlencode({ auth = { secretKeys = { adminPasswordKey = "postgres-password" } } })]`, 0},
	}
	s := newScanner(t, Options{Detectors: Ours()})
	for n, tt := range tests {
		if found := s.Scan(&lint.Source{Path: "main.tf", Data: []byte(tt.text + "\n")}).Findings; len(found) != tt.found {
			t.Errorf("%d: %d findings, want %d", n, len(found), tt.found)
		}
	}
}

// TestMembersAreNoTokens: s is the name of an object as well as how tokens of Vault begin.
func TestMembersAreNoTokens(t *testing.T) {
	s := newScanner(t, Options{})
	for text, want := range map[string]int{
		"s.S3DestinationDescription = v":    0,
		"s.ConfigurationItemMD5Hash = &v":   0,
		"x = \"s." + token("", 24) + "\"\n": 1,
	} {
		if found := s.Scan(&lint.Source{Path: "a.go", Data: []byte(text)}).Findings; len(found) != want {
			t.Errorf("%s: %d findings, want %d", text, len(found), want)
		}
	}
}

// TestFramesOfKeys: lines that begin and end keys, one behind the other, hold none; a key whose
// end is missing is found, also in front of another frame.
func TestFramesOfKeys(t *testing.T) {
	s := newScanner(t, Options{Detectors: Ours()})
	frame := "-----BEGIN RSA PRIVATE " + "KEY-----\n"
	tests := []struct {
		name, text string
		want       int
	}{
		{"frames", strings.Repeat(frame, 1000), 0},
		{"a list of frames", "- '" + strings.Repeat(strings.TrimSpace(frame)+"'\n- '", 10) + "'\n", 0},
		{"a key between", strings.Repeat(frame, 3) + strings.Repeat(token("", 64)+"\n", 4) + strings.Repeat(frame, 3), 1},
	}
	for _, tt := range tests {
		if found := s.Scan(&lint.Source{Path: "a.txt", Data: []byte(tt.text)}).Findings; len(found) != tt.want {
			t.Errorf("%s: %d findings, want %d", tt.name, len(found), tt.want)
		}
	}
}

// TestFiller: what documentation puts behind a prefix is no token, but a user's rule may mean it.
func TestFiller(t *testing.T) {
	prefix := "gl" + "pat-"
	tests := []struct {
		name, value string
		found       int
	}{
		{"a token", prefix + token("", 20), 1},
		{"letters in their order", prefix + "abcdefghijklmnopqrst", 0},
		{"digits in their order", prefix + "k7Q01234567890" + "rW2p9z", 0},
		{"one letter again and again", prefix + "Xxxxxxxxxxxxxxxxxxxx", 0},
		{"words", prefix + "the-token-of-my-team", 0},
		{"an address that is to be filled in", "https://hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", 0},
	}
	s := newScanner(t, Options{Detectors: Ours()})
	for _, tt := range tests {
		if found := s.Scan(&lint.Source{Path: "a.txt", Data: []byte("see " + tt.value + "\n")}).Findings; len(found) != tt.found {
			t.Errorf("%s: %d findings, want %d", tt.name, len(found), tt.found)
		}
	}
	own := &Gitleaks{Path: "own.toml", Data: []byte("[[rules]]\nid = \"own\"\nregex = '''shop-[a-z-]+'''\n")}
	if found := newScanner(t, Options{Gitleaks: own}).Scan(&lint.Source{Path: "a.txt", Data: []byte("shop-" + "the-token-of-my-team\n")}).Findings; len(found) != 1 {
		t.Errorf("a rule of the user: %d findings, want 1", len(found))
	}
}

// TestEndOfToken: a token ends where it does, whatever stands behind it, and is found as a whole.
func TestEndOfToken(t *testing.T) {
	s := newScanner(t, Options{Detectors: Ours()})
	long := "gl" + "pat-" + token("", 40) + ".01.1a" + strings.ToLower(token("", 7))
	for _, value := range []string{"npm" + "_" + token("", 36), "pul" + "-" + strings.Repeat("0a1b2c3d4e", 4), long} {
		for _, around := range []string{"?t=%s&page=2", "<b>%s</b>", "(%s)", "[%s, 2]", "It is %s. More", "https://%s@shop.io", "| %s |"} {
			src := &lint.Source{Path: "a.txt", Data: []byte(strings.Replace(around, "%s", value, 1) + "\n")}
			found := s.Scan(src).Findings
			if len(found) != 1 {
				t.Errorf("%s: %d findings, want 1", around, len(found))
				continue
			}
			if at := string(src.Data[src.Offset(found[0].Location.Start):src.Offset(found[0].Location.End)]); at != value {
				t.Errorf("%s: the place is %d bytes, want %d", around, len(at), len(value))
			}
		}
	}
}
