package code

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// TestWordsBeforeReading holds what Claims looks for to what is read: a form
// that no word announces would be read in some files only.
func TestWordsBeforeReading(t *testing.T) {
	for _, lang := range languages() {
		announced := func(text string) bool {
			return slices.ContainsFunc(lang.tokens, func(token string) bool { return strings.Contains(text, token) })
		}
		for _, c := range lang.calls {
			before := slices.Clone(c.before)
			slices.Reverse(before)
			text := strings.Join(slices.Concat(before, []string{c.word}, c.after), "")
			unannounced := func(need string) bool { return !announced(need) }
			if !announced(text) && (len(c.needs) == 0 || slices.ContainsFunc(c.needs, unannounced)) {
				t.Errorf("%s: no word announces %s", lang.name, text)
			}
		}
	}
}

// checkPlaces holds that the text at the place of each name is that name.
func checkPlaces(t *testing.T, src *lint.Source) {
	t.Helper()
	docs, findings := Parse([]*lint.Source{src})
	if len(findings) > 0 {
		t.Errorf("findings: %v", findings)
	}
	for _, doc := range docs {
		items := doc.Root.Get("readers").List()
		if len(items) == 0 && len(doc.Gaps) == 0 {
			t.Error("a document of nothing")
		}
		for i, item := range items {
			key := "name"
			if item.Get("kind").Str() == "address" {
				key = "text"
			}
			node := item.Get(key)
			if node.Str() == "" || string(node.Span.Text()) != node.Text || node.Span.End > len(src.Data) {
				t.Errorf("%q stands where %q is", node.Text, node.Span.Text())
			}
			place, err := doc.Locate(lint.Path{"readers", i, key}, lint.Spot{})
			if at := place.Location; err != nil || src.Offset(at.Start) != node.Span.Start && !strings.ContainsRune(string(src.Data), '\r') {
				t.Errorf("%q stands at %v, %v", node.Text, at, err)
			}
		}
		for _, gap := range doc.Gaps {
			if gap.Location.Path != src.Path || gap.Location.Start.Line > src.Lines() {
				t.Errorf("a gap at %v", gap.Location)
			}
		}
	}
}

// TestHostile has files that would take a careless reader minutes.
func TestHostile(t *testing.T) {
	const size = 100_000
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	lines := func(unit string) string { return strings.Repeat(strings.Repeat(unit, 9000/len(unit))+"\n", size/9000) }
	tests := map[string]string{
		"one line":               fill(`os.Getenv("A");process.env.A;`),
		"unclosed strings":       lines("\"\\\" '\\' `"),
		"patterns":               lines("(/["),
		"quotes":                 lines(`' "\'`),
		"comments":               lines("/* "),
		"brackets":               lines("("),
		"nested templates":       lines("`${"),
		"nested f-strings":       lines(`f"{`),
		"closing brackets":       lines("}])"),
		"heredocs":               fill("x = <<~A1B\n<<<A\n<<EOF\n"),
		"many readers":           fill("os.Getenv(\"A\")\nprocess.env.A\nos.environ['A']\n$A_B ${A_B:?}\n"),
		"computed readers":       fill("os.Getenv(a, \nprocess.env[a, \nos.environ[(\nSystem.getenv([\n"),
		"destructuring":          fill("} = process.env\n"),
		"requests":               fill("get_secret_value("),
		"requests over lines":    fill("get_secret_value(\n"),
		"requests that chain":    fill("x.getSecretValue().\n"),
		"addresses":              fill("vault({[\"https://a.vault.x\"\n"),
		"many addresses":         lines(`"https://a.b",`),
		"shell quotes":           lines("\"$(`'"),
		"shell texts":            fill("cat <<A <<B <<C\n"),
		"assignments":            lines("A_B=$A_B;export "),
		"raw strings":            fill("r##\"\n r#\"\n"),
		"nested comments":        fill("/*/**/"),
		"islands":                fill("<?php ?>\n"),
		"placeholders":           fill("a=${A:${A:\n"),
		"comments without end":   fill("=begin\n#{\n"),
		"characters":             lines("'\\"),
		"brackets of expansions": lines("${A_B:-"),
	}
	for name, text := range tests {
		for _, path := range []string{"a.go", "a.py", "a.js", "a.kt", "a.rb", "a.cs", "a.php", "a.rs", "a.sh", "application.yml"} {
			if strings.Contains(path, "php") {
				text = "<?php " + text
			}
			src := source(path, text)
			start := time.Now()
			docs, _ := Parse([]*lint.Source{src})
			if took := time.Since(start); took > 30*time.Second { // what grows with the square takes longer on any machine
				t.Errorf("%s in %s took %v", name, path, took)
			}
			for _, doc := range docs {
				if n := len(doc.Root.Get("readers").List()); n > maxReaders {
					t.Errorf("%s in %s gave %d readers", name, path, n)
				}
			}
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	tests := []struct{ name, path, text, want string }{
		{"a long line", "a.js", "process.env.A;" + long + "\nprocess.env.B", "B (1 line of more than 10 kB may read the environment and was not read)"},
		{"a long line that reads nothing", "a.js", long + "x\nprocess.env.B", "B"},
		{"a long line of a script", "a.sh", "echo $AB " + long + "\necho $CD", "CD (1 line of more than 10 kB may read the environment and was not read)"},
		{"more readers than are listed", "a.go", strings.Repeat("os.Getenv(\"A\")\n", maxReaders+1), strings.Repeat("A ", maxReaders) + "(the file reads more than 2000 names, the others were left out)"},
	}
	for _, tt := range tests {
		if got := show(t, tt.path, tt.text); got != tt.want {
			t.Errorf("%s: got %.200s", tt.name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds := []string{
		"os.Getenv(\"A\")", "x = `${process.env.A} ${`", "f\"{os.environ['A']}\" '''", "$X ${Y:?} <<E\n$Z\nE\n", "<?php \"{$_ENV['A']}\" <<<E\nE;", "r#\"\"# env!(\"A\") '\\''",
		"get_secret_value(SecretId=\"a\")", "vault(\"https://u:p@vault?x\")", "const {A, B: b = 1} = process.env", "x = <<~E\n#{ENV['A']}\nE\n", "$@\"{Environment.GetEnvironmentVariable(\"A\")}\"",
		"@Value(\"${A:x}\") springframework", "/[/]/.x / 2", "VAULT_ADDR='https://a@b'", "\n=begin\n=end\nENV['A']",
	}
	for i, seed := range seeds {
		for _, suffix := range []string{".go", ".py", ".js", ".kt", ".rb", ".cs", ".php", ".rs", ".sh", ".yml"} {
			f.Add(fmt.Sprintf("application%d%s", i, suffix), seed)
		}
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		checkPlaces(t, source(path, text))
		checkPlaces(t, source("application.yml", text))
	})
}
