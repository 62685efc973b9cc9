package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/config"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	declaring "github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/regex"
)

// base is the commit that a change is judged by: what the change itself says about
// settings could open the gate. It is what the change is to be merged into, as that is
// now: a branch of an old commit must not bring back the settings of that time.
type base struct {
	commit string
	dir    string // where the settings of the commit are written to, in their folders
	files  []git.File
	batch  *git.Batch

	brought map[string]string // paths from the root, and the objects that they have
	parted  map[string]string // all files at the commit where the change begins, and their objects
	nested  []string          // settings of folders that git has: they hold where a run begins there
}

// openBase lists what a commit has, and the one at which the change parted from it. Close
// removes what was written.
func openBase(ctx context.Context, root, commit, parted string) (*base, error) {
	repo, ok, err := git.Open(ctx, root)
	if err != nil || !ok {
		return nil, cmp.Or(err, errors.New("there is no git repository"))
	}
	b := &base{commit: commit, brought: map[string]string{}, parted: map[string]string{}, batch: repo.Batch(ctx, largestSetting, nil)}
	if b.files, err = repo.Tree(ctx, commit); err != nil {
		return nil, err
	}
	before, err := repo.Tree(ctx, parted)
	if err != nil {
		return nil, err
	}
	for _, f := range before {
		b.parted[f.Path] = f.Object
	}
	if b.nested, err = repo.Tracked(ctx); err != nil {
		return nil, err
	}
	b.nested = slices.DeleteFunc(b.nested, func(file string) bool { return !strings.HasSuffix(file, "/"+config.Path) })
	if b.dir, err = os.MkdirTemp("", "policyctl-base-"); err != nil {
		return nil, fmt.Errorf("settings of the base are written to a folder of their own, which cannot be made in %s: %w; say by TMPDIR where", os.TempDir(), plain(err))
	}
	return b, nil
}

// mistake says that what is wrong with settings is wrong in the commit, not in the files that
// one sees.
func (b *base) mistake(err error) error {
	if b == nil {
		return err
	}
	return fmt.Errorf("in the base, as of commit %s: %w", b.commit[:min(12, len(b.commit))], err)
}

func (b *base) close() {
	_ = b.batch.Close()
	_ = os.RemoveAll(b.dir)
}

// bring writes a file or folder of the commit to the disk, and says where it is. What
// lies outside of the repository is left where it is: no change can alter it.
func (b *base) bring(root, name string) (string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(root, absolute)
	if err != nil || !filepath.IsLocal(relative) {
		return name, nil
	}
	wanted := filepath.ToSlash(relative)
	for _, f := range b.files {
		if f.Path != wanted && wanted != "." && !strings.HasPrefix(f.Path, wanted+"/") {
			continue
		}
		if err := b.write(f); err != nil {
			return "", fmt.Errorf("%s of the base: %w", f.Path, err)
		}
	}
	if b.brought[wanted] == "" {
		b.brought[wanted] = none
	}
	return filepath.Join(b.dir, relative), nil
}

// none stands for the object of a file that is not there.
const none = "-"

func (b *base) write(f git.File) error {
	if b.brought[f.Path] != "" || f.IsSubmodule() {
		return nil
	}
	if f.IsLink() {
		return errors.New("is a symlink, and settings are taken from files only")
	}
	object, err := b.batch.Get(f.Object)
	switch {
	case err != nil:
		return err
	case object.Data == nil && object.Kind != "":
		return fmt.Errorf("is larger than %d MB", largestSetting/1_000_000)
	case object.Data == nil:
		return errors.New("git cannot read it here")
	}
	b.brought[f.Path] = f.Object
	file := filepath.Join(b.dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, object.Data, 0o600)
}

// declared is what the commit declares for many contracts. A repository that declares
// nothing yet begins with what the change proposes.
func (b *base) declared() (*check.Declared, error) {
	d := &check.Declared{Has: func(folder string) bool {
		return folder == "." || slices.ContainsFunc(b.files, func(f git.File) bool { return strings.HasPrefix(f.Path, folder+"/") })
	}}
	begun := false
	for _, f := range b.files {
		begun = begun || strings.HasSuffix(f.Path, ".secret.yaml") || strings.HasSuffix(f.Path, ".secret.yml")
		if !declaring.MayClaim(f.Path) || !strings.Contains("/"+f.Path, "/.policyctl/") || f.IsLink() || f.IsSubmodule() {
			continue
		}
		object, err := b.batch.Get(f.Object)
		switch {
		case err != nil:
			return nil, err
		case object.Data == nil:
			return nil, fmt.Errorf("%s of the base cannot be read", f.Path)
		}
		d.Files = append(d.Files, &lint.Source{Path: f.Path, Data: object.Data})
	}
	if !begun && len(d.Files) == 0 {
		return nil, nil
	}
	return d, nil
}

// altered lists the files of settings that the change alters, new ones and those that are
// gone included. What only the base has altered since is none of its doing.
func (b *base) altered(root string) ([]string, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var all []string
	for file := range b.brought {
		if info, err := dir.Lstat(filepath.FromSlash(file)); err == nil && info.IsDir() {
			all = append(all, below(root, file)...)
		} else {
			all = append(all, file)
		}
	}
	for file := range b.parted {
		if declares(file) || strings.HasSuffix(file, "/"+config.Path) {
			all = append(all, file)
		}
	}
	all = append(all, b.nested...)
	all = append(all, slices.DeleteFunc(below(root, ".policyctl"), func(file string) bool { return !declares(file) })...)
	all = slices.DeleteFunc(all, func(file string) bool { return same(dir, file, cmp.Or(b.parted[file], none)) })
	for file := range b.parted {
		if b.loosened(dir, file) {
			all = append(all, file)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// stub is what a contract says of itself of which less is asked.
var stub = regex.Lazy(`\bstate["']?\s*:\s*["']?proposed\b`)

// loosened says whether a file of contracts has more that are only proposed than before: what
// their class requires is not asked of these.
func (b *base) loosened(dir *os.Root, file string) bool {
	if !strings.HasSuffix(file, ".secret.yaml") && !strings.HasSuffix(file, ".secret.yml") {
		return false
	}
	now, err := dir.ReadFile(filepath.FromSlash(file))
	if err != nil || !stub().Match(now) {
		return false
	}
	object, err := b.batch.Get(b.parted[file])
	return err == nil && len(stub().FindAllIndex(now, -1)) > len(stub().FindAllIndex(object.Data, -1))
}

// declares says whether a file declares what holds for many contracts, by its name.
func declares(file string) bool {
	contract := strings.HasSuffix(file, ".secret.yaml") || strings.HasSuffix(file, ".secret.yml")
	return declaring.MayClaim(file) && !contract && strings.Contains("/"+file, "/.policyctl/")
}

// below lists the files below a folder of settings.
func below(root, folder string) []string {
	var all []string
	_ = filepath.WalkDir(filepath.Join(root, filepath.FromSlash(folder)), func(name string, entry os.DirEntry, err error) error {
		relative, relErr := filepath.Rel(root, name)
		if err == nil && relErr == nil && !entry.IsDir() {
			all = append(all, filepath.ToSlash(relative))
		}
		return nil
	})
	return all
}

// same says whether a file is an object, or is not there.
func same(dir *os.Root, file, object string) bool {
	info, err := dir.Lstat(filepath.FromSlash(file))
	if err != nil || !info.Mode().IsRegular() {
		return err != nil && object == none
	}
	data, err := dir.ReadFile(filepath.FromSlash(file))
	return err == nil && git.Holds(data, object)
}

// settledInBase is config.Settled as the base has it: a change could bring settings in a
// folder, and be judged by none but those.
func (f *checkFlags) settledInBase(ctx context.Context) func(at string) (bool, error) {
	return func(at string) (bool, error) {
		repo, ok, err := git.Open(ctx, at)
		if err != nil {
			return false, err
		}
		if !ok { // and there is no base
			return config.Settled(at)
		}
		objects, err := repo.Objects(ctx, f.baseRevision, []string{config.Path})
		return objects[config.Path] != "", err
	}
}

// trust takes the settings from the base.
func (f *checkFlags) trust(ctx context.Context) error {
	tip, parted, err := f.baseCommits(ctx)
	if err != nil {
		return fmt.Errorf("--base: %w", err)
	}
	f.settings.base, err = openBase(ctx, f.root, tip, parted)
	return err
}

// propose runs once more with the settings that the change proposes, to tell what it
// does to the gate. That settings are wrong must show before they are in force.
func (f *checkFlags) propose(cmd *cobra.Command, verdict *gate.Verdict) error {
	altered, err := f.settings.base.altered(f.root)
	if err != nil || len(altered) == 0 {
		return err
	}
	verdict.Settings.Changed = altered
	then := *f
	then.settings.base = nil
	err = then.readConfig()
	if err == nil {
		c, wrong := then.prepare(cmd.Context(), nil)
		if err = wrong; err == nil {
			c.Base = verdict.Settings.Base
			result, failed := c.Run(cmd.Context())
			if failed != nil {
				return failed
			}
			verdict.Settings.Then = result.Verdict.Count(gate.Blocking)
			return nil
		}
	}
	verdict.Settings.Then = -1
	verdict.Coverage.Failures = append(verdict.Coverage.Failures, lint.Failure{Message: "the settings that the change proposes are wrong: " + err.Error()})
	return nil
}
