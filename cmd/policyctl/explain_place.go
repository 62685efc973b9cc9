package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/scan"
	"github.com/policyctl/policyctl/reports"
)

// explainFlags are the flags of the explain command.
type explainFlags struct {
	checkFlags
	staged bool
	name   string // of standard input
	report string
}

// reported is a place as reports print it.
type reported struct {
	text         string
	path         string
	line, column int // a column of 0 stands for all
}

// placeForm is how reports print a place. The ID of a rule has no colon.
var placeForm = regex.Lazy(`^(.+?):([0-9]{1,9})(?::([0-9]{1,9}))?:?$`)

func parsePlace(text string) (reported, bool) {
	at := placeForm().FindStringSubmatch(text)
	if at == nil {
		return reported{}, false
	}
	line, _ := strconv.Atoi(at[2])
	column, _ := strconv.Atoi(at[3])
	return reported{text, at[1], line, column}, true
}

// holds says whether a finding touches the place, in what the place is called in the run.
func (p reported) holds(at lint.Location, path, commit string) bool {
	return at.Path == path && at.Commit == commit && stands(at, p.line, p.column)
}

// commitForm is what stands in front of a place in the history.
var commitForm = regex.Lazy(`^([0-9a-f]{7,64}):(.+)$`)

// explainPlace reads once more what a place is in, and tells all of the findings there.
func (f *explainFlags) explainPlace(cmd *cobra.Command, at reported) error {
	f.jobs = 1
	archive, inside := f.archive(at.path)
	commit := commitForm().FindStringSubmatch(at.path)
	switch {
	case strings.Contains(at.path, reports.Mask):
		return fmt.Errorf("%s: the report hides a credential in this name; write the name as it is, or use --report with the fingerprint", at.text)
	case f.staged:
		return f.explainStaged(cmd, at)
	case isFile(at.path):
		return f.explainFile(cmd, at)
	case archive != "" && isFile(archive):
		return f.explainArchive(cmd, at, archive, inside)
	case commit != nil:
		return f.explainCommit(cmd, at, commit[1], commit[2])
	case at.path == f.name || archive == f.name:
		return f.explainInput(cmd, at)
	}
	if revision, path, ok := strings.Cut(at.path, ":"); ok && revision != "" && path != "" {
		return f.explainCommit(cmd, at, revision+"^{commit}", path)
	}
	return f.explainFile(cmd, at) // which says what is wrong with it
}

// archive splits a path behind the file that an archive is in; both are "" if there is none.
func (f *explainFlags) archive(path string) (file, inside string) {
	for i := range path {
		if strings.HasPrefix(path[i:], "!/") && (isFile(path[:i]) || path[:i] == f.name) {
			return path[:i], path[i:]
		}
	}
	return "", ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// explainFile explains what a check finds in a file, or a scan, which reads more files;
// and where there is nothing, what a check of all finds elsewhere that leads by the place.
func (f *explainFlags) explainFile(cmd *cobra.Command, at reported) error {
	if err := f.loadPlace(at.path); err != nil {
		return err
	}
	path := strings.Join(f.paths, "")
	err := f.explainChecked(cmd, at, path, func(j gate.Judged) bool { return at.holds(j.Location, path, "") })
	var none nothing
	if !errors.As(err, &none) {
		return err
	}
	if !none.beside {
		err = f.explainScan(cmd, at, path, "", func(ctx context.Context, s *scan.Scan) (scan.Result, error) { return s.Tree(ctx) })
		if !errors.As(err, &none) {
			return err
		}
	}
	f.paths = nil
	elsewhere := f.explainChecked(cmd, at, path, func(j gate.Judged) bool {
		return slices.ContainsFunc(slices.Concat(j.Related, j.Flow), func(step lint.Related) bool { return at.holds(step.Location, path, "") })
	})
	if errors.As(elsewhere, &none) {
		return err
	}
	return elsewhere
}

// explainChecked explains those that are asked for of what a check finds.
func (f *explainFlags) explainChecked(cmd *cobra.Command, at reported, path string, asked func(gate.Judged) bool) error {
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	defer dir.Close()
	return f.explained(cmd, at, path, asked, reports.Report{
		Verdict: result.Verdict, Sensitive: result.Sensitive, Source: sources(dir, f.config.MaxFileSize), Redact: c.Scanner.Redact,
	})
}

func (f *explainFlags) explainArchive(cmd *cobra.Command, at reported, file, inside string) error {
	if err := f.loadPlace(file); err != nil {
		return err
	}
	path := strings.Join(f.paths, "") + inside
	return f.explainScan(cmd, at, path, "", func(ctx context.Context, s *scan.Scan) (scan.Result, error) { return s.Tree(ctx) })
}

func (f *explainFlags) explainInput(cmd *cobra.Command, at reported) error {
	if isTerminal(cmd.InOrStdin()) {
		return fmt.Errorf("%s: there is no such file; if it was standard input, give it once more", at.text)
	}
	if err := f.load(nil); err != nil {
		return err
	}
	return f.explainScan(cmd, at, at.path, "", func(ctx context.Context, s *scan.Scan) (scan.Result, error) {
		return s.Input(ctx, f.name, cmd.InOrStdin())
	})
}

func (f *explainFlags) explainStaged(cmd *cobra.Command, at reported) error {
	path, err := f.loadWithin(at.path)
	if err != nil {
		return err
	}
	return f.explainScan(cmd, at, path, "", func(ctx context.Context, s *scan.Scan) (scan.Result, error) { return s.Staged(ctx) })
}

// explainCommit explains a place in the history, whose paths begin at the root.
func (f *explainFlags) explainCommit(cmd *cobra.Command, at reported, commit, path string) error {
	if err := f.load(nil); err != nil {
		return err
	}
	repo, err := f.repository(cmd.Context())
	if err != nil {
		return fmt.Errorf("%s: %w", at.text, err)
	}
	object, kind, err := repo.Find(cmd.Context(), commit)
	switch {
	case err != nil:
		return failure{statusNotChecked, err}
	case object == "":
		return fmt.Errorf("%s: there is no such file, and git knows no commit %s here", at.text, strings.TrimSuffix(commit, "^{commit}"))
	}
	ref, message := strings.CutPrefix(path, ".git/")
	if !message {
		f.paths = []string{path}
	}
	brought := f.explainScan(cmd, at, path, object, func(ctx context.Context, s *scan.Scan) (scan.Result, error) {
		return s.Brought(ctx, repo, object, kind, ref)
	})
	var none nothing
	if kind != "commit" || message || !errors.As(brought, &none) {
		return brought
	}
	err = f.explainScan(cmd, at, path, object, func(ctx context.Context, s *scan.Scan) (scan.Result, error) {
		return s.Earlier(ctx, repo, object, path)
	})
	if errors.As(err, &none) && !none.beside {
		return brought
	}
	return err
}

// explainScan explains what a scan finds.
func (f *explainFlags) explainScan(cmd *cobra.Command, at reported, path, commit string, run func(context.Context, *scan.Scan) (scan.Result, error)) error {
	flags := scanFlags{checkFlags: f.checkFlags}
	s, err := flags.prepareScan(cmd.Context())
	if err != nil {
		return err
	}
	s.Hold = true
	result, err := run(cmd.Context(), s)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	asked := func(j gate.Judged) bool { return at.holds(j.Location, path, commit) }
	return f.explained(cmd, at, path, asked, reports.Report{
		Verdict: result.Verdict, Sensitive: result.Sensitive, Source: result.Source, Redact: s.Scanner.Redact,
	})
}

// explained tells of the findings that are asked for.
func (f *explainFlags) explained(cmd *cobra.Command, at reported, path string, asked func(gate.Judged) bool, report reports.Report) error {
	if !slices.ContainsFunc(report.Verdict.Findings, asked) {
		return nothingAt(at.text, path, report.Verdict)
	}
	report.Prefix, report.Color = f.prefix, f.color(cmd.OutOrStdout())
	return reports.Explain(cmd.OutOrStdout(), report, asked)
}

// explainReported explains findings of a report: those at a place, or the one with a
// fingerprint.
func (f *explainFlags) explainReported(cmd *cobra.Command, name string) error {
	data, err := f.readSetting(f.report)
	if err != nil {
		return fmt.Errorf("--report %s: %w", f.report, plain(err))
	}
	saved, err := reports.Read(data)
	if err != nil {
		return fmt.Errorf("--report %s: %w", f.report, err)
	}
	found := saved.Verdict.Findings
	at, isPlace := parsePlace(name)
	commit, path := "", at.path
	if in := commitForm().FindStringSubmatch(at.path); in != nil {
		commit, path = in[1], in[2]
	}
	within, err := f.loadWithin(path)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(j gate.Judged) bool {
		l := j.Location
		in := l.Path == at.path || l.Path == path || l.Commit == "" && l.Path == within
		return j.Fingerprint != name && !(isPlace && in && strings.HasPrefix(l.Commit, commit) && stands(l, at.line, at.column))
	})
	if len(found) == 0 {
		return fmt.Errorf("%s: %s reports nothing there", name, f.report)
	}
	return reports.Explain(cmd.OutOrStdout(), reports.Report{Verdict: gate.Verdict{Findings: found}, Color: f.color(cmd.OutOrStdout())}, func(gate.Judged) bool { return true })
}

// loadPlace loads the settings that a report about the working directory went by, if the
// file lies in there: what its path tells depends on the root.
func (f *explainFlags) loadPlace(file string) error {
	if !filepath.IsLocal(file) {
		return f.load([]string{file})
	}
	if err := f.load([]string{".", file}); err != nil {
		return err
	}
	if len(f.paths) < 2 {
		return fmt.Errorf("%s is no file", file)
	}
	f.paths = f.paths[1:]
	return nil
}

// loadWithin loads the settings of the working directory, and gives the path from their
// root to a file that need not be there.
func (f *explainFlags) loadWithin(file string) (string, error) {
	if err := f.load(nil); err != nil {
		return "", err
	}
	path, err := f.within(file)
	f.paths = []string{path}
	return path, err
}

// stands says whether a finding touches a line, and a column of it unless that is 0.
func stands(at lint.Location, line, column int) bool {
	start, end := at.Start, at.End
	switch {
	case line != start.Line && (line < start.Line || line > end.Line):
		return false
	case column == 0 || column == start.Column && line == start.Line:
		return true
	}
	return (line > start.Line || column >= start.Column) && (line < end.Line || column < end.Column)
}

// nothing says that no finding is there, and whether there are some in the same file.
type nothing struct {
	error
	beside bool
}

// nothingAt says where else there are findings, or why there are none.
func nothingAt(place, path string, verdict gate.Verdict) error {
	for _, skip := range verdict.Coverage.Skipped {
		if skip.Path == path {
			return notExplained(place, skip.Reason)
		}
	}
	for _, failure := range verdict.Coverage.Obstacles() {
		return notExplained(place, failure.Message)
	}
	var lines []string
	for _, j := range verdict.Findings {
		if j.Location.Path == path {
			lines = append(lines, strconv.Itoa(j.Location.Start.Line))
		}
	}
	if len(lines) == 0 {
		return nothing{fmt.Errorf("%s: nothing was found in this file", place), false}
	}
	return nothing{fmt.Errorf("%s: nothing was found here; there are findings in line %s", place, strings.Join(slices.Compact(lines), ", ")), true}
}

func notExplained(place, reason string) error {
	return failure{statusNotChecked, fmt.Errorf("%s: could not be checked: %s", place, reason)}
}
