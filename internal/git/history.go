package git

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Values reads the values out of one version of a file by whose change a
// rotation is known, each with a name. What they are does not leave this package.
type Values func(version []byte) map[string]string

// History is what the commits that lead to HEAD tell about files.
type History struct {
	Files map[string]Commits // files without a commit are not in it

	// Cut says why not all commits were read, in words that follow "because"; it
	// is empty if all were. Then nothing before Since counts: that a file has no
	// commit means nothing, nor does a First that is zero.
	Cut   string
	Since time.Time // zero if nothing was read
}

// Commits is what the commits of a file tell, by the times at which they were made.
type Commits struct {
	First, Last time.Time            // First is zero if it is not known
	Changed     map[string]time.Time // when a value last became another one
}

// limits bound the one git process that reads history.
type limits struct {
	time  time.Duration
	bytes int64
}

// Measured with 50,000 commits of 13,000 files, of which 5,000 commits change one
// of 3,000 contracts: 3.5 s of CPU time and 3 MB.
var usual = limits{30 * time.Second, 500_000_000}

// History reads the history of files, relative to Dir: nil for those of which
// only the commits count. A file that was renamed is a new one. It is an error if
// the run ends; all else that keeps git from reading cuts the history.
func (r *Repo) History(ctx context.Context, files map[string]Values) (*History, error) {
	return r.history(ctx, files, usual)
}

func (r *Repo) history(ctx context.Context, files map[string]Values, most limits) (*History, error) {
	within, done := context.WithTimeout(ctx, most.time)
	defer done()
	l := newLog(files, r.shallow)
	warnings, err := r.readLog(within, l, most.bytes)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, errTooLarge):
		l.cut("it is larger than %d MB", most.bytes/1_000_000)
	case within.Err() != nil:
		l.cut("reading took longer than %s", most.time)
	case err != nil && strings.Contains(warnings, "does not have any commits yet"):
	case err != nil:
		l.cut("git stopped: %s", complaint(warnings))
	}
	return l.finish(), nil
}

var errTooLarge = errors.New("too large")

// readLog runs git, and reads what it prints while it prints.
func (r *Repo) readLog(ctx context.Context, l *log, most int64) (warnings string, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var complaints bytes.Buffer
	command := r.command(ctx, logArguments...)
	command.Stdin = strings.NewReader("--\n" + strings.Join(pathspecs(slices.Sorted(maps.Keys(l.files))), "\n") + "\n")
	command.Stderr = &complaints
	out, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	limited := &io.LimitedReader{R: out, N: most}
	l.read(limited)
	if limited.N <= 0 {
		stop()
		err = errTooLarge
	}
	err = cmp.Or(err, command.Wait())
	return complaints.String(), err
}

// logArguments leave nothing to the configuration of the repository that could
// run a program (a pager, a signature check, an external diff, a text converter)
// or change the form of the output. Each version of a file is shown whole.
var logArguments = []string{
	"-c", "diff.suppressBlankEmpty=false", "-c", "log.showRoot=true",
	"--literal-pathspecs", "log", "--stdin",
	"--no-show-signature", "--no-mailmap", "--no-notes", "--no-decorate", "--no-color", "--no-follow",
	"--format=%x00%ct %P",
	"--patch", "-c", "--unified=1000000", "--text", "--no-ext-diff", "--no-textconv", "--no-renames",
	"--no-prefix", "--relative", "--submodule=short", "--ignore-submodules=all", "--no-function-context",
	"--inter-hunk-context=0", "--ws-error-highlight=none", "-O/dev/null",
}

// Git compares every entry of a directory with every path that is asked for. So a
// directory of which several files are wanted is asked for as a whole: that is
// ten times as fast with 300 files, and possible at all with 3,000.
const (
	mostOfDirectory = 8
	mostPathspecs   = 100
)

func pathspecs(files []string) []string {
	in := map[string]int{}
	for _, file := range files {
		in[path.Dir(file)]++
	}
	specs := map[string]bool{}
	for _, file := range files {
		dir := path.Dir(file)
		switch {
		case strings.Contains(file, "\n"): // one a line
		case in[dir] > mostOfDirectory:
			specs[dir] = true
		default:
			specs[file] = true
		}
	}
	if len(specs) <= mostPathspecs {
		return slices.Sorted(maps.Keys(specs))
	}
	tops := map[string]bool{}
	for spec := range specs {
		top, _, _ := strings.Cut(spec, "/")
		tops[top] = true
	}
	return slices.Sorted(maps.Keys(tops))
}

// log collects what git prints.
type log struct {
	files   map[string]Values
	shallow bool
	history History

	at       time.Time       // of the commit that is being read
	boundary bool            // its parents are missing, so that it says nothing
	since    time.Time       // the newest such commit
	added    map[string]bool // files whose oldest commit that was read adds them
}

func newLog(files map[string]Values, shallow bool) *log {
	return &log{files: files, shallow: shallow, history: History{Files: map[string]Commits{}}, added: map[string]bool{}}
}

// commit begins a commit: its time, and the hashes of its parents.
func (l *log) commit(about string) {
	stamp, parents, _ := strings.Cut(about, " ")
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	l.at = time.Unix(seconds, 0).UTC()
	if l.boundary = l.shallow && parents == ""; l.boundary {
		l.since = later(l.since, l.at)
		l.history.Cut = "this is a shallow clone"
	}
}

func (l *log) cut(format string, args ...any) {
	l.since = later(l.since, l.at)
	l.history.Cut = fmt.Sprintf(format, args...)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// change notes that a commit changes a file.
func (l *log) change(c *change) {
	values, wanted := l.files[c.path]
	if !wanted || l.boundary {
		return
	}
	commits := l.history.Files[c.path]
	if commits.First.IsZero() || !l.at.After(commits.First) {
		commits.First, l.added[c.path] = l.at, c.added
	}
	commits.Last = later(commits.Last, l.at)
	if values != nil {
		for _, name := range c.changed(values) {
			if commits.Changed == nil {
				commits.Changed = map[string]time.Time{}
			}
			commits.Changed[name] = later(commits.Changed[name], l.at)
		}
	}
	l.history.Files[c.path] = commits
}

// finish forgets what a cut history cannot know.
func (l *log) finish() *History {
	if l.history.Cut == "" {
		return &l.history
	}
	l.history.Since = l.since
	for file, commits := range l.history.Files {
		if !l.added[file] {
			commits.First = time.Time{}
			l.history.Files[file] = commits
		}
	}
	return &l.history
}
