package graph

import "github.com/policyctl/policyctl/internal/lint"

// codeReaders are what application code reads of its environment and of stores.
// What tests read says nothing about the application.
func codeReaders(doc *lint.Document) []Reader {
	if isTrue(doc.Root.Get("test")) {
		return nil
	}
	var readers []Reader
	for _, item := range doc.Root.Get("readers").List() {
		r := Reader{Kind: item.Get("kind").Str(), Name: item.Get("name").Str(), Text: item.Get("text").Str(), At: item.Span.Detach()}
		if r.Kind == "address" {
			r.Kind = "store"
		}
		readers = append(readers, r)
	}
	return readers
}
