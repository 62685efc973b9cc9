package model

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Place says where in a pipeline a value stands.
type Place struct {
	Address     string
	Where       string
	Job         Text
	Step        *int
	Until       int // the last step of a block
	Variable    Text
	Component   Text
	Environment Text // the environment of the job
}

// At is the place as what gets a value, in the words of Exposure.Where.
func (p Place) At(where string) Place {
	p.Where = where
	return p
}

// Field is the place of an entry of a map.
func (p Place) Field(field lint.Field, within string) Place {
	p.Variable = Text{Value: field.Key, At: field.Span}
	p.Address = Join(p.Address, within, field.Key)
	return p
}

// Join makes an address of its parts, without the empty ones. All but the first are
// cut where they are long.
func Join(parts ...string) string {
	var kept []string
	for i, part := range parts {
		if i > 0 && len(part) > MaxLabel {
			part = strings.ToValidUTF8(part[:MaxLabel], "") + "…"
		}
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}

// Exposure is a secret that is handed out at the place, masked by the platform.
func (p Place) Exposure(at lint.Span, secret Secret) Exposure {
	return Exposure{
		At: at, Address: p.Address, Secret: secret, Where: p.Where, Masked: "yes",
		Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component, Environment: p.Environment,
	}
}

// AddGap notes what could not be resolved, as Gap has it.
func (p *Pipeline) AddGap(at lint.Span, what, why string, in Place) {
	p.Gaps = append(p.Gaps, Gap{At: at, What: what, Why: why, Job: in.Job, Step: in.Step})
}

// assigned are the places where a name is given a value.
var assigned = []string{"pipeline_env", "job_env", "step_env", "container_env", "container_credential", "input", "forwarded", "build_arg", "default"}

// Assigns says whether a name is given that value here.
func (p Place) Assigns(n *lint.Node) bool {
	return IsScalar(n) && p.Variable.Value != "" && slices.Contains(assigned, p.Where)
}
