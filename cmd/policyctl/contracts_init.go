package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/draft"
	"github.com/policyctl/policyctl/internal/suggest"
)

// initFlags are those of contracts init.
type initFlags struct {
	readFlags
	target, owner string
	dryRun        bool
	withheld      int // contracts that would hold a credential
}

func newContractsInit() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first contract for each secret that none declares",
		Long: "Write a first contract for each secret that the repository uses and no contract declares: one file for each, with all that the repository tells.\n\n" +
			"A contract begins as proposed. What the secret is for, only people know: write the purpose, confirm the rest, and set the state to active. No file is ever overwritten.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.addReadFlags(cmd)
	cmd.Flags().StringVar(&f.target, "dir", "secrets", "`DIR` for the contracts, below the root of the repository")
	cmd.Flags().StringVar(&f.owner, "owner", "", "`TEAM` of contracts whose owner CODEOWNERS does not tell")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the files and write none")
	return cmd
}

func (f *initFlags) run(cmd *cobra.Command) error {
	f.target = path.Clean(f.target)
	if !fs.ValidPath(f.target) {
		return fmt.Errorf("--dir: %s lies outside of the repository; name a folder below its root", f.target)
	}
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	if err := f.knownOwner(repository.Catalog); err != nil {
		return err
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	defer root.Close()
	if info, err := root.Stat(f.target); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is no folder; name another with --dir", path.Join(f.prefix, f.target))
	}
	if err := f.seen(cmd.Context()); err != nil {
		return err
	}
	result, err := f.draft(root, repository)
	if err != nil {
		return err
	}
	if err := f.withhold(&result, quoted(repository)); err != nil {
		return err
	}
	if f.dryRun {
		return f.printed(cmd.OutOrStdout(), quoted(repository), func(w io.Writer) error { return f.printFiles(w, result) })
	}
	if err := writeNew(root, result); err != nil {
		return failure{statusNotChecked, err}
	}
	return f.printed(cmd.OutOrStdout(), quoted(repository), func(w io.Writer) error {
		f.report(w, repository, result)
		return nil
	})
}

// seen refuses a folder whose contracts no run would read: the next would write all
// of them once more.
func (f *initFlags) seen(ctx context.Context) error {
	reason, err := discover.Unread(ctx, discover.Options{Root: f.root, Exclude: f.config.Exclude, Include: f.config.Include},
		path.Join(f.target, "a.secret.yaml"))
	if err != nil {
		return failure{statusNotChecked, err}
	}
	if reason != "" {
		return fmt.Errorf("--dir: policyctl would not read contracts in %s: %s; name another folder", path.Join(f.prefix, f.target), reason)
	}
	return nil
}

// knownOwner refuses a team that the catalogue does not have: its contracts would
// not pass the next check.
func (f *initFlags) knownOwner(catalog contract.Catalog) error {
	if _, known := catalog.Teams[f.owner]; known || f.owner == "" || len(catalog.Teams) == 0 {
		return nil
	}
	if near := suggest.Nearest(f.owner, slices.Sorted(maps.Keys(catalog.Teams))); near != "" {
		return fmt.Errorf("--owner: the catalogue has no team %q, did you mean %q?", f.owner, near)
	}
	return fmt.Errorf("--owner: the catalogue has no team %q; it has %s", f.owner, strings.Join(slices.Sorted(maps.Keys(catalog.Teams)), ", "))
}

func (f *initFlags) draft(root *os.Root, repository check.Repository) (draft.Result, error) {
	now, err := f.time()
	if err != nil {
		return draft.Result{}, err
	}
	return draft.Stubs(repository.Graph, draft.Options{
		Dir: f.target, Owner: f.owner, Owners: repository.Owners,
		Class: func(name string) contract.Expectations { return repository.Expect(name, now) },
		Taken: func(file string) bool {
			_, err := root.Lstat(file)
			return err == nil
		},
	}), nil
}

// withhold leaves out what would write down a credential: the address of a secret, and
// so the name of its file, may hold one as a key.
func (f *initFlags) withhold(result *draft.Result, files []string) error {
	redact, err := f.redactor(files)
	if err != nil {
		return err
	}
	before := len(result.Stubs)
	result.Stubs = slices.DeleteFunc(result.Stubs, func(stub draft.Stub) bool { return redact(stub.Text) != stub.Text })
	f.withheld = before - len(result.Stubs)
	return nil
}

func filesOf(result draft.Result) []draft.File {
	var files []draft.File
	if result.Catalog != nil {
		files = append(files, *result.Catalog)
	}
	for _, stub := range result.Stubs {
		files = append(files, stub.File)
	}
	return files
}

// printFiles prints one stream of YAML, each file under its name.
func (f *initFlags) printFiles(w io.Writer, result draft.Result) error {
	for _, file := range filesOf(result) {
		if _, err := fmt.Fprintf(w, "---\n# %s\n%s", file.Path, file.Text); err != nil {
			return err
		}
	}
	if f.withheld > 0 {
		fmt.Fprintf(w, "# %s\n", f.heldBack())
	} else if len(result.Stubs) == 0 {
		fmt.Fprintln(w, "# nothing to add")
	}
	return nil
}

// heldBack says what was not written.
func (f *initFlags) heldBack() string {
	return fmt.Sprintf("not written, for the address of the secret holds a credential: %s; take it out of there, and run this again", count(f.withheld, "contract"))
}

// writeNew writes files that do not exist.
func writeNew(root *os.Root, result draft.Result) error {
	for _, file := range filesOf(result) {
		if err := root.MkdirAll(path.Dir(file.Path), 0o777); err != nil {
			return fmt.Errorf("%s: %w", file.Path, plain(err))
		}
		out, err := root.OpenFile(file.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return fmt.Errorf("%s: %w", file.Path, plain(err))
		}
		_, err = io.WriteString(out, file.Text)
		if err := errors.Join(err, out.Close()); err != nil {
			return fmt.Errorf("%s: %w", file.Path, plain(err))
		}
	}
	return nil
}

// report says what was written, and what a person has to do now.
func (f *initFlags) report(w io.Writer, repository check.Repository, result draft.Result) {
	if result.Catalog != nil {
		fmt.Fprintf(w, "wrote %s, with the environments and teams that were found\n", path.Join(f.prefix, result.Catalog.Path))
	}
	if len(result.Stubs) > 0 {
		fmt.Fprintf(w, "wrote %s below %s, all of them proposed\n", count(len(result.Stubs), "contract"), path.Join(f.prefix, f.target))
	} else if f.withheld == 0 {
		fmt.Fprintln(w, "nothing to add: every secret that was found has a contract")
	}
	if f.withheld > 0 {
		fmt.Fprintln(w, f.heldBack())
	}
	f.next(w, result)
	f.unresolved(w, repository, result)
}

// next lists what only people can do.
func (f *initFlags) next(w io.Writer, result draft.Result) {
	var tasks []string
	if len(result.Stubs) > 0 {
		tasks = append(tasks, "say in each purpose who uses the secret and for what, confirm the rest, then set state to active")
	}
	if unknown := unowned(result.Stubs); len(unknown) > 0 {
		tasks = append(tasks, "name the owner of "+listed(unknown))
	}
	if len(result.Homeless) > 0 {
		tasks = append(tasks, "add to the catalogue the teams "+listed(result.Homeless))
	}
	if result.Catalog != nil {
		tasks = append(tasks, "give each team of the catalogue whom to call at once, as escalation: pagerduty:NAME")
	}
	if len(result.Unsure) > 0 {
		tasks = append(tasks, "say of these environments whether they are production: "+listed(result.Unsure))
	}
	for _, s := range result.Slower {
		tasks = append(tasks, fmt.Sprintf("rotate %s more often than every %s, which its class does not allow: %s", s.Contract, s.Interval, path.Join(f.prefix, s.At.String())))
	}
	for _, d := range result.Denied {
		tasks = append(tasks, fmt.Sprintf("hand over %s in another way than by %s, which its class denies: %s", d.Contract, d.Delivery, path.Join(f.prefix, d.At.String())))
	}
	if len(result.Known) > 0 {
		tasks = append(tasks, "run policyctl contracts sync: contracts exist that lack "+listed(namesOf(result.Known)))
	}
	paragraph(w, "next:", tasks)
}

// unresolved lists what the contracts cannot cover, for nobody knows what it means.
func (f *initFlags) unresolved(w io.Writer, repository check.Repository, result draft.Result) {
	var all []string
	for _, wide := range result.Wide {
		all = append(all, fmt.Sprintf("%s: %s asks for every secret in reach", path.Join(f.prefix, wide.Location.String()), wide.Message))
	}
	for _, unfit := range result.Unfit {
		all = append(all, fmt.Sprintf("%s: %s", path.Join(f.prefix, unfit.Location.String()), unfit.Message))
	}
	for _, gap := range repository.Gaps {
		all = append(all, fmt.Sprintf("%s: %s", path.Join(f.prefix, gap.Location.String()), gap.Message))
	}
	paragraph(w, "not resolved:", all)
}

// paragraph prints a heading and at most so many lines as somebody would read.
func paragraph(w io.Writer, heading string, lines []string) {
	const most = 20
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", heading)
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(w, "  … and %d more\n", len(lines)-most)
			return
		}
		fmt.Fprintf(w, "  %s\n", line)
	}
}

func unowned(stubs []draft.Stub) []string {
	var names []string
	for _, stub := range stubs {
		if stub.Owner == "" {
			names = append(names, stub.Name)
		}
	}
	return names
}

func namesOf(known []draft.Known) []string {
	var names []string
	for _, k := range known {
		names = append(names, k.Name)
	}
	return names
}

// listed joins names, and counts those that nobody would read.
func listed(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// count writes a number of things.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
