package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

var shebang = regex.Lazy(`^#![^\n]*\b(?:sh|bash|dash|zsh|ksh)\b`)

// shell reads a script. A variable that the script may have set itself is not
// taken: $NAME counts if no line sets it, and ${NAME:?} and ${NAME:-default} if
// no line above does.
func shell(f *file) {
	s := &shellScript{file: f, data: f.src.Data, set: map[string]int{}, command: true}
	s.read()
	for _, e := range s.expansions {
		name := string(s.data[e.start:e.end])
		set, isSet := s.set[name]
		if ofShell(name) || isSet && (e.plain || set <= e.start) || e.plain && s.sources {
			continue
		}
		f.add(reader{kind: "env", start: e.start, end: e.end, optional: e.optional})
	}
}

// shellScript is a shell script as far as it has been read.
type shellScript struct {
	*file
	data       []byte
	at         int
	stack      []byte         // what the script is within: " or ` or (
	word       bool           // within a word
	command    bool           // the next word is a command, or sets a variable
	declares   bool           // the words that follow are names of variables, which are set
	sets       bool           // the words that follow may set variables
	set        map[string]int // where a variable has been set first
	sources    bool           // it runs other scripts in its own shell
	expansions []expansion
	heredocs   []heredoc
}

// expansion is one use of a variable.
type expansion struct {
	start, end int
	plain      bool // neither a default nor ? behind the name
	optional   bool
}

type heredoc struct {
	word    []byte
	literal bool
}

// ofShell says whether a name is no variable that a deployment would set: the
// shell's own, awk's, and those of a script, which are not in capitals.
func ofShell(name string) bool {
	return !capitals().MatchString(name) || slices.Contains(shellsOwn, name) || strings.HasPrefix(name, "BASH") || strings.HasPrefix(name, "LC_")
}

var capitals = regex.Lazy(`^[A-Z][A-Z0-9_]+$`)

var shellsOwn = []string{
	"HOME", "PATH", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "IFS", "PS1", "PS2", "PS3", "PS4", "UID", "EUID", "PPID", "GROUPS",
	"HOSTNAME", "HOSTTYPE", "MACHTYPE", "OSTYPE", "RANDOM", "SRANDOM", "SECONDS", "EPOCHSECONDS", "EPOCHREALTIME", "LINENO", "FUNCNAME", "PIPESTATUS",
	"OPTARG", "OPTIND", "OPTERR", "REPLY", "COLUMNS", "LINES", "SHLVL", "SHELLOPTS", "DIRSTACK", "COMP_WORDS", "COMP_CWORD", "COMPREPLY", "MAPFILE", "COPROC",
	"TMPDIR", "EDITOR", "PAGER", "DISPLAY", "ZSH_VERSION", "ARGV", "NF", "NR", "FNR", "FS", "OFS", "RS", "ORS", "FILENAME", "ENVIRON",
}

var (
	assignment = regex.Lazy(`^([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\n]*\])?\+?=`)
	shellWord  = regex.Lazy(`^[A-Za-z_.!{][A-Za-z0-9_]*`)
	shellValue = regex.Lazy(`^["']?(https?://[^\s"'` + "`" + `;|&\\]+)["']?(?:[\s;&|]|$)`)
	heredocEnd = regex.Lazy(`^-?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z0-9_.!-]+))`)
)

// Words behind which a command follows, and those behind which names of
// variables do, which are then set.
var (
	commandFollows = []string{"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"}
	namesFollow    = []string{"local", "declare", "typeset", "read", "for", "select", "unset", "getopts", "mapfile", "readarray", "printf", "let"}
	settersFollow  = []string{"export", "readonly"} // of which a name alone sets nothing
)

const maxSubshells = 100

func (s *shellScript) read() {
	for s.line(); s.at < len(s.data); {
		c := s.data[s.at]
		switch state := s.state(); {
		case c == '\\':
			s.at += 2
			s.word = true
		case c == '"' && state == '"', c == '`' && state == '`', c == ')' && state == '(':
			s.leave()
		case c == '"':
			s.enter('"')
		case c == '`':
			s.enter('`')
		case c == '$':
			s.dollar(state == '"')
		case state == '"':
			s.at++
			if c == '\n' {
				s.newline()
			}
		default:
			s.code(c)
		}
	}
}

// state is what the script is within: " or ` or (, or 0.
func (s *shellScript) state() byte {
	if len(s.stack) == 0 {
		return 0
	}
	return s.stack[len(s.stack)-1]
}

func (s *shellScript) enter(state byte) {
	s.at++
	if len(s.stack) < maxSubshells {
		s.stack = append(s.stack, state)
	}
	s.word = state == '"'
	if state != '"' {
		s.begin()
	}
}

func (s *shellScript) leave() {
	s.stack = s.stack[:len(s.stack)-1]
	s.at++
	s.word, s.command = true, false
}

// begin begins a command.
func (s *shellScript) begin() { s.command, s.declares, s.sets, s.word = true, false, false, false }

// code reads what stands in no quotes.
func (s *shellScript) code(c byte) {
	switch {
	case c == '\n':
		s.at++
		s.begin()
		s.newline()
	case c == ' ' || c == '\t' || c == '\r':
		s.at++
		s.word = false
	case c == '\'':
		s.to('\'')
		s.word, s.command = true, false
	case c == '#' && !s.word:
		s.at += lineLength(s.data[s.at:])
	case c == ';' || c == '&' || c == '|' || c == ')': // a bracket without a partner ends a pattern of case
		s.at++
		s.begin()
	case c == '(':
		s.enter('(')
	case c == '<' && s.heredoc():
	case !s.word:
		s.first()
	default:
		s.at++
	}
}

// first reads the beginning of a word.
func (s *shellScript) first() {
	rest := s.data[s.at:]
	rest = rest[:lineLength(rest)]
	s.word = true
	if m := assignment().FindSubmatch(rest); m != nil && (s.command || s.declares || s.sets) {
		s.assign(string(m[1]))
		s.at += len(m[0])
		s.address(string(m[1]), rest[len(m[0]):])
		return
	}
	name := string(shellWord().Find(rest))
	s.at += max(len(name), 1)
	switch {
	case s.declares:
		s.assign(name)
	case !s.command:
	case slices.Contains(commandFollows, name):
	default:
		s.command = false
		s.declares, s.sets = slices.Contains(namesFollow, name), slices.Contains(settersFollow, name)
		s.sources = s.sources || name == "." || name == "source"
	}
}

// address takes the value of VAULT_ADDR, if it stands there.
func (s *shellScript) address(name string, rest []byte) {
	m := shellValue().FindSubmatchIndex(rest)
	if m == nil || !strings.Contains(strings.ToLower(name), "vault") || !webAddress().Match(rest[m[2]:m[3]]) {
		return
	}
	if start, end := bare(rest[m[2]:m[3]]); start < end {
		s.add(reader{kind: "address", store: "vault", start: s.at + m[2] + start, end: s.at + m[2] + end})
	}
}

// assign notes that a variable is set from the next line on: X=${X:-a} reads X.
func (s *shellScript) assign(name string) {
	if _, set := s.set[name]; !set {
		s.set[name] = s.at + lineLength(s.data[s.at:])
	}
}

func lineLength(data []byte) int {
	if length := bytes.IndexByte(data, '\n'); length >= 0 {
		return length
	}
	return len(data)
}

// to goes behind the next quote.
func (s *shellScript) to(quote byte) {
	length := bytes.IndexByte(s.data[s.at+1:], quote)
	if length < 0 {
		s.at = len(s.data)
		return
	}
	s.at += 1 + length + 1
}

// dollar reads an expansion.
func (s *shellScript) dollar(quoted bool) {
	s.word = true
	s.command = s.command && quoted
	rest := s.data[s.at+1:]
	switch {
	case len(rest) == 0:
		s.at++
	case rest[0] == '(':
		s.at++
		s.enter('(')
	case rest[0] == '\'' && !quoted:
		s.at++
		s.ansi()
	case rest[0] == '{':
		s.at += 2
		s.braced()
	default:
		length := nameLength(rest)
		if length > 0 {
			s.expansions = append(s.expansions, expansion{start: s.at + 1, end: s.at + 1 + length, plain: true})
		}
		s.at += 1 + length
	}
}

// ansi reads $'...', in which quotes can be escaped.
func (s *shellScript) ansi() {
	for s.at++; s.at < len(s.data) && s.data[s.at] != '\''; s.at++ {
		if s.data[s.at] == '\\' {
			s.at++
		}
	}
	s.at = min(s.at+1, len(s.data))
}

// nameLength is the length of the name with which a text begins.
func nameLength(text []byte) int {
	n := 0
	for n < len(text) && (text[n] == '_' || 'a' <= text[n] && text[n] <= 'z' || 'A' <= text[n] && text[n] <= 'Z' || n > 0 && '0' <= text[n] && text[n] <= '9') {
		n++
	}
	return n
}

// braced reads ${NAME and the operator behind it.
func (s *shellScript) braced() {
	length := nameLength(s.data[s.at:])
	e := expansion{start: s.at, end: s.at + length}
	s.at = e.end
	operator, _ := bytes.CutPrefix(s.data[s.at:min(s.at+2, len(s.data))], []byte(":"))
	if length == 0 || len(operator) == 0 {
		return
	}
	switch operator[0] {
	case '?':
	case '-', '=':
		e.optional = true
	case '+':
		return
	default:
		e.plain = true
	}
	s.expansions = append(s.expansions, e)
	if operator[0] == '=' {
		s.assign(string(s.data[e.start:e.end]))
	}
}

// heredoc reads <<WORD, the text of which begins on the next line.
func (s *shellScript) heredoc() bool {
	rest := s.data[s.at:]
	rest = rest[:lineLength(rest)]
	if bytes.HasPrefix(rest, []byte("<<<")) {
		s.at += 3
		s.word = false
		return true
	}
	if !bytes.HasPrefix(rest, []byte("<<")) {
		return false
	}
	m := heredocEnd().FindSubmatch(rest[2:])
	if m == nil {
		return false
	}
	literal := m[3] == nil || bytes.Contains(m[0], []byte(`\`))
	s.heredocs = append(s.heredocs, heredoc{word: slices.Concat(m[1], m[2], m[3]), literal: literal})
	s.at += 2 + len(m[0])
	return true
}

// newline reads the texts that begin on this line, and skips lines that are too
// long.
func (s *shellScript) newline() {
	for _, doc := range s.heredocs {
		s.text(doc)
	}
	s.heredocs = nil
	s.line()
}

func (s *shellScript) line() {
	for s.at < len(s.data) {
		length := lineLength(s.data[s.at:])
		if length <= maxLine {
			return
		}
		s.skipped = append(s.skipped, s.at)
		s.at = min(s.at+length+1, len(s.data))
	}
}

// text reads the lines of a heredoc. Expansions in it count, unless its word is
// quoted.
func (s *shellScript) text(doc heredoc) {
	for s.at < len(s.data) {
		end := s.at + lineLength(s.data[s.at:])
		if bytes.Equal(bytes.TrimSpace(s.data[s.at:end]), doc.word) {
			s.at = end
			return
		}
		for !doc.literal && s.at < end {
			switch s.data[s.at] {
			case '\\':
				s.at += 2
			case '$':
				s.inText()
			default:
				s.at++
			}
		}
		s.at = max(s.at, end+1)
	}
	s.at = min(s.at, len(s.data))
}

// inText reads an expansion in a heredoc, where brackets and quotes mean nothing.
func (s *shellScript) inText() {
	if rest := s.data[s.at+1:]; len(rest) > 0 && rest[0] != '(' && rest[0] != '\'' {
		s.dollar(true)
		return
	}
	s.at++
}
