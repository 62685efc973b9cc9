package graph_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/policies"
)

func place(file string) lint.Span {
	return lint.Span{Source: &lint.Source{Path: file, Data: []byte("x")}, End: 1}.Detach()
}

// company makes the facts of a company with n secrets. Each is declared, supplied
// to a cluster, and used by five of n/2 workloads and four of n/2 jobs; some are
// made and rotated by infrastructure code and read by applications. Some jobs get
// all secrets of their environment, and one identity may read all.
func company(n int) []graph.Facts {
	var facts []graph.Facts
	for i := range n {
		f := graph.Facts{Contract: declaration(i)}
		f.Supplies = []graph.Supply{{Slot: fmt.Sprintf("k8s-secret:shop/s%d#v", i), From: fmt.Sprintf("kv/s%d#v", i), Mechanism: "external-secret", Refresh: 3600,
			Platform: "kubernetes", Environment: "shop", At: place(fmt.Sprintf("deploy/s%d.yaml", i))}}
		for k := range 5 {
			f.Uses = append(f.Uses, graph.Use{Platform: "kubernetes", Name: fmt.Sprintf("shop/s%d#v", i), Slot: fmt.Sprintf("k8s-secret:shop/s%d#v", i), Scope: "shop",
				Consumer: deployment((i + k) % (n / 2)), Delivery: "env", Variable: fmt.Sprintf("S%d", i), Confidence: graph.Exact, Environment: "shop", At: place(fmt.Sprintf("deploy/w%d.yaml", (i+k)%(n/2)))})
		}
		for k := range 4 {
			f.Uses = append(f.Uses, graph.Use{Platform: "github", Name: fmt.Sprintf("S%d", i), Slot: fmt.Sprintf("github-secret:S%d", i), Scope: "production",
				Consumer: job((i + k) % (n / 2)), Delivery: "env", Confidence: graph.Exact, Environment: "production", HoldsValue: true, At: place(fmt.Sprintf(".github/workflows/p%d.yml", (i+k)%(n/2)/10))})
		}
		if i < n/2 {
			f.Workloads = []graph.Workload{{ID: deployment(i), Platform: "kubernetes", Kind: "Deployment", Identity: "kubernetes-sa:shop/app", Restarts: i%10 > 0, At: place(fmt.Sprintf("deploy/w%d.yaml", i))},
				{ID: job(i), Platform: "github", Kind: "job", Binds: true, At: place(fmt.Sprintf(".github/workflows/p%d.yml", i/10))}}
		}
		if i%10 == 0 {
			made(&f, i)
		}
		facts = append(facts, f)
	}
	return facts
}

// made adds what infrastructure code and applications say of a secret.
func made(f *graph.Facts, i int) {
	entry, at := fmt.Sprintf("kv/s%d", i), place(fmt.Sprintf("infra/s%d.tf", i))
	f.Objects = []graph.Object{{Slot: fmt.Sprintf("tf:infra//vault_kv_secret_v2.s%d", i), Name: entry, Type: "vault_kv_secret_v2", StoreType: "vault", Folder: "infra", At: at}}
	f.Rotations = []graph.Rotation{{Slot: fmt.Sprintf("tf:infra//rotation.s%d", i), TargetName: entry, Interval: 90 * 86400, At: at}}
	f.Grants = []graph.Grant{{Identity: "kubernetes-sa:shop/app", Pattern: entry, Store: "vault", Action: "read", At: at}}
	f.Readers = []graph.Reader{{Kind: "env", Name: fmt.Sprintf("S%d", i), At: place("app/main.go")}}
	if i%100 == 0 {
		f.Uses = append(f.Uses, graph.Use{Platform: "github", Slot: "github-secret:", Scope: "production", Consumer: job(i / 2), Delivery: "input",
			Confidence: graph.Wildcard, Environment: "production", At: place(fmt.Sprintf(".github/workflows/p%d.yml", i/20))})
		f.Grants = append(f.Grants, graph.Grant{Identity: "vault-role:all", Pattern: "kv/*", Store: "vault", Wildcard: true, Action: "read", At: at})
	}
}

func deployment(i int) string { return fmt.Sprintf("kubernetes:shop/Deployment/w%d", i) }

func job(i int) string { return fmt.Sprintf("github:.github/workflows/p%d.yml#j%d", i/10, i) }

func declaration(i int) *contract.Contract {
	text := fmt.Sprintf(`apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: s%d}
spec:
  purpose: Opens the service with this number for the shop.
  class: api-key
  owner: {team: t%d, escalation: "mailto:team@example.com"}
  risk: {rating: high}
  lifetime: {kind: static, justification: The service knows nothing else.}
  rotation: {interval: 90d, method: store, automation: "github:.github/workflows/p%d.yml", overlap: 1d}
  renewal: {method: manual}
  revocation: {method: api, within: 4h}
  environments:
    prod: {store: main, path: kv/s%d, key: v, references: {kubernetes: [shop/s%d#v], github: [S%d]}}
  delivery: [env]
  consumers: [{workload: "kubernetes:shop/Deployment/*"}, {workload: "github:.github/workflows/p%d.yml"}, {workload: "github:.github/workflows/*"}]
  dependencies: {needs: [s%d]}
  runbook: docs/r%d.md
status: {lastRotated: 2026-10-01}
`, i, i%20, i%50, i, i, i, i/20, i%50, i%50)
	docs, findings := parse.Parse([]*lint.Source{{Path: fmt.Sprintf("secrets/s%d.secret.yaml", i), Data: []byte(text)}}, nil)
	if len(findings) > 0 {
		panic(findings[0].Message)
	}
	return graph.Collect(docs[0]).Contract
}

// BenchmarkGraph joins, encodes and judges graphs of 300, 3,000 and 10,000
// contracts: ten times the contracts must not cost much more than ten times.
func BenchmarkGraph(b *testing.B) {
	program, err := eval.Load(context.Background(), eval.Options{
		Packs:     []eval.Pack{{FS: policies.FS, Trusted: true}},
		Platforms: append(parse.Platforms(), pipeline.Platform, graph.Platform),
		Tiers:     []lint.Tier{lint.Default, lint.Strict, lint.Audit}, Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Deadline: time.Minute,
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := program.Evaluate(context.Background(), graph.Join(nil, graph.Options{}).Document(), nil); err != nil { // compiles
		b.Fatal(err)
	}
	for _, n := range []int{300, 3000, 10_000} {
		facts := company(n)
		b.Run(fmt.Sprintf("join/%d", n), func(b *testing.B) {
			before := cpu()
			for b.Loop() {
				graph.Join(facts, graph.Options{Complete: true}).Document()
			}
			report(b, n, before)
		})
		b.Run(fmt.Sprintf("all/%d", n), func(b *testing.B) {
			before := cpu()
			var g *graph.Graph
			for b.Loop() {
				g = graph.Join(facts, graph.Options{Complete: true})
				if _, failures, err := program.Evaluate(context.Background(), g.Document(), nil); err != nil || len(failures) > 0 {
					b.Fatal(failures, err)
				}
			}
			report(b, n, before)
			b.ReportMetric(float64(len(g.Nodes())), "nodes")
			b.ReportMetric(float64(len(g.Edges())), "edges")
		})
	}
}

// cpu is the time that all threads of the process took: other processes on the
// machine make no difference.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func report(b *testing.B, n int, before time.Duration) {
	used := (cpu() - before) / time.Duration(b.N)
	b.ReportMetric(used.Seconds(), "cpu-s")
	b.ReportMetric(float64(used.Microseconds())/float64(n), "µs/contract")
}
