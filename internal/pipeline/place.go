package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// place says where in a pipeline a value stands.
type place struct {
	address   string
	where     string
	job       Text
	step      *int
	until     int // the last step of a block
	variable  Text
	component Text
	inJob     Text // the environment of the job
}

func (p place) at(where string) place {
	p.where = where
	return p
}

// of is the place of an entry of a map.
func (p place) of(field lint.Field, within string) place {
	p.variable = Text{Value: field.Key, At: field.Span}
	p.address = join(p.address, within, field.Key)
	return p
}

func join(parts ...string) string {
	var kept []string
	for i, part := range parts {
		if i > 0 && len(part) > maxLabel {
			part = strings.ToValidUTF8(part[:maxLabel], "") + "…"
		}
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}

// tokenName is the name of the token that GitHub makes for each job.
const tokenName = "GITHUB_TOKEN"

func (p place) exposure(at lint.Span, secret Secret) Exposure {
	return Exposure{
		At: at, Address: p.address, Secret: secret, PlatformToken: secret.Name.Value == tokenName, Where: p.where, Masked: "yes",
		Job: p.job, Step: p.step, Variable: p.variable, Component: p.component, Environment: p.inJob,
	}
}

func (p *Pipeline) gap(at lint.Span, what, why string, in place) {
	p.Gaps = append(p.Gaps, Gap{At: at, What: what, Why: why, Job: in.job, Step: in.step})
}

// assigned are the places where a name is given a value.
var assigned = []string{"pipeline_env", "job_env", "step_env", "container_env", "container_credential", "input", "forwarded", "build_arg", "default"}

// assigns says whether a name is given that value here.
func (p place) assigns(n *lint.Node) bool {
	return scalar(n) && p.variable.Value != "" && slices.Contains(assigned, p.where)
}
