package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// documents parses files, given as path and text in turn.
func documents(t *testing.T, files ...string) []*lint.Document {
	t.Helper()
	var all []*lint.Document
	for i := 0; i < len(files); i += 2 {
		docs, findings := contract.Parse([]*lint.Source{{Path: files[i], Data: []byte(files[i+1])}})
		if len(findings) > 0 {
			t.Fatalf("unexpected findings: %v", findings)
		}
		all = append(all, docs...)
	}
	return all
}

const payments = `apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: payments-db}
spec:
  class: db-password
  owner: {team: payments}
  risk: {rating: critical}
  delivery: [file, csi]
  environments:
    staging: {store: aws, path: payments/staging}
    prod:
      store: aws
      path: payments/prod
      key: password
      expires: 2027-01-15
      references: {kubernetes: [payments/db#password]}
  consumers:
  - workload: kubernetes:payments/Deployment/api
    environments: [prod]
    identity: kubernetes-sa:payments/api
  - workload: github:.github/workflows/migrate.yml#migrate
    until: 2026-12-31T00:00:00Z
  references:
    github: [Db_Password, Production/db_password]
    gitlab: ["prod/*:DB"]
    azure-devops: [group/DB]
    circleci: [ctx/DB]
    jenkins: [db-id]
    terraform: [./infra//aws_db.main, infra/prod//var.db, aws_db.main, var.db]
    compose: [./compose.yml#db]
    docker: [db]
    env: [PGPASSWORD]
    sops: [secrets//a.yaml#db.password]
`

func TestFromDocument(t *testing.T) {
	c := FromDocument(documents(t, "a.secret.yaml", payments)[0])
	if c.Name != "payments-db" || c.Class != "db-password" || c.State != "active" || c.Owner != "payments" || c.Rating != "critical" {
		t.Errorf("got %+v", c)
	}
	if diff := cmp.Diff([]string{"file", "csi"}, c.Delivery); diff != "" {
		t.Error(diff)
	}
	prod := c.Environments["prod"]
	if prod.Object() != "aws:payments/prod#password" || prod.Expires != 1800057599000000000 || c.Environments["staging"].Object() != "aws:payments/staging" {
		t.Errorf("got %+v", c.Environments)
	}
	var consumers []string
	for _, consumer := range c.Consumers {
		text, _ := json.Marshal([]any{consumer.Workload, consumer.Environments, consumer.Identity, consumer.Until, consumer.At.String()})
		consumers = append(consumers, string(text))
	}
	wantConsumers := []string{
		`["kubernetes:payments/Deployment/api",["prod"],"kubernetes-sa:payments/api",0,"spec.consumers[0]"]`,
		`["github:.github/workflows/migrate.yml#migrate",null,"",1798675200000000000,"spec.consumers[1]"]`,
	}
	if diff := cmp.Diff(wantConsumers, consumers); diff != "" {
		t.Error(diff)
	}
}

func TestClaims(t *testing.T) {
	c := FromDocument(documents(t, "a.secret.yaml", payments)[0])
	var got []string
	for _, claim := range c.Claims {
		if place, err := c.Document.Locate(claim.At, lint.Spot{}); err != nil || place.Location != claim.Span.Location() {
			t.Errorf("%s: the path leads to %v (%v), the span to %v", claim.Slot, place.Location, err, claim.Span.Location())
		}
		got = append(got, strings.TrimSuffix(claim.Slot+" "+claim.Environment, " ")+" @ "+string(claim.Span.Text()))
	}
	want := []string{
		"github-secret:DB_PASSWORD @ Db_Password",
		"github-secret:Production/DB_PASSWORD @ Production/db_password",
		`gitlab-var:prod/*:DB @ "prod/*:DB"`,
		"azdo-var:group/DB @ group/DB",
		"circleci-context:ctx/DB @ ctx/DB",
		"jenkins-cred:db-id @ db-id",
		"tf:infra//aws_db.main @ ./infra//aws_db.main",
		"tf-var:infra/prod//db @ infra/prod//var.db",
		"tf:aws_db.main @ aws_db.main",
		"tf-var:db @ var.db",
		"compose-secret:compose.yml#db @ ./compose.yml#db",
		"docker-secret:db @ db",
		"env:PGPASSWORD @ PGPASSWORD",
		"sops:secrets/a.yaml#db.password @ secrets//a.yaml#db.password",
		"k8s-secret:payments/db#password prod @ payments/db#password",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsInvalidIsLeftOut(t *testing.T) {
	docs, findings := contract.Parse([]*lint.Source{{Path: "a.secret.yaml", Data: []byte(`apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: db}
spec:
  class: 5
  environments: {prod: 5}
  consumers: [5, {scopes: [a]}, {workload: app:x}]
  references: {kubernetes: [db, 5], compose: db, nowhere: [a]}
`)}})
	if len(findings) == 0 {
		t.Fatal("nothing is reported")
	}
	c := FromDocument(docs[0])
	if len(c.Claims) != 0 || len(c.Consumers) != 1 || c.Consumers[0].At.String() != "spec.consumers[2]" || c.Environments["prod"].Object() != "" {
		t.Errorf("got %+v", c)
	}
}

const catalog = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  environments:
    staging:
      tier: nonprod
      match: {github: [staging], gitlab: ["staging/*"], kubernetes: ["*-staging"], terraform: ["envs/staging/**"]}
    prod:
      tier: prod
      match: {github: [production], kubernetes: [payments, "*"], terraform: ["envs/**/prod", "**"]}
`

func TestCatalog(t *testing.T) {
	c := CatalogFrom(documents(t, ".policyctl/catalog.yaml", catalog)[0])
	if diff := cmp.Diff([]string{"staging", "prod"}, c.Environments()); diff != "" {
		t.Error(diff)
	}
	tests := []struct{ name, platform, text, want string }{
		{"a name", "github", "production", "prod"},
		{"an unknown name", "github", "preview", ""},
		{"a name of the catalogue, where the platform has others", "github", "prod", ""},
		{"a name of the catalogue, where the platform has none", "gitlab", "prod", "prod"},
		{"a star within a segment", "gitlab", "staging/x", "staging"},
		{"a star does not cross a slash", "gitlab", "staging/x/y", ""},
		{"the first that matches", "kubernetes", "payments-staging", "staging"},
		{"two stars match nothing at all", "terraform", "envs/staging", "staging"},
		{"two stars match folders", "terraform", "envs/staging/a/b", "staging"},
		{"two stars in the middle", "terraform", "envs/eu/west/prod", "prod"},
		{"an unknown platform", "jenkins", "x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.Environment(tt.platform, tt.text); got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
	if c.Tier("prod") != "prod" || c.Tier("staging") != "nonprod" || c.Tier("other") != "" {
		t.Error("wrong tiers")
	}
	if (Catalog{}).Environment("github", "production") != "" {
		t.Error("the zero catalogue knows an environment")
	}
}

func TestAPatternOfManyStarsIsCheap(t *testing.T) {
	begin := time.Now()
	matches(strings.Repeat("**/", 300)+"x", strings.Repeat("a/", 300)+"b")
	matches(strings.Repeat("*a", 300), strings.Repeat("a", 3000)+"b")
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestRulesAreComplete(t *testing.T) {
	for _, rule := range Rules() {
		if rule.Title == "" || rule.Description == "" || rule.Fix == "" || rule.Severity == 0 || rule.Tier == 0 || rule.Kind() != "contract" {
			t.Errorf("%+v", rule)
		}
	}
	if len(Rules()) == 0 {
		t.Error("no rules")
	}
}

func TestEveryPlatformOfTheSchemaHasSlots(t *testing.T) {
	for _, platform := range slices.Sorted(maps.Keys(slots)) {
		text := "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: a}\nspec: {class: x, references: {" + platform + ": []}}\n"
		if _, findings := contract.Parse([]*lint.Source{{Path: "a.secret.yaml", Data: []byte(text)}}); len(findings) > 0 {
			t.Errorf("%s: %s", platform, findings[0].Message)
		}
	}
}
