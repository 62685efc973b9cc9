package buildkite

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// plugins reads the code from elsewhere that a job runs around its commands.
func (b *collector) plugins(n *lint.Node, j *model.Job, p model.Place) (steps int) {
	each := func(name model.Text, config *lint.Node) {
		index := steps
		at := p
		at.Step = &index
		b.plugin(name, config, j, at)
		steps++
	}
	for _, item := range n.List() {
		if model.IsScalar(item) {
			each(model.TextOf(item), nil)
		}
		for _, field := range item.Object() {
			each(model.Text{Value: field.Key, At: field.Span}, field.Value)
		}
	}
	for _, field := range n.Object() {
		each(model.Text{Value: field.Key, At: field.Span}, field.Value)
	}
	return steps
}

func (b *collector) plugin(ref model.Text, config *lint.Node, j *model.Job, p model.Place) {
	c := pluginOf(ref.Value)
	p.Address = model.Join(p.Address, "plugins", c.Name)
	p.Component = ref
	c.At, c.Address, c.Ref, c.Job, c.Step, c.Inputs = ref.At, p.Address, ref, p.Job, p.Step, model.InputsOf(config)
	b.Components = append(b.Components, c)
	b.Steps = append(b.Steps, model.Step{At: ref.At, Address: p.Address, Job: p.Job, Index: *p.Step, Kind: "component", Component: ref})
	switch {
	case c.FirstParty && c.Pin != "local" && (c.Name == "docker" || c.Name == "docker-compose"):
		b.containers(config, j, p)
	case b.fetched(c.Name, config, p):
	case c.FirstParty && c.Name == "kubernetes":
		j.Container = ref // the pod is the job's own
		fallthrough
	default:
		for _, field := range config.Object() {
			b.option(field.Value, p.Field(field, "").At("input"), 0)
		}
	}
}

// option reads what a plugin is given, lists and maps within it too.
func (b *collector) option(n *lint.Node, p model.Place, depth int) {
	b.AddValue(n, p, "no")
	if depth > model.MaxDepth {
		b.Limited = true
		return
	}
	for _, item := range n.List() {
		b.option(item, p, depth+1)
	}
	for _, field := range n.Object() {
		b.option(field.Value, p.Field(field, ""), depth+1)
	}
}

// pluginOf takes a reference apart: name#version of Buildkite itself,
// owner/name#version, an address, or a path.
func pluginOf(ref string) model.Component {
	c := model.Component{Kind: "plugin"}
	if len(ref) > model.MaxReference {
		c.Pin = "unknown"
		return c
	}
	path, version, pinned := strings.Cut(ref, "#")
	if strings.HasPrefix(path, "./") {
		c.Name, c.Pin, c.FirstParty = strings.TrimPrefix(path, "./"), "local", true
		return c
	}
	parts := strings.FieldsFunc(strings.TrimSuffix(strings.ToLower(path), ".git"), func(r rune) bool { return r == '/' || r == ':' })
	switch len(parts) {
	case 0:
	case 1:
		c.Owner, c.Name = "buildkite-plugins", parts[0]
	default:
		c.Owner, c.Name = parts[len(parts)-2], parts[len(parts)-1]
	}
	c.Name, c.Version = strings.TrimSuffix(c.Name, "-buildkite-plugin"), version
	c.FirstParty = c.Owner == "buildkite-plugins" || c.Owner == "buildkite"
	switch {
	case strings.Contains(ref, "$"):
		c.Pin = "unknown"
	case !pinned:
		c.Pin = "none"
	case model.IsDigest(version):
		c.Pin = "digest"
	case model.IsVersion(version):
		c.Pin = "version"
	default:
		c.Pin = "branch"
	}
	return c
}

// containers reads the plugins that run the commands in a container: which image,
// and which variables it gets.
func (b *collector) containers(config *lint.Node, j *model.Job, p model.Place) {
	if image := config.Get("image"); model.IsScalar(image) {
		j.Container = model.TextOf(image)
		b.image(image, p)
	}
	if script := handedToShell(config.Get("command")); script != nil {
		step := &b.Steps[len(b.Steps)-1]
		step.Program, step.ProgramShell = model.TextOf(script), "sh"
		pasted, named := *step, len(b.run)
		pasted.Script = step.Program
		b.variablesOf(pasted, p)
		b.run = b.run[:named] // the container has variables of its own
	}
	b.named(config, "environment", p.At("container_env"))
	b.named(config, "env", p.At("container_env"))
	b.named(config, "args", p.At("build_arg"))
}

// handedToShell is the script in the words of a command: ["sh", "-c", "script"].
func handedToShell(command *lint.Node) *lint.Node {
	words := command.List()
	if len(words) < 3 || !shell.IsShell(path.Base(words[0].Str())) {
		return nil
	}
	for i, word := range words[1 : len(words)-1] {
		if flag := word.Str(); strings.HasPrefix(flag, "-") && strings.HasSuffix(flag, "c") && model.IsScalar(words[i+2]) {
			return words[i+2]
		}
	}
	return nil
}

// named reads a list of NAME=value, and of names whose values are those of the step.
func (b *collector) named(config *lint.Node, key string, p model.Place) {
	for _, item := range config.Get(key).List() {
		name, _, isSet := strings.Cut(item.Text, "=")
		at := p
		at.Variable, at.Address = model.Text{Value: name, At: item.Span}, model.Join(p.Address, key, name)
		switch {
		case isSet:
			b.AddValue(item, at, redacted(name))
		case lint.SecretName(name):
			e := at.Exposure(item.Span, model.AssumedSecret(name, item.Span, item.Via))
			e.Masked = redacted(name)
			b.Exposures = append(b.Exposures, e)
		}
	}
}

// handOver reads the plugin that uploads files behind the commands of a job, and downloads
// those of earlier jobs before them.
func (b *collector) handOver(plugins *lint.Node, last int, p model.Place) {
	for _, plugin := range append(plugins.List(), plugins) {
		for _, field := range plugin.Object() {
			if c := pluginOf(field.Key); c.Owner != "buildkite-plugins" || c.Name != "artifacts" {
				continue
			}
			if paths := filesOf(field.Value.Get("upload"), "from"); len(paths) > 0 {
				b.Artifacts = append(b.Artifacts, model.Artifact{At: field.Span, Address: model.Join(p.Address, "plugins", "artifacts"), Job: p.Job, Step: last, Paths: paths, Hidden: "yes"})
			}
			for _, path := range filesOf(field.Value.Get("download"), "from") {
				b.Restores = append(b.Restores, model.Restore{At: path.At, Job: p.Job, Pattern: path.Value})
			}
		}
	}
}

// filesOf reads the paths that a plugin is given: one, a list, or mappings with names of
// their own for the copies.
func filesOf(n *lint.Node, key string) []model.Text {
	all := append(model.TextsOf(n), model.TextsOf(n.Get(key))...)
	for _, item := range n.List() {
		all = append(all, model.TextsOf(item.Get(key))...)
	}
	return all
}

func (b *collector) image(n *lint.Node, p model.Place) {
	if model.TextOf(n).Value == "" {
		return
	}
	image := model.Component{At: n.Span, Address: model.Join(p.Address, "image"), Ref: model.TextOf(n), Kind: "image", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	image.SetImage(n.Text)
	if strings.Contains(n.Text, "$") {
		image.Pin = "unknown"
	}
	b.Components = append(b.Components, image)
}

// stores are the plugins that fetch secrets into variables, by their
// names, and the store that they ask.
var stores = map[string]string{
	"secrets": "", "vault-secrets": "vault", "aws-sm": "aws_secrets_manager", "gcp-secret-manager": "gcp_secret_manager",
}

// fetched reads a plugin that fetches secrets. Those that it fetches are variables
// of the whole job.
func (b *collector) fetched(plugin string, config *lint.Node, p model.Place) bool {
	store, known := stores[plugin]
	if !known {
		return false
	}
	p.Step, p.Component = nil, model.Text{}
	p = p.At("job_env")
	if path := model.TextOf(config.Get("path")); path.Value != "" {
		field := model.TextOf(config.Get("field"))
		p.Variable = model.TextOf(config.Get("env_var"))
		at := path.At
		if field.Value != "" {
			at = field.At
		}
		b.fetch(model.Secret{At: at, Via: path.Via, Store: store, Group: path, Name: field}, p)
	}
	for _, key := range []string{"env", "variables"} {
		entries := config.Get(key)
		if model.IsScalar(entries) { // one secret that holds many variables
			b.fetch(model.Secret{At: entries.Span, Store: store, Name: model.TextOf(entries)}, p)
		}
		for _, field := range entries.Object() {
			id := field.Value
			if id.Kind == lint.Object {
				id = id.Get("secret-id")
			}
			if model.IsScalar(id) {
				b.fetch(model.Secret{At: id.Span, Via: id.Via, Store: store, Name: model.TextOf(id)}, p.Field(field, ""))
			}
		}
	}
	return true
}

func (b *collector) fetch(secret model.Secret, p model.Place) {
	e := p.Exposure(secret.At, secret)
	if e.Masked = redacted(p.Variable.Value); secret.Store == "" {
		e.Masked = "yes"
	}
	b.Exposures = append(b.Exposures, e)
}
