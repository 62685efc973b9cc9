// Package words finds all of a set of words in one pass, whatever their case: the
// machine of Aho and Corasick with every transition written down. Letters are
// folded within ASCII only.
package words

import (
	"slices"
	"strings"
)

// Set is a set of words. It is safe for concurrent use.
type Set struct {
	class  [256]uint32 // which column a byte has
	next   []uint32    // by state and class: the next state, times the number of classes; plus found
	stride uint32
	words  [][]int32 // by state: which words end there, longest first

	longest int // of the words, in bytes
}

// found marks a state in which words end.
const found = 1 << 31

// New makes a set. An empty word is never found.
func New(words []string) *Set {
	s := &Set{stride: 1}
	states := 1
	for _, word := range words {
		s.longest = max(s.longest, len(word))
		for _, b := range []byte(strings.ToLower(word)) {
			if s.class[b] == 0 {
				s.class[b] = s.stride
				s.stride++
			}
			states++
		}
	}
	for b := 'a'; b <= 'z'; b++ {
		s.class[b-0x20] = s.class[b]
	}
	s.next = make([]uint32, 0, states*int(s.stride)) // at most: words share their beginnings
	s.words = make([][]int32, 0, states)
	s.insert(words)
	s.link()
	return s
}

// insert makes the tree of all words; 0 stands for "no such child".
func (s *Set) insert(words []string) {
	s.grow()
	for i, word := range words {
		state := uint32(0)
		for _, b := range []byte(strings.ToLower(word)) {
			at := state*s.stride + s.class[b]
			if s.next[at] == 0 {
				s.next[at] = s.grow()
			}
			state = s.next[at]
		}
		if word != "" {
			s.words[state] = append(s.words[state], int32(i))
		}
	}
}

func (s *Set) grow() uint32 {
	s.next = s.next[:len(s.next)+int(s.stride)]
	s.words = s.words[:len(s.words)+1]
	return uint32(len(s.words) - 1)
}

// link turns the tree into a machine: where a word breaks off, the longest one
// that its end begins goes on.
func (s *Set) link() {
	fail := make([]uint32, len(s.words))
	queue := make([]uint32, 1, len(s.words))
	for i := 0; i < len(queue); i++ {
		state := queue[i]
		for c := range s.stride {
			at := state*s.stride + c
			child, other := s.next[at], uint32(0)
			if state != 0 {
				other = s.next[fail[state]*s.stride+c]
			}
			if child == 0 {
				s.next[at] = other
				continue
			}
			fail[child] = other
			if len(s.words[other]) > 0 {
				s.words[child] = slices.Concat(s.words[child], s.words[other])
			}
			queue = append(queue, child)
		}
	}
	for at, state := range s.next {
		s.next[at] = state * s.stride
		if len(s.words[state]) > 0 {
			s.next[at] |= found
		}
	}
}

// hit is a place where words end.
type hit struct{ end, state uint32 }

// Hits are where words of a set end in a text. The zero Hits are ready for Find, and
// can be used for one text after the other.
type Hits struct {
	set   *Set
	lanes [lanes][]hit
}

// lanes is how many parts of a text are read side by side: a step waits for the
// memory that the one before asked for, and four wait at the same time.
const lanes = 4

// shortText is not worth being parted.
const shortText = 1 << 10

// Find finds the words of a text, which must be shorter than 4 GB.
func (h *Hits) Find(s *Set, text []byte) {
	h.set = s
	for i := range h.lanes {
		h.lanes[i] = h.lanes[i][:0]
	}
	part := len(text) / lanes
	if len(text) < max(shortText, lanes*s.longest) {
		part = 0
	}
	var states [lanes]uint32
	for i := range states {
		states[i] = s.after(text[max(0, i*part-s.longest) : i*part])
	}
	if part > 0 {
		h.abreast(s, text, part, &states)
	}
	h.rest(s, text, lanes*part, states[lanes-1])
}

// abreast reads four parts of a text.
func (h *Hits) abreast(s *Set, text []byte, part int, states *[lanes]uint32) {
	p, q, r, t := text[:part], text[part:][:part], text[2*part:][:part], text[3*part:][:part]
	a, b, c, d := states[0], states[1], states[2], states[3]
	for i := range p {
		a, b, c, d = s.next[a+s.class[p[i]]], s.next[b+s.class[q[i]]], s.next[c+s.class[r[i]]], s.next[d+s.class[t[i]]]
		if (a|b|c|d)&found == 0 {
			continue
		}
		a, b = h.note(0, i, a), h.note(1, part+i, b)
		c, d = h.note(2, 2*part+i, c), h.note(3, 3*part+i, d)
	}
	states[lanes-1] = d
}

func (h *Hits) rest(s *Set, text []byte, from int, state uint32) {
	for i := from; i < len(text); i++ {
		if state = s.next[state+s.class[text[i]]]; state&found != 0 {
			state = h.note(lanes-1, i, state)
		}
	}
}

// note keeps a state if words end there.
func (h *Hits) note(lane, at int, state uint32) uint32 {
	if state&found != 0 {
		state &^= found
		h.lanes[lane] = append(h.lanes[lane], hit{uint32(at + 1), state})
	}
	return state
}

// after gives the state behind a text.
func (s *Set) after(text []byte) uint32 {
	state := uint32(0)
	for _, b := range text {
		state = s.next[state+s.class[b]] &^ found
	}
	return state
}

// Len is at how many places words end.
func (h *Hits) Len() (n int) {
	for _, lane := range h.lanes {
		n += len(lane)
	}
	return n
}

// Each calls hit for every word at every place, in the order of their ends, the
// longest first. A word is told by its index.
func (h *Hits) Each(hit func(word int32, end int)) {
	for _, lane := range h.lanes {
		for _, at := range lane {
			for _, word := range h.set.words[at.state/h.set.stride] {
				hit(word, int(at.end))
			}
		}
	}
}
