package terraform

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// hostile are small programs that ask for much. Each must end quickly, and must
// say that it was not evaluated.
var hostile = []struct{ name, file, text string }{
	{"an index with a vast exponent", "a.tf", "locals { a = [1][1e9999999] }"},
	{"an index with a vast exponent in JSON", "a.tf.json", `{"locals": {"a": "${[1][1e9999999]}"}}`},
	{"brackets nested twenty thousand deep", "a.tf", "a = " + strings.Repeat("[", 20_000)},
	{"parentheses nested twenty thousand deep", "a.tf", "locals {\n a = " + strings.Repeat("(", 20_000) + "1" + strings.Repeat(")", 20_000) + "\n}"},
	{"templates nested twenty thousand deep", "a.tf", "locals {\n a = " + strings.Repeat(`"${`, 20_000) + "1" + strings.Repeat(`}"`, 20_000) + "\n}"},
	{"blocks nested twenty thousand deep", "a.tf", strings.Repeat("a {\n", 20_000)},
	{"fifty thousand prefix operators", "a.tf", "locals {\n a = " + strings.Repeat("!", 50_000) + "true\n}"},
	{"twenty thousand conditionals in a row", "a.tf", "locals {\n a = " + strings.Repeat("x ? 1 : ", 20_000) + "2\n}"},
	{"conditionals that nest to the left", "a.tf", "locals {\n a = " + strings.Repeat("x ? ", 20_000) + "2" + strings.Repeat(" : 1", 20_000) + "\n}"},
	{"template directives nested twenty thousand deep", "a.tf", "locals {\n a = \"" + strings.Repeat("%{ if true }", 20_000) + strings.Repeat("%{ endif }", 20_000) + "\"\n}"},
	{"a sum of twenty thousand numbers", "a.tf", "locals {\n a = 1" + strings.Repeat("+1", 20_000) + "\n}"},
	{"twenty thousand indices in a row", "a.tf", "locals {\n a = f()" + strings.Repeat("[count.index]", 20_000) + "\n}"},
	{"twenty thousand splats in a row", "a.tf", "locals {\n a = f()" + strings.Repeat("[*]", 20_000) + "\n}"},
	{"lists that double twenty times", "a.tf", doubling(20, "[local.a%d, local.a%d]", "[1]")},
	{"strings that double forty times", "a.tf", doubling(40, `"${local.a%d}${local.a%d}"`, `"0123456789"`)},
	{"objects that double forty times", "a.tf", doubling(40, "{ x = local.a%d, y = local.a%d }", "{}")},
	{"lists that double by concat", "a.tf", doubling(20, "concat(local.a%d, local.a%d)", "[1]")},
	{"a product of a thousand by a thousand by a thousand", "a.tf", `locals { a = [for x in range(1000) : [for y in range(1000) : [for z in range(1000) : x * y * z]]] }`},
	{"a product of sets", "a.tf", `locals { a = setproduct(range(1000), range(1000), range(1000)) }`},
	{"a format with a huge width", "a.tf", `locals { a = format("%1000000000d", 1) }`},
	{"a format of a huge number", "a.tf", `locals { a = format("%d", "1e999999999") }`},
	{"a number with a huge exponent", "a.tf", `locals { a = "${1e999999999}" }`},
	{"a huge number read from a string", "a.tf", `locals { a = "1e999999999" + 1 }`},
	{"a huge number as an index", "a.tf", `locals { a = [1][1e999999999] }`},
	{"a huge indentation", "a.tf", `locals { a = indent(1000000000, "a\nb") }`},
	{"a replacement of much by much", "a.tf", doubling(17, `"${local.a%d}${local.a%d}"`, `"aaaa"`) + "locals { z = replace(local.a17, \"a\", local.a17) }"},
	{"a regular expression with repetitions", "a.tf", doubling(14, `"${local.a%d}${local.a%d}"`, `"aaaa"`) + "locals { z = regexall(\"(((a?){10}){10}){10}\", local.a14) }"},
	{"a join of much by much", "a.tf", doubling(16, `"${local.a%d}${local.a%d}"`, `"aaaa"`) + "locals { z = join(local.a16, range(1000)) }"},
	{"distinct elements of a long list", "a.tf", "locals { z = distinct(flatten([for x in range(300) : [for y in range(300) : x * 300 + y]])) }"},
	{"deeply nested JSON in a string", "a.tf", `locals { a = jsondecode(join("", [for x in range(1000) : "[[[[[[[[[["])) }`},
	{"YAML that doubles", "a.tf", "locals { z = yamldecode(<<E\n" + doublingYAML(40) + "E\n) }"},
	{"policy documents that double", "a.tf", doublingDocuments(40)},
	{"a dynamic block over a long list", "a.tf", `resource "a" "b" { ` + "\n" + `dynamic "x" { ` + "\n for_each = range(1000)\n content {\n y = x.value\n }\n }\n}"},
	{"locals that refer to themselves", "a.tf", "locals {\n a = local.b\n b = local.a\n}"},
	{"a variable that refers to itself", "a.tf", "variable \"a\" {\n default = var.a\n}"},
	{"a chain of two thousand locals", "a.tf", chain(2_000)},
	{"JSON nested twenty thousand deep", "a.tf.json", strings.Repeat(`{"a":`, 20_000)},
	{"a template nested deeply in JSON", "a.tf.json", `{"locals": {"a": "` + strings.Repeat("${[", 20_000) + `"}}`},
	{"many large values", "a.tf", "locals {\n a = [for x in range(1000) : [for y in range(20) : y]]\n}\n" + many(400, "resource \"a\" \"r%d\" {\n v = [for x in local.a : x]\n}\n")},
	{"a type nested a thousand deep in a string", "a.tf", `variable "a" {` + "\n type = \"" + strings.Repeat("list(", 1_000) + strings.Repeat(")", 1_000) + "\"\n default = []\n}\nlocals { b = var.a }\n" + "locals { c = local.nope }"},
	{"conditions that fan out", "a.tf", doubling(60, "var.x ? local.a%d : local.a%d", `"a"`)},
	{"a try of tries", "a.tf", "locals { a = " + strings.Repeat("try(local.nope, ", 150) + "local.nope" + strings.Repeat(")", 150) + " }"},
	{"a heredoc of fifty thousand pieces", "a.tf", "locals {\n a = <<-E\n" + strings.Repeat("  ${x}\n", 50_000) + "  E\n}"},
	{"a heredoc that does not end", "a.tf", "locals {\n a = <<E\n" + strings.Repeat("a = <<E\n", 50_000)},
	{"a string of twenty thousand escapes", "a.tf", "locals {\n a = \"" + strings.Repeat("$${", 20_000) + "\"\n}"},
	{"a function in twenty thousand namespaces", "a.tf", "locals {\n a = a" + strings.Repeat("::a", 20_000) + "()\n}"},
	{"a file of five million bytes", "a.tf", strings.Repeat("# comment\n", 500_000)},
	{"joined literals without end", "a.tf", "locals {\n a = [" + strings.Repeat(`"x",`, 50_000) + "]\n}\n" + many(100, "locals { b%d = join(\"\", local.a) }\n")},
}

func doubling(times int, step, first string) string {
	b := strings.Builder{}
	fmt.Fprintf(&b, "locals {\n a0 = %s\n", first)
	for i := range times {
		fmt.Fprintf(&b, " a%d = "+step+"\n", i+1, i, i)
	}
	return b.String() + "}\n"
}

func doublingYAML(times int) string {
	b := strings.Builder{}
	b.WriteString("a0: &a0 [x]\n")
	for i := range times {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	return b.String()
}

func doublingDocuments(times int) string {
	b := strings.Builder{}
	b.WriteString("data \"aws_iam_policy_document\" \"a0\" {\n statement {\n actions = [\"*\"]\n }\n}\n")
	for i := range times {
		fmt.Fprintf(&b, "data \"aws_iam_policy_document\" \"a%d\" {\n source_policy_documents = [data.aws_iam_policy_document.a%d.json, data.aws_iam_policy_document.a%d.json]\n}\n", i+1, i, i)
	}
	return b.String()
}

func chain(length int) string {
	b := strings.Builder{}
	fmt.Fprintf(&b, "locals {\n a%d = 1\n", length)
	for i := range length {
		fmt.Fprintf(&b, " a%d = [local.a%d]\n", i, i+1)
	}
	return b.String() + "}\n"
}

func many(times int, text string) string {
	b := strings.Builder{}
	for i := range times {
		fmt.Fprintf(&b, text, i)
	}
	return b.String()
}

func TestHostileInputEndsAndSaysSo(t *testing.T) {
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			docs, findings := Parse([]*lint.Source{{Path: test.file, Data: []byte(test.text)}}, nil)
			took := time.Since(start)
			gaps := 0
			for _, doc := range docs {
				gaps += len(doc.Gaps)
			}
			t.Logf("%v, %d findings, %d gaps", took, len(findings), gaps)
			if len(findings) == 0 && gaps == 0 {
				t.Error("neither a finding nor a gap")
			}
			if took > 30*time.Second { // what is exponential takes longer on any machine
				t.Errorf("took %v", took)
			}
		})
	}
}
