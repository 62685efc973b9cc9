package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/policyctl/policyctl/internal/fix"
	"github.com/policyctl/policyctl/internal/lint"
)

var resultFields = []string{"message", "path", "at", "match", "subject", "related", "targets", "fix"}

// read turns the result of a policy into a finding. It is strict: what a policy
// misspells must not be lost, and what it misplaces must not point at a wrong
// line.
func read(rule *lint.Rule, doc *lint.Document, found ast.Value, texts *fix.Writer) (lint.Finding, error) {
	r, err := readObject("a result of deny", found, resultFields)
	if err != nil {
		return lint.Finding{}, err
	}
	finding := lint.Finding{Rule: rule, Message: r.text("message"), Subject: r.text("subject")}
	spot := lint.Spot{Match: r.text("match"), Key: r.text("at") == "key"}
	if at := r.text("at"); at != "" && at != "key" && at != "value" {
		r.fail("at is %q, want key or value", at)
	}
	if finding.Message == "" {
		r.fail("message is missing or empty")
	}
	path := r.path("path")
	if r.err != nil {
		return lint.Finding{}, r.err
	}
	place, err := doc.Locate(path, spot)
	if err != nil {
		return lint.Finding{}, err
	}
	finding.Location = place.Location
	finding.Related, finding.Flow = place.Via, place.Flow
	finding.Instance, finding.Made, finding.Secret = place.Thing.Instance, place.Thing.Made(), place.Thing.Secret
	finding.Anchor = strings.TrimPrefix(place.Thing.Written(finding.Subject)+" › "+place.Anchor, " › ")
	if finding.Subject == "" {
		finding.Subject = doc.Name
	}
	for _, item := range r.list("related") {
		related, err := readRelated(doc, item)
		if err != nil {
			return lint.Finding{}, err
		}
		finding.Related = append(finding.Related, related)
	}
	for _, item := range r.list("targets") {
		target, ok := item.(ast.String)
		if !ok {
			r.fail("targets has a part of type %s, want strings", ast.ValueName(item))
		}
		finding.Targets = append(finding.Targets, string(target))
	}
	slices.Sort(finding.Targets)
	finding.Fix = r.fix(doc, texts)
	return finding, r.err
}

// credential is the text at the place of a result: what a rule with the tag
// secret-value calls a credential.
func credential(doc *lint.Document, found ast.Value) string {
	r, err := readObject("", found, resultFields)
	if err != nil {
		return ""
	}
	node := doc.Root.At(r.path("path"))
	switch match := r.text("match"); {
	case node == nil || r.text("at") == "key":
		return ""
	case match != "":
		return match
	default:
		return node.Text
	}
}

// redact takes values that rules call credentials out of what any rule says
// about the document: a message that puts together its input must not carry
// them on.
func redact(findings []lint.Finding, values []string) {
	values = slices.DeleteFunc(values, func(value string) bool { return len(value) < shortestCredential })
	if len(values) == 0 {
		return
	}
	clean := lint.Redactor(values).Replace
	for i := range findings {
		f := &findings[i]
		f.Redact(clean)
		if f.Fix != nil && clean(fmt.Sprint(f.Fix.Value)) != fmt.Sprint(f.Fix.Value) {
			f.Fix.Value, f.Fix.Replacement = lint.Mask, nil
		}
		if f.Fix != nil && f.Fix.Replacement != nil && clean(*f.Fix.Replacement) != *f.Fix.Replacement {
			f.Fix.Replacement = nil
		}
	}
}

// shortestCredential is the length below which a text is no credential that
// could be told from a word.
const shortestCredential = 6

func readRelated(doc *lint.Document, found ast.Value) (lint.Related, error) {
	r, err := readObject("related", found, []string{"message", "path"})
	if err != nil {
		return lint.Related{}, err
	}
	place, err := doc.Locate(r.path("path"), lint.Spot{})
	if err != nil {
		return lint.Related{}, err
	}
	return lint.Related{Message: r.text("message"), Location: place.Location}, r.err
}

func (r *result) fix(doc *lint.Document, texts *fix.Writer) *lint.Fix {
	found := r.fields["fix"]
	if found == nil {
		return nil
	}
	f, err := readObject("fix", found, []string{"op", "path", "value", "to", "comment"})
	if err != nil {
		r.fail("%v", err)
		return nil
	}
	proposal := fix.Proposal{Op: f.text("op"), Path: f.path("path"), To: f.path("to"), Comment: f.text("comment")}
	if !slices.Contains([]string{"add", "remove", "replace", "move"}, proposal.Op) {
		r.fail("fix.op is %q, want add, remove, replace or move", proposal.Op)
	}
	place, err := doc.Locate(proposal.Path, lint.Spot{})
	if err != nil {
		r.fail("fix: %v", err)
	}
	if value := f.fields["value"]; value != nil {
		if proposal.Value, err = ast.JSON(value); err != nil {
			r.fail("fix.value: %v", err)
		}
	}
	if f.err != nil {
		r.err = f.err
	}
	if r.err != nil {
		return nil
	}
	proposed := &lint.Fix{Op: proposal.Op, Key: proposal.Key(), Location: place.Location, Value: proposal.Value}
	if at, text, ok := texts.Write(doc.Root, proposal); ok {
		proposed.Location, proposed.Replacement, proposed.Of = at.Location(), &text, at.Source.Sum()
	} else if there := doc.Root.At(proposal.Path); there != nil && bytes.Contains(there.Span.Text(), []byte("{{")) {
		return nil // it would take the place of what a template writes
	}
	return proposed
}

// result reads the fields of an object; the first thing that is wrong stays in err.
type result struct {
	what   string
	fields map[string]ast.Value
	err    error
}

func readObject(what string, found ast.Value, known []string) (*result, error) {
	object, ok := found.(ast.Object)
	if !ok {
		return nil, fmt.Errorf("%s is of type %s, want an object with message and path", what, ast.ValueName(found))
	}
	r := &result{what: what, fields: map[string]ast.Value{}}
	object.Foreach(func(key, value *ast.Term) {
		name, _ := key.Value.(ast.String)
		if !slices.Contains(known, string(name)) {
			r.fail("unknown field %s%s", key.Value, meant(string(name), known))
		}
		r.fields[string(name)] = value.Value
	})
	return r, r.err
}

func (r *result) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %s", r.what, fmt.Sprintf(format, args...))
	}
}

func (r *result) text(name string) string {
	value := r.fields[name]
	if value == nil {
		return ""
	}
	text, ok := value.(ast.String)
	if !ok {
		r.fail("%s is of type %s, want a string", name, ast.ValueName(value))
	}
	return string(text)
}

func (r *result) list(name string) []ast.Value {
	value := r.fields[name]
	if value == nil {
		return nil
	}
	var items []ast.Value
	collect := func(term *ast.Term) { items = append(items, term.Value) }
	switch value := value.(type) {
	case *ast.Array:
		value.Foreach(collect)
	case ast.Set:
		slices.Values(value.Slice())(func(term *ast.Term) bool { collect(term); return true })
	default:
		r.fail("%s is of type %s, want a list", name, ast.ValueName(value))
	}
	return items
}

func (r *result) path(name string) lint.Path {
	value := r.fields[name]
	if value == nil {
		return nil
	}
	array, ok := value.(*ast.Array)
	if !ok {
		r.fail("%s is of type %s, want a list of keys and indices", name, ast.ValueName(value))
		return nil
	}
	var path lint.Path
	array.Foreach(func(term *ast.Term) {
		switch part := term.Value.(type) {
		case ast.String:
			path = append(path, string(part))
		case ast.Number:
			index, ok := part.Int()
			if !ok {
				r.fail("%s has the part %s, want a key or a whole number", name, json.Number(part))
			}
			path = append(path, index)
		default:
			r.fail("%s has a part of type %s, want keys and indices", name, ast.ValueName(part))
		}
	})
	return path
}
