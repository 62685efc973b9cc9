package gate

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Ignore is a comment in a source that lets findings of some rules pass on one line. README
// shows one: policyctl:ignore, the rules in square brackets, until= and reason=.
type Ignore struct {
	Rules  []string
	Line   int // the line whose findings it covers
	Reason string
	Until  time.Time // the last day on which it holds, at midnight UTC

	Location lint.Location // of the comment
}

// ignoreMark begins an ignore within its comment.
const ignoreMark = "policyctl:ignore"

// covers says whether a finding is the comment's, whatever the date.
func (i *Ignore) covers(f *lint.Finding) bool {
	return f.Location.Path == i.Location.Path && f.Location.Commit == i.Location.Commit && f.Location.Start.Line == i.Line && i.Line > 0 &&
		!aboutWaiver(f.Rule) && slices.ContainsFunc(i.Rules, f.Rule.Named)
}

func (i *Ignore) report(rule *lint.Rule, message string) lint.Finding {
	return lint.Finding{Rule: rule, Location: i.Location, Message: message, Anchor: ignoreMark + "[" + strings.Join(i.Rules, ",") + "]"}
}

// Ignores finds the comments of a source. One that is incomplete is a finding
// and ignores nothing. Whether the rules exist is for Judge to say.
func Ignores(src *lint.Source) ([]Ignore, []lint.Finding) {
	if !bytes.Contains(src.Data, []byte(ignoreMark)) {
		return nil, nil
	}
	var ignores []Ignore
	var findings []lint.Finding
	for n := 1; n <= src.Lines(); n++ {
		text := string(src.Line(n))
		c, ok := findComment(text, isMarkdown(src.Path))
		if !ok {
			continue
		}
		offset := src.Offset(lint.Position{Line: n, Column: 1})
		at := lint.Span{Source: src, Start: offset + c.start, End: offset + c.end}
		ignore, err := c.parse(text)
		ignore.Location = at.Location()
		if err != nil {
			findings = append(findings, ignore.report(lint.InvalidWaiver, err.Error()))
			continue
		}
		ignore.Line = n
		if c.alone {
			ignore.Line = c.next(src, n)
		}
		ignores = append(ignores, ignore)
	}
	return ignores, findings
}

// isMarkdown says whether a path is that of prose, in which # begins a heading.
func isMarkdown(name string) bool {
	return slices.Contains([]string{".md", ".mdx", ".markdown"}, strings.ToLower(path.Ext(name)))
}

// markers begin comments; those with a close must end on the same line.
var markers = []marker{{"<!--", "-->"}, {"/*", "*/"}, {"//", ""}, {"#", ""}, {"--", ""}, {";", ""}}

type marker struct{ open, close string }

// comment is an ignore found in a line.
type comment struct {
	marker
	start, end int  // of what stands in the comment, from ignoreMark on
	alone      bool // nothing else is in the line
	closed     bool
}

// findComment finds the first ignore of a line. The mark alone is not one: it
// must be what a comment begins with.
func findComment(text string, markdown bool) (comment, bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], ignoreMark)
		if i < 0 {
			return comment{}, false
		}
		start := from + i
		from = start + len(ignoreMark)
		if !attempted().MatchString(text[from:]) {
			continue
		}
		for _, m := range markers {
			head, ok := m.head(text[:start])
			if ok && !inString(head) && (!markdown || m.open == "<!--") {
				return m.comment(text, head, start), true
			}
		}
	}
}

// attempted matches what follows the mark where someone means to ignore, and
// not to write about it.
var attempted = regex.Lazy(`^(\[|\s*$|\s*(\*/|-->)|\s+[a-z]+=)`)

// head gives what stands in front of the comment, if before ends with its marker.
func (m marker) head(before string) (string, bool) {
	before = strings.TrimRight(before, " \t")
	if !strings.HasSuffix(before, m.open) {
		return "", false
	}
	if m.close != "" {
		return strings.TrimSuffix(before, m.open), true
	}
	head := strings.TrimRight(before, m.open[:1])
	return head, head == "" || strings.HasSuffix(head, " ") || strings.HasSuffix(head, "\t")
}

func (m marker) comment(text, head string, start int) comment {
	c := comment{marker: m, start: start, end: len(text), closed: true}
	tail := ""
	if m.close != "" {
		i := strings.Index(text[start:], m.close)
		c.closed = i >= 0
		if c.closed {
			c.end, tail = start+i, text[start+i+len(m.close):]
		}
	}
	c.end = start + len(strings.TrimRight(text[start:c.end], " \t"))
	// Within {{ and }} stands the comment of a Helm template.
	head = strings.TrimSuffix(strings.TrimRight(head, " \t"), "-")
	tail = strings.TrimPrefix(strings.TrimLeft(tail, " \t"), "-")
	c.alone = strings.TrimSpace(strings.TrimSuffix(head, "{{")) == "" && strings.TrimSpace(strings.TrimPrefix(tail, "}}")) == ""
	return c
}

// inString says whether a quote is open at the end of text. A quote behind a
// letter is an apostrophe.
func inString(text string) bool {
	open, last := rune(0), ' '
	for _, r := range text {
		switch {
		case last == '\\':
			last = ' '
			continue
		case open != 0 && r == open:
			open = 0
		case open == 0 && strings.ContainsRune("\"'`", r) && !isLetter(last):
			open = r
		}
		last = r
	}
	return open != 0
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// next gives the line that a comment alone on line n stands for: the next one
// that is neither blank, nor a comment of the same kind, nor the line that
// begins a YAML document. It is 0 if there is none.
func (c comment) next(src *lint.Source, n int) int {
	for n++; n <= src.Lines(); n++ {
		text := strings.TrimSpace(string(src.Line(n)))
		comment := strings.HasPrefix(text, c.open) && strings.HasSuffix(text, c.close)
		if text != "" && text != "---" && !comment {
			return n
		}
	}
	return 0
}

// parse reads what stands in the comment. Nothing of it but names is part of an
// error.
func (c comment) parse(text string) (Ignore, error) {
	var ignore Ignore
	if !c.closed {
		return ignore, fmt.Errorf("the comment must end with %s on the same line", c.close)
	}
	rest := text[c.start+len(ignoreMark) : c.end]
	names, attributes, ok := strings.Cut(strings.TrimPrefix(rest, "["), "]")
	if !strings.HasPrefix(rest, "[") || !ok {
		return ignore, errors.New("the comment names no rule, write policyctl:ignore[rule] and the ID of a rule")
	}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			return ignore, errors.New("the comment names no rule, write the ID of a rule between [ and ]")
		}
		ignore.Rules = append(ignore.Rules, name)
	}
	values, err := parseAttributes(attributes)
	if err != nil {
		return ignore, err
	}
	for _, key := range ignoreKeys {
		if values[key] == "" {
			return ignore, fmt.Errorf("the comment has no %s, write until=2027-01-31 reason=\"...\"", key)
		}
	}
	if problem := checkDay(values["until"]) + checkReason(values["reason"]); problem != "" {
		return ignore, errors.New(problem)
	}
	ignore.Reason = values["reason"]
	ignore.Until, err = parseDay(values["until"])
	return ignore, err
}

var ignoreKeys = []string{"until", "reason"}

var attribute = regex.Lazy(`^\s+([A-Za-z][\w-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))`)

func parseAttributes(text string) (map[string]string, error) {
	values := map[string]string{}
	for strings.TrimSpace(text) != "" {
		m := attribute().FindStringSubmatch(text)
		if m == nil {
			return nil, errors.New("behind the rules the comment may have until=2027-01-31 and reason=\"...\" only")
		}
		key := m[1]
		if !slices.Contains(ignoreKeys, key) {
			return nil, fmt.Errorf("unknown attribute %q%s", key, meant(key, ignoreKeys))
		}
		if _, twice := values[key]; twice {
			return nil, fmt.Errorf("the attribute %q comes twice", key)
		}
		values[key] = strings.TrimSpace(m[2] + m[3] + m[4])
		text = text[len(m[0]):]
	}
	return values, nil
}
