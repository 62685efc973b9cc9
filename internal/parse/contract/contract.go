// Package contract reads what policyctl's own files declare about secrets: one
// document for each, checked against its schema, with durations in seconds and
// dates in nanoseconds beside what was written. It applies no classes and no
// defaults, and compares nothing with the rest of the repository.
package contract

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// prefix is how the apiVersion of every document of policyctl begins.
const prefix = "policyctl.dev/"

// Version is the one that this policyctl understands.
const Version = prefix + "v1"

// kind is one sort of document: the platform whose policies judge it, and its
// shape.
type kind struct {
	name, platform string
	shape          shape
}

var kinds = []kind{
	{"SecretContract", "contract", secretContract},
	{"SecretClass", "class", secretClass},
	{"SecretDefaults", "defaults", secretDefaults},
	{"SecretCatalog", "catalog", secretCatalog},
	{"SecretIncident", "incident", secretIncident},
}

// Kinds lists the kinds of documents that policyctl has.
func Kinds() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

func kindOf(name string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return &kinds[i]
}

// Claims says whether the file holds documents of policyctl.
func Claims(src *lint.Source) bool {
	return MayClaim(src.Path) && (bytes.Contains(src.Data, []byte(prefix)) || misnamed().Match(src.Data))
}

// MayClaim says whether a file can hold documents of policyctl, by its name.
func MayClaim(name string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(path.Ext(name)))
}

// misnamed finds contracts whose apiVersion is missing or misspelt.
var misnamed = regex.Lazy(`(?m)^kind:[ \t]*["']?SecretContract\b`)

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
	doc := &lint.Document{Path: src.Path, Name: name.form.is().FindString(root.Get("metadata", "name").Str()), Root: root}
	c := &checker{}
	declared := identify(c, root)
	if declared == nil {
		return nil, c.findings(doc)
	}
	doc.Platform = declared.platform
	c.values = declared == &kinds[0]
	doc.Root = declared.shape.check(c, nil, root)
	found := c.findings(doc)
	if spec := root.Get("spec"); spec == nil || spec.Kind != lint.Object {
		return nil, found
	}
	if metadata := doc.Root.Get("metadata"); doc.Name == "" && metadata != nil {
		// Messages of policies begin with the name: what is none is not for them.
		metadata.Fields = slices.DeleteFunc(metadata.Fields, func(f lint.Field) bool { return f.Key == "name" })
	}
	return doc, found
}

// identify finds out what a document declares, nil if policyctl cannot read it.
func identify(c *checker, root *lint.Node) *kind {
	named, name := root.Get("apiVersion").Str(), root.Get("kind").Str()
	declared := kindOf(name)
	switch {
	case !strings.HasPrefix(named, prefix) && name != kinds[0].name: // of another platform
	case !strings.HasPrefix(named, prefix):
		c.report(UnsupportedVersion, lint.Path{"apiVersion"}, "missing or misspelt; write %s", Version)
	case named != Version:
		c.report(UnsupportedVersion, lint.Path{"apiVersion"}, "%s", unsupported(named))
	case declared == nil:
		c.report(UnknownKind, lint.Path{"kind"}, "unknown kind%s", c.choice(name, Kinds()))
	default:
		return declared
	}
	return nil
}

// unsupported says what is wrong with a version that is not ours.
func unsupported(named string) string {
	switch {
	case Newer(named):
		return named + " is newer than this policyctl understands; use a newer policyctl, or write " + Version
	case likeVersion().MatchString(named):
		return named + " is older than this policyctl understands; write " + Version
	}
	return "not a version that this policyctl understands; write " + Version
}

// Newer says whether a document is of a version that only a later policyctl
// understands.
func Newer(apiVersion string) bool {
	parts := likeVersion().FindStringSubmatch(apiVersion)
	return parts != nil && parts[1] != "0" && parts[1] != "1"
}

// Ours says whether a root is a document of policyctl that this policyctl
// understands.
func Ours(root *lint.Node) bool {
	return root.Get("apiVersion").Str() == Version && kindOf(root.Get("kind").Str()) != nil
}
