package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

// agreement is a contract of which a case changes some lines.
const agreement = `apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: token}
spec:
  class: api-key
  purpose: Publishes the packages of the shop.
  state: active
  environments: {prod: {}, staging: {}}
  delivery: [env, file]
  consumers:
    - workload: kubernetes:shop/Deployment/web
    - workload: github:.github/workflows/ci.yml
      environments: [prod]
    - workload: "kubernetes:batch/CronJob/*"
      identity: kubernetes-sa:batch/runner
      scopes: [read]
      until: 2026-08-01
`

func TestAuthorize(t *testing.T) {
	web := Request{Contract: "token", Workload: "kubernetes:shop/Deployment/web", Environment: "prod"}
	job := Request{Contract: "token", Workload: "kubernetes:batch/CronJob/night", Environment: "prod", Identity: "kubernetes-sa:batch/runner", Scope: "read"}
	with := func(r Request, change func(*Request)) Request { change(&r); return r }
	tests := []struct {
		name    string
		edit    string // old|new
		request Request
		want    string
	}{
		{"a listed workload", "", web, "allow\n11:7 contract token lists kubernetes:shop/Deployment/web as a consumer\n"},
		{"a delivery that is allowed", "", with(web, func(r *Request) { r.Delivery = "file" }), "allow\n11:7 contract token lists kubernetes:shop/Deployment/web as a consumer\n"},
		{"a file stands for its jobs", "", with(web, func(r *Request) { r.Workload = "github:.github/workflows/ci.yml#release" }), "allow\n12:7 contract token lists github:.github/workflows/ci.yml as a consumer\n"},
		{"a wildcard, an identity and a scope", "", job, "allow\n14:7 contract token lists kubernetes:batch/CronJob/* as a consumer\n"},
		{"a deprecated contract that has time", "state: active|state: deprecated", web, "allow\n11:7 contract token lists kubernetes:shop/Deployment/web as a consumer\n"},
		{"an entry that grants goes before one that does not", "    - workload: github|    - {workload: kubernetes:shop/Deployment/web, environments: [staging]}\n    - workload: github", with(web, func(r *Request) { r.Environment = "staging" }),
			"allow\n11:7 contract token lists kubernetes:shop/Deployment/web as a consumer\n"},

		{"no such contract", "", with(web, func(r *Request) { r.Contract = "tokem" }), "deny\n- there is no contract \"tokem\", did you mean \"token\"?\n"},
		{"nobody of that name", "", with(web, func(r *Request) { r.Workload = "kubernetes:shop/Deployment/website" }), "deny\n11:5 contract token does not list \"kubernetes:shop/Deployment/website\" as a consumer\n"},
		{"a pattern is no way around names", "", with(web, func(r *Request) { r.Workload = "kubernetes:*/*/*" }), "deny\n11:5 contract token does not list \"kubernetes:*/*/*\" as a consumer\n"},
		{"a wildcard ends at a slash", "", with(job, func(r *Request) { r.Workload = "kubernetes:batch/CronJob/a/b" }), "deny\n11:5 contract token does not list \"kubernetes:batch/CronJob/a/b\" as a consumer\n"},
		{"an empty workload", "", with(web, func(r *Request) { r.Workload = "" }), "deny\n11:5 contract token does not list \"\" as a consumer\n"},
		{"a contract that lists nobody", agreement[strings.Index(agreement, "  consumers:"):] + "|", web, "deny\n4:1 contract token does not list \"kubernetes:shop/Deployment/web\" as a consumer\n"},
		{"an environment that the contract does not have", "", with(web, func(r *Request) { r.Environment = "qa" }), "deny\n8:17 contract token does not cover environment \"qa\"; it is for prod, staging\n"},
		{"no environment", "", with(web, func(r *Request) { r.Environment = "" }), "deny\n8:17 contract token does not cover environment \"\"; it is for prod, staging\n"},
		{"a contract without environments", "  environments: {prod: {}, staging: {}}\n|", web, "deny\n4:1 contract token does not cover environment \"prod\"; it names none\n"},
		{"an environment that the entry does not have", "", with(web, func(r *Request) {
			r.Workload, r.Environment = "github:.github/workflows/ci.yml#release", "staging"
		}), "deny\n13:21 github:.github/workflows/ci.yml is allowed in prod only, not in \"staging\"\n"},
		{"a proposed contract", "state: active|state: proposed", web, "deny\n7:10 contract token is proposed\n"},
		{"a retired contract", "state: active|state: retired", web, "deny\n7:10 contract token is retired\n"},
		{"a deprecated contract that ended", "state: active|state: deprecated\n  until: 2026-06-30", web, "deny\n8:10 contract token is deprecated, and ended on 2026-06-30\n"},
		{"a secret that was given up", "spec:|status: {retired: 2026-06-30}\nspec:", web, "deny\n4:19 the secret of contract token was given up on 2026-06-30\n"},
		{"a time that ended", "2026-08-01|2026-06-30", job, "deny\n17:14 the time of kubernetes:batch/CronJob/* ended on 2026-06-30\n"},
		{"another identity", "", with(job, func(r *Request) { r.Identity = "kubernetes-sa:batch/default" }),
			"deny\n15:17 kubernetes:batch/CronJob/* is allowed as kubernetes-sa:batch/runner only, not as \"kubernetes-sa:batch/default\"\n"},
		{"no identity where one is asked for", "", with(job, func(r *Request) { r.Identity = "" }),
			"deny\n15:17 kubernetes:batch/CronJob/* is allowed as kubernetes-sa:batch/runner only, and the request names no identity\n"},
		{"another scope", "", with(job, func(r *Request) { r.Scope = "write" }), "deny\n16:15 kubernetes:batch/CronJob/* is allowed read only, not \"write\"\n"},
		{"another delivery", "", with(web, func(r *Request) { r.Delivery = "image" }), "deny\n9:13 contract token does not allow delivery by \"image\"; it allows only env, file\n"},
		{"a delivery where the contract names none", "  delivery: [env, file]\n|", with(web, func(r *Request) { r.Delivery = "env" }), "deny\n4:1 contract token does not allow delivery by \"env\"; it names none\n"},
		{"all that stands against it", "state: active|state: retired", Request{Contract: "token", Workload: "x:y", Environment: "qa", Delivery: "image"},
			"deny\n7:10 contract token is retired\n8:17 contract token does not cover environment \"qa\"; it is for prod, staging\n" +
				"11:5 contract token does not list \"x:y\" as a consumer\n9:13 contract token does not allow delivery by \"image\"; it allows only env, file\n"},
	}
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before, after, _ := strings.Cut(test.edit, "|")
			got := decided(declaring(t, strings.Replace(agreement, before, after, 1)).Authorize(test.request, now))
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// declaring joins one contract, as it is written.
func declaring(t *testing.T, text string) *Graph {
	t.Helper()
	docs, findings := parse.Parse([]*lint.Source{{Path: "token.secret.yaml", Data: []byte(text)}}, nil)
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%d documents, findings %v", len(docs), findings)
	}
	return Join([]Facts{Collect(docs[0])}, Options{Complete: true})
}

func decided(d Decision) string {
	var b strings.Builder
	b.WriteString(map[bool]string{true: "allow\n", false: "deny\n"}[d.Allowed])
	for _, r := range d.Reasons {
		place := "-"
		if r.At.Path != "" {
			place = fmt.Sprintf("%d:%d", r.At.Start.Line, r.At.Start.Column)
		}
		fmt.Fprintf(&b, "%s %s\n", place, r.Message)
	}
	return b.String()
}

// TestAuthorizeAgreesWithTheGraph: who is denied for not being listed is who the
// graph finds to be used by somebody that is not listed.
func TestAuthorizeAgreesWithTheGraph(t *testing.T) {
	g := declaring(t, agreement)
	s := g.Secret("token")
	for _, workload := range []string{
		"kubernetes:shop/Deployment/web", "kubernetes:shop/Deployment/web2", "github:.github/workflows/ci.yml#a", "github:.github/workflows/ci.yml",
		"kubernetes:batch/CronJob/x", "kubernetes:batch/Job/x", "app:web",
	} {
		for environment := range s.Environments {
			listed, _ := lists(s, []string{workload}, environment)
			decision := g.Authorize(Request{Contract: "token", Workload: workload, Environment: environment, Identity: "kubernetes-sa:batch/runner"}, time.Unix(0, 0))
			if decision.Allowed != listed {
				t.Errorf("%s in %s: listed %t, allowed %t %v", workload, environment, listed, decision.Allowed, decision.Reasons)
			}
		}
	}
}

func FuzzAuthorize(f *testing.F) {
	f.Add("kubernetes:shop/Deployment/web", "prod", "")
	f.Add("kubernetes:batch/CronJob/[", "staging", "kubernetes-sa:batch/runner")
	docs, _ := parse.Parse([]*lint.Source{{Path: "token.secret.yaml", Data: []byte(agreement)}}, nil)
	g := Join([]Facts{Collect(docs[0])}, Options{})
	f.Fuzz(func(t *testing.T, workload, environment, identity string) {
		d := g.Authorize(Request{Contract: "token", Workload: workload, Environment: environment, Identity: identity}, time.Unix(0, 0))
		if len(d.Reasons) == 0 {
			t.Error("a decision without a reason")
		}
		known := slices.Contains([]string{"prod", "staging"}, environment)
		if d.Allowed && (!known || !strings.HasPrefix(workload, "kubernetes:") && !strings.HasPrefix(workload, "github:.github/workflows/ci.yml")) {
			t.Errorf("%q in %q is allowed", workload, environment)
		}
	})
}
