package words

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

var some = []string{"key", "Monkey", "ey", "api_key", "", "\xc3\xa4", "keys"}

// plainly is what Each does, one word and place at a time.
func plainly(text []byte) []string {
	var all []string
	for end := range len(text) + 1 {
		for i, word := range some {
			if word != "" && bytes.HasSuffix(lower(text[:end]), lower([]byte(word))) {
				all = append(all, fmt.Sprint(end, i))
			}
		}
	}
	slices.Sort(all)
	return all
}

func lower(text []byte) []byte {
	out := slices.Clone(text)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] |= 0x20
		}
	}
	return out
}

func FuzzSet(f *testing.F) {
	for _, text := range []string{"", "monkeys", "API_KEYKEY", "eyeyey", "mon\xc3\xa4key", "\xc3\x84"} {
		f.Add([]byte(text))
	}
	set := New(some)
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<10 {
			t.Skip("too long for the plain way")
		}
		var got []string
		first := -1
		set.Each(text, func(word int32, end int) {
			got = append(got, fmt.Sprint(end, word))
			if first < 0 {
				first = end
			}
		})
		slices.Sort(got)
		if want := plainly(text); !slices.Equal(got, want) {
			t.Errorf("in %q: got %v, want %v", text, got, want)
		}
		if next := set.Next(text, 0); next != first {
			t.Errorf("in %q: the next word ends at %d, want %d", text, next, first)
		}
	})
}

func TestNoWords(t *testing.T) {
	if New(nil).Next([]byte("anything"), 0) != -1 {
		t.Error("found a word of none")
	}
}
