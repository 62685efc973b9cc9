package pipeline

import (
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// declarative reads pipeline { … }.
func (j *jenkinsFile) declarative(n *lint.Node, s *groovy) {
	for _, block := range groovyBlocks(n) {
		inner := s.child()
		inner.stage = &groovyStage{at: n.Span}
		j.section(block.Get("closure").List(), inner, "pipeline_env")
	}
}

// section reads what stands in a pipeline or stage: first what is so for all of
// it, then what is done.
func (j *jenkinsFile) section(statements []*lint.Node, s *groovy, where string) {
	for _, n := range statements {
		j.setting(n, s, where)
	}
	var before []Text
	for _, n := range statements {
		switch n.Get("call").Str() {
		case "stages":
			before = j.stages(n, s, before, true)
		case "parallel":
			before = j.stages(n, s, before, false)
		case "matrix":
			j.matrix(n, s)
		case "steps":
			j.job(s)
			j.blocksOf(n, s)
		case "post":
			j.post(n, s, before)
		case "agent", "environment", "when", "parameters", "triggers", "options", "libraries", "stage", "tools", "input", "axes", "excludes":
			if n.Get("call").Str() == "stage" {
				j.walk(n, s)
			}
		default:
			j.walk(n, s)
		}
	}
}

func (j *jenkinsFile) blocksOf(n *lint.Node, s *groovy) {
	for _, block := range groovyBlocks(n) {
		j.inner(block, s)
	}
}

func (j *jenkinsFile) setting(n *lint.Node, s *groovy, where string) {
	switch n.Get("call").Str() {
	case "agent":
		j.agent(n, s)
	case "environment":
		j.environment(n, s, where)
	case "parameters":
		j.declareParameters(statementsOf(n), s)
	case "triggers":
		for _, trigger := range statementsOf(n) {
			j.trigger(trigger, s)
		}
	case "libraries":
		for _, lib := range statementsOf(n) {
			j.library(lib, s)
		}
	case "options", "tools":
		j.blocksOf(n, s)
	case "when":
		s.condition = Text{Value: string(n.Span.Text()), At: n.Span}
		if s.stage != nil {
			s.stage.condition = s.condition
		}
		j.when(n, s)
	case "input":
		j.when(n, s)
	}
}

// when reads a condition for what it calls.
func (j *jenkinsFile) when(n *lint.Node, s *groovy) {
	for _, statement := range statementsOf(n) {
		if name := statement.Get("call").Str(); name == "expression" || name == "allOf" || name == "anyOf" || name == "not" {
			j.when(statement, s)
		} else if statement.Get("call") == nil || statement.Get("on") != nil {
			j.walk(statement, s)
		}
	}
}

// statementsOf are the statements in the blocks of a call.
func statementsOf(n *lint.Node) []*lint.Node {
	var all []*lint.Node
	for _, block := range groovyBlocks(n) {
		all = append(all, block.Get("closure").List()...)
	}
	return all
}

// stages reads stages that run one after the other, or at once.
func (j *jenkinsFile) stages(n *lint.Node, s *groovy, before []Text, inOrder bool) []Text {
	var last []Text
	for _, statement := range statementsOf(n) {
		if statement.Get("call").Str() != "stage" {
			j.walk(statement, s)
			continue
		}
		from := len(j.Jobs)
		inner := j.stageOf(statement, s)
		inner.stage.needs = before
		j.section(statementsOf(statement), inner, "job_env")
		if !inner.stage.divided {
			j.job(inner)
		}
		if ids := j.since(from); inOrder && len(ids) > 0 {
			before, last = ids, ids
		} else {
			last = append(last, ids...)
			last = last[:min(len(last), maxNamed)]
		}
	}
	return last
}

// since lists the jobs that a stage brought, as far as others name them.
func (j *jenkinsFile) since(from int) []Text {
	var all []Text
	for _, job := range j.Jobs[from:min(len(j.Jobs), from+maxNamed)] {
		all = append(all, Text{Value: job.ID.Value, At: job.ID.At})
	}
	return all
}

// maxNamed bounds the jobs that one job names as needed.
const maxNamed = 100

func (j *jenkinsFile) stageOf(n *lint.Node, s *groovy) *groovy {
	name := argument(n, "name")
	k := j.value(name, s)
	label := Text{Value: k.text, At: spanOf(name, n.Get("call"))}
	if k.sure {
		label.Value = k.is
	}
	return j.enter(label, n.Span, s)
}

func (j *jenkinsFile) matrix(n *lint.Node, s *groovy) {
	inner := s.child()
	for _, statement := range statementsOf(n) {
		for _, axis := range statementsOf(statement) {
			if axis.Get("call").Str() != "axis" {
				continue
			}
			for _, part := range statementsOf(axis) {
				if part.Get("call").Str() == "name" {
					inner.bind(argument(part, "name").Str(), true, &groovyValue{})
				}
			}
		}
	}
	j.section(statementsOf(n), inner, "job_env")
}

// post reads what is done when a stage or the pipeline has ended. Behind the
// pipeline it is a job of its own.
func (j *jenkinsFile) post(n *lint.Node, s *groovy, before []Text) {
	if s.stage != nil && s.stage.id.Value == "" || s.stage != nil && s.stage.divided {
		s = j.enter(Text{Value: "post", At: n.Get("call").Span}, n.Span, s)
		s.stage.needs = before
	}
	for _, statement := range statementsOf(n) {
		if statement.Get("call") == nil {
			j.walk(statement, s)
			continue
		}
		inner := s.child()
		inner.condition = text(statement.Get("call"))
		j.blocksOf(statement, inner)
	}
}

// agent says on what machine and in which image a stage runs.
func (j *jenkinsFile) agent(n *lint.Node, s *groovy) {
	runner := Runner{At: n.Span, Kind: "self_hosted"}
	if args := n.Get("arguments").List(); len(args) == 1 && args[0].Get("name").Str() == "none" {
		return
	}
	for _, kind := range statementsOf(n) {
		j.agentKind(kind, &runner, s)
	}
	s.stage.runner = runner
}

func (j *jenkinsFile) agentKind(n *lint.Node, runner *Runner, s *groovy) {
	name := n.Get("call").Str()
	settings := lint.NewObject(lint.Span{})
	for _, statement := range append(statementsOf(n), n) {
		if called := statement.Get("call").Str(); called != "" && argument(statement, called) != nil {
			settings.Set(called, statement.Get("call").Span, argument(statement, called))
		}
	}
	for _, field := range n.Get("named").Object() {
		settings.Set(field.Key, field.Span, field.Value)
	}
	if label := j.value(settings.Get("label"), s); label.text != "" {
		runner.Labels = append(runner.Labels, Text{Value: label.text, At: label.at, Via: label.via})
	}
	image := settings.Get("image")
	if name == "docker" && image == nil {
		image = settings.Get("docker")
	}
	p := place{address: "agent"}
	if image != nil {
		s.stage.container = j.imageOf(image, p, s)
	}
	if id := settings.Get("registryCredentialsId"); id != nil {
		p.variable = Text{Value: "registryCredentialsId", At: settings.Field("registryCredentialsId").Span}
		p.address = "agent.registryCredentialsId"
		j.reference(id, p.at("container_credential"), s)
	}
	switch {
	case settings.Get("yaml") != nil:
		j.pod(j.value(settings.Get("yaml"), s), settings.Get("yaml").Span)
	case settings.Get("yamlFile") != nil:
		j.podFile(settings.Get("yamlFile"), s)
	}
}

// image reads docker.image('x'), in which blocks may run.
func (j *jenkinsFile) image(n *lint.Node, s *groovy) {
	if image := argument(n, "image"); image != nil {
		j.imageOf(image, j.place(s), s)
	}
	j.rest(n, s)
}

func (j *jenkinsFile) imageOf(n *lint.Node, p place, s *groovy) Text {
	k := j.value(n, s)
	ref := Text{Value: k.text, At: spanOf(n, n), Via: k.via}
	c := Component{At: ref.At, Address: join(p.address, "image"), Ref: ref, Kind: "image", Job: p.job, Step: p.step, Inputs: inputs(nil)}
	if k.sure {
		c.Ref.Value = k.is
		c.setImage(k.is)
	} else {
		c.Pin = "unknown"
	}
	if c.Ref.Value != "" {
		j.Components = append(j.Components, c)
	}
	return c.Ref
}

// environment sets variables for a pipeline or stage.
func (j *jenkinsFile) environment(n *lint.Node, s *groovy, where string) {
	for _, statement := range statementsOf(n) {
		name := statement.Get("assign", "name")
		if name == nil && statement.Get("value") != nil {
			name = statement.Get("define")
		}
		if name.Str() == "" {
			j.gap(statement.Span, "a variable of the environment was not understood", "syntax", place{})
			j.walk(statement, s)
			continue
		}
		j.setVariable(name, statement.Get("value"), where, s)
	}
}

// setVariable sets one variable of the environment.
func (j *jenkinsFile) setVariable(name, value *lint.Node, where string, s *groovy) {
	p := place{}
	if where == "job_env" {
		p = j.place(s)
	}
	b := bound{variable: text(name), where: where, masked: "yes"}
	if value.Get("call").Str() == "credentials" && argument(value, "credentialsId") != nil {
		b.secret = j.credential(argument(value, "credentialsId"), s)
		j.credentials(b, p, s)
		return
	}
	b.is = j.value(value, s)
	if b.is.at.Source == nil {
		b.is.at = spanOf(value, name)
	}
	b.is.step(lint.Step{Message: name.Str() + " is set here", Span: name.Span})
	if value.Kind != lint.String && value.Get("text") == nil && value.Get("operator") == nil {
		inner := s.child()
		j.walk(value, inner) // such as sh(returnStdout: true, …)
	}
	s.set(b)
	j.handed(b, p)
}

// credentials: NAME holds the secret, or the path of a file with it, or both
// parts of an account, which are in NAME_USR and NAME_PSW too.
func (j *jenkinsFile) credentials(b bound, p place, s *groovy) {
	name := b.variable.Value
	if filePath().MatchString(name) && !strings.Contains(j.text, name+"_PSW") && !strings.Contains(j.text, name+"_USR") {
		b.where = "file"
		s.set(b)
		b.where = "file"
		j.handed(b, p)
		return
	}
	part := b
	part.variable.Value = name + "_PSW"
	s.set(part)
	s.bind(name+"_USR", true, &groovyValue{})
	s.set(b)
	j.work += len(j.text) / 1000
	named := strings.Contains(j.text, name+"_PSW")
	if named {
		j.handed(part, p)
	}
	if !named || regexp.MustCompile(`[${.(\s]`+regexp.QuoteMeta(name)+`\b[^_\s]`).MatchString(j.text) {
		j.handed(b, p)
	}
}

// filePath: by its name such a variable holds the path of a file.
var filePath = regex.Lazy(`(?i)(?:_?file|_path|kubeconfig|keystore|_pem|_jks|_p12|google_application_credentials)$`)

// declareParameters reads what somebody fills in who starts the pipeline.
func (j *jenkinsFile) declareParameters(list []*lint.Node, s *groovy) {
	for _, n := range list {
		kind, name, value := n.Get("call").Str(), groovyOption(n, "name"), groovyOption(n, "defaultValue")
		if m := n.Get("map"); m != nil {
			kind, name, value = m.Get("$class").Str(), m.Get("name"), m.Get("defaultValue")
		}
		if name.Str() == "" {
			continue
		}
		k := j.value(value, s)
		p := place{variable: text(name), address: join("parameters", name.Str())}
		if k.sure && k.is != "" && value.Kind == lint.String {
			j.Literals = append(j.Literals, Literal{At: value.Span, Address: p.address, Variable: p.variable, Value: k.written(), Where: "default"})
		}
		secret := kind == "password" || kind == "PasswordParameterDefinition" || kind == "nonStoredPassword"
		if !secret && (kind != "string" && kind != "text" || !lint.SecretName(name.Str())) {
			s.bind(name.Str(), true, &groovyValue{})
			continue
		}
		b := bound{variable: p.variable, where: "pipeline_env", masked: "no", secret: Secret{At: name.Span, Name: text(name), Parameter: true, Assumed: !secret}}
		s.set(b)
		j.handed(b, p)
	}
}

// properties reads properties([parameters([…]), pipelineTriggers([…])]).
func (j *jenkinsFile) properties(n *lint.Node, s *groovy) {
	for _, item := range argument(n, "properties").List() {
		list := argument(item, item.Get("call").Str()).List()
		switch item.Get("call").Str() {
		case "parameters":
			j.declareParameters(list, s)
		case "pipelineTriggers":
			for _, trigger := range list {
				j.trigger(trigger, s)
			}
		}
	}
}

// jenkinsEvents are the triggers by what fires them.
var jenkinsEvents = map[string]string{
	"cron": "schedule", "parameterizedCron": "schedule", "pollSCM": "push", "upstream": "upstream", "githubPush": "push", "githubBranches": "push",
	"githubPullRequests": "pull_request", "githubPullRequest": "pull_request", "issueCommentTrigger": "comment", "GenericTrigger": "api", "gitlab": "push",
	"bitbucketPush": "push", "bitBucketTrigger": "push", "gerrit": "pull_request",
}

func (j *jenkinsFile) trigger(n *lint.Node, s *groovy) {
	name := n.Get("call")
	if name.Str() == "" {
		if n.Get("name").Str() == "" {
			j.gap(n.Span, "a trigger was not understood", "computed", place{})
			return
		}
		name = n.Get("name")
	}
	t := Trigger{At: n.Span, Event: "other", Name: text(name), FromFork: "no"}
	if event := jenkinsEvents[name.Str()]; event != "" {
		t.Event = event
	}
	if t.Event == "pull_request" || t.Event == "comment" || t.Event == "other" || t.Event == "upstream" {
		t.FromFork = "unknown"
	}
	if t.Event == "schedule" {
		k := j.value(argument(n, "spec"), s)
		for _, line := range strings.Split(k.is, "\n") {
			if cron := plainCron(strings.TrimSpace(line)); cron != "" {
				t.Crons = append(t.Crons, Text{Value: cron, At: k.at, Via: k.via})
			}
		}
	}
	j.Triggers = append(j.Triggers, t)
}

var (
	hashedStep  = regex.Lazy(`H(?:\(\d+-\d+\))?/`)
	hashed      = regex.Lazy(`H(?:\(\d+-\d+\))?`)
	namedCrons  = map[string]string{"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *"}
	notSchedule = regex.Lazy(`^(?:#|TZ=)`)
)

// plainCron writes a schedule without what Jenkins adds to it: H is a time that
// it picks itself.
func plainCron(line string) string {
	line, _, _ = strings.Cut(line, "%") // parameters of parameterizedCron
	if notSchedule().MatchString(line) {
		return ""
	}
	if plain := namedCrons[line]; plain != "" {
		return plain
	}
	return hashed().ReplaceAllString(hashedStep().ReplaceAllString(line, "*/"), "0")
}
