package scan

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner"
)

// What is as it was in the version before is not looked up, and the marks are the same.
func TestMarkOfVersions(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	pool := []string{"a\n", "b\n", "\n", "c\r\n", "d\n", "  e\n", "f"}
	with, without := newSeen(scanner.Reading, nil), newSeen(scanner.Reading, nil)
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
		if got.lines != want.lines || got.lo < want.lo {
			t.Fatalf("version %d, %q: got %v, want %v", n, data, got, want)
		}
		for line := range got.lines {
			if got.is(line) != want.is(line) {
				t.Fatalf("version %d, %q, line %d: got %v, want %v", n, data, line, got, want)
			}
		}
	}
}

// An excerpt has what a new line stands below, however far above, and the lines beside it.
func TestExcerpt(t *testing.T) {
	filler := strings.Repeat("    other: 1\n\n", 200)
	old := "first:\n  x: 1\nstringData:\n  deeper:\n" + filler + "    before: 1\n"
	s := newSeen(scanner.Reading, nil)
	s.mark("a.yaml", []byte(old+"    after: 1\n    end: 1\n"))
	src := &lint.Source{Path: "a.yaml", Data: []byte(old + "    password: x\n    after: 1\n    end: 1\n")}
	new := s.mark(src.Path, src.Data)
	want := "stringData:\n  deeper:\n    before: 1\n    password: x\n    after: 1\n"
	if got := string(s.excerpt(src, new).Data); got != want || new.count() != 1 {
		t.Errorf("%d new lines, excerpt %q, want %q", new.count(), got, want)
	}
	src.Data = append(src.Data, "\n   z: 1\r\n      y: 1"...)
	if got, want := string(s.excerpt(src, s.mark(src.Path, src.Data)).Data), "stringData:\n  deeper:\n\n   z: 1\n      y: 1\n"; !strings.HasSuffix(got, want) {
		t.Errorf("excerpt %q, want %q", got, want)
	}
}
