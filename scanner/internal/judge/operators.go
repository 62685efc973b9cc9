package judge

import (
	"bytes"
	"slices"
	"strings"
)

// operator gives what stands between a name and its value.
func (r *reader) operator(at int, spaced, keyQuoted bool, start int) string {
	for _, op := range operatorsFrom(r.byteAt(at)) {
		if r.has(at, op) {
			return op
		}
	}
	return r.unusual(at, spaced, keyQuoted, start)
}

// operatorsFrom gives the operators that begin with a byte, before those that they begin with.
func operatorsFrom(c byte) []string {
	switch c {
	case '=':
		return equalities
	case ':':
		return colons
	case '!', '-', '<', '?', '+', '|', '~':
		return otherOperators
	}
	return nil
}

var (
	equalities     = []string{"===", "=>", "==", "="}
	colons         = []string{":=", "::=", "::", ":-", ":"}
	otherOperators = []string{"!==", "!=", "~=", "<>", "->", "<-", "?=", "+=", "||=", "||", "??=", "??"}
)

// wideColon is the colon of Chinese and Japanese.
const wideColon = "\uff1a"

// dashes stand in lists between a name and what it is.
var dashes = [...]string{"\u2013 ", "\u2014 ", "\u2192 "}

// unusual gives what does so in few languages, or by its surroundings only.
func (r *reader) unusual(at int, spaced, keyQuoted bool, start int) string {
	c := r.byteAt(at)
	if !spaced { // then most mean nothing
		switch c {
		case ',', '(', ')', '{', '>', '\n', '\r', wideColon[0]:
		default:
			return ""
		}
	}
	switch {
	case c == ',' && (keyQuoted && (r.argument(start) || r.takes(start)) || r.byteAt(start-1) == '{' && bytes.IndexByte(r.data[start:at], '.') < 0 || !keyQuoted && r.lang == code && (r.has(start-5, ".put(") || r.has(start-13, ".setProperty(") || r.defaults(start))):
		return ","
	case c == ',' && !keyQuoted && r.lang == code && r.has(start-5, "set :"): // set :password, "x"
		return ","
	case c == '{' && !keyQuoted && r.lang == code && r.made(start, at):
		return "{"
	case spaced && r.lang == config && r.byteAt(start-1) == '@':
		return r.typed(at)
	case c == '-' && spaced && r.lang == shell && r.quote(at+len("-eq ")) != nil && (r.has(at, "-eq ") || r.has(at, "-ne ")): // $password -eq "x"
		return "-eq"
	case c == 'e' && spaced && r.lang == code && r.has(at, "eq ") && r.quote(at+len("eq ")) != nil: // $password eq "x"
		return "eq "
	case c == 't' && keyQuoted && spaced && r.has(at, "to ") && r.lang == code: // "password" to "x"
		return "to "
	case c == 't' && !keyQuoted && spaced && r.lang == code && r.has(start-4, "set ") && r.has(at, "to ") && r.quote(at+3) != nil: // set password to "x"
		return "to "
	case c == 'w' && keyQuoted && spaced && r.has(at, "with ") && r.quote(at+len("with ")) != nil: // I fill in "Password" with "x"
		return "with "
	case c == ',' && r.lang == config && r.takes(start): // [--password, x]
		return ","
	case c == '(' && !keyQuoted && !spaced && (r.known.of(r.data[start:at]).sets || r.lang == code && r.quote(r.unwrapPrefix(at+1)) != nil && r.declared(start, []string{"string ", "QString "})): // std::string password("x")
		return "("
	case c == 'i' && spaced && !keyQuoted && r.has(at, "isEqualToString:"): // [password isEqualToString:@"x"]
		return "isEqualToString:"
	case c == ')' && !keyQuoted && r.lang == code && r.declared(start, []string{"DATA(", "data(", "FINAL("}) && r.has(at, ") = "): // DATA(password) = 'x'
		return ") ="
	case spaced && !keyQuoted && r.lang == code && (c == 'P' || c == 'T' || c == 'p' || c == 't'): // PASSWORD PIC X(8) VALUE "x"
		if n := r.initial(at); n > 0 {
			return string(r.data[at : at+n])
		}
	case spaced && c == dashes[0][0] && r.lang == prose && r.first(start) && slices.ContainsFunc(dashes[:], func(dash string) bool { return r.has(at, dash) }): // - password – x
		return dashes[0]
	case c == wideColon[0] && r.has(at, wideColon):
		return wideColon
	case c == '>' && (r.tagged(start) || keyQuoted && r.names(start) && !r.has(at, "></")):
		return ">"
	case spaced && !keyQuoted && r.lang == markup && r.tagged(start): // <Password Type="PasswordText">
		return r.attributed(at)
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
	case spaced && (r.lang == lines || r.lang == config) && r.sent(start): // proxy_set_header X-Api-Key "x"
		return string(r.data[at-1 : at])
	case spaced && (r.lang == lines || r.lang == config && redisDirectives[strings.TrimSpace(string(r.data[start:at]))]) && r.directive(start, at):
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
	case spaced && !keyQuoted && (r.option(start) || r.has(start-8, "#define ") || r.has(start-4, "ENV ") || r.quote(at) != nil && (r.speaks(start, at) || r.lang == code && r.byteAt(start-1) == ':' && r.known.of(bytes.TrimSpace(r.data[start:at])).facts.noun >= nounToken)):
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

// initial gives how far behind the type of a variable of COBOL or ABAP its first value stands;
// 0 if it has none: PIC X(8) VALUE "x", TYPE string VALUE 'x'.
func (r *reader) initial(at int) int {
	line := r.rest(at, maxKey)
	n := bytes.Index(bytes.ToUpper(line), []byte(" VALUE "))
	if kind := bytes.ToUpper(line[:min(len(line), 5)]); n < 0 || !bytes.HasPrefix(kind, []byte("PIC ")) && string(kind) != "TYPE " {
		return 0
	}
	return n + len(" VALUE")
}

// tagged says whether a name is that of an element, in a namespace or in none.
func (r *reader) tagged(start int) bool {
	if at := start - 1; r.byteAt(at) == ':' {
		for start = at; at-start < maxKey && isWord(r.byteAt(start-1)); start-- {
		}
	}
	return r.byteAt(start-1) == '<'
}

// attributed gives the rest of a tag behind which a text stands that is not a digest.
func (r *reader) attributed(at int) string {
	tag := r.rest(at, maxGap)
	n := bytes.IndexAny(tag, "<>")
	if n < 1 || n+1 >= len(tag) || tag[n] != '>' || tag[n+1] <= ' ' || mentions(bytes.ToLower(tag[:n]), "digest", "crypt", "hash") {
		return ""
	}
	if tag[n+1] == '<' && !bytes.HasPrefix(tag[n+1:], []byte("<![CDATA[")) {
		return ""
	}
	return string(tag[:n+1])
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
	nameds       = []string{"SetEnv ", "setenv ", "set -x ", "set -gx ", "set -Ux ", "set -xg ", "setx ", "SETX ", "setx /M ", "setx /m "}
	quotedNameds = []string{"set(", "(def ", "(defonce ", "(define ", "(defparameter ", "(setq ", "(defvar ", "(defconst ", "(defcustom ", "Env:", "  @", "\n@"}
)

// declared says whether one of such words stands before a name.
func (r *reader) declared(start int, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return r.has(start-len(word), word) })
}

// made says whether a name is that of a variable or of a block that gives a literal:
// std::string password{"x"}, password { "x" }.
func (r *reader) made(start, at int) bool {
	if !lower(r.byteAt(start)) && r.byteAt(start-1) != ':' || !r.known.of(bytes.TrimSpace(r.data[start:at])).facts.last && r.byteAt(start-1) != ':' {
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
	name := r.known.of(bytes.TrimSpace(r.data[start:at]))
	key := &name.facts
	return len(name.text) > 4 && key.noun == nounPassword && key.last && !key.public && !strings.EqualFold(name.text, "passwords")
}

// sent says whether a name is that of a header or a variable that nginx sets.
func (r *reader) sent(start int) bool {
	return r.has(start-11, "set_header ") || r.has(start-5, "set $")
}

// redisDirectives are names that say what they are in a ConfigMap, too.
var redisDirectives = map[string]bool{"requirepass": true, "masterauth": true}

// directive says whether a name and a value alone stand on a line: bindpw x.
func (r *reader) directive(start, at int) bool {
	key := r.known.of(bytes.TrimSpace(r.data[start:at])).facts
	if !r.first(start) || !r.speaks(start, at) && (key.noun != nounSecret || !key.last || key.public) || bytes.HasSuffix(bytes.TrimSpace(r.data[start:at]), []byte("_pass")) && !r.has(start, "auth_pass") { // proxy_pass of nginx
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

// option says whether a name is that of an option of a command.
func (r *reader) option(start int) bool {
	if r.has(start-2, "--") {
		return true
	}
	if r.lang != shell || r.byteAt(start-1) != '-' || !isSpace(r.byteAt(start-2)) { // plink -pw x, nuget -Password x
		return false
	}
	_, end, ok := r.word(start)
	facts := r.known.of(r.data[start:max(start, end)]).facts
	return ok && facts.noun == nounPassword && facts.words == 1 && end-start > 1
}

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
	return r.byteAt(at) == '(' || r.byteAt(at) == '{' && r.lang == code && !r.declared(at, lists) || r.entry(at) || r.byteAt(at) == ',' && r.defaults(start)
}

// lists are types of lists of texts, which may be names.
var lists = []string{"[]string", "string[]", "string[] ", "String[]", "String[] ", "new[]", "new[] "}

// entry says whether a bracket opens a name and a value: [['password', 'x']].
func (r *reader) entry(at int) bool {
	return r.lang == code && r.byteAt(at) == '[' && (r.byteAt(at-1) == '[' || r.has(at-2, ", "))
}
