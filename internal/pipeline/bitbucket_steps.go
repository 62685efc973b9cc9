package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// within reads what a step does.
func (b *bitbucket) within(n *lint.Node, p place) {
	b.oidc(n.Get("oidc"), p)
	steps := b.script(n.Get("script"), 0, p)
	steps = b.script(n.Get("after-script"), steps, p)
	for _, service := range texts(n.Get("services")) {
		b.service(service, p)
	}
	for _, cache := range texts(n.Get("caches")) {
		b.cache(cache, p)
	}
	if steps > 0 {
		b.artifacts(n.Get("artifacts"), steps-1, p)
	}
	if n.Get("script") == nil && n.Get("custom") == nil {
		b.gap(n.Span, `a step without "script" was not judged`, "syntax", p)
	}
}

// script reads a list of commands, which share a shell, and of pipes.
func (b *bitbucket) script(list *lint.Node, first int, p place) (steps int) {
	continues := false
	index := first
	for _, item := range list.List() {
		if item.Kind == lint.Null { // a line that was commented out
			continue
		}
		at := p
		number := index
		at.step = &number
		step := Step{At: item.Span, Job: p.job, Index: index, Kind: "shell", Script: text(item), Continues: continues}
		switch {
		case scalar(item):
			at.address = join(p.address, "script")
			continues = true
		case item.Get("pipe") != nil:
			step.Kind, step.Component, step.Name, step.Continues = "component", text(item.Get("pipe")), text(item.Get("name")), false
			label, _, _ := strings.Cut(strings.TrimPrefix(step.Component.Value, "docker://"), ":")
			at.address = join(p.address, "script", label)
			b.pipe(item, at)
		default:
			step.Kind = "unknown"
			at.address = join(p.address, "script")
		}
		step.Address = at.address
		b.Steps = append(b.Steps, step)
		index++
		if step.Kind == "unknown" {
			b.gap(item.Span, `a line of the script that is neither a text nor a pipe was not judged`, "syntax", at)
		}
	}
	if list != nil && list.Kind != lint.List {
		b.gap(list.Span, "the script is no list and was not judged", "syntax", p)
	}
	return index
}

// pipe reads a container that does a part of the step.
func (b *bitbucket) pipe(n *lint.Node, p place) {
	ref := n.Get("pipe")
	p.component = text(ref)
	c := Component{At: ref.Span, Address: p.address, Ref: p.component, Kind: "pipe", Job: p.job, Step: p.step, Inputs: inputs(n.Get("variables"))}
	c.setImage(strings.TrimPrefix(p.component.Value, "docker://"))
	if !strings.HasPrefix(p.component.Value, "docker://") && c.Owner == "" && c.Pin != "unknown" {
		c.Owner, c.Name, _ = strings.Cut(c.Name, "/")
		c.FirstParty = c.Owner == "atlassian"
	}
	b.Components = append(b.Components, c)
	for _, field := range n.Get("variables").Object() {
		b.given(field.Value, p.of(field, "variables").at("input"), "unknown")
		for _, item := range field.Value.List() { // entries of a list, or of {name, value}
			b.given(item, p.of(field, "variables").at("input"), "unknown")
			b.given(item.Get("value"), p.of(field, "variables").at("input"), "unknown")
		}
	}
}

// image reads an image, with what opens its registry.
func (b *bitbucket) image(n *lint.Node, p place) Text {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if text(name).Value == "" {
		return Text{}
	}
	image := Component{At: name.Span, Address: join(p.address, "image"), Ref: text(name), Kind: "image", Job: p.job, Inputs: inputs(nil)}
	image.setImage(name.Text)
	if strings.Contains(name.Text, "$") {
		image.Pin = "unknown"
	}
	b.Components = append(b.Components, image)
	for _, login := range []*lint.Node{n, n.Get("aws")} {
		for _, field := range login.Object() {
			if field.Key == "password" || field.Key == "secret-key" {
				b.given(field.Value, p.of(field, "image").at("container_credential"), "unknown")
			}
		}
	}
	return text(name)
}

func (b *bitbucket) service(name Text, p place) {
	n := b.root.Get("definitions", "services", name.Value)
	p.address = join(p.address, "services", name.Value)
	b.image(n.Get("image"), p)
	for _, field := range n.Get("variables").Object() {
		b.given(field.Value, p.of(field, "").at("container_env"), "unknown")
	}
}

// bitbucketCaches are the folders of the caches that need no definition.
var bitbucketCaches = map[string]string{
	"composer": "~/.composer/cache", "dotnetcore": "~/.nuget/packages", "gradle": "~/.gradle/caches", "ivy2": "~/.ivy2/cache",
	"maven": "~/.m2/repository", "node": "node_modules", "pip": "~/.cache/pip", "sbt": "~/.sbt",
}

func (b *bitbucket) cache(name Text, p place) {
	c := Cache{At: name.At, Address: join(p.address, "caches", name.Value), Job: p.job, Key: name}
	defined := b.root.Get("definitions", "caches", name.Value)
	switch path := text(defined); {
	case path.Value != "":
		c.Paths = []Text{path}
	case defined != nil:
		c.Paths = texts(defined.Get("path"))
	case bitbucketCaches[name.Value] != "":
		c.Paths = []Text{{Value: bitbucketCaches[name.Value], At: name.At}}
	}
	b.Caches = append(b.Caches, c)
}

// artifacts reads what is kept of a step, for later ones and for people.
func (b *bitbucket) artifacts(n *lint.Node, step int, p place) {
	if n == nil {
		return
	}
	paths := texts(n)
	if n.Kind == lint.Object {
		paths = texts(n.Get("paths"))
		for _, upload := range n.Get("upload").List() {
			paths = append(paths, texts(upload.Get("paths"))...)
		}
	}
	if len(paths) > 0 {
		b.Artifacts = append(b.Artifacts, Artifact{At: n.Span, Address: join(p.address, "artifacts"), Job: p.job, Step: step, Paths: paths, Hidden: "yes"})
	}
}

const bitbucketToken = "BITBUCKET_STEP_OIDC_TOKEN"

func (b *bitbucket) oidc(n *lint.Node, p place) {
	if n == nil || n.Kind == lint.Bool && n.Text != "true" {
		return
	}
	b.Identities = append(b.Identities, Identity{
		At: n.Span, Address: join(p.address, "identities", "oidc"), Job: p.job, Kind: "oidc", Name: Text{Value: bitbucketToken, At: n.Span},
		Audiences: texts(n.Get("audiences")), Explicit: true, DeclaredAt: "job",
	})
}

// mention is a variable that a script names: of the workspace, the repository or
// the step's deployment. Whether it is secured, settings tell.
func (b *bitbucket) mention(m mention, step Step) Exposure {
	p := ambientIn(m, step)
	p.inJob = b.deploys[step.Job.Value]
	e := p.exposure(m.at, variableSecret(m.name, m.at, step.Script.Via))
	e.Masked = "unknown"
	if m.name == bitbucketToken {
		e.PlatformToken, e.Secret.Assumed = true, false
	}
	return e
}
