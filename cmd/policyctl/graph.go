package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/suggest"
)

// The largest pictures. Mermaid itself draws no more edges; an SVG with more
// nodes is no longer readable.
const (
	mostMermaidEdges = 500
	mostDrawnNodes   = 300
)

// graphFlags choose the part of the graph to show.
type graphFlags struct {
	readFlags
	around string
	depth  int
	kinds  []string
	format string
}

func newGraph() *cobra.Command {
	var f graphFlags
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Show which secrets there are, where they are kept and who gets them",
		Long: `Show the graph of secrets: contracts, slots (names on platforms), objects (entries of stores), consumers, identities,
environments, owners and automation, and what files say of two of them.

JSON is {version, complete, around, nodes, edges}. A node has id, kind, name, attributes, file, line and column; an edge has
from, to, kind, label, confidence (exact, derived or wildcard), file, line and column. The ids are the locators of contracts.
SVG is one file that loads and runs nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.graph(cmd) },
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &f.format, "json", "dot", "mermaid", "svg")
	cmd.Flags().StringVar(&f.around, "around", "", "only what is near this `NAME`: of a contract, a slot or a workload")
	cmd.Flags().IntVar(&f.depth, "depth", 2, "how many `EDGES` away, with --around")
	cmd.Flags().StringSliceVar(&f.kinds, "kind", nil, "only nodes of these `KINDS`: "+strings.Join(diagram.Kinds(), ", "))
	return cmd
}

func (f *graphFlags) graph(cmd *cobra.Command) error {
	if err := f.sensible(cmd); err != nil {
		return err
	}
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	id := ""
	if f.around != "" {
		if id, err = repository.Graph.Find(f.around); err != nil {
			return f.plainly(fmt.Errorf("--around: %w", err), repository)
		}
	}
	d, err := diagram.Of(repository.Graph, id, f.depth)
	if err != nil {
		return err
	}
	if len(f.kinds) > 0 {
		d = d.Only(f.kinds)
	}
	if err := f.fits(d); err != nil {
		return err
	}
	if err := f.shown(&d, quoted(repository)); err != nil {
		return err
	}
	write := map[string]func(io.Writer) error{
		"json": func(w io.Writer) error { return writeJSON(w, d) },
		"dot":  d.WriteDOT, "mermaid": d.WriteMermaid, "svg": d.WriteSVG,
	}
	return f.whole(write[f.format](cmd.OutOrStdout()))
}

func (f *graphFlags) sensible(cmd *cobra.Command) error {
	if f.depth < 0 {
		return fmt.Errorf("--depth: want 0 or more, not %d", f.depth)
	}
	if cmd.Flags().Changed("depth") && f.around == "" {
		return fmt.Errorf("--depth says how far from --around; give both")
	}
	for _, kind := range f.kinds {
		if slices.Contains(diagram.Kinds(), kind) {
			continue
		}
		if near := suggest.Nearest(kind, diagram.Kinds()); near != "" {
			return fmt.Errorf("--kind: unknown kind %q, did you mean %q?", kind, near)
		}
		return fmt.Errorf("--kind: unknown kind %q, want one of %s", kind, strings.Join(diagram.Kinds(), ", "))
	}
	return nil
}

// fits refuses pictures that nobody can read.
func (f *graphFlags) fits(d diagram.Diagram) error {
	hint := "show a part of it with --around NAME, --depth 1 or --kind, or use --format dot"
	switch {
	case f.format == "svg" && len(d.Nodes) > mostDrawnNodes:
		return fmt.Errorf("the graph has %d nodes, and svg draws at most %d; %s", len(d.Nodes), mostDrawnNodes, hint)
	case f.format == "mermaid" && len(d.Edges) > mostMermaidEdges:
		return fmt.Errorf("the graph has %d edges, and Mermaid draws at most %d; %s", len(d.Edges), mostMermaidEdges, hint)
	}
	return nil
}
