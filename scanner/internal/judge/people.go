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
	if r.lang != code || !isPeople(string(r.data[start:end])) || r.spent > 4*len(r.data) {
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
			if at = f.end; user && (pairs || (mark == ',') == (depth > 1)) {
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
	} else if isMadeUp(f.value) && plausible(&f) {
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
func isRandom(value string) bool { return isOpaque(value) && !isChosen(value) }

// tables are last words of the names of tables of SQL that say who may log in.
var tables = append([]string{"user", "account", "login", "admin", "admins", "member", "members", "credentials"}, people...)

// added reads INSERT INTO users VALUES ('bob', 'x'), which does not say what its columns
// are: a password counts if it can be nothing else.
func (r *reader) added(end int) {
	at, table := r.tableName(r.blank(end))
	table = strings.TrimRight(table, "`\"]")
	people := slices.ContainsFunc(tables, func(word string) bool { return strings.HasSuffix(table, word) })
	if isTexts([][]byte{[]byte(table)}) {
		return
	}
	r.rows(at, func(at int) int {
		begin, name, named := at, false, false // the last text may be the name of a user, is that of a password
		hashed := false
		defer func() { r.spent += at - begin }()
		for n := 0; n < 64; n++ {
			at = r.blank(at)
			if c := r.byteAt(at); c != '\'' && c != '"' {
				from := at
				for at < len(r.data) && strings.IndexByte(",()'\"", r.data[at]) < 0 {
					at++
				}
				if r.byteAt(at) == '(' && hashes[strings.ToLower(string(r.data[from:at]))] {
					hashed = true
					at++
					continue
				}
				name, named = false, false
			} else {
				stop := r.stringEnd(at)
				if stop < 0 {
					return -1
				}
				f := field{key: "password", keyStart: at, op: "=", form: quoted, start: at + 1, end: stop, value: string(r.data[at+1 : stop])}
				if (people && isMadeUp(f.value) || named && (isMadeUp(f.value) || isOpaque(f.value)) || people && name && isRandom(f.value)) && plausible(&f) {
					r.certain("password")(f, 0.8)
				}
				key := r.known.read(f.value).facts
				name, named, at = isUser(f.value), isUser(f.value) && key.last && !key.public && key.noun >= nounToken, r.blank(stop+1)
				if hashed && r.byteAt(at) == ')' {
					at, hashed = r.blank(at+1), false
				}
			}
			if r.byteAt(at) != ',' {
				break
			}
			at++
		}
		if r.byteAt(at) != ')' {
			return -1
		}
		return at + 1
	})
}

// hashes are functions that make of a password what is kept of it.
var hashes = map[string]bool{"md5": true, "sha": true, "sha1": true, "sha2": true, "password": true, "crypt": true, "encrypt": true}

// tableName gives the name of a table at an offset in lower case, and the offset behind it.
func (r *reader) tableName(at int) (int, string) {
	end := at
	for end < len(r.data) && end-at < maxKey && (isWord(r.data[end]) || strings.IndexByte("`\"[]", r.data[end]) >= 0) {
		end++
	}
	return end, strings.ToLower(string(r.data[at:end]))
}

// rows calls read for each list of values behind VALUES: with the offset behind its bracket,
// for that behind the list. It says whether there are some.
func (r *reader) rows(at int, read func(at int) int) bool {
	const word = "values"
	if at = r.blank(at); len(r.data)-at < len(word) || !bytes.EqualFold(r.data[at:at+len(word)], []byte(word)) {
		return false
	}
	for at = r.blank(at + len(word)); r.byteAt(at) == '('; {
		if at = read(at + 1); at < 0 {
			break
		}
		if at = r.blank(at); r.byteAt(at) == ',' {
			at = r.blank(at + 1)
		}
	}
	return true
}

// defined reads what the rows of a table hold in a column that CREATE TABLE gives this name,
// where INSERT does not name the columns; and says whether the name is that of a column.
func (r *reader) defined(f field) bool {
	before := bytes.TrimRight(r.data[max(0, f.keyStart-maxGap):f.keyStart], " \t\r\n`\"[")
	if len(before) == 0 || strings.IndexByte("(,", before[len(before)-1]) < 0 {
		return false
	}
	at, n, depth := f.keyStart-1, 0, 0
	for ; at >= 0 && f.keyStart-at < maxValue; at-- {
		c := r.data[at]
		if c == '(' && depth == 0 || c == ';' {
			break
		}
		switch {
		case c == '(':
			depth--
		case c == ')':
			depth++
		case c == ',' && depth == 0:
			n++
		}
	}
	if r.byteAt(at) != '(' {
		return false
	}
	words := bytes.Fields(bytes.ToLower(r.data[max(0, at-maxGap):at]))
	if len(words) < 3 || !slices.ContainsFunc(words[max(0, len(words)-6):len(words)-1], func(word []byte) bool { return string(word) == "table" }) {
		return false
	}
	table := string(words[len(words)-1])
	for from := f.keyStart; r.spent <= 4*len(r.data); {
		next := r.insertion(from)
		r.spent += max(next, from) - from
		if next < 0 {
			break
		}
		var name string
		if from, name = r.tableName(r.blank(next)); bare(name) == bare(table) {
			r.rows(from, func(at int) int { return r.tuple(f, at, n) })
		}
	}
	return true
}

// bare is the name of a table without its schema and what quotes it.
func bare(table string) string {
	table = strings.Trim(table, "`\"[]")
	return strings.Trim(table[strings.LastIndexByte(table, '.')+1:], "`\"[]")
}

// insertion gives the offset behind the next INSERT INTO, -1 if there is none.
func (r *reader) insertion(from int) int {
	at := -1
	for _, words := range [...]string{"INSERT INTO ", "insert into "} {
		if n := bytes.Index(r.data[from:], []byte(words)); n >= 0 && (at < 0 || from+n+len(words) < at) {
			at = from + n + len(words)
		}
	}
	return at
}
