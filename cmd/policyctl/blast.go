package main

import (
	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/blast"
)

func newBlast() *cobra.Command {
	var f readFlags
	var format string
	cmd := &cobra.Command{
		Use:   "blast NAME",
		Short: "Show what depends on a secret, and what breaks if it is revoked now",
		Long: `Show who gets a secret, in each environment and by which way; which other secrets need it; where its value is kept;
and what replaces it. NAME is that of a contract, or a slot that policyctl inventory or policyctl graph names.

JSON is {version, complete, secret, environments, needed_by, breaks, holders, neighbours, replacement, total}.
A section has at most 100 rows; total counts all.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			repository, err := f.read(cmd)
			if err != nil {
				return err
			}
			report, err := blast.Of(repository.Graph, args[0])
			if err != nil {
				return f.plainly(err, repository)
			}
			if err := f.shown(&report, quoted(repository)); err != nil {
				return err
			}
			if format == "json" {
				return f.whole(writeJSON(cmd.OutOrStdout(), report))
			}
			return f.whole(report.WriteText(cmd.OutOrStdout()))
		},
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &format, "text", "json")
	return cmd
}
