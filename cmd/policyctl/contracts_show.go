package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/reports"
)

func newContractsShow() *cobra.Command {
	var f readFlags
	var explain bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Print a contract as its class and defaults fill it",
		Long:  "Print the effective contract of a secret: what its class, the defaults of its folders and the contract itself say together. With --explain, each field with the file and line that set it.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.showContract(cmd, args[0], explain)
		},
	}
	f.addReadFlags(cmd)
	cmd.Flags().BoolVar(&explain, "explain", false, "say of each field what set it")
	return cmd
}

// showContract finds a contract by its name, and prints it without credentials.
func (f *readFlags) showContract(cmd *cobra.Command, name string, explain bool) error {
	repository, err := f.read(cmd)
	if err != nil {
		return err
	}
	var names []string
	for i := range repository.Contracts {
		e := &repository.Contracts[i]
		if e.Document.Name != name {
			names = append(names, e.Document.Name)
			continue
		}
		redact, err := f.redactor(e.Files())
		if err != nil {
			return err
		}
		if explain {
			return f.whole(explained(cmd.OutOrStdout(), e, redact))
		}
		return f.whole(write(cmd.OutOrStdout(), spelled(e, redact), redact))
	}
	if near := suggest.Nearest(name, names); near != "" {
		return f.plainly(fmt.Errorf("there is no contract %q, did you mean %q?", name, near), repository)
	}
	return f.plainly(fmt.Errorf("there is no contract %q; policyctl inventory lists them", name), repository)
}

// write writes YAML. What is a credential only beside its key is found in the whole.
func write(w io.Writer, root *yamlv3.Node, redact func(string) string) error {
	data, err := yamlv3.Marshal(root)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, redact(string(data)))
	return err
}

// explained writes a row for each field: path, value, origin.
func explained(w io.Writer, e *contract.Effective, redact func(string) string) error {
	plain := func(text string) string { return reports.Plain(redact(text)) }
	name, _ := e.Document.Locate(lint.Path{"metadata", "name"}, lint.Spot{})
	fmt.Fprintf(w, "contract %s, declared at %s\n\n", plain(e.Document.Name), plain(name.Location.String()))
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, field := range e.Fields() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", plain(hiddenPath(field.Path, redact).String()), inLine(hidden(field.Value, redact), redact), plain(field.Origin.String()))
	}
	return table.Flush()
}

// hidden copies a value without the credentials in its texts and keys.
func hidden(n *lint.Node, redact func(string) string) *lint.Node {
	out := *n
	out.Items, out.Fields = nil, nil
	if text := redact(reports.WithoutKey(n.Text)); text != n.Text {
		out.Kind, out.Text = lint.String, text
	}
	for _, item := range n.Items {
		out.Items = append(out.Items, hidden(item, redact))
	}
	for _, field := range n.Fields {
		field.Key, field.Value = redact(reports.WithoutKey(field.Key)), hidden(field.Value, redact)
		out.Fields = append(out.Fields, field)
	}
	return &out
}

func hiddenPath(path lint.Path, redact func(string) string) lint.Path {
	path = slices.Clone(path)
	for i, part := range path {
		if key, is := part.(string); is {
			path[i] = redact(reports.WithoutKey(key))
		}
	}
	return path
}

// inLine writes a value on one line, cut where it is long. It is redacted before: a
// part of a credential is not recognised.
func inLine(n *lint.Node, redact func(string) string) string {
	const most = 60
	text := n.Text
	if n.Kind == lint.List || n.Kind == lint.Object {
		data, _ := json.Marshal(n.Plain())
		text = string(data)
	}
	text = reports.Plain(strings.Join(strings.Fields(redact(text)), " "))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return cmp.Or(text, `""`)
}

// spelled is the effective contract as an author would write it: without what
// policyctl computes, and without fields that could hold a value.
func spelled(e *contract.Effective, redact func(string) string) *yamlv3.Node {
	spec := mapping()
	for _, field := range e.Fields() {
		path := hiddenPath(field.Path, redact)
		at, last := spec, len(path)-1
		for _, part := range path[:last] {
			at = within(at, fmt.Sprint(part))
		}
		put(at, fmt.Sprint(path[last]), spell(hidden(field.Value, redact)))
	}
	out := mapping()
	for _, key := range []string{"apiVersion", "kind"} {
		put(out, key, spell(e.Document.Root.Get(key)))
	}
	put(within(out, "metadata"), "name", spell(lint.NewString(redact(e.Document.Name), lint.Span{})))
	put(out, "spec", spec)
	return out
}

func mapping() *yamlv3.Node { return &yamlv3.Node{Kind: yamlv3.MappingNode} }

func put(mapping *yamlv3.Node, key string, value *yamlv3.Node) {
	name := &yamlv3.Node{}
	name.SetString(key)
	mapping.Content = append(mapping.Content, name, value)
}

// within gives the mapping under a key, and makes it if there is none.
func within(at *yamlv3.Node, key string) *yamlv3.Node {
	for i := 0; i < len(at.Content); i += 2 {
		if at.Content[i].Value == key {
			return at.Content[i+1]
		}
	}
	inner := mapping()
	put(at, key, inner)
	return inner
}

func spell(n *lint.Node) *yamlv3.Node {
	switch n.Kind {
	case lint.Object:
		out := mapping()
		for _, field := range n.Fields {
			if !computed(n, field.Key) {
				put(out, field.Key, spell(field.Value))
			}
		}
		return out
	case lint.List:
		out := &yamlv3.Node{Kind: yamlv3.SequenceNode}
		for _, item := range n.Items {
			out.Content = append(out.Content, spell(item))
		}
		return out
	case lint.String:
		out := &yamlv3.Node{}
		_ = out.Encode(n.Text)
		return out
	}
	return &yamlv3.Node{Kind: yamlv3.ScalarNode, Value: cmp.Or(n.Text, "null")}
}

// computed says whether a field is one that policyctl adds to what is written.
func computed(within *lint.Node, key string) bool {
	for _, suffix := range []string{"_s", "_ns"} {
		if written, is := strings.CutSuffix(key, suffix); is && within.Field(written) != nil {
			return true
		}
	}
	return false
}

func newContractsClasses() *cobra.Command {
	var f readFlags
	var format string
	cmd := &cobra.Command{
		Use:   "classes",
		Short: "List the classes that a contract can name, with their limits",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			repository, err := f.read(cmd)
			if err != nil {
				return err
			}
			if format == "json" {
				return f.whole(writeJSON(cmd.OutOrStdout(), repository.Classes()))
			}
			for _, class := range repository.Classes() {
				showClass(cmd.OutOrStdout(), class)
			}
			return f.whole(nil)
		},
	}
	f.addReadFlags(cmd)
	formatFlag(cmd, &format, "table", "json")
	return cmd
}

func showClass(w io.Writer, class contract.Class) {
	fmt.Fprintf(w, "%s: %s\n", class.Name, class.Description)
	if class.Alternative != "" {
		fmt.Fprintf(w, "  better: %s\n", class.Alternative)
	}
	for _, limit := range class.Limits {
		fmt.Fprintf(w, "  limit: %s\n", limit)
	}
}
