package eval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/policyctl/policyctl/internal/fix"
	"github.com/policyctl/policyctl/internal/lint"
)

// Evaluate runs the policies of a document's platform over it. A rule that fails
// on the document is a Failure; what the other rules find still counts. An
// error means that the policies themselves are broken. What rules call credentials is
// handed to learn, if it is not nil: it must not be shown elsewhere either.
func (p *Program) Evaluate(ctx context.Context, doc *lint.Document, learn func(values []string)) ([]lint.Finding, []lint.Failure, error) {
	compile := p.platforms[doc.Platform]
	if compile == nil || len(p.rules[doc.Platform]) == 0 {
		return nil, nil, nil
	}
	compiled, err := compile()
	if err != nil || len(compiled.rules) == 0 {
		return nil, nil, err
	}
	query, err := compiled.ask(doc.Root)
	if err != nil {
		return nil, nil, err
	}
	e := &evaluation{program: p, platform: compiled, doc: doc, input: ast.NewTerm(value(doc.Root)), deadline: p.deadline(doc)}
	defer func() {
		redact(e.findings, e.values)
		if learn != nil {
			learn(e.values)
		}
	}()
	if e.run(ctx, query, "") == nil {
		return e.findings, e.failures, nil
	}
	// Something stopped the query. Rule by rule, the report can name what it was.
	e.findings, e.failures = nil, nil
	for _, name := range slices.Sorted(maps.Keys(compiled.rules)) {
		query, err := compileQuery(compiled.compiler, fmt.Sprintf("data.%s.%s.%s.deny[found]", root, doc.Platform, name))
		if err != nil {
			return nil, nil, err
		}
		if err := e.run(ctx, query, name); err != nil {
			e.fail(name, err)
		}
	}
	return e.findings, e.failures, nil
}

// deadline is what a document may take: more if it is large, as that of a whole
// repository may be.
func (p *Program) deadline(doc *lint.Document) time.Duration {
	const perValue = 100 * time.Microsecond
	return p.options.Deadline + time.Duration(doc.Root.Size()/1000)*1000*perValue
}

// evaluation is one document under the policies of its platform.
type evaluation struct {
	program  *Program
	platform *platform
	doc      *lint.Document
	input    *ast.Term
	deadline time.Duration
	findings []lint.Finding
	failures []lint.Failure
	values   []string // what rules call credentials
	texts    fix.Writer
}

// run evaluates a query for deny results. name is the rule if the query is about
// one, else the query binds it. An error says that the query did not end.
func (e *evaluation) run(ctx context.Context, query ast.Body, name string) error {
	ctx, done := context.WithTimeout(ctx, e.deadline)
	defer done()
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	var builtinErrors []topdown.Error
	err := topdown.NewQuery(query).
		WithCompiler(e.platform.compiler).
		WithStore(e.program.store).
		WithTransaction(e.program.txn).
		WithInput(e.input).
		WithCancel(cancel).
		WithTime(e.program.options.Now).
		WithInterQueryBuiltinValueCache(e.program.values).
		WithBuiltinErrorList(&builtinErrors).
		Iter(ctx, func(result topdown.QueryResult) error {
			rule := name
			if bound, ok := result["rule"]; ok {
				text, _ := bound.Value.(ast.String)
				rule = string(text)
			}
			e.take(rule, result["found"].Value)
			return nil
		})
	if err != nil {
		return err
	}
	for _, problem := range builtinErrors {
		e.fail(e.owner(problem.Location, name), &problem)
	}
	return nil
}

// take turns a result into a finding, or into a failure if it makes no sense.
func (e *evaluation) take(name string, found ast.Value) {
	rule := e.platform.rules[name]
	if rule == nil { // a package that has a deny but no METADATA cannot be compiled
		e.fail(name, errors.New("the rule is unknown"))
		return
	}
	finding, err := read(rule, e.doc, found, &e.texts)
	if err != nil {
		e.fail(name, err)
		return
	}
	e.findings = append(e.findings, finding)
	if rule.PointsAtSecret() {
		e.values = append(e.values, credential(e.doc, found))
	}
}

func (e *evaluation) fail(name string, err error) {
	failure := lint.Failure{Path: e.doc.Path, Message: message(err, e.deadline)}
	if rule := e.platform.rules[name]; rule != nil {
		failure.Rule = rule.ID
	}
	e.failures = append(e.failures, failure)
}

// owner finds the rule in whose file a place is; a place in a library tells nothing.
func (e *evaluation) owner(location *ast.Location, name string) string {
	if name != "" || location == nil {
		return name
	}
	for _, f := range e.program.rules[e.doc.Platform] {
		if f.label() == location.File {
			return f.name
		}
	}
	return ""
}

// message words why a rule failed. OPA quotes operands in some of its errors,
// and an operand may be a credential: only what stands in front of them is kept.
func message(err error, deadline time.Duration) string {
	var problem *topdown.Error
	if !errors.As(err, &problem) {
		return err.Error()
	}
	if problem.Code == topdown.CancelErr {
		return fmt.Sprintf("ran for more than %s and was stopped", deadline)
	}
	text := problem.Message
	if i := strings.IndexAny(text, "\n\"'`"); i >= 0 {
		text = text[:i]
	}
	text, _, _ = strings.Cut(text, " but got ")
	return at(problem.Location) + strings.TrimRight(text, ": ")
}
