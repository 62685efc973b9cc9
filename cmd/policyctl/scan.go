package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/archive"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/scan"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// stdinName is what standard input is called if nobody says otherwise.
const stdinName = "stdin"

// scanFlags are the flags of the scan command.
type scanFlags struct {
	checkFlags
	maxSize  int64
	name     string
	staged   bool
	archives bool
	history  bool
	commits  string   // a range; empty for all
	gone     []string // paths that only git knows: they need not be in the work tree
}

func newScan() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [PATH...] | scan --staged [PATH...] | scan --history [RANGE] [PATH...] [-- PATH...] | scan -",
		Short: "Look for credentials only: in files, in what is staged, in history, in a stream",
		Long: "Look for credentials, and judge nothing else: no policy is loaded. What is found is what check finds.\n\n" +
			"PATH is a file or folder, - is standard input. An archive that is named, or read from standard input, is searched too:\n" +
			"tar and zip, compressed or not, with what is in them, and so the image of a container from docker save.\n\n" +
			"With --staged the files are read as the next commit will have them,\n" +
			"and only what stands in added lines counts. With --history every version of every file is read, and the messages of\n" +
			"commits and tags; a finding names the commit that brought it. Without PATH both cover the whole repository, also from a\n" +
			"folder of it. RANGE is one of git, such as origin/main..HEAD;\n" +
			"without it all counts that branches, tags, notes and stashes lead to. What only a reflog leads to, or nothing,\n" +
			"is not searched. A PATH behind -- need not be in the work tree: it is one of the index or the history.\n\n" +
			"Exit status: 0 passed, 1 blocked, 2 wrong use or configuration, 3 could not check.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.configFile, "config", "", "configuration `FILE` (default: that of the repository)")
	flags.StringVar(&f.now, "now", "", "judge as of this `TIME`: 2026-11-22 or 2026-11-22T10:00:00Z (default: the clock)")
	f.addReportFlags(cmd)
	flags.BoolVar(&f.forceExclude, "force-exclude", false, "leave out excluded files also if they are named, as hooks do")
	flags.BoolVar(&f.archives, "archives", false, "look into archives also if they are not named")
	flags.BoolVar(&f.staged, "staged", false, "search what the next commit will change")
	flags.BoolVar(&f.history, "history", false, "search the history")
	flags.Int64Var(&f.maxSize, "max-size", 0, "leave out files of more than this many `BYTES` (default: max_file_size of the configuration, or no limit)")
	flags.StringVar(&f.name, "stdin-filename", stdinName, "what standard input is called: some detectors go by the name of a `FILE`")
	return cmd
}

func (f *scanFlags) run(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); dash >= 0 && (f.staged || f.history) {
		args, f.gone = args[:dash], args[dash:]
	}
	if f.history {
		args = f.takeRange(args)
	}
	stdin := len(args) == 1 && args[0] == "-"
	if stdin {
		args = nil
	}
	if slices.Contains(args, "-") {
		return errors.New("- stands alone: standard input is searched by itself")
	}
	if stdin && (f.staged || f.history) || f.staged && f.history {
		return errors.New("--staged, --history and - exclude each other")
	}
	if f.archives && (f.staged || f.history) {
		return errors.New("--archives: what the index and the history have is not opened; name the archive, or check it out")
	}
	if f.maxSize < 0 {
		return fmt.Errorf("--max-size: want a number of bytes from 1, not %d", f.maxSize)
	}
	if err := f.load(args); err != nil {
		return err
	}
	if len(args) == 0 && (f.staged || f.history) {
		f.paths = nil // as git commits: all of the repository, wherever one stands
	}
	if err := f.loadGone(cmd.Context()); err != nil {
		return err
	}
	outputs, err := f.checkReport(cmd.Context())
	if err != nil {
		return err
	}
	s, err := f.prepareScan(cmd.Context())
	if err != nil {
		return err
	}
	if !f.history && os.Getenv("GOGC") == "" {
		// Only what is being read is alive then, so that memory stays small at little
		// cost, however large the files are. A history remembers its lines.
		debug.SetGCPercent(100)
	}
	progress := newProgress(cmd.ErrOrStderr())
	s.Progress = progress.show
	var result scan.Result
	switch {
	case stdin:
		result, err = s.Input(cmd.Context(), f.name, cmd.InOrStdin())
	case f.staged:
		result, err = s.Staged(cmd.Context())
	case f.history:
		result, err = f.scanHistory(cmd.Context(), s)
	default:
		result, err = s.Tree(cmd.Context())
	}
	progress.clear()
	if errors.Is(err, errUsage) {
		return err
	}
	if err != nil {
		return failure{statusNotChecked, err}
	}
	commit := "" // what is searched is not what is checked out, but for a tree
	if !stdin && !f.staged && !f.history {
		if commit, err = f.commit(cmd.Context(), outputs); err != nil {
			return failure{statusNotChecked, err}
		}
	}
	return f.reportScan(cmd, outputs, s, result, commit)
}

// takeRange takes the range out of the arguments: the first that is no file, as git
// tells them apart.
func (f *scanFlags) takeRange(args []string) []string {
	for i, arg := range args {
		if _, err := os.Stat(arg); err != nil {
			f.commits = arg
			return slices.Delete(slices.Clone(args), i, i+1)
		}
	}
	return args
}

// loadGone takes the paths that need not be in the work tree. One that git does not know is
// a mistake: nothing would be searched, and that would pass.
func (f *scanFlags) loadGone(ctx context.Context) error {
	if len(f.gone) == 0 {
		return nil
	}
	repo, err := f.repository(ctx)
	if err != nil {
		return err
	}
	if repo.Bare() {
		f.paths = nil // that was the repository
	}
	for _, name := range f.gone {
		path := name
		if !repo.Bare() {
			if path, err = f.within(name); err != nil {
				return err
			}
		}
		known, err := repo.Knows(ctx, path)
		if err != nil {
			return failure{statusNotChecked, err}
		}
		if !known {
			return fmt.Errorf("%s: git knows no such file, neither in the index nor in the history", name)
		}
		f.paths = append(f.paths, path)
	}
	return nil
}

// errUsage marks what is wrong with the arguments and shows only when git was asked.
var errUsage = errors.New("cannot search the history")

func (f *scanFlags) scanHistory(ctx context.Context, s *scan.Scan) (scan.Result, error) {
	repo, err := f.repository(ctx)
	if err != nil {
		return scan.Result{}, err
	}
	if repo.Bare() && len(f.gone) == 0 {
		s.Files.Paths = nil
	}
	if f.commits != "" {
		if err := repo.CheckRange(ctx, f.commits); err != nil {
			return scan.Result{}, fmt.Errorf("%w: --history: %w; a file that is not in the work tree stands behind --", errUsage, err)
		}
	}
	return s.History(ctx, repo, f.commits)
}

// repository opens the repository of the run, or one without work tree that was named.
func (s *settings) repository(ctx context.Context) (*git.Repo, error) {
	repo, ok, err := git.OpenBare(ctx, s.named)
	if err == nil && !ok {
		repo, ok, err = git.Open(ctx, s.root)
	}
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s is in no git repository, it has no history", errUsage, s.root)
	}
	return repo, err
}

func (f *scanFlags) reportScan(cmd *cobra.Command, outputs []output, s *scan.Scan, result scan.Result, commit string) error {
	report := reports.Report{Verdict: result.Verdict, Sensitive: result.Sensitive, Source: result.Source, Redact: s.Scanner.Redact, AsOf: s.Gate.Now, Commit: commit}
	if report.Source == nil {
		dir, err := os.OpenRoot(f.root)
		if err != nil {
			return failure{statusNotChecked, err}
		}
		defer dir.Close()
		report.Source = sources(dir, f.config.MaxFileSize)
	}
	return f.report(cmd, outputs, report)
}

// prepareScan reads what decides a verdict about credentials. Waivers and lines of the
// baseline about anything else are left to check.
func (f *scanFlags) prepareScan(ctx context.Context) (*scan.Scan, error) {
	now, err := f.time()
	if err != nil {
		return nil, err
	}
	g := &gate.Gate{Thresholds: gate.DefaultThresholds(), Now: now}
	if err := f.thresholds(g); err != nil {
		return nil, err
	}
	if g.Baseline, err = f.readBaseline(); err != nil {
		return nil, err
	}
	var salt []byte
	if g.Baseline != nil {
		salt = g.Baseline.Salt
		g.Baseline.Entries = slices.DeleteFunc(g.Baseline.Entries, func(e gate.Entry) bool { return !aboutSecret(e.Rule) })
	}
	found, err := f.scanner(slowTag(salt))
	if err != nil {
		return nil, err
	}
	if err := f.verifyNames(ctx, found); err != nil {
		return nil, err
	}
	if g.Waivers, err = f.secretWaivers(found); err != nil {
		return nil, err
	}
	size := cmp.Or(f.maxSize, f.config.MaxFileSize, math.MaxInt64-1) // large files are read in blocks
	return &scan.Scan{
		Files:   discover.Options{Root: f.root, Paths: f.paths, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: size, Vendored: true, ForceExclude: f.forceExclude},
		Scanner: found, Gate: g, Jobs: f.jobs, Deadline: runDeadline, Archives: f.archives, Budget: archive.DefaultBudget(),
	}, nil
}

// verifyNames checks the names of rules in the configuration. Policies are loaded only for
// one that is no rule about credentials.
func (f *scanFlags) verifyNames(ctx context.Context, found *scanner.Scanner) error {
	if !f.config.NamesRules() {
		return nil
	}
	all, err := f.detectors()
	if err != nil || f.config.Verify(all.Rules()) == nil {
		return err
	}
	program, err := f.program(ctx)
	if err != nil {
		return err
	}
	return f.verify(program, found)
}

func aboutSecret(rule string) bool { return strings.HasPrefix(rule, scanner.Kind+"/") }

// secretWaivers reads the waivers of credentials. One that is wrong waives nothing, and
// check says what is wrong with it.
func (f *scanFlags) secretWaivers(s *scanner.Scanner) ([]gate.Waiver, error) {
	name := f.config.Waivers
	if name == "" {
		name = defaultWaivers
	}
	data, err := f.file(name)
	if errors.Is(err, fs.ErrNotExist) && f.config.Waivers == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	waivers, _, err := gate.ReadWaivers(&lint.Source{Path: name, Data: data}, s.Rules())
	return slices.DeleteFunc(waivers, func(w gate.Waiver) bool { return !aboutSecret(w.Rule) }), err
}
