package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/lint"
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
