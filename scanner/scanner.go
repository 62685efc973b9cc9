// Package scanner finds credentials in files. It reads nothing and prints
// nothing: bytes go in, findings come out, and no credential is part of a
// finding. Detection runs on gitleaks v8; callers see none of it, so that the
// engine can be replaced.
package scanner

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// Kind is the first part of the ID of every rule of the scanner.
const Kind = "secret"

// DefaultConfidence reports what is a credential in nine of ten cases.
const DefaultConfidence = 0.5

// Options say what to look for. The zero Options look for nothing of ours.
type Options struct {
	Packs    []fs.FS   // folders of detectors, as rules/*.yaml
	Gitleaks *Gitleaks // the user's configuration in place of gitleaks' own rules; may be nil
	Disabled []string  // IDs of rules that do not run
	// Confidence is how sure the scanner must be of a finding to report it, from
	// 0 to 1. Zero stands for DefaultConfidence.
	Confidence float64
	// Tag makes the tag of a credential's value for the baseline; nil for none.
	Tag func(value []byte) string
}

// Gitleaks is a configuration file in gitleaks' format.
type Gitleaks struct {
	Path string
	Data []byte
	// Read gives the file that extend.path names.
	Read func(path string) ([]byte, error)
}

// Scanner finds credentials. It is safe for concurrent use.
type Scanner struct {
	detector *detect.Detector
	judge    *judge.Judge
	rules    map[string]*lint.Rule // by the engine's ID
	ranks    map[string]int
	tag      func([]byte) string
}

// New makes a scanner. An error names the file and the rule that is wrong.
func New(options Options) (*Scanner, error) {
	cfg, err := gitleaksConfig(options.Gitleaks)
	if err != nil {
		return nil, err
	}
	s := &Scanner{rules: map[string]*lint.Rule{}, ranks: map[string]int{}, tag: options.Tag}
	if s.judge, err = judge.New(cmp.Or(options.Confidence, DefaultConfidence)); err != nil {
		return nil, err
	}
	for id, rule := range cfg.Rules {
		s.rules[id] = describe(rule)
		s.ranks[id] = rankProvider
	}
	for _, id := range formless {
		s.ranks[id] = rankGeneric
	}
	for _, pack := range options.Packs {
		detectors, err := ReadDetectors(pack)
		if err != nil {
			return nil, err
		}
		if err := s.add(&cfg, detectors); err != nil {
			return nil, err
		}
	}
	s.disable(&cfg, options.Disabled)
	s.detector = detect.NewDetector(cfg)
	s.detector.IgnoreGitleaksAllow = true // anybody can write such a comment
	return s, nil
}

// add puts our detectors beside those of gitleaks.
func (s *Scanner) add(cfg *config.Config, detectors []Detector) error {
	for _, d := range detectors {
		if s.rules[d.ID] != nil {
			return fmt.Errorf("%s: detector %q is defined already; choose another id", d.file, d.ID)
		}
		if d.Judged {
			s.rules[d.ID], s.ranks[d.ID] = d.rule(), rankOwn
			continue
		}
		rule, err := d.compile()
		if err != nil {
			return err
		}
		cfg.Rules[d.ID] = rule
		cfg.OrderedRules = append(cfg.OrderedRules, d.ID)
		for _, keyword := range rule.Keywords {
			cfg.Keywords[keyword] = struct{}{}
		}
		s.rules[d.ID], s.ranks[d.ID] = d.rule(), rankOwn
	}
	return nil
}

func (s *Scanner) disable(cfg *config.Config, disabled []string) {
	for id, rule := range s.rules {
		if slices.ContainsFunc(disabled, rule.Named) {
			delete(s.rules, id)
			delete(cfg.Rules, id)
		}
	}
}

// Rules lists the rules that the scanner runs, sorted by ID.
func (s *Scanner) Rules() []*lint.Rule {
	return slices.SortedFunc(maps.Values(s.rules), func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
}

// Ranks: of two findings at one place the one that knows more stays.
const (
	rankGeneric = iota
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
	found := s.detect(src)
	var result Result
	var values []string
	for _, hit := range found {
		value := hit.value
		for _, text := range []string{value, string(hit.span.Text())} {
			if len(text) >= 4 {
				values = append(values, text)
			}
		}
		rule := s.rules[hit.id]
		finding := hit.span.Report(rule, fmt.Sprintf("%s stands in the file in plain text", sentence(rule.Title)))
		finding.Confidence, finding.Evidence = hit.confidence, hit.evidence
		finding.Anchor = anchor(src, hit.span)
		finding.Tag = s.Tag([]byte(value))
		result.Findings = append(result.Findings, finding)
	}
	if len(values) > 0 {
		result.values = lint.Redactor(values)
	}
	return result
}

// sentence makes a title begin a sentence: a password in a URL.
func sentence(title string) string {
	if len(title) > 1 && title[1] >= 'a' && title[1] <= 'z' {
		title = strings.ToLower(title[:1]) + title[1:]
	}
	return "a " + title
}
