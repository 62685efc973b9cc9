// Package gitlab collects pipeline definitions of GitLab CI/CD, with what they include
// from the repository.
package gitlab

import (
	"cmp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	parse "github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one pipeline definition together with what it includes.
type collector struct {
	model.Pipeline
	files    model.Files
	project  string     // the folder that local includes are looked for in
	prefix   string     // of the names of a child pipeline's jobs
	way      []string   // the files that led here
	root     *lint.Node // all files merged
	defaults *lint.Node // what jobs have that do not say otherwise
	open     bool       // files from elsewhere add to it
	included int
	left     int // values that may still be copied
	limited  bool
	jobs     map[string]*lint.Node // with all that they extend
	extended map[string]*lint.Node
	ofAll    map[string]*lint.Node // variables that all jobs have
	services map[string]bool       // words by which variables of services begin
	all      []model.Exposure      // by variables of all jobs
	uneven   bool                  // not all jobs have these
}

// Limits of one definition. GitLab has 150 includes and far fewer jobs.
const (
	maxIncludes = 150
	maxCopies   = 1_000_000
)

func newCollector(files model.Files, file string) *collector {
	g := &collector{files: files, project: projectOf(file), way: []string{file}, left: maxCopies, jobs: map[string]*lint.Node{}, extended: map[string]*lint.Node{}, services: map[string]bool{}}
	g.Platform, g.Masking = "gitlab", "some"
	g.Traits = traits
	return g
}

// Collect reads one definition file.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline {
	g := newCollector(files, doc.Path)
	if !g.starts(doc.Path) && g.partOfRoot(doc.Path) {
		return nil // judged where it is included
	}
	g.Pipeline.At, g.Kind = doc.Root.Span, g.kind(doc)
	g.collect(g.interpolate(doc.Root, nil))
	g.Gaps = once(g.Gaps)
	g.Ambient = model.AmbientBy((&model.Reading{Pipeline: g.Pipeline}).VariablesSet(), mention)
	if g.limited {
		g.AddGap(lint.Span{}, "the pipeline has more includes, jobs or values taken over from others than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &g.Pipeline
}

func (g *collector) collect(root *lint.Node) {
	g.root = g.include(root, g.way)
	g.root = g.keywords(g.root)
	g.Name = model.TextOf(g.root.Get("workflow", "name"))
	g.defaults, g.ofAll = g.defaultsOf(), g.namesOfAll()
	g.resolveJobs()
	g.started()
	g.shared()
	for _, field := range g.inStages() {
		g.job(field, g.jobs[field.Key])
	}
}

// inStages lists the jobs in the order of their stages: a later stage gets what an
// earlier one made.
func (g *collector) inStages() []lint.Field {
	stages := model.TextsOf(g.root.Get("stages"))
	if stages == nil {
		stages = []model.Text{{Value: "build"}, {Value: "test"}, {Value: "deploy"}}
	}
	order := map[string]int{".pre": -1, ".post": len(stages)}
	for i, stage := range stages {
		order[stage.Value] = i
	}
	var all []lint.Field
	for _, field := range g.root.Object() {
		if g.jobs[field.Key] != nil {
			all = append(all, field)
		}
	}
	slices.SortStableFunc(all, func(a, b lint.Field) int {
		return order[stageOf(g.jobs[a.Key])] - order[stageOf(g.jobs[b.Key])]
	})
	return all
}

func stageOf(job *lint.Node) string { return cmp.Or(job.Get("stage").Str(), "test") }

// keywords resolves the references in what is no job.
func (g *collector) keywords(root *lint.Node) *lint.Node {
	whole := *root
	whole.Fields = slices.Clone(root.Fields)
	for i, field := range whole.Fields {
		if isKeyword(field.Key) && !strings.HasPrefix(field.Key, ".") {
			whole.Fields[i].Value = g.references(field.Value, 0)
		}
	}
	return &whole
}

// once leaves out what was said already: jobs share the parts that have gaps.
func once(gaps []model.Gap) []model.Gap {
	type place struct {
		at        lint.Span
		what, job string
	}
	seen := map[place]bool{}
	return slices.DeleteFunc(gaps, func(gap model.Gap) bool {
		p := place{gap.At, gap.What, gap.Job.Value}
		known := seen[p]
		seen[p] = true
		return known
	})
}

// starts holds for the file that GitLab itself looks for.
func (g *collector) starts(path string) bool { return path == inFolder(g.project, ".gitlab-ci.yml") }

func inFolder(folder, file string) string {
	return strings.TrimPrefix(folder+"/"+file, "/")
}

// kind: a file that is neither the project's own definition nor included by it is
// included from elsewhere, or makes a pipeline of its own when a job triggers it.
func (g *collector) kind(doc *lint.Document) string {
	switch {
	case doc.Root.Get("spec") != nil:
		return "component"
	case g.starts(doc.Path):
		return "workflow"
	}
	return "reusable"
}

// defaultKeys are the keywords that jobs take from the defaults.
var defaultKeys = []string{
	"after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "identity", "image", "interruptible", "retry", "services", "tags", "timeout",
}

// defaultsOf joins "default" with the keywords that once stood beside it.
func (g *collector) defaultsOf() *lint.Node {
	all := lint.NewObject(lint.Span{})
	given := g.root.Get("default")
	for _, key := range defaultKeys {
		if field := given.Field(key); field != nil {
			all.Fields = append(all.Fields, *field)
		} else if field := g.root.Field(key); field != nil && isKeyword(key) {
			all.Fields = append(all.Fields, lint.Field{Key: key, Span: field.Span, Value: field.Value})
		}
	}
	return all
}

func isKeyword(key string) bool { return !parse.Job(key) }

// resolveJobs gives each job what it extends, refers to and has by default.
func (g *collector) resolveJobs() {
	names := g.names(nil)
	for _, field := range g.root.Object() {
		if !parse.Job(field.Key) || field.Value.Kind != lint.Object {
			continue
		}
		if len(g.jobs) == model.MaxJobs {
			g.limited = true
			return
		}
		job := g.references(g.extend(field.Key, nil), 0)
		g.jobs[field.Key] = g.withDefaults(job)
		for _, service := range g.jobs[field.Key].Get("services").List() {
			g.service(service, names)
		}
	}
}

// serviceWords are how the variables of well-known services begin, by a part of the
// name of the image.
var serviceWords = map[string][]string{
	"postg": {"POSTGRES"}, "pgvector": {"POSTGRES"}, "timescale": {"POSTGRES"}, "mysql": {"MYSQL"}, "mariadb": {"MYSQL", "MARIADB"}, "percona": {"MYSQL"},
	"mssql": {"SA", "MSSQL"}, "oracle": {"ORACLE"}, "mongo": {"MONGO"}, "couchdb": {"COUCHDB"}, "neo4j": {"NEO4J"}, "clickhouse": {"CLICKHOUSE"},
	"rabbitmq": {"RABBITMQ"}, "redis": {"REDIS"}, "minio": {"MINIO"}, "elasticsearch": {"ELASTIC"}, "opensearch": {"OPENSEARCH"},
	"keycloak": {"KEYCLOAK", "KC"}, "openldap": {"LDAP"},
}

// service notes how the variables of a service begin: POSTGRES, of postgres:16.
func (g *collector) service(n *lint.Node, names nameTable) {
	name := n
	if n.Kind == lint.Object {
		name = n.Get("name")
	}
	image := strings.ToLower(expand(name.Str(), names))
	for part, words := range serviceWords {
		for _, word := range words {
			g.services[word] = g.services[word] || strings.Contains(image, part)
		}
	}
}

func (g *collector) withDefaults(job *lint.Node) *lint.Node {
	whole := *job
	whole.Fields = slices.Clone(job.Fields)
	for _, field := range g.defaults.Fields {
		if present(job.Get(field.Key)) || !inherits(job, "default", field.Key) || job.Get("trigger") != nil && field.Key != "interruptible" {
			continue
		}
		whole.Set(field.Key, field.Span, field.Value)
	}
	return &whole
}

// inherits says whether a job takes over a default or variable of that name.
func inherits(job *lint.Node, kind, name string) bool {
	wanted := job.Get("inherit", kind)
	if wanted != nil && wanted.Kind == lint.List {
		return slices.ContainsFunc(wanted.Items, func(n *lint.Node) bool { return n.Text == name })
	}
	return wanted == nil || wanted.Text != "false"
}

// present: a key without a value takes out what would be defaultKeys.
func present(n *lint.Node) bool { return n != nil && n.Kind != lint.Null }

// job reads one job.
func (g *collector) job(field lint.Field, job *lint.Node) {
	p := model.Place{Job: model.Text{Value: g.prefix + field.Key, At: field.Span}}
	p.Address = model.Join("jobs", p.Job.Value)
	j := model.Job{
		At: field.Span, ID: p.Job, Stage: model.TextOf(job.Get("stage")), Needs: g.needs(job), Takes: g.takes(job), Condition: rulesOf(job),
		Runner: runnerOf(job.Get("tags")), Environment: model.EnvironmentOf(job.Get("environment")), OpenTo: []string{},
	}
	if j.Environment != nil {
		p.Environment = j.Environment.Name
	}
	names := g.names(job)
	g.conditions(job, names, p)
	if job.Get("trigger") == nil {
		g.variables(job.Get("variables"), "variables", names, p.At("job_env"))
		g.sharedWith(job, p)
	}
	g.matrix(job, names, p)
	g.external(job.Get("secrets"), p)
	g.idTokens(job.Get("id_tokens"), p)
	g.token(p)
	j.Container = g.image(job.Get("image"), "", names, p)
	for _, service := range job.Get("services").List() {
		g.image(service, "services", names, p)
	}
	j.Calls = g.trigger(job, names, p)
	j.Shared = g.caches(job.Get("cache"), p)
	g.Jobs = append(g.Jobs, j)
	last := g.steps(job, names, p)
	g.kept(job, last, p)
	g.settings(job, names, p)
	if job.Get("script") == nil && job.Get("trigger") == nil && job.Get("run") == nil && job.Get("needs", "pipeline") == nil {
		g.AddGap(field.Span, `the job has no "script", "trigger" or "run"; what it does was not judged`, g.missing(), p)
	}
}

// missing is why something is not there: files from elsewhere may have it.
func (g *collector) missing() string {
	if g.open {
		return "remote"
	}
	return "syntax"
}

// needs lists the jobs that a job waits for, those of its own pipeline by its prefix.
func (g *collector) needs(job *lint.Node) []model.Text {
	var all []model.Text
	for _, list := range []*lint.Node{job.Get("needs"), job.Get("dependencies")} {
		for _, item := range list.List() {
			name := item
			if item.Kind == lint.Object {
				name = item.Get("job")
			}
			if !model.IsScalar(name) || item.Get("project") != nil || item.Get("pipeline") != nil { // jobs of other pipelines
				continue
			}
			need := model.TextOf(name)
			need.Value = g.prefix + need.Value
			if !slices.ContainsFunc(all, func(t model.Text) bool { return t.Value == need.Value }) {
				all = append(all, need)
			}
		}
	}
	return all
}

// takes lists the jobs whose artifacts a job gets where it says so: by "dependencies", or
// else by "needs", an empty list of which takes none. It is nil where the job does not
// say, or names what is not known.
func (g *collector) takes(job *lint.Node) *[]string {
	list := job.Get("dependencies")
	if !present(list) {
		list = job.Get("needs")
	}
	if list == nil || list.Kind != lint.List {
		return nil
	}
	all := []string{}
	for _, item := range list.Items {
		name := item
		if item.Kind == lint.Object {
			name = item.Get("job")
			if taken := item.Get("artifacts"); taken != nil && taken.Text == "false" || item.Get("project") != nil || item.Get("pipeline") != nil {
				continue
			}
		}
		if !model.IsScalar(name) {
			return nil
		}
		all = append(all, g.prefix+name.Text)
	}
	return &all
}

// rulesOf gives the job's rules in words, at the first of them.
func rulesOf(job *lint.Node) model.Text {
	var all []string
	var first *lint.Node
	for _, rule := range flatLines(job.Get("rules"), 0) {
		if n := rule.Get("if"); model.IsScalar(n) {
			all = append(all, n.Text)
			if first == nil {
				first = n
			}
		}
	}
	if first == nil {
		return model.Text{}
	}
	t := model.TextOf(first)
	t.Value = strings.Join(all, " || ")
	return t
}

// runnerOf: the tags of GitLab's own machines tell that they are; other tags may
// be anybody's.
func runnerOf(tags *lint.Node) model.Runner {
	r := model.Runner{Kind: "unknown", Labels: model.TextsOf(tags)}
	if tags != nil {
		r.At = tags.Span
	}
	if slices.ContainsFunc(r.Labels, func(l model.Text) bool { return strings.HasPrefix(l.Value, "saas-") }) {
		r.Kind = "hosted"
	}
	return r
}
