package graph

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

const described = `apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: db}
spec:
  purpose: Opens the database of the shop.
  class: db-password
  owner: {team: shop}
  risk: {rating: high}
  lifetime: {kind: static, justification: The database knows nothing else.}
  rotation: {interval: 90d, method: store, automation: "terraform:rotation.db"}
  revocation: {method: api, within: 4h, automation: "github:.github/workflows/revoke.yml"}
  environments:
    prod: {store: main, path: shop/db, references: {kubernetes: [shop/db]}}
  consumers: [{workload: kubernetes:shop/Deployment/web}]
  runbook: docs/db.md
status: {lastRotated: 2026-01-01}
`

const fullCatalog = `apiVersion: policyctl.dev/v1
kind: SecretCatalog
metadata: {name: acme}
spec:
  teams: {shop: {escalation: "mailto:shop@example.com"}}
  environments: {prod: {tier: prod, role: writer, match: {kubernetes: [shop]}}}
  stores: {main: {type: aws-secretsmanager, environment: prod, owner: platform}}
`

// facts are those of the documents above, and of files that nobody wrote.
func facts(t *testing.T) []Facts {
	t.Helper()
	all := []Facts{{
		Uses: []Use{{Platform: "kubernetes", Name: "shop/db#url", Slot: "k8s-secret:shop/db#url", Scope: "shop", Consumer: "kubernetes:shop/Deployment/web", Delivery: "env",
			Variable: "DB", Confidence: Exact, Environment: "shop", HoldsValue: true, At: at("pod.yaml")}},
		Objects:   []Object{{Slot: "tf:infra//aws_secretsmanager_secret.db", Name: "shop/db", Type: "aws_secretsmanager_secret", StoreType: "aws-secretsmanager", Encryption: "default", Folder: "infra", At: at("infra/db.tf")}},
		Rotations: []Rotation{{Slot: "tf:infra//rotation.db", TargetName: "shop/db", Interval: 86400, At: at("infra/db.tf")}},
		Workloads: []Workload{
			{ID: "kubernetes:shop/Deployment/web", Platform: "kubernetes", Kind: "Deployment", Identity: "kubernetes-sa:shop/web", Restarts: true, At: at("pod.yaml")},
			{ID: "github:.github/workflows/revoke.yml#run", Platform: "github", Kind: "job", ManualOnly: true, Logins: []string{"aws"}, At: at(".github/workflows/revoke.yml")},
		},
	}}
	for path, text := range map[string]string{"db.secret.yaml": described, ".policyctl/catalog.yaml": fullCatalog} {
		docs, findings := parse.Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		if len(findings) > 0 {
			t.Fatal(findings[0].Message)
		}
		all = append(all, Collect(docs[0]))
	}
	return all
}

func TestDocument(t *testing.T) {
	g := Join(facts(t), Options{
		Complete: true,
		Owners: func(path string) []string {
			return map[string][]string{"db.secret.yaml": {"@acme/shop", "@acme/security"}, "pod.yaml": {"@acme/web"}}[path]
		},
		History: func(path string) (History, bool) {
			return History{First: 1, Changed: 2, Rotated: map[string]int64{"db": 3, "tf:infra//aws_secretsmanager_secret.db": 4}}, path != "docs/db.md"
		},
		Exists: func(path string) bool { return path == "docs/db.md" },
	})
	doc := g.Document()
	contract := doc.Root.Get("contracts", "db")
	contract.Remove("spec") // of the contract's file; TestPlaces has it
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	for _, part := range []*lint.Node{contract, doc.Root.Get("uses"), doc.Root.Get("objects"), doc.Root.Get("rotations"), doc.Root.Get("stores"),
		doc.Root.Get("workloads"), doc.Root.Get("automations"), doc.Root.Get("runbooks"), doc.Root.Get("teams"), doc.Root.Get("environments")} {
		value, err := eval.JSON(part)
		if err != nil {
			t.Fatal(err)
		}
		if err := encoder.Encode(value); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"changed_ns":2,"claims":1,"class":"db-password","codeowners":["@acme/shop","@acme/security"],"file":"db.secret.yaml","first_ns":1,"grants":[],"handles":["@acme/shop"],"history_status_ns":3,"line":3,"name":"db","needs":[],"objects":[0],"owner":"shop","rating":"high","rotated_ns":4,"rotations":[0],"shared_owners":["@acme/web"],"state":"active","static_roots":[],"status":{"lastRotated":"2026-01-01","lastRotated_ns":1767311999000000000},"supplies":[],"tiers":["prod"],"ttls":[],"used":true,"uses":[0],"wildcard":false}
[{"chain":[{"id":"k8s-secret:shop/db#url","message":"kubernetes:shop/Deployment/web gets k8s-secret:shop/db#url by env"}],"claims":[{"contract":"db","environment":"prod","listed":true,"narrower":false,"state":"active","tier":"prod","via_store":false}],"codeowners":["@acme/web"],"confidence":"exact","consumer":"kubernetes:shop/Deployment/web","delivery":"env","environment":"prod","file":"pod.yaml","holds_value":true,"id":"k8s-secret:shop/db#url kubernetes:shop/Deployment/web","name":"shop/db#url","namespace":"shop","platform":"kubernetes","restarts":true,"service_account":"kubernetes-sa:shop/web","slot":"k8s-secret:shop/db#url","third_party":false,"tier":"prod","variable":"DB"}]
[{"claims":[{"contract":"db","environment":"prod","listed":false,"narrower":false,"state":"active","tier":"prod","via_store":false}],"encryption":"default","entry":"shop/db","file":"infra/db.tf","id":"tf:infra//aws_secretsmanager_secret.db","name":"infra//aws_secretsmanager_secret.db","slot":"tf:infra//aws_secretsmanager_secret.db","store_type":"aws-secretsmanager","type":"aws_secretsmanager_secret"}]
[{"by_expression":false,"claims":[{"contract":"db","environment":"prod","listed":false,"narrower":false,"state":"active","tier":"prod","via_store":false}],"contracts":["db"],"id":"tf:infra//rotation.db","interval_s":86400,"name":"infra//rotation.db"}]
{"main":{"contracts":["db"],"environment":"prod","owner":"platform","teams":["shop"],"tier":"prod","type":"aws-secretsmanager"}}
{"github:.github/workflows/revoke.yml#run":{"changed_ns":2,"file":".github/workflows/revoke.yml","kind":"job","manual_only":true,"oidc_providers":["aws"],"platform":"github"},"kubernetes:shop/Deployment/web":{"changed_ns":2,"codeowners":["@acme/web"],"file":"pod.yaml","identity":"kubernetes-sa:shop/web","kind":"Deployment","manual_only":false,"platform":"kubernetes"}}
{"github:.github/workflows/revoke.yml":{"contracts":["db"],"file":".github/workflows/revoke.yml","found":true,"manual_only":true},"terraform:rotation.db":{"contracts":["db"],"file":"infra/db.tf","found":true}}
{"docs/db.md":{"contracts":["db"],"found":true}}
{"shop":{"escalation":"mailto:shop@example.com"}}
{"prod":{"match":{"kubernetes":["shop"]},"role":"writer","tier":"prod"}}
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestPlaces(t *testing.T) {
	doc := Join(facts(t), Options{}).Document()
	tests := []struct {
		path lint.Path
		want string
	}{
		{lint.Path{"contracts", "db"}, "db.secret.yaml:3:18"},
		{lint.Path{"contracts", "db", "spec", "rotation", "interval"}, "db.secret.yaml:10:24"},
		{lint.Path{"contracts", "db", "spec", "review"}, "db.secret.yaml:4:1"},
		{lint.Path{"contracts", "db", "status", "lastRotated"}, "db.secret.yaml:16:23"},
		{lint.Path{"stores", "main", "owner"}, ".policyctl/catalog.yaml:7:71"},
		{lint.Path{"automations", "terraform:rotation.db"}, "infra/db.tf:1:1"},
		{lint.Path{"uses", 0, "claims", 0}, "db.secret.yaml:3:18"},
	}
	for _, tt := range tests {
		place, err := doc.Locate(tt.path, lint.Spot{})
		if err != nil || place.Location.String() != tt.want {
			t.Errorf("%s stands at %s, %v, want %s", tt.path, place.Location, err, tt.want)
		}
	}
}
