package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
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
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder; name a file", name)
	}
	if err := f.load([]string{name}); err != nil {
		return err
	}
	f.tiers = lint.Tiers() // whatever any rule calls a credential is left out
	program, err := f.program(cmd.Context())
	if err != nil {
		return err
	}
	scan, err := f.scanner(nil)
	if err != nil {
		return err
	}
	unit, err := f.unitOf(cmd, f.paths[0])
	if err != nil {
		return err
	}
	components, err := f.components()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	files := func(path string) *lint.Source {
		src, _, _ := discover.Read(root, path, f.config.MaxFileSize)
		if src != nil && !slices.ContainsFunc(unit, func(s *lint.Source) bool { return s.Path == path }) {
			unit = append(unit, src)
		}
		return src
	}
	docs, findings := parse.Parse(unit, files)
	for _, finding := range findings {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s: %s [%s]\n", path.Join(f.prefix, finding.Location.String()), finding.Rule.Severity, finding.Message, finding.Rule.ID)
	}
	components = components.Within(files)
	for _, doc := range docs {
		if linked := components.Link(doc, files); linked != nil {
			docs = append(docs, linked)
		}
	}
	redact, err := newRedactor(cmd.Context(), docs, unit, program, scan)
	if err != nil {
		return err
	}
	out := []parsedDocument{}
	for _, doc := range docs {
		shown, err := show(doc, redact)
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
	for _, candidate := range parse.Units(append(siblings.Files, file), nil) {
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

// redactor leaves out of documents what detectors and policies call a credential.
type redactor struct {
	places []lint.Location
	values []func(string) string
}

func newRedactor(ctx context.Context, docs []*lint.Document, unit []*lint.Source, program *eval.Program, scan *scanner.Scanner) (*redactor, error) {
	r := &redactor{values: []func(string) string{scan.Redact}}
	for _, src := range unit {
		found := scan.Scan(src)
		r.values = append(r.values, found.Redact)
		for _, f := range found.Findings {
			r.places = append(r.places, f.Location)
		}
	}
	for _, doc := range docs {
		findings, _, err := program.Evaluate(ctx, doc, scan.Learn)
		if err != nil {
			return nil, err
		}
		for _, f := range findings {
			if f.Rule.PointsAtSecret() {
				r.places = append(r.places, f.Location)
				for _, from := range f.Related { // the literal that came there, and what handed it on
					r.places = append(r.places, from.Location)
				}
			}
		}
	}
	// What is a credential in one place is the same text in a title, a key, an address; and so
	// is what a script that holds one assigns.
	var texts []string
	for _, doc := range docs {
		doc.Root.Walk(func(_ lint.Path, n *lint.Node) bool {
			if n.Kind == lint.String && len(n.Text) >= shortestHidden && r.holds(n) {
				texts = append(texts, n.Text)
				r.values = append(r.values, scan.Scan(&lint.Source{Path: "script", Data: []byte(n.Text)}).Redact)
			}
			return true
		})
	}
	if len(texts) > 0 {
		r.values = append(r.values, lint.Redactor(texts).Replace)
	}
	return r, nil
}

// shortestHidden is the length below which a text is hidden only where it is a credential.
const shortestHidden = 6

// text is a text without the credentials that are known.
func (r *redactor) text(text string) string {
	for _, redact := range r.values {
		text = redact(text)
	}
	return text
}

// holds says whether a value, or what it was made of, stands where a credential
// does.
func (r *redactor) holds(n *lint.Node) bool {
	spans := []lint.Span{n.Span}
	for _, step := range slices.Concat(n.Via, n.Way) {
		spans = append(spans, step.Span)
	}
	return slices.ContainsFunc(spans, func(span lint.Span) bool {
		at := span.Location()
		return slices.ContainsFunc(r.places, at.Overlaps)
	})
}

// clean copies a tree without credentials.
func (r *redactor) clean(n *lint.Node) *lint.Node {
	clean := *n
	clean.Items, clean.Fields = nil, nil
	if n.Kind == lint.String {
		clean.Text = r.text(n.Text)
		if n.Text != "" && r.holds(n) {
			clean.Text = "[REDACTED]"
		}
	}
	for _, item := range n.Items {
		clean.Items = append(clean.Items, r.clean(item))
	}
	for _, field := range n.Fields {
		clean.Fields = append(clean.Fields, lint.Field{Key: r.text(field.Key), Span: field.Span, Value: r.clean(field.Value)})
	}
	return &clean
}

func show(doc *lint.Document, redact *redactor) (parsedDocument, error) {
	shown := parsedDocument{Platform: doc.Platform, Path: doc.Path, Name: redact.text(doc.Name)}
	for _, gap := range doc.Gaps {
		gap.Message = redact.text(gap.Message)
		shown.Gaps = append(shown.Gaps, gap)
	}
	var err error
	if shown.Input, err = eval.JSON(redact.clean(doc.Root)); err != nil {
		return shown, err
	}
	doc.Root.Walk(func(p lint.Path, n *lint.Node) bool {
		if at := n.Span.Location(); len(p) > 0 && at.Start.Line > 0 {
			where := fmt.Sprintf("%s-%d:%d", at, at.End.Line, at.End.Column)
			shown.Places = append(shown.Places, place{Path: redact.text(p.String()), At: where})
		}
		return true
	})
	return shown, nil
}
