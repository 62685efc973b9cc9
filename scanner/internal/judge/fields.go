package judge

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// field is a value with what it is called, wherever in a file that stands.
type field struct {
	key        string // the name as it stands: spring.datasource.password
	keyQuoted  bool
	keyStart   int
	op         string // between them: = : => , ( > or a space
	form       form
	start, end int    // of the value in the file
	value      string // decoded
	listed     bool   // it is one of several
	inOptions  bool   // it is one of several of which another is a plain word
	inGroup    bool   // the key is the name of a group of credentials, and its own
	asserted   bool   // a test expects the value
}

// form is how a value is written.
type form uint8

const (
	quoted form = iota
	bareLine
	bareWord
	element // of a markup language
	inURL
	inHeader
	inSecret // a member of a Kubernetes Secret
)

// language is what the name of a file says of how values are written in it.
type language uint8

const (
	config language = iota
	lines           // one assignment a line: env, ini, properties
	data            // JSON: strings stand in quotes
	code
	shell
	prose
	markup
	separated // values: CSV
	languages
)

var languageNames = map[string]language{
	"env": lines, "ini": lines, "cfg": lines, "conf": lines, "cnf": lines, "properties": lines, "netrc": lines,
	"json": data, "ipynb": data, "json5": data, "ndjson": data, "har": data, "tfstate": data, "jsonl": data, "map": data,
	"sh": shell, "bash": shell, "zsh": shell, "fish": shell, "csh": shell, "tcsh": shell, "ps1": shell, "bat": shell, "cmd": shell, "dockerfile": shell, "makefile": shell, "mk": shell, "psm1": shell, "ksh": shell,
	"md": prose, "markdown": prose, "rst": prose, "txt": prose, "adoc": prose, "asciidoc": prose, "log": prose, "mdx": prose, "textile": prose, "org": prose,
	"csv": separated, "tsv": separated, "psv": separated,
	"xml": markup, "html": markup, "htm": markup, "xhtml": markup, "config": markup, "csproj": markup, "plist": markup, "jsp": markup, "aspx": markup, "cshtml": markup, "svg": markup, "xaml": markup, "ftl": markup, "vm": markup, "xsd": markup, "wsdl": markup, "storyboard": markup, "resx": markup, "strings": markup,
	"go": code, "py": code, "js": code, "ts": code, "jsx": code, "tsx": code, "mjs": code, "cjs": code, "java": code, "kt": code, "kts": code, "rb": code, "php": code, "phtml": code, "c": code, "cc": code, "cpp": code, "cxx": code, "h": code, "hh": code, "hpp": code, "cs": code, "swift": code, "rs": code, "scala": code, "pl": code, "pm": code, "t": code, "lua": code, "ex": code, "exs": code, "erl": code, "clj": code, "cljs": code, "groovy": code, "gradle": code, "dart": code, "m": code, "mm": code, "vue": code, "svelte": code, "r": code, "jl": code, "hs": code, "ml": code, "fs": code, "vb": code, "pas": code, "sol": code, "coffee": code, "cr": code, "nim": code, "zig": code, "proto": code, "graphql": code, "css": code, "scss": code, "less": code, "s": code, "asm": code, "pyi": code, "rake": code, "gemspec": code, "jenkinsfile": code, "rego": code, "bicep": code, "bicepparam": code, "mts": code, "cts": code, "astro": code, "csx": code, "fsx": code, "pp": code, "gd": code, "cu": code, "sv": code, "vhd": code, "vhdl": code, "razor": markup, "psd1": shell, "ino": code, "bas": code, "cls": code, "sbt": code, "tcl": code, "awk": code, "el": code, "lisp": code, "scm": code, "d": code, "f90": code, "feature": prose, "eml": prose, "mkd": prose, "mdown": prose, "rdoc": prose, "pod": prose, "tex": prose, "wiki": prose,
	"cbl": code, "cob": code, "cpy": code, "abap": code, "vim": code, "tm": code, "pyx": code, "pxd": code, "cljc": code, "mli": code, "elm": code, "hx": code, "vala": code, "raku": code, "adb": code, "ads": code, "applescript": code, "ahk": code, "inl": code, "hxx": code,
	"hbs": markup, "mustache": markup, "ejs": markup, "twig": markup, "xslt": markup, "xsl": markup,
}

// wrappers are suffixes of templates: app.yaml.j2 is written as YAML.
var wrappers = []string{".j2", ".tmpl", ".tpl", ".template", ".example", ".sample", ".dist", ".erb", ".in", ".bak", ".orig", ".old", ".default"}

func languageOf(file string) language {
	name := strings.ToLower(path.Base(file))
	for _, w := range wrappers {
		name = strings.TrimSuffix(name, w)
	}
	if strings.HasSuffix(name, "_history") {
		return shell
	}
	if strings.HasPrefix(name, ".env") || strings.HasSuffix(name, "rc") {
		return lines
	}
	return languageNames[name[strings.LastIndexByte(name, '.')+1:]]
}

const (
	maxKey   = 96
	maxGap   = 200 // of blanks, and of what is looked at around a value
	maxValue = 4096
)

func isWord(b byte) bool { return wordBytes[b] }

// wordBytes are those that names are made of.
var wordBytes = func() (of [256]bool) {
	for _, b := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") {
		of[b] = true
	}
	return of
}()

func isSpace(b byte) bool { return b == ' ' || b == '\t' }

// reader finds the fields of a file whose names hold a trigger word. It works on
// bytes, knows no grammar, and therefore reads snippets, templates and broken
// files like any other.
type reader struct {
	data    []byte
	lang    language
	yield   func(field)
	certain func(rule string) func(field, float64) // yields what the form alone decides

	known      names
	locks      bool // the file notes what was installed
	tests      bool // the file is one of tests or examples
	translated bool // the file holds the texts of a user interface in one language

	line, bare stop
	around     around
	inserting  list  // the names of columns in an INSERT
	creating   list  // those in a CREATE TABLE
	sealing    *bool // whether the file holds a SealedSecret; nil until somebody asks
	spent      int   // bytes of tables that were read: of one, for each of its columns
}

// word gives the bounds of the name around an offset, false if it is too long.
func (r *reader) word(at int) (start, end int, ok bool) {
	start, end = at, at
	for start > 0 && isWord(r.data[start-1]) {
		if start--; at-start > maxKey {
			return 0, 0, false
		}
	}
	for end < len(r.data) && isWord(r.data[end]) {
		if end++; end-at > maxKey {
			return 0, 0, false
		}
	}
	if r.lang == data && start < at && strings.IndexByte("nrt", r.data[start]) >= 0 && r.byteAt(start-1) == '\\' && r.byteAt(start-2) != '\\' { // a line of a text
		start++
	}
	for start < at && (r.data[start] == '-' || r.data[start] == '.') {
		start++
	}
	return start, end, true
}

// name gives the bounds of the name around an offset. Letters beyond ASCII are part of it
// where without them it names no credential: contraseña, 密码.
func (r *reader) name(at int) (start, end int, ok bool) {
	start, end, ok = r.word(at)
	if !ok || r.byteAt(start-1) < 0x80 && r.byteAt(end) < 0x80 || r.known.of(r.data[start:end]).facts.noun != noNoun {
		return start, end, ok
	}
	for end-start <= maxKey {
		c, n := utf8.DecodeLastRune(r.data[:start])
		if !isLetter(c) {
			break
		}
		start -= n
	}
	for end-start <= maxKey {
		c, n := utf8.DecodeRune(r.data[end:])
		if !isLetter(c) {
			break
		}
		end += n
	}
	return start, end, end-start <= maxKey
}

// isLetter says whether a character is part of a name in any language.
func isLetter(c rune) bool {
	return c < 0x80 && isWord(byte(c)) || c >= 0x80 && c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsMark(c))
}

// closers are quotation marks of more than one byte.
var closers = [][]byte{[]byte(`\\\"`), []byte(`\"`), []byte("&quot;"), []byte("&#34;"), []byte(`\'`), []byte("**")}

// quote gives the quotation mark at an offset, nil if there is none.
func (r *reader) quote(at int) []byte {
	if at < 0 || at >= len(r.data) {
		return nil
	}
	switch r.data[at] {
	case '"', '\'', '`':
		return r.data[at : at+1 : at+1]
	case '\\', '&', '*':
		for _, mark := range closers {
			if bytes.HasPrefix(r.data[at:], mark) {
				return mark
			}
		}
	}
	return nil
}

func (r *reader) spaces(at int) int {
	for limit := at + maxGap; at < len(r.data) && at < limit; at++ {
		if r.data[at] == noBreak[0] && r.has(at, noBreak) {
			at++
		} else if !isSpace(r.data[at]) {
			break
		}
	}
	return at
}

// around is the line that was asked about last: most questions are about it again, or about one
// behind it.
type around struct {
	start, end int
	bars       bool // it is prose, and there is a | in it
}

// lineOf gives the line around an offset that is not before the last one. Each line is read once.
func (r *reader) lineOf(at int) *around {
	if l := &r.around; at > l.end || l.end == 0 {
		l.start = l.end + bytes.LastIndexByte(r.data[l.end:at], '\n') + 1
		l.end = r.lineEnd(at)
		l.bars = r.lang == prose && bytes.IndexByte(r.data[l.start:l.end], '|') >= 0
	}
	return &r.around
}

// lead gives what stands before an offset on its line, at most so many bytes of it.
func (r *reader) lead(at, most int) []byte {
	from := max(0, at-most)
	if at < r.around.start {
		return r.data[from+bytes.LastIndexByte(r.data[from:at], '\n')+1 : at]
	}
	return r.data[max(from, r.lineOf(at).start):at]
}

// noBreak is a space that no line is broken at; texts that were copied from pages hold it.
const noBreak = "\u00a0"

func (r *reader) blank(at int) int {
	for limit := at + maxGap; at < len(r.data) && at < limit && (isSpace(r.data[at]) || r.data[at] == '\n' || r.data[at] == '\r'); {
		at++
	}
	return at
}

func (r *reader) has(at int, text string) bool {
	return at >= 0 && len(r.data)-at >= len(text) && r.data[at] == text[0] && string(r.data[at:at+len(text)]) == text
}

func (r *reader) byteAt(at int) byte {
	if at < 0 || at >= len(r.data) {
		return 0
	}
	return r.data[at]
}
