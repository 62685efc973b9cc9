package jenkins

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// declarative reads pipeline { … }.
func (j *collector) declarative(n *lint.Node, s *groovy) {
	for _, block := range groovyBlocks(n) {
		inner := s.child()
		inner.stage = &groovyStage{at: n.Span}
		j.section(block.Get("closure").List(), inner, "pipeline_env")
	}
}

// section reads what stands in a pipeline or stage: first what is so for all of
// it, then what is done.
func (j *collector) section(statements []*lint.Node, s *groovy, where string) {
	for _, n := range statements {
		j.setting(n, s, where)
	}
	var before []model.Text
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

func (j *collector) blocksOf(n *lint.Node, s *groovy) {
	for _, block := range groovyBlocks(n) {
		j.inner(block, s)
	}
}

func (j *collector) setting(n *lint.Node, s *groovy, where string) {
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
		s.condition = model.Text{Value: string(n.Span.Text()), At: n.Span}
		if s.stage != nil {
			s.stage.condition = s.condition
		}
		j.when(n, s)
	case "input":
		j.when(n, s)
	}
}

// when reads a condition for what it calls.
func (j *collector) when(n *lint.Node, s *groovy) {
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
func (j *collector) stages(n *lint.Node, s *groovy, before []model.Text, inOrder bool) []model.Text {
	var last []model.Text
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
func (j *collector) since(from int) []model.Text {
	var all []model.Text
	for _, job := range j.Jobs[from:min(len(j.Jobs), from+maxNamed)] {
		all = append(all, model.Text{Value: job.ID.Value, At: job.ID.At})
	}
	return all
}

// maxNamed bounds the jobs that one job names as needed.
const maxNamed = 100

func (j *collector) stageOf(n *lint.Node, s *groovy) *groovy {
	name := argument(n, "name")
	k := j.value(name, s)
	label := model.Text{Value: k.text, At: spanOf(name, n.Get("call"))}
	if k.sure {
		label.Value = k.is
	}
	return j.enter(label, n.Span, s)
}

func (j *collector) matrix(n *lint.Node, s *groovy) {
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
func (j *collector) post(n *lint.Node, s *groovy, before []model.Text) {
	if s.stage != nil && s.stage.id.Value == "" || s.stage != nil && s.stage.divided {
		s = j.enter(model.Text{Value: "post", At: n.Get("call").Span}, n.Span, s)
		s.stage.needs = before
	}
	for _, statement := range statementsOf(n) {
		if statement.Get("call") == nil {
			j.walk(statement, s)
			continue
		}
		inner := s.child()
		inner.condition = model.TextOf(statement.Get("call"))
		j.blocksOf(statement, inner)
	}
}

// agent says on what machine and in which image a stage runs.
func (j *collector) agent(n *lint.Node, s *groovy) {
	runner := model.Runner{At: n.Span, Kind: "self_hosted"}
	if args := n.Get("arguments").List(); len(args) == 1 && args[0].Get("name").Str() == "none" {
		return
	}
	for _, kind := range statementsOf(n) {
		j.agentKind(kind, &runner, s)
	}
	s.stage.runner, s.stage.shared = runner, j.workspace()
}

func (j *collector) agentKind(n *lint.Node, runner *model.Runner, s *groovy) {
	name := n.Get("call").Str()
	if name == "kubernetes" {
		runner.Kind = "pod"
	}
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
		runner.Labels = append(runner.Labels, model.Text{Value: label.text, At: label.at, Via: label.via})
	}
	image := settings.Get("image")
	if name == "docker" && image == nil {
		image = settings.Get("docker")
	}
	p := model.Place{Address: "agent"}
	if image != nil {
		s.stage.container = j.imageOf(image, p, s, j.value(settings.Get("args"), s).text)
	}
	if id := settings.Get("registryCredentialsId"); id != nil {
		p.Variable = model.Text{Value: "registryCredentialsId", At: settings.Field("registryCredentialsId").Span}
		p.Address = "agent.registryCredentialsId"
		j.reference(id, p.At("container_credential"), s)
	}
	switch {
	case settings.Get("yaml") != nil:
		j.pod(j.value(settings.Get("yaml"), s), settings.Get("yaml").Span)
	case settings.Get("yamlFile") != nil:
		j.podFile(settings.Get("yamlFile"), s)
	}
}

// image reads docker.image('x'), in which blocks may run.
func (j *collector) image(n *lint.Node, s *groovy) {
	if image := argument(n, "image"); image != nil {
		j.imageOf(image, j.place(s), s, "")
	}
	j.rest(n, s)
}

func (j *collector) imageOf(n *lint.Node, p model.Place, s *groovy, options string) model.Text {
	k := j.value(n, s)
	ref := model.Text{Value: k.text, At: spanOf(n, n), Via: k.via}
	c := model.Component{At: ref.At, Address: model.Join(p.Address, "image"), Ref: ref, Kind: "image", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	if k.sure {
		c.Ref.Value = k.is
		c.SetImage(k.is)
	} else {
		c.Pin = "unknown"
	}
	if c.Privileged = model.Privileges(options); c.Ref.Value != "" {
		j.Components = append(j.Components, c)
	}
	return c.Ref
}

// environment sets variables for a pipeline or stage.
func (j *collector) environment(n *lint.Node, s *groovy, where string) {
	for _, statement := range statementsOf(n) {
		name := statement.Get("assign", "name")
		if name == nil && statement.Get("value") != nil {
			name = statement.Get("define")
		}
		if name.Str() == "" {
			j.AddGap(statement.Span, "a variable of the environment was not understood", "syntax", model.Place{})
			j.walk(statement, s)
			continue
		}
		j.setVariable(name, statement.Get("value"), where, s)
	}
}

// setVariable sets one variable of the environment.
func (j *collector) setVariable(name, value *lint.Node, where string, s *groovy) {
	p := model.Place{}
	if where == "job_env" {
		p = j.place(s)
	}
	b := bound{variable: model.TextOf(name), where: where, masked: "yes"}
	if value.Get("call").Str() == "credentials" && argument(value, "credentialsId") != nil {
		b.secret = j.credential(argument(value, "credentialsId"), s)
		j.credentials(b, p, s)
		return
	}
	if value.Kind != lint.String && value.Get("text") == nil && value.Get("operator") == nil {
		inner := s.child()
		j.walk(value, inner) // such as sh(returnStdout: true, …)
	}
	b.is = j.value(value, s)
	if b.is.at.Source == nil {
		b.is.at = spanOf(value, name)
	}
	b.is.step(lint.Step{Message: name.Str() + " is set here", Span: name.Span})
	for _, r := range b.is.results {
		at := j.place(s).At("job_env")
		at.Variable = b.variable
		at.Address = model.Join(at.Address, "env", name.Str())
		j.Passes = append(j.Passes, r.pass(name.Span, at))
	}
	s.set(b)
	j.handed(b, p)
}

// credentials: NAME holds the secret, or the path of a file with it, or both
// parts of an account, which are in NAME_USR and NAME_PSW too.
func (j *collector) credentials(b bound, p model.Place, s *groovy) {
	name := b.variable.Value
	if filePath().MatchString(name) && !strings.Contains(j.text, name+"_PSW") && !strings.Contains(j.text, name+"_USR") {
		b.where, b.masked = "file", "no"
		s.set(b)
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

// passwordKinds are the parameters that Jenkins keeps as secrets.
var passwordKinds = map[string]bool{"password": true, "PasswordParameterDefinition": true, "nonStoredPassword": true, "PasswordParameterValue": true}

// closedKinds are the parameters that take one of a list, or a yes or no.
var closedKinds = []string{"choice", "booleanParam", "ChoiceParameterDefinition", "BooleanParameterDefinition", "ChoiceParameterValue", "BooleanParameterValue"}

// declareParameters reads what somebody fills in who starts the pipeline.
func (j *collector) declareParameters(list []*lint.Node, s *groovy) {
	for _, n := range list {
		kind, name, value := n.Get("call").Str(), groovyOption(n, "name"), groovyOption(n, "defaultValue")
		if m := n.Get("map"); m != nil {
			kind, name, value = m.Get("$class").Str(), m.Get("name"), m.Get("defaultValue")
		}
		if name.Str() == "" {
			continue
		}
		if slices.Contains(closedKinds, kind) {
			j.Closed = append(j.Closed, strings.ToLower(name.Str()))
		}
		k := j.value(value, s)
		p := model.Place{Variable: model.TextOf(name), Address: model.Join("parameters", name.Str())}
		secret := passwordKinds[kind]
		if k.sure && k.is != "" && value.Kind == lint.String {
			j.Literals = append(j.Literals, model.Literal{At: value.Span, Address: p.Address, Variable: p.Variable, Value: k.written(), Where: "default", Password: secret})
		}
		if !secret && (kind != "string" && kind != "text" || !lint.SecretName(name.Str())) {
			s.bind(name.Str(), true, &groovyValue{})
			continue
		}
		b := bound{variable: p.Variable, where: "pipeline_env", masked: "no", secret: model.Secret{At: name.Span, Name: model.TextOf(name), Parameter: true, Assumed: !secret}}
		s.set(b)
		j.handed(b, p)
	}
}

// properties reads properties([parameters([…]), pipelineTriggers([…])]).
func (j *collector) properties(n *lint.Node, s *groovy) {
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

// events are the triggers by what fires them.
var events = map[string]string{
	"cron": "schedule", "parameterizedCron": "schedule", "pollSCM": "push", "upstream": "upstream", "githubPush": "push", "githubBranches": "push",
	"githubPullRequests": "pull_request", "githubPullRequest": "pull_request", "issueCommentTrigger": "comment", "GenericTrigger": "api", "gitlab": "push",
	"bitbucketPush": "push", "bitBucketTrigger": "push", "gerrit": "pull_request",
}

func (j *collector) trigger(n *lint.Node, s *groovy) {
	name := n.Get("call")
	if name.Str() == "" {
		if n.Get("name").Str() == "" {
			j.AddGap(n.Span, "a trigger was not understood", "computed", model.Place{})
			return
		}
		name = n.Get("name")
	}
	t := model.Trigger{At: n.Span, Event: "other", Name: model.TextOf(name), FromFork: "no"}
	if event := events[name.Str()]; event != "" {
		t.Event = event
	}
	if t.Event == "pull_request" || t.Event == "comment" || t.Event == "other" || t.Event == "upstream" {
		t.FromFork = "unknown"
	}
	if t.Event == "schedule" {
		k := j.value(argument(n, "spec"), s)
		for _, line := range strings.Split(k.is, "\n") {
			if cron := plainCron(strings.TrimSpace(line)); cron != "" {
				t.Crons = append(t.Crons, model.Text{Value: cron, At: k.at, Via: k.via})
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
