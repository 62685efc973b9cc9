package inventory

import (
	"encoding/csv"
	"html"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// row is a secret that has a text wherever one can stand.
func row(text string) List {
	return List{Secrets: []Secret{{
		Name: text, State: text, Class: text, Owner: text, Risk: text, Environments: []string{text}, Stores: []string{text, text},
		Lifetime: text, Rotated: text, Due: text, Problems: []string{text}, File: text, Line: 1, Consumers: 3,
	}}}
}

var hostile = []string{
	"plain", "", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", `a"b`, "a,b", "a;=1", "a\nb", "|", `\|`, "`", "<b>", "a\\", "é世界", "[x](javascript:y)", "'=1", "\xff", "@a", "\t#1", "# 1",
}

func FuzzCSV(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := row(text)
		var b strings.Builder
		if err := l.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(fields) {
			t.Fatalf("%q: %v, %d rows", b.String(), err, len(rows))
		}
		plain := strings.NewReplacer("\r\n", "\n").Replace // as the reader does
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q begins like a formula", cell)
			}
			want := plain(fields[i].of(l.Secrets[0]))
			if cell != want && cell != "'"+want && plain(cell) != want {
				t.Errorf("%q became %q", want, cell)
			}
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := row(text)
		var b strings.Builder
		if err := l.WriteMarkdown(&b); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(lines) != 3 {
			t.Fatalf("%d lines of %q", len(lines), text)
		}
		cells, markup := read(strings.NewReplacer("@&#8203;", "@", "#&#8203;", "#").Replace(lines[2])) // nobody and nothing is mentioned
		if markup != "" {
			t.Errorf("%q is left with %q", text, markup)
		}
		var want []string
		for _, field := range fields {
			want = append(want, strings.NewReplacer("\n", " ", "\r", " ").Replace(field.of(l.Secrets[0])))
		}
		if !slices.Equal(cells, want) {
			t.Errorf("%q became %q", want, cells)
		}
	})
}

// read takes a row of a table apart, and gives what in it would be markup.
func read(line string) (cells []string, markup string) {
	cell := ""
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line) && strings.IndexByte("\\|`*_~[]!$", line[i+1]) >= 0:
			i++
			cell += string(line[i : i+1])
		case c == '|':
			cells = append(cells, html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(cell, " "), " ")))
			cell = ""
		case strings.IndexByte("\\`*_~[]<>", c) >= 0:
			markup += string(rune(c))
		default:
			cell += line[i : i+1]
		}
	}
	return cells[1:], markup
}

func TestTableIsNoWiderThanATerminal(t *testing.T) {
	long := strings.Repeat("a-very-long-name-", 10)
	l := List{}
	for _, text := range append(slices.Clone(hostile), long, strings.Repeat("世", 60)) {
		l.Secrets = append(l.Secrets, row(strings.ToValidUTF8(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text), "?")).Secrets...)
	}
	l.Secrets[3].Consumers, l.Secrets[4].Interval, l.Secrets[4].Environments = 123_456, 7_776_061, []string{"development", "integration", "production"}
	var b strings.Builder
	if err := l.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) != len(l.Secrets)+4 {
		t.Errorf("%d lines for %d secrets", len(lines), len(l.Secrets))
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
