package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
)

func newRules() *cobra.Command {
	var f checkFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List all rules: policies, credential detectors and policyctl's own",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := f.rules(cmd)
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetEscapeHTML(false)
				encoder.SetIndent("", "  ")
				return encoder.Encode(rules)
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, rule := range rules {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", rule.ID, rule.Severity, rule.Tier, rule.Title)
			}
			return table.Flush()
		},
	}
	f.addPolicyFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// rules lists every rule of the repository in the working directory.
func (f *checkFlags) rules(cmd *cobra.Command) ([]*lint.Rule, error) {
	if err := f.load(nil); err != nil {
		return nil, err
	}
	program, err := f.program(cmd.Context())
	if err != nil {
		return nil, err
	}
	f.config.Disable = nil
	scan, err := f.scanner(nil)
	if err != nil {
		return nil, err
	}
	return check.Rules(program, scan)
}

func newExplain() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "explain RULE",
		Short: "Say what a rule finds, why, and what to do",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, err := f.rules(cmd)
			if err != nil {
				return err
			}
			var ids []string
			for _, rule := range rules {
				if rule.Named(args[0]) {
					_, err := fmt.Fprint(cmd.OutOrStdout(), explain(rule))
					return err
				}
				ids = append(ids, rule.ID)
			}
			if near := suggest.Nearest(args[0], ids); near != "" {
				return fmt.Errorf("unknown rule %q, did you mean %q?", args[0], near)
			}
			return fmt.Errorf("unknown rule %q; policyctl rules lists them", args[0])
		},
	}
	f.addPolicyFlags(cmd)
	return cmd
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
