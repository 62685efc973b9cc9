package inventory

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/contract"
)

// width is that of a table: what is wider wraps in most terminals, and then no
// column can be read.
const width = 120

// column is one of the table. least is the width below which it says nothing.
type column struct {
	title string
	least int
	cell  func(s Secret, width int) string // as much as goes into the width, if it can be said shorter
}

var columns = []column{
	{"NAME", 16, func(s Secret, width int) string { return middle(s.short(), width) }},
	{"STATE", 10, func(s Secret, width int) string { return first(s.trouble(), width) }},
	{"OWNER", 8, func(s Secret, width int) string { return start(s.Owner, width) }},
	{"CLASS", 10, func(s Secret, width int) string { return start(s.sort(), width) }},
	{"RISK", 8, func(s Secret, width int) string { return start(s.Risk, width) }},
	{"ENV", 8, func(s Secret, width int) string { return first(s.Environments, width) }},
	{"STORES", 8, func(s Secret, width int) string { return first(s.Stores, width) }},
	{"USES", 4, func(s Secret, width int) string { return start(strconv.Itoa(s.Consumers), width) }},
	{"ROTATES", 7, func(s Secret, width int) string { return start(s.rotates(), width) }},
	{"ROTATED", 10, func(s Secret, width int) string { return start(s.Rotated, width) }},
	{"DUE", 10, func(s Secret, width int) string { return start(s.Due, width) }},
}

// short is the name without the sort of slot, which is the class of what has none.
func (s Secret) short() string {
	if s.State == undeclared {
		_, name, _ := strings.Cut(s.Name, ":")
		return name
	}
	return s.Name
}

func (s Secret) sort() string {
	if s.State == undeclared {
		kind, _, _ := strings.Cut(s.Name, ":")
		return kind
	}
	return s.Class
}

// trouble is what is wrong, and the state where that is no usual one.
func (s Secret) trouble() []string {
	words := slices.Clone(s.Problems)
	if !slices.Contains(words, s.State) && (len(words) == 0 || s.State != "active") {
		words = append(words, s.State)
	}
	return words
}

// rotates says how long a value stays: until it is rotated, or by itself.
func (s Secret) rotates() string {
	if s.TTL > 0 && s.Lifetime != "static" {
		return "ttl " + contract.Duration(s.TTL)
	}
	return contract.Duration(s.Interval)
}

// WriteTable writes for people: one line for each secret, none longer than 120
// columns. What does not fit is cut; other formats have it whole.
func (l List) WriteTable(w io.Writer) error {
	widths := l.widths()
	var b strings.Builder
	line := func(cell func(column, int) string) {
		var parts []string
		for i, c := range columns {
			if widths[i] > 0 {
				text := cell(c, widths[i])
				parts = append(parts, text+strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)))
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(parts, "  "), " ") + "\n")
	}
	if len(l.Secrets) > 0 {
		line(func(c column, _ int) string { return c.title })
	}
	for _, s := range l.Secrets {
		line(func(c column, width int) string { return c.cell(s, width) })
	}
	if len(l.Secrets) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(l.summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// widths gives each column what it needs, and while that is too much takes from
// the one that is furthest above its least. Columns without content have none.
func (l List) widths() []int {
	widths := make([]int, len(columns))
	total := -2
	for i, c := range columns {
		for _, s := range l.Secrets {
			widths[i] = max(widths[i], utf8.RuneCountInString(c.cell(s, width)))
		}
		if widths[i] > 0 {
			widths[i] = max(widths[i], len(c.title))
			total += widths[i] + 2
		}
	}
	for ; total > width; total-- {
		widest := 0
		for i, c := range columns {
			if widths[i]-c.least > widths[widest]-columns[widest].least {
				widest = i
			}
		}
		widths[widest]--
	}
	return widths
}

// start cuts what is too long.
func start(text string, width int) string {
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return text
}

// middle cuts in the middle: the end of the name of a slot says most.
func middle(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	end := (width - 1) / 2
	return string(runes[:width-1-end]) + "…" + string(runes[len(runes)-end:])
}

// first lists words, or as many as there is room for and the number of the others.
func first(words []string, width int) string {
	for n := len(words); n > 1; n-- {
		text := strings.Join(words[:n], ",")
		if n < len(words) {
			text += fmt.Sprintf(" +%d", len(words)-n)
		}
		if utf8.RuneCountInString(text) <= width {
			return text
		}
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return start(words[0], width)
	}
	more := fmt.Sprintf(" +%d", len(words)-1)
	return start(words[0], width-len(more)) + more
}

func (l List) summary() string {
	count := map[string]int{}
	for _, s := range l.Secrets {
		for _, problem := range s.Problems {
			count[problem]++
		}
	}
	text := fmt.Sprintf("%d secrets", len(l.Secrets))
	if len(l.Secrets) == 1 {
		text = "1 secret"
	}
	for _, problem := range []string{undeclared, proposed, orphaned, overdue, expired} {
		if count[problem] > 0 {
			text += fmt.Sprintf(", %d %s", count[problem], problem)
		}
	}
	return text
}
