// Package config reads .policyctl/config.yaml, the settings of a repository. It
// is strict: what it does not know is an error with a place, because a setting
// that is silently not applied passes for one that is. It opens no file and
// does not know which rules there are; Verify asks the caller.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Path is where a repository keeps its settings.
const Path = ".policyctl/config.yaml"

// DefaultPolicies is where a repository keeps its own policies, besides those that
// Policies names. It need not exist.
const DefaultPolicies = ".policyctl/policies"

// DefaultKind is the key of FailOn that holds for every kind which is not listed.
const DefaultKind = "default"

// Config is what the file says. The zero Config says nothing: it is what an
// empty file, or none, stands for. Paths are relative to the root, clean, and
// lead nowhere else.
type Config struct {
	FailOn      map[string]lint.Severity // kind of rule, or DefaultKind, to the severity from which it blocks
	Warn        []string                 // IDs or kinds of rules, or DefaultKind, that do not block
	Block       []string                 // those that do, where more general ones do not
	EnforceFrom map[string]time.Time     // those that block from a day on, at midnight UTC
	Tiers       []lint.Tier              // besides lint.Default, which is always on
	Disable     []string                 // IDs of rules
	Exclude     []string                 // well-formed globs
	Include     []string                 // well-formed globs; they win over every exclude
	MaxFileSize int64                    // in bytes; zero means the default
	Confidence  float64                  // from 0 to 1; zero means the default, and whoever writes 0 gets more than that
	Policies    []string                 // directories, besides DefaultPolicies
	Gitleaks    string                   // a file; none means that no such file is honoured

	GitleaksIgnore   string // a file; none means that no such file is honoured
	GitleaksComments bool   // comments that allow findings are honoured

	Baseline string // a file; none means the default
	Waivers  string // a file; none means the default

	kinds, rules []mention // for Verify
}

// mention is a name whose meaning only the caller knows.
type mention struct {
	name string
	at   lint.Location
}

// Read reads the settings. The error joins all that is wrong, in the order of
// the file, each with path, line and column.
func Read(src *lint.Source) (Config, error) {
	docs, findings := yaml.Read(src)
	r := &reader{whole: src.Whole()}
	for _, finding := range findings {
		r.problems = append(r.problems, problem{finding.Location, finding.Message})
	}
	for i, doc := range docs {
		if i == 0 {
			r.document(doc)
			continue
		}
		r.fail(doc.Span, "a second document, want one only: remove the line \"---\" between them")
	}
	if err := r.err(); err != nil {
		return Config{}, err
	}
	return r.config, nil
}

// NamesRules says whether there is anything for Verify to check.
func (c Config) NamesRules() bool { return len(c.kinds)+len(c.rules) > 0 }

// Verify checks the names of rules and kinds of rules against all rules there
// are, whatever their tier. A rule that does not exist can neither be disabled
// nor given a threshold, and a mistyped name would do so in silence.
func (c Config) Verify(rules []*lint.Rule) error {
	var kinds, ids []string
	named := map[string]bool{}
	for _, rule := range rules {
		kinds = append(kinds, rule.Kind())
		ids = append(ids, rule.ID)
		for _, name := range append([]string{rule.ID}, rule.Aliases...) {
			named[name] = true
		}
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	r := &reader{}
	for _, kind := range c.kinds {
		if !slices.Contains(kinds, kind.name) {
			r.problems = append(r.problems, problem{kind.at, unknown("kind of rule", kind.name, append(kinds, DefaultKind))})
		}
	}
	for _, rule := range c.rules {
		if !named[rule.name] {
			r.problems = append(r.problems, problem{rule.at, unknownRule(rule.name, ids)})
		}
	}
	return r.err()
}

// unknown words the error for a name that is none of those known.
func unknown(what, name string, known []string) string {
	if near := suggest.Nearest(name, known); near != "" {
		return fmt.Sprintf("unknown %s %q, did you mean %q?", what, name, near)
	}
	return fmt.Sprintf("unknown %s %q, want one of %s", what, name, strings.Join(known, ", "))
}

// unknownRule does not list all rules: there are hundreds.
func unknownRule(name string, ids []string) string {
	if near := suggest.Nearest(name, ids); near != "" {
		return unknown("rule", name, []string{near})
	}
	return fmt.Sprintf("unknown rule %q, want the ID of a rule, such as %q", name, "kubernetes/privileged-container")
}

// problem is one thing that is wrong with the file.
type problem struct {
	at      lint.Location
	message string
}

// reader collects what the file says, and what is wrong with it.
type reader struct {
	whole    lint.Span
	config   Config
	problems []problem
}

// fail records a problem at a place, or at the whole file for what stands
// nowhere of its own.
func (r *reader) fail(at lint.Span, format string, args ...any) {
	if at.Source == nil {
		at = r.whole
	}
	r.problems = append(r.problems, problem{at.Location(), fmt.Sprintf(format, args...)})
}

func (r *reader) err() error {
	slices.SortStableFunc(r.problems, func(a, b problem) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.message, b.message))
	})
	r.problems = slices.Compact(r.problems) // an alias repeats what is wrong with its anchor
	var errs []error
	for _, p := range r.problems {
		start := p.at.Start
		errs = append(errs, fmt.Errorf("%s:%d:%d: %s", p.at.Path, max(start.Line, 1), max(start.Column, 1), p.message))
	}
	return errors.Join(errs...)
}

// document reads the keys of the file.
func (r *reader) document(doc *lint.Node) {
	if doc.Kind != lint.Object {
		r.wrongType(doc, "a mapping of settings, such as \"fail_on: high\"")
		return
	}
	table := Keys()
	var names []string
	for _, key := range table {
		names = append(names, key.Name)
	}
	for _, field := range doc.Fields {
		i := slices.Index(names, field.Key)
		switch {
		case i < 0:
			r.fail(field.Span, "%s", unknown("key", field.Key, names))
		case field.Value.Kind == lint.Null:
			r.fail(field.Span, "%s has no value, want %s, or no such key", field.Key, table[i].Type.Want)
		default:
			table[i].set(r, field.Value, table[i].Type)
		}
	}
}

// wrongType reports a value of the wrong kind, without repeating it.
func (r *reader) wrongType(n *lint.Node, want string) {
	got := map[lint.Kind]string{
		lint.Null: "nothing", lint.Bool: "true or false", lint.Number: "a number",
		lint.String: "text", lint.List: "a list", lint.Object: "a mapping",
	}
	r.fail(n.Span, "want %s, got %s", want, got[n.Kind])
}
