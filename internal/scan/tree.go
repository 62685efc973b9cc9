package scan

import (
	"context"
	"os"
	"path"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
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
	for _, skip := range files.Skipped {
		if discover.IsUnread(skip) && slices.Contains(s.Files.Paths, skip.Path) {
			coverage.Failures = append(coverage.Failures, lint.Failure{Path: skip.Path, Message: notSearched(skip)})
		}
	}
	return s.search(ctx, coverage, func(ctx context.Context, r *run) error {
		r.findings = files.Findings
		for _, link := range files.Links {
			if src := discover.Link(dir, link); src != nil {
				r.pieces <- piece{source: src, part: true}
			}
		}
		r.total = len(files.Files)
		r.readAll(ctx, dir, files.Files)
		return nil
	})
}

// neighbours is how many files one reader takes at a time: most of them stand in one folder,
// which then is opened once.
const neighbours = 16

// readAll reads as many files at a time as are searched at a time.
func (r *run) readAll(ctx context.Context, dir *os.Root, files []string) {
	var next atomic.Int64
	var readers sync.WaitGroup
	for range max(r.Jobs, 1) {
		readers.Go(func() {
			opener := discover.Opener{Root: dir}
			defer opener.Close()
			for from := int(next.Add(neighbours)) - neighbours; from < len(files); from = int(next.Add(neighbours)) - neighbours {
				for _, name := range files[from:min(from+neighbours, len(files))] {
					r.read(ctx, &opener, name)
				}
			}
		})
	}
	readers.Wait()
}

// read searches a file: in blocks if it is large, and what is in it if it is an archive
// and that is wanted.
func (r *run) read(ctx context.Context, from *discover.Opener, name string) {
	file, skip, unreadable := from.Open(name, r.maxSize())
	if file == nil {
		r.leave(skip, unreadable)
		return
	}
	defer file.Close()
	before := file.Info
	var err error
	switch {
	case before.Size() == 0 && archives[path.Ext(name)]:
		r.fail(name, isEmpty)
	case r.Archives || slices.Contains(r.Files.Paths, name):
		err = r.open(ctx, name, &disk{file.File, before.Size()})
	default:
		err = r.stream(name, &disk{file.File, before.Size()})
	}
	if err != nil {
		r.fail(name, "cannot be read: "+discover.Cause(err).Error())
	}
	if after, err := file.Stat(); err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		r.skip(name, "changed while it was read: what was written meanwhile may be missing")
	}
}

// archives are the endings of archives that somebody writes in order to have them searched.
var archives = map[string]bool{".tar": true, ".tgz": true, ".gz": true, ".zst": true, ".zip": true, ".jar": true}

// leave accounts for a file that was not opened.
func (r *run) leave(skip *lint.Skip, unreadable *lint.Finding) {
	if skip != nil {
		r.skip(skip.Path, skip.Reason)
		return
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.findings = append(r.findings, *unreadable)
}

// disk is a file that knows its size.
type disk struct {
	*os.File
	size int64
}

func (d *disk) Size() int64 { return d.size }
