package scanner

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// class is a set of bytes. What is said of characters outside of ASCII is said
// of all bytes that such characters consist of: a class may hold too much, and
// never too little.
type class [4]uint64

func (c *class) has(b byte) bool { return c[b>>6]&(1<<(b&63)) != 0 }

func (c *class) add(d *class) {
	for i, bits := range d {
		c[i] |= bits
	}
}

func (c *class) addByte(b byte) { c[b>>6] |= 1 << (b & 63) }

func (c *class) addRange(lo, hi rune) {
	for r := lo; r <= min(hi, unicode.MaxASCII); r++ {
		c.addByte(byte(r))
	}
	if hi > unicode.MaxASCII {
		c[2], c[3] = ^uint64(0), ^uint64(0)
	}
}

// kind is what a node does.
type kind uint8

const (
	kindEmpty  kind = iota
	kindRun         // min to max bytes of a class
	kindText        // exactly these bytes, maybe in any case
	kindAll         // one sub after the other
	kindAny         // one of the subs
	kindRepeat      // the only sub, min to max times
	kindAssert      // nothing, but only at certain places
	kindNever       // matches nowhere
)

// node is a part of a regular expression, reduced to what decides where a match
// can begin and end. Which of several matches is meant is left to regexp.
type node struct {
	kind     kind
	class    *class // of a run
	min, max int    // of runs and repetitions; max is unbounded if negative
	lazy     bool   // an unbounded run that ends as soon as it can
	text     string // in lower case if fold is set
	fold     bool
	assert   syntax.Op
	subs     []*node

	first   class // bytes that a match can begin with
	empty   bool  // a match can be empty
	bytes   class // bytes that can occur in a match
	longest int   // length of a match in bytes, negative if it is unbounded
	every   bool  // every byte can occur
}

// maxRepeat is how often a repetition of more than one class is followed; one
// that goes further is taken for a run of everything that occurs in it.
const maxRepeat = 8

// newNode reduces a parsed expression.
func newNode(re *syntax.Regexp) *node {
	n := shape(re)
	n.measure()
	return n
}

func shape(re *syntax.Regexp) *node {
	switch re.Op {
	case syntax.OpNoMatch:
		return &node{kind: kindNever}
	case syntax.OpEmptyMatch:
		return &node{}
	case syntax.OpLiteral:
		return literal(re)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return &node{kind: kindRun, class: classOf(re), min: 1, max: 1}
	case syntax.OpCapture:
		return newNode(re.Sub[0])
	case syntax.OpStar:
		return repeat(re, 0, -1)
	case syntax.OpPlus:
		return repeat(re, 1, -1)
	case syntax.OpQuest:
		return repeat(re, 0, 1)
	case syntax.OpRepeat:
		return repeat(re, re.Min, re.Max)
	case syntax.OpConcat, syntax.OpAlternate:
		n := &node{kind: kindAll}
		if re.Op == syntax.OpAlternate {
			n.kind = kindAny
		}
		for _, sub := range re.Sub {
			child := newNode(sub)
			if child.kind == n.kind { // groups within groups
				n.subs = append(n.subs, child.subs...)
				continue
			}
			n.subs = append(n.subs, child)
		}
		return n
	}
	return &node{kind: kindAssert, assert: re.Op}
}

func classOf(re *syntax.Regexp) *class {
	c := &class{}
	switch re.Op {
	case syntax.OpAnyChar:
		c.addRange(0, unicode.MaxRune)
	case syntax.OpAnyCharNotNL:
		c.addRange(0, unicode.MaxRune)
		c['\n'>>6] &^= 1 << ('\n' & 63)
	default:
		for i := 0; i < len(re.Rune); i += 2 {
			c.addRange(re.Rune[i], re.Rune[i+1])
		}
	}
	return c
}

func literal(re *syntax.Regexp) *node {
	n := &node{kind: kindText, fold: re.Flags&syntax.FoldCase != 0}
	for _, r := range re.Rune {
		if r > unicode.MaxASCII {
			return wideLiteral(re)
		}
		if n.fold {
			r = unicode.ToLower(r)
		}
		n.text += string(r)
	}
	return n
}

// wideLiteral is a literal with characters outside of ASCII, which may have a
// case of another length.
func wideLiteral(re *syntax.Regexp) *node {
	n := &node{kind: kindAll}
	for _, r := range re.Rune {
		one := &node{kind: kindRun, class: &class{}, min: 1, max: 1}
		for f := unicode.SimpleFold(r); ; f = unicode.SimpleFold(f) {
			if f == r || re.Flags&syntax.FoldCase != 0 {
				one.class.addRange(f, f)
			}
			if f == r {
				break
			}
		}
		one.measure()
		n.subs = append(n.subs, one)
	}
	return n
}

func repeat(re *syntax.Regexp, low, high int) *node {
	sub := newNode(re.Sub[0])
	lazy := re.Flags&syntax.NonGreedy != 0
	if sub.kind == kindRun && sub.min == 1 && sub.max == 1 {
		return &node{kind: kindRun, class: sub.class, min: low, max: high, lazy: lazy && high < 0}
	}
	if sub.kind == kindText && len(sub.text) == 1 && !sub.fold {
		c := sub.bytes
		return &node{kind: kindRun, class: &c, min: low, max: high, lazy: lazy && high < 0}
	}
	if high < 0 || high > maxRepeat {
		c := sub.bytes
		return &node{kind: kindRun, class: &c, min: 0, max: -1}
	}
	return &node{kind: kindRepeat, min: low, max: high, subs: []*node{sub}}
}

// measure sums up what the parts say.
func (n *node) measure() {
	switch n.kind {
	case kindEmpty, kindAssert:
		n.empty = true
	case kindRun:
		n.first, n.bytes, n.empty = *n.class, *n.class, n.min == 0
		n.longest = n.max
		if n.max > 0 && n.class.has(utf8.RuneSelf) {
			n.longest = n.max * utf8.UTFMax
		}
	case kindText:
		n.measureText()
	case kindAll:
		n.empty = true
		for _, sub := range n.subs {
			if n.empty {
				n.first.add(&sub.first)
			}
			n.empty = n.empty && sub.empty
			n.bytes.add(&sub.bytes)
			n.longest = plus(n.longest, sub.longest)
		}
	case kindAny:
		for _, sub := range n.subs {
			n.first.add(&sub.first)
			n.empty = n.empty || sub.empty
			n.bytes.add(&sub.bytes)
			n.longest = longer(n.longest, sub.longest)
		}
	case kindRepeat:
		sub := n.subs[0]
		n.first, n.bytes, n.empty = sub.first, sub.bytes, n.min == 0 || sub.empty
		for range n.max {
			n.longest = plus(n.longest, sub.longest)
		}
	}
	n.every = n.bytes == everything
}

var everything = func() (c class) {
	c.addRange(0, unicode.MaxRune)
	return c
}()

func (n *node) measureText() {
	n.longest = len(n.text)
	n.empty = n.text == ""
	for i, b := range []byte(n.text) {
		both := []byte{b}
		if n.fold && b >= 'a' && b <= 'z' {
			both = append(both, b-0x20)
		}
		for _, b := range both {
			n.bytes.addByte(b)
			if i == 0 {
				n.first.addByte(b)
			}
		}
	}
}

func plus(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

func longer(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return max(a, b)
}
