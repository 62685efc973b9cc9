package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// Field is one leaf of an effective contract and what set it.
type Field struct {
	Path   lint.Path // below spec
	Value  *lint.Node
	Origin Origin
}

// Fields lists the leaves of spec, in the order of the path. Fields that could
// hold a value are left out: no contract has one, and what stands there anyway is
// not to be shown.
func (e *Effective) Fields() []Field {
	var all []Field
	spec := e.Document.Root.Get("spec")
	for _, path := range sortedKeys(e.Origins) {
		at := e.path(path)
		if value := spec.At(at); value != nil && !holdsValue(at) {
			all = append(all, Field{at, value, e.Origins[path]})
		}
	}
	return all
}

// holdsValue says whether a part of a path below spec names something that could
// hold a value.
func holdsValue(path lint.Path) bool {
	for i, part := range path {
		key, _ := part.(string)
		known := key == "data" && i == 1 && path[0] == "risk" || i == 1 && path[0] == "environments"
		if contract.Holds(key) && !known {
			return true
		}
	}
	return false
}

// Files are those that the contract takes fields from, its own first.
func (e *Effective) Files() []string {
	files := []string{e.Written.Path}
	for _, l := range e.layers {
		if !l.from.BuiltIn && !slices.Contains(files, l.file) {
			files = append(files, l.file)
		}
	}
	return files
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
