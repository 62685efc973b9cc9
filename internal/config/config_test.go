package config

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/policyctl/policyctl/internal/lint"
)

func source(text string) *lint.Source { return &lint.Source{Path: Path, Data: []byte(text)} }

func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		want       Config
	}{
		{"an empty file", "", Config{}},
		{"only a comment", "# nothing yet\n---\n", Config{}},
		{"an empty mapping", "{}\n", Config{}},
		{"one threshold for all", "fail_on: low\n", Config{FailOn: map[string]lint.Severity{DefaultKind: lint.Low}}},
		{
			"a threshold for each kind", "fail_on:\n  default: critical\n  secret: low\n",
			Config{FailOn: map[string]lint.Severity{DefaultKind: lint.Critical, "secret": lint.Low}},
		},
		{"tiers, of which default is on anyway", "tiers: [strict, default, strict, audit]\n", Config{Tiers: []lint.Tier{lint.Strict, lint.Audit}}},
		{
			"globs", "exclude:\n- testdata/**\n- '**/*.min.js'\ninclude: [vendor/ours]\n",
			Config{Exclude: []string{"testdata/**", "**/*.min.js"}, Include: []string{"vendor/ours"}},
		},
		{
			"paths are cleaned", "policies: [./rego/, .]\ngitleaks: a/../b.toml\nbaseline: x\nwaivers: y z\n",
			Config{Policies: []string{"rego", "."}, Gitleaks: "b.toml", Baseline: "x", Waivers: "y z"},
		},
		{"rules", "disable: [pipeline/secret-in-log]\n", Config{Disable: []string{"pipeline/secret-in-log"}}},
		{"an anchor", "exclude: &x [a]\ninclude: *x\n", Config{Exclude: []string{"a"}, Include: []string{"a"}}},
		{"a size in megabytes", "max_file_size: 5MB\n", Config{MaxFileSize: 5_000_000}},
		{"a size with a space, in binary", "max_file_size: 2 MiB\n", Config{MaxFileSize: 2 << 20}},
		{"a size in bytes", "max_file_size: 1000\n", Config{MaxFileSize: 1000}},
		{"a size in small letters", "max_file_size: 3kb\n", Config{MaxFileSize: 3000}},
		{"a confidence", "confidence: 0.75\n", Config{Confidence: 0.75}},
		{"the highest confidence", "confidence: 1\n", Config{Confidence: 1}},
		{"no confidence is not the default", "confidence: 0\n", Config{Confidence: math.SmallestNonzeroFloat64}},
		{"the largest size", "max_file_size: 1gb\n", Config{MaxFileSize: 1_000_000_000}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Read(source(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // behind the path of the file
	}{
		{"a mistyped key", "fail_on: low\nexclud: []\n", []string{`:2:1: unknown key "exclud", did you mean "exclude"?`}},
		{
			"a key like none", "password: x\n",
			[]string{`:1:1: unknown key "password", want one of fail_on, enforcement, enforce_from, tiers, disable, exclude, include, max_file_size, confidence, policies, gitleaks, gitleaks_ignore, gitleaks_comments, baseline, waivers`},
		},
		{"a mistyped severity", "fail_on: hihg\n", []string{`:1:10: unknown severity "hihg", did you mean "high"?`}},
		{"a mistyped severity of a kind", "fail_on: {secret: 3}\n", []string{`:1:19: want a severity (low, medium, high, critical), got a number`}},
		{"no kinds", "fail_on: {}\n", []string{`:1:10: names no kind of rule, want a severity (low, medium, high, critical), or a mapping of kinds of rules to severities`}},
		{"a list of thresholds", "fail_on: [high]\n", []string{`:1:10: want a severity (low, medium, high, critical), or a mapping of kinds of rules to severities, got a list`}},
		{"a threshold for what could not be checked", "fail_on: {policyctl: critical}\n", []string{`:1:11: policyctl has no threshold: what could not be checked always blocks`}},
		{"no value", "exclude:\n", []string{`:1:1: exclude has no value, want a list, each entry a glob, or no such key`}},
		{"no value in a list", "exclude:\n- a\n-\n", []string{`:3:2: want a glob, got nothing`}},
		{"text for a list", "exclude: a\n", []string{`:1:10: want a list, each entry a glob, got text`}},
		{"a list for text", "gitleaks: [a]\n", []string{`:1:11: want the path of a file, got a list`}},
		{"a number for a path", "gitleaks: 1\n", []string{`:1:11: want the path of a file, got a number`}},
		{"a mapping in a list", "policies: [{a: b}]\n", []string{`:1:12: want the path of a directory, got a mapping`}},
		{"a path out of the root", "policies: [../x]\n", []string{`:1:12: "../x" leads out of the root, want a path within`}},
		{"an absolute path", "waivers: /etc/x\n", []string{`:1:10: "/etc/x" leads out of the root, want a path within`}},
		{"an empty path", "waivers: ''\n", []string{`:1:10: want the path of a file, relative to the root`}},
		{"a directory for a file", "baseline: .\n", []string{`:1:11: want the path of a file, relative to the root`}},
		{"a malformed glob", "include: ['a[']\n", []string{`:1:11: glob "a[" is malformed: close each "[" and "{", or put a "\" before it`}},
		{"an unknown tier", "tiers: [strcit]\n", []string{`:1:9: unknown tier "strcit", did you mean "strict"?`}},
		{"no ID of a rule", "disable: [secret in log]\n", []string{`:1:11: "secret in log" is no ID of a rule, want one such as "kubernetes/privileged-container"`}},
		{"a rule that cannot be disabled", "disable: [policyctl/syntax-error]\n", []string{`:1:11: policyctl/syntax-error cannot be disabled: it tells that something was not checked, or not waived`}},
		{"too much confidence", "tiers: []\nconfidence: 1.01\n", []string{`:2:13: 1.01 is no confidence, want a number from 0 to 1, such as 0.8`}},
		{"too little confidence", "confidence: -0.5\n", []string{`:1:13: -0.5 is no confidence, want a number from 0 to 1, such as 0.8`}},
		{"a confidence in percent", "confidence: 80%\n", []string{`:1:13: want a number from 0 to 1, such as 0.8, got text`}},
		{"a confidence that is no number", "confidence: .nan\n", []string{`:1:13: want a number from 0 to 1, such as 0.8, got text`}},
		{"no size", "max_file_size: big\n", []string{`:1:16: "big" is no size policyctl can use, want a size such as 5MB, from 1 byte to 1GB`}},
		{"no file at all", "max_file_size: 0\n", []string{`:1:16: "0" is no size policyctl can use, want a size such as 5MB, from 1 byte to 1GB`}},
		{"too large a size", "max_file_size: 2GB\n", []string{`:1:16: "2GB" is no size policyctl can use, want a size such as 5MB, from 1 byte to 1GB`}},
		{"a truth value for a size", "max_file_size: true\n", []string{`:1:16: want a size such as 5MB, from 1 byte to 1GB, got true or false`}},
		{"a list for the whole file", "- a\n", []string{`:1:1: want a mapping of settings, such as "fail_on: high", got a list`}},
		{"two documents", "fail_on: low\n---\nfail_on: high\n", []string{`:3:1: a second document, want one only: remove the line "---" between them`}},
		{
			"all that is wrong, in the order of the file",
			"treshold: 1\nexclude:\n- a\n- /b\n- 3\ntiers: [nope]\n",
			[]string{
				`:1:1: unknown key "treshold", want one of fail_on, enforcement, enforce_from, tiers, disable, exclude, include, max_file_size, confidence, policies, gitleaks, gitleaks_ignore, gitleaks_comments, baseline, waivers`,
				`:4:3: glob "/b" starts with "/": globs begin at the root, write it without`,
				`:5:3: want a glob, got a number`,
				`:6:9: unknown tier "nope", want one of default, strict, audit`,
			},
		},
		{"an alias repeats nothing", "exclude: &x [/a]\ninclude: *x\n", []string{`:1:14: glob "/a" starts with "/": globs begin at the root, write it without`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Read(source(test.text))
			if err == nil {
				t.Fatalf("got %+v", got)
			}
			want := Path + strings.Join(test.want, "\n"+Path)
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What the YAML reader finds is worded there.
func TestReadSyntaxErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a duplicate key", "fail_on: low\nfail_on: high\n", Path + ":2:1: "},
		{"broken YAML", "fail_on: [\n", Path + ":"},
		{"a bomb", "a: &a [*a]\n", Path + ":1:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(source(test.text))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want it to begin with %q", err, test.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	rules := append(lint.Own(),
		&lint.Rule{ID: "kubernetes/privileged-container", Aliases: []string{"kubernetes/privileged"}},
		&lint.Rule{ID: "secret/generic-password"},
	)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"known names", "fail_on: {secret: low, default: high}\ndisable: [kubernetes/privileged-container, kubernetes/privileged]\n", nil},
		{"a mistyped kind", "fail_on:\n  secrets: low\n", []string{`:2:3: unknown kind of rule "secrets", did you mean "secret"?`}},
		{"a kind like none", "fail_on:\n  helm: low\n", []string{`:2:3: unknown kind of rule "helm", want one of kubernetes, policyctl, secret, default`}},
		{
			"mistyped rules", "disable:\n- kubernetes/priviledged-container\n- x/y\n",
			[]string{
				`:2:3: unknown rule "kubernetes/priviledged-container", did you mean "kubernetes/privileged-container"?`,
				`:3:3: unknown rule "x/y", want the ID of a rule, such as "kubernetes/privileged-container"`,
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config, err := Read(source(test.text))
			if err != nil {
				t.Fatal(err)
			}
			got, want := "", ""
			if err := config.Verify(rules); err != nil {
				got = err.Error()
			}
			if len(test.want) > 0 {
				want = Path + strings.Join(test.want, "\n"+Path)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKeysAreDocumentedAndTheirExamplesAreRead(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range Keys() {
		if key.Doc == "" || key.Default == "" || key.Type.Want == "" || seen[key.Name] {
			t.Errorf("%s is documented badly, or twice", key.Name)
		}
		seen[key.Name] = true
		got, err := Read(source(key.Name + ": " + key.Example))
		if err != nil {
			t.Error(err)
		}
		if cmp.Equal(got, Config{}, cmpopts.IgnoreUnexported(Config{})) {
			t.Errorf("%s: %s says nothing", key.Name, key.Example)
		}
		if _, err := Read(source(key.Name + ":")); err == nil {
			t.Errorf("%s takes no value", key.Name)
		}
		if _, err := Read(source(key.Name + ": {a: 1}")); err == nil {
			t.Errorf("%s takes anything", key.Name)
		}
	}
}

func TestSchema(t *testing.T) {
	var schema struct {
		Additional *bool                     `json:"additionalProperties"`
		Properties map[string]map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Additional == nil || *schema.Additional {
		t.Error("the schema takes unknown keys")
	}
	if got, want := len(schema.Properties), len(Keys()); got != want {
		t.Errorf("%d keys, want %d", got, want)
	}
	for _, key := range Keys() {
		property := schema.Properties[key.Name]
		if property["description"] == nil || len(property) < 2 {
			t.Errorf("%s: %v", key.Name, property)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, key := range Keys() {
		f.Add(key.Name + ": " + key.Example)
		f.Add(key.Name + ": [null, 1, {a: b}, \"\\n\"]")
	}
	f.Add("fail_on: &a {secret: *a}\n---\n\xff")
	f.Add("\ufeffexclude: !x [a]\n? [a]\n: b\n<<: {tiers: 1}")
	placed := regexp.MustCompile(`^` + regexp.QuoteMeta(Path) + `:[1-9][0-9]*:[1-9][0-9]*: .`)
	f.Fuzz(func(t *testing.T, text string) {
		config, err := Read(source(text))
		if err == nil {
			err = config.Verify(lint.Own())
		}
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			if !placed.MatchString(line) {
				t.Errorf("%q has no place", line)
			}
		}
	})
}
