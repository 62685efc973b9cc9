// Package compose reads Compose files, and under whatever name those that they include or
// extend. It interpolates no variable and merges nothing: each file is judged for itself. What
// is not in the repository is a gap.
//
// One YAML document is one document with the tree of the file, in which short
// forms are written out, so that a policy meets one shape:
//
//	environment, labels, build.args   ["A=b", "C"] and {A: b, C: }   {"A": "b", "C": null}; scalars are strings
//	build                             "."                            {"context": "."}
//	env_file                          "a" and ["a"]                  [{"path": "a"}]
//	secrets, configs, build.secrets   ["a"]                          [{"source": "a"}]
//	volumes                           ["a:/b:ro"]                    [{"source": "a", "target": "/b", "mode": "ro"}]
//
// Values keep ${NAME} as it is written. The tags !override and !reset are
// followed: the value, and null. Files of the first version, whose services
// stand at the top, get the key "services" around them.
package compose

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

var names = regex.Lazy(`(?i)^(?:docker-|podman-)?compose(?:[._-].*)?\.ya?ml$`)

var (
	stacks   = regex.Lazy(`(?i)(?:^|[._-])(?:stack|swarm)(?:[._-].*)?\.ya?ml$`)
	services = regex.Lazy(`(?m)^services:[ \t]*(?:#.*)?\r?$`)
	runs     = regex.Lazy(`(?m)^[ \t]+(?:image|build):`)
)

// Claims says whether a file is a Compose file by its name. What is deployed to a swarm
// is called a stack, as other things are: then it says so itself.
func Claims(src *lint.Source) bool {
	name := path.Base(src.Path)
	return names().MatchString(name) || stacks().MatchString(name) && services().Match(src.Data) && runs().Match(src.Data)
}

// Parse reads Compose files, one document for each that they hold. files gives those that
// secrets and variables stand in; it may be nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		for _, root := range roots {
			more, found := documents(src, root, files, map[string]bool{src.Path: true})
			docs = append(docs, more...)
			findings = append(findings, found...)
		}
	}
	return docs, findings
}

// documents are that of a file, and those of the files that it names and that nothing else
// makes Compose files. seen are the paths of the files that were read already.
func documents(src *lint.Source, root *lint.Node, files func(string) *lint.Source, seen map[string]bool) ([]*lint.Document, []lint.Finding) {
	if root.Kind != lint.Object {
		return nil, []lint.Finding{root.Span.Report(lint.SyntaxError, "a Compose file has to be a mapping with the key services")}
	}
	n := &normaliser{dir: path.Dir(src.Path), files: files}
	file := n.file(root)
	docs, findings := []*lint.Document{{Platform: "compose", Path: src.Path, Root: file, Gaps: n.gaps}}, n.findings
	for _, src := range n.named {
		if seen[src.Path] || len(seen) > maxNamed {
			continue
		}
		seen[src.Path] = true
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		for _, root := range roots {
			more, found := documents(src, root, files, seen)
			docs, findings = append(docs, more...), append(findings, found...)
		}
	}
	return docs, findings
}

// maxNamed bounds the files that one Compose file leads to.
const maxNamed = 200

// normaliser writes the short forms of one file out. Nodes are copied, not
// changed: aliases share them.
type normaliser struct {
	dir      string
	files    func(string) *lint.Source
	named    []*lint.Source // files of other names that are included or extended
	gaps     []lint.Gap
	findings []lint.Finding
}

// sections are the keys of a Compose file since its second version.
var sections = []string{"services", "version", "name", "include", "networks", "volumes", "secrets", "configs", "models"}

func (n *normaliser) file(root *lint.Node) *lint.Node {
	if isFirstVersion(root) {
		wrapped := lint.NewObject(root.Span)
		wrapped.Set("services", lint.Span{}, root)
		root = wrapped
	}
	file := copied(root)
	for i := range file.Fields {
		field := &file.Fields[i]
		field.Value = untagged(field.Value)
		switch field.Key {
		case "services":
			field.Value = n.services(field.Value)
		case "include":
			n.included(field.Value)
		case "secrets":
			field.Value = n.secrets(field.Value)
		}
	}
	return file
}

// isFirstVersion says whether services stand at the top.
func isFirstVersion(root *lint.Node) bool {
	for _, section := range sections {
		if root.Field(section) != nil {
			return false
		}
	}
	for _, field := range root.Fields {
		if field.Value.Get("image") != nil || field.Value.Get("build") != nil {
			return true
		}
	}
	return false
}

func (n *normaliser) included(value *lint.Node) {
	for _, item := range listed(value).Items {
		for _, file := range listed(first(item.Get("path"), item)).Items {
			n.elsewhere(file, "the included file")
		}
	}
}

// secrets puts beside the name of a file what it says, if it is one line of text that stands
// in the repository.
func (n *normaliser) secrets(all *lint.Node) *lint.Node {
	if all.Kind != lint.Object || n.files == nil {
		return all
	}
	all = copied(all)
	for i := range all.Fields {
		field := &all.Fields[i]
		name := field.Value.Get("file")
		if !local(name) {
			continue
		}
		if src := n.files(path.Join(n.dir, name.Text)); src != nil {
			if line := lint.Line(src); line != nil {
				field.Value = copied(field.Value)
				field.Value.Set("file$text", line.Span, line)
			}
		}
	}
	return all
}

// variables says which files of variables nobody sees.
func (n *normaliser) variables(list *lint.Node) {
	for _, item := range list.Items {
		name := item.Get("path")
		optional := item.Get("required")
		if local(name) && (optional == nil || optional.Text != "false") && n.files != nil && n.files(path.Join(n.dir, name.Text)) == nil {
			n.gap(name.Span, "the file is not in this repository; the variables that it sets were not judged")
		}
	}
}

// local says whether a value is the name of a file, with nothing of the environment in it.
func local(name *lint.Node) bool { return name.Str() != "" && !strings.Contains(name.Text, "$") }

func first(a, b *lint.Node) *lint.Node {
	if a != nil {
		return a
	}
	return b
}

// elsewhere looks for a file that belongs to this one.
func (n *normaliser) elsewhere(file *lint.Node, what string) {
	if file.Kind != lint.String {
		return
	}
	var src *lint.Source
	if n.files != nil && local(file) {
		src = n.files(path.Join(n.dir, file.Text))
	}
	switch {
	case src != nil && !Claims(src):
		n.named = append(n.named, src)
	case src == nil && (n.files != nil || !names().MatchString(path.Base(file.Text))):
		n.gap(file.Span, what+" cannot be read in this repository; it was not judged")
	}
}

func (n *normaliser) gap(at lint.Span, message string) {
	n.gaps = append(n.gaps, lint.Gap{Location: at.Location(), Message: message})
}

// mapping says whether a value has parts; anything else but null is wrong.
func (n *normaliser) mapping(field lint.Field) bool {
	switch field.Value.Kind {
	case lint.Object:
		return true
	case lint.Null:
	default:
		n.findings = append(n.findings, field.Span.Report(lint.SyntaxError, field.Key+" has to be a mapping"))
	}
	return false
}

func (n *normaliser) services(services *lint.Node) *lint.Node {
	if !n.mapping(lint.Field{Key: "services", Span: services.Span, Value: services}) {
		return services
	}
	all := copied(services)
	for i := range all.Fields {
		field := &all.Fields[i]
		field.Value = untagged(field.Value)
		if strings.HasPrefix(field.Key, "x-") {
			continue
		}
		if n.mapping(lint.Field{Key: "a service", Span: field.Span, Value: field.Value}) {
			if at, circular := circle(services, field.Key); circular {
				n.findings = append(n.findings, at.Report(lint.Circular, "the service extends itself, by way of those that it extends; remove one of these keys"))
			}
			field.Value = n.service(field.Value)
		}
	}
	return all
}

// circle says whether the services of the file that one extends lead back to it, and where
// it extends the first of them.
func circle(services *lint.Node, name string) (at lint.Span, circular bool) {
	seen := map[string]bool{}
	for next := name; !seen[next]; {
		seen[next] = true
		extends := services.Get(next, "extends")
		if next == name && extends != nil {
			at = extends.Span
		}
		if extends.Get("file") != nil {
			return at, false
		}
		next = first(extends.Get("service"), extends).Str()
		if next == name {
			return at, true
		}
	}
	return at, false
}

func (n *normaliser) service(service *lint.Node) *lint.Node {
	service = copied(service)
	for i := range service.Fields {
		field := &service.Fields[i]
		value := untagged(field.Value)
		switch field.Key {
		case "environment", "labels":
			value = assignments(value)
		case "build":
			value = build(value)
		case "env_file":
			value = each(listed(value), long("path"))
			n.variables(value)
		case "secrets", "configs":
			value = each(value, long("source"))
		case "volumes":
			value = each(value, volume)
		case "extends":
			if file := value.Get("file"); file != nil {
				n.elsewhere(file, "the file that the service extends")
			}
		}
		field.Value = value
	}
	return service
}

func build(value *lint.Node) *lint.Node {
	if value.Kind == lint.String {
		value = long("context")(value)
	}
	if value.Kind != lint.Object {
		return value
	}
	value = copied(value)
	for i := range value.Fields {
		field := &value.Fields[i]
		field.Value = untagged(field.Value)
		switch field.Key {
		case "args", "labels":
			field.Value = assignments(field.Value)
		case "secrets":
			field.Value = each(field.Value, long("source"))
		}
	}
	return value
}

// copied is a node whose list of parts can be changed.
func copied(node *lint.Node) *lint.Node {
	duplicate := *node
	duplicate.Items = append([]*lint.Node(nil), node.Items...)
	duplicate.Fields = append([]lint.Field(nil), node.Fields...)
	return &duplicate
}

// untagged follows the tags of Compose: !override stands for its value, !reset
// for nothing.
func untagged(node *lint.Node) *lint.Node {
	if len(node.Fields) != 1 {
		return node
	}
	switch node.Fields[0].Key {
	case "!override":
		return node.Fields[0].Value
	case "!reset":
		return &lint.Node{Kind: lint.Null, Span: node.Span}
	}
	return node
}

// listed makes a list of one out of a string.
func listed(value *lint.Node) *lint.Node {
	if value.Kind == lint.String {
		return lint.NewList(value.Span, value)
	}
	return value
}

// each writes out every string of a list.
func each(value *lint.Node, write func(*lint.Node) *lint.Node) *lint.Node {
	if value.Kind != lint.List {
		return value
	}
	value = copied(value)
	for i, item := range value.Items {
		if item.Kind == lint.String {
			value.Items[i] = write(item)
		}
	}
	return value
}

// long makes an object with one key out of a string.
func long(key string) func(*lint.Node) *lint.Node {
	return func(value *lint.Node) *lint.Node {
		object := lint.NewObject(value.Span)
		object.Via = value.Via
		object.Set(key, lint.Span{}, value)
		return object
	}
}
