// Package escape writes texts that somebody else chose so that a spreadsheet or
// Markdown shows them and does nothing else with them.
package escape

import "strings"

// CSV writes a cell as RFC 4180 has it. It is always quoted, so that no program takes
// another character for what separates cells. Spreadsheets run what begins like a
// formula, also behind a tab or line break; an apostrophe makes it text.
func CSV(cell string) string {
	if start := strings.TrimLeft(cell, " "); start != "" && strings.ContainsRune("=+-@\t\r\n", rune(start[0])) {
		cell = "'" + cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}

// special are the characters that mean something to Markdown within a line, and what
// GitHub and GitLab make a link or a mention of. The character that stands behind @ is
// not seen.
var special = strings.NewReplacer(
	"\n", " ", "\r", " ", `\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@&#8203;", "# ", "&#35; ", "#0", "&#35;0", "#1", "&#35;1", "#2", "&#35;2", "#3", "&#35;3", "#4", "&#35;4",
	"#5", "&#35;5", "#6", "&#35;6", "#7", "&#35;7", "#8", "&#35;8", "#9", "&#35;9", "!", `\!`, "$", `\$`, "://", "&#58;//", "www.", "www&#46;",
)

// Markdown writes a text within a line or a cell of a table.
func Markdown(text string) string { return special.Replace(text) }
