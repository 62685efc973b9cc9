package ansible

import (
	"bytes"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// definitions are the arguments by which a task gives the objects of Kubernetes that it makes.
var definitions = []string{"definition", "resource_definition", "inline"}

// ofCluster gives the objects of Kubernetes that tasks make, for its policies. Of Secrets and
// config maps that are written in the playbook itself, policies on Ansible judge the values.
func (f *file) ofCluster(src *lint.Source) []*lint.Document {
	var docs []*lint.Document
	for _, task := range f.tasks.Items {
		if task.Get("module").Str() != "k8s" {
			continue
		}
		for _, name := range definitions {
			value := task.Get("args", name)
			for _, object := range listed(value) {
				kind := object.Get("kind").Str()
				if value.Kind == lint.String {
					object = f.object(value)
				} else if kind == "Secret" || kind == "ConfigMap" {
					continue
				}
				for _, one := range listed(object) {
					if one.Get("kind").Str() != "" {
						docs = append(docs, &lint.Document{Platform: "kubernetes", Path: src.Path, Name: task.Get("name").Str(), Root: one, Again: true})
					}
				}
			}
		}
	}
	return docs
}

var inserted = regex.Lazy(`\{\{[^{}\n]*\}\}`)

// object reads the YAML in a text: the objects in it as a list. What Jinja puts there is a
// reference like others.
func (f *file) object(text *lint.Node) *lint.Node {
	all := lint.NewList(text.Span)
	data := inserted().ReplaceAllFunc([]byte(text.Text), func(value []byte) []byte {
		return slices.Concat([]byte("$("), bytes.Repeat([]byte("x"), len(value)-len("$()")), []byte(")"))
	})
	roots, wrong := yaml.Read(&lint.Source{Path: "text.yaml", Data: data})
	if len(wrong) > 0 || !strings.Contains(string(data), "kind") {
		f.gaps = append(f.gaps, lint.Gap{Location: text.Span.Location(), Message: "which objects the text makes is not known; they were not judged"})
		return all
	}
	for _, root := range roots {
		root.Walk(func(_ lint.Path, part *lint.Node) bool {
			part.Span, part.Merges = text.Part(part.Span.Start, part.Span.End).Span, nil
			for i := range part.Fields {
				part.Fields[i].Span = text.Span
			}
			return true
		})
		all.Items = append(all.Items, listed(root)...)
	}
	return all
}
