package scan

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

// Staged searches what the next commit will change: the files as the index has them,
// whatever the work tree says. Only what stands in added lines counts.
func (s *Scan) Staged(ctx context.Context) (Result, error) {
	repo, ok, err := git.Open(ctx, s.Files.Root)
	if err != nil {
		return Result{}, err
	}
	if !ok {
		return Result{}, fmt.Errorf("%s is in no git repository: nothing is staged", s.Files.Root)
	}
	versions, _, err := repo.Staged(ctx)
	if err != nil {
		return Result{}, err
	}
	filter, err := discover.NewFilter(s.Files)
	if err != nil {
		return Result{}, err
	}
	return s.search(ctx, gate.Coverage{Nothing: true}, func(ctx context.Context, r *run) error {
		r.hold = true
		r.elsewhere(repo)
		for _, named := range s.Files.Paths {
			if !slices.ContainsFunc(versions, func(v git.Version) bool {
				return v.Path == named || named == "." || strings.HasPrefix(v.Path, named+"/")
			}) {
				r.skip(named, "nothing of it is staged")
			}
		}
		err := r.staged(ctx, repo, filter, versions)
		r.coverage.Skipped = append(r.coverage.Skipped, filter.Skipped()...)
		return err
	})
}

func (r *run) staged(ctx context.Context, repo *git.Repo, filter *discover.Filter, versions []git.Version) error {
	var queue []git.Version // the version that waits, once for its former one and once for itself
	var before []byte
	batch := repo.Batch(ctx, r.largest(), func(object git.Object) error {
		v := queue[0]
		queue = queue[1:]
		if slices.Contains(v.Old, object.Hash) {
			before = object.Data // if it is gone, or too large, every line counts
			return nil
		}
		r.stage(v, object, before)
		before = nil
		return nil
	})
	for _, v := range versions {
		if !filter.Wants(v.Path) || r.isNoFile(v) || slices.Contains(v.Old, v.Object) {
			continue
		}
		for _, hash := range append(v.Old, v.Object) {
			queue = append(queue, v)
			if err := batch.Ask(hash); err != nil {
				return err
			}
		}
	}
	return batch.Close()
}

// elsewhere accounts for what is in the repository but not below the root.
func (r *run) elsewhere(repo *git.Repo) {
	if len(r.Files.Paths) == 0 && repo.Part() {
		r.skip("../", "in the repository, but outside of the folder with the settings")
	}
}

// isNoFile accounts for what has no content of its own.
func (r *run) isNoFile(v git.Version) bool {
	switch {
	case v.Mode == git.ModeSubmodule:
		r.skip(v.Path+"/", "submodule")
	case v.Object == "":
		r.fail(v.Path, "there is a conflict in the index: resolve it first")
	default:
		return false
	}
	return true
}

func (r *run) stage(v git.Version, object git.Object, before []byte) {
	src, skip := r.text(v.Path, object, nil)
	former, _ := discover.Text(v.Path, before)
	wasText := former != nil && len(before) > 0
	if skip != nil && (discover.IsText(*skip) || discover.IsBinary(*skip) && (parse.SaysText(v.Path) || wasText) || discover.IsPointer(*skip) && wasText) {
		r.fail(v.Path, "what is staged is "+skip.Reason+", and was not searched; leave it out under exclude in .policyctl/config.yaml if that is meant")
	}
	if src == nil {
		return
	}
	if former != nil {
		before = former.Data
	}
	r.pieces <- piece{source: src, wants: added(before, src.Data).wants}
}

// text makes a text of an object, or accounts for why it is none.
func (r *run) text(path string, object git.Object, commit *lint.Commit) (*lint.Source, *lint.Skip) {
	var src *lint.Source
	var skip *lint.Skip
	switch {
	case object.Damage != "":
		r.fail(path, "object "+object.Hash+": "+object.Damage)
	case object.Kind == "":
		r.fail(path, "object "+object.Hash+" is not in this repository: it is a partial clone, or damaged")
	case object.Data == nil:
		skip = &lint.Skip{Path: path, Reason: discover.Large(object.Head, object.Size, r.largest())}
	default:
		src, skip = discover.Text(path, object.Data)
	}
	if skip != nil {
		r.named(skip, commit)
	}
	return src, skip
}

func (s *Scan) maxSize() int64 {
	if s.Files.MaxSize > 0 {
		return s.Files.MaxSize
	}
	return math.MaxInt64 - 1
}

// largestObject is what is read of git at once. Hosts of repositories take no more.
const largestObject = 100 << 20

func (s *Scan) largest() int64 { return min(s.maxSize(), largestObject) }
