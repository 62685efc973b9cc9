package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// formatter writes contracts as all should be written.
type formatter struct {
	contractFiles
	check bool
}

func newFormat() *cobra.Command {
	var f formatter
	cmd := &cobra.Command{
		Use:   "fmt [PATH...]",
		Short: "Put the fields of contracts in order, and indent them alike",
		Long: "Put the fields of contracts in the order of the schema, with two spaces for each level, and print the names of the files that change.\n\n" +
			"Comments stay. Files that cannot be parsed, JSON, and documents of other tools are left alone.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&f.check, "check", false, "change nothing; exit with 1 if something would change")
	return cmd
}

func (f *formatter) run(cmd *cobra.Command, args []string) error {
	sources, err := f.below(cmd.Context(), args)
	if err != nil {
		return unchanged(cmd, err)
	}
	defer f.dir.Close()
	status := statusPassed
	for _, src := range sources {
		if strings.HasSuffix(strings.ToLower(src.Path), ".json") {
			continue
		}
		text, err := edit.Format(src)
		if err != nil {
			f.complain(cmd, err)
			status = statusNotChecked
			continue
		}
		if bytes.Equal(text, src.Data) {
			continue
		}
		if err := editable(f.dir, src.Path); err != nil {
			f.complain(cmd, fmt.Errorf("%w; nothing was changed", err))
			status = statusNotChecked
			continue
		}
		fmt.Fprintln(cmd.OutOrStdout(), f.shown(src.Path))
		if f.check {
			status = max(status, statusBlocked)
		} else if err := f.write(src.Path, text); err != nil {
			return failure{statusNotChecked, err}
		}
	}
	return ended(status)
}

// ended is the end of a command that has said everything.
func ended(status int) error {
	if status == statusPassed {
		return nil
	}
	return failure{status, errors.New("")}
}

func newMigrate() *cobra.Command {
	var f contractFiles
	cmd := &cobra.Command{
		Use:   "migrate [PATH...]",
		Short: "Rewrite contracts of an older version of the format",
		Long: "Rewrite contracts of an older version of the format, comments and order kept.\n\n" +
			"There is one version so far, " + contract.Version + ", so there is nothing to rewrite yet. Files of a newer version are refused.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.migrate(cmd, args) },
	}
	f.addFlags(cmd)
	return cmd
}

func (f *contractFiles) migrate(cmd *cobra.Command, args []string) error {
	sources, err := f.below(cmd.Context(), args)
	if err != nil {
		return unchanged(cmd, err)
	}
	defer f.dir.Close()
	status := statusPassed
	for _, src := range sources {
		if _, err := edit.Open(src); err != nil {
			f.complain(cmd, err)
			status = statusNotChecked
			continue
		}
		docs, findings := contract.Parse([]*lint.Source{src})
		current := len(docs) > 0
		for _, finding := range findings {
			if finding.Rule == contract.UnsupportedVersion {
				f.complain(cmd, fmt.Errorf("%s: %s", finding.Location, finding.Message))
				status, current = statusNotChecked, false
			}
		}
		if current {
			fmt.Fprintf(cmd.OutOrStdout(), "%s: is %s, nothing to rewrite\n", f.shown(src.Path), contract.Version)
		}
	}
	return ended(status)
}

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:       "schema KIND",
		Short:     "Print the JSON Schema of a kind of document, for editors",
		Long:      "Print the JSON Schema of a kind of document, for editors. Kinds: " + strings.Join(contract.Kinds(), ", ") + ".",
		Args:      cobra.ExactArgs(1),
		ValidArgs: contract.Kinds(),
		RunE: func(cmd *cobra.Command, args []string) error {
			schema, err := contract.Schema(args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(schema)
			return err
		},
	}
}
