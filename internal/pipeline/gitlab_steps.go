package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// gitLabScripts are the parts of a job in their order. Lines of before_script and script
// run in one shell, those of the others in shells of their own.
var gitLabScripts = []struct {
	keys   []string
	shared bool
}{
	{[]string{"hooks", "pre_get_sources_script"}, false},
	{[]string{"before_script"}, false},
	{[]string{"script"}, true},
	{[]string{"after_script"}, false},
}

// steps reads the lines of a job's gitLabScripts, each a step, and gives the index of
// the last.
func (g *gitLab) steps(job *lint.Node, names gitLabNames, p place) int {
	index := 0
	shell := gitLabShell(job)
	var set []string // variables that the shell has set
	begun := false
	for _, part := range gitLabScripts {
		if !part.shared {
			set, begun = nil, false
		}
		key := part.keys[len(part.keys)-1]
		for _, line := range flatLines(job.Get(part.keys...), 0) {
			if !scalar(line) {
				g.gap(line.Span, "a line of a script that is no text was not judged", "syntax", p)
				continue
			}
			at := p
			at.address, at.step = join(p.address, key), stepIndex(index)
			g.Steps = append(g.Steps, Step{
				At: line.Span, Address: at.address, Job: p.job, Index: index, Kind: "shell", Shell: shell, Script: text(line), OpenTo: []string{}, Continues: begun,
			})
			g.ambient(line, names, set, at.at("ambient"))
			set = append(set, assignments(line.Text)...)
			begun = true
			index++
		}
	}
	return g.run(job.Get("run"), index, p) - 1
}

func stepIndex(i int) *int { return &i }

// powerShell is what only scripts for PowerShell have: its variables and commands.
var powerShell = regex.Lazy(`(?m)\$(?i:env):\w|^\s*\$\w+\s*=\s|(?:^|[|;{(]\s*)(?:Add|Copy|Expand|Get|Import|Install|Invoke|Move|New|Out|Remove|Select|Set|Start|Test|Write)-[A-Z]\w+(?:\s|$)`)

// gitLabShell: runners on Windows have PowerShell. The file does not name the
// shell, but tags and lines tell.
func gitLabShell(job *lint.Node) Text {
	for _, tag := range texts(job.Get("tags")) {
		if strings.Contains(strings.ToLower(tag.Value), "windows") {
			return Text{Value: "powershell", At: tag.At, Via: tag.Via}
		}
	}
	for _, part := range gitLabScripts {
		for _, line := range flatLines(job.Get(part.keys...), 0) {
			if scalar(line) && powerShell().MatchString(line.Text) {
				return Text{Value: "powershell", At: line.Span, Via: line.Via}
			}
		}
	}
	return Text{}
}

// run reads the experimental form of a job: steps that are functions.
func (g *gitLab) run(list *lint.Node, index int, p place) int {
	for _, n := range list.List() {
		at := p
		at.address, at.step = join(p.address, "run"), stepIndex(index)
		step := Step{At: n.Span, Address: at.address, Job: p.job, Index: index, Name: text(n.Get("name")), Kind: "unknown", OpenTo: []string{}}
		switch {
		case scalar(n.Get("script")):
			step.Kind, step.Script = "shell", text(n.Get("script"))
			g.ambient(n.Get("script"), nil, nil, at.at("ambient"))
		case scalar(n.Get("step")):
			step.Kind, step.Component = "component", text(n.Get("step"))
			g.function(n, at)
		default:
			g.gap(n.Span, `a step with neither "script" nor "step" was not judged`, "syntax", at)
		}
		g.Steps = append(g.Steps, step)
		index++
	}
	return index
}

// function reads a step that runs a function of another place.
func (g *gitLab) function(n *lint.Node, p place) {
	ref := n.Get("step")
	name, version, _ := strings.Cut(strings.ToLower(ref.Text), "@")
	c := Component{At: ref.Span, Address: join(p.address, "step"), Ref: text(ref), Kind: "action", Name: name, Version: version, Pin: pinOf(version), Job: p.job, Step: p.step, Inputs: inputs(n.Get("inputs"))}
	if strings.HasPrefix(name, ".") {
		c.Pin, c.FirstParty = "local", true
	}
	g.Components = append(g.Components, c)
	p.component = c.Ref
	g.variables(n.Get("inputs"), "inputs", nil, p.at("input"))
	g.variables(n.Get("env"), "env", nil, p.at("step_env"))
	g.gap(ref.Span, "what the function does was not judged", "remote", p)
}

// ambient notes the secrets that GitLab puts into every job and that a line names.
// Names in small letters are the shell's own.
func (g *gitLab) ambient(line *lint.Node, names gitLabNames, set []string, p place) {
	src := newSource(text(line))
	var seen []string
	for _, m := range variableUses(line.Text) {
		_, defined := names.find(m.name)
		if defined || slices.Contains(seen, m.name) || slices.Contains(set, m.name) || setBefore(line.Text, m) {
			continue
		}
		if secret, token, ok := platformSecret(m.name); ok && m.name == strings.ToUpper(m.name) {
			seen = append(seen, m.name)
			at := p
			at.variable = Text{Value: m.name, At: src.part(m.nameAt, m.nameAt+len(m.name)), Via: line.Via}
			at.address = join(p.address, m.name)
			g.expose(placed(secret, src, m, nil), token, line, at)
		}
	}
}

// shellSets finds the variables that a line sets.
var shellSets = regex.Lazy(`(?m)(?:^|[\s;&|({])(?:(?:export|local|readonly|declare|typeset)\s+(?:-\w+\s+)*)?(?:\$env:)?([A-Za-z_][A-Za-z0-9_]*)\+?\s?=|\bread\s+(?:-\w+\s+)*([A-Za-z_][A-Za-z0-9_]*)|\bfor\s+([A-Za-z_][A-Za-z0-9_]*)\s+in\b`)

func assignments(text string) []string {
	var all []string
	for _, found := range shellSets().FindAllStringSubmatch(text, -1) {
		all = append(all, strings.Join(found[1:], ""))
	}
	return all
}

// setBefore says whether a variable is set before it is named, in the same text or as a comment.
func setBefore(text string, m variableUse) bool {
	before := text[:m.start]
	if line := before[strings.LastIndexByte(before, '\n')+1:]; strings.HasPrefix(strings.TrimSpace(line), "#") {
		return true
	}
	end := max(strings.LastIndexAny(before, "\n;"), strings.LastIndex(before, "&&"))
	return end >= 0 && slices.Contains(assignments(before[:end]), m.name)
}
