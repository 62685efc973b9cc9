package shell

import (
	"slices"
	"strings"
)

// foundOnes runs the commands that find starts for the files that it finds.
func (s *Session) foundOnes(c *call) output {
	var out output
	for i := 0; i < len(c.args); i++ {
		if !slices.Contains(starting, c.text(i)) {
			continue
		}
		first := i + 1
		for i < len(c.args) && c.text(i) != ";" && c.text(i) != "+" {
			i++
		}
		out.add(s.rest(c, c.args[min(first, len(c.args)):i]))
	}
	return out
}

// givers give secrets to the command behind two dashes.
var givers = []string{"doppler", "infisical", "op", "chamber", "aws-vault", "teller", "summon", "envchain", "berglas", "bws", "dotenvx", "dotenv", "direnv", "envconsul", "akeyless", "conjur"}

// runners run the command behind a word of theirs.
var runners = map[string][]string{
	"uv": {"run"}, "poetry": {"run"}, "pipenv": {"run"}, "pdm": {"run"}, "rye": {"run"}, "hatch": {"run"}, "bundle": {"exec"}, "npx": {"--yes", "-y"},
}

// within is the command that a runner runs, nil if it does something else.
func (c *call) within() []Value {
	if slices.Contains(givers, c.name) {
		if i := slices.IndexFunc(c.args, func(a Value) bool { return a.text() == "--" }); i >= 0 {
			return c.args[i+1:]
		}
	}
	words, ok := runners[c.name]
	if !ok {
		return nil
	}
	for i, a := range c.args {
		switch {
		case slices.Contains(words, a.text()):
			return c.args[i+1:]
		case !strings.HasPrefix(a.text(), "-") && (c.name != "npx" || !isInterpreter(a.text())):
			return nil
		case c.name == "npx" && isInterpreter(a.text()):
			return c.args[i:]
		}
	}
	return nil
}

// runInner runs the command of a runner; Python's run files by their name.
func (s *Session) runInner(c *call, args []Value) output {
	if strings.HasSuffix(args[0].text(), ".py") {
		args = append([]Value{Literal("python")}, args...)
	}
	return s.rest(c, args)
}

// wrapper is a program that runs the command behind its flags.
type wrapper struct {
	valued string // the flags whose value is the next word
	skips  int    // the words before the command: a user, a lock
	code   string // the flags whose value is a line for a shell, in place of a command
	line   bool   // the words are a line for a shell
}

// anyWords are before a command that only a flag gives.
const anyWords = 1 << 10

var wrappers = map[string]wrapper{
	"sudo": {valued: "-u -g -h -p -C -D -R -T"}, "doas": {valued: "-u -C"}, "nohup": {}, "time": {valued: "-f -o"}, "nice": {valued: "-n"}, "ionice": {valued: "-c -n"},
	"timeout": {valued: "-s -k"}, "gtimeout": {valued: "-s -k"}, "stdbuf": {}, "setsid": {}, "chronic": {}, "retry": {valued: "-t -d -m"}, "unbuffer": {}, "catchsegv": {},
	"busybox": {}, "fakeroot": {}, "xvfb-run": {valued: "-s -n -e -f -w"}, "caffeinate": {}, "strace": {valued: "-e -o -p"}, "eatmydata": {}, "dbus-run-session": {},
	"torsocks": {}, "proxychains": {valued: "-f"}, "proxychains4": {valued: "-f"}, "tini": {}, "dumb-init": {}, "systemd-run": {valued: "-p -u -E"}, "setpriv": {}, "unshare": {}, "nsenter": {valued: "-t"},
	"gosu": {skips: 1}, "su-exec": {skips: 1}, "s6-setuidgid": {skips: 1}, "chroot": {skips: 1}, "taskset": {skips: 1}, "chrt": {skips: 1}, "faketime": {skips: 1},
	"flock": {valued: "-w -E", skips: 1, code: "-c --command"}, "watch": {valued: "-n -d", line: true},
	"su": {valued: "-s -g -G -w", skips: anyWords, code: "-c --command --session-command"}, "runuser": {valued: "-u -s -g -G -w", code: "-c --command --session-command"},
	"script": {valued: "-I -O -B -T -E -m -o", skips: anyWords, code: "-c --command"},
}

func (c *call) wraps() bool {
	_, known := wrappers[c.name]
	return known
}

// wrapped finds the command within the words of a wrapper: behind its flags,
// assignments and numbers.
func (s *Session) wrapped(c *call) output {
	w := wrappers[c.name]
	if code, ok := c.code(w); ok {
		if c.name == "su" && c.has("-", "-l", "--login") {
			inner := *c
			inner.full, inner.args = "sh", []Value{Literal("-c"), code}
			return s.isolated(nil, &inner)
		}
		return s.commandString(c, code, nil, false)
	}
	args, skipped := c.args, 0
	for len(args) > 0 {
		t := args[0].text()
		isNumber := t != "" && strings.Trim(t, "0123456789.smhd") == ""
		switch {
		case strings.HasPrefix(t, "-"):
			if slices.Contains(strings.Fields(w.valued), t) && len(args) > 1 {
				args = args[1:]
			}
		case skipped < w.skips:
			skipped++
		case isNumber && c.name != "sudo":
		case strings.Contains(t, "=") && !strings.HasPrefix(t, "/") && !w.line:
			if args[0].Tainted() {
				s.sink("argv", args[0], Sink{Command: c.name})
			}
		case w.line:
			line := spaced(args)
			s.sink("argv", line, Sink{Command: c.name})
			s.evaluated(line, c.name)
			return s.inner(within(line), nil, c.in, false)
		default:
			return s.rest(c, args)
		}
		args = args[1:]
	}
	return output{}
}

// code is the line for a shell that a flag of a wrapper gives; short flags may stand
// together before it.
func (c *call) code(w wrapper) (Value, bool) {
	for i, a := range c.args {
		t := a.text()
		flag, _, assigned := strings.Cut(t, "=")
		switch {
		case w.code == "" || !strings.HasPrefix(t, "-"):
		case assigned && strings.HasPrefix(t, "--") && slices.Contains(strings.Fields(w.code), flag):
			return a.after(len(flag) + 1), true
		case i+1 < len(c.args) && (slices.Contains(strings.Fields(w.code), t) || !strings.HasPrefix(t, "--") && strings.HasSuffix(t, "c") && len(t) <= 5):
			return c.args[i+1], true
		}
	}
	return Value{}, false
}

// environment runs env and printenv: a print of variables, or a command with more
// of them.
func (s *Session) environment(c *call) output {
	args := c.args
	mark := len(s.journal)
	defer func() { s.rollback(mark) }()
	for len(args) > 0 && c.name == "env" {
		t := args[0].text()
		name, _, assigned := strings.Cut(t, "=")
		switch {
		case t == "-u" && len(args) > 1:
			s.unset(args[1].text())
			args = args[1:]
		case (t == "-S" || t == "--split-string") && len(args) > 1:
			return s.inner(within(spaced(args[1:])), nil, c.in, false)
		case strings.HasPrefix(t, "-S"), strings.HasPrefix(t, "--split-string="):
			line := args[0].after(len("-S"))
			if strings.HasPrefix(t, "--") {
				line = args[0].after(len("--split-string="))
			}
			return s.inner(within(spaced(append([]Value{line}, args[1:]...))), nil, c.in, false)
		case strings.HasPrefix(t, "-"):
		case assigned:
			if args[0].Tainted() {
				s.sink("argv", args[0], Sink{Command: c.name})
			}
			s.set(name, args[0].after(len(name)+1), nil, true)
		default:
			return s.rest(c, args)
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return output{out: s.dump(false, c.name, c.at(), c.start, c.end)}
	}
	var out output
	for _, a := range args {
		s.read(a.text())
		if v, ok := s.lookup(a.text()); ok {
			out.add(c.print(joined(v.moved(c.unit, c.start, c.end), newline)))
		}
	}
	return out
}

// subshell runs bash -c '...', bash script.sh, and bash with a script as input.
func (s *Session) subshell(c *call) output {
	trace := false
	for i, a := range c.args {
		t := a.text()
		switch {
		case strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "--") && strings.Contains(t, "c") && i+1 < len(c.args):
			return s.commandString(c, c.args[i+1], c.args[min(i+2, len(c.args)):], trace || strings.Contains(t, "x"))
		case strings.HasPrefix(t, "-") && len(t) > 1 && t != "-s" && t != "--":
			trace = trace || !strings.HasPrefix(t, "--") && strings.Contains(t, "x")
		case t == "-s":
			args := c.args[i+1:]
			if len(args) > 0 && args[0].text() == "--" {
				args = args[1:]
			}
			for _, a := range args {
				s.sink("argv", a, Sink{Command: c.name})
			}
			return s.standardInput(c, args, trace)
		case t == "-" || t == "--":
		case i > 0 && c.text(i-1) == "-o" || t == "pipefail" || t == "errexit" || t == "nounset":
			trace = trace || t == "xtrace"
		default:
			return s.scriptFile(c, t, c.args[i+1:], trace)
		}
	}
	return s.standardInput(c, nil, trace)
}

// standardInput runs what a shell reads, with arguments.
func (s *Session) standardInput(c *call, args []Value, trace bool) output {
	v := c.in.value()
	s.evaluated(v, c.name)
	if len(c.in) == 0 {
		return output{}
	}
	return s.inner(within(v), args, nil, trace)
}

func (s *Session) commandString(c *call, code Value, args []Value, trace bool) output {
	s.sink("argv", code, Sink{Command: c.name})
	s.evaluated(code, c.name+" -c")
	for _, a := range args {
		if a.Tainted() {
			s.sink("argv", a, Sink{Command: c.name})
		}
	}
	var out output
	s.apart(func() {
		if len(args) > 0 {
			s.set("0", args[0], nil, false)
		}
		out = s.inner(within(code), args[min(1, len(args)):], c.in, trace)
	})
	return out
}

func (s *Session) scriptFile(c *call, file string, args []Value, trace bool) output {
	s.arguments(c)
	if v, ok := s.content(file); ok {
		s.evaluated(v, c.name)
		return s.inner(within(v), args, c.in, trace)
	}
	if script := s.find(file); script != nil {
		if s.running[script] >= maxRecursion {
			return output{}
		}
		s.running[script]++
		defer func() { s.running[script]-- }()
		return s.inner(newUnit(script), args, c.in, trace)
	}
	s.missing(c, file)
	s.other(c)
	return output{}
}

// inner runs a text in a shell of its own.
func (s *Session) inner(u *unit, args []Value, in stream, trace bool) output {
	before, functions, tracing := s.pushed, s.functions, s.trace
	s.pushed, s.functions, s.trace = args, map[string]function{}, trace
	var out output
	s.apart(func() { out.out = s.script(u, in) })
	s.pushed, s.functions, s.trace = before, functions, tracing
	return out
}
