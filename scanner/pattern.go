package scanner

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// plan is what is known about a pattern before it is ever run: if every match
// has something that is easy to find, it is enough to look around its places.
type plan struct {
	whole    bool // nothing is known: the pattern has to see the whole text
	variants []variant
	early    bool // what is unbounded behind an anchor ends as soon as it can
}

// variant is one of the forms that matches of a pattern have: an anchor, and
// what stands around it. The anchor is a keyword, or a long run of one class.
type variant struct {
	left  []*node // what stands in front of the element with the anchor
	right []*node // this element, and what follows it
	// offsets says, by keyword, how many bytes after its start the element has it.
	offsets [][]int
	run     bool // the anchor is the run that right begins with
}

const (
	minRun      = 12 // characters that make a run an anchor
	maxVariants = 16
	maxAttempts = 100 // to tell forms apart
)

// newPlan reads a pattern that compiles. keywords are in lower case.
func newPlan(pattern string, keywords []string) plan {
	parts, err := partsOf(pattern)
	if err != nil {
		return plan{whole: true}
	}
	attempts := maxAttempts
	variants := variantsOf(parts, keywords, &attempts)
	if len(variants) == 0 || len(variants) > maxVariants {
		return plan{whole: true}
	}
	p := plan{variants: variants, early: true}
	endless := false
	for _, v := range variants {
		p.early = p.early && early(v.right) && !v.run
		endless = endless || slices.ContainsFunc(v.right, func(n *node) bool { return n.longest < 0 })
	}
	p.early = p.early && endless
	return p
}

// variantsOf gives forms of which every match has one, nil if it knows none.
func variantsOf(parts []*syntax.Regexp, keywords []string, attempts *int) []variant {
	for i := range parts {
		if offsets, ok := holds(parts[i:], keywords); ok {
			return []variant{{left: nodesOf(parts[:i]), right: nodesOf(parts[i:]), offsets: offsets}}
		}
	}
	for i := range parts {
		if n := newNode(parts[i]); n.kind == kindRun && n.min >= minRun && !n.every {
			return []variant{{left: nodesOf(parts[:i]), right: nodesOf(parts[i:]), run: true}}
		}
	}
	for i := range parts {
		if all := alternatives(parts, i, keywords, attempts); all != nil {
			return all
		}
	}
	return nil
}

// alternatives tells the forms apart by one part that is a choice.
func alternatives(parts []*syntax.Regexp, i int, keywords []string, attempts *int) []variant {
	if parts[i].Op != syntax.OpAlternate {
		return nil
	}
	var all []variant
	for _, sub := range parts[i].Sub {
		if *attempts--; *attempts < 0 {
			return nil
		}
		variants := variantsOf(slices.Concat(parts[:i], flatten(sub, nil), parts[i+1:]), keywords, attempts)
		if all = append(all, variants...); variants == nil || len(all) > maxVariants {
			return nil
		}
	}
	return all
}

func nodesOf(parts []*syntax.Regexp) []*node {
	var nodes []*node
	for _, part := range parts {
		nodes = append(nodes, newNode(part))
	}
	return nodes
}

// partsOf gives what a pattern consists of, one after the other.
func partsOf(pattern string) ([]*syntax.Regexp, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	return flatten(re, nil), nil
}

func flatten(re *syntax.Regexp, parts []*syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return flatten(re.Sub[0], parts)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			parts = flatten(sub, parts)
		}
		return parts
	}
	return append(parts, re)
}

// early says whether all that is unbounded is lazy: the first end that a match
// can have is then its end, whatever follows.
func early(nodes []*node) bool {
	for _, n := range nodes {
		if n.longest < 0 && !(n.kind == kindRun && n.lazy || n.kind == kindAll && early(n.subs)) {
			return false
		}
	}
	return true
}

// In the outline of a pattern, blank stands for one byte that is not known, and
// gap for what may have any length.
const (
	blank = "\x00"
	gap   = "\x01"
)

// maxOutlines bounds how many outlines of a pattern are told apart.
const maxOutlines = 256

// holds says whether all that parts can match has a keyword near its start, and
// how far behind its start each keyword can stand.
func holds(parts []*syntax.Regexp, keywords []string) ([][]int, bool) {
	outlines := []string{""}
	for _, part := range parts {
		outlines = product(outlines, outline(part))
		if len(outlines) > maxOutlines {
			return nil, false
		}
		if offsets, all := places(outlines, keywords); all {
			return offsets, true
		}
		if !slices.ContainsFunc(outlines, func(s string) bool { return !strings.Contains(s, gap) }) {
			return nil, false
		}
	}
	return nil, false
}

// places finds the first keyword of each outline.
func places(outlines, keywords []string) (offsets [][]int, all bool) {
	offsets = make([][]int, len(keywords))
	for _, text := range outlines {
		text, _, _ = strings.Cut(text, gap)
		first, which := -1, 0
		for i, keyword := range keywords {
			if at := strings.Index(text, keyword); keyword != "" && at >= 0 && (first < 0 || at < first) {
				first, which = at, i
			}
		}
		if first < 0 {
			return nil, false
		}
		if !slices.Contains(offsets[which], first) {
			offsets[which] = append(offsets[which], first)
		}
	}
	return offsets, true
}

// product appends every tail to every head that has no gap yet.
func product(heads, tails []string) []string {
	var all []string
	for _, head := range heads {
		if strings.HasSuffix(head, gap) {
			all = append(all, head)
			continue
		}
		for _, tail := range tails {
			all = append(all, head+tail)
		}
		if len(all) > maxOutlines {
			return all
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// outline gives all texts that an expression can match, in lower case, as far as
// they are few.
func outline(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpLiteral:
		text := strings.ToLower(string(re.Rune))
		if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' }) {
			return []string{gap}
		}
		return []string{text}
	case syntax.OpCharClass:
		return outlineClass(re.Rune)
	case syntax.OpCapture:
		return outline(re.Sub[0])
	case syntax.OpQuest:
		return bounded(append([]string{""}, outline(re.Sub[0])...))
	case syntax.OpPlus:
		return product(outline(re.Sub[0]), []string{gap})
	case syntax.OpRepeat:
		return outlineRepeat(re)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			all = bounded(product(all, outline(sub)))
		}
		return all
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, outline(sub)...)
		}
		return bounded(all)
	}
	return []string{gap}
}

func bounded(all []string) []string {
	if len(all) > maxOutlines {
		return []string{gap}
	}
	return all
}

// outlineClass tells the members of a small class apart. The two characters
// outside of ASCII that have a case within it are left out: a keyword that is
// written with one of them is not found.
func outlineClass(ranges []rune) []string {
	var all []string
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			switch {
			case r == 'ſ' || r == 'K':
			case r > unicode.MaxASCII:
				return []string{gap}
			case len(all) > 4:
			case !slices.Contains(all, string(unicode.ToLower(r))):
				all = append(all, string(unicode.ToLower(r)))
			}
		}
	}
	slices.Sort(all)
	if len(all) > 4 || len(all) > 0 && all[0] < " " {
		return []string{blank}
	}
	return all
}

func outlineRepeat(re *syntax.Regexp) []string {
	all := []string{""}
	times := min(re.Min, 64)
	sub := outline(re.Sub[0])
	if len(sub) == 1 && sub[0] == blank {
		all[0], times = strings.Repeat(blank, times), 0
	}
	for range times {
		all = bounded(product(all, sub))
	}
	if re.Min > 64 || re.Min != re.Max {
		all = product(all, []string{gap})
	}
	return all
}

// derive finds words of which every match of a pattern holds one, for rules
// that name none.
func derive(pattern string) []string {
	parts, err := partsOf(pattern)
	if err != nil {
		return nil
	}
	var best []string
	for i := range parts {
		if words := wordsOf(parts[i:]); shortest(words) > shortest(best) {
			best = words
		}
	}
	return best
}

// wordsOf gives the longest word of each outline of parts, nil if one is too
// short to be worth a search.
func wordsOf(parts []*syntax.Regexp) []string {
	outlines := []string{""}
	for _, part := range parts {
		next := product(outlines, outline(part))
		if len(next) > maxOutlines {
			break
		}
		outlines = next
	}
	var words []string
	for _, text := range outlines {
		text, _, _ = strings.Cut(text, gap)
		long := ""
		for _, word := range strings.Split(text, blank) {
			if len(word) > len(long) {
				long = word
			}
		}
		if len(long) < 3 {
			return nil
		}
		words = append(words, long)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func shortest(words []string) int {
	if len(words) == 0 {
		return 0
	}
	n := len(words[0])
	for _, word := range words {
		n = min(n, len(word))
	}
	return n
}
