package scan

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// fresh says which lines of a text are new. Most of a version is as it was in the one
// before: only of some lines in a row it is asked.
type fresh struct {
	first int // the line of the first mark, the first of the text at 0
	marks []bool
	lo    int // the byte at which the first marked line begins
	lines int // of the text
}

// wants says whether a place touches a new line.
func (f fresh) wants(at lint.Location) bool {
	for n := max(at.Start.Line, 1); n <= max(at.End.Line, at.Start.Line, 1); n++ {
		if n > f.lines || f.is(n-1) {
			return true
		}
	}
	return false
}

func (f fresh) is(line int) bool {
	at := line - f.first
	return at >= 0 && at < len(f.marks) && f.marks[at]
}

func (f fresh) count() int {
	n := 0
	for _, is := range f.marks {
		if is {
			n++
		}
	}
	return n
}

// rows gives the lines of a text as they are compared: without their line breaks, of
// which git and editors make others.
func rows(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.Lines(data) {
			end := len(line)
			for end > 0 && (line[end-1] == '\n' || line[end-1] == '\r') {
				end--
			}
			if !yield(line[:end]) {
				return
			}
		}
	}
}

// added marks the lines that a text has and its former version has not, or not as
// often. A line that only moved is none of them.
func added(before, after []byte) fresh {
	had := map[string]int{}
	for line := range rows(before) {
		had[string(line)]++
	}
	var new fresh
	for line := range rows(after) {
		new.marks = append(new.marks, had[string(line)] == 0)
		if had[string(line)] > 0 {
			had[string(line)]--
		}
	}
	new.lines = len(new.marks)
	return new
}

// mostSeen bounds the memory of lines: about 500 MB. What comes then is searched
// again, and nothing is missed.
const mostSeen = 30_000_000

// seen remembers the lines of a history by their hashes, and the last texts of
// files: most of a version is as it was in the one before.
type seen struct {
	name   func(file string) string // what the files have in common of which a line is new once
	salts  map[string]uint64        // hashes of these names, by file
	only   map[uint64]bool          // hashes of the lines that can be new; nil for all
	lines  hashes
	former map[string][]byte // by path
	held   int               // bytes of former

	rows []row // of the last excerpt, whose room the next one takes
	open []int
}

// mostFormer bounds the memory of former texts.
const mostFormer = 64 << 20

// lineSeed is one for all, so that hashes of lines can be compared.
var lineSeed = maphash.MakeSeed()

// lineHashes gives the hashes of the lines of a place.
func lineHashes(src *lint.Source, at lint.Location) []uint64 {
	var sums []uint64
	for n := max(at.Start.Line, 1); n <= min(max(at.End.Line, at.Start.Line, 1), src.Lines()); n++ {
		sums = append(sums, maphash.Bytes(lineSeed, bytes.TrimRight(src.Line(n), "\r\n")))
	}
	return sums
}

func newSeen(name func(string) string, only map[uint64]bool) *seen {
	return &seen{name: name, salts: map[string]uint64{}, only: only, former: map[string][]byte{}}
}

// salt is the same for files of the same name.
func (s *seen) salt(file string) uint64 {
	salt, known := s.salts[file]
	if !known {
		salt = maphash.String(lineSeed, s.name(file))
		s.salts[file] = salt
	}
	return salt
}

// shortestLine is as long as a line must be to hold anything of a credential: half of all
// lines that are remembered would be brackets otherwise.
const shortestLine = 4

// mark marks the lines that no file of the same name had before, and remembers them. Blank
// lines and lone brackets are never new.
func (s *seen) mark(file string, data []byte) fresh {
	salt := s.salt(file)
	lo, hi := changed(s.former[file], data)
	s.keep(file, data)
	new := fresh{first: bytes.Count(data[:lo], lineBreak), lo: lo}
	for line := range rows(data[lo:hi]) {
		is := len(bytes.TrimSpace(line)) >= shortestLine
		if is {
			sum := maphash.Bytes(lineSeed, line)
			is = (s.only == nil || s.only[sum]) && s.lines.add(sum^salt)
		}
		new.marks = append(new.marks, is)
	}
	new.lines = new.first + len(new.marks) + bytes.Count(data[hi:], lineBreak)
	if hi < len(data) && data[len(data)-1] != '\n' {
		new.lines++
	}
	return new
}

var lineBreak = []byte("\n")

func (s *seen) keep(file string, data []byte) {
	if s.held += len(data) - len(s.former[file]); s.held > mostFormer {
		clear(s.former)
		s.held = len(data)
	}
	s.former[file] = data
}

// changed gives the lines of a text between those that it begins and ends with as its
// former version did.
func changed(before, after []byte) (lo, hi int) {
	same := min(len(before), len(after))
	for lo+8 <= same && word(before[lo:]) == word(after[lo:]) {
		lo += 8
	}
	for lo < same && before[lo] == after[lo] {
		lo++
	}
	b, a := before[len(before)-same+lo:], after[len(after)-same+lo:]
	for len(a) >= 8 && word(b[len(b)-8:]) == word(a[len(a)-8:]) {
		b, a = b[:len(b)-8], a[:len(a)-8]
	}
	for len(a) > 0 && b[len(b)-1] == a[len(a)-1] {
		b, a = b[:len(b)-1], a[:len(a)-1]
	}
	hi = len(after) - same + lo + len(a)
	lo = bytes.LastIndexByte(after[:lo], '\n') + 1
	if i := bytes.IndexByte(after[hi:], '\n'); i >= 0 {
		return lo, hi + i + 1
	}
	return lo, len(after)
}

func word(data []byte) uint64 { return binary.LittleEndian.Uint64(data) }

// smallText is not worth an excerpt.
const smallText = 2 << 10

// row is a line that is read for an excerpt.
type row struct {
	text         []byte
	indent       int
	blank, taken bool
}

// excerpt gives the new lines of a text, each with its neighbours and with the lines
// that it is indented below: the key of a value may stand far above. It is nil if
// nearly all is new.
func (s *seen) excerpt(src *lint.Source, new fresh) *lint.Source {
	if len(src.Data) <= smallText || 2*new.count() > new.lines {
		return nil
	}
	// The lines that are read, and what of them counts: those before the first mark that it
	// stands below, the marked ones, and one behind.
	read := s.rows[:0]
	add := func(line []byte) {
		in := indent(line)
		read = append(read, row{text: line, indent: in, blank: in == len(line)})
	}
	for _, line := range above(src.Data[:new.lo]) {
		add(line)
	}
	before := len(read)
	for line := range rows(src.Data[new.lo:]) {
		add(line)
		if len(read) > before+len(new.marks) {
			break
		}
	}
	open := s.open[:0] // what the row that is read stands below, the outermost first
	for n, r := range read {
		for !r.blank && len(open) > 0 && read[open[len(open)-1]].indent >= r.indent {
			open = open[:len(open)-1]
		}
		if new.is(new.first + n - before) {
			read[max(n-1, 0)].taken, read[n].taken, read[min(n+1, len(read)-1)].taken = true, true, true
			for _, o := range open {
				read[o].taken = true
			}
		}
		if !r.blank {
			open = append(open, n)
		}
	}
	size := 0
	for _, r := range read {
		if r.taken {
			size += len(r.text) + 1
		}
	}
	data := make([]byte, 0, size)
	for _, r := range read {
		if r.taken {
			data = append(append(data, r.text...), '\n')
		}
	}
	s.rows, s.open = read, open
	return &lint.Source{Path: src.Path, Data: data}
}

// above gives of the lines at the end of a text those that a next line may stand below,
// and the last one.
func above(data []byte) [][]byte {
	var lines [][]byte
	least := -1
	for len(data) > 0 && least != 0 {
		begin := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
		line := bytes.TrimRight(data[begin:], "\r\n")
		if in := indent(line); in < len(line) && (least < 0 || in < least) {
			least = in
			lines = append(lines, line)
		} else if len(lines) == 0 {
			lines = append(lines, line)
		}
		data = data[:begin]
	}
	slices.Reverse(lines)
	return lines
}

func indent(line []byte) int {
	for i, c := range line {
		if c != ' ' && c != '\t' {
			return i
		}
	}
	return len(line)
}
