package scan

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What is as it was in the version before is not looked up, and the marks are the same.
func TestMarkOfVersions(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	pool := []string{"a\n", "b\n", "\n", "c\r\n", "d\n", "  e\n", "f"}
	with, without := newSeen(), newSeen()
	text := []string{}
	for n := range 3000 {
		at := random.IntN(len(text) + 1)
		gone := min(len(text)-at, random.IntN(3))
		line := pool[random.IntN(len(pool))]
		if random.IntN(4) == 0 {
			line = strings.Repeat("x", n%50) + "\n"
		}
		text = slices.Concat(text[:at], []string{line}, text[at+gone:])
		if len(text) > 30 {
			text = text[10:]
		}
		data := []byte(strings.Join(text, ""))
		clear(without.former)
		got, want := with.mark("a.txt", data), without.mark("a.txt", data)
		if !slices.Equal(got, want) {
			t.Fatalf("version %d, %q: got %v, want %v", n, data, got, want)
		}
	}
}
