package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// readFlags are those of commands that read a repository and judge nothing.
type readFlags struct {
	settings
	dir string
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
	now, err := f.time()
	if err != nil {
		return check.Repository{}, err
	}
	c := check.Check{
		Files: discover.Options{Root: f.root, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: f.config.MaxFileSize},
		Gate:  &gate.Gate{Now: now}, Jobs: runtime.NumCPU(), Deadline: runDeadline,
	}
	repository, err := c.Read(cmd.Context())
	if err != nil {
		return repository, failure{statusNotChecked, err}
	}
	return repository, f.missing(cmd.ErrOrStderr(), repository)
}

// missing says what could not be read or resolved.
func (f *readFlags) missing(w io.Writer, r check.Repository) error {
	redact := func(text string) string { return text }
	if len(r.Unread) > 0 { // messages may quote the file
		var files []string
		for _, finding := range r.Unread {
			files = append(files, finding.Location.Path)
		}
		slices.Sort(files)
		var err error
		if redact, err = f.redactor(slices.Compact(files)); err != nil {
			return err
		}
	}
	for _, finding := range r.Unread {
		text := fmt.Sprintf("%s: %s: %s [%s]", path.Join(f.prefix, finding.Location.String()), finding.Rule.Severity, finding.Message, finding.Rule.ID)
		fmt.Fprintln(w, reports.Plain(redact(text)))
	}
	for _, failed := range r.Failures {
		fmt.Fprintf(w, "%s: not read: %s\n", path.Join(f.prefix, failed.Path), failed.Message)
	}
	if skipped := r.Unasked(); len(skipped) > 0 {
		fmt.Fprintf(w, "not read: %s\n", reports.Skipped(skipped))
	}
	if n := len(r.Gaps); n > 0 {
		fmt.Fprintf(w, "not resolved: %d places, what depends on them is missing (check --verbose lists them)\n", n)
	}
	return nil
}

// redacted writes what quotes files of the repository, without the credentials
// that the detectors find in them: somebody may have pasted one into a contract.
func (f *readFlags) redacted(cmd *cobra.Command, paths []string, write func(io.Writer) error) error {
	redact, err := f.redactor(paths)
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := write(&out); err != nil {
		return err
	}
	_, err = io.WriteString(cmd.OutOrStdout(), redact(out.String()))
	return err
}

// redactor takes the credentials that the detectors find in files out of texts.
func (f *readFlags) redactor(paths []string) (func(string) string, error) {
	every := f.settings
	every.config.Disable = nil
	scan, err := every.scanner(nil)
	if err != nil {
		return nil, err
	}
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var found []scanner.Result
	for _, path := range paths {
		if src, _, _ := discover.Read(dir, path, f.config.MaxFileSize); src != nil {
			if result := scan.Scan(src); !result.Empty() {
				found = append(found, result)
			}
		}
	}
	return func(text string) string {
		for _, result := range found {
			text = result.Redact(text)
		}
		return text
	}, nil
}

// clean takes credentials out of every text within a value, and makes each one
// line of printable characters. Before the value is formatted: cut or escaped, a
// credential would not be recognised.
func clean(v reflect.Value, redact func(string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(reports.Plain(redact(v.String())))
	case reflect.Pointer:
		if !v.IsNil() {
			clean(v.Elem(), redact)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			clean(v.Field(i), redact)
		}
	case reflect.Slice:
		for i := range v.Len() {
			clean(v.Index(i), redact)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(key))
			clean(item, redact)
			v.SetMapIndex(key, item)
		}
	}
}

// shown cleans what a command is about to print: a pointer to a value of its own.
func (f *readFlags) shown(value any, files []string) error {
	redact, err := f.redactor(files)
	if err != nil {
		return err
	}
	clean(reflect.ValueOf(value).Elem(), redact)
	return nil
}

// plainly cleans an error that suggests or lists words of the repository.
func (f *readFlags) plainly(err error, r check.Repository) error {
	text := err.Error()
	if shown := f.shown(&text, quoted(r)); shown != nil {
		return shown
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
