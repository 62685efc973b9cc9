package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// readFlags are those of commands that read a repository and judge nothing.
type readFlags struct {
	settings
	dir   string
	known *scanner.Scanner          // knows what a run found
	found map[string]scanner.Result // what was found, by file
	part  bool                      // something of the repository was not read
}

func (f *readFlags) addReadFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "repository", ".", "`DIR` of the repository")
	cmd.Flags().StringVar(&f.configFile, "config", "", "configuration `FILE`")
	cmd.Flags().StringVar(&f.now, "now", "", "judge as of this `TIME`: 2026-11-22 or 2026-11-22T10:00:00Z (default: the clock)")
}

// read reads the repository. What could not be read goes to standard error: a
// list that lacks something must not look whole.
func (f *readFlags) read(cmd *cobra.Command) (check.Repository, error) {
	if err := f.load([]string{f.dir}); err != nil {
		return check.Repository{}, err
	}
	f.paths = nil
	return f.learn(cmd)
}

// learn reads the repository, and every credential that detectors and policies find in it:
// what is a value in one place is a key, an address, a name in others.
func (f *readFlags) learn(cmd *cobra.Command) (check.Repository, error) {
	every := f.settings
	every.secrets, every.config.Disable, every.config.Tiers = true, nil, nil
	now, err := f.time()
	if err != nil {
		return check.Repository{}, err
	}
	components, err := f.components()
	if err != nil {
		return check.Repository{}, err
	}
	program, err := every.program(cmd.Context())
	if err != nil {
		return check.Repository{}, err
	}
	if f.known, err = every.scanner(nil); err != nil {
		return check.Repository{}, err
	}
	c := check.Check{
		Components: components, Policies: program, Scanner: f.known,
		Files: discover.Options{Root: f.root, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: f.config.MaxFileSize},
		Gate:  &gate.Gate{Now: now}, Jobs: runtime.NumCPU(), Deadline: runDeadline,
	}
	repository, err := c.Read(cmd.Context())
	if err != nil {
		return repository, failure{statusNotChecked, err}
	}
	f.found = repository.Found
	return repository, f.missing(cmd.ErrOrStderr(), repository)
}

// missing says what could not be read or resolved.
func (f *readFlags) missing(w io.Writer, r check.Repository) error {
	redact := reports.Plain
	isPart := func(finding lint.Finding) bool { return strings.HasPrefix(finding.Rule.ID, "policyctl/") }
	f.part = len(r.Failures) > 0 || slices.ContainsFunc(r.Unread, isPart)
	if len(r.Unread)+len(r.Failures) > 0 { // messages may quote the file
		var files []string
		for _, finding := range r.Unread {
			files = append(files, finding.Location.Path)
		}
		slices.Sort(files)
		hide, err := f.redactor(slices.Compact(files))
		if err != nil {
			return err
		}
		redact = func(text string) string { return reports.Plain(hide(text)) }
	}
	for _, finding := range r.Unread {
		fmt.Fprintln(w, redact(f.line(finding)))
	}
	for _, failed := range r.Failures {
		fmt.Fprintln(w, redact(fmt.Sprintf("%s: not read: %s", path.Join(f.prefix, failed.Path), failed.Message)))
	}
	if skipped := r.Unasked(); len(skipped) > 0 {
		fmt.Fprintf(w, "not read: %s\n", reports.Skipped(skipped))
	}
	if n := len(r.Gaps); n > 0 {
		fmt.Fprintf(w, "not resolved: %d places, what depends on them is missing (check --verbose lists them)\n", n)
	}
	return nil
}

// whole is the end of a command that has shown what there is: a list of a part of the
// repository is no success. What was not read stands on standard error.
func (f *readFlags) whole(err error) error {
	if err == nil && f.part {
		return failure{statusNotChecked, errors.New("")}
	}
	return err
}

// line says in one line what is wrong; it may quote a file.
func (f *readFlags) line(finding lint.Finding) string {
	return fmt.Sprintf("%s: %s: %s [%s]", path.Join(f.prefix, finding.Location.String()), finding.Rule.Severity, finding.Message, finding.Rule.ID)
}

// redactor takes the credentials out of texts that the detectors find in files, and
// those that they find in the text itself: a value that was escaped, indented or
// broken in its file is another text when it is decoded.
func (f *readFlags) redactor(paths []string) (func(string) string, error) {
	every := f.settings
	every.config.Disable = nil
	scan, err := every.scanner(nil)
	if err != nil {
		return nil, err
	}
	found, err := f.credentials(scan, paths)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	return func(text string) string {
		if redacted, is := known[text]; is {
			return redacted
		}
		redacted := text
		for _, result := range found {
			redacted = result.Redact(redacted)
		}
		redacted = f.known.Known(redacted)
		asked := locators().ReplaceAllString(redacted, "at ")
		redacted = scan.Scan(&lint.Source{Path: "x.yaml", Data: []byte(asked)}).Redact(redacted)
		known[text] = redacted
		return redacted
	}, nil
}

// credentials are those of files, as they were read, or as they are read now.
func (f *readFlags) credentials(scan *scanner.Scanner, paths []string) ([]scanner.Result, error) {
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var all []scanner.Result
	for _, path := range paths {
		if found, read := f.found[path]; read {
			all = append(all, found)
		} else if src, _, _ := discover.Read(dir, path, f.config.MaxFileSize); src != nil {
			all = append(all, scan.Scan(src))
		}
	}
	return slices.DeleteFunc(all, scanner.Result.Empty), nil
}

// printed prints through the redactor what is put together while it is written.
func (f *readFlags) printed(w io.Writer, files []string, print func(io.Writer) error) error {
	var text bytes.Buffer
	failed := print(&text)
	redact, err := f.redactor(files)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, redact(text.String()))
	return cmp.Or(failed, err)
}

// locators begin the names of secrets. For the scanner they would be keys, with the
// name as their value.
var locators = regex.Lazy(`\b(?:k8s|github|gitlab|compose|docker|azdo|jenkins)-(?:secret|var|cred):`)

// shown cleans what a command is about to print: a pointer to a value of its own.
func (f *readFlags) shown(value any, files []string) error {
	redact, err := f.redactor(files)
	if err != nil {
		return err
	}
	reports.Clean(value, redact)
	return nil
}

// plainly cleans an error that suggests or lists words of the repository. What is not
// there may be in what was not read.
func (f *readFlags) plainly(err error, r check.Repository) error {
	text := err.Error()
	if shown := f.shown(&text, quoted(r)); shown != nil {
		return shown
	}
	if f.part {
		return failure{statusNotChecked, errors.New(text + "; but not everything was read")}
	}
	return errors.New(text)
}

// quoted are the files that contracts and the graph quote.
func quoted(repository check.Repository) []string {
	files := repository.Graph.Files()
	for i := range repository.Contracts {
		files = append(files, repository.Contracts[i].Files()...)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// formatFlag adds --format with the formats of a command, the first the default.
func formatFlag(cmd *cobra.Command, format *string, known ...string) {
	cmd.Flags().StringVar(format, "format", known[0], "print as `FORMAT`: "+strings.Join(known, ", "))
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if !slices.Contains(known, *format) {
			return fmt.Errorf("--format: unknown format %q, want one of %s", *format, strings.Join(known, ", "))
		}
		return nil
	}
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
