package github

import (
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// place is a place in a workflow or action, and what its expressions can see.
type place struct {
	model.Place
	scope scope
	reach reach
	steps *lint.Node // beside it
	bare  bool       // an expression needs no marks here
}

// At is the place as what gets a value.
func (p place) At(where string) place {
	p.Where = where
	return p
}

// Field is the place of an entry of a map.
func (p place) Field(field lint.Field, within string) place {
	p.Place = p.Place.Field(field, within)
	return p
}
