package cloudformation

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/yaml"
)

// call is a resource that nests another template.
type call struct {
	id       string
	location *lint.Node
	given    map[string]*lint.Node
	at       lint.Span
}

// Limits of what one template nests.
const (
	maxNested = 100
	maxNest   = 10 // deep
)

// locations are the resources that nest a template, and the property that names it.
var locations = map[string]string{
	"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location", "AWS::CloudFormation::StackSet": "TemplateURL",
}

// nested notes a template that is nested. Of what the repository does not have it
// says so.
func (t *template) nested(typ string, resource lint.Field, values *lint.Node) {
	location := values.Get(locations[typ])
	switch {
	case locations[typ] == "" || location == nil:
	case location.Kind != lint.String || strings.Contains(location.Text, "://"):
		t.gap(location.Span, "the template of the nested stack is not in this repository; it was not judged")
	default:
		c := call{id: resource.Key, location: location, given: map[string]*lint.Node{}, at: resource.Span}
		for _, field := range values.Get("Parameters").Object() {
			c.given[field.Key] = field.Value
		}
		for _, item := range values.Get("Parameters").List() { // of a set of stacks
			if value := item.Get("ParameterValue"); value != nil {
				c.given[item.Get("ParameterKey").Str()] = value
			}
		}
		t.called = append(t.called, c)
	}
}

// nest reads the templates that are nested, with what they are given.
func (t *template) nest(files func(string) *lint.Source) []*lint.Document {
	if files == nil {
		return nil
	}
	var docs []*lint.Document
	var follow func(of *template, above []string)
	follow = func(of *template, above []string) {
		for _, c := range of.called {
			name := path.Join(path.Dir(of.src.Path), c.location.Text)
			switch {
			case slices.Contains(above, name):
				t.gap(c.location.Span, "the template nests itself; that was not judged")
				continue
			case len(above) > maxNest || len(docs) >= maxNested:
				t.gap(c.location.Span, "too many templates are nested; this one was not judged")
				continue
			}
			src := files(name)
			if src == nil {
				t.gap(c.location.Span, "the template of the nested stack is not in this repository; it was not judged")
				continue
			}
			roots, _ := yaml.Read(src) // what is wrong with it is said where it is read for itself
			for _, root := range roots {
				if !isTemplate(root) {
					continue
				}
				inner := &template{src: src, root: root, given: c.given, way: append(slices.Clip(of.way), lint.Step{Message: "nested here as " + c.id, Span: c.at})}
				inner.document()
				docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: inner.out, Gaps: inner.gaps})
				follow(inner, append(slices.Clip(above), name))
			}
		}
	}
	follow(t, []string{t.src.Path})
	return docs
}

// handed is the value that a nested template is given for a parameter. What it
// refers to is of the template around it.
func (t *template) handed(name string, given *lint.Node, at lint.Span) *lint.Node {
	if partial.IsUnknown(given) && partial.Text(given) == nil && partial.Known(given) == nil {
		return partial.Unknown(at, "Parameters."+name)
	}
	via := append([]lint.Step{{Message: "given to the parameter " + name, Span: given.Span}}, given.Via...)
	if partial.IsUnknown(given) {
		value := partial.Unknown(at, "Parameters."+name)
		value.Via = via
		if known := partial.Known(given); known != nil {
			value = partial.Candidates(at, []string{"Parameters." + name}, known)
		}
		return value
	}
	value := *given
	value.Span, value.Via = at, nil
	return t.made(&value, via, "Parameters."+name)
}
