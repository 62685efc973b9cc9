package scanner

import (
	"bytes"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// between is a range of places in a text, both ends included.
type between struct{ lo, hi int }

// reach follows the nodes of a pattern from places in a text to all places where
// they can end, forwards or backwards. It may say too much, and never too
// little: what it excludes is no match. A reach is used by one goroutine.
type reach struct {
	text  []byte
	sets  []between // all sets of this step; a set is a part of it
	work  int       // bytes looked at in this step
	runs  map[*node]between
	lines map[*node]between // runs that were followed backwards
	back  bool
	limit int // of work
}

// maxWork bounds the exact search; behind it the coarse one takes over. A
// detector that went too far too often in a file is given less.
const (
	maxWork   = 2048
	leastWork = 64
	patience  = 64
)

// remembered is how much less a byte of an unbounded run counts: its end is
// remembered for the next keyword.
const remembered = 16

// set is a part of reach.sets: sorted, without overlaps.
type set struct{ from, to int }

func (r *reach) reset(text []byte) {
	r.text = text
	if r.runs == nil {
		r.runs, r.lines = map[*node]between{}, map[*node]between{}
	}
	clear(r.runs)
	clear(r.lines)
}

// spread gives the smallest range that holds every place where nodes can end
// that begin at one of the places given. ok is false if there is none.
func (r *reach) spread(nodes []*node, starts []between, back bool) (at between, ok bool) {
	r.sets, r.work, r.back = append(r.sets[:0], starts...), 0, back
	s := r.all(nodes, set{0, len(starts)})
	if r.work > r.limit {
		return r.coarse(nodes, starts), true
	}
	if s.from == s.to {
		return between{}, false
	}
	return between{r.sets[s.from].lo, r.sets[s.to-1].hi}, true
}

func (r *reach) all(nodes []*node, s set) set {
	for i := range nodes {
		n := nodes[i]
		if r.back {
			n = nodes[len(nodes)-1-i]
		}
		if s = r.step(n, s); s.from == s.to || r.work > r.limit {
			return s
		}
	}
	return s
}

// step gives the places where a node can end.
func (r *reach) step(n *node, s set) set {
	if !r.back && !n.empty && !r.begins(n, s) {
		return set{}
	}
	switch n.kind {
	case kindEmpty:
		return s
	case kindRun:
		return r.run(n, s)
	case kindText:
		return r.literal(n, s)
	case kindAssert:
		return r.assert(n, s)
	case kindAll:
		return r.all(n.subs, s)
	case kindAny:
		results := make([]set, 0, 8)
		for _, sub := range n.subs {
			results = append(results, r.step(sub, s))
		}
		return r.union(results)
	case kindRepeat:
		return r.repeat(n, s)
	}
	return set{}
}

// begins says whether a node can begin anywhere in a set.
func (r *reach) begins(n *node, s set) bool {
	for _, at := range r.sets[s.from:s.to] {
		for p := at.lo; p <= at.hi && p < len(r.text); p++ {
			if r.work++; n.first.has(r.text[p]) || r.work > r.limit {
				return true
			}
		}
	}
	return false
}

func (r *reach) repeat(n *node, s set) set {
	var results []set
	if n.min == 0 {
		results = append(results, s)
	}
	for i := 1; i <= n.max; i++ {
		if s = r.step(n.subs[0], s); s.from == s.to || r.work > r.limit {
			break
		}
		if i >= n.min {
			results = append(results, s)
		}
	}
	return r.union(results)
}

func (r *reach) union(results []set) set {
	results = slices.DeleteFunc(results, func(s set) bool { return s.from == s.to })
	if len(results) == 0 {
		return set{}
	}
	if len(results) == 1 {
		return results[0]
	}
	from := len(r.sets)
	for _, s := range results {
		r.sets = append(r.sets, r.sets[s.from:s.to]...)
	}
	r.work += len(r.sets) - from
	return r.tidy(from)
}

// tidy sorts and joins what was added last.
func (r *reach) tidy(from int) set {
	added := r.sets[from:]
	slices.SortFunc(added, func(a, b between) int { return a.lo - b.lo })
	to := from
	for _, at := range added {
		if to > from && at.lo <= r.sets[to-1].hi+1 {
			r.sets[to-1].hi = max(r.sets[to-1].hi, at.hi)
			continue
		}
		r.sets[to] = at
		to++
	}
	r.sets = r.sets[:to]
	return set{from, to}
}

func (r *reach) add(from int, at between) {
	if n := len(r.sets); n > from && r.sets[n-1].hi+1 >= at.lo && r.sets[n-1].lo <= at.lo {
		r.sets[n-1].hi = max(r.sets[n-1].hi, at.hi)
		return
	}
	r.sets = append(r.sets, at)
}

// run goes min to max characters of a class further.
func (r *reach) run(n *node, s set) set {
	from := len(r.sets)
	for i := s.from; i < s.to; i++ {
		at := r.sets[i]
		if r.back {
			r.runBack(n, at, from)
		} else {
			r.runAhead(n, at, from)
		}
		if r.work > r.limit {
			break
		}
	}
	if r.back {
		return r.tidy(from)
	}
	return set{from, len(r.sets)}
}

func (r *reach) runAhead(n *node, at between, from int) {
	for p := at.lo; p <= at.hi; {
		end, wide := r.runEnd(n, p, at.hi)
		last := end
		if n.max >= 0 && !wide {
			last = min(end, min(at.hi, end)+n.max)
		}
		if p+n.min <= end {
			r.add(from, between{p + n.min, last})
		}
		p = end + 1
		if n.min > 0 { // nothing ends before the next byte of the class
			for p <= at.hi && p < len(r.text) && !n.class.has(r.text[p]) && r.work <= r.limit {
				p++
				r.work++
			}
		}
		if r.work > r.limit {
			return
		}
	}
}

// runEnd is where the run of a class ends that begins at p, as far as it
// matters for a run that begins at hi or before it. wide says that there are
// characters of more than one byte in it.
func (r *reach) runEnd(n *node, p, hi int) (end int, wide bool) {
	limit := len(r.text)
	if n.max < 0 {
		if known, ok := r.runs[n]; ok && known.lo <= p && p <= known.hi {
			r.work++
			return known.hi, false
		}
		if n.every {
			r.runs[n], r.work = between{p, limit}, r.work+1+(limit-p)/remembered
			return limit, false
		}
	} else {
		limit = min(limit, hi+n.max*utf8.UTFMax)
	}
	for end = p; end < limit && n.class.has(r.text[end]); end++ {
		wide = wide || r.text[end] >= utf8.RuneSelf
		if n.max >= 0 && !wide && end >= hi+n.max {
			break
		}
	}
	if n.max < 0 {
		r.runs[n], r.work = between{p, end}, r.work+1+(end-p)/remembered
	} else {
		r.work += 1 + end - p
	}
	return end, wide
}

func (r *reach) runBack(n *node, at between, from int) {
	for p := at.hi; p >= at.lo; {
		start, wide := r.runStart(n, p, at.lo)
		first := start
		if n.max >= 0 && !wide {
			first = max(start, max(at.lo, start)-n.max)
		}
		if p-n.min >= start {
			r.sets = append(r.sets, between{first, p - n.min})
		}
		p = start - 1
		if r.work > r.limit {
			return
		}
	}
}

// runStart is runEnd in the other direction.
func (r *reach) runStart(n *node, p, lo int) (start int, wide bool) {
	limit, known := 0, between{-1, -1}
	if n.max < 0 {
		if last, ok := r.lines[n]; ok {
			known = last
		}
		if known.lo <= p && p <= known.hi {
			r.work++
			return known.lo, false
		}
		defer func() { r.lines[n] = between{start, p}; r.work += 1 + (p-max(start, known.hi))/remembered }()
		if n.every {
			return limit, false
		}
	} else {
		defer func() { r.work += 1 + p - start }()
		limit = max(0, lo-n.max*utf8.UTFMax)
	}
	for start = p; start > limit && n.class.has(r.text[start-1]); start-- {
		if start == known.hi { // the rest of the run was read before
			return known.lo, wide
		}
		wide = wide || r.text[start-1] >= utf8.RuneSelf
		if n.max >= 0 && !wide && start <= lo-n.max {
			break
		}
	}
	return start, wide
}

func (r *reach) literal(n *node, s set) set {
	from := len(r.sets)
	size := len(n.text)
	for i := s.from; i < s.to; i++ {
		at := r.sets[i]
		if r.work += at.hi - at.lo; r.work > r.limit {
			break
		}
		if r.back {
			at = between{at.lo - size, at.hi - size}
		}
		last := min(at.hi, len(r.text)-size)
		for p := max(at.lo, 0); p <= last; p++ {
			if !n.fold && size > 0 { // to look for the first byte is faster than to compare at each place
				next := bytes.IndexByte(r.text[p:last+1], n.text[0])
				if next < 0 {
					break
				}
				p += next
			}
			if !n.stands(r.text[p:]) {
				continue
			}
			if r.back {
				r.add(from, between{p, p})
			} else {
				r.add(from, between{p + size, p + size})
			}
		}
	}
	return set{from, len(r.sets)}
}

func (n *node) stands(text []byte) bool {
	for i := range len(n.text) {
		b := text[i]
		if n.fold && b >= 'A' && b <= 'Z' {
			b |= 0x20
		}
		if b != n.text[i] {
			return false
		}
	}
	return true
}

func (r *reach) assert(n *node, s set) set {
	from := len(r.sets)
	for i := s.from; i < s.to; i++ {
		at := r.sets[i]
		if n.assert == syntax.OpBeginText { // one place at most: no need to look at all
			at.hi = min(at.hi, 0)
		}
		if n.assert == syntax.OpEndText {
			at.lo = max(at.lo, len(r.text))
		}
		if r.work += max(0, at.hi-at.lo); r.work > r.limit {
			break
		}
		for p := at.lo; p <= at.hi; p++ {
			if r.holds(n.assert, p) {
				r.add(from, between{p, p})
			}
		}
	}
	return set{from, len(r.sets)}
}

func (r *reach) holds(assert syntax.Op, p int) bool {
	switch assert {
	case syntax.OpBeginLine:
		return p == 0 || r.text[p-1] == '\n'
	case syntax.OpEndLine:
		return p == len(r.text) || r.text[p] == '\n'
	case syntax.OpWordBoundary:
		return r.word(p-1) != r.word(p)
	case syntax.OpNoWordBoundary:
		return r.word(p-1) == r.word(p)
	}
	return true
}

func (r *reach) word(p int) bool {
	return p >= 0 && p < len(r.text) && syntax.IsWordChar(rune(r.text[p]))
}

// edge moves a place back to where regexp would look for a character.
func edge(text []byte, p int) int {
	if p >= len(text) {
		return len(text)
	}
	for i := 0; i < utf8.UTFMax-1 && p > 0 && !utf8.RuneStart(text[p]); i++ {
		p--
	}
	return p
}
