package scan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner"
)

// messagePath is where a message stands while it is written. No file of a repository
// can have this name.
const messagePath = ".git/COMMIT_EDITMSG"

// History searches every version of every file in a range of commits, their messages,
// and who wrote them; all that branches, tags and stashes lead to, if the range is empty. Only
// lines that no earlier version of such a file had count, so that a finding names the
// commit that brought it.
func (s *Scan) History(ctx context.Context, repo *git.Repo, commits string) (Result, error) {
	return s.history(ctx, repo, commits != "", func(ctx context.Context, h *history) error { return h.read(ctx, repo, commits) })
}

// Brought searches what one object brought to the history: a commit, or what a reference
// names that leads to no commit, a tag with a message for example.
func (s *Scan) Brought(ctx context.Context, repo *git.Repo, object, kind, ref string) (Result, error) {
	if kind == "commit" {
		return s.History(ctx, repo, object+"^!")
	}
	return s.history(ctx, repo, true, func(ctx context.Context, h *history) error {
		return h.named(ctx, repo, []git.Ref{{Name: ref, Object: object}})
	})
}

// history searches what is read of a history. With part, that there is nothing in it is no
// mistake: nobody committed anything to a range.
func (s *Scan) history(ctx context.Context, repo *git.Repo, part bool, read func(context.Context, *history) error) (Result, error) {
	filter, err := discover.NewFilter(s.Files)
	if err != nil {
		return Result{}, err
	}
	gather := func(seen *seen) (*run, error) {
		return s.gather(ctx, gate.Coverage{Nothing: part}, func(ctx context.Context, r *run) error {
			r.hold = true
			r.elsewhere(repo)
			err := read(ctx, &history{run: r, filter: filter, seen: seen, versions: map[version]bool{}, heads: map[string]bool{}})
			if err != nil { // what was read until then counts
				r.fail("", "not all of the history was read: "+err.Error())
			}
			r.coverage.Skipped = append(r.coverage.Skipped, filter.Skipped()...)
			r.coverage.Nothing = r.coverage.Nothing || r.coverage.Commits > 0
			return nil
		})
	}
	r, err := gather(newSeen(scanner.Reading, nil))
	if err != nil {
		return Result{}, err
	}
	if accepted := r.accepted(); len(accepted) > 0 {
		again, err := gather(newSeen(func(file string) string { return file }, accepted))
		if err != nil {
			return Result{}, err
		}
		r.merge(again)
	}
	r.tellNotes(ctx, repo)
	return r.result(), nil
}

// place is what tells a finding of a run from others.
type place struct {
	rule string
	at   lint.Location
}

func placeOf(f *lint.Finding) place { return place{f.Rule.ID, f.Location} }

// accepted gives the hashes of the lines with a finding that does not block because somebody
// said so of its place. Another place with the same line is not excused by that.
func (r *run) accepted() map[uint64]bool {
	accepted := map[uint64]bool{}
	for _, f := range r.judge().Findings {
		if f.Status == gate.Waived || f.Status == gate.Existing {
			for _, sum := range r.lines[placeOf(&f.Finding)] {
				accepted[sum] = true
			}
		}
	}
	return accepted
}

// merge adds the findings of a second reading, with what a report needs of them.
func (r *run) merge(again *run) {
	for _, f := range again.findings {
		if r.lines[placeOf(&f)] == nil {
			r.findings = append(r.findings, f)
		}
	}
	for _, ignore := range again.ignores {
		if !slices.ContainsFunc(r.ignores, func(other gate.Ignore) bool { return other.Location == ignore.Location }) {
			r.ignores = append(r.ignores, ignore)
		}
	}
	r.sensitive = append(r.sensitive, again.sensitive...)
	for _, src := range again.held.sources {
		r.held.add(src)
	}
	r.coverage.Failures = append(r.coverage.Failures, again.coverage.Failures...)
}

// version is the content of a file of some name.
type version struct {
	object string
	salt   uint64
}

// history is the state of one reading. One goroutine has it.
type history struct {
	*run
	filter   *discover.Filter
	seen     *seen
	versions map[version]bool
	heads    map[string]bool // lines of the heads of commits and tags
	waiting  []waiting
	batch    *git.Batch
	missing  int
	lacking  string // a file whose version is missing
	cut      bool
}

// waiting is a version that git was asked for.
type waiting struct {
	path, object string
	commit       *lint.Commit // that brings it; nil if it was there before
}

func (h *history) read(ctx context.Context, repo *git.Repo, commits string) error {
	h.batch = repo.Batch(ctx, h.largest(), h.answer)
	err := repo.Log(ctx, commits, h.commit)
	err = errors.Join(err, h.batch.Close())
	if commits == "" {
		err = errors.Join(err, h.tags(ctx, repo))
	}
	if h.missing > 0 {
		many := "1 version of a file is"
		if h.missing > 1 {
			many = fmt.Sprintf("%d versions of files, this one first, are", h.missing)
		}
		h.fail(h.lacking, many+" not in this clone, or damaged; a partial clone lacks them: fetch all of it")
	}
	if h.cut {
		h.fail("", "this is a shallow clone, and older commits are not in it: fetch them with git fetch --unshallow, or fetch-depth: 0 of actions/checkout")
	}
	return err
}

func (h *history) commit(e *git.Entry) error {
	commit := e.Commit
	h.cut = h.cut || e.Cut
	h.coverage.Commits++
	h.message(messagePath, &commit, e.Message, e.Head)
	for _, v := range e.Versions {
		if !h.filter.Wants(v.Path) {
			continue
		}
		if v.Mode == git.ModeSubmodule {
			if _, again := h.names.LoadOrStore(v.Path+"/", true); !again {
				h.skip(v.Path+"/", "submodule")
			}
			continue
		}
		for _, old := range v.Old { // where a range begins, what was there is not new
			if err := h.ask(waiting{path: v.Path, object: old}); err != nil {
				return err
			}
		}
		if err := h.ask(waiting{path: v.Path, object: v.Object, commit: &commit}); err != nil {
			return err
		}
	}
	return nil
}

// ask asks git for a version, if it is the first with this content.
func (h *history) ask(w waiting) error {
	key := version{w.object, h.seen.salt(w.path)}
	if h.versions[key] {
		return nil
	}
	h.versions[key] = true
	h.waiting = append(h.waiting, w)
	return h.batch.Ask(w.object)
}

// answer searches a version that git was asked for.
func (h *history) answer(object git.Object) error {
	w := h.waiting[0]
	h.waiting = h.waiting[1:]
	if w.commit == nil {
		if src, _ := discover.Text(w.path, object.Data); src != nil {
			h.seen.mark(w.path, src.Data)
		}
		return nil
	}
	if object.Kind == "" && object.Damage == "" {
		if h.missing++; h.missing == 1 {
			h.lacking = w.path
		}
		return nil
	}
	src, skip := h.text(w.path, object, w.commit)
	if src != nil {
		h.find(src, w.commit)
	} else if skip != nil && discover.IsTooLarge(*skip) && h.maxSize() > largestObject { // nobody asked for a limit
		h.fail(w.path, "was not searched: it is "+skip.Reason)
	}
	return nil
}

// withHead adds to a message what its head says and no other's did: names are the same in
// most commits.
func (h *history) withHead(message string, head []string) string {
	text := strings.TrimSuffix(message, "\n")
	for _, line := range head {
		if !h.heads[line] {
			h.heads[line] = true
			text += "\n" + line
		}
	}
	return text
}

// find searches what is new in a text.
func (h *history) find(src *lint.Source, commit *lint.Commit) {
	src.Commit = commit.Hash
	p := piece{source: src, commit: commit}
	if new := h.seen.mark(src.Path, src.Data); new.count() == 0 {
		h.add(p, nil)
		return
	} else if new.count() < new.lines {
		p.wants, p.excerpt = new.wants, h.seen.excerpt(src, new)
	}
	h.pieces <- p
}

// message searches a message, with what of the head of its commit or tag stands behind it.
func (h *history) message(path string, commit *lint.Commit, message string, lines []string) {
	text := h.withHead(message, lines)
	head := strings.Count(strings.TrimSuffix(message, "\n"), "\n") + 2
	if text != "" && h.seen.only == nil {
		src := &lint.Source{Path: path, Data: []byte(text), Commit: commit.Hash}
		h.pieces <- piece{source: src, commit: commit, part: true, head: head}
	}
}
