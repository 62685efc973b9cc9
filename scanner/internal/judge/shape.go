package judge

import (
	_ "embed"
	"math"
	"strings"
)

// letters holds what each three letters in a row cost in bits times 16, learned
// from words and names of programs by internal/train; 0 stands for no letter.
//
//go:embed letters.bin
var letters []byte

// letterOf maps a byte to 1 to 26, all that is no letter to 0.
func letterOf(c byte) int {
	if c |= 0x20; 'a' <= c && c <= 'z' {
		return int(c-'a') + 1
	}
	return 0
}

// wordCost is the mean number of bits that a letter of the value costs, if it
// were made of words. Words stay below 4.5, random letters above 5.5.
func wordCost(value string) (mean, worst float64) {
	a, b, n, sum := 0, 0, 0, 0.0
	window, most := [6]float64{}, 0.0
	for i := 0; i <= len(value); i++ {
		c := 0
		if i < len(value) {
			c = letterOf(value[i])
		}
		if c == 0 && b == 0 {
			continue
		}
		cost := float64(letters[(a*27+b)*27+c]) / 16
		sum += cost
		window[n%6] = cost
		n++
		if n >= 6 {
			most = max(most, (window[0]+window[1]+window[2]+window[3]+window[4]+window[5])/6)
		}
		if a, b = b, c; c == 0 {
			a = 0
		}
	}
	if n == 0 {
		return 8, 8
	}
	if n < 6 {
		most = sum / float64(n)
	}
	return sum / float64(n), most
}

// shape is what the characters of a value say.
type shape struct {
	length, lower, upper, digits, punct, spaces int
	distinct                                    int
	entropy                                     float64 // bits a character
	switches                                    int     // changes between kinds of characters
	run                                         int     // the longest repetition or sequence: aaaa, 1234
	letters                                     int     // the longest run of letters
	slashes, dots, dashes, underscores          int
	hex, base64                                 bool
	cost, worst                                 float64
}

func readShape(value string) shape {
	var s shape
	var counts [256]uint16
	s.length, s.hex, s.base64 = len(value), true, true
	kind, run, step, word := 0, 1, 0, 0
	for i := range len(value) {
		c := value[i]
		counts[c]++
		k := 0
		switch {
		case lower(c):
			s.lower++
			k = 1
		case 'A' <= c && c <= 'Z':
			s.upper++
			k = 2
		case '0' <= c && c <= '9':
			s.digits++
			k = 3
		case c == ' ':
			s.spaces++
		default:
			s.punct++
		}
		switch c {
		case '/':
			s.slashes++
		case '.':
			s.dots++
		case '-':
			s.dashes++
		case '_':
			s.underscores++
		}
		if k == 1 || k == 2 {
			word++
			s.letters = max(s.letters, word)
		} else {
			word = 0
		}
		s.hex = s.hex && (k == 3 || c|0x20 >= 'a' && c|0x20 <= 'f')
		s.base64 = s.base64 && (k != 0 || c == '+' || c == '/' || c == '=' || c == '-' || c == '_')
		if i > 0 {
			if k != kind {
				s.switches++
			}
			if d := int(c) - int(value[i-1]); (d == 0 || d == 1 || d == -1) && d == step {
				run++
			} else if d == 0 || d == 1 || d == -1 {
				step, run = d, 2
			} else {
				step, run = 9, 1
			}
			s.run = max(s.run, run)
		}
		kind = k
	}
	for _, n := range counts {
		if n > 0 {
			s.distinct++
			p := float64(n) / float64(len(value))
			s.entropy -= p * math.Log2(p)
		}
	}
	s.cost, s.worst = wordCost(value)
	return s
}

// shortChain is how many characters follow each other by chance, or to please who asks for digits.
const shortChain = 4

// chain is the longest repetition or sequence, unless it is short and little of the value.
func (s *shape) chain() int {
	if s.run <= shortChain && 2*s.run < s.length && (s.punct > 0 || s.digits > s.run) { // minio123 is a word with one
		return min(s.run, 2)
	}
	return s.run
}

// references begin or enclose what stands for a value that is elsewhere.
var references = []string{"${", "$(", "{{", "{%", "<%", "#{", "%{", "@{", "$[[", "<<", "{$", "__"}

// isReference says whether a value is no literal: it names a variable, a
// template, a file, a vault or a place to fill in.
func isReference(value string) bool {
	for _, r := range references {
		if r != "__" && strings.Contains(value, r) {
			return true
		}
	}
	c, last := value[0], value[len(value)-1]
	switch {
	case inserts(value), isVariable(value[strings.IndexByte(value, ':')+1:]): // bot:$TOKEN
		return true
	case c == '$' && len(value) > 1 && (isWord(value[1])) && !strings.HasPrefix(value, "$2") && strings.Trim(value[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789:./") == "":
		return true
	case c == '^' && last == '$' && len(value) > 2, c == '$' && last == '$' && isObjectName(strings.Trim(value, "$")), joinsOthers(value):
		return true
	case c == '<' && last == '>', c == '%' && last == '%', c == '[' && last == ']', c == '{' && last == '}', c == '@' && last == '@', c == '*' && last == '*', c == '(' && last == ')', strings.HasPrefix(value, "__") && strings.HasSuffix(value, "__"):
		return true
	case c == '<' || c == '{' || c == '[' || c == '&' && len(value) > 1 && isWord(value[1]), c == '*' && len(value) > 1 && isWord(value[1]) && strings.IndexByte(value[1:], '*') < 0:
		return true
	case c == '!' && len(value) > 2 && lower(value[1]|0x20):
		i := strings.IndexByte(value, ' ')
		return i > 0 || value == "!vault" || value == "!Ref"
	}
	for _, prefix := range [...]string{"#/", "\\[", "SHA256:", "MD5:", "GHSA-", "CVE-", "vault:", "keyring:", "keychain:", "credentialsJSON:", "BAMSCRT@", "enc:", "MASK-", "OBF:", "CRYPT:", "crypt:", "CIPHER:", "cyberark:", "ENC[", "ENC(", "env:", "file:", "ref+", "arn:", "op://", "secret://", "ssm:", "sops:", "projects/", "AQICA", "$ANSIBLE_VAULT", "data.", "var.", "local.", "process.env", "os.environ", "ENV[", "env.", "ssh-", "ecdsa-", "-----", "data:", "urn:", "sha256:", "sha512:", "sha1:", "sha256-", "sha384-", "sha512-", "sha1-", "h1:", "$apr1$", "$2a$", "sha1$", "sha256$", "pbkdf2_", "md5$", "scrypt:", "argon2", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$1$", "{SSHA}", "{SHA", "{bcrypt}", "{CRYPT}", "pbkdf2", "bcrypt", "vault/", "self.", "this.", "module.", "secrets.", "id=", "S-1-", "MFkw", "MFww", "MIIBI", "MIGfMA", "MCowBQ", "AAAAB3Nza", "AAAAC3Nza", "AAAAE2Vj", "MHYwEA", "MIICI"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	if path, key, found := strings.Cut(value, "#"); found && strings.Contains(path, "/") && isPath(path) && isPath(key) && (cheap(value) || !strings.ContainsAny(value, "0123456789")) { // of a vault
		return true
	}
	for _, format := range [...]string{"sha256:", "_WITH_AES_", "-AES128-", "-AES256-", "[A-Z", "%3A%2F%2F", "%3a%2f%2f", "/aws4_request", "[a-f", "]{", "%[1]", "%[2]", "%[3]", "%[4]", "{}", "{0}", "{:", "\\w", "\\d", "\\s", "[^", ".*", "(?", ".+", "]+", "[0-9", "[a-z"} {
		if strings.Contains(value, format) {
			return true
		}
	}
	return strings.Contains(value, "...") || strings.Contains(value, "***") || strings.Contains(value, "\u2026") || strings.Contains(value, "://")
}

// joinsOthers says whether a value is what a program joins with the text around it, the marks of
// both being alike: "`+name+`", "'+name+'".
func joinsOthers(value string) bool {
	for _, mark := range [...]string{"`", "'", `"`, `\"`} {
		inner, ok := strings.CutPrefix(value, mark+"+")
		if ok && len(inner) > len(mark)+1 && strings.HasSuffix(inner, "+"+mark) {
			return true
		}
	}
	return false
}

// isVariable says whether a value is that of a variable: $TOKEN. In $9809re the sign is one
// of a password.
func isVariable(value string) bool {
	name := strings.TrimLeft(value, "$") // $$TOKEN in a Makefile
	return len(name) < len(value) && name != "" && (lower(name[0]|0x20) || name[0] == '_') && strings.IndexFunc(name, func(c rune) bool { return !isWordRune(c) && c != '_' }) < 0
}

// inserts says whether a value is a text into which others are put: %(name)s, app:%s. In one
// that somebody made up such signs come by chance.
func inserts(value string) bool {
	for i := strings.IndexByte(value, '%'); i >= 0 && i+1 < len(value); {
		rest := value[i+1:]
		if name, _, found := strings.Cut(strings.TrimPrefix(rest, "("), ")"); found && rest[0] == '(' && name != "" && strings.IndexFunc(name, func(c rune) bool { return !isWordRune(c) && c != '_' }) < 0 {
			return true
		}
		if strings.IndexByte("sdvq", rest[0]) >= 0 && !(len(rest) > 1 && isWordRune(rune(rest[1])) && isChosen(strings.ReplaceAll(value, "%", ""))) {
			if s := readShape(value); s.digits < 3 || s.punct < 3 || s.cost < 5.3 {
				return true
			}
		}
		next := strings.IndexByte(rest, '%')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// isPath says whether a value is made of what names of objects and folders are made of.
func isPath(value string) bool {
	return strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789-_./") == ""
}

// isCode says whether a value is an expression, a path or a name rather than text.
func isCode(value string) bool {
	for i := range len(value) - 1 {
		if value[i] == '(' && i > 0 && isWord(value[i-1]) && strings.IndexByte(value[i:], ')') > 0 {
			return true
		}
	}
	if isDotted(value) || isName(value) {
		return true
	}
	c := value[0]
	if (c == '/' || c == '~' || c == '.') && len(value) > 2 && strings.IndexByte(value, '=') < 0 {
		segments := strings.Split(strings.Trim(value, "~./"), "/")
		if c == '.' || len(segments) > 1 && cheap(value) || len(segments) == 1 && cheap(value) {
			return true
		}
	}
	if i := strings.LastIndexByte(value, '.'); i > 0 && extensions[strings.ToLower(value[i+1:])] {
		return true
	}
	return false
}

// isName says whether a value is the name of a variable of the environment.
func isName(value string) bool {
	digits := 0
	for i := range len(value) {
		if value[i] >= '0' && value[i] <= '9' {
			digits++
		} else if value[i] != '_' && (value[i] < 'A' || value[i] > 'Z') {
			return false
		}
	}
	return strings.Contains(value, "_") && (cheap(value) || digits <= 2 && len(value) >= 8 && len(value) <= 32)
}

// isDotted says whether a value is an object identifier, a version, an address,
// a colour, or names that are parts of each other: 1.2.840, ^1.0.0, #ffeedd, user.name.
func isDotted(value string) bool {
	if strings.Trim(value, "0123456789.^~:x") == "" && strings.Contains(value, ".") {
		return true
	}
	if value[0] == '#' && len(value) <= 9 && strings.Trim(value[1:], "0123456789abcdefABCDEF") == "" {
		return true
	}
	if value[0] == 'v' && isNumber(strings.ReplaceAll(value[1:], ".", "")) && strings.Contains(value, ".") { // v1.2.3
		return true
	}
	if !strings.Contains(value, ".") || !cheap(value) {
		return false
	}
	for _, part := range strings.Split(value, ".") {
		if part == "" || !(lower(part[0]|0x20) || part[0] == '_') {
			return false
		}
		for i := range len(part) {
			if !isWord(part[i]) || part[i] >= '0' && part[i] <= '9' {
				return false
			}
		}
	}
	return true
}

// Wordlike says whether a value is made of what words are made of.
func Wordlike(value string) bool { return cheap(value) }

func cheap(value string) bool { mean, _ := wordCost(value); return mean < 5 }

var extensions = map[string]bool{
	"pem": true, "key": true, "crt": true, "cer": true, "txt": true, "json": true, "yaml": true, "yml": true, "xml": true, "jks": true, "p12": true, "pfx": true, "keystore": true, "conf": true, "html": true, "js": true, "ts": true, "py": true, "go": true, "rb": true, "php": true, "java": true, "cs": true, "csv": true, "creds": true, "nk": true, "zip": true, "7z": true, "gz": true, "tar": true, "log": true, "pfx2": true, "lock": true, "toml": true, "tf": true, "jwk": true, "jwks": true, "cert": true, "ppk": true, "kdbx": true, "md": true, "png": true, "svg": true, "pub": true, "p8": true, "asc": true, "gpg": true, "ini": true, "cfg": true, "properties": true, "sh": true, "der": true, "csr": true, "env": true, "com": true, "org": true, "net": true, "io": true,
}

// isUUID says whether a value is 8-4-4-4-12 hexadecimal digits.
func isUUID(value string) bool {
	if len(value) != 36 || value[8] != '-' || value[13] != '-' || value[18] != '-' || value[23] != '-' {
		return false
	}
	for i := range 36 {
		if c := value[i]; c != '-' && !(c >= '0' && c <= '9') && !(c|0x20 >= 'a' && c|0x20 <= 'f') {
			return false
		}
	}
	return true
}

// placeholders are words that people write where a credential will stand.
var placeholders = []string{
	"password", "passwd", "passphrase", "pswd", "pswrd", "passw0rd", "p4ssw0rd", "s3cr3t", "s3cret", "secr3t", "p@ssw0rd", "p@ssword", "passwort", "secret", "token", "example", "sample", "dummy", "changeme", "change_me", "change-me", "changeit", "your", "test", "foo", "bar", "baz", "user", "admin", "default", "xxx", "fake", "mock", "demo", "todo", "placeholder", "insert", "redacted", "hidden", "my", "key", "some", "auth", "login", "guest", "root", "pass", "pwd", "none", "null", "undefined", "true", "false", "string", "value", "enter", "replace", "here", "random", "hash", "abc", "123", "qwe", "lorem", "ipsum", "hello", "world", "invalid", "wrong", "required", "optional", "valid", "bearer", "basic", "client", "access", "refresh", "code", "name", "email", "anonymous", "super", "long", "letmein", "hunter2", "removed", "private", "public", "cookie", "session", "credential", "config", "field", "the", "throwaway", "xyz", "zzz", "yyy", "disposable", "temporary", "asdf", "qwer", "zxcv", "1234", "unsecure", "insecure", "unsafe", "not", "very", "important", "strong", "good", "bad", "simple", "easy", "strange", "whatever", "somewhat", "something", "anything", "that", "this", "only", "for", "local", "dev", "prod", "mine", "real", "sure", "db", "database", "an", "a", "is", "of", "to", "and", "in", "be", "api", "app", "new", "old",
}

// placeholderShare is how much of a value's letters belong to words that
// placeholders are made of, and how many such words there are.
func placeholderShare(value string) (share float64, words int) {
	var buffer [64]byte
	text := buffer[:0]
	letters := 0
	for i := 0; i < len(value) && i < 64; i++ {
		c := value[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if text = append(text, c); lower(c) {
			letters++
		}
	}
	covered, longest, known := 0, 0, true // known: what stands before is no part of another word
	typed, short := 0, true               // typed: characters of sequences; short: there are no other words, and no long sequence
	for i := 0; i < len(text); {
		n := placeholderAt(text, i)
		if 0 < n && n <= 3 && lower(text[i]) && !(known && endsKnown(text, i+n)) {
			n = 0
		}
		if n == 0 {
			known = !lower(text[i])
			i++
			continue
		}
		if lower(text[i]) {
			covered += n
		}
		words++
		typed += n
		short = short && sequences[string(text[i:i+n])] && (i+n == len(text) || text[i+n] != text[i+n-1]+1)
		longest = max(longest, n)
		i += n
		known = true
	}
	if longest <= 2 && 2*covered < letters || // any letters hold such words
		short && 2*typed < len(value) && strings.IndexFunc(value, func(r rune) bool { return !isWordRune(r) }) >= 0 || // Harbor!7123
		short && 2*typed < len(value) && len(value)-letters > typed || // Harbor7123x4
		words == 1 && longest > 4 && covered < letters && isChosen(value) || // Lantern*cookie57
		covered == 0 && letters >= 6 && len(value) <= 12 && len(value)-letters <= 5 { // monkey123
		return 0, 0
	}
	return float64(covered) / float64(max(1, letters)), words
}

// placeholderAt gives the length of the longest word of a placeholder at an offset.
func placeholderAt(text []byte, i int) int {
	longest := 0
	for _, w := range placeholders {
		if len(w) > longest && len(text)-i >= len(w) && text[i] == w[0] && string(text[i:i+len(w)]) == w && (len(w) > 3 || !fillers[w] || alone(text, i, i+len(w))) {
			longest = len(w)
		}
	}
	return longest
}

// sequences are what people type without a thought.
var sequences = map[string]bool{"abc": true, "123": true, "1234": true, "xyz": true, "xxx": true, "yyy": true, "zzz": true, "qwe": true, "qwer": true, "asdf": true, "zxcv": true}

// endsKnown says whether no other word goes on at an offset: key is a part of
// monkey, and bar of Barcelona.
func endsKnown(text []byte, i int) bool {
	return i == len(text) || !lower(text[i]) || placeholderAt(text, i) > 0
}

// samples are words of the one pass phrase that everybody uses as an example, and
// passwords that products come with. In programs they are samples; in a configuration
// somebody may have copied them.
var samples = []string{"correct", "horse", "battery", "staple", "postgres", "mysql", "mongo", "oracle", "elastic", "minio", "rabbitmq", "redis", "grafana", "sonar", "jenkins", "vagrant", "docker"}

// isSample says whether nothing but samples is in a value.
func isSample(value string) bool {
	rest := value
	for _, word := range samples {
		rest = strings.ReplaceAll(rest, word, "")
	}
	return rest != value && strings.IndexFunc(rest, func(r rune) bool { return lower(byte(r | 0x20)) }) < 0
}

// fillers count only where they are words of their own: "the" is part of another.
var fillers = map[string]bool{
	"the": true, "for": true, "and": true, "new": true, "old": true, "not": true, "an": true, "a": true, "is": true, "of": true, "to": true, "in": true, "be": true, "my": true, "db": true,
}

// alone says whether no letter stands beside a word.
func alone(text []byte, start, end int) bool {
	return (start == 0 || !lower(text[start-1])) && (end == len(text) || !lower(text[end]))
}

// isPlaceholder says whether nothing but words of placeholders and a few digits
// are in a value.
func isPlaceholder(value string) bool {
	share, _ := placeholderShare(value)
	return share == 1 && strings.IndexFunc(value, func(r rune) bool { return r >= '0' && r <= '9' }) >= len(value)-3 ||
		share == 1 && !strings.ContainsAny(value, "0123456789")
}

// sameAs says how alike a value and its name are: password = "password1".
func sameAs(key, value string) float64 {
	squeeze := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, s)
	}
	k, v := squeeze(key), squeeze(value)
	switch {
	case v == "" || k == "":
		return 0
	case k == v:
		return 1
	case strings.Contains(k, v) || strings.Contains(v, k):
		return float64(min(len(k), len(v))) / float64(max(len(k), len(v)))
	}
	return 0
}
