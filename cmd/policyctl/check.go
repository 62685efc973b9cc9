package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// The places where a repository keeps what belongs to the gate.
const (
	defaultBaseline  = ".policyctl/baseline.ndjson"
	defaultWaivers   = ".policyctl/waivers.yaml"
	defaultDetectors = ".policyctl/rules"
)

// runDeadline ends a run that something keeps from ending by itself.
const runDeadline = 30 * time.Minute

// checkFlags are the flags of the check command.
type checkFlags struct {
	settings
	outputFlags
	failOn       []string
	baseline     string
	jobs         int
	forceExclude bool
	schedule     bool
	baseRevision string
	trustedBase  bool
	staged       bool
	environment  bool
}

// outputFlags say what reports are written, and how.
type outputFlags struct {
	formats      []string
	noColor      bool
	quiet        bool
	verbose      bool
	sarifProfile string
	link         string
}

func newCheck() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Check a repository, or parts of it",
		Long: "Check a repository, or the named files and folders of it.\n\n" +
			"A report in JSON is the whole run: policyctl report writes it in any other format later, and policyctl merge joins\n" +
			"those of shards or of several repositories.\n\n" +
			"Exit status: 0 passed, 1 blocked, 2 wrong use or configuration, 3 could not check.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.addPolicyFlags(cmd)
	flags := cmd.Flags()
	f.addReportFlags(cmd)
	flags.BoolVar(&f.forceExclude, "force-exclude", false, "leave out excluded files also if they are named, as hooks do")
	flags.BoolVar(&f.schedule, "schedule", false, "this is a scheduled run: what comes with time alone blocks too")
	flags.StringVar(&f.baseRevision, "base", "", "what the change is to be merged into, as a `REVISION` of git: what was wrong where HEAD left it does not block")
	flags.BoolVar(&f.trustedBase, "trusted-base", false, "take settings, policies, waivers and baseline as they are in the base: for pull requests, which could open the gate otherwise")
	flags.BoolVar(&f.staged, "staged", false, "check what the next commit changes, as the index has it; what HEAD has already does not block")
	flags.BoolVar(&f.environment, "terraform-environment", false, "evaluate Terraform with the variables that the environment sets (TF_VAR_); they decide conditions, and no report shows them")
	return cmd
}

// addReportFlags are the flags of every command that ends in a verdict.
func (f *checkFlags) addReportFlags(cmd *cobra.Command) {
	f.addOutputFlags(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.failOn, "fail-on", nil, "block from this `SEVERITY`, or KIND=SEVERITY for rules of one kind; may be given more than once")
	flags.StringVar(&f.baseline, "baseline", "", "baseline `FILE` (default: "+defaultBaseline+" of the repository)")
	flags.IntVar(&f.jobs, "jobs", runtime.NumCPU(), "how many files to work on at a time")
}

// addOutputFlags are the flags of every command that writes reports.
func (f *outputFlags) addOutputFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.formats, "format", nil, "report as `FORMAT[=FILE]`: "+strings.Join(reports.Formats(), ", ")+"; may be given more than once (default text)")
	flags.BoolVar(&f.noColor, "no-color", false, "never use color (NO_COLOR does the same)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print only what blocks, a line each, and the summary")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "also print findings that are waived or in the baseline")
	flags.StringVar(&f.sarifProfile, "sarif-profile", "", "what SARIF is for: "+strings.Join(reports.SARIFProfiles(), " or ")+" (default github)")
	flags.StringVar(&f.link, "link", "", "`URL` under which the files of the commit are shown, for links in markdown and html: https://github.com/acme/shop/blob/COMMIT/")
}

// output is where a report goes.
type output struct{ format, file string }

func (f *checkFlags) run(cmd *cobra.Command, args []string) error {
	based := cmd.Flags().Changed("base")
	switch {
	case f.staged && based:
		return errors.New("--staged and --base exclude each other: what is staged is compared with HEAD")
	case f.trustedBase && !based:
		return errors.New("--trusted-base needs --base REVISION")
	}
	if f.trustedBase {
		f.settled = f.settledInBase(cmd.Context())
	}
	if err := f.locate(args); err != nil {
		return err
	}
	if len(args) == 0 && (f.staged || based) {
		f.paths = nil // a change is one of the whole repository, wherever one stands
	}
	if f.trustedBase {
		if err := f.trust(cmd.Context()); err != nil {
			return err
		}
		defer f.settings.base.close()
	}
	if err := f.readConfig(); err != nil {
		return f.settings.base.mistake(err)
	}
	outputs, err := f.checkReport(cmd.Context())
	if err != nil {
		return err
	}
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return f.settings.base.mistake(err)
	}
	c.Trusted, c.Staged = f.trustedBase, f.staged
	if f.trustedBase {
		if c.Declared, err = f.settings.base.declared(); err != nil {
			return err
		}
	}
	tip := ""
	if based {
		if tip, c.Base, err = f.baseCommits(cmd.Context()); err != nil {
			return fmt.Errorf("--base: %w", err)
		}
		if !f.trustedBase || tip == c.Base {
			tip = ""
		}
		c.Gate.Later = tip != ""
	}
	progress := newProgress(cmd.ErrOrStderr())
	c.Progress = progress.show
	result, err := c.Run(cmd.Context())
	progress.clear()
	if err != nil {
		return failure{statusNotChecked, err}
	}
	result.Verdict.Settings = gate.Settings{Base: c.Base, Trusted: f.trustedBase, Tip: tip}
	if f.trustedBase {
		if err := f.propose(cmd, &result.Verdict); err != nil {
			return failure{statusNotChecked, err}
		}
	}
	if result.Source == nil {
		dir, err := os.OpenRoot(f.root)
		if err != nil {
			return failure{statusNotChecked, err}
		}
		defer dir.Close()
		result.Source = sources(dir, f.config.MaxFileSize)
	}
	report := reports.Report{Verdict: result.Verdict, Sensitive: result.Sensitive, Source: result.Source, Redact: c.Scanner.Redact, AsOf: c.Gate.Now}
	if err := f.context(cmd.Context(), &report, result.Graph, c.Scanner, outputs); err != nil {
		return failure{statusNotChecked, err}
	}
	return f.report(cmd, outputs, report)
}

// context adds what the repository says beside findings, as far as the reports show it.
func (f *checkFlags) context(ctx context.Context, report *reports.Report, g *graph.Graph, known *scanner.Scanner, outputs []output) (err error) {
	if g == nil {
		return nil
	}
	report.Owners = g.Owners
	if f.staged { // the index is no commit, and only a part of it was read
		return nil
	}
	if report.Commit, err = f.commit(ctx, outputs); err != nil {
		return err
	}
	if len(f.paths) > 0 || !slices.ContainsFunc(outputs, func(o output) bool { return reports.ShowsRepository(o.format) }) {
		return nil
	}
	return f.known(report, g, known)
}

// commit names the commit that is checked out, for reports that say which it was. Text
// and SARIF do not: a run that nobody keeps starts git no more often than it must.
func (f *checkFlags) commit(ctx context.Context, outputs []output) (string, error) {
	if !slices.ContainsFunc(outputs, func(o output) bool { return o.format != "text" && o.format != "sarif" }) {
		return "", nil
	}
	repo, ok, err := git.Open(ctx, f.root)
	if errors.Is(err, git.ErrNotInstalled) || err == nil && !ok {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return repo.Head(ctx)
}

// known adds what the repository declares and uses. The texts of both come from files,
// in which somebody may have pasted a credential.
func (f *checkFlags) known(report *reports.Report, g *graph.Graph, found *scanner.Scanner) error {
	d, err := diagram.Of(g, "", 0)
	if err != nil {
		return err
	}
	report.Secrets, report.Graph = inventory.Of(g, report.AsOf).Secrets, &d
	read := readFlags{settings: f.settings, known: found}
	known := struct {
		Secrets *[]inventory.Secret
		Graph   *diagram.Diagram
	}{&report.Secrets, report.Graph}
	return read.shown(&known, g.Files())
}

// checkReport checks the flags that addReportFlags adds.
func (f *checkFlags) checkReport(ctx context.Context) ([]output, error) {
	if f.jobs < 1 {
		return nil, fmt.Errorf("--jobs: want a number from 1, not %d", f.jobs)
	}
	return f.checkOutput(ctx)
}

// checkOutput checks the flags that addOutputFlags adds.
func (f *outputFlags) checkOutput(ctx context.Context) ([]output, error) {
	outputs, err := f.outputs()
	switch {
	case err != nil:
		return nil, err
	case f.link != "" && !reports.IsLink(f.link):
		return nil, errors.New("--link: want a URL that begins with https:// or http://, has no login and ends with /")
	case f.sarifProfile != "" && !slices.Contains(reports.SARIFProfiles(), f.sarifProfile):
		return nil, fmt.Errorf("--sarif-profile: unknown profile %q, want one of %s", f.sarifProfile, strings.Join(reports.SARIFProfiles(), ", "))
	}
	for _, o := range outputs {
		if o.file == "" {
			continue
		}
		if err := writable(ctx, o.file); err != nil {
			return nil, fmt.Errorf("--format: %w", err)
		}
	}
	return outputs, nil
}

// report writes all reports, and gives the exit status of the verdict.
func (f *checkFlags) report(cmd *cobra.Command, outputs []output, r reports.Report) error {
	r.Version, r.Prefix = currentVersion(), f.prefix
	if f.config.Confidence > scanner.DefaultConfidence {
		r.Confidence = f.config.Confidence
	}
	return f.judge(cmd, outputs, r)
}

// judge writes all reports, and gives the exit status of the verdict. Why a run is
// none stands in standard error where no text is shown: the log of a job that keeps
// its reports in files has to say it.
func (f *outputFlags) judge(cmd *cobra.Command, outputs []output, r reports.Report) error {
	if err := f.writeAll(cmd, outputs, r); err != nil {
		return err
	}
	if !slices.Contains(outputs, output{format: "text"}) {
		if err := reports.Obstacles(cmd.ErrOrStderr(), r); err != nil {
			return failure{statusNotChecked, err}
		}
	}
	if status := r.Verdict.Status(); status != statusPassed {
		return failure{status, errors.New("")}
	}
	return nil
}

func (f *outputFlags) writeAll(cmd *cobra.Command, outputs []output, r reports.Report) error {
	r.SARIFProfile, r.Quiet, r.Verbose, r.Link = f.sarifProfile, f.quiet, f.verbose, cmp.Or(f.link, r.Link)
	for _, o := range outputs {
		if err := f.write(cmd, o, r); err != nil {
			return failure{statusNotChecked, fmt.Errorf("write report: %w", err)}
		}
	}
	return nil
}

// outputs reads --format. All mistakes show before anything is checked.
func (f *outputFlags) outputs() ([]output, error) {
	if len(f.formats) == 0 {
		return []output{{format: "text"}}, nil
	}
	var outputs []output
	for _, text := range f.formats {
		format, file, named := strings.Cut(text, "=")
		if !slices.Contains(reports.Formats(), format) {
			return nil, fmt.Errorf("--format: unknown format %q, want one of %s", format, strings.Join(reports.Formats(), ", "))
		}
		if named && file == "" {
			return nil, fmt.Errorf("--format: %s= names no file", format)
		}
		same := func(o output) bool { return o.file == file }
		if slices.ContainsFunc(outputs, same) {
			return nil, fmt.Errorf("--format: two reports would go to %s; write FORMAT=FILE", orStandardOutput(file))
		}
		outputs = append(outputs, output{format, file})
	}
	return outputs, nil
}

func orStandardOutput(file string) string {
	if file == "" {
		return "standard output"
	}
	return file
}

// prepare reads everything that decides a verdict. A mistake in any of it ends
// the run before a file is checked. salt is that of a baseline about to be made.
func (f *checkFlags) prepare(ctx context.Context, salt []byte) (*check.Check, error) {
	now, err := f.time()
	if err != nil {
		return nil, err
	}
	program, err := f.program(ctx)
	if err != nil {
		return nil, err
	}
	g := &gate.Gate{Thresholds: gate.DefaultThresholds(), Now: now, Scheduled: f.schedule}
	if err := f.thresholds(g); err != nil {
		return nil, err
	}
	if g.Baseline, err = f.readBaseline(); err != nil {
		return nil, err
	}
	if salt == nil && g.Baseline != nil {
		salt = g.Baseline.Salt
	}
	tag := slowTag(salt)
	if tag == nil && (f.staged || f.baseRevision != "") { // whether a value is that of the base
		tag = gate.Tags()
	}
	scan, err := f.scanner(tag)
	if err != nil {
		return nil, err
	}
	if err := f.verify(program, scan); err != nil {
		return nil, err
	}
	components, err := f.components()
	if err != nil {
		return nil, err
	}
	c := &check.Check{
		Components: components,
		Files:      discover.Options{Root: f.root, Paths: f.paths, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: f.config.MaxFileSize, ForceExclude: f.forceExclude},
		Policies:   program, Scanner: scan, Gate: g, Jobs: f.jobs, Deadline: runDeadline,
	}
	if f.environment {
		c.Variables = terraformVariables(os.Environ())
	}
	return c, f.readWaivers(c)
}

// terraformVariables are the values that an environment has for variables of Terraform.
func terraformVariables(environment []string) map[string]string {
	variables := map[string]string{}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if name, ok := strings.CutPrefix(name, "TF_VAR_"); ok && utf8.ValidString(value) {
			variables[name] = value
		}
	}
	return variables
}

// baseCommits finds what HEAD is to be merged into, and the commit at which it parted from
// that. A revision that is not there must not make every file look untouched.
func (f *checkFlags) baseCommits(ctx context.Context) (tip, parted string, err error) {
	if f.baseRevision == "" {
		return "", "", errors.New("names no revision; write for example --base origin/main")
	}
	repo, ok, err := git.Open(ctx, f.root)
	switch {
	case err != nil:
		return "", "", err
	case !ok:
		return "", "", fmt.Errorf("%s is in no git repository", f.root)
	}
	return repo.MergeBase(ctx, f.baseRevision)
}

// verify checks the names of rules in the configuration. It needs all rules, so
// it is left out where no rule is named.
func (f *checkFlags) verify(program *eval.Program, scan *scanner.Scanner) error {
	if !f.config.NamesRules() || f.config.Verify(check.Names(program, scan)) == nil {
		return nil
	}
	scan, err := f.detectors()
	if err != nil {
		return err
	}
	all, err := check.Rules(program, scan)
	if err != nil {
		return err
	}
	return f.config.Verify(all)
}

// detectors are all there are: one that is disabled is a rule all the same.
func (s *settings) detectors() (*scanner.Scanner, error) {
	every := *s
	every.config.Disable = nil
	return every.scanner(nil)
}

// thresholds adds the configuration's, then those of flags.
func (f *checkFlags) thresholds(g *gate.Gate) error {
	g.Enforce = gate.Enforcement{}
	for _, name := range f.config.Block {
		g.Enforce[name] = time.Time{}
	}
	for _, name := range f.config.Warn {
		g.Enforce[name] = gate.Never
	}
	maps.Copy(g.Enforce, f.config.EnforceFrom)
	t := g.Thresholds
	if _, all := f.config.FailOn[gate.DefaultKind]; all {
		clear(t)
	}
	maps.Copy(t, f.config.FailOn)
	kinds := append([]string{gate.DefaultKind, scanner.Kind}, check.Platforms()...)
	for _, text := range f.failOn {
		kind, name, found := strings.Cut(text, "=")
		if !found {
			kind, name = gate.DefaultKind, text
		}
		severity, err := lint.ParseSeverity(name)
		if err != nil {
			return fmt.Errorf("--fail-on: %w", err)
		}
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("--fail-on: unknown kind %q, want one of %s", kind, strings.Join(kinds, ", "))
		}
		if !found { // one severity for all: it replaces what other kinds have by default
			clear(t)
		}
		t[kind] = severity
	}
	return nil
}

func (f *checkFlags) readBaseline() (*gate.Baseline, error) {
	name, shown := f.baseline, f.baseline
	if name == "" {
		shown = f.config.Baseline
		if shown == "" {
			shown = defaultBaseline
		}
		name = filepath.Join(f.root, filepath.FromSlash(shown))
	}
	data, err := f.readSetting(name)
	if errors.Is(err, fs.ErrNotExist) && f.baseline == "" && f.config.Baseline == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("baseline %s: %w", shown, plain(err))
	}
	return gate.ReadBaseline(shown, data)
}

// readWaivers reads the waivers. What is wrong with one of them is a finding.
func (f *checkFlags) readWaivers(c *check.Check) error {
	name := f.config.Waivers
	if name == "" {
		name = defaultWaivers
	}
	data, err := f.file(name)
	if errors.Is(err, fs.ErrNotExist) && f.config.Waivers == "" {
		return nil
	}
	if err != nil {
		return err
	}
	src := &lint.Source{Path: name, Data: data}
	c.Gate.Waivers, c.Findings, err = gate.ReadWaivers(src, check.Names(c.Policies, c.Scanner))
	if err != nil || len(c.Findings) == 0 {
		return err
	}
	all, err := check.Rules(c.Policies, c.Scanner) // a former name, or one that is near to a wrong one
	if err != nil {
		return err
	}
	c.Gate.Waivers, c.Findings, err = gate.ReadWaivers(src, all)
	return err
}

// write writes one report. A file is replaced only when all of it is written.
func (f *outputFlags) write(cmd *cobra.Command, o output, report reports.Report) error {
	if o.file == "" {
		report.Color = f.color(cmd.OutOrStdout())
		return reports.Write(o.format, cmd.OutOrStdout(), report)
	}
	var text bytes.Buffer
	if err := reports.Write(o.format, &text, report); err != nil {
		return err
	}
	return os.WriteFile(o.file, text.Bytes(), 0o666)
}

// sources reads files again for the report, and keeps the last few: findings
// come sorted by file.
func sources(dir *os.Root, maxSize int64) func(lint.Location) *lint.Source {
	var last *lint.Source
	return func(at lint.Location) *lint.Source {
		if last == nil || last.Path != at.Path {
			src, _, _ := discover.Read(dir, at.Path, maxSize)
			if src == nil {
				return nil
			}
			last = src
		}
		return last
	}
}

func (f *outputFlags) color(w io.Writer) bool {
	_, never := os.LookupEnv("NO_COLOR")
	return !f.noColor && !never && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// progress is a line on a terminal, shown once a run takes longer than most.
type progress struct {
	w     io.Writer // nil if there is no terminal
	begin time.Time
	lock  sync.Mutex
	last  time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{begin: time.Now()}
	if isTerminal(w) {
		p.w = w
	}
	return p
}

func (p *progress) show(done, total int) {
	const patience, interval = 500 * time.Millisecond, 100 * time.Millisecond
	if p.w == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	now := time.Now()
	if now.Sub(p.begin) < patience || now.Sub(p.last) < interval {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r\x1b[Kchecked %d", done)
	if total > 0 {
		fmt.Fprintf(p.w, " of %d", total)
	}
}

func (p *progress) clear() {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.w != nil && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
