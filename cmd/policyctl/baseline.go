package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
)

func newBaseline() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Accept what is found today, so that only new findings block",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := checkFlags{jobs: runtime.NumCPU()}
	create := &cobra.Command{
		Use:   "create",
		Short: "Write a baseline of the findings that block today",
		Long: "Write a baseline of the findings that block today, for the whole repository.\n\n" +
			"The file holds neither values nor line numbers. It is never overwritten.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.createBaseline(cmd) },
	}
	f.addPolicyFlags(create)
	create.Flags().StringVar(&f.baseline, "baseline", "", "baseline `FILE` to write (default: "+defaultBaseline+" of the repository)")
	cmd.AddCommand(create, newBaselineShow(), newBaselinePrune())
	return cmd
}

func (f *checkFlags) createBaseline(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	f.schedule = true // or the next scheduled run would block
	f.paths = nil     // a baseline of a part would make the rest look new
	target := f.baseline
	if target == "" {
		target = filepath.Join(f.root, filepath.FromSlash(defaultBaseline))
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists already; remove it to begin anew", target)
	}
	if err := writable(cmd.Context(), target); err != nil {
		return err
	}
	f.baseline, f.config.Baseline = "", "" // none is in force while one is made
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	c, err := f.prepare(cmd.Context(), salt)
	if err != nil {
		return err
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	if result.Verdict.Status() == statusNotChecked {
		return failure{statusNotChecked, errors.New("not everything could be checked; policyctl check says why")}
	}
	var accepted []lint.Finding
	for _, judged := range result.Verdict.Findings {
		if judged.Status == gate.Blocking {
			accepted = append(accepted, judged.Finding)
		}
	}
	made := gate.NewBaseline(accepted, salt)
	made.Rename(c.Scanner.Hide)
	var text bytes.Buffer
	if err := made.Write(&text); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(target, text.Bytes(), 0o666); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s accepted\n", target, reports.Count(len(made.Entries), "finding"))
	if n := len(accepted) - len(made.Entries); n > 0 && err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "not accepted, and blocking still: %d about waivers or comments that ignore findings; mend these, policyctl check shows them\n", n)
	}
	return err
}

func newBaselineShow() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "List what the baseline accepts, by rule and file",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.load(nil); err != nil {
				return err
			}
			b, err := f.readBaseline()
			if err != nil {
				return err
			}
			if b == nil {
				return errors.New("there is no baseline; policyctl baseline create writes one")
			}
			entries := slices.Clone(b.Entries)
			slices.SortFunc(entries, func(a, b gate.Entry) int {
				return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Path, b.Path), strings.Compare(a.Anchor, b.Anchor))
			})
			read := readFlags{settings: f.settings}
			if _, err := read.learn(cmd); err != nil {
				return err
			}
			redact, err := read.redactor(nil)
			if err != nil {
				return err
			}
			for _, e := range entries {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s\n", e.Rule, reports.Plain(redact(e.Path)), reports.Plain(redact(e.Anchor)))
			}
			return nil
		},
	}
	f.addPolicyFlags(cmd)
	cmd.Flags().StringVar(&f.baseline, "baseline", "", "baseline `FILE` (default: "+defaultBaseline+" of the repository)")
	return cmd
}

// newBaselinePrune lets a baseline shrink. It never grows: what is new has to be
// mended, or waived by somebody.
func newBaselinePrune() *cobra.Command {
	f := checkFlags{jobs: runtime.NumCPU()}
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Take out of the baseline what is mended",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.pruneBaseline(cmd); err != nil {
				return unchanged(cmd, err)
			}
			return nil
		},
	}
	f.addPolicyFlags(cmd)
	cmd.Flags().StringVar(&f.baseline, "baseline", "", "baseline `FILE` (default: "+defaultBaseline+" of the repository)")
	return cmd
}

func (f *checkFlags) pruneBaseline(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	f.paths, f.schedule = nil, true
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	b := c.Gate.Baseline
	if b == nil {
		return errors.New("there is no baseline; policyctl baseline create writes one")
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	if result.Verdict.Status() == statusNotChecked {
		return failure{statusNotChecked, errors.New("not everything could be checked, so nobody knows what is mended; policyctl check says why")}
	}
	unread := f.unread(c, &result.Verdict)
	kept, removed := 0, 0
	for _, gone := range result.Verdict.Gone {
		if unread(gone.Path) {
			kept++
			continue
		}
		removed++
		if i := slices.Index(b.Entries, gone); i >= 0 {
			b.Entries = slices.Delete(b.Entries, i, i+1)
		}
	}
	moved := 0
	for i := range result.Verdict.Findings {
		judged := &result.Verdict.Findings[i]
		if judged.Line == nil {
			continue
		}
		if i := slices.Index(b.Entries, *judged.Line); i >= 0 {
			b.Entries[i] = gate.EntryOf(&judged.Finding)
			moved++
		}
	}
	name := cmp.Or(f.baseline, filepath.Join(f.root, filepath.FromSlash(cmp.Or(f.config.Baseline, defaultBaseline))))
	if err := writable(cmd.Context(), name); err != nil {
		return err
	}
	b.Rename(c.Scanner.Hide)
	var text bytes.Buffer
	if err := b.Write(&text); err != nil {
		return err
	}
	if err := os.WriteFile(name, text.Bytes(), 0o666); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d removed, %d left\n", removed, len(b.Entries))
	if kept > 0 && err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d kept, of files that are there and were not read, or only in part; policyctl check --verbose says why\n", kept)
	}
	if moved > 0 && err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d follow their files to new names\n", moved)
	}
	return err
}

// unread says of which files that are there nobody knows what is mended in them: they are
// excluded, or were not read, or only in part.
func (f *checkFlags) unread(c *check.Check, verdict *gate.Verdict) func(path string) bool {
	whole := map[string]bool{}
	for _, path := range verdict.Coverage.Paths {
		whole[c.Scanner.Hide(path)] = true
	}
	for _, skip := range verdict.Coverage.Skipped {
		delete(whole, c.Scanner.Hide(skip.Path))
	}
	for _, judged := range verdict.Findings {
		if check.IsUnread(judged.Finding) {
			delete(whole, c.Scanner.Hide(judged.Location.Path))
		}
	}
	return func(path string) bool {
		_, err := os.Lstat(filepath.Join(f.root, filepath.FromSlash(path)))
		return !whole[c.Scanner.Hide(path)] && !errors.Is(err, fs.ErrNotExist)
	}
}
