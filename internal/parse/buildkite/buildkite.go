// Package buildkite reads pipelines of Buildkite. A document is the file as it is
// written; what its steps and plugins mean is not decided here.
package buildkite

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether the file stands where pipelines do: below .buildkite of any
// folder, since agents are told which to upload, or under a name that agents look
// for by themselves.
func Claims(src *lint.Source) bool {
	if !slices.Contains([]string{".yml", ".yaml", ".json"}, path.Ext(src.Path)) {
		return false
	}
	dir := "/" + path.Dir(src.Path) + "/"
	named := base(src) == "buildkite" || base(src) == "pipeline" && strings.HasSuffix(dir, "/buildkite/")
	return (strings.Contains(dir, "/.buildkite/") || named) && bytes.Contains(src.Data, []byte("steps"))
}

func base(src *lint.Source) string {
	return strings.TrimSuffix(path.Base(src.Path), path.Ext(src.Path))
}

// Parse reads pipelines: a mapping with the key "steps", or the list of steps by
// itself. Other files that mention steps are somebody else's.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		findings = append(findings, found...)
		if len(roots) == 0 {
			continue
		}
		root := roots[0]
		steps := root.Get("steps")
		if base(src) == "pipeline" && root.Kind == lint.List {
			steps = root
		}
		if steps == nil {
			continue
		}
		if at, message := refuse(roots, steps); message != "" {
			if len(found) == 0 {
				findings = append(findings, at.Report(lint.SyntaxError, message))
			}
			continue
		}
		findings = append(findings, yaml.Others(roots, "Buildkite")...)
		findings = append(findings, badCommands(steps)...)
		docs = append(docs, &lint.Document{Platform: "buildkite", Path: src.Path, Root: root})
	}
	return docs, findings
}

// refuse says where and why Buildkite does not accept a file, if it does not.
func refuse(roots []*lint.Node, steps *lint.Node) (lint.Span, string) {
	switch {
	case steps.Kind != lint.List:
		return steps.Span, `"steps" must be a list of steps`
	}
	return lint.Span{}, ""
}

// badCommands reports commands that are no text. The others are judged.
func badCommands(steps *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, step := range steps.List() {
		findings = append(findings, badCommands(step.Get("steps"))...)
		for _, key := range []string{"command", "commands"} {
			commands := step.Get(key)
			for _, command := range append(commands.List(), commands) {
				if command != nil && command.Kind == lint.Object {
					findings = append(findings, command.Span.Report(lint.SyntaxError, "a command must be text, and this is a mapping because of its colon; put it in quotes"))
				}
			}
		}
	}
	return findings
}
