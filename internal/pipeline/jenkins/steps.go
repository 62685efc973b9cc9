package jenkins

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// shells are the steps that run a script, and what runs it.
var shells = map[string]string{"sh": "sh", "bat": "cmd", "powershell": "powershell", "pwsh": "pwsh"}

// printSteps are the steps and methods whose text is in the log.
var printSteps = []string{"echo", "print", "println", "printf", "error", "unstable"}

// reader gives what reads a step that means something here, or nil.
func (j *collector) reader(name string) func(*lint.Node, *groovy) {
	switch name {
	case "pipeline":
		return j.declarative
	case "stage":
		return j.scriptedStage
	case "node":
		return j.node
	case "properties":
		return j.properties
	case "podTemplate":
		return j.podTemplate
	case "withEnv":
		return j.withEnv
	case "withCredentials":
		return j.withCredentials
	case "withVault":
		return j.withVault
	case "wrap":
		return j.wrap
	case "withAWS":
		return j.withAWS
	case "sshagent":
		return j.sshAgent
	case "withKubeConfig":
		return j.kubeConfig
	case "withDockerRegistry", "docker.withRegistry":
		return j.registry
	case "docker.image":
		return j.image
	case "library":
		return j.library
	case "load":
		return j.load
	case "checkout", "git":
		return j.checkout
	case "archiveArtifacts", "archive", "stash", "publishHTML":
		return j.archive
	case "unstash", "unarchive", "copyArtifacts":
		return j.fetchFiles
	case "build":
		return j.downstream
	case "writeFile":
		return j.writeFile
	case "httpRequest":
		return j.request
	}
	return nil
}

// plainSteps are steps and methods that get no secret, and of which nothing is
// to be said but what stands in their blocks.
var plainSteps = []string{
	"parallel", "script", "steps", "timeout", "timestamps", "retry", "catchError", "warnError", "dir", "ws", "container", "lock", "throttle", "ansiColor", "waitUntil",
	"milestone", "sleep", "deleteDir", "cleanWs", "isUnix", "pwd", "fileExists", "findFiles", "readFile", "readJSON", "readYaml", "readProperties", "readMavenPom",
	"junit", "input", "each", "collect", "find", "findAll", "any", "every", "eachWithIndex", "with", "call", "get", "put", "add", "contains", "size", "tool", "nodejs", "tools",
	"string", "booleanParam", "choice", "text", "password", "file", "parameters", "disableConcurrentBuilds", "buildDiscarder", "logRotator", "pipelineTriggers", "cron", "pollSCM",
	"usernamePassword", "usernameColonPassword", "certificate", "sshUserPrivateKey", "libraryResource", "withMaven", "stages", "agent", "environment", "options", "post", "when",
}

// handles are the variables by which classes and libraries reach the steps.
var handles = []string{"steps", "script", "this", "ctx", "context", "jenkins", "pipeline"}

// call reads a step, a method, or a function of the repository.
func (j *collector) call(n *lint.Node, s *groovy) {
	name, on := n.Get("call").Str(), n.Get("on")
	if on.Get("name").Str() == "docker" && name == "build" {
		j.build(n, s)
	}
	if on.Get("name").Str() == "docker" && (name == "image" || name == "withRegistry") {
		j.reader("docker."+name)(n, s)
		return
	}
	if on == nil || slices.Contains(handles, on.Get("name").Str()) {
		if function := j.functions[name]; function != nil {
			j.invoke(function, n, j.functions, s)
			return
		}
		if k := s.find(name, false); k != nil && on == nil && !s.isEnv(name) {
			j.runBlock(k.block, n, s)
			return
		}
		if shell := shells[name]; shell != "" {
			j.shell(n, name, shell, s)
			return
		}
		if slices.Contains(printSteps, name) {
			j.print(n, name, s)
			return
		}
		if read := j.reader(name); read != nil {
			read(n, s)
			return
		}
		if on == nil && !slices.Contains(plainSteps, name) {
			j.other(n, name, s)
			return
		}
	}
	if loaded := j.loadedBy(on, s); loaded != nil && loaded[name] != nil {
		j.invoke(loaded[name], n, loaded, s)
		return
	}
	if k := s.find(on.Get("name").Str(), false); name == "call" && k != nil && k.block != nil {
		j.runBlock(k.block, n, s)
		return
	}
	if on != nil && slices.Contains(iterators, name) {
		j.walk(on, s)
		j.eachOf(n, s)
		return
	}
	j.given(n, name, s)
	j.rest(n, s)
}

// iterators are the methods that run a block for each part of a value.
var iterators = []string{"each", "eachWithIndex", "collect", "find", "findAll", "any", "every"}

// runBlock reads a block that a function was given, where the function runs it.
func (j *collector) runBlock(block, n *lint.Node, s *groovy) {
	for _, arg := range n.Get("arguments").List() {
		j.walk(arg, s)
	}
	switch {
	case block == nil: // the caller's, whoever that is
		j.newStep(n, n.Get("call").Str(), s)
	case !j.ran[block]:
		j.ran[block] = true
		j.inner(block, s)
	}
}

// rest reads what a call is given: other calls, and blocks.
func (j *collector) rest(n *lint.Node, s *groovy) {
	j.walk(n.Get("on"), s)
	j.block(n.Get("arguments").List(), s)
	for _, field := range n.Get("named").Object() {
		j.walk(field.Value, s)
	}
}

// newStep adds a step to the job.
func (j *collector) newStep(n *lint.Node, label string, s *groovy) (*model.Step, model.Place) {
	p := j.place(s)
	index := j.steps[p.Job.Value]
	j.steps[p.Job.Value]++
	p.Step = &index
	p.Address = model.Join(p.Address, "steps", label)
	condition := s.condition
	j.Steps = append(j.Steps, model.Step{At: n.Span, Address: p.Address, Job: p.Job, Index: index, Kind: "unknown", Condition: condition})
	return &j.Steps[len(j.Steps)-1], p
}

// shell reads a step that runs a script.
func (j *collector) shell(n *lint.Node, name, shell string, s *groovy) {
	j.rest(n, s)
	label := j.value(n.Get("named", "label"), s)
	script := argument(n, "script")
	k := j.value(script, s)
	words := name
	if label.sure && label.is != "" {
		words = label.is
	}
	step, p := j.newStep(n, words, s)
	step.Kind, step.Name = "shell", label.written()
	step.Shell = model.Text{Value: shell}
	captured := n.Get("named", "returnStdout")
	if step.Captured = captured != nil && captured.Text == "true"; step.Captured {
		j.captured[n] = result{job: p.Job.Value, step: *p.Step}
	}
	if k.text == "" || len(k.parts) == 1 && k.parts[0].length == len(k.text) && k.is == "" {
		j.AddGap(spanOf(script, n.Get("call")), "the script is put together when the pipeline runs and was not judged", "computed", p)
	}
	step.Script = model.Text{Value: k.text, At: k.at, Via: append(slices.Clone(k.via), s.via...)}
	if len(k.via) > 0 && script != nil {
		step.Script.Via = append(step.Script.Via, lint.Step{Message: "run here", Span: n.Span})
	}
	if k.text == "" {
		step.Script = model.Text{}
	}
	step.Traced = isTraced(shell, k.text)
	if start, end, ok := model.Interpreter(k.text); ok && shell == "sh" {
		step.Shell.Value = path.Base(k.text[start:end])
	}
	for _, part := range k.parts {
		step.Holes = append(step.Holes, model.Hole{Offset: part.offset, Length: part.length})
	}
	j.inline(k, p.At("inline"), s)
}

// isTraced: sh runs with -x unless the script names an interpreter; cmd prints what
// it runs unless told not to.
func isTraced(shell, script string) bool {
	switch shell {
	case "sh":
		return !strings.HasPrefix(script, "#!")
	case "cmd":
		return !strings.HasPrefix(strings.TrimSpace(strings.ToLower(script)), "@")
	}
	return false
}

// inline notes what Groovy pastes into a script.
func (j *collector) inline(k *groovyValue, p model.Place, s *groovy) {
	for _, part := range k.parts {
		for _, r := range part.results {
			pass := r.pass(part.at, p)
			pass.Offset, pass.Length = part.offset, part.length
			j.Passes = append(j.Passes, pass)
		}
		for _, h := range part.secrets {
			if h.file {
				continue // a path is no secret
			}
			e := j.exposure(h, part.at, p)
			e.Offset, e.Length = part.offset, part.length
			j.expose(e)
		}
		if part.untrusted.name != "" {
			j.Untrusted = append(j.Untrusted, model.Untrusted{
				At: part.at, Address: p.Address, Expression: model.Text{Value: part.untrusted.name, At: part.at, Via: part.untrusted.via}, Where: p.Where, Job: p.Job, Step: p.Step, Privileged: "unknown",
			})
		}
	}
}

// pass is where what a script printed is handed to.
func (r result) pass(at lint.Span, p model.Place) model.Pass {
	return model.Pass{
		At: at, Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component,
		FromJob: r.job, FromStep: model.CapturedBy(r.step), Name: model.CapturedOutput, Transformed: r.transformed,
	}
}

// exposure is a secret that a variable holds, used at a place.
func (j *collector) exposure(h held, at lint.Span, p model.Place) model.Exposure {
	h.secret.At = at
	if !h.assumed && h.secret.Name.At.Source != nil {
		h.secret.Via = append([]lint.Step{{Message: h.variable + " is bound here", Span: h.secret.Name.At}}, h.secret.Via...)
	}
	h.secret.Name.At = at
	e := p.Exposure(at, h.secret)
	e.PlatformToken = false
	if p.Variable.Value == "" {
		e.Variable = model.Text{Value: h.variable, At: at}
	}
	e.Masked, e.Transformed = h.masked, h.transformed
	return e
}

// print reads a step that writes to the log without a shell.
func (j *collector) print(n *lint.Node, name string, s *groovy) {
	j.rest(n, s)
	j.shown(n, argument(n, "message"), "log", name, s)
}

// shown notes that a value ends at a sink of the pipeline's own program.
func (j *collector) shown(n, value *lint.Node, sink, command string, s *groovy) {
	k := j.value(value, s)
	if len(k.secrets)+len(k.results) == 0 {
		return
	}
	p := j.place(s)
	p.Address = model.Join(p.Address, command)
	j.flow(n, k, model.Flow{Sink: sink, Command: command}, p)
	for _, r := range k.results {
		pass := r.pass(n.Span, p.At(sink))
		pass.Command = command
		j.Passes = append(j.Passes, pass)
	}
}

// messengers are the steps that send texts to people, and the arguments with the texts.
var messengers = map[string][]string{
	"slackSend": {"message", "attachments", "blocks"}, "mail": {"subject", "body"}, "emailext": {"subject", "body"}, "mattermostSend": {"message", "text"},
	"discordSend": {"title", "description", "footer"}, "office365ConnectorSend": {"message", "status"}, "telegramSend": {"message"}, "rocketSend": {"message"},
	"googlechatnotification": {"message"}, "hipchatSend": {"message"}, "jiraComment": {"body"}, "jiraAddComment": {"comment"}, "pullRequest.comment": {"text"}, "addBadge": {"text"},
	"addShortText": {"text"}, "createSummary": {"text"}, "publishChecks": {"summary", "text", "title"}, "githubNotify": {"description"},
}

// sentToPeople reads such a step.
func (j *collector) sentToPeople(n *lint.Node, name string, s *groovy) {
	for _, key := range messengers[name] {
		value := groovyOption(n, key)
		if value == nil && key == messengers[name][0] {
			value = argument(n, key)
		}
		j.shown(n, value, "repository", name, s)
	}
}

// flow notes that the program of the pipeline itself lets a secret go.
func (j *collector) flow(n *lint.Node, k *groovyValue, f model.Flow, p model.Place) {
	for _, h := range k.secrets {
		if h.file {
			continue
		}
		f.At, f.Address, f.Job, f.Step = n.Span, p.Address, p.Job, p.Step
		if call := n.Get("call"); call != nil {
			f.At = call.Span
		}
		if h.at.Source == n.Span.Source && h.at.Start >= n.Span.Start && h.at.End <= n.Span.End {
			f.At = h.at
		}
		f.Secret, f.Variable, f.Confidence, f.Transformed, f.Masked = h.secret, model.Text{Value: h.variable}, "exact", h.transformed, h.masked
		f.Way = append([]lint.Step{{Message: h.variable + " is bound here", Span: h.secret.At}}, h.secret.Via...)
		if h.assumed {
			f.Secret.At = n.Span
			f.Way = nil
		}
		f.Way = append(f.Way, lint.Step{Message: "used here", Span: n.Span})
		j.Flows = append(j.Flows, f)
	}
}

// writeFile writes a text to a file of the work space.
func (j *collector) writeFile(n *lint.Node, s *groovy) {
	j.rest(n, s)
	name, text := j.value(groovyOption(n, "file"), s), j.value(groovyOption(n, "text"), s)
	step, p := j.newStep(n, "writeFile", s)
	step.Kind, step.Component = "component", model.Text{Value: "writeFile", At: n.Get("call").Span}
	path := model.Text{Value: name.text, At: name.at}
	j.flow(n, text, model.Flow{Sink: "file", Command: "writeFile", Path: path}, p)
	for _, r := range text.results {
		at := p.At("file")
		at.Variable = path
		file := r.pass(n.Span, at)
		file.Command = "writeFile"
		j.Passes = append(j.Passes, file)
	}
	for _, h := range text.secrets {
		if secret := h.secret; !h.file {
			j.Files = append(j.Files, model.File{At: n.Span, Address: p.Address, Path: path, Job: p.Job, Step: *p.Step, Tool: "writeFile", Removed: "unknown", Secret: &secret})
		}
	}
}

// request reads httpRequest: who gets what.
func (j *collector) request(n *lint.Node, s *groovy) {
	p := j.component(n, "httpRequest", s)
	to := j.value(argument(n, "url"), s)
	host := model.Text{}
	if address, err := url.Parse(to.head); err == nil && (to.sure || strings.Count(to.head, "/") > 2) {
		host = model.Text{Value: address.Host, At: to.at}
	}
	all := j.value(n.Get("arguments"), s).secrets
	for _, field := range n.Get("named").Object() {
		if isCredentialKey(field.Key) {
			for _, id := range credentialIDs(field.Value) {
				if k := j.value(id, s); k.sure && k.is != "" {
					all = joinHeld(all, []held{{secret: j.credential(id, s), variable: field.Key, masked: "yes"}})
				}
			}
			continue
		}
		all = joinHeld(all, j.value(field.Value, s).secrets)
	}
	scheme, _, _ := strings.Cut(to.head, "://")
	unverified := j.value(groovyOption(n, "ignoreSslErrors"), s)
	j.flow(n, &groovyValue{secrets: all}, model.Flow{
		Sink: "network", Command: "httpRequest", Host: host, Scheme: strings.ToLower(scheme), Unverified: unverified.sure && unverified.is == "true",
	}, p)
}

// other reads a step of a plugin or of a shared library.
func (j *collector) other(n *lint.Node, name string, s *groovy) {
	root, functions := j.open(path.Join(s.dir, name+".groovy"))
	if path.Base(s.dir) != "vars" {
		root, functions = j.open(path.Join("vars", name+".groovy"))
	}
	if root == nil {
		j.unread(n, name, j.component(n, name, s), s)
		j.sentToPeople(n, name, s)
		return
	}
	inner := s.child()
	inner.dir = "vars"
	if function := functions["call"]; function != nil {
		j.invoke(function, n, functions, inner)
	} else {
		j.rest(n, s)
	}
	s.stage = inner.stage
}

// component is a step that no script of ours tells about.
func (j *collector) component(n *lint.Node, name string, s *groovy) (p model.Place) {
	if len(groovyBlocks(n)) == 0 || j.holdsSecret(n, s) {
		var step *model.Step
		step, p = j.newStep(n, name, s)
		step.Kind, step.Component = "component", model.Text{Value: name, At: n.Get("call").Span}
		p.Component = step.Component
		j.inputs(n, p, s)
	}
	j.rest(n, s)
	return p
}

// buildArgument finds the name of a build argument that stands before its value.
var buildArgument = regex.Lazy(`--build-arg[= ]["']?(\w+)=["']?$`)

// build reads docker.build(name, arguments).
func (j *collector) build(n *lint.Node, s *groovy) {
	args := n.Get("arguments").List()
	if len(args) < 2 {
		return
	}
	k := j.value(args[1], s)
	for _, part := range k.parts {
		if m := buildArgument().FindStringSubmatch(k.text[:min(part.offset, len(k.text))]); m != nil {
			p := j.place(s)
			p.Address = model.Join(p.Address, "docker.build", m[1])
			var secrets []held
			for _, h := range part.secrets {
				h.variable = m[1]
				secrets = append(secrets, h)
			}
			j.flow(n, &groovyValue{secrets: secrets}, model.Flow{Sink: "image", Command: "docker build"}, p)
		}
	}
}

func (j *collector) holdsSecret(n *lint.Node, s *groovy) bool {
	found := false
	j.eachInput(n, func(key model.Text, value *lint.Node) {
		found = found || isCredentialKey(key.Value) || len(j.value(value, s).secrets) > 0
	})
	return found
}

// given reads a method: of those only credentials are noted.
func (j *collector) given(n *lint.Node, name string, s *groovy) {
	if j.holdsSecret(n, s) && !slices.Contains(unchanged, name) && changes[name] == "" {
		p := j.place(s)
		p.Component = model.Text{Value: name, At: n.Get("call").Span}
		j.inputs(n, p, s)
		if n.Get("on", "name").Str() != "" && !slices.Contains(plainSteps, name) && !slices.Contains(keepers, name) {
			j.unread(n, name, p, s)
		}
	}
}

// keepers are methods of texts and lists: they do nothing with what they are given but
// compare it or keep it.
var keepers = []string{
	"equals", "equalsIgnoreCase", "startsWith", "endsWith", "matches", "compareTo", "indexOf", "append", "addAll", "putAll", "push", "set", "format", "valueOf", "println",
	"getOrDefault", "containsKey", "remove", "putIfAbsent", "leftShift", "build", "inside", "withRun", "withRegistry",
}

// unread notes that a step gets a secret of which no file says what it does.
func (j *collector) unread(n *lint.Node, name string, p model.Place, s *groovy) {
	given := false
	j.eachInput(n, func(key model.Text, value *lint.Node) {
		given = given || !isCredentialKey(key.Value) && len(j.value(value, s).secrets) > 0
	})
	if given && messengers[name] == nil {
		j.AddGap(n.Get("call").Span, "the step that gets a secret stands in none of the files that could be read; what it does with it was not judged", "remote", p)
	}
}

// inputs notes the secrets that a step is given.
func (j *collector) inputs(n *lint.Node, p model.Place, s *groovy) {
	where := "input"
	if p.Step == nil {
		where = "setting"
	}
	j.eachInput(n, func(key model.Text, value *lint.Node) {
		at := p.At(where)
		at.Variable = key
		at.Address = model.Join(p.Address, key.Value)
		if isCredentialKey(key.Value) {
			for _, id := range credentialIDs(value) {
				j.reference(id, at, s)
			}
			return
		}
		k := j.value(value, s)
		if value.Get("closure") != nil {
			return
		}
		for _, h := range k.secrets {
			if !h.file {
				j.expose(j.exposure(h, value.Span, at))
			}
		}
		if k.sure && key.Value != "" && k.at.Source != nil && lint.SecretName(key.Value) {
			j.Literals = append(j.Literals, model.Literal{At: k.at, Address: at.Address, Variable: key, Value: k.written(), Where: "input", Job: p.Job, Step: p.Step, Component: p.Component})
		}
	})
}

// eachInput visits the arguments of a call with their names, those of maps and
// lists within too.
func (j *collector) eachInput(n *lint.Node, visit func(model.Text, *lint.Node)) {
	var within func(key model.Text, value *lint.Node, depth int)
	within = func(key model.Text, value *lint.Node, depth int) {
		switch {
		case depth > 5 || !j.spend():
		case value.Get("map") != nil:
			for _, field := range value.Get("map").Object() {
				within(model.Text{Value: field.Key, At: field.Span}, field.Value, depth+1)
			}
		case value != nil && value.Kind == lint.List && !isCredentialKey(key.Value):
			for _, item := range value.Items {
				within(key, item, depth+1)
			}
		case value.Get("call") != nil && len(value.Get("named").Object()) > 0:
			for _, field := range value.Get("named").Object() {
				within(model.Text{Value: field.Key, At: field.Span}, field.Value, depth+1)
			}
		default:
			visit(key, value)
		}
	}
	for _, arg := range n.Get("arguments").List() {
		if arg.Get("closure") == nil {
			within(model.Text{}, arg, 0)
		}
	}
	for _, field := range n.Get("named").Object() {
		within(model.Text{Value: field.Key, At: field.Span}, field.Value, 0)
	}
}

// archive reads what a step keeps for others.
func (j *collector) archive(n *lint.Node, s *groovy) {
	j.rest(n, s)
	name := n.Get("call").Str()
	step, p := j.newStep(n, name, s)
	step.Kind, step.Component = "component", model.Text{Value: name, At: n.Get("call").Span}
	a := model.Artifact{At: n.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Hidden: "yes", Name: name}
	if name == "stash" {
		a.Name = stashed(j.value(argument(n, "name"), s))
	}
	what := map[string]string{"stash": "includes", "publishHTML": "reportDir"}[name]
	value := groovyOption(n, what)
	if what == "" {
		value = argument(n, "artifacts")
	}
	k := j.value(value, s)
	if value == nil && name == "stash" {
		k = &groovyValue{text: "**", at: n.Span}
	}
	for _, pattern := range strings.SplitN(k.text, ",", model.MaxPaths) {
		if pattern = strings.TrimSpace(pattern); pattern != "" {
			a.Paths = append(a.Paths, model.Text{Value: pattern, At: k.at, Via: k.via})
		}
	}
	for _, pattern := range strings.SplitN(j.value(groovyOption(n, "excludes"), s).text, ",", model.MaxPaths) {
		if pattern = strings.TrimSpace(pattern); pattern != "" {
			a.Paths = append(a.Paths, model.Text{Value: "!" + pattern})
		}
	}
	j.Artifacts = append(j.Artifacts, a)
}

// stashed is what the files of a stash are found by.
func stashed(name *groovyValue) string { return "stash " + name.text }

// fetchFiles reads what gets files that an earlier stage kept. An archive of another job is
// that job's.
func (j *collector) fetchFiles(n *lint.Node, s *groovy) {
	j.rest(n, s)
	name := n.Get("call").Str()
	step, p := j.newStep(n, name, s)
	step.Kind, step.Component = "component", model.Text{Value: name, At: n.Get("call").Span}
	from := model.Restore{At: n.Span, Job: p.Job, Step: *p.Step, Name: "archiveArtifacts", Folder: j.value(groovyOption(n, "target"), s).text}
	switch project := groovyOption(n, "projectName"); {
	case name == "unstash":
		from.Name = stashed(j.value(argument(n, "name"), s))
	case name == "copyArtifacts" && !ownName().MatchString(j.value(project, s).text+string(spanOf(project, n).Text())):
		return
	}
	j.Restores = append(j.Restores, from)
}

// ownName finds how a pipeline names itself.
var ownName = regex.Lazy(`\b(?:env\.)?JOB_NAME\b|currentBuild\.`)

// checkout copies a repository. The git plugin gives git its credentials by
// programs of its own, which it removes.
func (j *collector) checkout(n *lint.Node, s *groovy) {
	name := n.Get("call").Str()
	step, p := j.newStep(n, name, s)
	step.Kind, step.Component = "component", model.Text{Value: name, At: n.Get("call").Span}
	p.Component = step.Component
	c := model.Checkout{At: n.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Source: "other", Credential: "removed"}
	if args := n.Get("arguments").List(); len(args) == 1 && args[0].Get("name").Str() == "scm" {
		c.Source = "default"
	}
	j.Checkouts = append(j.Checkouts, c)
	j.inputs(n, p, s)
	j.rest(n, s)
}

// downstream starts another job, with parameters.
func (j *collector) downstream(n *lint.Node, s *groovy) {
	j.rest(n, s)
	step, p := j.newStep(n, "build", s)
	step.Kind = "component"
	called := j.value(argument(n, "job"), s)
	step.Component = model.Text{Value: called.text, At: called.at, Via: called.via}
	p.Component = step.Component
	parameters := groovyOption(n, "parameters")
	if parameters != nil && parameters.Kind != lint.List {
		for _, h := range j.value(parameters, s).secrets {
			j.expose(j.exposure(h, parameters.Span, p.At("forwarded")))
		}
	}
	for _, parameter := range parameters.List() {
		value := groovyOption(parameter, "value")
		name := j.value(groovyOption(parameter, "name"), s)
		if m := parameter.Get("map"); m != nil {
			value, name = m.Get("value"), j.value(m.Get("name"), s)
		}
		at := p.At("forwarded")
		at.Variable = model.Text{Value: name.text, At: name.at}
		k := j.value(value, s)
		for _, h := range k.secrets {
			j.expose(j.exposure(h, value.Span, at))
		}
		if k.sure && k.at.Source != nil && k.is != "" {
			j.Literals = append(j.Literals, model.Literal{At: k.at, Address: model.Join(p.Address, name.text), Variable: at.Variable, Value: k.written(), Where: "forwarded", Job: p.Job, Step: p.Step, Component: p.Component, Password: passwordKinds[parameter.Get("call").Str()] || passwordKinds[parameter.Get("map", "$class").Str()]})
		}
	}
}
