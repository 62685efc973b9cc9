package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// input is what a statement reads, past its redirections.
func (s *Session) input(redirs []*syntax.Redirect, in stream) stream {
	for _, r := range redirs {
		start, end := offsets(s.unit, r)
		at := s.unit.span(start, end)
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			in = stream{{value: s.heredoc(r), command: "<<", at: at}}
		case syntax.WordHdoc:
			in = stream{{value: joined(s.word(r.Word), newline), command: "<<<", at: at}}
		case syntax.RdrIn:
			in = nil
			file := s.word(r.Word).text()
			if v, ok := s.holds(file); ok {
				start, end := offsets(s.unit, r.Word)
				in = stream{{value: v.moved(s.unit, start, end), command: "<", at: at}}
			} else if found := s.find(file); found != nil && len(found.Text) <= maxText {
				in = stream{{value: Literal(found.Text), command: "<", at: at}}
			}
		}
	}
	return in
}

// heredoc is the text of a heredoc: expanded, unless its mark is quoted.
func (s *Session) heredoc(r *syntax.Redirect) Value {
	if r.Hdoc == nil {
		return Value{}
	}
	for _, part := range r.Word.Parts {
		if lit, ok := part.(*syntax.Lit); !ok || strings.Contains(lit.Value, `\`) {
			start, end := offsets(s.unit, r.Hdoc)
			end = start + strings.LastIndexByte(s.unit.text[start:end], '\n') + 1
			return s.unit.literal(start, end, "")
		}
	}
	var values []Value
	for _, part := range r.Hdoc.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			start, end := offsets(s.unit, lit)
			values = append(values, s.unit.literal(start, end, "\\$`\n"))
			continue
		}
		values = append(values, s.part(part, true))
	}
	return joined(values...)
}

// absolute is a path as the machine knows it: from the folder of the repository,
// if it is within that.
func (s *Session) absolute(file string) string {
	file = CleanPath(file)
	if s.folder == "" || file == "" || strings.IndexByte("~/$", file[0]) >= 0 {
		return file
	}
	return CleanPath(s.folder + "/" + file)
}

// enter makes a folder the one that paths begin at. One that is not known is that
// of the script.
func (s *Session) enter(c *call) output {
	to := c.words()
	if len(to) == 0 || to[0] == "" || c.text(0) == "-" {
		s.folder = s.home
		return output{}
	}
	s.folder = s.absolute(to[0])
	return output{}
}

// content is what is known to be in a file.
func (s *Session) content(path string) (Value, bool) {
	v, ok := s.machine.contents[s.absolute(path)]
	return v, ok
}

// redirected sends what a statement prints to where its redirections say.
func (s *Session) redirected(st *syntax.Stmt, o output) output {
	if len(st.Redirs) == 0 {
		return o
	}
	const out, err, file = 0, 1, 2
	type target struct {
		kind int
		path string
		at   lint.Span
	}
	one, two := target{kind: out}, target{kind: err}
	for _, r := range st.Redirs {
		fd := ""
		if r.N != nil {
			fd = r.N.Value
		}
		start, end := offsets(s.unit, r)
		to := target{kind: file, at: s.unit.span(start, end)}
		if r.Op == syntax.RdrOut || r.Op == syntax.AppOut || r.Op == syntax.RdrClob || r.Op == syntax.RdrAll || r.Op == syntax.AppAll || r.Op == syntax.DplOut {
			to.path = s.word(r.Word).text()
		}
		switch r.Op {
		case syntax.RdrAll, syntax.AppAll:
			one, two = to, to
		case syntax.DplOut:
			if opened, ok := s.descriptors[to.path]; ok {
				to.path = opened
			}
			switch strings.TrimPrefix(to.path, "&") {
			case "1":
				to = one
			case "2":
				to = two
			case "-":
				to.path = "/dev/null"
			default:
				if strings.Trim(to.path, "0123456789") == "" { // of which nobody knows
					to = one
				}
			}
			if fd == "2" {
				two = to
			} else {
				one = to
			}
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob:
			switch to.path {
			case "/dev/stdout":
				to = one
			case "/dev/stderr", "/dev/tty":
				to = two
			}
			if fd == "2" {
				two = to
			} else if fd == "" || fd == "1" {
				one = to
			}
		}
	}
	var result output
	send := func(st stream, to target) {
		switch to.kind {
		case out:
			result.out = append(result.out, st...)
		case err:
			result.err = append(result.err, st...)
		default:
			s.write(to.path, st, to.at)
		}
	}
	send(o.out, one)
	send(o.err, two)
	return result
}

// socket is the host of a path by which bash opens a connection.
func socket(path string) (host string, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) < 4 || parts[1] != "dev" || parts[2] != "tcp" && parts[2] != "udp" {
		return "", false
	}
	if strings.ContainsAny(parts[3], "$…(") {
		return "", true
	}
	return strings.ToLower(parts[3]), true
}

// opens keeps what exec opens for the commands behind it.
func (s *Session) opens(redirs []*syntax.Redirect) {
	for _, r := range redirs {
		if r.N == nil || r.N.Value == "0" || r.N.Value == "1" || r.N.Value == "2" {
			continue
		}
		if s.descriptors == nil {
			s.descriptors = map[string]string{}
		}
		switch r.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrInOut:
			s.descriptors[r.N.Value] = s.word(r.Word).text()
		case syntax.DplOut:
			s.descriptors[r.N.Value] = "&" + s.word(r.Word).text()
		}
	}
}

// write puts what was printed into a file.
func (s *Session) write(path string, st stream, at lint.Span) {
	path = s.absolute(path)
	if len(st) == 0 || path == "/dev/null" || path == "" {
		return
	}
	if r, ok := s.readers[path]; ok {
		s.handed(r, st)
		return
	}
	if host, ok := socket(path); ok {
		s.sink("network", st.value(), Sink{Command: st[0].command, Host: host})
		return
	}
	if results := s.machine.mechanisms.Results; results != nil {
		if m := results().FindStringSubmatch(path); m != nil {
			s.give("output", strings.Join(m[1:], ""), st.value(), at)
			return
		}
	}
	switch kind := s.machine.mechanisms.Files[path]; kind {
	case "":
	case "log":
		s.log(renamed(st, path))
		return
	case "drop":
		return
	case "path":
		s.setsVariables(st.value(), path)
		return
	default:
		s.hand(kind, path, st.value(), at)
		return
	}
	v := st.value()
	if !v.Tainted() {
		if strings.HasPrefix(path, "/dev/") {
			return
		}
		if s.weak == 0 && len(v.pieces) > 0 {
			s.machine.contents[path] = v
		}
		return
	}
	s.sink("file", v, Sink{Command: st[0].command, Path: path})
	if surely := v.without(Unknown); surely.Tainted() {
		s.machine.file(path, st[0].command, surely, at)
	}
	s.machine.contents[path] = v.and(s.machine.contents[path].taints()).Through("it is written to "+Shown(path)+" here", at)
}

func renamed(st stream, command string) stream {
	var all stream
	for _, e := range st {
		e.command = command
		all = append(all, e)
	}
	return all
}

// log is where output ends up that goes nowhere else.
func (s *Session) log(st stream) {
	for _, e := range st {
		if s.machine.mechanisms.Logged == "" {
			s.print(e)
			continue
		}
		for _, line := range e.value.lines() {
			if !s.logCommand(line, e) {
				s.print(emission{value: line, command: e.command, at: e.at, likely: e.likely})
			}
		}
	}
}

func (s *Session) print(e emission) {
	s.sink("log", e.value, Sink{Command: e.command, At: e.at, Likely: e.likely})
}
