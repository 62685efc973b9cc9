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
// GitHub and GitLab make a link or a mention of. They look for names and numbers of
// issues in what is shown, so an entity would not stop them; the character that stands
// behind @ and # is not seen.
var special = strings.NewReplacer(
	"\n", " ", "\r", " ", `\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@&#8203;", "# ", "&#35; ", "#0", "#&#8203;0", "#1", "#&#8203;1", "#2", "#&#8203;2", "#3", "#&#8203;3", "#4", "#&#8203;4",
	"#5", "#&#8203;5", "#6", "#&#8203;6", "#7", "#&#8203;7", "#8", "#&#8203;8", "#9", "#&#8203;9", "!", `\!`, "$", `\$`, "://", "&#58;//", "www.", "www&#46;",
)

// Markdown writes a text within a line or a cell of a table.
func Markdown(text string) string { return special.Replace(text) }
