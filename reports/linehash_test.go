package reports

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestLineHashes(t *testing.T) {
	values := func(text string) []string {
		var values []string
		for _, hash := range lineHashes([]byte(text)) {
			values = append(values, hash.value)
		}
		return values
	}
	// The end of the file alone: 65535·37⁹⁹ modulo 2⁶⁴.
	if got := values(""); !slices.Equal(got, []string{"c129715d7a2bc9a3:1"}) {
		t.Errorf("got %q for an empty file", got)
	}
	same := []struct{ name, a, b string }{
		{"blanks do not count", "a b\n\tc", "ab\nc"},
		{"line breaks are the same", "a\r\nb\rc\n", "a\nb\nc\n"},
	}
	for _, test := range same {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(values(test.a), values(test.b)); diff != "" {
				t.Error(diff)
			}
		})
	}
	repeated := values(strings.Repeat("a line that is twenty\n", 9))
	if first, second := repeated[0], repeated[1]; first[:len(first)-1] != second[:len(second)-1] || !strings.HasSuffix(second, ":2") {
		t.Errorf("equal lines are not counted: %q", repeated)
	}
	if got := values("a\xff"); got != nil {
		t.Errorf("got %q for what is no UTF-8", got)
	}
}

// GitHub computes the hash with a rolling window over the whole file; both ways
// must agree, and the bytes that took part must lie around the line.
func FuzzLineHashes(f *testing.F) {
	f.Add("a\n b\r\n\r\rc\r \n🔑\n")
	f.Add(strings.Repeat("x", 250) + "\n" + strings.Repeat("\n", 120))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		got := lineHashes([]byte(text))
		want := rollingHashes(text)
		if len(got) != len(want) {
			t.Fatalf("%d hashes, want %d", len(got), len(want))
		}
		for i := range got {
			if got[i].value != want[i] {
				t.Errorf("line %d: %s, want %s", i+1, got[i].value, want[i])
			}
			if got[i].start > got[i].end || got[i].end > len(text) {
				t.Errorf("line %d: bytes %d to %d of %d", i+1, got[i].start, got[i].end, len(text))
			}
		}
	})
}

// rollingHashes keeps one sum while it goes through the file: it adds the unit
// that comes into the window and takes off the one that leaves it.
func rollingHashes(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	units := utf16.Encode([]rune(strings.NewReplacer(" ", "", "\t", "").Replace(text)))
	units = append(append(units, 0xffff), make([]uint16, hashed)...)
	leaving := uint64(1)
	for range hashed {
		leaving *= 37
	}
	var hashes []string
	seen := map[uint64]int{}
	sum := uint64(0)
	for i, unit := range units {
		if start := i - hashed; start >= 0 && (start == 0 || units[start-1] == '\n') {
			seen[sum]++
			hashes = append(hashes, fmt.Sprintf("%x:%d", sum, seen[sum]))
		}
		sum = sum*37 + uint64(unit)
		if i >= hashed {
			sum -= leaving * uint64(units[i-hashed])
		}
	}
	return hashes
}
