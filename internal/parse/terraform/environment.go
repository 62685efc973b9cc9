package terraform

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Environment is the name under which files gives what the environment has for
// variables (TF_VAR_), where that is asked for: a JSON object of texts by names. No
// file can have this name.
const Environment = "\x00TF_VAR_"

// outside is the mark of what was made of the environment. It decides conditions, and
// truth values show; no other value does, since any may be a credential.
type outside struct{}

func isOutside(marks cty.ValueMarks) bool {
	_, ok := marks[outside{}]
	return ok
}

// isTruth holds for a truth value, or the word for one: a variable without a type has
// that.
func isTruth(v cty.Value) bool {
	return v.Type() == cty.Bool || v.Type() == cty.String && (v.AsString() == "true" || v.AsString() == "false")
}

// environment gives the values of variables that the environment has, by their names.
func (l *loader) environment() map[string]string {
	if l.given == nil {
		l.given = map[string]string{}
		if src := l.open(Environment); src != nil {
			_ = json.Unmarshal(src.Data, &l.given)
		}
	}
	return l.given
}

// fromEnvironment reads a value as Terraform does: as a text, unless the type of the
// variable has parts. It stands where the variable is declared.
func (e *evaluator) fromEnvironment(block *hclsyntax.Block, text string) cty.Value {
	v := cty.StringVal(text)
	if attribute := block.Body.Attributes["type"]; attribute != nil {
		ty, _, sound := e.constraint(attribute)
		if word := hcl.ExprAsKeyword(attribute.Expr); sound && !ty.IsPrimitiveType() || word == "list" || word == "map" {
			v = readValue(text)
		}
	}
	if v == cty.NilVal {
		return e.fail(block.DefRange(), fmt.Sprintf("the value that the environment gives variable %q cannot be read and is treated as unknown", block.Labels[0]))
	}
	if _, ok := size(v); !ok {
		return e.fail(block.DefRange(), fmt.Sprintf("the value that the environment gives variable %q is too large", block.Labels[0]))
	}
	at := &origin{span: e.span(block.DefRange()), value: v, said: fmt.Sprintf("the environment gives the value: TF_VAR_%s", block.Labels[0])}
	return v.WithMarks(cty.NewValueMarks(outside{}, at))
}

// readValue reads a constant of the language; NilVal stands for none.
func readValue(text string) cty.Value {
	if len(text) > maxText {
		return cty.NilVal
	}
	tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	if _, deep := nesting(tokens); deep {
		return cty.NilVal
	}
	expr, diagnostics := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return cty.NilVal
	}
	v, diagnostics := expr.Value(nil)
	if diagnostics.HasErrors() {
		return cty.NilVal
	}
	return v
}

// asKey is the key of a collection, which has its marks in so far as they hide it.
func asKey(key cty.Value, of cty.ValueMarks) cty.Value {
	if isOutside(of) {
		return key.Mark(outside{})
	}
	return key
}
