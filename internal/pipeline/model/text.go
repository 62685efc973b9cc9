package model

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// ConditionOf is a condition as its author wrote it, on one line.
func ConditionOf(n *lint.Node) Text {
	if n == nil {
		return Text{}
	}
	value := n.Text
	if !IsScalar(n) {
		value = strings.Join(strings.Fields(string(n.Span.Text())), " ")
	}
	if len(value) > maxCondition {
		value = strings.ToValidUTF8(value[:maxCondition], "") + "…"
	}
	return Text{Value: value, At: n.Span, Via: n.Via}
}

// YesOrNo is an answer in the words of the model.
func YesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// EnvironmentOf reads the environment of a job: its name, or a mapping with one.
func EnvironmentOf(n *lint.Node) *Environment {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if !IsScalar(name) {
		return nil
	}
	return &Environment{At: n.Span, Name: TextOf(name)}
}

// IsBlank holds for what separates words and lines.
func IsBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// FieldFold finds the value of a field in a mapping whose names are folded: API_KEY
// and api_key are one.
func FieldFold(n *lint.Node, name string) *lint.Node {
	for _, field := range n.Object() {
		if strings.EqualFold(field.Key, name) {
			return field.Value
		}
	}
	return nil
}

// TextOf is a scalar with its place, whatever its type; lists and maps have none.
func TextOf(n *lint.Node) Text {
	if !IsScalar(n) {
		return Text{}
	}
	return Text{Value: n.Text, At: n.Span, Via: n.Via}
}

// TextsOf reads a word, or a list of words.
func TextsOf(n *lint.Node) []Text {
	if IsScalar(n) {
		return []Text{TextOf(n)}
	}
	var all []Text
	for _, item := range n.List() {
		if IsScalar(item) {
			all = append(all, TextOf(item))
		}
	}
	return all
}

// IsScalar holds for values that are written as one word or text.
func IsScalar(n *lint.Node) bool {
	return n != nil && (n.Kind == lint.String || n.Kind == lint.Number || n.Kind == lint.Bool)
}

// Interpreter finds the program that a script names to run it, in its very first
// bytes.
func Interpreter(script string) (start, end int, ok bool) {
	m := shebang().FindStringSubmatchIndex(script)
	if m == nil {
		return 0, 0, false
	}
	return m[2], m[3], true
}

var shebang = regex.Lazy(`^#!\s*(?:/usr/bin/env\s+)?(\S+)`)

// Without are the paths of a list that are left out.
func Without(n *lint.Node) []Text {
	var all []Text
	for _, t := range TextsOf(n) {
		t.Value = "!" + t.Value
		all = append(all, t)
	}
	return all
}
