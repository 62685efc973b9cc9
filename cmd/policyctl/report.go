package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/reports"
)

// largestReport is more than any report has; what is larger is a mistake.
const largestReport = 1 << 30

func newReport() *cobra.Command {
	var f outputFlags
	var trend []string
	cmd := &cobra.Command{
		Use:   "report FILE",
		Short: "Write a saved run in another format",
		Long: "Write a saved run, which is what check or scan write as --format json=FILE, in any other format. - is standard input.\n\n" +
			"A saved run holds no line of any file, so text shows none; all else is as check would have written it.\n\n" +
			"Exit status: 0 the reports are written, whatever their verdict; 2 wrong use, or no report of this version.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, err := f.checkOutput(cmd.Context())
			if err != nil {
				return err
			}
			r, err := readReport(cmd, args[0])
			if err != nil {
				return err
			}
			for _, name := range trend {
				earlier, err := readReport(cmd, name)
				if err != nil {
					return fmt.Errorf("--trend: %w", err)
				}
				r.Earlier = append(r.Earlier, earlier)
			}
			return f.writeAll(cmd, outputs, r)
		},
	}
	f.addOutputFlags(cmd)
	cmd.Flags().StringArrayVar(&trend, "trend", nil, "saved run of before, as a `FILE`, the oldest first; html shows what changed; may be given more than once")
	return cmd
}

func newMerge() *cobra.Command {
	var f outputFlags
	cmd := &cobra.Command{
		Use:   "merge FILE... | merge NAME=FILE...",
		Short: "Join saved runs to one report with one verdict",
		Long: "Join saved runs, which check or scan write as --format json=FILE.\n\n" +
			"Without names they are shards of one repository: what several of them found is there once. With names they are of\n" +
			"several repositories, and NAME stands in front of files. The verdict is the worst of theirs; what one of them could not\n" +
			"check was not checked.\n\n" +
			"Exit status: that of the verdict, 0 passed, 1 blocked, 3 could not check; 2 wrong use, or no report of this version.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, err := f.checkOutput(cmd.Context())
			if err != nil {
				return err
			}
			var runs []reports.Run
			for _, arg := range args {
				name, file, named := strings.Cut(arg, "=")
				if !named {
					name, file = "", arg
				} else if name == "" || file == "" {
					return fmt.Errorf("%s: want NAME=FILE", arg)
				}
				r, err := readReport(cmd, file)
				if err != nil {
					return err
				}
				runs = append(runs, reports.Run{Name: name, Report: r})
			}
			merged, err := reports.Merge(runs)
			if err != nil {
				return err
			}
			return f.judge(cmd, outputs, merged)
		},
	}
	f.addOutputFlags(cmd)
	return cmd
}

// readReport reads a saved run. What cannot be read is a mistake of use: nothing was
// checked that would have to be told apart from a pass.
func readReport(cmd *cobra.Command, name string) (reports.Report, error) {
	data, err := readFile(cmd, name)
	if err != nil {
		return reports.Report{}, fmt.Errorf("%s: %w", name, plain(err))
	}
	r, err := reports.Read(data)
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func readFile(cmd *cobra.Command, name string) ([]byte, error) {
	source := cmd.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		source = file
	}
	data, err := io.ReadAll(io.LimitReader(source, largestReport+1))
	if len(data) > largestReport {
		return nil, errors.New("is larger than 1 GB")
	}
	return data, err
}
