package judge

// triggerWords are what a place must hold to be looked at: a word that keys of
// credentials are made of, or the beginning of a form that needs no key.
var triggerWords = []string{
	"pass", "pwd", "secret", "token", "key", "auth", "cred", "cookie", "session",
	"seed", "jwt", "psk", "bearer", "basic", "://", "identified by", "passcode", "pin", "pw",
}

// triggers is a dense automaton over triggerWords that folds case. It has one
// column for each byte that occurs in a word, and one for all others.
type triggers struct {
	class [256]uint8
	width int
	next  []uint16
	ends  []bool // by state: whether a word ends here
}

func newTriggers(words []string) *triggers {
	t := &triggers{width: 1}
	for _, word := range words {
		for i := range len(word) {
			if b := word[i]; t.class[b] == 0 {
				t.class[b] = uint8(t.width)
				if 'a' <= b && b <= 'z' {
					t.class[b-'a'+'A'] = uint8(t.width)
				}
				t.width++
			}
		}
	}
	t.grow()
	for _, word := range words {
		state := 0
		for i := range len(word) {
			edge := state*t.width + int(t.class[word[i]])
			if t.next[edge] == 0 {
				t.next[edge] = uint16(len(t.ends))
				t.grow()
			}
			state = int(t.next[edge])
		}
		t.ends[state] = true
	}
	t.link()
	return t
}

func (t *triggers) grow() {
	t.next = append(t.next, make([]uint16, t.width)...)
	t.ends = append(t.ends, false)
}

// link adds the edges of Aho and Corasick: where a word breaks off, go on with
// the longest end of what was read that begins another.
func (t *triggers) link() {
	fail := make([]int, len(t.ends))
	queue := []int{0}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		for c := range t.width {
			edge := state*t.width + c
			child := int(t.next[edge])
			switch back := int(t.next[fail[state]*t.width+c]); {
			case child == 0 && state != 0:
				t.next[edge] = uint16(back)
			case child != 0:
				if state != 0 {
					fail[child] = back
				}
				t.ends[child] = t.ends[child] || t.ends[fail[child]]
				queue = append(queue, child)
			}
		}
	}
}

// find gives the offset behind the next word at or after from, -1 if there is none.
func (t *triggers) find(data []byte, from int) int {
	state := 0
	for i := from; i < len(data); i++ {
		state = int(t.next[state*t.width+int(t.class[data[i]])])
		if t.ends[state] {
			return i + 1
		}
	}
	return -1
}
