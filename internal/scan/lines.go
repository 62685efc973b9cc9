package scan

import (
	"bytes"
	"hash/maphash"
	"iter"
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// fresh says of each line of a text, the first at 0, whether it is new.
type fresh []bool

// wants says whether a place touches a new line.
func (f fresh) wants(at lint.Location) bool {
	for n := max(at.Start.Line, 1); n <= max(at.End.Line, at.Start.Line, 1); n++ {
		if n-1 >= len(f) || f[n-1] {
			return true
		}
	}
	return false
}

func (f fresh) count() int {
	n := 0
	for _, is := range f {
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
	var marks fresh
	for line := range rows(after) {
		marks = append(marks, had[string(line)] == 0)
		if had[string(line)] > 0 {
			had[string(line)]--
		}
	}
	return marks
}

// mostSeen bounds the memory of lines: about 500 MB. What comes then is searched
// again, and nothing is missed.
const mostSeen = 30_000_000

// seen remembers the lines of a history by their hashes, and the last texts of
// files: most of a version is as it was in the one before.
type seen struct {
	seed   maphash.Seed
	lines  hashes
	former map[string][]byte // by path
	held   int               // bytes of former
}

// mostFormer bounds the memory of former texts.
const mostFormer = 64 << 20

func newSeen() *seen {
	return &seen{seed: maphash.MakeSeed(), former: map[string][]byte{}}
}

// mark marks the lines that no file of the kind had before, and remembers them. Blank
// lines are never new.
func (s *seen) mark(file string, data []byte) fresh {
	salt := maphash.String(s.seed, kind(file))
	lo, hi := changed(s.former[file], data)
	s.keep(file, data)
	marks := make(fresh, bytes.Count(data[:lo], []byte("\n")), bytes.Count(data, []byte("\n"))+1)
	for line := range rows(data[lo:hi]) {
		sum := maphash.Bytes(s.seed, line) ^ salt
		marks = append(marks, s.lines.add(sum) && len(bytes.TrimSpace(line)) > 0)
	}
	rest := bytes.Count(data[hi:], []byte("\n"))
	if hi < len(data) && data[len(data)-1] != '\n' {
		rest++
	}
	return append(marks, make(fresh, rest)...)
}

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
	for lo < same && before[lo] == after[lo] {
		lo++
	}
	for hi < same-lo && before[len(before)-1-hi] == after[len(after)-1-hi] {
		hi++
	}
	lo = bytes.LastIndexByte(after[:lo], '\n') + 1
	hi = len(after) - hi
	if i := bytes.IndexByte(after[hi:], '\n'); i >= 0 {
		return lo, hi + i + 1
	}
	return lo, len(after)
}

// kind is what the name of a file tells about its content: the same line means the same
// in files of one kind, but not in those of another.
func kind(file string) string {
	base := strings.ToLower(path.Base(file))
	if ext := path.Ext(base); ext != "" {
		return ext
	}
	return base
}

// smallText is not worth an excerpt.
const smallText = 2 << 10

// excerpt gives the new lines of a text, each with its neighbours and with the lines
// that it is indented below: the key of a value may stand far above. It is nil if
// nearly all is new.
func excerpt(src *lint.Source, new fresh) *lint.Source {
	if len(src.Data) <= smallText || 2*new.count() > len(new) {
		return nil
	}
	take, n := excerpted(src, new), 0
	var data []byte
	for line := range rows(src.Data) {
		if take[n] {
			data = append(append(data, line...), '\n')
		}
		n++
	}
	return &lint.Source{Path: src.Path, Data: data}
}

// excerpted marks the lines of an excerpt.
func excerpted(src *lint.Source, new fresh) []bool {
	type ancestor struct{ line, indent int }
	var above []ancestor // of the line that is read, the outermost first
	take, n := make([]bool, len(new)), 0
	for line := range rows(src.Data) {
		in := indent(line)
		if in < len(line) {
			for len(above) > 0 && above[len(above)-1].indent >= in {
				above = above[:len(above)-1]
			}
		}
		if new[n] {
			take[max(n-1, 0)], take[n], take[min(n+1, len(new)-1)] = true, true, true
			for _, a := range above {
				take[a.line] = true
			}
		}
		if in < len(line) {
			above = append(above, ancestor{n, in})
		}
		n++
	}
	return take
}

func indent(line []byte) int {
	for i, c := range line {
		if c != ' ' && c != '\t' {
			return i
		}
	}
	return len(line)
}
