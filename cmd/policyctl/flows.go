package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

func newFlows() *cobra.Command {
	var f readFlags
	var secret, job, format string
	cmd := &cobra.Command{
		Use:   "flows",
		Short: "Show which job of a pipeline gets which secret, and where it goes",
		Long: `Show, for the pipelines of all platforms, which job gets which secret and by what way, and where the secret goes from
there: into logs, arguments of programs, files, artifacts, hosts, components of others, later steps and jobs.

JSON is {version, complete, secrets}. A secret has name, store, group and jobs; a job platform, file, job, environment,
exposures and flows; a flow sink, command, host, path, transformed, masked, confidence, its place, and the way to there.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			repository, err := f.read(cmd)
			if err != nil {
				return err
			}
			list, err := repository.Flows.Choose(secret, job)
			if err != nil {
				return f.plainly(err, repository)
			}
			if format == "mermaid" && list.Edges() > mostMermaidEdges {
				return fmt.Errorf("there are %d ways, and Mermaid draws at most %d; choose with --secret NAME or --job JOB", list.Edges(), mostMermaidEdges)
			}
			files := append(quoted(repository), list.Files()...)
			slices.Sort(files)
			if err := f.shown(&list, slices.Compact(files)); err != nil {
				return err
			}
			switch format {
			case "json":
				return f.whole(writeJSON(cmd.OutOrStdout(), list))
			case "mermaid":
				return f.whole(list.WriteMermaid(cmd.OutOrStdout()))
			}
			return f.whole(list.WriteText(cmd.OutOrStdout()))
		},
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &format, "text", "json", "mermaid")
	cmd.Flags().StringVar(&secret, "secret", "", "only the secret of this `NAME`, alone or as store/NAME, group/NAME or store/group/NAME")
	cmd.Flags().StringVar(&job, "job", "", "only jobs of this `ID`")
	return cmd
}
