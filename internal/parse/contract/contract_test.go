package contract

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
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
	}
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
	docs, findings := Parse([]*lint.Source{source(".policyctl/all.yaml", others)})
	if len(findings) > 0 {
		t.Errorf("unexpected findings: %v", findings)
	}
	var got []string
	for _, doc := range docs {
		got = append(got, doc.Platform+" "+doc.Name)
		if len(doc.Gaps) > 0 {
			t.Errorf("%s has gaps: %v", doc.Name, doc.Gaps)
		}
	}
	want := []string{"catalog acme", "class api-key", "class tls-cert", "defaults payments", "incident leak-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	limits := `[{"field":"rotation.interval","max":"180d","max_s":15552000},` +
		`{"field":"rotation.interval","max":"90d","when":{"risk.rating":"critical","risk.data":"pci"},"max_s":7776000},` +
		`{"field":"delivery","deny":["image"]},{"field":"consumers","max":3},{"field":"encryption.key","pattern":"^alias/"}]`
	if diff := cmp.Diff(limits, value(docs[1].Root.Get("spec", "limits"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`[{"field":"rotation.interval","max":"200d","from":"2026-03-15","max_s":17280000,"from_ns":1773619199000000000}]`, value(docs[2].Root.Get("spec", "limits"))); diff != "" {
		t.Error(diff)
	}
}

// others are documents of all kinds but contracts.
const others = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  sponsor: cto-office
  teams: {payments: {escalation: "pagerduty:payments", chat: "slack:#pay", handles: ["@acme/payments"]}}
  environments: {prod: {tier: prod, match: {kubernetes: [payments, "*-prod"]}, role: app}}
  stores:
    vault:
      type: vault
      address: https://vault.example.com
      account: "444455556666"
      region: eu
      project: shop
      mount: kv
      environment: prod
      owner: platform
      encryption: {key: "awskms:alias/vault"}
      audit: required
      tls: {min: "1.2", ca: infra/ca.pem, verify: true}
      versioning: true
      broker: agent
---
apiVersion: policyctl.dev/v1
kind: SecretClass
metadata: {name: api-key}
spec:
  description: Long-lived key of somebody else's service.
  alternative: {class: oauth-client, when: the provider issues tokens that expire}
  defaults: {rotation: {interval: 90d}, environments: {prod: {store: vault}}}
  limits:
  - {field: rotation.interval, max: 180d}
  - {field: rotation.interval, max: 90d, when: {risk.rating: critical, risk.data: pci}}
  - {field: delivery, deny: [image]}
  - {field: consumers, max: 3}
  - {field: encryption.key, pattern: ^alias/}
---
apiVersion: policyctl.dev/v1
kind: SecretClass
metadata: {name: tls-cert}
spec: {limits: [{field: rotation.interval, max: 200d, from: 2026-03-15}]}
---
apiVersion: policyctl.dev/v1
kind: SecretDefaults
metadata: {name: payments}
spec: {owner: {team: payments}, consumers: [{workload: "app:src/**"}]}
---
apiVersion: policyctl.dev/v1
kind: SecretIncident
metadata: {name: leak-1}
spec:
  title: A key stood in a log.
  severity: high
  contracts: [stripe-key]
  detected: 2026-08-01T12:00:00Z
  contained: 2026-08-01
  rotated: 2026-08-01
  closed: 2026-08-03
  cause: Debug output of the client.
  actions: [{what: mask headers, owner: payments, due: 2026-08-10, done: 2026-08-09}]
  drill: false
---
apiVersion: apps/v1
kind: Deployment
`

// contract wraps the fields of a spec and of a status.
func contract(spec, status string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata:\n  name: db\nspec:\n  class: db-password\n" + spec + status
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

// TestMessagesQuoteNoValues pastes credentials into every place of every kind.
func TestMessagesQuoteNoValues(t *testing.T) {
	planted := []string{"correct-horse-battery", "hunter2", "1234567", "Tr0ub4dor", "qK7x9Lm2Rt5Yb8Uc1Wv4", "https://u:" + "qK7x9Lm2@db/x", "(qK7x9Lm2"}
	reported := map[string]int{}
	for _, text := range []string{whole, others} {
		roots, _ := yaml.Read(source("a.yaml", text))
		for _, root := range roots {
			root.Walk(func(at lint.Path, n *lint.Node) bool {
				for _, value := range planted {
					quoted, _ := json.Marshal(value)
					_, findings := Parse([]*lint.Source{source("a.yaml", text[:n.Span.Start]+string(quoted)+" "+text[n.Span.End:])})
					for _, f := range findings {
						reported[f.Rule.ID]++
						if strings.Contains(f.Message+f.Anchor, value) {
							t.Errorf("%s: a value is quoted: %s (%s)", at, f.Message, f.Anchor)
						}
					}
				}
				return true
			})
		}
	}
	if len(reported) < 10 {
		t.Errorf("only these rules are broken: %v", reported)
	}
}

func TestKeysThatMayBeCredentialsAreLeftOut(t *testing.T) {
	for _, planted := range []string{"qK7x9Lm2Rt5Yb8Uc1Wv4", "CPaWgHcaEfEPSVSNGfNWBWZC", "ab:cd@ef"} {
		_, findings := Parse([]*lint.Source{source("a.secret.yaml", contract("  references: {"+planted+": [A]}\n  environments: {"+planted+": {x: 5}}\n", ""))})
		if len(findings) != 3 {
			t.Errorf("got %v", findings)
		}
		for _, f := range findings {
			if strings.Contains(f.Message+f.Anchor, planted) {
				t.Errorf("a key is shown: %s (%s)", f.Message, f.Anchor)
			}
		}
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules() {
		if rule.Title == "" || rule.Description == "" || rule.Fix == "" || rule.Severity == 0 || rule.Tier == 0 || rule.Kind() != "contract" || seen[rule.ID] {
			t.Errorf("%+v", rule)
		}
		seen[rule.ID] = true
	}
	if !UnknownField.Named("contract/invalid") {
		t.Error("old waivers do not hold")
	}
}

func TestOrder(t *testing.T) {
	tests := []struct {
		name, kind string
		path       lint.Path
		want       string
	}{
		{"the document", "SecretContract", nil, "apiVersion kind metadata spec status"},
		{"an environment", "SecretContract", lint.Path{"spec", "environments", "prod"}, "store path key copies expires references rotation"},
		{"an item of a list", "SecretContract", lint.Path{"spec", "consumers", 0}, "workload environments scopes identity until"},
		{"a field of a class", "SecretClass", lint.Path{"spec", "defaults", "owner"}, "team escalation"},
		{"keys that the author chooses", "SecretContract", lint.Path{"spec", "environments"}, ""},
		{"a text", "SecretContract", lint.Path{"spec", "purpose"}, ""},
		{"nowhere", "SecretContract", lint.Path{"spec", "nowhere", "x"}, ""},
		{"an unknown kind", "Pod", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(Order(tt.kind, tt.path), " "); got != tt.want {
				t.Errorf("got %s", got)
			}
		})
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
			for _, wrong := range parsetest.Misplaced(doc, parsetest.Quoted) {
				t.Error(wrong)
			}
			if n := doc.Root.Get("spec", "rotation", "interval"); doc.Platform == "contract" && len(findings) == 0 && n != nil {
				if s := doc.Root.Get("spec", "rotation", "interval_s"); s == nil || s.Kind != lint.Number {
					t.Fatal("an interval without its seconds, and no finding")
				}
			}
		}
	})
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
