// Package sops looks at files that SOPS encrypts, or should: those that a rule of the
// nearest .sops.yaml claims, those that say so in their names, and those with its metadata.
// It decrypts nothing.
package sops

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// configName is the file with the rules which files are encrypted, and how.
const configName = ".sops.yaml"

// named are names by which teams tell encrypted files apart.
var named = regex.Lazy(`\.(?:enc|encrypted|sops)\.(?:ya?ml|json)$`)

// Claims says whether SOPS could encrypt the file value by value.
func Claims(src *lint.Source) bool {
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".yaml", ".yml", ".json":
		return len(src.Data) > 0 && path.Base(src.Path) != configName
	}
	return false
}

// Parse gives a document for each one that is encrypted or should be:
//
//	claimed    "rule" or "name", by what it should be; "" if only its metadata say so
//	broad      the rule claims files of any name
//	encrypted  it has SOPS's metadata
//	left       list of {name, value, option}: values that are in clear text; option is what
//	           left them out of encryption, "" if they should be encrypted
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	for _, src := range unit {
		rule, gaps := ruleOf(src.Path, files)
		claimed := ""
		switch {
		case rule != nil:
			claimed = "rule"
		case named().MatchString(path.Base(src.Path)):
			claimed = "name"
		case !bytes.Contains(src.Data, []byte("sops")) || !bytes.Contains(src.Data, []byte("ENC[")):
			continue
		}
		roots, _ := yaml.Read(src) // what is no YAML is said by whoever reads it for what it means
		for _, root := range roots {
			metadata := root.Get("sops")
			if root.Kind != lint.Object || claimed == "" && metadata.Get("mac") == nil {
				continue
			}
			docs = append(docs, document(src, root, claimed, rule, metadata))
			docs[len(docs)-1].Gaps, gaps = gaps, nil
		}
	}
	return docs, nil
}

func document(src *lint.Source, root *lint.Node, claimed string, rule, metadata *lint.Node) *lint.Document {
	options := metadata
	if metadata == nil {
		options = rule
	}
	doc := lint.NewObject(root.Span)
	doc.Set("claimed", lint.Span{}, lint.NewString(claimed, lint.Span{}))
	doc.Set("broad", lint.Span{}, lint.NewBool(broad(rule), lint.Span{}))
	doc.Set("encrypted", lint.Span{}, lint.NewBool(metadata.Get("mac") != nil, lint.Span{}))
	l := left{exempt: exempt(options), list: lint.NewList(lint.Span{})}
	for _, field := range root.Fields {
		if field.Key != "sops" {
			l.read([]string{field.Key}, field.Value)
		}
	}
	doc.Set("left", lint.Span{}, l.list)
	return &lint.Document{Platform: "sops", Path: src.Path, Root: doc}
}

// left collects the values in clear text.
type left struct {
	exempt func(names []string) string
	list   *lint.Node
}

func (l *left) read(names []string, n *lint.Node) {
	for _, field := range n.Object() {
		l.read(append(names[:len(names):len(names)], field.Key), field.Value)
	}
	for _, item := range n.List() {
		l.read(names, item)
	}
	if n.Kind != lint.String || n.Text == "" || strings.HasPrefix(n.Text, "ENC[") {
		return
	}
	entry := lint.NewObject(n.Span)
	entry.Set("name", lint.Span{}, lint.NewString(names[len(names)-1], lint.Span{}))
	entry.Set("value", lint.Span{}, n)
	entry.Set("option", lint.Span{}, lint.NewString(l.exempt(names), lint.Span{}))
	l.list.Items = append(l.list.Items, entry)
}

// exempt gives a function that says by which option a value is left in clear text. Options
// hold for whatever is below a key, too.
func exempt(options *lint.Node) func([]string) string {
	for _, option := range []string{"unencrypted_suffix", "unencrypted_regex", "encrypted_suffix", "encrypted_regex"} {
		text := options.Get(option).Str()
		if text == "" {
			continue
		}
		pattern, err := regexp.Compile(text)
		if strings.HasSuffix(option, "suffix") {
			pattern, err = regexp.Compile(regexp.QuoteMeta(text) + "$")
		}
		return func(names []string) string {
			matched := err == nil && some(names, pattern.MatchString)
			if matched == strings.HasPrefix(option, "un") {
				return option
			}
			return ""
		}
	}
	return func(names []string) string {
		if some(names, func(name string) bool { return strings.HasSuffix(name, "_unencrypted") }) {
			return "unencrypted_suffix"
		}
		return ""
	}
}

func some(names []string, matches func(string) bool) bool {
	for _, name := range names {
		if matches(name) {
			return true
		}
	}
	return false
}

// ruleOf is the first rule of the nearest configuration that claims a file by its path. One
// without a path is for what is encrypted by hand, and claims nothing.
func ruleOf(file string, files func(string) *lint.Source) (*lint.Node, []lint.Gap) {
	if files == nil {
		return nil, nil
	}
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if src := files(path.Join(dir, configName)); src != nil {
			return claiming(src, strings.TrimPrefix(strings.TrimPrefix(file, dir), "/"))
		}
		if dir == "." {
			return nil, nil
		}
	}
}

func claiming(src *lint.Source, file string) (*lint.Node, []lint.Gap) {
	roots, _ := yaml.Read(src)
	var gaps []lint.Gap
	for _, root := range roots {
		for _, rule := range root.Get("creation_rules").List() {
			text := rule.Get("path_regex").Str()
			if text == "" {
				return nil, gaps
			}
			pattern, err := regexp.Compile(text)
			if err != nil {
				gaps = append(gaps, lint.Gap{Location: rule.Get("path_regex").Span.Location(), Message: "not judged: the pattern cannot be read, and which files should be encrypted is unknown"})
			} else if pattern.MatchString(file) {
				return rule, gaps
			}
		}
	}
	return nil, gaps
}

// broad says whether a rule claims files of any name: then a file need not be meant.
func broad(rule *lint.Node) bool {
	pattern, err := regexp.Compile(rule.Get("path_regex").Str())
	if rule == nil || err != nil {
		return false
	}
	return some([]string{"a.yaml", "b/a.yaml", "b/kustomization.yml", "a.json"}, pattern.MatchString)
}
