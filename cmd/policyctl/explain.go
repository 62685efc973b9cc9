package main

import (
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
	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/reports"
)

func newExplain() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "explain RULE | explain FILE:LINE[:COLUMN]",
		Short: "Say what a rule finds, or why something was found at a place, and what to do",
		Long: "Say what a rule finds, why, and what to do.\n\n" +
			"Of a place, as reports print it, all is said that is known of its findings, also if they are waived or in the\n" +
			"baseline: how sure the scanner is of a credential, what speaks for it, and what the credential tells by itself (a\n" +
			"checksum that holds, an account, the end of its validity). The value is not shown.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if at := placeForm().FindStringSubmatch(args[0]); at != nil {
				return f.explainPlace(cmd, at)
			}
			return f.explainRule(cmd, args[0])
		},
	}
	f.addPolicyFlags(cmd)
	return cmd
}

func (f *checkFlags) explainRule(cmd *cobra.Command, name string) error {
	rules, err := f.rules(cmd)
	if err != nil {
		return err
	}
	var ids []string
	for _, rule := range rules {
		if rule.Named(name) {
			_, err := fmt.Fprint(cmd.OutOrStdout(), explain(rule))
			return err
		}
		ids = append(ids, rule.ID)
	}
	if near := suggest.Nearest(name, ids); near != "" {
		return fmt.Errorf("unknown rule %q, did you mean %q?", name, near)
	}
	return fmt.Errorf("unknown rule %q; policyctl rules lists them", name)
}

// placeForm is a place as reports print it. The ID of a rule has no colon.
var placeForm = regex.Lazy(`^(.+?):([0-9]{1,9})(?::([0-9]{1,9}))?:?$`)

// explainPlace checks the file, and tells all of the findings at the place.
func (f *checkFlags) explainPlace(cmd *cobra.Command, at []string) error {
	if err := f.loadPlace(at[1]); err != nil {
		return err
	}
	f.jobs = 1
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	line, _ := strconv.Atoi(at[2])
	column, _ := strconv.Atoi(at[3]) // 0 stands for all
	path := strings.Join(f.paths, "")
	verdict := result.Verdict
	verdict.Findings = slices.DeleteFunc(slices.Clone(verdict.Findings), func(j gate.Judged) bool {
		return j.Location.Path != path || !stands(j.Location, line, column)
	})
	if len(verdict.Findings) == 0 {
		return nothingAt(at[0], path, result.Verdict)
	}
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	defer dir.Close()
	return reports.Explain(cmd.OutOrStdout(), reports.Report{
		Verdict: verdict, Sensitive: result.Sensitive, Source: sources(dir, f.config.MaxFileSize), Redact: c.Scanner.Redact, Prefix: f.prefix, Color: f.color(cmd.OutOrStdout()),
	})
}

// loadPlace loads the settings that a report about the working directory went by, if the
// file lies in there: what its path tells depends on the root.
func (f *checkFlags) loadPlace(file string) error {
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
		return fmt.Errorf("%s: nothing was found in this file", place)
	}
	return fmt.Errorf("%s: nothing was found here; there are findings in line %s", place, strings.Join(slices.Compact(lines), ", "))
}

func notExplained(place, reason string) error {
	return failure{statusNotChecked, fmt.Errorf("%s: could not be checked: %s", place, reason)}
}

func explain(rule *lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", rule.ID, rule.Title)
	fmt.Fprintf(&b, "severity: %s\ntier:     %s\n", rule.Severity, rule.Tier)
	line := func(name string, values []string) {
		if len(values) > 0 {
			fmt.Fprintf(&b, "%-9s %s\n", name+":", strings.Join(values, ", "))
		}
	}
	line("tags", rule.Tags)
	var cwe []string
	for _, n := range rule.CWE {
		cwe = append(cwe, fmt.Sprintf("CWE-%d", n))
	}
	line("cwe", cwe)
	line("formerly", rule.Aliases)
	fmt.Fprintf(&b, "\nwhy: %s\n\nfix: %s\n", rule.Description, rule.Fix)
	for _, reference := range rule.References {
		fmt.Fprintf(&b, "see: %s\n", reference)
	}
	fmt.Fprintf(&b, `
To accept a finding for a time, add to %s:

  waivers:
    - rule: %s
      path: path/to/file
      owner: "@team"
      reason: why it may stay
      until: YYYY-MM-DD
`, defaultWaivers, rule.ID)
	return b.String()
}
