package contract

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// MarkInherited notes in each contract, under "inherits", which fields of its
// spec a SecretDefaults or its SecretClass sets. They are not applied yet: the
// note keeps policies from calling a field missing that only stands elsewhere.
func MarkInherited(docs []*lint.Document) {
	var origins []origin
	for _, doc := range docs {
		switch doc.Platform {
		case "defaults":
			origins = append(origins, origin{doc, fieldsOf(doc.Root.Get("spec"))})
		case "class":
			origins = append(origins, origin{doc, fieldsOf(doc.Root.Get("spec", "defaults"))})
		}
	}
	for _, doc := range docs {
		if doc.Platform == "contract" {
			doc.Root.Set("inherits", lint.Span{}, inherited(doc, origins))
		}
	}
}

// origin is a document from which contracts inherit, with the fields that it sets.
type origin struct {
	doc    *lint.Document
	fields []string
}

// inherited lists what a contract takes from all origins.
func inherited(contract *lint.Document, origins []origin) *lint.Node {
	var set []string
	for _, from := range origins {
		if from.reaches(contract) {
			set = append(set, from.fields...)
		}
	}
	slices.Sort(set)
	list := lint.NewList(lint.Span{})
	for _, field := range slices.Compact(set) {
		list.Items = append(list.Items, lint.NewString(field, lint.Span{}))
	}
	return list
}

func (from origin) reaches(contract *lint.Document) bool {
	if from.doc.Platform == "class" {
		return from.doc.Name != "" && from.doc.Name == contract.Root.Get("spec", "class").Str()
	}
	return covers(from.doc.Path, contract.Path)
}

// covers says whether defaults hold for a file: they do for the folder in which
// they stand, or in which their .policyctl folder stands, and for all below it.
func covers(defaults, file string) bool {
	folder := path.Dir(defaults)
	if path.Base(folder) == ".policyctl" {
		folder = path.Dir(folder)
	}
	return folder == "." || strings.HasPrefix(file, folder+"/")
}

// maxFields is more than honest defaults set. What lies beyond is taken for
// missing, so that a hostile file costs little and hides nothing.
const maxFields = 1000

func fieldsOf(spec *lint.Node) []string {
	var all []string
	spec.Walk(func(at lint.Path, _ *lint.Node) bool {
		if len(at) > 0 {
			all = append(all, at.String())
		}
		return len(all) < maxFields
	})
	return all
}

// Inherits says whether a document takes part in inheritance: it cannot be judged
// before all others of its kind are read.
func Inherits(doc *lint.Document) bool {
	return slices.Contains([]string{"contract", "class", "defaults", "catalog", "incident"}, doc.Platform)
}
