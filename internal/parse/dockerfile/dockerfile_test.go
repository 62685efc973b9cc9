package dockerfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/policyctl/policyctl/internal/lint"
)

// decoded reads JSON as lint.Node gives it, with numbers as they are written.
func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestInputHasTheShapeThatPoliciesExpect(t *testing.T) {
	data, err := os.ReadFile("testdata/shape.Dockerfile.sample")
	if err != nil {
		t.Fatal(err)
	}
	docs, findings := Parse([]*lint.Source{{Path: "shape.Dockerfile", Data: data}}, nil)
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents and findings %v", len(docs), findings)
	}
	golden, err := os.ReadFile("testdata/shape.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, golden), docs[0].Root.Plain()); diff != "" {
		got, _ := json.MarshalIndent(docs[0].Root.Plain(), "", "  ")
		t.Errorf("-want +got\n%s\n%s", diff, got)
	}
	if docs[0].Platform != "dockerfile" || docs[0].Name != "" || len(docs[0].Gaps) != 0 {
		t.Errorf("platform %q, name %q, gaps %v", docs[0].Platform, docs[0].Name, docs[0].Gaps)
	}
}

func TestEveryValueStandsWhereItIsSaidToStand(t *testing.T) {
	tests := []struct {
		name string
		file string
		path lint.Path
		want string // text of the place
		line int
	}{
		{"a value in quotes keeps them in its place", "FROM a\nENV A=\"b c\" D='e'\n", lint.Path{"pairs", 0, "value"}, `"b c"`, 2},
		{"the second pair", "FROM a\nENV A=\"b c\" D='e'\n", lint.Path{"pairs", 1, "value"}, `'e'`, 2},
		{"the name of a pair", "FROM a\nENV A=b\n", lint.Path{"pairs", 0, "key"}, "A", 2},
		{"an empty value", "FROM a\nENV A= B=c\n", lint.Path{"pairs", 0, "value"}, "", 2},
		{"the old form without an equal sign", "FROM a\nENV A  b c \n", lint.Path{"pairs", 0, "value"}, "b c", 2},
		{"behind a continuation", "FROM a\nENV A=b \\\n  # no\n\n  B=c\n", lint.Path{"pairs", 1, "value"}, "c", 5},
		{"across a continuation", "FROM a\nENV A=b\\\nc\n", lint.Path{"pairs", 0, "value"}, "b\\\nc", 2},
		{"with the other escape character", "# escape=`\nFROM a\nENV A=b `\n  B=c\\d\n", lint.Path{"pairs", 1, "value"}, `c\d`, 4},
		{"with carriage returns", "FROM a\r\nENV A=b \\\r\n B=c\r\n", lint.Path{"pairs", 1, "value"}, "c", 3},
		{"behind a byte order mark", "\ufeffFROM a\nUSER é\n", lint.Path{"user"}, "é", 2},
		{"a word of the JSON form", "FROM a\nCOPY [\"a b\", \"c\"]\n", lint.Path{"sources", 0}, `"a b"`, 2},
		{"the destination", "FROM a\nCOPY --chown=x a b c\n", lint.Path{"destination"}, "c", 2},
		{"a flag", "FROM a\nRUN --mount=type=secret,id=x cat y\n", lint.Path{"flags", 0, "value"}, "type=secret,id=x", 2},
		{"a heredoc", "FROM a\nCOPY <<X <<-Y /z\nb\nX\n\tc\n\tY\n", lint.Path{"heredocs", 1, "content"}, "\tc\n", 5},
		{"a word of a script", "FROM a\nRUN a && \\\n  b -u 'c d'\n", lint.Path{"commands", 1, "words", 2}, "'c d'", 3},
		{"a word of a script in a heredoc", "FROM a\nRUN <<EOF\nset -e\nb c\nEOF\n", lint.Path{"commands", 1, "words", 1}, "c", 4},
		{"a word of a script within a word", "FROM a\nRUN sh -c \"b \\\"c\\\"\"\n", lint.Path{"commands", 1, "words", 1}, `\"c\"`, 2},
		{"a word of a script within the JSON form", `FROM a` + "\n" + `RUN ["sh", "-c", "b \"c\u0064\""]` + "\n", lint.Path{"commands", 1, "words", 1}, `\"c\u0064\"`, 2},
		{"a word of a script that a shell reads", "FROM a\nRUN bash -e <<EOF\nb c\nEOF\n", lint.Path{"commands", 1, "words", 1}, "c", 3},
		{"an assignment", "FROM a\nRUN export A=b\n", lint.Path{"commands", 0, "assignments", 0, "value"}, "b", 2},
		{"a redirection", "FROM a\nRUN a > b\n", lint.Path{"commands", 0, "redirects", 0, "target"}, "b", 2},
		{"a variable", "FROM a\nRUN a ${B}\n", lint.Path{"variables", 0}, "B", 2},
		{"an instruction behind ONBUILD", "FROM a\nONBUILD ENV A=b\n", lint.Path{"pairs", 0, "value"}, "b", 2},
		{"the command of a health check", "FROM a\nHEALTHCHECK --interval=5s CMD a b\n", lint.Path{"command"}, "a b", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := sound(t, test.file)
			path := append(lint.Path{"stages", 0, "instructions", 0}, test.path...)
			place, err := doc.Locate(path, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			src := &lint.Source{Data: []byte(test.file)}
			at := place.Location
			if got := test.file[src.Offset(at.Start):src.Offset(at.End)]; got != test.want || at.Start.Line != test.line {
				t.Errorf("got %q in line %d, want %q in line %d", got, at.Start.Line, test.want, test.line)
			}
		})
	}
}

// sound parses a file that is expected to be without fault.
func sound(t *testing.T, file string) *lint.Document {
	t.Helper()
	docs, findings := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte(file)}}, nil)
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents and findings %v", len(docs), findings)
	}
	return docs[0]
}

func TestValuesLoseQuotesAndKeepReferences(t *testing.T) {
	tests := []struct {
		name, word string
		want       string
		references []string
	}{
		{"plain", `a`, "a", nil},
		{"double quotes", `"a b"`, "a b", nil},
		{"single quotes", `'a "b"'`, `a "b"`, nil},
		{"quotes in the middle", `a"b"'c'`, "abc", nil},
		{"an escaped blank", `a\ b`, "a b", nil},
		{"an escaped quote", `"a\"b"`, `a"b`, nil},
		{"a backslash that escapes nothing", `"a\b"`, `a\b`, nil},
		{"a reference", `$A`, "$A", []string{"A"}},
		{"references in text", `a${B}c"$D"`, "a${B}c$D", []string{"B", "D"}},
		{"a reference with a default", `${A:-b}`, "${A:-b}", []string{"A"}},
		{"a dollar sign in single quotes", `'$A'`, "$A", nil},
		{"an escaped dollar sign", `\$A`, "$A", nil},
		{"a dollar sign alone", `a$`, "a$", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pair := sound(t, "FROM a\nENV A="+test.word+"\n").Root.Get("stages").Items[0].Get("instructions").Items[0].Get("pairs").Items[0].Plain()
			want := map[string]any{"key": "A", "value": test.want}
			if len(test.references) > 0 {
				var list []any
				for _, name := range test.references {
					list = append(list, name)
				}
				want["references"] = list
			}
			if diff := cmp.Diff(want, pair); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCommandsOfScripts(t *testing.T) {
	tests := []struct {
		name, run string
		want      string
	}{
		{"a list", "a b && c || d; e", `[{"words":["a","b"]},{"words":["c"]},{"words":["d"]},{"words":["e"]}]`},
		{"a pipeline", "a | b | c", `[{"words":["a"],"pipeline":1},{"words":["b"],"pipeline":1},{"words":["c"],"pipeline":1}]`},
		{"a group in a pipeline", "(a; b) | c", `[{"words":["a"],"pipeline":1},{"words":["b"],"pipeline":1},{"words":["c"],"pipeline":1}]`},
		{"two pipelines", "a | b; c | d", `[{"words":["a"],"pipeline":1},{"words":["b"],"pipeline":1},{"words":["c"],"pipeline":2},{"words":["d"],"pipeline":2}]`},
		{"a substitution within a pipeline", "a $(b) | c", `[{"words":["a","$(b)"],"pipeline":1},{"words":["b"]},{"words":["c"],"pipeline":1}]`},
		{"an assignment before a command", "A=b c", `[{"words":["c"],"assignments":[{"name":"A","value":"b"}]}]`},
		{"a declaration", "export A=b C", `[{"words":["export"],"assignments":[{"name":"A","value":"b"}]}]`},
		{"quotes and escapes", `a 'b c' "d \"$E\"" f\ g`, `[{"words":["a","b c","d \"$E\"","f g"]}]`},
		{"branches", "if a; then b; else c; fi", `[{"words":["a"]},{"words":["b"]},{"words":["c"]}]`},
		{"a shell within", `sudo bash -ec 'a | b'`, `[{"words":["sudo","bash","-ec","a | b"]},{"words":["a"],"pipeline":1},{"words":["b"],"pipeline":1}]`},
		{"redirections", "a >b 2>&1 <<<c", `[{"words":["a"],"redirects":[{"operator":">","target":"b"},{"operator":">&","target":"1"},{"operator":"<<<","target":"c"}]}]`},
		{"a heredoc for a command", "cat <<X >y\na\nX", `[{"words":["cat"],"redirects":[{"operator":"<<","target":"X","content":"a\n"},{"operator":">","target":"y"}]}]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run := sound(t, "FROM a\nRUN "+test.run+"\n").Root.Get("stages").Items[0].Get("instructions").Items[0]
			if diff := cmp.Diff(decoded(t, []byte(test.want)), run.Get("commands").Plain()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatBuildKitRefusesIsAFinding(t *testing.T) {
	tests := []struct {
		name, file string
		want       string
	}{
		{"an empty file", "", "Dockerfile:1:1: the file has no instructions"},
		{"a comment alone", "# a\n", "Dockerfile:1:1: the file has no instructions"},
		{"no FROM", "ARG A\n", "Dockerfile:1:1: the file has no FROM, so nothing can be built from it"},
		{"an instruction before FROM", "RUN a\nFROM b\n", "Dockerfile:1:1: nothing but ARG may stand before the first FROM"},
		{"an unknown instruction", "FROM a\n  RUM b\n", "Dockerfile:2:3: the instruction is unknown, did you mean RUN?"},
		{"FROM with two words", "FROM a b\n", "Dockerfile:1:1: FROM needs an image, and AS before a name"},
		{"an instruction without arguments", "FROM a\nUSER\n", "Dockerfile:2:1: the instruction needs an argument"},
		{"COPY without a destination", "FROM a\nCOPY a\n", "Dockerfile:2:1: the instruction needs a source and a destination"},
		{"a word without an equal sign", "FROM a\nENV A=b correct-horse\n", "Dockerfile:2:1: the instruction mixes name=value with other words, quote values that contain blanks"},
		{"a name without a value", "FROM a\n  ENV A\n", "Dockerfile:2:3: the instruction needs a name and a value"},
		{"a heredoc without an end", "FROM a\nRUN <<X\nb\n", "Dockerfile:2:1: the heredoc does not end, write its name on a line of its own"},
		{"a list of numbers", "FROM a\nCMD [1]\n", "Dockerfile:2:1: the list has to contain strings only"},
		{"a wrong escape directive", "# escape=x\nFROM a\n", "Dockerfile:1:1: the escape directive has to be \\ or `"},
		{"SHELL that is no list", "FROM a\nSHELL sh -c\n", "Dockerfile:2:7: SHELL needs a JSON list of a program and its flags"},
		{"HEALTHCHECK of another kind", "FROM a\nHEALTHCHECK curl x\n", "Dockerfile:2:13: HEALTHCHECK needs CMD or NONE"},
		{"HEALTHCHECK without a command", "FROM a\nHEALTHCHECK CMD\n", "Dockerfile:2:13: HEALTHCHECK CMD needs a command"},
		{"ONBUILD FROM", "FROM a\nONBUILD FROM b\n", "Dockerfile:2:1: the instruction may not stand behind ONBUILD"},
		{"a template", "FROM a\n{% if b %}\nRUN c\n{% endif %}\n", "Dockerfile:2:1: the instruction is unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte(test.file)}}, nil)
			if len(findings) == 0 {
				t.Fatal("got no finding")
			}
			f := findings[0]
			if got := fmt.Sprintf("%s: %s", f.Location, f.Message); got != test.want || f.Rule != lint.SyntaxError {
				t.Errorf("got  %s [%s]\nwant %s", got, f.Rule.ID, test.want)
			}
		})
	}
}

func TestMessagesNeverQuoteAValue(t *testing.T) {
	for _, file := range []string{
		"FROM a\nENV A=b correct-horse-battery\n",
		"FROM a\nENV correct-horse-battery\n",
		"FROM a\nLABEL \"correct-horse-battery\n",
		"FROM a\nRUN <<correct-horse-battery\n",
		"FROM a\nRUN --x=correct-horse-battery <<\"\n",
		"FROM correct-horse-battery b c d\n",
		"correct-horse-battery\n",
		"FROM a\nCMD [1, \"correct-horse-battery\"]\n",
		"# escape=correct-horse-battery\nFROM a\n",
		"FROM a\nRUN a 'correct-horse-battery\n",
	} {
		docs, findings := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte(file)}}, nil)
		text := fmt.Sprint(findings)
		for _, doc := range docs {
			text += fmt.Sprint(doc.Gaps)
		}
		if strings.Contains(text, "correct-horse-battery") {
			t.Errorf("%q: %s", file, text)
		}
	}
}

func TestFilesBeyondALimitAreFindings(t *testing.T) {
	tests := []struct{ name, file string }{
		{"a long line", "FROM a\nRUN " + strings.Repeat("a", 64<<10) + "\n"},
		{"a long instruction", "FROM a\nRUN a" + strings.Repeat(" \\\n aaaaaaaaaaaaaaaaaaaaaaaaaaaa", 10_000) + "\n"},
		{"a large file", "FROM a\n" + strings.Repeat("RUN a\n", 200_000)},
		{"many instructions", "FROM a\n" + strings.Repeat("RUN a\n", 2000)},
		{"ONBUILD within ONBUILD", "FROM a\n" + strings.Repeat("ONBUILD ", 5000) + "RUN a\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte(test.file)}}, nil)
			if len(docs) != 0 || len(findings) != 1 || findings[0].Rule != lint.TooComplex {
				t.Errorf("got %d documents, %v", len(docs), findings)
			}
		})
	}
}

func TestWhatCouldNotBeReadIsAGap(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"a script with an error", "FROM a\nRUN if b\n", "Dockerfile:2:1: RUN was not judged in full: it is no script for a POSIX shell or bash"},
		{"another shell", "FROM a\nSHELL [\"powershell\"]\nRUN Get-Item b\n", "Dockerfile:3:1: RUN was not judged in full: it is no script for a POSIX shell or bash"},
		{"a heredoc in another language", "FROM a\nRUN <<X\n#!/usr/bin/env python3\nprint(1)\nX\n", "Dockerfile:2:1: RUN was not judged in full: it is no script for a POSIX shell or bash"},
		{"deep nesting", "FROM a\nRUN " + strings.Repeat("$(", 5000) + "\n", "Dockerfile:2:1: RUN was not judged in full: its script is too long or too deeply nested"},
		{"many commands", "FROM a\nRUN " + strings.Repeat("b;", 2001) + "\n", "Dockerfile:2:1: RUN was not judged in full: its script is too long or too deeply nested"},
		{"scripts within scripts", "FROM a\nRUN sh -c 'sh -c \"sh -c \\\"sh -c a\\\"\"'\n", ""},
		{"an instruction of another frontend", "# syntax=example.com/frontend\nFROM a\nINCLUDE b\n", "Dockerfile:3:1: the instruction belongs to another frontend, it was not judged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, gap := range sound(t, test.file).Gaps {
				got = append(got, fmt.Sprintf("%s: %s", gap.Location, gap.Message))
			}
			if strings.Join(got, "\n") != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestClaims(t *testing.T) {
	tests := []struct {
		path, data string
		want       bool
	}{
		{"Dockerfile", "", true},
		{"a/b/Dockerfile.dev", "", true},
		{"Dockerfile-dev", "", true},
		{"Dockerfile_dev", "", true},
		{"api.Dockerfile", "", true},
		{"api.dockerfile", "", true},
		{"Containerfile", "", true},
		{"Containerfile.build", "", true},
		{"build.Containerfile", "", true},
		{"Dockerfile.go", "# a\n\nFROM golang AS build\n", true},
		{"Dockerfile.php", "ARG VERSION=1\nFROM php\n", true},
		{"Dockerfile.go", "package dockerfile\n", false},
		{"dockerfile.py", "from a import b\n", false},
		{"Dockerfile.dockerignore", "*", false},
		{"Dockerfile.md", "# Dockerfile\n", false},
		{"Dockerfile.j2", "FROM {{ image }}\n", false},
		{"Dockerfiles", "", false},
		{"dockerfile/readme", "FROM a\n", false},
		{"notadockerfile", "", false},
		{"compose.yml", "", false},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			if got := Claims(&lint.Source{Path: test.path, Data: []byte(test.data)}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// removed are continuations, with the comments and empty lines behind them, and
// quotes, escapes and the dollar sign before a quote: what may tell the text of a place from its value.
var removed = regexp.MustCompile("[\\\\`][ \\t]*\\r*\\n(?:\\s*#[^\\n]*(?:\\n|$)|\\s*\\n)*|[\\\\`'\"\\r$]")

func bare(s string) string { return removed.ReplaceAllString(s, "") }

func FuzzParse(f *testing.F) {
	shape, err := os.ReadFile("testdata/shape.Dockerfile.sample")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(shape),
		"# escape=`\nFROM a\nRUN b `\n  c\n",
		"FROM a\nENV A=\"b\\\n c\" \\\n# d\n\n E='f' G\n",
		"FROM a\nENV A b\\ c\nLABEL \"d\"=\"e f\"\n",
		"FROM a\r\nRUN <<-\"X\" <<Y\r\n\tb\r\n\tX\r\nc\r\nY\r\n",
		"\ufeffFROM a\n\u00a0USER b\u00a0\n",
		"FROM a\nONBUILD RUN [\"sh\", \"-c\", \"echo \\u0041\\ud83d\\ude00\"]\n",
		"FROM a\nENV \x00b c\n",
		"\\\n#a\nFROM b\n\\\n",
		"FROM a\nRUN --mount=a\\ b --\"x -- y\nCOPY a b\\\n",
		"FROM a\nHEALTHCHECK --interval=1s CMD bash -c \"a \\$b $(c)\" | d >e <<<f\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		src := &lint.Source{Path: "Dockerfile", Data: data}
		Claims(src)
		docs, findings := Parse([]*lint.Source{src}, nil)
		if len(docs) == 0 && len(findings) == 0 {
			t.Fatal("neither a document nor a finding")
		}
		for _, doc := range docs {
			checkPlaces(t, doc, src)
		}
		if len(docs) == 1 && len(findings) == 0 && isASCII(data) {
			checkAgainstBuildKit(t, docs[0], data)
		}
	})
}

// checkPlaces reads every value again from where it stands.
func checkPlaces(t *testing.T, doc *lint.Document, src *lint.Source) {
	doc.Root.Walk(func(path lint.Path, node *lint.Node) bool {
		if _, err := doc.Locate(path, lint.Spot{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if node.Span.Source == nil {
			return true
		}
		if node.Span.Start < 0 || node.Span.Start > node.Span.End || node.Span.End > len(src.Data) {
			t.Errorf("%s stands at %d to %d", path, node.Span.Start, node.Span.End)
		}
		raw := string(node.Span.Text())
		if node.Kind == lint.String && !sameText(raw, node.Text) {
			t.Errorf("%s is %q, but %q stands there", path, node.Text, raw)
		}
		return true
	})
}

func sameText(raw, value string) bool {
	if strings.EqualFold(bare(raw), bare(value)) {
		return true
	}
	var text string
	if json.Unmarshal([]byte(raw), &text) == nil {
		return text == value
	}
	return json.Unmarshal([]byte(`"`+raw+`"`), &text) == nil && bare(text) == bare(value)
}

// checkAgainstBuildKit compares logical lines and the pairs of ENV with those
// that BuildKit reads.
func checkAgainstBuildKit(t *testing.T, doc *lint.Document, data []byte) {
	result, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("BuildKit refuses what was read: %v", err)
	}
	var want, got []string
	src := &lint.Source{Data: data}
	for _, node := range result.AST.Children {
		if line, _ := logicalLine(src, node.StartLine, byte(result.EscapeToken)); line.String() != node.Original {
			t.Errorf("line %d is %q, want %q", node.StartLine, line, node.Original)
		}
		if strings.EqualFold(node.Value, "env") {
			for pair := node.Next; pair != nil; pair = pair.Next.Next.Next {
				want = append(want, bare(pair.Value)+"="+bare(pair.Next.Value))
			}
		}
	}
	for _, stage := range doc.Root.Get("stages").Items {
		for _, item := range stage.Get("instructions").Items {
			if item.Get("name").Str() == "ENV" && item.Get("onbuild") == nil {
				for _, pair := range item.Get("pairs").Items {
					got = append(got, bare(pair.Get("key").Str())+"="+bare(pair.Get("value").Str()))
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= 0x80 {
			return false
		}
	}
	return true
}

// The library writes what it does not like to the standard error of the whole
// program, where it would stand between findings.
func TestBytesThatAreNoTextArePassedInSilence(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	real := os.Stderr
	os.Stderr = file
	docs, findings := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte("FROM x\nRUN <<A\xae\ncat x\nA\xae\nCOPY <<B \xaeC\nb\nB\nRUN <<A <<B <\xaeC\nA\nB\nUSER a\n")}}, nil)
	os.Stderr = real
	if said, err := os.ReadFile(file.Name()); err != nil || len(said) > 0 {
		t.Errorf("a library says %q, %v", said, err)
	}
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	all := docs[0].Root.Get("stages").List()[0].Get("instructions").List()
	if len(all) != 4 || all[0].Get("commands").List()[0].Get("words").List()[1].Str() != "x" || all[3].Get("user").Str() != "a" {
		t.Errorf("got %d instructions", len(all))
	}
}
