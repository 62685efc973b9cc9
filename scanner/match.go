package scanner

import (
	"bytes"
	"regexp"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/policyctl/policyctl/scanner/internal/judge"
	"github.com/policyctl/policyctl/scanner/internal/words"
)

// engine runs rules over texts. It is safe for concurrent use. What a rule
// needs is made when the first keyword of it occurs: most never do.
type engine struct {
	detectors []*detector
	allow     []*allower
	words     []string
	uses      [][]use // by word
	always    []int   // detectors that no word calls
	pathOnly  []*detector
	set       *words.Set // the words, and behind them the triggers of the judge
	pool      sync.Pool
}

// use is a keyword of a detector.
type use struct{ detector, keyword int }

// detector is a rule that is ready to run.
type detector struct {
	rule
	plan  func() *plan
	regex func() *regexp.Regexp
	gate  func() patterns // for the path
	allow []*allower
}

// match is what a pattern found in a text.
type match struct {
	*detector
	text  []byte
	memo  *memo
	whole between // in text
	value between
	at    between // where the value stands in the file
	start int     // where the match begins there
}

func newEngine(rules ruleset) *engine {
	e := &engine{allow: allowers(rules.allow)}
	ids := map[string]int{}
	for i, r := range rules.rules {
		d := newDetector(r)
		e.detectors = append(e.detectors, d)
		switch {
		case d.rule.regex == "":
			e.pathOnly = append(e.pathOnly, d)
		case len(d.keywords) == 0:
			e.always = append(e.always, i)
		}
		for k, word := range d.keywords {
			id, known := ids[word]
			if !known {
				id = len(e.words)
				ids[word] = id
				e.words, e.uses = append(e.words, word), append(e.uses, nil)
			}
			e.uses[id] = append(e.uses[id], use{i, k})
		}
	}
	e.set = words.New(slices.Concat(e.words, judge.Triggers()))
	e.pool.New = func() any {
		return &scratch{windows: make([][]window, len(e.detectors)), gates: make([]gate, len(e.detectors)), tired: make([]int, len(e.detectors))}
	}
	return e
}

func newDetector(r rule) *detector {
	d := &detector{rule: r, allow: allowers(r.allow)}
	if len(r.keywords) == 0 {
		d.keywords = derive(r.regex)
	}
	d.plan = sync.OnceValue(func() *plan { p := newPlan(r.regex, d.keywords); return &p })
	d.regex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(r.regex) })
	d.gate = sync.OnceValue(func() patterns { return compile([]string{r.path}) })
	return d
}

// window is a part of a text in which a detector may match. first is where a
// match can begin, start where the element that holds the keyword does, at the
// latest.
type window struct {
	between      // with context
	first, start int
}

// gate says whether a detector looks at a file at all.
type gate uint8

const (
	unknown gate = iota
	shut
	open
	entire // the pattern has to see all of the text
)

// scratch is what one scan needs for itself.
type scratch struct {
	hits    words.Hits
	reach   reach
	windows [][]window
	gates   []gate
	tired   []int // by detector: how often the exact search went too far
	active  []int // detectors whose gate is known
	starts  []between
	memo    memo
}

// find gives all matches in a text that no allowance excludes, and the places of
// interest to the judge, if somebody wants them.
func (e *engine) find(text []byte, path, commit string, places *judge.Places) []match {
	s := e.pool.Get().(*scratch)
	defer e.release(s)
	s.reach.reset(text)
	s.windowsOf(e, path, commit, places)
	var matches []match
	slices.Sort(s.active)
	for _, i := range s.active {
		d := e.detectors[i]
		for _, m := range s.run(d, i) {
			m.detector, m.text, m.memo = d, text, &s.memo
			if !e.allowed(&m, path, commit) {
				matches = append(matches, m)
			}
		}
	}
	return matches
}

func (e *engine) release(s *scratch) {
	for _, i := range s.active {
		s.gates[i], s.tired[i], s.windows[i] = unknown, 0, s.windows[i][:0]
	}
	s.active = s.active[:0]
	s.reach.text, s.memo.reach.text, s.memo.verdicts = nil, nil, nil
	e.pool.Put(s)
}

// windowsOf notes the parts of the text in which detectors may match.
func (s *scratch) windowsOf(e *engine, path, commit string, places *judge.Places) {
	for _, i := range e.always {
		s.open(e.detectors[i], i, path, commit)
	}
	s.hits.Find(e.set, s.reach.text)
	if places != nil {
		*places = slices.Grow(*places, s.hits.Len())
	}
	s.hits.Each(func(word int32, end int) {
		if trigger := int(word) - len(e.words); trigger >= 0 {
			if places != nil {
				places.Add(trigger, end)
			}
			return
		}
		for _, u := range e.uses[word] {
			s.visit(e.detectors[u.detector], u, end-len(e.words[word]), path, commit)
		}
	})
}

// open decides once for a file whether a detector looks at it.
func (s *scratch) open(d *detector, i int, path, commit string) gate {
	if s.gates[i] != unknown {
		return s.gates[i]
	}
	s.active = append(s.active, i)
	s.gates[i] = open
	switch {
	case d.rule.regex == "" || d.path != "" && !d.gate().match(&s.memo.reach, []byte(path)) || excluded(d.allow, path, commit):
		s.gates[i] = shut
	case d.plan().whole:
		s.gates[i] = entire
	}
	return s.gates[i]
}

// visit looks at one place of a keyword.
func (s *scratch) visit(d *detector, u use, at int, path, commit string) {
	if s.open(d, u.detector, path, commit) != open {
		return
	}
	p := d.plan()
	for i := range p.variants {
		v := &p.variants[i]
		if v.run {
			continue
		}
		s.starts = s.starts[:0]
		for _, offset := range v.offsets[u.keyword] {
			if at >= offset {
				s.starts = append(s.starts, between{at - offset, at - offset})
			}
		}
		slices.SortFunc(s.starts, func(a, b between) int { return a.lo - b.lo })
		s.look(u.detector, p, v)
	}
}

// look follows a variant from where its anchor can begin, and notes the part of
// the text in which the pattern may match.
func (s *scratch) look(i int, p *plan, v *variant) {
	if len(s.starts) == 0 {
		return
	}
	s.reach.limit = maxWork
	if s.tired[i] > patience {
		s.reach.limit = leastWork
	}
	ahead, ok := s.reach.spread(v.right, s.starts, false)
	if s.reach.work > s.reach.limit {
		s.tired[i]++
	}
	if !ok {
		return
	}
	behind, ok := s.reach.spread(v.left, s.starts, true)
	if ok {
		s.add(i, p, window{between{behind.lo, ahead.hi}, behind.lo, s.starts[len(s.starts)-1].hi})
	}
}

// lookAtRuns does so for all runs of a class that are long enough.
func (s *scratch) lookAtRuns(i int, p *plan, v *variant) {
	n, text := v.right[0], s.reach.text
	for p0 := 0; p0+n.min <= len(text); {
		start := p0 + n.min
		for start > p0 && n.class.has(text[start-1]) {
			start--
		}
		if start > p0 { // a byte of another class: no run holds it
			p0 = start
			continue
		}
		end := p0 + n.min
		for end < len(text) && n.class.has(text[end]) {
			end++
		}
		s.starts = append(s.starts[:0], between{p0, end - n.min})
		s.look(i, p, v)
		p0 = end + 1
	}
}

// context is how many bytes around a match can matter to it: a character.
const context = 4

func (s *scratch) add(i int, p *plan, w window) {
	if !p.early {
		w.hi = min(w.hi, w.start+longestValue)
	}
	w.lo, w.hi = max(0, w.lo-context), min(len(s.reach.text), w.hi+context)
	ws := s.windows[i]
	if n := len(ws); n > 0 && !p.early && ws[n-1].hi >= w.lo {
		ws[n-1].lo, ws[n-1].hi = min(ws[n-1].lo, w.lo), max(ws[n-1].hi, w.hi)
		return
	}
	s.windows[i] = append(ws, w)
}

// run gives what the pattern of a detector finds.
func (s *scratch) run(d *detector, i int) []match {
	text := s.reach.text
	switch {
	case s.gates[i] == entire:
		return d.search(text)
	case s.gates[i] == shut:
		return nil
	}
	for n := range d.plan().variants {
		if v := &d.plan().variants[n]; v.run {
			s.lookAtRuns(i, d.plan(), v)
		}
	}
	if d.plan().early {
		if matches, ok := d.searchEarly(text, s.windows[i]); ok {
			return matches
		}
	}
	slices.SortFunc(s.windows[i], func(a, b window) int { return a.lo - b.lo })
	for margin := 0; ; margin = 64*margin + 16 {
		if matches, ok := d.searchWindows(text, s.windows[i], margin); ok || margin > longestValue {
			return matches
		}
	}
}

// searchWindows finds all matches in windows, which are sorted. A match that
// touches an end of a window may owe itself to that end: it is left out, ok is
// false, and a wider margin is needed.
func (d *detector) searchWindows(text []byte, ws []window, margin int) (matches []match, ok bool) {
	ok = true
	for n := 0; n < len(ws); {
		lo, hi := edge(text, max(0, ws[n].lo-margin)), ws[n].hi+margin
		for n++; n < len(ws) && ws[n].lo-margin <= hi+utf8.UTFMax; n++ {
			hi = max(hi, ws[n].hi+margin)
		}
		hi = min(hi, len(text))
		for _, groups := range d.regex().FindAllSubmatchIndex(text[lo:hi], -1) {
			if groups[0] == 0 && lo > 0 || groups[1] == hi-lo && hi < len(text) {
				ok = false
				continue
			}
			matches = append(matches, d.match(text, lo, groups))
		}
	}
	return matches, ok
}

// search finds all matches in a text.
func (d *detector) search(text []byte) []match {
	matches, _ := d.searchWindows(text, []window{{between: between{0, len(text)}}}, 0)
	return matches
}

// firstLook is how much of a text is looked at before all of it.
const firstLook = 1 << 13

// searchEarly is search for a pattern whose matches end as soon as they can: as
// much is looked at as it takes, place by place. ok is false if that is not
// enough to know.
func (d *detector) searchEarly(text []byte, ws []window) (matches []match, ok bool) {
	end, barren := 0, 0 // of the last match, and of what holds none
	for _, w := range ws {
		switch {
		case w.start < end, w.hi <= barren:
			continue
		case w.first < end:
			return nil, false
		}
		lo := edge(text, w.lo)
		for size := firstLook; ; size *= 8 {
			hi := min(lo+size, w.hi)
			groups := d.regex().FindSubmatchIndex(text[lo:hi])
			if groups != nil && (groups[0] == 0 && lo > 0 || lo+groups[0] < end) {
				return nil, false
			}
			if groups != nil && (groups[1] < hi-lo || hi == len(text)) {
				m := d.match(text, lo, groups)
				matches, end = append(matches, m), m.whole.hi
				break
			}
			if hi == w.hi {
				if groups != nil {
					return nil, false
				}
				barren = hi
				break
			}
		}
	}
	return matches, true
}

// match says where the value of a match is.
func (d *detector) match(text []byte, from int, groups []int) match {
	at := func(n int) between { return between{from + groups[2*n], from + groups[2*n+1]} }
	m := match{whole: at(0)}
	for m.whole.lo < m.whole.hi && text[m.whole.lo] == '\n' {
		m.whole.lo++
	}
	for m.whole.lo < m.whole.hi && text[m.whole.hi-1] == '\n' {
		m.whole.hi--
	}
	m.value = m.whole
	for n := 1; n < len(groups)/2; n++ {
		if groups[2*n] >= 0 && (n == d.group || d.group == 0 && groups[2*n] < groups[2*n+1]) {
			m.value = at(n)
			break
		}
	}
	m.at, m.start = m.value, m.whole.lo
	return m
}

// longestValue is how long a credential can be in bytes: longer texts are data.
const longestValue = 1 << 16

// allowed says whether a match is no finding.
func (e *engine) allowed(m *match, path, commit string) bool {
	value := m.text[m.value.lo:m.value.hi]
	if len(value) > longestValue {
		return true
	}
	if m.entropy != 0 && entropy(value) <= m.entropy {
		return true
	}
	return len(bytes.TrimSpace(value)) == 0 || anyAllows(m.detector.allow, m, path, commit) || anyAllows(e.allow, m, path, commit)
}
