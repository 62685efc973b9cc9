package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// collect gives the facts of files as lines, sorted, without those of workloads
// that are nothing but there.
func collect(t *testing.T, files map[string]string) []string {
	t.Helper()
	var facts []Facts
	for path, text := range files {
		docs, findings := parse.Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		for _, f := range findings {
			t.Fatalf("%s: %s", f.Location, f.Message)
		}
		for _, doc := range docs {
			if linked := pipeline.Link(doc, nil); linked != nil {
				doc = linked
			}
			facts = append(facts, Collect(doc))
			survives(doc)
		}
	}
	var lines []string
	for _, f := range paired(facts) {
		lines = append(lines, f.lines()...)
	}
	slices.Sort(lines)
	return lines
}

func (f Facts) lines() []string {
	var lines []string
	line := func(at lint.Span, kind string, parts ...string) {
		place := at.Location().Start
		parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" || strings.HasSuffix(part, "=") })
		lines = append(lines, fmt.Sprintf("%s %d:%d %s", kind, place.Line, place.Column, strings.Join(parts, " ")))
	}
	for _, u := range f.Uses {
		confidence := string(u.Confidence)
		if u.Confidence == Exact {
			confidence = ""
		}
		line(u.At, "use", u.Slot, "by="+u.Consumer, u.Delivery, "var="+u.Variable, confidence, "env="+u.Environment,
			noted("holds", u.HoldsValue), "key="+u.StaticKey, noted("third", u.ThirdParty))
	}
	for _, o := range f.Objects {
		line(o.At, "object", o.Slot, "name="+o.Name, o.StoreType, "key="+o.Encryption)
	}
	for _, s := range f.Supplies {
		line(s.At, "supply", s.Slot, "from="+s.From, s.Mechanism, "store="+s.Store, amount("refresh", s.Refresh))
	}
	for _, r := range f.Rotations {
		line(r.At, "rotation", r.Slot, "of="+r.Target, "name="+r.TargetName, amount("every", r.Interval), noted("expression", r.ByExpression))
	}
	for _, l := range f.Lifetimes {
		line(l.At, "ttl", l.Slot, l.Kind, l.Path, amount("for", l.Seconds))
	}
	for _, g := range f.Grants {
		line(g.At, "grant", g.Identity, g.Pattern, g.Store, "action="+g.Action, noted("wildcard", g.Wildcard))
	}
	for _, r := range f.Trusts {
		line(r.At, "trust", r.Identity, "issuer="+r.Issuer, "subject="+r.Subject)
	}
	for _, w := range f.Workloads {
		parts := []string{amount("every", w.Schedule), noted("manual", w.ManualOnly), noted("binds", w.Binds), "open=" + strings.Join(w.OpenTo, ","),
			noted("oidc", w.OIDC), "logins=" + strings.Join(w.Logins, ","), "as=" + w.Identity, "also=" + strings.Join(w.Roles, ","), noted("restarts", w.Restarts)}
		if rest := strings.Join(parts, ""); rest != "open=logins=as=also=" {
			line(w.At, "workload", append([]string{w.ID, w.Kind}, parts...)...)
		}
	}
	return lines
}

func noted(name string, set bool) string {
	if !set {
		return ""
	}
	return name
}

func amount(name string, seconds int64) string {
	switch {
	case seconds == 0:
		return ""
	case seconds%day == 0:
		return fmt.Sprintf("%s=%dd", name, seconds/day)
	}
	return fmt.Sprintf("%s=%ds", name, seconds)
}

// gathered is a row of the tables: what files say, as lines.
type gathered struct {
	name  string
	files map[string]string
	want  string
}

func testCollect(t *testing.T, tests []gathered) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := strings.Split(strings.TrimSpace(tt.want), "\n")
			if tt.want == "" {
				want = nil
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, collect(t, tt.files)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func one(path, text string) map[string]string { return map[string]string{path: text} }

func parsed(t *testing.T, path, text string) *lint.Document {
	t.Helper()
	docs, _ := parse.Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	return docs[0]
}

// survives collects from the document with each of its values in turn being
// something else: no collector may panic on it.
func survives(doc *lint.Document) {
	var nodes []*lint.Node
	doc.Root.Walk(func(_ lint.Path, n *lint.Node) bool {
		nodes = append(nodes, n)
		return true
	})
	wrong := []lint.Node{
		{}, {Kind: lint.Null}, *lint.NewString("x", lint.Span{}), *lint.NewNumber(-1, lint.Span{}), *lint.NewBool(true, lint.Span{}),
		*lint.NewObject(lint.Span{}), *lint.NewList(lint.Span{}, nil), *lint.NewList(lint.Span{}, lint.NewObject(lint.Span{})),
		{Kind: lint.Object, Fields: []lint.Field{{Key: "x"}, {Key: "$unknown", Value: lint.NewList(lint.Span{}, lint.NewString("data.a", lint.Span{}))}}},
	}
	for _, n := range nodes {
		before := *n
		for _, other := range wrong {
			*n = other
			paired([]Facts{Collect(doc)})
		}
		*n = before
	}
}
