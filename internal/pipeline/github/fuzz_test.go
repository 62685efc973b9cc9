package github_test

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// Whatever the file: each element can be located, what is said of a secret
// stands where the file names it, the lists join, and nothing is left out.
func FuzzLink(f *testing.F) {
	for name := range samples {
		f.Add(pipelinetest.Sample(f, name+".yml"))
	}
	for _, steps := range []string{
		"- run: 'it''s ${{ secrets[''A''] }}'", "- run: \"${{ secrets.\\x41 }} \\${{ secrets.A }}\"", "- run: >\n   ${{ secrets.\n   A }} ${{ 'x }} ${{ secrets.B }}",
		"- &s {run: '${{ env.A }}', env: {A: '${{ toJSON(secrets) }}'}}\n    - *s", "- uses: docker/build-push-action@v1\n      with: {build-args: \"A=${{ secrets.A }}\\nB\"}",
		"- if: \"!secrets.A && github.actor == 'a[bot]'\"\n      run:", "- uses: [a]\n      with: {a: {b: ['${{ secrets.C }}']}}", "- 5", "- run: ${{ secrets['a b'] || secrets[1] }}",
	} {
		f.Add("on: {pull_request_target: {types: [opened]}, push: {tags: [a]}}\nenv: {A: '${{ secrets.A }}'}\njobs:\n  a:\n    steps:\n    " + steps + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := githubactions.Parse([]*lint.Source{{Path: ".github/workflows/x.yml", Data: []byte(text)}, {Path: "action.yml", Data: []byte(text)}})
		for _, native := range docs {
			doc := pipeline.Link(native, nil)
			if pipelinetest.LastGap(doc) == "limit" {
				t.Error("the parser lets through what is not followed to the end")
			}
			pipelinetest.CheckPlaced(t, doc)
			checkSecrets(t, native, doc)
			pipelinetest.CheckJoins(t, doc)
		}
	})
}

// checkSecrets holds that the range of each secret, or that of a variable on the
// way to it, mentions it.
func checkSecrets(t *testing.T, native, doc *lint.Document) {
	src := native.Root.Span.Source
	for i, exposure := range doc.Root.Get("exposures").List() {
		place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		text := pipelinetest.TextAt(src, place.Location)
		for _, step := range place.Via {
			text += pipelinetest.TextAt(src, step.Location)
		}
		if !mentions(text, exposure.Get("secret", "name").Str()) {
			t.Errorf("exposure %d of %q stands at %q", i, exposure.Get("secret", "name").Str(), text)
		}
	}
}

// mentions is lenient where the text is not what it says: within escapes, and
// where a name is worked out.
func mentions(text, name string) bool {
	text = strings.ToUpper(text)
	switch {
	case strings.ContainsAny(text, `\[`):
		return true
	case name == "":
		return strings.Contains(text, "SECRETS") || strings.Contains(text, "INHERIT")
	case name == "GITHUB_TOKEN":
		return strings.Contains(text, "GITHUB")
	}
	return strings.Contains(text, strings.ToUpper(name))
}

// Whatever an action of the repository holds: each element can be located, a secret stands
// where a file names it or on the way there, and nothing of the action that has nothing
// to do with its caller is said twice.
func FuzzCalledAction(f *testing.F) {
	for _, steps := range []string{
		"- run: echo ${{ inputs.t }}\n      shell: bash", "- uses: ./\n      with: {t: '${{ inputs.t }}'}", "- id: s\n      env: {A: '${{ inputs.t }}${{ env.T }}'}\n      run: echo x=$A >> $GITHUB_OUTPUT\n      shell: bash",
		"- uses: a/b@v1\n      with: {x: '${{ inputs[github.job] }}', y: \"${{ inputs.\\x74 }}\"}", "- 5", "- run: ${{ inputs.t", "- &s {run: 'echo ${{ inputs.T }}', shell: bash}\n    - *s",
	} {
		f.Add("inputs: {t: {default: '${{ github.token }}'}}\noutputs: {o: {value: '${{ steps.s.outputs.x }}'}}\nruns:\n  using: composite\n  steps:\n    " + steps + "\n")
	}
	workflow := "on: push\njobs:\n  a:\n    steps:\n      - {id: x, uses: ./, with: {t: '${{ secrets.KEY }}'}, env: {T: '${{ secrets.OTHER }}'}}\n      - run: echo ${{ steps.x.outputs.o }}\n"
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := githubactions.Parse([]*lint.Source{{Path: ".github/workflows/x.yml", Data: []byte(workflow)}})
		action := &lint.Source{Path: "action.yml", Data: []byte(text)}
		doc := pipeline.Link(docs[0], func(path string) *lint.Source {
			if path == "action.yml" {
				return action
			}
			return nil
		})
		pipelinetest.CheckPlaced(t, doc)
		pipelinetest.CheckJoins(t, doc)
		sources := map[string]*lint.Source{"action.yml": action, docs[0].Path: docs[0].Root.Span.Source}
		for i, exposure := range doc.Root.Get("exposures").List() {
			place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			said := pipelinetest.TextAt(sources[place.Location.Path], place.Location)
			for _, step := range place.Via {
				said += pipelinetest.TextAt(sources[step.Location.Path], step.Location)
			}
			if name := exposure.Get("secret", "name").Str(); name != "KEY" && name != "OTHER" || !mentions(said, name) {
				t.Errorf("exposure %d of %q stands at %q", i, name, said)
			}
		}
		if n := len(doc.Root.Get("literals").List()) + len(doc.Root.Get("checkouts").List()); n > 0 {
			t.Errorf("%d elements of the action alone", n)
		}
	})
}
