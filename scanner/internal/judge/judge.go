// Package judge finds credentials that no provider's format gives away: by the
// names that they are given, by the forms that they are written in, and by what
// their characters say. It reads bytes, knows no grammar, builds no trees, and
// therefore reads snippets, templates and broken files like any other.
package judge

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Judge finds credentials. It is safe for concurrent use.
type Judge struct {
	model     func() *model
	threshold float64
	names     sync.Pool // of names
}

// Finding is a value that is probably a credential.
type Finding struct {
	Rule       string // the form: password, token, url-credential ...
	Name       int    // where the name begins, in bytes of the file
	Start, End int    // of the value
	Value      string // decoded
	Confidence float64
	Evidence   []string // why, in words for people, without the value
}

// New makes a judge that reports what it is at least so sure of.
// What it needs is made when it is needed: many runs have nothing to judge.
func New(threshold float64) *Judge {
	return &Judge{
		model:     sync.OnceValue(func() *model { return readModel(weights) }),
		threshold: threshold,
	}
}

// table is how many values under one name are a table, as of test vectors or of
// what a program looks up, where the name says no more than "key" or the values are
// words.
const table = 6

func (c *Candidate) listable() bool {
	return !c.Certain() && (c.key.noun == nounKey || c.key.noun < nounSecret && c.form != inSecret && cheap(c.value) ||
		c.key.noun < nounPassword && c.Figures[fTestPath] == 1 && c.Figures[fHex] == 1 && len(c.value) >= digest) // vectors
}

// digest is how many hexadecimal digits a value of test vectors has at least.
const digest = 32

// Find gives the credentials of a file, of which it looks at those places.
func (j *Judge) Find(file string, data []byte, places Places) []Finding {
	var found []Finding
	var names []string // "" if they may be many
	keys := map[string]int{}
	j.Candidates(file, data, places, func(c *Candidate) {
		name := ""
		if c.listable() {
			name = c.field.key
			keys[name]++
		}
		if sure := j.model().Confidence(c); sure >= j.threshold {
			found = append(found, Finding{c.Rule, c.keyStart, c.start, c.end, c.value, sure, c.evidence()})
			names = append(names, name)
		}
	})
	kept := found[:0]
	for i, f := range found {
		if names[i] == "" || keys[names[i]] < table {
			kept = append(kept, f)
		}
	}
	return kept
}

// Candidate is a value that may be a credential, with all that is known of it.
type Candidate struct {
	field
	Rule    string
	Figures Figures
	key     keyFacts
	sure    float64 // set where the form alone decides
}

// Candidates calls yield for every value that is worth a judgement.
func (j *Judge) Candidates(file string, data []byte, places Places, yield func(*Candidate)) {
	lang := languageOf(file)
	tests := isTestPath(file)
	known, _ := j.names.Get().(names)
	if known == nil {
		known = names{}
	}
	defer j.names.Put(known)
	r := reader{data: data, lang: lang, translated: isTranslation(file), locks: isLock(file), known: known, tests: tests}
	taken := map[int]bool{} // where members of Secrets begin
	judged := func(f field, key keyFacts) {
		if c, ok := r.candidate(f, key, tests); ok {
			yield(c)
		}
	}
	certain := func(rule string) func(field, float64) {
		return func(f field, sure float64) {
			if lang != code || !isSample(f.value) {
				yield(&Candidate{field: f, Rule: rule, sure: sure})
			}
		}
	}
	r.certain = certain
	inURL, inHeader := certain("url-credential"), certain("authorization-header")
	r.secrets(func(f field) {
		taken[f.start] = true
		key := readKey(f.key)
		if strings.HasPrefix(f.value, "-----BEGIN") && strings.Contains(f.value, "PRIVATE KEY-----") {
			certain("api-key")(f, 0.95)
		} else if key.noun > nounKey || !isOrdinary(f.key) {
			key.noun, key.last = max(key.noun, nounSecret), true
			judged(f, key)
		}
	})
	r.yield = func(f field) {
		// The badge of a build, and what a chart notes of its Secret to roll out changes.
		if plain, ok := strings.CutPrefix(f.value, "{noop}"); ok { // Spring: it is not hashed
			f.start, f.value = f.start+len("{noop}"), plain
		}
		if !taken[f.start] && !r.inARN(f.keyStart) && !r.has(f.keyStart-5, ".svg?") && !r.has(f.keyStart-9, "checksum/") {
			key := r.known.read(f.key).facts
			key.last = key.last || f.inGroup
			if f.splitUser(key.noun) {
				key.noun, key.last = nounPassword, true
			}
			if key.noun == nounPassword && key.last && !key.public && !r.translated && isPhrase(f.key, f.value) {
				certain("password")(f, 0.7)
				return
			}
			judged(f, key)
		}
	}
	for next := 0; ; {
		at, ok := places.next(next)
		if !ok {
			return
		}
		next = at
		if data[at-1] == '/' {
			r.url(at, inURL)
		} else if start, end, ok := r.name(at); ok && end > start {
			name := known.of(data[start:end])
			switch name.word {
			case byWord:
				if r.grants(start) {
					r.identified(start, end)
				}
			case intoWord:
				r.added(end)
			default:
				r.header(name.word, start, end, inHeader)
				if name.facts.noun != noNoun && !name.facts.public {
					r.read(name, start, end)
				}
			}
			if name.people && lang == code {
				r.logins(start, end)
			}
			r.signedIn(name.word, end)
			r.called(start, end)
			next = max(next, end)
		}
	}
}

// inARN says whether a name is a part of that of a resource of AWS: arn:aws:secretsmanager:eu-west-1:1:secret:x.
func (r *reader) inARN(start int) bool {
	if r.byteAt(start-1) != ':' {
		return false
	}
	before := r.data[max(0, start-maxKey):start]
	return bytes.Contains(before[bytes.LastIndexAny(before, " \t\n\"'")+1:], []byte("arn:"))
}

// candidate measures a value, unless it cannot be a credential.
func (r *reader) candidate(f field, key keyFacts, tests bool) (*Candidate, bool) {
	value := f.value
	var ok bool
	if f.value, ok = plain(value); !ok {
		return nil, false
	}
	c, ok := r.measured(f, key, tests)
	if ok {
		c.value = value
	}
	return c, ok
}

// plain puts a mark in place of the characters of a value that are beyond ASCII: in
// passwords they are few. It is false for what is a text of another language.
func plain(value string) (string, bool) {
	others := 0
	ascii := strings.Map(func(c rune) rune {
		if c < utf8.RuneSelf {
			return c
		}
		if others++; unicode.IsControl(c) || unicode.IsSpace(c) || c == utf8.RuneError || c == '\u2026' {
			others = maxValue
		}
		return '#'
	}, value)
	return ascii, others == 0 || others <= 2 && len(ascii) >= 4*others && strings.ContainsAny(ascii, "0123456789") && utf8.ValidString(value)
}

func (r *reader) measured(f field, key keyFacts, tests bool) (*Candidate, bool) {
	if !plausible(&f) || !judgeable(&f, &key) || f.inGroup && f.unlikely(key.noun) || f.asserted && f.expected(key.noun) || r.sealed(&f) || r.locks && isHex(f.value) && len(f.value) >= 32 || IsReplaced(r.data[f.end:], f.value) || r.isProse(&f) || r.isAside(&f, &key) || r.translated && isText(strings.ReplaceAll(f.value, "-", "")) || r.forSearch(&f) || key.noun == nounKey && r.isPublicHalf(&f) || r.lang == code && r.isConstant(&f) || r.sameAsUser(&f) || r.lang == code && isSample(f.value) {
		return nil, false
	}
	if key.noun == nounPassword && isKept(f.value) {
		return nil, false
	}
	taken := key
	if key.noun == nounSecret && (isChosen(f.value) || isDated(f.value) || !tests && isCompound(f.value) || r.lang == lines && isNumbered(f.value)) {
		taken.noun = nounPassword
	}
	if taken.noun == nounPassword && key.last && (f.op == "pair" && !isText(f.value) || key.noun == nounPassword && isChosen(f.value)) {
		f.op, f.keyQuoted = "=", false // people choose it here as elsewhere
	}
	figures := measure(&f, taken, readShape(f.value), r.lang, tests, r.comment(f.keyStart))
	return &Candidate{field: f, key: key, Rule: ruleOf(key.noun), Figures: figures}, true
}

// isPhrase says whether a value is words that somebody made a password of: three or more of lower
// case, and a number; or four, if the name says that it is of several. What has words that sentences
// are joined with is one.
func isPhrase(name, value string) bool {
	words := strings.Split(value, " ")
	if len(words) < 3 || len(words) > 8 || strings.ToLower(value) != value {
		return false
	}
	numbers := 0
	for _, word := range words {
		text := strings.Trim(word, "0123456789")
		share, _ := placeholderShare(text)
		if len(text) < len(word) && len(word)-len(text) >= 2 {
			numbers++
		}
		if word == "" || text == "" && len(word) < 2 || text != "" && (len(text) < 4 || !isText(text) || share > 0.5 || ofSentences[text]) {
			return false
		}
	}
	return numbers == 1 || numbers == 0 && len(words) >= 4 && containsFold(name, "phrase")
}

// ofSentences are words of sentences about passwords.
var ofSentences = map[string]bool{
	"your": true, "must": true, "with": true, "from": true, "have": true, "least": true, "character": true, "characters": true, "chars": true, "digits": true, "letters": true, "minimum": true, "maximum": true,
	"length": true, "between": true, "please": true, "when": true, "then": true, "than": true, "should": true, "will": true, "used": true, "more": true, "days": true, "expires": true, "does": true, "match": true, "after": true, "before": true,
	"into": true, "cannot": true, "lowercase": true, "uppercase": true, "numbers": true, "symbols": true, "policy": true, "encrypted": true, "stored": true, "zeichen": true, "mindestens": true, "bits": true, "bytes": true,
}

// isKept says whether a value is what a database keeps of a password: md5 of PostgreSQL, 0x0200 of
// SQL Server.
func isKept(value string) bool {
	return len(value) == len("md5")+32 && value[:3] == "md5" && isHex(value[3:]) || len(value) >= 48 && strings.HasPrefix(value, "0x0") && isHex(value[2:])
}

// NamesCredential says whether a name, with what stands behind it up to the value, is that of a
// credential, and not of something that belongs to one: password, but not password_policy.
func NamesCredential(text, value string) bool {
	name := strings.Trim(text, " \t\"'=:")
	key := readKey(name)
	return key.noun > noNoun && key.last && !key.public && !isKeyName(strings.ToLower(name), strings.Trim(value, `"`))
}

// isChosen says whether a value is one that people make up where a password is
// wanted: letters and digits, and a mark that no name and no encoding has.
func isChosen(value string) bool {
	return len(value) >= 6 && len(value) <= 32 && strings.ContainsAny(value, "!#@$%^&*?") && strings.ContainsAny(value, "0123456789") &&
		strings.IndexFunc(value, func(r rune) bool { return lower(byte(r | 0x20)) }) >= 0
}

// isDated says whether a value is words and a number of the kind that people choose, with a mark
// between or behind them: Summer-2031, harbor+Tulip4711. Names of objects are in lower case.
func isDated(value string) bool {
	word := strings.TrimRight(value, "-_.+*!")
	behind := len(value) - len(word)
	word = strings.TrimRight(word, "0123456789")
	if n := len(value) - behind - len(word); n < 3 || n > 4 || behind > 1 || len(value) < 8 || len(value) > 32 {
		return false
	}
	text := strings.TrimRight(word, "-_.+*!")
	if share, _ := placeholderShare(text); share > 0 || len(text) < 5 || behind+len(word)-len(text) == 0 && !strings.ContainsAny(text, "-_.+*!") {
		return false
	}
	return text[0] >= 'A' && text[0] <= 'Z' && strings.Trim(text[1:], "abcdefghijklmnopqrstuvwxyz") == "" && len(word)-len(text) <= 1 || (leet(text) || behind == 1 || strings.ContainsAny(value, "+*!")) && mixed(text)
}

// isNumbered says whether a value is a word of lower case and a number: harbor4711.
func isNumbered(value string) bool {
	word := strings.TrimRight(value, "0123456789")
	n := len(value) - len(word)
	share, _ := placeholderShare(word)
	return n >= 3 && n <= 4 && len(word) >= 4 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" && share < 0.5
}

// leet says whether digits stand for letters within a word: c0ffee.
func leet(text string) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] >= '0' && text[i] <= '9' && lower(text[i-1]) && (lower(text[i+1]) || text[i+1] == text[i]) {
			return true
		}
	}
	return false
}

// mixed says whether a text is words, in any case, that marks of passwords join.
func mixed(text string) bool {
	letters := 0
	for i := range len(text) {
		if lower(text[i] | 0x20) {
			letters++
		} else if strings.IndexByte("0123456789-_.+*!", text[i]) < 0 {
			return false
		}
	}
	return letters >= 5 && strings.Count(text, "+") <= 1
}

// Value judges a value whose place somebody else found, under a name that says
// what stands in such places.
func (j *Judge) Value(file string, data []byte, name string, start, end int) (Finding, bool) {
	r := reader{data: data, lang: languageOf(file), translated: isTranslation(file)}
	r.around.start = len(data) + 1 // of a line that holds many values, each would read all
	f := field{key: name, keyStart: start, op: "=", form: bareWord, start: start, end: end, value: string(data[start:end])}
	if start > 0 && r.quote(start-1) != nil {
		f.form = quoted
	}
	c, ok := r.candidate(f, readKey(name), isTestPath(file))
	if next := r.byteAt(end); !ok || strings.IndexByte("${(", next) >= 0 && next != 0 { // the rest is a reference
		return Finding{}, false
	}
	sure := j.model().Confidence(c)
	return Finding{c.Rule, start, start, end, c.value, sure, c.evidence()}, sure >= j.threshold
}

// ruleOf names the rule of what a noun stands for.
func ruleOf(n noun) string {
	switch n {
	case nounPassword:
		return "password"
	case nounToken, nounAuth, nounSession, nounCredential:
		return "token"
	}
	return "api-key"
}

// comment says whether the line of an offset begins like a comment.
func (r *reader) comment(at int) bool {
	line := r.lead(at, maxGap)
	for len(line) > 0 && isSpace(line[0]) {
		line = line[1:]
	}
	if len(line) == 0 {
		return false
	}
	return line[0] == '#' || line[0] == ';' || line[0] == '*' || line[0] == '/' && len(line) > 1 && (line[1] == '/' || line[1] == '*')
}

// Reading is what the name of a file tells about its content: files in which the same lines
// mean the same have one.
func Reading(file string) string {
	name := strings.ToLower(path.Base(file))
	if ext := path.Ext(name); ext != "" {
		name = ext
	}
	return fmt.Sprint(name, isTestPath(file), isLock(file), isTranslation(file))
}

func isTestPath(file string) bool {
	dir, name := path.Split(strings.ToLower(file))
	for _, word := range [...]string{"test", "spec", "mock", "fixture", "example", "sample", "demo", "doc"} {
		if strings.Contains(dir, word) || strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Place gives the bytes of the value within the file.
func (c *Candidate) Place() (start, end int) { return c.start, c.end }

// Certain says whether the form alone decides, so that no classifier is asked.
func (c *Candidate) Certain() bool { return c.sure > 0 }

// Key is the name of the value.
func (c *Candidate) Key() string { return c.field.key }
