// Package flows says which job of a pipeline gets which secret, by what way, and
// where the secret goes from there. It lists what the neutral documents of
// pipelines know, and judges nothing.
package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/suggest"
)

// Version is that of the JSON form. A change that breaks readers raises it; new
// fields do not.
const Version = 1

// List is every secret of the pipelines of a repository.
type List struct {
	Version  int      `json:"version"`
	Complete bool     `json:"complete"` // false if a file was not read, or a part of a pipeline was not understood
	Secrets  []Secret `json:"secrets"`
}

// Secret is a secret as pipelines name it.
type Secret struct {
	Name  string `json:"name"` // "*" is every secret that the job can see
	Store string `json:"store,omitempty"`
	Group string `json:"group,omitempty"`
	Jobs  []Job  `json:"jobs"`
}

// Job is a job that gets the secret.
type Job struct {
	Platform    string     `json:"platform"`
	File        string     `json:"file"`
	Job         string     `json:"job,omitempty"` // empty: steps for other pipelines, or the pipeline as a whole
	Environment string     `json:"environment,omitempty"`
	Exposures   []Exposure `json:"exposures"`
	Flows       []Flow     `json:"flows"`
}

// Exposure is a place where the job is handed the secret.
type Exposure struct {
	At        string `json:"at"` // as in the document that policies see: job_env, input, ...
	Variable  string `json:"variable,omitempty"`
	Component string `json:"component,omitempty"`
	Place
}

// Flow is where the secret goes.
type Flow struct {
	Sink        string   `json:"sink"`
	Command     string   `json:"command,omitempty"`
	Host        string   `json:"host,omitempty"`
	Path        string   `json:"path,omitempty"`
	Component   string   `json:"component,omitempty"`
	Variable    string   `json:"variable,omitempty"`
	Transformed []string `json:"transformed"`
	Masked      string   `json:"masked"`
	Confidence  string   `json:"confidence"`
	Place
	Way []Step `json:"way"` // from the reference to here
}

// Step is a step of a way.
type Step struct {
	Message string `json:"message"`
	Place
}

// Place is where something stands.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func placeOf(at lint.Location) Place { return Place{at.Path, at.Start.Line, at.Start.Column} }

// String is the form that editors and terminals link.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Facts are the secrets of one document.
type Facts struct {
	Secrets []Secret
	Gaps    bool
}

// Collect reads the neutral document of a pipeline; of others there are none.
func Collect(doc *lint.Document) Facts {
	if doc.Platform != pipeline.Platform || doc.Root == nil {
		return Facts{}
	}
	c := &collector{doc: doc, secrets: map[key]*Secret{}, jobs: map[jobKey]*Job{}}
	for _, job := range doc.Root.Get("jobs").List() {
		c.names = append(c.names, job.Get("id").Str())
	}
	if doc.Root.Get("platform").Str() == "tekton" && len(c.names) == 0 {
		c.task = doc.Root.Get("name").Str()
	}
	for i, e := range doc.Root.Get("exposures").List() {
		c.exposure(i, e)
	}
	for i, f := range doc.Root.Get("flows").List() {
		c.flow(i, f)
	}
	facts := Facts{Gaps: len(doc.Root.Get("gaps").List()) > 0}
	for _, k := range c.order {
		facts.Secrets = append(facts.Secrets, *c.secrets[k])
	}
	for i, k := range c.order {
		for _, j := range c.jobsOf[k] {
			facts.Secrets[i].Jobs = append(facts.Secrets[i].Jobs, *j)
		}
	}
	return facts
}

type key struct{ store, group, name string }

type jobKey struct {
	key
	job string
}

type collector struct {
	doc     *lint.Document
	names   []string // of all jobs
	task    string   // of Tekton, which is a job wherever it is called
	secrets map[key]*Secret
	order   []key
	jobs    map[jobKey]*Job
	jobsOf  map[key][]*Job
}

// entries are those of a job that gets a secret: one for each that callers give it.
func (c *collector) entries(secret *lint.Node, name string) []*Job {
	name = cmp.Or(name, c.task)
	k := key{secret.Get("store").Str(), secret.Get("group").Str(), cmp.Or(secret.Get("name").Str(), "*")}
	given := secret.Get("given").List()
	if len(given) == 0 {
		return []*Job{c.job(k, written(secret.Get("name"), k.name), name)}
	}
	var all []*Job
	for _, other := range given {
		k.name = other.Str()
		all = append(all, c.job(k, k.name, name))
	}
	return all
}

// job is the entry of a job that gets a secret.
func (c *collector) job(k key, written, name string) *Job {
	if c.secrets[k] == nil {
		c.secrets[k] = &Secret{Name: written, Store: k.store, Group: k.group}
		c.order = append(c.order, k)
	}
	at := jobKey{k, name}
	if c.jobs[at] == nil {
		c.jobs[at] = &Job{Platform: c.doc.Root.Get("platform").Str(), File: c.doc.Path, Job: name, Exposures: []Exposure{}, Flows: []Flow{}}
		if c.jobsOf == nil {
			c.jobsOf = map[key][]*Job{}
		}
		c.jobsOf[k] = append(c.jobsOf[k], c.jobs[at])
	}
	return c.jobs[at]
}

// written is a name as the file has it first: GitHub's are in capitals, whatever people
// write.
func written(name *lint.Node, folded string) string {
	if name != nil && name.Span.Source != nil {
		text := string(name.Span.Text()) // the name is what it ends with: secrets.name, secrets['name']
		text = strings.TrimRight(text, `'] `)
		if at := len(text) - len(folded); at >= 0 && strings.EqualFold(text[at:], folded) {
			return text[at:]
		}
	}
	return folded
}

func (c *collector) exposure(i int, e *lint.Node) {
	if e.Get("at").Str() == "condition" {
		return // nobody gets it
	}
	place, err := c.doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
	if err != nil {
		return
	}
	jobs := []string{e.Get("job").Str()}
	if jobs[0] == "" && e.Get("at").Str() == "pipeline_env" && len(c.names) > 0 {
		jobs = c.names
	}
	for _, name := range jobs {
		for _, job := range c.entries(e.Get("secret"), name) {
			job.Environment = cmp.Or(job.Environment, e.Get("environment").Str())
			job.Exposures = append(job.Exposures, Exposure{
				At: e.Get("at").Str(), Variable: e.Get("variable").Str(), Component: e.Get("component").Str(), Place: placeOf(place.Location),
			})
		}
	}
}

func (c *collector) flow(i int, f *lint.Node) {
	place, err := c.doc.Locate(lint.Path{"flows", i}, lint.Spot{})
	if err != nil {
		return
	}
	flow := Flow{
		Sink: f.Get("sink").Str(), Command: f.Get("command").Str(), Host: f.Get("host").Str(), Path: f.Get("path").Str(), Component: f.Get("component").Str(),
		Variable: f.Get("variable").Str(), Transformed: []string{}, Masked: f.Get("masked").Str(), Confidence: f.Get("confidence").Str(),
		Place: placeOf(place.Location), Way: []Step{},
	}
	for _, how := range f.Get("transformed").List() {
		flow.Transformed = append(flow.Transformed, how.Str())
	}
	for _, step := range place.Flow {
		flow.Way = append(flow.Way, Step{step.Message, placeOf(step.Location)})
	}
	for _, job := range c.entries(f.Get("secret"), f.Get("job").Str()) {
		job.Flows = append(job.Flows, flow)
	}
}

// folding are the platforms that do not tell cases of names apart.
var folding = []string{"githubactions", "buildkite"}

// Of joins what was collected.
func Of(facts []Facts, complete bool) List {
	list := List{Version: Version, Complete: complete, Secrets: []Secret{}}
	at := map[key]int{}
	for _, f := range facts {
		list.Complete = list.Complete && !f.Gaps
		for _, s := range f.Secrets {
			k := key{s.Store, s.Group, s.Name}
			if s.Store == "" && len(s.Jobs) > 0 && slices.Contains(folding, s.Jobs[0].Platform) {
				k.name = strings.ToUpper(k.name)
			}
			i, known := at[k]
			if !known {
				i = len(list.Secrets)
				at[k] = i
				list.Secrets = append(list.Secrets, Secret{Name: s.Name, Store: s.Store, Group: s.Group})
			}
			list.Secrets[i].Jobs = append(list.Secrets[i].Jobs, s.Jobs...)
		}
	}
	for _, s := range list.Secrets {
		slices.SortStableFunc(s.Jobs, func(a, b Job) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Job, b.Job)) })
	}
	slices.SortFunc(list.Secrets, func(a, b Secret) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Store, b.Store), cmp.Compare(a.Group, b.Group))
	})
	return list
}

// Choose keeps the secrets and jobs of a name; "" is any. A name that nothing has
// is an error: an empty list would look as if nothing leaked.
func (l List) Choose(secret, job string) (List, error) {
	var secrets, jobs []string
	chosen := l
	chosen.Secrets = []Secret{}
	for _, s := range l.Secrets {
		secrets = append(secrets, s.names()...)
		if secret != "" && !s.called(secret) {
			continue
		}
		all := s.Jobs
		s.Jobs = []Job{}
		for _, j := range all {
			jobs = append(jobs, j.Job)
			if job == "" || j.Job == job {
				s.Jobs = append(s.Jobs, j)
			}
		}
		if len(s.Jobs) > 0 {
			chosen.Secrets = append(chosen.Secrets, s)
		}
	}
	switch {
	case secret != "" && len(jobs) == 0:
		return chosen, unknown("--secret", secret, secrets)
	case job != "" && len(chosen.Secrets) == 0:
		return chosen, unknown("--job", job, jobs)
	}
	return chosen, nil
}

// names are those by which a secret can be asked for: alone, behind its store, its group
// or both, and as it is printed.
func (s Secret) names() []string {
	all := []string{s.Name}
	for _, before := range []string{s.Group, s.Store, strings.Trim(s.Store+"/"+s.Group, "/")} {
		if name := before + "/" + s.Name; before != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if !slices.Contains(all, s.title()) {
		all = append(all, s.title())
	}
	return all
}

// called says whether a name means the secret. Cases count where the platform tells them
// apart.
func (s Secret) called(name string) bool {
	folds := s.Store == "" && slices.ContainsFunc(s.Jobs, func(j Job) bool { return slices.Contains(folding, j.Platform) })
	return slices.ContainsFunc(s.names(), func(known string) bool { return known == name || folds && strings.EqualFold(known, name) })
}

// maxNear bounds the names that are offered in place of one that nothing has.
const maxNear = 3

func unknown(flag, name string, known []string) error {
	var near []string
	if nearest := suggest.Nearest(name, known); nearest != "" {
		near = append(near, fmt.Sprintf("%q", nearest))
	}
	for _, other := range known {
		quoted := fmt.Sprintf("%q", other)
		if len(near) < maxNear && len(name) > 2 && strings.Contains(strings.ToLower(other), strings.ToLower(name)) && !slices.Contains(near, quoted) {
			near = append(near, quoted)
		}
	}
	if len(near) > 0 {
		return fmt.Errorf("%s: no pipeline has %q, did you mean %s?", flag, name, strings.Join(near, " or "))
	}
	return fmt.Errorf("%s: no pipeline has %q", flag, name)
}
