package bitbucket

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// within reads what a step does.
func (b *collector) within(n *lint.Node, p model.Place) {
	b.oidc(n.Get("oidc"), p)
	steps := b.script(n.Get("script"), 0, p)
	steps = b.script(n.Get("after-script"), steps, p)
	for _, service := range model.TextsOf(n.Get("services")) {
		b.service(service, p)
	}
	for _, cache := range model.TextsOf(n.Get("caches")) {
		b.cache(cache, p)
	}
	if steps > 0 {
		b.artifacts(n.Get("artifacts"), steps-1, p)
	}
	if n.Get("script") == nil && n.Get("custom") == nil {
		b.AddGap(n.Span, `a step without "script" was not judged`, "syntax", p)
	}
}

// script reads a list of commands, which share a shell, and of pipes.
func (b *collector) script(list *lint.Node, first int, p model.Place) (steps int) {
	continues := false
	index := first
	for _, item := range list.List() {
		if item.Kind == lint.Null { // a line that was commented out
			continue
		}
		at := p
		number := index
		at.Step = &number
		step := model.Step{At: item.Span, Job: p.Job, Index: index, Kind: "shell", Script: model.TextOf(item), Continues: continues}
		switch {
		case model.IsScalar(item):
			at.Address = model.Join(p.Address, "script")
			continues = true
		case item.Get("pipe") != nil:
			step.Kind, step.Component, step.Name, step.Continues = "component", model.TextOf(item.Get("pipe")), model.TextOf(item.Get("name")), false
			label, _, _ := strings.Cut(strings.TrimPrefix(step.Component.Value, "docker://"), ":")
			at.Address = model.Join(p.Address, "script", label)
			b.pipe(item, at)
		default:
			step.Kind = "unknown"
			at.Address = model.Join(p.Address, "script")
		}
		step.Address = at.Address
		b.Steps = append(b.Steps, step)
		index++
		if step.Kind == "unknown" {
			b.AddGap(item.Span, `a line of the script that is neither a text nor a pipe was not judged`, "syntax", at)
		}
	}
	if list != nil && list.Kind != lint.List {
		b.AddGap(list.Span, "the script is no list and was not judged", "syntax", p)
	}
	return index
}

// pipe reads a container that does a part of the step.
func (b *collector) pipe(n *lint.Node, p model.Place) {
	ref := n.Get("pipe")
	p.Component = model.TextOf(ref)
	c := model.Component{At: ref.Span, Address: p.Address, Ref: p.Component, Kind: "pipe", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(n.Get("variables"))}
	c.SetImage(strings.TrimPrefix(p.Component.Value, "docker://"))
	if !strings.HasPrefix(p.Component.Value, "docker://") && c.Owner == "" && c.Pin != "unknown" {
		c.Owner, c.Name, _ = strings.Cut(c.Name, "/")
		c.FirstParty = c.Owner == "atlassian"
		if c.Pin == "version" && !model.IsVersion(c.Version) {
			c.Pin = "branch" // of the pipe's repository
		}
	}
	b.Components = append(b.Components, c)
	for _, field := range n.Get("variables").Object() {
		b.AddValue(field.Value, p.Field(field, "variables").At("input"), "unknown")
		for _, item := range field.Value.List() { // entries of a list, or of {name, value}
			b.AddValue(item, p.Field(field, "variables").At("input"), "unknown")
			b.AddValue(item.Get("value"), p.Field(field, "variables").At("input"), "unknown")
		}
	}
}

// image reads an image, with what opens its registry.
func (b *collector) image(n *lint.Node, p model.Place) model.Text {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if model.TextOf(name).Value == "" {
		return model.Text{}
	}
	image := model.Component{At: name.Span, Address: model.Join(p.Address, "image"), Ref: model.TextOf(name), Kind: "image", Job: p.Job, Inputs: model.InputsOf(nil)}
	image.SetImage(name.Text)
	if strings.Contains(name.Text, "$") {
		image.Pin = "unknown"
	}
	b.Components = append(b.Components, image)
	literals := len(b.Literals)
	b.logins(n, p)
	if n == b.root.Get("image") { // of all jobs that have none of their own
		b.Literals = b.Literals[:literals]
	}
	return model.TextOf(name)
}

func (b *collector) logins(n *lint.Node, p model.Place) {
	for _, login := range []*lint.Node{n, n.Get("aws")} {
		for _, field := range login.Object() {
			if field.Key == "password" || field.Key == "secret-key" {
				b.AddValue(field.Value, p.Field(field, "image").At("container_credential"), "unknown")
			}
		}
	}
}

func (b *collector) service(name model.Text, p model.Place) {
	n := b.root.Get("definitions", "services", name.Value)
	p.Address = model.Join(p.Address, "services", name.Value)
	b.image(n.Get("image"), p)
	for _, field := range n.Get("variables").Object() {
		b.AddValue(field.Value, p.Field(field, "").At("container_env"), "unknown")
	}
}

// caches are the folders of the caches that need no definition.
var caches = map[string]string{
	"composer": "~/.composer/cache", "dotnetcore": "~/.nuget/packages", "gradle": "~/.gradle/caches", "ivy2": "~/.ivy2/cache",
	"maven": "~/.m2/repository", "node": "node_modules", "pip": "~/.cache/pip", "sbt": "~/.sbt",
}

func (b *collector) cache(name model.Text, p model.Place) {
	c := model.Cache{At: name.At, Address: model.Join(p.Address, "caches", name.Value), Job: p.Job, Key: name}
	defined := b.root.Get("definitions", "caches", name.Value)
	switch path := model.TextOf(defined); {
	case path.Value != "":
		c.Paths = []model.Text{path}
	case defined != nil:
		c.Paths = model.TextsOf(defined.Get("path"))
	case caches[name.Value] != "":
		c.Paths = []model.Text{{Value: caches[name.Value], At: name.At}}
	}
	b.Caches = append(b.Caches, c)
}

// artifacts reads what is kept of a step, for later ones and for people.
func (b *collector) artifacts(n *lint.Node, step int, p model.Place) {
	if n == nil {
		return
	}
	paths := model.TextsOf(n)
	if n.Kind == lint.Object {
		paths = model.TextsOf(n.Get("paths"))
		for _, upload := range n.Get("upload").List() {
			paths = append(paths, model.TextsOf(upload.Get("paths"))...)
		}
	}
	if len(paths) > 0 {
		b.Artifacts = append(b.Artifacts, model.Artifact{At: n.Span, Address: model.Join(p.Address, "artifacts"), Job: p.Job, Step: step, Paths: paths, Hidden: "yes"})
	}
}

const tokenName = "BITBUCKET_STEP_OIDC_TOKEN"

func (b *collector) oidc(n *lint.Node, p model.Place) {
	if n == nil || n.Kind == lint.Bool && n.Text != "true" {
		return
	}
	b.Identities = append(b.Identities, model.Identity{
		At: n.Span, Address: model.Join(p.Address, "identities", "oidc"), Job: p.Job, Kind: "oidc", Name: model.Text{Value: tokenName, At: n.Span},
		Audiences: model.TextsOf(n.Get("audiences")), Explicit: true, DeclaredAt: "job",
	})
}

// mention is a variable that a script names: of the workspace, the repository or
// the step's deployment. Whether it is secured, settings tell.
func (b *collector) mention(m model.Mention, step model.Step) model.Exposure {
	p := model.AmbientPlace(m, step)
	p.Environment = b.deploys[step.Job.Value]
	e := p.Exposure(m.At, model.AssumedSecret(m.Name, m.At, step.Script.Via))
	e.Masked = "unknown"
	if m.Name == tokenName {
		e.PlatformToken, e.Secret.Assumed = true, false
	}
	return e
}
