package gate

import "strings"

// Move is an address of Terraform that has another one now: what stands there is as old
// as before.
type Move struct{ From, To string }

// Apply gives a text with the address that the thing has now.
func (m Move) Apply(text string) string { return replaceAddress(text, m.From, m.To) }

// mostMoves bounds how often one thing has moved.
const mostMoves = 20

// addressed gives a text with the addresses that things have now.
func addressed(text string, moved []Move) string {
	for range mostMoves {
		before := text
		for _, m := range moved {
			text = replaceAddress(text, m.From, m.To)
		}
		if text == before {
			break
		}
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
