package judge

import (
	"bytes"
	"strings"
)

// alike are the functions whose arguments are, or become, the same: what stands there
// beside the name of a credential is one.
var alike = map[string]bool{
	"strcmp": true, "strncmp": true, "strcasecmp": true, "strncasecmp": true, "stricmp": true, "strcpy": true, "strncpy": true, "strlcpy": true, "strcpy_s": true, "strdup": true,
	"compare_digest": true, "constant_time_compare": true, "hash_equals": true, "constanttimecompare": true, "timingsafeequal": true, "secure_compare": true, "constant_time_eq": true,
	"equals": true, "equalsignorecase": true,
}

// asserted are those by which a test says what it expects: of a made-up text, mostly.
var asserted = map[string]bool{
	"assertequals": true, "assertequal": true, "assert_eq": true, "assert_equal": true, "areequal": true, "xctassertequal": true, "assertsame": true, "equal": true,
	"tobe": true, "toequal": true, "tostrictequal": true, "isequalto": true, "eq": true, "eql": true,
}

// conversions stand around a name and leave it what it is: []byte(password).
var conversions = map[string]bool{"byte": true, "bytes": true, "from": true, "str": true, "string": true, "trim": true, "expect": true, "assertthat": true}

// methods do so behind it.
var methods = []string{".as_bytes", ".as_str", ".c_str", ".encode", ".getBytes", ".toString", ".to_s", ".trim", ".strip"}

// together reads the literal that a call compares with a name, or copies to it, and says
// whether there is one: strcmp(password, "x"), "x".equals(password),
// expect(user.password).toBe("x").
func (r *reader) together(f field, end int) bool {
	if strings.IndexByte(",()", r.byteAt(end)) < 0 {
		return false
	}
	for _, m := range methods {
		f.key = strings.TrimSuffix(f.key, m)
	}
	f.op = "=="
	for r.has(end, "()") {
		end += 2
	}
	from := f.keyStart
	for range 3 {
		name, open := r.callee(from)
		if open < 0 {
			return false
		}
		f.asserted = asserted[name]
		if f.asserted || alike[name] {
			return r.after(f, end) || r.before(f, from) || r.receiver(f, open)
		}
		if !conversions[name] || r.byteAt(end) != ')' {
			return false
		}
		if end++; r.matched(f, end) {
			return true
		}
		from = open
	}
	return false
}

// callee gives the function, in lower case, among whose arguments an offset is, and where
// their bracket opens; -1 if none does on the line.
func (r *reader) callee(at int) (name string, open int) {
	depth := 0
	for limit := max(0, at-maxKey); at > limit; {
		at--
		switch c := r.data[at]; c {
		case '\n', ';', '{', '}':
			return "", -1
		case '"', '\'':
			if at = bytes.LastIndexByte(r.data[limit:at], c) + limit; at < limit {
				return "", -1
			}
		case ')':
			depth++
		case '(':
			if depth--; depth < 0 {
				end := at
				if r.byteAt(end-1) == '!' { // a macro of Rust
					end--
				}
				start := end
				for start > limit && isWord(r.data[start-1]) {
					start--
				}
				name = strings.ToLower(string(r.data[start:end]))
				return name[strings.LastIndexByte(name, '.')+1:], at
			}
		}
	}
	return "", -1
}

// after reads the argument behind a name.
func (r *reader) after(f field, at int) bool {
	for r.byteAt(at) == ')' {
		at++
	}
	if at = r.spaces(at); r.byteAt(at) != ',' {
		return false
	}
	at = r.unwrap(r.blank(at+1), false)
	mark := r.quote(at)
	return mark != nil && r.quotedValue(f, at, mark) > 0
}

// before reads the one before it.
func (r *reader) before(f field, at int) bool {
	for limit := max(0, at-maxKey); at > limit && (isWord(r.data[at-1]) || strings.IndexByte("$@&*>:[]", r.data[at-1]) >= 0); {
		at--
	}
	for at > 0 && isSpace(r.data[at-1]) {
		at--
	}
	if r.byteAt(at-1) != ',' {
		return false
	}
	for at--; r.byteAt(at-1) == ')'; at-- {
	}
	return r.ending(f, at)
}

// receiver reads the text whose method a call is.
func (r *reader) receiver(f field, open int) bool {
	dot := bytes.LastIndexByte(r.data[max(0, open-24):open], '.')
	return dot >= 0 && r.ending(f, max(0, open-24)+dot)
}

// ending reads the literal that ends at an offset.
func (r *reader) ending(f field, end int) bool {
	c := r.byteAt(end - 1)
	if c != '"' && c != '\'' {
		return false
	}
	from := max(0, end-1-maxGap)
	open := bytes.LastIndexByte(r.data[from:end-1], c)
	if open < 0 || r.byteAt(from+open-1) == '\\' {
		return false
	}
	return r.quotedValue(f, from+open, r.data[from+open:from+open+1]) == end
}

// matched reads what a test expects of the name before it: .toBe("x"), .to eq("x").
func (r *reader) matched(f field, at int) bool {
	if r.byteAt(at) != '.' {
		return false
	}
	_, end, ok := r.word(at + 1)
	if ok && r.has(at, ".to ") {
		at = end
		_, end, ok = r.word(at + 1)
	}
	if name := strings.ToLower(string(r.data[at+1 : max(at+1, end)])); !ok || !asserted[name[strings.LastIndexByte(name, '.')+1:]] || r.byteAt(end) != '(' && r.byteAt(end) != ' ' {
		return false
	}
	f.asserted = true
	mark := r.quote(end + 1)
	return mark != nil && r.quotedValue(f, end+1, mark) > 0
}

// labels stand in Swift, Objective-C and Haskell between a value and the name that it is kept or
// sent under: set("x", forKey: "password"), addValue:@"x" forHTTPHeaderField:@"X-Api-Key".
var labels = []string{"forKey:", "forHTTPHeaderField:", "forHeaderField:", "forHTTPHeader:", "forField:", "for:", "<$> lookupEnv", "<$> getEnv"}

// labelled reads the value before a label and a quoted name.
func (r *reader) labelled(f field, _ int) bool {
	if r.lang != code || !f.keyQuoted || !r.known.of([]byte(f.key)).facts.last {
		return false
	}
	at := f.keyStart - 1
	if r.byteAt(at-1) == '@' {
		at--
	}
	before := bytes.TrimRight(r.data[max(0, at-24):max(0, at)], " ")
	for _, label := range labels {
		if rest, ok := bytes.CutSuffix(before, []byte(label)); ok {
			rest = bytes.TrimRight(rest, " ,")
			f.op = "="
			return r.ending(f, max(0, at-24)+len(rest))
		}
	}
	return false
}

// parallel gives the operator behind a list of names of which one is at start:end, and how
// many stand before it: user, password = "app", "x". It is -1 if that is none. Most names
// are in none: what is cheapest to see comes first.
func (r *reader) parallel(start, end int) (at, n int) {
	for at = r.spaces(end); r.byteAt(at) == ',' && at-end < maxKey; at = r.spaces(at) {
		for at = r.spaces(at + 1); at-end < maxKey && (isWord(r.byteAt(at)) || r.byteAt(at) == '$'); at++ {
		}
	}
	if c := r.byteAt(at); c == ']' || c == ')' { // const [user, password] = ["app", "x"]
		at = r.spaces(at + 1)
	}
	if c := r.byteAt(at); c != '=' && c != ':' {
		return -1, 0
	}
	line := bytes.TrimLeft(r.lead(start, maxKey), " \t")
	for _, word := range [...]string{"const ", "let ", "var ", "val ", "local ", "my (", "["} {
		line = bytes.TrimPrefix(line, []byte(word))
	}
	n = bytes.Count(line, []byte(","))
	if n == 0 && r.byteAt(r.spaces(end)) != ',' || len(bytes.Trim(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$@, ")) > 0 || len(line) > 0 && line[len(line)-1] != ' ' && line[len(line)-1] != ',' && line[len(line)-1] != '$' {
		return -1, 0
	}
	return at, n
}

// unpacked reads the value of a name in such a list, and says whether it is in one.
func (r *reader) unpacked(f field, end int) bool {
	at, n := r.parallel(f.keyStart, end)
	if at < 0 {
		return false
	}
	switch {
	case r.has(at, ":= "):
		at = r.spaces(at + 2)
	case r.has(at, "= "):
		at = r.spaces(at + 1)
	default:
		return false
	}
	if c := r.byteAt(at); c == '[' || c == '(' {
		at = r.blank(at + 1)
	}
	for ; n > 0; n-- {
		if mark := r.quote(at); mark != nil {
			stop := bytes.Index(r.data[at+len(mark):min(len(r.data), at+maxGap)], mark)
			if stop < 0 {
				return true
			}
			at += stop + 2*len(mark)
		} else {
			for isWord(r.byteAt(at)) {
				at++
			}
		}
		if at = r.spaces(at); r.byteAt(at) != ',' {
			return true
		}
		at = r.blank(at + 1)
	}
	if mark := r.quote(at); mark != nil {
		f.op = "="
		r.quotedValue(f, at, mark)
	}
	return true
}

// compared reads the text that a name is compared with, where that comes first:
// 'x' === password.
func (r *reader) compared(f field, _ int) bool {
	at := f.keyStart
	for limit := max(0, at-maxKey); at > limit && (r.data[at-1] == '$' || r.data[at-1] == '>' || isWord(r.data[at-1])); {
		at--
	}
	spaces := at
	for spaces > 0 && r.data[spaces-1] == ' ' {
		if spaces--; at-spaces >= 8 {
			return false
		}
	}
	if c := r.byteAt(spaces - 1); c != '=' && c != '!' {
		return false
	}
	text := bytes.TrimRight(r.data[max(0, at-8):at], " ")
	op := len(bytes.TrimRight(text, "=!"))
	if n := len(text) - op; n < 2 || n > 3 {
		return false
	}
	f.op = "=="
	return r.ending(f, max(0, at-8)+len(bytes.TrimRight(text[:op], " ")))
}

// moved reads what COBOL puts into a variable: MOVE "x" TO PASSWORD.
func (r *reader) moved(f field, _ int) bool {
	at := f.keyStart - len(" TO ")
	if !r.has(at, " TO ") {
		return false
	}
	line := r.data[max(0, at-maxGap):at]
	if !bytes.HasPrefix(bytes.TrimLeft(line[bytes.LastIndexByte(line, '\n')+1:], " "), []byte("MOVE ")) {
		return false
	}
	f.key, f.op = strings.TrimSuffix(f.key, "."), "="
	return r.ending(f, at)
}

// returned reads the literal that is all that a function or property gives:
// String getPassword() { return "x"; }, var apiKey: String { "x" }, def password; "x"; end.
func (r *reader) returned(f field, at int) bool {
	if c := r.byteAt(f.keyStart - 1); c == '"' || c == '\'' {
		return false
	}
	if facts := r.known.of([]byte(f.key)).facts; facts.noun < nounAPIKey || !facts.last {
		return false
	}
	head := r.rest(at, maxKey)
	if len(head) > 0 && head[0] == '(' {
		head = head[max(0, bytes.IndexByte(head, ')')):]
	}
	n := bytes.IndexAny(head, "{=;\"'`#")
	if n < 0 { // the body stands below
		n = len(bytes.TrimRight(head, " \r"))
	}
	open := at + len(r.rest(at, maxKey)) - len(head) + n
	switch {
	case r.has(open, "=> "):
		open++
	case r.has(open, "= () => "):
		open += len("= () =")
	case r.has(open, "= ") && bytes.HasSuffix(bytes.TrimRight(head[:n], " "), []byte("get()")), r.byteAt(open) == '{':
	case (r.byteAt(open) == '\n' || r.byteAt(open) == ';' || bytes.HasSuffix(head[:n], []byte(": return "))) && r.has(f.keyStart-4, "def "):
		if r.quote(open) != nil { // def password(): return "x"
			open--
		}
	default:
		return false
	}
	from := r.blank(open + 1)
	if r.has(from, "return ") {
		from += len("return ")
	}
	mark := r.quote(from)
	if mark == nil || len(mark) > 1 {
		return false
	}
	text := r.rest(from+1, maxGap)
	stop := bytes.IndexByte(text, mark[0])
	if stop < 0 {
		return false
	}
	if c := r.byteAt(r.spaces(from + stop + 2)); c != ';' && c != '}' && c != '\n' && c != '\r' && c != 0 {
		return false
	}
	f.op, f.asserted = "=", true
	r.quotedValue(f, from, mark)
	return true
}
