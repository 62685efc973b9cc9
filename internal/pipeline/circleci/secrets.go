package circleci

import (
	"strings"

	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// mention is a variable that a script names: the project's, or that of a context
// of the job.
func (c *collector) mention(m model.Mention, step model.Step) model.Exposure {
	e := model.AmbientPlace(m, step).Exposure(m.At, model.AssumedSecret(m.Name, m.At, step.Script.Via))
	if strings.HasPrefix(m.Name, "CIRCLE_OIDC_TOKEN") {
		e.PlatformToken, e.Secret.Assumed, e.Masked = true, false, "unknown"
	}
	return e
}

// stores tells whose a variable is. In a job without contexts it is the project's,
// and then in all jobs; otherwise that of the job's context, or of one of them.
func (c *collector) stores() {
	contexts := map[string][]model.Text{}
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
	tell := func(e *model.Exposure) {
		of := contexts[e.Job.Value]
		if len(of) == 0 || e.Secret.Store != "" || e.PlatformToken || project[e.Secret.Name.Value] {
			return
		}
		e.Secret.Store = "context"
		if len(of) == 1 {
			e.Secret.Group = of[0]
		}
	}
	for i := range c.Exposures {
		tell(&c.Exposures[i])
	}
	ambient := c.Ambient
	c.Ambient = func(m model.Mention, step model.Step) (model.Exposure, bool) {
		e, ok := ambient(m, step)
		if ok {
			tell(&e)
		}
		return e, ok
	}
}
