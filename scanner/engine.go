package scanner

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/zricethezav/gitleaks/v8/detect"

	"github.com/policyctl/policyctl/internal/lint"
)

// detect runs the engine over a file and finds the exact place of each value:
// the engine's own columns are off on every line but the first.
func (s *Scanner) detect(src *lint.Source) []hit {
	raw := string(src.Data)
	var hits []hit
	taken := map[lint.Span]map[string]bool{}
	//lint:ignore SA1019 v8 takes nothing else
	fragment := detect.Fragment{Raw: raw, FilePath: src.Path}
	for _, found := range s.detector.Detect(fragment) {
		if s.rules[found.RuleID] == nil || found.Secret == "" {
			continue
		}
		from := src.Offset(lint.Position{Line: found.StartLine, Column: 1})
		span, ok := place(src, raw, from, found.Match, found.Secret, func(at lint.Span) bool { return taken[at][found.RuleID] })
		if !ok {
			continue
		}
		if taken[span] == nil {
			taken[span] = map[string]bool{}
		}
		taken[span][found.RuleID] = true
		hits = append(hits, hit{id: found.RuleID, span: span, value: string(span.Text()), confidence: 1})
	}
	return s.distinct(append(hits, s.judged(src)...))
}

// judged gives what the judge finds.
func (s *Scanner) judged(src *lint.Source) []hit {
	var hits []hit
	for _, f := range s.judge.Find(src.Path, src.Data) {
		if s.rules[f.Rule] != nil {
			hits = append(hits, hit{f.Rule, lint.Span{Source: src, Start: f.Start, End: f.End}, f.Value, f.Confidence, f.Evidence})
		}
	}
	return hits
}

// place finds a match at or behind an offset that is not taken yet, and the
// value within it.
func place(src *lint.Source, raw string, from int, match, value string, taken func(lint.Span) bool) (lint.Span, bool) {
	for from <= len(raw) {
		i := strings.Index(raw[from:], match)
		within := strings.LastIndex(match, value)
		if i < 0 || within < 0 {
			return lint.Span{}, false
		}
		at := lint.Span{Source: src, Start: from + i + within, End: from + i + within + len(value)}
		if !taken(at) {
			return at, true
		}
		from += i + 1
	}
	return lint.Span{}, false
}

// distinct sorts hits and keeps one for each place: the one that knows more.
func (s *Scanner) distinct(hits []hit) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(s.ranks[b.id]-s.ranks[a.id], a.span.Start-b.span.Start, b.span.End-a.span.End, strings.Compare(a.id, b.id))
	})
	var kept []hit
	taken := map[int]bool{} // offsets of bytes
	for _, h := range hits {
		if taken[h.span.Start] || taken[h.span.End-1] {
			continue
		}
		kept = append(kept, h)
		for at := h.span.Start; at < h.span.End; at++ {
			taken[at] = true
		}
	}
	slices.SortFunc(kept, func(a, b hit) int { return a.span.Start - b.span.Start })
	return kept
}

// anchor names a credential by the word in front of it that an assignment would
// have: password in "password: …". Nothing else of the line takes part, for the
// line may hold a credential that no detector knows.
func anchor(src *lint.Source, at lint.Span) string {
	line := src.Data[:at.Start]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	end := bytes.LastIndexAny(line, "=:")
	if end < 0 {
		return ""
	}
	line = bytes.TrimRight(line[:end], " \t\"'=:+")
	start := bytes.LastIndexFunc(line, func(c rune) bool {
		return c != '_' && c != '-' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
	})
	word := line[start+1:]
	return string(word[max(0, len(word)-64):])
}
