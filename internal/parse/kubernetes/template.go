package kubernetes

import (
	"bytes"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

var (
	// directive is a line of a template: a condition, a loop, a part of another file.
	directive = regex.Lazy(`(?m)^[ \t]*(?:\{\{[^{}\n]*\}\}|\{[%#][^\n]*[%#]\})[ \t]*\r?$`)
	inserted  = regex.Lazy(`\{\{[^{}\n]*\}\}`)
)

// templated is a manifest that another tool than Helm fills in: as if that took every
// branch, each value a reference. Nothing moves.
func templated(src *lint.Source) (*lint.Source, bool) {
	if !directive().Match(src.Data) || !meant(src) {
		return nil, false
	}
	data := directive().ReplaceAllFunc(src.Data, func(line []byte) []byte { return bytes.Repeat([]byte(" "), len(line)) })
	data = inserted().ReplaceAllFunc(data, func(value []byte) []byte {
		return slices.Concat([]byte("$("), bytes.Repeat([]byte("x"), len(value)-len("$()")), []byte(")"))
	})
	return &lint.Source{Path: src.Path, Data: data, Commit: src.Commit}, true
}

// template reads such a manifest. What is no YAML then either is not judged.
func (f *file) template(src *lint.Source) {
	roots, found := yaml.Read(src)
	for _, root := range roots {
		f.read(root)
	}
	if len(f.docs) == 0 {
		f.docs = append(f.docs, &lint.Document{Platform: "kubernetes", Path: src.Path, Name: "Template", Root: lint.NewObject(src.Whole())})
	}
	if len(found) > 0 {
		f.docs[0].Skipped = []lint.Skip{{Path: src.Path, Reason: "template, judged in part"}}
		return
	}
	f.gap(firstLine(src.Whole()), "the file is a template; it was judged as if all of its branches were taken")
}
