package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/scan"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// scanFlags are the flags of the scan command.
type scanFlags struct {
	checkFlags
	maxSize int64
	name    string
}

func newScan() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Look for credentials only, in files, in what is staged, in history, in a stream",
		Long: "Look for credentials, and judge nothing else: no policy is loaded. What is found is what check finds.\n\n" +
			"PATH is a file or folder of the work tree, or - for standard input.\n\n" +
			"Exit status: 0 passed, 1 blocked, 2 wrong use or configuration, 3 could not check.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.configFile, "config", "", "configuration `FILE` (default: that of the repository)")
	flags.StringVar(&f.now, "now", "", "judge as of this `TIME`: 2026-11-22 or 2026-11-22T10:00:00Z (default: the clock)")
	f.addReportFlags(cmd)
	flags.BoolVar(&f.forceExclude, "force-exclude", false, "leave out excluded files also if they are named, as hooks do")
	flags.Int64Var(&f.maxSize, "max-size", 0, "leave out files of more than this many `BYTES` (default: max_file_size of the configuration)")
	flags.StringVar(&f.name, "stdin-filename", "stdin", "what standard input is called: some detectors go by the name of a `FILE`")
	return cmd
}

func (f *scanFlags) run(cmd *cobra.Command, args []string) error {
	stdin := len(args) == 1 && args[0] == "-"
	if stdin {
		args = nil
	}
	if slices.Contains(args, "-") {
		return errors.New("- stands alone: standard input is searched by itself")
	}
	if err := f.load(args); err != nil {
		return err
	}
	outputs, err := f.checkReport()
	if err != nil {
		return err
	}
	s, err := f.prepareScan()
	if err != nil {
		return err
	}
	progress := newProgress(cmd.ErrOrStderr())
	s.Progress = progress.show
	var result scan.Result
	if stdin {
		result, err = s.Input(cmd.Context(), f.name, cmd.InOrStdin())
	} else {
		result, err = s.Tree(cmd.Context())
	}
	progress.clear()
	if err != nil {
		return failure{statusNotChecked, err}
	}
	return f.reportScan(cmd, outputs, result)
}

func (f *scanFlags) reportScan(cmd *cobra.Command, outputs []output, result scan.Result) error {
	report := reports.Report{Verdict: result.Verdict, Sensitive: result.Sensitive, Source: result.Source}
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
func (f *scanFlags) prepareScan() (*scan.Scan, error) {
	now, err := f.time()
	if err != nil {
		return nil, err
	}
	g := &gate.Gate{Thresholds: gate.DefaultThresholds(), Now: now}
	if err := f.thresholds(g.Thresholds); err != nil {
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
	found, err := f.scanner(salt)
	if err != nil {
		return nil, err
	}
	if g.Waivers, err = f.secretWaivers(found); err != nil {
		return nil, err
	}
	size := f.maxSize
	if size == 0 {
		size = f.config.MaxFileSize
	}
	return &scan.Scan{
		Files:   discover.Options{Root: f.root, Paths: f.paths, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: size, ForceExclude: f.forceExclude},
		Scanner: found, Gate: g, Jobs: f.jobs, Deadline: runDeadline,
	}, nil
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
