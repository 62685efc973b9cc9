package terraform

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAsTerraformEvaluates compares values with what the language's documentation
// says of the same expressions.
func TestAsTerraformEvaluates(t *testing.T) {
	n := func(digits string) any { return json.Number(digits) }
	list := func(items ...any) any { return append([]any{}, items...) }
	object := func(pairs ...any) any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	tests := []struct {
		expr string
		want any
	}{
		// Types and conversions.
		{`tostring(1.0)`, "1"}, {`tostring(true)`, "true"}, {`tonumber("015")`, n("15")}, {`tobool("true")`, true},
		{`"x${1.50}"`, "x1.5"}, {`"${1.50}"`, n("1.5")}, {`tostring(100000000000000000000)`, "100000000000000000000"}, {`"${0.1 + 0.2}!"`, "0.3!"}, {`1 / 4`, n("0.25")}, {`7 % 4`, n("3")},
		{`"1" + 2`, n("3")}, {`"a" == "a" && 1 != 2`, true}, {`1 == "1"`, false}, {`!("a" == "b")`, true},
		{`true ? 1 : "a"`, "1"}, {`false ? "x" : true`, "true"}, {`true ? 1 : 2`, n("1")}, {`tolist(["a", 1])`, list("a", "1")},
		{`toset(["c", "a", "c"])`, list("a", "c")}, {`toset([3, 1, 2])`, list(n("1"), n("2"), n("3"))}, {`tomap({ a = 1, b = "x" })`, object("a", "1", "b", "x")},
		{`tolist(toset(["b", "a"]))[0]`, "a"}, {`sort(["b", "A", "a"])`, list("A", "a", "b")},
		// Null and unset.
		{`null == null`, true}, {`[for x in ["a", null, "b"] : x if x != null]`, list("a", "b")}, {`null[*]`, list()}, {`{ a = null }`, object()},
		{`"a"[*]`, list("a")}, {`coalesce("", null, "b")`, "b"}, {`coalesce(null, 5)`, n("5")}, {`coalescelist([], ["a"])`, list("a")}, {`compact(["a", "", "b"])`, list("a", "b")},
		{`try(null.a, "b")`, "b"}, {`can({ a = 1 }.b)`, false}, {`lookup({ a = 1 }, "b", 2)`, n("2")}, {`one([])`, nil}, {`one(["x"])`, "x"},
		// Collections.
		{`merge({ a = 1, b = 1 }, { b = 2 }, null)`, object("a", n("1"), "b", n("2"))}, {`merge()`, object()},
		{`keys({ b = 1, a = 2 })`, list("a", "b")}, {`values({ b = 1, a = 2 })`, list(n("2"), n("1"))},
		{`[for k, v in { b = 1, a = 2 } : "${k}=${v}"]`, list("a=2", "b=1")}, {`{ for i, x in ["a", "b"] : x => i }`, object("a", n("0"), "b", n("1"))},
		{`{ for x in ["aa", "ab", "b"] : substr(x, 0, 1) => x... }`, object("a", list("aa", "ab"), "b", list("b"))},
		{`[for p in setproduct(["a", "b"], [1, 2]) : "${p[0]}${p[1]}"]`, list("a1", "a2", "b1", "b2")}, {`zipmap(["a", "b"], [1, 2])`, object("a", n("1"), "b", n("2"))},
		{`flatten([["a"], [], ["b", ["c"]]])`, list("a", "b", "c")}, {`element(["a", "b"], 3)`, "b"}, {`slice(["a", "b", "c"], 1, 3)`, list("b", "c")}, {`chunklist(["a", "b", "c"], 2)`, list(list("a", "b"), list("c"))},
		{`distinct(["a", "b", "a"])`, list("a", "b")}, {`concat(["a"], ["b"])`, list("a", "b")}, {`contains(["a"], "a")`, true}, {`index(["a", "b"], "b")`, n("1")}, {`reverse([1, 2])`, list(n("2"), n("1"))},
		{`range(3)`, list(n("0"), n("1"), n("2"))}, {`range(4, 1, -2)`, list(n("4"), n("2"))}, {`transpose({ a = ["1", "2"], b = ["2"] })`, object("1", list("a"), "2", list("a", "b"))},
		{`matchkeys(["i-1", "i-2"], ["us", "eu"], ["eu"])`, list("i-2")}, {`setunion(["a"], ["b"])`, list("a", "b")}, {`setintersection(["a", "b"], ["b"])`, list("b")}, {`setsubtract(["a", "b"], ["b"])`, list("a")},
		{`sum([1, 2, 3.5])`, n("6.5")}, {`max(1, 3, 2)`, n("3")}, {`length("héé")`, n("3")}, {`length({ a = 1 })`, n("1")}, {`alltrue([])`, true}, {`anytrue([])`, false}, {`map("a", 1)`, object("a", n("1"))}, {`list("a")`, list("a")},
		{`[{ a = [{ b = 1 }] }, { a = [{ b = 2 }] }][*].a[0].b`, list(n("1"), n("2"))}, {`[for o in [{ a = 1 }, { a = 2 }] : o.a]`, list(n("1"), n("2"))},
		{`{ "a b" = 1 }["a b"]`, n("1")}, {`{ (upper("k")) = 1 }`, object("K", n("1"))}, {`[1, 2, 3][1]`, n("2")},
		// Numbers.
		{`ceil(1.2)`, n("2")}, {`floor(-1.2)`, n("-2")}, {`abs(-1)`, n("1")}, {`pow(2, 10)`, n("1024")}, {`signum(-5)`, n("-1")}, {`parseint("ff", 16)`, n("255")}, {`log(8, 2)`, n("3")},
		// Texts.
		{`format("%03d %s %q %v", 7, "a", "b", [1])`, `007 a "b" [1]`}, {`format("%%")`, "%"}, {`formatlist("%s-%s", ["a", "b"], "x")`, list("a-x", "b-x")},
		{`join(", ", ["a", "b"])`, "a, b"}, {`split(",", "a,,b")`, list("a", "", "b")}, {`split(",", "")`, list("")}, {`title("hello world")`, "Hello World"}, {`substr("hello", -3, -1)`, "llo"}, {`strrev("ab")`, "ba"},
		{`trim("?!a?!", "!?")`, "a"}, {`trimprefix("ab", "a")`, "b"}, {`trimspace(" a\n")`, "a"}, {`chomp("a\n\n")`, "a"}, {`indent(2, "a\nb")`, "a\n  b"},
		{`replace("a.b", ".", "-")`, "a-b"}, {`replace("hello", "/l+/", "L")`, "heLo"}, {`replace("ab", "/(a)(b)/", "$2$1")`, "ba"},
		{`regex("[a-z]+", "12ab")`, "ab"}, {`regex("(?P<y>\\d+)-(?P<m>\\d+)", "2024-05")`, object("y", "2024", "m", "05")}, {`regex("(\\d)(\\d)", "12")`, list("1", "2")}, {`regexall("[a-z]", "a1b")`, list("a", "b")}, {`length(regexall("x", "ab")) > 0`, false},
		{`startswith("abc", "ab")`, true}, {`endswith("abc", "ab")`, false}, {`strcontains("abc", "b")`, true},
		{`"a${"b"}c"`, "abc"}, {`"$${a} %%{b}"`, "${a} %{b}"}, {`"%{ if true }a%{ else }b%{ endif }"`, "a"}, {`"%{ for x in [1, 2] ~} ${x} %{ endfor ~}"`, "1 2 "},
		{"<<E\na\n  b\nE", "a\n  b\n"}, {"<<-E\n    a\n      b\n    E", "a\n  b\n"}, {"<<E\n%{ for x in [\"a\", \"b\"] ~}\nserver ${x}\n%{ endfor ~}\nE", "server a\nserver b\n"}, {"trimspace(<<-E\n  a\n  E\n)", "a"},
		{"<<-E\n    a\n\n      b\n    E", "a\n\n  b\n"}, {"<<-E\n    a ${\"x\\n  z\"}\n      y\n    E", "a x\n  z\n  y\n"}, {"<<-E\n\ta\n\t\tb\n\tE", "a\n\tb\n"}, {"<<E\nE", ""},
		{"<<E\n%{ if true ~}\n  yes\n%{ else ~}\n  no\n%{ endif ~}\nE", "  yes\n"}, {"<<E\na${~ \"b\"}\n  c ${\"d\" ~}\n  e\nE", "ab\n  c d  e\n"}, {"<<-E\n  a\\\n  b\n  E", "a\\\nb\n"},
		{`templatestring("<$${x}>", { x = 1 })`, "<1>"},
		// Encodings.
		{`jsonencode({ b = 1, a = [true, null, "<"] })`, `{"a":[true,null,"\u003c"],"b":1}`}, {`jsondecode("{\"a\": 1.50}")`, object("a", n("1.5"))}, {`jsonencode("a")`, `"a"`},
		{`yamldecode("a: [1, x]")`, object("a", list(n("1"), "x"))}, {`yamlencode({ a = ["b"] })`, "\"a\":\n- \"b\"\n"}, {`csvdecode("a,b\n1,2")`, list(object("a", "1", "b", "2"))},
		{`base64encode("é")`, "w6k="}, {`base64gunzip(base64gzip("a"))`, "a"}, {`textencodebase64("Hi", "UTF-16LE")`, "SABpAA=="}, {`textdecodebase64("SABpAA==", "UTF-16LE")`, "Hi"}, {`urlencode("a b&c")`, "a+b%26c"}, {`urldecode("a+b")`, "a b"},
		{`md5("a")`, "0cc175b9c0f1b6a831c399e269772661"}, {`sha1("a")`, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"}, {`base64sha256("a")`, "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="}, {`uuidv5("dns", "www.terraform.io")`, "a5008fae-b28c-5ba5-96cd-82b4c53552d6"},
		// Dates.
		{`formatdate("YYYY-MM-DD hh:mm", "2018-01-02T23:12:01Z")`, "2018-01-02 23:12"}, {`timeadd("2017-11-22T00:00:00Z", "10m")`, "2017-11-22T00:10:00Z"}, {`timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")`, n("0")},
		// Networks.
		{`cidrsubnet("172.16.0.0/12", 4, 2)`, "172.18.0.0/16"}, {`cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)`, "fd00:fd12:3456:7800:a200::/72"}, {`cidrhost("10.12.112.0/20", 268)`, "10.12.113.12"}, {`cidrhost("10.12.112.0/20", -1)`, "10.12.127.255"},
		{`cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)`, list("10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20")}, {`cidrnetmask("172.16.0.0/12")`, "255.240.0.0"}, {`cidrcontains("10.0.0.0/8", "10.1.0.0/16")`, true}, {`cidrcontains("10.0.0.0/8", "11.0.0.1")`, false},
		// Marks and files.
		{`issensitive(sensitive("a"))`, true}, {`issensitive(nonsensitive(sensitive("a")))`, false}, {`core::upper("a")`, "A"}, {`ephemeralasnull("a")`, "a"},
		{`basename("a/b.txt")`, "b.txt"}, {`dirname("a/b.txt")`, "a"}, {`pathexpand("a/b")`, "a/b"}, {`path.module`, "."}, {`path.root`, "."}, {`"${path.module}/x"`, "./x"},
	}
	for _, test := range tests {
		t.Run(test.expr, func(t *testing.T) {
			doc := parseMain(t, "locals {\n it = "+test.expr+"\n}\n")
			var got any
			if it := doc.Root.Get("locals", "it"); it != nil {
				got = it.Plain()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			for _, gap := range gapsOf(doc) {
				t.Error(gap)
			}
		})
	}
}

// TestAsTheConsoleEvaluates compares values with what terraform console gave for the
// same expressions; what it refuses is a gap.
func TestAsTheConsoleEvaluates(t *testing.T) {
	data, err := os.ReadFile("testdata/console.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(data), "\n\n")
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	text := strings.Builder{}
	for i := 0; i < len(lines); i += 2 {
		fmt.Fprintf(&text, "locals {\n e%d = %s\n}\n", i/2, lines[i])
	}
	doc := parseMain(t, text.String())
	gaps := map[int]string{}
	for _, gap := range doc.Gaps {
		gaps[(gap.Location.Start.Line-2)/3] = gap.Message
	}
	for i := 0; i < len(lines)/2; i++ {
		expr, want := lines[2*i], strings.TrimPrefix(lines[2*i+1], "\t")
		if want == "error" {
			if gaps[i] == "" {
				t.Errorf("%s is not refused", expr)
			}
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(want))
		decoder.UseNumber()
		var wanted, got any
		if err := decoder.Decode(&wanted); err != nil {
			t.Fatal(expr, err)
		}
		if it := doc.Root.Get("locals", fmt.Sprintf("e%d", i)); it != nil {
			got = it.Plain()
		}
		if diff := cmp.Diff(likeJSON(wanted), likeJSON(got)); diff != "" || gaps[i] != "" {
			t.Errorf("%s: %s %s", expr, gaps[i], diff)
		}
	}
	if len(lines) < 700 {
		t.Errorf("only %d lines", len(lines))
	}
}

// likeJSON writes numbers in one form, and leaves what is null in an object out.
func likeJSON(v any) any {
	switch v := v.(type) {
	case json.Number:
		number, _, err := big.ParseFloat(v.String(), 10, 64, big.ToNearestEven)
		if err != nil {
			return v
		}
		return number.String()
	case []any:
		list := []any{}
		for _, item := range v {
			list = append(list, likeJSON(item))
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for key, item := range v {
			if item != nil {
				object[key] = likeJSON(item)
			}
		}
		return object
	}
	return v
}
