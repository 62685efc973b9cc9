package pipelinetest

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// CheckPlaces holds that every element can be located, that what is said of a
// secret stands where the file names it, and that the lists join.
func CheckPlaces(t *testing.T, native, doc *lint.Document) {
	t.Helper()
	CheckPlaced(t, doc)
	src := native.Root.Span.Source
	for i, exposure := range doc.Root.Get("exposures").List() {
		place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		text := TextAt(src, place.Location)
		for _, step := range place.Via {
			text += TextAt(src, step.Location)
		}
		name := exposure.Get("secret", "name").Str()
		if !strings.Contains(onOneLine(text), onOneLine(name)) && !strings.ContainsAny(text, `\<`) {
			t.Errorf("exposure %d of %q stands at %q", i, name, text)
		}
	}
	CheckJoins(t, doc)
}

// CheckPlaced holds that each value of a document stands somewhere.
func CheckPlaced(t *testing.T, doc *lint.Document) {
	t.Helper()
	doc.Root.Walk(func(path lint.Path, _ *lint.Node) bool {
		if _, err := doc.Locate(path, lint.Spot{}); err != nil {
			t.Error(err)
		}
		return true
	})
}

// onOneLine folds lines as YAML does, and letters as some platforms do.
func onOneLine(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), " ")) }

// CheckJoins holds that what lists say of jobs and steps is there.
func CheckJoins(t *testing.T, doc *lint.Document) {
	jobs, steps := map[string]bool{"": true}, map[[2]string]bool{}
	for _, job := range doc.Root.Get("jobs").List() {
		jobs[job.Get("id").Str()] = true
	}
	for _, step := range doc.Root.Get("steps").List() {
		steps[[2]string{step.Get("job").Str(), step.Get("index").Text}] = true
	}
	for _, list := range []string{"exposures", "untrusted", "components", "checkouts", "artifacts", "literals", "actor_checks"} {
		for i, element := range doc.Root.Get(list).List() {
			if !jobs[element.Get("job").Str()] {
				t.Errorf("%s[%d] names the job %q, which there is not", list, i, element.Get("job").Str())
			}
			if step := element.Get("step"); step != nil && !steps[[2]string{element.Get("job").Str(), step.Text}] {
				t.Errorf("%s[%d] names step %s of job %q, which there is not", list, i, step.Text, element.Get("job").Str())
			}
		}
	}
}
