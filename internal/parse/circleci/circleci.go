// Package circleci reads configurations of CircleCI. A document is the file as
// it is written; what its parameters, commands and orbs mean is not decided here.
package circleci

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether the file stands where configurations do: .circleci of any
// folder, since sample trees are nested. Besides config.yml that folder holds those
// that a setup workflow goes on with.
func Claims(src *lint.Source) bool {
	ext := path.Ext(src.Path)
	return (ext == ".yml" || ext == ".yaml") && path.Base(path.Dir("/"+src.Path)) == ".circleci"
}

// isConfig holds for the name that CircleCI reads by itself; others may be
// anything.
func isConfig(src *lint.Source) bool {
	return strings.TrimSuffix(path.Base(src.Path), path.Ext(src.Path)) == "config"
}

// parts are the keys of which a configuration has at least one.
var parts = []string{"jobs", "workflows", "commands", "orbs"}

// Parse reads configurations. A config.yml that CircleCI refuses is a finding.
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
		root := roots[0]
		if at, message := refuse(roots); message != "" {
			if isConfig(src) && len(found) == 0 {
				findings = append(findings, at.Report(lint.SyntaxError, message))
			}
			continue
		}
		findings = append(findings, yaml.Others(roots, "CircleCI")...)
		findings = append(findings, malformed(root)...)
		docs = append(docs, &lint.Document{Platform: "circleci", Path: src.Path, Root: root})
	}
	return docs, findings
}

// refuse says where and why CircleCI does not accept a file, if it does not.
func refuse(roots []*lint.Node) (lint.Span, string) {
	root := roots[0]
	switch {
	case root.Kind != lint.Object:
		return root.Span, `a configuration must be a mapping with the keys "version" and "jobs"`
	case !hasPart(root):
		return root.Span, `a configuration must have the key "jobs", "workflows", "commands" or "orbs"`
	}
	return lint.Span{}, ""
}

func hasPart(root *lint.Node) bool {
	for _, part := range parts {
		if root.Get(part) != nil {
			return true
		}
	}
	return false
}

// empty reports a config.yml of nothing but comments. Files that cannot be parsed
// have said so already.
func empty(src *lint.Source, found []lint.Finding) []lint.Finding {
	if len(found) > 0 || !isConfig(src) {
		return nil
	}
	return []lint.Finding{lint.Span{Source: src}.Report(lint.SyntaxError, `the configuration is empty; write the keys "version" and "jobs", or remove the file`)}
}

// malformed reports what CircleCI refuses within a configuration. The rest is
// judged.
func malformed(root *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, part := range parts {
		if n := root.Get(part); n != nil && n.Kind != lint.Object && n.Kind != lint.Null {
			findings = append(findings, n.Span.Report(lint.SyntaxError, `"`+part+`" must be a mapping by names`))
		}
	}
	for _, field := range root.Get("jobs").Object() {
		switch steps := field.Value.Get("steps"); {
		case field.Value.Kind != lint.Object:
			findings = append(findings, field.Span.Report(lint.SyntaxError, `a job must be a mapping with the key "steps"`))
		case steps != nil && steps.Kind != lint.List && !strings.HasPrefix(steps.Str(), "<<"):
			findings = append(findings, steps.Span.Report(lint.SyntaxError, `"steps" must be a list of steps`))
		}
	}
	return findings
}
