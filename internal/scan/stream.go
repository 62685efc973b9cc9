package scan

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/lint"
)

// Of a large file one block is searched at a time, with what stands around it: a
// credential is longer than one line, but not than a key.
const around = 16 << 10

// block is the size of a block: what check reads is one.
func (s *Scan) block() int {
	if s.blockSize > 0 {
		return s.blockSize
	}
	return discover.DefaultMaxSize
}

// stream searches a text of any size in constant memory. A text that cannot be read does not
// pass.
func (r *run) stream(name string, content io.Reader) error {
	text, err := fill(r.buffer(room(content, r.block()+around)), content, r.block()+around)
	if err != nil {
		return err
	}
	if len(text) < r.block()+around {
		if src, skip := discover.Text(name, text); skip != nil {
			r.noText(skip)
		} else {
			r.pieces <- piece{source: src, buffer: text}
		}
		return nil
	}
	if narrow := discover.Narrow(text, content); narrow != nil {
		return r.stream(name, narrow)
	}
	if _, skip := discover.Text(name, text); skip != nil {
		r.noText(skip)
		return nil
	}
	return r.blocks(name, io.MultiReader(bytes.NewReader(text), content), min(r.block(), mostBlock))
}

// mostBlock is the size of a block of what does not fit into one: what is remembered of a
// text that is full of what looks like credentials is many times as large.
const mostBlock = 1 << 20

// blocks searches a text in blocks of a size.
func (r *run) blocks(name string, content io.Reader, block int) error {
	text, err := fill(nil, content, block+around)
	if err != nil {
		return err
	}
	at := cursor{lint.Position{Line: 1, Column: 1}}
	for from := 0; ; {
		own := len(text)
		if last := own-from < block+around; !last {
			own = from + cutAt(text[from:], block)
		}
		r.part(name, text, from, own, at)
		if own == len(text) {
			return nil
		}
		at.pass(text[from:own])
		start := max(0, own-around)
		from = own - start
		next := append(make([]byte, 0, from+block+around), text[start:]...)
		if text, err = fill(next, content, from+block+around); err != nil {
			return err
		}
	}
}

// buffer gives an empty one with room for a file: one that held another file, if there is one.
func (r *run) buffer(room int) []byte {
	if used, _ := r.buffers.Get().(*[]byte); used != nil && cap(*used) >= room {
		return (*used)[:0]
	}
	return make([]byte, 0, max(room, 64<<10))
}

// fill reads until there are so many bytes, or no more.
func fill(data []byte, from io.Reader, want int) ([]byte, error) {
	if cap(data) >= want {
		n, err := io.ReadFull(from, data[len(data):want])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		return data[:len(data)+n], err
	}
	buffer := bytes.NewBuffer(data) // grows with what is there: most files are small
	_, err := buffer.ReadFrom(io.LimitReader(from, int64(want-len(data))))
	return buffer.Bytes(), err
}

// room is how large a buffer is that need not grow, as far as that is known.
func room(content io.Reader, want int) int {
	if sized, ok := content.(interface{ Size() int64 }); ok {
		return int(min(sized.Size()+bytes.MinRead, int64(want)))
	}
	return 0
}

// cutAt gives the place behind the last line that fits into a block, or where a
// character begins if the line does not end.
func cutAt(window []byte, block int) int {
	if i := bytes.LastIndexByte(window[:block], '\n'); i >= block-around {
		return i + 1
	}
	cut := block
	for cut > block-utf8.UTFMax && !utf8.RuneStart(window[cut]) {
		cut--
	}
	return cut
}

// part searches a part of a text. What begins there is found there, what begins
// around it is found by others.
func (r *run) part(name string, text []byte, start, end int, at cursor) {
	src := &lint.Source{Path: name, Data: text}
	from, to := src.Position(start), src.Position(end)
	if end == len(text) {
		to = lint.Position{Line: src.Lines() + 2}
	}
	r.pieces <- piece{
		source: src, part: at.Line+at.Column > 2,
		wants: func(l lint.Location) bool { return !earlier(l.Start, from) && earlier(l.Start, to) },
		place: func(l *lint.Location) { l.Start, l.End = at.shift(l.Start, from), at.shift(l.End, from) },
	}
}

func earlier(a, b lint.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
}

// cursor is the place of a block in its file.
type cursor struct{ lint.Position }

// pass moves behind a text.
func (c *cursor) pass(text []byte) {
	if c.Line+c.Column == 2 {
		text = lint.Unmarked(text)
	}
	if n := bytes.Count(text, []byte("\n")); n > 0 {
		c.Line += n
		c.Column = 1
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	c.Column += utf8.RuneCount(text)
}

// shift turns a place in a source, in which the block begins at from, into one in the file.
func (c *cursor) shift(p, from lint.Position) lint.Position {
	if p.Line == from.Line {
		p.Column += c.Column - from.Column
	}
	p.Line += c.Line - from.Line
	return p
}
