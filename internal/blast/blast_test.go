package blast

import (
	"fmt"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
)

func joined(t *testing.T, files map[string]string) *graph.Graph {
	t.Helper()
	var facts []graph.Facts
	for path, text := range files {
		docs, findings := parse.Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		for _, f := range findings {
			t.Fatalf("%s: %s", f.Location, f.Message)
		}
		for _, doc := range docs {
			facts = append(facts, graph.Collect(doc))
			if linked := pipeline.Link(doc, nil); linked != nil {
				facts = append(facts, graph.Collect(linked))
			}
		}
	}
	return graph.Join(facts, graph.Options{Complete: true, Owners: func(path string) []string { return []string{"@" + path} }})
}

func declaring(name, spec string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: " + name + "}\nspec: {class: api-key, " + spec + "}\n"
}

const pods = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: web, env: [{name: T, valueFrom: {secretKeyRef: {name: db, key: url}}}]}]}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: shop}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: web, env: [{name: T, valueFrom: {secretKeyRef: {name: db, key: url}}}]}]}}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: reads, namespace: shop}
spec: {volumes: [{name: db, csi: {driver: d}}, {name: s, secret: {secretName: db}}], containers: [{name: web, volumeMounts: [{name: s, mountPath: /s}]}]}
`

const jobs = `on: push
jobs:
  image:
    runs-on: x
    steps: [{uses: docker/build-push-action@v6, with: {build-args: 'T=${{ secrets.DB }}'}}]
  run:
    runs-on: x
    steps: [{run: make, env: {T: '${{ secrets.DB }}', S: '${{ secrets.STRAY }}'}}]
  all:
    runs-on: x
    steps: [{run: make, env: {T: '${{ toJSON(secrets) }}'}}]
`

var repository = map[string]string{
	"db.secret.yaml": declaring("db", "environments: {prod: {store: vault, path: kv/db, key: url, copies: ['vault:kv/old'], references: {kubernetes: [shop/db#url]}}}, "+
		"references: {github: [DB]}, consumers: [{workload: 'kubernetes:shop/Deployment/web'}], dependencies: {breaks: [the till]}"),
	"key.secret.yaml":   declaring("key", "environments: {prod: {store: vault, path: kv/db, key: other}}, dependencies: {needs: [token]}"),
	"token.secret.yaml": declaring("token", "references: {kubernetes: [shop/db#token]}, dependencies: {needs: [db]}"),
	"pods.yaml":         pods, ".github/workflows/ci.yml": jobs,
}

func TestOf(t *testing.T) {
	r, err := Of(joined(t, repository), "db")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range r.Environments {
		for _, c := range e.Consumers {
			fmt.Fprintf(&b, "%s %s %s %s listed=%t %s %s\n", c.ID, c.Confidence, c.Slot, c.Delivery, c.Listed, c.Renewal, strings.Join(c.Owners, " "))
		}
	}
	for _, d := range r.NeededBy {
		fmt.Fprintf(&b, "needed by %s%s\n", d.Name, prefixed(" through ", d.Through))
	}
	for _, h := range r.Holders {
		fmt.Fprintf(&b, "%s %s %s\n", h.Kind, h.ID, h.Environment)
	}
	for _, n := range r.Neighbours {
		fmt.Fprintf(&b, "beside %s in %s\n", n.Name, n.Object)
	}
	fmt.Fprintf(&b, "breaks %v\n", r.Breaks)
	want := `github:.github/workflows/ci.yml#image exact github-secret:DB build-arg listed=false rebuild @.github/workflows/ci.yml
github:.github/workflows/ci.yml#run exact github-secret:DB env listed=false next-run @.github/workflows/ci.yml
kubernetes:shop/CronJob/night exact k8s-secret:shop/db#url env listed=false next-run @pods.yaml
kubernetes:shop/Deployment/web exact k8s-secret:shop/db#url env listed=true restart @pods.yaml
kubernetes:shop/Pod/reads exact k8s-secret:shop/db file listed=false none @pods.yaml
github:.github/workflows/ci.yml#all wildcard  env listed=false next-run @.github/workflows/ci.yml
needed by token
needed by key through token
copy vault:kv/old prod
object vault:kv/db#url prod
slot github-secret:DB 
beside key in vault:kv/db
beside token in k8s-secret:shop/db
breaks [the till]
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ name, want string }{
		{"db", "db"},
		{"github-secret:DB", "db"}, // the slot of a contract stands for it
		{"vault:kv/db#url", "db"},
		{"github-secret:STRAY", "github-secret:STRAY undeclared"},
		{"STRAY", "github-secret:STRAY undeclared"},
		{"tokem", `nothing is called "tokem", did you mean "token"?`},
		{"kubernetes:shop/Deployment/web", `"kubernetes:shop/Deployment/web" is no secret but a node of kind consumer; name a contract or a slot`},
		{"k8s-secret:shop/db", `"k8s-secret:shop/db" belongs to the contracts db, token; name one of them`},
	}
	g := joined(t, repository)
	for _, test := range tests {
		r, err := Of(g, test.name)
		got := strings.TrimSuffix(r.Secret.Name+" "+r.Secret.State, " active")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestNeedsInACircle ends.
func TestNeedsInACircle(t *testing.T) {
	r, err := Of(joined(t, map[string]string{
		"a.secret.yaml": declaring("a", "dependencies: {needs: [b]}"), "b.secret.yaml": declaring("b", "dependencies: {needs: [a]}"),
	}), "a")
	if err != nil || len(r.NeededBy) != 1 {
		t.Errorf("%v, %v", r.NeededBy, err)
	}
}

// TestNeedsInALongChain: what is printed stays short.
func TestNeedsInALongChain(t *testing.T) {
	const length = 1000
	files := map[string]string{}
	for i := range length {
		files[fmt.Sprintf("c%d.secret.yaml", i)] = declaring(fmt.Sprintf("c%d", i), fmt.Sprintf("dependencies: {needs: [c%d]}", (i+1)%length))
	}
	r, err := Of(joined(t, files), "c0")
	if err != nil || len(r.NeededBy) != Most || r.Total.NeededBy != length-1 {
		t.Fatalf("%d of %d rows, %v", len(r.NeededBy), r.Total.NeededBy, err)
	}
	if d := r.NeededBy[1]; d.Name != "c998" || d.Through != "c999" {
		t.Errorf("%v", d)
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); len(text) > 100*Most || !strings.Contains(text, "\n  c998 (through c999)  c998.secret.yaml:") || !strings.Contains(text, "\n  and 899 more\n") {
		t.Errorf("%s", text)
	}
}
