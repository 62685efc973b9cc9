package eval

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

var platforms = []string{"compose", "contract", "dockerfile", "githubactions", "graph", "kubernetes", "pipeline", "terraform"}

const header = `# METADATA
# title: Thing is wrong
# description: Because.
# custom:
#   severity: high
#   fix: Mend it.
`

// policy writes a rule of the platform compose whose deny has that body.
func policy(name, body string) string {
	return header + "package policyctl.compose." + name + "\n\n" + body + "\n"
}

func load(t testing.TB, files map[string]string) (*Program, error) {
	t.Helper()
	pack := fstest.MapFS{}
	for name, text := range files {
		pack[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(context.Background(), Options{
		Packs: []Pack{{Label: "mine", FS: pack}}, Platforms: platforms,
		Tiers: []lint.Tier{lint.Default}, Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Deadline: 300 * time.Millisecond,
	})
}

func document(t testing.TB, text string) *lint.Document {
	t.Helper()
	docs, findings := yaml.Read(&lint.Source{Path: "compose.yaml", Data: []byte(text)})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%d documents, findings %v", len(docs), findings)
	}
	return &lint.Document{Platform: "compose", Path: "compose.yaml", Root: docs[0]}
}

func show(findings []lint.Finding, failures []lint.Failure) string {
	var b strings.Builder
	for _, f := range lint.Identify(findings) {
		fmt.Fprintf(&b, "%s-%d: %s [%s] %s\n", f.Location, f.Location.End.Column, f.Message, f.Rule.ID, f.Anchor)
	}
	for _, f := range failures {
		fmt.Fprintf(&b, "%s: %s failed: %s\n", f.Path, f.Rule, f.Message)
	}
	return b.String()
}

const services = "services:\n  web:\n    image: nginx:1\n    env:\n      - {name: A, value: abc}\n"

func TestEvaluate(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a path names the place of a value", `deny contains {"path": ["services", "web", "image"], "message": $"image {input.services.web.image}"}`,
			"compose.yaml:3:12-19: image nginx:1 [compose/rule] services › web › image\n"},
		{"missing parts fall back to the key of what exists", `deny contains {"path": ["services", "web", "user", "id"], "message": "no user"}`,
			"compose.yaml:2:3-6: no user [compose/rule] services › web › user › id\n"},
		{"a key can be named", `deny contains {"path": ["services", "web", "image"], "at": "key", "message": "m"}`,
			"compose.yaml:3:5-10: m [compose/rule] services › web › image\n"},
		{"a match narrows the place", `deny contains {"path": ["services", "web", "image"], "match": ":1", "message": "m"}`,
			"compose.yaml:3:17-19: m [compose/rule] services › web › image\n"},
		{"an anchor has names for indices, and the subject in front", `deny contains {"path": ["services", "web", "env", 0, "value"], "subject": "web", "message": "m"}`,
			"compose.yaml:5:26-29: m [compose/rule] web › services › web › env[A] › value\n"},
		{"no path means the document", `deny contains {"message": "m"}`,
			"compose.yaml:1:1-10: m [compose/rule] \n"},
		{"time is an input", `deny contains {"message": $"it is {data.run.now_ns}"}`,
			"compose.yaml:1:1-10: it is 1795305600000000000 [compose/rule] \n"},
		{"an undefined operand in a message loses no finding", `deny contains {"message": $"image {input.nothing}"}`,
			"compose.yaml:1:1-10: image <undefined> [compose/rule] \n"},
		{"a misspelt field is a failure", `deny contains {"mesage": "m"}`,
			"compose.yaml: compose/rule failed: a result of deny: unknown field \"mesage\", did you mean \"message\"?\n"},
		{"a message that is no string is a failure", `deny contains {"message": 5}`,
			"compose.yaml: compose/rule failed: a result of deny: message is of type number, want a string\n"},
		{"a missing message is a failure", `deny contains {"path": ["services"]}`,
			"compose.yaml: compose/rule failed: a result of deny: message is missing or empty\n"},
		{"a result that is no object is a failure", `deny contains "privileged!"`,
			"compose.yaml: compose/rule failed: a result of deny is of type string, want an object with message and path\n"},
		{"a path under which nothing stands is a failure", `deny contains {"path": ["servces", "web"], "message": "m"}`,
			"compose.yaml: compose/rule failed: nothing stands under the path servces.web: the document has no \"servces\"\n"},
		{"a path into a scalar, which may stand wherever a mapping is expected, ends there", `deny contains {"path": ["services", "web", "image", "tag"], "message": "m"}`,
			"compose.yaml:3:5-10: m [compose/rule] services › web › image › tag\n"},
		{"what is no object has no keys", `deny contains {"message": "m"} if object.get(input.services.web.image, "tag", object.get(input.services.web.image, ["a", "b"], 7)) == 7`,
			"compose.yaml:1:1-10: m [compose/rule] \n"},
		{"an object has keys", `deny contains {"message": "m"} if object.get(input, ["services", "web", "none"], object.get(input.services, "web", 7)).image`,
			"compose.yaml:1:1-10: m [compose/rule] \n"},
		{"a path with half an index is a failure", `deny contains {"path": ["services", 1.5], "message": "m"}`,
			"compose.yaml: compose/rule failed: a result of deny: path has the part 1.5, want a key or a whole number\n"},
		{"a built-in that fails is a failure, and its operand is not quoted", `deny contains {"message": "m"} if split(input.services.web, "x")`,
			"compose.yaml: compose/rule failed: mine/rule.rego:9:35: split: operand 1 must be string\n"},
		{"an error of a built-in does not quote a value", `deny contains {"message": "m"} if to_number(input.services.web.env[0].value) > 0`,
			"compose.yaml: compose/rule failed: mine/rule.rego:9:35: to_number: strconv.ParseFloat: parsing\n"},
		{"a loop is stopped", `deny contains {"message": "m"} if count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); a == b]) > 0`,
			"compose.yaml: compose/rule failed: ran for more than 300ms and was stopped\n"},
		{"a conflict of complete rules is a failure", "deny contains {\"message\": $\"m {x}\"}\n\nx := 1 if input.services\n\nx := 2 if input.services",
			"compose.yaml: compose/rule failed: mine/rule.rego:13:1: rule data.policyctl.compose.rule.x produced conflicting values\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			program, err := load(t, map[string]string{"rule.rego": policy("rule", tt.body)})
			if err != nil {
				t.Fatal(err)
			}
			findings, failures, err := program.Evaluate(context.Background(), document(t, services), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, show(findings, failures)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneBadRuleStopsNoOther(t *testing.T) {
	program, err := load(t, map[string]string{
		"loop.rego": policy("loop", `deny contains {"message": "m"} if count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 10000); a == b]) > 0`),
		"good.rego": policy("good", `deny contains {"message": "found"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	findings, failures, err := program.Evaluate(context.Background(), document(t, services), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "compose.yaml:1:1-10: found [compose/good] \ncompose.yaml: compose/loop failed: ran for more than 300ms and was stopped\n"
	if diff := cmp.Diff(want, show(findings, failures)); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	good := `deny contains {"message": "m"}`
	tests := []struct{ name, text, want string }{
		{"a syntax error", header + "package policyctl.compose.rule\n\ndeny contains", "mine/rule.rego:9:"},
		{"the environment", policy("rule", `deny contains {"message": "m"} if opa.runtime().env.X`), "undefined function opa.runtime"},
		{"the network", policy("rule", `deny contains {"message": "m"} if http.send({"method": "get", "url": "http://localhost"})`), "undefined function http.send"},
		{"the clock", policy("rule", `deny contains {"message": "m"} if time.now_ns() > 0`), "undefined function time.now_ns"},
		{"what no deadline stops", policy("rule", `deny contains {"message": "m"} if bits.lsh(1, 10000000000) > 0`), "undefined function bits.lsh"},
		{"a rule without METADATA", "package policyctl.compose.rule\n\n" + good, "mine/rule.rego:1:1: rule compose/rule has no METADATA"},
		{"an unknown field of METADATA", strings.Replace(policy("rule", good), "# custom:", "# titel: x\n# custom:", 1), `mine/rule.rego:4:3: unknown field "titel" of METADATA, did you mean "title"?`},
		{"an unknown custom field", strings.Replace(policy("rule", good), "severity", "sevrity", 1), `mine/rule.rego:5:5: unknown field custom.sevrity of METADATA, did you mean "severity"?`},
		{"a wrong severity", strings.Replace(policy("rule", good), "high", "hihg", 1), `unknown severity "hihg"`},
		{"a field of the wrong type", strings.Replace(policy("rule", good), "#   fix", "#   cwe: many\n#   fix", 1), "has a field of the wrong type"},
		{"a missing title", strings.Replace(policy("rule", good), "# title: Thing is wrong\n", "", 1), "lack title"},
		{"a misspelt deny", policy("rule", `denied contains {"message": "m"}`), "has no deny"},
		{"a deny that is no set", policy("rule", `deny := true`), "has no deny"},
		{"another package", strings.Replace(policy("rule", good), "policyctl.compose", "main", 1), "want policyctl.<platform>.<rule_name>"},
		{"an unknown platform", strings.Replace(policy("rule", good), "compose", "composer", 1), `unknown platform "composer"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(t, map[string]string{"rule.rego": tt.text})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestAPackCannotChangeAnother(t *testing.T) {
	first := fstest.MapFS{"r.rego": {Data: []byte(policy("rule", `deny contains {"message": "m"}`))}}
	second := fstest.MapFS{"x/y.rego": {Data: []byte(policy("rule", `deny contains {"message": "n"}`))}}
	_, err := Load(context.Background(), Options{Packs: []Pack{{Label: "a", FS: first}, {Label: "b", FS: second}}, Platforms: platforms})
	want := "b/x/y.rego:7:1: package policyctl.compose.rule is defined already, by a/r.rego; choose another name"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCapabilities names what OPA has and a policy may not call. A new version
// of OPA that adds a built-in makes it fail, so that somebody decides.
func TestCapabilities(t *testing.T) {
	known := map[string]bool{}
	for _, b := range capabilities().Builtins {
		known[b.Name] = true
	}
	for _, name := range allowed {
		if !known[name] {
			t.Errorf("the allow list names %s, which this version of OPA does not have", name)
		}
	}
	for _, forbidden := range []string{"http.send", "net.lookup_ip_addr", "opa.runtime", "time.now_ns", "rand.intn", "uuid.rfc4122",
		"io.jwt.decode", "crypto.hmac.sha256", "json.match_schema", "rego.parse_module", "bits.lsh", "graph.reachable_paths", "strings.render_template"} {
		if known[forbidden] {
			t.Errorf("policies may call %s", forbidden)
		}
	}
}
