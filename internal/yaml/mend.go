package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/regex"
)

// mender leaves out of a stream what keeps it from being parsed, entry by entry of
// its blocks: one wrong line must not hide what stands above and below it. An entry
// is kept if it parses with the lines around it that it belongs to; else it is
// looked into, until a line is left that cannot be read.
type mender struct {
	lines [][]byte // with their ends
	lost  []bool
	tries int // of parsing, in lines
}

// maxTries bounds the lines that are parsed again: a level of nesting costs the
// broken part of the file once.
const maxTries = 2_000_000

// mend gives the stream with blanks in place of what is left out, and the lines of
// that; nothing if it cannot be read even so.
func mend(data []byte) ([]byte, []lineRange) {
	m := &mender{lines: bytes.SplitAfter(data, []byte("\n"))}
	m.lost = make([]bool, len(m.lines))
	for start := 0; start < len(m.lines); {
		end := start + 1
		for end < len(m.lines) && !isMarker(m.lines[end]) {
			end++
		}
		m.block(start, end, nil)
		start = end
	}
	for range 100 {
		mended := m.rest()
		err := parses(mended)
		if err == nil {
			return mended, m.ranges()
		}
		anchor := unknownAnchor().FindStringSubmatch(err.Error())
		if anchor == nil || !m.leaveAliases(anchor[1]) {
			return nil, nil
		}
	}
	return nil, nil
}

var unknownAnchor = regex.Lazy(`unknown anchor '([^']*)' referenced`)

// isMarker holds for lines between documents, which nothing can contain.
func isMarker(line []byte) bool {
	text := bytes.TrimRight(line, " \t\r\n")
	return string(text) == "---" || bytes.HasPrefix(line, []byte("--- ")) || string(text) == "..."
}

// entry is how a line begins that is a key or an item.
var entry = regex.Lazy(`^ *(?:- |-\s*$|\? |"[^"]*"\s*:|'[^']*'\s*:|[^\s#"'\[\]{},&*!|>%@\x60-][^#]*?:(?:\s|$)|[*&!][^\s]+ |<<\s*:|- *$)`)

// block leaves out what is wrong of the lines from start to end, which are the
// entries of one block; above are the lines that it stands in.
func (m *mender) block(start, end int, above []int) {
	indent := -1
	var starts []int
	for i := start; i < end; i++ {
		width, blank := indentation(m.lines[i])
		if blank || isMarker(m.lines[i]) || m.lost[i] {
			continue
		}
		if indent < 0 {
			indent = width
		}
		dash := bytes.HasPrefix(m.lines[i][width:], []byte("-"))
		first := len(starts) > 0 && !bytes.HasPrefix(bytes.TrimLeft(m.lines[starts[0]], " "), []byte("-"))
		if len(starts) == 0 || width <= indent && entry().Match(m.lines[i]) && !(dash && first && width == indent) {
			starts = append(starts, i)
		}
	}
	for n, from := range starts {
		to := end
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		m.entry(from, to, indent, above)
	}
}

// entry leaves out what is wrong of one entry: nothing, lines that stand too far left
// to be part of it, what is below its first line, or all.
func (m *mender) entry(start, end, indent int, above []int) {
	if m.fits(above, start, end) {
		return
	}
	whole := entry().Match(m.lines[start])
	for i := start; i < end; i++ {
		width, blank := indentation(m.lines[i])
		if !blank && width <= indent && !entry().Match(m.lines[i]) && !isMarker(m.lines[i]) {
			m.lost[i] = true
		}
	}
	switch {
	case m.fits(above, start, end):
	case whole && m.fits(above, start, start+1) && end > start+1 && len(above) < MaxDepth:
		m.block(start+1, end, append(slices.Clip(above), start))
	default:
		for i := start; i < end; i++ {
			m.lost[i] = m.lost[i] || !isMarker(m.lines[i])
		}
	}
}

// indentation is how far a line is indented, and whether nothing but a comment
// stands in it.
func indentation(line []byte) (int, bool) {
	text := bytes.TrimLeft(line, " ")
	rest := bytes.TrimSpace(text)
	return len(line) - len(text), len(rest) == 0 || rest[0] == '#'
}

// fits says whether lines parse within those that they stand in.
func (m *mender) fits(above []int, start, end int) bool {
	if m.tries += len(above) + end - start; m.tries > maxTries {
		return false
	}
	var text []byte
	for _, i := range above {
		text = append(text, m.lines[i]...)
	}
	for i := start; i < end; i++ {
		if !m.lost[i] {
			text = append(text, m.lines[i]...)
		}
	}
	for range 100 {
		err := parses(text)
		if err == nil {
			return true
		}
		anchor := unknownAnchor().FindStringSubmatch(err.Error())
		if anchor == nil {
			return false
		}
		text = bytes.ReplaceAll(text, []byte("*"+anchor[1]), []byte("_"+anchor[1])) // it stands elsewhere
	}
	return false
}

// leaveAliases leaves out the lines that use an anchor which is left out itself.
func (m *mender) leaveAliases(name string) bool {
	found := false
	for i, line := range m.lines {
		if !m.lost[i] && bytes.Contains(line, []byte("*"+name)) {
			m.lost[i], found = true, true
		}
	}
	return found
}

// rest is the stream with blanks in place of what is left out, byte by byte, so that
// the rest stands where it stood.
func (m *mender) rest() []byte {
	var all []byte
	for i, line := range m.lines {
		for k := 0; k < len(line); {
			width := breakWidth(line[k:])
			if m.lost[i] && width == 0 {
				all, k = append(all, ' '), k+1
				continue
			}
			all = append(all, line[k:k+max(width, 1)]...)
			k += max(width, 1)
		}
	}
	return all
}

func (m *mender) ranges() []lineRange {
	var all []lineRange
	for i := 0; i < len(m.lines); i++ {
		if !m.lost[i] {
			continue
		}
		start := i
		end := start
		for ; i+1 < len(m.lines) && m.lost[i+1]; i++ {
			if _, blank := indentation(m.lines[i+1]); !blank {
				end = i + 1
			}
		}
		all = append(all, lineRange{start + 1, end + 1})
	}
	return all
}

// parses says why a stream cannot be parsed.
func parses(data []byte) error {
	decoder := yamlv3.NewDecoder(bytes.NewReader(data))
	for {
		var node yamlv3.Node
		if err := decode(decoder, &node); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// lineRange is a part of a file, by its first and last line.
type lineRange struct{ from, to int }

func (l lineRange) String() string {
	if l.from == l.to {
		return fmt.Sprintf("line %d is not read", l.from)
	}
	return fmt.Sprintf("lines %d to %d are not read", l.from, l.to)
}
