package blast

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
)

// renewals word what it takes until a new value is used.
var renewals = map[string]string{
	"restart": "has to be restarted", "rebuild": "has to be built anew", "next-run": "takes a new value at its next run",
	"apply": "has to be applied again", "none": "takes a new value by itself",
}

// kinds word where a value is kept.
var kinds = map[string]string{
	"object": "entry of a store", "copy": "copy", "slot": "kept by the platform", "synced": "synced", "resource": "infrastructure code",
}

// WriteText writes for people in a hurry: what breaks first, then what to do.
func (r Report) WriteText(w io.Writer) error {
	t := &text{}
	t.head(r)
	for _, e := range r.Environments {
		t.environment(e, r.Secret.State != undeclared)
	}
	list(t, "secrets that are obtained with it", r.NeededBy, r.Total.NeededBy, func(d Dependent) string {
		return d.Name + bracketed(prefixed("through ", d.Through)) + "  " + d.String()
	})
	list(t, "breaks too, as the contract says", r.Breaks, r.Total.Breaks, func(s string) string { return s })
	list(t, "where the value is kept", r.Holders, r.Total.Holders, func(h Holder) string {
		return strings.TrimSpace(fmt.Sprintf("%s: %s%s  %s", kinds[h.Kind], h.ID, bracketed(h.Environment), h.Place))
	})
	list(t, "other secrets in the same place", r.Neighbours, r.Total.Neighbours, func(n Neighbour) string { return n.Name + " in " + n.Object })
	t.replacement(r)
	if !r.Complete {
		t.printf("\nnot every file could be read: more may depend on it\n")
	}
	_, err := io.WriteString(w, t.String())
	return err
}

type text struct{ strings.Builder }

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t *text) head(r Report) {
	s := r.Secret
	words := []string{s.State}
	for _, word := range []string{s.Class, prefixed("risk ", s.Risk), prefixed("owner ", s.Owner)} {
		if word != "" {
			words = append(words, word)
		}
	}
	t.printf("%s: %s\n", s.Name, strings.Join(words, ", "))
	if s.File != "" {
		t.printf("declared at %s\n", s.Place)
	}
	t.printf("revoked now, it breaks %s", counted(r.Total.Consumers, "consumer"))
	if r.Total.Perhaps > 0 {
		t.printf("; %s all secrets in reach and may break", counted(r.Total.Perhaps, "more gets", "more get"))
	}
	t.printf("\n")
}

// counted writes a number of things.
func counted(n int, forms ...string) string {
	word := forms[0]
	if n != 1 {
		word = forms[0] + "s"
		if len(forms) > 1 {
			word = forms[1]
		}
	}
	return fmt.Sprintf("%d %s", n, word)
}

func prefixed(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

func bracketed(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func (t *text) environment(e Environment, declared bool) {
	t.printf("\n%s%s\n", cmp.Or(e.Name, "environment not known"), bracketed(e.Tier))
	for _, c := range e.Consumers {
		t.printf("  %s\n    %s: gets %s by %s", c.ID, c.Place, cmp.Or(c.Slot, "every secret in reach"), c.Delivery)
		if c.Confidence != string(graph.Exact) {
			t.printf(" (%s)", c.Confidence)
		}
		t.printf("\n")
		for _, step := range c.Path[:max(0, len(c.Path)-1)] { // the last is the slot
			t.printf("    %s: from %s\n", step.Place, step.ID)
		}
		var notes []string
		if len(c.Owners) > 0 {
			notes = append(notes, "owned by "+strings.Join(c.Owners, " "))
		}
		if words := renewals[c.Renewal]; words != "" {
			notes = append(notes, words)
		}
		if declared && !c.Listed {
			notes = append(notes, "not allowed by the contract")
		}
		if len(notes) > 0 {
			t.printf("    %s\n", strings.Join(notes, "; "))
		}
	}
	t.more(e.Total - len(e.Consumers))
}

// list writes a heading and a line for each item, or nothing.
func list[T any](t *text, title string, items []T, total int, line func(T) string) {
	if len(items) == 0 {
		return
	}
	t.printf("\n%s\n", title)
	for _, item := range items {
		t.printf("  %s\n", line(item))
	}
	t.more(total - len(items))
}

// more says how many rows are left out.
func (t *text) more(n int) {
	if n > 0 {
		t.printf("  and %d more\n", n)
	}
}

func (t *text) replacement(r Report) {
	rows := [][2]string{
		{"revoke", r.Replacement.Revocation.words("within ")},
		{"rotate", r.Replacement.Rotation.words("every ")},
		{"renew", r.Replacement.Renewal},
		{"successor", r.Replacement.Successor},
		{"runbook", r.Replacement.Runbook},
		{"call", r.Secret.Escalation},
	}
	title := "\nwhat replaces it\n"
	for _, row := range rows {
		if row[1] != "" {
			t.printf("%s  %-10s %s\n", title, row[0], row[1])
			title = ""
		}
	}
}

// words puts a procedure in one line.
func (p Procedure) words(before string) string {
	var parts []string
	for _, part := range []string{p.Method, prefixed(before, contract.Duration(p.Seconds)), p.Automation} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
