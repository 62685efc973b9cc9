package shell

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// PowerShell and cmd are read by patterns: words, variables, pipes and
// redirections, but no grammar. What is found there is likely, not exact.

// dialect is what such a language looks like.
type dialect struct {
	escape   byte                  // before a character that means itself, or the end of a line
	single   bool                  // single quotes quote
	variable func() *regexp.Regexp // of which the first group that matches is the name
	ends     string                // characters that end a command, outside of quotes
}

var (
	powershellDialect = dialect{
		escape: '`', single: true, ends: ";{}",
		variable: regex.Lazy(`(?i)\$\{env:(\w+)\}|\$env:(\w+)|\$\{(\w+)\}|\$(?:global:|script:|local:)?(\w+)`),
	}
	batchDialect = dialect{escape: '^', ends: "&", variable: regex.Lazy(`%(\w+)(?::[^%\n]*)?%|!(\w+)!`)}
)

type looseWord struct{ start, end int }

// pipelines cuts a text into commands, and these at pipes.
func (d dialect) pipelines(text string) [][][2]int {
	var all [][][2]int
	var stages [][2]int
	start, depth := 0, 0
	quote := byte(0)
	stage := func(end int) {
		if strings.TrimSpace(text[start:end]) != "" {
			stages = append(stages, [2]int{start, end})
		}
		start = end + 1
	}
	command := func(end int) {
		stage(end)
		if len(stages) > 0 {
			all = append(all, stages)
		}
		stages, depth = nil, 0
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && d.single && (strings.HasPrefix(text[i:], "@\"\n") || strings.HasPrefix(text[i:], "@'\n")):
			end := strings.Index(text[i:], "\n"+text[i+1:i+2]+"@")
			if end < 0 {
				i = len(text) - 1
			} else {
				i += end + 2
			}
		case c == d.escape && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && d.single:
			quote = c
		case d.single && c == '#' && (i == 0 || strings.IndexByte(" \t\n;", text[i-1]) >= 0):
			end := strings.IndexByte(text[i:], '\n')
			if end < 0 {
				end = len(text) - i
			}
			command(i)
			i += end
			start = min(i+1, len(text))
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case c == '{' && i > 0 && (text[i-1] == '@' || text[i-1] == '$') && d.single:
			if end := strings.IndexByte(text[i:], '}'); end >= 0 {
				i += end
			}
		case c == '|' && depth == 0:
			if i+1 < len(text) && text[i+1] == '|' {
				command(i)
				i++
				start = i + 1
				break
			}
			stage(i)
		case c == '\n' && (depth == 0 || !d.single):
			if strings.HasSuffix(strings.TrimSpace(text[:i]), "|") && d.single {
				break
			}
			command(i)
		case depth == 0 && strings.IndexByte(d.ends, c) >= 0 && !(c == '&' && i > 0 && text[i-1] == '>'):
			command(i)
		}
	}
	if start < len(text) {
		command(len(text))
	} else if len(stages) > 0 {
		all = append(all, stages)
	}
	return all
}

// words cuts a command at blanks and redirections.
func (d dialect) words(text string, start, end int) []looseWord {
	var all []looseWord
	from, depth := -1, 0
	quote := byte(0)
	flush := func(to int) {
		if from >= 0 {
			all = append(all, looseWord{from, to})
		}
		from = -1
	}
	for i := start; i < end; i++ {
		c := text[i]
		blankHere := strings.IndexByte(" \t\r\n", c) >= 0
		switch {
		case quote == 0 && depth == 0 && blankHere:
			flush(i)
			continue
		case quote == 0 && depth == 0 && c == '>':
			if from >= 0 && (text[from:i] == "1" || text[from:i] == "2" || text[from:i] == "*") {
				i++
				for i < end && (text[i] == '>' || text[i] == '&' || text[i] == '1') {
					i++
				}
				flush(i)
				i--
				continue
			}
			flush(i)
			from = i
			if i+1 < end && text[i+1] == '>' {
				i++
			}
			flush(i + 1)
			continue
		}
		if from < 0 {
			from = i
		}
		switch {
		case c == d.escape && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && d.single:
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		}
	}
	flush(end)
	return all
}

// loose is the value of a part of such a script: variables expanded, quotes left
// out, everything else as it stands.
func (s *Session) loose(d dialect, u *unit, start, end int) Value {
	text := u.text[start:end]
	if d.single && len(text) > 1 && text[0] == '\'' && text[len(text)-1] == '\'' {
		return u.literal(start+1, end-1, "")
	}
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		start, end = start+1, end-1
		text = u.text[start:end]
	}
	var values []Value
	from := 0
	for _, m := range d.variable().FindAllStringSubmatchIndex(text, -1) {
		if m[0] > 0 && text[m[0]-1] == d.escape {
			continue
		}
		name, env := "", false
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				name, env = text[m[g]:m[g+1]], d.single && g <= 4
			}
		}
		if m[0] > from {
			values = append(values, u.literal(start+from, start+m[0], ""))
		}
		values = append(values, s.looseVariable(d, name, env, u, start+m[0], start+m[1]))
		from = m[1]
	}
	if from < len(text) {
		values = append(values, u.literal(start+from, start+len(text), ""))
	}
	return joined(values...)
}

func (s *Session) looseVariable(d dialect, name string, env bool, u *unit, start, end int) Value {
	if d.single && !env {
		name = "$" + name // PowerShell's own are not the environment's
	} else {
		name = s.folded(name)
		s.read(name)
	}
	v, ok := s.lookup(name)
	if d.single && !ok && !env {
		v, ok = s.lookup(strings.ToLower(name))
	}
	if !ok {
		return Value{[]piece{{text: "$" + strings.TrimPrefix(name, "$"), unit: u, start: start, end: end, name: name}}}
	}
	v = v.moved(u, start, end)
	if cut := u.text[start:end]; !d.single && strings.Contains(cut, ":~") {
		return v.eachTaint(func(t Taint) Taint { return t.changed("substring") }).derived(cut, u, start, end)
	}
	return v
}

// folded is the name by which a variable of the environment is known: Windows
// folds case.
func (s *Session) folded(name string) string {
	if s.variables[name] != nil {
		return name
	}
	found := name
	for have := range s.variables {
		if strings.EqualFold(have, name) && (found == name || have < found) {
			found = have
		}
	}
	return found
}

// runLoose follows a script of such a language; one runs a command of it.
func (s *Session) runLoose(d dialect, u *unit, one func(c *call) output) {
	defer func(before bool) { s.likely = before }(s.likely)
	s.likely = true
	before := s.unit
	u = s.shortened(u)
	s.unit = u
	defer func() { s.unit = before }()
	for _, stages := range d.pipelines(u.text) {
		if out := s.runPipeline(d, u, stages, one).all(); !u.script.Captured {
			s.log(out)
		}
	}
}

func (o output) all() stream { return append(o.out, o.err...) }

func (s *Session) runPipeline(d dialect, u *unit, stages [][2]int, one func(c *call) output) output {
	var out output
	for _, stage := range stages {
		if !s.spend(1, u, stage[0], stage[1]) {
			return output{}
		}
		words := d.words(u.text, stage[0], stage[1])
		c, file := s.looseCall(d, u, words)
		if c == nil {
			continue
		}
		c.in = out.out
		out = one(c)
		if file != nil {
			s.write(envPath(file.text()), out.out, u.span(stage[0], stage[1]))
			out.out = nil
		}
	}
	return out
}

// looseCall expands the words of a command and takes its redirection out.
func (s *Session) looseCall(d dialect, u *unit, words []looseWord) (c *call, file *Value) {
	var values []Value
	start, end := 0, 0
	for i := 0; i < len(words); i++ {
		w := words[i]
		text := u.text[w.start:w.end]
		if (text == ">" || text == ">>") && i+1 < len(words) {
			v := s.loose(d, u, words[i+1].start, words[i+1].end)
			file = &v
			i++
			continue
		}
		if strings.HasPrefix(text, "2>") || text == "*>&1" || text == "<" {
			continue
		}
		if len(values) == 0 {
			if text == "&" || text == "@" || text == "." {
				continue
			}
			start, end = w.start, w.end
		}
		values = append(values, s.loose(d, u, w.start, w.end))
	}
	if len(values) == 0 {
		return nil, file
	}
	name := strings.TrimPrefix(values[0].text(), "@")
	return &call{full: name, name: name, args: values[1:], start: start, end: end, unit: u}, file
}

// envPath is how the mechanisms of platforms name a file.
func envPath(path string) string {
	for _, form := range []string{"$env:", "%"} {
		if rest, ok := strings.CutPrefix(path, form); ok {
			return "$" + strings.TrimSuffix(rest, "%")
		}
	}
	return strings.ReplaceAll(path, `\`, "/")
}

// external runs a program from a script that is not POSIX's.
func (s *Session) external(c *call) output {
	c.full = strings.TrimSuffix(strings.ReplaceAll(c.full, `\`, "/"), ".exe")
	if slices.Contains([]string{"echo", "set", "read", "export", "eval", "source", "."}, c.full) {
		return output{}
	}
	return s.invoke(c)
}
