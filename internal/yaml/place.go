package yaml

import (
	"bytes"
	"sort"
	"unicode/utf8"

	yamlv3 "gopkg.in/yaml.v3"
)

// cursor turns the parser's lines and columns into byte offsets. The parser
// counts characters, and begins a line at every break that YAML 1.1 knows. It
// remembers its last answer, so that a file of one long line costs linear time.
type cursor struct {
	data   []byte
	starts []int
	line   int // of the last answer, from 0
	col    int // from 0
	at     int
}

func newCursor(data []byte) *cursor {
	c := &cursor{data: data, starts: []int{len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))}}
	for i := c.starts[0]; i < len(data); {
		width := breakWidth(data[i:])
		if width == 0 {
			i++
			continue
		}
		i += width
		c.starts = append(c.starts, i)
	}
	return c
}

// breakWidth is the length of the line break at the front of b, or 0.
func breakWidth(b []byte) int {
	switch {
	case b[0] == '\r' && len(b) > 1 && b[1] == '\n':
		return 2
	case b[0] == '\n' || b[0] == '\r':
		return 1
	case b[0] == 0xC2 && len(b) > 1 && b[1] == 0x85: // next line
		return 2
	case b[0] == 0xE2 && len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9): // line and paragraph separator
		return 3
	}
	return 0
}

// offset answers for a line and column that count from 1.
func (c *cursor) offset(line, column int) int {
	line, column = max(line-1, 0), max(column-1, 0)
	if line >= len(c.starts) {
		return len(c.data)
	}
	if line != c.line || column < c.col || c.at < c.starts[line] {
		c.line, c.col, c.at = line, 0, c.starts[line]
	}
	for c.col < column && c.at < len(c.data) {
		_, size := utf8.DecodeRune(c.data[c.at:])
		c.at += size
		c.col++
	}
	return c.at
}

// column is the column of an offset, from 0, in bytes: it is only used to
// compare indentation, which is spaces.
func (c *cursor) column(offset int) int {
	line := sort.SearchInts(c.starts, offset+1) - 1
	return offset - c.starts[max(line, 0)]
}

// scalarEnd finds where the text of a scalar ends: the parser says only where
// it starts.
func scalarEnd(data []byte, start int, node *yamlv3.Node, in context) int {
	switch {
	case start >= len(data):
		return len(data)
	case node.Style&yamlv3.DoubleQuotedStyle != 0:
		return quotedEnd(data, start, '"')
	case node.Style&yamlv3.SingleQuotedStyle != 0:
		return quotedEnd(data, start, '\'')
	case node.Style&(yamlv3.LiteralStyle|yamlv3.FoldedStyle) != 0:
		return blockEnd(data, start, in.indent)
	}
	return plainEnd(data, start, node.Value)
}

func quotedEnd(data []byte, start int, quote byte) int {
	for i := start + 1; i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote == '"':
			i++
		case data[i] == quote && quote == '\'' && i+1 < len(data) && data[i+1] == '\'':
			i++
		case data[i] == quote:
			return i + 1
		}
	}
	return len(data)
}

// plainEnd follows an unquoted value through the source: where the value has a
// space or a line break, the source may have any white space.
func plainEnd(data []byte, start int, value string) int {
	at := start
	for i := 0; i < len(value); {
		if at >= len(data) {
			return len(data)
		}
		if value[i] == data[at] {
			i, at = i+1, at+1
			continue
		}
		if !isBlank(value[i]) && !isBlank(data[at]) {
			return at
		}
		for i < len(value) && isBlank(value[i]) {
			i++
		}
		for at < len(data) && isBlank(data[at]) {
			at++
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// blockEnd finds the last line of a block scalar: those below its header that
// are indented at least as far as its content.
func blockEnd(data []byte, start, parent int) int {
	header := lineEnd(data, start)
	end, indent := start+len(bytes.TrimRight(data[start:header], " \t\r")), -1
	for _, c := range data[start+1 : min(start+3, header)] {
		if c >= '1' && c <= '9' {
			indent = max(parent, 0) + int(c-'0')
		}
	}
	for at := header + 1; at <= len(data) && header < len(data); {
		next := lineEnd(data, at)
		line := bytes.TrimRight(data[at:next], "\r")
		spaces := len(line) - len(bytes.TrimLeft(line, " "))
		blank := len(bytes.TrimSpace(line)) == 0
		if indent < 0 && !blank {
			if spaces <= parent {
				return end
			}
			indent = spaces
		}
		if !blank && spaces < indent {
			return end
		}
		if !blank {
			end = at + len(line)
		}
		if next >= len(data) {
			return end
		}
		at = next + 1
	}
	return end
}

func lineEnd(data []byte, at int) int {
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(data)
}
