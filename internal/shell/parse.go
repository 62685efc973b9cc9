package shell

import (
	"errors"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// Limits of one script. The parser is recursive: they bound its stack.
const (
	MaxSize    = 256 << 10 // bytes
	maxNesting = 200       // brackets
)

// Why a script cannot be read.
var (
	ErrSize   = errors.New("its script is too long or too deeply nested")
	ErrSyntax = errors.New("it is no script for a POSIX shell or bash")
)

// Parse reads a script for a POSIX shell or bash. With an error comes what stands
// before it.
func Parse(text string) (*syntax.File, error) {
	head := readable(text)
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(head), "")
	if len(head) < len(text) {
		return file, ErrSize
	}
	if err != nil {
		return file, notShell{err}
	}
	return file, nil
}

// notShell is an ErrSyntax that knows where.
type notShell struct{ cause error }

func (e notShell) Error() string   { return ErrSyntax.Error() }
func (e notShell) Unwrap() []error { return []error{ErrSyntax, e.cause} }

// readable is the part of a script within the limits, cut where a line or else a
// command ends. Brackets within quotes count: this is a bound, not a parser.
func readable(text string) string {
	head := text[:min(len(text), MaxSize)]
	open := 0
	for i := 0; i < len(head); i++ {
		switch head[i] {
		case '(', '{', '[':
			if open++; open > maxNesting {
				head = head[:i]
			}
		case ')', '}', ']':
			open = max(0, open-1)
		}
	}
	if len(head) < len(text) {
		for _, end := range []byte("\n;") {
			if i := strings.LastIndexByte(head, end); i >= 0 {
				return head[:i+1]
			}
		}
	}
	return head
}

// shortened is a script in a language that only patterns read, as far as it is within
// the limits.
func (s *Session) shortened(u *unit) *unit {
	if len(u.text) <= MaxSize {
		return u
	}
	s.unreadable(u, ErrSize)
	short := *u
	short.text = readable(u.text)
	return &short
}

// Interpreter is the program of a script's first line, "" if it names none.
func Interpreter(script string) string {
	line, found := strings.CutPrefix(script, "#!")
	if !found {
		return ""
	}
	line, _, _ = strings.Cut(line, "\n")
	words := strings.Fields(line)
	if len(words) > 1 && path.Base(words[0]) == "env" {
		words = words[1:]
		if words[0] == "-S" && len(words) > 1 {
			words = words[1:]
		}
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// IsShell says whether a program is a POSIX shell or one that is much like it.
func IsShell(program string) bool {
	switch path.Base(program) {
	case "sh", "bash", "dash", "ash", "ksh", "zsh":
		return true
	}
	return false
}

// Dialect is the language of a script: "posix", "powershell", "batch" or
// "other". The first line of the script decides where no shell is named. A shell may
// be named behind the program that starts it: nix develop -c bash {0}.
func Dialect(shell, script string) string {
	words := strings.Fields(shell)
	if len(words) == 0 {
		words = []string{Interpreter(script)}
	}
	if words[0] == "" {
		return "posix"
	}
	for _, word := range words {
		if found := dialectOf(word); found != "other" || isInterpreter(path.Base(word)) {
			return found
		}
	}
	return "other"
}

// namedShells are those that actions install, each of which runs bash or sh.
var namedShells = []string{"micromamba-shell", "msys2", "alpine.sh", "wsl-bash", "wsl-sh"}

func dialectOf(program string) string {
	program = strings.TrimSuffix(strings.ToLower(path.Base(strings.ReplaceAll(program, `\`, "/"))), ".exe")
	switch {
	case IsShell(program), slices.Contains(namedShells, program):
		return "posix"
	case program == "pwsh" || program == "powershell":
		return "powershell"
	case program == "cmd":
		return "batch"
	}
	return "other"
}

// interpreterOf is the program that runs a script.
func interpreterOf(shell, script string) string {
	words := strings.Fields(shell)
	for _, word := range words {
		if isInterpreter(path.Base(word)) {
			return word
		}
	}
	if len(words) > 0 {
		return words[0]
	}
	return Interpreter(script)
}

// unit is a text that is read as a script: a whole one, or one within a word of
// another.
type unit struct {
	script  *Script
	text    string   // with letters in place of the holes
	offsets [][2]int // by byte: from where to where it stands in the script; nil if it is the script
	holes   []Hole
}

func newUnit(script *Script) *unit {
	text := script.Text
	if len(script.Holes) > 0 {
		b := []byte(text)
		for _, h := range script.Holes {
			for i := h.Start; i < min(h.End, len(b)); i++ {
				b[i] = 'x'
			}
		}
		text = string(b)
	}
	return &unit{script: script, text: text, holes: script.Holes}
}

func (u *unit) span(start, end int) lint.Span {
	if u == nil || u.script.At == nil {
		return lint.Span{}
	}
	if u.offsets != nil {
		if start >= len(u.offsets) || end <= start {
			return lint.Span{}
		}
		start, end = u.offsets[start][0], u.offsets[min(end, len(u.offsets))-1][1]
	}
	if end <= start || end > len(u.script.Text) {
		return u.script.At(0, len(u.script.Text))
	}
	return u.script.At(start, end)
}

// within makes a script of a value: code in a string. What is not known of it is
// a hole.
func within(v Value) *unit {
	u := &unit{offsets: [][2]int{}}
	var text strings.Builder
	for _, p := range v.pieces {
		if p.unit == nil {
			continue
		}
		if u.script == nil {
			u.script = p.unit.script
		}
		if p.unit.script != u.script {
			continue // it came from another file: rare enough to lose
		}
		word := p.text
		if !p.known {
			word = "x"
			u.holes = append(u.holes, Hole{text.Len(), text.Len() + 1, Value{[]piece{p}}})
		}
		for i := range len(word) {
			from, to := p.start, p.end
			if p.exact {
				from, to = p.start+i, p.start+i+1
			}
			if outer := p.unit.offsets; len(outer) > 0 {
				from, to = outer[min(from, len(outer)-1)][0], outer[max(min(to, len(outer))-1, 0)][1]
			}
			u.offsets = append(u.offsets, [2]int{from, to})
		}
		text.WriteString(word)
	}
	u.text = text.String()
	if u.script == nil {
		u.script = &Script{}
	}
	return u
}

// literal gives a part of the text as it is, with the holes in it; chars are what
// a backslash quotes there, "*" everything and "" nothing.
func (u *unit) literal(start, end int, chars string) Value {
	var v Value
	end = min(end, len(u.text))
	start = min(start, end)
	from := start
	flush := func(to int) {
		if to > from {
			v.pieces = append(v.pieces, piece{text: u.text[from:to], known: true, exact: true, unit: u, start: from, end: to})
		}
	}
	first, _ := slices.BinarySearchFunc(u.holes, start, func(h Hole, at int) int { return h.End - 1 - at })
	holes := u.holes[first:]
	for i := start; i < end; i++ {
		if len(holes) > 0 && i >= holes[0].Start {
			flush(i)
			to := min(holes[0].End, end)
			v.pieces = append(v.pieces, u.fill(holes[0], i, to)...)
			from, i, holes = to, to-1, holes[1:]
			continue
		}
		if u.text[i] == '\\' && i+1 < end && chars != "" && (chars == "*" || strings.IndexByte(chars, u.text[i+1]) >= 0) {
			flush(i)
			i++
			from = i
			if u.text[i] == '\n' {
				from++
			}
		}
	}
	flush(end)
	if len(v.pieces) == 0 {
		v.pieces = []piece{{known: true, unit: u, start: start, end: end}}
	}
	return v
}

func (u *unit) fill(h Hole, start, end int) []piece {
	if len(h.Value.pieces) == 0 {
		text := u.text[start:end]
		if u.offsets == nil {
			text = u.script.Text[start:end]
		}
		return []piece{{text: text, unit: u, start: start, end: end}}
	}
	return h.Value.moved(u, start, end).pieces
}
