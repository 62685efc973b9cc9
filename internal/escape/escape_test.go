package escape

import "testing"

func TestCSV(t *testing.T) {
	tests := []struct{ name, cell, want string }{
		{"a word", "web", `"web"`},
		{"nothing", "", `""`},
		{"quotes and commas", `a "b", c`, `"a ""b"", c"`},
		{"a formula", `=HYPERLINK("http://x","y")`, `"'=HYPERLINK(""http://x"",""y"")"`},
		{"a sum", "+1+1", `"'+1+1"`},
		{"a difference", "-2+3", `"'-2+3"`},
		{"a mention is a formula too", "@acme/pay", `"'@acme/pay"`},
		{"a tab in front of one", "\t=1", "\"'\t=1\""},
		{"blanks in front of one", "  =1", `"'  =1"`},
		{"a minus within", "a-b", `"a-b"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := CSV(test.cell); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"the end of a cell", "a | b", `a \| b`},
		{"a line", "a\n| b |", `a \| b \|`},
		{"HTML", "<img src=x>", "&lt;img src=x&gt;"},
		{"an entity", "&lt;", "&amp;lt;"},
		{"a mention", "@acme", "@&#8203;acme"},
		{"a link", "[x](javascript:y)", `\[x\](javascript:y)`},
		{"a picture", "![x](y)", `\!\[x\](y)`},
		{"what becomes a link", "https://x www.x", "https&#58;//x www&#46;x"},
		{"code", "`x`", "\\`x\\`"},
		{"a number of an issue", "#1", "#&#8203;1"},
		{"an escape of its own", `\|`, `\\\|`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Markdown(test.text); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
