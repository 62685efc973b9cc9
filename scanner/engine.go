package scanner

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// detect finds the values of a file. With placed, the judge has no say about what a pattern
// knows by its place.
func (s *Scanner) detect(src *lint.Source, placed bool) (hits []hit, cut bool) {
	matches, found, cut := s.engine().scan(src, s.judge.Find)
	for _, m := range matches {
		if s.ignored.holds(src, m.id, m.start, m.at.hi) {
			continue
		}
		span := lint.Span{Source: src, Start: m.at.lo, End: m.at.hi}
		h := hit{id: m.id, span: span, value: newSecret(string(m.text[m.value.lo:m.value.hi])), confidence: 1}
		if !judge.Published(h.value.reveal()) && !(!m.judged && (m.entropy > 0 || !s.users[m.id]) && isFiller(h.value.reveal())) && !(s.ranks[m.id] != rankOwn && isLookAlike(m.id, span)) && (!m.judged || placed || s.convinces(src.Path, &m, &h)) {
			if m.id == manifestID {
				if bytes.Contains(m.text[m.whole.lo:m.at.hi], []byte("\n---")) { // of the next document
					continue
				}
				h.span = valueOfMember(h.span)
				h.value = newSecret(string(h.span.Text()))
			}
			hits = append(hits, h)
		}
	}
	return s.distinct(append(hits, s.judged(src, found)...)), cut
}

// convinces asks the judge about what a pattern knows by its place only. The name
// of the detector says what the value is.
func (s *Scanner) convinces(path string, m *match, h *hit) bool {
	f, ok := s.judge.Value(path, m.text, m.id, m.value.lo, m.value.hi)
	h.confidence, h.evidence = f.Confidence, f.Evidence
	return ok
}

// judged gives what the judge found.
func (s *Scanner) judged(src *lint.Source, found []judge.Finding) []hit {
	var hits []hit
	for _, f := range found {
		// The judge finds what gitleaks' generic rule does, and lists of exceptions name that.
		ignored := s.ignored.holds(src, f.Rule, f.Start, f.End) || s.ignored.holds(src, genericID, f.Start, f.End)
		if s.rules[f.Rule] != nil && !ignored {
			hits = append(hits, hit{f.Rule, lint.Span{Source: src, Start: f.Start, End: f.End}, newSecret(f.Value), f.Confidence, f.Evidence})
		}
	}
	return hits
}

// ask is how a judge is asked about a text.
type ask func(path string, text []byte, places judge.Places) []judge.Finding

// scan gives the matches of a file that count, and what the judge finds. cut says that not
// all that is encoded was looked into.
func (e *engine) scan(src *lint.Source, ask ask) (matches []match, found []judge.Finding, cut bool) {
	if excluded(e.allow, src.Path, src.Commit) {
		return nil, ask(src.Path, src.Data, judge.PlacesOf(src.Data)), false
	}
	var places judge.Places
	matches = e.find(src.Data, src.Path, src.Commit, &places)
	found = ask(src.Path, src.Data, places)
	decoded, within, cut := e.findDecoded(src.Data, src.Path, src.Commit, ask)
	return e.complete(src, slices.Concat(matches, decoded, e.named(src))), append(found, within...), cut
}

// named gives what rules say of a file by its path alone: one match, of nothing, at
// its start.
func (e *engine) named(src *lint.Source) []match {
	var matches []match
	for _, d := range e.pathOnly {
		if d.gate().matchPath(src.Path) && d.asksFor(src.Data) && !excluded(d.allow, src.Path, src.Commit) {
			matches = append(matches, match{detector: d})
		}
	}
	return matches
}

// asksFor says whether one of the words that a rule asks for is in a file.
func (d *detector) asksFor(text []byte) bool {
	words := d.rule.keywords
	lower := bytes.ToLower(text[:len(text)*min(len(words), 1)])
	return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool { return bytes.Contains(lower, []byte(word)) })
}

// distinct sorts hits and keeps one for each place: the one that knows more. Of two
// patterns that is the one that begins first and reaches farthest, for it shows all of the
// credential: gitleaks knows a token of GitLab by its first 26 characters, of which it may
// have a hundred.
func (s *Scanner) distinct(hits []hit) []hit {
	if len(hits) == 0 {
		return nil
	}
	slices.SortFunc(hits, func(a, b hit) int {
		x, y := s.ranks[a.id], s.ranks[b.id]
		return cmp.Or(min(y, rankOwn)-min(x, rankOwn), a.span.Start-b.span.Start, b.span.End-a.span.End, y-x, strings.Compare(a.id, b.id))
	})
	var kept []hit
	taken := make([]bool, len(hits[0].span.Source.Data)) // by byte
	for _, h := range hits {
		place := taken[h.span.Start:h.span.End]
		if slices.Contains(place, true) {
			continue
		}
		kept = append(kept, h)
		for at := range place {
			place[at] = true
		}
	}
	slices.SortFunc(kept, func(a, b hit) int { return a.span.Start - b.span.Start })
	return kept
}

// anchored is how far in front of a credential the word that names it may stand.
const anchored = 1 << 10

// anchor names a credential by the word in front of it that an assignment would
// have: password in "password: …". Nothing else of the line takes part, for the
// line may hold a credential that no detector knows.
func anchor(src *lint.Source, at lint.Span) string {
	line := src.Data[max(0, at.Start-anchored):at.Start]
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
