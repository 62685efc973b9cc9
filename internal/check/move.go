package check

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// move is an address of Terraform that has another one now: what stands there is as old
// as before.
type move struct{ from, to string }

// mostMoved bounds the moves of one document, each of which is looked for in each finding.
const mostMoved = 500

// moves are those that a document declares.
func moves(doc *lint.Document) []move {
	var all []move
	declared := doc.Root.Get("moved").List()
	for _, entry := range declared[:min(len(declared), mostMoved)] {
		all = append(all, move{entry.Get("from").Str(), entry.Get("to").Str()})
	}
	return all
}

// renamed gives the findings of the base the addresses that they have now. One may have
// moved more than once.
func renamed(findings []lint.Finding, moved []move) []lint.Finding {
	if len(moved) == 0 {
		return findings
	}
	all := make([]lint.Finding, 0, len(findings))
	for _, f := range findings {
		made := make([]string, 0, len(f.Made))
		for _, name := range f.Made {
			made = append(made, addressed(name, moved))
		}
		f.Made, f.Anchor = union(made, nil), addressed(f.Anchor, moved)
		all = append(all, f)
	}
	return lint.Identify(all)
}

func addressed(text string, moved []move) string {
	for _, m := range moved {
		text = replaceAddress(text, m.from, m.to)
	}
	return text
}

// replaceAddress replaces an address wherever it stands for itself, or begins that of what
// is within.
func replaceAddress(text, from, to string) string {
	if from == "" {
		return text
	}
	made := strings.Builder{}
	for rest, before := text, byte(0); ; {
		at := strings.Index(rest, from)
		if at < 0 {
			return made.String() + rest
		}
		if at > 0 {
			before = rest[at-1]
		}
		made.WriteString(rest[:at])
		end := at + len(from)
		if isPart(before) || before == '.' || end < len(rest) && isPart(rest[end]) {
			made.WriteString(from)
		} else {
			made.WriteString(to)
		}
		before, rest = from[len(from)-1], rest[end:]
	}
}

// isPart holds for what names are made of.
func isPart(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
