package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
)

// waiveFlags are the flags of the commands on waivers.
type waiveFlags struct {
	checkFlags
	waiver struct{ rule, path, subject, fingerprint, owner, reason, until string }
	new    bool
}

func newWaive() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "waive",
		Short: "Let findings pass for a time: add, list and remove waivers",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newWaiveAdd(), newWaiveList(), newWaivePrune())
	return cmd
}

func newWaiveAdd() *cobra.Command {
	var f waiveFlags
	cmd := &cobra.Command{
		Use:   "add RULE PATH",
		Short: "Add a waiver",
		Long:  "Add a waiver for the findings of a rule in the files that PATH, a glob, matches. It needs an owner, a reason and an end.",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.waiver.rule, f.waiver.path = args[0], args[1]
			if err := f.add(cmd); err != nil {
				return unchanged(cmd, err)
			}
			return nil
		},
	}
	f.addPolicyFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.waiver.subject, "subject", "", "only what concerns this `SUBJECT`, as reports name it")
	flags.StringVar(&f.waiver.fingerprint, "fingerprint", "", "only the one finding with this `FINGERPRINT`, also if a change brings it and it is no credential")
	flags.BoolVar(&f.new, "new", false, "also what a change brings, when it is judged with --trusted-base")
	flags.StringVar(&f.waiver.owner, "owner", "", "`WHO` answers for it")
	flags.StringVar(&f.waiver.reason, "reason", "", "`WHY` the finding may stay")
	flags.StringVar(&f.waiver.until, "until", "", "the last `DAY` on which it holds: 2027-01-31")
	return cmd
}

func newWaiveList() *cobra.Command {
	var f waiveFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the waivers, those that end first in front",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return f.list(cmd) },
	}
	f.addPolicyFlags(cmd)
	return cmd
}

func newWaivePrune() *cobra.Command {
	f := waiveFlags{checkFlags: checkFlags{jobs: 1}}
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove waivers that have ended, or match nothing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.prune(cmd); err != nil {
				return unchanged(cmd, err)
			}
			return nil
		},
	}
	f.addPolicyFlags(cmd)
	return cmd
}

// name is the file of waivers, relative to the root.
func (f *waiveFlags) name() string { return cmp.Or(f.config.Waivers, defaultWaivers) }

// read reads the file of waivers. One that is not there is empty.
func (f *waiveFlags) read() (*lint.Source, error) {
	data, err := f.file(f.name())
	if errors.Is(err, fs.ErrNotExist) {
		data, err = nil, nil
	}
	return &lint.Source{Path: f.name(), Data: data}, err
}

// waivers reads the waivers as a check does. What is wrong with one is an error.
func (f *waiveFlags) waivers(cmd *cobra.Command, src *lint.Source) ([]gate.Waiver, error) {
	program, err := f.program(cmd.Context())
	if err != nil {
		return nil, err
	}
	scan, err := f.scanner(nil)
	if err != nil {
		return nil, err
	}
	rules, err := check.Rules(program, scan)
	if err != nil {
		return nil, err
	}
	waivers, wrong, err := gate.ReadWaivers(src, rules)
	for _, finding := range wrong {
		err = errors.Join(err, fmt.Errorf("%s: %s", finding.Location, finding.Message))
	}
	return waivers, err
}

func (f *waiveFlags) add(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	src, err := f.read()
	if err != nil {
		return err
	}
	if len(strings.TrimSpace(string(src.Data))) == 0 {
		src.Data = append(src.Data, "waivers:\n"...)
	}
	file, err := edit.Open(src)
	if err != nil {
		return err
	}
	item := lint.NewObject(lint.Span{})
	for _, field := range [][2]string{{"rule", f.waiver.rule}, {"path", f.waiver.path}, {"subject", f.waiver.subject}, {"fingerprint", f.waiver.fingerprint}, {"new", map[bool]string{true: "allow"}[f.new]}, {"owner", f.waiver.owner}, {"reason", f.waiver.reason}, {"until", f.waiver.until}} {
		if field[0] != "path" && redacted(field[1]) != field[1] {
			return fmt.Errorf("the %s of the waiver looks like a credential, and would be written to %s", field[0], src.Path)
		}
		if field[1] != "" || !slices.Contains([]string{"subject", "fingerprint", "new"}, field[0]) {
			item.Set(field[0], lint.Span{}, lint.NewString(field[1], lint.Span{}))
		}
	}
	if list := file.Root(0).Get("waivers"); list != nil && len(list.Items)+len(list.Fields) == 0 && (list.Kind == lint.Null || list.Kind == lint.List) { // a first one of several lines
		first := lint.NewList(lint.Span{})
		first.Items = append(first.Items, item)
		err = file.Set(0, lint.Path{"waivers"}, first)
	} else {
		err = file.Append(0, lint.Path{"waivers"}, item)
	}
	if err != nil {
		return err
	}
	if _, err := f.waivers(cmd, &lint.Source{Path: src.Path, Data: file.Text()}); err != nil {
		return err
	}
	if err := f.write(cmd.Context(), file.Text()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s in %s is waived until %s\n", src.Path, f.waiver.rule, reports.Plain(redacted(f.waiver.path)), f.waiver.until)
	return err
}

func (f *waiveFlags) write(ctx context.Context, text []byte) error {
	name := filepath.Join(f.root, filepath.FromSlash(f.name()))
	if err := writable(ctx, name); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}

func (f *waiveFlags) list(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	now, err := f.time()
	if err != nil {
		return err
	}
	src, err := f.read()
	if err != nil {
		return err
	}
	waivers, err := f.waivers(cmd, src)
	if err != nil {
		return err
	}
	slices.SortStableFunc(waivers, func(a, b gate.Waiver) int { return a.Until.Compare(b.Until) })
	read := readFlags{settings: f.settings}
	if _, err := read.learn(cmd); err != nil {
		return err
	}
	redact, err := read.redactor([]string{f.name()})
	if err != nil {
		return err
	}
	plain := func(text string) string { return reports.Plain(redact(text)) }
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, w := range waivers {
		state := "holds"
		if !now.Before(w.Until.AddDate(0, 0, 1)) {
			state = "ended"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", w.Until.Format("2006-01-02"), state, w.Rule, plain(w.Path), plain(w.Owner), plain(w.Reason))
	}
	return table.Flush()
}

// prune removes what a check of the whole repository calls expired or unused.
func (f *waiveFlags) prune(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	src, err := f.read()
	if err != nil {
		return err
	}
	var useless []int
	for _, judged := range result.Verdict.Findings {
		if judged.Rule != lint.ExpiredWaiver && judged.Rule != lint.UnusedWaiver {
			continue
		}
		for i := range c.Gate.Waivers {
			if c.Gate.Waivers[i].Location == judged.Location {
				useless = append(useless, i)
			}
		}
	}
	if len(useless) == 0 {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), "no waiver has ended or matches nothing")
		return err
	}
	file, err := edit.Open(src)
	if err != nil {
		return err
	}
	for _, i := range slices.Backward(useless) { // an item at a time, the last first: the numbers before it stay
		at := slices.IndexFunc(file.Root(0).Get("waivers").Items, func(item *lint.Node) bool {
			return len(item.Fields) > 0 && item.Fields[0].Span.Location() == c.Gate.Waivers[i].Location
		})
		if err := file.Remove(0, lint.Path{"waivers", at}); err != nil {
			return err
		}
	}
	if err := f.write(cmd.Context(), file.Text()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d removed\n", src.Path, len(useless))
	return err
}
