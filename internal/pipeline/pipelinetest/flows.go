package pipelinetest

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// Followed lists the flows of a workflow: sink, command, secret, what was done to
// it, whether the log hides it, where it goes, and the text at the sink.
func Followed(t testing.TB, text string, files map[string]string) (flows []string, doc *lint.Document) {
	t.Helper()
	docs, findings := githubactions.Parse([]*lint.Source{{Path: ".github/workflows/x.yml", Data: []byte(text)}})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	sources := map[string]*lint.Source{".github/workflows/x.yml": docs[0].Root.Span.Source}
	for path, data := range files {
		sources[path] = &lint.Source{Path: path, Data: []byte(data)}
	}
	doc = pipeline.Link(docs[0], func(path string) *lint.Source { return sources[path] })
	return Flows(t, doc, sources), doc
}

// Flows lists the flows of a document.
func Flows(t testing.TB, doc *lint.Document, sources map[string]*lint.Source) (flows []string) {
	t.Helper()
	for i, f := range doc.Root.Get("flows").List() {
		place, err := doc.Locate(lint.Path{"flows", i}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		words := []string{f.Get("sink").Str()}
		if c := f.Get("command").Str(); c != "" {
			words = append(words, "by "+c)
		}
		words = append(words, f.Get("secret", "name").Str())
		for _, how := range f.Get("transformed").List() {
			words = append(words, "+"+how.Str())
		}
		if sink := f.Get("sink").Str(); sink == "log" || sink == "output" && f.Get("transformed").Items != nil {
			words = append(words, "masked="+f.Get("masked").Str())
		}
		for _, key := range []string{"host", "path"} {
			if v := f.Get(key).Str(); v != "" {
				words = append(words, key+"="+v)
			}
		}
		for _, key := range []string{"scheme", "in_url", "unverified"} {
			if v := f.Get(key); v != nil && v.Text != "https" && v.Text != "false" {
				words = append(words, strings.TrimSuffix(key+"="+v.Text, "=true"))
			}
		}
		if f.Get("confidence").Str() != "exact" {
			words = append(words, f.Get("confidence").Str())
		}
		src := sources[place.Location.Path]
		if src == nil {
			t.Fatalf("a flow stands in %q", place.Location.Path)
		}
		flows = append(flows, strings.Join(words, " ")+" at "+TextAt(src, place.Location))
	}
	return flows
}
