package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/config"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

func newContracts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contracts",
		Short: "Write and keep up to date what is agreed about secrets",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newContractsInit(), newContractsSync(), newContractsShow(), newContractsClasses(), newRecord(), newFormat(), newMigrate(), newSchema())
	return cmd
}

// contractFiles are the files of a repository that hold documents of policyctl.
type contractFiles struct {
	settings
	dir *os.Root
}

func (f *contractFiles) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.configFile, "config", "", "configuration `FILE` (default: "+config.Path+" of the repository)")
}

// below reads the files of the repository that lie below the arguments. Close dir
// when done.
func (f *contractFiles) below(ctx context.Context, args []string) ([]*lint.Source, error) {
	if err := f.load(args); err != nil {
		return nil, err
	}
	return f.open(ctx)
}

// all reads the files of the whole repository.
func (f *contractFiles) all(ctx context.Context) ([]*lint.Source, error) {
	if err := f.load(nil); err != nil {
		return nil, err
	}
	f.paths = nil
	return f.open(ctx)
}

func (f *contractFiles) open(ctx context.Context) ([]*lint.Source, error) {
	files, err := discover.Files(ctx, discover.Options{Root: f.root, Paths: f.paths, Exclude: f.config.Exclude, Include: f.config.Include, MaxSize: f.config.MaxFileSize})
	if err != nil {
		return nil, err
	}
	if f.dir, err = os.OpenRoot(f.root); err != nil {
		return nil, err
	}
	var sources []*lint.Source
	for _, name := range files.Files {
		if !contract.MayClaim(name) {
			continue
		}
		src, _, unreadable := discover.Read(f.dir, name, f.config.MaxFileSize)
		if unreadable != nil {
			return nil, fmt.Errorf("%s: %s", name, unreadable.Message)
		}
		if src != nil && contract.Claims(src) {
			sources = append(sources, src)
		}
	}
	return sources, nil
}

// shown is the name of a file as the user sees it from where they are.
func (f *contractFiles) shown(name string) string { return path.Join(f.prefix, name) }

// editable refuses a file of which an edit would change every byte.
func editable(dir *os.Root, name string) error {
	recoded, err := discover.Recoded(dir, name)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, plain(err))
	case recoded:
		return fmt.Errorf("%s: is not UTF-8", name)
	}
	return nil
}

// write replaces a file.
func (f *contractFiles) write(name string, text []byte) error {
	if err := f.dir.WriteFile(name, text, 0o666); err != nil {
		return fmt.Errorf("write %s: %w", name, plain(err))
	}
	return nil
}

// placed is an error that begins with a place, as the user sees it.
func (f *contractFiles) placed(err error) error {
	if f.prefix == "" {
		return err
	}
	return fmt.Errorf("%s/%w", f.prefix, err)
}

// complain prints what is wrong where the run goes on with other files.
func (f *contractFiles) complain(cmd *cobra.Command, err error) {
	fmt.Fprintf(cmd.ErrOrStderr(), "policyctl: %s\n", f.placed(err))
}

// unchanged is the end of a command that refuses to change anything.
func unchanged(cmd *cobra.Command, err error) error {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(cmd.ErrOrStderr(), "policyctl: %s\n", strings.TrimRight(line, "\n"))
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "policyctl: nothing was changed")
	return failure{statusUsage, errors.New("")}
}
