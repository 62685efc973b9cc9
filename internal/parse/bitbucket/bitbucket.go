// Package bitbucket reads configurations of Bitbucket Pipelines. A document is
// the file as it is written; what its pipelines and steps mean is not decided here.
package bitbucket

import (
	"path"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether Bitbucket would read the file, at the root of a repository
// or of a sample.
func Claims(src *lint.Source) bool { return path.Base(src.Path) == "bitbucket-pipelines.yml" }

// Parse reads configurations. One that Bitbucket refuses is a finding.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		if len(roots) == 0 {
			if len(found) == 0 {
				findings = append(findings, lint.Span{Source: src}.Report(lint.SyntaxError, `the configuration is empty; write the key "pipelines", or remove the file`))
			}
			continue
		}
		if at, message := refuse(roots); message != "" {
			if len(found) == 0 {
				findings = append(findings, at.Report(lint.SyntaxError, message))
			}
			continue
		}
		findings = append(findings, yaml.Others(roots, "Bitbucket")...)
		findings = append(findings, malformed(roots[0].Get("pipelines"))...)
		docs = append(docs, &lint.Document{Platform: "bitbucket", Path: src.Path, Root: roots[0]})
	}
	return docs, findings
}

// refuse says where and why Bitbucket does not accept a file, if it does not.
func refuse(roots []*lint.Node) (lint.Span, string) {
	root := roots[0]
	pipelines, shared := root.Get("pipelines"), root.Get("definitions", "pipelines")
	switch {
	case root.Kind != lint.Object:
		return root.Span, `a configuration must be a mapping with the key "pipelines"`
	case pipelines == nil && shared == nil:
		return root.Span, `a configuration must have the key "pipelines"`
	case pipelines != nil && pipelines.Kind != lint.Object:
		return pipelines.Span, `"pipelines" must be a mapping with the key "default", "branches", "tags", "pull-requests" or "custom"`
	}
	return lint.Span{}, ""
}

// malformed reports what Bitbucket refuses within the pipelines. The rest is
// judged.
func malformed(pipelines *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, section := range pipelines.Object() {
		switch section.Key {
		case "default":
			findings = append(findings, badSteps(section)...)
		case "branches", "tags", "pull-requests", "custom", "bookmarks":
			if section.Value.Kind != lint.Object {
				findings = append(findings, section.Value.Span.Report(lint.SyntaxError, `"`+section.Key+`" must be a mapping from names to lists of steps`))
			}
			for _, field := range section.Value.Object() {
				findings = append(findings, badSteps(field)...)
			}
		}
	}
	return findings
}

// badSteps reports a pipeline that is no list. One that is imported is a mapping.
func badSteps(pipeline lint.Field) []lint.Finding {
	if pipeline.Value.Kind == lint.List {
		return badLines(pipeline.Value)
	}
	if pipeline.Value.Get("import") != nil {
		return nil
	}
	return []lint.Finding{pipeline.Value.Span.Report(lint.SyntaxError, `a pipeline must be a list of "step", "parallel" or "stage"`)}
}

// badLines reports lines of scripts that are neither text nor a pipe. The others
// are judged.
func badLines(items *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, item := range items.List() {
		for _, field := range item.Object() {
			group := field.Value
			if steps := group.Get("steps"); steps != nil {
				group = steps
			}
			findings = append(findings, badLines(group)...)
			for _, key := range []string{"script", "after-script"} {
				for _, line := range field.Value.Get(key).List() {
					if line.Kind == lint.Object && line.Get("pipe") == nil {
						findings = append(findings, line.Span.Report(lint.SyntaxError, `a line of a script must be text or a pipe, and this is a mapping because of its colon; put the line in quotes`))
					}
				}
			}
		}
	}
	return findings
}
