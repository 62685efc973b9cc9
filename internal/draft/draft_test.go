package draft

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	form "github.com/policyctl/policyctl/internal/parse/contract"
	yamltree "github.com/policyctl/policyctl/internal/yaml"
)

var today = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

const twoEnvironments = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  environments:
    prod: {tier: prod, match: {github: [production], kubernetes: [shop, pay], terraform: ["infra/prod"]}}
    staging: {tier: nonprod, match: {github: [staging], kubernetes: [shop-staging, pay-staging], terraform: ["infra/staging"]}}
`

// at is a place of its own for each fact, in the order in which they are written.
func at(n int) lint.Span {
	src := &lint.Source{Path: fmt.Sprintf("f%02d.yaml", n), Data: []byte("x")}
	return lint.Span{Source: src, Start: 0, End: 1}
}

func github(environment, name string) graph.Use {
	return graph.Use{Platform: "github", Name: name, Slot: "github-secret:" + name, Scope: environment, Environment: environment,
		Consumer: "github:.github/workflows/w.yml#" + environment + "x", Delivery: "env", Confidence: graph.Exact}
}

func pod(slot, variable string) graph.Use {
	namespace, _, _ := strings.Cut(slot, "/")
	return graph.Use{Platform: "kubernetes", Name: slot, Slot: "k8s-secret:" + slot, Scope: namespace, Environment: namespace, Variable: variable,
		Consumer: "kubernetes:" + namespace + "/Deployment/web", Delivery: "env", Confidence: graph.Exact}
}

func compose(file, name string) graph.Use {
	return graph.Use{Platform: "compose", Name: name, Slot: "compose-secret:" + file + "#" + name, Consumer: "compose:" + file + "#web", Delivery: "file", Confidence: graph.Exact}
}

func synced(slot, from string) graph.Supply {
	return graph.Supply{Slot: "k8s-secret:" + slot, From: from, Store: "aws", Mechanism: "external-secret", Platform: "kubernetes"}
}

func made(folder, address, name string) graph.Object {
	return graph.Object{Slot: "tf:" + folder + "//" + address, Name: name, Type: "aws_secretsmanager_secret", StoreType: "aws-secretsmanager", Folder: folder}
}

func reads(name string) graph.Reader { return graph.Reader{Kind: "env", Name: name} }

func joined(t *testing.T, facts []any, documents ...string) (*graph.Graph, contract.Set) {
	t.Helper()
	var docs []*lint.Document
	for i, text := range documents {
		path := fmt.Sprintf("c%d.secret.yaml", i)
		if strings.Contains(text, "kind: SecretCatalog") {
			path = ".policyctl/catalog.yaml"
		}
		found, findings := form.Parse([]*lint.Source{{Path: path, Data: []byte(text)}})
		if len(findings) > 0 {
			t.Fatal(findings[0].Message)
		}
		docs = append(docs, found...)
	}
	set := contract.Resolve(docs, today)
	all := []graph.Facts{{Catalog: &set.Catalog}}
	for i := range set.Contracts {
		all = append(all, graph.Collect(set.Contracts[i].Document))
	}
	for i, fact := range facts {
		var f graph.Facts
		switch fact := fact.(type) {
		case graph.Use:
			fact.At = at(i)
			f.Uses = append(f.Uses, fact)
		case graph.Supply:
			fact.At = at(i)
			f.Supplies = append(f.Supplies, fact)
		case graph.Object:
			fact.At = at(i)
			f.Objects = append(f.Objects, fact)
		case graph.Reader:
			fact.At = at(i)
			f.Readers = append(f.Readers, fact)
		}
		all = append(all, f)
	}
	return graph.Join(all, graph.Options{Complete: true}), set
}

func drafted(t *testing.T, o Options, facts []any, documents ...string) Result {
	t.Helper()
	g, set := joined(t, facts, documents...)
	o.Dir = "secrets"
	o.Class = func(name string) contract.Expectations { return set.Expect(name, today) }
	if o.Taken == nil {
		o.Taken = func(string) bool { return false }
	}
	return Stubs(g, o)
}

func names(r Result) []string {
	var all []string
	for _, s := range r.Stubs {
		all = append(all, s.Name)
	}
	return all
}

func TestOneContractForEachSecret(t *testing.T) {
	tests := []struct {
		name  string
		facts []any
		want  []string
	}{
		{"one name in two environments of pipelines", []any{github("staging", "KEY"), github("production", "KEY"), github("", "KEY")}, []string{"key"}},
		{"names that tell their environment", []any{github("", "PROD_STRIPE_KEY"), github("", "STAGING_STRIPE_KEY")}, []string{"stripe-key"}},
		{"the two halves of a credential", []any{github("", "CI_AWS_ACCESS_KEY_ID"), github("", "CI_AWS_SECRET_ACCESS_KEY")}, []string{"ci-aws-access-key"}},
		{"one Secret in the namespaces of two environments", []any{pod("shop/db#url", ""), pod("shop-staging/db#url", "")}, []string{"db"}},
		{"Secrets of one name in several namespaces of an environment",
			[]any{pod("shop/db#url", ""), pod("shop-staging/db#url", ""), pod("pay/db#url", ""), pod("pay-staging/db#url", "")}, []string{"db", "pay-db"}},
		{"the parts of one secret", []any{pod("shop/mail#username", ""), pod("shop/mail#password", ""), pod("shop/mail", "")}, []string{"mail"}},
		{"several secrets in one Secret", []any{pod("shop/app#STRIPE_API_KEY", ""), pod("shop/app#SENDGRID_API_KEY", ""), pod("shop/app", "")}, []string{"app-sendgrid-api-key", "app-stripe-api-key"}},
		{"keys of a Secret that come from different entries",
			[]any{synced("shop/app#token", "kv/one"), synced("shop/app#secret", "kv/two"), pod("shop/app", "")}, []string{"app-secret", "app-token"}},
		{"what supplies a Secret, and the code that makes the entry",
			[]any{pod("shop/db#url", ""), synced("shop/db#url", "shop/orders#url"), made("infra/prod", "aws_secretsmanager_secret.orders", "shop/orders")}, []string{"db"}},
		{"the whole of an entry with several secrets", []any{
			synced("shop/app", "shop/bag"), pod("shop/app#STRIPE_KEY", ""), pod("shop/app#MAIL_PASSWORD", ""), made("infra/prod", "aws_secretsmanager_secret.bag", "shop/bag"),
		}, []string{"app-mail-password", "app-stripe-key"}},
		{"one address in the folders of two environments",
			[]any{made("infra/prod", "aws_secretsmanager_secret.one", "prod/db-password"), made("infra/staging", "aws_secretsmanager_secret.one", "staging/db-password")}, []string{"db-password"}},
		{"one address in two folders of no environment", []any{made("a", "aws_secretsmanager_secret.key", ""), made("b", "aws_secretsmanager_secret.key", "")}, []string{"a-key", "b-key"}},
		{"the files of a project of Compose", []any{compose("app/compose.yaml", "db"), compose("app/compose.prod.yaml", "db"), compose("other/compose.yaml", "db")}, []string{"db", "other-db"}},
		{"a variable that code reads, and what fills it", []any{reads("MAIL_PASSWORD"), pod("shop/smtp#password", "MAIL_PASSWORD")}, []string{"smtp"}},
		{"a variable that two Secrets fill says nothing", []any{reads("DB_PASSWORD"), pod("shop/a#x", "DB_PASSWORD"), pod("pay/b#x", "DB_PASSWORD")}, []string{"a", "b"}},
		{"a variable that nothing fills", []any{reads("MAIL_PASSWORD"), reads("PORT"), reads("GITHUB_TOKEN")}, []string{"mail-password"}},
		{"a wildcard names nothing", []any{graph.Use{Platform: "github", Slot: "github-secret:", Consumer: "github:w.yml#x", Confidence: graph.Wildcard}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, names(drafted(t, Options{}, test.facts, twoEnvironments))); diff != "" {
				t.Error(diff)
			}
			slices.Reverse(test.facts)
			if got := names(drafted(t, Options{}, test.facts, twoEnvironments)); len(got) != len(test.want) {
				t.Errorf("the order of the facts matters: %v", got)
			}
		})
	}
}

// TestStubsDeclareEverything drafts contracts and joins the graph once more with
// them: nothing may be left that no contract claims.
func TestStubsDeclareEverything(t *testing.T) {
	facts := []any{
		github("staging", "KEY"), github("production", "KEY"), github("", "OTHER"), github("production", "OTHER"), github("production", "PROD_URL"), github("", "STAGING_URL"),
		pod("shop/db#url", ""), pod("shop-staging/db#url", ""), pod("pay/db", ""), pod("default/open#key", ""),
		pod("shop/app#STRIPE_KEY", ""), pod("shop/app#MAIL_PASSWORD", ""), pod("shop/app", ""), synced("shop/app", "shop/bag"), made("infra/prod", "aws_secretsmanager_secret.bag", "shop/bag"),
		synced("shop/db#url", "shop/db"), made("infra/prod", "aws_secretsmanager_secret.db", "shop/db"), made("infra/staging", "aws_secretsmanager_secret.db", "shop/db"),
		made("infra", "aws_secretsmanager_secret.shared", "shared"), made("infra/prod", "aws_secretsmanager_secret.nameless", ""),
		compose("app/compose.yaml", "db"), compose("app/compose.prod.yaml", "db"),
	}
	documents := []string{twoEnvironments}
	for _, stub := range drafted(t, Options{Owner: "shop"}, facts, documents...).Stubs {
		documents = append(documents, stub.Text)
	}
	g, set := joined(t, facts, documents...)
	for _, finding := range set.Findings {
		t.Errorf("%s: %s", finding.Location, finding.Message)
	}
	for _, u := range g.Uses {
		claimed := map[string]bool{}
		for _, c := range u.Claims {
			claimed[c.Secret.Name] = true
			if !c.Listed {
				t.Errorf("%s does not list %s", c.Secret.Name, u.Consumer)
			}
		}
		if len(claimed) != 1 && u.Slot != "k8s-secret:shop/app" {
			t.Errorf("%d contracts claim %s", len(claimed), u.Slot)
		}
	}
	for _, o := range g.Objects {
		if len(o.Claims) == 0 {
			t.Errorf("nobody claims %s", o.Slot)
		}
	}
	if again := names(drafted(t, Options{}, facts, documents...)); len(again) > 0 {
		t.Errorf("a second run drafts %v", again)
	}
	if differences := Sync(g, Options{Class: func(string) contract.Expectations { return contract.Expectations{} }}, nil); len(differences) > 0 {
		t.Errorf("%d differences from what was just drafted; the first: %s: %s", len(differences), differences[0].Contract, differences[0].Message)
	}
}

func TestOwner(t *testing.T) {
	owners := map[string][]string{"f00.yaml": {"@acme/Shop", "@alice"}, "f01.yaml": {"@acme/platform"}, "f02.yaml": {"@acme/platform"}, "f03.yaml": {"bob@example.com"}}
	const catalog = "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: acme}\nspec: {teams: {shop: {}, core: {handles: ['@acme/platform']}}}\n"
	key := github("", "KEY")
	tests := []struct {
		name      string
		files     int
		fallback  string
		documents []string
		want      string
	}{
		{"the team of the file, not the person", 1, "", []string{catalog}, "shop"},
		{"the team of most files, by its handle", 3, "", []string{catalog}, "core"},
		{"without a catalogue, the last part of the handle", 3, "", nil, "platform"},
		{"nothing tells it", 0, "", nil, ""},
		{"nothing tells it, but somebody said it", 0, "shop", []string{catalog}, "shop"},
		{"a team that the catalogue lacks comes after what was said", 3, "x", []string{strings.Replace(catalog, "core", "other", 1), ""}[:1], "other"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var facts []any
			for range max(test.files, 1) {
				facts = append(facts, key)
			}
			o := Options{Owner: test.fallback, Owners: func(file string) []string {
				if test.files == 0 {
					return nil
				}
				return owners[file]
			}}
			if got := drafted(t, o, facts, test.documents...).Stubs[0].Owner; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoFileIsOverwritten(t *testing.T) {
	taken := func(file string) bool { return file == "secrets/key.secret.yaml" || file == catalogFile }
	result := drafted(t, Options{Taken: taken}, []any{github("production", "KEY")})
	if result.Catalog != nil || len(result.Stubs) != 1 || result.Stubs[0].Path != "secrets/key-2.secret.yaml" {
		t.Errorf("got %+v", result)
	}
}

func TestWhatCannotBeSaidIsTold(t *testing.T) {
	build := github("", "NPM_TOKEN")
	build.Delivery = "build-arg"
	everything := graph.Use{Platform: "github", Slot: "github-secret:", Consumer: "github:w.yml#x", Confidence: graph.Wildcard}
	result := drafted(t, Options{}, []any{build, everything, pod("odd/x#key", "")})
	if len(result.Denied) != 1 || result.Denied[0].Delivery != "build-arg" || strings.Contains(result.Stubs[0].Text, "build-arg") {
		t.Errorf("denied: %+v\n%s", result.Denied, result.Stubs[0].Text)
	}
	if len(result.Wide) != 1 || !slices.Equal(result.Unsure, []string{"odd"}) {
		t.Errorf("wide %v, unsure %v", result.Wide, result.Unsure)
	}
}

func TestQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"shop/db": "shop/db", "github:.github/w.yml#x": "github:.github/w.yml#x", "a b": `"a b"`, "true": `"true"`, "12345": `"12345"`, "1e3": `"1e3"`,
		"@acme/x": `"@acme/x"`, `a"b\c`: `"a\"b\\c"`, "a, b": `"a, b"`, "*": `"*"`, "": `""`, "key:": `"key:"`, "0x1f": `"0x1f"`, "2026-01-01": `"2026-01-01"`, "~": `"~"`,
	} {
		if got := quoted(text); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
	}
}

// TestNamesThatAreNone drafts nothing that the next run would not read.
func TestNamesThatAreNone(t *testing.T) {
	broken, split := pod("shop/web\nkind: x", "API_KEY"), pod("shop/api", "KEY")
	split.Consumer = "kubernetes:shop/Deployment/a\nb"
	facts := []any{broken, split, github("", "NPM TOKEN"), github("my env", "KEY"), made("infra/prod", "aws_secretsmanager_secret.db", "shop/\x01db\"\\")}
	result := drafted(t, Options{}, facts, twoEnvironments)
	documents := []string{twoEnvironments}
	for _, stub := range result.Stubs {
		documents = append(documents, stub.Text)
	}
	joined(t, facts, documents...) // what is no form, it reports
	if len(result.Stubs) == 0 {
		t.Error("nothing was drafted")
	}
	var unfit []string
	for _, u := range result.Unfit {
		unfit = append(unfit, u.Location.Path+" "+u.Message)
	}
	want := []string{`f00.yaml the name "shop/web\nkind: x" cannot stand in a contract`,
		`f01.yaml the name "kubernetes:shop/Deployment/a\nb" cannot stand in a contract`,
		`f02.yaml the name "NPM TOKEN" cannot stand in a contract`}
	if diff := cmp.Diff(want, unfit); diff != "" {
		t.Error(diff)
	}
	if again := names(drafted(t, Options{}, facts, documents...)); len(again) > 0 {
		t.Errorf("a second run drafts %v", again)
	}
}

func TestQuotedTextsStayWhatTheyAre(t *testing.T) {
	for _, text := range []string{"", "a", "yes", "1.5", "null", "~", "a b", "a: b", "a #b", "a\nb", "\x00\x01\x7f", "\"\\", "é\u2028\ufeff", "{a}", "0x1f", "1_000", "2026-01-01", "12:30:45", "<<", "=", "*a", "&a", "!a", "@a", strings.Repeat("long word ", 40)} {
		docs, findings := yamltree.Read(&lint.Source{Path: "a.yaml", Data: []byte("a: [" + quoted(text) + "]\n")})
		if len(findings) > 0 || len(docs) != 1 || docs[0].Get("a").Items[0].Kind != lint.String || docs[0].Get("a").Items[0].Text != text {
			t.Errorf("%q became %s", text, quoted(text))
		}
	}
}
