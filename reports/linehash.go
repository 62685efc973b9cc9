package reports

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// lineHash is what GitHub calls primaryLocationLineHash: by it an alert keeps
// its identity when lines move. A different value would cost a warning for each
// result, so this is the same, unit for unit.
type lineHash struct {
	value      string
	start, end int // the bytes that took part; who knows all but a few of them can guess the rest
}

// hashed is the number of UTF-16 units, counted from the start of a line, that
// take part.
const hashed = 100

// lineHashes gives the hashes of all lines. There is none if data is no UTF-8:
// replacing what is invalid is done in more than one way.
func lineHashes(data []byte) []lineHash {
	if !utf8.Valid(data) {
		return nil
	}
	u := units(data)
	seen := map[uint64]int{}
	hashes := make([]lineHash, len(u.starts))
	for i, start := range u.starts {
		sum := uint64(0)
		for k := start; k < start+hashed; k++ {
			sum *= 37
			if k < len(u.values) {
				sum += uint64(u.values[k])
			}
		}
		seen[sum]++
		hashes[i] = lineHash{
			value: fmt.Sprintf("%x:%d", sum, seen[sum]),
			start: u.offsets[start],
			end:   u.offsets[min(start+hashed, len(u.offsets)-1)],
		}
	}
	return hashes
}

// hashUnits are the UTF-16 units that count: no blanks, one line feed for each
// line break, and a last unit that stands for the end of the file.
type hashUnits struct {
	values  []uint16
	offsets []int // of the byte where each begins
	starts  []int // which of them begin lines
}

func units(data []byte) hashUnits {
	u := hashUnits{starts: []int{0}}
	afterCR := false
	for i, r := range string(data) {
		skip := r == ' ' || r == '\t' || r == '\n' && afterCR
		afterCR = r == '\r'
		if skip {
			continue
		}
		if r == '\r' {
			r = '\n'
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			u.add(unit, i)
		}
		if r == '\n' {
			u.starts = append(u.starts, len(u.values))
		}
	}
	u.add(0xffff, len(data))
	return u
}

func (u *hashUnits) add(unit uint16, offset int) {
	u.values = append(u.values, unit)
	u.offsets = append(u.offsets, offset)
}

// lineHasher hashes the lines of findings, each file once.
type lineHasher struct {
	cleaner *cleaner
	saved   map[string]string // by fingerprint and place, of a run that was read
	files   map[file][]lineHash
}

func newLineHasher(r Report, c *cleaner) *lineHasher {
	return &lineHasher{cleaner: c, saved: r.lineHashes, files: map[file][]lineHash{}}
}

// of gives GitHub's hash of the finding's line, or "" if a credential takes part in
// it: from the hash and the rest of the line it could be guessed.
func (h *lineHasher) of(f *gate.Judged) string {
	src := h.cleaner.source(f.Location)
	if src == nil {
		return h.saved[hashKey(f.Fingerprint, f.Location)]
	}
	if f.Rule.PointsAtSecret() || f.Location.Start.Line == 0 {
		return ""
	}
	hashes, ok := h.files[fileOf(src)]
	if !ok {
		hashes = lineHashes(src.Data)
		h.files[fileOf(src)] = hashes
	}
	if f.Location.Start.Line > len(hashes) {
		return ""
	}
	hash := hashes[f.Location.Start.Line-1]
	for _, span := range h.cleaner.places[fileOf(src)] {
		if span.Start < hash.end && span.End > hash.start {
			return ""
		}
	}
	return hash.value
}

func hashKey(fingerprint string, at lint.Location) string { return fingerprint + " " + at.String() }
