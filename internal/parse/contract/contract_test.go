package contract

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

func source(path, text string) *lint.Source { return &lint.Source{Path: path, Data: []byte(text)} }

func TestClaims(t *testing.T) {
	tests := []struct {
		name, path, text string
		want             bool
	}{
		{"a contract", "a.secret.yaml", "apiVersion: policyctl.dev/v1\nkind: SecretContract\n", true},
		{"a contract by another name", "a.yml", "apiVersion: policyctl.dev/v1\n", true},
		{"a contract in JSON", "a.json", `{"apiVersion": "policyctl.dev/v1"}`, true},
		{"a contract whose version is missing", "a.yaml", "kind: SecretContract\n", true},
		{"another document", "a.yaml", "apiVersion: v1\nkind: Secret\n", false},
		{"another suffix", "a.md", "apiVersion: policyctl.dev/v1\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Claims(source(tt.path, tt.text)); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

const whole = `# the database of the payments service
apiVersion: policyctl.dev/v1
kind: SecretContract
metadata:
  name: payments-db-password
  labels: {service: payments}
spec:
  purpose: Read-write access of the payments service to its PostgreSQL primary.
  class: db-password
  state: active
  owner: {team: payments, escalation: "pagerduty:payments"}
  risk: {rating: critical, data: [pci], impact: Full access to the ledger.}
  lifetime: {kind: static, justification: The pooler cannot reload credentials.}
  rotation:
    interval: 30d
    method: store
    automation: terraform:aws_secretsmanager_secret_rotation.db
    overlap: 1h30m
  renewal: {method: reissue, before: 5d}
  revocation: {method: api, within: 15m, automation: "github:.github/workflows/revoke.yml#revoke"}
  environments:
    staging:
      store: aws-staging
      path: payments/db
      rotation: {interval: 1w}
    prod:
      store: aws-prod
      path: payments/db
      key: password
      expires: 2027-01-15
      references:
        kubernetes: [payments/payments-db#password]
  delivery: [file, csi]
  consumers:
  - workload: kubernetes:payments/Deployment/payments-api
    environments: [prod]
    scopes: [read, write]
  - workload: github:.github/workflows/migrate.yml#migrate
    until: 2026-12-31T12:00:00Z
  approvals:
    rotate: {teams: [payments], count: 1}
  dependencies: {needs: [vault-approle]}
  review: {interval: 90d}
  runbook: docs/runbooks/payments-db.md
  drill: {interval: 180d}
  references:
    terraform: [infra/prod//aws_secretsmanager_secret.db]
    env: [PGPASSWORD]
  extensions: {cost: {centre: 5, value: x}}
status:
  lastRotated: 2026-11-02
  lastReviewed: "2026-09-15"
`

// wholeInput is what policies see of it. The tests of policies/contract rely on
// this shape.
const wholeInput = `{
	"apiVersion": "policyctl.dev/v1", "kind": "SecretContract",
	"metadata": {"name": "payments-db-password", "labels": {"service": "payments"}},
	"spec": {
		"purpose": "Read-write access of the payments service to its PostgreSQL primary.",
		"class": "db-password", "state": "active",
		"owner": {"team": "payments", "escalation": "pagerduty:payments"},
		"risk": {"rating": "critical", "data": ["pci"], "impact": "Full access to the ledger."},
		"lifetime": {"kind": "static", "justification": "The pooler cannot reload credentials."},
		"rotation": {
			"interval": "30d", "interval_s": 2592000, "method": "store",
			"automation": "terraform:aws_secretsmanager_secret_rotation.db", "overlap": "1h30m", "overlap_s": 5400
		},
		"renewal": {"method": "reissue", "before": "5d", "before_s": 432000},
		"revocation": {"method": "api", "within": "15m", "within_s": 900, "automation": "github:.github/workflows/revoke.yml#revoke"},
		"environments": {
			"staging": {"store": "aws-staging", "path": "payments/db", "rotation": {"interval": "1w", "interval_s": 604800}},
			"prod": {
				"store": "aws-prod", "path": "payments/db", "key": "password",
				"expires": "2027-01-15", "expires_ns": 1800057599000000000,
				"references": {"kubernetes": ["payments/payments-db#password"]}
			}
		},
		"delivery": ["file", "csi"],
		"consumers": [
			{"workload": "kubernetes:payments/Deployment/payments-api", "environments": ["prod"], "scopes": ["read", "write"]},
			{"workload": "github:.github/workflows/migrate.yml#migrate", "until": "2026-12-31T12:00:00Z", "until_ns": 1798718400000000000}
		],
		"approvals": {"rotate": {"teams": ["payments"], "count": 1}},
		"dependencies": {"needs": ["vault-approle"]},
		"review": {"interval": "90d", "interval_s": 7776000},
		"runbook": "docs/runbooks/payments-db.md",
		"drill": {"interval": "180d", "interval_s": 15552000},
		"references": {"terraform": ["infra/prod//aws_secretsmanager_secret.db"], "env": ["PGPASSWORD"]},
		"extensions": {"cost": {"centre": 5, "value": "x"}}
	},
	"status": {
		"lastRotated": "2026-11-02", "lastRotated_ns": 1793663999000000000,
		"lastReviewed": "2026-09-15", "lastReviewed_ns": 1789516799000000000
	},
	"inherits": []
}`

func TestParse(t *testing.T) {
	docs, findings := Parse([]*lint.Source{source("a.secret.yaml", whole)})
	if len(findings) > 0 || len(docs) != 1 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	doc := docs[0]
	if doc.Platform != "contract" || doc.Name != "payments-db-password" || len(doc.Gaps) > 0 {
		t.Errorf("got %s %q, gaps %v", doc.Platform, doc.Name, doc.Gaps)
	}
	if diff := cmp.Diff(decoded(t, wholeInput), decoded(t, value(doc.Root))); diff != "" {
		t.Error(diff)
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNumbersStandWhereTheTextStands(t *testing.T) {
	docs, _ := Parse([]*lint.Source{source("a.secret.yaml", whole)})
	tests := []struct {
		name         string
		text, number lint.Path
	}{
		{"a duration", lint.Path{"spec", "rotation", "interval"}, lint.Path{"spec", "rotation", "interval_s"}},
		{"a date", lint.Path{"status", "lastReviewed"}, lint.Path{"status", "lastReviewed_ns"}},
		{"a date of an environment", lint.Path{"spec", "environments", "prod", "expires"}, lint.Path{"spec", "environments", "prod", "expires_ns"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, spot := range []lint.Spot{{}, {Key: true}} {
				text, err := docs[0].Locate(tt.text, spot)
				number, numberErr := docs[0].Locate(tt.number, spot)
				if err != nil || numberErr != nil || text.Location != number.Location {
					t.Errorf("%v is not %v", number.Location, text.Location)
				}
			}
		})
	}
}

func TestOtherKinds(t *testing.T) {
	const text = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  sponsor: cto-office
  teams: {payments: {escalation: "pagerduty:payments", handles: ["@acme/payments"]}}
  environments: {prod: {tier: prod, match: {kubernetes: [payments, "*-prod"]}}}
  stores: {vault: {type: vault}}
---
apiVersion: policyctl.dev/v1
kind: SecretClass
metadata: {name: api-key}
spec: {defaults: {rotation: {interval: 90d}}}
---
apiVersion: policyctl.dev/v1
kind: SecretDefaults
metadata: {name: payments}
spec: {owner: {team: payments}}
---
apiVersion: policyctl.dev/v1
kind: SecretIncident
metadata: {name: leak-1}
spec: {}
---
apiVersion: apps/v1
kind: Deployment
`
	docs, findings := Parse([]*lint.Source{source(".policyctl/all.yaml", text)})
	if len(findings) > 0 {
		t.Errorf("unexpected findings: %v", findings)
	}
	var got []string
	for _, doc := range docs {
		for _, gap := range doc.Gaps {
			got = append(got, doc.Platform+" "+doc.Name+" "+gap.Location.String()+" "+gap.Message)
		}
	}
	want := []string{
		"catalog acme .policyctl/all.yaml:2:7 teams and stores of a catalogue are not compared with contracts yet",
		"class api-key .policyctl/all.yaml:11:7 classes are not applied yet: a contract is judged by what it says itself",
		"defaults payments .policyctl/all.yaml:16:7 defaults are not applied yet: a contract is judged by what it says itself",
		"incident leak-1 .policyctl/all.yaml:21:7 incidents are not judged yet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`{"rotation":{"interval":"90d"}}`, value(docs[1].Root.Get("spec", "defaults"))); diff != "" {
		t.Error(diff)
	}
}

// contract wraps the fields of a spec and of a status.
func contract(spec, status string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata:\n  name: db\nspec:\n  class: db-password\n" + spec + status
}

func TestInvalid(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"the version is missing", "kind: SecretContract\nmetadata: {name: db}\nspec: {}\n", "1:1 apiVersion: missing or misspelt; write policyctl.dev/v1"},
		{"the version is newer", "apiVersion: policyctl.dev/v2\nkind: SecretContract\n", "1:13 apiVersion: a version that this policyctl does not understand; it understands policyctl.dev/v1"},
		{"an unknown kind", "apiVersion: policyctl.dev/v1\nkind: SecretContact\n", `2:7 kind: unknown kind; did you mean "SecretContract"?`},
		{"no spec", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\n", "1:1 spec: missing, or no mapping; without it the document says nothing"},
		{"a list for a spec", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\nspec: [a]\n", "4:7 spec: missing, or no mapping; without it the document says nothing"},
		{"no metadata", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nspec: {class: x}\n", "1:1 metadata: missing; give the document a name, for example metadata: {name: stripe-key}"},
		{"no name", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {}\nspec: {class: x}\n", "3:1 metadata.name: missing; choose one, for example stripe-key"},
		{"a bad name", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata:\n  name: Stripe_Key\nspec: {class: x}\n", "4:9 metadata.name: not a valid name; use lower-case letters, digits and hyphens, at most 63, for example stripe-key"},
		{"no class", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\nspec: {}\n", "4:1 spec.class: missing; name the sort of secret, for example api-key or db-password"},
		{"a misspelt field", contract("  lifetme: {kind: static}\n", ""), `7:3 spec.lifetme: unknown field; did you mean "lifetime"?`},
		{"a field of nowhere", contract("", "extra: 1\n"), "7:1 extra: unknown field; want one of apiVersion, kind, metadata, spec, status"},
		{"a field that policyctl computes itself", contract("", "inherits: [owner.team]\n"), "1:1 inherits: unknown field; want one of apiVersion, kind, metadata, spec, status"},
		{"a field of the wrong type", contract("  owner: payments\n", ""), "7:10 spec.owner: want a mapping with some of the fields escalation, team"},
		{"a number for a text", contract("  purpose: 5\n", ""), "7:12 spec.purpose: want text; put the value in quotes"},
		{"a list for a text", contract("  purpose: [x]\n", ""), "7:12 spec.purpose: want text"},
		{"a text for a list", contract("  delivery: file\n", ""), "7:13 spec.delivery: want a list; put [ ] around a single value"},
		{"a list for a mapping", contract("  environments: [prod]\n", ""), "7:17 spec.environments: want a mapping of names to values"},
		{"a word that is not known", contract("  state: actve\n", ""), `7:10 spec.state: unknown word; did you mean "active"?`},
		{"a word that is not like any", contract("  state: x\n", ""), "7:10 spec.state: unknown word; want one of proposed, active, deprecated, retired"},
		{"null", contract("  owner:\n", ""), "7:3 spec.owner: null says nothing; write a value or remove the field"},
		{"a duration of the wrong type", contract("  review: {interval: 90}\n", ""), "7:22 spec.review.interval: a duration needs a unit; write for example 90d (y w d h m s)"},
		{"a date of the wrong form", contract("", "status: {lastRotated: 01/08/2026}\n"), "7:23 status.lastRotated: not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z"},
		{"a count that is none", contract("  approvals: {rotate: {count: 1.5}}\n", ""), "7:31 spec.approvals.rotate.count: want a whole number"},
		{"a consumer without a workload", contract("  consumers:\n  - scopes: [x]\n", ""), "8:5 spec.consumers[0].workload: missing; name who uses the secret, for example kubernetes:payments/Deployment/checkout"},
		{"a consumer that is no locator", contract("  consumers:\n  - workload: deploy job\n", ""), "8:15 spec.consumers[0].workload: not a locator; write for example github:.github/workflows/deploy.yml#deploy or kubernetes:payments/Deployment/checkout"},
		{"a reference that is none", contract("  references:\n    kubernetes: [db]\n", ""), "8:18 spec.references.kubernetes[0]: not a reference; write namespace/secret or namespace/secret#key"},
		{"a platform that is none", contract("  references: {gihub: [A]}\n", ""), `7:16 spec.references.gihub: unknown field; did you mean "github"?`},
		{"an alias", contract("  owner: &o {team: x}\n  risk: *o\n", ""), "8:3 spec.risk: an alias; write the value out, so that it stands where it is read"},
		{"a merge key", contract("  environments:\n    a: &x {path: p}\n    b: {<<: *x}\n", ""), "8:18 spec.environments.b.path: comes from a merge key; write the field out, so that it stands where it is read"},
		{"a pattern that is none", "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec: {environments: {prod: {tier: prod, match: {github: ['[a']}}}}\n", "4:59 spec.environments.prod.match.github[0]: not a valid pattern; * stands for a part of a name, ** for any folders"},
		{"a value in a catalogue", "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec: {value: x}\n", "4:8 spec.value: unknown field; want one of environments, sponsor, stores, teams"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{source("a.secret.yaml", tt.text)})
			var got []string
			for _, f := range findings {
				if f.Rule != Invalid {
					t.Errorf("unexpected finding of %s", f.Rule.ID)
				}
				got = append(got, strings.TrimPrefix(f.Location.String(), "a.secret.yaml:")+" "+f.Message)
			}
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyWritesTheNumbersButUs(t *testing.T) {
	docs, findings := Parse([]*lint.Source{source("a.secret.yaml", contract("  review: {interval_s: 5}\n", "status: {lastRotated_ns: x, lastRotated: 2026-08-01}\n"))})
	if len(findings) != 2 {
		t.Errorf("got %v", findings)
	}
	want := `{"review":{},"status":{"lastRotated":"2026-08-01","lastRotated_ns":1785628799000000000}}`
	got := `{"review":` + value(docs[0].Root.Get("spec", "review")) + `,"status":` + value(docs[0].Root.Get("status")) + `}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHoldersAreLeftToTheirPolicy(t *testing.T) {
	for _, key := range []string{"value", "values", "default", "example", "data", "stringData", "plaintext"} {
		docs, findings := Parse([]*lint.Source{source("a.secret.yaml", contract("  "+key+": correct-horse\n", ""))})
		if len(findings) > 0 {
			t.Errorf("%s: unexpected findings %v", key, findings)
		}
		if docs[0].Root.Get("spec", key).Str() != "correct-horse" {
			t.Errorf("%s: policies do not see it", key)
		}
	}
}

func TestMessagesQuoteNoValues(t *testing.T) {
	const planted = "correct-horse-battery"
	text := contract("  state: X\n  owner: X\n  rotation: {interval: X}\n  delivery: [X]\n  consumers: [{workload: X, until: X}]\n  references: {kubernetes: [X], env: [X]}\n", "status: {lastRotated: X}\n")
	_, findings := Parse([]*lint.Source{source("a.secret.yaml", strings.ReplaceAll(text, "X", planted))})
	if len(findings) != 9 {
		t.Errorf("got %d findings, want 9: %v", len(findings), findings)
	}
	for _, f := range findings {
		if strings.Contains(f.Message+f.Anchor, planted) {
			t.Errorf("a value is quoted: %s %s", f.Message, f.Anchor)
		}
	}
}

func TestAFileThatIsNoContractAtAllIsNotReportedForEver(t *testing.T) {
	_, findings := Parse([]*lint.Source{source("a.secret.yaml", contract("", many(200)))})
	if len(findings) != maxProblems+1 || !strings.HasSuffix(findings[maxProblems].Message, "; 149 more problems of the document are not shown") {
		t.Errorf("got %d findings, the last: %v", len(findings), findings[len(findings)-1].Message)
	}
}

// many are n unknown fields.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

func TestSeconds(t *testing.T) {
	tests := []struct {
		name, text string
		want       int64
		wrong      string
	}{
		{"days", "90d", 90 * day, ""},
		{"all units", "1y2w3d4h5m6s", 365*day + 14*day + 3*day + 4*hour + 5*60 + 6, ""},
		{"zero", "0s", 0, ""},
		{"another zero", "0d", 0, "write zero as 0s"},
		{"nothing", "", 0, "empty; write a duration, for example 90d"},
		{"no unit", "90", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
		{"a fraction", "1.5d", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
		{"ISO 8601", "P90D", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
		{"months", "3M", 0, "months have no fixed length; write days, for example 90d"},
		{"an unknown unit", "3x", 0, "unknown unit; write y, w, d, h, m or s, for example 90d"},
		{"the wrong order", "2d1w", 0, "units go from the largest to the smallest, each once; write for example 1w2d"},
		{"a unit twice", "1d1d", 0, "units go from the largest to the smallest, each once; write for example 1w2d"},
		{"too many digits", "1234567890d", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
		{"a space", "1w 2d", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := seconds(lint.NewString(tt.text, lint.Span{}))
			if got != tt.want || wrong != tt.wrong {
				t.Errorf("got %d, %q", got, wrong)
			}
		})
	}
}

func TestNanoseconds(t *testing.T) {
	const no = "not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z"
	tests := []struct {
		name, text string
		want       int64
		wrong      string
	}{
		{"a day is valid through its last second", "1970-01-02", (2*day - 1) * 1e9, ""},
		{"a time", "1970-01-02T00:00:01Z", (day + 1) * 1e9, ""},
		{"a time in another zone", "1970-01-02T02:00:00+02:00", day * 1e9, ""},
		{"days first", "01/08/2026", 0, no},
		{"a day that does not exist", "2026-02-30", 0, no},
		{"a time without a zone", "2026-08-01T12:00:00", 0, no},
		{"long ago", "1066-10-14", 0, "want a year between 1970 and 2200"},
		{"far away", "9999-12-31", 0, "want a year between 1970 and 2200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := nanoseconds(lint.NewString(tt.text, lint.Span{}))
			if got != tt.want || wrong != tt.wrong {
				t.Errorf("got %d, %q", got, wrong)
			}
		})
	}
}

// FuzzParse holds that what stands at the place of a quoted text, read once more,
// is that text; that every value has a place within the file; and that fields
// which policies read as numbers are numbers.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add(contract("  rotation: {interval: 3M, interval_s: x}\n", "status: {lastRotated_ns: [], lastRotated: '2026-01-01'}\n"))
	f.Add(contract("  owner: &o {team: \"x\"}\n  risk: *o\n  environments: {a: &x {path: 'p'}, b: {<<: *x}}\n", ""))
	f.Add("apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nspec: {environments: {a: {match: {x: ['[']}}}}\n")
	f.Add("apiVersion: policyctl.dev/v1\nkind: SecretClass\nmetadata: 5\nspec: {}\n---\nkind: SecretContract\n")
	f.Fuzz(func(t *testing.T, text string) {
		src := source("a.secret.yaml", text)
		Claims(src)
		docs, findings := Parse([]*lint.Source{src})
		for _, finding := range findings {
			if finding.Location.Start.Line > src.Lines() {
				t.Fatalf("%s is outside of the file", finding.Location)
			}
		}
		for _, doc := range docs {
			doc.Root.Walk(func(at lint.Path, n *lint.Node) bool {
				if place, err := doc.Locate(at, lint.Spot{}); err != nil || place.Location.Start.Line > src.Lines() {
					t.Fatalf("%s: %v, %v", at, place, err)
				}
				if again, ok := reread(n); ok && again != n.Text {
					t.Fatalf("%s: %q reads as %q, not %q", at, n.Span.Text(), again, n.Text)
				}
				return true
			})
			if n := doc.Root.Get("spec", "rotation", "interval"); doc.Platform == "contract" && len(findings) == 0 && n != nil {
				if s := doc.Root.Get("spec", "rotation", "interval_s"); s == nil || s.Kind != lint.Number {
					t.Fatal("an interval without its seconds, and no finding")
				}
			}
		}
	})
}

// reread reads a quoted string once more: such a text means the same wherever it
// stands.
func reread(n *lint.Node) (string, bool) {
	text := n.Span.Text()
	if n.Kind != lint.String || len(text) < 2 || text[0] != '"' && text[0] != '\'' {
		return "", false
	}
	docs, _ := yaml.Read(&lint.Source{Path: n.Span.Source.Path, Data: text})
	if len(docs) != 1 || docs[0].Kind != lint.String {
		return "", false
	}
	return docs[0].Text, true
}

// value writes a tree as JSON, as a policy sees it.
func value(n *lint.Node) string {
	text := func(s string) string { quoted, _ := json.Marshal(s); return string(quoted) }
	var parts []string
	switch n.Kind {
	case lint.Object:
		for _, field := range n.Fields {
			parts = append(parts, text(field.Key)+":"+value(field.Value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case lint.List:
		for _, item := range n.Items {
			parts = append(parts, value(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case lint.String:
		return text(n.Text)
	case lint.Null:
		return "null"
	}
	return n.Text
}
