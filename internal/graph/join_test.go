package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// at is the first byte of a file.
func at(file string) lint.Span {
	return lint.Span{Source: &lint.Source{Path: file, Data: []byte("x")}, End: 1}
}

// declares makes a contract that names slots and, by environment, store:path#key.
func declares(name string, slots []string, consumers ...string) *contract.Contract {
	doc := &lint.Document{Platform: "contract", Path: name + ".secret.yaml", Name: name, Root: lint.NewObject(at(name + ".secret.yaml"))}
	c := &contract.Contract{Name: name, State: "active", Document: doc, Environments: map[string]contract.Environment{}}
	for _, slot := range slots {
		environment, slot, found := strings.Cut(slot, "=")
		if !found {
			environment, slot = "", environment
		}
		store, entry, isEntry := strings.Cut(slot, "!")
		if !isEntry {
			c.Claims = append(c.Claims, contract.Claim{Slot: slot, Environment: environment, Span: doc.Root.Span})
			continue
		}
		path, key, _ := strings.Cut(entry, "#")
		c.Environments[environment] = contract.Environment{Store: store, Path: path, Key: key, Span: doc.Root.Span}
	}
	for _, workload := range consumers {
		c.Consumers = append(c.Consumers, contract.Consumer{Workload: workload})
	}
	return c
}

// join joins contracts and facts.
func join(facts Facts, contracts ...*contract.Contract) *Graph {
	all := []Facts{facts}
	for _, c := range contracts {
		all = append(all, Facts{Contract: c})
	}
	return Join(all, Options{Complete: true})
}

// claimed writes claims: contract#key@environment, then ! if the consumer is not
// listed, ~ if a store supplies the slot, < if the contract names narrower keys.
func claimed(claims []Claim) string {
	var all []string
	for _, c := range claims {
		text := strings.TrimSuffix(strings.TrimSuffix(c.Secret.Name+"#"+c.Part, "#")+"@"+c.Environment, "@")
		for _, mark := range []struct {
			text string
			set  bool
		}{{"!", !c.Listed}, {"~", c.ViaStore}, {"<", c.Narrower}} {
			if mark.set {
				text += mark.text
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func githubUse(name, scope, job string) Use {
	return Use{Platform: "github", Name: name, Slot: "github-secret:" + name, Scope: scope, Environment: scope,
		Consumer: "github:ci.yml#" + job, Delivery: "env", Confidence: Exact, At: at("ci.yml")}
}

func podUse(slot string) Use {
	namespace, _, _ := strings.Cut(slot, "/")
	return Use{Platform: "kubernetes", Name: slot, Slot: "k8s-secret:" + slot, Scope: namespace, Consumer: "kubernetes:" + namespace + "/Deployment/web",
		Delivery: "env", Confidence: Exact, At: at("pod.yaml")}
}

func TestNames(t *testing.T) {
	tests := []struct {
		name      string
		use       Use
		contracts []*contract.Contract
		want      string
	}{
		{"the environment's secret goes before the repository's", githubUse("T", "production", "a"),
			[]*contract.Contract{declares("repository", []string{"github-secret:T"}), declares("environment", []string{"github-secret:production/T"})}, "environment"},
		{"environments of GitHub have no case", githubUse("T", "Production", "a"), []*contract.Contract{declares("c", []string{"github-secret:production/T"})}, "c"},
		{"another environment's claim covers nothing", githubUse("T", "staging", "a"), []*contract.Contract{declares("c", []string{"github-secret:production/T"})}, ""},
		{"a claim on a Secret covers its keys", podUse("shop/db#url"), []*contract.Contract{declares("c", []string{"k8s-secret:shop/db"})}, "c"},
		{"a claim on a key goes before that on the Secret", podUse("shop/db#url"),
			[]*contract.Contract{declares("whole", []string{"k8s-secret:shop/db"}), declares("key", []string{"k8s-secret:shop/db#url"})}, "key"},
		{"a claim on another key covers nothing", podUse("shop/db#url"), []*contract.Contract{declares("c", []string{"k8s-secret:shop/db#user"})}, ""},
		{"a Secret that is used whole while single keys are agreed", podUse("shop/db"),
			[]*contract.Contract{declares("c", []string{"k8s-secret:shop/db#url"}, "kubernetes:shop/Deployment/web"), declares("d", []string{"k8s-secret:shop/db#user"})}, "c#url< d#user"},
		{"a Secret whose keys are agreed one by one", podUse("shop/db"),
			[]*contract.Contract{declares("c", []string{"k8s-secret:shop/db#url"}, "kubernetes:shop/Deployment/web"), declares("d", []string{"k8s-secret:shop/db#user"}, "kubernetes:shop/Deployment/web")}, "c#url d#user"},
		{"a Secret whose only known keys are agreed", podUse("shop/db"),
			[]*contract.Contract{declares("c", []string{"k8s-secret:shop/db#url", "k8s-secret:shop/db#user"}, "kubernetes:shop/Deployment/web")}, "c#url c#user"},
		{"narrower is said only of agreed consumers", podUse("shop/db"),
			[]*contract.Contract{declares("c", []string{"k8s-secret:shop/db#url"}, "kubernetes:shop/Deployment/api")}, "c#url!"},
		{"a manifest without namespace is for each that is claimed", podUse("default/db#url"),
			[]*contract.Contract{declares("a", []string{"k8s-secret:one/db"}, "kubernetes:one/Deployment/web"), declares("b", []string{"k8s-secret:two/db#url"}), declares("c", []string{"k8s-secret:two/db#x"})}, "a b"},
		{"the variable alone declares for who is listed", Use{Platform: "docker", Slot: "docker-secret:x", Name: "x", Variable: "DB", Consumer: "docker:Dockerfile", Delivery: "env", Confidence: Exact},
			[]*contract.Contract{declares("a", []string{"env:DB"}, "docker:Dockerfile"), declares("b", []string{"env:DB"}, "docker:other")}, "a"},
		{"what the slot's own claims say goes before the variable", Use{Platform: "docker", Slot: "docker-secret:x", Name: "x", Variable: "DB", Consumer: "docker:Dockerfile", Delivery: "env", Confidence: Exact},
			[]*contract.Contract{declares("a", []string{"env:DB"}), declares("b", []string{"docker-secret:x"})}, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := join(Facts{Uses: []Use{tt.use}}, tt.contracts...)
			if got := claimed(g.Uses[0].Claims); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTerraformAddresses(t *testing.T) {
	objects := []Object{
		{Slot: "tf:infra/prod//aws_x.main", At: at("infra/prod/a.tf")}, {Slot: "tf:infra/test//aws_x.main", At: at("infra/test/a.tf")},
		{Slot: "tf:infra/prod//aws_x.one", At: at("infra/prod/a.tf")},
	}
	g := join(Facts{Objects: objects}, declares("bare", []string{"tf:aws_x.one", "tf:aws_x.main"}), declares("full", []string{"tf:infra/test//aws_x.main"}))
	got := ""
	for _, o := range g.Objects {
		got += o.Slot + " " + claimed(o.Claims) + "\n"
	}
	want := "tf:infra/prod//aws_x.main \ntf:infra/prod//aws_x.one bare\ntf:infra/test//aws_x.main full\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := fmt.Sprint(g.Contracts[0].Ambiguous[0].Candidates); got != "[tf:infra/prod//aws_x.main tf:infra/test//aws_x.main]" || len(g.Contracts[1].Ambiguous) > 0 {
		t.Errorf("candidates %s", got)
	}
}

// TestCalledPipelines has a pipeline that is called with a secret, and two that
// call each other.
func TestCalledPipelines(t *testing.T) {
	caller := Use{Platform: "github", Name: "NPM", Slot: "github-secret:NPM", Consumer: "github:ci.yml#call", Variable: "token", Component: "./called.yml", Delivery: "input", Confidence: Exact, At: at("ci.yml")}
	other := caller
	other.Consumer, other.Name, other.Slot = "github:z.yml#call", "UNKNOWN", "github-secret:UNKNOWN"
	called := Use{Platform: "github", Name: "TOKEN", Slot: "github-secret:TOKEN", Consumer: "github:called.yml#publish", Delivery: "env", Confidence: Derived, At: at("called.yml")}
	own := declares("own", []string{"github-secret:TOKEN"})
	tests := []struct {
		name string
		uses []Use
		npm  *contract.Contract
		want string
	}{
		{"the caller is listed", []Use{caller, called}, declares("npm", []string{"github-secret:NPM"}, "github:ci.yml#call"), "github:called.yml#publish npm, github:ci.yml#call npm"},
		{"the called job is listed", []Use{caller, called}, declares("npm", []string{"github-secret:NPM"}, "github:called.yml#publish"), "github:called.yml#publish npm, github:ci.yml#call npm"},
		{"neither is listed", []Use{caller, called}, declares("npm", []string{"github-secret:NPM"}, "github:x.yml"), "github:called.yml#publish npm!, github:ci.yml#call npm!"},
		{"nobody calls it", []Use{called}, declares("npm", []string{"github-secret:NPM"}), "github:called.yml#publish own"},
		{"what is bound is not declared", []Use{called, other}, declares("npm", []string{"github-secret:NPM"}), "github:called.yml#publish , github:z.yml#call "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, u := range join(Facts{Uses: tt.uses}, tt.npm, own).Uses {
				got = append(got, u.Consumer+" "+claimed(u.Claims))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, ", "), tt.want)
			}
		})
	}
	circle := []Use{
		{Platform: "github", Name: "A", Slot: "github-secret:A", Consumer: "github:x.yml#j", Variable: "B", Component: "./y.yml", Confidence: Derived, At: at("x.yml")},
		{Platform: "github", Name: "B", Slot: "github-secret:B", Consumer: "github:y.yml#j", Variable: "A", Component: "./x.yml", Confidence: Derived, At: at("y.yml")},
	}
	join(Facts{Uses: circle}, own).Document()
}

func TestWildcards(t *testing.T) {
	wild := githubUse("", "production", "all")
	wild.Confidence = Wildcard
	g := join(Facts{Uses: []Use{wild}},
		declares("repository", []string{"github-secret:A"}), declares("prod", []string{"prod=github-secret:production/B"}, "github:ci.yml#other"),
		declares("staging", []string{"github-secret:staging/C"}), declares("pod", []string{"k8s-secret:a/b"}))
	if got := claimed(g.Uses[0].Claims); got != "repository prod@prod!" {
		t.Errorf("a job with all secrets of production: %q", got)
	}
	var states []string
	for _, s := range g.Contracts {
		states = append(states, fmt.Sprintf("%s %t %t", s.Name, s.Used, s.Wildcard))
	}
	if got := strings.Join(states, ", "); got != "pod false false, prod false true, repository false true, staging false false" {
		t.Errorf("used and wildcard: %s", got)
	}
	var many []*contract.Contract
	for i := range 250 {
		many = append(many, declares(fmt.Sprintf("c%d", i), []string{fmt.Sprintf("github-secret:S%d", i)}, "github:other.yml"))
	}
	many[249].Consumers[0].Workload = "github:ci.yml#all"
	u := join(Facts{Uses: []Use{wild}}, many...).Uses[0]
	if u.Reaches != 250 || len(u.Claims) != most || u.Claims[0].Secret.Name != "c249" {
		t.Errorf("reaches %d, writes down %d, the first is %s", u.Reaches, len(u.Claims), u.Claims[0].Secret.Name)
	}
}

func TestChains(t *testing.T) {
	supply := func(slot, from string) Supply {
		return Supply{Slot: slot, From: from, Mechanism: "external-secret", Platform: "kubernetes", At: at("es.yaml")}
	}
	entry := Object{Slot: "tf:infra//aws_x.db", Name: "kv/db", At: at("infra/db.tf")}
	held := podUse("shop/db#url")
	held.HoldsValue = true
	tests := []struct {
		name     string
		use      Use
		supplies []Supply
		want     string
	}{
		{"a plain Secret", held, nil, "k8s-secret:shop/db#url | holds true | "},
		{"from a store", held, []Supply{supply("k8s-secret:shop/db#url", "kv/db#value")},
			"k8s-secret:shop/db#url < vault:kv/db#value < tf:infra//aws_x.db | holds false | db@prod~"},
		{"all of an entry", held, []Supply{supply("k8s-secret:shop/db", "kv/db")}, "k8s-secret:shop/db#url < vault:kv/db#value < tf:infra//aws_x.db | holds false | db#value@prod~"},
		{"its own key goes before all of an entry", held, []Supply{supply("k8s-secret:shop/db", "kv/db"), supply("k8s-secret:shop/db#url", "kv/other")},
			"k8s-secret:shop/db#url < kv/other | holds false | "},
		{"a Secret that is used whole has what its keys have", podUse("shop/db"), []Supply{supply("k8s-secret:shop/db#url", "kv/db#value")},
			"k8s-secret:shop/db < vault:kv/db#value < tf:infra//aws_x.db | holds false | db#url@prod~"},
		{"by way of a second slot", podUse("shop/db#url"), []Supply{supply("k8s-secret:shop/db#url", "github-secret:DB"), supply("github-secret:DB", "kv/db#value")},
			"k8s-secret:shop/db#url < github-secret:DB < vault:kv/db#value < tf:infra//aws_x.db | holds false | db@prod~"},
		{"in a circle", podUse("shop/db#url"), []Supply{supply("k8s-secret:shop/db#url", "github-secret:DB"), supply("github-secret:DB", "k8s-secret:shop/db#url")},
			"k8s-secret:shop/db#url < github-secret:DB | holds false | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := join(Facts{Uses: []Use{tt.use}, Supplies: tt.supplies, Objects: []Object{entry}}, declares("db", []string{"prod=vault!kv/db#value"}))
			var ids []string
			for _, s := range g.Uses[0].Chain {
				ids = append(ids, s.ID)
			}
			got := fmt.Sprintf("%s | holds %t | %s", strings.Join(ids, " < "), g.Uses[0].HoldsValue, claimed(g.Uses[0].Claims))
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestFlow has the way of a secret in what a policy's result points at.
func TestFlow(t *testing.T) {
	doc := join(Facts{Uses: []Use{podUse("shop/db#url")}, Supplies: []Supply{{Slot: "k8s-secret:shop/db", From: "kv/db", Mechanism: "csi", At: at("es.yaml")}}}).Document()
	place, err := doc.Locate(lint.Path{"uses", 0}, lint.Spot{})
	if err != nil {
		t.Fatal(err)
	}
	got := place.Location.Path
	for _, step := range place.Flow {
		got += "\n" + step.Location.Path + ": " + step.Message
	}
	want := "pod.yaml\nes.yaml: k8s-secret:shop/db gets its value from kv/db (csi)\npod.yaml: kubernetes:shop/Deployment/web gets k8s-secret:shop/db#url by env"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if alone := join(Facts{Uses: []Use{podUse("shop/db#url")}}).Document().Root.Get("uses").Items[0]; alone.Way != nil {
		t.Errorf("a single place is a way: %v", alone.Via)
	}
}

func TestEntriesOfOtherStores(t *testing.T) {
	facts := Facts{
		Catalog: &contract.Catalog{Stores: map[string]contract.Store{"main": {Type: "vault"}, "second": {Type: "vault"}}},
		Objects: []Object{{Slot: "tf:a//vault_x.db", Name: "db", StoreType: "vault", At: at("a.tf")}, {Slot: "tf:b//aws_x.db", Name: "db", StoreType: "aws-secretsmanager", At: at("b.tf")}},
		Supplies: []Supply{{Slot: "k8s-secret:a/b", From: "db", Store: "second", At: at("1.yaml")}, {Slot: "k8s-secret:a/c", From: "db", Store: "main", At: at("2.yaml")},
			{Slot: "k8s-secret:a/d", From: "db", Store: "cluster-store", At: at("3.yaml")}},
	}
	g := join(facts, declares("db", []string{"prod=main!db"}))
	got := ""
	for _, o := range g.Objects {
		got += o.Slot + " " + claimed(o.Claims) + "\n"
	}
	for _, s := range g.Supplies {
		got += s.Slot + " " + claimed(s.Claims) + "\n"
	}
	want := "tf:a//vault_x.db db@prod\ntf:b//aws_x.db \nk8s-secret:a/b \nk8s-secret:a/c db@prod~\nk8s-secret:a/d db@prod~\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNeeds(t *testing.T) {
	needing := func(name, lifetime string, needs ...string) *contract.Contract {
		c := declares(name, nil)
		c.Needs, c.Lifetime = needs, lifetime
		return c
	}
	g := join(Facts{}, needing("app", "dynamic", "vault", "nobody"), needing("vault", "short-lived", "root"), needing("root", "static"),
		needing("x", "static", "y"), needing("y", "static", "z"), needing("z", "static", "x", "root"), needing("self", "static", "self"))
	got := ""
	for _, s := range g.Contracts {
		got += fmt.Sprintf("%s needs %v cycle %v roots %v\n", s.Name, s.Closure, s.Cycle, s.Roots)
	}
	want := "app needs [vault nobody root] cycle [] roots [root]\nroot needs [] cycle [] roots []\nself needs [] cycle [self] roots []\n" +
		"vault needs [root] cycle [] roots [root]\nx needs [y z root] cycle [x y z] roots [root]\ny needs [z x root] cycle [x y z] roots [root]\nz needs [x root y] cycle [x y z] roots [root]\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGrants(t *testing.T) {
	tests := []struct {
		grant Grant
		want  string
	}{
		{Grant{Pattern: "prod/db", Store: "vault"}, "[db]"},
		{Grant{Pattern: "prod/*", Store: "vault"}, "[db mail]"},
		{Grant{Pattern: "*", Store: "vault"}, "[db mail test]"},
		{Grant{Pattern: "*/d*b", Store: "vault"}, "[db test]"},
		{Grant{Pattern: "prod/d", Store: "vault"}, "[]"},
		{Grant{Pattern: "prod/*", Store: "aws-secretsmanager"}, "[]"},
		{Grant{Pattern: "tok*", Store: "kubernetes", Scope: "shop"}, "[token]"},
		{Grant{Pattern: "synced", Store: "kubernetes", Scope: "shop"}, "[db]"},
		{Grant{Pattern: "*", Store: "kubernetes", Scope: "sho"}, "[other]"},
		{Grant{Pattern: "*", Store: "kubernetes"}, "[db other token]"},
	}
	for _, tt := range tests {
		tt.grant.Identity = "kubernetes-sa:shop/web"
		facts := Facts{
			Catalog:   &contract.Catalog{Stores: map[string]contract.Store{"v": {Type: "vault"}}},
			Grants:    []Grant{tt.grant},
			Supplies:  []Supply{{Slot: "k8s-secret:shop/synced#x", From: "prod/db"}},
			Workloads: []Workload{{ID: "kubernetes:shop/Deployment/web", Identity: "kubernetes-sa:shop/web"}},
		}
		g := join(facts, declares("db", []string{"prod=v!prod/db"}), declares("mail", []string{"prod=v!prod/mail#x"}), declares("test", []string{"test=v!test/db"}),
			declares("token", []string{"k8s-secret:shop/token#a"}), declares("other", []string{"k8s-secret:sho/token"}))
		if got := fmt.Sprint(g.Grants[0].Contracts); got != tt.want || fmt.Sprint(g.Grants[0].Consumers) != "[kubernetes:shop/Deployment/web]" {
			t.Errorf("%s of %s in %q: %s, want %s", tt.grant.Pattern, tt.grant.Store, tt.grant.Scope, got, tt.want)
		}
	}
}

func TestRotationsLifetimesAndReaders(t *testing.T) {
	filled := podUse("shop/db#url")
	filled.Variable = "DATABASE_URL"
	facts := Facts{
		Uses:    []Use{filled},
		Objects: []Object{{Slot: "tf:i//aws_x.db", Name: "db", At: at("a.tf")}},
		Rotations: []Rotation{{Slot: "tf:i//rot.one", Target: "tf:i//aws_x.db", At: at("1.tf")}, {Slot: "tf:i//rot.two", TargetName: "mail", At: at("2.tf")},
			{Slot: "tf:i//rot.three", TargetName: "nothing", At: at("3.tf")}},
		Lifetimes: []Lifetime{{Slot: "tf:i//role.a", Path: "db", At: at("1.tf")}, {Slot: "tf:i//role.b", At: at("2.tf")}},
		Readers: []Reader{{Kind: "env", Name: "DATABASE_URL", At: at("1.go")}, {Kind: "env", Name: "SMTP", At: at("2.go")}, {Kind: "store", Name: "mail", At: at("3.go")},
			{Kind: "env", Name: "HOME", At: at("4.go")}},
	}
	g := join(facts, declares("db", []string{"prod=v!db", "k8s-secret:shop/db"}), declares("mail", []string{"prod=v!mail", "env:SMTP", "tf:role.b"}))
	got := ""
	for _, r := range g.Rotations {
		got += fmt.Sprint(names(r.Claims))
	}
	for _, l := range g.Lifetimes {
		got += fmt.Sprint(l.Contracts)
	}
	for _, r := range g.Readers {
		got += fmt.Sprint(r.Contracts)
	}
	if want := "[db][mail][][db][mail][db][mail][mail][]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !g.Contracts[1].Used {
		t.Error("what application code reads is not used")
	}
}

func TestOfTwoContractsWithOneName(t *testing.T) {
	first, second := declares("c", []string{"github-secret:A"}), declares("c", []string{"github-secret:B"})
	first.Document.Path, first.Document.Root.Span = "a.secret.yaml", at("a.secret.yaml")
	second.Document.Path, second.Document.Root.Span = "b.secret.yaml", at("b.secret.yaml")
	g := join(Facts{Uses: []Use{githubUse("B", "", "x")}}, second, first)
	if len(g.Contracts) != 1 || g.Contracts[0].Document.Path != "a.secret.yaml" || claimed(g.Uses[0].Claims) != "c" {
		t.Errorf("%d contracts, %s, %q", len(g.Contracts), g.Contracts[0].Document.Path, claimed(g.Uses[0].Claims))
	}
}

func TestReach(t *testing.T) {
	wild := githubUse("", "", "all")
	wild.Confidence = Wildcard
	needing := declares("reports", nil)
	needing.Needs = []string{"db"}
	g := join(Facts{
		Uses:      []Use{podUse("shop/db"), githubUse("DB", "", "deploy"), wild, githubUse("OTHER", "", "deploy")},
		Supplies:  []Supply{{Slot: "k8s-secret:shop/db#url", From: "kv/db#value", Mechanism: "csi", At: at("es.yaml")}},
		Grants:    []Grant{{Identity: "aws-iam:reader", Pattern: "kv/*", Wildcard: true, At: at("iam.tf")}},
		Workloads: []Workload{{ID: "kubernetes:shop/Deployment/web", Platform: "kubernetes", Kind: "Deployment", Identity: "aws-iam:reader", At: at("pod.yaml")}},
	}, declares("db", []string{"prod=vault!kv/db#value", "github-secret:DB"}), needing, declares("other", []string{"github-secret:OTHER"}))

	reached := func(from string) string {
		var all []string
		for _, r := range g.Reach(from) {
			var way []string
			for _, e := range r.Path() {
				way = append(way, e.Kind)
			}
			all = append(all, fmt.Sprintf("%s %s %s", r.Node.ID, r.Confidence, strings.Join(way, ">")))
		}
		slices.Sort(all)
		return strings.Join(all, "\n")
	}
	tests := []struct{ from, want string }{
		{"contract:db", `contract:reports exact needs
github-secret:DB exact declares
github:ci.yml#all wildcard declares>consumes
github:ci.yml#deploy exact declares>consumes
k8s-secret:shop/db exact storedIn>suppliedBy
k8s-secret:shop/db#url exact storedIn>suppliedBy
kubernetes:shop/Deployment/web exact storedIn>suppliedBy>consumes
vault:kv/db#value exact storedIn`},
		{"aws-iam:reader", `k8s-secret:shop/db wildcard mayRead>suppliedBy
k8s-secret:shop/db#url wildcard mayRead>suppliedBy
kubernetes:shop/Deployment/web exact runsAs
vault:kv/db#value wildcard mayRead`},
		{"github:ci.yml#deploy", ""},
		{"contract:nobody", ""},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, reached(tt.from)); diff != "" {
			t.Errorf("from %s: %s", tt.from, diff)
		}
	}
	nodes, edges, err := g.Around("contract:reports", 2)
	var ids []string
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	if got := fmt.Sprint(ids, len(edges), err); got != "[contract:db contract:reports github-secret:DB vault:kv/db#value] 3 <nil>" {
		t.Errorf("around reports: %s", got)
	}
	if _, _, err := g.Around("contract:nobody", 1); err == nil {
		t.Error("there is something around nobody")
	}
	for _, e := range g.Edges() {
		if g.web().known[e.From] == 0 && g.Nodes()[0].ID != e.From {
			t.Errorf("%s leads from a node that is none", e.From)
		}
		if g.web().known[e.To] == 0 && g.Nodes()[0].ID != e.To {
			t.Errorf("%s leads to a node that is none", e.To)
		}
	}
}

// TestTenThousandContracts would not end if any step compared all with all, or
// followed a chain of needs for each of its links to the end.
func TestTenThousandContracts(t *testing.T) {
	const n = 10_000
	var facts Facts
	var contracts []*contract.Contract
	for i := range n {
		c := declares(fmt.Sprintf("c%d", i), []string{fmt.Sprintf("github-secret:S%d", i), fmt.Sprintf("prod=vault!kv/s%d#v", i), "env:DATABASE_URL"}, fmt.Sprintf("github:ci.yml#j%d", i))
		c.Needs = []string{fmt.Sprintf("c%d", i+1)}
		contracts = append(contracts, c)
		u := githubUse(fmt.Sprintf("S%d", i), "production", fmt.Sprintf("j%d", i))
		if i%10 == 0 {
			u.Name, u.Confidence = "", Wildcard
		}
		facts.Uses = append(facts.Uses, u)
		if i%100 == 0 {
			facts.Grants = append(facts.Grants, Grant{Identity: fmt.Sprintf("vault-role:r%d", i), Pattern: "kv/*", Store: "vault"})
		}
		facts.Objects = append(facts.Objects, Object{Slot: fmt.Sprintf("tf:a//x.s%d", i), Name: "same"})
	}
	g := join(facts, contracts...)
	if got := len(g.Document().Root.Get("contracts").Fields); got != n {
		t.Errorf("%d contracts", got)
	}
	if got := len(g.Reach("contract:c9999")); got < n {
		t.Errorf("%d nodes depend on what all need", got)
	}
}

func TestEachKeyOfAnEntryIsItsOwnContracts(t *testing.T) {
	facts := Facts{Uses: []Use{podUse("shop/app#a"), podUse("shop/app#b")}, Supplies: []Supply{
		{Slot: "k8s-secret:shop/app", From: "kv/app", Mechanism: "external-secret", Platform: "kubernetes", At: at("es.yaml")},
	}}
	g := join(facts, declares("first", []string{"prod=vault!kv/app#a"}), declares("second", []string{"prod=vault!kv/app#b"}))
	for i, want := range []string{"first", "second"} {
		if claims := g.Uses[i].Claims; len(claims) != 1 || claims[0].Secret.Name != want {
			t.Errorf("%s is claimed by %d contracts, want %s alone", g.Uses[i].Slot, len(claims), want)
		}
	}
}
