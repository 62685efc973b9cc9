package scanner

import (
	"bytes"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// sample makes up a text that a pattern matches.
func sample(re *syntax.Regexp, random *rand.Rand) string {
	repeat := func(low, high int) string {
		if high < 0 {
			high = low + 3
		}
		var b strings.Builder
		for range low + random.IntN(high-low+1) {
			b.WriteString(sample(re.Sub[0], random))
		}
		return b.String()
	}
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 && random.IntN(2) == 0 {
			return strings.ToUpper(string(re.Rune))
		}
		return string(re.Rune)
	case syntax.OpCharClass:
		i := 2 * random.IntN(len(re.Rune)/2)
		lo, hi := re.Rune[i], min(re.Rune[i+1], max(re.Rune[i], 0x2fff))
		return string(lo + rune(random.IntN(int(hi-lo)+1)))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return string(rune(' ' + random.IntN(90)))
	case syntax.OpCapture:
		return sample(re.Sub[0], random)
	case syntax.OpStar:
		return repeat(0, -1)
	case syntax.OpPlus:
		return repeat(1, -1)
	case syntax.OpQuest:
		return repeat(0, 1)
	case syntax.OpRepeat:
		return repeat(re.Min, re.Max)
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(sample(sub, random))
		}
		return b.String()
	case syntax.OpAlternate:
		return sample(re.Sub[random.IntN(len(re.Sub))], random)
	}
	return ""
}

// sameAsWhole compares what detectors find around anchors with what they find in
// all of a text.
func sameAsWhole(t *testing.T, e *engine, text []byte) {
	t.Helper()
	if bytes.ContainsAny(text, "Kſ") { // see outlineClass
		return
	}
	s := e.pool.New().(*scratch)
	s.reach.reset(text)
	s.windowsOf(e, "a.yaml", "", nil)
	for i, d := range e.detectors {
		if d.rule.regex == "" || s.gates[i] == shut || s.gates[i] == unknown {
			continue
		}
		want := d.search(text)
		got := s.run(d, i)
		if !slices.EqualFunc(want, got, func(a, b match) bool { return a.whole == b.whole && a.value == b.value }) {
			t.Errorf("%s: %d matches in the whole text, %d around its anchors: %q", d.id, len(want), len(got), text)
		}
	}
}

func TestSamplesOfEveryRule(t *testing.T) {
	e := newScanner(t, Options{}).engine()
	random := rand.New(rand.NewPCG(1, 2))
	var whole []string
	noise := []string{"", " ", "\n", "\"", "x", "é", "\x80", "key = ", "日本", "secret", "-----BEGIN", strings.Repeat("a", 60), "=", "\\n", "$", ";"}
	between := func() string { return noise[random.IntN(len(noise))] }
	for _, d := range e.detectors {
		if d.rule.regex == "" {
			continue
		}
		if d.plan().whole && len(d.keywords) > 0 { // else its path tells
			whole = append(whole, d.id)
		}
		re, err := syntax.Parse(d.rule.regex, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			var b strings.Builder
			for range 1 + random.IntN(4) {
				text := sample(re, random)
				if random.IntN(4) == 0 { // one byte off
					at := random.IntN(len(text))
					text = text[:at] + between() + text[min(at+1, len(text)):]
				}
				b.WriteString(between() + between() + text + between())
			}
			if len(d.keywords) > 0 {
				b.WriteString(" " + d.keywords[random.IntN(len(d.keywords))])
			}
			sameAsWhole(t, e, []byte(b.String()))
		}
	}
	// A keyword of a rule must stand, as it is, in every alternative of its pattern.
	if want := []string{"sidekiq-sensitive-url"}; !slices.Equal(whole, want) {
		t.Errorf("%v see whole files, want %v alone", whole, want)
	}
}

// FuzzSearch holds windows to whole texts, for every rule.
func FuzzSearch(f *testing.F) {
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, d := range s.engine().detectors {
		if re, err := syntax.Parse(d.rule.regex, syntax.Perl); err == nil && re.Op != syntax.OpEmptyMatch {
			f.Add([]byte("x " + sample(re, random) + "\n" + strings.Join(d.keywords, " ")))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sameAsWhole(t, s.engine(), text[:min(len(text), 4096)])
	})
}

// FuzzPlan holds windows to whole texts for patterns that users write.
func FuzzPlan(f *testing.F) {
	f.Add(`(?i)\bacme[_-]?key\s*[:=]\s*["']?([a-z0-9]{8,})`, "acme", "acme_key = abcdefgh12\nACME-KEY:'abcdefgh'")
	f.Add(`a.*?b|c(?:d\n){1,3}$`, "", "axxb cd\ncd\n")
	f.Add(`(?m)^abc(d|ef)*+\B`, "abc", "abcdef\nabcd")
	f.Add(`[a-z]{12,}\.x?`, "key", "key abcdefghijklmnop.x")
	f.Fuzz(func(t *testing.T, pattern, keyword, text string) {
		if re, err := syntax.Parse(pattern, syntax.Perl); err != nil || len(re.String()) > 200 || strings.ContainsAny(pattern+keyword+text, "Kſ") {
			return
		}
		if len(text) > 2000 || strings.ContainsFunc(keyword, func(r rune) bool { return r > unicode.MaxASCII }) {
			return
		}
		r := rule{id: "own", regex: pattern}
		if keyword != "" {
			r.keywords = []string{strings.ToLower(keyword)}
		}
		sameAsWhole(t, newEngine(ruleset{rules: []rule{r}}), []byte(text))
	})
}
