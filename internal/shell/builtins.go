package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

type handler func(*Session, *call) output

func nothing(*Session, *call) output { return output{} }

// builtin is what runs within the shell: its words are no arguments that others
// see.
func builtin(name string) handler {
	switch name {
	case "echo":
		return echo
	case "printf":
		return printf
	case "read":
		return readInput
	case "mapfile", "readarray":
		return mapFile
	case "set":
		return setOptions
	case "shopt":
		return nothing
	case "unset":
		return unsetNames
	case "shift":
		return shift
	case "eval":
		return eval
	case "source", ".":
		return sourced
	case "trap":
		return trap
	case "command", "builtin", "exec":
		return again
	case "cd", "pushd", "popd":
		return (*Session).enter
	case ":", "[", "test", "true", "false", "exit", "return", "break", "continue", "pwd", "wait", "type", "hash", "umask",
		"ulimit", "getopts", "let", "alias", "unalias", "jobs", "kill", "bg", "fg", "disown", "times", "caller", "enable", "complete", "compgen",
		"history", "local", "export", "declare", "readonly", "typeset", "dirs", "help", "logout", "suspend", "bind":
		return nothing
	}
	return nil
}

func echo(_ *Session, c *call) output {
	args := c.args
	for len(args) > 0 && (args[0].text() == "-e" || args[0].text() == "-n" || args[0].text() == "-E" || args[0].text() == "-ne" || args[0].text() == "-en") {
		args = args[1:]
	}
	return c.print(joined(spaced(args), newline))
}

func spaced(args []Value) Value {
	var all []Value
	for i, a := range args {
		if i > 0 {
			all = append(all, Literal(" "))
		}
		all = append(all, a)
	}
	return joined(all...)
}

// printf fills its format. Only %s and %b are filled in place; what is in others
// comes behind.
func printf(s *Session, c *call) output {
	args := c.args
	if c.text(0) == "-v" && len(args) > 2 {
		s.set(c.text(1), formatted(args[2:]).Through(c.text(1)+" is set here", c.at()), nil, false)
		return output{}
	}
	if c.text(0) == "--" {
		args = args[1:]
	}
	return c.print(formatted(args))
}

// formatVerb is a verb of printf that an argument fills; one with a precision takes a
// part of it.
var formatVerb = regex.Lazy(`^%[-+ #0]*\d*(\.\d+)?[sbqdiuxX]`)

func formatted(args []Value) Value {
	if len(args) == 0 {
		return Value{}
	}
	format, args := args[0], args[1:]
	var all []Value
	for _, p := range format.pieces {
		for p.known {
			at := strings.IndexAny(p.text, `%\`)
			if at < 0 || at+1 >= len(p.text) {
				break
			}
			before, verb, next := p.cut(0, at), p.text[at:at+2], p.cut(at+2, len(p.text))
			all = append(all, Value{[]piece{before}})
			if m := formatVerb().FindStringSubmatch(p.text[at:]); m != nil && len(args) > 0 {
				v := args[0]
				switch {
				case m[1] != "":
					v = v.Changed("substring")
				case strings.HasSuffix(m[0], "q"):
					v = v.Changed(Unknown) // what has no signs stays as it is
				}
				all, args = append(all, v), args[1:]
				p = p.cut(at+len(m[0]), len(p.text))
				continue
			}
			switch {
			case verb == `\n`:
				all = append(all, newline)
			case verb == "%%":
				all = append(all, Literal("%"))
			default:
				all = append(all, Literal(verb))
			}
			p = next
		}
		all = append(all, Value{[]piece{p}})
	}
	return joined(append(all, args...)...)
}

// readInput fills variables from the input.
func readInput(s *Session, c *call) output {
	v := c.in.value()
	at := c.at()
	skip := false
	separator, split := s.lookup("IFS")
	if split = split && strings.Trim(separator.text(), " \t\n") != ""; split || c.given("-n", "-N", "-d") || slices.ContainsFunc(c.args, func(a Value) bool { return partRead().MatchString(a.text()) }) {
		v = v.Changed("substring")
	} else if s.machine.Texts {
		v = v.Changed(oneLine)
	}
	for _, a := range c.args {
		t := a.text()
		switch {
		case skip:
			skip = false
		case strings.HasPrefix(t, "-"):
			skip = len(t) == 2 && strings.Contains("adinNptu", t[1:]) && t != "-a"
		case v.Tainted():
			s.set(t, v.Through(t+" is read here", at), nil, false)
		case len(v.pieces) > 0:
			s.set(t, v.derived("$"+t, c.unit, c.start, c.end), nil, false)
		}
	}
	return output{}
}

// partRead finds the flags by which read takes some characters only.
var partRead = regex.Lazy(`^-[a-z]*[nN]\d*$`)

// mapFile reads the input into an array.
func mapFile(s *Session, c *call) output {
	if words := c.words(); len(words) > 0 {
		v := c.in.value()
		name := words[len(words)-1]
		s.set(name, v.Through(name+" is read here", c.at()), []Value{v}, false)
	}
	return output{}
}

// setOptions runs set: options, arguments, or a print of every variable.
func setOptions(s *Session, c *call) output {
	if len(c.args) == 0 {
		return output{out: s.dump(true, "set", c.at(), c.start, c.end)}
	}
	for i, a := range c.args {
		t := a.text()
		switch {
		case t == "--" || t == "-" || len(t) > 0 && t[0] != '-' && t[0] != '+' && (i == 0 || c.text(i-1) != "-o" && c.text(i-1) != "+o" && !strings.HasSuffix(c.text(i-1), "o")):
			if t == "--" || t == "-" {
				i++
			}
			s.pushed = c.args[i:]
			return output{}
		case t == "xtrace" && i > 0:
			s.trace = strings.HasPrefix(c.text(i-1), "-")
		case strings.HasPrefix(t, "-") && strings.Contains(t, "x"):
			s.trace = true
		case strings.HasPrefix(t, "+") && strings.Contains(t, "x"):
			s.trace = false
		}
	}
	return output{}
}

func unsetNames(s *Session, c *call) output {
	for _, name := range c.words() {
		if s.weak == 0 {
			s.unset(name)
		}
	}
	return output{}
}

func shift(s *Session, c *call) output {
	if len(s.pushed) > 0 && s.weak == 0 {
		s.pushed = s.pushed[1:]
	}
	return output{}
}

// eval runs its words as code.
func eval(s *Session, c *call) output {
	v := spaced(c.args)
	s.evaluated(v, "eval")
	return output{out: s.script(within(v), c.in)}
}

// evaluated notes the secrets that become code.
func (s *Session) evaluated(v Value, command string) {
	s.sink("eval", v, Sink{Command: command})
	s.ran(v, command)
}

// sourced runs a file in this shell.
func sourced(s *Session, c *call) output {
	if len(c.args) == 0 {
		return output{}
	}
	file := c.text(0)
	s.ran(c.args[0], c.full) // its name
	if v, ok := s.content(file); ok {
		s.ran(v, c.name)
		if !strings.HasPrefix(file, "/dev/") && !v.known() {
			s.sourceVariables(v, c)
			return output{}
		}
		return output{out: s.script(within(v), c.in)}
	}
	args := c.args[1:]
	if len(args) == 0 {
		args = s.pushed
	}
	if out, ok := s.follow(c, file, "sh", args, false); ok {
		return out
	}
	s.other(c)
	return output{}
}

// sourceVariables reads a file of NAME=value lines that a script made before.
func (s *Session) sourceVariables(v Value, c *call) {
	for _, line := range v.lines() {
		text := line.text()
		trimmed := strings.TrimPrefix(strings.TrimSpace(text), "export ")
		if name, _, ok := strings.Cut(trimmed, "="); ok {
			value := line.after(strings.IndexByte(text, '=') + 1)
			s.set(strings.TrimSpace(name), value.Through(name+" is set here", c.at()), nil, true)
		}
	}
}

// trap keeps its first word for the end of the shell.
func trap(s *Session, c *call) output {
	if len(c.args) == 0 || len(c.args[0].pieces) == 0 || c.text(0) == "-" || strings.HasPrefix(c.text(0), "-") {
		return output{}
	}
	if len(s.traps) < maxDepth {
		s.traps = append(s.traps, c.args[0])
	}
	return output{}
}

// again runs what stands behind a word like command or exec.
func again(s *Session, c *call) output {
	args := c.args
	for len(args) > 0 && strings.HasPrefix(args[0].text(), "-") {
		if args[0].text() == "-v" || args[0].text() == "-V" {
			return output{}
		}
		args = args[1:]
	}
	return s.rest(c, args)
}

// rest invokes the words from an argument on.
func (s *Session) rest(c *call, args []Value) output {
	if len(args) == 0 {
		return output{}
	}
	inner := &call{full: args[0].text(), args: args[1:], in: c.in, start: c.start, end: c.end, unit: c.unit}
	if p := args[0].pieces; len(p) > 0 && p[0].unit == c.unit && p[0].end > p[0].start {
		inner.start, inner.end = p[0].start, p[0].end
	}
	s.ranCommand(args[0])
	if s.depth >= maxDepth {
		s.limit(c.at(), "commands run commands more deeply than is followed")
		return output{}
	}
	s.depth++
	defer func() { s.depth-- }()
	return s.invoke(inner)
}
