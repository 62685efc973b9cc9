package pipelinetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// Told is what a document says, a line for each element, with the text at its
// place.
func Told(t *testing.T, doc *lint.Document) string {
	t.Helper()
	var b strings.Builder
	list := func(name string, words func(*lint.Node) string, below ...any) {
		for i, element := range doc.Root.Get(name).List() {
			place, err := doc.Locate(append(lint.Path{name, i}, below...), lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%d:%d %s %s", place.Location.Start.Line, place.Location.Start.Column, name, words(element))
			for _, via := range place.Via {
				line += fmt.Sprintf(" <%d", via.Location.Start.Line)
			}
			b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
		}
	}
	str := func(n *lint.Node, keys ...string) string {
		var words []string
		for _, key := range keys {
			switch value := n.Get(strings.Split(key, ".")...); {
			case value == nil:
			case value.Kind == lint.List:
				for _, item := range value.Items {
					words = append(words, item.Text)
				}
			case value.Kind == lint.Bool && value.Text == "true":
				words = append(words, key)
			case value.Kind != lint.Bool:
				words = append(words, value.Text)
			}
		}
		return strings.Join(words, " ")
	}
	list("jobs", func(n *lint.Node) string {
		return str(n, "id", "needs", "runner.kind", "environment.name", "calls", "container", "condition")
	})
	list("steps", func(n *lint.Node) string {
		return str(n, "address", "kind", "component", "shell", "continues", "condition")
	})
	list("identities", func(n *lint.Node) string { return str(n, "job", "kind", "name", "audiences") })
	list("exposures", func(n *lint.Node) string {
		secret := str(n, "secret.name")
		if group := str(n, "secret.store", "secret.group"); group != "" {
			secret += " (" + group + ")"
		}
		return str(n, "address", "at") + " " + secret + " " + str(n, "environment", "platform_token", "secret.assumed")
	}, "secret")
	list("components", func(n *lint.Node) string { return str(n, "kind", "owner", "name", "version", "pin", "first_party") })
	list("untrusted", func(n *lint.Node) string { return str(n, "address", "expression", "privileged") })
	list("artifacts", func(n *lint.Node) string { return str(n, "paths", "in_run") })
	list("caches", func(n *lint.Node) string { return str(n, "key", "paths") })
	list("credential_files", func(n *lint.Node) string { return str(n, "path", "tool") })
	list("literals", func(n *lint.Node) string { return str(n, "at", "variable", "value") }, "value")
	list("triggers", func(n *lint.Node) string { return str(n, "event", "name", "from_fork", "crons") })
	list("gaps", func(n *lint.Node) string { return str(n, "why", "job", "step") })
	return b.String()
}

// CheckTold holds a document to lines; those of other lists than the wanted ones
// name are left out.
func CheckTold(t *testing.T, doc *lint.Document, want string) {
	t.Helper()
	lists := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 {
			lists[fields[1]] = true
		}
	}
	var got []string
	for _, line := range strings.Split(Told(t, doc), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && (lists[fields[1]] || len(lists) == 0 && !slices.Contains([]string{"jobs", "steps", "triggers"}, fields[1])) {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(want), "\n"), got); diff != "" && strings.TrimSpace(want) != strings.Join(got, "\n") {
		t.Error(diff)
	}
}
