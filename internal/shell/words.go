package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// word is the value that a word expands to.
func (s *Session) word(w *syntax.Word) Value {
	if w == nil {
		return Value{}
	}
	return s.parts(w.Parts, false)
}

func (s *Session) parts(parts []syntax.WordPart, quoted bool) Value {
	var values []Value
	for _, part := range parts {
		values = append(values, s.part(part, quoted))
	}
	return joined(values...)
}

func (s *Session) part(part syntax.WordPart, quoted bool) Value {
	u := s.unit
	start, end := offsets(u, part)
	switch part := part.(type) {
	case *syntax.Lit:
		if quoted {
			return u.literal(start, end, "\"\\$`\n")
		}
		v := u.literal(start, end, "*")
		if home := v.text(); home == "~" || strings.HasPrefix(home, "~/") {
			return v
		}
		return v
	case *syntax.SglQuoted:
		if part.Dollar {
			return u.literal(min(start+2, end), max(start+2, end-1), "")
		}
		return u.literal(min(start+1, end), max(start+1, end-1), "")
	case *syntax.DblQuoted:
		if len(part.Parts) == 0 {
			return Value{[]piece{{known: true, unit: u, start: start, end: end}}}
		}
		return s.parts(part.Parts, true)
	case *syntax.ParamExp:
		return s.parameter(part, start, end)
	case *syntax.CmdSubst:
		return s.substitution(part, start, end)
	case *syntax.ProcSubst:
		return s.process(part, start, end)
	case *syntax.ExtGlob:
		return u.literal(start, end, "")
	}
	s.touch(part)
	return Value{[]piece{{text: u.text[start:end], unit: u, start: start, end: end}}}
}

func offsets(u *unit, n syntax.Node) (start, end int) {
	start = min(int(n.Pos().Offset()), len(u.text))
	return start, max(start, min(int(n.End().Offset()), len(u.text)))
}

// touch notes the variables that are read where their values cannot get out: in
// arithmetic and tests. Commands in there run all the same.
func (s *Session) touch(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ParamExp:
			if n.Param != nil {
				s.read(n.Param.Value)
			}
		case *syntax.CmdSubst:
			start, end := offsets(s.unit, n)
			s.substitution(n, start, end)
			return false
		case *syntax.Word:
			if name := n.Lit(); syntax.ValidName(name) {
				s.read(name)
			}
		}
		return true
	})
}

func (s *Session) read(name string) {
	if s.report != nil {
		s.report.Reads[name] = true
	}
}

// parameter is what ${NAME} and its relatives expand to.
func (s *Session) parameter(pe *syntax.ParamExp, start, end int) Value {
	u := s.unit
	none := Value{[]piece{{text: "0", unit: u, start: start, end: end}}}
	if pe.Param == nil {
		return none
	}
	s.read(pe.Param.Value)
	name := pe.Param.Value
	if !pe.Excl {
		name = s.target(name)
		s.read(name)
	}
	if pe.Length || pe.Width || pe.Names != 0 {
		return none
	}
	v, set := s.lookup(name)
	if pe.Excl {
		target := v.text()
		if !set || !v.known() || !syntax.ValidName(target) {
			return Value{[]piece{{text: u.text[start:end], unit: u, start: start, end: end}}}
		}
		s.read(target)
		name = target
		v, set = s.lookup(target)
	}
	if !set {
		v, set = s.ambient(name, u, start, end)
	}
	if !set {
		v = Value{[]piece{{text: "$" + name, name: name}}}
	}
	v = v.moved(u, start, end)
	switch {
	case pe.Exp != nil:
		return s.expansion(pe.Exp, v, set, start, end)
	case pe.Slice != nil && name != "@" && name != "*" && pe.Index == nil:
		return s.change(v, "substring", start, end)
	case pe.Repl != nil:
		how := "replace"
		if orig := s.word(pe.Repl.Orig).text(); leavesOnly(orig) {
			how = Cleaned
		}
		return s.change(v, how, start, end).and(s.word(pe.Repl.With).taints())
	}
	return v
}

func (s *Session) change(v Value, how string, start, end int) Value {
	changed := v.eachTaint(func(t Taint) Taint { return t.changed(how) })
	return changed.derived(s.unit.text[start:end], s.unit, start, end)
}

func (s *Session) expansion(exp *syntax.Expansion, v Value, set bool, start, end int) Value {
	switch exp.Op {
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		return s.word(exp.Word).moved(s.unit, start, end)
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		other := s.word(exp.Word).moved(s.unit, start, end)
		if !set {
			return Value{[]piece{{text: v.text(), unit: s.unit, start: start, end: end, name: v.pieces[0].name}}}.and(other.taints())
		}
		return v.and(other.taints())
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		s.word(exp.Word)
		return v
	case syntax.UpperFirst, syntax.UpperAll, syntax.LowerFirst, syntax.LowerAll:
		return s.change(v, "case", start, end)
	case syntax.OtherParamOps:
		return v
	}
	s.word(exp.Word)
	if path := v.text(); len(v.taints()) == 0 && v.known() && path != "" {
		return Value{[]piece{{text: s.unit.text[start:end], unit: s.unit, start: start, end: end}}}
	}
	return s.change(v, "substring", start, end)
}

// ambient is the value of a variable that the platform's settings may define.
func (s *Session) ambient(name string, u *unit, start, end int) (Value, bool) {
	if s.machine.Ambient == nil || s.machine.Texts || s.variables[name] != nil || name != strings.ToUpper(name) || !lint.SecretName(name) {
		return Value{}, false
	}
	at := u.span(start, end)
	label := s.machine.Ambient(name, at)
	if label < 0 {
		return Value{}, false
	}
	v := Secret(label, nil).Through("the platform sets it for the job", at).named(name)
	s.variables[name] = &variable{value: v, exported: true}
	return v, true
}

// lookup is the value of a variable or argument; set is false if nothing is
// known of it.
func (s *Session) lookup(name string) (v Value, set bool) {
	name = s.target(name)
	switch {
	case name == "@" || name == "*":
		return joined(s.pushed...), len(s.pushed) > 0
	case len(name) == 1 && name[0] >= '1' && name[0] <= '9':
		if i := int(name[0] - '1'); i < len(s.pushed) {
			return s.pushed[i], true
		}
		return Value{}, false
	}
	if v := s.variables[name]; v != nil && len(v.value.pieces) > 0 {
		return v.value, true
	}
	return Value{}, false
}

// set gives a variable a value. Where it may not come to that, the secrets of the
// value before stay.
func (s *Session) set(name string, v Value, list []Value, exported bool) {
	name = s.target(name)
	before := s.variables[name]
	s.journal = append(s.journal, change{name, before})
	if before != nil {
		exported = exported || before.exported
		if s.weak > 0 {
			v = v.and(before.value.taints())
		}
	}
	s.variables[name] = &variable{value: v.named(name), list: list, exported: exported}
}

func (s *Session) unset(name string) {
	s.journal = append(s.journal, change{name, s.variables[name]})
	delete(s.variables, name)
}

// apart runs something whose variables go when it ends.
func (s *Session) apart(run func()) {
	mark, trace, folder := len(s.journal), s.trace, s.folder
	run()
	s.rollback(mark)
	s.trace, s.folder = trace, folder
}

// aside is apart for what prints somewhere else than into the log.
func (s *Session) aside(run func()) {
	direct := s.direct
	s.direct = false
	s.apart(run)
	s.direct = direct
}

func (s *Session) rollback(mark int) {
	for len(s.journal) > mark {
		last := s.journal[len(s.journal)-1]
		s.journal = s.journal[:len(s.journal)-1]
		if last.before == nil {
			delete(s.variables, last.name)
		} else {
			s.variables[last.name] = last.before
		}
	}
}

// substitution is what $(commands) or `commands` expand to.
func (s *Session) substitution(cs *syntax.CmdSubst, start, end int) Value {
	if s.depth >= maxDepth {
		s.limit(s.unit.span(start, end), "commands are nested more deeply than is followed")
		return Value{}
	}
	var out output
	s.depth++
	s.aside(func() { out = s.statements(cs.Stmts, nil) })
	s.depth--
	s.log(out.err)
	v := out.out.value()
	if v.known() && len(v.pieces) > 0 {
		return trimmed(v).moved(s.unit, start, end)
	}
	return v.derived(computed(start), s.unit, start, end)
}

// computed stands for what commands at a place give: two of them may differ.
func computed(start int) string { return fmt.Sprintf("$(…)%d", start) }

var computedNumber = regex.Lazy(`\$\(…\)[0-9]+`)

// Shown is a path as people may see it.
func Shown(path string) string { return computedNumber().ReplaceAllString(path, "$$(…)") }

// trimmed leaves the line breaks at the end out, as the shell does.
func trimmed(v Value) Value {
	last := len(v.pieces) - 1
	if p := v.pieces[last]; strings.HasSuffix(p.text, "\n") {
		text := strings.TrimRight(p.text, "\n")
		v = Value{append(v.pieces[:last:last], p.cut(0, len(text)))}
	}
	return v
}

// reader is what reads a file while it is written: >(commands).
type reader struct {
	commands []*syntax.Stmt
	unit     *unit
}

func (s *Session) handed(r reader, in stream) {
	if s.depth >= maxDepth {
		return
	}
	var out output
	before := s.unit
	s.unit = r.unit
	s.depth++
	s.aside(func() { out = s.statements(r.commands, in) })
	s.depth--
	s.unit = before
	s.log(out.all())
}

// process is the path that <(commands) expands to.
func (s *Session) process(ps *syntax.ProcSubst, start, end int) Value {
	path := fmt.Sprintf("/dev/fd/%d", start)
	if ps.Op != syntax.CmdIn {
		if s.readers == nil {
			s.readers = map[string]reader{}
		}
		s.readers[path] = reader{ps.Stmts, s.unit}
		return Value{[]piece{{text: path, known: true, unit: s.unit, start: start, end: end}}}
	}
	var out output
	s.depth++
	if s.depth < maxDepth {
		s.aside(func() { out = s.statements(ps.Stmts, nil) })
	}
	s.depth--
	s.log(out.err)
	s.machine.contents[path] = out.out.value()
	return Value{[]piece{{text: path, known: true, unit: s.unit, start: start, end: end}}}
}
