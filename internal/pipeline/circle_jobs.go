package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// circleJob is what the steps of a job share.
type circleJob struct {
	place
	steps int
	shell Text
}

func (c *circle) job(group *circleGroup) {
	call := group.calls[0]
	found := find(c.root, "jobs", call.job.Value)
	p := place{job: Text{Value: group.id, At: call.job.At}, address: join("jobs", group.id)}
	if key := c.root.Get("jobs").Field(call.job.Value); key != nil {
		p.job.At = key.Span
	}
	j := Job{At: p.job.At, ID: p.job, Name: call.name(), Stage: Text{Value: call.workflow}, Needs: c.needs(group), Condition: c.conditions(group), Runner: Runner{Kind: "unknown"}}
	c.contexts(group, p)
	switch {
	case found.remote.Value != "":
		p.component = found.remote
		j.Calls = found.remote
		c.orb(call.job, found.remote, call.options, p)
		c.gap(call.job.At, "the job is one of an orb of the registry; what it does with its parameters and variables was not judged", "remote", p)
	case found.body != nil:
		c.body(found, call, &j, p)
	case text(call.options.Get("type")).Value == "":
		c.gap(call.job.At, "the configuration has no job of this name; it was not judged", "syntax", p)
	}
	c.Jobs = append(c.Jobs, j)
}

// conditions are what lets the calls of a job happen, where all say something.
func (c *circle) conditions(group *circleGroup) Text {
	var first Text
	for _, call := range group.calls {
		condition := written(call.options.Get("filters"))
		if condition.Value == "" {
			condition = call.when
		}
		if condition.Value == "" {
			return Text{}
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
func (c *circle) contexts(group *circleGroup, p place) {
	options := group.calls[0].options
	for _, name := range c.contextsOf(options) {
		at := p.at("job_env")
		at.address = join(p.address, "context", name.Value)
		c.Exposures = append(c.Exposures, at.exposure(name.At, Secret{At: name.At, Via: name.Via, Store: "context", Group: name}))
	}
	if at := options.Get("context"); at != nil {
		c.Identities = append(c.Identities, Identity{
			At: at.Span, Address: join(p.address, "identities", "oidc"), Job: p.job, Kind: "oidc", Name: Text{Value: "CIRCLE_OIDC_TOKEN", At: at.Span}, DeclaredAt: "job",
		})
	}
}

func (c *circle) contextsOf(options *lint.Node) []Text {
	var names []Text
	for _, name := range texts(options.Get("context")) {
		m := circleExpression().FindStringSubmatch(name.Value)
		if m == nil {
			names = append(names, name)
			continue
		}
		values := options.Get("matrix", "parameters", strings.TrimPrefix(m[1], "matrix.")).List()
		if len(values) == 0 || len(values) > maxContexts {
			c.gap(name.At, "the name of the context is known only when the pipeline runs; its variables were not told apart", "computed", place{})
		}
		for _, value := range values[:min(len(values), maxContexts)] {
			via := append(slices.Clone(name.Via), lint.Step{Message: "the matrix sets it here", Span: value.Span})
			names = append(names, Text{Value: strings.Replace(name.Value, m[0], value.Text, 1), At: name.At, Via: via})
		}
	}
	return names
}

// body reads a job that stands in the file.
func (c *circle) body(found circleFound, call circleCall, j *Job, p place) {
	s := circleScope{library: found.library, values: bind(found.body.Get("parameters"), call.options)}
	for _, field := range call.options.Get("matrix", "parameters").Object() {
		s.values[field.Key] = nil
	}
	body := c.fill(found.body, s)
	if body.Kind != lint.Object {
		c.gap(p.job.At, "a job that is no mapping was not judged", "syntax", p)
		return
	}
	machine := c.executor(body, s, p)
	j.Runner = circleRunner(body, machine)
	job := &circleJob{place: p, shell: text(ownOr(body, machine, "shell"))}
	j.Container = c.images(ownOr(body, machine, "docker"), p)
	c.variables(machine.Get("environment"), "environment", p.at("job_env"))
	c.variables(body.Get("environment"), "environment", p.at("job_env"))
	outside := circleScope{library: c.root}
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
func (c *circle) executor(job *lint.Node, s circleScope, p place) *lint.Node {
	n := job.Get("executor")
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if text(name).Value == "" {
		return nil
	}
	found := find(s.library, "executors", name.Text)
	switch {
	case found.remote.Value != "":
		c.orb(text(name), found.remote, n, p)
	case found.body == nil:
		c.gap(name.Span, "the configuration has no executor of this name; its image and variables were not judged", absence(name.Text), p)
	default:
		within := circleScope{library: found.library, values: bind(found.body.Get("parameters"), n), via: []lint.Step{{Message: "the executor is named here", Span: name.Span}}}
		return c.fill(found.body, within)
	}
	return nil
}

// absence tells a name that is computed from one that is wrong.
func absence(name string) string {
	if circleExpression().MatchString(name) {
		return "computed"
	}
	return "syntax"
}

// circleRunner tells CircleCI's own machines from those of the organisation, whose
// classes have a namespace.
func circleRunner(body, machine *lint.Node) Runner {
	r := Runner{Kind: "unknown"}
	class := text(ownOr(body, machine, "resource_class"))
	if class.Value == "" {
		class = text(ownOr(body, machine, "machine").Get("resource_class"))
	}
	for _, kind := range []string{"docker", "machine", "macos", "windows"} {
		if n := ownOr(body, machine, kind); n != nil {
			r.Kind, r.At = "hosted", n.Span
			r.Labels = append(r.Labels, Text{Value: kind, At: n.Span})
		}
	}
	if class.Value == "" {
		return r
	}
	r.Labels = append(r.Labels, class)
	switch {
	case circleExpression().MatchString(class.Value):
		r.Kind = "unknown"
	case strings.Contains(class.Value, "/"):
		r.Kind, r.At = "self_hosted", class.At
	}
	return r
}

// images reads the containers of a job: the steps run in the first.
func (c *circle) images(list *lint.Node, p place) (first Text) {
	for i, n := range list.List() {
		where := "container_env"
		if i == 0 {
			first, where = text(n.Get("image")), "job_env"
		}
		c.image(n.Get("image"), p)
		c.logins(n, p)
		c.variables(n.Get("environment"), "environment", p.at(where))
	}
	return first
}

func (c *circle) image(n *lint.Node, p place) {
	if text(n).Value == "" {
		return
	}
	image := Component{At: n.Span, Address: join(p.address, "image"), Ref: text(n), Kind: "image", Job: p.job, Inputs: inputs(nil)}
	image.setImage(n.Text)
	if circleExpression().MatchString(n.Text) || strings.Contains(n.Text, "$") {
		image.Pin = "unknown"
	}
	c.Components = append(c.Components, image)
}

// logins reads how an image is fetched. What stands in a slot for a password is a
// secret whatever its name.
func (c *circle) logins(image *lint.Node, p place) {
	for _, within := range []string{"auth", "aws_auth"} {
		for _, field := range image.Get(within).Object() {
			at := p.of(field, within).at("container_credential")
			name, isVariable := whole(field.Value.Text)
			switch {
			case isVariable && (slices.Contains([]string{"password", "aws_secret_access_key"}, field.Key) || lint.SecretName(name)):
				value := text(field.Value)
				secret := variableSecret(name, value.At, value.Via)
				secret.Assumed = false
				c.Exposures = append(c.Exposures, at.exposure(value.At, secret))
			case !isVariable:
				c.literal(field.Value, at)
			}
		}
	}
}

// variables reads a map from names to values, or a list of such or of NAME=value.
func (c *circle) variables(n *lint.Node, within string, p place) {
	for _, item := range n.List() {
		name, value, found := strings.Cut(item.Text, "=")
		if item.Kind == lint.Object {
			c.variables(item, within, p)
		} else if found {
			field := lint.Field{Key: name, Span: item.Span, Value: &lint.Node{Kind: lint.String, Text: value, Span: item.Span, Via: item.Via}}
			c.literal(field.Value, p.of(field, within))
		}
	}
	for _, field := range n.Object() {
		c.literal(field.Value, p.of(field, within))
	}
}

// literal notes a value that stands in the file: CircleCI itself puts no
// variables into those of others.
func (c *circle) literal(n *lint.Node, p place) {
	if !scalar(n) || circleExpression().MatchString(n.Text) {
		return
	}
	c.Pipeline.literal(n, p)
}

func (c *circle) inputDefaults(parameters *lint.Node) {
	for _, field := range parameters.Object() {
		c.literal(field.Value.Get("default"), place{}.of(field, "parameters").at("default"))
	}
}

// triggers: whoever may push starts the pipeline; whether changes from forks do,
// and get secrets, are settings.
func (c *circle) triggers() {
	at := c.root.Span
	if n := c.root.Field("workflows"); n != nil {
		at = n.Span
	}
	c.Triggers = append(c.Triggers,
		Trigger{At: at, Event: "push", Name: Text{Value: "push"}, FromFork: "no"},
		Trigger{At: at, Event: "pull_request", Name: Text{Value: "pull request"}, FromFork: "unknown"})
	if n := c.root.Get("parameters"); n != nil {
		c.Triggers = append(c.Triggers, Trigger{At: n.Span, Event: "api", Name: Text{Value: "api", At: n.Span}, FromFork: "no"})
	}
	if tag := c.tagFilter(); tag != nil {
		c.Triggers = append(c.Triggers, Trigger{At: tag.Span, Event: "tag", Name: Text{Value: "tag", At: tag.Span}, FromFork: "no"})
	}
	for _, field := range c.root.Get("workflows").Object() {
		for _, trigger := range field.Value.Get("triggers").List() {
			if cron := text(trigger.Get("schedule", "cron")); cron.Value != "" && len(c.Triggers) < maxTriggers {
				c.Triggers = append(c.Triggers, Trigger{At: cron.At, Event: "schedule", Name: Text{Value: "schedule", At: cron.At}, FromFork: "no", Crons: []Text{cron}})
			}
		}
	}
}

// tagFilter is the first that lets tags start a job: without one they do not.
func (c *circle) tagFilter() *lint.Node {
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
func (c *circle) oidc(script Text, p place) {
	if !strings.Contains(script.Value, "circleci run oidc get") {
		return
	}
	identity := Identity{At: script.At, Address: join(p.address, "identities", "oidc"), Job: p.job, Kind: "oidc", Explicit: true, DeclaredAt: "job"}
	if m := audience().FindStringSubmatchIndex(script.Value); m != nil {
		identity.Audiences = []Text{{Value: script.Value[m[2]:m[3]], At: newSource(script).part(m[2], m[3]), Via: script.Via}}
	}
	c.Identities = append(c.Identities, identity)
}
