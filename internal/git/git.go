// Package git asks the git executable which files a work tree has, which of them
// a change touches, and what their history tells. Of git's files it reads packs
// itself, runs nothing that a repository's own configuration names, and never
// touches the network.
package git

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrNotInstalled says that there is no git executable. A caller that can do
// without git may treat the directory as no repository.
var ErrNotInstalled = errors.New("git is not installed")

// UnreadableError names directories that git could not look into. The files
// that come with it are all others.
type UnreadableError struct {
	Dirs []string // relative to Repo.Dir, with slashes
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("git cannot open %q", e.Dirs)
}

// Repo is a directory inside of the work tree of a git repository.
type Repo struct {
	Dir string // absolute; all paths are relative to it
	top string
	env []string

	shallow bool // older commits are missing
	bare    bool // Dir is what would be .git; there is no work tree
}

// Open asks whether an absolute directory is inside of a work tree. It is
// an error if there is a repository that git cannot or does not want to read.
func Open(ctx context.Context, dir string) (*Repo, bool, error) {
	r, ok, err := openIn(ctx, dir, environment())
	if own := named(); !ok && err == nil && own != nil {
		return openIn(ctx, dir, append(environment(), own...))
	}
	return r, ok, err
}

func openIn(ctx context.Context, dir string, env []string) (*Repo, bool, error) {
	r := &Repo{Dir: dir, env: env}
	out, err := r.run(ctx, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-toplevel")
	if inside, _, _ := strings.Cut(out, "\n"); inside == "false" {
		return nil, false, nil // in .git, or in a bare repository
	}
	if err != nil {
		return nil, false, refusal(dir, err)
	}
	_, out, _ = strings.Cut(out, "\n")
	shallow, top, _ := strings.Cut(out, "\n")
	r.shallow = shallow == "true"
	r.top = filepath.FromSlash(strings.TrimSuffix(top, "\n"))
	if err := r.chooseIndex(ctx); err != nil {
		return nil, false, err
	}
	return r, true, nil
}

// OpenBare opens a repository without work tree: only one that was named, for the
// files of a work tree may look like one.
func OpenBare(ctx context.Context, dir string) (*Repo, bool, error) {
	for _, part := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, part)); err != nil {
			return nil, false, nil
		}
	}
	r := &Repo{Dir: dir, top: dir, env: environment(), bare: true}
	out, err := r.run(ctx, "rev-parse", "--is-bare-repository", "--is-shallow-repository")
	if err != nil {
		return nil, false, refusal(dir, err)
	}
	bare, shallow, _ := strings.Cut(strings.TrimSpace(out), "\n")
	r.shallow = shallow == "true"
	return r, bare == "true", nil
}

// refusal tells "no repository here", which is nil, from "git does not read the
// repository that is here". LC_ALL=C keeps these messages in English.
func refusal(dir string, err error) error {
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return err
	}
	message := string(failed.Stderr)
	switch {
	case strings.Contains(message, "dubious ownership"):
		return fmt.Errorf("git does not read %s, because it belongs to another user: "+
			"if you trust it, run git config --global --add safe.directory %q", dir, dir)
	case strings.Contains(message, "not a git repository (or any "):
		return broken(dir)
	case strings.Contains(message, "cannot use bare repository"):
		return nil
	}
	return err
}

// broken is the error for a .git in which git sees no repository. Git itself
// passes over it, and files that are tracked would go for untracked ones.
func broken(dir string) error {
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err != nil {
		return nil
	}
	return fmt.Errorf("%s has a .git, but git sees no repository there: repair or remove it", dir)
}

// Bare says that there is no work tree.
func (r *Repo) Bare() bool { return r.bare }

// Part says that Dir is a folder of the work tree: what stands elsewhere has no path.
func (r *Repo) Part() bool {
	top, errTop := os.Stat(r.top)
	dir, errDir := os.Stat(r.Dir)
	return errTop == nil && errDir == nil && !os.SameFile(top, dir)
}

// Top is the absolute path of the work tree's topmost directory.
func (r *Repo) Top() string { return r.top }

// Files lists what is tracked, or untracked and not ignored, below Dir:
// relative to it, with slashes, sorted. Tracked files that do not exist, as git
// would show them as deleted, are left out; so are submodules. A path with a
// final slash is another repository inside of this one, into which git does not
// look. With an UnreadableError the list is complete but for these directories.
func (r *Repo) Files(ctx context.Context) ([]string, error) {
	out, warnings, err := r.output(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	files := split(out)
	slices.Sort(files)
	files = slices.Compact(files) // an unmerged file occurs once per side
	files = slices.DeleteFunc(files, func(path string) bool { return !r.isFile(path) })
	dirs, err := r.unreadable(ctx, warnings)
	if err == nil && len(dirs) > 0 {
		err = &UnreadableError{Dirs: dirs}
	}
	return files, err
}

// Tracked lists the paths that the index has below Dir.
func (r *Repo) Tracked(ctx context.Context) ([]string, error) {
	return r.indexed(ctx, func(entry) bool { return true })
}

// TracksLink says whether the index has a symlink under a path, which is relative to Dir.
func (r *Repo) TracksLink(ctx context.Context, path string) (bool, error) {
	out, err := r.run(ctx, "ls-files", "-z", "-s", "--", ":(literal)"+path)
	return strings.HasPrefix(out, ModeLink+" "), err
}

// isFile is false for what does not exist and for directories. What cannot be
// examined is no deleted file.
func (r *Repo) isFile(path string) bool {
	if strings.HasSuffix(path, "/") {
		return true
	}
	info, err := r.lstat(path)
	if err != nil {
		return !missing(err)
	}
	return !info.IsDir()
}

func (r *Repo) lstat(path string) (fs.FileInfo, error) {
	return os.Lstat(filepath.Join(r.Dir, filepath.FromSlash(path)))
}

// missing includes a file in the place of one of the path's directories.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// unreadable finds the directories that git could not open: it warns and goes
// on as if they were empty.
func (r *Repo) unreadable(ctx context.Context, warnings string) ([]string, error) {
	parts := strings.Split(warnings, "warning: could not open directory '")[1:]
	if len(parts) == 0 {
		return nil, nil
	}
	prefix, err := r.run(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, part := range parts {
		path, _, _ := strings.Cut(part, "': ")
		path = strings.TrimPrefix(path, strings.TrimSuffix(prefix, "\n"))
		dirs = append(dirs, strings.TrimSuffix(path, "/"))
	}
	return dirs, nil
}

// Submodules lists the submodules below Dir, checked out or not.
func (r *Repo) Submodules(ctx context.Context) ([]string, error) {
	return r.indexed(ctx, func(e entry) bool { return e.mode == "160000" })
}

// Absent lists the tracked files below Dir that a sparse checkout left out of
// the work tree.
func (r *Repo) Absent(ctx context.Context) ([]string, error) {
	return r.indexed(ctx, func(e entry) bool {
		if !e.skipped || e.mode == "160000" {
			return false
		}
		_, err := r.lstat(e.path)
		return err != nil && missing(err)
	})
}

// entry is one line of the index.
type entry struct {
	path    string
	mode    string // octal, as git writes it
	skipped bool   // the skip-worktree bit: the file need not be there
}

func (r *Repo) indexed(ctx context.Context, wanted func(entry) bool) ([]string, error) {
	out, err := r.run(ctx, "ls-files", "-z", "-s", "-t")
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, line := range split(out) {
		about, path, _ := strings.Cut(line, "\t") // H 100644 <object> <stage>
		tag, rest, _ := strings.Cut(about, " ")
		mode, _, _ := strings.Cut(rest, " ")
		if wanted(entry{path, mode, tag == "S"}) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// Ignored says whether an ignore rule of git matches Dir itself, or a directory
// above it. Files that are tracked in there do not make a difference.
func (r *Repo) Ignored(ctx context.Context) (bool, error) {
	_, err := r.run(ctx, "check-ignore", "--quiet", "--no-index", "--", ".")
	var failed *exec.ExitError
	if errors.As(err, &failed) && failed.ExitCode() == 1 {
		return false, nil
	}
	return err == nil, err
}

// Ignores says whether git would leave out a file that is yet to be written, of a
// path relative to Dir.
func (r *Repo) Ignores(ctx context.Context, file string) (bool, error) {
	_, err := r.run(ctx, "check-ignore", "--quiet", "--no-index", "--", "./"+file)
	var failed *exec.ExitError
	if errors.As(err, &failed) && failed.ExitCode() == 1 {
		return false, nil
	}
	return err == nil, err
}

func (r *Repo) run(ctx context.Context, args ...string) (string, error) {
	out, _, err := r.output(ctx, args...)
	return out, err
}

// settings go in front of each command. A repository's configuration can name a
// program as file system monitor, and git would run it. A directory that looks
// like a bare repository may be a file of the repository that is being checked.
var settings = []string{
	"--no-pager",
	"-c", "core.quotePath=false",
	"-c", "core.fsmonitor=false",
	"-c", "safe.bareRepository=explicit",
}

func (r *Repo) output(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	return r.feed(ctx, "", args...)
}

// feed is output for a command that reads.
func (r *Repo) feed(ctx context.Context, stdin string, args ...string) (stdout, stderr string, err error) {
	var out, warnings bytes.Buffer
	command := r.command(ctx, args...)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(stdin), &out, &warnings
	err = r.explain(ctx, verb(args), command.Run(), warnings.Bytes())
	return out.String(), warnings.String(), err
}

func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	global := settings
	if r.bare {
		global = append(settings[:len(settings):len(settings)], "--git-dir=.")
	}
	command := exec.CommandContext(ctx, "git", slices.Concat(global, args)...)
	command.Dir, command.Env = r.Dir, r.env
	command.WaitDelay = time.Second // a child of git must not keep the pipes, and so us
	return command
}

// verb is what git is to do: the first argument behind settings.
func verb(args []string) string {
	for len(args) > 2 && args[0] == "-c" {
		args = args[2:]
	}
	return args[0]
}

// explain words what went wrong with a command.
func (r *Repo) explain(ctx context.Context, name string, err error, warnings []byte) error {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return ErrNotInstalled
	case errors.As(err, &failed):
		failed.Stderr = warnings
		return fmt.Errorf("git %s in %s: %s: %w", name, r.Dir, complaint(string(warnings)), failed)
	default:
		return fmt.Errorf("git %s in %s: %w", name, r.Dir, err)
	}
}

// complaint is the line that says what went wrong; others are advice.
func complaint(stderr string) string {
	for _, mark := range []string{"fatal: ", "error: "} {
		for line := range strings.Lines(stderr) {
			if text, ok := strings.CutPrefix(line, mark); ok {
				return strings.TrimSpace(text)
			}
		}
	}
	first := ""
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "hint: ") && !strings.HasPrefix(line, "warning: ") {
			return line
		}
		first = cmp.Or(first, line)
	}
	return first
}

func split(out string) []string {
	return slices.DeleteFunc(strings.Split(out, "\x00"), func(path string) bool { return path == "" })
}

// Hooks is the folder in which git looks for hooks, absolute.
func (r *Repo) Hooks(ctx context.Context) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--git-path", "hooks")
	dir := strings.TrimSuffix(out, "\n")
	if err == nil && !filepath.IsAbs(dir) {
		dir = filepath.Join(r.Dir, dir)
	}
	return dir, err
}

// Shallow says that older commits are missing.
func (r *Repo) Shallow() bool { return r.shallow }
