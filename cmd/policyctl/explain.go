package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
)

func newExplain() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain RULE | explain [COMMIT:]FILE[!/FILE]:LINE[:COLUMN]",
		Short: "Say what a rule finds, or why something was found at a place, and what to do",
		Long: "Say what a rule finds, why, and what to do.\n\n" +
			"Of a place, as reports print it, all is said that is known of its findings, also if they are waived or in the\n" +
			"baseline: how sure the scanner is of a credential, what speaks for it, and what the credential tells by itself (a\n" +
			"checksum that holds, an account, the end of its validity). The value is not shown. What is there is read once more:\n" +
			"a file, a file in an archive, a file or a message as a commit has it, what is staged, or standard input. With\n" +
			"--report nothing is read but a report in JSON, and a fingerprint is a place too.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.report != "" {
				return f.explainReported(cmd, args[0])
			}
			if at, ok := parsePlace(args[0]); ok {
				return f.explainPlace(cmd, at)
			}
			return f.explainRule(cmd, args[0])
		},
	}
	f.addPolicyFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.staged, "staged", false, "the place is one of scan --staged")
	flags.StringVar(&f.name, "stdin-filename", stdinName, "what standard input is called in the place")
	flags.StringVar(&f.report, "report", "", "explain a finding of this report in JSON, a `FILE`")
	return cmd
}

func (f *explainFlags) explainRule(cmd *cobra.Command, name string) error {
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
