package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/scanner"
)

// parsedDocument is a document as policyctl parse prints it.
type parsedDocument struct {
	Platform string     `json:"platform"`
	Path     string     `json:"path"`
	Name     string     `json:"name,omitempty"`
	Input    any        `json:"input"`  // what a policy sees
	Places   []place    `json:"places"` // where each value of input stands
	Gaps     []lint.Gap `json:"gaps,omitempty"`
}

// place is the range of one value: from and up to, as line:column.
type place struct {
	Path string `json:"path"`
	At   string `json:"at"`
}

func newParse() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "parse FILE",
		Short: "Print what a policy sees of a file, and where each value stands",
		Long:  "Print, as JSON, the documents of a file, and of the files that are read together with it: what a policy sees as input, and the place of each value. Credentials are left out.",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return f.parse(cmd, args[0]) },
	}
	f.addPolicyFlags(cmd)
	return cmd
}

func (f *checkFlags) parse(cmd *cobra.Command, name string) error {
	if err := f.load([]string{name}); err != nil {
		return err
	}
	if len(f.paths) != 1 {
		return fmt.Errorf("%s is a folder; name a file", name)
	}
	scan, err := f.scanner(nil)
	if err != nil {
		return err
	}
	unit, err := f.unitOf(cmd, f.paths[0])
	if err != nil {
		return err
	}
	docs, findings := parse.Parse(unit)
	for _, finding := range findings {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s: %s [%s]\n", path.Join(f.prefix, finding.Location.String()), finding.Rule.Severity, finding.Message, finding.Rule.ID)
	}
	for _, doc := range docs {
		if linked := pipeline.Link(doc); linked != nil {
			docs = append(docs, linked)
		}
	}
	var out []parsedDocument
	for _, doc := range docs {
		shown, err := show(doc, unit, scan)
		if err != nil {
			return err
		}
		out = append(out, shown)
	}
	if len(out) == 0 && len(findings) == 0 {
		return failure{statusNotChecked, fmt.Errorf("%s: no platform reads this file", name)}
	}
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		return err
	}
	if len(findings) > 0 {
		return failure{statusNotChecked, errors.New("")}
	}
	return nil
}

// unitOf reads a file and those that must be read together with it.
func (f *checkFlags) unitOf(cmd *cobra.Command, file string) ([]*lint.Source, error) {
	siblings, err := discover.Files(cmd.Context(), discover.Options{Root: f.root, Paths: []string{path.Dir(file)}, MaxSize: f.config.MaxFileSize})
	if err != nil {
		return nil, err
	}
	dir, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	unit := []string{file}
	for _, candidate := range parse.Units(append(siblings.Files, file)) {
		for _, member := range candidate {
			if member == file {
				unit = candidate
			}
		}
	}
	var sources []*lint.Source
	for i, member := range unit {
		if i > 0 && member == unit[i-1] {
			continue
		}
		src, skip, unreadable := discover.Read(dir, member, f.config.MaxFileSize)
		switch {
		case skip != nil:
			return nil, fmt.Errorf("%s: %s", member, skip.Reason)
		case unreadable != nil:
			return nil, fmt.Errorf("%s: %s", member, unreadable.Message)
		}
		sources = append(sources, src)
	}
	return sources, nil
}

func show(doc *lint.Document, unit []*lint.Source, scan *scanner.Scanner) (parsedDocument, error) {
	redact := func(text string) string { return text }
	for _, src := range unit {
		result, inner := scan.Scan(src), redact
		redact = func(text string) string { return result.Redact(inner(text)) }
	}
	shown := parsedDocument{Platform: doc.Platform, Path: doc.Path, Name: doc.Name, Gaps: doc.Gaps}
	var err error
	if shown.Input, err = eval.JSON(doc.Root); err != nil {
		return shown, err
	}
	shown.Input = redactAll(shown.Input, redact)
	doc.Root.Walk(func(p lint.Path, n *lint.Node) bool {
		if at := n.Span.Location(); len(p) > 0 && at.Start.Line > 0 {
			where := fmt.Sprintf("%s-%d:%d", at, at.End.Line, at.End.Column)
			shown.Places = append(shown.Places, place{Path: p.String(), At: where})
		}
		return true
	})
	return shown, nil
}

func redactAll(value any, redact func(string) string) any {
	switch value := value.(type) {
	case string:
		return redact(value)
	case []any:
		for i := range value {
			value[i] = redactAll(value[i], redact)
		}
	case map[string]any:
		for key := range value {
			value[key] = redactAll(value[key], redact)
		}
	}
	return value
}
