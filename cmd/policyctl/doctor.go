package main

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/reports"
)

// doctorFlags are the flags of the doctor command.
type doctorFlags struct{ checkFlags }

func newDoctor() *cobra.Command {
	f := doctorFlags{checkFlags{jobs: runtime.NumCPU()}}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what a check here depends on, and what it does not cover",
		Long: "Say what a check here depends on: git, settings, policies, baseline, waivers, hooks; what it reads, and what it leaves out.\n\n" +
			"Exit status: 0 if a check can run, 2 if settings are wrong, 3 if something keeps it from checking.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.addPolicyFlags(cmd)
	cmd.Flags().StringVar(&f.baseRevision, "base", "", "also see whether this `REVISION` can be compared with")
	return cmd
}

func (f *doctorFlags) run(cmd *cobra.Command) error {
	say := func(about, format string, args ...any) {
		fmt.Fprintf(cmd.OutOrStdout(), "%-10s %s\n", about+":", fmt.Sprintf(format, args...))
	}
	say("version", "%s", fullVersion())
	if err := f.load(nil); err != nil {
		return err
	}
	say("root", "%s", f.root)
	if err := f.aboutGit(cmd, say); err != nil {
		return err
	}
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	rules, err := check.Rules(c.Policies, c.Scanner)
	if err != nil {
		return err
	}
	kinds := map[string]int{}
	for _, rule := range rules {
		kinds[rule.Kind()]++
	}
	say("rules", "%d: %s", len(rules), counted(kinds))
	if f.aboutAccepted(c, say); len(c.Findings) > 0 {
		return fmt.Errorf("%s: %s", c.Findings[0].Location, c.Findings[0].Message)
	}
	repository, err := c.Read(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	say("contracts", "%d", len(repository.Contracts))
	if len(repository.Skipped) > 0 {
		say("left out", "%s", reports.Skipped(repository.Skipped))
	}
	if n := len(repository.Gaps); n == 1 {
		say("gaps", "1 place could not be resolved; policyctl check --verbose lists it")
	} else if n > 1 {
		say("gaps", "%d places could not be resolved; policyctl check --verbose lists them", n)
	}
	for _, finding := range repository.Unread {
		say("unread", "%s: %s", finding.Location, finding.Message)
	}
	for _, failed := range repository.Failures {
		say("failure", "%s %s", failed.Path, failed.Message)
	}
	if len(repository.Failures) > 0 { // what is unread is a finding of a check
		return failure{statusNotChecked, errors.New("not everything can be checked")}
	}
	return nil
}

func counted(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}

// aboutGit tells what of the repository a comparison depends on.
func (f *doctorFlags) aboutGit(cmd *cobra.Command, say func(string, string, ...any)) error {
	repo, ok, err := git.Open(cmd.Context(), f.root)
	switch {
	case errors.Is(err, git.ErrNotInstalled):
		say("git", "not installed: ignore files are read, --base, --staged and history are not there")
		return nil
	case err != nil:
		return err
	case !ok:
		say("git", "no repository: everything counts as new")
		return nil
	case repo.Shallow():
		say("git", "a shallow clone: --base and dates of contracts need more (fetch-depth: 0)")
	default:
		say("git", "a whole clone")
	}
	h, err := readHook(cmd.Context(), repo, beforeCommit)
	if err != nil {
		return err
	}
	say("hook", "%s", h.String(repo.Top()))
	if h.manager < 0 && runs().MatchString(h.text) {
		merge, err := readHook(cmd.Context(), repo, beforeMerge)
		switch {
		case err != nil:
			return err
		case runs().MatchString(merge.text):
			say("hook", "%s", merge.String(repo.Top()))
		case merge.text == "":
			say("hook", "no %s, so that a merge without conflicts is not checked; policyctl init --hook installs one", beforeMerge)
		default:
			say("hook", "%s runs something else", beforeMerge)
		}
	}
	if f.baseRevision == "" {
		return nil
	}
	_, commit, err := f.baseCommits(cmd.Context())
	if err != nil {
		return fmt.Errorf("--base: %w", err)
	}
	say("base", "%s", commit)
	return nil
}

// aboutAccepted tells what does not block although it was found.
func (f *doctorFlags) aboutAccepted(c *check.Check, say func(string, string, ...any)) {
	if b := c.Gate.Baseline; b != nil {
		say("baseline", "%s accepted", reports.Count(len(b.Entries), "finding"))
	}
	ended, soon := 0, 0
	for _, w := range c.Gate.Waivers {
		switch left := w.Until.AddDate(0, 0, 1).Sub(c.Gate.Now); {
		case left <= 0:
			ended++
		case left < 14*24*time.Hour:
			soon++
		}
	}
	if n := len(c.Gate.Waivers); n > 0 {
		say("waivers", "%d, of which %d have ended and %d end within two weeks", n, ended, soon)
	}
}
