package scan

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/policyctl/policyctl/internal/archive"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
)

// isEmpty says why a stream or an archive without a byte does not pass.
const isEmpty = "is empty: the program that should have written it may have failed"

// Input searches a stream: a text, or an archive with all that is in it. An empty one is
// not checked: in a pipe nobody sees that the program in front of it failed.
func (s *Scan) Input(ctx context.Context, name string, in io.Reader) (Result, error) {
	return s.search(ctx, gate.Coverage{}, func(ctx context.Context, r *run) error {
		r.hold = true
		stream := bufio.NewReader(in)
		if _, err := stream.Peek(1); errors.Is(err, io.EOF) {
			r.fail(name, isEmpty)
			return nil
		}
		return r.open(ctx, name, stream)
	})
}

// open searches something that was named: an archive is opened.
func (r *run) open(ctx context.Context, name string, from io.Reader) error {
	filter, err := discover.NewFilter(discover.Options{
		Exclude: slices.Concat(discover.Caches(), r.Files.Exclude), Include: r.Files.Include, Vendored: true,
	})
	if err != nil {
		return err
	}
	wants := func(inside string) bool { return inside == name || filter.Wants(inside) }
	cut := func(inside, reason string) { r.fail(inside, "was not searched: it "+reason) }
	walker := archive.Walker{
		Budget: r.Budget,
		File: func(inside string, content *bufio.Reader) error {
			if !wants(inside) {
				return nil
			}
			return r.stream(inside, content)
		},
		Cut: cut,
		Skip: func(inside, reason string) {
			if wants(inside) {
				cut(inside, "is "+reason)
			}
		},
	}
	err = walker.Walk(ctx, name, from)
	r.lock.Lock()
	defer r.lock.Unlock()
	r.coverage.Skipped = append(r.coverage.Skipped, filter.Skipped()...)
	return err
}
