// Command policyctl checks what is declared about secrets, where they flow and
// where they are written down. This package reads flags and settings, opens
// streams and sets the exit status; it decides nothing about findings.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/scanner"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // a run is short: collecting less often costs memory that is given back at once
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The exit status is part of the interface, the same for every format.
const (
	statusPassed     = 0
	statusBlocked    = 1
	statusUsage      = 2 // wrong use or configuration: nothing was checked
	statusNotChecked = 3 // something kept policyctl from checking
)

// failure is an error that says what the exit status is. All other errors are
// mistakes of use.
type failure struct {
	status int
	err    error
}

func (f failure) Error() string { return f.err.Error() }

func (f failure) Unwrap() error { return f.err }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
	if err == nil {
		return statusPassed
	}
	status := statusUsage
	var f failure
	if errors.As(err, &f) {
		status = f.status
	}
	for line := range strings.Lines(redacted(err.Error())) {
		fmt.Fprintf(stderr, "policyctl: %s\n", strings.TrimRight(line, "\n"))
	}
	if err.Error() != "" {
		if end := ending(command.CommandPath(), status); end != "" {
			fmt.Fprintf(stderr, "policyctl: %s\n", end)
		}
	}
	return status
}

// redacted takes credentials out of an error: it may quote what was mistaken for a name.
func redacted(text string) string {
	s, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil || text == "" {
		return text
	}
	return s.Redact(text)
}

// ending says what an error means for who waits for a result.
func ending(command string, status int) string {
	if status != statusUsage && status != statusNotChecked {
		return ""
	}
	switch strings.TrimPrefix(command, "policyctl ") {
	case "authorize":
		return "nothing was decided"
	case "init":
		return "what was written before is printed above; nothing else was"
	case "doctor":
		return "what a check would not cover is printed above"
	case "fix":
		return "the check did not end; what was changed before is printed above"
	case "report", "merge", "inventory", "graph", "blast", "flows", "rules", "explain", "parse", "version", "contracts show", "contracts classes":
		return "nothing was printed"
	}
	if strings.HasPrefix(command, "policyctl github") {
		return "nothing was posted"
	}
	if status == statusUsage {
		return "nothing was checked"
	}
	return "the check did not end; this is no pass"
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "policyctl",
		Short:         "Policies for secrets: declared, used and written down, in one check",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			var names []string
			for _, command := range cmd.Commands() {
				names = append(names, command.Name())
			}
			if near := suggest.Nearest(args[0], names); near != "" {
				return fmt.Errorf("unknown command %q, did you mean %q?", args[0], near)
			}
			return fmt.Errorf("unknown command %q; policyctl --help lists them", args[0])
		},
	}
	root.Version = fullVersion()
	root.SetVersionTemplate("policyctl {{.Version}}\n")
	root.AddCommand(newCheck(), newScan(), newReport(), newMerge(), newFix(), newGithub(), newInventory(), newGraph(), newBlast(), newFlows(), newAuthorize(), newBaseline(), newWaive(), newInit(), newDoctor(), newConfig(), newRules(), newExplain(), newParse(), newTest(), newContracts(), newVersion())
	return root
}
