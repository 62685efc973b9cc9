package shell

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Taint is a secret, or what is left of it, within a value.
type Taint struct {
	Label       int
	Transformed []string // outermost last
	from        string   // the origin of a download
	way         *hop
}

// hop is a step on the way of a taint. Ways share their beginnings.
type hop struct {
	before *hop
	step   lint.Step
	length int
}

const maxWay = 20

func (t Taint) through(message string, at lint.Span) Taint {
	length := 1
	if t.way != nil {
		length = t.way.length + 1
	}
	if length <= maxWay && (t.way == nil || t.way.step.Message != message || t.way.step.Span != at) {
		t.way = &hop{t.way, lint.Step{Message: message, Span: at}, length}
	}
	return t
}

// maxTransformations bounds what is remembered of what was done to a value.
const maxTransformations = 6

func (t Taint) changed(by string) Taint {
	if len(t.Transformed) < maxTransformations {
		t.Transformed = append(slices.Clone(t.Transformed), by)
	}
	return t
}

// Steps is the way of the taint so far.
func (t Taint) Steps() []lint.Step {
	var steps []lint.Step
	for h := t.way; h != nil; h = h.before {
		steps = append(steps, h.step)
	}
	slices.Reverse(steps)
	return steps
}

func (t Taint) key() string { return strconv.Itoa(t.Label) + " " + strings.Join(t.Transformed, " ") }

// Value is what a word or variable holds, as far as it is known.
type Value struct{ pieces []piece }

// piece is a part of a value: text that is known, or something of which only the
// secrets in it are.
type piece struct {
	text       string // what it is, or what stands for it: "$HOME"
	known      bool
	exact      bool   // each byte of the text stands where the script has it
	name       string // of the variable it came from
	unit       *unit
	start, end int
	taints     []Taint
}

func (p piece) span() lint.Span { return p.unit.span(p.start, p.end) }

// Secret is a value that is the secret with a label, of which something has been
// done already.
func Secret(label int, transformed []string) Value {
	return Value{[]piece{{text: "…", taints: []Taint{{Label: label, Transformed: transformed}}}}}
}

// Tainted is a value of which nothing but a secret in it is known.
func Tainted(t Taint) Value { return Value{[]piece{{text: "…", taints: []Taint{t}}}} }

// Literal is a value that is known.
func Literal(text string) Value { return Value{[]piece{{text: text, known: true}}} }

// Through adds a step to the way of the secrets in a value.
func (v Value) Through(message string, at lint.Span) Value {
	return v.eachTaint(func(t Taint) Taint { return t.through(message, at) })
}

// Plus is a value that may be either.
func (v Value) Plus(other Value) Value { return v.and(other.taints()) }

// Taints are the secrets in the value.
func (v Value) Taints() []Taint {
	return slices.DeleteFunc(v.taints(), func(t Taint) bool { return t.Label < 0 })
}

// Tainted says whether the value holds something of a secret.
func (v Value) Tainted() bool {
	return slices.ContainsFunc(v.pieces, func(p piece) bool {
		return slices.ContainsFunc(p.taints, func(t Taint) bool { return t.Label >= 0 })
	})
}

const (
	maxPieces = 64
	maxText   = 1 << 13
	maxTaints = 32
)

func (v Value) taints() []Taint {
	var all []Taint
	for _, p := range v.pieces {
		all = union(all, p.taints)
	}
	return all
}

func union(all, more []Taint) []Taint {
	all = slices.Clip(all) // others have it too
	for _, t := range more {
		if len(all) < maxTaints && !slices.ContainsFunc(all, func(o Taint) bool {
			return o.Label == t.Label && o.from == t.from && slices.Equal(o.Transformed, t.Transformed)
		}) {
			all = append(all, t)
		}
	}
	return all
}

func (v Value) labels() []int {
	var all []int
	for _, t := range v.taints() {
		if t.Label >= 0 && !slices.Contains(all, t.Label) {
			all = append(all, t.Label)
		}
	}
	return all
}

// text is the value with signs in place of what is not known.
func (v Value) text() string {
	if len(v.pieces) == 1 {
		return v.pieces[0].text
	}
	var b strings.Builder
	for _, p := range v.pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

func (v Value) known() bool {
	return !slices.ContainsFunc(v.pieces, func(p piece) bool { return !p.known })
}

// Changed notes what is done to the secrets in a value.
func (v Value) Changed(by string) Value {
	return v.eachTaint(func(t Taint) Taint { return t.changed(by) })
}

// without leaves the secrets out to which something was done.
func (v Value) without(how string) Value {
	pieces := slices.Clone(v.pieces)
	for i := range pieces {
		pieces[i].taints = slices.DeleteFunc(slices.Clone(pieces[i].taints), func(t Taint) bool { return slices.Contains(t.Transformed, how) })
	}
	return Value{pieces}
}

func (v Value) eachTaint(f func(Taint) Taint) Value {
	pieces := slices.Clone(v.pieces)
	for i, p := range pieces {
		if len(p.taints) == 0 {
			continue
		}
		pieces[i].taints = nil
		for _, t := range p.taints {
			pieces[i].taints = append(pieces[i].taints, f(t))
		}
	}
	return Value{pieces}
}

// named says which variable the value stands in.
func (v Value) named(name string) Value {
	pieces := slices.Clone(v.pieces)
	for i := range pieces {
		pieces[i].name = name
	}
	return Value{pieces}
}

// moved is the value as it stands at another place.
func (v Value) moved(u *unit, start, end int) Value {
	pieces := slices.Clone(v.pieces)
	for i := range pieces {
		pieces[i].unit, pieces[i].start, pieces[i].end, pieces[i].exact = u, start, end, false
	}
	return Value{pieces}
}

// and adds secrets that the value may hold as well.
func (v Value) and(taints []Taint) Value {
	if len(taints) == 0 {
		return v
	}
	pieces := slices.Clone(v.pieces)
	if len(pieces) == 0 {
		pieces = []piece{{}}
	}
	pieces[0].taints = union(pieces[0].taints, taints)
	return Value{pieces}
}

// derived is what a command makes of the value: its text is no longer known.
func (v Value) derived(sign string, u *unit, start, end int) Value {
	p := piece{text: sign, unit: u, start: start, end: end, taints: v.taints()}
	for _, from := range v.pieces {
		if len(from.taints) > 0 {
			p.name = from.name
		}
	}
	return Value{[]piece{p}}
}

// joined puts values in a row. A value that would grow too long is cut down to
// the secrets in it.
func joined(values ...Value) Value {
	var pieces []piece
	size := 0
	for _, v := range values {
		for _, p := range v.pieces {
			size += len(p.text)
			pieces = append(pieces, p)
		}
	}
	all := Value{pieces}
	if len(pieces) > maxPieces || size > maxText {
		return collapsed(all)
	}
	return all
}

func collapsed(v Value) Value {
	for _, p := range v.pieces {
		if len(p.taints) > 0 {
			return v.derived("…", p.unit, p.start, p.end)
		}
	}
	p := v.pieces[0]
	return Value{[]piece{{text: "…", unit: p.unit, start: p.start, end: p.end}}}
}

// lines splits a value at line breaks.
func (v Value) lines() []Value {
	var all []Value
	var line []piece
	for _, p := range v.pieces {
		for p.known {
			before, rest, found := strings.Cut(p.text, "\n")
			if !found {
				break
			}
			line = append(line, p.cut(0, len(before)))
			all, line = append(all, Value{line}), nil
			p = p.cut(len(before)+1, len(before)+1+len(rest))
		}
		line = append(line, p)
	}
	return append(all, Value{line})
}

// cut is a part of a known piece.
func (p piece) cut(from, to int) piece {
	if p.exact {
		p.start, p.end = p.start+from, p.start+to
	}
	p.text = p.text[from:to]
	return p
}

// with puts a value in the places of a word.
func (v Value) with(word string, put Value) Value {
	var all []Value
	for _, p := range v.pieces {
		for p.known {
			before, rest, found := strings.Cut(p.text, word)
			if !found {
				break
			}
			all = append(all, Value{[]piece{p.cut(0, len(before))}}, put)
			p = p.cut(len(before)+len(word), len(before)+len(word)+len(rest))
		}
		all = append(all, Value{[]piece{p}})
	}
	return joined(all...)
}

// after cuts the first bytes of the text off.
func (v Value) after(size int) Value {
	for i, p := range v.pieces {
		if size < len(p.text) {
			pieces := slices.Clone(v.pieces[i:])
			if p.known {
				pieces[0] = p.cut(size, len(p.text))
			}
			return Value{pieces}
		}
		size -= len(p.text)
	}
	return Value{}
}

// folders are the names that platforms have for folders, and the one that is used.
var folders = [][2]string{
	{"$GITHUB_WORKSPACE", "."}, {"$CI_PROJECT_DIR", "."}, {"$WORKSPACE", "."}, {"$PWD", "."}, {"$BITBUCKET_CLONE_DIR", "."}, {"$BUILDKITE_BUILD_CHECKOUT_PATH", "."},
	{"$BUILD_SOURCESDIRECTORY", "."}, {"$(Build.SourcesDirectory)", "."}, {"$SYSTEM_DEFAULTWORKINGDIRECTORY", "."}, {"$(System.DefaultWorkingDirectory)", "."},
	{"$PIPELINE_WORKSPACE", "$(Pipeline.Workspace)"}, {"$AGENT_BUILDDIRECTORY", "$(Pipeline.Workspace)"}, {"$(Agent.BuildDirectory)", "$(Pipeline.Workspace)"},
	{"$(Pipeline.Workspace)/s", "."}, {"$(Pipeline.Workspace)/a", "$(Build.ArtifactStagingDirectory)"},
	{"$BUILD_ARTIFACTSTAGINGDIRECTORY", "$(Build.ArtifactStagingDirectory)"}, {"$BUILD_STAGINGDIRECTORY", "$(Build.ArtifactStagingDirectory)"},
	{"$(Build.StagingDirectory)", "$(Build.ArtifactStagingDirectory)"}, {"$SYSTEM_ARTIFACTSDIRECTORY", "$(Build.ArtifactStagingDirectory)"},
	{"$(System.ArtifactsDirectory)", "$(Build.ArtifactStagingDirectory)"},
}

// tektonFolder is how Tekton names the folder of a workspace.
var tektonFolder = regex.Lazy(`^\$\(workspaces\.([\w-]+)\.path\)`)

// CleanPath gives paths that mean the same file one form.
func CleanPath(p string) string {
	p = strings.TrimSuffix(strings.TrimSpace(p), "/")
	for _, home := range []string{"$HOME", "/root", "/github/home", "$env:USERPROFILE", "%USERPROFILE%"} {
		if p == home || strings.HasPrefix(p, home+"/") {
			p = "~" + strings.TrimPrefix(p, home)
		}
	}
	for _, folder := range folders {
		if len(p) >= len(folder[0]) && strings.EqualFold(p[:len(folder[0])], folder[0]) && (len(p) == len(folder[0]) || p[len(folder[0])] == '/') {
			p = folder[1] + p[len(folder[0]):]
		}
	}
	p = tektonFolder().ReplaceAllString(p, "/workspace/$1")
	if p == "" {
		return ""
	}
	return path.Clean(p)
}

func spanKey(at lint.Span) string {
	if at.Source == nil {
		return ""
	}
	return fmt.Sprint(at.Source.Path, at.Start, ":", at.End)
}
