// Package githubactions reads GitHub Actions workflows and actions. A document
// is the file as it is written; what its expressions mean is not decided here.
package githubactions

import (
	"bytes"
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether GitHub would read the file: a workflow in
// .github/workflows of any folder, since sample trees are nested, or the
// metadata of an action.
func Claims(src *lint.Source) bool {
	return isWorkflow(src.Path) || isAction(src.Path) && bytes.Contains(src.Data, []byte("runs"))
}

func isWorkflow(name string) bool {
	name = "/" + name
	return isYAML(name) && strings.HasSuffix(path.Dir(name), "/.github/workflows")
}

func isAction(name string) bool {
	return isYAML(name) && strings.TrimSuffix(path.Base(name), path.Ext(name)) == "action"
}

func isYAML(name string) bool { return path.Ext(name) == ".yml" || path.Ext(name) == ".yaml" }

// Parse reads workflows and actions. A file that is neither, though its name
// says so, is a finding: GitHub refuses it too.
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
		if at, message := refuse(src, roots); message != "" {
			if len(found) == 0 {
				findings = append(findings, at.Report(lint.SyntaxError, message))
			}
			continue
		}
		if !isWorkflow(src.Path) && roots[0].Get("runs") == nil {
			continue
		}
		findings = append(findings, yaml.Others(roots, "GitHub")...)
		findings = append(findings, malformed(roots[0])...)
		if at, message := tooComplex(roots[0]); message != "" {
			findings = append(findings, at.Report(lint.TooComplex, message))
			continue
		}
		docs = append(docs, &lint.Document{Platform: "githubactions", Path: src.Path, Root: roots[0]})
	}
	return docs, findings
}

// refuse says where and why GitHub does not accept a file, if it does not. An
// action.yml without "runs" is no broken action but somebody else's file.
func refuse(src *lint.Source, roots []*lint.Node) (lint.Span, string) {
	root := roots[0]
	workflow, runs := isWorkflow(src.Path), root.Get("runs")
	switch {
	case !workflow && runs == nil:
		return lint.Span{}, ""
	case !workflow && runs.Kind != lint.Object:
		return runs.Span, `"runs" of an action must be a mapping with the key "using"`
	case !workflow:
		return lint.Span{}, ""
	case root.Kind != lint.Object:
		return root.Span, `a workflow must be a mapping with the keys "on" and "jobs"`
	case root.Get("jobs") == nil:
		return root.Span, `a workflow must have the key "jobs"; move the file out of .github/workflows if it is none`
	case root.Get("jobs").Kind != lint.Object:
		return root.Get("jobs").Span, `"jobs" of a workflow must be a mapping from names to jobs`
	}
	return lint.Span{}, ""
}

// empty reports a workflow of nothing but comments. Files that cannot be parsed
// have said so already.
func empty(src *lint.Source, found []lint.Finding) []lint.Finding {
	if len(found) > 0 || !isWorkflow(src.Path) {
		return nil
	}
	return []lint.Finding{lint.Span{Source: src}.Report(lint.SyntaxError, `the workflow is empty; write the keys "on" and "jobs", or remove the file`)}
}

// malformed reports jobs and steps that GitHub refuses. The others are judged.
func malformed(root *lint.Node) []lint.Finding {
	findings := badSteps(root.Get("runs").Get("steps"))
	for _, field := range root.Get("jobs").Object() {
		if field.Value.Kind != lint.Object {
			findings = append(findings, field.Span.Report(lint.SyntaxError, `a job must be a mapping with the key "steps" or "uses"`))
			continue
		}
		findings = append(findings, badSteps(field.Value.Get("steps"))...)
	}
	return findings
}

func badSteps(steps *lint.Node) []lint.Finding {
	if steps != nil && steps.Kind != lint.List {
		return []lint.Finding{steps.Span.Report(lint.SyntaxError, `"steps" must be a list of mappings with the key "run" or "uses"`)}
	}
	var findings []lint.Finding
	for _, step := range steps.List() {
		if step.Kind != lint.Object {
			findings = append(findings, step.Span.Report(lint.SyntaxError, `a step must be a mapping with the key "run" or "uses"`))
		}
	}
	return findings
}
