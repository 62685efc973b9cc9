package azure

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// shells are the steps that run a script, and its shell. That of "script"
// depends on the machine.
var shells = []struct{ key, shell string }{{"bash", "bash"}, {"pwsh", "pwsh"}, {"powershell", "powershell"}, {"script", ""}}

func (a *collector) step(n *lint.Node, w world, p place) {
	index := p.steps.next
	p.steps.next++
	p.Step = &index
	p.closed = p.closed || a.keepsOut(n.Get("condition"), w)
	p = p.below("steps", labelOf(n))
	step := model.Step{
		At: n.Span, Address: p.Address, Job: p.Job, Index: index, ID: a.text(n.Get("name"), p), Name: a.text(n.Get("displayName"), p), Kind: "unknown",
		Condition: a.text(n.Get("condition"), p),
	}
	if step.ID.Value != "" {
		a.stepNames[strings.ToLower(step.ID.Value)] = true
	}
	if !p.closed && p.Environment.Value == "" && a.proposed() {
		step.OpenTo = []string{"pull_request"}
	}
	p.Component = a.text(n.Get("task"), p)
	a.condition(n.Get("condition"), p)
	for _, field := range n.Get("env").Object() {
		a.value(field.Value, p.Field(field, "env").At("step_env"))
	}
	if env := n.Get("env"); env != nil && env.Kind == lint.String {
		a.AddGap(env.Span, "the variables of a step are known only when the pipeline is started and were not judged", "computed", p.Place)
	}
	if target := n.Get("target"); a.containers[strings.ToLower(target.Str())] != nil {
		a.container(target, "target", p)
	}
	switch shell := shellOf(n); {
	case shell.key != "":
		a.script(&step, n.Get(shell.key), a.shellName(shell.shell, p), p)
	case n.Get("task") != nil:
		step.Kind, step.Component = "component", p.Component
		a.task(&step, n, p)
	default:
		step.Kind = "component"
		a.builtin(&step, n, p)
	}
	a.Steps = append(a.Steps, step)
}

func shellOf(n *lint.Node) struct{ key, shell string } {
	for _, shell := range shells {
		if model.IsScalar(n.Get(shell.key)) {
			return shell
		}
	}
	return struct{ key, shell string }{}
}

func (a *collector) shellName(shell string, p place) string {
	switch {
	case shell != "":
		return shell
	case p.steps.windows == "yes":
		return "cmd"
	case p.steps.windows == "no":
		return "bash"
	}
	return ""
}

// labelOf is what the step's author calls it, as far as that is no expression.
func labelOf(n *lint.Node) string {
	for _, key := range []string{"name", "displayName"} {
		if label := n.Get(key); model.IsScalar(label) && label.Text != "" && !strings.Contains(label.Text, "${{") && !strings.Contains(label.Text, "$(") {
			return label.Text
		}
	}
	if task, _, _ := strings.Cut(n.Get("task").Str(), "@"); task != "" {
		return task
	}
	for _, field := range n.Fields {
		if !strings.HasPrefix(field.Key, "${{") {
			return field.Key
		}
	}
	return "step"
}

// script reads a script that stands in the file.
func (a *collector) script(step *model.Step, n *lint.Node, shell string, p place) {
	step.Kind, step.Shell, step.Script = "shell", model.Text{Value: shell}, a.text(n, p)
	step.Holes = a.holes(n, p)
	a.sets(n.Text)
	a.value(n, p.At("inline"))
}

// sets notes the variables that a script sets: they are no settings.
func (a *collector) sets(script string) {
	if !strings.Contains(script, "##vso[") {
		return
	}
	for _, match := range setCommands().FindAllStringSubmatch(script, -1) {
		a.set[strings.ToLower(match[1])] = true
	}
}

// follow reads a script that a step runs from a file of the repository.
func (a *collector) follow(step *model.Step, file *lint.Node, shell string, p place) {
	step.Kind, step.Shell = "shell", model.Text{Value: shell}
	name := file.Str()
	for _, prefix := range []string{"$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)", "$(Build.Repository.LocalPath)"} {
		name = strings.TrimPrefix(name, prefix)
	}
	name = path.Clean(strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/"))
	if strings.Contains(name, "$") {
		a.AddGap(file.Span, "which script is run is known only when it runs; it was not judged", "computed", p.Place)
		return
	}
	var src *lint.Source
	if !strings.HasPrefix(name, "../") {
		src = a.files.Read(name)
	}
	if src == nil {
		a.AddGap(file.Span, "there is no script that can be read at this path; it was not judged", "remote", p.Place)
		return
	}
	a.sets(string(src.Data))
	step.Script = model.Text{Value: string(src.Data), At: src.Whole(), Via: append([]lint.Step{{Message: "the script is run here", Span: file.Span}}, p.via...)}
}

// builtin reads the steps that are neither scripts nor tasks.
func (a *collector) builtin(step *model.Step, n *lint.Node, p place) {
	for _, key := range []string{"checkout", "publish", "download", "downloadBuild", "getPackage", "reviewApp", "restoreCache", "saveCache"} {
		field := n.Field(key)
		if field == nil {
			continue
		}
		step.Component = model.Text{Value: key, At: field.Span}
		switch key {
		case "checkout":
			a.checkout(n, p)
		case "publish":
			a.publish(field.Value, a.text(n.Get("artifact"), p).Value, field.Span, "unknown", p)
		case "download":
			if name := a.text(n.Get("artifact"), p).Value; strings.EqualFold(field.Value.Str(), "current") {
				a.download(cmp.Or(a.text(n.Get("path"), p).Value, "$(Pipeline.Workspace)/"+name), name, field.Span, p)
			}
		}
		a.value(field.Value, p.Field(*field, "").At("setting"))
		return
	}
	step.Kind = "unknown"
	a.AddGap(n.Span, "a step of a kind that is not known was not judged", "syntax", p.Place)
}

// publish keeps a file or folder for later jobs.
func (a *collector) publish(path *lint.Node, name string, at lint.Span, hidden string, p place) {
	if path == nil {
		return
	}
	from := a.text(path, p)
	a.Artifacts = append(a.Artifacts, model.Artifact{
		At: at, Address: p.Address, Job: p.Job, Step: *p.Step, Paths: []model.Text{from}, Hidden: hidden, Name: name, Root: from.Value,
	})
}

// download fetches one that the same run published, or without a name all of them, each
// into a folder of its own.
func (a *collector) download(folder, name string, at lint.Span, p place) {
	a.Restores = append(a.Restores, model.Restore{At: at, Job: p.Job, Step: *p.Step, Folder: folder, Name: name, Apart: name == ""})
}

// checkout: the agent takes the token out of the copy again, unless it is told to
// leave it there.
func (a *collector) checkout(n *lint.Node, p place) {
	from := n.Get("checkout")
	if isNone(from) {
		return
	}
	c := model.Checkout{At: from.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Source: "other", Credential: "removed"}
	switch {
	case strings.EqualFold(from.Str(), "self"):
		c.Source = "default"
	case strings.Contains(from.Str(), "$"):
		c.Source = "unknown"
	}
	if keep := n.Get("persistCredentials"); keep != nil {
		switch {
		case strings.EqualFold(keep.Text, "true"):
			c.Credential, c.At = "work_tree", keep.Span
		case strings.Contains(keep.Text, "$"):
			c.Credential = "unknown"
		}
	}
	a.Checkouts = append(a.Checkouts, c)
}

// task reads a step that runs a task.
func (a *collector) task(step *model.Step, n *lint.Node, p place) {
	c := a.taskComponent(n.Get("task"), p)
	c.Inputs = model.InputsOf(n.Get("inputs"))
	a.Components = append(a.Components, c)
	name := ""
	if c.FirstParty {
		name = c.Name
	}
	runs := scripts[name]
	script := runs.script(c.Inputs)
	for _, field := range n.Get("inputs").Object() {
		key := strings.ToLower(field.Key)
		at := p.Field(field, "inputs").At("input")
		switch {
		case key == script:
			a.script(step, field.Value, runs.shell(c.Inputs, a, p), p.Field(field, "inputs"))
			continue
		case slices.Contains(buildArgs[name], key):
			a.buildArgs(field.Value, at)
			continue
		case slices.Contains(connections, key):
			a.connection(field.Value, p)
		}
		a.value(field.Value, at)
	}
	if file := c.Inputs.Get(runs.file); runs.file != "" && script == "" && file.Str() != "" {
		a.follow(step, file, runs.shell(c.Inputs, a, p), p)
	}
	if name == "copyfiles" {
		a.copies(step, c.Inputs, c.At, p)
	}
	a.knownTask(name, c, p)
}

// copies reads a task that copies files as the command that does.
func (a *collector) copies(step *model.Step, inputs *lint.Node, at lint.Span, p place) {
	from, to := cmp.Or(a.text(inputs.Get("sourcefolder"), p).Value, "."), a.text(inputs.Get("targetfolder"), p).Value
	var words []string
	for _, pattern := range strings.Fields(cmp.Or(a.text(inputs.Get("contents"), p).Value, "**")) {
		if !strings.HasPrefix(pattern, "!") && len(words) < model.MaxPaths {
			word := path.Join(from, pattern)
			if strings.HasPrefix(pattern, "**") { // all files of the folder, whatever their names
				word = from + "/."
			}
			words = append(words, "'"+strings.ReplaceAll(word, "'", "")+"'")
		}
	}
	if to != "" && len(words) > 0 {
		step.Program = model.Text{Value: "cp -r " + strings.Join(words, " ") + " '" + strings.ReplaceAll(to, "'", "") + "/'", At: at}
		step.ProgramAt = func(int, int) lint.Span { return at }
	}
}

func (a *collector) taskComponent(ref *lint.Node, p place) model.Component {
	c := model.Component{At: ref.Span, Address: model.Join(p.Address, "task"), Ref: a.text(ref, p), Kind: "action", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	if len(ref.Text) > model.MaxReference || strings.Contains(ref.Text, "$") {
		c.Pin = "unknown"
		return c
	}
	name, version, pinned := strings.Cut(strings.ToLower(ref.Text), "@")
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		c.Owner, name, _ = strings.Cut(name, ".") // publisher.extension.task
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	c.Name, c.Version, c.Pin = name, version, "version"
	if !pinned {
		c.Pin = "none"
	}
	c.FirstParty = c.Owner == "" && tasks[name]
	return c
}

// buildArgs reads arguments of an image's build: --build-arg NAME=VALUE, or lines
// of NAME=VALUE.
func (a *collector) buildArgs(n *lint.Node, p place) {
	for _, ref := range a.references(n) {
		at := p
		before := n.Text[:ref.start]
		word := before[strings.LastIndexAny(before, " \t\n\"'")+1:]
		name, _, assigned := strings.Cut(word, "=")
		if assigned && name != "" && (strings.Contains(before, "--build-arg") || !strings.Contains(n.Text, "--")) {
			at.Where, at.Variable.Value = "build_arg", name
			at.Address = model.Join(p.Address, name)
		}
		a.use(ref, n, at)
	}
}

// knownTask notes what well-known tasks do beside taking inputs.
func (a *collector) knownTask(name string, c model.Component, p place) {
	input := func(names ...string) *lint.Node {
		for _, name := range names {
			if value := c.Inputs.Get(name); value.Str() != "" {
				return value
			}
		}
		return nil
	}
	current := strings.EqualFold(cmp.Or(input("buildtype", "source").Str(), "current"), "current")
	text := func(names ...string) string { return a.text(input(names...), p).Value }
	switch name {
	case "azurekeyvault":
		a.vault(input("keyvaultname"), input("secretsfilter"), p)
	case "publishpipelineartifact": // leaves .git out
		a.publish(input("targetpath", "path"), text("artifactname", "artifact"), c.At, "unknown", p)
	case "publishbuildartifacts":
		a.publish(input("pathtopublish"), cmp.Or(text("artifactname"), "drop"), c.At, "yes", p)
	case "downloadpipelineartifact":
		if current {
			a.download(cmp.Or(text("targetpath", "path"), "$(Pipeline.Workspace)"), text("artifactname", "artifact"), c.At, p)
		}
	case "downloadbuildartifacts": // always into a folder of its name
		if name := text("artifactname"); current {
			a.download(path.Join(cmp.Or(text("downloadpath"), "$(System.ArtifactsDirectory)"), name), name, c.At, p)
		}
	case "cache":
		if paths := input("path"); paths != nil {
			a.Caches = append(a.Caches, model.Cache{At: c.At, Address: p.Address, Job: p.Job, Step: p.Step, Paths: []model.Text{a.text(paths, p)}, Key: a.text(input("key"), p)})
		}
	case "azurecli":
		if connection := input("azuresubscription", "connectedservicenamearm"); connection != nil && strings.EqualFold(input("addspntoenvironment").Str(), "true") {
			a.servicePrincipal(connection, p)
		}
	}
	for _, key := range secureFiles[name] {
		if file := input(key); file != nil {
			at := p.At("file")
			at.Variable = model.Text{Value: "secureFilePath"}
			a.expose(file, model.Secret{At: file.Span, Name: a.text(file, p), Store: "file"}, at)
		}
	}
}

// vault notes the secrets that a step fetches; later steps of the job have them
// as variables. Without a filter it is all of them.
func (a *collector) vault(name, filter *lint.Node, p place) {
	if name == nil {
		return
	}
	vault := vault{name: a.text(name, p)}
	p = p.At("setting")
	if filter == nil || strings.TrimSpace(filter.Text) == "*" {
		secret := model.Secret{At: name.Span, Via: p.via, Store: "azure_key_vault", Group: vault.name}
		if filter != nil {
			secret.At = filter.Span
		}
		a.expose(name, secret, p)
		p.scope.vaults = append(p.scope.vaults, vault)
		return
	}
	if strings.Contains(filter.Text, "$") {
		a.AddGap(filter.Span, "which secrets are fetched is known only when it runs", "computed", p.Place)
	}
	vault.names = map[string]string{}
	offset := 0
	for _, part := range strings.SplitAfter(filter.Text, ",") {
		word := strings.TrimSpace(strings.TrimSuffix(part, ","))
		if start := offset + strings.Index(part, word); word != "" && !strings.Contains(word, "$") {
			at, via := a.where(filter, start, start+len(word))
			vault.names[strings.ToLower(word)] = word
			secret := model.Secret{At: at, Via: slices.Concat(via, p.via), Store: "azure_key_vault", Group: vault.name, Name: model.Text{Value: word, At: at}}
			a.expose(filter, secret, p)
		}
		offset += len(part)
	}
	p.scope.vaults = append(p.scope.vaults, vault)
}

// servicePrincipal: the task hands the key, or an identity token, of a connection
// to the script.
func (a *collector) servicePrincipal(connection *lint.Node, p place) {
	name := a.text(connection, p)
	for _, variable := range []string{"servicePrincipalKey", "idToken"} {
		at := p.below("env", variable).At("step_env")
		at.Variable = model.Text{Value: variable}
		a.expose(connection, model.Secret{At: name.At, Via: name.Via, Name: name, Store: "credentials"}, at)
	}
}
