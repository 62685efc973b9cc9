package check

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// before gives what the base had already, and the commits that are merged with it: what each
// of them has alike counts once.
func (c *Check) before(ctx context.Context, head reading, base *gitTree, d *difference) ([]lint.Finding, error) {
	all, err := c.had(ctx, head, base, d)
	for _, commit := range c.merging {
		if err != nil {
			return nil, err
		}
		var more []lint.Finding
		if more, err = c.hadIn(ctx, head, commit); err == nil {
			all = joined(all, more)
		}
	}
	return all, err
}

func (c *Check) hadIn(ctx context.Context, head reading, commit string) ([]lint.Finding, error) {
	base, err := c.openBase(ctx, commit)
	if err != nil {
		return nil, err
	}
	defer base.close()
	d, err := c.differ(ctx, head.tree, base)
	if err != nil {
		return nil, err
	}
	return c.had(ctx, head, base, d)
}

// joined adds what one list has more of than another, and what the same text makes there.
func joined(all, more []lint.Finding) []lint.Finding {
	key := func(f lint.Finding) [4]string { return [4]string{f.Rule.ID, f.Location.Path, f.Anchor, f.Tag} }
	has := map[[4]string][]int{}
	for i, f := range all {
		has[key(f)] = append(has[key(f)], i)
	}
	for _, f := range more {
		if same := has[key(f)]; len(same) > 0 {
			had := &all[same[0]]
			had.Made, had.Targets = union(had.Made, f.Made), union(had.Targets, f.Targets)
			has[key(f)] = same[1:]
		} else {
			all = append(all, f)
		}
	}
	return all
}

// had gives what a commit had already. Both trees are checked, so that a change counts for
// what it breaks in files which it does not touch; but a unit that is the same in both is not
// read again.
func (c *Check) had(ctx context.Context, head reading, base *gitTree, d *difference) ([]lint.Finding, error) {
	before := *c
	before.Findings, before.Progress = nil, nil
	if len(c.Files.Paths) > 0 {
		before.Files.Paths = d.former(c.Files.Paths)
	}
	r, err := before.read(ctx, base, func(unit []string) (part, bool) {
		p, known := head.units[unitKey(unit)]
		return p, known && !slices.ContainsFunc(unit, d.differs) && !slices.ContainsFunc(p.beyond, d.differs)
	})
	if err != nil {
		return nil, err
	}
	r.all.beside.History = head.all.beside.History // it ends at HEAD for both
	if before.judgeAll(ctx, &r); r.all.err != nil {
		return nil, r.all.err
	}
	names := map[string]renaming{}
	for i, f := range r.all.findings {
		file := f.Location.Path
		if !d.differs(file) {
			continue
		}
		if _, known := names[file]; !known {
			was, _, _ := base.read(file)
			is, _, _ := head.tree.read(cmp.Or(d.now[file], file))
			names[file] = renamingOf(was, is)
		}
		r.all.findings[i] = names[file].now(f)
	}
	return d.moved(r.all.findings, func(file string) bool {
		return leaves(unreadLines(base, file, r.all.findings), unreadLines(head.tree, cmp.Or(d.now[file], file), head.all.findings))
	}), nil
}

// openBase opens a commit with which the files are compared.
func (c *Check) openBase(ctx context.Context, commit string) (*gitTree, error) {
	repo, ok, err := git.Open(ctx, c.Files.Root)
	if err == nil && !ok {
		err = errors.New("the base is a commit, and there is no git repository")
	}
	if err != nil {
		return nil, err
	}
	files, err := repo.Tree(ctx, commit)
	return newGitTree(ctx, repo, files, c.Files.MaxSize), err
}

// unreadLines counts the lines of a file that nothing has read because of syntax errors.
func unreadLines(from tree, file string, findings []lint.Finding) map[string]int {
	src, _, _ := from.read(file)
	if src == nil {
		return nil
	}
	lines := bytes.SplitAfter(src.Data, []byte("\n"))
	lost := make([]bool, len(lines))
	for _, f := range findings {
		if !IsUnread(f) || f.Location.Path != file {
			continue
		}
		first, last := f.Unread[0]-1, f.Unread[1]
		if f.Unread == [2]int{} {
			first, last = 0, len(lines)
		}
		for i := max(first, 0); i < min(last, len(lines)); i++ {
			lost[i] = true
		}
	}
	all := map[string]int{}
	for i, line := range lines {
		if text := bytes.TrimSpace(line); lost[i] && len(text) > 0 {
			all[string(text)]++
		}
	}
	return all
}

// leaves says whether nothing stands in one count that the other, which came before, lacks.
func leaves(before, after map[string]int) bool {
	for text, n := range after {
		if n > before[text] {
			return false
		}
	}
	return before != nil && after != nil
}

// difference is what a tree has in another way than its base.
type difference struct {
	files    map[string]bool
	folders  map[string]bool        // with files that only one of them has, in them or below
	now      map[string]string      // the new names of files that were renamed
	excluded func(file string) bool // whether one differs that both have and that is left out
}

// differs says whether a path, as unit.files takes it, gives something else.
func (d *difference) differs(name string) bool {
	if folder, listed := strings.CutSuffix(strings.TrimSuffix(name, allBelow), "/"); listed || name == allBelow {
		return d.folders[path.Clean(folder)]
	}
	return d.files[name] || d.excluded(name)
}

// differ compares two trees, file by file. What is left out may be read along: it counts too, but
// is compared only if somebody asks, for there may be much of it.
func (c *Check) differ(ctx context.Context, head tree, base *gitTree) (*difference, error) {
	filter, err := c.filter()
	if err != nil {
		return nil, err
	}
	everything := discover.Options{Root: c.Files.Root, MaxSize: c.Files.MaxSize, Vendored: true}
	here, err := head.list(ctx, everything)
	if err != nil {
		return nil, err
	}
	there, err := base.list(ctx, everything)
	if err != nil {
		return nil, err
	}
	d := &difference{files: map[string]bool{}, folders: map[string]bool{}, now: map[string]string{}}
	has, out := map[string]bool{}, map[string]bool{}
	d.excluded = func(file string) bool { return out[file] && !head.holds(file, base.files[file].Object) }
	var added, removed []string
	for _, file := range here.Files {
		has[file] = true
		f, old := base.files[file]
		switch {
		case !old:
			d.files[file] = true
			added = append(added, file)
		case filter.Wants(file):
			d.files[file] = !head.holds(file, f.Object)
		default:
			out[file] = true
		}
	}
	for _, file := range there.Files {
		if !has[file] {
			d.files[file] = true
			removed = append(removed, file)
		}
	}
	for _, file := range slices.Concat(added, removed) {
		for dir := path.Dir(file); ; dir = path.Dir(dir) {
			d.folders[dir] = true
			if dir == "." {
				break
			}
		}
	}
	leftOut := func(file string) bool { return !filter.Wants(file) }
	d.rename(head, base, slices.DeleteFunc(removed, leftOut), slices.DeleteFunc(added, leftOut))
	return d, nil
}

// Limits of the search for renamed files.
const (
	mostCompared = 200     // pairs that one file is compared with
	mostRenamed  = 1 << 20 // bytes of a file
)

// rename finds out which of the new files are old ones under another name: those with
// the same bytes, and then those of the same kind that have more than half of their lines in common.
func (d *difference) rename(head tree, base *gitTree, removed, added []string) {
	taken := map[string]bool{}
	match := func(fits func(old, file string) bool, kinds bool) {
		for _, old := range removed {
			if d.now[old] != "" {
				continue
			}
			compared := 0
			for _, file := range added {
				if taken[file] || kinds && lint.Ending(file) != lint.Ending(old) {
					continue
				}
				if compared++; compared > mostCompared {
					break
				}
				if fits(old, file) {
					d.now[old], taken[file] = file, true
					break
				}
			}
		}
	}
	if len(removed) == 0 || len(added) == 0 {
		return
	}
	same := func(old, file string) bool { return head.holds(file, base.files[old].Object) }
	match(same, true)
	match(same, false)
	lines := map[string]map[string]int{}
	read := func(from tree, side, name string) map[string]int {
		known, ok := lines[side+name]
		if !ok {
			src, _, _ := from.read(name)
			known = counted(src)
			lines[side+name] = known
		}
		return known
	}
	match(func(old, file string) bool { return alike(read(base, "<", old), read(head, ">", file)) }, true)
}

// counted counts the lines of a file that hold more than a bracket.
func counted(src *lint.Source) map[string]int {
	lines := map[string]int{}
	if src == nil || len(src.Data) > mostRenamed {
		return lines
	}
	for line := range bytes.Lines(src.Data) {
		if text := string(bytes.TrimSpace(line)); len(text) > 1 {
			lines[text]++
		}
	}
	return lines
}

// alike says whether two files have more than half of the lines of the larger one in
// common.
func alike(a, b map[string]int) bool {
	common, all, others := 0, 0, 0
	for line, n := range a {
		common += min(n, b[line])
		all += n
	}
	for _, n := range b {
		others += n
	}
	return 2*common > max(all, others)
}

// former adds to paths of a run the names that they had before.
func (d *difference) former(paths []string) []string {
	all := slices.Clone(paths)
	for old, now := range d.now {
		if slices.Contains(paths, now) {
			all = append(all, old)
		}
	}
	slices.Sort(all)
	return all
}

// formerly gives what stands in renamed files the fingerprints that it has in the base: who
// compares reports would take it for new.
func (d *difference) formerly(findings []gate.Judged) {
	was := map[string]string{}
	for old, now := range d.now {
		was[now] = old
	}
	for len(findings) > 0 { // file by file: they are sorted
		file := findings[0].Location.Path
		n := 1
		for n < len(findings) && findings[n].Location.Path == file {
			n++
		}
		if old := was[file]; old != "" {
			var renamed []lint.Finding
			for _, j := range findings[:n] {
				j.Location.Path = old
				renamed = append(renamed, j.Finding)
			}
			for i, f := range lint.Identify(renamed) {
				findings[i].Former = f.Fingerprint
			}
		}
		findings = findings[n:]
	}
}

// moved gives the findings of the base the places that they have now. What says that a
// file could not be read does not count if the file is another one now, and brings what
// cannot be read: that was never judged. A syntax error excuses what could not be read before.
func (d *difference) moved(findings []lint.Finding, leaves func(file string) bool) []lint.Finding {
	var all []lint.Finding
	known := map[string]bool{}
	for _, f := range findings {
		if file := f.Location.Path; IsUnread(f) && d.differs(file) {
			left, asked := known[file]
			if !asked {
				left = leaves(file)
				known[file] = left
			}
			if !left || f.Rule != lint.SyntaxError {
				continue
			}
		}
		if now, moved := d.now[f.Location.Path]; moved {
			f.Location.Path = now
		}
		all = append(all, f)
	}
	return all
}

// source keeps what reports show of what git has, which is read while the run lasts.
func (c *Check) source(from tree, findings []gate.Judged) func(lint.Location) *lint.Source {
	if t, onDisk := from.(workTree); onDisk && t.stored == nil {
		return nil
	}
	sources := map[string]*lint.Source{}
	for i := range findings {
		if file := findings[i].Location.Path; sources[file] == nil {
			sources[file], _, _ = from.read(file)
		}
	}
	return func(at lint.Location) *lint.Source { return sources[at.Path] }
}
