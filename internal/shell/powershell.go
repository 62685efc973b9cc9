package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

func (s *Session) powershell(u *unit) {
	s.runLoose(powershellDialect, u, s.powershellCommand)
}

var (
	assignment    = regex.Lazy(`^\s*(?:\[[\w.\[\]]+\]\s*)?\$(env:|global:|script:|local:)?\{?(?:env:)?(\w+)\}?\s*(\+?)=`)
	isCommandName = regex.Lazy(`^(?:[A-Za-z][\w.]*(?:-[A-Za-z]\w*)?|[.\w:\\/$-]+\.(?:ps1|exe|bat|cmd|sh))$`)
)

// keywords begin what is no command; what follows them in brackets is read only.
var keywords = []string{"if", "else", "elseif", "foreach", "for", "while", "do", "until", "switch", "function", "filter", "param", "try", "catch", "finally", "return", "throw", "exit", "break", "continue", "begin", "process", "end", "using", "class", "trap"}

// powershellCommand runs one command of a pipeline.
func (s *Session) powershellCommand(c *call) output {
	first := c.full
	if strings.IndexByte("$[", c.unit.text[c.start]) >= 0 {
		if out, ok := s.powershellAssign(c); ok {
			return out
		}
	}
	name := strings.ToLower(first)
	if slices.Contains(keywords, strings.TrimRight(name, "(")) || strings.HasPrefix(name, "if(") {
		if name == "return" {
			return c.print(spaced(c.args))
		}
		return output{}
	}
	if run := cmdlet(name); run != nil {
		return run(s, c)
	}
	if strings.HasPrefix(name, "get-") {
		folded := *c
		folded.name, folded.args = name, slices.Clone(c.args)
		for i, a := range folded.args {
			if strings.HasPrefix(a.text(), "-") && a.known() {
				folded.args[i] = Literal(strings.ToLower(a.text()))
			}
		}
		if out, ok := s.fetched(&folded); ok {
			return out
		}
	}
	if !isCommandName().MatchString(first) {
		return s.powershellExpression(c)
	}
	if verb, noun, ok := strings.Cut(name, "-"); ok && verb != "" && noun != "" && !strings.ContainsAny(name, "./") {
		s.report.Opaque = s.report.Opaque || !slices.Contains(quietVerbs, verb)
		return output{}
	}
	return s.external(c)
}

// quietVerbs are those of cmdlets that read no variables of others.
var quietVerbs = []string{"get", "test", "new", "remove", "copy", "move", "rename", "join", "split", "select", "sort", "where", "foreach", "expand", "compress", "push", "pop", "import", "format", "measure", "resolve", "convertto", "convertfrom"}

func cmdlet(name string) handler {
	switch name {
	case "write-host", "write-output", "write-information", "write-warning", "write-error", "write-verbose", "echo", "write", "out-host", "out-default", "out-string":
		return writeHost
	case "out-file", "set-content", "add-content", "tee-object", "sc", "ac":
		return outFile
	case "out-null":
		return nothing
	case "invoke-webrequest", "invoke-restmethod", "iwr", "irm":
		return webRequest
	case "get-childitem", "gci", "dir", "ls", "get-item", "gi":
		return childItem
	case "set-psdebug":
		return setDebug
	case "set-item", "si", "new-item", "set-variable", "sv":
		return setItem
	case "get-content", "gc", "cat", "type":
		return getContent
	case "invoke-expression", "iex":
		return invokeExpression
	case "convertfrom-json":
		return func(_ *Session, c *call) output { return c.filtered(c.in.value(), "json") }
	case "convertto-json":
		return func(_ *Session, c *call) output { return c.filtered(joined(c.in.value(), spaced(c.args)), "to_json") }
	case "select-string", "sls", "where-object", "?", "select-object", "select", "sort-object", "sort", "format-table", "ft", "format-list", "fl":
		return func(_ *Session, c *call) output { return output{out: c.in} }
	case "remove-item", "ri", "del", "rd", "rmdir", "erase":
		return remove
	case "convertto-securestring", "new-object", "get-credential":
		return nothing
	case "start-transcript":
		return nothing
	}
	return nil
}

// parameters leaves the names of parameters out: -Uri x.
func (c *call) parameter(names ...string) (Value, bool) {
	for i, a := range c.args {
		for _, name := range names {
			t := strings.ToLower(a.text())
			if t == name && i+1 < len(c.args) {
				return c.args[i+1], true
			}
			if strings.HasPrefix(t, name+":") {
				return a.after(len(name) + 1), true
			}
		}
	}
	return Value{}, false
}

func writeHost(s *Session, c *call) output {
	var printed []Value
	for i, a := range c.args {
		if strings.HasPrefix(a.text(), "-") && len(a.Taints()) == 0 || i > 0 && slices.Contains([]string{"-foregroundcolor", "-backgroundcolor", "-separator"}, strings.ToLower(c.text(i-1))) {
			continue
		}
		printed = append(printed, s.changedBy(c.unit.text[c.start:c.last()], a))
	}
	if len(printed) == 0 {
		return output{out: s.passed(c, nil)}
	}
	return c.print(joined(spaced(printed), newline))
}

func outFile(s *Session, c *call) output {
	path, ok := c.parameter("-filepath", "-path", "-literalpath")
	positional := slices.DeleteFunc(slices.Clone(c.args), func(a Value) bool { return strings.HasPrefix(a.text(), "-") })
	if !ok && len(positional) > 0 {
		path = positional[0]
	}
	v, given := c.parameter("-value", "-inputobject")
	if !given && len(c.in) == 0 && len(positional) > 1 {
		v, given = positional[1], true
	}
	st := renamed(c.in, c.full)
	if given {
		st = c.print(joined(v, newline)).out
		st[0].command = c.full
	}
	s.write(envPath(path.text()), st, c.at())
	if strings.EqualFold(c.full, "tee-object") {
		return output{out: c.in}
	}
	return output{}
}

func webRequest(s *Session, c *call) output {
	uri, ok := c.parameter("-uri")
	if !ok {
		for _, a := range c.args {
			if strings.Contains(a.text(), "://") {
				uri = a
				break
			}
		}
	}
	to := addressOf(uri, true, 0)
	fill := Sink{Command: c.full, Host: to.host, Scheme: to.scheme, Unverified: c.unchecked()}
	for _, a := range c.args {
		here := fill
		here.InURL = a.text() == uri.text()
		s.sink("network", a, here)
	}
	s.sink("network", c.in.value(), fill)
	got := stream{{value: Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: download, from: origin(uri)}}}}}, command: c.full, at: c.at()}}
	if fixed().MatchString(uri.text()) {
		return output{}
	}
	if file, ok := c.parameter("-outfile"); ok {
		s.write(envPath(file.text()), got, c.at())
		return output{}
	}
	return output{out: got}
}

// unchecked says whether a cmdlet is told not to check whom it talks to.
func (c *call) unchecked() bool {
	return slices.ContainsFunc(c.args, func(a Value) bool {
		flag, value, _ := strings.Cut(strings.ToLower(a.text()), ":")
		return flag == "-skipcertificatecheck" && value != "$false"
	})
}

func childItem(s *Session, c *call) output {
	if len(c.args) == 0 {
		return output{}
	}
	path := strings.ToLower(c.text(0))
	if strings.HasPrefix(path, "-") {
		path = strings.ToLower(c.text(1))
	}
	if path = strings.TrimRight(path, `:\/*`); path == "env" {
		return output{out: s.dump(false, c.full+" env:", c.at(), c.start, c.end)}
	}
	if name, ok := strings.CutPrefix(path, "env:"); ok {
		name = s.folded(strings.TrimLeft(name, `\/`))
		s.read(name)
		if v, ok := s.lookup(name); ok {
			return c.print(v.moved(c.unit, c.start, c.end))
		}
	}
	return output{}
}

func setDebug(s *Session, c *call) output {
	if level, ok := c.parameter("-trace"); ok {
		s.trace = level.text() != "0"
	}
	if c.has("-Off", "-off") {
		s.trace = false
	}
	return output{}
}

func setItem(s *Session, c *call) output {
	path, ok := c.parameter("-path", "-name")
	if !ok && len(c.args) > 0 {
		path = c.args[0]
	}
	v, ok := c.parameter("-value")
	if !ok && len(c.args) > 1 {
		v = c.args[len(c.args)-1]
	}
	name := path.text()
	if len(name) > 4 && strings.EqualFold(name[:4], "env:") {
		s.set(strings.TrimLeft(name[4:], `\/`), v, nil, true)
	} else {
		s.set("$"+strings.ToLower(name), v, nil, false)
	}
	return output{}
}

func getContent(s *Session, c *call) output {
	for _, a := range c.args {
		if v, ok := s.content(envPath(a.text())); ok {
			return c.print(v.moved(c.unit, c.start, c.end))
		}
	}
	return output{}
}

// asked finds an address within an expression.
var asked = regex.Lazy(`https?://[^\s"')]+`)

func invokeExpression(s *Session, c *call) output {
	code := joined(append(slices.Clone(c.args), c.in.value())...)
	s.evaluated(code, c.full)
	if text := code.text(); downloads().MatchString(text) && !fixed().MatchString(text) {
		s.addRun(Run{Label: download, Command: c.full, At: c.at(), From: origin(Literal(asked().FindString(text)))})
	}
	s.report.Opaque = true
	return output{}
}

// powershellAssign runs "$name = ..." and "$env:NAME = ...".
func (s *Session) powershellAssign(c *call) (output, bool) {
	text := c.unit.text[c.start:c.last()]
	m := assignment().FindStringSubmatchIndex(text)
	if m == nil || m[1] < len(text) && text[m[1]] == '=' {
		return output{}, false
	}
	name := text[m[4]:m[5]]
	env := strings.Contains(strings.ToLower(text[:m[4]]), "env:")
	start := c.start + m[1]
	v := s.captured(c.unit, start, c.last())
	s.traced(v)
	at := c.unit.span(c.start, c.last())
	if env {
		s.set(name, v.Through(name+" is set here", at), nil, true)
	} else {
		s.set("$"+strings.ToLower(name), v.Through(name+" is set here", at), nil, false)
	}
	return output{}, true
}

// last is where the command ends.
func (c *call) last() int {
	end := c.end
	for _, a := range c.args {
		for _, p := range a.pieces {
			if p.unit == c.unit {
				end = max(end, p.end)
			}
		}
	}
	if rest := c.unit.text[end:]; rest != "" && strings.IndexByte(`"'`, rest[0]) >= 0 {
		end++
	}
	return end
}

// captured is what an expression or the output of a command gives.
func (s *Session) captured(u *unit, start, end int) Value {
	d := powershellDialect
	words := d.words(u.text, start, end)
	if len(words) > 0 && cmdletName().MatchString(u.text[words[0].start:words[0].end]) {
		c, _ := s.looseCall(d, u, words)
		out := s.powershellCommand(c)
		s.log(out.err)
		v := out.out.value()
		return v.derived(computed(start), u, start, end)
	}
	text := u.text[start:end]
	trimmed := strings.TrimSpace(text)
	at := start + strings.Index(text, trimmed)
	if m := inBrackets().FindStringSubmatchIndex(trimmed); m != nil { // (command).Property
		return s.changedBy(trimmed[m[3]:], s.captured(u, at+m[2], at+m[3]))
	}
	v := s.loose(d, u, at, at+len(trimmed))
	return s.changedBy(trimmed, v)
}

var inBrackets = regex.Lazy(`^\(\s*(Get-[^()]*)\)`)

var cmdletName = regex.Lazy(`^[A-Za-z][\w.]*(?:-[A-Za-z]\w*)?$`)

var (
	writesFile = regex.Lazy(`(?i)(?:WriteAll|AppendAll)(?:Text|Bytes|Lines)\(\s*([^,]+),`)
	methodCall = regex.Lazy(`^(?:\$[\w.]+\.\w+\(|\[[\w.]+\]::\w+\()`)
)

// powershellExpression prints what stands alone. Of methods only those that give
// back what they are given do so.
func (s *Session) powershellExpression(c *call) output {
	text := c.unit.text[c.start:c.last()]
	v := s.changedBy(text, spaced(append([]Value{s.loose(powershellDialect, c.unit, c.start, c.end)}, c.args...)))
	if m := writesFile().FindStringSubmatchIndex(text); m != nil {
		path := s.loose(powershellDialect, c.unit, c.start+m[2], c.start+m[3])
		st := c.print(v).out
		st[0].command = "[IO.File]"
		s.write(envPath(path.text()), st, c.at())
		return output{}
	}
	if methodCall().MatchString(text) && !slices.ContainsFunc(conversions, func(c conversion) bool { return strings.Contains(strings.ToLower(text), c.sign) }) {
		return output{}
	}
	return c.print(v)
}

type conversion struct{ sign, how string }

// conversions are what expressions do to values, by the names of methods.
var conversions = []conversion{
	{".substring(", "substring"}, {".split(", "substring"}, {"-split", "substring"}, {".toupper(", "case"}, {".tolower(", "case"}, {"tobase64string", "base64"},
	{"frombase64string", "decoded"}, {"-replace", "replace"}, {".replace(", "replace"}, {"convertfrom-json", "json"}, {".trim", ""}, {"urlencode", "uri"}, {"escapedatastring", "uri"},
	{"[0..", "substring"}, {"tochararray", "substring"},
}

func (s *Session) changedBy(text string, v Value) Value {
	if !v.Tainted() {
		return v
	}
	text = strings.ToLower(text)
	for _, c := range conversions {
		if c.how != "" && strings.Contains(text, c.sign) {
			v = v.eachTaint(func(t Taint) Taint { return t.changed(c.how) })
		}
	}
	if strings.HasSuffix(strings.TrimSpace(text), ".length") {
		return Value{}
	}
	return v
}
