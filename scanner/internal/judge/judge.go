// Package judge finds credentials that no provider's format gives away: by the
// names that they are given, by the forms that they are written in, and by what
// their characters say. It reads bytes, knows no grammar, builds no trees, and
// therefore reads snippets, templates and broken files like any other.
package judge

import (
	"bytes"
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

// Find gives the credentials of a file.
func (j *Judge) Find(file string, data []byte) []Finding {
	var found []Finding
	j.Candidates(file, data, func(c *Candidate) {
		if sure := j.model.Confidence(c); sure >= j.threshold {
			found = append(found, Finding{c.Rule, c.start, c.end, c.value, sure, c.evidence()})
		}
	})
	return found
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
		c = Candidate{field: f, key: readKey(f.key)}
		if !c.judgeable() {
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
			if key := readKey(string(data[start:end])); key.noun != noNoun {
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
	case "true", "false", "null", "none", "undefined", "nil", "string", "password", "secret", "token", "yes", "optional", "required":
		return false
	}
	return !isReference(value) && !isCode(value) && !strings.EqualFold(value, f.key)
}

func (c *Candidate) judgeable() bool { return c.key.noun > noNoun }

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
