package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/eval"
)

func newTest() *cobra.Command {
	var f settings
	cmd := &cobra.Command{
		Use:   "test [DIR...]",
		Short: "Run the tests of policies",
		Long: "Run the tests (*_test.rego) of folders of policies, and print the lines that no test evaluates.\n\n" +
			"Without folders, the tests of the repository's own policies run, or those of the built-in library if it has none.\n" +
			"A rule that no test makes fire fails: nobody has seen that it can.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.test(cmd, args) },
	}
	f.addPolicyFlags(cmd)
	return cmd
}

func (f *settings) test(cmd *cobra.Command, dirs []string) error {
	if err := f.load(nil); err != nil {
		return err
	}
	subjects, err := f.ownPolicies()
	if err != nil {
		return err
	}
	if len(dirs) > 0 {
		f.policyDirs = append(f.policyDirs, dirs...)
		subjects = nil
		for _, dir := range dirs {
			subjects = append(subjects, f.policyLabel(dir))
		}
	} else if len(subjects) == 0 {
		subjects = []string{""} // the built-in library
	}
	if f.now == "" {
		f.now = "2026-01-01" // tests that need another time say so: with data.run.now_ns as …
	}
	program, err := f.program(cmd.Context())
	if err != nil {
		return err
	}
	report, err := program.Test(cmd.Context(), subjects...)
	if err != nil {
		return err
	}
	return printTests(cmd, report)
}

func printTests(cmd *cobra.Command, report eval.TestReport) error {
	out := cmd.OutOrStdout()
	for _, line := range report.Failed {
		fmt.Fprintln(out, line)
	}
	for _, id := range report.Silent {
		fmt.Fprintf(out, "rule %s: no test makes it fire\n", id)
	}
	for _, line := range report.Uncovered {
		fmt.Fprintf(out, "%s: no test evaluates this line\n", line)
	}
	for _, name := range report.Skipped {
		fmt.Fprintf(out, "%s: skipped\n", name)
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped, %.1f %% of lines covered\n", report.Passed, len(report.Failed), len(report.Skipped), report.Coverage)
	if !report.OK() {
		return failure{statusBlocked, errors.New("")}
	}
	return nil
}
