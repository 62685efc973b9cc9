package judge

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// value yields the value at an offset, or the values of a list.
func (r *reader) value(f field, at int, spacedKey bool) {
	if r.lang != code {
		at = r.defaulted(at)
	}
	if r.has(at, "N'") { // a text in Transact-SQL
		at++
	} else if r.has(at, `<<"`) { // a binary of Erlang
		at += len("<<")
	}
	if r.lang == code || r.lang == prose || r.lang == shell {
		at = r.unwrap(at, f.op == ":")
	}
	at = r.unhashed(f, at)
	if r.group(f, at) {
		return
	}
	at = r.inner(f, at)
	if r.lang == code && isGroup(f.key) {
		at += r.collection(at)
	}
	if c := r.byteAt(at); c == '[' || c == '{' && !r.has(at, "{noop}") && (f.op == "=" || f.keyQuoted && r.lang == code && r.quote(at+1) != nil) || c == '(' {
		f.listed, f.asserted = true, f.asserted || c == '{' && f.op != "=" // {"client_secret": {"x"}}, or a table of names
		f.inOptions = r.options(at) && !r.known.read(f.key).group
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
	if at = r.below(f, at); at < 0 {
		return
	}
	for _, tag := range tags {
		if r.has(at, tag) {
			at += len(tag)
		}
	}
	if c := r.byteAt(at); (c == '|' || c == '>') && (f.op == ":" || f.op == "pair") && (r.lang == config || r.lang == prose) {
		at = r.block(at)
		if at < 0 {
			return
		}
	}
	if r.byteAt(at) == '&' && f.op == ":" && r.lang == config { // an anchor
		_, end, ok := r.word(at + 1)
		if next := r.spaces(end); ok && next > end {
			at = next
		}
	}
	if mark := r.quote(at); mark != nil {
		r.quotedValue(f, at, mark)
		return
	}
	if r.lang == code && r.isWalletKey(at) && r.known.read(f.key).facts.noun >= nounAPIKey {
		f.form = quoted
		r.yieldTrimmed(f, at, at+len("0x")+64)
		return
	}
	if r.lang == code && (r.has(at, "q(") || r.has(at, "%q(") || r.has(at, "q{") || r.has(at, "qq(") || r.has(at, "qq{")) { // Perl
		at += bytes.IndexAny(r.data[at:], "({") + 1
		if n := bytes.IndexAny(r.rest(at, maxGap), ")}"); n > 0 {
			f.form = quoted
			r.yieldTrimmed(f, at, at+n)
		}
		return
	}
	if f.op == ">" && r.has(at, "<![CDATA[") {
		at += len("<![CDATA[")
		if n := bytes.Index(r.data[at:min(at+maxValue, len(r.data))], []byte("]]>")); n >= 0 {
			f.form = element
			r.yieldTrimmed(f, at, at+n)
		}
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

// collections are calls that make a list of their arguments.
var collections = regex.Lazy(`^(?:(?:List|Set|Arrays|Seq|ImmutableList)\.)?(?:of|asList|listOf|setOf|arrayOf|List|Set|Seq|c)\(`)

// collection gives how many bytes stand before the bracket of such a call at an offset.
func (r *reader) collection(at int) int { return max(0, len(collections().Find(r.rest(at, maxKey)))-1) }

// below steps to a value that stands on the next line, and gives -1 if nothing of the
// kind does.
func (r *reader) below(f field, at int) int {
	next := at
	if r.byteAt(at) == '\\' && f.op == "=" && r.lang != data { // the line goes on
		next++
	}
	if c := r.byteAt(next); f.op == "" || c != '\n' && c != '\r' {
		return at
	}
	next = r.blank(next)
	switch {
	case r.byteAt(at) == '\\' && r.lang != code:
		return next
	case r.lang == code || r.lang == data && f.op == ":":
		if r.quote(next) == nil {
			return -1
		}
		return next
	case r.lang != config || f.op != ":":
		return at
	}
	key := r.known.read(f.key)
	if !key.facts.last || key.facts.noun < nounToken {
		return at
	}
	if next := r.defaultBelow(f, next); next > 0 {
		return next
	}
	if key.group {
		return at
	}
	if line := bytes.TrimSpace(r.data[next:min(len(r.data), next+maxValue, r.lineEnd(next))]); r.indent(next) > r.indent(f.keyStart) && len(line) > 0 && !bytes.ContainsAny(line, ": ") && bytes.IndexByte([]byte("-#[{!|>*&"), line[0]) < 0 {
		return next
	}
	return at
}

// defaultBelow gives the offset of the default of a parameter, as CloudFormation and others declare it
// in YAML: a type and a default among the lines below. It is 0 if there is none.
func (r *reader) defaultBelow(f field, at int) int {
	value, typed := 0, false
	for range 8 {
		at = r.blank(at)
		if r.indent(at) <= r.indent(f.keyStart) {
			break
		}
		for _, word := range [...]string{"Default: ", "default: "} {
			if r.has(at, word) {
				value = r.spaces(at + len(word))
			}
		}
		typed = typed || r.has(at, "Type: ") || r.has(at, "type: ")
		at = r.lineEnd(min(at, len(r.data)))
	}
	if !typed {
		return 0
	}
	return value
}

// tags of YAML stand before a text, and before one in Base64.
var tags = [...]string{"!!str ", "!!binary ", "!unsafe "}

// options says whether the first of the values of a list, or the second, is a plain word,
// as that of a type or a check: password: ['required', 'min2'].
func (r *reader) options(at int) bool {
	words, n := 0, 0
	for ; n < 2; n++ {
		next := r.blank(at + 1)
		mark := r.quote(next)
		if mark == nil {
			break
		}
		start := next + len(mark)
		size := bytes.Index(r.data[start:min(len(r.data), start+maxGap)], mark)
		if size < 0 {
			break
		}
		if word := string(r.data[start : start+size]); isText(word) && strings.ToLower(word) == word && cheap(word) {
			words++
		}
		if at = r.blank(start + size + len(mark)); r.byteAt(at) != ',' {
			n++
			break
		}
	}
	return n == 2 && words > 0
}

// inner steps to the value where something else stands first: a member called value
// (outputs of Terraform, parameters of Azure), a condition, the argument of a script.
func (r *reader) inner(f field, at int) int {
	switch c := r.byteAt(at); {
	case c == '{' && f.keyQuoted && f.op == ":" && r.lang == data:
		next := r.blank(at + 1)
		for range 3 {
			next = r.skipMember(next)
		}
		for _, member := range [...]string{`"value"`, `"defaultValue"`, `"Default"`, `"default"`} {
			if after := r.spaces(next + len(member)); r.has(next, member) && r.byteAt(after) == ':' {
				return r.spaces(after + 1)
			}
		}
	case c == '$' && r.lang == shell && r.has(at+1, "{") && r.has(at+3, ":-"):
		return at + len("${1:-")
	case f.op == "=" && r.lang != code:
		return r.echoed(at)
	case c == '{' && f.op == ":" && r.lang == code: // password: { type: String, default: "x" }
		next := r.blank(at + 1)
		for range 2 {
			next = r.skipMember(next)
		}
		if after := r.spaces(next + len("default")); r.has(next, "default") && r.byteAt(after) == ':' {
			return r.spaces(after + 1)
		}
	case f.op == "=" && r.lang == code && r.has(at, "dict("): // password=dict(type="str", default="x")
		line := r.rest(at, maxGap)
		line = line[:bytes.IndexByte(append(line, ')'), ')')]
		if n := bytes.Index(line, []byte("default=")); n > 0 {
			return at + n + len("default=")
		}
	case (f.op == "=" || f.op == ":") && r.lang == code && (isWord(c) || c == '$'):
		return at + r.otherwise(at)
	}
	return at
}

// rest gives what follows on the line, at most so many bytes of it.
func (r *reader) rest(at, most int) []byte {
	text := r.data[min(at, len(r.data)):min(at+most, len(r.data))]
	if n := bytes.IndexByte(text, '\n'); n >= 0 {
		text = text[:n]
	}
	return text
}

// defaulted steps to the default of a template: {{ password | default("x") }}.
func (r *reader) defaulted(at int) int {
	open := at
	if c := r.byteAt(at); c == '"' || c == '\'' {
		open++
	}
	if !r.has(open, "{{") {
		return at
	}
	line := r.rest(open, 2*maxGap)
	line = line[:max(0, bytes.Index(line, []byte("}}")))]
	const word = "default"
	n := bytes.Index(line, []byte(word))
	if n < 0 {
		return at
	}
	next := r.spaces(open + n + len(word))
	if r.byteAt(next) == '(' {
		next = r.spaces(next + 1)
	}
	if r.quote(next) == nil {
		return at
	}
	return next
}

// isWalletKey says whether a key of 32 bytes stands at an offset as a number, as it does
// in Solidity.
func (r *reader) isWalletKey(at int) bool {
	const length = len("0x") + 64
	return r.has(at, "0x") && len(r.data)-at >= length && isHex(string(r.data[at+2:at+length])) && !isWord(r.byteAt(at+length))
}

// others stand before what a name is where something else is missing.
var others = []string{" ? ", " : ", " or ", " || ", " ?? ", " ?: ", " else ", ".default(", ".orElse(", ".getOrElse(", ".unwrap_or(", ".unwrap_or_else(|_| ", ".unwrap_or_else(|| "}

// otherwise gives how far behind an offset a literal stands that a choice ends with; 0 if
// none does, or if it holds no digit: then it may be what shows a password, shown ? "text" : "password".
func (r *reader) otherwise(at int) int {
	line := r.rest(at, 2*maxKey)
	for n := 0; n < len(line); {
		next := bytes.IndexAny(line[n:], "\"'`;,{")
		if next < 0 || strings.IndexByte(";,{", line[n+next]) >= 0 {
			return 0
		}
		n += next
		for _, word := range others {
			if bytes.HasSuffix(line[:n], []byte(word)) && bytes.ContainsAny(line[n:], "0123456789") && (word != " : " || bytes.Contains(line[:n], []byte(" ? "))) {
				return n
			}
		}
		stop := bytes.IndexByte(line[n+1:], line[n])
		if stop < 0 {
			return 0
		}
		n += stop + 2
	}
	return 0
}

// echoed steps to what a script decodes: PASSWORD=$(echo x | base64 -d).
func (r *reader) echoed(at int) int {
	from := at
	if r.byteAt(at) == '"' {
		at++
	}
	switch {
	case r.has(at, "$(echo "):
		at += len("$(echo ")
	case r.has(at, "`echo "):
		at += len("`echo ")
	default:
		return from
	}
	if line := r.data[at:min(at+maxValue, r.lineEnd(at))]; !bytes.Contains(line, []byte("base64 -")) {
		return from
	}
	for r.byteAt(at) == '-' { // -n
		_, end, _ := r.word(at)
		at = r.spaces(end)
	}
	return at
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
	"wrap": true, "literal": true, "qstring": true, "qstringliteral": true, "qlatin1string": true, "from_static": true, "getbytes": true, "field": true, "networkcredential": true, "char": true, "asbytes": true,
}

// unwrap steps over what may stand before a literal: the type of a variable,
// the prefix of a string, a conversion.
func (r *reader) unwrap(at int, typed bool) int {
	i := at
	for i < len(r.data) && i < at+48 && (isWord(r.data[i]) || strings.IndexByte("[]:<>&*", r.data[i]) >= 0 || r.has(i, "'static ") || r.has(i-7, "'static ")) {
		i++
	}
	if typed && r.has(at, "[]const u8") { // of Zig
		i = at + len("[]const u8")
	}
	for typed && r.has(i, " | ") { // string | undefined
		for i += len(" | "); isWord(r.byteAt(i)); i++ {
		}
	}
	if i > at && i <= at+2 && isWord(r.data[at]) && r.quote(i) != nil && r.data[i] != '\\' { // b"x", f'x'
		return i
	}
	if r.has(at, `@"`) {
		return at + 1
	}
	if r.has(at, `r#"`) || r.has(at, `<<"`) { // a text of Rust, bytes of Erlang
		return at + 2
	}
	if i == at {
		return at
	}
	if r.byteAt(i) == '(' {
		name := strings.ToLower(string(r.data[at:i]))
		name = name[strings.LastIndexAny(name, ".:]")+1:]
		if (name == "env" || name == "getenv" || name == "get" || name == "config") && r.quote(i+1) != nil { // env("X", "x")
			if next := r.second(i + 1); next > 0 {
				return next
			}
		}
		if next := r.spaces(i + 1); name == "field" && r.has(next, "default=") {
			return r.unwrapPrefix(next + len("default="))
		} else if next = r.unwrapPrefix(next); calls[name] && r.quote(next) != nil || name == "new" && containsFold(string(r.data[at:i]), "secret") {
			return next
		}
		return at
	}
	if next := r.spaces(i); typed && r.lang == code && r.byteAt(next) == '=' && r.byteAt(next+1) != '=' && r.byteAt(next+1) != '>' {
		return r.unwrap(r.spaces(next+1), false)
	}
	if r.has(at, "new ") && !r.has(at+4, "new ") {
		return r.unwrap(at+4, typed)
	}
	return at
}

// hashings are functions that make of a password what is kept of it.
var hashings = map[string]bool{
	"md5": true, "sha": true, "sha1": true, "sha2": true, "sha256": true, "sha512": true, "password": true, "old_password": true, "crypt": true, "encrypt": true, "bcrypt": true, "pw_hash": true,
	"password_hash": true, "hash_password": true, "postgresql_password": true, "mysql_password": true, "hashpw": true, "str2password": true,
}

// unhashed steps to the password that a function hashes at once: password = MD5('x').
func (r *reader) unhashed(f field, at int) int {
	_, end, ok := r.word(at)
	if !ok || end == at || r.byteAt(end) != '(' || !hashings[strings.ToLower(string(r.data[at:end]))] || r.known.read(f.key).facts.noun != nounPassword {
		return at
	}
	next := r.spaces(end + 1)
	if mark := r.quote(next); len(mark) != 1 {
		return at
	}
	if r.has(at, "postgresql_password") || r.has(at, "mysql_password(") && r.lang == config { // behind the name of the user
		stop := bytes.IndexByte(r.rest(next+1, maxGap), r.data[next])
		if after := r.spaces(next + stop + 2); stop >= 0 && r.byteAt(after) == ',' {
			next = r.spaces(after + 1)
		}
	}
	return next
}

// second gives the offset of the default behind the first argument of a call: that of a
// variable of the environment, in upper case. It is 0 if there is none.
func (r *reader) second(at int) int {
	text := r.rest(at+1, maxKey)
	n := bytes.IndexByte(text, r.data[at])
	if n < 1 || len(bytes.Trim(text[:n], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")) > 0 {
		return 0
	}
	next := r.spaces(at + n + 2)
	if r.byteAt(next) != ',' {
		return 0
	}
	next = r.blank(next + 1)
	if line := r.rest(next, 24); bytes.IndexByte(line, '=') > 0 { // default="x", unset = "x"
		next = r.spaces(next + bytes.IndexByte(line, '=') + 1)
	}
	if r.quote(next) == nil {
		return 0
	}
	return next
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
	if len(mark) == 1 && r.has(start, string(mark)+string(mark)) && (r.lang == code || r.lang == config || r.lang == lines) { // """x"""
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
			if n := len(f.value); n > 2 && r.byteAt(at-1) == 'R' && f.value[0] == '(' && f.value[n-1] == ')' { // R"(x)" of C++
				f.start, f.end, f.value = f.start+1, f.end-1, f.value[1:n-1]
			}
			if c := r.byteAt(i + len(mark)); c == '%' || c == '+' { // a format, a concatenation
				return i + len(mark)
			}
			if next := r.spaces(i + len(mark)); f.listed && (r.byteAt(next) == ':' || r.has(next, "=>")) { // the name of a member
				return -1
			}
			if at := r.blank(i + len(mark)); f.op == "(" && r.byteAt(at) == ',' && r.quote(r.blank(at+1)) != nil { // the name of what has it: set_password("mail", "app", "x")
				return i + len(mark)
			}
			if after := r.byteAt(r.blank(i + len(mark))); f.op == "," && after != ')' && after != '>' && after != '}' && after != '.' && (after != ']' || !f.asserted) && !r.takes(f.keyStart) && !r.defaults(f.keyStart) {
				return i + len(mark)
			}
			if f.value != "" && f.value[0] == '{' && !strings.HasPrefix(f.value, "{noop}") {
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

type declaration struct {
	call string
	name int
}

// declares are the functions that take a name and a value among others, with the number
// of the name among their arguments: flag.String("password", "x", "how to use it").
var declares = []declaration{
	{".String(", 0}, {".StringP(", 0}, {".StringVar(", 1}, {".StringVarP(", 1}, {"buildConfigField(", 1}, {"resValue(", 1}, {"buildConfigField ", 1}, {"resValue ", 1},
	{"Map.of(", 0}, {"Map.of(", 2}, {"Map.of(", 4}, {"Map.of(", 6}, {"setopt(", 0}, {"setopt(", 1},
	{"setenv(", 0}, {"SetEnvironmentVariable(", 0}, {"setattr(", 1}, {"put_env(", 1}, {"getattr(", 1}, {"get(", 1}, {".set(", 1}, {"-define(", 0},
}

// defaults says whether a quoted name stands where one of them takes it.
func (r *reader) defaults(start int) bool {
	if r.lang != code && r.lang != shell {
		return false
	}
	line := r.lead(start, maxGap)
	open := bytes.LastIndexByte(line, '(') + 1
	if words := len(line) - len(bytes.TrimLeft(line, " \t")); open == 0 { // of Groovy
		open = words + bytes.IndexByte(line[words:], ' ') + 1
	}
	return slices.ContainsFunc(declares, func(d declaration) bool {
		return bytes.HasSuffix(line[:open], []byte(d.call)) && bytes.Count(line[open:], []byte{','}) == d.name
	})
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
	if next := r.blank(at); r.byteAt(next) == '<' { // <password><value>x</value></password>
		for _, tag := range texts {
			if r.has(next, tag) {
				at = next + len(tag)
			}
		}
	}
	at = r.blank(at)
	end := at
	for end < len(r.data) && end-at < maxValue && r.data[end] != '<' && r.data[end] != '\n' {
		end++
	}
	end = r.blank(end)
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
	for start < end && (isSpace(r.data[end-1]) || r.data[end-1] == '\r' || r.data[end-1] == '\n') {
		end--
	}
	if start < end {
		f.start, f.end, f.value = start, end, string(r.data[start:end])
		r.yield(f)
	}
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
		case c == 'x' && i+2 < len(text) && isHex(text[i+1:i+3]):
			n, _ := strconv.ParseUint(text[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
		case c >= '0' && c <= '9' || lower(c) || c == 'U': // \n, \033, \x1b, \U0001f960
			b.WriteByte(0)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
