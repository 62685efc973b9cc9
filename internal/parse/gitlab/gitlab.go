// Package gitlab reads the pipeline definitions of GitLab CI, and parts of them. A
// document is the file as it is written, with the header of a file that takes
// inputs under its key "spec". What it includes and means is not decided here.
package gitlab

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Claims says whether the file is a pipeline definition or a part of one: by its
// name, by the usual names and folders and what stands in it, or because it is a
// component, which says so itself.
func Claims(src *lint.Source) bool {
	if ext := path.Ext(src.Path); ext != ".yml" && ext != ".yaml" {
		return false
	}
	folder, begin := path.Dir("/"+src.Path)+"/", src.Data[:min(len(src.Data), maxHeader)]
	switch {
	case named(src.Path):
		return true
	case strings.HasPrefix(path.Base(src.Path), ".gitlab-ci"), strings.Contains(folder, "/.gitlab/ci/"), strings.Contains(folder, "/.gitlab-ci/"):
		return typical().Match(src.Data)
	}
	if strings.HasSuffix(strings.TrimSuffix(src.Path, path.Ext(src.Path)), "-ci") && !strings.Contains(folder, "/.github/") {
		return jobs().Match(src.Data) && scripts().Match(src.Data)
	}
	return strings.Contains(folder, "/templates/") && header().Match(begin)
}

// A project's settings may name another file, often with "-ci" in its name: one
// with jobs that have scripts in stages.
var (
	jobs    = regex.Lazy(`(?m)^[^\s#-][^:\n]*:\s*\n(?: +[^\n]*\n)*? +(?:stage|extends):`)
	scripts = regex.Lazy(`(?m)^ +(?:script|before_script):`)
)

// named holds for .gitlab-ci.yml and deploy.gitlab-ci.yml.
func named(file string) bool {
	return strings.HasSuffix(strings.TrimSuffix(file, path.Ext(file)), "gitlab-ci")
}

// typical are keys that hardly any part of a definition is without.
var typical = regex.Lazy(`(?m)^ *(?:- *)?"?(?:script|before_script|after_script|include|extends|trigger|stages?|variables|rules|workflow|default|image|spec)"?:`)

// header is how a file begins that takes inputs.
var header = regex.Lazy(`^(?:\x{FEFF})?(?:---\s*\n|\s*#[^\n]*\n|\s*\n)*spec:\s*(?:#[^\n]*)?\n(?:\s*\n|\s*#[^\n]*\n)*\s+(?:inputs|component|include):`)

// maxHeader bounds how far the header of a file is looked for.
const maxHeader = 10_000

// Parse reads pipeline definitions. What GitLab refuses is a finding; a file of
// one of its folders that is none of its formats is somebody else's.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		root, found := read(src)
		findings = append(findings, found...)
		if root == nil {
			continue
		}
		findings = append(findings, malformed(root)...)
		docs = append(docs, &lint.Document{Platform: "gitlab", Path: src.Path, Root: root})
	}
	return docs, findings
}

func read(src *lint.Source) (*lint.Node, []lint.Finding) {
	roots, findings := yaml.Read(src)
	if len(roots) == 0 {
		if len(findings) == 0 && named(src.Path) {
			findings = []lint.Finding{lint.Span{Source: src}.Report(lint.SyntaxError, "the pipeline definition is empty, which GitLab refuses; write a job, or remove the file")}
		}
		return nil, findings
	}
	root, rest := body(roots)
	if rest != nil {
		findings = append(findings, rest.Span.Report(lint.SyntaxError, `GitLab reads one YAML document, and a header with the key "spec" before it; remove the others`))
	}
	if root.Kind != lint.Object {
		if named(src.Path) {
			findings = append(findings, root.Span.Report(lint.SyntaxError, "a pipeline definition must be a mapping from the names of jobs to jobs"))
		}
		return nil, findings
	}
	return root, findings
}

// body gives the document that defines jobs, with the header under "spec", and
// the first document that GitLab does not read.
func body(roots []*lint.Node) (root, rest *lint.Node) {
	spec := roots[0].Field("spec")
	if spec == nil || len(roots[0].Fields) > 1 {
		return roots[0], second(roots, 1)
	}
	if len(roots) == 1 || roots[1].Kind != lint.Object {
		return roots[0], second(roots, 1)
	}
	whole := *roots[1]
	whole.Fields = append([]lint.Field{*spec}, whole.Fields...)
	return &whole, second(roots, 2)
}

func second(roots []*lint.Node, i int) *lint.Node {
	if i < len(roots) {
		return roots[i]
	}
	return nil
}

// keywords are the keys beside the names of jobs.
var keywords = []string{
	"after_script", "before_script", "cache", "default", "image", "include", "services", "spec", "stages", "types", "variables", "workflow",
}

// Job says whether a key of a definition is the name of a job, not a keyword or a
// template.
func Job(key string) bool { return !strings.HasPrefix(key, ".") && !slices.Contains(keywords, key) }

// malformed reports what GitLab refuses. The rest is judged.
func malformed(root *lint.Node) []lint.Finding {
	findings := badScripts(root)
	for _, field := range root.Fields {
		if field.Value.Kind == lint.Object {
			findings = append(findings, badScripts(field.Value)...)
		} else if Job(field.Key) {
			findings = append(findings, field.Span.Report(lint.SyntaxError, `a job must be a mapping with the key "script", "trigger" or "run"; a dot before its name makes it a template`))
		}
	}
	return append(findings, circular(root)...)
}

// badScripts finds lines that YAML reads as mappings, because of a colon in them.
func badScripts(owner *lint.Node) []lint.Finding {
	var findings []lint.Finding
	for _, key := range []string{"before_script", "script", "after_script"} {
		for _, line := range flat(owner.Get(key), 0) {
			if line.Kind == lint.Object && line.Field("!reference") == nil {
				findings = append(findings, line.Span.Report(lint.SyntaxError, "a line of a script must be text, and this is a mapping because of its colon; put the line in quotes"))
			}
		}
	}
	return findings
}

// maxNesting is how deep GitLab lets lists of lines and references be nested.
const maxNesting = 10

func flat(n *lint.Node, depth int) []*lint.Node {
	if n == nil || n.Kind != lint.List || depth > maxNesting {
		return nil
	}
	var all []*lint.Node
	for _, item := range n.Items {
		if item.Kind == lint.List {
			all = append(all, flat(item, depth+1)...)
			continue
		}
		all = append(all, item)
	}
	return all
}

// circular reports jobs that extend themselves through others of the file.
func circular(root *lint.Node) []lint.Finding {
	var findings []lint.Finding
	done := map[string]bool{} // known to end
	var follow func(name string, way []string) bool
	follow = func(name string, way []string) bool {
		if slices.Contains(way, name) {
			return false
		}
		if done[name] || len(way) > maxNesting {
			return true
		}
		for _, base := range names(root.Get(name, "extends")) {
			if !follow(base, append(way, name)) {
				return false
			}
		}
		done[name] = true
		return true
	}
	for _, field := range root.Fields {
		if extends := field.Value.Get("extends"); extends != nil && !follow(field.Key, nil) {
			findings = append(findings, extends.Span.Report(lint.Circular, "the job extends itself, or one that does; remove one of these keys"))
		}
	}
	return findings
}

func names(n *lint.Node) []string {
	if n.Str() != "" {
		return []string{n.Text}
	}
	var all []string
	for _, item := range n.List() {
		all = append(all, item.Str())
	}
	return all
}
