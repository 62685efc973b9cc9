package judge

import (
	"bytes"
	"slices"
	"strings"
)

// people are last words of the names of tables that say who may log in.
var people = []string{"users", "accounts", "logins"}

// isPeople says whether a name is that of such a table.
func isPeople(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(people, func(word string) bool { return strings.HasSuffix(name, word) })
}

// logins reads a table of users and their passwords in a program: USERS = [("alice", "x")],
// gin.Accounts{"alice": "x"}, basicAuth({ users: { alice: 'x' } }). Of other tables of users
// only what somebody made up as a password counts: most tell roles, names and numbers.
func (r *reader) logins(start, end int) {
	if r.spent > 4*len(r.data) {
		return
	}
	at, depth := r.table(start, end)
	if depth == 0 {
		return
	}
	before := bytes.ToLower(r.data[max(0, start-maxKey):end])
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	sure := mentions(before, "auth", "login", "gin.accounts", "credential")
	pairs := r.byteAt(at-1) == '(' && !bytes.Contains(r.data[end:at], []byte("array(")) && depth == 1 // Map.of("alice", "x")
	outer, user, mark, begin := depth, false, byte(0), at
	defer func() { r.spent += at - begin }()
	for limit := min(len(r.data), at+farthest); at < limit && depth > 0; at++ {
		switch c := r.data[at]; {
		case strings.IndexByte("{[(", c) >= 0:
			depth, user = depth+1, false
		case strings.IndexByte("}])", c) >= 0:
			depth, user = depth-1, user && c == ']' // ["alice"] = "x"
		case c == ';' || c == '\\': // no table: a pattern
			return
		case c == ':' || c == '=' || c == '>' || c == ',':
			mark = c
		case c == '"' || c == '\'':
			stop := bytes.IndexByte(r.rest(at+1, maxGap), c)
			if stop < 0 {
				return
			}
			f := field{key: "password", keyStart: at, op: "=", form: quoted, start: at + 1, end: at + 1 + stop, value: string(r.data[at+1 : at+1+stop])}
			if at = f.end; user && (mark != ',' || r.byteAt(r.spaces(at+1)) != ':') && (pairs || (mark == ',') == (depth > 1)) {
				r.enrolled(f, sure)
			}
			user, mark = isUser(f.value), 0
		case isWord(c):
			_, stop, ok := r.word(at)
			if !ok {
				return
			}
			if word := string(r.data[at:stop]); word == "to" && user { // of Kotlin
				mark = ':'
			} else if user, mark = isUser(word), 0; depth > outer {
				user = false // a member of an object
			}
			at = stop - 1
		}
	}
}

// table gives the offset behind the brackets that open a table, and how many they are;
// 0 if a name does not begin one.
func (r *reader) table(start, end int) (at, depth int) {
	if c := r.byteAt(end); c == '"' || c == '\'' {
		end++
	}
	if n := bytes.IndexByte(r.rest(end, 8), ']'); n > 0 && r.byteAt(end) == '[' { // users[] = {
		end += n + 1
	}
	head := r.rest(end, maxGap)
	if n := bytes.IndexAny(head, `"'`); n >= 0 {
		head = head[:n]
	}
	text := bytes.TrimRight(head, " \t\r{[(")
	if open := bytes.TrimLeft(head, " \t"); len(open) == 0 || strings.IndexByte("=:", open[0]) < 0 && head[0] != '{' {
		return 0, 0
	}
	if bytes.ContainsAny(text, ";") || bytes.HasSuffix(text, []byte("=>")) && bytes.Count(text, []byte("=>")) > 1 {
		return 0, 0
	}
	open := head[len(text):]
	for _, c := range open {
		if strings.IndexByte("{[(", c) >= 0 {
			depth++
		}
	}
	if next := r.blank(end + len(head)); depth == 0 && r.byteAt(next) == '{' && bytes.Contains(text, []byte("new ")) { // C# opens it below
		return next + 1, 1
	}
	// A bare name may begin the members: { alice: 'x' }.
	if depth == 0 {
		if n := bytes.LastIndexAny(text, "{[("); n >= 0 {
			if inner := bytes.TrimSpace(text[n+1:]); bytes.HasSuffix(inner, []byte(":")) && isUser(string(inner[:len(inner)-1])) {
				return end + n + 1, len(text[:n+1]) - len(bytes.TrimRight(text[:n+1], "{[("))
			}
		}
		return 0, 0
	}
	return end + len(text) + bytes.LastIndexAny(open, "{[(") + 1, depth
}

// isUser says whether a text may be the name of one.
func isUser(text string) bool {
	return len(text) > 0 && len(text) <= 64 && strings.IndexFunc(text, func(c rune) bool { return c >= 0x80 || !isWord(byte(c)) && c != '@' }) < 0
}

// enrolled yields what stands beside the name of a user.
func (r *reader) enrolled(f field, sure bool) {
	if sure {
		r.yield(f)
	} else if (isMadeUp(f.value) || !r.tests && isCompound(f.value)) && plausible(&f) {
		r.certain("password")(f, 0.8)
	}
}

// isMadeUp says whether a value is one that people make up as a password, and not a text that
// has such marks for other reasons: an address, a path, a query.
func isMadeUp(value string) bool {
	_, host, _ := strings.Cut(value, "@")
	word, number, numbered := strings.Cut(value, "#")
	if numbered && !strings.ContainsAny(value, "!@$%^&*?") && (strings.ToLower(value) == value || isText(word) && len(strings.TrimLeft(number, "0123456789")) <= 1) {
		return false // users#show2, Room#12
	}
	share, _ := placeholderShare(value)
	return share <= 0.75 && isChosen(value) && !escapes().MatchString(value) && !strings.ContainsAny(value, " /=:;,()") && !strings.Contains(host, ".")
}

// isRandom says whether a value is letters and digits that nobody made up.
func isRandom(value string) bool { return isOpaque(value) && !isChosen(value) || isEncoded(value) }

// isEncoded says whether a value is a key in Base64.
func isEncoded(value string) bool {
	if len(value) < 40 || len(value)%4 != 0 || !strings.HasSuffix(value, "=") {
		return false
	}
	s := readShape(value)
	return s.base64 && s.lower > 0 && s.upper > 0 && s.digits > 0 && s.cost > 5.3
}
