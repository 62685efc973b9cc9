package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Field is one leaf of an effective contract and what set it.
type Field struct {
	Path   string // below spec: rotation.interval
	Value  *lint.Node
	Origin Origin
}

// Fields lists the leaves of spec, in the order of the path.
func (e *Effective) Fields() []Field {
	var all []Field
	spec := e.Document.Root.Get("spec")
	for _, path := range sortedKeys(e.Origins) {
		if value := spec.At(e.path(path)); value != nil {
			all = append(all, Field{path, value, e.Origins[path]})
		}
	}
	return all
}

// path follows a dotted path through keys that may have dots themselves.
func (e *Effective) path(dotted string) lint.Path {
	var path lint.Path
	n := e.Document.Root.Get("spec")
	for dotted != "" {
		i := slices.IndexFunc(n.Object(), func(f lint.Field) bool { return dotted == f.Key || strings.HasPrefix(dotted, f.Key+".") })
		if i < 0 {
			return append(path, dotted)
		}
		field := n.Object()[i]
		path, n = append(path, field.Key), field.Value
		dotted = strings.TrimPrefix(strings.TrimPrefix(dotted, field.Key), ".")
	}
	return path
}

// String says what sets a field, and where to find it.
func (o Origin) String() string {
	at := o.At.Location()
	switch {
	case o.Kind == contractKind:
		return at.String()
	case o.BuiltIn:
		return fmt.Sprintf("class %s, built in", o.Name)
	case o.Kind == classKind:
		return fmt.Sprintf("%s, class %s", at, o.Name)
	}
	return fmt.Sprintf("%s, defaults %s", at, o.Name)
}

// Class is what an author may name as the class of a secret.
type Class struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	BuiltIn     bool     `json:"builtin"`
	Alternative string   `json:"alternative,omitempty"` // a better class, or when something better is there
	Limits      []string `json:"limits,omitempty"`      // in words
}

// Classes lists the classes that contracts of a repository can name, sorted.
func (s *Set) Classes() []Class {
	var all []Class
	for _, name := range sortedKeys(s.classes) {
		c := s.classes[name]
		listed := Class{Name: name, BuiltIn: c.builtIn, Description: c.description, Alternative: c.alternative.Get("class").Str()}
		if when := c.alternative.Get("when").Str(); when != "" {
			listed.Alternative = strings.TrimPrefix(listed.Alternative+" where "+when, " ")
		}
		for i := range c.limits {
			listed.Limits = append(listed.Limits, c.limits[i].String())
		}
		all = append(all, listed)
	}
	return all
}
