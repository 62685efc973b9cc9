package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// call is a simple command with its words expanded.
type call struct {
	name       string // the last part of its path
	full       string
	args       []Value // without the name
	in         stream
	start, end int // of the name
	unit       *unit
}

func (c *call) at() lint.Span { return c.unit.span(c.start, c.end) }

func (c *call) text(i int) string {
	if i < len(c.args) {
		return c.args[i].text()
	}
	return ""
}

// line is the command as it is run.
func (c *call) line() string {
	return c.name + " " + spaced(c.args).text()
}

// words are the arguments that are no flags.
func (c *call) words() []string {
	var all []string
	for _, a := range c.args {
		if t := a.text(); !strings.HasPrefix(t, "-") {
			all = append(all, t)
		}
	}
	return all
}

func (c *call) has(flags ...string) bool {
	return slices.ContainsFunc(c.args, func(a Value) bool {
		t := a.text()
		return slices.ContainsFunc(flags, func(f string) bool {
			return t == f || strings.HasPrefix(f, "--") && strings.HasPrefix(t, f+"=")
		})
	})
}

// flag is the value of a flag: "-p value", "-pvalue", "--pass value" or
// "--pass=value".
func (c *call) flag(names ...string) (Value, bool) {
	for i, a := range c.args {
		t := a.text()
		for _, name := range names {
			switch {
			case t == name && i+1 < len(c.args):
				return c.args[i+1], true
			case strings.HasPrefix(name, "--") && strings.HasPrefix(t, name+"="):
				return a.after(len(name) + 1), true
			case !strings.HasPrefix(name, "--") && len(t) > len(name) && strings.HasPrefix(t, name):
				return a.after(len(name)), true
			}
		}
	}
	return Value{}, false
}

// print is the output of a command that prints a value as it stands in its words.
func (c *call) print(v Value) output {
	return output{out: stream{{value: v, command: c.name, at: c.at()}}}
}

// filtered is the output of a command that makes something else of its input.
func (c *call) filtered(v Value, how string) output {
	if !v.Tainted() {
		return output{}
	}
	at := c.at()
	changed := v.eachTaint(func(t Taint) Taint {
		if how != "" {
			t = t.changed(how)
		}
		return t.through("it goes through "+c.name+" here", at)
	})
	return c.print(changed.derived("…", c.unit, c.start, c.end))
}

// simple runs a command: its assignments alone, or a program, function or
// built-in with its words.
func (s *Session) simple(st *syntax.Stmt, cmd *syntax.CallExpr, in stream) output {
	if len(cmd.Args) == 0 {
		s.assign(cmd.Assigns, false)
		return output{}
	}
	before := map[string]*variable{}
	for _, a := range cmd.Assigns {
		if a.Name != nil {
			before[a.Name.Value] = s.variables[a.Name.Value]
		}
	}
	s.assign(cmd.Assigns, true)
	var words []Value
	for _, arg := range cmd.Args {
		words = append(words, s.fields(arg)...)
	}
	for _, w := range words {
		s.traced(w)
	}
	start, end := offsets(s.unit, cmd.Args[0])
	var out output
	if len(words) > 0 {
		if !quotedWord(cmd.Args[0]) {
			s.ranCommand(words[0])
		}
		out = s.invoke(&call{full: words[0].text(), args: words[1:], in: in, start: start, end: end, unit: s.unit})
	}
	for name, v := range before { // what the command itself set stays
		s.journal = append(s.journal, change{name, s.variables[name]})
		if v == nil {
			delete(s.variables, name)
		} else {
			s.variables[name] = v
		}
	}
	return out
}

// ranCommand notes that what somebody else writes is the name of a command, and its words.
func (s *Session) ranCommand(name Value) {
	if s.machine.Texts && len(name.pieces) > 0 {
		s.ran(Value{name.pieces[:1]}, "a command")
	}
}

// quotedWord says whether a word is one whatever stands in it.
func quotedWord(w *syntax.Word) bool {
	_, quoted := w.Parts[0].(*syntax.DblQuoted)
	return quoted
}

// fields expands a word to the arguments that it becomes.
func (s *Session) fields(w *syntax.Word) []Value {
	if len(w.Parts) == 1 {
		pe, plain := w.Parts[0].(*syntax.ParamExp)
		if dq, ok := w.Parts[0].(*syntax.DblQuoted); ok && len(dq.Parts) == 1 {
			if pe, ok = dq.Parts[0].(*syntax.ParamExp); !ok {
				pe = nil
			}
		}
		if pe != nil {
			if list, ok := s.list(pe); ok {
				return list
			}
			v := s.word(w)
			if plain && v.known() && strings.ContainsAny(v.text(), " \t\n") {
				return split(v)
			}
			return []Value{v}
		}
	}
	return []Value{s.word(w)}
}

// list is what "${NAME[@]}" or "$@" expand to.
func (s *Session) list(pe *syntax.ParamExp) ([]Value, bool) {
	if pe.Param == nil || pe.Exp != nil || pe.Length || pe.Slice != nil || pe.Repl != nil || pe.Excl {
		return nil, false
	}
	start, end := offsets(s.unit, pe)
	items := s.pushed
	if name := pe.Param.Value; name != "@" && name != "*" {
		index, ok := pe.Index.(*syntax.Word)
		v := s.variables[name]
		if !ok || v == nil || v.list == nil || index.Lit() != "@" && index.Lit() != "*" {
			return nil, false
		}
		s.read(name)
		items = v.list
	}
	all := make([]Value, 0, len(items))
	for _, item := range items {
		all = append(all, item.moved(s.unit, start, end))
	}
	return all, len(all) > 0
}

// split cuts a known value at blanks.
func split(v Value) []Value {
	var all []Value
	p := v.pieces[0]
	for _, field := range strings.Fields(v.text()) {
		all = append(all, Value{[]piece{{text: field, known: true, unit: p.unit, start: p.start, end: p.end, name: p.name}}})
	}
	return all
}

// invoke runs a command by its name.
func (s *Session) invoke(c *call) output {
	c.name = path.Base(strings.TrimPrefix(c.full, `\`))
	s.runsBeside(c)
	if f, ok := s.functions[c.full]; ok {
		return s.callFunction(f, c)
	}
	if run := builtin(c.full); run != nil {
		return run(s, c)
	}
	out, known := s.program(c)
	if known {
		return out
	}
	if out, ok := s.ownScript(c); ok {
		return out
	}
	if s.other(c) {
		return out
	}
	if in := c.in.value(); in.Tainted() && !s.machine.Texts {
		out.add(c.filtered(in, Unknown))
	}
	return out
}

// Unknown is what a program does of which nothing is known, if it prints what it reads.
const Unknown = "unknown"

// arguments notes the secrets among the words of a program, which every process
// of the machine can read.
func (s *Session) arguments(c *call) {
	for i, a := range c.args {
		if a.Tainted() && !c.isPath(i) {
			s.sink("argv", a, Sink{Command: shortened(c.name)})
		}
	}
}

// takesFiles are the programs whose words are all names of files.
var takesFiles = []string{"cat", "chmod", "chown", "cp", "mv", "install", "rm", "shred", "ssh-add", "stat", "wc", "tail", "head"}

// fileFlags finds the flags whose next word is the name of a file.
var fileFlags = regex.Lazy(`(?i)^--?(?:[\w-]*file|kubeconfig)$`)

// isPath says whether an argument is the name of a file, so that a variable in its place
// holds the path of a file with the secret, and not the secret.
func (c *call) isPath(i int) bool {
	if a := c.args[i]; !a.isVariable() {
		flag, _, ok := strings.Cut(a.text(), "=")
		return ok && fileFlags().MatchString(flag) && a.after(len(flag)+1).isVariable()
	}
	flag := c.text(max(0, i-1))
	return slices.Contains(takesFiles, c.name) || i > 0 && (fileFlags().MatchString(flag) ||
		flag == "-i" && slices.Contains([]string{"ssh", "scp", "sftp", "rsync"}, c.name) ||
		flag == "-in" && c.name == "openssl" || c.isWeb() && slices.Contains(keyFlags, flag))
}

// isVariable says whether a value is that of a variable with a secret to which nothing
// was done.
func (v Value) isVariable() bool {
	return len(v.pieces) == 1 && v.pieces[0].name != "" && v.Tainted() && !slices.ContainsFunc(v.pieces[0].taints, func(t Taint) bool { return len(t.Transformed) > 0 })
}

const maxCommand = 60

// shortened bounds a name that a report will show; one that is not known has none.
func shortened(name string) string {
	if len(name) > maxCommand || strings.ContainsAny(name, "\n$…") {
		return "a program"
	}
	return name
}

// other is a program that nothing is known of, or one that runs code. The answer says
// whether it is known what becomes of its input.
func (s *Session) other(c *call) bool {
	s.report.Opaque = true
	switch {
	case c.runsOwn():
		s.unfollowed(c, "what "+c.name+" runs is the repository's own code, and was not followed")
	case isInterpreter(c.name):
		return s.interpreted(c)
	case c.name == "pwsh" || c.name == "powershell":
		if code, ok := c.parameter("-c", "-command"); ok {
			s.ran(code, c.name)
			s.powershell(within(code))
		}
		for i, a := range c.args {
			if strings.EqualFold(path.Ext(a.text()), ".ps1") {
				_, followed := s.follow(c, a.text(), "", c.args[i+1:], true)
				return followed
			}
		}
	}
	return false
}

// ownCode are programs that run code of the repository in a language that is not read,
// by the words that say so: none for what does nothing else.
var ownCode = map[string][]string{
	"just": nil, "task": nil, "go-task": nil, "mage": nil, "rake": nil, "invoke": nil, "inv": nil, "fab": nil,
	"go": {"run", "generate"}, "cargo": {"run", "xtask"}, "deno": {"task"}, "dotnet": {"run"}, "swift": {"run"}, "mise": {"run"}, "stack": {"run"}, "cabal": {"run"}, "dart": {"run"},
}

func (c *call) runsOwn() bool {
	words, known := ownCode[c.name]
	first := c.words()
	return known && (words == nil && !c.has("--version", "--list", "-l", "--help") || len(first) > 0 && slices.Contains(words, first[0]))
}

// codeFlag is that of an interpreter before the code.
var codeFlag = regex.Lazy(`^(?:-[a-zA-Z0-9]*[cerEp]|--eval|--print)$`)

// interpreted reads what an interpreter runs: a word, a file, or what it reads. The
// answer says whether the input is known to be read.
func (s *Session) interpreted(c *call) bool {
	for i, a := range c.args {
		flag := a.text()
		switch {
		case codeFlag().MatchString(flag) && i+1 < len(c.args):
			s.ran(c.args[i+1], c.name+" "+flag)
			code := c.args[i+1]
			if printed := flag == "--print" || flag == "-p" || flag == "-pe"; printed && isScript(c.name) && len(code.pieces) > 0 {
				around := func(text string) Value {
					first := code.pieces[0]
					return Value{[]piece{{text: text, known: true, unit: first.unit, start: first.start, end: first.end}}}
				}
				code = joined(around("print("), code, around(")"))
			}
			return s.foreign(within(code), c.name, c.in.value(), c.args[i+2:])
		case flag == "-m": // what the module does with the input is not known
			return false
		case flag == "-":
		case strings.HasPrefix(flag, "-") || flag == "run":
			continue
		default:
			if c.args = c.args[i+1:]; !s.foreignFile(c, flag) {
				return false
			}
			return true
		}
		break
	}
	if code := c.in.value(); len(code.pieces) > 0 {
		s.ran(code, c.name)
		s.foreign(within(code), c.name, Value{}, nil)
	}
	return true
}

// foreignFile reads a script that stands in a file.
func (s *Session) foreignFile(c *call, file string) bool {
	if v, ok := s.content(file); ok {
		s.ran(v, c.name)
		s.foreign(within(v), c.name, c.in.value(), c.args)
		return true
	}
	script := s.find(file)
	if script == nil {
		s.missing(c, file)
		return false
	}
	if s.running[script] >= maxRecursion {
		return true
	}
	s.running[script]++
	defer func() { s.running[script]-- }()
	s.foreign(newUnit(script), c.name, c.in.value(), c.args)
	return true
}

func isInterpreter(name string) bool {
	for _, known := range []string{"python", "node", "nodejs", "ruby", "perl", "php", "deno", "bun", "tsx", "ts-node"} {
		if strings.TrimRight(name, "0123456789.") == known {
			return true
		}
	}
	return false
}

// maxRecursion is how often a function or script may be within itself: the second
// time shows what the first one left.
const maxRecursion = 2

func (s *Session) callFunction(f function, c *call) output {
	if s.depth >= maxDepth {
		s.limit(c.at(), "functions call functions more deeply than is followed")
		return output{}
	}
	if s.running[f.body] >= maxRecursion {
		return output{} // what it does the calls before have shown
	}
	s.running[f.body]++
	defer func() { s.running[f.body]-- }()
	before, unit := s.pushed, s.unit
	s.pushed, s.unit = nil, f.unit
	for _, a := range c.args {
		if a.Tainted() {
			a = a.Through("it is handed to "+shortened(c.full)+" here", c.at())
		}
		s.pushed = append(s.pushed, a)
	}
	s.depth++
	out := s.statement(f.body, c.in)
	s.depth--
	s.pushed, s.unit = before, unit
	return out
}

// ownScript runs a script of the repository.
func (s *Session) ownScript(c *call) (output, bool) {
	if !strings.Contains(c.full, "/") {
		return output{}, false
	}
	if out, ok := s.made(c); ok {
		return out, true
	}
	out, followed := s.follow(c, c.full, "", c.args, true)
	if !followed {
		s.missing(c, c.full)
	}
	return out, followed
}

// missing notes that a file which is run is neither of the repository nor made by the job.
func (s *Session) missing(c *call, file string) {
	file = s.absolute(file)
	if file != "" && !strings.ContainsAny(file, "$~…\n%{") && !strings.HasPrefix(file, "/") && !strings.HasPrefix(file, "-") {
		s.unfollowed(c, "what "+shortened(file)+" does could not be followed: there is no such file in the repository")
	}
}

// follow runs a script of the repository, in a shell of its own or in this one.
func (s *Session) follow(c *call, file, shell string, args []Value, apart bool) (output, bool) {
	script := s.find(file)
	if script == nil {
		return output{}, false
	}
	if strings.EqualFold(path.Ext(file), ".ps1") {
		if s.running[script] < maxRecursion {
			s.running[script]++
			defer func() { s.running[script]-- }()
			s.apart(func() {
				for i, a := range args[min(1, len(args)):] { // -Name value
					if name, ok := strings.CutPrefix(args[i].text(), "-"); ok && a.Tainted() {
						s.set("$"+strings.ToLower(name), a.Through("it is handed to "+script.Path+" here", c.at()), nil, false)
					}
				}
				s.powershell(newUnit(script))
			})
		}
		return output{}, true
	}
	if shell == "" && Dialect("", script.Text) != "posix" {
		s.foreignFile(&call{name: Interpreter(script.Text), args: args, in: c.in, unit: c.unit, start: c.start, end: c.end}, file)
		s.report.Opaque = true
		return output{}, true
	}
	if s.running[script] >= maxRecursion {
		return output{}, true
	}
	s.running[script]++
	defer func() { s.running[script]-- }()
	var out output
	before, functions, trace := s.pushed, s.functions, s.trace
	s.pushed = nil
	for _, a := range args {
		s.pushed = append(s.pushed, a.Through("it is handed to "+script.Path+" here", c.at()))
	}
	if apart {
		s.functions, s.trace = map[string]function{}, false
		s.apart(func() { out.out = s.script(newUnit(script), c.in) })
		s.functions, s.trace = functions, trace
	} else {
		out.out = s.script(newUnit(script), c.in)
	}
	s.pushed = before
	return out, true
}

func (s *Session) find(file string) *Script {
	file = s.absolute(file)
	if s.machine.open == nil || file == "" || strings.ContainsAny(file, "$~…\n") || strings.HasPrefix(file, "/") || strings.HasPrefix(file, "../") {
		return nil
	}
	return s.machine.open(file)
}
