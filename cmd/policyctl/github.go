package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/config"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/github"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

// postDeadline ends what waits for GitHub.
const postDeadline = 10 * time.Minute

// githubFlags are what the commands for GitHub take where the environment of a
// workflow does not say it, or says something else. The token is no flag: others
// can read the arguments of a process.
type githubFlags struct {
	repository, sha, ref, api, prefix string
	number                            int
	post                              github.Post
	strict, fallback                  bool
}

const githubHelp = `Of the repository, the event and the commit it reads the environment of a workflow: GITHUB_REPOSITORY, GITHUB_EVENT_NAME,
GITHUB_EVENT_PATH, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID, GITHUB_API_URL. The token is that of GITHUB_TOKEN. FILE is what
policyctl check --format json=FILE writes.

A verdict is the matter of policyctl check: what is not posted makes none. Limits and faults of GitHub are waited for, three
tries and two minutes at most; then, and where a token may only read, as on pull requests from forks, this ends with a
warning or notice and status 0. The status is 2 for wrong use, and with --strict 3 for what could not be posted.`

func newGithub() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "github",
		Short: "Tell GitHub about a saved report: review, check run, code scanning, comment",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newPost("review", "Post one review with comments on the lines that the pull request changes",
			`Post one review of a pull request: at most twenty comments, at lines that it shows, and a summary of the rest. What is
said already is not said again. The review never approves. Exact fixes become suggestions.`, (*github.Client).Review),
		newPost("check", "Make a check run with annotations",
			`Make a check run of the commit. It succeeds if the report's verdict is "passed", and fails if it is "blocked" or "not
checked"; with --warn-only "blocked" is neutral.`, (*github.Client).CheckRun),
		newPost("comment", "Keep one comment on the pull request up to date",
			`Keep one comment with the summary on the pull request. The next run changes the same comment.`, (*github.Client).Comment),
		newUpload(), newAnnotate(), newOutputs(),
	)
	return cmd
}

// poster is one of the things that GitHub can be told.
type poster func(*github.Client, context.Context, github.Target, github.Post) (string, error)

func newPost(name, short, long string, post poster) *cobra.Command {
	var f githubFlags
	cmd := &cobra.Command{
		Use: name + " FILE", Short: short, Long: long + "\n\n" + githubHelp, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if f.post.Report, err = readReport(cmd, args[0]); err != nil {
				return err
			}
			return f.tell(cmd, post)
		},
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&f.fallback, "fallback", true, "where the token may only read, write annotations and the job's summary instead")
	if name == "check" {
		cmd.Flags().BoolVar(&f.post.WarnOnly, "warn-only", false, "what blocks is shown, and lets a required check pass")
	}
	return cmd
}

func newUpload() *cobra.Command {
	var f githubFlags
	cmd := &cobra.Command{
		Use: "upload FILE", Short: "Give a SARIF report to code scanning",
		Long: "Give what policyctl check --format sarif=FILE writes to code scanning, and wait until it is processed.\n\n" + githubHelp,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := readFile(cmd, args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], plain(err))
			}
			return f.tell(cmd, func(c *github.Client, ctx context.Context, t github.Target, p github.Post) (string, error) {
				return c.Upload(ctx, t, p, f.prefix, data)
			})
		},
	}
	f.addFlags(cmd)
	return cmd
}

func newAnnotate() *cobra.Command {
	var f githubFlags
	cmd := &cobra.Command{
		Use: "annotate FILE", Short: "Print workflow commands that annotate the worst findings", Args: cobra.ExactArgs(1),
		Long: `Print what policyctl report --format github prints, with paths that begin at the root of the repository: the report may be
of a folder with settings of its own.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if f.post.Report, err = readReport(cmd, args[0]); err != nil {
				return err
			}
			if err := f.prepare(); err != nil {
				return err
			}
			return reports.Write("github", cmd.OutOrStdout(), f.post.Report)
		},
	}
	f.addFolder(cmd)
	return cmd
}

func newOutputs() *cobra.Command {
	return &cobra.Command{
		Use: "outputs FILE", Short: "Print verdict and counts as outputs of a step", Args: cobra.ExactArgs(1),
		Long: `Print NAME=VALUE for a step of a workflow to append to $GITHUB_OUTPUT: verdict, total, waived, baselined, new (all others),
and of the new ones critical, high, medium and low.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := readReport(cmd, args[0])
			if err != nil {
				return err
			}
			_, err = io.WriteString(cmd.OutOrStdout(), outputs(r.Verdict))
			return err
		},
	}
}

// outputs gives a verdict as lines. All that stands in them is ours.
func outputs(v gate.Verdict) string {
	fresh := map[lint.Severity]int{}
	for i := range v.Findings {
		if f := &v.Findings[i]; f.Status == gate.Blocking || f.Status == gate.Minor {
			fresh[f.Rule.Severity]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "verdict=%s\ntotal=%d\nwaived=%d\nbaselined=%d\nnew=%d\n", reports.StatusName(v.Status()), len(v.Findings),
		v.Count(gate.Waived), v.Count(gate.Existing), v.Count(gate.Blocking)+v.Count(gate.Minor))
	for severity := lint.Critical; severity >= lint.Low; severity-- {
		fmt.Fprintf(&b, "%s=%d\n", severity, fresh[severity])
	}
	return b.String()
}

// addFolder is for reports whose paths do not begin at the root of the repository.
func (f *githubFlags) addFolder(cmd *cobra.Command) {
	f.post.Category = "policyctl"
	cmd.Flags().StringVar(&f.prefix, "prefix", "", "`FOLDER` of the repository that the report is of (default: where the working directory is)")
}

func (f *githubFlags) addFlags(cmd *cobra.Command) {
	f.addFolder(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.repository, "repository", "", "`OWNER/NAME` (default: GITHUB_REPOSITORY)")
	flags.StringVar(&f.sha, "sha", "", "`COMMIT` that was checked (default: GITHUB_SHA)")
	flags.StringVar(&f.ref, "ref", "", "`REF` that was checked, for example refs/heads/main (default: GITHUB_REF)")
	flags.StringVar(&f.api, "api-url", "", "`URL` of the API (default: GITHUB_API_URL, else https://api.github.com)")
	flags.IntVar(&f.number, "pull-request", 0, "`NUMBER` of the pull request (default: that of the event)")
	flags.StringVar(&f.post.Category, "category", "policyctl", "`NAME` that tells several reports on one commit apart")
	flags.BoolVar(&f.strict, "strict", false, "end with status 3 if something could not be posted")
}

// tell posts, and says how that went.
func (f *githubFlags) tell(cmd *cobra.Command, post poster) error {
	client, err := github.NewClient(cmp.Or(f.api, os.Getenv("GITHUB_API_URL"), "https://api.github.com"), os.Getenv("GITHUB_TOKEN"))
	if err != nil {
		return err
	}
	target, err := f.target(cmd)
	if err != nil {
		return err
	}
	if err := f.prepare(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), postDeadline)
	defer cancel()
	said, err := post(client, ctx, target, f.post)
	var skip github.Skip
	switch {
	case err == nil:
		fmt.Fprintln(cmd.OutOrStdout(), said)
		return nil
	case errors.As(err, &skip):
		say(cmd, "notice", "not posted: "+string(skip))
		if skip.ReadOnly() && f.fallback {
			return f.fallBack(cmd)
		}
		return nil
	case f.strict || cmd.Context().Err() != nil:
		return failure{statusNotChecked, err}
	default:
		say(cmd, "warning", "not posted: "+redacted(err.Error()))
		return nil
	}
}

// target is what the report is about.
func (f *githubFlags) target(cmd *cobra.Command) (github.Target, error) {
	t := github.Target{
		Event: os.Getenv("GITHUB_EVENT_NAME"), Number: f.number, Server: os.Getenv("GITHUB_SERVER_URL"),
		SHA: cmp.Or(f.sha, os.Getenv("GITHUB_SHA")), Ref: cmp.Or(f.ref, os.Getenv("GITHUB_REF")),
	}
	if id := os.Getenv("GITHUB_RUN_ID"); id != "" {
		t.Run = id + "." + os.Getenv("GITHUB_RUN_ATTEMPT") + "." + f.post.Category
	}
	var event []byte
	if name := os.Getenv("GITHUB_EVENT_PATH"); name != "" {
		var err error
		if event, err = readFile(cmd, name); err != nil {
			return t, fmt.Errorf("GITHUB_EVENT_PATH: %w", plain(err))
		}
	}
	return github.NewTarget(t, cmp.Or(f.repository, os.Getenv("GITHUB_REPOSITORY")), event)
}

// prepare adds what the work tree knows: of which folder of the repository the
// report is, and its files.
func (f *githubFlags) prepare() error {
	root, err := config.Root(".", config.Settled)
	if err != nil {
		return err
	}
	if f.prefix == "" {
		root, f.prefix = top(root)
	}
	if f.prefix != "" {
		// In a joined report, the name of a run stands in front of its paths.
		commit := f.post.Commit
		if f.post.Report, err = reports.Merge([]reports.Run{{Name: f.prefix, Report: f.post.Report}}); err != nil {
			return err
		}
		f.post.Commit = commit
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	f.post.Source = sources(dir, discover.DefaultMaxSize)
	s, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		return err
	}
	f.post.Redact = s.Redact
	return f.post.Check()
}

// top gives the root of the work tree that a folder lies in, and the way from
// there. Outside of any, that is the folder itself.
func top(folder string) (root, way string) {
	for root = folder; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			if way, err = filepath.Rel(root, folder); err != nil || way == "." {
				return root, ""
			}
			return root, filepath.ToSlash(way)
		}
		if root == filepath.Dir(root) {
			return folder, ""
		}
	}
}

// fallBack tells a workflow what GitHub could not be told otherwise.
func (f *githubFlags) fallBack(cmd *cobra.Command) error {
	if !inWorkflow() {
		return nil
	}
	if err := reports.Write("github", cmd.OutOrStdout(), f.post.Report); err != nil {
		return failure{statusNotChecked, err}
	}
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return failure{statusNotChecked, err}
	}
	if err := errors.Join(reports.Write("markdown", file, f.post.Report), file.Close()); err != nil {
		return failure{statusNotChecked, err}
	}
	return nil
}

func inWorkflow() bool { return os.Getenv("GITHUB_ACTIONS") == "true" }

// say says something that is no error: in a workflow where people see it.
func say(cmd *cobra.Command, level, text string) {
	text = reports.Plain(text)
	if inWorkflow() {
		fmt.Fprintf(cmd.OutOrStdout(), "::%s title=policyctl::%s\n", level, strings.ReplaceAll(text, "%", "%25"))
		return
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "policyctl: %s: %s\n", level, text)
}
