package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// ambient notes the variables that scripts name and no file sets: they are the
// project's, or those of a context that the job names.
func (c *circle) ambient() {
	set := map[string]map[string]bool{} // by job
	for _, literal := range c.Literals {
		if literal.Where != "container_env" {
			known(set, literal.Job.Value)[literal.Variable.Value] = true
		}
	}
	for _, step := range c.Steps {
		assigns(step.Script.Value, known(set, step.Job.Value))
	}
	for _, step := range c.Steps {
		for _, m := range mentions(step.Script) {
			if !known(set, step.Job.Value)[m.name] {
				c.Exposures = append(c.Exposures, c.mention(m, step))
			}
		}
	}
	c.stores()
}

func known(set map[string]map[string]bool, job string) map[string]bool {
	if set[job] == nil {
		set[job] = map[string]bool{}
	}
	return set[job]
}

func (c *circle) mention(m mention, step Step) Exposure {
	index := step.Index
	p := place{address: join(step.Address, m.name), where: "ambient", job: step.Job, step: &index, variable: Text{Value: m.name, At: m.at, Via: step.Script.Via}}
	e := p.exposure(m.at, variableSecret(m.name, m.at, step.Script.Via))
	if strings.HasPrefix(m.name, "CIRCLE_OIDC_TOKEN") {
		e.PlatformToken, e.Secret.Assumed, e.Masked = true, false, "unknown"
	}
	return e
}

// variableSecret is a secret by the name of its variable.
func variableSecret(name string, at lint.Span, via []lint.Step) Secret {
	return Secret{At: at, Via: via, Name: Text{Value: name, At: at, Via: via}, Assumed: true}
}

// stores tells whose a variable is. In a job without contexts it is the project's,
// and then in all jobs; otherwise that of the job's context, or of one of them.
func (c *circle) stores() {
	contexts := map[string][]Text{}
	for _, e := range c.Exposures {
		if e.Secret.Store == "context" {
			contexts[e.Job.Value] = append(contexts[e.Job.Value], e.Secret.Group)
		}
	}
	project := map[string]bool{}
	for _, e := range c.Exposures {
		if len(contexts[e.Job.Value]) == 0 {
			project[e.Secret.Name.Value] = true
		}
	}
	for i := range c.Exposures {
		e := &c.Exposures[i]
		of := contexts[e.Job.Value]
		if len(of) == 0 || e.Secret.Store != "" || e.PlatformToken || project[e.Secret.Name.Value] {
			continue
		}
		e.Secret.Store = "context"
		if len(of) == 1 {
			e.Secret.Group = of[0]
		}
	}
}
