package gitlab

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	parse "github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// shared reads the variables of all jobs. Where some jobs do not inherit them,
// each of the others gets them by itself.
func (g *collector) shared() {
	names := g.names(nil)
	before := len(g.Exposures)
	p := model.Place{}
	g.variables(g.root.Get("variables"), "variables", names, p.At("pipeline_env"))
	for _, rule := range flatLines(g.root.Get("workflow", "rules"), 0) {
		g.variables(rule.Get("variables"), "variables", names, p.At("pipeline_env"))
		g.conditionSecrets(rule.Get("if"), "workflow", names, p)
	}
	g.AddClosed(g.root.Get("spec", "inputs"))
	for _, field := range g.root.Get("spec", "inputs").Object() {
		if value := field.Value.Get("default"); model.IsScalar(value) && !strings.Contains(value.Text, "$") {
			g.literal(value, p.Field(field, "inputs").At("default"))
		}
	}
	g.uneven = g.prefix != "" || slices.ContainsFunc(slices.Collect(maps.Values(g.jobs)), func(job *lint.Node) bool { return job.Get("inherit", "variables") != nil })
	for _, e := range slices.Clone(g.Exposures[before:]) {
		if e.Where != "condition" {
			g.all = append(g.all, e)
		}
	}
	if g.uneven {
		g.Exposures = slices.DeleteFunc(g.Exposures, func(e model.Exposure) bool {
			return e.Where == "pipeline_env" || e.Where == "container_credential" && e.Job.Value == ""
		})
		g.uneven = true
	}
}

// sharedWith gives a job the secrets of the variables of all jobs, where they are
// not said once for all: some jobs do not take them over, and a job that starts
// another pipeline passes them on.
func (g *collector) sharedWith(job *lint.Node, p model.Place) {
	starts := job.Get("trigger") != nil
	if !starts && !g.uneven || starts && !forwardsVariables(job) {
		return
	}
	for _, e := range g.all {
		if !inherits(job, "variables", e.Variable.Value) || present(job.Get("variables", e.Variable.Value)) {
			continue
		}
		e.Job, e.Environment = p.Job, p.Environment
		e.Address = model.Join(p.Address, "variables", e.Variable.Value)
		if starts {
			e.Where, e.Component = "forwarded", p.Component
		}
		g.Exposures = append(g.Exposures, e)
	}
}

func forwardsVariables(job *lint.Node) bool {
	n := job.Get("trigger", "forward", "yaml_variables")
	return n == nil || n.Text != "false"
}

// matrix reads the variables of parallel jobs.
func (g *collector) matrix(job *lint.Node, names nameTable, p model.Place) {
	for _, row := range job.Get("parallel", "matrix").List() {
		for _, field := range row.Object() {
			at := p.Field(field, "parallel.matrix").At("job_env")
			for _, value := range flatLines(field.Value, 0) {
				if !model.IsScalar(value) {
					continue
				}
				if strings.Contains(value.Text, "$") {
					g.value(value, at, names, nil, []string{field.Key})
				} else {
					g.literal(value, at)
				}
			}
		}
	}
}

// image reads the image of a job or service.
func (g *collector) image(n *lint.Node, within string, names nameTable, p model.Place) model.Text {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if !model.IsScalar(name) {
		return model.Text{}
	}
	p.Address = model.Join(p.Address, within)
	c := model.Component{At: name.Span, Address: model.Join(p.Address, "image"), Ref: model.TextOf(name), Kind: "image", Job: p.Job, Inputs: model.InputsOf(nil)}
	setImage(&c, expand(name.Text, names))
	g.Components = append(g.Components, c)
	g.value(name, p.At("setting"), names, nil, nil)
	g.variables(n.Get("variables"), "variables", names, p.At("container_env"))
	return c.Ref
}

// proxied is the prefix of images that GitLab fetches from Docker Hub.
var proxied = regex.Lazy(`^\$\{?CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX\}?/`)

// ownImage is how images of the project itself and of GitLab begin.
var ownImage = regex.Lazy(`^(?:\$\{?(?:CI_REGISTRY_IMAGE|CI_TEMPLATE_REGISTRY_HOST)\b|registry\.gitlab\.com/(?:gitlab-org|security-products)/)`)

// setImage takes a reference to an image apart, of which variables may be a
// part that no file shows.
func setImage(c *model.Component, ref string) {
	c.SetImage(proxied().ReplaceAllString(ref, ""))
	c.FirstParty = ownImage().MatchString(ref)
	if strings.Contains(c.Version, "$") || c.Pin == "none" && strings.Contains(c.Name, "$") {
		c.Pin = "unknown"
	}
}

// expand puts values in that stand in the file. What else a text names, it keeps.
func expand(text string, names nameTable) string {
	found := variableUses(text)
	slices.Reverse(found)
	for _, m := range found {
		if value, _ := names.find(m.name); value != nil && !strings.Contains(value.Text, "$") && len(text)+len(value.Text) < model.MaxReference {
			text = text[:m.start] + value.Text + text[m.end:]
		}
	}
	return text
}

// trigger reads a job that starts another pipeline, and gives what it starts.
func (g *collector) trigger(job *lint.Node, names nameTable, p model.Place) model.Text {
	n := job.Get("trigger")
	if !present(n) {
		return model.Text{}
	}
	c := model.Component{At: n.Span, Address: model.Join(p.Address, "trigger"), Kind: "reusable", Job: p.Job, Inputs: model.InputsOf(n.Get("inputs")), Pin: "unknown"}
	project := n
	if n.Kind == lint.Object {
		project = n.Get("project")
	}
	children := inclusions(n.Get("include"))
	switch {
	case model.IsScalar(project):
		branch := n.Get("branch").Str()
		c.Ref, c.Version, c.Pin = model.TextOf(project), branch, pinOf(branch)
		g.AddGap(project.Span, "the pipeline that is started stands in another project; what it does with its variables was not judged", "remote", p)
	case len(children) > 0:
		c.Ref = model.TextOf(children[0].ref)
		g.children(children, &c, p)
	default:
		g.AddGap(n.Span, "what the job starts is not understood", "syntax", p)
		return model.Text{}
	}
	c.Name = strings.ToLower(c.Ref.Value)
	g.Components = append(g.Components, c)
	p.Component = c.Ref
	g.variables(n.Get("inputs"), "inputs", names, p.At("input"))
	if forwardsVariables(job) {
		g.variables(job.Get("variables"), "variables", names, p.At("forwarded"))
	}
	g.sharedWith(job, p)
	return c.Ref
}

// children looks at the files that make up a child pipeline. One that its name
// tells is a definition is judged by itself.
func (g *collector) children(all []inclusion, c *model.Component, p model.Place) {
	for _, e := range all {
		switch e.kind {
		case "local":
			c.Pin, c.FirstParty = "local", true
			for _, src := range g.local(e) {
				if !parse.Claims(src) {
					g.child(e, src, p)
				}
			}
		case "artifact":
			c.Pin, c.FirstParty = "local", true
			g.AddGap(e.ref.Span, "the child pipeline is made while the parent runs; it was not judged", "computed", p)
		default:
			g.AddGap(e.ref.Span, "the child pipeline stands in another place; what it does with its variables was not judged", "remote", p)
		}
	}
}

// child reads a pipeline of which nothing but this job says that it is one.
func (g *collector) child(e inclusion, src *lint.Source, p model.Place) {
	docs, findings := g.parse(src)
	if len(docs) == 0 || len(findings) > 0 {
		g.AddGap(e.ref.Span, "the child pipeline is not wholly understood; what it does may be judged in part", "syntax", p)
	}
	if len(docs) == 0 || slices.Contains(g.way, src.Path) {
		return
	}
	root := g.carry(g.interpolate(docs[0].Root, e.inputs), lint.Step{Message: "started here as a child pipeline", Span: e.ref.Span})
	inner := newCollector(g.files, src.Path)
	inner.project, inner.way, inner.left, inner.prefix = g.project, append(slices.Clip(g.way), src.Path), g.left, p.Job.Value+" › "
	inner.Findings = g.Findings
	inner.collect(root)
	g.left, g.limited = inner.left, g.limited || inner.limited
	g.Jobs, g.Steps, g.Identities = append(g.Jobs, inner.Jobs...), append(g.Steps, inner.Steps...), append(g.Identities, inner.Identities...)
	g.Exposures, g.Components = append(g.Exposures, inner.Exposures...), append(g.Components, inner.Components...)
	g.Artifacts, g.Caches = append(g.Artifacts, inner.Artifacts...), append(g.Caches, inner.Caches...)
	g.Literals, g.Gaps = append(g.Literals, inner.Literals...), append(g.Gaps, inner.Gaps...)
	g.Findings = inner.Findings
}

// kept reads what the job hands on: artifacts for other jobs and people, caches
// for later runs.
func (g *collector) kept(job *lint.Node, last int, p model.Place) {
	n := job.Get("artifacts")
	if n == nil || last < 0 {
		return
	}
	paths, reports := model.TextsOf(n.Get("paths")), n.Get("reports")
	if all := n.Get("untracked"); all != nil && all.Text == "true" {
		paths = append(paths, model.Text{Value: "**", At: all.Span, Via: all.Via})
	}
	for _, field := range reports.Object() {
		if field.Key != "dotenv" {
			paths = append(paths, model.TextsOf(field.Value)...)
		}
	}
	at := model.Artifact{At: n.Span, Address: model.Join(p.Address, "artifacts"), Job: p.Job, Step: last, Hidden: "yes", Access: accessOf(n)}
	if len(paths) > 0 {
		at.Paths = append(paths, model.Without(n.Get("exclude"))...)
		g.Artifacts = append(g.Artifacts, at)
	}
	if files := model.TextsOf(reports.Get("dotenv")); len(files) > 0 {
		at.Address, at.Paths, at.Variables = model.Join(p.Address, "artifacts", "reports", "dotenv"), files, true
		g.Artifacts = append(g.Artifacts, at)
	}
}

// accessOf is who may download an artifact, where the file says it.
func accessOf(artifacts *lint.Node) model.Text {
	if n := artifacts.Get("access"); n != nil {
		return model.TextOf(n)
	}
	public := model.TextOf(artifacts.Get("public"))
	switch public.Value {
	case "true":
		public.Value = "all"
	case "false":
		public.Value = "developer"
	}
	return public
}

// caches reads those that a job fills, and gives the folders of those that it only reads.
func (g *collector) caches(n *lint.Node, p model.Place) (read []model.Shared) {
	all := n.List()
	if n != nil && n.Kind == lint.Object {
		all = []*lint.Node{n}
	}
	for _, cache := range all {
		if cache.Kind != lint.Object {
			continue
		}
		c := model.Cache{At: cache.Span, Address: model.Join(p.Address, "cache"), Job: p.Job, Paths: model.TextsOf(cache.Get("paths")), Key: cacheKey(cache)}
		if untracked := cache.Get("untracked"); untracked != nil && untracked.Text == "true" {
			c.Paths = append(c.Paths, model.Text{Value: "**", At: untracked.Span, Via: untracked.Via})
		}
		if cache.Get("policy").Str() == "pull" {
			read = append(read, c.Shared()...)
			continue
		}
		g.Caches = append(g.Caches, c)
	}
	return read
}

// cacheKey is what jobs find a cache by: a text, files on whose content it depends, or
// what GitLab calls it without either.
func cacheKey(cache *lint.Node) model.Text {
	key := cache.Get("key")
	if key == nil {
		return model.Text{Value: "default"}
	}
	if key.Kind != lint.Object {
		return model.TextOf(key)
	}
	words := []string{key.Get("prefix").Str()}
	for _, list := range []string{"files", "files_commits"} {
		for _, file := range model.TextsOf(key.Get(list)) {
			words = append(words, file.Value)
		}
	}
	return model.Text{Value: strings.Join(words, " "), At: key.Span, Via: key.Via}
}

// elsewhereRead are the keys of a job that are read on their own.
var elsewhereRead = []string{
	"before_script", "script", "after_script", "hooks", "run", "variables", "secrets", "id_tokens", "image", "services", "rules", "parallel", "extends", "trigger",
}

// settings notes secrets in whatever else a job has: the URL of its environment,
// the name of its artifacts.
func (g *collector) settings(job *lint.Node, names nameTable, p model.Place) {
	for _, field := range job.Fields {
		if !slices.Contains(elsewhereRead, field.Key) {
			g.below(field.Value, names, p.Field(field, "").At("setting"))
		}
	}
}

func (g *collector) below(n *lint.Node, names nameTable, p model.Place) {
	if model.IsScalar(n) && strings.Contains(n.Text, "$") {
		g.value(n, p, names, nil, nil)
	}
	for _, item := range n.Items {
		g.below(item, names, p)
	}
	for _, field := range n.Fields {
		g.below(field.Value, names, p)
	}
}
