package judge

import (
	"bytes"
	"path"
	"strings"
)

// entrances are parts of the names of functions and types that take a credential among their
// arguments, whatever comes before it: to log in, to prove who one is, to make a key of it.
// Ways in take names of events and servers, too.
var entrances, waysIn = []string{
	"login", "logon", "log_in", "signin", "sign_in", "signup", "sign_up", "auth", "credential", "passw", "jedispool", "sshclient", "sftpclient", "ftpclient",
	"pbkdf2", "scrypt", "bcrypt", "derivebytes", "pkcs12", "pfx", "certificate2", "hmac", "encryptor", "cipher", "csrf", "aes", "symmetrickey", "key::from", "key.from",
	"pw_set", "encrypter", "secretkey(", "signwith(", "jwt:sign", "pkey::rsa", "algorithm::hs", "plaintext(", "plain_text(", "softap(", "getsession(",
}, []string{"bind", "connect", "register", "user(", "account(", "dialer", "drivermanager", "imap", "smtp"}

// called reads what somebody made up among the arguments of a call that takes a credential:
// new SshClient("h", "ops", "x"), hmac.New(sha256.New, []byte("x")). Other texts there are
// names of users, servers and methods.
func (r *reader) called(start, end int) {
	if c := r.byteAt(end); c != '(' && c != ':' && c != '{' && (c != ' ' || r.byteAt(end+1) != '"') || r.lang != code || r.spent > 4*len(r.data) {
		return
	}
	for limit := max(0, start-maxKey); start > limit && (isWord(r.data[start-1]) || r.data[start-1] == ':' || r.data[start-1] == '>' && r.byteAt(start-2) == '-' || r.data[start-1] == '-'); {
		start-- // Credentials::new, $ldap->bind
	}
	for isWord(r.byteAt(end)) || r.has(end, "::") {
		if end += 1 + strings.Count(string(r.byteAt(end)), ":"); end-start > 2*maxKey {
			return
		}
	}
	switch next := r.byteAt(end); {
	case next == '(':
	case next == '{' && r.quote(end+1) != nil: // of C++: hs256{"x"}
	case next == ' ' && r.byteAt(end+1) == '"' && bytes.Contains(bytes.ToLower(r.data[start:end]), []byte("auth")): // of F# and Haskell: basicAuth "shop" "x"
	default:
		return
	}
	name := bytes.ToLower(r.data[start : end+1])
	if strong := mentions(name, entrances...); (strong || mentions(name, waysIn...)) && !mentions(name, sayings...) {
		r.arguments(end+1, !strong)
	}
}

// isStore says whether a text is the name of a file of keys, which a password opens.
func isStore(text string) bool {
	switch path.Ext(text) {
	case ".pfx", ".p12", ".jks", ".keystore":
		return true
	}
	return false
}

// isCompound says whether a value is words with humps between them and a number, as people
// make passwords up: Lantern_canyon93, summit67River.
func isCompound(value string) bool {
	s := readShape(value)
	share, _ := placeholderShare(value)
	return s.length >= 9 && s.length <= 24 && s.digits >= 2 && s.digits <= 4 && s.upper > 0 && s.upper <= 3 && s.lower >= 6 && s.punct == s.dashes+s.underscores && s.punct <= 1 && share <= 0.5
}

// sayings are parts of the names of functions that say or make something of a credential
// instead of taking it.
var sayings = []string{"author", "hashed", "disconnect", "connected", "binding", "label", "error", "message", "route", "path", "url", "get_", "getpass", "verify_", "field", "assert", "expect", "encoded"}

// arguments yields the texts of a call that somebody made up. Where others have such marks, too,
// the call being a weak sign, only a longer one behind the name of a user counts.
func (r *reader) arguments(at int, weak bool) {
	begin, depth, user := at, 0, false
	defer func() { r.spent += at - begin }()
	for limit := min(len(r.data), at+maxGap+maxKey); at < limit && depth >= 0; at++ {
		switch c := r.data[at]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ';':
			return
		case '"', '\'':
			if c == '\'' && isWord(r.byteAt(at-1)) && r.byteAt(at-1) != 'b' { // don't
				return
			}
			stop := bytes.IndexByte(r.rest(at+1, maxGap), c)
			if stop < 0 {
				return
			}
			f := field{key: "password", keyStart: at, op: "(", form: quoted, start: at + 1, end: at + 1 + stop, value: string(r.data[at+1 : at+1+stop])}
			at = f.end
			after := r.byteAt(r.spaces(at + 1))
			if r.byteAt(f.start-2) == '[' && isWord(r.byteAt(f.start-3)) { // the name of an element
				continue
			}
			if (isMadeUp(f.value) || !weak && (isRandom(f.value) || user && !r.tests && isCompound(f.value))) && (!weak || user && len(f.value) >= 8) && depth <= 2 && plausible(&f) && after != '+' && after != ':' && after != '%' && after != '=' {
				r.certain("password")(f, 0.75)
			}
			user = isUser(f.value) || strings.HasPrefix(strings.ToLower(f.value), "cn=") || strings.Contains(f.value, "dc=") || strings.HasPrefix(strings.ToLower(f.value), "uid=") || isStore(f.value)
		}
	}
}
