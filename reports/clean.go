package reports

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Mask stands in place of a credential. Its length says nothing.
const Mask = lint.Mask

// cleaner takes credentials, and what could steer a terminal or a CI runner,
// out of everything that a report shows.
type cleaner struct {
	source func(lint.Location) *lint.Source
	redact func(string) string
	places map[file][]lint.Span // where credentials stand: in order, none touches another
	values []string             // credentials that are told from words: in order, none begins with another
	mask   *strings.Replacer
}

// file tells versions of files apart.
type file struct{ path, commit string }

func fileOf(src *lint.Source) file { return file{src.Path, src.Commit} }

func newCleaner(r Report) *cleaner {
	c := &cleaner{source: r.Source, redact: r.Redact, places: map[file][]lint.Span{}}
	if c.source == nil {
		c.source = func(lint.Location) *lint.Source { return nil }
	}
	if c.redact == nil {
		c.redact = func(name string) string { return name }
	}
	var values []string
	for _, place := range r.Sensitive {
		values = append(values, c.cover(place))
	}
	for i := range r.Verdict.Findings {
		f := &r.Verdict.Findings[i].Finding
		if !f.Rule.PointsAtSecret() {
			continue
		}
		// The place of a policy's finding may be a key, and then no value.
		if value := c.cover(f.Location); f.Rule.Kind() == "secret" {
			values = append(values, value)
		}
	}
	for file, spans := range c.places {
		c.places[file] = apart(spans)
	}
	values = telling(values)
	c.values, c.mask = beginnings(values), replacer(values)
	return c
}

// apart sorts spans, and joins those that overlap.
func apart(spans []lint.Span) []lint.Span {
	slices.SortFunc(spans, func(a, b lint.Span) int { return a.Start - b.Start })
	joined := spans[:1]
	for _, span := range spans[1:] {
		if last := &joined[len(joined)-1]; span.Start <= last.End {
			last.End = max(last.End, span.End)
			continue
		}
		joined = append(joined, span)
	}
	return joined
}

// beginnings sorts values, and leaves out those that begin with another: where they
// stand the other stands too.
func beginnings(values []string) []string {
	var kept []string
	for _, value := range slices.Sorted(slices.Values(values)) {
		if len(kept) == 0 || !strings.HasPrefix(value, kept[len(kept)-1]) {
			kept = append(kept, value)
		}
	}
	return kept
}

// cover adds a place of a credential, and gives what stands there.
func (c *cleaner) cover(place lint.Location) string {
	src := c.source(place)
	if src == nil {
		return ""
	}
	span := extent(src, place)
	c.places[fileOf(src)] = append(c.places[fileOf(src)], span)
	return strings.Trim(string(span.Text()), " \t\r\n\"'`")
}

// extent gives the bytes of a place. One that has no end goes on to the end of
// its line, one that has no start is the whole file: better too much is masked
// than too little.
func extent(src *lint.Source, place lint.Location) lint.Span {
	start, end := place.Start, place.End
	switch {
	case start.Line == 0:
		return src.Whole()
	case end.Line < start.Line || end.Line == start.Line && end.Column <= start.Column:
		end = lint.Position{Line: start.Line, Column: math.MaxInt}
	}
	return lint.Span{Source: src, Start: src.Offset(start), End: src.Offset(end)}
}

// telling leaves the values that are masked wherever they occur, longest first.
// Words are not among them: with the password "postgres" the name of each image
// would be masked.
func telling(values []string) []string {
	values = slices.DeleteFunc(values, func(value string) bool {
		isWord := !strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) })
		return len(value) < 6 || isWord && len(value) < 16
	})
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(values)
}

func replacer(values []string) *strings.Replacer {
	var pairs []string
	for _, value := range values {
		pairs = append(pairs, value, Mask)
	}
	return strings.NewReplacer(pairs...)
}

// text cleans what rules and people wrote: messages, names, reasons. It becomes
// one line.
func (c *cleaner) text(s string) string { return Plain(c.hide(s)) }

// message cleans what a rule says. What an address asks for says nothing to people, and may be a
// credential that nobody can tell from a word.
func (c *cleaner) message(s string) string {
	return c.text(queryValue().ReplaceAllStringFunc(s, func(all string) string {
		if name, _, _ := strings.Cut(all[1:], "="); slices.Contains(versionNames, name) {
			return all
		}
		return all[:strings.IndexByte(all, '=')+1] + Mask
	}))
}

// queryValue is a parameter of the query of a URL, with its value.
var queryValue = regex.Lazy(`[?&][\w.\-\[\]]{1,60}=[^\s&"'<>{}()$]+`)

// versionNames are parameters that say which version of something is meant.
var versionNames = []string{"ref", "rev", "branch", "tag", "version", "api-version", "depth", "archive", "checksum"}

// hide takes out credentials that were found in files, wherever they stand, and what looks
// like one.
func (c *cleaner) hide(s string) string { return c.redact(c.mask.Replace(s)) }

func (c *cleaner) texts(all []string) []string {
	var clean []string
	for _, s := range all {
		clean = append(clean, c.text(s))
	}
	return clean
}

// paths takes credentials out of names of files, which stay as they are otherwise.
func (c *cleaner) paths(all []string) []string {
	var clean []string
	for _, path := range all {
		clean = append(clean, c.redact(path))
	}
	return clean
}

// rules cleans what a repository's own policies say of themselves.
func (c *cleaner) rules(all []*lint.Rule) []*lint.Rule {
	clean := make([]*lint.Rule, len(all))
	for i, rule := range all {
		r := *rule
		r.Title, r.Description, r.Fix = c.text(r.Title), c.text(r.Description), c.text(r.Fix)
		r.Tags, r.References = c.texts(r.Tags), c.texts(r.References)
		clean[i] = &r
	}
	return clean
}

// commit cleans whom a commit names: an author may be called anything.
func (c *cleaner) commit(commit *lint.Commit) *lint.Commit {
	if commit == nil {
		return nil
	}
	clean := *commit
	clean.Author = c.text(commit.Author)
	return &clean
}

// data cleans a value that a policy made.
func (c *cleaner) data(value any) any {
	switch value := value.(type) {
	case string:
		return c.hide(value)
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = c.data(value[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for key := range value {
			object[c.hide(key)] = c.data(value[key])
		}
		return object
	default:
		return value
	}
}

// Clean takes credentials out of every text within a value, and makes each one line of
// printable characters. Before the value is written: cut or escaped, a credential
// would not be recognised. The value is given as a pointer.
func Clean(value any, redact func(string) string) { cleanValue(reflect.ValueOf(value).Elem(), redact) }

func cleanValue(v reflect.Value, redact func(string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(Plain(redact(WithoutKey(v.String()))))
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem(), redact)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			cleanValue(v.Field(i), redact)
		}
	case reflect.Slice:
		for i := range v.Len() {
			cleanValue(v.Index(i), redact)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(key))
			cleanValue(item, redact)
			v.SetMapIndex(key, reflect.Value{}) // the key itself may be a credential
			name := reflect.New(v.Type().Key()).Elem()
			name.Set(key)
			cleanValue(name, redact)
			v.SetMapIndex(name, item)
		}
	}
}

// WithoutKey hides a text that seems to hold a private key, whole or in part.
func WithoutKey(text string) string {
	if strings.Contains(text, "PRIVATE KEY-----") || strings.Contains(text, "PRIVATE KEY") && strings.Contains(text, "\n") {
		return Mask
	}
	return text
}

// Plain spells out what is no printable character, and what CI runners take for
// a command wherever it stands in a line.
func Plain(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r == utf8.RuneError:
			b.WriteRune(r)
		case isHidden(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case isHidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		case beginsCommand(s[i:]):
			b.WriteRune(notCommand)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isHidden says whether a character moves the cursor, changes the direction of
// writing or cannot be seen.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// notCommand looks like the # it stands for.
const notCommand = '♯'

// beginsCommand says whether the runners of GitHub or Azure would obey.
func beginsCommand(s string) bool {
	return strings.HasPrefix(s, "##[") || len(s) >= 6 && strings.EqualFold(s[:6], "##vso[")
}

// judged gives the findings with every text cleaned. Of a file whose name is redacted no
// line is shown: nothing has that name.
func (c *cleaner) judged(findings []gate.Judged) []gate.Judged {
	clean := make([]gate.Judged, len(findings))
	for i, f := range findings {
		f.Message, f.Reason = c.message(f.Message), c.text(f.Reason)
		f.Subject, f.Anchor = c.text(f.Subject), c.text(f.Anchor)
		f.Evidence, f.Facts = c.texts(f.Evidence), c.texts(f.Facts)
		f.Commit = c.commit(f.Commit)
		f.Location.Path, f.Includer = c.redact(f.Location.Path), c.redact(f.Includer)
		f.Related, f.Flow = slices.Clone(f.Related), slices.Clone(f.Flow)
		for _, places := range f.Others() {
			for k := range places {
				places[k].Message = c.message(places[k].Message)
				places[k].Location.Path = c.redact(places[k].Location.Path)
			}
		}
		if f.Fix != nil {
			fix := *f.Fix
			fix.Value = c.data(fix.Value)
			if text := fix.Replacement; text != nil && c.mask.Replace(*text) != *text {
				fix.Replacement = nil // with a mask in it, it would be another change
			}
			fix.Location.Path = c.redact(fix.Location.Path)
			f.Fix = &fix
		}
		clean[i] = f
	}
	return clean
}

// coverage gives the coverage with every text cleaned.
func (c *cleaner) coverage(coverage gate.Coverage) gate.Coverage {
	coverage.Failures = slices.Clone(coverage.Obstacles())
	for i := range coverage.Failures {
		coverage.Failures[i].Path = c.redact(coverage.Failures[i].Path)
		coverage.Failures[i].Message = c.message(coverage.Failures[i].Message)
	}
	coverage.Skipped = slices.Clone(coverage.Skipped)
	for i := range coverage.Skipped {
		coverage.Skipped[i].Path = c.redact(coverage.Skipped[i].Path)
		coverage.Skipped[i].Reason = c.text(coverage.Skipped[i].Reason)
	}
	coverage.Gaps = slices.Clone(coverage.Gaps)
	for i := range coverage.Gaps {
		coverage.Gaps[i].Location.Path = c.redact(coverage.Gaps[i].Location.Path)
		coverage.Gaps[i].Message = c.message(coverage.Gaps[i].Message)
	}
	return coverage
}
