package arm

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// moduleCall is where a template calls another.
type moduleCall struct {
	symbol, source string
	sourced        lint.Span
	given          *lint.Node
	at             lint.Span
}

// Limits of what one template calls.
const (
	maxCalls = 100
	maxCall  = 10 // deep
)

// follow reads the templates that are called, with what they are given.
func (t *template) follow(files func(string) *lint.Source) []*lint.Document {
	if files == nil {
		return nil
	}
	var docs []*lint.Document
	var follow func(of *template, above []string)
	follow = func(of *template, above []string) {
		for _, c := range of.calls {
			name := path.Join(path.Dir(of.src.Path), c.source)
			switch {
			case slices.Contains(above, name):
				t.gap(c.sourced, "the module calls itself; that was not judged")
				continue
			case len(above) > maxCall || len(docs) >= maxCalls:
				t.gap(c.sourced, "too many modules are called; this one was not judged")
				continue
			}
			src := files(name)
			if src == nil {
				t.gap(c.sourced, "the module is not in this repository; it was not judged")
				continue
			}
			inner := newTemplate(src)
			inner.given = map[string]*lint.Node{}
			for _, field := range c.given.Object() {
				inner.given[strings.ToLower(field.Key)] = field.Value
			}
			inner.way = append(slices.Clip(of.way), lint.Step{Message: "called here as " + c.symbol, Span: c.at})
			if _, is := inner.read(); is { // what is wrong with it is said where it is read for itself
				docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: inner.out, Gaps: inner.gaps})
				follow(inner, append(slices.Clip(above), name))
			}
		}
	}
	follow(t, []string{t.src.Path})
	return docs
}

// handed is the value that a template is given for a parameter. What it refers to is
// of the template around it.
func handed(name string, given *lint.Node, at lint.Span) *lint.Node {
	if !partial.IsUnknown(given) {
		return given
	}
	value := partial.Unknown(at, "parameters."+name)
	if known := partial.Known(given); known != nil {
		value = partial.Candidates(at, []string{"parameters." + name}, known)
	}
	value.Via = append([]lint.Step{{Message: "given to the parameter " + name, Span: given.Span}}, given.Via...)
	return value
}
