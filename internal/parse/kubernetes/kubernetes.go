// Package kubernetes reads Kubernetes manifests: one document for each object,
// in the shape in which it is written. Of templates that are not Helm's it takes
// every branch. It compares nothing with a schema: what kinds and fields mean is
// for policies.
package kubernetes

import (
	"bytes"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Parse turns each object into a document. Documents of policyctl itself that
// stand in the same file are left to their own package. What is wrong with a file
// that has no object, and looks like none, is not for this package to say.
//
// files gives what else of the repository a kustomization names; it may be nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		f := &file{src: src, files: files}
		if filled, ok := templated(src); ok && len(found) > 0 {
			f.template(filled)
			roots, found = nil, nil
		}
		for _, root := range roots {
			f.read(root)
		}
		docs = append(docs, f.documents()...)
		findings = append(findings, f.findings...)
		if len(found) > 0 && (len(f.docs) > 0 || meant(src)) {
			findings = append(findings, found...)
		}
	}
	return docs, findings
}

// file collects the objects of one file.
type file struct {
	src   *lint.Source
	files func(string) *lint.Source
	docs  []*lint.Document
	gaps  []lint.Gap

	findings []lint.Finding
}

// documents gives what was found. Gaps belong to the file; its first document
// carries them. A file without any object is none of Kubernetes.
func (f *file) documents() []*lint.Document {
	if len(f.docs) > 0 {
		f.docs[0].Gaps = f.gaps
	}
	return f.docs
}

func (f *file) read(node *lint.Node) {
	version, kind := node.Get("apiVersion").Str(), node.Get("kind").Str()
	switch {
	case strings.HasPrefix(version, "policyctl.dev/"):
	case version != "" && strings.HasSuffix(kind, "List") && node.Get("items").List() != nil:
		f.list(node, version, strings.TrimSuffix(kind, "List"))
	case version != "" && kind != "", isKustomization(f.src.Path) && node.Kind == lint.Object, isKubeconfig(f.src) && kind == "Config":
		f.add(node)
		if isKustomization(f.src.Path) {
			f.kustomization(node)
		}
	default:
		f.gaps = append(f.gaps, lint.Gap{
			Location: firstLine(node.Span).Location(),
			Message:  "not judged: the document has no apiVersion and kind, so it is no Kubernetes object",
		})
	}
}

// list reads the items of a List. Those of a typed one, for example a SecretList,
// need not repeat what they are. A List of nothing is a document itself, so that
// the file does not vanish.
func (f *file) list(node *lint.Node, version, kind string) {
	before := len(f.docs)
	for _, item := range node.Get("items").List() {
		if kind != "" && item.Kind == lint.Object && item.Field("kind") == nil {
			item = typed(item, version, kind)
		}
		f.read(item)
	}
	if len(f.docs) == before {
		f.add(node)
	}
}

// typed is an item with the type that its list gives it. The type stands nowhere
// in the item, so it has no place.
func typed(item *lint.Node, version, kind string) *lint.Node {
	whole := *item
	whole.Fields = slices.Clone(item.Fields)
	whole.Set("apiVersion", lint.Span{}, lint.NewString(version, lint.Span{}))
	whole.Set("kind", lint.Span{}, lint.NewString(kind, lint.Span{}))
	return &whole
}

func (f *file) add(root *lint.Node) {
	f.docs = append(f.docs, document(root, f.src))
}

func document(root *lint.Node, src *lint.Source) *lint.Document {
	return &lint.Document{Platform: "kubernetes", Path: src.Path, Name: name(root), Root: root}
}

// name is Kind/namespace/name, as far as the object says them.
func name(root *lint.Node) string {
	kind := root.Get("kind").Str()
	if kind == "" {
		kind = "Kustomization"
	}
	namespace := root.Get("metadata", "namespace").Str()
	if namespace == "" {
		namespace = "default"
	}
	name := root.Get("metadata", "name").Str()
	if name == "" {
		name = root.Get("metadata", "generateName").Str()
	}
	return strings.TrimSuffix(strings.Join([]string{kind, namespace, name}, "/"), "/")
}

// firstLine is the place of a whole document: a region of many lines would help
// no reader.
func firstLine(whole lint.Span) lint.Span {
	if end := bytes.IndexByte(whole.Text(), '\n'); end >= 0 {
		whole.End = whole.Start + end
	}
	return whole
}
