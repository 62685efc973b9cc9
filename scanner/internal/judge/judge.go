// Package judge finds credentials that no provider's format gives away: by the
// names that they are given, by the forms that they are written in, and by what
// their characters say. It reads bytes, knows no grammar, builds no trees, and
// therefore reads snippets, templates and broken files like any other.
package judge

import (
	"bytes"
	"encoding/base64"
	"path"
	"strings"
)

// Judge finds credentials. It is safe for concurrent use.
type Judge struct {
	triggers  *triggers
	model     *model
	threshold float64
}

// Finding is a value that is probably a credential.
type Finding struct {
	Rule       string // the form: password, token, url-credential ...
	Start, End int    // of the value, in bytes of the file
	Value      string // decoded
	Confidence float64
	Evidence   []string // why, in words for people, without the value
}

// New makes a judge that reports what it is at least so sure of.
func New(threshold float64) (*Judge, error) {
	m, err := readModel(weights)
	if err != nil {
		return nil, err
	}
	return &Judge{newTriggers(triggerWords), m, threshold}, nil
}

// table is how many values under one name that says no more than "key" are a
// table, as of test vectors or of what a program looks up.
const table = 6

// Find gives the credentials of a file.
func (j *Judge) Find(file string, data []byte) []Finding {
	var found []Finding
	var names []string
	keys := map[string]int{}
	j.Candidates(file, data, func(c *Candidate) {
		if c.key.noun == nounKey {
			keys[c.field.key]++
		}
		if sure := j.model.Confidence(c); sure >= j.threshold {
			found = append(found, Finding{c.Rule, c.start, c.end, c.value, sure, c.evidence()})
			names = append(names, c.field.key)
		}
	})
	kept := found[:0]
	for i, f := range found {
		if keys[names[i]] < table {
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
func (j *Judge) Candidates(file string, data []byte, yield func(*Candidate)) {
	lang := languageOf(file)
	tests := isTestPath(file)
	var c Candidate
	r := reader{data: data, lang: lang}
	r.yield = func(f field) {
		if !plausible(&f) {
			return
		}
		if r.has(f.keyStart-5, ".svg?") { // the badge of a build
			return
		}
		c = Candidate{field: f, key: readKey(f.key)}
		if !c.judgeable() || r.sameAsUser(&c.field) {
			return
		}
		c.Rule = c.rule()
		c.Figures = measure(&c.field, c.key, readShape(f.value), lang, tests, r.comment(f.keyStart))
		yield(&c)
	}
	for at := j.triggers.find(data, 0); at >= 0; {
		next := at
		if data[at-1] == '/' {
			r.url(at, func(f field) {
				c = Candidate{field: f, Rule: "url-credential"}
				c.sure = urlSurety(&f)
				if c.sure > 0 {
					yield(&c)
				}
			})
		} else if start, end, ok := r.word(at); ok && end > start {
			r.header(start, end, func(f field, sure float64) {
				c = Candidate{field: f, Rule: "authorization-header", sure: sure}
				yield(&c)
			})
			if string(bytes.ToLower(data[start:end])) == "by" {
				r.identified(start, end)
			} else if key := readKey(string(data[start:end])); key.noun != noNoun && !key.public {
				r.read(start, end)
			}
			next = max(next, end)
		}
		at = j.triggers.find(data, next)
	}
}

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
	case "inherit", "true", "false", "null", "none", "undefined", "nil", "string", "password", "secret", "token", "yes", "optional", "required":
		return false
	}
	for _, word := range [...]string{"example", "changeme", "placeholder", "redacted", "dummy", "your_", "your-", "change_me", "change-me", "not_a_", "not-a-"} {
		if containsFold(value, word) {
			return false
		}
	}
	if f.op == "" && value[0] == '-' {
		return false
	}
	if isReference(value) || isCode(value) || f.form != quoted && strings.IndexByte(value, '(') > 0 {
		return false
	}
	if plain, ok := decoded(value); ok && len(value) >= 8 {
		if share, _ := placeholderShare(plain); share == 1 || isReference(plain) {
			return false
		}
	}
	if distinct(value) < 3 {
		return false
	}
	share, _ := placeholderShare(value)
	return share < 1 && !contains(f.key, value)
}

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

// contains says whether a value is part of its name: POSTGRES_PASSWORD=postgres.
func contains(key, value string) bool {
	return strings.Contains(strings.ToLower(key), strings.ToLower(value))
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
func (c *Candidate) judgeable() bool {
	if c.key.noun < nounPassword && len(c.value) < 40 && strings.Trim(c.value, "0123456789.:-+TZe_") == "" {
		return false
	}
	return c.key.noun > noNoun && !c.key.public
}

// userWords are what names of users and databases hold.
var userWords = []string{"user", "login", "name", "database", "email", "account", "db", "schema"}

// sameAsUser says whether a word-like value is that of the user beside it, as in
// user=gorm password=gorm: a local database that nobody protects.
func (r *reader) sameAsUser(f *field) bool {
	if len(f.value) > 24 {
		return false
	}
	from := max(0, f.keyStart-240)
	around := r.data[from:min(len(r.data), f.end+240)]
	for at := 0; ; {
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
		for _, word := range userWords {
			if bytes.Contains(line, []byte(word)) {
				return true
			}
		}
	}
}

// rule names the rule of a candidate by its key.
func (c *Candidate) rule() string {
	switch c.key.noun {
	case nounPassword:
		return "password"
	case nounToken, nounAuth, nounSession, nounCredential:
		return "token"
	}
	return "api-key"
}

func (c *Candidate) evidence() []string { return nil }

// comment says whether the line of an offset begins like a comment.
func (r *reader) comment(at int) bool {
	start := bytes.LastIndexByte(r.data[max(0, at-200):at], '\n')
	line := bytes.TrimLeft(r.data[max(0, at-200)+start+1:at], " \t")
	return bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte(";")) || bytes.HasPrefix(line, []byte("*")) || bytes.HasPrefix(line, []byte("/*"))
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
