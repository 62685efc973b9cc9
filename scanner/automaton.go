package scanner

import (
	"slices"
	"strings"
)

// automaton finds all of a set of words in one pass, whatever their case: the
// machine of Aho and Corasick with every transition written down. Letters are
// folded within ASCII only.
type automaton struct {
	class  [256]uint32 // which column a byte has
	next   []uint32    // by state and class: the next state, times the number of classes; plus found
	stride uint32
	words  [][]int32 // by state: which words end there, longest first
}

// found marks a state in which words end.
const found = 1 << 31

func newAutomaton(words []string) *automaton {
	a := &automaton{stride: 1}
	for _, word := range words {
		for _, b := range []byte(strings.ToLower(word)) {
			if a.class[b] == 0 {
				a.class[b] = a.stride
				a.stride++
			}
		}
	}
	for b := 'a'; b <= 'z'; b++ {
		a.class[b-0x20] = a.class[b]
	}
	a.insert(words)
	a.link()
	return a
}

// insert makes the tree of all words; 0 stands for "no such child".
func (a *automaton) insert(words []string) {
	a.grow()
	for i, word := range words {
		state := uint32(0)
		for _, b := range []byte(strings.ToLower(word)) {
			at := state*a.stride + a.class[b]
			if a.next[at] == 0 {
				a.next[at] = a.grow()
			}
			state = a.next[at]
		}
		if word != "" {
			a.words[state] = append(a.words[state], int32(i))
		}
	}
}

func (a *automaton) grow() uint32 {
	a.next = append(a.next, make([]uint32, a.stride)...)
	a.words = append(a.words, nil)
	return uint32(len(a.words) - 1)
}

// link turns the tree into a machine: where a word breaks off, the longest one
// that its end begins goes on.
func (a *automaton) link() {
	fail := make([]uint32, len(a.words))
	queue := make([]uint32, 0, len(a.words))
	queue = append(queue, 0)
	for i := 0; i < len(queue); i++ {
		state := queue[i]
		for c := range a.stride {
			at := state*a.stride + c
			child, other := a.next[at], uint32(0)
			if state != 0 {
				other = a.next[fail[state]*a.stride+c]
			}
			if child == 0 {
				a.next[at] = other
				continue
			}
			fail[child] = other
			a.words[child] = slices.Concat(a.words[child], a.words[other])
			queue = append(queue, child)
		}
	}
	for at, state := range a.next {
		a.next[at] = state * a.stride
		if len(a.words[state]) > 0 {
			a.next[at] |= found
		}
	}
}

// each calls hit for every word at every place, in the order of their ends.
func (a *automaton) each(text []byte, hit func(word int32, end int)) {
	state := uint32(0)
	for i, b := range text {
		state = a.next[state+a.class[b]]
		if state&found != 0 {
			state &^= found
			for _, word := range a.words[state/a.stride] {
				hit(word, i+1)
			}
		}
	}
}
