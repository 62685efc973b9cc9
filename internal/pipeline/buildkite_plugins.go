package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// plugins reads the code from elsewhere that a job runs around its commands.
func (b *buildkite) plugins(n *lint.Node, j *Job, p place) (steps int) {
	each := func(name Text, config *lint.Node) {
		index := steps
		at := p
		at.step = &index
		b.plugin(name, config, j, at)
		steps++
	}
	for _, item := range n.List() {
		if scalar(item) {
			each(text(item), nil)
		}
		for _, field := range item.Object() {
			each(Text{Value: field.Key, At: field.Span}, field.Value)
		}
	}
	for _, field := range n.Object() {
		each(Text{Value: field.Key, At: field.Span}, field.Value)
	}
	return steps
}

func (b *buildkite) plugin(ref Text, config *lint.Node, j *Job, p place) {
	c := buildkitePlugin(ref.Value)
	p.address = join(p.address, "plugins", c.Name)
	p.component = ref
	c.At, c.Address, c.Ref, c.Job, c.Step, c.Inputs = ref.At, p.address, ref, p.job, p.step, inputs(config)
	b.Components = append(b.Components, c)
	b.Steps = append(b.Steps, Step{At: ref.At, Address: p.address, Job: p.job, Index: *p.step, Kind: "component", Component: ref})
	switch {
	case c.FirstParty && c.Pin != "local" && (c.Name == "docker" || c.Name == "docker-compose"):
		b.containers(config, j, p)
	case b.fetched(c.Name, config, p):
	default:
		for _, field := range config.Object() {
			b.option(field.Value, p.of(field, "").at("input"), 0)
		}
	}
}

// option reads what a plugin is given, lists and maps within it too.
func (b *buildkite) option(n *lint.Node, p place, depth int) {
	b.given(n, p, "no")
	if depth > maxDepth {
		b.limited = true
		return
	}
	for _, item := range n.List() {
		b.option(item, p, depth+1)
	}
	for _, field := range n.Object() {
		b.option(field.Value, p.of(field, ""), depth+1)
	}
}

// buildkitePlugin takes a reference apart: name#version of Buildkite itself,
// owner/name#version, an address, or a path.
func buildkitePlugin(ref string) Component {
	c := Component{Kind: "plugin"}
	if len(ref) > maxReference {
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
	case isDigest(version):
		c.Pin = "digest"
	case isVersion(version):
		c.Pin = "version"
	default:
		c.Pin = "branch"
	}
	return c
}

// containers reads the plugins that run the commands in a container: which image,
// and which variables it gets.
func (b *buildkite) containers(config *lint.Node, j *Job, p place) {
	if image := config.Get("image"); scalar(image) {
		j.Container = text(image)
		b.image(image, p)
	}
	for _, key := range []string{"environment", "env"} {
		for _, item := range config.Get(key).List() {
			name, _, isSet := strings.Cut(item.Text, "=")
			at := p.at("container_env")
			at.variable = Text{Value: name, At: item.Span}
			at.address = join(p.address, key, name)
			switch {
			case isSet:
				b.given(item, at, redacted(name))
			case lint.SecretName(name):
				e := at.exposure(item.Span, variableSecret(name, item.Span, item.Via))
				e.Masked = redacted(name)
				b.Exposures = append(b.Exposures, e)
			}
		}
	}
	for _, item := range config.Get("args").List() {
		at := p.at("build_arg")
		name, _, _ := strings.Cut(item.Text, "=")
		at.variable, at.address = Text{Value: name, At: item.Span}, join(p.address, "args", name)
		b.given(item, at, "no")
	}
}

func (b *buildkite) image(n *lint.Node, p place) {
	if text(n).Value == "" {
		return
	}
	image := Component{At: n.Span, Address: join(p.address, "image"), Ref: text(n), Kind: "image", Job: p.job, Step: p.step, Inputs: inputs(nil)}
	image.setImage(n.Text)
	if strings.Contains(n.Text, "$") {
		image.Pin = "unknown"
	}
	b.Components = append(b.Components, image)
}

// buildkiteStores are the plugins that fetch secrets into variables, by their
// names, and the store that they ask.
var buildkiteStores = map[string]string{
	"secrets": "", "vault-secrets": "vault", "aws-sm": "aws_secrets_manager", "gcp-secret-manager": "gcp_secret_manager",
}

// fetched reads a plugin that fetches secrets. Those that it fetches are variables
// of the whole job.
func (b *buildkite) fetched(plugin string, config *lint.Node, p place) bool {
	store, known := buildkiteStores[plugin]
	if !known {
		return false
	}
	p.step, p.component = nil, Text{}
	p = p.at("job_env")
	if path := text(config.Get("path")); path.Value != "" {
		field := text(config.Get("field"))
		p.variable = text(config.Get("env_var"))
		at := path.At
		if field.Value != "" {
			at = field.At
		}
		b.fetch(Secret{At: at, Via: path.Via, Store: store, Group: path, Name: field}, p)
	}
	for _, key := range []string{"env", "variables"} {
		entries := config.Get(key)
		if scalar(entries) { // one secret that holds many variables
			b.fetch(Secret{At: entries.Span, Store: store, Name: text(entries)}, p)
		}
		for _, field := range entries.Object() {
			id := field.Value
			if id.Kind == lint.Object {
				id = id.Get("secret-id")
			}
			if scalar(id) {
				b.fetch(Secret{At: id.Span, Via: id.Via, Store: store, Name: text(id)}, p.of(field, ""))
			}
		}
	}
	return true
}

func (b *buildkite) fetch(secret Secret, p place) {
	e := p.exposure(secret.At, secret)
	if e.Masked = redacted(p.variable.Value); secret.Store == "" {
		e.Masked = "yes"
	}
	b.Exposures = append(b.Exposures, e)
}
