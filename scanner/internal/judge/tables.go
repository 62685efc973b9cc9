package judge

import (
	"bytes"
	"slices"
	"strings"
)

// column yields the values below a name that is the head of a column, and says whether
// it is one: of a file of separated values, of a table in Markdown, of an INSERT.
func (r *reader) column(key *name, start int) bool {
	if r.spent > 4*len(r.data) || key.facts.noun < nounCredential || !key.facts.last {
		return false
	}
	f := field{key: key.text, keyStart: start, op: "=", form: quoted}
	switch r.lang {
	case separated:
		return r.csv(f)
	case prose:
		return r.drawn(f) || r.laid(f)
	case markup:
		return r.laid(f)
	}
	return r.inserted(f) || r.defined(f)
}

// csv reads a file of separated values whose first line has a name.
func (r *reader) csv(f field) bool {
	line := r.data[:max(bytes.IndexByte(r.data[:min(len(r.data), maxValue)], '\n'), 0)]
	if f.keyStart >= len(line) {
		return false
	}
	mark := byte(',')
	for _, other := range []byte(";\t|") {
		if bytes.Count(line, []byte{other}) > bytes.Count(line, []byte{mark}) {
			mark = other
		}
	}
	n := bytes.Count(line[:f.keyStart], []byte{mark})
	for at := len(line) + 1; at < len(r.data); {
		stop := r.lineEnd(at)
		r.cell(f, at, stop, n, mark)
		at = stop + 1
	}
	return true
}

// drawn reads a table of Markdown: | user | password |, a line of dashes, and rows.
func (r *reader) drawn(f field) bool {
	if f.keyStart >= r.around.start { // a line of prose, mostly
		if line := r.lineOf(f.keyStart); !line.bars && !r.has(line.end+1, "==") {
			return false
		}
	}
	from := max(0, f.keyStart-maxValue)
	head := f.keyStart - len(r.lead(f.keyStart, maxValue))
	rest, rows, _ := bytes.Cut(r.data[f.keyStart:min(len(r.data), f.keyStart+2*maxValue)], []byte("\n"))
	dashes, _, _ := bytes.Cut(rows, []byte("\n"))
	stop := f.keyStart + len(rest) + 1 + len(dashes)
	n := bytes.Count(r.data[head:f.keyStart], []byte("|"))
	if n == 0 && bytes.IndexByte(rest, '|') < 0 {
		return r.ruled(f, head, stop, dashes)
	}
	if n > 0 && bytes.HasSuffix(bytes.TrimRight(r.data[from:head], " \t\r\n"), []byte("|===")) { // AsciiDoc
		stop = f.keyStart + len(rest)
	} else if !bytes.Contains(dashes, []byte("--")) || len(bytes.Trim(dashes, "|-: \t\r")) > 0 {
		bars := n + bytes.Count(rest, []byte("|"))
		before, behind := bytes.TrimRight(r.data[head:f.keyStart], " \t"), bytes.TrimLeft(rest[min(len(rest), len(f.key)):], " \t")
		if !bytes.HasSuffix(before, []byte("|")) || !bytes.HasPrefix(behind, []byte("|")) || bytes.HasSuffix(bytes.TrimRight(r.data[from:head], " \t\r\n"), []byte("|")) || bars < 2 || bytes.Count(dashes, []byte("|")) != bars || !bytes.HasPrefix(bytes.TrimSpace(dashes), []byte("|")) {
			return false
		}
		stop = f.keyStart + len(rest) // Gherkin: the rows follow at once
	}
	for at := stop + 1; at < len(r.data); at = stop + 1 {
		if stop = r.lineEnd(at); bytes.IndexByte(r.data[at:stop], '|') < 0 {
			break
		}
		r.cell(f, at, stop, n, '|')
	}
	return true
}

// ruled reads a simple table of reStructuredText, whose lines of = say how wide its columns are.
func (r *reader) ruled(f field, head, stop int, rule []byte) bool {
	rule = bytes.TrimRight(rule, " \r")
	if from := f.keyStart - head; from >= len(rule) || rule[from] != '=' || from > 0 && rule[from-1] == '=' || len(bytes.Trim(rule, "= ")) > 0 || !bytes.Contains(rule, []byte("= ")) {
		return false
	}
	from, width := f.keyStart-head, bytes.IndexByte(rule[f.keyStart-head:], ' ')
	for at := stop + 1; at < len(r.data) && r.data[at] != '='; at = stop + 1 {
		stop = r.lineEnd(at)
		end := stop
		if width > 0 {
			end = min(stop, at+from+width)
		}
		if r.spent += stop - at; at+from < end {
			r.yieldTrimmed(f, at+from, end)
		}
	}
	return true
}

// laid reads a table of HTML: a row of heads, of which the name is one, and rows of cells.
func (r *reader) laid(f field) bool {
	before := r.data[max(0, f.keyStart-maxValue):f.keyStart]
	row := bytes.LastIndex(before, []byte("<tr"))
	if row < 0 || !bytes.HasSuffix(bytes.TrimRight(before, " \r\n\t"), []byte(">")) {
		return false
	}
	n := bytes.Count(before[row:], []byte("<th"))
	closing := bytes.Index(r.data[f.keyStart:min(len(r.data), f.keyStart+maxValue)], []byte("</tr>"))
	if closing < 0 || n == 0 || mentions(before[row:], "<td", "</tr>") || bytes.Contains(r.data[f.keyStart:f.keyStart+closing], []byte("<td")) || n+bytes.Count(r.data[f.keyStart:f.keyStart+closing], []byte("<th")) < 2 {
		return false
	}
	at := f.keyStart + closing
	table := r.data[at:min(len(r.data), at+farthest)]
	if end := bytes.Index(table, []byte("</table>")); end >= 0 {
		table = table[:end]
	}
	r.spent += len(table)
	for _, row := range bytes.SplitAfter(table, []byte("</tr>")) {
		from := 0
		for i := 0; i < n && from >= 0; i++ {
			if next := bytes.Index(row[from:], []byte("<td")); next < 0 {
				from = -1
			} else {
				from += next + len("<td")
			}
		}
		if from > 0 {
			r.cellOfPage(f, at+from)
		}
		at += len(row)
	}
	return true
}

// cellOfPage yields the text of a cell, behind what opens it and what emphasises it.
func (r *reader) cellOfPage(f field, at int) {
	for range 3 {
		n := bytes.IndexByte(r.rest(at, maxGap), '>')
		if n < 0 {
			return
		}
		if at = r.blank(at + n + 1); r.byteAt(at) != '<' {
			break
		}
	}
	if n := bytes.IndexByte(r.rest(at, maxGap), '<'); n > 0 {
		r.yieldTrimmed(f, at, at+n)
	}
}

// cell yields a cell of a row, by its number.
func (r *reader) cell(f field, at, stop, n int, mark byte) {
	r.spent += stop - at
	for ; n > 0; n-- {
		next := r.cellEnd(at, stop, mark) + 1
		if next > stop {
			return
		}
		at = next
	}
	end := r.cellEnd(at, stop, mark)
	for at < end && strings.IndexByte(" \t\"'`*", r.data[at]) >= 0 {
		at++
	}
	for at < end && strings.IndexByte(" \t\r\"'`*", r.data[end-1]) >= 0 {
		end--
	}
	if r.lang == prose && bytes.IndexByte(r.data[at:max(at, end)], '-') >= 0 && isPlain(string(r.data[at:end])) { // of a sentence: rotated-daily
		return
	}
	r.yieldTrimmed(f, at, end)
}

// cellEnd gives the end of a cell. A mark within quotation marks is text.
func (r *reader) cellEnd(at, stop int, mark byte) int {
	within := false
	for at < stop && (within || r.data[at] != mark) {
		if r.data[at] == '"' {
			within = !within
		}
		at++
	}
	return at
}

func (r *reader) lineEnd(at int) int {
	if i := bytes.IndexByte(r.data[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(r.data)
}

// copied reads COPY users (name, password) FROM stdin; and the rows below it, in which
// tabs part the cells.
func (r *reader) copied(f field, n, closing int) {
	if head := r.data[closing:r.lineEnd(closing)]; !bytes.Contains(bytes.ToLower(head), []byte("from stdin")) {
		return
	}
	for at := r.lineEnd(closing) + 1; at < len(r.data) && !r.has(at, "\\."); {
		stop := r.lineEnd(at)
		if stop == at {
			break
		}
		r.cell(f, at, stop, n, '\t')
		at = stop + 1
	}
}

// inserted reads INSERT INTO users (name, password) VALUES ('x', 'y'), ('z', ...).
func (r *reader) inserted(f field) bool {
	open, n := r.columns(f.keyStart)
	if open < 0 {
		return false
	}
	copies, inserts := into(r.data[max(0, open-maxGap):open])
	if !copies && !inserts {
		return false
	}
	closing := bytes.IndexByte(r.data[f.keyStart:min(len(r.data), f.keyStart+maxValue)], ')')
	if closing < 0 {
		return false
	}
	at := r.blank(f.keyStart + closing + 1)
	if isTexts(bytes.Fields(r.data[max(0, open-maxGap):open])) {
		return true
	}
	if copies {
		r.copied(f, n, at)
		return true
	}
	return r.rows(at, func(at int) int { return r.tuple(f, at, n) })
}

// isTexts says whether the last of some words is the name of a table that holds the texts of
// a user interface.
func isTexts(words [][]byte) bool {
	return len(words) > 0 && mentions(bytes.ToLower(words[len(words)-1]), "translation", "i18n", "l10n", "locale", "messages", "labels")
}

// columns gives the bracket that opens the list of names around an offset, and how
// many of them stand before; -1 if something else does.
func (r *reader) columns(start int) (open, before int) {
	return r.listAround(&r.inserting, start, func(at, _ int) (n, depth int, stops bool) {
		switch c := r.data[at]; c {
		case '(':
			return 0, 0, true
		case ',':
			return 1, 0, false
		case ' ', '\t', '\r', '\n', '"', '`', '[', ']', '\'', '\\':
			return 0, 0, false
		default:
			return 0, 0, !isWord(c)
		}
	})
}

// list remembers which bracket was the last to open a list of names. Names that follow in that
// list are in it, too; without this, a list would be read once for each of them.
type list struct{ at, open, before int }

// remembered is how much less a byte counts that was looked at for a list.
const remembered = 16

// listAround gives the bracket that opens the list around an offset, -1 if none does, and how many
// names stand before. It asks about each byte, backwards: whether it parts two names, how many
// brackets are to be closed before it, and whether it ends the search.
func (r *reader) listAround(l *list, start int, ask func(at, depth int) (n, deeper int, stops bool)) (open, before int) {
	open, depth, at := -1, 0, start-1
	for ; at >= 0 && start-at < maxValue; at-- {
		if depth == 0 && at < l.at && start >= l.at {
			open, before = l.open, before+l.before
			break
		}
		n, deeper, stops := ask(at, depth)
		if stops {
			if r.data[at] == '(' {
				open = at
			}
			break
		}
		before, depth = before+n, depth+deeper
	}
	r.spent += (start - at) / remembered // to be read again is rare
	if start >= l.at {
		*l = list{start, open, before}
	}
	if open < 0 || start-open >= maxValue {
		return -1, 0
	}
	return open, before
}

// into says whether a text ends with COPY or INTO, and the name of a table.
func into(text []byte) (copies, inserts bool) {
	words := bytes.Fields(text)
	is := func(n int, word string) bool {
		return len(words) >= n && bytes.EqualFold(words[len(words)-n], []byte(word))
	}
	return is(2, "copy"), is(2, "into") || is(3, "into") || is(2, "insert") // OVERWRITE INTO TABLE users
}

// tuple yields the item of a number in a list of values, and gives the offset behind the
// list, -1 if it does not end.
func (r *reader) tuple(f field, at, n int) int {
	begin, depth := at, 0
	defer func() { r.spent += max(at, begin) - begin }()
	for limit := at + 1<<20; at < len(r.data) && at < limit; at++ {
		switch c := r.data[at]; {
		case c == '\'' || c == '"':
			stop := r.stringEnd(at)
			if stop < 0 {
				return -1
			}
			if n == 0 && depth == 0 {
				r.yieldTrimmed(f, at+1, stop)
			}
			at = stop
		case c == '(':
			depth++
		case c == ')' && depth == 0:
			return at + 1
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			n--
		}
	}
	return -1
}

// stringEnd gives the quotation mark that ends a string of SQL, -1 if none does. One
// that stands twice, or behind a backslash, does not.
func (r *reader) stringEnd(at int) int {
	mark := r.data[at]
	for at++; at < len(r.data); at++ {
		switch {
		case r.data[at] == '\\':
			at++
		case r.data[at] == mark && r.byteAt(at+1) == mark:
			at++
		case r.data[at] == mark:
			return at
		}
	}
	return -1
}

// tables are last words of the names of tables of SQL that say who may log in.
var tables = append([]string{"user", "account", "login", "admin", "admins", "member", "members", "credentials"}, people...)

// added reads INSERT INTO users VALUES ('bob', 'x'), which does not say what its columns
// are: a password counts if it can be nothing else.
func (r *reader) added(end int) {
	at, table := r.tableName(r.blank(end))
	table = strings.TrimRight(table, "`\"]")
	logins := slices.ContainsFunc(tables, func(word string) bool { return strings.HasSuffix(table, word) })
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
				if (logins && isMadeUp(f.value) || named && (isMadeUp(f.value) || isOpaque(f.value)) || logins && name && isRandom(f.value)) && plausible(&f) {
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
	before := f.keyStart - 1
	for before >= 0 && f.keyStart-before <= maxGap && strings.IndexByte(" \t\r\n`\"[", r.data[before]) >= 0 {
		before--
	}
	if c := r.byteAt(before); c != '(' && c != ',' || f.keyStart-before > maxGap {
		return false
	}
	at, n := r.listAround(&r.creating, f.keyStart, func(at, depth int) (n, deeper int, stops bool) {
		switch c := r.data[at]; {
		case c == ';', c == '(' && depth == 0:
			return 0, 0, true
		case c == '(':
			return 0, -1, false
		case c == ')':
			return 0, 1, false
		case c == ',' && depth == 0:
			return 1, 0, false
		}
		return 0, 0, false
	})
	if at < 0 {
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
