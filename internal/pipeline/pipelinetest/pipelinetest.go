// Package pipelinetest has what tests of pipelines on all platforms share.
package pipelinetest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// Parser reads the files of a platform.
type Parser func([]*lint.Source) ([]*lint.Document, []lint.Finding)

// Link parses and links a file of any platform that is valid.
func Link(t testing.TB, parse Parser, path, text string) (native, neutral *lint.Document) {
	t.Helper()
	docs, findings := parse([]*lint.Source{{Path: path, Data: []byte(text)}})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%s: got %d documents, findings %v", path, len(docs), findings)
	}
	return docs[0], pipeline.Link(docs[0], nil)
}

// Workflow parses and links a file of GitHub Actions, malformed jobs and all.
func Workflow(t testing.TB, path, text string) (native, neutral *lint.Document) {
	t.Helper()
	docs, findings := githubactions.Parse([]*lint.Source{{Path: path, Data: []byte(text)}})
	if len(docs) != 1 || slices.ContainsFunc(findings, func(f lint.Finding) bool { return !strings.Contains(f.Message, "must be") }) {
		t.Fatalf("%s: got %d documents, findings %v", path, len(docs), findings)
	}
	return docs[0], pipeline.Link(docs[0], nil)
}

var update = flag.Bool("update", false, "rewrite the expected documents")

// Sample is a file in the testdata of the package. Its name has one more ending, so that no
// check takes it for a pipeline of this repository.
func Sample(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".sample"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Golden compares a whole document with testdata/NAME.json: this is the shape that
// policies are written for, and that the inputs of their tests have to have.
func Golden(t *testing.T, doc *lint.Document, name string) {
	t.Helper()
	got, err := json.MarshalIndent(doc.Root.Plain(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("run with -update if this is wanted\n%s", diff)
	}
}

// TextAt is what stands at a place.
func TextAt(src *lint.Source, at lint.Location) string {
	return string(src.Data[src.Offset(at.Start):src.Offset(at.End)])
}

// LastGap is why the last gap of a document is one, "" if there is none.
func LastGap(doc *lint.Document) string {
	all := doc.Root.Get("gaps").List()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Get("why").Str()
}
