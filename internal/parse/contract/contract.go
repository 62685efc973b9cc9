// Package contract reads what policyctl's own files declare about secrets: one
// document for each, checked against its schema, with durations in seconds and
// dates in nanoseconds beside what was written. It applies no classes and no
// defaults, and compares nothing with the rest of the repository.
package contract

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Invalid is the rule of everything that is wrong with the form of a contract.
var Invalid = &lint.Rule{
	ID: "contract/invalid", Title: "Contract is not valid", Severity: lint.High, Tier: lint.Default,
	Description: "A field that is misspelt or of the wrong form says nothing, and the rules that ask for it cannot hold.",
	Fix:         "Correct what the message names; it says what may stand there.",
	Tags:        []string{"contract"},
}

// prefix is how the apiVersion of every document of policyctl begins.
const prefix = "policyctl.dev/"

// version is the one that this policyctl understands.
const version = prefix + "v1"

// kind is one sort of document: the platform whose policies judge it, its shape,
// and what is not done with it yet.
type kind struct {
	name, platform string
	shape          shape
	gap            string
}

var kinds = []kind{
	{"SecretContract", "contract", secretContract, ""},
	{"SecretCatalog", "catalog", secretCatalog, "teams and stores of a catalogue are not compared with contracts yet"},
	{"SecretClass", "class", envelope, "classes are not applied yet: a contract is judged by what it says itself"},
	{"SecretDefaults", "defaults", envelope, "defaults are not applied yet: a contract is judged by what it says itself"},
	{"SecretIncident", "incident", envelope, "incidents are not judged yet"},
}

// Claims says whether the file holds documents of policyctl.
func Claims(src *lint.Source) bool {
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".yaml", ".yml", ".json":
		return bytes.Contains(src.Data, []byte(prefix)) || misnamed.Match(src.Data)
	}
	return false
}

// misnamed finds contracts whose apiVersion is missing or misspelt.
var misnamed = regexp.MustCompile(`(?m)^kind:[ \t]*["']?SecretContract\b`)

// Parse turns each document of policyctl into one that policies see. Other
// documents of the same file are left to their platforms.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		for _, root := range roots {
			doc, found := read(src, root)
			findings = append(findings, found...)
			if doc != nil {
				docs = append(docs, doc)
			}
		}
	}
	return docs, findings
}

// read gives the document that a root declares, nil if it is none of policyctl or
// too broken to be judged.
func read(src *lint.Source, root *lint.Node) (*lint.Document, []lint.Finding) {
	doc := &lint.Document{Path: src.Path, Name: root.Get("metadata", "name").Str(), Root: root}
	c := &checker{}
	declared, ours := identify(c, root)
	if declared == nil {
		return nil, c.findings(doc)
	}
	if spec := root.Get("spec"); spec == nil || spec.Kind != lint.Object {
		c.report(lint.Path{"spec"}, "missing, or no mapping; without it the document says nothing")
		return nil, c.findings(doc)
	}
	doc.Platform = declared.platform
	c.values = declared == &kinds[0]
	doc.Root = declared.shape.check(c, nil, root)
	if c.values {
		doc.Root.Set("inherits", lint.Span{}, lint.NewList(lint.Span{}))
	}
	if declared.gap != "" {
		doc.Gaps = []lint.Gap{{Location: ours.Location(), Message: declared.gap}}
	}
	return doc, c.findings(doc)
}

// identify finds out what a document declares, nil if policyctl cannot read it,
// and the place that says so.
func identify(c *checker, root *lint.Node) (*kind, lint.Span) {
	named, name := root.Get("apiVersion").Str(), root.Get("kind").Str()
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	switch {
	case !strings.HasPrefix(named, prefix) && name != kinds[0].name: // of another platform
	case !strings.HasPrefix(named, prefix):
		c.report(lint.Path{"apiVersion"}, "missing or misspelt; write %s", version)
	case named != version:
		c.report(lint.Path{"apiVersion"}, "a version that this policyctl does not understand; it understands %s", version)
	case i < 0:
		c.report(lint.Path{"kind"}, "unknown kind%s", meant(name, kindNames()))
	default:
		return &kinds[i], root.Get("kind").Span
	}
	return nil, lint.Span{}
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// meant words a suggestion, or the whole choice where nothing is near.
func meant(word string, known []string) string {
	if near := suggest.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; want one of " + strings.Join(known, ", ")
}
