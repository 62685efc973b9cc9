package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/draft"
	"github.com/policyctl/policyctl/internal/suggest"
)

// syncFlags are those of contracts sync.
type syncFlags struct {
	readFlags
	write, widen bool
}

func newContractsSync() *cobra.Command {
	var f syncFlags
	cmd := &cobra.Command{
		Use:   "sync [NAME...]",
		Short: "Compare contracts with what the repository does",
		Long: "Compare contracts with what the repository does, all or those that are named: who uses the secret, how it arrives, under which names, and how often it is rotated.\n\n" +
			"Prints what differs and the edits that would settle it, and ends with status 1 if there is something. With --write, edits that allow less are made; those that allow more need the agreement of the owner and are made only with --widen.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.addReadFlags(cmd)
	cmd.Flags().BoolVar(&f.write, "write", false, "edit the contracts in place")
	cmd.Flags().BoolVar(&f.widen, "widen", false, "also make edits that allow more than the contract does")
	return cmd
}

func (f *syncFlags) run(cmd *cobra.Command, names []string) error {
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	if err := knownNames(repository, names); err != nil {
		return err
	}
	now, err := f.time()
	if err != nil {
		return err
	}
	differences := draft.Sync(repository.Graph, draft.Options{
		Class: func(name string) contract.Expectations { return repository.Expect(name, now) },
	}, names)
	if len(differences) == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "in sync: contracts say what the repository does")
		return nil
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	defer root.Close()
	redact, err := f.redactor(quoted(repository))
	if err != nil {
		return failure{statusNotChecked, err}
	}
	for i, d := range differences { // no edit writes a credential down
		differences[i].Editable = d.Editable && redact(d.Message) == d.Message
	}
	var open bool
	err = f.printed(cmd.OutOrStdout(), quoted(repository), func(w io.Writer) (err error) {
		open, err = f.settle(w, root, differences)
		return err
	})
	if err != nil {
		return failure{statusNotChecked, err}
	}
	if open {
		return failure{statusBlocked, errors.New("")}
	}
	return nil
}

func knownNames(repository check.Repository, names []string) error {
	var known []string
	for _, c := range repository.Graph.Contracts {
		known = append(known, c.Name)
	}
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		if near := suggest.Nearest(name, known); near != "" {
			return fmt.Errorf("there is no contract %q, did you mean %q?", name, near)
		}
		return fmt.Errorf("there is no contract %q", name)
	}
	return nil
}

// settle prints the differences file by file with the edits, or makes these. open
// says whether something remains.
func (f *syncFlags) settle(w io.Writer, root *os.Root, all []draft.Difference) (open bool, err error) {
	slices.SortStableFunc(all, func(a, b draft.Difference) int { return a.At.Compare(b.At) })
	for len(all) > 0 {
		file := all[0].File
		var here, rest, edits []draft.Difference
		for _, d := range all {
			if d.File != file {
				rest = append(rest, d)
				continue
			}
			here = append(here, d)
			if d.Editable && (f.widen || !d.Widens()) {
				edits = append(edits, d)
			}
		}
		if err := f.file(w, root, file, here, edits); err != nil {
			return false, err
		}
		open = open || !f.write || len(edits) < len(here)
		all = rest
	}
	return open, nil
}

func (f *syncFlags) file(w io.Writer, root *os.Root, name string, here, edits []draft.Difference) error {
	for _, d := range here {
		fmt.Fprintln(w, f.line(d))
	}
	if len(edits) == 0 {
		return nil
	}
	src, _, unreadable := discover.Read(root, name, f.config.MaxFileSize)
	if src == nil {
		if unreadable != nil {
			return fmt.Errorf("%s: %s", name, unreadable.Message)
		}
		return fmt.Errorf("%s: cannot be read", name)
	}
	file, err := edit.Open(src)
	if err != nil {
		return err
	}
	before := bytes.Clone(src.Data)
	if err := draft.Apply(file, edits); err != nil {
		return err
	}
	if f.write {
		if err := editable(root, name); err != nil {
			return fmt.Errorf("%w; nothing was changed", err)
		}
		return root.WriteFile(name, file.Text(), 0o666)
	}
	_, err = w.Write(changes(path.Join(f.prefix, name), before, file.Text()))
	return err
}

// changes is a unified diff as patch and git apply read it.
func changes(name string, before, after []byte) []byte {
	_, text, _ := bytes.Cut(diff.Diff("a/"+name, before, "b/"+name, after), []byte("\n"))
	return text
}

func (f *syncFlags) line(d draft.Difference) string {
	text := fmt.Sprintf("%s: %s: %s", path.Join(f.prefix, d.At.String()), d.Contract, d.Message)
	if d.Where.Path != "" {
		text += fmt.Sprintf(" (%s)", path.Join(f.prefix, d.Where.String()))
	}
	if d.Widens() {
		text += "; needs approval of " + d.Approval
	}
	return text
}
