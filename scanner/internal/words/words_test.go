package words

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
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
		f.Add([]byte(strings.Repeat(text+"-", 1+shortText/(len(text)+1)))) // is read in parts
	}
	set := New(some)
	var hits Hits
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 2*shortText {
			t.Skip("too long for the plain way")
		}
		var got []string
		hits.Find(set, text)
		last := 0
		hits.Each(func(word int32, end int) {
			got = append(got, fmt.Sprint(end, word))
			if end < last {
				t.Errorf("in %q: %d comes behind %d", text, end, last)
			}
			last = end
		})
		slices.Sort(got)
		if want := plainly(text); !slices.Equal(got, want) {
			t.Errorf("in %q: got %v, want %v", text, got, want)
		}
	})
}

func TestNoWords(t *testing.T) {
	var hits Hits
	hits.Find(New(nil), []byte("anything"))
	hits.Each(func(int32, int) { t.Error("found a word of none") })
}
