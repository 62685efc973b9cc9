package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// joined parses files and joins them.
func joined(t *testing.T, files map[string]string) *lint.Document {
	t.Helper()
	var facts []Facts
	for path, text := range files {
		docs, findings := parse.Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		for _, f := range findings {
			t.Fatalf("%s: %s", f.Location, f.Message)
		}
		for _, doc := range docs {
			facts = append(facts, Collect(doc))
			if linked := pipeline.Link(doc, nil); linked != nil {
				facts = append(facts, Collect(linked))
			}
		}
	}
	return Join(facts, Options{Complete: true}).Document()
}

// show writes uses, objects and contracts, a line each.
func show(doc *lint.Document) string {
	var b strings.Builder
	for _, kind := range []string{"uses", "objects"} {
		for _, item := range doc.Root.Get(kind).List() {
			fmt.Fprintf(&b, "%s %s", item.Span.Location(), item.Get("slot").Str())
			for _, key := range []string{"consumer", "delivery", "confidence", "environment", "tier"} {
				if text := item.Get(key).Str(); text != "" {
					fmt.Fprintf(&b, " %s=%s", key, text)
				}
			}
			for _, claim := range item.Get("claims").List() {
				fmt.Fprintf(&b, " [%s %s listed=%s]", claim.Get("contract").Str(), claim.Get("environment").Str(), claim.Get("listed").Text)
			}
			b.WriteByte('\n')
		}
	}
	for _, field := range doc.Root.Get("contracts").Object() {
		item := field.Value
		fmt.Fprintf(&b, "%s %s used=%s\n", item.Span.Location(), item.Get("name").Str(), item.Get("used").Text)
	}
	return b.String()
}

const catalog = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  environments:
    prod: {tier: prod, match: {github: [production], kubernetes: [shop]}}
    staging: {tier: nonprod, match: {github: [staging], kubernetes: ["*-staging"]}}
`

const declared = `apiVersion: policyctl.dev/v1
kind: SecretContract
metadata:
  name: token
spec:
  purpose: Publishes the packages of the shop.
  class: api-key
  environments:
    prod:
      store: vault
      path: kv/shop/token
      key: value
      references: {github: [production/TOKEN]}
    staging:
      references: {kubernetes: ["shop-staging/token#value"]}
  consumers:
    - workload: github:.github/workflows/ci.yml#release
`

func workflow(env string) string {
	return "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n" + env + "    steps:\n      - run: make\n        env:\n          T: ${{ secrets.token }}\n"
}

func TestJoin(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"an environment's secret goes before the repository's", map[string]string{
			".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared, ".github/workflows/ci.yml": workflow("    environment: production\n"),
		}, ".github/workflows/ci.yml:9:18 github-secret:production/TOKEN consumer=github:.github/workflows/ci.yml#release delivery=env confidence=exact environment=prod tier=prod [token prod listed=true]\n" +
			"t.secret.yaml:4:9 token used=true\n"},
		{"a claim of an environment covers no other", map[string]string{
			".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared, ".github/workflows/ci.yml": workflow(""),
		}, ".github/workflows/ci.yml:8:18 github-secret:TOKEN consumer=github:.github/workflows/ci.yml#release delivery=env confidence=exact\n" +
			"t.secret.yaml:4:9 token used=false\n"},
		{"a Secret that an operator makes is declared by what supplies it", map[string]string{
			".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared,
			"pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n    - name: web\n      env:\n        - {name: T, valueFrom: {secretKeyRef: {name: synced, key: t}}}\n",
			"es.yaml":  "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x, namespace: shop}\nspec:\n  target: {name: synced}\n  data:\n    - {secretKey: t, remoteRef: {key: kv/shop/token, property: value}}\n",
		}, "pod.yaml:8:54 k8s-secret:shop/synced#t consumer=kubernetes:shop/Pod/web delivery=env confidence=exact environment=prod tier=prod [token prod listed=false]\n" +
			"t.secret.yaml:4:9 token used=true\n"},
		{"a whole Secret is declared by a claim on one of its keys", map[string]string{
			".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared,
			"pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop-staging}\nspec:\n  containers:\n    - name: web\n      envFrom: [{secretRef: {name: token}}]\n",
		}, "pod.yaml:7:36 k8s-secret:shop-staging/token consumer=kubernetes:shop-staging/Pod/web delivery=env confidence=exact environment=staging tier=nonprod [token staging listed=false]\n" +
			"t.secret.yaml:4:9 token used=true\n"},
		{"what the whole pipeline gets, each job gets", map[string]string{
			".github/workflows/ci.yml": "on: push\nenv: {T: '${{ secrets.T }}'}\njobs:\n  a: {runs-on: x, steps: [{run: make}]}\n  b: {runs-on: x, steps: [{run: make}]}\n",
		}, ".github/workflows/ci.yml:2:15 github-secret:T consumer=github:.github/workflows/ci.yml#a delivery=env confidence=exact\n" +
			".github/workflows/ci.yml:2:15 github-secret:T consumer=github:.github/workflows/ci.yml#b delivery=env confidence=exact\n"},
		{"a manifest without a namespace is for any", map[string]string{
			".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared,
			"pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  imagePullSecrets: [{name: token}]\n",
		}, "pod.yaml:5:29 k8s-secret:default/token consumer=kubernetes:shop-staging/Pod/web delivery=file confidence=exact environment=staging tier=nonprod [token staging listed=false]\n" +
			"t.secret.yaml:4:9 token used=true\n"},
		{"the files of one Compose project share secrets", map[string]string{
			"t.secret.yaml":         "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata:\n  name: db\nspec:\n  class: db-password\n  references: {compose: [\"compose.yaml#db\"]}\n",
			"compose.override.yaml": "services:\n  web:\n    secrets: [db]\n",
		}, "compose.override.yaml:3:15 compose-secret:compose.override.yaml#db consumer=compose:compose.override.yaml#web delivery=file confidence=exact [db  listed=true]\n" +
			"t.secret.yaml:4:9 db used=true\n"},
		{"secrets of Compose, of builds and of stores", map[string]string{
			"compose.yaml": "services:\n  web:\n    secrets: [db]\nsecrets:\n  db: {file: ./db}\n",
			"Dockerfile":   "FROM scratch\nRUN --mount=type=secret,id=npm npm ci\n",
			"infra/s.tf":   "resource \"aws_secretsmanager_secret\" \"db\" {\n  name = \"prod/db\"\n}\n",
		}, "Dockerfile:2:13 docker-secret:npm consumer=docker:Dockerfile delivery=file confidence=exact\n" +
			"compose.yaml:3:15 compose-secret:compose.yaml#db consumer=compose:compose.yaml#web delivery=file confidence=exact\n" +
			"infra/s.tf:1:38 tf:infra//aws_secretsmanager_secret.db\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(joined(t, tt.files))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEntryThatSuppliesAnotherEnvironment(t *testing.T) {
	doc := joined(t, map[string]string{
		".policyctl/catalog.yaml": catalog, "t.secret.yaml": declared,
		"es.yaml": "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x, namespace: shop-staging}\nspec:\n  target: {name: token}\n  data:\n    - {secretKey: value, remoteRef: {key: kv/shop/token, property: value}}\n",
	})
	supply := doc.Root.Get("supplies").List()[0]
	claim := supply.Get("claims").List()[0]
	got := fmt.Sprintf("%s %s in %s from %s of %s", supply.Span.Location(), supply.Get("slot").Str(), supply.Get("environment").Str(), supply.Get("name").Str(), claim.Get("environment").Str())
	if want := "es.yaml:7:43 shop-staging/token#value in staging from kv/shop/token#value of prod"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		locator, consumer string
		want              bool
	}{
		{"github:a.yml#b", "github:a.yml#b", true},
		{"github:a.yml", "github:a.yml#b", true},
		{"github:a.yml#*", "github:a.yml#b", true},
		{"github:a.yml#c", "github:a.yml#b", false},
		{"kubernetes:shop/Deployment/*", "kubernetes:shop/Deployment/web", true},
		{"kubernetes:shop/*", "kubernetes:shop/Deployment/web", false},
	}
	for _, tt := range tests {
		if got := matches(tt.locator, tt.consumer); got != tt.want {
			t.Errorf("matches(%q, %q) = %t", tt.locator, tt.consumer, got)
		}
	}
}
