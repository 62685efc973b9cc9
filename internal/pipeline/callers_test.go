package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/pipeline"
)

func TestSecretsAreNamedAsCallersDo(t *testing.T) {
	const (
		called  = "on: {workflow_call: {secrets: {X: {}}}}\njobs: {go: {steps: [{run: 'echo ${T:1}', env: {T: '${{ secrets.X }}'}}]}}\n"
		give    = "on: %s\njobs: {%s: {uses: %s, secrets: {x: '${{ secrets.%s }}'}}}\n"
		inherit = "on: %s\njobs: {a: {uses: ./.github/workflows/called.yml, secrets: inherit}}\n"
		it      = "./.github/workflows/called.yml"
	)
	tests := []struct {
		name   string
		called string
		files  map[string]string
		want   []string // the secret, and the way to it
	}{
		{"nobody calls it here", called, nil, []string{"X", "called.yml handed over"}},
		{"one caller", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", it, "y")}, []string{"X given Y", "a.yml gives it as X", "called.yml handed over"}},
		{"by the same name", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", it, "X")}, []string{"X", "a.yml gives it as X", "called.yml handed over"}},
		{"several", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", it, "Y"), "b.yaml": fmt.Sprintf(give, "push", "b", it, "Z")},
			[]string{"X given Y given Z", "a.yml gives it as X", "b.yaml gives it as X", "called.yml handed over"}},
		{"all of them", called, map[string]string{"a.yml": fmt.Sprintf(inherit, "push")}, []string{"X", "a.yml hands on all", "called.yml handed over"}},
		{"through another one", called, map[string]string{"a.yml": fmt.Sprintf(inherit, "workflow_call"), "b.yml": strings.ReplaceAll(fmt.Sprintf(give, "push", "b", "./.github/workflows/a.yml", "Y"), "called", "a")},
			[]string{"X given Y", "b.yml gives it as X", "a.yml hands on all", "called.yml handed over"}},
		{"one that events start, too", strings.Replace(called, "{workflow_call", "{push: , workflow_call", 1), map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", it, "Y")},
			[]string{"X given X given Y", "a.yml gives it as X", "called.yml handed over"}},
		{"the token of the job", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", it, "GITHUB_TOKEN")}, []string{"X given GITHUB_TOKEN token", "a.yml gives it as X", "called.yml handed over"}},
		{"another one is called", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", "./.github/workflows/other.yml", "Y")}, []string{"X", "called.yml handed over"}},
		{"that of another repository", called, map[string]string{"a.yml": fmt.Sprintf(give, "push", "a", "o/r/.github/workflows/called.yml@v1", "Y")}, []string{"X", "called.yml handed over"}},
		{"it calls itself", called + "  ", map[string]string{"a.yml": fmt.Sprintf(give, "workflow_call", "a", "./.github/workflows/a.yml", "X") + "  b: {uses: ./.github/workflows/called.yml, secrets: inherit}\n"}, []string{"X", "called.yml handed over"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const folder = ".github/workflows/"
			sources := map[string]*lint.Source{}
			var listed string
			for name, text := range test.files {
				sources[folder+name] = &lint.Source{Path: folder + name, Data: []byte(text)}
				listed += name + "\n"
			}
			docs, _ := githubactions.Parse([]*lint.Source{{Path: folder + "called.yml", Data: []byte(test.called)}})
			sources[folder+"called.yml"] = docs[0].Root.Span.Source
			sources[folder] = &lint.Source{Path: folder, Data: []byte(listed + "called.yml\n")}
			files := func(path string) *lint.Source { return sources[path] }
			doc := pipeline.Components{}.Within(files).Link(docs[0], files)
			i := slices.IndexFunc(doc.Root.Get("flows").List(), func(n *lint.Node) bool { return n.Get("sink").Str() == "log" })
			flow := doc.Root.Get("flows").List()[i]
			words := flow.Get("secret", "name").Str()
			for _, given := range flow.Get("secret", "given").List() {
				words += " given " + given.Str()
			}
			if flow.Get("platform_token").Text == "true" {
				words += " token"
			}
			got := []string{words}
			place, err := doc.Locate(lint.Path{"flows", i}, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range place.Flow {
				for _, part := range []string{"gives it as X", "hands on all", "handed over"} {
					if strings.Contains(step.Message, part) {
						got = append(got, strings.TrimPrefix(step.Location.Path, folder)+" "+part)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMoreCallersThanAreFollowed: what more of them call a secret is not known, and said.
func TestMoreCallersThanAreFollowed(t *testing.T) {
	const folder = ".github/workflows/"
	sources, listed := map[string]*lint.Source{}, ""
	for i := range 25 {
		name := fmt.Sprintf("c%d.yml", i)
		text := fmt.Sprintf("on: push\njobs: {a: {uses: ./.github/workflows/called.yml, secrets: {x: '${{ secrets.S%d }}'}}}\n", i)
		sources[folder+name] = &lint.Source{Path: folder + name, Data: []byte(text)}
		listed += name + "\n"
	}
	docs, _ := githubactions.Parse([]*lint.Source{{Path: folder + "called.yml", Data: []byte("on: workflow_call\njobs: {go: {runs-on: x, steps: [{run: make, env: {T: '${{ secrets.X }}'}}]}}\n")}})
	sources[folder] = &lint.Source{Path: folder, Data: []byte(listed + "called.yml\n")}
	files := func(path string) *lint.Source { return sources[path] }
	doc := pipeline.Components{}.Within(files).Link(docs[0], files)
	if !slices.ContainsFunc(doc.Root.Get("gaps").List(), func(n *lint.Node) bool { return strings.HasPrefix(n.Get("what").Str(), "more workflows give") }) {
		t.Errorf("gaps: %v", doc.Root.Get("gaps").Plain())
	}
}
