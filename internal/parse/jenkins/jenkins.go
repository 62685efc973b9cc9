// Package jenkins reads pipelines of Jenkins: Jenkinsfiles, declarative and
// scripted, and the steps of shared libraries. They are programs in Groovy, of
// which it reads the form and runs nothing. Job DSL and a server's config.xml are
// none of its business.
//
// A document is {"statements": […]}. Constants are what they are, lists are lists;
// everything else is an object known by its first key:
//
//	call, on, arguments, named   a step or method; its blocks are among the arguments
//	closure, parameters          a block
//	text, holes                  a string, and where Groovy puts values into it
//	name; property, of; index, of; map; operator, operands; new; type
//	define, value; assign, value; function, parameters, defaults, body
//	if, then, else; loop, body; try, catch, finally; switch, body; case
//	return; throw; assert; jump; import; annotation; class, body
//	unread, blocks               what could not be read, and the blocks in it
package jenkins

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Claims says whether a file is a pipeline of Jenkins, by its name, or for one in
// Groovy by what stands in it.
func Claims(src *lint.Source) bool {
	base := path.Base(src.Path)
	switch lower := strings.ToLower(base); {
	case strings.HasSuffix(lower, ".jenkinsfile"):
		return true
	case lower == "jenkinsfile":
		return true
	case strings.HasPrefix(lower, "jenkinsfile"):
		return strings.ContainsAny(lower[len("jenkinsfile"):][:1], ".-_") && !slices.Contains(otherEndings, path.Ext(lower))
	case path.Ext(lower) != ".groovy":
		return false
	case path.Base(path.Dir(src.Path)) == "vars":
		return step().Match(src.Data) || pipeline().Match(src.Data)
	}
	return pipeline().Match(src.Data)
}

// otherEndings are those of notes about a Jenkinsfile and of templates for one.
var otherEndings = []string{".md", ".txt", ".adoc", ".rst", ".html", ".yml", ".yaml", ".json", ".xml", ".tpl", ".tmpl", ".j2", ".erb", ".ejs", ".hbs", ".png", ".svg", ".sh", ".py"}

var (
	pipeline = regex.Lazy(`(?m)^(?:pipeline\s*\{|node\s*(?:\(.*\)\s*)?\{|node\s+['"].*\{|timestamps\s*\{|withCredentials\s*\(|\s*(?:stage\s*\(.*\)|steps)\s*\{)`)
	step     = regex.Lazy(`(?m)^\s*(?:def|void|[A-Z]\w*)\s+call\s*\(`)
)

// Parse reads each file. One that Groovy refuses is a finding, and is read as far
// as it goes.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		if len(bytes.TrimSpace(src.Data)) == 0 {
			findings = append(findings, lint.Span{Source: src}.Report(lint.SyntaxError, "the pipeline is empty; write it, or remove the file"))
			continue
		}
		tokens, wrong := lex(src)
		findings = append(findings, wrong...)
		root := lint.NewObject(src.Whole())
		root.Set("statements", lint.Span{}, list(newParser(src, tokens).statements()))
		docs = append(docs, &lint.Document{Platform: "jenkins", Path: src.Path, Root: root})
	}
	return docs, findings
}
