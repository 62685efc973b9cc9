package gate

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// baselineFormat marks the first line of a baseline.
const baselineFormat = "baseline/v1"

// Baseline lists findings that were there before policyctl and do not block. It
// holds neither line numbers nor dates, so that branches do not conflict in it.
type Baseline struct {
	Salt    []byte // of the tags
	Entries []Entry
	fresh   bool // of findings of this run
}

// Entry is one finding of a baseline.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Path        string `json:"path"`
	Anchor      string `json:"anchor"`
	Made        string `json:"made,omitempty"`    // see lint.Finding, one a line
	Targets     string `json:"targets,omitempty"` // see lint.Finding, one a line
	Tag         string `json:"tag,omitempty"`     // see Tag
}

// EntryOf is the line of a finding.
func EntryOf(f *lint.Finding) Entry {
	return Entry{f.Fingerprint, f.Rule.ID, f.Location.Path, f.Anchor, strings.Join(f.Made, "\n"), strings.Join(f.Targets, "\n"), f.Tag}
}

// lacks are the things that the same text makes or reaches now and did not when the line was
// written. A line that names none that it makes is of one, whatever it was called; one of a
// file that names no targets may be older than they are.
func (s stock) lacks(e Entry, f *lint.Finding) []string {
	return append(s.beyond(e, f.Targets), s.unmade(e, f)...)
}

// beyond are the targets that a line does not have, nor by a * at the end of one.
func (s stock) beyond(e Entry, targets []string) (more []string) {
	if e.Targets == "" && !s.fresh {
		return nil
	}
	had := strings.Split(addressed(e.Targets, s.moved), "\n")
	for _, target := range targets {
		covers := func(known string) bool {
			prefix, all := strings.CutSuffix(known, "*")
			return known == target || all && strings.HasPrefix(target, prefix)
		}
		if !slices.ContainsFunc(had, covers) {
			more = append(more, target)
		}
	}
	return more
}

func (s stock) unmade(e Entry, f *lint.Finding) []string {
	if e.Made == "" {
		return f.Made[min(1, len(f.Made)):]
	}
	had := map[string]bool{}
	for name := range strings.SplitSeq(e.Made, "\n") {
		had[withoutCount(addressed(name, s.moved))] = true
	}
	return slices.DeleteFunc(slices.Clone(f.Made), func(name string) bool { return had[withoutCount(name)] })
}

// replaced says, of what is new to a line, what it may be the new name of.
func (e Entry) replaced(f *lint.Finding, more []string) string {
	text := "new here: " + lint.Listed(more)
	var gone []string
	for name := range strings.SplitSeq(e.Made, "\n") {
		if strings.HasPrefix(name, "module.") && !slices.Contains(f.Made, name) && !strings.HasPrefix(more[0], name) {
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 || !strings.HasPrefix(more[0], "module.") {
		return text
	}
	return text + ", and " + lint.Listed(gone) + " no more; if a call was renamed, a moved block says so"
}

// withoutCount is the name that an instance had before there was a count: Terraform takes
// the first for the same.
func withoutCount(name string) string {
	if strings.Contains(name, `"`) { // a key may hold anything
		return name
	}
	return strings.ReplaceAll(name, "[0]", "")
}

type header struct {
	Policyctl string `json:"policyctl"`
	Salt      string `json:"salt"`
}

// NewBaseline accepts all findings but those about waivers. The salt should be
// that of the baseline it replaces: the findings' tags are made with it.
func NewBaseline(findings []lint.Finding, salt []byte) *Baseline {
	b := &Baseline{Salt: salt}
	for _, f := range lint.Identify(slices.Clone(findings)) {
		if !aboutWaiver(f.Rule) {
			b.Entries = append(b.Entries, EntryOf(&f))
		}
	}
	return b
}

// BaseOf is what a change found when it began. A waiver that says too little waives nothing,
// and is in the way of nobody who comes later; that one has ended or matches nothing is told
// by other means.
func BaseOf(findings []lint.Finding) *Baseline {
	b := NewBaseline(findings, nil)
	b.fresh = true
	for i := range findings {
		if findings[i].Rule.ID == lint.InvalidWaiver.ID {
			b.Entries = append(b.Entries, EntryOf(&findings[i]))
		}
	}
	return b
}

// Rename gives the files other names: those without credentials.
func (b *Baseline) Rename(name func(path string) string) {
	for i := range b.Entries {
		b.Entries[i].Path = name(b.Entries[i].Path)
	}
}

// Write writes the baseline as lines of JSON: a header, then the entries in the
// order of their bytes, so that the same findings give the same file.
func (b *Baseline) Write(w io.Writer) error {
	head, err := line(header{baselineFormat, hex.EncodeToString(b.Salt)})
	if err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	lines := make([]string, 0, len(b.Entries))
	for _, entry := range b.Entries {
		text, err := line(entry)
		if err != nil {
			return fmt.Errorf("write the baseline: %w", err)
		}
		lines = append(lines, text)
	}
	slices.Sort(lines)
	_, err = io.WriteString(w, head+strings.Join(lines, ""))
	return err
}

func line(value any) (string, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return b.String(), err
}

// ReadBaseline reads what Write wrote. Everything unexpected is an error with
// its line: a line that is not understood might accept more than was meant.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	b := &Baseline{}
	for i, text := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if err := b.add(i, bytes.TrimSuffix(text, []byte("\r"))); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return b, nil
}

// add reads line i, counted from 0.
func (b *Baseline) add(i int, text []byte) error {
	if err := conflict(text); err != nil {
		return err
	}
	fields, err := stringFields(text)
	if err != nil {
		return err
	}
	_, isHeader := fields["policyctl"]
	switch {
	case i == 0 && !isHeader:
		return fmt.Errorf("this is no baseline: want {\"policyctl\":%q,...} as the first line", baselineFormat)
	case i == 0:
		return b.addHeader(fields)
	case isHeader:
		return errors.New("this is a second header: two baselines were joined, write the baseline anew")
	default:
		return b.addEntry(fields)
	}
}

func conflict(text []byte) error {
	for _, marker := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if bytes.HasPrefix(text, []byte(marker)) {
			return fmt.Errorf("a merge conflict is left in the baseline: under the same first line keep the lines of both sides and remove the line %q, or write the baseline anew", marker)
		}
	}
	return nil
}

func (b *Baseline) addHeader(fields map[string]string) error {
	if format := fields["policyctl"]; format != baselineFormat {
		return fmt.Errorf("the format is %q, this version reads %q", format, baselineFormat)
	}
	if err := onlyKeys(fields, "policyctl", "salt"); err != nil {
		return err
	}
	salt, err := hex.DecodeString(fields["salt"])
	if err != nil || len(salt) == 0 {
		return errors.New("the salt is no hexadecimal number")
	}
	b.Salt = salt
	return nil
}

func (b *Baseline) addEntry(fields map[string]string) error {
	if err := onlyKeys(fields, "fingerprint", "rule", "path", "anchor", "made", "targets", "tag"); err != nil {
		return err
	}
	for _, key := range []string{"fingerprint", "rule", "path"} {
		if fields[key] == "" {
			return fmt.Errorf("the key %q is missing or empty", key)
		}
	}
	b.Entries = append(b.Entries, Entry{fields["fingerprint"], fields["rule"], fields["path"], fields["anchor"], fields["made"], fields["targets"], fields["tag"]})
	return nil
}

// onlyKeys names the first key, by alphabet, that is not allowed.
func onlyKeys(fields map[string]string, allowed ...string) error {
	var unknown []string
	for key := range fields {
		if !slices.Contains(allowed, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	key := slices.Min(unknown)
	return fmt.Errorf("unknown key %q%s", key, meant(key, allowed))
}

// stringFields reads an object of strings. Unlike json.Unmarshal it knows
// nothing of upper and lower case and refuses a key that comes twice.
func stringFields(text []byte) (map[string]string, error) {
	notOne := errors.New("want one JSON object of strings")
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, notOne
	}
	fields := map[string]string{}
	for decoder.More() {
		token, err := decoder.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, notOne
		}
		token, err = decoder.Token()
		value, ok := token.(string)
		if err != nil || !ok {
			return nil, notOne
		}
		if _, twice := fields[key]; twice {
			return nil, fmt.Errorf("the key %q comes twice", key)
		}
		fields[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, notOne
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, notOne
	}
	return fields, nil
}

// identity is what a finding and a line of the baseline are matched by. Equal
// ones are counted, so the fingerprint, which numbers them in file order, takes
// no part: removing the first of two would make the second one new.
type identity struct{ rule, path, anchor string }

// stock is a baseline of which lines are taken, one for each finding.
type stock struct {
	name    func(path string) string
	moved   []Move
	fresh   bool // this run made the lines, and no other version of us
	entries map[identity][]Entry
	known   map[identity]bool
	places  map[identity][]identity // by what stands there, without the path
	asked   map[identity]bool       // of which places those that are still there were left out
}

func (b *Baseline) stock(name func(path string) string, moved []Move) stock {
	if name == nil {
		name = func(path string) string { return path }
	}
	s := stock{name, moved, b != nil && b.fresh, map[identity][]Entry{}, map[identity]bool{}, map[identity][]identity{}, map[identity]bool{}}
	if b == nil {
		return s
	}
	for _, entry := range b.Entries {
		id := identity{entry.Rule, name(entry.Path), addressed(entry.Anchor, moved)}
		s.entries[id] = append(s.entries[id], entry)
		if !s.known[id] {
			s.known[id] = true
			anywhere := identity{rule: entry.Rule, anchor: id.anchor}
			s.places[anywhere] = append(s.places[anywhere], id)
		}
	}
	return s
}

// take removes the line of a finding, and gives it. If there is none, changed says why the line that is
// alike is of something else: the value, or what the same text makes now.
func (s stock) take(f *lint.Finding) (line *Entry, changed string) {
	for _, name := range append([]string{f.Rule.ID}, f.Rule.Aliases...) {
		id := identity{name, s.name(f.Location.Path), f.Anchor}
		for i, e := range s.entries[id] {
			if f.Tag != "" && f.Tag != e.Tag {
				continue
			}
			more := s.lacks(e, f)
			if len(more) == 0 {
				s.entries[id] = slices.Delete(s.entries[id], i, i+1)
				return &e, ""
			}
			changed = cmp.Or(changed, e.replaced(f, more))
		}
		if s.known[id] && f.Tag != "" {
			changed = cmp.Or(changed, "the value changed")
		}
	}
	return nil, changed
}

// accepted says how a baseline knows a finding.
type accepted struct {
	known   bool   // as take has it
	changed string // as take has it
	line    *Entry // that has it under another name of the file, or another address
}

// had says how what was found before a change knows a finding.
func (s stock) had(f *lint.Finding) (a accepted) {
	if !aboutWaiver(f.Rule) || f.Rule.ID == lint.InvalidWaiver.ID {
		a.line, a.changed = s.take(f)
		a.known = a.line != nil
	}
	return a
}

func (s stock) accepted(f *lint.Finding) (a accepted) {
	if !aboutWaiver(f.Rule) {
		line, changed := s.take(f)
		a.known, a.changed = line != nil, changed
		if now := EntryOf(f); line != nil && len(s.moved) > 0 && (line.Anchor != now.Anchor || line.Made != now.Made || line.Targets != now.Targets) {
			a.line = line
		}
	}
	return a
}

// near says whether a file of before may be one of now under another name: it had the same
// name or stood in the same folder.
func near(was, now string) bool {
	return path.Base(was) == path.Base(now) || path.Dir(was) == path.Dir(now) && lint.Ending(was) == lint.Ending(now)
}

// follow removes the line of a finding that was moved: the file that it names is gone
// (one without its whole name may be there) or has it no more,
// and is near, or the credential is the same.
func (s stock) follow(f *lint.Finding, gone func(path string) bool, near func(was, now string) bool) *Entry {
	for _, name := range append([]string{f.Rule.ID}, f.Rule.Aliases...) {
		anywhere := identity{rule: name, anchor: f.Anchor}
		if !s.asked[anywhere] {
			s.asked[anywhere] = true
			s.places[anywhere] = slices.DeleteFunc(s.places[anywhere], func(id identity) bool { return len(s.entries[id]) == 0 || !gone(s.entries[id][0].Path) })
		}
		for at, id := range s.places[anywhere] {
			near := near(id.path, f.Location.Path)
			i := slices.IndexFunc(s.entries[id], func(e Entry) bool {
				return f.Tag == e.Tag && (near || f.Tag != "") && len(s.lacks(e, f)) == 0
			})
			if i < 0 {
				continue
			}
			line := s.entries[id][i]
			if s.entries[id] = slices.Delete(s.entries[id], i, i+1); len(s.entries[id]) == 0 {
				s.places[anywhere] = slices.Delete(s.places[anywhere], at, at+1)
			}
			return &line
		}
	}
	return nil
}

// left gives the lines that no finding took, as far as the run looked there.
func (s stock) left(coverage Coverage) []Entry {
	read := map[string]bool{}
	for _, path := range coverage.Paths {
		read[s.name(path)] = true
	}
	var left []Entry
	for _, entries := range s.entries {
		for _, entry := range entries {
			if coverage.Whole || read[s.name(entry.Path)] {
				left = append(left, entry)
			}
		}
	}
	slices.SortFunc(left, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Anchor, b.Anchor),
			strings.Compare(a.Fingerprint, b.Fingerprint), strings.Compare(a.Tag, b.Tag))
	})
	return left
}
