package pipeline

import "github.com/policyctl/policyctl/internal/lint"

// githubPlace is a place in a workflow or action, and what its expressions can see.
type githubPlace struct {
	place
	scope scope
	reach reach
	bare  bool // an expression needs no marks here
}

func (p githubPlace) at(where string) githubPlace {
	p.where = where
	return p
}

func (p githubPlace) of(field lint.Field, within string) githubPlace {
	p.place = p.place.of(field, within)
	return p
}
