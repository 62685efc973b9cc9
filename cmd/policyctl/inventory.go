package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/suggest"
)

func newInventory() *cobra.Command {
	var f readFlags
	var filter inventory.Filter
	var format string
	cmd := &cobra.Command{
		Use:   "inventory",
		Short: "List every secret with its owner, environments and rotation",
		Long: `List every secret: those that contracts declare, and those that are used without (state "undeclared").

USES counts the jobs and workloads that get a secret by its name. STATE also names what is wrong:
overdue (not rotated in time), expired, orphaned (declared, but nothing uses it), proposed, undeclared.

JSON is {version, as_of, complete, secrets}. A secret has name, state, class, owner, risk, environments, stores, consumers
(those found), listed_consumers (entries of the contract), lifetime, ttl_s, rotation_interval_s, last_rotated, next_due,
incident (what is done when it leaks: revoke, revoke_within_s, escalation, approve_revoke, breaks, runbook, last_drilled,
drill_due), problems, file and line; what nobody said is left out, lists may be empty. complete is false if a file could not be read.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.inventory(cmd, filter, format)
		},
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &format, "table", "json", "csv", "markdown")
	flags := cmd.Flags()
	flags.StringVar(&filter.Owner, "owner", "", "only secrets of this `TEAM`")
	flags.StringVar(&filter.Environment, "environment", "", "only secrets of this environment, by its `NAME` in the catalogue")
	flags.StringVar(&filter.Class, "class", "", "only secrets of this `CLASS`")
	flags.StringVar(&filter.Risk, "risk", "", "only secrets of this `RATING`: low, medium, high, critical")
	flags.StringVar(&filter.State, "state", "", "only secrets in this `STATE`: proposed, active, deprecated, retired, undeclared")
	flags.BoolVar(&filter.Overdue, "overdue", false, "only secrets that were not rotated in time")
	return cmd
}

func (f *readFlags) inventory(cmd *cobra.Command, filter inventory.Filter, format string) error {
	now, err := f.time()
	if err != nil {
		return err
	}
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	list := inventory.Of(repository.Graph, now)
	if err := sensible(filter, list, repository); err != nil {
		return f.plainly(err, repository)
	}
	list = list.Choose(filter)
	if err := f.shown(&list, quoted(repository)); err != nil {
		return err
	}
	write := map[string]func(io.Writer) error{
		"table": list.WriteTable, "csv": list.WriteCSV, "markdown": list.WriteMarkdown,
		"json": func(w io.Writer) error { return writeJSON(w, list) },
	}
	return f.whole(write[format](cmd.OutOrStdout()))
}

// sensible refuses a filter by a word that the repository does not know: an empty
// list would look as if there was nothing to see.
func sensible(f inventory.Filter, l inventory.List, r check.Repository) error {
	of := func(field func(inventory.Secret) string) []string {
		return l.Known(func(s inventory.Secret) []string { return []string{field(s)} })
	}
	var classes []string
	for _, class := range r.Classes() {
		classes = append(classes, class.Name)
	}
	for _, given := range []struct {
		flag, word string
		known      []string
	}{
		{"owner", f.Owner, slices.Concat(slices.Sorted(maps.Keys(r.Catalog.Teams)), of(func(s inventory.Secret) string { return s.Owner }))},
		{"environment", f.Environment, slices.Concat(r.Catalog.Environments(), l.Known(func(s inventory.Secret) []string { return s.Environments }))},
		{"class", f.Class, slices.Concat(classes, of(func(s inventory.Secret) string { return s.Class }))},
		{"risk", f.Risk, []string{"low", "medium", "high", "critical"}},
		{"state", f.State, []string{"proposed", "active", "deprecated", "retired", "undeclared"}},
	} {
		if given.word == "" || slices.Contains(given.known, given.word) {
			continue
		}
		if near := suggest.Nearest(given.word, given.known); near != "" {
			return fmt.Errorf("--%s: unknown word %q, did you mean %q?", given.flag, given.word, near)
		}
		slices.Sort(given.known)
		return fmt.Errorf("--%s: unknown word %q, want one of %s", given.flag, given.word, strings.Join(slices.Compact(given.known), ", "))
	}
	return nil
}
