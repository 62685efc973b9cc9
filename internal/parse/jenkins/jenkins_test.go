package jenkins

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestClaims(t *testing.T) {
	const declarative, scripted = "pipeline {\n  agent any\n}\n", "node('x') {\n  sh 'make'\n}\n"
	tests := []struct {
		name, path, data string
		want             bool
	}{
		{"a Jenkinsfile", "Jenkinsfile", "", true},
		{"one in a folder", "ci/Jenkinsfile", "", true},
		{"one for something", "Jenkinsfile.deploy", "", true},
		{"one with another joint", "Jenkinsfile-nightly", "", true},
		{"one with an ending", "Jenkinsfile.groovy", "", true},
		{"the name as an ending", "release.jenkinsfile", "", true},
		{"the name as an ending, in capitals", "release.Jenkinsfile", "", true},
		{"notes on one", "Jenkinsfile.md", "", false},
		{"a template of one", "Jenkinsfile.j2", "", false},
		{"another word", "JenkinsfileRunner.java", "", false},
		{"a declarative pipeline in Groovy", "jenkins/build.groovy", declarative, true},
		{"a scripted pipeline in Groovy", "ci/build.groovy", "import x\n" + scripted, true},
		{"a step of a shared library", "vars/deploy.groovy", "def call(Map m = [:]) {\n}\n", true},
		{"variables of somebody else", "vars/names.groovy", "def names = ['a']\n", false},
		{"a class", "src/main/groovy/A.groovy", "class A {\n  def call() {}\n}\n", false},
		{"a build script", "build.gradle", "pipeline {\n}\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Claims(&lint.Source{Path: test.path, Data: []byte(test.data)}); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

// brief writes a tree in one line.
func brief(n *lint.Node) string {
	var parts []string
	switch n.Kind {
	case lint.Object:
		for _, field := range n.Fields {
			if field.Value.Kind != lint.List && field.Value.Kind != lint.Object || len(field.Value.Items)+len(field.Value.Fields) > 0 {
				parts = append(parts, field.Key+": "+brief(field.Value))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case lint.List:
		for _, item := range n.Items {
			parts = append(parts, brief(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case lint.String:
		return fmt.Sprintf("%q", n.Text)
	case lint.Null:
		return "null"
	}
	return n.Text
}

func TestParse(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a step", "sh 'make'", `{call: "sh", arguments: ["make"]}`},
		{"named arguments", "sh script: 'make', returnStdout: true", `{call: "sh", named: {script: "make", returnStdout: true}}`},
		{"named arguments in brackets, over lines", "sh(\n script: 'make',\n returnStdout: true,\n)", `{call: "sh", named: {script: "make", returnStdout: true}}`},
		{"a block", "stage('a') { sh 'x' }", `{call: "stage", arguments: ["a", {closure: [{call: "sh", arguments: ["x"]}]}]}`},
		{"a block on the next line", "steps\n{\n sh 'x'\n}", `{call: "steps", arguments: [{closure: [{call: "sh", arguments: ["x"]}]}]}`},
		{"a block behind an argument without brackets", "node 'x', { a() }", `{call: "node", arguments: ["x", {closure: [{call: "a"}]}]}`},
		{"a name as argument", "agent any", `{call: "agent", arguments: [{name: "any"}]}`},
		{"blocks on one line", "post { always { a() } failure { b() } }", `{call: "post", arguments: [{closure: [{call: "always", arguments: [{closure: [{call: "a"}]}]}, {call: "failure", arguments: [{closure: [{call: "b"}]}]}]}]}`},
		{"a string with holes", `"a ${b.c} $d.e \$f ${g("}")}"`, `{text: "a ${b.c} $d.e $f ${g(\"}\")}", holes: [{offset: 2, length: 6, value: {property: "c", of: {name: "b"}}}, {offset: 9, length: 4, value: {property: "e", of: {name: "d"}}}, {offset: 17, length: 9, value: {call: "g", arguments: ["}"]}}]}`},
		{"strings within strings", `"a ${"b ${c}"}"`, `{text: "a ${\"b ${c}\"}", holes: [{offset: 2, length: 11, value: {text: "b ${c}", holes: [{offset: 2, length: 4, value: {name: "c"}}]}}]}`},
		{"a string without holes", `'a ${b} \' \\ \n'`, `"a ${b} ' \\ \n"`},
		{"three quotes", "'''a\n'b' \"c\"'''", `"a\n'b' \"c\""`},
		{"a string between slashes", `x = /a\/b "c" \d/`, `{assign: {name: "x"}, operator: "=", value: "a/b \"c\" \\d"}`},
		{"a division", "x = a / b / c", `{assign: {name: "x"}, operator: "=", value: {operator: "/", operands: [{name: "a"}, {name: "b"}, {name: "c"}]}}`},
		{"a string between dollars", "x = $/a $$b $/ ${c}/$", `{assign: {name: "x"}, operator: "=", value: {text: "a $b / ${c}", holes: [{offset: 7, length: 4, value: {name: "c"}}]}}`},
		{"lists and maps", "a([1, 'b'], [c: 2, 'd': [:], (e): 3])", `{call: "a", arguments: [[1, "b"], {map: {c: 2, d: {}, (e): 3}}]}`},
		{"a chain over lines", "a.b('c')\n  .d { e }\n  ?.f()", `{call: "f", on: {call: "d", on: {call: "b", on: {name: "a"}, arguments: ["c"]}, arguments: [{closure: [{name: "e"}]}]}}`},
		{"definitions", "def a = 1, b\nfinal String c = 'd'\nMap<String, List<Integer>> e = [:]\ndef (f, g) = h()", `{closure: [{define: "a", value: 1}, {define: "b"}]} {define: "c", value: "d"} {define: "e", value: {}} {define: ["f", "g"], value: {call: "h"}}`},
		{"a command as a value", "def a = sh script: 'b'", `{define: "a", value: {call: "sh", named: {script: "b"}}}`},
		{"functions", "def f(a, String b = 'c', Map... d) throws E { return a }\nprivate static void g() {}", `{function: "f", parameters: ["a", "b", "d"], defaults: [{define: "b", value: "c"}], body: [{return: {name: "a"}}]} {function: "g"}`},
		{"conditions", "if (a) b()\nelse if (c && !d) { e() } else f 'g'", `{if: {name: "a"}, then: [{call: "b"}], else: [{if: {operator: "&&", operands: [{name: "c"}, {operator: "!", operands: [{name: "d"}]}]}, then: [{call: "e"}], else: [{call: "f", arguments: ["g"]}]}]}`},
		{"loops", "for (int i = 0; i < 3; i++) { a() }\nfor (b in [1]) c()\nwhile (d) { e() }", `{loop: [{define: "i", value: 0}, {operator: "<", operands: [{name: "i"}, 3]}, {operator: "++", operands: [{name: "i"}]}], body: [{call: "a"}]} {loop: [[1]], variable: "b", body: [{call: "c"}]} {loop: [{name: "d"}], body: [{call: "e"}]}`},
		{"errors that are caught", "try { a() } catch (B | C e) { d() } finally { f() }", `{try: [{call: "a"}], catch: [{call: "d"}], finally: [{call: "f"}]}`},
		{"cases", "switch (a) { case 'b': c(); break\n default: d() }", `{switch: {name: "a"}, body: [{case: "b"}, {call: "c"}, {jump: "break"}, {case: "default"}, {call: "d"}]}`},
		{"choices", "x = a ? b : c ?: d", `{assign: {name: "x"}, operator: "=", value: {operator: "?", operands: [{name: "a"}, {name: "b"}, {operator: "?:", operands: [{name: "c"}, {name: "d"}]}]}}`},
		{"types of values", "x = (String) a as Integer\ny = b instanceof java.util.Map", `{assign: {name: "x"}, operator: "=", value: {operator: "as", operands: [{name: "a"}, {type: "Integer"}]}} {assign: {name: "y"}, operator: "=", value: {operator: "instanceof", operands: [{name: "b"}, {type: "java.util.Map"}]}}`},
		{"a block with parameters", "a.each { String k, v -> b k }", `{call: "each", on: {name: "a"}, arguments: [{closure: [{call: "b", arguments: [{name: "k"}]}], parameters: ["k", "v"]}]}`},
		{"annotations and imports", "@Library(['a', 'b']) _\nimport x.Y\n@NonCPS\ndef f() { 1 }", `{annotation: "Library", arguments: [["a", "b"]]} {import: "import x.Y"} {annotation: "NonCPS"} {function: "f", body: [1]}`},
		{"a class", "class A extends B {\n def x\n void run() { x.sh 'y' } }", `{class: "A", body: [{define: "x"}, {function: "run", body: [{call: "sh", on: {name: "x"}, arguments: ["y"]}]}]}`},
		{"an enumeration", "enum A { B, C(1); int d }", `{class: "A", body: [{define: "d"}]}`},
		{"a new object", "x = new A<B>(1).c()", `{assign: {name: "x"}, operator: "=", value: {call: "c", on: {new: "A<B>", arguments: [1]}}}`},
		{"comments", "#!groovy\n// a 'b\na() /* { */ // c\n/* d\n*/ b()", `{call: "a"} {call: "b"}`},
		{"what cannot be read is left out, and its blocks are read", "x = 5 5 { b() }\nc()", `{unread: "", blocks: [{closure: [{call: "b"}]}]} {call: "c"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: "Jenkinsfile", Data: []byte(test.text)}})
			if len(docs) != 1 || len(findings) > 0 {
				t.Fatalf("got %d documents, %v", len(docs), findings)
			}
			var all []string
			for _, n := range docs[0].Root.Get("statements").List() {
				all = append(all, brief(n))
			}
			if got := strings.Join(all, " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", " \n", "Jenkinsfile:1:1: the pipeline is empty; write it, or remove the file"},
		{"a bracket that is not closed", "node {\n  sh 'a'\n", "Jenkinsfile:1:6: this { is not closed; add the } that is missing"},
		{"a bracket within one that is closed", "a(b[c)", "Jenkinsfile:1:4: this [ is not closed; add the ] that is missing"},
		{"a bracket that closes nothing", "a()\n}", "Jenkinsfile:2:1: this } closes nothing; remove it, or open what it is meant to close"},
		{"a string that is not closed", "sh 'a\nsh 'b'", "Jenkinsfile:1:4: this string is not closed; add the ' that is missing"},
		{"a long string that is not closed", `sh """a`, `Jenkinsfile:1:4: this string is not closed; add the """ that is missing`},
		{"a comment that is not closed", "a() /* b", "Jenkinsfile:1:5: this comment is not closed; add the */ that is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{{Path: "Jenkinsfile", Data: []byte(test.text)}})
			if len(findings) != 1 {
				t.Fatalf("got %v", findings)
			}
			if got := findings[0].Location.String() + ": " + findings[0].Message; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What is long or deep takes as long as it is, and is read or reported.
func TestHostile(t *testing.T) {
	const many = 30_000
	for name, text := range map[string]string{
		"brackets": strings.Repeat("(", many), "closed brackets": strings.Repeat("(", many) + strings.Repeat(")", many), "lists": strings.Repeat("[", many) + strings.Repeat("]", many),
		"blocks": strings.Repeat("a {", many) + strings.Repeat("}", many), "blocks with remains": strings.Repeat("a {", many) + strings.Repeat("} 5 5", many),
		"bad blocks in brackets": strings.Repeat("x({", 1000) + strings.Repeat("} 5)", 1000), "holes": strings.Repeat(`"${`, many), "closed holes": strings.Repeat(`"${`, 90) + strings.Repeat(`}"`, 90),
		"bad holes": strings.Repeat(`"${ 5 5 `, 90) + strings.Repeat(`}"`, 90), "slashes": "x = " + strings.Repeat(`/\`, many), "quotes": strings.Repeat("'\n", many), "dollars": strings.Repeat("$/", many),
		"a sum": "x = 1" + strings.Repeat(" + 1", many), "operators": "x = 1" + strings.Repeat(" + 1 - 1", many), "a chain": "a" + strings.Repeat(".b()", many), "commands": strings.Repeat("a ", many),
		"else": "if (a) b()" + strings.Repeat(" else if (a) b()", many), "labels": strings.Repeat("a: ", many), "types": strings.Repeat("A<", many), "nots": strings.Repeat("!", many),
		"names": "f(" + strings.Repeat("a: 1, ", many) + ")", "keys": "f(" + func() string {
			var b strings.Builder
			for i := range many {
				fmt.Fprintf(&b, "a%d: 1, ", i)
			}
			return b.String()
		}() + ")", "casts": strings.Repeat("(A) ", many) + "b", "assignments": strings.Repeat("a = ", many) + "b", "arrays": strings.Repeat("A a = new B[", 1000) + strings.Repeat("5 5]", 1000), "escapes": `"` + strings.Repeat(`\u`, many) + `"`, "comments": strings.Repeat("/*", many),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			checkParse(t, text)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// checkParse holds that everything stands within the file, that texts are what
// stands there, and that nothing at the top is lost without a word.
func checkParse(t *testing.T, data string) {
	t.Helper()
	src := &lint.Source{Path: "Jenkinsfile", Data: []byte(data)}
	docs, findings := Parse([]*lint.Source{src})
	if len(docs) == 0 {
		if len(findings) == 0 {
			t.Error("the file vanished")
		}
		return
	}
	visit(t, docs[0].Root, src, 0)
	tokens, _ := lex(src)
	statements := docs[0].Root.Get("statements").List()
	for _, token := range tokens {
		for len(statements) > 0 && statements[0].Span.End <= token.start {
			statements = statements[1:]
		}
		covered := len(statements) > 0 && statements[0].Span.Start <= token.start
		if holds := token.kind == text || token.kind == number || token.value == "{"; holds && !covered {
			t.Fatalf("%q at %d is in no statement", token.value, token.start)
		}
	}
}

func visit(t *testing.T, n *lint.Node, src *lint.Source, depth int) {
	t.Helper()
	if n == nil || depth > 20_000 {
		return
	}
	if n.Span.Source != nil && (n.Span.Start < 0 || n.Span.End > len(src.Data) || n.Span.Start > n.Span.End) {
		t.Fatalf("a value stands at %d to %d of %d bytes", n.Span.Start, n.Span.End, len(src.Data))
	}
	for _, hole := range n.Get("holes").List() {
		text := n.Get("text").Text
		var offset, length int
		_, _ = fmt.Sscan(hole.Get("offset").Text+" "+hole.Get("length").Text, &offset, &length)
		if text[offset:offset+length] != string(hole.Span.Text()) {
			t.Fatalf("a hole is %q in the text and %q in the file", text[offset:offset+length], hole.Span.Text())
		}
	}
	for _, item := range n.Items {
		visit(t, item, src, depth+1)
	}
	for _, field := range n.Fields {
		visit(t, field.Value, src, depth+1)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"pipeline {\n agent any\n stages { stage('a') { steps { sh \"x ${y}\" } } }\n}", "@Library('a') _\nnode('b') { withCredentials([string(credentialsId: 'c', variable: 'D')]) { sh '''e''' } }",
		"def f(a = 1) { return a ? /b/ : $/c/$ }", "a {", "}", `"${"${'`, "x = [a: 1, (b): [2]] as Map", "if (a) { } else b 5 5 { c() }", "switch (a) { case 1: b }", "a\n  .b { c -> d }\n{ e }", "\xff'\\u00", "#!\n$/ $$ ${",
		"for (a in b) c; while (d) ; do { } while (e)", "try { } catch (e) { } finally { }", "class A { def b = { -> } }", "(A) b; c = (d) + e", "a: b: c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) { checkParse(t, data) })
}
