package scanner

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// allower is an allowance that is ready to run.
type allower struct {
	allowance
	path  func() patterns
	regex func() patterns
	index func() wordIndex
}

func allowers(lists []allowance) []*allower {
	var all []*allower
	for _, list := range lists {
		all = append(all, &allower{
			allowance: list,
			path:      sync.OnceValue(func() patterns { return compile(list.paths) }),
			regex:     sync.OnceValue(func() patterns { return compile(list.regexes) }),
			index:     sync.OnceValue(func() wordIndex { return newWordIndex(list.words) }),
		})
	}
	return all
}

// pattern is a regular expression, and what is known about it without running it.
type pattern struct {
	regex *regexp.Regexp
	nodes []*node
}

type patterns []pattern

func compile(texts []string) patterns {
	var all patterns
	for _, text := range texts {
		one := pattern{regex: regexp.MustCompile(text)}
		if parts, err := partsOf(text); err == nil {
			one.nodes = nodesOf(parts)
		}
		all = append(all, one)
	}
	return all
}

// checkWork bounds the search that may spare a regular expression.
const checkWork = 1 << 14

func (p patterns) match(r *reach, text []byte) bool {
	r.reset(text)
	r.limit = checkWork
	anywhere := []between{{0, len(text)}}
	return slices.ContainsFunc(p, func(one pattern) bool {
		_, possible := r.spread(one.nodes, anywhere, false)
		return possible && one.regex.Match(text)
	})
}

// reaches are for what has none of its own.
var reaches = sync.Pool{New: func() any { return &reach{} }}

func (p patterns) matchPath(path string) bool {
	r := reaches.Get().(*reach)
	defer reaches.Put(r)
	return p.match(r, []byte(path))
}

// excluded says whether lists leave a file out.
func excluded(lists []*allower, path, commit string) bool {
	for _, a := range lists {
		switch {
		case !a.all && (a.allowsPath(path) || a.allowsCommit(commit)):
			return true
		case a.all && len(a.regexes) == 0 && len(a.words) == 0 && a.allowsPlace(path, commit):
			return true
		}
	}
	return false
}

func (a *allower) allowsPath(path string) bool {
	return len(a.paths) > 0 && path != "" && a.path().matchPath(path)
}

func (a *allower) allowsCommit(commit string) bool {
	return commit != "" && slices.Contains(a.commits, strings.ToLower(commit))
}

// allowsPlace says whether both path and commit are allowed, as far as the list
// names them.
func (a *allower) allowsPlace(path, commit string) bool {
	return (len(a.paths) == 0 || a.allowsPath(path)) && (len(a.commits) == 0 || a.allowsCommit(commit))
}

func anyAllows(lists []*allower, m *match, path, commit string) bool {
	return slices.ContainsFunc(lists, func(a *allower) bool { return a.allows(m, path, commit) })
}

func (a *allower) allows(m *match, path, commit string) bool {
	if a.all {
		return (len(a.regexes) == 0 || a.allowsText(m)) && (len(a.words) == 0 || a.allowsWord(m)) && a.allowsPlace(path, commit)
	}
	return len(a.words) > 0 && a.allowsWord(m) || len(a.regexes) > 0 && a.allowsText(m)
}

func (a *allower) allowsText(m *match) bool {
	text := m.text[m.value.lo:m.value.hi]
	switch a.target {
	case "match":
		text = m.text[m.whole.lo:m.whole.hi]
	case "line":
		return m.memo.allowed(a, m.text, m.whole)
	}
	return a.regex().match(&m.memo.reach, text)
}

// memo remembers what was said of a line: a long one may have many matches.
type memo struct {
	reach    reach
	line     between // that was looked at last, if known
	verdicts map[*allower]bool
}

func (l *memo) allowed(a *allower, text []byte, at between) bool {
	if l.verdicts == nil || at.lo < l.line.lo || at.hi > l.line.hi {
		l.line = lineAround(text, at)
		l.verdicts = map[*allower]bool{}
	}
	verdict, known := l.verdicts[a]
	if !known {
		verdict = a.regex().match(&l.reach, text[l.line.lo:l.line.hi])
		l.verdicts[a] = verdict
	}
	if bytes.IndexByte(text[at.lo:at.hi], '\n') >= 0 { // more than one line
		l.verdicts = nil
	}
	return verdict
}

// lineAround gives the line, or lines, that a range stands on.
func lineAround(text []byte, at between) between {
	start := bytes.LastIndexByte(text[:at.lo], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[at.hi:], '\n'); i >= 0 {
		end = at.hi + i
	}
	return between{start, end}
}

func (a *allower) allowsWord(m *match) bool {
	return a.index().occurs(bytes.ToLower(m.text[m.value.lo:m.value.hi]))
}

// wordIndex finds words in a short text, by their first bytes.
type wordIndex map[string][]string

// indexed is how many bytes of a word are looked up.
const indexed = 3

func newWordIndex(words []string) wordIndex {
	index := wordIndex{}
	for _, word := range words {
		start := word[:min(indexed, len(word))]
		index[start] = append(index[start], word)
	}
	return index
}

func (index wordIndex) occurs(text []byte) bool {
	for i := range text {
		rest := text[i:]
		for n := 1; n <= min(indexed, len(rest)); n++ {
			for _, word := range index[string(rest[:n])] {
				if len(word) <= len(rest) && string(rest[:len(word)]) == word {
					return true
				}
			}
		}
	}
	return false
}

// entropy is Shannon's, over characters, in bits.
func entropy(text []byte) float64 {
	var counts [utf8.RuneSelf]int
	var wide map[rune]int
	for _, r := range string(text) {
		if r < utf8.RuneSelf {
			counts[r]++
			continue
		}
		if wide == nil {
			wide = map[rune]int{}
		}
		wide[r]++
	}
	sum, size := 0.0, float64(len(text))
	count := func(n int) {
		if n > 0 {
			share := float64(n) / size
			sum -= share * math.Log2(share)
		}
	}
	for _, n := range counts {
		count(n)
	}
	for _, n := range wide {
		count(n)
	}
	return sum
}
