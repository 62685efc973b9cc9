package lint

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Source is one file in memory. Its bytes do not change once it is made.
type Source struct {
	Path   string // relative to the root of the run, with slashes
	Data   []byte
	Commit string // empty for the work tree

	once   sync.Once
	starts []int // offset of the first byte of each line
	marks  []mark
}

// mark is a column that is known: one in every stride bytes of a long line, so
// that many places on it cost no more than the line.
type mark struct{ offset, column int }

const stride = 1 << 12

// byteOrderMark may stand at the start of a text. No editor shows it, and none counts it.
var byteOrderMark = []byte("\ufeff")

// Unmarked is a text without the byte order mark at its start.
func Unmarked(text []byte) []byte { return bytes.TrimPrefix(text, byteOrderMark) }

// Position is a place in a text: line and column count from 1, columns in
// Unicode code points. The zero Position means "not known".
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Location is a range in a file; End is the position just behind its last
// character. A Location without a Start stands for the whole file.
type Location struct {
	Path   string   `json:"path"`
	Start  Position `json:"start"`
	End    Position `json:"end"`
	Commit string   `json:"commit,omitempty"` // the place is in the file as of this commit; empty for the work tree
}

// Overlaps says whether two locations share a character.
func (l Location) Overlaps(m Location) bool {
	return l.Path == m.Path && l.Commit == m.Commit && l.Start.compare(m.End) < 0 && m.Start.compare(l.End) < 0
}

// shortHash is how much of a commit's hash is shown: enough for any repository.
const shortHash = 12

// String gives path:line:column, the form that editors and terminals link. In
// front of a place in history stands the commit, as git itself writes it.
func (l Location) String() string {
	name := l.Path
	if l.Commit != "" {
		name = l.Commit[:min(len(l.Commit), shortHash)] + ":" + name
	}
	if l.Start.Line == 0 {
		return name
	}
	return fmt.Sprintf("%s:%d:%d", name, l.Start.Line, l.Start.Column)
}

// Compare orders locations by path, start, end and commit.
func (l Location) Compare(m Location) int {
	switch {
	case l.Path != m.Path:
		if l.Path < m.Path {
			return -1
		}
		return 1
	case l.Start != m.Start:
		return l.Start.compare(m.Start)
	case l.End != m.End:
		return l.End.compare(m.End)
	default:
		return strings.Compare(l.Commit, m.Commit)
	}
}

func (p Position) compare(q Position) int {
	if p.Line != q.Line {
		return p.Line - q.Line
	}
	return p.Column - q.Column
}

// Span is a range of bytes in a Source; End is exclusive. The zero Span says
// that a value stands nowhere of its own.
type Span struct {
	Source     *Source
	Start, End int

	at *Location // set by Detach
}

// Location turns the byte range into lines and columns.
func (s Span) Location() Location {
	if s.Source == nil {
		return Location{}
	}
	if s.at != nil {
		return *s.at
	}
	return Location{Path: s.Source.Path, Start: s.Source.Position(s.Start), End: s.Source.Position(s.End), Commit: s.Source.Commit}
}

// Text gives the bytes of the range.
func (s Span) Text() []byte {
	if s.Source == nil {
		return nil
	}
	end := min(max(s.End, 0), len(s.Source.Data))
	return s.Source.Data[min(max(s.Start, 0), end):end]
}

// Detach gives a span that still knows its lines and columns, but no longer
// holds the bytes of the file.
func (s Span) Detach() Span {
	if s.Source == nil || s.at != nil {
		return s
	}
	at := s.Location()
	return Span{Source: &Source{Path: s.Source.Path, Commit: s.Source.Commit}, at: &at}
}

// Ending is the ending of a path, of which one stands for those that say the same.
func Ending(file string) string {
	if ending := path.Ext(file); ending != ".yml" {
		return ending
	}
	return ".yaml"
}

// Sum tells whether a file is still the same.
func (s *Source) Sum() string {
	sum := sha256.Sum256(s.Data)
	return string(sum[:])
}

// Whole spans all of a source.
func (s *Source) Whole() Span { return Span{Source: s, Start: 0, End: len(s.Data)} }

func (s *Source) index() []int {
	s.once.Do(func() {
		s.starts = append(make([]int, 0, bytes.Count(s.Data, []byte{'\n'})+1), len(s.Data)-len(Unmarked(s.Data)))
		for at := bytes.IndexByte(s.Data[s.starts[0]:], '\n'); at >= 0; {
			start := s.starts[len(s.starts)-1] + at + 1
			s.starts = append(s.starts, start)
			at = bytes.IndexByte(s.Data[start:], '\n')
		}
		for i, start := range s.starts {
			end := len(s.Data)
			if i+1 < len(s.starts) {
				end = s.starts[i+1] - 1
			}
			s.mark(start, end)
		}
	})
	return s.starts
}

// mark counts the columns of a long line.
func (s *Source) mark(start, end int) {
	column := 1
	for end-start > stride {
		next := start + runeStart(s.Data[start:end], stride)
		column += utf8.RuneCount(s.Data[start:next])
		s.marks = append(s.marks, mark{next, column})
		start = next
	}
}

// Lines is the number of lines; a final newline begins no line of its own.
func (s *Source) Lines() int {
	n := len(s.index())
	if n > 1 && s.starts[n-1] == len(s.Data) {
		return n - 1
	}
	return n
}

// Line gives line n (from 1) without its line break, or nil.
func (s *Source) Line(n int) []byte {
	starts := s.index()
	if n < 1 || n > len(starts) {
		return nil
	}
	end := len(s.Data)
	if n < len(starts) {
		end = starts[n] - 1
	}
	return bytes.TrimSuffix(s.Data[starts[n-1]:end], []byte{'\r'})
}

// Position turns a byte offset into line and column. A byte that is no valid
// UTF-8 counts as one code point. An offset within a code point stands for its
// start; one within a line break, or behind the last byte, for the end of its
// line.
func (s *Source) Position(offset int) Position {
	starts := s.index()
	offset = min(max(offset, starts[0]), len(s.Data))
	line := sort.SearchInts(starts, offset+1)
	if line > 1 && offset == len(s.Data) && starts[line-1] == offset {
		line-- // behind the final newline: the end of the last line
	}
	text := s.Line(line)
	within := runeStart(text, min(offset-starts[line-1], len(text)))
	from, column := 0, 1
	next := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].offset > starts[line-1]+within })
	if next > 0 && s.marks[next-1].offset > starts[line-1] {
		from, column = s.marks[next-1].offset-starts[line-1], s.marks[next-1].column
	}
	return Position{Line: line, Column: column + utf8.RuneCount(text[from:within])}
}

// runeStart moves an offset within a code point back to its first byte.
func runeStart(text []byte, offset int) int {
	for start := offset - 1; start >= 0 && offset-start < utf8.UTFMax; start-- {
		if utf8.RuneStart(text[start]) {
			if _, size := utf8.DecodeRune(text[start:]); start+size > offset {
				return start
			}
			break
		}
	}
	return offset
}

// Offset is the inverse of Position. A position outside of the text gives the
// nearest offset within it.
func (s *Source) Offset(p Position) int {
	starts := s.index()
	if p.Line < 1 {
		return 0
	}
	if p.Line > len(starts) {
		return len(s.Data)
	}
	text, start := s.Line(p.Line), starts[p.Line-1]
	offset, column := 0, 1
	next := sort.Search(len(s.marks), func(i int) bool {
		m := s.marks[i]
		return m.offset > start && (m.offset > start+len(text) || m.column > p.Column)
	})
	if next > 0 && s.marks[next-1].offset > start {
		offset, column = s.marks[next-1].offset-start, s.marks[next-1].column
	}
	for ; column < p.Column && offset < len(text); column++ {
		_, size := utf8.DecodeRune(text[offset:])
		offset += size
	}
	return start + offset
}
