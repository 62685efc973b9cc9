package check

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

// exclude is how a file that nothing reads is none that was not checked.
const exclude = "leave it out under exclude in .policyctl/config.yaml if that is meant"

// tooLarge says which files a platform reads by their paths, and no policy saw because
// of their size: whoever makes a workflow large enough would hide it.
func tooLarge(skipped []lint.Skip) []lint.Failure {
	var all []lint.Failure
	for _, skip := range skipped {
		if discover.IsText(skip) && parse.Named(skip.Path) {
			all = append(all, lint.Failure{Path: skip.Path, Message: fmt.Sprintf("the file is %s, and no policy has judged it; %s", skip.Reason, exclude)})
		}
	}
	return all
}

// unread says which other texts a change brings that nothing has judged. Those that the
// base has, wherever, are a note: they hold up nobody's change. What is binary is one, unless
// the base has a text in its place, or its name says that programs read it as one; and so is
// a pointer of Git LFS, whose name has to be none of data. A template that
// rendered in the base and does not any more is one, too.
//
// It also says, among what was skipped, which excluded files the change alters.
func (c *Check) unread(ctx context.Context, from tree, skipped *[]lint.Skip) ([]lint.Failure, error) {
	if c.Base == "" && !c.Staged || len(*skipped) == 0 {
		return nil, nil
	}
	repo, ok, err := git.Open(ctx, c.Files.Root)
	if err != nil || !ok {
		return nil, err
	}
	var files []git.File
	if c.Base != "" {
		if files, err = repo.Tree(ctx, c.Base); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(*skipped, discover.IsExcluded) {
		now, err := repo.Index(ctx)
		if err != nil {
			return nil, err
		}
		*skipped = alteredUnseen(*skipped, files, now)
	}
	return c.unjudged(ctx, repo, from, files, *skipped)
}

// alteredUnseen tells from what was excluded what a change alters of it.
func alteredUnseen(skipped []lint.Skip, before, now []git.File) []lint.Skip {
	differs := map[git.File]bool{}
	for _, f := range slices.Concat(before, now) {
		differs[f] = !differs[f]
	}
	files := map[string]bool{}
	for f, is := range differs {
		if is {
			files[f.Path] = true
		}
	}
	altered := map[string]int{} // files, and how many there are in folders
	for file := range files {
		altered[file]++
		for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
			altered[dir+"/"]++
		}
	}
	var all []lint.Skip
	for _, skip := range skipped {
		n := altered[skip.Path]
		if !discover.IsExcluded(skip) {
			n = 0
		}
		if n > 0 {
			all = append(all, lint.Skip{Path: skip.Path, Reason: skip.Reason + " and altered by the change", Files: n})
		}
		if skip.Files = max(skip.Files-n, 0); n == 0 || skip.Files > 0 {
			all = append(all, skip)
		}
	}
	return all
}

func (c *Check) unjudged(ctx context.Context, repo *git.Repo, from tree, files []git.File, skipped []lint.Skip) (all []lint.Failure, err error) {
	var objects []string
	if c.Base != "" {
		if slices.ContainsFunc(skipped, func(s lint.Skip) bool { return s.Reason == discover.Sparse }) {
			if all, err = absent(ctx, repo, c.Base); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range files {
		objects = append(objects, f.Object)
	}
	base := newGitTree(ctx, repo, files, c.Files.MaxSize)
	defer base.close()
	wasText := func(file string) bool { src, _, _ := base.read(file); return src != nil }
	renders := rendering(base, skipped)
	for _, skip := range skipped {
		remedy := ""
		switch {
		case parse.Unrendered(skip) && renders[skip.Path]:
			all = append(all, lint.Failure{Path: skip.Path, Message: "the base has a template that renders, and with the change it does not: nothing has judged it; mend it, or " + exclude})
			continue
		case discover.IsTooLarge(skip):
			remedy = "raise max_file_size"
		case discover.IsText(skip):
			remedy = "write it in UTF-8"
		case discover.IsBinary(skip) && (parse.SaysText(skip.Path) || wasText(skip.Path)):
			remedy = "make it a text in UTF-8, without NUL"
		case discover.IsPointer(skip) && (parse.SaysJudged(skip.Path) || wasText(skip.Path)):
			remedy = "fetch what it stands for, by git lfs pull"
		}
		if remedy == "" || discover.IsText(skip) && parse.Named(skip.Path) || from.holds(skip.Path, objects...) {
			continue
		}
		all = append(all, lint.Failure{Path: skip.Path, Message: fmt.Sprintf("the change brings the file, it is %s, and nothing has judged it; %s, or %s", skip.Reason, remedy, exclude)})
	}
	return slices.Concat(all, c.hidden(base, skipped), c.disguised(base, from, skipped)), nil
}

// rendering says which of the templates that do not render do so in the base.
func rendering(base *gitTree, skipped []lint.Skip) map[string]bool {
	renders := map[string]bool{}
	var unit []*lint.Source
	for _, skip := range skipped {
		if !parse.Unrendered(skip) {
			continue
		}
		if src, _, _ := base.read(skip.Path); src != nil {
			unit = append(unit, src)
			renders[skip.Path] = true
		}
	}
	docs, _ := parse.Parse(unit, opener(base))
	for _, doc := range docs {
		for _, skip := range doc.Skipped {
			delete(renders, skip.Path)
		}
	}
	return renders
}

// outward says whether a link leads out of the repository: one to nothing within it has
// nothing to say.
func outward(name, target string) bool {
	return path.IsAbs(target) || strings.HasPrefix(path.Join(path.Dir(name), target)+"/", "../")
}

// disguised says which symlinks a change brings that give a file another name than that by
// which it was judged: under the one it is a manifest, under the other a note.
func (c *Check) disguised(base *gitTree, from tree, skipped []lint.Skip) []lint.Failure {
	filter, err := c.filter()
	if err != nil {
		return []lint.Failure{{Message: err.Error()}}
	}
	var all []lint.Failure
	for _, skip := range skipped {
		link := from.link(skip.Path)
		if link == nil || base.files[skip.Path].IsLink() && git.Holds(link.Data, base.files[skip.Path].Object) {
			continue
		}
		target := followed(from, link)
		src, _, _ := from.read(target)
		var judged []string // by which platforms, under its own name
		if src == nil {
			src = &lint.Source{}
		} else if filter.Wants(target) {
			judged = parse.Claimed(src)
		}
		if src.Path == "" && outward(skip.Path, string(link.Data)) && path.Base(path.Dir(skip.Path)) != ".policyctl" && parse.SaysJudged(skip.Path) {
			all = append(all, lint.Failure{Path: skip.Path, Message: fmt.Sprintf("the change brings the symlink, and nothing has judged what it leads to, which is no text of this repository; put the file itself there, or %s", exclude)})
			continue
		}
		is := func(platform string) bool { return slices.Contains(judged, platform) }
		if read := slices.DeleteFunc(parse.Claimed(&lint.Source{Path: skip.Path, Data: src.Data}), is); len(read) > 0 {
			as := read[0]
			if as == "sops" { // it reads whatever may be encrypted
				as = "a file of that name"
			}
			all = append(all, lint.Failure{Path: skip.Path, Message: fmt.Sprintf("the change brings the symlink, and nothing has judged what it leads to as %s; put the file itself there, or %s", as, exclude)})
		}
	}
	return all
}

// hidden says which files the base has as texts and the change puts something in the place of,
// or of a folder above, that leads to others: a symlink, a submodule. What is deleted or moved
// leaves nothing behind.
func (c *Check) hidden(base *gitTree, skipped []lint.Skip) []lint.Failure {
	reasons := map[string]string{}
	for _, skip := range skipped {
		if discover.LeadsOn(skip) {
			reasons[path.Clean(skip.Path)] = skip.Reason
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	filter, err := c.filter()
	if err != nil {
		return []lint.Failure{{Message: err.Error()}}
	}
	var all []lint.Failure
	for _, file := range base.names {
		for above := file; above != "."; above = path.Dir(above) {
			reason, leads := reasons[above]
			if !leads || !filter.Wants(file) {
				continue
			}
			if src, _, _ := base.read(file); src != nil {
				all = append(all, lint.Failure{Path: file, Message: fmt.Sprintf("the base has the file, and the change puts something in its place that is not read: %s is a %s; keep the file, or delete it and what leads on", above, reason)})
			}
			break
		}
	}
	return all
}

// followed gives the path that a symlink leads to, over others. It may be that of nothing.
func followed(from tree, link *lint.Source) string {
	target := link.Path
	for range 10 {
		target = path.Join(path.Dir(target), filepath.ToSlash(string(link.Data)))
		if link = from.link(target); link == nil {
			break
		}
	}
	return target
}

// absent says which files the change alters and the sparse checkout lacks.
func absent(ctx context.Context, repo *git.Repo, base string) ([]lint.Failure, error) {
	files, err := repo.Absent(ctx)
	if err != nil {
		return nil, err
	}
	before, err := repo.Objects(ctx, base, files)
	if err != nil {
		return nil, err
	}
	now, err := repo.Objects(ctx, "HEAD", files)
	if err != nil {
		return nil, err
	}
	var all []lint.Failure
	for _, file := range files {
		if now[file] != before[file] {
			all = append(all, lint.Failure{Path: file, Message: "the change brings the file, and the sparse checkout lacks it; check out all of it"})
		}
	}
	return all, nil
}
