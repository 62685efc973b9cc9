package shell

import (
	"errors"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// maxDepth bounds scripts, functions and substitutions within each other.
const maxDepth = 24

type function struct {
	body *syntax.Stmt
	unit *unit
}

// emission is something that a command prints.
type emission struct {
	value   Value
	command string
	at      lint.Span // of the command, if no word of it is what is printed
	dump    bool      // NAME=value, one of many
	likely  bool      // what programs print is not known for sure
}

type stream []emission

// output is what reaches the outside of a statement.
type output struct{ out, err stream }

func (o *output) add(more output) {
	o.out = append(o.out, more.out...)
	o.err = append(o.err, more.err...)
}

// value is all that was printed, in a row.
func (st stream) value() Value {
	values := make([]Value, 0, len(st))
	for _, e := range st {
		values = append(values, e.value)
	}
	return joined(values...)
}

// script runs a text as a script of this shell and gives what it prints.
func (s *Session) script(u *unit, in stream) stream {
	if s.depth >= maxDepth {
		s.limit(u.span(0, len(u.text)), "scripts run scripts more deeply than is followed")
		return nil
	}
	file := s.parse(u)
	if file == nil {
		return nil
	}
	before := s.unit
	s.unit = u
	s.depth++
	out := s.statements(file.Stmts, in)
	s.depth--
	s.log(out.err)
	s.unit = before
	return out.out
}

// commandSize is how many bytes of a script cost as much to parse as a command to
// run.
const commandSize = 64

func (s *Session) parse(u *unit) *syntax.File {
	whole := u.offsets == nil
	if file, ok := s.machine.parsed[u.script]; ok && whole {
		return file
	}
	if !s.spend(1+min(len(u.text), MaxSize)/commandSize, u, 0, len(u.text)) {
		return nil
	}
	file, err := Parse(u.text)
	if err != nil {
		s.unreadable(u, err)
	}
	if whole {
		s.machine.parsed[u.script] = file
	}
	return file
}

// unreadable says from where on a script was not read.
func (s *Session) unreadable(u *unit, err error) {
	s.report.Opaque = true
	at, what := s.line(u, len(readable(u.text))), "the script is too long or too deeply nested, and was not followed from here on"
	why := "limit"
	var parse syntax.ParseError
	var lang syntax.LangError
	switch {
	case errors.As(err, &parse):
		at, what, why = s.line(u, int(parse.Pos.Offset())), "the script cannot be read from here on: "+parse.Text, "syntax"
	case errors.As(err, &lang):
		at, what, why = s.line(u, int(lang.Pos.Offset())), "the script cannot be read from here on: bash has no "+lang.Feature, "syntax"
	}
	s.gap(at, what, why)
}

// line is the place from a position to the end of its line.
func (s *Session) line(u *unit, start int) lint.Span {
	start = min(start, max(len(u.text)-1, 0))
	end := len(u.text)
	if i := strings.IndexByte(u.text[min(start, end):], '\n'); i > 0 {
		end = start + i
	}
	return u.span(start, end)
}

func (s *Session) statements(list []*syntax.Stmt, in stream) output {
	var all output
	for _, st := range list {
		all.add(s.statement(st, in))
	}
	return all
}

// statement runs one statement and gives what leaves it past its redirections.
func (s *Session) statement(st *syntax.Stmt, in stream) output {
	if start, end := offsets(s.unit, st); !s.spend(1, s.unit, start, end) {
		return output{}
	}
	direct := s.direct
	s.direct = direct && len(st.Redirs) == 0
	in = s.input(st.Redirs, in)
	var out output
	switch {
	case st.Cmd != nil:
		out = s.command(st, st.Cmd, in)
		if call, ok := st.Cmd.(*syntax.CallExpr); ok && len(call.Args) == 1 && call.Args[0].Lit() == "exec" {
			s.opens(st.Redirs)
		}
	case len(st.Redirs) == 1 && st.Redirs[0].Op == syntax.RdrIn: // $(<file)
		out.out = in
	}
	out = s.redirected(st, out)
	if s.direct = direct; direct { // at once: what is printed may be a command that hides a value from now on
		s.log(out.out)
		s.log(out.err)
		return output{}
	}
	return out
}

func (s *Session) command(st *syntax.Stmt, cmd syntax.Command, in stream) output {
	switch cmd := cmd.(type) {
	case *syntax.CallExpr:
		return s.simple(st, cmd, in)
	case *syntax.DeclClause:
		return s.declare(cmd)
	case *syntax.Block:
		return s.statements(cmd.Stmts, in)
	case *syntax.Subshell:
		var out output
		s.apart(func() { out = s.statements(cmd.Stmts, in) })
		return out
	case *syntax.BinaryCmd:
		return s.binary(cmd, in)
	case *syntax.IfClause:
		return s.choice(cmd, in)
	case *syntax.CaseClause:
		return s.cases(cmd, in)
	case *syntax.WhileClause:
		return s.loop(func() output {
			out := s.statements(cmd.Cond, in)
			out.add(s.maybe(cmd.Do, in))
			return out
		})
	case *syntax.ForClause:
		return s.forEach(cmd, in)
	case *syntax.FuncDecl:
		if cmd.Name != nil {
			s.functions[cmd.Name.Value] = function{cmd.Body, s.unit}
		}
	case *syntax.TimeClause:
		if cmd.Stmt != nil {
			return s.statement(cmd.Stmt, in)
		}
	case *syntax.CoprocClause:
		return s.statement(cmd.Stmt, in)
	case *syntax.TestClause:
		s.test(cmd)
	default:
		s.touch(cmd)
	}
	return output{}
}

// test reads the words of [[ ]]: nothing gets out but by the trace.
func (s *Session) test(cmd *syntax.TestClause) {
	syntax.Walk(cmd, func(n syntax.Node) bool {
		if match, ok := n.(*syntax.BinaryTest); ok && match.Op == syntax.TsReMatch {
			s.checked(match)
		}
		if w, ok := n.(*syntax.Word); ok {
			s.traced(s.word(w))
			return false
		}
		return true
	})
}

// checked notes that a variable was compared with a pattern of which all of it must be:
// what a script does with one that is not, is its own affair.
func (s *Session) checked(match *syntax.BinaryTest) {
	pattern, _ := match.Y.(*syntax.Word)
	tested, _ := match.X.(*syntax.Word)
	if !s.machine.Texts || pattern == nil || tested == nil {
		return
	}
	text := s.word(pattern).text()
	if !strings.HasPrefix(text, "^") || !strings.HasSuffix(text, "$") || strings.Contains(text, ".*") || strings.Contains(text, ".+") {
		return
	}
	for _, p := range s.word(tested).pieces {
		if v := s.variables[p.name]; v != nil && len(p.taints) > 0 {
			v.value = v.value.eachTaint(func(t Taint) Taint { return t.changed(Cleaned) })
		}
	}
}

// maybe runs statements that may not come to run.
func (s *Session) maybe(list []*syntax.Stmt, in stream) output {
	s.weak++
	defer func() { s.weak-- }()
	return s.statements(list, in)
}

func (s *Session) binary(cmd *syntax.BinaryCmd, in stream) output {
	switch cmd.Op {
	case syntax.AndStmt, syntax.OrStmt:
		out := s.statement(cmd.X, in)
		out.add(s.maybe([]*syntax.Stmt{cmd.Y}, in))
		return out
	}
	var left, right output
	s.aside(func() { left = s.statement(cmd.X, in) })
	if cmd.Op == syntax.PipeAll {
		left.out, left.err = append(left.out, left.err...), nil
	}
	s.apart(func() { right = s.statement(cmd.Y, left.out) })
	right.err = append(left.err, right.err...)
	return right
}

func (s *Session) choice(cmd *syntax.IfClause, in stream) output {
	out := s.statements(cmd.Cond, in)
	out.add(s.maybe(cmd.Then, in))
	if cmd.Else != nil {
		s.weak++
		out.add(s.choice(cmd.Else, in))
		s.weak--
	}
	return out
}

func (s *Session) cases(cmd *syntax.CaseClause, in stream) output {
	s.traced(s.word(cmd.Word))
	var out output
	for _, item := range cmd.Items {
		for _, pattern := range item.Patterns {
			s.word(pattern)
		}
		out.add(s.maybe(item.Stmts, in))
	}
	return out
}

// loop runs a body twice, so that what one round leaves the next one finds. Once
// is enough for loops within loops.
func (s *Session) loop(body func() output) output {
	out := body()
	if s.looping > 0 {
		return out
	}
	s.looping++
	out.add(body())
	s.looping--
	return out
}

func (s *Session) forEach(cmd *syntax.ForClause, in stream) output {
	if loop, ok := cmd.Loop.(*syntax.WordIter); ok {
		items := s.pushed
		if loop.InPos.IsValid() {
			items = nil
			for _, item := range loop.Items {
				items = append(items, s.fields(item)...)
			}
		}
		v := joined(items...)
		if by, ok := s.lookup("IFS"); ok && strings.Trim(by.text(), " \t\n") != "" {
			v = v.Changed("substring")
		}
		if len(items) > 1 {
			v = v.derived("$"+loop.Name.Value, s.unit, 0, 0)
		}
		s.traced(v)
		start, end := offsets(s.unit, loop.Name)
		s.set(loop.Name.Value, v.Through(loop.Name.Value+" is set here", s.unit.span(start, end)), nil, false)
	} else {
		s.touch(cmd.Loop)
	}
	return s.loop(func() output { return s.maybe(cmd.Do, in) })
}

// assign sets the variables of assignments.
func (s *Session) assign(list []*syntax.Assign, exported bool) {
	for _, a := range list {
		if a.Name == nil || a.Naked {
			continue
		}
		start, end := offsets(s.unit, a)
		at := s.unit.span(start, end)
		v, items := s.word(a.Value), []Value(nil)
		if a.Array != nil {
			for _, e := range a.Array.Elems {
				items = append(items, s.word(e.Value))
			}
			v = joined(items...)
		}
		if a.Index != nil {
			s.touch(a.Index)
		}
		name := a.Name.Value
		s.traced(v)
		if before := s.variables[name]; before != nil && (a.Append || a.Index != nil) {
			items = append(slices.Clip(before.list), items...)
			if a.Append && a.Array == nil && a.Index == nil {
				v = joined(before.value, v)
			} else {
				v = joined(before.value, v)
			}
		}
		if len(v.pieces) == 0 {
			v = Value{[]piece{{known: true}}}
		}
		s.set(name, v.Through(name+" is set here", at), items, exported)
	}
}

// declare runs export, local, declare, readonly and typeset.
func (s *Session) declare(cmd *syntax.DeclClause) output {
	exported := cmd.Variant.Value == "export"
	prints, refers, names := false, false, 0
	for _, a := range cmd.Args {
		if a.Name == nil {
			flag := s.word(a.Value).text()
			refers = refers || strings.HasPrefix(flag, "-") && strings.Contains(flag, "n")
			prints = prints || strings.HasPrefix(flag, "-") && strings.Contains(flag, "p")
			exported = exported || strings.HasPrefix(flag, "-") && strings.Contains(flag, "x")
			if !strings.HasPrefix(flag, "-") { // names and values that a command gives
				names++
			}
			continue
		}
		names++
		if a.Naked {
			if v := s.variables[a.Name.Value]; v != nil && exported {
				v.exported = true
			}
		}
	}
	start, end := offsets(s.unit, cmd)
	if names == 0 && (prints || cmd.Variant.Value == "export") {
		all := cmd.Variant.Value != "export"
		return output{out: s.dump(all, cmd.Variant.Value+" -p", s.unit.span(start, end), start, end)}
	}
	if prints {
		var out output
		for _, a := range cmd.Args {
			if a.Name != nil {
				if v, ok := s.lookup(a.Name.Value); ok {
					out.out = append(out.out, emission{value: v.moved(s.unit, start, end), command: cmd.Variant.Value + " -p"})
				}
			}
		}
		return out
	}
	if refers {
		s.references(cmd.Args)
		return output{}
	}
	s.assign(cmd.Args, exported)
	return output{}
}

// references makes names that mean the variables that their values name.
func (s *Session) references(list []*syntax.Assign) {
	for _, a := range list {
		if a.Name == nil {
			continue
		}
		if target := s.word(a.Value).text(); syntax.ValidName(target) && target != a.Name.Value {
			s.journal = append(s.journal, change{a.Name.Value, s.variables[a.Name.Value]})
			s.variables[a.Name.Value] = &variable{refers: target}
		}
	}
}

// target follows references to the name of a variable.
func (s *Session) target(name string) string {
	for range maxDepth {
		v := s.variables[name]
		if v == nil || v.refers == "" {
			break
		}
		name = v.refers
	}
	return name
}

// dump is the output of a command that prints variables by the dozen.
func (s *Session) dump(all bool, command string, at lint.Span, start, end int) stream {
	var names []string
	for name, v := range s.variables {
		if (all || v.exported) && len(v.value.taints()) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out stream
	for _, name := range names {
		s.read(name)
		v := s.variables[name].value
		line := joined(Value{[]piece{{text: name + "=", known: true, unit: s.unit, start: start, end: end}}}, v.moved(s.unit, start, end), newline)
		out = append(out, emission{value: line, command: command, at: at, dump: true})
	}
	return out
}

var newline = Value{[]piece{{text: "\n", known: true}}}

// traced prints a value if the shell prints what it runs.
func (s *Session) traced(v Value) {
	if s.trace && v.Tainted() {
		s.sink("log", v, Sink{Command: "set -x"})
	}
}
