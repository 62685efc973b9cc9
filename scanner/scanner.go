// Package scanner finds credentials in files. It reads nothing and prints
// nothing: bytes go in, findings come out, and no credential is part of a
// finding. It runs the default rules of gitleaks, those of rules/*.yaml, and a
// user's configuration in gitleaks' format, on an engine of its own.
package scanner

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// Kind is the first part of the ID of every rule of the scanner.
const Kind = "secret"

// DefaultConfidence reports what is a credential in nine of ten cases.
const DefaultConfidence = 0.5

// Options say what to look for. The zero Options look for nothing of ours.
type Options struct {
	Detectors []Detector // such as Ours
	Packs     []fs.FS    // folders of further detectors, as rules/*.yaml
	Gitleaks  *Gitleaks  // the user's configuration in place of gitleaks' own rules; may be nil
	Disabled  []string   // IDs of rules that do not run
	// Confidence is how sure the scanner must be of a finding to report it, from
	// 0 to 1. Zero stands for DefaultConfidence.
	Confidence float64
	Ignore     *Gitleaks // findings to leave out, as .gitleaksignore names them; may be nil
	Comments   bool      // leave out findings on lines that say gitleaks:allow
	// Tag makes the tag of a credential's value for the baseline; nil for none.
	Tag func(value []byte) string
}

// Gitleaks is a file in one of gitleaks' formats.
type Gitleaks struct {
	Path string
	Data []byte
	// Read gives the file that extend.path names. A file of findings needs none.
	Read func(path string) ([]byte, error)
}

// Scanner finds credentials. It is safe for concurrent use.
type Scanner struct {
	engine  func() *engine
	judge   *judge.Judge
	ignored ignored
	rules   map[string]*lint.Rule // by the engine's ID
	ranks   map[string]int
	users   map[string]bool // the IDs of rules that are not part of the program
	tag     func([]byte) string
	known   known
}

// New makes a scanner. An error names the file and the rule that is wrong.
func New(options Options) (*Scanner, error) {
	set, err := gitleaksRules(options.Gitleaks)
	if err != nil {
		return nil, err
	}
	s := &Scanner{known: known{values: map[string]bool{}}, rules: map[string]*lint.Rule{}, ranks: map[string]int{}, users: map[string]bool{}, tag: options.Tag}
	s.judge = judge.New(cmp.Or(options.Confidence, DefaultConfidence))
	for _, r := range set.rules {
		s.rules[r.id] = describe(r.id)
		s.ranks[r.id] = rankProvider
		s.users[r.id] = options.Gitleaks != nil
	}
	for _, id := range formless {
		s.ranks[id] = rankGeneric
	}
	for _, d := range options.Detectors {
		if options.Gitleaks != nil && s.rules[d.ID] != nil {
			return nil, fmt.Errorf("%s: rule %q: policyctl has a detector of this id; choose another id", options.Gitleaks.Path, d.ID)
		}
	}
	if err := s.add(&set, options.Detectors); err != nil {
		return nil, err
	}
	for _, pack := range options.Packs {
		detectors, err := ReadDetectors(pack)
		if err != nil {
			return nil, err
		}
		if err := s.add(&set, detectors); err != nil {
			return nil, err
		}
		for _, d := range detectors {
			s.users[d.ID] = true
		}
	}
	s.disable(&set, options.Disabled)
	s.engine = sync.OnceValue(func() *engine { return newEngine(set) })
	s.ignored, err = newIgnored(options.Ignore, options.Comments)
	return s, err
}

// add puts our detectors beside those of gitleaks.
func (s *Scanner) add(set *ruleset, detectors []Detector) error {
	for _, d := range detectors {
		if s.rules[d.ID] != nil {
			return d.wrong("is defined already; choose another id")
		}
		if d.Regex == "" {
			s.rules[d.ID], s.ranks[d.ID] = d.rule(), rankJudged
			continue
		}
		set.rules = append(set.rules, d.pattern())
		s.rules[d.ID], s.ranks[d.ID] = d.rule(), rankOwn
	}
	return nil
}

func (s *Scanner) disable(set *ruleset, disabled []string) {
	maps.DeleteFunc(s.rules, func(_ string, r *lint.Rule) bool { return slices.ContainsFunc(disabled, r.Named) })
	set.rules = slices.DeleteFunc(set.rules, func(r rule) bool { return s.rules[r.id] == nil })
}

// Rules lists the rules that the scanner runs, sorted by ID.
func (s *Scanner) Rules() []*lint.Rule {
	return slices.SortedFunc(maps.Values(s.rules), func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
}

// Keywords are the words of which a file must hold one to be looked at by a pattern.
func (s *Scanner) Keywords() []string { return slices.Sorted(slices.Values(s.engine().words)) }

// Ranks: of two findings at one place the one that knows more stays.
const (
	rankGeneric = iota
	rankJudged  // by name and form
	rankOwn
	rankProvider
)

const genericID = "generic-api-key"

// Tag gives the tag of a value for the baseline, "" if none is wanted.
func (s *Scanner) Tag(value []byte) string {
	if s.tag == nil {
		return ""
	}
	return s.tag(value)
}

// Result is what one file gave. It knows the values it found, and keeps them to
// itself.
type Result struct {
	Findings []lint.Finding
	Cut      string            // why the file does not pass, also if nothing was found; "" if it was searched to its end
	values   *strings.Replacer // nil if there are none
}

// Redact takes every value that was found out of a text. What is said about a
// file elsewhere (a policy's message, a parser's error) passes through here.
func (r Result) Redact(text string) string {
	if r.values == nil {
		return text
	}
	return r.values.Replace(text)
}

// Empty says whether nothing was found, so that nothing needs redaction.
func (r Result) Empty() bool { return r.values == nil }

// Scan finds the credentials of a file.
func (s *Scanner) Scan(src *lint.Source) Result {
	result := Result{Findings: s.titled(src)}
	if len(src.Data) == 0 {
		return result
	}
	if text := lint.Unmarked(src.Data); len(text) < len(src.Data) { // no pattern means it
		src = &lint.Source{Path: src.Path, Data: text, Commit: src.Commit}
	}
	found, cut := s.detect(src, false)
	if cut {
		result.Cut = "what is encoded in it was not searched to its end: there is too much of it in one another"
	}
	var values []string
	for _, hit := range found {
		for _, text := range []string{unbroken(hit.span), hit.value.reveal(), string(hit.span.Text())} {
			if len(text) >= 4 {
				values = append(values, text)
			}
		}
		result.Findings = append(result.Findings, s.report(src, hit))
	}
	if len(values) > 0 {
		s.known.add(values)
		result.values = lint.Redactor(values)
	}
	return result
}

// Named gives what the name of a file tells of which the content cannot be searched.
func (s *Scanner) Named(path, commit string) []lint.Finding {
	src := &lint.Source{Path: path, Commit: commit}
	found := s.titled(src)
	for _, m := range s.engine().named(src) {
		if h := (hit{id: m.id, span: lint.Span{Source: src}, confidence: 1}); !s.ignored.holds(src, m.id, 0, 0) {
			found = append(found, s.report(src, h))
		}
	}
	return found
}

func (s *Scanner) report(src *lint.Source, h hit) lint.Finding {
	rule := s.rules[h.id]
	message := fmt.Sprintf("%s stands in the file in plain text", sentence(rule.Title))
	if h.span.Start == h.span.End {
		message = fmt.Sprintf("the name of the file is that of %s", sentence(rule.Title))
	}
	f := h.span.Report(rule, message)
	f.Confidence, f.Evidence, f.Facts = h.confidence, h.evidence, s.facts(h, h.value.reveal())
	f.Anchor = anchor(src, h.span)
	f.Tag = s.Tag([]byte(h.value.reveal()))
	return f
}

// facts are what a value and what stands around it tell. They may quote what somebody
// put in there, and that may be another credential.
func (s *Scanner) facts(h hit, value string) []string {
	all := append(facts(h.id, value), around(h.span, value)...)
	for i := range all {
		all[i] = s.hide(all[i])
	}
	return all
}

// sentence makes a title begin a sentence: a password in a URL.
func sentence(title string) string {
	if title == "" {
		return "a credential"
	}
	if len(title) > 1 && title[1] >= 'a' && title[1] <= 'z' {
		title = strings.ToLower(title[:1]) + title[1:]
	}
	if strings.ContainsRune("AEIOaeio", rune(title[0])) { // not U, as of a URL
		return "an " + title
	}
	return "a " + title
}
