package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/config"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/policies"
	"github.com/policyctl/policyctl/scanner"
)

// settings are what the flags and the configuration of a repository say.
type settings struct {
	secrets bool                          // of the policies only those that find credentials
	root    string                        // absolute
	base    *base                         // where settings come from, if not from the work tree
	prefix  string                        // from the working directory to root
	named   string                        // the first argument, absolute
	settled func(at string) (bool, error) // config.Settled, if nil
	paths   []string                      // relative to root; none stands for all
	config  config.Config

	configFile string
	policyDirs []string
	tiers      []string
	now        string
}

// addPolicyFlags are the flags of every command that runs policies.
func (s *settings) addPolicyFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.configFile, "config", "", "configuration `FILE` (default: "+config.Path+" of the repository)")
	flags.StringArrayVar(&s.policyDirs, "policy", nil, "folder of further policies; may be given more than once")
	flags.StringArrayVar(&s.tiers, "tier", nil, "also run the rules of this `TIER`: strict or audit; may be given more than once")
	flags.StringVar(&s.now, "now", "", "judge as of this `TIME`: 2026-11-22 or 2026-11-22T10:00:00Z (default: the clock)")
}

// load finds the repository that the arguments lie in, and reads its configuration.
func (s *settings) load(args []string) error {
	if err := s.locate(args); err != nil {
		return err
	}
	return s.readConfig()
}

// locate finds the repository that the arguments lie in.
func (s *settings) locate(args []string) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	working, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := s.findRoot(args); err != nil {
		return err
	}
	for _, arg := range args {
		relative, err := s.within(arg)
		if err != nil {
			return err
		}
		s.paths = append(s.paths, relative)
	}
	if !slices.ContainsFunc(s.paths, func(path string) bool { return path != "." }) {
		s.paths = nil // the whole repository; beside it, what is named stays named
	}
	if prefix, err := filepath.Rel(working, s.root); err == nil && prefix != "." {
		s.prefix = filepath.ToSlash(prefix)
	}
	return nil
}

// findRoot finds the root for the first argument. If that lies in no repository, nor do the
// others, it is the folder that holds them all.
func (s *settings) findRoot(args []string) error {
	settled := s.settled
	if settled == nil {
		settled = config.Settled
	}
	loose := true
	for i, arg := range args {
		absolute, folder, err := folderOf(arg)
		if err != nil {
			return err
		}
		if i > 0 && !loose {
			continue
		}
		root, err := config.Root(folder, settled)
		if err != nil {
			return err
		}
		top, err := config.IsRoot(root, settled)
		if err != nil {
			return err
		}
		if i == 0 {
			s.named, s.root = absolute, root
		}
		if loose = loose && !top; loose {
			for !inside(s.root, folder) {
				s.root = filepath.Dir(s.root)
			}
		}
	}
	return nil
}

// folderOf gives the absolute path of an argument, and the folder that it is or lies in.
func folderOf(arg string) (absolute, folder string, err error) {
	if absolute, err = filepath.Abs(arg); err != nil {
		return "", "", err
	}
	info, err := os.Stat(absolute)
	if err != nil { // a link that leads nowhere is there all the same
		info, err = os.Lstat(absolute)
	}
	switch {
	case err != nil:
		return "", "", fmt.Errorf("%s: %w", arg, plain(err))
	case info.IsDir():
		return absolute, absolute, nil
	}
	return absolute, filepath.Dir(absolute), nil
}

func inside(folder, path string) bool {
	relative, err := filepath.Rel(folder, path)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}

// setting is where a file or folder of settings is read: what the repository holds may
// be that of a commit.
func (s *settings) setting(name string) (string, error) {
	if s.base == nil {
		return name, nil
	}
	return s.base.bring(s.root, name)
}

// within gives the path from the root to a file, which need not be there.
func (s *settings) within(name string) (string, error) {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(s.root, absolute)
	if err != nil || !inside(s.root, absolute) {
		return "", fmt.Errorf("%s lies outside of %s; check one repository at a time", name, s.root)
	}
	return filepath.ToSlash(relative), nil
}

// plain is the cause of an error without the system call and path, which the
// message around it names already.
func plain(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func (s *settings) readConfig() error {
	name, shown := filepath.Join(s.root, config.Path), config.Path
	if s.configFile != "" {
		name, shown = s.configFile, s.configFile
	} else {
		other := strings.TrimSuffix(config.Path, ".yaml") + ".yml"
		if _, err := s.readSetting(filepath.Join(s.root, other)); err == nil {
			return fmt.Errorf("%s: nothing reads a file of this name; rename it to %s", other, config.Path)
		}
	}
	data, err := s.readSetting(name)
	if errors.Is(err, fs.ErrNotExist) && s.configFile == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", shown, plain(err))
	}
	s.config, err = config.Read(&lint.Source{Path: shown, Data: data})
	return err
}

// file reads a file of the repository that a setting names.
func (s *settings) file(path string) ([]byte, error) {
	data, err := s.readSetting(filepath.Join(s.root, filepath.FromSlash(path)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, plain(err))
	}
	return data, nil
}

// largestSetting is more than any file of settings needs. A repository may hold a
// link to something that never ends.
const largestSetting = 20_000_000

// readSetting reads a file that decides how others are judged. It opens nothing
// but regular files: a pipe would wait for ever.
func (s *settings) readSetting(name string) ([]byte, error) {
	name, err := s.setting(name)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("is no regular file")
	case info.Size() > largestSetting:
		return nil, fmt.Errorf("is larger than %d MB", largestSetting/1_000_000)
	}
	return os.ReadFile(name)
}

// has says whether the repository has a folder of settings.
func (s *settings) has(folder string) (bool, error) {
	name, err := s.setting(filepath.Join(s.root, filepath.FromSlash(folder)))
	if err != nil {
		return false, err
	}
	_, err = os.Stat(name)
	return err == nil, nil
}

// components are what the repository says of components of pipelines.
func (s *settings) components() (pipeline.Components, error) {
	data, err := s.file(pipeline.ComponentsPath)
	if errors.Is(err, fs.ErrNotExist) {
		return pipeline.Components{}, nil
	}
	if err != nil {
		return pipeline.Components{}, err
	}
	return pipeline.ReadComponents(&lint.Source{Path: pipeline.ComponentsPath, Data: data})
}

// folder opens a folder of the repository, and nothing outside of it: a link that
// leads out is an error.
func (s *settings) folder(path string) (fs.FS, error) {
	top := s.root
	if s.base != nil {
		if _, err := s.setting(filepath.Join(s.root, filepath.FromSlash(path))); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		top = s.base.dir
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, err
	}
	inner, err := root.OpenRoot(filepath.FromSlash(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, plain(err))
	}
	return inner.FS(), nil
}

// packs are the built-in library, the repository's own policies and those of flags.
func (s *settings) packs() ([]eval.Pack, error) {
	packs := []eval.Pack{{FS: policies.FS, Trusted: true}}
	own, err := s.ownPolicies()
	if err != nil {
		return nil, err
	}
	for _, dir := range own {
		folder, err := s.folder(dir)
		if err != nil {
			return nil, fmt.Errorf("policies: %w", err)
		}
		packs = append(packs, eval.Pack{Label: dir, FS: folder})
	}
	for _, dir := range s.policyDirs {
		at, err := s.setting(dir)
		if err != nil {
			return nil, fmt.Errorf("--policy %s: %w", dir, err)
		}
		info, err := os.Stat(at)
		if err != nil {
			return nil, fmt.Errorf("--policy %s: %w", dir, plain(err))
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("--policy %s: want a folder", dir)
		}
		if label := s.policyLabel(dir); !slices.Contains(own, label) {
			packs = append(packs, eval.Pack{Label: label, FS: os.DirFS(at)})
		}
	}
	return packs, nil
}

// ownPolicies are the folders of the repository with policies: the one that they have by
// convention, where it exists, and those of the configuration. One within another is read
// with that.
func (s *settings) ownPolicies() ([]string, error) {
	all := slices.Clone(s.config.Policies)
	there, err := s.has(config.DefaultPolicies)
	if there {
		all = append(all, config.DefaultPolicies)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(dir string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return strings.HasPrefix(dir, other+"/") || other == "." && dir != "." })
	}), err
}

// policyLabel names a folder of policies that a flag names: as the repository does, where it
// is one of its own.
func (s *settings) policyLabel(dir string) string {
	if own, err := s.ownPolicies(); err == nil {
		if relative, err := s.within(dir); err == nil && slices.Contains(own, relative) {
			return relative
		}
	}
	return filepath.ToSlash(filepath.Clean(dir))
}

// slowTag makes the tags of a baseline with a salt, nil without.
func slowTag(salt []byte) func(value []byte) string {
	if salt == nil {
		return nil
	}
	return func(value []byte) string { return gate.Tag(salt, value) }
}

// scanner loads the detectors. With a tag, findings tell whether a value is the same.
func (s *settings) scanner(tag func(value []byte) string) (*scanner.Scanner, error) {
	options := scanner.Options{Detectors: scanner.Ours(), Disabled: s.config.Disable, Confidence: s.config.Confidence}
	there, err := s.has(defaultDetectors)
	if err != nil {
		return nil, err
	}
	if there {
		own, err := s.folder(defaultDetectors)
		if err != nil {
			return nil, err
		}
		if _, err := scanner.ReadDetectors(own); err != nil { // which knows no folder
			return nil, fmt.Errorf("%s/%w", defaultDetectors, err)
		}
		options.Packs = append(options.Packs, own)
	}
	if s.config.Gitleaks != "" {
		data, err := s.file(s.config.Gitleaks)
		if err != nil {
			return nil, err
		}
		options.Gitleaks = &scanner.Gitleaks{Path: s.config.Gitleaks, Data: data, Read: s.file}
	}
	// What such comments and entries leave out may be what a change puts in their place. Under
	// settings of the base they are not needed: it has what they are for.
	options.Comments = s.config.GitleaksComments && s.base == nil
	if s.config.GitleaksIgnore != "" && s.base == nil {
		data, err := s.file(s.config.GitleaksIgnore)
		if err != nil {
			return nil, err
		}
		options.Ignore = &scanner.Gitleaks{Path: s.config.GitleaksIgnore, Data: data}
	}
	options.Tag = tag
	return scanner.New(options)
}

// program loads the policies.
func (s *settings) program(ctx context.Context) (*eval.Program, error) {
	packs, err := s.packs()
	if err != nil {
		return nil, err
	}
	now, err := s.time()
	if err != nil {
		return nil, err
	}
	tiers := append([]lint.Tier{lint.Default}, s.config.Tiers...)
	for _, name := range s.tiers {
		tier, err := lint.ParseTier(name)
		if err != nil {
			return nil, fmt.Errorf("--tier: %w", err)
		}
		tiers = append(tiers, tier)
	}
	return eval.Load(ctx, eval.Options{Packs: packs, Platforms: check.Platforms(), Tiers: tiers, Disabled: s.config.Disable, Secrets: s.secrets, Now: now})
}

func (s *settings) time() (time.Time, error) {
	if s.now == "" {
		return time.Now().UTC(), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if now, err := time.Parse(layout, s.now); err == nil {
			return now.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("--now: %q is no time; write 2026-11-22 or 2026-11-22T10:00:00Z", s.now)
}
