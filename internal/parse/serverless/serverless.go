// Package serverless reads the configuration of the Serverless Framework and
// resolves the variables that refer to the file itself. One file becomes one
// document:
//
//	{
//	  "environment": [{"of": "provider", "name": "DB_PASSWORD", "value": ..., "from": "custom.password"}],
//	  "settings": {"custom": {...}, "provider": {...}, "params": {...}}  // without environments
//	}
//
// A value is plain JSON where it is known, and {"$unknown": [references]} where it is
// not: ssm:/path, env:NAME, cf:stack.output, opt:stage. What stands behind a comma
// for the case that a variable is not set is one of its "$candidates". A value that
// ${self:…} or ${file(…)} brings stands where it is written; "from" says by which name. A file
// that is not in the repository, or a program, is a gap.
//
// Resources and statements of roles are CloudFormation: that platform reads them.
package serverless

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Platform is the name of the documents.
const Platform = "serverless"

var names = regex.Lazy(`(?i)^serverless(?:[._-][\w.-]+)?\.(?:ya?ml|json)$`)

// Claims says by its name whether the file is a service's. Parse decides on the tree.
func Claims(src *lint.Source) bool { return names().MatchString(path.Base(src.Path)) }

// Parse reads files, one document for each. files gives those that variables name; it may be
// nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		for _, root := range roots {
			if root.Get("provider") == nil && root.Get("functions") == nil {
				continue // another program's file, or a part of one
			}
			s := &service{root: root, dir: path.Dir(src.Path), files: files, read: map[string]*lint.Node{}}
			docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: s.document(), Gaps: s.gaps})
		}
	}
	return docs, findings
}

// service is one file while it is read.
type service struct {
	root  *lint.Node
	dir   string
	files func(string) *lint.Source
	read  map[string]*lint.Node // files by their names; nil is one that nobody can read
	gaps  []lint.Gap
	spent int // values that were made; variables can ask for many
	depth int
	cut   bool
}

// Limits of one file: variables refer to variables.
const (
	maxValues = 200_000
	maxDepth  = 100
)

func (s *service) document() *lint.Node {
	out, environment, settings := lint.NewObject(s.root.Span), lint.NewList(lint.Span{}), lint.NewObject(lint.Span{})
	s.environment(environment, "provider", s.whole(s.root.Get("provider")))
	for _, group := range listed(s.root.Get("functions")) {
		group = s.whole(group)
		if group.Kind != lint.Object || partial.IsUnknown(group) {
			s.gap(group.Span, "the functions stand in another file; they were not judged")
			continue
		}
		for _, function := range group.Object() {
			value := s.whole(function.Value)
			if partial.IsUnknown(value) {
				s.gap(function.Span, "function "+function.Key+" stands in another file; it was not judged")
				continue
			}
			s.environment(environment, "function "+function.Key, value)
		}
	}
	for _, key := range []string{"custom", "provider", "params"} {
		field := s.root.Field(key)
		if field == nil {
			continue
		}
		value := *s.whole(field.Value)
		value.Fields = slices.DeleteFunc(slices.Clone(value.Fields), func(f lint.Field) bool { return f.Key == "environment" })
		settings.Set(key, field.Span, s.value(&value))
	}
	out.Set("environment", lint.Span{}, environment)
	out.Set("settings", lint.Span{}, settings)
	return out
}

// whole is a part of the file that a variable may bring as a whole; what stands in it is not
// resolved yet.
func (s *service) whole(n *lint.Node) *lint.Node {
	if n == nil || n.Kind != lint.String || !strings.Contains(n.Text, "${") {
		return n
	}
	return s.value(n)
}

// gap puts on record why something was not judged: of one place, the first reason.
func (s *service) gap(at lint.Span, message string) {
	if slices.ContainsFunc(s.gaps, func(gap lint.Gap) bool { return gap.Location == at.Location() }) {
		return
	}
	s.gaps = append(s.gaps, lint.Gap{Location: at.Location(), Message: message})
}

// environment adds the variables of a function, or of all.
func (s *service) environment(to *lint.Node, of string, in *lint.Node) {
	for _, group := range listed(in.Get("environment")) {
		variables := s.value(group)
		if partial.IsUnknown(variables) || variables.Kind != lint.Object {
			s.gap(group.Span, "the environment of "+of+" stands in another file; it was not judged")
			continue
		}
		for _, field := range variables.Object() {
			entry := lint.NewObject(field.Span)
			entry.Set("of", lint.Span{}, lint.NewString(of, lint.Span{}))
			entry.Set("name", field.Span, lint.NewString(field.Key, field.Span))
			entry.Set("value", field.Span, field.Value)
			if own := group.Field(field.Key); own != nil {
				if name, ok := self(own.Value.Str()); ok {
					entry.Set("from", lint.Span{}, lint.NewString(name, lint.Span{}))
				}
			}
			to.Items = append(to.Items, entry)
		}
	}
}

// self is the name that a text refers to, if it does nothing else.
func self(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "${self:")
	name, closed := strings.CutSuffix(name, "}")
	return strings.TrimSpace(name), ok && closed && !strings.ContainsAny(name, "${},")
}

// value is a value with its variables resolved.
func (s *service) value(n *lint.Node) *lint.Node {
	s.depth++
	defer func() { s.depth-- }()
	if s.spent++; s.spent > maxValues || s.depth > maxDepth {
		if !s.cut {
			s.gap(n.Span, "variables refer to too many others, or to themselves; the rest was not judged")
		}
		s.cut = true
		return partial.Unknown(n.Span, "limit")
	}
	if n.Kind == lint.String && strings.Contains(n.Text, "${") {
		return s.text(n)
	}
	made := *n
	made.Items, made.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range made.Items {
		made.Items[i] = s.value(item)
	}
	for i, field := range made.Fields {
		made.Fields[i].Value = s.value(field.Value)
	}
	return &made
}

// text resolves the variables of a text. One that is nothing but a variable can
// have a value of any kind.
func (s *service) text(n *lint.Node) *lint.Node {
	var parts []*lint.Node
	rest := n.Text
	for rest != "" {
		start := strings.Index(rest, "${")
		end := -1
		if start >= 0 {
			end = closing(rest[start:])
		}
		if end < 0 {
			parts = append(parts, lint.NewString(rest, n.Span))
			break
		}
		if start > 0 {
			parts = append(parts, lint.NewString(rest[:start], n.Span))
		}
		parts = append(parts, s.variable(n, rest[start+2:start+end]))
		rest = rest[start+end+1:]
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return partial.Join(parts, n.Span)
}

// closing is where the brace is that closes the first one.
func closing(text string) int {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// variable is the value of what stands between the braces: the first source that
// there is. Of one that only a deployment knows, those behind it are candidates.
func (s *service) variable(n *lint.Node, inner string) *lint.Node {
	var depends []string
	var known []*lint.Node
	for _, source := range sources(inner) {
		name := s.value(lint.NewString(source, n.Span))
		if partial.IsUnknown(name) {
			depends = append(depends, partial.References(name)...)
			continue
		}
		value := s.source(n, name.Text)
		if value == nil {
			if name := strings.TrimSpace(name.Text); !strings.HasPrefix(name, "self:") {
				depends = append(depends, name)
			}
			continue
		}
		known = append(known, value)
		break
	}
	switch {
	case len(depends) == 0 && len(known) == 1:
		return known[0]
	case len(depends) == 0:
		depends = []string{strings.TrimSpace(inner)}
	}
	return partial.Candidates(n.Span, depends, known)
}

// sources are the parts of a variable, by commas outside of quotes, brackets and braces.
func sources(inner string) []string {
	var all []string
	start, depth, quote := 0, 0, byte(0)
	for i := range len(inner) {
		c := inner[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{' || c == '(':
			depth++
		case c == '}' || c == ')':
			depth--
		case c == ',' && depth == 0:
			all, start = append(all, inner[start:i]), i+1
		}
	}
	return append(all, inner[start:])
}

// source is the value of one source, nil if it is not known.
func (s *service) source(n *lint.Node, name string) *lint.Node {
	name = strings.TrimSpace(name)
	if len(name) > 1 && (name[0] == '"' || name[0] == '\'') && name[len(name)-1] == name[0] {
		return lint.NewString(name[1:len(name)-1], n.Span)
	}
	at, address, via := s.root, "", "self:"
	if found := file().FindStringSubmatch(name); found != nil {
		via, address = "file("+found[1]+"):", found[2]
		at = s.file(n, found[1])
	} else if rest, ok := strings.CutPrefix(name, "self:"); ok {
		address = rest
	} else {
		return nil
	}
	for _, key := range strings.Split(address, ".") {
		if at = s.whole(at); partial.IsUnknown(at) {
			return at
		}
		if key != "" {
			at = at.Get(key)
		}
	}
	if at == nil {
		return nil
	}
	value := *s.value(at)
	value.Via = append([]lint.Step{{Message: "used here as ${" + via + address + "}", Span: n.Span}}, value.Via...)
	return &value
}

// file takes the name of a file, and an address in it.
var file = regex.Lazy(`^file\(\s*["']?([^)"']+?)["']?\s*\)(?::(.*))?$`)

// file is what a file says, nil if nobody can know it.
func (s *service) file(n *lint.Node, name string) *lint.Node {
	if root, known := s.read[name]; known {
		return root
	}
	s.read[name] = nil
	var src *lint.Source
	if s.files != nil {
		src = s.files(path.Join(s.dir, name))
	}
	switch {
	case src == nil:
		s.gap(n.Span, "the file "+name+" is not in this repository; what it gives was not judged")
	case !data().MatchString(name):
		s.gap(n.Span, "the file "+name+" is a program; what it gives was not judged")
	default:
		roots, wrong := yaml.Read(src)
		if len(wrong) > 0 || len(roots) != 1 {
			s.gap(n.Span, "the file "+name+" is no YAML; what it gives was not judged")
			break
		}
		s.read[name] = roots[0]
	}
	return s.read[name]
}

var data = regex.Lazy(`(?i)\.(?:ya?ml|json)$`)

// listed are the items of a list, or the one value that stands for a list.
func listed(value *lint.Node) []*lint.Node {
	if value == nil || value.Kind == lint.List {
		return value.List()
	}
	return []*lint.Node{value}
}
