package eval

import (
	"cmp"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// object.get gives its default for what is no object, too: it has no such key. OPA
// gives the default where a value on the way is of another kind, but fails where the
// first is; and a repository may hold null or a list wherever a policy expects a
// mapping, which must not keep the policy from judging the rest of a document.
func init() {
	topdown.RegisterBuiltinFunc(ast.ObjectGet.Name, func(_ topdown.BuiltinContext, operands []*ast.Term, iter func(*ast.Term) error) error {
		from, key, otherwise := operands[0], operands[1], operands[2]
		if _, ok := from.Value.(ast.Object); !ok {
			return iter(otherwise)
		}
		path, ok := key.Value.(*ast.Array)
		if !ok {
			return iter(cmp.Or(from.Get(key), otherwise))
		}
		for i := 0; i < path.Len() && from != nil; i++ {
			from = from.Get(path.Elem(i))
		}
		return iter(cmp.Or(from, otherwise))
	})
}
