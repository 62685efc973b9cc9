package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
)

// authorizeFlags are a question for a secret.
type authorizeFlags struct {
	readFlags
	request graph.Request
	format  string
}

// decision is what authorize prints.
type decision struct {
	Version     int      `json:"version"`
	Decision    string   `json:"decision"` // allow or deny
	Contract    string   `json:"contract"`
	Workload    string   `json:"workload"`
	Environment string   `json:"environment"`
	Identity    string   `json:"identity,omitempty"`
	Delivery    string   `json:"delivery,omitempty"`
	Scope       string   `json:"scope,omitempty"`
	Reasons     []reason `json:"reasons"`
}

type reason struct {
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

func newAuthorize() *cobra.Command {
	var f authorizeFlags
	cmd := &cobra.Command{
		Use:   "authorize --contract NAME --workload LOCATOR --environment NAME",
		Short: "Decide by its contract whether a workload may have a secret",
		Long: `Decide whether a workload may have a secret, by the contract alone: what it does not allow is denied. A broker or an
admission hook can ask this before it hands out a secret.

The status is 0 for allow, 1 for deny, 2 for wrong use, and 3 if there is no decision: a file could not be read, or the
contract is not valid. JSON is {version, decision, contract, workload, environment, identity, delivery, scope, reasons}.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.authorize(cmd) },
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &f.format, "text", "json")
	flags := cmd.Flags()
	flags.StringVar(&f.request.Contract, "contract", "", "`NAME` of the secret's contract")
	flags.StringVar(&f.request.Workload, "workload", "", "who asks, as a `LOCATOR`: kubernetes:payments/Deployment/checkout")
	flags.StringVar(&f.request.Environment, "environment", "", "in which environment, by its `NAME` in contracts")
	flags.StringVar(&f.request.Identity, "identity", "", "as which identity, as a `LOCATOR`: kubernetes-sa:payments/checkout")
	flags.StringVar(&f.request.Delivery, "delivery", "", "how the secret is to arrive: file, env, sidecar, ... (`KIND`)")
	flags.StringVar(&f.request.Scope, "scope", "", "for what (`SCOPE`)")
	return cmd
}

func (f *authorizeFlags) authorize(cmd *cobra.Command) error {
	for _, given := range [][2]string{{"contract", f.request.Contract}, {"workload", f.request.Workload}, {"environment", f.request.Environment}} {
		if given[1] == "" {
			return fmt.Errorf("--%s is missing: say which contract, workload and environment", given[0])
		}
	}
	if err := concrete(f.request.Workload); err != nil {
		return fmt.Errorf("--workload: %w", err)
	}
	now, err := f.time()
	if err != nil {
		return err
	}
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	if err := f.sound(cmd, repository); err != nil {
		return failure{statusNotChecked, err}
	}
	return f.answer(cmd, repository, repository.Graph.Authorize(f.request, now))
}

// concrete refuses what names no single workload: a pattern or a folder must not
// stand for each workload that it could match.
func concrete(locator string) error {
	platform, name, found := strings.Cut(locator, ":")
	whole, job, hasJob := strings.Cut(name, "#")
	parts := strings.Split(whole, "/")
	if hasJob {
		parts = append(parts, strings.Split(job, "/")...)
	}
	why := ""
	switch {
	case !found || platform == "" || name == "":
		why = "is no locator"
	case strings.ContainsAny(locator, "*?[]"):
		why = "is a pattern"
	case strings.ContainsAny(locator[len(locator)-1:], "/#:"), slices.Contains(parts, ""), slices.Contains(parts, ".."):
		why = "has a part that is empty or \"..\""
	case platform == "kubernetes" && (len(parts) != 3 || hasJob):
		why = "is not namespace/Kind/name"
	case platform == "github" && !hasJob:
		return fmt.Errorf("%q names no job; write for example github:.github/workflows/release.yml#publish", locator)
	default:
		return nil
	}
	return fmt.Errorf("%q %s; write for example kubernetes:payments/Deployment/checkout", locator, why)
}

// sound refuses to decide where something was not read, or the contract does not
// hold what it says: a list of environments that is dropped because it is not
// valid would allow all of them.
func (f *authorizeFlags) sound(cmd *cobra.Command, r check.Repository) error {
	if !r.Graph.Complete() {
		return errors.New("a file could not be read")
	}
	if undecided := r.Undecided(); len(undecided) > 0 {
		return fmt.Errorf("%s was not read", reports.Plain(strings.Join(undecided, ", ")))
	}
	files := f.deciding(r)
	invalid := fmt.Errorf("contract %s is not valid", f.request.Contract)
	for _, finding := range r.Unread { // they are printed already
		if slices.Contains(files, finding.Location.Path) {
			return invalid
		}
	}
	for _, finding := range r.Findings {
		if slices.Contains(files, finding.Location.Path) {
			text := f.line(finding)
			if err := f.shown(&text, files); err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), text)
			return invalid
		}
	}
	return nil
}

// deciding are the files by which the request is decided.
func (f *authorizeFlags) deciding(r check.Repository) []string {
	var files []string
	if catalog := r.Catalog.Document; catalog != nil {
		files = append(files, catalog.Path)
	}
	for i := range r.Contracts {
		if r.Contracts[i].Document.Name == f.request.Contract {
			files = append(files, r.Contracts[i].Files()...)
		}
	}
	return files
}

func (f *authorizeFlags) answer(cmd *cobra.Command, r check.Repository, d graph.Decision) error {
	q := f.request
	out := decision{1, "deny", q.Contract, q.Workload, q.Environment, q.Identity, q.Delivery, q.Scope, []reason{}}
	if d.Allowed {
		out.Decision = "allow"
	}
	for _, because := range d.Reasons {
		at := because.At
		out.Reasons = append(out.Reasons, reason{because.Message, at.Path, at.Start.Line, at.Start.Column})
	}
	if err := f.shown(&out, f.deciding(r)); err != nil {
		return err
	}
	write := out.writeText
	if f.format == "json" {
		write = func(w io.Writer) error { return writeJSON(w, out) }
	}
	if err := write(cmd.OutOrStdout()); err != nil {
		return err
	}
	if !d.Allowed {
		return failure{statusBlocked, errors.New("")}
	}
	return nil
}

func (d decision) writeText(w io.Writer) error {
	may := "may have"
	if d.Decision == "deny" {
		may = "may not have"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s %s in %s\n", d.Decision, d.Workload, may, d.Contract, d.Environment)
	for _, r := range d.Reasons {
		if at := (lint.Location{Path: r.File, Start: lint.Position{Line: r.Line, Column: r.Column}}); r.File != "" {
			fmt.Fprintf(&b, "  %s: %s\n", at, r.Message)
		} else {
			fmt.Fprintf(&b, "  %s\n", r.Message)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
