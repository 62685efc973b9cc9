package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// errRatio ends the reading of one file, and of nothing else.
var errRatio = errors.New("too much comes out of too little")

// counted counts what is read.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// meter reads what was unpacked, as long as the budget lasts.
type meter struct {
	*Walker
	ctx  context.Context
	name string
	from io.Reader
	in   func() int64 // bytes that it came from; nil if there is no compression
	out  int64
	err  error
}

func (w *Walker) metered(ctx context.Context, name string, from io.Reader, in func() int64) *meter {
	return &meter{Walker: w, ctx: ctx, name: name, from: from, in: in}
}

func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.from.Read(p)
	m.out += int64(n)
	m.bytes += int64(n)
	switch {
	case m.bytes > m.Budget.Bytes:
		m.Cut(m.name, fmt.Sprintf("and all before it are more than %d MB", m.Budget.Bytes>>20))
		m.err = errBudget
	case m.in != nil && m.out > grace && m.out > m.Budget.Ratio*m.in():
		m.Cut(m.name, fmt.Sprintf("becomes more than %d times as large", m.Budget.Ratio))
		m.err = errRatio
	case err != nil && !errors.Is(err, io.EOF):
		m.err = m.broken(m.name, err)
		if m.err == nil {
			m.err = io.EOF // what was read until then counts
		}
	case err != nil:
		m.err = err
	default:
		m.err = m.time(m.ctx, m.name)
	}
	return n, m.err
}

// end gives the error that ends the whole walk, if that of a file does.
func (m *meter) end(err error) error {
	if errors.Is(err, errRatio) || m.err != nil && errors.Is(m.err, errRatio) {
		return nil
	}
	return err
}
