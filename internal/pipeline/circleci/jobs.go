package circleci

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// job is what the steps of a job share.
type job struct {
	model.Place
	steps int
	shell model.Text
}

func (c *collector) job(group *callGroup) {
	call := group.calls[0]
	found := find(c.root, "jobs", call.job.Value)
	p := model.Place{Job: model.Text{Value: group.id, At: call.job.At}, Address: model.Join("jobs", group.id)}
	if key := c.root.Get("jobs").Field(call.job.Value); key != nil {
		p.Job.At = key.Span
	}
	j := model.Job{At: p.Job.At, ID: p.Job, Name: call.name(), Stage: model.Text{Value: call.workflow}, Needs: c.needs(group), Condition: c.conditions(group), Runner: model.Runner{Kind: "unknown"}}
	c.contexts(group, p)
	switch {
	case found.remote.Value != "":
		p.Component = found.remote
		j.Calls = found.remote
		c.orb(call.job, found.remote, call.options, p)
		c.AddGap(call.job.At, "the job is one of an orb of the registry; what it does with its parameters and variables was not judged", "remote", p)
	case found.body != nil:
		c.body(found, call, &j, p)
	case model.TextOf(call.options.Get("type")).Value == "":
		c.AddGap(call.job.At, "the configuration has no job of this name; it was not judged", "syntax", p)
	}
	c.Jobs = append(c.Jobs, j)
}

// conditions are what lets the calls of a job happen, where all say something.
func (c *collector) conditions(group *callGroup) model.Text {
	var first model.Text
	for _, call := range group.calls {
		condition := model.ConditionOf(call.options.Get("filters"))
		if condition.Value == "" {
			condition = call.when
		}
		if condition.Value == "" {
			return model.Text{}
		}
		if first.Value == "" {
			first = condition
		}
	}
	return first
}

// maxContexts bounds what a matrix makes of one context.
const maxContexts = 100

// contexts notes the groups of secrets that a job is given, and that it can ask
// for identity tokens then.
func (c *collector) contexts(group *callGroup, p model.Place) {
	options := group.calls[0].options
	for _, name := range c.contextsOf(options) {
		at := p.At("job_env")
		at.Address = model.Join(p.Address, "context", name.Value)
		c.Exposures = append(c.Exposures, at.Exposure(name.At, model.Secret{At: name.At, Via: name.Via, Store: "context", Group: name}))
	}
	if at := options.Get("context"); at != nil {
		c.Identities = append(c.Identities, model.Identity{
			At: at.Span, Address: model.Join(p.Address, "identities", "oidc"), Job: p.Job, Kind: "oidc", Name: model.Text{Value: "CIRCLE_OIDC_TOKEN", At: at.Span}, DeclaredAt: "job",
		})
	}
}

func (c *collector) contextsOf(options *lint.Node) []model.Text {
	var names []model.Text
	for _, name := range model.TextsOf(options.Get("context")) {
		m := parameter().FindStringSubmatch(name.Value)
		if m == nil {
			names = append(names, name)
			continue
		}
		values := options.Get("matrix", "parameters", strings.TrimPrefix(m[1], "matrix.")).List()
		if len(values) == 0 || len(values) > maxContexts {
			c.AddGap(name.At, "the name of the context is known only when the pipeline runs; its variables were not told apart", "computed", model.Place{})
		}
		for _, value := range values[:min(len(values), maxContexts)] {
			via := append(slices.Clone(name.Via), lint.Step{Message: "the matrix sets it here", Span: value.Span})
			names = append(names, model.Text{Value: strings.Replace(name.Value, m[0], value.Text, 1), At: name.At, Via: via})
		}
	}
	return names
}

// body reads a job that stands in the file.
func (c *collector) body(found found, call call, j *model.Job, p model.Place) {
	s := scope{library: found.library, values: bind(found.body.Get("parameters"), call.options)}
	for _, field := range call.options.Get("matrix", "parameters").Object() {
		s.values[field.Key] = nil
	}
	body := c.fill(found.body, s)
	if body.Kind != lint.Object {
		c.AddGap(p.Job.At, "a job that is no mapping was not judged", "syntax", p)
		return
	}
	machine := c.executor(body, s, p)
	j.Runner = runnerOf(body, machine)
	job := &job{Place: p, shell: model.TextOf(ownOr(body, machine, "shell"))}
	j.Container = c.images(ownOr(body, machine, "docker"), p)
	c.variables(machine.Get("environment"), "environment", p.At("job_env"))
	c.variables(body.Get("environment"), "environment", p.At("job_env"))
	outside := scope{library: c.root}
	c.steps(call.options.Get("pre-steps"), outside, job)
	c.steps(body.Get("steps"), s, job)
	c.steps(call.options.Get("post-steps"), outside, job)
}

// ownOr is what the job says, or else its executor.
func ownOr(job, executor *lint.Node, key string) *lint.Node {
	if n := job.Get(key); n != nil {
		return n
	}
	return executor.Get(key)
}

// executor is the machine that a job names, with its parameters filled in.
func (c *collector) executor(job *lint.Node, s scope, p model.Place) *lint.Node {
	n := job.Get("executor")
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if model.TextOf(name).Value == "" {
		return nil
	}
	found := find(s.library, "executors", name.Text)
	switch {
	case found.remote.Value != "":
		c.orb(model.TextOf(name), found.remote, n, p)
	case found.body == nil:
		c.AddGap(name.Span, "the configuration has no executor of this name; its image and variables were not judged", absence(name.Text), p)
	default:
		within := scope{library: found.library, values: bind(found.body.Get("parameters"), n), via: []lint.Step{{Message: "the executor is named here", Span: name.Span}}}
		return c.fill(found.body, within)
	}
	return nil
}

// absence tells a name that is computed from one that is wrong.
func absence(name string) string {
	if parameter().MatchString(name) {
		return "computed"
	}
	return "syntax"
}

// runnerOf tells CircleCI's own machines from those of the organisation, whose
// classes have a namespace.
func runnerOf(body, machine *lint.Node) model.Runner {
	r := model.Runner{Kind: "unknown"}
	class := model.TextOf(ownOr(body, machine, "resource_class"))
	if class.Value == "" {
		class = model.TextOf(ownOr(body, machine, "machine").Get("resource_class"))
	}
	for _, kind := range []string{"docker", "machine", "macos", "windows"} {
		if n := ownOr(body, machine, kind); n != nil {
			r.Kind, r.At = "hosted", n.Span
			r.Labels = append(r.Labels, model.Text{Value: kind, At: n.Span})
		}
	}
	if class.Value == "" {
		return r
	}
	r.Labels = append(r.Labels, class)
	switch {
	case parameter().MatchString(class.Value):
		r.Kind = "unknown"
	case strings.Contains(class.Value, "/"):
		r.Kind, r.At = "self_hosted", class.At
	}
	return r
}

// images reads the containers of a job: the steps run in the first.
func (c *collector) images(list *lint.Node, p model.Place) (first model.Text) {
	for i, n := range list.List() {
		where := "container_env"
		if i == 0 {
			first, where = model.TextOf(n.Get("image")), "job_env"
		}
		c.image(n.Get("image"), p)
		c.logins(n, p)
		c.variables(n.Get("environment"), "environment", p.At(where))
	}
	return first
}

func (c *collector) image(n *lint.Node, p model.Place) {
	if model.TextOf(n).Value == "" {
		return
	}
	image := model.Component{At: n.Span, Address: model.Join(p.Address, "image"), Ref: model.TextOf(n), Kind: "image", Job: p.Job, Inputs: model.InputsOf(nil)}
	image.SetImage(n.Text)
	if parameter().MatchString(n.Text) || strings.Contains(n.Text, "$") {
		image.Pin = "unknown"
	}
	c.Components = append(c.Components, image)
}

// logins reads how an image is fetched. What stands in a slot for a password is a
// secret whatever its name.
func (c *collector) logins(image *lint.Node, p model.Place) {
	for _, within := range []string{"auth", "aws_auth"} {
		for _, field := range image.Get(within).Object() {
			at := p.Field(field, within).At("container_credential")
			name, isVariable := model.WholeVariable(field.Value.Text)
			switch {
			case isVariable && (slices.Contains([]string{"password", "aws_secret_access_key"}, field.Key) || lint.SecretName(name)):
				value := model.TextOf(field.Value)
				secret := model.AssumedSecret(name, value.At, value.Via)
				secret.Assumed = false
				c.Exposures = append(c.Exposures, at.Exposure(value.At, secret))
			case !isVariable:
				c.literal(field.Value, at)
			}
		}
	}
}

// variables reads a map from names to values, or a list of such or of NAME=value.
func (c *collector) variables(n *lint.Node, within string, p model.Place) {
	for _, item := range n.List() {
		name, value, found := strings.Cut(item.Text, "=")
		if item.Kind == lint.Object {
			c.variables(item, within, p)
		} else if found {
			field := lint.Field{Key: name, Span: item.Span, Value: &lint.Node{Kind: lint.String, Text: value, Span: item.Span, Via: item.Via}}
			c.literal(field.Value, p.Field(field, within))
		}
	}
	for _, field := range n.Object() {
		c.literal(field.Value, p.Field(field, within))
	}
}

// literal notes a value that stands in the file: CircleCI itself puts no
// variables into those of others.
func (c *collector) literal(n *lint.Node, p model.Place) {
	if !model.IsScalar(n) || parameter().MatchString(n.Text) {
		return
	}
	c.Pipeline.AddLiteral(n, p)
}

func (c *collector) inputDefaults(parameters *lint.Node) {
	for _, field := range parameters.Object() {
		c.literal(field.Value.Get("default"), model.Place{}.Field(field, "parameters").At("default"))
	}
}

// triggers: whoever may push starts the pipeline; whether changes from forks do,
// and get secrets, are settings.
func (c *collector) triggers() {
	at := c.root.Span
	if n := c.root.Field("workflows"); n != nil {
		at = n.Span
	}
	c.Triggers = append(c.Triggers,
		model.Trigger{At: at, Event: "push", Name: model.Text{Value: "push"}, FromFork: "no"},
		model.Trigger{At: at, Event: "pull_request", Name: model.Text{Value: "pull request"}, FromFork: "unknown"})
	if n := c.root.Get("parameters"); n != nil {
		c.Triggers = append(c.Triggers, model.Trigger{At: n.Span, Event: "api", Name: model.Text{Value: "api", At: n.Span}, FromFork: "no"})
	}
	if tag := c.tagFilter(); tag != nil {
		c.Triggers = append(c.Triggers, model.Trigger{At: tag.Span, Event: "tag", Name: model.Text{Value: "tag", At: tag.Span}, FromFork: "no"})
	}
	for _, field := range c.root.Get("workflows").Object() {
		for _, trigger := range field.Value.Get("triggers").List() {
			if cron := model.TextOf(trigger.Get("schedule", "cron")); cron.Value != "" && len(c.Triggers) < model.MaxTriggers {
				c.Triggers = append(c.Triggers, model.Trigger{At: cron.At, Event: "schedule", Name: model.Text{Value: "schedule", At: cron.At}, FromFork: "no", Crons: []model.Text{cron}})
			}
		}
	}
}

// tagFilter is the first that lets tags start a job: without one they do not.
func (c *collector) tagFilter() *lint.Node {
	for _, group := range c.groups {
		for _, call := range group.calls {
			if tags := call.options.Get("filters", "tags"); tags != nil {
				return tags
			}
		}
	}
	return nil
}

var audience = regex.Lazy(`"aud"\s*:\s*"([^"]+)"`)

// oidc notes that a script asks for an identity token.
func (c *collector) oidc(script model.Text, p model.Place) {
	if !strings.Contains(script.Value, "circleci run oidc get") {
		return
	}
	identity := model.Identity{At: script.At, Address: model.Join(p.Address, "identities", "oidc"), Job: p.Job, Kind: "oidc", Explicit: true, DeclaredAt: "job"}
	if m := audience().FindStringSubmatchIndex(script.Value); m != nil {
		identity.Audiences = []model.Text{{Value: script.Value[m[2]:m[3]], At: model.NewPlacedText(script).Part(m[2], m[3]), Via: script.Via}}
	}
	c.Identities = append(c.Identities, identity)
}
