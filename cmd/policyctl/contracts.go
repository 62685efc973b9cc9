package main

import "github.com/spf13/cobra"

func newContracts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contracts",
		Short: "Write and keep up to date what is agreed about secrets",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newContractsInit(), newContractsShow(), newContractsClasses())
	return cmd
}
