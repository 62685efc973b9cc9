// Package pulumi reads Pulumi's projects and the settings of their stacks: the
// configuration, and programs that are written in YAML. One file becomes one document:
//
//	{
//	  "config": [{"name": "app:dbPassword", "value": ..., "stack": true}], // of a stack, or what a project sets for all
//	  "resources": [{"id": "db", "type": "aws:rds:Instance", "values": {...}}],
//	  "variables": {...},
//	  "outputs": {...}
//	}
//
// What is encrypted (secure:) or made a secret (fn::secret) is {"$unknown": ["secret"]}.
// Texts keep their ${references}.
package pulumi

import (
	"path"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Platform is the name of the documents.
const Platform = "pulumi"

var names = regex.Lazy(`^Pulumi(?:\.([\w-]+(?:\.[\w-]+)*))?\.(?:ya?ml|json)$`)

// Claims says by its name whether the file is a project's or a stack's.
func Claims(src *lint.Source) bool { return names().MatchString(path.Base(src.Path)) }

// Parse reads files, one document for each.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		for _, root := range roots {
			if root.Kind != lint.Object {
				findings = append(findings, root.Span.Report(lint.SyntaxError, "a file of Pulumi has to be a mapping"))
				continue
			}
			stack := names().FindStringSubmatch(path.Base(src.Path))[1] != ""
			findings = append(findings, wrong(root)...)
			docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: document(root, stack)})
		}
	}
	return docs, findings
}

// wrong are the parts of a program that have to be mappings, and are none.
func wrong(root *lint.Node) []lint.Finding {
	var findings []lint.Finding
	mapping := func(field *lint.Field, what string) {
		if field != nil && field.Value.Kind != lint.Object && field.Value.Kind != lint.Null {
			findings = append(findings, field.Value.Span.Report(lint.SyntaxError, what+" has to be a mapping"))
		}
	}
	for _, part := range []string{"resources", "variables", "outputs"} {
		mapping(root.Field(part), part)
	}
	for _, field := range root.Get("resources").Object() {
		mapping(&field, "the resource "+field.Key)
		mapping(field.Value.Field("properties"), "properties")
	}
	return findings
}

func document(root *lint.Node, stack bool) *lint.Node {
	out, config, resources := lint.NewObject(root.Span), lint.NewList(lint.Span{}), lint.NewList(lint.Span{})
	for _, field := range slices.Concat(root.Get("config").Object(), root.Get("configuration").Object(), root.Get("template", "config").Object()) {
		value := lint.Field{Span: field.Span, Value: field.Value}
		if !stack && field.Value.Kind == lint.Object { // a declaration
			declared := field.Value.Field("value")
			if declared == nil {
				declared = field.Value.Field("default")
			}
			if declared == nil {
				continue
			}
			value = *declared
		}
		entry := lint.NewObject(field.Span)
		entry.Set("name", field.Span, lint.NewString(field.Key, field.Span))
		entry.Set("value", value.Span, opened(value.Value))
		entry.Set("stack", lint.Span{}, lint.NewBool(stack, lint.Span{}))
		config.Items = append(config.Items, entry)
	}
	for _, field := range root.Get("resources").Object() {
		entry := lint.NewObject(field.Value.Span)
		entry.Set("id", field.Span, lint.NewString(field.Key, field.Span))
		entry.Set("type", lint.Span{}, lint.NewString(field.Value.Get("type").Str(), lint.Span{}))
		values := lint.NewObject(lint.Span{})
		if properties := field.Value.Field("properties"); properties != nil {
			values = opened(properties.Value)
		}
		entry.Set("values", lint.Span{}, values)
		resources.Items = append(resources.Items, entry)
	}
	out.Set("config", lint.Span{}, config)
	out.Set("resources", lint.Span{}, resources)
	for _, key := range []string{"variables", "outputs"} {
		if field := root.Field(key); field != nil {
			out.Set(key, field.Span, opened(field.Value))
		}
	}
	return out
}

// opened is a value in which what is encrypted is unknown. It shares what it does
// not change.
func opened(n *lint.Node) *lint.Node {
	if len(n.Fields) == 1 && (n.Fields[0].Key == "secure" || n.Fields[0].Key == "fn::secret" || n.Fields[0].Key == "Fn::Secret") {
		return partial.Unknown(n.Span, "secret")
	}
	made := *n
	made.Items, made.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range made.Items {
		made.Items[i] = opened(item)
	}
	for i, field := range made.Fields {
		made.Fields[i].Value = opened(field.Value)
	}
	return &made
}
