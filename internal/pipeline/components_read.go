package pipeline

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/internal/yaml"
)

// ReadComponents reads a table of components. The error joins all that is wrong, each
// with its place: what is silently not applied passes for what is.
func ReadComponents(src *lint.Source) (Components, error) {
	r := componentReader{Components: Components{own: map[string]map[string]*entry{}}}
	docs, findings := yaml.Read(src)
	for _, finding := range findings {
		r.errs = append(r.errs, fmt.Errorf("%s: %s", finding.Location, finding.Message))
	}
	for i, doc := range docs {
		switch {
		case i > 0:
			r.fail(doc.Span, `a second document, want one only: remove the line "---" between them`)
		case doc.Kind != lint.Object:
			r.fail(doc.Span, "want a mapping from platforms to lists of components")
		default:
			for _, field := range doc.Fields {
				r.platform(field)
			}
		}
	}
	return r.Components, errors.Join(r.errs...)
}

// componentPlatforms are those whose components can be described.
var componentPlatforms = []string{"azure", "bitbucket", "buildkite", "circleci", "githubactions"}

// allowedWords are the values of fields that take one of a few.
var allowedWords = map[string][]string{
	"credentials": {"cloud_key", "token", "password", "private_key", "webhook", "file", "platform_token"},
	"permissions": {"read", "write"},
	"does":        {"login", "deploy", "publish", "debug"},
}

type componentReader struct {
	Components
	errs []error
}

func (r *componentReader) fail(at lint.Span, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", at.Location(), fmt.Sprintf(format, args...)))
}

func (r *componentReader) platform(field lint.Field) {
	if !slices.Contains(componentPlatforms, field.Key) {
		r.unknown(field.Span, "platform", field.Key, componentPlatforms)
		return
	}
	entries := map[string]*entry{}
	r.own[field.Key] = entries
	if field.Value.Kind != lint.List {
		r.fail(field.Span, "want a list of components")
	}
	for _, item := range field.Value.List() {
		e := &entry{}
		r.decode(item, reflect.ValueOf(e).Elem(), "")
		switch {
		case item.Kind != lint.Object:
		case e.Name == "" || e.Name != strings.ToLower(e.Name):
			r.fail(item.Span, "a component needs a name in lower case, without its version: owner/name")
		case entries[e.Name] != nil:
			r.fail(item.Get("name").Span, "%q is described twice, keep one", e.Name)
		}
		entries[e.Name] = e
	}
}

// decode fills a value of the types of an entry; name is that of its field.
func (r *componentReader) decode(n *lint.Node, into reflect.Value, name string) {
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.decode(n, into.Elem(), name)
	case reflect.Struct:
		r.object(n, into)
	case reflect.Slice:
		if n.Kind != lint.List {
			r.fail(n.Span, "%s wants a list", name)
		}
		for _, item := range n.List() {
			value := reflect.New(into.Type().Elem()).Elem()
			r.decode(item, value, name)
			into.Set(reflect.Append(into, value))
		}
	case reflect.Map:
		if n.Kind != lint.Object {
			r.fail(n.Span, "%s wants a mapping", name)
		}
		into.Set(reflect.MakeMap(into.Type()))
		for _, field := range n.Object() {
			value := reflect.New(into.Type().Elem()).Elem()
			r.decode(field.Value, value, name)
			into.SetMapIndex(reflect.ValueOf(field.Key), value)
		}
	case reflect.Bool:
		if n.Kind != lint.Bool {
			r.fail(n.Span, "%s wants true or false", name)
		}
		into.SetBool(n.Text == "true")
	default:
		r.word(n, into, name)
	}
}

func (r *componentReader) word(n *lint.Node, into reflect.Value, name string) {
	allowed := allowedWords[name]
	switch {
	case n.Kind != lint.String:
		r.fail(n.Span, "%s wants text; write it in quotes", name)
	case len(allowed) > 0 && !slices.Contains(allowed, n.Text):
		r.unknown(n.Span, "word", n.Text, allowed)
	case name == "entry":
		if _, err := regexp.Compile(n.Text); err != nil {
			r.fail(n.Span, "entry wants a pattern: %v", err)
		}
	}
	into.SetString(n.Text)
}

func (r *componentReader) object(n *lint.Node, into reflect.Value) {
	if n.Kind != lint.Object {
		r.fail(n.Span, "want a mapping")
		return
	}
	index := map[string]int{}
	var names []string
	for i := range into.NumField() {
		key := into.Type().Field(i).Tag.Get("yaml")
		index[key], names = i, append(names, key)
	}
	for _, field := range n.Fields {
		if i, ok := index[field.Key]; ok {
			r.decode(field.Value, into.Field(i), field.Key)
		} else {
			r.unknown(field.Span, "key", field.Key, names)
		}
	}
}

func (r *componentReader) unknown(at lint.Span, what, name string, all []string) {
	if near := suggest.Nearest(name, all); near != "" {
		r.fail(at, "unknown %s %q, did you mean %q?", what, name, near)
		return
	}
	r.fail(at, "unknown %s %q, want one of %s", what, name, strings.Join(all, ", "))
}
