package inventory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// joined joins files to a graph.
func joined(t *testing.T, complete bool, files map[string]string) *graph.Graph {
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
	return graph.Join(facts, graph.Options{Complete: complete})
}

func declaring(spec, status string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: token}\nspec: {class: api-key, owner: {team: shop}, risk: {rating: high}, " + spec + "}\nstatus: {" + status + "}\n"
}

const workflow = `on: push
jobs:
  a:
    runs-on: x
    steps: [{run: make, env: {T: '${{ secrets.TOKEN }}', U: '${{ secrets.TOKEN }}'}}]
  b:
    runs-on: x
    steps: [{run: make, env: {T: '${{ secrets.TOKEN }}', ALL: '${{ toJSON(secrets) }}'}}]
`

func TestOf(t *testing.T) {
	const used = "references: {github: [TOKEN]}, lifetime: {kind: static}, rotation: {interval: 90d}"
	tests := []struct {
		name, spec, status string
		incomplete         bool
		want               string
	}{
		{"a secret in use", used, "lastRotated: 2026-06-01", false, "token active uses=2 static 90d rotated=2026-06-01 due=2026-08-30 []"},
		{"one that was not rotated in time", used, "lastRotated: 2026-01-01", false, "token active uses=2 static 90d rotated=2026-01-01 due=2026-04-01 [overdue]"},
		{"of which nobody knows when it was rotated", used, "", false, "token active uses=2 static 90d rotated= due= []"},
		{"the shortest interval counts", used + ", environments: {prod: {rotation: {interval: 30d}}}", "lastRotated: 2026-06-01", false,
			"token active uses=2 static 30d rotated=2026-06-01 due=2026-07-01 [overdue]"},
		{"a retired one is not due", used + ", state: retired, environments: {prod: {expires: 2026-01-01}}", "lastRotated: 2026-01-01", false,
			"token retired uses=2 static 90d rotated=2026-01-01 due= []"},
		{"a proposed one", used + ", state: proposed", "", false, "token proposed uses=2 static 90d rotated= due= [proposed]"},
		{"one that has expired", used + ", environments: {prod: {expires: 2026-06-30}, dev: {expires: 2027-01-01}}", "", false, "token active uses=2 static 90d rotated= due= [expired]"},
		{"one that is valid to this day", used + ", environments: {prod: {expires: 2026-07-02}}", "", false, "token active uses=2 static 90d rotated= due= []"},
		{"one that ends by itself", "references: {github: [TOKEN]}, lifetime: {kind: dynamic, ttl: 1h30m}", "lastRotated: 2020-01-01", false, "token active uses=2 dynamic 1h30m rotated=2020-01-01 due= []"},
		{"one that nothing uses, beside one that nobody declares", "references: {github: [OTHER]}", "", false,
			"token active uses=0  rotated= due= [orphaned]\ngithub-secret:TOKEN undeclared uses=2  rotated= due= [undeclared]"},
		{"what was not read may use it", "references: {github: [OTHER]}", "", true,
			"token active uses=0  rotated= due= []\ngithub-secret:TOKEN undeclared uses=2  rotated= due= [undeclared]"},
	}
	now := time.Date(2026, 7, 2, 12, 0, 0, 0, time.UTC)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := Of(joined(t, !test.incomplete, map[string]string{"token.secret.yaml": declaring(test.spec, test.status), ".github/workflows/ci.yml": workflow}), now)
			var lines []string
			for _, s := range l.Secrets {
				lines = append(lines, fmt.Sprintf("%s %s uses=%d %s rotated=%s due=%s %v", s.Name, s.State, s.Consumers, s.lifetime(), s.Rotated, s.Due, s.Problems))
			}
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	all := List{Secrets: []Secret{
		{Name: "a", State: "active", Owner: "shop", Class: "api-key", Risk: "high", Environments: []string{"prod"}, Problems: []string{"overdue"}},
		{Name: "b", State: "retired", Owner: "platform", Class: "api-key", Risk: "low", Environments: []string{"dev", "prod"}},
		{Name: "c", State: "undeclared"},
	}}
	tests := []struct {
		filter Filter
		want   string
	}{
		{Filter{}, "abc"},
		{Filter{Owner: "shop"}, "a"},
		{Filter{Environment: "prod"}, "ab"},
		{Filter{Environment: "dev", Class: "api-key"}, "b"},
		{Filter{Risk: "low"}, "b"},
		{Filter{State: "undeclared"}, "c"},
		{Filter{Overdue: true}, "a"},
		{Filter{Overdue: true, Risk: "low"}, ""},
	}
	for _, test := range tests {
		got := ""
		for _, s := range all.Choose(test.filter).Secrets {
			got += s.Name
		}
		if got != test.want {
			t.Errorf("%+v: got %q, want %q", test.filter, got, test.want)
		}
	}
}
