package github

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/escape"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/reports"
)

// Lengths of what is shown. GitHub takes 65,535 characters.
const (
	maxText    = 60_000
	maxMessage = 500
	maxListed  = 100
)

// Post is a report and how to post it.
type Post struct {
	reports.Report        // its paths begin at the root of the repository
	Category       string // tells reports on one commit apart
	WarnOnly       bool   // what blocks is shown, and does not block
}

// categoryForm keeps a category within a marker, and a marker within a comment.
var categoryForm = regex.Lazy(`^[A-Za-z0-9_]([A-Za-z0-9_./ -]{0,98}[A-Za-z0-9_])?$`)

// Check says what is wrong with how to post.
func (p Post) Check() error {
	if !categoryForm().MatchString(p.Category) || strings.Contains(p.Category, "--") {
		return fmt.Errorf("the category is %q, want up to 100 letters, digits and _ . / - between them", p.Category)
	}
	return nil
}

// plain makes a text of a report one line that no reader obeys, without a credential.
func (p Post) plain(text string) string {
	if p.Redact != nil {
		text = p.Redact(text)
	}
	return reports.Plain(text)
}

// markdown gives a text of a report as Markdown that shows it.
func (p Post) markdown(text string) string {
	text = p.plain(text)
	if utf8.RuneCountInString(text) > maxMessage {
		text = string([]rune(text)[:maxMessage]) + "…"
	}
	return escape.Markdown(text)
}

// code gives a text of a report as a span of code.
func (p Post) code(text string) string {
	text = p.plain(text)
	if utf8.RuneCountInString(text) > maxMessage {
		text = string([]rune(text)[:maxMessage]) + "…"
	}
	fence := strings.Repeat("`", longest(text, '`')+1)
	return fence + " " + text + " " + fence
}

// longest is the length of the longest run of a character.
func longest(text string, of rune) int {
	most, run := 0, 0
	for _, r := range text {
		if r != of {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}

var fingerprintForm = regex.Lazy(`^[0-9a-f]{32}$`)

// identity gives what tells a finding from all others of the repository. A
// report can say anything, and a marker must not end early.
func (p Post) identity(f *gate.Judged) string {
	if fingerprintForm().MatchString(f.Fingerprint) {
		return f.Fingerprint
	}
	return digest(f.Fingerprint)
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// marker is what we know our own comments by. Nobody sees it.
func marker(identity string) string { return "<!-- policyctl:" + identity + " -->" }

// open gives the findings that nobody has accepted, what matters most first.
func (p Post) open() []*gate.Judged {
	var open []*gate.Judged
	for i := range p.Verdict.Findings {
		if f := &p.Verdict.Findings[i]; f.Status == gate.Blocking || f.Status == gate.Minor {
			open = append(open, f)
		}
	}
	slices.SortStableFunc(open, func(a, b *gate.Judged) int {
		return cmp.Or(int(a.Status)-int(b.Status), int(b.Rule.Severity)-int(a.Rule.Severity), a.Compare(&b.Finding))
	})
	return open
}

// title says in one line how it stands.
func (p Post) title() string {
	v := p.Verdict
	switch v.Status() {
	case gate.ExitPassed:
		return "passed: nothing blocks"
	case gate.ExitBlocked:
		if p.WarnOnly {
			return count(v.Count(gate.Blocking), "finding") + " would block"
		}
		return "blocked: " + count(v.Count(gate.Blocking), "finding")
	default:
		return "not checked: this is no pass"
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// summary is the head of everything that is posted: the verdict, how many
// findings there are, and what could not be checked.
func (p Post) summary() string {
	v := p.Verdict
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** %s\n\n", p.Category, p.title())
	fmt.Fprintf(&b, "%s: %d blocking, %d minor, %d waived, %d existing.\n", count(len(v.Findings), "finding"),
		v.Count(gate.Blocking), v.Count(gate.Minor), v.Count(gate.Waived), v.Count(gate.Existing))
	obstacles := v.Coverage.Obstacles()
	for i, failure := range obstacles {
		if i == maxObstacles {
			fmt.Fprintf(&b, "\n- and %d more\n", len(obstacles)-i)
			break
		}
		fmt.Fprintf(&b, "\n- could not check: %s", p.markdown(strings.TrimSpace(failure.Path+" "+failure.Message)))
	}
	p.gate(&b)
	return b.String() + "\n"
}

const (
	maxObstacles = 10
	maxChanged   = 20
)

// gate says what the change makes of the settings by which later ones are judged.
func (p Post) gate(b *strings.Builder) {
	changed := p.Verdict.Settings.Changed
	if len(changed) == 0 {
		return
	}
	fmt.Fprint(b, "\n**The change alters the gate, once it is merged:**\n\n")
	for i, name := range changed {
		if i == maxChanged {
			fmt.Fprintf(b, "- and %d more\n", len(changed)-i)
			break
		}
		fmt.Fprintf(b, "- %s\n", p.code(name))
	}
	if then := p.Verdict.Settings.Then; then >= 0 {
		fmt.Fprintf(b, "\nBy its settings %d would block.\n", then)
	}
}

// item is a finding in a list.
func (p Post) item(t Target, f *gate.Judged) string {
	return fmt.Sprintf("- %s **%s** %s %s\n", p.link(t, f.Location), f.Rule.Severity, p.markdown(f.Message), p.code(f.Rule.ID))
}

// list gives findings as a list, within what GitHub takes and people read, and
// how many of them it holds.
func (p Post) list(t Target, findings []*gate.Judged, room int) (string, int) {
	var b strings.Builder
	for i, f := range findings {
		item := p.item(t, f)
		if i == maxListed || b.Len()+len(item) > room {
			fmt.Fprintf(&b, "- and %d more\n", len(findings)-i)
			return b.String(), i
		}
		b.WriteString(item)
	}
	return b.String(), len(findings)
}

// link names a place, and leads there if it is in the commit.
func (p Post) link(t Target, l lint.Location) string {
	name := p.code(l.String())
	revision := cmp.Or(l.Commit, t.Head)
	if t.Server == "" || !commit().MatchString(revision) || path.Clean("/"+l.Path) != "/"+l.Path || p.plain(l.Path) != l.Path {
		return name
	}
	fragment := ""
	if l.Start.Line > 0 {
		fragment = fmt.Sprintf("#L%d", l.Start.Line)
	}
	return fmt.Sprintf("[%s](%s/%s/%s/blob/%s/%s%s)", name, t.Server, t.Owner, t.Name, revision, escaped(l.Path), fragment)
}

// escaped gives a path as part of a URL in Markdown.
func escaped(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = strings.NewReplacer("+", "%20").Replace(url.QueryEscape(parts[i]))
	}
	return strings.Join(parts, "/")
}
