package judge

import (
	"bytes"
	"path"
	"strconv"
	"strings"
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
)

var languages = map[string]language{
	"env": lines, "ini": lines, "cfg": lines, "conf": lines, "cnf": lines, "properties": lines, "netrc": lines,
	"json": data, "ipynb": data, "json5": data, "ndjson": data, "har": data, "tfstate": data, "jsonl": data, "map": data,
	"sh": shell, "bash": shell, "zsh": shell, "fish": shell, "ps1": shell, "bat": shell, "cmd": shell, "dockerfile": shell, "makefile": shell, "mk": shell, "psm1": shell, "ksh": shell,
	"md": prose, "markdown": prose, "rst": prose, "txt": prose, "adoc": prose, "asciidoc": prose, "log": prose, "mdx": prose, "textile": prose, "org": prose,
	"xml": markup, "html": markup, "htm": markup, "xhtml": markup, "config": markup, "csproj": markup, "plist": markup, "jsp": markup, "aspx": markup, "cshtml": markup, "svg": markup, "xaml": markup, "ftl": markup, "vm": markup, "xsd": markup, "wsdl": markup, "storyboard": markup, "resx": markup, "strings": markup,
	"go": code, "py": code, "js": code, "ts": code, "jsx": code, "tsx": code, "mjs": code, "cjs": code, "java": code, "kt": code, "kts": code, "rb": code, "php": code, "phtml": code, "c": code, "cc": code, "cpp": code, "cxx": code, "h": code, "hh": code, "hpp": code, "cs": code, "swift": code, "rs": code, "scala": code, "pl": code, "pm": code, "t": code, "lua": code, "ex": code, "exs": code, "erl": code, "clj": code, "cljs": code, "groovy": code, "gradle": code, "dart": code, "m": code, "mm": code, "vue": code, "svelte": code, "r": code, "jl": code, "hs": code, "ml": code, "fs": code, "vb": code, "pas": code, "sol": code, "coffee": code, "cr": code, "nim": code, "zig": code, "proto": code, "graphql": code, "css": code, "scss": code, "less": code, "s": code, "asm": code, "pyi": code, "rake": code, "gemspec": code, "jenkinsfile": code, "rego": code, "ino": code, "bas": code, "cls": code, "sbt": code, "tcl": code, "awk": code, "el": code, "lisp": code, "scm": code, "d": code, "f90": code, "feature": prose,
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

	line, bare stop
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
	return at >= 0 && len(r.data)-at >= len(text) && string(r.data[at:at+len(text)]) == text
}

func (r *reader) byteAt(at int) byte {
	if at < 0 || at >= len(r.data) {
		return 0
	}
	return r.data[at]
}

// read yields the values that belong to the name at start:end.
func (r *reader) read(start, end int) {
	f := field{key: string(r.data[start:end]), keyStart: start}
	at := end
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
	switch c := r.byteAt(at); {
	case c == ']' || c == '?' && r.byteAt(at+1) == ':' || c == '!' && r.byteAt(at+1) == ':':
		at++
	case c == ')' && f.keyQuoted: // getenv("PASSWORD") || "x"
		if next := r.spaces(at + 1); r.has(next, "||") || r.has(next, "??") || r.has(next, "or ") {
			at = next
		}
	case c == '[' && !f.keyQuoted: // char password[] = "x"
		if end := bytes.IndexByte(r.data[at:min(at+24, len(r.data))], ']'); end > 0 && r.lang == code {
			at += end + 1
		}
	}
	spaced := r.spaces(at)
	op := r.operator(spaced, spaced > at, f.keyQuoted, start)
	if op == "" {
		r.pair(f, spaced)
		return
	}
	f.op = strings.TrimSpace(op) // "" for a space
	at = spaced
	if f.op != "" {
		at = r.spaces(spaced + len(op))
	}
	if f.op == "," && f.keyQuoted {
		if r.pair(f, spaced) {
			return
		}
	}
	r.value(f, at, spaced > end && !f.keyQuoted)
}

// operator gives what stands between a name and its value.
func (r *reader) operator(at int, spaced, keyQuoted bool, start int) string {
	for _, op := range [...]string{"===", "!==", ":=", "::=", "::", "=>", "==", "!=", "->", "?=", "+=", "||=", "||", "??", ":-", "=", ":"} {
		if r.has(at, op) {
			return op
		}
	}
	switch c := r.byteAt(at); {
	case c == ',' && (keyQuoted && r.argument(start) || r.byteAt(start-1) == '{' && bytes.IndexByte(r.data[start:at], '.') < 0):
		return ","
	case c == '(' && !keyQuoted && !spaced && sets(string(r.data[start:at])):
		return "("
	case c == '>' && (r.byteAt(start-1) == '<' || keyQuoted && r.names(start)):
		return ">"
	case c == 0:
		return ""
	case spaced && !keyQuoted && (r.has(start-2, "--") || r.has(start-8, "#define ") || r.has(start-4, "ENV ") || r.quote(at) != nil && r.speaks(start, at)):
		return string(r.data[at-1 : at]) // a space: --password x, PASSWORD 'x'
	}
	if spaced && (r.lang == code) { // var password string = "x"
		for i := at; i < len(r.data) && i < at+24; i++ {
			if c := r.data[i]; c == ' ' && r.has(i, " = ") {
				return string(r.data[at : i+2])
			} else if !isWord(c) && c != '*' {
				break
			}
		}
	}
	return ""
}

// speaks says whether the name before a space is one that takes its value without
// an operator: PASSWORD 'x' in SQL, password "x" in netrc and in configurations.
func (r *reader) speaks(start, at int) bool {
	name := strings.ToLower(strings.TrimSpace(string(r.data[start:at])))
	return len(name) > 4 && nouns[name] == nounPassword && name != "passwords"
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
	return facts.words == 1 || strings.HasPrefix(name, "set") || strings.HasPrefix(name, "with") || strings.HasPrefix(name, "use") || strings.HasPrefix(name, "basic")
}

// argument says whether a quoted name is the first argument of a call.
func (r *reader) argument(start int) bool {
	at := start - 1
	for at > 0 && (r.data[at] == '"' || r.data[at] == '\'' || r.data[at] == '\\' || isSpace(r.data[at])) {
		at--
	}
	return r.byteAt(at) == '('
}

// pair reads {"name": "DB_PASSWORD", "value": "x"}: the name is itself a value,
// and the value stands in the next member.
func (r *reader) pair(f field, at int) bool {
	if c := r.byteAt(at); c == ',' || c == ';' || c == '{' && r.lang == config { // variable "password" {
		at++
	}
	at = r.blank(at)
	if at < len(r.data) && r.data[at] == '/' { // />
		return false
	}
	if mark := r.quote(at); mark != nil {
		at += len(mark)
	}
	for _, word := range [...]string{"value", "Value", "defaultValue", "VALUE", "default"} {
		if !r.has(at, word) || isWord(r.byteAt(at+len(word))) {
			continue
		}
		at += len(word)
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
	return false
}

// value yields the value at an offset, or the values of a list.
func (r *reader) value(f field, at int, spacedKey bool) {
	if r.lang == code || r.lang == prose || r.lang == shell {
		at = r.unwrap(at, f.op == ":")
	}
	if r.byteAt(at) == '[' || r.byteAt(at) == '{' && f.op == "=" || r.byteAt(at) == '(' {
		f.listed = true
		for range 8 {
			next := r.blank(at + 1)
			mark := r.quote(next)
			if mark == nil {
				return
			}
			stop := r.quotedValue(f, next, mark)
			if stop < 0 {
				return
			}
			if at = r.blank(stop); r.byteAt(at) != ',' {
				return
			}
		}
		return
	}
	if strings.HasPrefix("!!str ", string(r.data[at:min(at+6, len(r.data))])) && at+6 < len(r.data) {
		at += 6
	}
	if c := r.byteAt(at); (c == '|' || c == '>') && f.op == ":" && (r.lang == config || r.lang == prose) {
		at = r.block(at)
		if at < 0 {
			return
		}
	}
	if mark := r.quote(at); mark != nil {
		r.quotedValue(f, at, mark)
		return
	}
	switch {
	case f.op == ">":
		r.elementValue(f, at)
	case f.op == "(" || f.op == "," || f.op == "||" || f.op == "??" || f.op == "==" || f.op == "===" || f.op == "!=" || f.op == "!==" || f.op == "->":
	default:
		r.bareValue(f, at, spacedKey)
	}
}

// block skips the head of a YAML block scalar.
func (r *reader) block(at int) int {
	for at++; at < len(r.data) && (r.data[at] == '-' || r.data[at] == '+' || isSpace(r.data[at]) || r.data[at] >= '0' && r.data[at] <= '9'); at++ {
	}
	if c := r.byteAt(at); c != '\n' && c != '\r' {
		return -1
	}
	return r.blank(at)
}

// calls are the functions that take a literal and give it back as another type.
var calls = map[string]bool{
	"some": true, "byte": true, "bytes": true, "string": true, "str": true, "from": true, "secret": true, "secretstr": true, "securestring": true,
	"password": true, "b64decode": true, "pointer": true, "ptr": true, "stringptr": true, "to": true, "text": true, "just": true, "of": true,
	"wrap": true, "literal": true, "networkcredential": true, "char": true, "asbytes": true,
}

// unwrap steps over what may stand before a literal: the type of a variable,
// the prefix of a string, a conversion.
func (r *reader) unwrap(at int, typed bool) int {
	i := at
	for i < len(r.data) && i < at+48 && (isWord(r.data[i]) || strings.IndexByte("[]:<>&*", r.data[i]) >= 0) {
		i++
	}
	if i > at && i <= at+2 && r.quote(i) != nil && r.data[i] != '\\' { // b"x", f'x'
		return i
	}
	if r.byteAt(at) == '@' && r.byteAt(at+1) == '"' {
		return at + 1
	}
	if i == at {
		return at
	}
	if r.byteAt(i) == '(' {
		name := strings.ToLower(string(r.data[at:i]))
		name = name[strings.LastIndexAny(name, ".:]")+1:]
		if next := r.spaces(i + 1); calls[name] {
			return r.unwrapPrefix(next)
		}
		return at
	}
	if next := r.spaces(i); typed && r.lang == code && r.byteAt(next) == '=' && r.byteAt(next+1) != '=' && r.byteAt(next+1) != '>' {
		return r.unwrapPrefix(r.spaces(next + 1))
	}
	if r.has(at, "new ") && !r.has(at+4, "new ") {
		return r.unwrap(at+4, typed)
	}
	return at
}

func (r *reader) unwrapPrefix(at int) int {
	for i := at; i < at+3 && i < len(r.data); i++ {
		if r.data[i] == '"' || r.data[i] == '\'' {
			return i
		}
	}
	return at
}

// quotedValue yields a value in quotation marks, and gives the offset behind it,
// -1 if it does not end.
func (r *reader) quotedValue(f field, at int, mark []byte) int {
	start := at + len(mark)
	if len(mark) == 1 && r.has(start, string(mark)+string(mark)) && r.lang == code { // """x"""
		start += 2
	}
	for i := start; i < len(r.data) && i-start <= maxValue; i++ {
		c := r.data[i]
		if c == '\n' {
			return -1
		}
		if c == mark[0] && bytes.HasPrefix(r.data[i:], mark) {
			f.form, f.start, f.end = quoted, start, i
			f.value = string(r.data[start:i])
			if len(mark) == 1 && mark[0] == '"' && strings.IndexByte(f.value, '\\') >= 0 {
				f.value = unescape(f.value)
			}
			if c := r.byteAt(i + len(mark)); c == '%' || c == '+' { // a format, a concatenation
				return i + len(mark)
			}
			if f.listed && r.byteAt(r.spaces(i+len(mark))) == ':' { // the name of a member
				return -1
			}
			if after := r.byteAt(r.blank(i + len(mark))); f.op == "," && after != ')' && after != '}' {
				return i + len(mark)
			}
			if f.value != "" && f.value[0] == '{' {
				r.members(f)
			} else {
				r.yield(f)
			}
			return i + len(mark)
		}
		if c == '\\' && len(mark) == 1 {
			i++
		}
	}
	return -1
}

// members yields the strings of a JSON object that stands in a string.
func (r *reader) members(f field) {
	for at := f.start; at < f.end; {
		i := bytes.IndexByte(r.data[at:f.end], ':')
		if i < 0 {
			return
		}
		at = r.spaces(at + i + 1)
		mark := r.quote(at)
		if mark == nil || at >= f.end {
			continue
		}
		start := at + len(mark)
		n := bytes.Index(r.data[start:f.end], mark)
		if n < 0 {
			return
		}
		g := f
		g.start, g.end, g.value = start, start+n, string(r.data[start:start+n])
		r.yield(g)
		at = start + n
	}
}

func (r *reader) elementValue(f field, at int) {
	end := at
	for end < len(r.data) && end-at < maxValue && r.data[end] != '<' && r.data[end] != '\n' {
		end++
	}
	if r.byteAt(end) != '<' || r.byteAt(end+1) != '/' {
		return
	}
	f.form = element
	r.yieldTrimmed(f, at, end)
}

func (r *reader) yieldTrimmed(f field, start, end int) {
	for start < end && (isSpace(r.data[start]) || r.data[start] == '\r') {
		start++
	}
	for start < end && (isSpace(r.data[end-1]) || r.data[end-1] == '\r') {
		end--
	}
	if start < end {
		f.start, f.end, f.value = start, end, string(r.data[start:end])
		r.yield(f)
	}
}

// first says whether nothing but indentation, a list mark or a comment mark
// stands before an offset on its line.
func (r *reader) first(at int) bool {
	limit := at - maxGap
	for at--; at >= 0 && r.data[at] != '\n'; at-- {
		if at < limit {
			return false
		}
		switch c := r.data[at]; c {
		case ' ', '\t', '-', '#', ';', '/', '*', '"', '\'', '>', '|', '+':
		default:
			return at >= 5 && string(r.data[at-5:at+1]) == "export" || at >= 2 && (string(r.data[at-2:at+1]) == "ENV" || string(r.data[at-2:at+1]) == "ARG") || at >= 2 && string(r.data[at-2:at+1]) == "set"
		}
	}
	return true
}

// bareValue yields a value without quotation marks.
func (r *reader) bareValue(f field, at int, spacedKey bool) {
	if before := r.byteAt(f.keyStart - 1); f.op == ":" && (before == '"' || before == '\'') && !f.keyQuoted { // "X-Token: x"
		end := at
		for end < len(r.data) && end-at < 512 && r.data[end] > ' ' && r.data[end] != before && r.data[end] != '\\' {
			end++
		}
		if r.byteAt(end) == before && (isSpace(r.data[at-1]) || !cheap(string(r.data[at:end]))) {
			f.form = inHeader
			r.yieldTrimmed(f, at, end)
			return
		}
	}
	first := r.first(f.keyStart)
	parameter := r.byteAt(f.keyStart-1) == '&' || r.byteAt(f.keyStart-1) == '?' || r.byteAt(f.keyStart-1) == ';'
	if (r.lang == code || r.lang == data || r.lang == markup) && !parameter {
		return
	}
	if first && (r.lang == lines || r.lang == config || r.lang == prose && f.op == ":") {
		end := r.line.find(r, at, lineEnds)
		if end < 0 {
			return
		}
		text := bytes.TrimRight(r.data[at:end], " \t\r")
		if bytes.IndexByte(text, ' ') < 0 {
			if r.lang == config {
				text = bytes.TrimRight(text, ",")
			}
			f.form = bareLine
			r.yieldTrimmed(f, at, at+len(text))
			return
		}
		if f.op == ":" {
			return
		}
	}
	if spacedKey && f.op != "" && !first || f.op == ":" && r.byteAt(at-1) == ':' && !parameter && r.lang != lines {
		// "a = b" within a sentence; a:b
		if f.op != "=" || r.lang == prose {
			return
		}
	}
	end := r.bare.find(r, at, wordEnds)
	if end < 0 {
		return
	}
	if f.op == ":" && r.lang == prose && !r.closes(end) {
		return
	}
	f.form = bareWord
	r.yieldTrimmed(f, at, end)
}

// nested is how many values may end at one place: a=b=c holds two.
const nested = 3

// stop remembers where the last bare value ended. Values that begin within it end
// there too; without this, a line of a=a=a=… would be read once for each of them.
type stop struct{ from, to, times int }

// find gives the end of the bare value at an offset, -1 if there is none or it
// has served often enough.
func (s *stop) find(r *reader, at int, ends func(*reader, int) bool) int {
	if at >= s.from && at < s.to {
		if s.times++; s.times > nested || s.to-at > maxValue || s.to-s.from > maxValue {
			return -1
		}
		return s.to
	}
	end := at
	for end < len(r.data) && end-at <= maxValue && !ends(r, end) {
		end++
	}
	*s = stop{at, end, 0}
	if end-at > maxValue {
		return -1
	}
	return end
}

// lineEnds says whether a value that may fill its line ends at an offset.
func lineEnds(r *reader, at int) bool {
	c := r.data[at]
	return c == '\n' || (c == '#' || c == ';') && at > 0 && isSpace(r.data[at-1])
}

// wordEnds says whether a value within a line ends at an offset.
func wordEnds(r *reader, at int) bool {
	switch r.data[at] {
	case ' ', '\t', '\r', '\n', '"', '\'', '`', '&', ';', ',', ')', ']', '}', '<', '|':
		return true
	case '\\':
		return at+1 >= len(r.data) || strings.IndexByte("\r\n\"'nrt", r.data[at+1]) >= 0
	}
	return false
}

// closes says whether nothing but punctuation follows on the line.
func (r *reader) closes(at int) bool {
	for limit := at + maxGap; at < len(r.data) && at < limit && r.data[at] != '\n'; at++ {
		if strings.IndexByte(" \t\r\\,;\"'`)}]#", r.data[at]) < 0 {
			return false
		}
	}
	return true
}

// unescape takes backslash escapes out of a value.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case c == 'u' && i+4 < len(text) && text[i+1:i+3] == "00":
			n, _ := strconv.ParseUint(text[i+3:i+5], 16, 8)
			b.WriteByte(byte(n))
			i += 4
		case c >= '0' && c <= '9' || lower(c): // \n, \033, \x1b
			b.WriteByte(0)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
