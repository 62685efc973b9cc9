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
}

// found marks a state in which words end.
const found = 1 << 31

// New makes a set. An empty word is never found.
func New(words []string) *Set {
	s := &Set{stride: 1}
	states := 1
	for _, word := range words {
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

// Each calls hit for every word at every place, in the order of their ends. A word
// is told by its index.
func (s *Set) Each(text []byte, hit func(word int32, end int)) {
	state := uint32(0)
	for i, b := range text {
		state = s.next[state+s.class[b]]
		if state&found != 0 {
			state &^= found
			for _, word := range s.words[state/s.stride] {
				hit(word, i+1)
			}
		}
	}
}

// Next gives the end of the first word at or after from, -1 if there is none.
func (s *Set) Next(text []byte, from int) int {
	state := uint32(0)
	for i := from; i < len(text); i++ {
		if state = s.next[state+s.class[text[i]]]; state&found != 0 {
			return i + 1
		}
	}
	return -1
}
