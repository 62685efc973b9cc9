package scan

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
)

// Tree searches files of the work tree.
func (s *Scan) Tree(ctx context.Context) (Result, error) {
	files, err := discover.Files(ctx, s.Files)
	if err != nil {
		return Result{}, err
	}
	dir, err := os.OpenRoot(s.Files.Root)
	if err != nil {
		return Result{}, err
	}
	defer dir.Close()
	coverage := gate.Coverage{Skipped: files.Skipped, Whole: len(s.Files.Paths) == 0}
	return s.search(ctx, coverage, func(_ context.Context, r *run) error {
		r.findings = files.Findings
		r.total = len(files.Files)
		r.readAll(dir, files.Files)
		return nil
	})
}

// readAll reads as many files at a time as are searched at a time.
func (r *run) readAll(dir *os.Root, files []string) {
	var next atomic.Int64
	var readers sync.WaitGroup
	for range max(r.Jobs, 1) {
		readers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				r.read(dir, files[i])
			}
		})
	}
	readers.Wait()
}

func (r *run) read(dir *os.Root, file string) {
	src, skip, unreadable := discover.Read(dir, file, r.Files.MaxSize)
	switch {
	case unreadable != nil:
		r.lock.Lock()
		defer r.lock.Unlock()
		r.findings = append(r.findings, *unreadable)
	case skip != nil:
		r.skip(skip.Path, skip.Reason)
	default:
		r.pieces <- piece{source: src}
	}
}

// Input searches a stream.
func (s *Scan) Input(ctx context.Context, name string, in io.Reader) (Result, error) {
	return s.search(ctx, gate.Coverage{}, func(_ context.Context, r *run) error {
		r.hold = true
		data, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		src, skip := discover.Text(name, data)
		if skip != nil {
			r.skip(skip.Path, skip.Reason)
			return nil
		}
		r.pieces <- piece{source: src}
		return nil
	})
}
