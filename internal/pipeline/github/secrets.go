package github

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// expose notes what an expression hands to its place: secrets, and text that an
// outsider writes.
func (g *collector) expose(l located, n *lint.Node, p place) {
	var secrets []model.Secret
	first := len(g.Untrusted)
	uses := g.uses(l.expr, p.scope, nil, true)
	// Values that are handed on come first: in "secrets.A && secrets.A" one is.
	slices.SortStableFunc(uses, func(a, b use) int { return rank(a) - rank(b) })
	for _, u := range uses {
		u.via = slices.Concat(n.Via, u.via)
		if !p.scope.call.given(u) {
			g.pass(u, l, p)
			continue
		}
		g.untrusted(first, u, l, n, p)
		g.pass(u, l, p)
		secret, ok := g.secretOf(u, l)
		if !ok || slices.ContainsFunc(secrets, secret.Same) {
			continue
		}
		secrets = append(secrets, secret)
		at := p
		if !u.flows && !secret.All {
			at.Where = "condition"
		}
		e := at.Exposure(n.Span, secret)
		e.PlatformToken = secret.Name.Value == TokenName
		e.Transformed, e.Inner = u.transformed, p.scope.call != nil
		e.Offset, e.Length = l.offset, l.length
		g.Exposures = append(g.Exposures, e)
	}
}

func rank(u use) int {
	if u.flows {
		return 0
	}
	return 1
}

// TokenName is the token that GitHub makes for each job.
const TokenName = "GITHUB_TOKEN"

// secretOf says which secret is used, if one is. The whole github context holds
// the job's token, but only as text can it be handed on.
func (g *collector) secretOf(u use, l located) (model.Secret, bool) {
	s := model.Secret{At: l.at, Via: u.via}
	switch path := u.path; {
	case path[0] == "secrets" && (len(path) == 1 || path[1] == "*"):
		s.All, s.Computed = true, u.computed
	case path[0] == "secrets":
		s.Name = model.Text{Value: strings.ToUpper(path[1]), At: l.part(u.expr)}
		s.Parameter = g.parameters[s.Name.Value]
	case path[0] == "github" && holdsToken(u):
		s.Name = model.Text{Value: TokenName, At: l.part(u.expr)}
	default:
		return model.Secret{}, false
	}
	return s, true
}

func holdsToken(u use) bool {
	if len(u.path) == 1 {
		return slices.Contains(u.transformed, "to_json")
	}
	return u.path[1] == "token" || u.path[1] == "*"
}

// pass notes an output or variable that is handed on.
func (g *collector) pass(u use, l located, p place) {
	if !u.flows {
		return
	}
	pass := model.Pass{At: l.at, Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component, Offset: l.offset, Length: l.length}
	switch path := u.path; {
	case len(path) == 4 && path[0] == "steps" && path[2] == "outputs":
		pass.FromStep, pass.Name = u.call.within()+path[1], path[3]
	case len(path) == 4 && path[0] == "needs" && path[2] == "outputs":
		pass.FromJob, pass.Name = path[1], path[3]
	case len(path) == 4 && path[0] == "jobs" && path[2] == "outputs": // an output of a called workflow
		pass.FromJob, pass.Name = path[1], path[3]
	case len(path) == 2 && path[0] == "env":
		pass.Name = path[1]
	default:
		return
	}
	g.Passes = append(g.Passes, pass)
}
