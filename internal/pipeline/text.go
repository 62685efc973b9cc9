package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// written is a condition as its author wrote it, on one line.
func written(n *lint.Node) Text {
	if n == nil {
		return Text{}
	}
	value := n.Text
	if !scalar(n) {
		value = strings.Join(strings.Fields(string(n.Span.Text())), " ")
	}
	if len(value) > maxCondition {
		value = strings.ToValidUTF8(value[:maxCondition], "") + "…"
	}
	return Text{Value: value, At: n.Span, Via: n.Via}
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func environment(n *lint.Node) *Environment {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if !scalar(name) {
		return nil
	}
	return &Environment{At: n.Span, Name: text(name)}
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// variable finds a variable by its name, which expressions fold.
func variable(env *lint.Node, name string) *lint.Node {
	for _, field := range env.Object() {
		if strings.EqualFold(field.Key, name) {
			return field.Value
		}
	}
	return nil
}

// text is a scalar with its place, whatever its type; lists and maps have none.
func text(n *lint.Node) Text {
	if !scalar(n) {
		return Text{}
	}
	return Text{Value: n.Text, At: n.Span, Via: n.Via}
}

// texts reads a word, or a list of words.
func texts(n *lint.Node) []Text {
	if scalar(n) {
		return []Text{text(n)}
	}
	var all []Text
	for _, item := range n.List() {
		if scalar(item) {
			all = append(all, text(item))
		}
	}
	return all
}

// scalar holds for values that are written as one word or text.
func scalar(n *lint.Node) bool {
	return n != nil && (n.Kind == lint.String || n.Kind == lint.Number || n.Kind == lint.Bool)
}

// interpreter finds the program that a script names to run it, in its very first
// bytes.
func interpreter(script string) (start, end int, ok bool) {
	m := shebang().FindStringSubmatchIndex(script)
	if m == nil {
		return 0, 0, false
	}
	return m[2], m[3], true
}

var shebang = regex.Lazy(`^#!\s*(?:/usr/bin/env\s+)?(\S+)`)
