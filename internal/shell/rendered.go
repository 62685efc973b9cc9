package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// renderer is a command that writes what its words hold, and the files that they name.
type renderer struct {
	words string // that make it one: a part of the command
	// file are the flags for the file that it writes, or folder; without one it prints,
	// where prints says so.
	file   string
	prints bool
	first  bool   // it writes to its first word that is no flag
	other  string // it writes to there without a flag
	reads  string // what the names of variables begin with that it takes values from
}

var renderers = map[string][]renderer{
	"helm":      {{words: "template", file: "--output-dir", prints: true}},
	"terraform": terraformRenderers, "tofu": terraformRenderers,
	"kubectl": {{words: "config set-credentials", file: "--kubeconfig", other: "~/.kube/config"}},
	"crudini": {{words: "", first: true}},
	"m4":      {{words: "", prints: true}},
}

// A plan keeps the values of variables as they are, marked as sensitive or not.
var terraformRenderers = []renderer{{words: "plan", file: "-out", reads: "TF_VAR_"}, {words: "show", prints: true}}

// rendered runs such a command.
func (s *Session) rendered(c *call) (output, bool) {
	line := " " + strings.Join(c.words(), " ") + " "
	i := slices.IndexFunc(renderers[c.name], func(m renderer) bool { return m.words == "" || strings.Contains(line, " "+m.words+" ") })
	if i < 0 {
		return output{}, false
	}
	m := renderers[c.name][i]
	parts := []Value{c.in.value()}
	for i, a := range c.args {
		if a.Tainted() && !c.isPath(i) {
			parts = append(parts, a)
		}
		if v, ok := s.content(fileOf(a.text())); ok {
			parts = append(parts, v)
		}
	}
	if m.reads != "" {
		for _, e := range s.dump(false, c.name, c.at(), c.start, c.end) {
			if strings.HasPrefix(e.value.text(), m.reads) {
				parts = append(parts, e.value)
			}
		}
	}
	made := c.filtered(joined(parts...), "")
	file := m.other
	if v, ok := c.flag(strings.Fields(m.file)...); ok && m.file != "" {
		file = strings.TrimPrefix(v.text(), "=")
	} else if words := c.words(); m.first && len(words) > 0 {
		file = words[0]
	}
	switch {
	case file != "":
		s.write(file, made.out, c.at())
		return output{}, true
	case m.prints:
		return made, true
	}
	return output{}, true
}

// inserted is what sed puts into a text: the secrets of a pattern that it looks for are
// not among them.
func inserted(a Value) Value {
	text := a.text()
	m := substitutes().FindStringSubmatchIndex(text)
	if m == nil {
		return a
	}
	from := m[3]
	end := strings.Index(text[from:], text[m[2]:m[3]])
	if end < 0 {
		return Value{}
	}
	return a.after(from + end + 1)
}

// substitutes finds a command of sed that replaces, and the sign between its parts.
var substitutes = regex.Lazy(`^[\d,$/\w\s^]*?\bs([/|#,:@!~%+;_])`)

// built keeps the secrets of an image, by its name, for those who save it.
func (s *Session) built(c *call, v Value) {
	if tag, ok := c.flag("-t", "--tag"); ok && v.Tainted() {
		s.machine.images[strings.TrimPrefix(tag.text(), "=")] = v
	}
}

// saved writes or prints an image that the script built.
func (s *Session) saved(c *call) output {
	var held []Value
	for _, word := range c.words() {
		held = append(held, s.machine.images[word])
	}
	made := c.filtered(joined(held...), "image")
	if file, ok := c.flag("-o", "--output"); ok {
		s.write(strings.TrimPrefix(file.text(), "="), made.out, c.at())
		return output{}
	}
	return made
}
