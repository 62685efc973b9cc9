package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/suggest"
)

// events are what can be recorded, and the field of status that keeps it.
var events = map[string]string{"rotated": "lastRotated", "reviewed": "lastReviewed", "drilled": "lastDrilled"}

// recorder writes down that something happened to a secret.
type recorder struct {
	contractFiles
	at string
}

func newRecord() *cobra.Command {
	var r recorder
	cmd := &cobra.Command{
		Use:   "record NAME rotated|reviewed|drilled",
		Short: "Write down that a secret was rotated, reviewed or drilled",
		Long:  "Write the date into status of the contract. All else in its file stays as it is.",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.record(cmd, args[0], args[1]); err != nil {
				return unchanged(cmd, err)
			}
			return nil
		},
	}
	r.addFlags(cmd)
	cmd.Flags().StringVar(&r.at, "at", "", "the `DATE` on which it happened: 2026-11-22 or 2026-11-22T10:00:00Z (default: today)")
	cmd.Flags().StringVar(&r.now, "now", "", "take this `TIME` for now (default: the clock)")
	return cmd
}

func (r *recorder) record(cmd *cobra.Command, name, event string) error {
	field, known := events[event]
	if !known {
		return fmt.Errorf("unknown event %q, want one of %s", event, strings.Join(slices.Sorted(maps.Keys(events)), ", "))
	}
	date, err := r.date()
	if err != nil {
		return err
	}
	sources, err := r.all(cmd.Context())
	if err != nil {
		return err
	}
	defer r.dir.Close()
	found, err := r.find(sources, name)
	if err != nil {
		return err
	}
	if err := editable(r.dir, found.path); err != nil {
		return r.placed(err)
	}
	path := lint.Path{"status", field}
	before := found.file.Root(found.doc).At(path)
	switch order := compare(date, before.Str()); {
	case order == 0:
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s is %s already, nothing to do\n", r.shown(before.Span.Location().String()), path, date)
		return err
	case order < 0:
		return fmt.Errorf("%s: %s is %s, and %s is older; use --at with a later date or edit the file", r.shown(before.Span.Location().String()), path, before.Text, date)
	}
	if err := found.file.Set(found.doc, path, lint.NewString(date, lint.Span{})); err != nil {
		return r.placed(err)
	}
	if err := r.write(found.path, found.file.Text()); err != nil {
		return err
	}
	at := found.file.Root(found.doc).At(path).Span.Location()
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s is %s%s\n", r.shown(at.String()), path, date, was(before))
	return err
}

// compare says how a date stands to the one that was written before, which may be
// none. A day without a time is not older than a time of that day.
func compare(date, before string) int {
	then, err := readTime(before)
	if err != nil {
		return 1
	}
	now, _ := readTime(date)
	sameDay := now.UTC().Format(time.DateOnly) == then.UTC().Format(time.DateOnly)
	if isDay := len(date) == len(time.DateOnly); sameDay && isDay != (len(before) == len(time.DateOnly)) {
		return 1
	}
	return now.Compare(then)
}

// was tells the date that stood there before. What is no date is not shown.
func was(before *lint.Node) string {
	if before == nil {
		return ""
	}
	if _, err := readTime(before.Str()); err != nil {
		return ""
	}
	return ", was " + before.Text
}

// date is what to write down: not what is yet to come.
func (r *recorder) date() (string, error) {
	now, err := r.time()
	if err != nil {
		return "", err
	}
	if r.at == "" {
		return now.Format(time.DateOnly), nil
	}
	at, err := readTime(r.at)
	switch {
	case err != nil:
		return "", fmt.Errorf("--at: %q is no date; write 2026-11-22 or 2026-11-22T10:00:00Z", r.at)
	case at.After(now):
		return "", fmt.Errorf("--at: %s lies in the future; record what has happened", r.at)
	}
	return r.at, nil
}

func readTime(text string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	return at, err
}

// declared is a contract in its file.
type declared struct {
	path string
	file *edit.File
	doc  int
	name *lint.Node
}

// find gives the one contract of that name.
func (r *recorder) find(sources []*lint.Source, name string) (declared, error) {
	var found []declared
	var names []string
	var broken error
	for _, src := range sources {
		file, err := edit.Open(src)
		if err != nil {
			broken = errors.Join(broken, r.placed(err))
			continue
		}
		for doc := 0; file.Root(doc) != nil; doc++ {
			root := file.Root(doc)
			node := root.Get("metadata", "name")
			if !contract.Ours(root) || root.Get("kind").Str() != "SecretContract" || node.Str() == "" {
				continue
			}
			names = append(names, node.Str())
			if node.Str() == name {
				found = append(found, declared{src.Path, file, doc, node})
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return declared{}, fmt.Errorf("contract %q is declared twice, at %s and at %s; give one of them another name", name,
			r.shown(found[0].name.Span.Location().String()), r.shown(found[1].name.Span.Location().String()))
	}
	return declared{}, errors.Join(noContract(name, names), broken)
}

func noContract(name string, known []string) error {
	if near := suggest.Nearest(name, known); near != "" {
		return fmt.Errorf("no contract %q, did you mean %q?", name, near)
	}
	return fmt.Errorf("no contract %q among the %d of the repository", name, len(known))
}
