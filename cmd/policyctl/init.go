package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/config"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/reports"
)

// startFlags are the flags of the init command.
type startFlags struct {
	checkFlags
	hook, accept, workflow bool
}

func newInit() *cobra.Command {
	f := startFlags{checkFlags: checkFlags{jobs: runtime.NumCPU()}}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Begin: write settings, and with flags a baseline, a hook and a workflow",
		Long: "Write .policyctl/config.yaml with every setting as it is by default, check the repository, and say what was found.\n\n" +
			"No file that exists is changed.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.accept, "baseline", false, "accept what is found today, so that only what is new blocks")
	flags.BoolVar(&f.hook, "hook", false, "install hooks of git that check what is about to be committed, by a merge too")
	flags.BoolVar(&f.workflow, "workflow", false, "write a workflow of GitHub Actions that checks pull requests")
	return cmd
}

func (f *startFlags) run(cmd *cobra.Command) error {
	if err := f.load(nil); err != nil {
		return err
	}
	f.paths = nil
	if err := f.pinnable(); err != nil {
		return err
	}
	f.schedule = f.accept // a baseline accepts what comes with time alone, too
	say := func(format string, args ...any) { fmt.Fprintf(cmd.OutOrStdout(), format+"\n", args...) }
	settings := filepath.Join(f.root, filepath.FromSlash(config.Path))
	if err := create(cmd.Context(), settings, commented(), 0o666); err != nil {
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		say("%s is there already", config.Path)
	} else {
		say("%s: written, every setting as it is by default", config.Path)
	}
	c, err := f.prepare(cmd.Context(), nil)
	if err != nil {
		return err
	}
	result, err := c.Run(cmd.Context())
	if err != nil {
		return failure{statusNotChecked, err}
	}
	coverage := result.Verdict.Coverage
	for _, platform := range slices.Sorted(maps.Keys(coverage.Documents)) {
		if platform != "graph" && platform != pipeline.Platform {
			say("found: %d of %s", coverage.Documents[platform], platform)
		}
	}
	blocking := result.Verdict.Count(gate.Blocking)
	say("%s checked, %s, %d would block", reports.Count(coverage.Files, "file"), reports.Count(len(result.Verdict.Findings), "finding"), blocking)
	switch _, err := f.readSetting(filepath.Join(f.root, filepath.FromSlash(defaultBaseline))); {
	case f.accept && errors.Is(err, fs.ErrNotExist):
		if err := f.createBaseline(cmd); err != nil {
			return err
		}
	case f.accept:
		say("%s is there already", defaultBaseline)
	case blocking > 0:
		say("next: policyctl check shows them; policyctl init --baseline accepts them")
	}
	if f.hook {
		if err := f.installHook(cmd); err != nil {
			return err
		}
	}
	if f.workflow {
		return f.writeWorkflow(cmd)
	}
	return nil
}

// create writes a file that must not exist.
func create(ctx context.Context, name, text string, mode fs.FileMode) error {
	if _, err := os.Lstat(name); err == nil {
		return fs.ErrExist
	}
	if err := writable(ctx, name); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// commented is a configuration that says nothing, and explains everything.
func commented() string {
	var b strings.Builder
	b.WriteString("# Settings of policyctl. All of them are as by default; take the # away to change one.\n")
	for _, key := range config.Keys() {
		fmt.Fprintf(&b, "\n# %s\n# Default: %s.\n# %s: %s\n", strings.ReplaceAll(key.Doc, "\n", "\n# "), key.Default, key.Name, key.Example)
	}
	return b.String()
}

const preCommit = "#!/bin/sh\n# Checks what is about to be committed. Written by policyctl init --hook.\nexec policyctl check --staged --quiet\n"

func (f *startFlags) installHook(cmd *cobra.Command) error {
	repo, ok, err := git.Open(cmd.Context(), f.root)
	if err != nil || !ok {
		return errors.Join(err, errors.New("--hook: there is no git repository"))
	}
	var written []string
	for _, name := range []string{beforeCommit, beforeMerge} {
		h, err := readHook(cmd.Context(), repo, name)
		if err == nil {
			var installed bool
			if installed, err = h.install(cmd.Context(), repo.Top()); installed {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: written\n", h.file)
				written = append(written, h.file)
			}
		}
		if err != nil {
			return err
		}
	}
	if len(written) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "to take back: rm %s\n", strings.Join(written, " "))
		if dir := filepath.Dir(written[0]); !inside(repo.Top(), dir) && !ofGit(dir) {
			fmt.Fprintf(cmd.ErrOrStderr(), "policyctl: core.hooksPath is %s: git runs these hooks in every repository that has it\n", dir)
		}
	}
	if _, err := exec.LookPath("policyctl"); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "policyctl: there is no policyctl on the PATH: the hook will fail, and no commit be made, until there is")
	}
	return nil
}

// install writes the hook, unless it is ours already. A program that is to run hooks here would
// put its own in place of it.
func (h hook) install(ctx context.Context, top string) (written bool, err error) {
	const add = "add to %s: policyctl check --staged --quiet"
	if h.text == commands([]byte(preCommit)) {
		return false, nil // from before
	}
	for i, m := range managers {
		file, asked := m.asked(top)
		switch {
		case h.manager == i:
			return false, fmt.Errorf("--hook: hooks are run by %s here; "+add, m.name, cmp.Or(file, m.files[0]))
		case h.manager < 0 && asked:
			return false, fmt.Errorf("--hook: hooks are to be run by %s here, which is not installed: %s; "+add, m.name, m.install, file)
		}
	}
	err = create(ctx, h.file, preCommit, 0o777)
	if errors.Is(err, fs.ErrExist) {
		return false, fmt.Errorf("--hook: %s is there already; add to it: policyctl check --staged --quiet", h.file)
	}
	return err == nil, err
}

// ofGit says whether a folder of hooks is that of a repository, not one that many share.
func ofGit(dir string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(dir), "HEAD"))
	return err == nil
}

const workflowPath = ".github/workflows/policyctl.yml"

// gateWorkflow is pinned to the version that writes it: its sums are in Go's database of
// checksums.
const gateWorkflow = `name: policyctl
on:
  pull_request:
  merge_group:
  push:
    branches: [main]
permissions: {}
jobs:
  gate:
    name: Gate
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-go@44694675825211faa026b3c33043df3e48a5fa00 # v6.0.0
        with:
          go-version: stable
          cache: false
      - run: go install github.com/policyctl/policyctl/cmd/policyctl@v%s
      - env:
          BASE: ${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}
        run: |
          if [ -n "$BASE" ]; then
            policyctl check --base "$BASE" --trusted-base
          else
            policyctl check
          fi
`

// pinnable says, before anything is written, whether there is a version for the workflow.
func (f *startFlags) pinnable() error {
	if f.workflow && strings.Contains(currentVersion(), "-") {
		return fmt.Errorf("--workflow: this build of policyctl (%s) is no release, so there is no version to pin", currentVersion())
	}
	return nil
}

func (f *startFlags) writeWorkflow(cmd *cobra.Command) error {
	err := create(cmd.Context(), filepath.Join(f.root, filepath.FromSlash(workflowPath)), fmt.Sprintf(gateWorkflow, currentVersion()), 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("--workflow: %s is there already", workflowPath)
	}
	if err == nil {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: written; make Gate a required check\n", workflowPath)
	}
	return err
}

func newConfig() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "What " + config.Path + " may say",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var s settings
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Check the settings, policies and detectors of the repository, and nothing else",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f := checkFlags{settings: s, jobs: 1}
			if err := f.load(nil); err != nil {
				return err
			}
			c, err := f.prepare(cmd.Context(), nil)
			if err != nil {
				return err
			}
			if len(c.Findings) > 0 {
				return fmt.Errorf("%s: %s", c.Findings[0].Location, c.Findings[0].Message)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "the settings are sound")
			return err
		},
	}
	s.addPolicyFlags(verify)
	cmd.AddCommand(verify, &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema, for editors",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(config.Schema())
			return err
		},
	})
	return cmd
}
