package judge

import (
	"bytes"
	"path"
	"slices"
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
)

var languages = map[string]language{
	"env": lines, "ini": lines, "cfg": lines, "conf": lines, "cnf": lines, "properties": lines, "netrc": lines,
	"json": data, "ipynb": data, "json5": data, "ndjson": data, "har": data, "tfstate": data, "jsonl": data, "map": data,
	"sh": shell, "bash": shell, "zsh": shell, "fish": shell, "csh": shell, "tcsh": shell, "ps1": shell, "bat": shell, "cmd": shell, "dockerfile": shell, "makefile": shell, "mk": shell, "psm1": shell, "ksh": shell,
	"md": prose, "markdown": prose, "rst": prose, "txt": prose, "adoc": prose, "asciidoc": prose, "log": prose, "mdx": prose, "textile": prose, "org": prose,
	"csv": separated, "tsv": separated, "psv": separated,
	"xml": markup, "html": markup, "htm": markup, "xhtml": markup, "config": markup, "csproj": markup, "plist": markup, "jsp": markup, "aspx": markup, "cshtml": markup, "svg": markup, "xaml": markup, "ftl": markup, "vm": markup, "xsd": markup, "wsdl": markup, "storyboard": markup, "resx": markup, "strings": markup,
	"go": code, "py": code, "js": code, "ts": code, "jsx": code, "tsx": code, "mjs": code, "cjs": code, "java": code, "kt": code, "kts": code, "rb": code, "php": code, "phtml": code, "c": code, "cc": code, "cpp": code, "cxx": code, "h": code, "hh": code, "hpp": code, "cs": code, "swift": code, "rs": code, "scala": code, "pl": code, "pm": code, "t": code, "lua": code, "ex": code, "exs": code, "erl": code, "clj": code, "cljs": code, "groovy": code, "gradle": code, "dart": code, "m": code, "mm": code, "vue": code, "svelte": code, "r": code, "jl": code, "hs": code, "ml": code, "fs": code, "vb": code, "pas": code, "sol": code, "coffee": code, "cr": code, "nim": code, "zig": code, "proto": code, "graphql": code, "css": code, "scss": code, "less": code, "s": code, "asm": code, "pyi": code, "rake": code, "gemspec": code, "jenkinsfile": code, "rego": code, "bicep": code, "bicepparam": code, "mts": code, "cts": code, "astro": code, "csx": code, "fsx": code, "pp": code, "gd": code, "cu": code, "sv": code, "vhd": code, "vhdl": code, "razor": markup, "psd1": shell, "ino": code, "bas": code, "cls": code, "sbt": code, "tcl": code, "awk": code, "el": code, "lisp": code, "scm": code, "d": code, "f90": code, "feature": prose,
}

// wrappers are suffixes of templates: app.yaml.j2 is written as YAML.
var wrappers = []string{".j2", ".tmpl", ".tpl", ".template", ".example", ".sample", ".dist", ".erb", ".in", ".bak", ".orig", ".old", ".default"}

func languageOf(file string) language {
	name := strings.ToLower(path.Base(file))
	for _, w := range wrappers {
		name = strings.TrimSuffix(name, w)
	}
	if strings.HasPrefix(name, ".env") || strings.HasSuffix(name, "rc") {
		return lines
	}
	return languages[name[strings.LastIndexByte(name, '.')+1:]]
}

const (
	maxKey   = 96
	maxGap   = 200 // of blanks, and of what is looked at around a value
	maxValue = 4096
)

func isWord(b byte) bool {
	return b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.'
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' }

// reader finds the fields of a file whose names hold a trigger word. It works on
// bytes, knows no grammar, and therefore reads snippets, templates and broken
// files like any other.
type reader struct {
	data  []byte
	lang  language
	yield func(field)

	known      names
	translated bool // the file holds the texts of a user interface in one language

	line, bare stop
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

var closers = [][]byte{[]byte(`\\\"`), []byte(`\"`), []byte(`"`), []byte(`'`), []byte("`"), []byte("&quot;"), []byte("&#34;"), []byte(`\'`), []byte("**")}

// quote gives the quotation mark at an offset, nil if there is none.
func (r *reader) quote(at int) []byte {
	if at >= len(r.data) {
		return nil
	}
	switch r.data[at] {
	case '"', '\'', '`', '\\', '&', '*':
		for _, mark := range closers {
			if bytes.HasPrefix(r.data[at:], mark) {
				return mark
			}
		}
	}
	return nil
}

func (r *reader) spaces(at int) int {
	for limit := at + maxGap; at < len(r.data) && at < limit && isSpace(r.data[at]); {
		at++
	}
	return at
}

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

// read yields the values that belong to the name at start:end.
func (r *reader) read(start, end int) {
	if r.column(start, end) || r.accounts(start, end) || r.generated(start, end) || r.section(start, end) || r.byteAt(end) == '\'' && r.has(start-2, "::") { // 'Event::Pass'
		return
	}
	f := field{key: r.known.of(r.data[start:end]).text, keyStart: start}
	at := end
	if name, ok := strings.CutSuffix(f.key, ".set"); ok && r.byteAt(at) == '(' && r.lang == code && r.quote(at+1) != nil && sets(name) { // a property of Gradle
		f.key, f.op = name, "("
		r.value(f, at+1, false)
		return
	}
	if name, ok := compares(f.key); ok && r.byteAt(at) == '(' && r.lang == code && r.quote(at+1) != nil { // password.equals("x")
		f.key, f.op = name, "=="
		r.value(f, at+1, false)
		return
	}
	if r.together(f, at) || r.unpacked(f, at) || r.lang == code && (r.compared(f) || r.byteAt(start-1) != '"' && r.byteAt(start-1) != '\'' && r.returned(f, at)) {
		return
	}
	if r.has(at, " BY ") || r.has(at, " by ") { // IDENTIFIED WITH mysql_native_password BY
		r.identified(start, at+4)
		return
	}
	if mark := r.quote(at); mark != nil && r.byteAt(start-1) == mark[len(mark)-1] || mark != nil && string(mark) == "**" || mark != nil && bytes.HasPrefix(mark, []byte("&")) {
		f.keyQuoted = true
		at += len(mark)
	} else if mark != nil && r.byteAt(start-1) != '"' {
		// a name at the end of a quoted phrase: "the password"
		f.keyQuoted = true
		at += len(mark)
	}
	if f.keyQuoted && r.lang == code {
		if r.labelled(f) {
			return
		}
		for _, call := range [...]string{".to_string()", ".into()", ".to_owned()"} { // Rust
			if r.has(at, call) {
				at += len(call)
			}
		}
	}
	if r.template(&f, at) || f.keyQuoted && r.chosen(start) && !r.asked(start) {
		return
	}
	switch c := r.byteAt(at); {
	case (c == ')' || c == ']') && f.keyQuoted && r.fallback(r.closed(at)) != "": // getenv("PASSWORD") || "x"
		at = r.closed(at)
		op := r.fallback(at)
		f.op = "||"
		r.value(f, r.spaces(at+len(op)), false)
		return
	case c == ')' && f.keyQuoted && r.lang == code && r.has(at+1, ".value"): // getElementById("password").value = "x"
		at += len(").value")
	case c == '}' && r.lang == config && r.has(start-2, "${") && (start == 2 || r.byteAt(start-3) == '\n') && r.spaces(at+1) > at+2: // a variable of Robot
		f.op, f.form = "=", bareLine
		if line := r.rest(at+1, maxGap); len(bytes.Fields(line)) == 1 {
			r.yieldTrimmed(f, at+1, at+1+len(line))
		}
		return
	case c == ')' && f.keyQuoted && r.quote(start-1) != nil && r.lang == code: // r.Header.Get("X-Token") != "x"
		if op := r.operator(r.spaces(at+1), true, true, start); op == "==" || op == "!=" || op == "===" || op == "!==" {
			f.op = op
			r.value(f, r.spaces(r.spaces(at+1)+len(op)), false)
			return
		}
	case c == '}' && r.byteAt(start-1) == '{' && r.lang == code && (isWord(r.byteAt(start-2)) || r.byteAt(start-2) == '>'), // $ENV{PASSWORD} = 'x'
		c == ')' && r.has(start-2, "(:") && r.lang == code: // let(:password) { "x" }
		at++
	case c == ']' || c == '?' && r.byteAt(at+1) == ':' || c == '!' && r.byteAt(at+1) == ':':
		at++
	case c == '[' && !f.keyQuoted: // char password[] = "x"
		if end := bytes.IndexByte(r.data[at:min(at+24, len(r.data))], ']'); end > 0 && r.lang == code {
			at += end + 1
		}
	}
	if next := r.element(at); next > 0 {
		f.op = ">"
		r.value(f, next, false)
		return
	}
	if r.told(f, at) {
		return
	}
	if r.lang == markup {
		if next := r.beside(at); next > 0 {
			f.op = ">"
			r.remark(f, next)
			return
		}
	}
	spaced := r.spaces(at)
	op := r.operator(spaced, spaced > at, f.keyQuoted, start)
	if op == "" {
		r.pair(f, spaced)
		return
	}
	f.op = strings.TrimSpace(op) // "" for a space
	switch last := f.op[max(0, len(f.op)-1):]; {
	case f.op == wideColon:
		f.op = ":"
	case f.op == "{":
		f.op = "="
	case f.op == "to":
		f.op = "=>"
	case last == ">" && len(f.op) > 2: // the rest of a tag
		f.op = ">"
	case strings.HasSuffix(f.op, "efault:"): // the tag of a field
		f.op = ":"
	}
	at = spaced
	if f.op != "" {
		at = r.spaces(spaced + len(op))
	}
	if f.op == ":" && r.lang == prose && r.has(at, "** ") && r.has(start-2, "**") { // **Password:** x
		at = r.spaces(at + 2)
	}
	if f.op == "is:" {
		f.op, f.keyStart = ":", spaced // the rest of the line is the value
		r.value(f, at, false)
		return
	}
	if f.op == "," && !f.keyQuoted && r.lang == config {
		f.op = ""
	} else if f.op == "," && r.has(start-5, "set :") {
		f.op = "=>"
	}
	if f.op == "," && f.keyQuoted {
		f.asserted = r.entry(start - 2)                                                                                                              // or a list of names
		if r.quote(at) != nil && r.quote(at+2) != nil && r.byteAt(at+3) == ',' && bytes.Contains(r.data[max(0, start-maxKey):start], []byte("P(")) { // StringP("password", "p", "x", "how to use it")
			at = r.spaces(at + 4)
		}
		if r.pair(f, spaced) {
			return
		}
	}
	r.value(f, at, spaced > end && !f.keyQuoted)
}

// fallbacks stand between a variable of the environment and its default.
var fallbacks = [...]string{"||=", "||", "??", "?:", "or ", ".unwrap_or(", ".unwrap_or_else(|_| ", ".orElse(", ".getOrElse(", "{ "}

// fallback gives the one at an offset, "" if there is none.
func (r *reader) fallback(at int) string {
	for _, f := range fallbacks {
		if r.has(at, f) {
			return f
		}
	}
	return ""
}

// closed gives the offset behind what closes a call, and the one around it.
func (r *reader) closed(at int) int {
	if at++; r.has(at, ").") {
		at++
	}
	return r.spaces(at)
}

// template reads the default of a reference: ${DB_PASSWORD:x} of Spring and Quarkus.
func (r *reader) template(f *field, at int) bool {
	if !r.has(f.keyStart-2, "${") || r.byteAt(at) != ':' || strings.IndexByte("-=?+}:$#\"'", r.byteAt(at+1)) >= 0 {
		return false
	}
	end := at + 1
	for end < len(r.data) && end-at < maxGap && strings.IndexByte("} \t\n\"'", r.data[end]) < 0 {
		end++
	}
	if r.byteAt(end) == '}' {
		f.op, f.form = ":", bareWord
		r.yieldTrimmed(*f, at+1, end)
	}
	return true
}

// element gives the offset of the text that belongs to a name which is the text of
// an element: <name>x</name><value>y</value>, <key>x</key><string>y</string>; 0 if it
// is none.
func (r *reader) element(at int) int {
	if !slices.ContainsFunc(headings, func(tag string) bool { return r.has(at, tag) }) {
		return 0
	}
	next := r.blank(at + bytes.IndexByte(r.data[at:], '>') + 1)
	for _, tag := range texts {
		if r.has(next, tag) {
			return next + len(tag)
		}
	}
	return 0
}

// headings end elements whose text is the name of the next one.
var headings = []string{"</name>", "</key>", "</param-name>", "</stringProp>"}

// texts are elements that hold the text of the one around them, or before them.
var texts = [...]string{"<value>", "<string>", "<Value>", "<param-value>", `<stringProp name="Argument.value">`}

// chosen says whether a quoted name is what a condition chooses: hidden ? 'password' : 'text'.
func (r *reader) chosen(start int) bool {
	at := start - 2
	for at > 0 && isSpace(r.data[at]) {
		at--
	}
	return r.byteAt(at) == '?' && r.lang != prose
}

// operator gives what stands between a name and its value.
func (r *reader) operator(at int, spaced, keyQuoted bool, start int) string {
	if strings.IndexByte("=!:-<?+|", r.byteAt(at)) < 0 {
		return r.unusual(at, spaced, keyQuoted, start)
	}
	for _, op := range [...]string{"===", "!==", ":=", "::=", "::", "=>", "==", "!=", "->", "<-", "?=", "+=", "||=", "||", "??=", "??", ":-", "=", ":"} {
		if r.has(at, op) {
			return op
		}
	}
	return r.unusual(at, spaced, keyQuoted, start)
}

// wideColon is the colon of Chinese and Japanese.
const wideColon = "\uff1a"

// unusual gives what does so in few languages, or by its surroundings only.
func (r *reader) unusual(at int, spaced, keyQuoted bool, start int) string {
	switch c := r.byteAt(at); {
	case c == ',' && (keyQuoted && (r.argument(start) || r.takes(start)) || r.byteAt(start-1) == '{' && bytes.IndexByte(r.data[start:at], '.') < 0 || !keyQuoted && r.lang == code && (r.has(start-5, ".put(") || r.has(start-13, ".setProperty(") || r.defaults(start))):
		return ","
	case c == ',' && !keyQuoted && r.lang == code && r.has(start-5, "set :"): // set :password, "x"
		return ","
	case c == '{' && !keyQuoted && r.lang == code && r.made(start, at):
		return "{"
	case spaced && r.lang == config && r.byteAt(start-1) == '@':
		return r.typed(at)
	case c == 't' && keyQuoted && spaced && r.has(at, "to ") && r.lang == code: // "password" to "x"
		return "to "
	case c == ',' && r.lang == config && r.takes(start): // [--password, x]
		return ","
	case c == '(' && !keyQuoted && !spaced && sets(string(r.data[start:at])):
		return "("
	case c == wideColon[0] && r.has(at, wideColon):
		return wideColon
	case c == '>' && (r.byteAt(start-1) == '<' || keyQuoted && r.names(start) && !r.has(at, "></")):
		return ">"
	case spaced && keyQuoted && r.lang == markup && r.names(start): // <setting name="Password" serializeAs="String">
		return r.opening(start, at)
	case c == '\n' && r.takes(start) && r.has(r.blank(at), "- "): // args: [--password, x], an item a line
		return string(r.data[at : r.blank(at)+1])
	case (c == '\n' || c == '\r') && r.asked(start) && r.has(r.blank(at), ": "): // ? password, and below it : x
		return string(r.data[at : r.blank(at)+1])
	case c == 0:
		return ""
	case spaced && r.has(at, "is ") && r.quote(at+3) != nil && r.data[at+3] == '`' && r.speaks(start, at):
		return "is "
	case spaced && r.has(at, "is: ") && r.lang == prose && r.speaks(start, at):
		return "is:"
	case spaced && r.quote(at) != nil && (r.lang == lines || r.lang == config) && r.sent(start): // proxy_set_header X-Api-Key "x"
		return string(r.data[at-1 : at])
	case spaced && r.lang == lines && r.directive(start, at):
		return string(r.data[at-1 : at])
	case spaced && r.lang == code && r.has(at, "{ get;"): // string Password { get; set; } = "x"
		if n := bytes.Index(r.data[at:min(at+48, len(r.data))], []byte("} = ")); n > 0 {
			return string(r.data[at : at+n+3])
		}
	case spaced && !keyQuoted && r.has(at, "As ") && r.lang == code: // Dim password As String = "x"
		for i := at + 3; i < len(r.data) && i < at+24; i++ {
			if r.has(i, " = ") {
				return string(r.data[at : i+2])
			}
		}
	case spaced && (r.quote(at) != nil && r.declared(start, quotedNameds) || r.declared(start, nameds)):
		return string(r.data[at-1 : at])
	case spaced && !keyQuoted && (r.option(start) || r.has(start-8, "#define ") || r.has(start-4, "ENV ") || r.quote(at) != nil && r.speaks(start, at)):
		return string(r.data[at-1 : at]) // a space: --password x, PASSWORD 'x'
	}
	if spaced && (r.lang == code) { // var password string = "x"
		for i := at; i < len(r.data) && i < at+24; i++ {
			if c := r.data[i]; c == ' ' && r.has(i, " = ") {
				return string(r.data[at : i+2])
			} else if r.has(i, " `") { // Password string `default:"x"`
				tag := r.rest(i, maxKey)
				if n := bytes.Index(tag, []byte(`efault:"`)); n > 0 && tag[n-1]|0x20 == 'd' {
					return string(r.data[at : i+n+len("efault:")])
				}
				break
			} else if !isWord(c) && c != '*' {
				break
			}
		}
	}
	return ""
}

// settings are elements whose text is the value of what an attribute names.
var settings = []string{"<setting ", "<string ", "<property ", "<param ", "<entry "}

// opening gives the rest of the tag around a name, if it is that of a setting.
func (r *reader) opening(start, at int) string {
	before := r.data[max(0, start-maxKey):start]
	before = before[max(0, bytes.LastIndexByte(before, '<')):]
	n := bytes.IndexAny(r.data[at:min(len(r.data), at+maxGap)], "<>")
	if n < 1 || r.data[at+n] != '>' || r.data[at+n-1] == '/' || !slices.ContainsFunc(settings, func(tag string) bool { return bytes.HasPrefix(before, []byte(tag)) }) {
		return ""
	}
	return string(r.data[at : at+n+1])
}

// typed gives what stands between the name of a variable of SQL and its value:
// DECLARE @password NVARCHAR(50) = 'x'.
func (r *reader) typed(at int) string {
	for i := at; i < len(r.data) && i < at+40; i++ {
		if r.has(i, "= ") {
			return string(r.data[at : i+1])
		}
		if c := r.data[i]; !isWord(c) && strings.IndexByte(" ()", c) < 0 {
			break
		}
	}
	return ""
}

// nameds stand before a name and, behind a space, its value: SetEnv DB_PASSWORD x.
var (
	nameds       = []string{"SetEnv ", "setenv ", "set -x ", "set -gx ", "set -Ux ", "set -xg "}
	quotedNameds = []string{"set(", "(def ", "(defonce ", "(define ", "(defparameter ", "  @", "\n@"}
)

// declared says whether one of such words stands before a name.
func (r *reader) declared(start int, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return r.has(start-len(word), word) })
}

// made says whether a name is that of a variable or of a block that gives a literal:
// std::string password{"x"}, password { "x" }.
func (r *reader) made(start, at int) bool {
	if !lower(r.byteAt(start)) || !r.known.of(bytes.TrimSpace(r.data[start:at])).facts.last && r.byteAt(start-1) != ':' {
		return false
	}
	at = r.spaces(at + 1)
	mark := r.quote(at)
	if mark == nil || len(mark) > 1 {
		return false
	}
	stop := bytes.IndexByte(r.data[at+1:min(len(r.data), at+maxGap)], mark[0])
	return stop >= 0 && r.byteAt(r.spaces(at+stop+2)) == '}'
}

// speaks says whether the name before a space is one that takes its value without
// an operator: PASSWORD 'x' in SQL, password "x" in netrc and in configurations.
func (r *reader) speaks(start, at int) bool {
	name := strings.ToLower(strings.TrimSpace(string(r.data[start:at])))
	key := readKey(strings.TrimSpace(string(r.data[start:at])))
	return len(name) > 4 && key.noun == nounPassword && key.last && !key.public && name != "passwords"
}

// sent says whether a name is that of a header or a variable that nginx sets.
func (r *reader) sent(start int) bool {
	return r.has(start-11, "set_header ") || r.has(start-5, "set $")
}

// directive says whether a name and a value alone stand on a line: bindpw x.
func (r *reader) directive(start, at int) bool {
	if !r.first(start) || !r.speaks(start, at) || bytes.HasSuffix(bytes.TrimSpace(r.data[start:at]), []byte("_pass")) { // proxy_pass of nginx
		return false
	}
	end := at
	for end < len(r.data) && end-at < maxGap && r.data[end] > ' ' {
		end++
	}
	return r.closes(end)
}

// attributes are those that give an element its name.
var attributes = []string{"name=", "key=", "id=", "property=", "Name=", "Key="}

// names says whether a quoted name is the value of an attribute that names an element.
func (r *reader) names(start int) bool {
	for _, a := range attributes {
		if r.has(start-1-len(a), a) {
			return true
		}
	}
	return false
}

// sets says whether a function of that name takes a credential: setPassword,
// with_token, password; not createToken, password.encode, getSecret.
func sets(name string) bool {
	name = name[strings.LastIndexByte(name, '.')+1:]
	facts := readKey(name)
	if !facts.last {
		return false
	}
	name = strings.ToLower(name)
	if name == "credentials" { // on Jenkins it takes an ID
		return false
	}
	return facts.words == 1 || strings.HasSuffix(name, "keycredential") || strings.HasPrefix(name, "set") || strings.HasPrefix(name, "with") || strings.HasPrefix(name, "use") && !strings.HasPrefix(name, "user") || strings.HasPrefix(name, "check") && facts.noun == nounPassword || strings.HasPrefix(name, "basic") || strings.HasPrefix(name, "bearer")
}

// compares gives the name that is compared by a call: password.equals, Password.Equals.
func compares(name string) (string, bool) {
	for _, method := range [...]string{".equals", ".Equals", ".equalsIgnoreCase"} {
		if rest, ok := strings.CutSuffix(name, method); ok {
			return rest, true
		}
	}
	return name, false
}

// asked says whether a name is a key of YAML that stands behind a question mark.
func (r *reader) asked(start int) bool {
	return r.lang == config && (r.has(start-2, "? ") || r.has(start-3, "? \"") || r.has(start-3, "? '"))
}

// option says whether a name is that of an option of a command.
func (r *reader) option(start int) bool { return r.has(start-2, "--") }

// takes says whether a name is that of an option that takes a credential: --password,
// not --password-file.
func (r *reader) takes(start int) bool {
	_, end, ok := r.word(start)
	return ok && r.option(start) && r.known.of(r.data[start:end]).facts.last
}

// argument says whether a quoted name is the first argument of a call.
func (r *reader) argument(start int) bool {
	at := start - 1
	for at > 0 && (r.data[at] == '"' || r.data[at] == '\'' || r.data[at] == '\\' || isSpace(r.data[at])) {
		at--
	}
	return r.byteAt(at) == '(' || r.byteAt(at) == '{' && r.lang == code || r.entry(at) || r.byteAt(at) == ',' && r.defaults(start)
}

// entry says whether a bracket opens a name and a value: [['password', 'x']].
func (r *reader) entry(at int) bool {
	return r.lang == code && r.byteAt(at) == '[' && (r.byteAt(at-1) == '[' || r.has(at-2, ", "))
}

// pair reads what stands beside a name that is itself a value.
func (r *reader) pair(f field, at int) bool { return r.follows(f, at) || r.precedes(f) }

// values are what the value beside a name is called.
var values = [...]string{"value", "Value", "defaultValue", "VALUE", "default", "fallback"}

// precedes reads <property value="x" name="password"/>, {"value": "x", "name": "password"}
// and the same in YAML.
func (r *reader) precedes(f field) bool {
	if strings.IndexByte("\"' :=", r.byteAt(f.keyStart-1)) < 0 {
		return false
	}
	from := max(0, f.keyStart-maxGap)
	before := r.data[from:f.keyStart]
	title := bytes.TrimRight(before, "\"' :=")
	if !slices.ContainsFunc(titles, func(t string) bool {
		return bytes.HasSuffix(title, []byte(t)) && (len(title) == len(t) || !isWord(title[len(title)-len(t)-1]))
	}) {
		return false
	}
	open := bytes.LastIndexAny(before, "<>{}")
	if r.lang == config && open < 0 { // the line before, if it is of the same item
		line := bytes.LastIndexByte(before, '\n')
		if line < 0 || bytes.IndexByte(before[line:], '-') >= 0 {
			return false
		}
		open = bytes.LastIndexByte(before[:line], '\n')
	} else if open < 0 || before[open] == '>' || before[open] == '}' {
		return false
	}
	for _, word := range values {
		i := bytes.LastIndex(before[open+1:], []byte(word))
		if at := from + open + 1 + i; i >= 0 && !isWord(r.byteAt(at-1)) {
			if r.valued(f, at+len(word)) {
				return true
			}
		}
	}
	return false
}

// titles are the members and attributes that say what the value beside them is called.
var titles = []string{"name", "key", "id", "property", "Name", "Key"}

// valued yields the value of a member or attribute whose name ends at an offset.
func (r *reader) valued(f field, at int) bool {
	if mark := r.quote(at); mark != nil {
		at += len(mark)
	}
	at = r.spaces(at)
	if c := r.byteAt(at); c != ':' && c != '=' {
		return false
	}
	f.op = "pair"
	r.value(f, r.spaces(at+1), false)
	return true
}

// follows reads {"name": "DB_PASSWORD", "value": "x"}.
func (r *reader) follows(f field, at int) bool {
	if c := r.byteAt(at); c == ',' || c == ';' || c == '{' && r.lang == config { // variable "password" {
		at++
	}
	at = r.blank(at)
	if at < len(r.data) && r.data[at] == '/' { // />
		return false
	}
	for range 3 {
		next := r.skipMember(at)
		if next == at {
			break
		}
		at = next
	}
	if mark := r.quote(at); mark != nil {
		at += len(mark)
	}
	for _, word := range values {
		if r.has(at, word) && !isWord(r.byteAt(at+len(word))) {
			return r.valued(f, at+len(word))
		}
	}
	if r.lang == markup && r.has(at, "content=") && !containsFold(f.key, "csrf") && !containsFold(f.key, "xsrf") { // <meta name="api-token" content="x">
		return r.valued(f, at+len("content"))
	}
	return false
}

// between are members that may stand between a name and its value.
var between = []string{"type", "enabled", "description", "sensitive", "secret", "disabled", "required"}

// skipMember gives the offset behind a member of that kind: "type": "string",
func (r *reader) skipMember(at int) int {
	i := at
	if mark := r.quote(i); mark != nil {
		i += len(mark)
	}
	for _, word := range between {
		if !r.has(i, word) || isWord(r.byteAt(i+len(word))) {
			continue
		}
		i += len(word)
		for limit := i + maxGap; i < len(r.data) && i < limit; i++ {
			switch r.data[i] {
			case ',', '\n':
				return r.blank(i + 1)
			case '{', '}', '[', ']':
				return at
			}
		}
	}
	return at
}
