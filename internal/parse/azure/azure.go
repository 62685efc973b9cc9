// Package azure reads files of Azure Pipelines: pipelines and templates. A
// document is the file as it is written; its expressions are not worked out here,
// and other files that it includes are not read.
package azure

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether the file is a pipeline or template: by its name, or by its
// shape, since teams keep templates anywhere and call them anything.
func Claims(src *lint.Source) bool {
	switch {
	case !isYAML(src.Path) || ofOthers().MatchString("/"+src.Path):
		return false
	case isPipeline(src.Path):
		return true
	}
	return shape().Match(src.Data) || inFolder().MatchString("/"+src.Path) && looseShape().Match(src.Data)
}

func isYAML(name string) bool { return path.Ext(name) == ".yml" || path.Ext(name) == ".yaml" }

// isPipeline holds for the names that the platform itself proposes.
func isPipeline(name string) bool {
	return pipelineName().MatchString(strings.ToLower(path.Base(name)))
}

var (
	pipelineName = regex.Lazy(`^(?:.*\.)?azure-pipelines?(?:[-_.].*)?\.ya?ml$`)
	inFolder     = regex.Lazy(`(?i)/(?:\.azure-?pipelines|\.azuredevops|\.azure-devops|\.azdo|\.ado|\.pipelines|azure-pipelines|eng/pipelines)/`)
	ofOthers     = regex.Lazy(`/(?:\.github|\.circleci|\.buildkite|\.gitlab)/`)

	// shape is what no other platform's files have at their top: lists of stages,
	// jobs and steps whose first entry is one of this platform's, an "extends" with
	// a template, and lists of named variables and groups.
	shape = regex.Lazy(`(?m)^(?:` +
		`(?:stages|jobs|steps)[ \t]*:[ \t]*` + nothing + `[ \t]*-[ \t]+(?:['"]?\$\{\{[ \t]*(?:if|each|parameters)\b|(?:stage|job|deployment|template|task|script|bash|pwsh|powershell|checkout|publish|download|getPackage|reviewApp)[ \t]*:)` +
		`|extends[ \t]*:[ \t]*` + nothing + `[ \t]+(?:template|parameters)[ \t]*:` +
		`|variables[ \t]*:[ \t]*` + nothing + `[ \t]*-[ \t]+(?:['"]?\$\{\{[ \t]*(?:if|each)\b|(?:group|template|name)[ \t]*:)` +
		`)`)
	looseShape = regex.Lazy(`(?m)^(?:stages|jobs|steps|extends|variables|trigger|parameters)[ \t]*:`)
)

// nothing is the end of a line, with lines of comments behind it.
const nothing = `(?:#.*)?(?:\r?\n[ \t]*(?:#.*)?)*\r?\n`

// Parse reads pipelines and templates. A file that is neither, though its name
// says so, is a finding: the platform refuses it too.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		if len(roots) == 0 {
			findings = append(findings, empty(src, found)...)
			continue
		}
		if !isPipeline(src.Path) && !hasContent(roots[0]) {
			continue // somebody else's file
		}
		if at, message := refuse(roots); message != "" {
			if len(found) == 0 {
				findings = append(findings, at.Report(lint.SyntaxError, message))
			}
			continue
		}
		findings = append(findings, yaml.Others(roots, "Azure Pipelines")...)
		findings = append(findings, malformed(roots[0])...)
		docs = append(docs, &lint.Document{Platform: "azure", Path: src.Path, Root: roots[0]})
	}
	return docs, findings
}

// empty reports a pipeline of nothing but comments. Files that cannot be parsed
// have said so already.
func empty(src *lint.Source, found []lint.Finding) []lint.Finding {
	if len(found) > 0 || !isPipeline(src.Path) {
		return nil
	}
	return []lint.Finding{lint.Span{Source: src}.Report(lint.SyntaxError, `the pipeline is empty; write "stages", "jobs" or "steps", or remove the file`)}
}

// contents are what a pipeline or template may be made of.
var contents = []string{"stages", "jobs", "steps", "extends", "variables"}

func hasContent(root *lint.Node) bool {
	return slices.ContainsFunc(root.Object(), func(field lint.Field) bool {
		return slices.Contains(contents, field.Key) || strings.HasPrefix(field.Key, "${{")
	})
}

func refuse(roots []*lint.Node) (lint.Span, string) {
	switch root := roots[0]; {
	case root.Kind != lint.Object:
		return root.Span, `a pipeline must be a mapping with the key "stages", "jobs", "steps" or "extends"`
	case !hasContent(root):
		return root.Span, `a pipeline must have one of the keys "stages", "jobs", "steps" or "extends"; rename the file if it is none`
	}
	return lint.Span{}, ""
}

// lists are the keys whose values the platform wants as lists, and what each
// entry must have one of.
var lists = map[string][]string{
	"stages": {"stage", "template"},
	"jobs":   {"job", "deployment", "template"},
	"steps": {"script", "bash", "pwsh", "powershell", "checkout", "task", "template", "download", "downloadBuild", "publish", "getPackage",
		"reviewApp", "restoreCache", "saveCache"},
}

// malformed reports lists and entries that the platform refuses. The others are
// judged.
func malformed(root *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, field := range root.Object() {
		allowed, isList := lists[field.Key]
		switch value := field.Value; {
		case slices.Contains([]string{"parameters", "templateContext", "inputs", "env"}, field.Key): // what stands there is up to templates and tasks
		case !isList || value.Kind == lint.List:
			findings = append(findings, entries(value, allowed)...)
		case value.Kind != lint.Object && !strings.HasPrefix(value.Str(), "${{"), value.Kind == lint.Object && !conditional(value):
			findings = append(findings, value.Span.Report(lint.SyntaxError, fmt.Sprintf("%q must be a list", field.Key)))
		}
	}
	return findings
}

func entries(value *lint.Node, allowed []string) []lint.Finding {
	if value.Kind != lint.List {
		return malformed(value)
	}
	var findings []lint.Finding
	for _, item := range value.Items {
		if len(allowed) > 0 && !acceptable(item, allowed) {
			findings = append(findings, item.Span.Report(lint.SyntaxError, fmt.Sprintf("the entry must be a mapping with one of the keys %s", strings.Join(allowed, ", "))))
			continue
		}
		for _, part := range item.Object() {
			if nested := part.Value; strings.HasPrefix(part.Key, "${{") && nested.Kind == lint.List {
				findings = append(findings, entries(nested, allowed)...)
			}
		}
		findings = append(findings, malformed(item)...)
	}
	return findings
}

// acceptable holds for entries with a known key, and for those that an
// expression decides about.
func acceptable(item *lint.Node, allowed []string) bool {
	if item.Kind == lint.String {
		return strings.Contains(item.Text, "${{")
	}
	return item.Kind == lint.Null || conditional(item) || slices.ContainsFunc(allowed, func(key string) bool { return item.Field(key) != nil })
}

func conditional(n *lint.Node) bool {
	return slices.ContainsFunc(n.Object(), func(field lint.Field) bool { return strings.HasPrefix(field.Key, "${{") })
}
