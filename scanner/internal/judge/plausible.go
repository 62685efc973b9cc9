package judge

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// plausible drops what cannot be a credential whatever its name is.
func plausible(f *field) bool {
	value := f.value
	if len(value) < 4 || len(value) > maxValue {
		return false
	}
	for i := range len(value) {
		if value[i] <= ' ' || value[i] >= 0x7f {
			return false
		}
	}
	switch strings.ToLower(value) {
	case "inherit", "func", "function", "await", "true", "false", "null", "none", "undefined", "nil", "string", "password", "secret", "token", "yes", "optional", "required", "enabled", "disabled", "enable", "disable", "allowed", "denied", "always", "never", "on_create", "include", "define", "undef", "auto", "generated", "random", "fixme", "unchanged", "unset":
		return false
	}
	if isInvitation(value) || isSealed(value) || isTime(value) || strings.IndexFunc(value, isWordRune) < 0 {
		return false
	}
	if f.form == quoted && nouns[strings.ToLower(value)] == nounPassword { // the word for it in another language
		return false
	}
	if f.form == quoted && value[len(value)-1] == ':' && isText(value[:len(value)-1]) { // the label of a field
		return false
	}
	if f.form != quoted && f.op == ":" && value[0] == '!' && strings.Trim(value, tagLetters) == "" { // the tag of what follows
		return false
	}
	if (f.op == "" || f.op == "-" || f.op == ",") && value[0] == '-' { // the next option
		return false
	}
	if Published(value) || isOpen(value) || isReference(value) || isCode(value) || f.form != quoted && strings.IndexByte(value, '(') > 0 && (f.form != bareLine && f.form != element || strings.IndexByte(value, ')') > 0) {
		return false
	}
	if plain, ok := decoded(value); ok && len(value) >= 8 {
		if isPlaceholder(plain) || isReference(plain) {
			return false
		}
	}
	if distinct(value) < 3 || isSequence(value) || isPattern(value) || len(value) == len("0x")+40 && isAddress(value) {
		return false
	}
	return !isPlaceholder(value) && !contains(f.key, value)
}

const tagLetters = "!:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// splitUser leaves the password of a user:password that a name says to be credentials.
func (f *field) splitUser(noun noun) bool {
	user, password, found := strings.Cut(f.value, ":")
	if !found || noun != nounCredential && noun != nounAuth || f.end-f.start != len(f.value) || !isUser(user) || !isMadeUp(password) && !isOpaque(password) && !(containsFold(f.key, "basic") && isNumbered(password)) {
		return false
	}
	f.start, f.value = f.end-len(password), password
	return true
}

// isLock says whether a file notes what was installed, with digests.
func isLock(file string) bool {
	name := path.Base(file)
	return strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, "-lock.json") || strings.HasSuffix(name, ".lock.json") || strings.HasSuffix(name, "-lock.yaml") || name == "Package.resolved" || name == "go.sum"
}

// isWordRune says whether a character is more than punctuation: what passwords may be
// made of is none.
func isWordRune(r rune) bool { return r < utf8.RuneSelf && isWord(byte(r)) && r != '_' }

// isSealed says whether a value is what kubeseal makes of one: the length of the key
// before it is always the same.
func isSealed(value string) bool {
	return len(value) >= 64 && value[:2] == "Ag" && value[2] >= 'A' && value[2] <= 'D' && strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == ""
}

// Placeholder says whether a value only stands where a credential will.
func Placeholder(value string) bool {
	if plain, ok := decoded(value); ok && strings.Contains(plain, ":") {
		_, ok = basic(value)
		return !ok
	}
	return isInvitation(value) || isPlaceholder(value) || strings.HasSuffix(value, "...")
}

// isInvitation says whether a value asks to be replaced.
func isInvitation(value string) bool {
	return slices.ContainsFunc(invitations, func(word string) bool { return containsFold(value, word) })
}

var invitations = []string{"example", "changeme", "placeholder", "redacted", "dummy", "your_", "your-", "change_me", "change-me", "not_a_", "not-a-",
	"replace_me", "set-me", "set_me", "same-as", "same_as", "replace-me", "replaceme", "to-be-", "managed-outside", "managed-by", "set-manually", "out-of-band", "by-hand", "outside-terraform"}

// containsFold says whether a value holds a word of lower case in any case.
func containsFold(value, word string) bool {
	for i := 0; i+len(word) <= len(value); i++ {
		if value[i]|0x20 == word[0] && strings.EqualFold(value[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// distinct counts the different characters of a value, up to four.
func distinct(value string) int {
	var seen [256]bool
	n := 0
	for i := 0; i < len(value) && n < 4; i++ {
		if !seen[value[i]] {
			seen[value[i]] = true
			n++
		}
	}
	return n
}

// isSequence says whether a value is letters as they follow each other: abcdefgh.
func isSequence(value string) bool {
	for i := 1; i < len(value); i++ {
		if value[i] != value[i-1]+1 || !lower(value[i]|0x20) {
			return false
		}
	}
	return true
}

// patterned is how long a value is at least that somebody typed as a pattern: people
// choose shorter ones as passwords.
const patterned = 16

// isPattern says whether a value repeats itself or counts: deadbeefdeadbeef,
// 000102030405060708, 0123456789abcdef.
func isPattern(value string) bool {
	if len(value) < patterned {
		return false
	}
	return repeats(value) || counts([]byte(value), 1) || isHex(value) && counts(unhex(value), 0)
}

// repeats says whether the second half of a value says nothing new.
func repeats(value string) bool {
	for period := 1; period <= len(value)/2 && period <= 64; period++ {
		if value[period:] == value[:len(value)-period] {
			return true
		}
	}
	return false
}

// counts says whether most bytes are as far from those before them: by a step, or by
// that of the first two if the step is 0.
func counts(text []byte, step byte) bool {
	if step == 0 {
		step = text[1] - text[0]
	}
	n := 0
	for i := 1; i < len(text); i++ {
		if text[i]-text[i-1] == step {
			n++
		}
	}
	return n*8 >= (len(text)-1)*7
}

func isHex(value string) bool { return strings.Trim(value, "0123456789abcdefABCDEF") == "" }

func unhex(digits string) []byte {
	plain, _ := hex.DecodeString(digits[:len(digits)&^1])
	return plain
}

// contains says whether a value is part of its name: POSTGRES_PASSWORD=postgres, and
// KeySpecEccP256 = "ECC_P256".
func contains(key, value string) bool {
	return strings.Contains(joinedWords(key), joinedWords(value))
}

// isConstant says whether a value is part of the name of a constant before its type:
// KeySpecEccP256 KeySpec = "ECC_P256".
func (r *reader) isConstant(f *field) bool {
	end := f.keyStart
	for f.form == quoted && end > 0 && r.data[end-1] == ' ' && f.keyStart-end < maxGap {
		end--
	}
	if end == f.keyStart || end == 0 || !isWord(r.data[end-1]) {
		return false
	}
	start, end, ok := r.word(end - 1)
	return ok && contains(string(r.data[start:end]), f.value)
}

// separators stand between the words of a name, where no humps do.
var separators = strings.NewReplacer("_", "", "-", "", ".", "")

func joinedWords(name string) string { return strings.ToLower(separators.Replace(name)) }

// isTime says whether a value is a moment: 2016-09-08T21:47:36Z.
func isTime(value string) bool {
	return len(value) >= len("2006-01-02T15:04:05") && value[4] == '-' && value[7] == '-' && value[10] == 'T' && strings.Trim(value, "0123456789-:.+TZ") == ""
}

// decoded gives the text that a value is the Base64 of.
func decoded(value string) (string, bool) {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "="))
	if err != nil || len(plain) < 4 {
		return "", false
	}
	for _, c := range plain {
		if c < ' ' || c >= 0x7f {
			return "", false
		}
	}
	return string(plain), true
}

// judgeable says whether the name may be that of a credential.
func judgeable(f *field, key *keyFacts) bool {
	if number := strings.TrimRight(f.value, "inums"); key.noun < nounPassword && len(f.value) < 40 && strings.Trim(number, "0123456789.,:-+TZe_") == "" && len(f.value)-len(number) <= 2 {
		return false // a number, a date, 30ms
	}
	if strings.HasSuffix(f.key, ".") || key.noun < nounPassword && len(f.value) < 6 {
		return false // the end of a sentence; what only people choose is that short
	}
	if isElse(f, key) || f.inOptions && cheap(f.value) && !isChosen(f.value) || f.listed && !key.last && (key.noun < nounSecret || cheap(f.value)) {
		return false
	}
	if key.noun == nounSession && len(f.value) == len("AC")+32 && strings.ToUpper(f.value[:2]) == f.value[:2] && isHex(f.value[2:]) {
		return false // the SID of an object of Twilio: everybody may know it
	}
	if key.noun < nounPassword && (isVersioned(f.value) || isChord(f.value) || isObject(f.value)) {
		return false
	}
	if len(f.key) == 2 && f.op == ":" && f.value[0] >= 'A' && f.value[0] <= 'Z' && !strings.ContainsAny(f.value, "0123456789") {
		return false // PW is Palau where countries are listed
	}
	if key.noun < nounPassword && isRelease(f.value) || key.noun == nounKey && f.value[0] == '/' && strings.Count(f.value, "/") > 1 {
		return false // libsecret=0.18.5-r0, a path
	}
	if !key.last && isErrorCode(f.value) || f.op == "," && isIdentifier(f.value) {
		return false
	}
	if !key.last && (strings.HasPrefix(f.op, "==") || strings.HasPrefix(f.op, "!=")) {
		return false // token.kind == "string"
	}
	return key.noun > noNoun && !key.public
}

// isRelease says whether a value is the version of a package: 0.18.5-r0.
func isRelease(value string) bool {
	rest := strings.TrimLeft(value, "0123456789.")
	return len(value) <= 20 && strings.Count(value[:len(value)-len(rest)], ".") >= 2 && (rest == "" || strings.IndexByte("-+_~", rest[0]) >= 0)
}

// isErrorCode says whether a value is the code of an error or event: E1001, T1005I.
func isErrorCode(value string) bool {
	digits := strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
	return len(digits) >= 3 && len(digits) <= 5 && isNumber(digits) && len(value)-len(digits) <= 5 && !isNumber(value[:1])
}

// isIdentifier says whether a value is words as programs name things, in lists of such names:
// "admin_password", "create_mode".
func isIdentifier(value string) bool {
	words := strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789_.")
	return words == "" && lower(value[0]) && strings.ContainsAny(value, "_.") && (cheap(value) || !strings.ContainsAny(value, "0123456789"))
}

// isVersioned says whether a value is a name and its version: canary-v2.
func isVersioned(value string) bool {
	at := strings.LastIndex(value, "-v")
	return at > 0 && isNumber(value[at+2:]) && isObjectName(value[:at])
}

// isChord says whether a value is keys that are pressed together: Ctrl+Alt+F2, ctrl-p,ctrl-q.
func isChord(value string) bool {
	at := strings.IndexAny(value, "+-")
	return at > 0 && len(value)-at <= 16 && chords[strings.ToLower(value[:at])]
}

var chords = map[string]bool{"ctrl": true, "control": true, "alt": true, "shift": true, "cmd": true, "command": true, "meta": true, "super": true, "option": true, "fn": true}

// isObject says whether a value is the name of an object that holds the secret: shop-tls-cert.
func isObject(value string) bool {
	value = strings.TrimRight(value, "-0123456789")
	at := strings.LastIndexByte(value, '-')
	return at > 0 && objects[value[at+1:]] && isPlain(value[:at])
}

var objects = map[string]bool{"cert": true, "certs": true, "certificate": true, "certificates": true, "tls": true, "secret": true, "secrets": true, "creds": true, "credentials": true}

// isPlain says whether a value is words of lower case with dashes between them.
func isPlain(value string) bool {
	return strings.Trim(value, "abcdefghijklmnopqrstuvwxyz-") == "" && cheap(value)
}

// isElse says whether a name has another meaning where the value stands: pwd is a
// folder, passwd a database of users, secret_id a path, a key the fingerprint of one or what a row is found by.
func isElse(f *field, key *keyFacts) bool {
	switch name := strings.ToLower(f.key); name {
	default:
		if f.form != inSecret && isKeyName(name, f.value) || strings.HasSuffix(strings.TrimRight(name, "_"), "pat") && !isRandom(f.value) { // a pattern
			return true
		}
	case "credentialsjson": // of TeamCity, which keeps them elsewhere
		return isUUID(f.value)
	case "pwd":
		return f.value[0] == '/' || f.value[0] == '~'
	case "passwd":
		return f.op == ":" && nameServices[f.value]
	case "secret_id":
		return strings.Contains(f.value, "/") // where the secret is; that of Vault opens it
	}
	return key.noun == nounKey && (isUUID(f.value) || isAddress(f.value) || (len(f.value) == 40 || len(f.value) == 16) && isHex(f.value) && strings.ToUpper(f.value) == f.value)
}

// isKeyName says whether a value is the key under which a Secret has a password, or the name
// of the object that holds it: password_secret = "shop-postgres".
func isKeyName(name, value string) bool {
	name = strings.ReplaceAll(strings.ReplaceAll(name, "_", ""), "-", "")
	if strings.HasSuffix(name, "passwordsecret") {
		return isPath(value) && cheap(value)
	}
	if strings.Contains(name, "existing") && strings.Contains(name, "secret") {
		return isObjectName(value)
	}
	if strings.IndexByte(value, '-') > 0 && slices.ContainsFunc(objectKeys, func(end string) bool { return strings.HasSuffix(name, end) }) {
		return isObjectName(value)
	}
	return (strings.HasSuffix(name, "passwordkey") || strings.HasSuffix(name, "passwdkey")) && len(value) <= 32 && strings.Trim(value, "abcdefghijklmnopqrstuvwxyz-_.") == ""
}

// objectKeys end names of settings that name a Secret. Some of them are those of credentials
// as well, so that only what has a dash names an object there.
var objectKeys = []string{"fromsecret", "usesecret", "tlssecret", "pullsecret", "pullsecrets", "casecret", "certsecret", "certificatesecret", "registrysecret", "credentialsecret", "credentialssecret", "credssecret", "adminsecret", "usersecret"}

// isObjectName says whether a value is a name that Kubernetes takes and that people choose:
// words of lower case, and a digit or two as in k8s and v2. What is generated has more.
func isObjectName(value string) bool {
	digits := 0
	for _, c := range value {
		if c >= '0' && c <= '9' {
			digits++
		} else if c != '-' && !lower(byte(c)) {
			return false
		}
	}
	mean, _ := wordCost(value)
	return digits <= 2 && mean < 5.3 && value == strings.Trim(value, "-")
}

// isAddress says whether a value is what chains of blocks tell things apart by.
func isAddress(value string) bool {
	digits, ok := strings.CutPrefix(value, "0x")
	return ok && isHex(digits)
}

// nameServices are where /etc/nsswitch.conf looks users up.
var nameServices = map[string]bool{"files": true, "compat": true, "systemd": true, "ldap": true, "winbind": true, "extrausers": true, "hesiod": true}

// userWords are what names of users and databases hold.
var userWords = []string{"user", "login", "name", "database", "email", "account", "db", "schema"}

// passwordWords are what the password itself is called: the same one may stand twice.
var passwordWords = []string{"pass", "pwd", "pw=", "secret", "token", "key", "auth"}

// sameAsUser says whether a word-like value is that of the user beside it, as in
// a user gorm whose password is gorm: a local database that nobody protects.
func (r *reader) sameAsUser(f *field) bool {
	if len(f.value) > 24 || strings.ToLower(f.value) != f.value && strings.ContainsAny(f.value, "0123456789") || isChosen(f.value) {
		return false
	}
	from := max(0, f.keyStart-240)
	around := r.data[from:min(len(r.data), f.end+240)]
	at := 0
	for range 4 {
		i := bytes.Index(around[at:], []byte(f.value))
		if i < 0 {
			return false
		}
		i += at
		at = i + len(f.value)
		if from+i == f.start || i > 0 && isWord(around[i-1]) || at < len(around) && isWord(around[at]) {
			continue
		}
		line := bytes.ToLower(around[max(bytes.LastIndexByte(around[:i], '\n')+1, i-30):i])
		if last(line, userWords) > last(line, passwordWords) {
			return true
		}
	}
	return false
}

// last is where the last of some words begins, -1 if there is none.
func last(line []byte, words []string) int {
	at := -1
	for _, word := range words {
		at = max(at, bytes.LastIndex(line, []byte(word)))
	}
	return at
}

// isProse says whether a word is one of a sentence: "the --password flag of the
// command", and what tests print: --- PASS: TestFind.
func (r *reader) isProse(f *field) bool {
	if f.form != bareWord && f.form != bareLine {
		return false
	}
	if i := strings.IndexByte(f.value, '['); i > 0 && isWord(f.value[i-1]) && r.byteAt(f.end) == ']' && !strings.ContainsAny(f.value, "0123456789") {
		return true // an element of a list: s:hosts[name].passwd
	}
	next := r.spaces(f.end)
	goesOn := next > f.end && lower(r.byteAt(next))
	if goesOn && strings.Contains(f.value, "_") && isText(strings.ReplaceAll(f.value, "_", "")) && strings.ToLower(f.value) == f.value {
		return true // password: no_log is not set
	}
	if !isText(f.value) {
		return false
	}
	if f.op == ":" && (r.has(f.keyStart-4, "--- ") || goesOn && r.lang == shell && cheap(f.value)) { // echo "Password: must be long"
		return true
	}
	if r.option(f.keyStart) && f.form == bareWord && isHelp(f, goesOn, r.byteAt(f.start-2)) {
		return true
	}
	if f.op != "" || strings.ToLower(f.value) != f.value || !cheap(f.value) || r.lang == shell && !r.comment(f.keyStart) {
		return false
	}
	return goesOn || r.lang == prose && r.byteAt(f.end) == '.'
}

// isHelp says whether a word behind an option is what a manual says of it: --password=PASSWORD,
// --ask-password    Allow the prompt.
func isHelp(f *field, goesOn bool, before byte) bool {
	return strings.ToUpper(f.value) == f.value || f.op == "" && goesOn && isSpace(before)
}

// isAside says whether a plain word stands under a name that only begins as that of a
// credential, where such words are no values: a property of an object, pass.Command =
// "writeFile", or the next words of a sentence, KeePassGate: pairing, and more; and whether
// it is the name of the next option, or of a type.
func (r *reader) isAside(f *field, key *keyFacts) bool {
	word := strings.TrimRight(f.value, ",.;")
	switch {
	case f.form == quoted && f.op == ":" && types[strings.ToLower(f.value)]:
		return true
	case f.form == quoted && f.op == "=":
		dot := strings.LastIndexByte(f.key, '.')
		return !key.last && r.lang == code && dot > 0 && isText(f.value) && !valueNames[strings.ToLower(f.key[dot+1:])]
	case f.form == inHeader:
		return len(f.value) < 8 && r.byteAt(f.start-1) == ':' && isText(f.value) // an item of a list: "passwd:uid"
	case f.form != bareWord && f.form != bareLine:
		return false
	case strings.HasSuffix(f.value, "=") && f.op == "=" && len(f.value)%4 != 0:
		return isText(strings.TrimRight(f.value, "="))
	case types[strings.ToLower(strings.TrimRight(f.value, "?,;"))]:
		return true
	}
	end := f.end
	if c := r.byteAt(end); c == ',' || c == ';' {
		end++
	}
	next := r.spaces(end)
	return f.op == ":" && !key.last && next > end && lower(r.byteAt(next)) && isText(strings.ReplaceAll(word, "-", "")) && strings.ToLower(word) == word
}

// valueNames are properties that hold the credential itself.
var valueNames = map[string]bool{"value": true, "val": true, "text": true, "data": true, "default": true, "content": true, "plain": true, "raw": true, "literal": true}

// types are what columns and fields are declared with.
var types = map[string]bool{
	"text": true, "varchar": true, "nvarchar": true, "char": true, "bytea": true, "blob": true, "clob": true, "bytes": true, "binary": true, "varbinary": true, "str": true,
	"bool": true, "boolean": true, "number": true, "integer": true, "int4": true, "int8": true, "array": true, "object": true, "json": true, "jsonb": true, "uuid": true, "citext": true,
	"securestring": true, "secretstr": true, "any": true, "unknown": true, "hidden": true,
}
