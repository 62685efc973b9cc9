package gitlab

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// scripts are the parts of a job in their order. Lines of before_script and script
// run in one shell, those of the others in shells of their own.
var scripts = []struct {
	keys   []string
	shared bool
}{
	{[]string{"hooks", "pre_get_sources_script"}, false},
	{[]string{"before_script"}, false},
	{[]string{"script"}, true},
	{[]string{"after_script"}, false},
}

// steps reads the lines of a job's scripts, each a step, and gives the index of
// the last.
func (g *collector) steps(job *lint.Node, names nameTable, p model.Place) int {
	index := 0
	shell := shellOf(job)
	var set []string // variables that the shell has set
	begun := false
	for _, part := range scripts {
		if !part.shared {
			set, begun = nil, false
		}
		key := part.keys[len(part.keys)-1]
		for _, line := range flatLines(job.Get(part.keys...), 0) {
			if !model.IsScalar(line) {
				g.AddGap(line.Span, "a line of a script that is no text was not judged", "syntax", p)
				continue
			}
			at := p
			at.Address, at.Step = model.Join(p.Address, key), stepIndex(index)
			g.Steps = append(g.Steps, model.Step{
				At: line.Span, Address: at.Address, Job: p.Job, Index: index, Kind: "shell", Shell: shell, Script: model.TextOf(line), OpenTo: []string{}, Continues: begun,
			})
			g.ambient(line, names, set, at.At("ambient"))
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

// shellOf: runners on Windows have PowerShell. The file does not name the
// shell, but tags and lines tell.
func shellOf(job *lint.Node) model.Text {
	for _, tag := range model.TextsOf(job.Get("tags")) {
		if strings.Contains(strings.ToLower(tag.Value), "windows") {
			return model.Text{Value: "powershell", At: tag.At, Via: tag.Via}
		}
	}
	for _, part := range scripts {
		for _, line := range flatLines(job.Get(part.keys...), 0) {
			if model.IsScalar(line) && powerShell().MatchString(line.Text) {
				return model.Text{Value: "powershell", At: line.Span, Via: line.Via}
			}
		}
	}
	return model.Text{}
}

// run reads the experimental form of a job: steps that are functions.
func (g *collector) run(list *lint.Node, index int, p model.Place) int {
	for _, n := range list.List() {
		at := p
		at.Address, at.Step = model.Join(p.Address, "run"), stepIndex(index)
		step := model.Step{At: n.Span, Address: at.Address, Job: p.Job, Index: index, Name: model.TextOf(n.Get("name")), Kind: "unknown", OpenTo: []string{}}
		switch {
		case model.IsScalar(n.Get("script")):
			step.Kind, step.Script = "shell", model.TextOf(n.Get("script"))
			g.ambient(n.Get("script"), nil, nil, at.At("ambient"))
		case model.IsScalar(n.Get("step")):
			step.Kind, step.Component = "component", model.TextOf(n.Get("step"))
			g.function(n, at)
		default:
			g.AddGap(n.Span, `a step with neither "script" nor "step" was not judged`, "syntax", at)
		}
		g.Steps = append(g.Steps, step)
		index++
	}
	return index
}

// function reads a step that runs a function of another place.
func (g *collector) function(n *lint.Node, p model.Place) {
	ref := n.Get("step")
	name, version, _ := strings.Cut(strings.ToLower(ref.Text), "@")
	c := model.Component{At: ref.Span, Address: model.Join(p.Address, "step"), Ref: model.TextOf(ref), Kind: "action", Name: name, Version: version, Pin: pinOf(version), Job: p.Job, Step: p.Step, Inputs: model.InputsOf(n.Get("inputs"))}
	if strings.HasPrefix(name, ".") {
		c.Pin, c.FirstParty = "local", true
	}
	g.Components = append(g.Components, c)
	p.Component = c.Ref
	g.variables(n.Get("inputs"), "inputs", nil, p.At("input"))
	g.variables(n.Get("env"), "env", nil, p.At("step_env"))
	g.AddGap(ref.Span, "what the function does was not judged", "remote", p)
}

// ambient notes the secrets that GitLab puts into every job and that a line names.
// Names in small letters are the shell's own.
func (g *collector) ambient(line *lint.Node, names nameTable, set []string, p model.Place) {
	src := model.NewPlacedText(model.TextOf(line))
	var seen []string
	for _, m := range variableUses(line.Text) {
		_, defined := names.find(m.name)
		if defined || slices.Contains(seen, m.name) || slices.Contains(set, m.name) || setBefore(line.Text, m) {
			continue
		}
		if secret, token, ok := platformSecret(m.name); ok && m.name == strings.ToUpper(m.name) {
			seen = append(seen, m.name)
			at := p
			at.Variable = model.Text{Value: m.name, At: src.Part(m.nameAt, m.nameAt+len(m.name)), Via: line.Via}
			at.Address = model.Join(p.Address, m.name)
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
