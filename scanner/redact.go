package scanner

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// mask stands in place of a credential.
const mask = lint.Mask

// Redact takes the credentials out of a text that is part of no file: a path, a message, an
// error. These are what was found anywhere until now, and what the text shows by itself.
func (s *Scanner) Redact(text string) string { return s.hide(s.known.mask(text)) }

// Learn makes values known that others call credentials, as if they had been found.
func (s *Scanner) Learn(values []string) { s.known.add(values) }

// Known takes out of a text what was found until now, and nothing else.
func (s *Scanner) Known(text string) string { return s.known.mask(text) }

// Hide takes the credentials out of a text that it shows by itself: whatever else is known,
// the answer is the same.
func (s *Scanner) Hide(text string) string { return s.hide(text) }

// hide takes out what a text shows by itself. It looks only at what is long enough to hold
// a credential, or where a command or an address has one: there it need not look like one.
func (s *Scanner) hide(text string) string {
	if parameter := queryParameter(); strings.Contains(text, "://") {
		text = parameter.ReplaceAllStringFunc(text, func(all string) string {
			name, value, _ := strings.Cut(all[1:], "=")
			if !judge.NamesCredential(name, value) {
				return all
			}
			return all[:len(all)-len(value)] + mask
		})
	}
	hits := s.within(text, true)
	for i := len(hits) - 1; i >= 0; i-- { // in order, and apart
		text = text[:hits[i].span.Start] + mask + text[hits[i].span.End:]
	}
	return text
}

// queryParameter is a parameter of the query of a URL, with its value.
var queryParameter = regex.Lazy(`[?&][\w.\-]{1,60}=[^\s&"'<>{}()$#;|]+`)

// within finds what a text holds. With placed, what stands where a credential belongs is one,
// whatever the judge thinks of it.
func (s *Scanner) within(text string, placed bool) []hit {
	if !mayHold(text) && !(placed && strings.Contains(text, " -")) {
		return nil
	}
	hits, _ := s.detect(&lint.Source{Path: "name", Data: []byte(text)}, placed)
	return hits
}

// leastRun is how long a credential is at least that a text shows by itself.
const leastRun = 16

// mayHold says whether somewhere in a text so many letters, digits, dashes and underlines
// with a digit among them follow each other, or it may be a URL with a password or an
// assignment. Names of files seldom have that.
func mayHold(text string) bool {
	if _, rest, ok := strings.Cut(text, "://"); ok && strings.Contains(rest, "@") || strings.Contains(text, "=") {
		return true
	}
	run, digits := 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
			fallthrough
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_', c == '-':
			run++
		default:
			run, digits = 0, 0
		}
		if run >= leastRun && digits > 0 {
			return true
		}
	}
	return false
}

// titled gives findings about the name of a file that holds credentials. The report says
// the name without them.
func (s *Scanner) titled(src *lint.Source) []lint.Finding {
	var found []lint.Finding
	for _, hit := range s.within(src.Path, false) {
		rule := s.rules[hit.id]
		at := lint.Span{Source: src}
		f := at.Report(rule, "the name of the file holds "+sentence(rule.Title))
		f.Confidence, f.Evidence, f.Anchor = hit.confidence, hit.evidence, "(name of the file)"
		found = append(found, f)
	}
	return found
}
