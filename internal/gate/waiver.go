package gate

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Waiver lets findings of one rule pass at one place for a time. Someone owns
// it and gave a reason.
type Waiver struct {
	Rule    string    // ID, or a former one
	Path    string    // glob, ** for any number of folders
	Subject string    // optional: the finding's subject, or where its anchor begins
	Owner   string    // who answers for it
	Reason  string    // why the finding may stay
	Until   time.Time // the last day on which it holds, at midnight UTC

	Fingerprint string // optional: of the one finding that it is for
	New         bool   // it holds for what a change brings, not only for what is there

	Location lint.Location // where it is written
}

// minReason is the length below which a reason says nothing ("ok", "later").
const minReason = 10

// covers says whether a finding is the waiver's, whatever the date.
func (w *Waiver) covers(f *lint.Finding) bool {
	return f.Rule.Named(w.Rule) && !aboutWaiver(f.Rule) && matches(w.Path, f.Location.Path) && within(f, w.Subject) &&
		(w.Fingerprint == "" || w.Fingerprint == f.Fingerprint)
}

// pins says whether a waiver that covers a finding names it so narrowly that it cannot
// have been meant for another: by its fingerprint, or by its file and, if it has one, its
// subject. No credential is named by that: at its place another one may come to stand,
// and the fingerprint, which anybody may see, says nothing about its value.
func (w *Waiver) pins(f *lint.Finding) bool {
	named := w.Path == f.Location.Path && (w.Subject != "" || f.Subject == "")
	return (w.Fingerprint != "" || named) && !isCredential(f)
}

// isCredential says whether a finding is about a value, not only about a place.
func isCredential(f *lint.Finding) bool { return f.Tag != "" || f.Rule.PointsAtSecret() }

// within says whether a finding is about a subject or a part of it. An anchor
// is a subject and parts: Deployment/default/web › containers[web].
func within(f *lint.Finding, subject string) bool {
	if subject == "" || subject == f.Subject {
		return true
	}
	rest, ok := strings.CutPrefix(f.Anchor, subject)
	return ok && (rest == "" || strings.HasPrefix(rest, " › ") || strings.HasPrefix(rest, "["))
}

func (w *Waiver) report(rule *lint.Rule, message string) lint.Finding {
	return lint.Finding{Rule: rule, Location: w.Location, Message: message,
		Anchor: fmt.Sprintf("waivers[%s %s %s]", w.Rule, w.Path, w.Subject+w.Fingerprint)}
}

// matches says whether a glob matches a path; one that is malformed does not.
func matches(glob, path string) bool {
	ok, err := doublestar.Match(glob, path)
	return ok && err == nil
}

// ReadWaivers reads the file of waivers. One that is incomplete or names no
// rule of rules is a finding and waives nothing. A file that cannot be parsed
// is an error.
func ReadWaivers(src *lint.Source, rules []*lint.Rule) ([]Waiver, []lint.Finding, error) {
	docs, problems := yaml.Read(src)
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("%s: %s", problems[0].Location, problems[0].Message)
	}
	r := &waiverReader{rules: rules}
	for i, doc := range docs {
		if i > 0 {
			r.invalid(doc.Span, "---", "only the first document is read, move its waivers there")
			break
		}
		r.file(doc)
	}
	return r.waivers, r.findings, nil
}

var waiverKeys = []string{"rule", "path", "subject", "fingerprint", "new", "owner", "reason", "until"}

type waiverReader struct {
	rules    []*lint.Rule
	waivers  []Waiver
	findings []lint.Finding
}

func (r *waiverReader) invalid(at lint.Span, anchor, message string) {
	f := at.Report(lint.InvalidWaiver, message)
	f.Anchor = anchor
	r.findings = append(r.findings, f)
}

func (r *waiverReader) file(doc *lint.Node) {
	if doc.Kind != lint.Object {
		r.invalid(doc.Span, "", `want an object with the key "waivers"`)
		return
	}
	r.keys(doc, "", []string{"waivers"})
	list := doc.Get("waivers")
	if list == nil || list.Kind == lint.Null {
		return
	}
	if list.Kind != lint.List {
		r.invalid(doc.Field("waivers").Span, "waivers", `want a list under "waivers"`)
		return
	}
	for _, item := range list.Items {
		r.waiver(item)
	}
}

// keys reports the keys of an object that mean nothing.
func (r *waiverReader) keys(object *lint.Node, anchor string, allowed []string) {
	for _, field := range object.Fields {
		if !slices.Contains(allowed, field.Key) {
			r.invalid(field.Span, anchor+field.Key, fmt.Sprintf("unknown key %q%s", field.Key, meant(field.Key, allowed)))
		}
	}
}

// waiver reads one waiver, and keeps it if nothing is wrong with it.
func (r *waiverReader) waiver(item *lint.Node) {
	if item.Kind != lint.Object || len(item.Fields) == 0 {
		r.invalid(item.Span, "waivers[]", "a waiver is an object with the keys rule, path, owner, reason and until")
		return
	}
	before := len(r.findings)
	f := fields{r, item, fmt.Sprintf("waivers[%s %s] › ", item.Get("rule").Str(), item.Get("path").Str())}
	r.keys(item, f.anchor, waiverKeys)
	w := Waiver{
		Rule:     f.text("rule", r.rule),
		Path:     f.text("path", checkGlob),
		Owner:    f.text("owner", nil),
		Reason:   f.text("reason", checkReason),
		Location: item.Fields[0].Span.Location(),
	}
	if item.Field("subject") != nil {
		w.Subject = f.text("subject", nil)
	}
	if item.Field("fingerprint") != nil {
		w.Fingerprint = f.text("fingerprint", checkFingerprint)
	}
	w.New = item.Field("new") != nil && f.text("new", checkNew) != ""
	w.Until, _ = parseDay(f.text("until", checkDay))
	if len(r.findings) == before {
		r.waivers = append(r.waivers, w)
	}
}

func (r *waiverReader) rule(name string) string { return unknownRule(name, r.rules) }

// fields reads the texts of one waiver.
type fields struct {
	r      *waiverReader
	item   *lint.Node
	anchor string
}

// text gives the text under a key. It reports a text that is missing or that
// check objects to.
func (f fields) text(key string, check func(string) string) string {
	field := f.item.Field(key)
	if field == nil {
		f.r.invalid(f.item.Fields[0].Span, f.anchor+key, fmt.Sprintf("the waiver has no %q", key))
		return ""
	}
	text := strings.TrimSpace(field.Value.Str())
	if text == "" {
		f.r.invalid(field.Span, f.anchor+key, fmt.Sprintf("%q must be a text that is not empty", key))
		return ""
	}
	if check == nil {
		return text
	}
	if problem := check(text); problem != "" {
		f.r.invalid(field.Value.Span, f.anchor+key, problem)
	}
	return text
}

func checkGlob(glob string) string {
	switch {
	case !doublestar.ValidatePattern(glob):
		return fmt.Sprintf("%q is no pattern for paths", glob)
	case strings.HasSuffix(glob, "/"):
		return fmt.Sprintf("%q is a folder and matches no file, write %q", glob, glob+"**")
	case path.IsAbs(glob) || path.Clean(glob) != glob || strings.HasPrefix(glob, ".."):
		return fmt.Sprintf("%q never matches: paths begin at the root of the repository, without / or ./ in front", glob)
	default:
		return ""
	}
}

func checkFingerprint(text string) string {
	if !fingerprint().MatchString(text) {
		return "this is no fingerprint, want the 32 digits that reports give"
	}
	return ""
}

var fingerprint = regex.Lazy(`^[0-9a-f]{32}$`)

func checkNew(text string) string {
	if text != "allow" {
		return "new says whether the waiver holds for what a change brings: write allow, or leave it out"
	}
	return ""
}

func checkReason(reason string) string {
	if utf8.RuneCountInString(reason) < minReason {
		return fmt.Sprintf("the reason is shorter than %d characters, say why the finding may stay", minReason)
	}
	return ""
}

func checkDay(text string) string {
	if _, err := parseDay(text); err != nil {
		return "until is no date, want one such as 2027-01-31"
	}
	return ""
}

func parseDay(text string) (time.Time, error) { return time.Parse(time.DateOnly, text) }
