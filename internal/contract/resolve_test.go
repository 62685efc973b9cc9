package contract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/yaml"
)

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

const head = "apiVersion: policyctl.dev/v1\nkind: "

func declared(name, spec string) string {
	return head + "SecretContract\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n"
}

func resolved(t *testing.T, files ...string) Set {
	t.Helper()
	return Resolve(documents(t, files...), today)
}

// explained writes the fields of the first contract, a line each.
func explainedAll(set Set) string {
	var b strings.Builder
	for _, field := range set.Contracts[0].Fields() {
		text := field.Value.Text
		if field.Value.Kind == lint.List {
			text = strings.Join(texts(field.Value), " ")
		}
		fmt.Fprintf(&b, "%s = %s (%s)\n", field.Path, text, field.Origin)
	}
	return b.String()
}

func said(set Set) string {
	var b strings.Builder
	for _, f := range set.Findings {
		fmt.Fprintf(&b, "%s: %s [%s]", f.Location, f.Message, f.Rule.ID)
		for _, related := range f.Related {
			fmt.Fprintf(&b, " (%s: %s)", related.Location, related.Message)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestFieldsComeFromTheNearest(t *testing.T) {
	set := resolved(t,
		"services/pay/a.secret.yaml", declared("a", "class: api-key, delivery: [file], revocation: {within: 30m}"),
		"services/pay/.policyctl/defaults.yaml", head+"SecretDefaults\nmetadata: {name: pay}\nspec: {owner: {team: pay}, delivery: [csi], review: {interval: 90d}}\n",
		"services/payroll/.policyctl/defaults.yaml", head+"SecretDefaults\nmetadata: {name: payroll}\nspec: {owner: {team: payroll}}\n",
		".policyctl/all.yaml", head+"SecretDefaults\nmetadata: {name: all}\nspec: {owner: {team: all, escalation: \"slack:#all\"}, revocation: {method: api}}\n",
	)
	want := `class = api-key (services/pay/a.secret.yaml:4:15)
delivery = file (services/pay/a.secret.yaml:4:34)
lifetime.kind = static (class api-key, built in)
owner.escalation = slack:#all (.policyctl/all.yaml:4:39, defaults all)
owner.team = pay (services/pay/.policyctl/defaults.yaml:4:22, defaults pay)
renewal.method = manual (class api-key, built in)
review.interval = 90d (services/pay/.policyctl/defaults.yaml:4:64, defaults pay)
revocation.method = api (.policyctl/all.yaml:4:75, defaults all)
revocation.within = 30m (services/pay/a.secret.yaml:4:63)
risk.rating = medium (class api-key, built in)
rotation.interval = 90d (class api-key, built in)
rotation.method = manual (class api-key, built in)
`
	if diff := cmp.Diff(want, explainedAll(set)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("", said(set)); diff != "" {
		t.Error(diff)
	}
	c := FromDocument(set.Contracts[0].Document)
	if c.Rotation.Interval != 90*86400 || c.Revocation.Within != 1800 || c.Owner != "pay" || c.Lifetime != "static" {
		t.Errorf("got %+v", c)
	}
}

func TestWhatIsMissingLeadsToTheContract(t *testing.T) {
	set := resolved(t, "a.secret.yaml", declared("a", "class: api-key"),
		".policyctl/all.yaml", head+"SecretDefaults\nmetadata: {name: all}\nspec: {owner: {team: all}}\n")
	doc := set.Contracts[0].Document
	tests := []struct {
		name string
		path lint.Path
		want string
	}{
		{"missing in a mapping that others set", lint.Path{"spec", "owner", "escalation"}, "a.secret.yaml:4:1"},
		{"missing altogether", lint.Path{"spec", "runbook"}, "a.secret.yaml:4:1"},
		{"a mapping that others set", lint.Path{"spec", "owner"}, "a.secret.yaml:4:1"},
		{"set by defaults", lint.Path{"spec", "owner", "team"}, ".policyctl/all.yaml:4:22"},
		{"set by a built-in class", lint.Path{"spec", "rotation", "interval"}, "a.secret.yaml:4:15"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			place, err := doc.Locate(tt.path, lint.Spot{})
			if err != nil || place.Location.String() != tt.want {
				t.Errorf("got %s, %v, want %s", place.Location, err, tt.want)
			}
		})
	}
}

func TestAnotherLifetimeDropsWhatTheClassHasInMind(t *testing.T) {
	c := FromDocument(resolved(t, "a.secret.yaml", declared("a", "class: session-secret, lifetime: {kind: short-lived, ttl: 24h}")).Contracts[0].Document)
	if c.Rotation.Interval != 0 || c.TTL != 86400 || c.Renewal != "" {
		t.Errorf("got %+v", c)
	}
}

func TestDefaultsOfClassesKeepWithinTheirLimits(t *testing.T) {
	c := FromDocument(resolved(t, "a.secret.yaml", declared("a", "class: api-key, risk: {rating: critical}")).Contracts[0].Document)
	if c.Review != 90*86400 || strings.Contains(strings.Join(c.Delivery, " "), "env") || len(c.Delivery) == 0 {
		t.Errorf("got %+v", c)
	}
	later := Resolve(documents(t, "a.secret.yaml", declared("a", "class: tls-cert")), today.AddDate(3, 0, 0))
	if interval := FromDocument(later.Contracts[0].Document).Rotation.Interval; interval != 47*86400 {
		t.Errorf("certificates are renewed every %d days", interval/86400)
	}
}

func TestWhatDocumentsSayOfEachOther(t *testing.T) {
	catalog := head + "SecretCatalog\nmetadata: {name: acme}\nspec:\n  teams: {payments: {}, platform: {}}\n  environments: {prod: {tier: prod}, staging: {tier: nonprod}}\n  stores: {vault: {type: vault}}\n"
	strict := head + "SecretClass\nmetadata: {name: api-key}\nspec:\n  defaults: {lifetime: {kind: static}, rotation: {interval: 30d}}\n  limits:\n    - {field: rotation.interval, max: 60d}\n    - {field: rotation.basis, required: true, when: {risk.data: pci}}\n"
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"an unknown class", []string{"a.secret.yaml", declared("a", "class: apikey")},
			"a.secret.yaml:4:15: spec.class: there is no class of this name, did you mean api-key? [contract/unknown-class]\n"},
		{"an unknown team", []string{".policyctl/c.yaml", catalog, "a.secret.yaml", declared("a", "class: api-key, owner: {team: paymnts}")},
			"a.secret.yaml:4:38: spec.owner.team: the catalogue has no team of this name, did you mean payments? [contract/unknown-team]\n"},
		{"an approver that is no team", []string{".policyctl/c.yaml", catalog, "a.secret.yaml", declared("a", "class: api-key, approvals: {rotate: {teams: [payments, ops]}}")},
			"a.secret.yaml:4:63: spec.approvals.rotate.teams[1]: the catalogue has no team of this name; known are payments, platform [contract/unknown-team]\n"},
		{"no catalogue, so any team", []string{"a.secret.yaml", declared("a", "class: api-key, owner: {team: paymnts}, environments: {x: {store: y}}")}, ""},
		{"an unknown environment and store", []string{".policyctl/c.yaml", catalog, "a.secret.yaml", declared("a", "class: api-key, environments: {prd: {}, prod: {store: vlt, path: x}}, consumers: [{workload: \"app:x\", environments: [stagin]}]")},
			"a.secret.yaml:4:39: spec.environments.prd: the catalogue has no environment of this name, did you mean prod? [contract/unknown-environment]\n" +
				"a.secret.yaml:4:62: spec.environments.prod.store: the catalogue has no store of this name; known are vault [contract/unknown-store]\n" +
				"a.secret.yaml:4:125: spec.consumers[0].environments[0]: the catalogue has no environment of this name, did you mean staging? [contract/unknown-environment]\n"},
		{"needs that do not exist", []string{"a.secret.yaml", declared("a", "class: api-key, dependencies: {needs: [b, c]}"), "b.secret.yaml", declared("b", "class: api-key, successor: aa")},
			"a.secret.yaml:4:50: spec.dependencies.needs[1]: there is no contract of this name; known are a, b [contract/unknown-contract]\n" +
				"b.secret.yaml:4:35: spec.successor: there is no contract of this name, did you mean a? [contract/unknown-contract]\n"},
		{"a name that two contracts have", []string{"a.secret.yaml", declared("a", "class: api-key"), "b.secret.yaml", declared("a", "class: api-key")},
			"b.secret.yaml:3:18: a is already declared at a.secret.yaml:3:18 [contract/duplicate-name] (a.secret.yaml:3:18: the first)\n"},
		{"documents that do not hold where they stand", []string{"x/.policyctl/c.yaml", strict, "defaults.yaml", head + "SecretDefaults\nmetadata: {name: all}\nspec: {}\n"},
			"x/.policyctl/c.yaml:2:7: this document does not hold: it does not stand in the .policyctl folder at the root [contract/misplaced-document]\n" +
				"defaults.yaml:2:7: these defaults hold nowhere: they do not stand in a .policyctl folder [contract/misplaced-document]\n"},
		{"a value beyond a built-in limit", []string{"a.secret.yaml", declared("a", "class: api-key, rotation: {interval: 1y}, delivery: [file, image]")},
			"a.secret.yaml:4:45: spec.rotation.interval: 1y exceeds the limit 180d of class api-key [contract/outside-limit]\n" +
				"a.secret.yaml:4:60: spec.delivery: image is denied by every built-in class [contract/outside-limit]\n"},
		{"the strictest limit speaks", []string{".policyctl/c.yaml", strict, "a.secret.yaml", declared("a", "class: api-key, rotation: {interval: 1y}")},
			"a.secret.yaml:4:45: spec.rotation.interval: 1y exceeds the limit 60d of class api-key [contract/outside-limit] (.policyctl/c.yaml:7:7: the limit)\n"},
		{"a limit for critical secrets", []string{"a.secret.yaml", declared("a", "class: api-key, risk: {rating: critical}, revocation: {within: 2h}")},
			"a.secret.yaml:4:71: spec.revocation.within: 2h exceeds the limit 1h of every built-in class where risk.rating is critical [contract/outside-limit]\n"},
		{"a limit on an environment", []string{"a.secret.yaml", declared("a", "class: api-key, environments: {prod: {rotation: {interval: 1y}}}")},
			"a.secret.yaml:4:67: spec.environments.prod.rotation.interval: 1y exceeds the limit 180d of class api-key [contract/outside-limit]\n"},
		{"a required field", []string{".policyctl/c.yaml", strict, "a.secret.yaml", declared("a", "class: api-key, risk: {data: [pii, pci]}"), "b.secret.yaml", declared("b", "class: api-key, risk: {data: [pii]}")},
			"a.secret.yaml:4:1: spec.rotation.basis: required by class api-key where risk.data is pci [contract/required-by-class] (.policyctl/c.yaml:8:7: the limit)\n"},
		{"an inherited value is one finding", []string{".policyctl/d.yaml", head + "SecretDefaults\nmetadata: {name: all}\nspec: {rotation: {interval: 200d}}\n", "a.secret.yaml", declared("a", "class: api-key"), "b.secret.yaml", declared("b", "class: api-key")},
			".policyctl/d.yaml:4:29: spec.rotation.interval: 200d exceeds the limit 180d of class api-key [contract/outside-limit] (a.secret.yaml:3:18: reaches contract a) (b.secret.yaml:3:18: reaches contract b)\n"},
		{"an inherited value is one finding, whatever the class", []string{".policyctl/d.yaml", head + "SecretDefaults\nmetadata: {name: all}\nspec: {rotation: {interval: 400d}}\n", "a.secret.yaml", declared("a", "class: session-secret"), "b.secret.yaml", declared("b", "class: api-key")},
			".policyctl/d.yaml:4:29: spec.rotation.interval: 400d exceeds the limit 180d of class api-key [contract/outside-limit] (a.secret.yaml:3:18: reaches contract a) (b.secret.yaml:3:18: reaches contract b)\n"},
		{"a class that loosens a limit", []string{".policyctl/c.yaml", strings.Replace(strict, "60d", "1y", 1)},
			".policyctl/c.yaml:7:39: class api-key: the limit 1y of rotation.interval is looser than the built-in 180d, which holds [contract/loosened-limit]\n"},
		{"a second catalogue", []string{".policyctl/a.yaml", catalog, ".policyctl/b.yaml", catalog},
			".policyctl/b.yaml:3:18: the catalogue stands already at .policyctl/a.yaml:3:18; a repository has one [contract/duplicate-name] (.policyctl/a.yaml:3:18: the first)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set := resolved(t, tt.files...)
			if diff := cmp.Diff(tt.want, said(set)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPoliciesSeeWhatTheRepositorySays(t *testing.T) {
	set := resolved(t, "a.secret.yaml", declared("a", "class: api-key, owner: {team: pay}, environments: {prod: {store: vault, path: kv/a, key: k}}"),
		".policyctl/c.yaml", head+"SecretCatalog\nmetadata: {name: acme}\nspec:\n  teams: {pay: {escalation: \"slack:#pay\"}}\n  environments: {prod: {tier: prod}}\n  stores: {vault: {type: vault}}\n")
	root := set.Contracts[0].Document.Root
	got := []string{root.Get("class", "name").Str(), root.Get("class", "builtin").Text, root.Get("team", "escalation").Str(), strings.Join(texts(root.Get("looked")), " "),
		root.Get("spec", "environments", "prod", "tier").Str(), root.Get("spec", "environments", "prod", "object").Str(),
		root.Get("origin", "rotation.interval", "kind").Str(), root.Get("origin", "rotation.interval", "builtin").Text}
	want := []string{"api-key", "true", "slack:#pay", "a.secret.yaml class api-key", "prod", "vault:kv/a#k", "SecretClass", "true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolveChangesNoDocument(t *testing.T) {
	docs := documents(t, "a.secret.yaml", declared("a", "class: tls-cert, owner: {team: pay}"), "b.secret.yaml", declared("b", "class: tls-cert"),
		".policyctl/d.yaml", head+"SecretDefaults\nmetadata: {name: all}\nspec: {owner: {escalation: x:y}, environments: {prod: {store: v, path: p}}}\n")
	before := written(docs)
	Resolve(docs, today)
	Resolve(docs, today.AddDate(5, 0, 0))
	if diff := cmp.Diff(before, written(docs)); diff != "" {
		t.Error(diff)
	}
}

func written(docs []*lint.Document) []string {
	var all []string
	for _, doc := range append(docs, Starters()...) {
		doc.Root.Walk(func(path lint.Path, n *lint.Node) bool {
			all = append(all, fmt.Sprint(doc.Path, " ", doc.Name, " ", path, " ", n.Text, " ", n.Span.Location()))
			return true
		})
	}
	return all
}

func TestManyContracts(t *testing.T) {
	var b strings.Builder
	for i := range 10_000 {
		b.WriteString("---\n" + declared(fmt.Sprintf("c%d", i), "class: api-key, dependencies: {needs: [c0]}"))
	}
	if roots, findings := yaml.Read(&lint.Source{Path: "x.yaml", Data: []byte(b.String())}); len(findings) > 0 || len(roots) != 10_000 {
		t.Fatalf("one file holds only %d contracts", len(roots))
	}
	begin := time.Now()
	set := resolved(t, "x.secret.yaml", b.String())
	if took := time.Since(begin); len(set.Contracts) != 10_000 || len(set.Findings) > 0 || took > 3*time.Minute {
		t.Errorf("%d contracts, %d findings, %s", len(set.Contracts), len(set.Findings), took)
	}
}

func TestWhatIsNoNameIsSaidWhereItIsRead(t *testing.T) {
	var docs []*lint.Document
	for path, text := range map[string]string{
		".policyctl/c.yaml": head + "SecretCatalog\nmetadata: {name: acme}\nspec:\n  teams: {payments: {}}\n  environments: {prod: {tier: prod}}\n  stores: {vault: {type: vault}}\n",
		"a.secret.yaml":     declared("a", "class: API Key, owner: {team: alice@example.com}, successor: Next One, environments: {Prod X: {store: My Vault}}"),
	} {
		read, findings := contract.Parse([]*lint.Source{{Path: path, Data: []byte(text)}})
		if path == "a.secret.yaml" && len(findings) != 5 {
			t.Errorf("%d findings of its form, want 5", len(findings))
		}
		docs = append(docs, read...)
	}
	if diff := cmp.Diff("", said(Resolve(docs, today))); diff != "" {
		t.Error(diff)
	}
}
