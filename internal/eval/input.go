package eval

import (
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/policyctl/policyctl/internal/lint"
)

// value makes the OPA value of a tree: what a policy sees as input.
func value(n *lint.Node) ast.Value {
	switch n.Kind {
	case lint.Bool:
		return ast.Boolean(n.Text == "true")
	case lint.Number:
		return ast.Number(json.Number(n.Text))
	case lint.String:
		return ast.String(n.Text)
	case lint.List:
		items := make([]*ast.Term, len(n.Items))
		for i, item := range n.Items {
			items[i] = ast.NewTerm(value(item))
		}
		return ast.NewArray(items...)
	case lint.Object:
		fields := make([][2]*ast.Term, len(n.Fields))
		for i, field := range n.Fields {
			fields[i] = [2]*ast.Term{ast.InternedTerm(field.Key), ast.NewTerm(value(field.Value))}
		}
		return ast.NewObject(fields...)
	}
	return ast.NullValue
}

// JSON writes a tree as the JSON that a policy sees.
func JSON(n *lint.Node) (any, error) { return ast.JSON(value(n)) }
