package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
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
	cmd.AddCommand(create)
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
	var text bytes.Buffer
	if err := gate.NewBaseline(accepted, salt).Write(&text); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(target, text.Bytes(), 0o666); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d findings accepted\n", target, len(accepted))
	return err
}
