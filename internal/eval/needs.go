package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/policyctl/policyctl/internal/lint"
)

// needs are the parts of the input in which a rule must find an element, or it
// finds nothing: input.steps of a rule about steps. Most lists of most documents
// are empty, and a rule is not asked where one that it needs is.
type needs map[string]bool

func (n needs) met(filled needs) bool {
	for part := range n {
		if !filled[part] {
			return false
		}
	}
	return true
}

// needsOf gives what a document needs that is made by rules, for something to
// stand at a reference: what all of them need.
func needsOf(compiler *ast.Compiler, rules []*ast.Rule, at ast.Ref) needs {
	var common needs
	for i, rule := range rules {
		if rule.Default || rule.Else != nil {
			return nil
		}
		own := bodyNeeds(compiler, rule.Body)
		if isWhole(rule) && len(at) > len(rule.Ref()) {
			maps.Copy(own, aliasNeeds(compiler, rule))
		}
		if i == 0 {
			common = own
		}
		maps.DeleteFunc(common, func(part string, _ bool) bool { return !own[part] })
	}
	return common
}

// isWhole says that a rule makes one value, neither a set nor fields of an object.
func isWhole(rule *ast.Rule) bool {
	return rule.Head.RuleKind() == ast.SingleValue && rule.Ref().IsGround()
}

// aliasNeeds are those of a rule that is another name for a document, when
// something within it is asked for.
func aliasNeeds(compiler *ast.Compiler, rule *ast.Rule) needs {
	found := needs{}
	for _, expr := range rule.Body {
		if expr.Negated || len(expr.With) > 0 || !expr.IsEquality() || !expr.Operand(0).Equal(rule.Head.Value) {
			continue
		}
		if ref, ok := expr.Operand(1).Value.(ast.Ref); ok {
			maps.Copy(found, refNeeds(compiler, ref.Append(ast.VarTerm("within"))))
		}
	}
	return found
}

// bodyNeeds looks at what has to hold: not at negations, and not into what holds
// for nothing at all.
func bodyNeeds(compiler *ast.Compiler, body ast.Body) needs {
	found := needs{}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			return x.Negated || len(x.With) > 0
		case *ast.Every, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			return true
		case ast.Ref:
			maps.Copy(found, refNeeds(compiler, x))
		}
		return false
	}).Walk(body)
	return found
}

// refNeeds are those of a reference to something within a part of the input, or to
// a document that is made of it.
func refNeeds(compiler *ast.Compiler, ref ast.Ref) needs {
	if ref.HasPrefix(ast.InputRootRef) && len(ref) > 2 {
		if part, ok := ref[1].Value.(ast.String); ok {
			return needs{string(part): true}
		}
	}
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return nil
	}
	for end := 2; end <= len(ref); end++ {
		if len(compiler.GetRulesExact(ref[:end])) == 0 {
			continue
		}
		rules := compiler.GetRulesWithPrefix(ref[:end])
		if slices.ContainsFunc(rules, func(r *ast.Rule) bool { return len(r.Head.Args) > 0 || end == len(ref) && !isWhole(r) }) {
			return nil // a function, or a set that may be empty
		}
		return needsOf(compiler, rules, ref)
	}
	return nil
}

// ask gives the query over the rules that can find something in a document.
func (p *platform) ask(input *lint.Node) (ast.Body, error) {
	filled, key := needs{}, ""
	for _, field := range input.Fields {
		if p.parts[field.Key] && len(field.Value.Items)+len(field.Value.Fields) > 0 {
			filled[field.Key] = true
			key += field.Key + "\n"
		}
	}
	if query, known := p.queries.Load(key); known {
		return query.(ast.Body), nil
	}
	query, err := p.compileFor(filled)
	if err == nil {
		p.queries.Store(key, query)
	}
	return query, err
}

// compileFor gives a query over the rules whose needs are met. One query for all
// of them evaluates the documents of libraries once.
func (p *platform) compileFor(filled needs) (ast.Body, error) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.rules)) {
		if p.needs[name].met(filled) {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	return compileQuery(p.compiler, fmt.Sprintf("rule = [%s][_]; data.%s.%s[rule].deny[found]", strings.Join(names, ", "), root, p.name))
}
