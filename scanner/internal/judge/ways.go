package judge

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
)

// way reads a value that stands elsewhere than behind a name and an operator, and says
// whether that is so: nothing else is looked for then.
type way struct {
	read   func(r *reader, f field, at int) bool
	before string // bytes of which one stands before the name; any if empty
	behind string // bytes of which one stands behind it; any if empty
	opens  bool   // only names of what opens something have such values
	quoted bool   // only names in quotation marks have
	in     []language
}

// codeWays are tried, in this order, at the end of a name in a program.
var codeWays = newWays(
	way{read: (*reader).property, behind: "("},
	way{read: (*reader).comparison, behind: "("},
	way{read: (*reader).together, behind: ",()"},
	way{read: (*reader).octets, opens: true},
	way{read: (*reader).unpacked, behind: " \t\xc2,])=:"},
	way{read: (*reader).compared, before: " =!$>-."},
	way{read: (*reader).moved, before: " "},
	way{read: (*reader).returned, opens: true},
)

// quotedWays are tried behind the quotation mark that closes a name, if one does.
var quotedWays = newWays(
	way{read: (*reader).labelled, quoted: true, in: []language{code}},
	way{read: (*reader).template, behind: ":,"},
	way{read: (*reader).choice, quoted: true},
	way{read: (*reader).fallenBack, behind: ")]", quoted: true},
	way{read: (*reader).robot, behind: "}", in: []language{config}},
	way{read: (*reader).got, behind: ")", quoted: true, in: []language{code}},
	way{read: (*reader).besides, behind: ", \t\xc2", in: []language{code}},
	way{read: (*reader).heading, behind: "<"},
	way{read: (*reader).told, in: []language{prose, code, data}},
	way{read: (*reader).inPage, in: []language{markup}},
)

// ways are some of which most can be ruled out at once: there is nothing of the kind
// behind most names.
type ways struct {
	all            []way
	before         [256]uint
	behind         [256]uint // by byte: a bit for each way that it lets through
	in             [languages]uint
	open, unquoted uint // those for any name, for one without quotation marks
}

func newWays(all ...way) *ways {
	w := &ways{all: all}
	for i, way := range all {
		bit := uint(1) << i
		for c := range w.behind {
			if way.before == "" || strings.IndexByte(way.before, byte(c)) >= 0 {
				w.before[c] |= bit
			}
			if way.behind == "" || strings.IndexByte(way.behind, byte(c)) >= 0 {
				w.behind[c] |= bit
			}
		}
		for lang := range w.in {
			if way.in == nil || slices.Contains(way.in, language(lang)) {
				w.in[lang] |= bit
			}
		}
		if !way.opens {
			w.open |= bit
		}
		if !way.quoted {
			w.unquoted |= bit
		}
	}
	return w
}

// try asks the ways that a place lets through, and says whether one reads a value.
func (w *ways) try(r *reader, f *field, name *name, at int) bool {
	left := w.behind[r.byteAt(at)] & w.before[r.byteAt(f.keyStart-1)] & w.in[r.lang]
	if name.facts.noun < nounAPIKey || !name.facts.last {
		left &= w.open
	}
	if !f.keyQuoted {
		left &= w.unquoted
	}
	for ; left != 0; left &= left - 1 {
		if w.all[bits.TrailingZeros(left)].read(r, *f, at) {
			return true
		}
	}
	return false
}

// read yields the values that belong to the name at start:end.
func (r *reader) read(name *name, start, end int) {
	if r.column(name, start) || r.accounts(start, end) || r.generated(start, end) || r.section(start, end) || r.byteAt(end) == '\'' && r.has(start-2, "::") { // 'Event::Pass'
		return
	}
	f := field{key: name.text, keyStart: start}
	if r.lang == code {
		if name.field != name.text {
			f.key = name.field
			name = r.known.read(f.key)
		}
		if codeWays.try(r, &f, name, end) {
			return
		}
	}
	if r.has(end, " BY ") || r.has(end, " by ") { // IDENTIFIED WITH mysql_native_password BY
		r.identified(start, end+len(" BY "))
		return
	}
	at := r.unquoted(&f, end)
	if quotedWays.try(r, &f, name, at) {
		return
	}
	at = r.opened(f, at)
	spaced := r.spaces(at)
	op := r.operator(spaced, spaced > at, f.keyQuoted, start)
	if op == "" {
		r.pair(f, spaced)
		return
	}
	f.op = r.plainOperator(op, f)
	if at = spaced; strings.TrimSpace(op) != "" {
		at = r.spaces(spaced + len(op))
	}
	switch {
	case f.op == "is:":
		f.op, f.keyStart = ":", spaced // the rest of the line is the value
		r.value(f, at, false)
		return
	case f.op == ":" && r.lang == prose && (r.has(at, "** ") || r.has(at, "* ")) && r.byteAt(start-1) == '*': // **Password:** x
		at = r.spaces(at + bytes.IndexByte(r.data[at:], ' '))
	case f.op == "," && f.keyQuoted:
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

// unquoted gives the offset behind the quotation mark that closes a name, or a phrase that
// ends with it ("the password"), and behind what makes a text of Rust of it.
func (r *reader) unquoted(f *field, at int) int {
	mark, before := r.quote(at), r.byteAt(f.keyStart-1)
	if mark == nil || before == '"' && mark[len(mark)-1] != '"' && string(mark) != "**" && mark[0] != '&' {
		return at
	}
	f.keyQuoted = true
	at += len(mark)
	if r.lang == code && r.byteAt(at) == '.' {
		for _, call := range [...]string{".to_string()", ".into()", ".to_owned()"} {
			if r.has(at, call) {
				at += len(call)
			}
		}
	}
	return at
}

// opened gives the offset behind what closes the access to a name: a bracket, a mark of its
// type.
func (r *reader) opened(f field, at int) int {
	switch c := r.byteAt(at); {
	case c == ')' && f.keyQuoted && r.lang == code && r.has(at+1, ".value"): // getElementById("password").value = "x"
		return at + len(").value")
	case c == '}' && r.byteAt(f.keyStart-1) == '{' && r.lang == code && (isWord(r.byteAt(f.keyStart-2)) || r.byteAt(f.keyStart-2) == '>'), // $ENV{PASSWORD} = 'x'
		c == ')' && r.has(f.keyStart-2, "(:") && r.lang == code, // let(:password) { "x" }
		c == ']', (c == '?' || c == '!') && r.byteAt(at+1) == ':':
		return at + 1
	case c == '[' && !f.keyQuoted && r.lang == code: // char password[] = "x"
		if n := bytes.IndexByte(r.data[at:min(at+24, len(r.data))], ']'); n > 0 {
			return at + n + 1
		}
	}
	return at
}

// plainOperator gives the operator that one means, "" for a space.
func (r *reader) plainOperator(op string, f field) string {
	op = strings.TrimSpace(op)
	switch {
	case op == wideColon, op == strings.TrimSpace(dashes[0]), strings.HasSuffix(op, "efault:"): // the tag of a field
		return ":"
	case op == "{":
		return "="
	case op == "~=", op == "<>": // of Lua, of Pascal and Basic
		return "!="
	case op == "with":
		return "=>"
	case op == "-eq", op == "eq", op == "isEqualToString:":
		return "=="
	case op == ") =", strings.HasSuffix(strings.ToUpper(op), " VALUE"):
		return "="
	case op == "to", op == "," && r.has(f.keyStart-5, "set :"):
		return "=>"
	case len(op) > 2 && op[len(op)-1] == '>': // the rest of a tag
		return ">"
	case op == "," && !f.keyQuoted && r.lang == config:
		return ""
	}
	return op
}

// property reads that of Gradle: password.set("x").
func (r *reader) property(f field, at int) bool {
	name, ok := strings.CutSuffix(f.key, ".set")
	if !ok || r.byteAt(at) != '(' || r.quote(at+1) == nil || !r.known.read(name).sets {
		return false
	}
	f.key, f.op = name, "("
	r.value(f, at+1, false)
	return true
}

// comparison reads password.equals("x").
func (r *reader) comparison(f field, at int) bool {
	name, ok := compares(f.key)
	if !ok || r.byteAt(at) != '(' || r.quote(at+1) == nil {
		return false
	}
	f.key, f.op = name, "=="
	r.value(f, at+1, false)
	return true
}

// choice stops at a name that a condition chooses.
func (r *reader) choice(f field, _ int) bool {
	return f.keyQuoted && r.chosen(f.keyStart) && !r.asked(f.keyStart)
}

// fallenBack reads getenv("PASSWORD") || "x".
func (r *reader) fallenBack(f field, at int) bool {
	if c := r.byteAt(at); c != ')' && c != ']' || !f.keyQuoted {
		return false
	}
	at = r.closed(at)
	op := r.fallback(at)
	if op == "" && r.has(at, ", ") && r.ofEnvironment(f.keyStart-1) { // defaultIfBlank(getenv("PASSWORD"), "x")
		op = ", "
	}
	if op == "" && (r.lang != code || !r.known.read(f.key).facts.upper || r.quote(at) == nil || r.data[at-1] != ' ') { // (or (System/getenv "PASSWORD") "x")
		return false
	}
	f.op = "||"
	r.value(f, r.spaces(at+len(op)), false)
	return true
}

// ofEnvironment says whether the first argument of a call that reads a variable of the
// environment stands at an offset.
func (r *reader) ofEnvironment(at int) bool {
	start, end, ok := r.word(max(0, at-2))
	return ok && end == at-1 && r.byteAt(end) == '(' && mentions(bytes.ToLower(r.data[start:end]), "env")
}

// besides reads what somebody made up behind a name among arguments that take turns:
// weboptions("Username", "shop", "Password", "x"), config :shop, :token, "x".
func (r *reader) besides(f field, at int) bool {
	next := r.spaces(at)
	atom := !f.keyQuoted && r.byteAt(f.keyStart-1) == ':'
	if key := r.known.read(f.key).facts; r.lang != code || !f.keyQuoted && !atom || r.byteAt(next) != ',' || key.noun < nounToken && !atom || !key.last || key.public {
		return false
	}
	next = r.spaces(next + 1)
	mark := r.quote(next)
	if len(mark) != 1 || bytes.HasSuffix(r.data[:f.keyStart], []byte(f.key+"\", \"")) { // String("token", "token", "how to use it")
		return false
	}
	next++
	n := bytes.IndexByte(r.rest(next, maxGap), mark[0])
	if n < 0 || bytes.IndexByte(r.data[next:next+n], '\\') >= 0 || !isMadeUp(string(r.data[next:next+n])) && !isRandom(string(r.data[next:next+n])) {
		return false
	}
	f.op, f.form, f.start, f.end, f.value = "=>", quoted, next, next+n, string(r.data[next:next+n])
	r.yield(f)
	return true
}

// robot reads a variable of Robot Framework: ${PASSWORD}    x.
func (r *reader) robot(f field, at int) bool {
	if r.byteAt(at) != '}' || r.lang != config || !r.has(f.keyStart-2, "${") || f.keyStart > 2 && r.byteAt(f.keyStart-3) != '\n' || r.spaces(at+1) <= at+2 {
		return false
	}
	f.op, f.form = "=", bareLine
	if line := r.rest(at+1, maxGap); len(bytes.Fields(line)) == 1 {
		r.yieldTrimmed(f, at+1, at+1+len(line))
	}
	return true
}

// got reads what is compared with what a call gives for a name: r.Header.Get("X-Token") != "x".
func (r *reader) got(f field, at int) bool {
	if r.byteAt(at) != ')' || !f.keyQuoted || r.quote(f.keyStart-1) == nil || r.lang != code {
		return false
	}
	at = r.spaces(at + 1)
	op := r.operator(at, true, true, f.keyStart)
	if op != "==" && op != "!=" && op != "===" && op != "!==" {
		return false
	}
	f.op = op
	r.value(f, r.spaces(at+len(op)), false)
	return true
}

// heading reads the text that belongs to a name which is the text of an element.
func (r *reader) heading(f field, at int) bool {
	next := r.element(at)
	if next > 0 {
		f.op = ">"
		r.value(f, next, false)
	}
	return next > 0
}

// inPage reads the text that stands in a page beside a name.
func (r *reader) inPage(f field, at int) bool {
	if r.lang != markup {
		return false
	}
	next := r.beside(at)
	if next > 0 {
		f.op = ">"
		r.remark(f, next)
	}
	return next > 0
}

// fallbacks stand between a variable of the environment and its default.
var fallbacks = [...]string{"||=", "||", "??", "?:", "or ", "|> Option.value ~default:", ".unwrap_or(", ".unwrap_or_else(|_| ", ".orElse(", ".getOrElse(", "{ "}

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
// and ${env:DB_PASSWORD, 'x'} of Serverless.
func (r *reader) template(f field, at int) bool {
	if r.has(f.keyStart-len("${env:"), "${env:") && r.has(at, ", ") && r.quote(at+2) != nil {
		f.op = ":"
		r.quotedValue(f, at+2, r.quote(at+2))
		return true
	}
	if !r.has(f.keyStart-2, "${") || r.byteAt(at) != ':' || strings.IndexByte("-=?+}:$#\"'", r.byteAt(at+1)) >= 0 {
		return false
	}
	end := at + 1
	for end < len(r.data) && end-at < maxGap && strings.IndexByte("} \t\n\"'", r.data[end]) < 0 {
		end++
	}
	if r.byteAt(end) == '}' {
		f.op, f.form = ":", bareWord
		r.yieldTrimmed(f, at+1, end)
	}
	return true
}

// element gives the offset of the text that belongs to a name which is the text of
// an element: <name>x</name><value>y</value>, <key>x</key><string>y</string>; 0 if it
// is none.
func (r *reader) element(at int) int {
	name, next := r.tag(at)
	if !slices.Contains(headings, name) || r.byteAt(at+1) != '/' {
		return 0
	}
	next = r.blank(next)
	for _, tag := range texts {
		if r.has(next, tag) {
			return next + len(tag)
		}
	}
	if name, behind := r.tag(next); name == "value" {
		return behind
	}
	return 0
}

// tag gives the name of a tag at an offset without its namespace, and the offset behind it.
func (r *reader) tag(at int) (name string, behind int) {
	if r.byteAt(at) != '<' {
		return "", at
	}
	from := at + 1
	if r.byteAt(from) == '/' {
		from++
	}
	end := from
	for ; end-from < maxKey && (isWord(r.byteAt(end)) || r.byteAt(end) == ':'); end++ {
		if r.data[end] == ':' {
			from = end + 1
		}
	}
	if r.byteAt(end) != '>' {
		return "", at
	}
	return string(r.data[from:end]), end + 1
}

// headings are elements whose text is the name of the next one.
var headings = []string{"name", "key", "param-name", "stringProp"}

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

// asked says whether a name is a key of YAML that stands behind a question mark.
func (r *reader) asked(start int) bool {
	return r.lang == config && (r.has(start-2, "? ") || r.has(start-3, "? \"") || r.has(start-3, "? '"))
}

// sets says whether a function of that name takes a credential: setPassword,
// with_token, password; not createToken, password.encode, getSecret.
func sets(name string, facts keyFacts) bool {
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		name = name[dot+1:]
		facts = readKey(name)
	}
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
