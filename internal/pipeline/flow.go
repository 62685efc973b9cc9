package pipeline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// flows follows the secrets of one pipeline through the scripts of its jobs.
type flows struct {
	*model.Pipeline
	files model.Files

	steps     map[string][]*model.Step // by job
	exposures map[string][]int         // those of a whole job, "" those of the pipeline
	atStep    map[stepKey][]int
	passes    map[stepKey][]model.Pass

	componentsAt map[stepKey][]*model.Component // that set variables or send texts
	jobs         map[string]*model.Job
	artifacts    map[string][]model.Artifact // by job
	caches       map[string][]model.Cache
	written      map[string][]model.File     // by components
	others       map[string]bool             // references of components of somebody else
	ambient      []int                       // those that every job gets
	literals     map[stepKey][]model.Literal // variables whose values stand in the file; job "" for all

	outputs  map[outputKey]shell.Value
	kept     map[string][]kept                 // files with secrets, by job
	shared   map[string]map[string]shell.Value // the same by folder that jobs share, and path within
	dotenv   map[string]map[string]shell.Value // by job: what its files give to later jobs as variables
	composed map[outputKey]*composed
	fetches  map[fetchKey]int    // labels of secrets that scripts fetch
	stores   map[outputKey][]int // exposures of many secrets, which are outputs of a step
	picked   map[pickedKey]int   // labels of those that are named
	settings map[ambientKey]int  // labels of variables that scripts of the repository name
	assigned map[*lint.Source]map[string]bool
	mayAsk   map[scriptKey]bool
	asks     map[string]bool // scripts of the repository that may fetch some
	outside  *outside        // what is followed, if it is no secret
	scripts  map[string]*shell.Script
	budget   *int
	bytes    int // of scripts gone through
	spreads  int
	seen     map[string]bool
}

type stepKey struct {
	job   string
	index int // -1: the job
}

type outputKey struct{ job, step, name string } // in lower case; step "": of the job

func outputOf(job, step, name string) outputKey {
	return outputKey{strings.ToLower(job), strings.ToLower(step), strings.ToLower(name)}
}

// follow fills in what becomes of the secrets that the collector found.
func follow(p *model.Pipeline, files model.Files) { newFlows(p, files).all() }

func newFlows(p *model.Pipeline, files model.Files) *flows {
	return &flows{
		Pipeline: p, files: files, steps: map[string][]*model.Step{}, exposures: map[string][]int{}, atStep: map[stepKey][]int{},
		passes: map[stepKey][]model.Pass{}, componentsAt: map[stepKey][]*model.Component{}, composed: map[outputKey]*composed{}, jobs: map[string]*model.Job{}, artifacts: map[string][]model.Artifact{}, caches: map[string][]model.Cache{},
		written: map[string][]model.File{}, others: map[string]bool{}, literals: map[stepKey][]model.Literal{}, outputs: map[outputKey]shell.Value{}, kept: map[string][]kept{}, shared: map[string]map[string]shell.Value{}, dotenv: map[string]map[string]shell.Value{}, fetches: map[fetchKey]int{}, stores: map[outputKey][]int{}, picked: map[pickedKey]int{}, settings: map[ambientKey]int{}, assigned: map[*lint.Source]map[string]bool{}, mayAsk: map[scriptKey]bool{}, asks: map[string]bool{}, scripts: map[string]*shell.Script{}, budget: shell.Budget(), seen: map[string]bool{},
	}
}

func (f *flows) all() {
	f.index()
	f.compose()
	if f.outside == nil {
		f.handedOver()
	}
	for _, job := range f.inOrder() {
		f.job(job)
	}
	if f.outside != nil {
		f.result()
	}
}

// index sorts what the collector found by jobs and steps.
func (f *flows) index() {
	p := f.Pipeline
	for i := range p.Jobs {
		f.jobs[p.Jobs[i].ID.Value] = &p.Jobs[i]
	}
	for _, c := range p.Components {
		if !c.FirstParty {
			f.others[c.Ref.Value] = true
		}
	}
	for _, a := range p.Artifacts {
		f.artifacts[a.Job.Value] = append(f.artifacts[a.Job.Value], a)
	}
	for _, c := range p.Caches {
		f.caches[c.Job.Value] = append(f.caches[c.Job.Value], c)
	}
	for _, file := range p.Files {
		f.written[file.Job.Value] = append(f.written[file.Job.Value], file)
	}
	for i := range p.Steps {
		f.steps[p.Steps[i].Job.Value] = append(f.steps[p.Steps[i].Job.Value], &p.Steps[i])
	}
	named := map[string]bool{}
	for i, e := range p.Exposures {
		if e.Where == "ambient" && !named[e.Variable.Value] {
			f.ambient, named[e.Variable.Value] = append(f.ambient, i), true
		}
		if e.Step != nil {
			f.spread(i, e)
		} else {
			f.exposures[e.Job.Value] = append(f.exposures[e.Job.Value], i)
		}
	}
	for _, l := range p.Literals {
		if !slices.Contains([]string{"pipeline_env", "job_env", "step_env"}, l.Where) {
			continue
		}
		key := stepKey{l.Job.Value, -1}
		if l.Step != nil {
			key.index = *l.Step
		}
		f.literals[key] = append(f.literals[key], l)
	}
	for i, c := range p.Components {
		if c.Step != nil && c.Facts != nil && len(c.Facts.Exports)+len(c.Facts.Sends)+len(c.Facts.Publishes) > 0 {
			key := stepKey{c.Job.Value, *c.Step}
			f.componentsAt[key] = append(f.componentsAt[key], &p.Components[i])
		}
	}
	for _, pass := range p.Passes {
		key := stepKey{pass.Job.Value, -1}
		if pass.Step != nil {
			key.index = *pass.Step
		}
		f.passes[key] = append(f.passes[key], pass)
	}
}

// maxSpread bounds the steps that get a secret by a block, for all secrets.
const maxSpread = 200_000

// spread notes the exposure of a step, or of the steps of a block.
func (f *flows) spread(i int, e model.Exposure) {
	last := *e.Step
	if e.Until != nil {
		last = *e.Until
	}
	for step := *e.Step; step <= last; step++ {
		if f.spreads++; f.spreads == maxSpread {
			f.Gaps = append(f.Gaps, model.Gap{At: e.At, What: "blocks hand secrets to more steps than are followed", Why: "limit"})
		}
		if f.spreads >= maxSpread {
			return
		}
		key := stepKey{e.Job.Value, step}
		f.atStep[key] = append(f.atStep[key], i)
	}
}

// inOrder lists the jobs so that a job comes behind those that it needs.
func (f *flows) inOrder() []string {
	done := map[string]bool{}
	var all []string
	var visit func(id string, depth int)
	visit = func(id string, depth int) {
		if done[id] || depth > maxNeeds {
			return
		}
		done[id] = true
		for _, n := range f.jobs[id].Needs {
			if f.jobs[n.Value] != nil {
				visit(n.Value, depth+1)
			}
		}
		all = append(all, id)
	}
	for _, j := range f.Jobs {
		visit(j.ID.Value, 0)
	}
	if len(f.Jobs) == 0 {
		all = append(all, "")
	}
	return all
}

// maxNeeds bounds a chain of jobs that need each other.
const maxNeeds = 1000

// value is the secret of an exposure, at the beginning of its way.
func (f *flows) value(exposure int) shell.Value {
	v := shell.Secret(exposure, f.Exposures[exposure].Transformed)
	for _, step := range wayIn(f.Exposures[exposure]) {
		if f.outside != nil {
			step.Message = "it comes in here"
		}
		v = v.Through(step.Message, step.Span)
	}
	return v
}

// wayIn is how the secret comes to its exposure: through the calls of files, and from
// the expression there.
func wayIn(e model.Exposure) []lint.Step {
	if e.Where == "fetched" {
		return []lint.Step{{Message: "the secret is fetched here", Span: e.Secret.At}}
	}
	way := slices.Clone(e.Secret.Callers)
	if e.Inner {
		for _, step := range slices.Backward(e.Secret.Via) {
			way = append(way, step)
		}
	}
	return append(way, lint.Step{Message: "the secret is handed over here", Span: e.Secret.At})
}

// run is one job on its way.
type run struct {
	*flows
	job     string
	machine *shell.Machine
	session *shell.Session
	bound   map[string]bool        // variables that the session began with
	env     map[string]shell.Value // that steps gave to those behind them
	given   map[string]shell.Value // the same by names in lower case, those kept from the environment as well
	stored  []int                  // exposures of many secrets, any of which later steps can name
	reads   []stepReads
	at      *model.Step // the step that runs

	unfinished bool // the next step runs in the shell of this one
}

// stepReads says which variables a step reads.
type stepReads struct {
	step   *model.Step
	names  map[string]bool
	opaque bool
}

func (f *flows) job(id string) {
	r := &run{flows: f, job: id, env: map[string]shell.Value{}, given: map[string]shell.Value{}}
	r.machine = shell.NewMachine(f.Traits.Mechanisms, f.budget, f.open)
	r.machine.Fetch, r.machine.Texts = r.fetch, f.outside != nil
	if f.Ambient != nil && f.outside == nil {
		r.machine.Ambient = r.ambientIn
	}
	r.carry()
	relevant := f.finds(id) || len(f.ambient)+len(f.exposures[id])+len(f.exposures[""])+len(f.passes[stepKey{id, -1}]) > 0
	for _, step := range f.steps[id] {
		key := stepKey{id, step.Index}
		relevant = relevant || len(f.atStep[key])+len(f.passes[key]) > 0 || f.mayFetch(step.Script, step.Folder.Value) || f.outside != nil && mentionsChange(step.Program.Value)
	}
	if !relevant && !(f.Traits.SameMachine && len(f.Files) > 0) { // which it may remove
		return
	}
	for i, step := range f.steps[id] {
		r.unfinished = i+1 < len(f.steps[id]) && f.steps[id][i+1].Continues
		r.step(step)
	}
	if f.outside != nil {
		r.call()
	}
	r.finish()
}

// bindings are the variables of a step that hold secrets, or what is known.
func (r *run) bindings(step *model.Step) map[string]shell.Value {
	all := map[string]shell.Value{}
	bind := func(exposures []int, where ...string) {
		here := map[string]shell.Value{}
		for _, i := range exposures {
			e := r.Exposures[i]
			if name := variableOf(e); name != "" && slices.Contains(where, e.Where) {
				v := r.value(i)
				if e.Where != "ambient" { // which is set nowhere
					v = v.Through(name+" is set here", e.Variable.At)
				}
				here[name] = either(here, name, v)
			}
		}
		for name, v := range here {
			all[name] = v
		}
	}
	literals := func(key stepKey) {
		for _, l := range r.literals[key] {
			delete(all, l.Variable.Value)
			if !lint.SecretName(l.Variable.Value) { // nothing of it may end up in a path or host that is shown
				all[l.Variable.Value] = shell.Literal(l.Value.Value)
			}
		}
	}
	bind(r.ambientOf(step), "ambient")
	literals(stepKey{"", -1})
	bind(r.exposures[""], "pipeline_env")
	if r.job != "" {
		literals(stepKey{r.job, -1})
		bind(r.exposures[r.job], "job_env")
	}
	r.pass(all, stepKey{r.job, -1}, "job_env")
	for name, v := range r.carried(r.job) {
		all[name] = v
	}
	for name, v := range r.env {
		all[name] = v
	}
	for _, caller := range step.EnvOf {
		literals(stepKey{r.job, caller})
		bind(r.atStep[stepKey{r.job, caller}], "step_env")
		r.pass(all, stepKey{r.job, caller}, "step_env")
	}
	literals(stepKey{r.job, step.Index})
	bind(r.atStep[stepKey{r.job, step.Index}], "step_env", "ambient")
	r.pass(all, stepKey{r.job, step.Index}, "step_env")
	r.named(all, step)
	return all
}

// variableOf is the variable that an exposure sets. A group whose secrets all are
// variables is one that no script can name: it shows where all are printed.
func variableOf(e model.Exposure) string {
	if e.Variable.Value == "" && slices.Contains([]string{"context", "kubernetes"}, e.Secret.Store) {
		return "all of " + e.Secret.Group.Value
	}
	return e.Variable.Value
}

// maxAmbient bounds the secrets of other steps that a print of all variables shows.
const maxAmbient = 200

// prints finds scripts that may print every variable.
var prints = regex.Lazy(`(?i)\b(?:env|printenv|set|declare|typeset|export|envsubst|Get-ChildItem|gci|dir|ls)\b|env:|-v{3}|TF_LOG`)

// ambientOf lists the secrets that the platform puts into every job: those that
// the step names, and where it may print all also those that others name.
func (r *run) ambientOf(step *model.Step) []int {
	var all []int
	own := map[string]bool{}
	for _, i := range r.atStep[stepKey{r.job, step.Index}] {
		if r.Exposures[i].Where == "ambient" {
			all, own[r.Exposures[i].Variable.Value] = append(all, i), true
		}
	}
	if len(r.ambient) == 0 || !prints().MatchString(step.Script.Value) {
		return all
	}
	for _, i := range r.ambient {
		name := r.Exposures[i].Variable.Value
		if own[name] {
			continue
		}
		if len(own) >= maxAmbient {
			r.once("ambient", step, "the pipeline names more variables of the platform than are followed to where all are printed", "limit")
			break
		}
		all, own[name] = append(all, i), true
	}
	return all
}

// secretFiles says what is in the files that the platform writes.
func (r *run) secretFiles(exposures []int) {
	for _, i := range exposures {
		switch e := r.Exposures[i]; {
		case e.Where != "file":
		case e.Path != "":
			r.machine.Put(e.Path, r.value(i))
		case e.Variable.Value != "":
			r.machine.Put("$"+e.Variable.Value, r.value(i))
		}
	}
}

// either is the value that is there already, or else another one.
func either[K comparable](all map[K]shell.Value, key K, v shell.Value) shell.Value {
	if other, ok := all[key]; ok {
		return other.Plus(v)
	}
	return v
}

// expand is what the platform's own variables hold that scripts set before.
func (r *run) expand(text string) shell.Value {
	step, name := r.Traits.Macro(text)
	if v, ok := r.given[strings.ToLower(name)]; ok && step == "" {
		return v
	}
	return r.outputs[outputOf(r.job, step, name)]
}

// pass binds variables to what earlier steps and jobs made.
func (r *run) pass(all map[string]shell.Value, key stepKey, where string) {
	for _, pass := range r.passes[key] {
		if v := r.made(pass); pass.Where == where && v.Tainted() {
			all[pass.Variable.Value] = v.Through(pass.Variable.Value+" is set here", pass.At)
		}
	}
}

// made is the value that a pass hands on.
func (r *run) made(pass model.Pass) shell.Value {
	if pass.FromJob == "" && pass.FromStep == "" {
		if v := r.given[strings.ToLower(pass.Name)]; v.Tainted() {
			return v
		}
		return r.oneOf(r.stored, written(pass), variableName)
	}
	from := pass.FromJob
	if from == "" {
		from = r.job
	}
	v := r.output(outputOf(from, pass.FromStep, pass.Name))
	if !v.Tainted() {
		v = r.oneOf(r.stores[outputOf(from, pass.FromStep, "")], written(pass), outputName)
	}
	if !v.Tainted() {
		return shell.Value{}
	}
	for _, how := range pass.Transformed {
		v = v.Changed(how)
	}
	return v.Through("the output is read here", pass.At)
}

// tracing finds the switch of a shell that prints each command.
var tracing = regex.Lazy(`(?:^|[/\s])(?:ba|da|z|k)?sh\s(?:.*\s)?-(?:[a-z]*x[a-z]*|o\s+xtrace)(?:\s|$)`)

func (r *run) step(step *model.Step) {
	bindings := r.bindings(step)
	if r.outside != nil {
		r.arrive(step)
	}
	r.restore(step)
	if step.Kind != "shell" {
		r.component(step, bindings)
		if step.Script.Value == "" && step.Program.Value == "" {
			return
		}
	}
	if !step.Continues || r.session == nil {
		r.session, r.bound = r.machine.NewSession(step.Traced || tracing().MatchString(step.Shell.Value)), map[string]bool{}
	}
	for name, v := range bindings {
		if !r.bound[name] { // what a line of the same shell set stays
			r.session.Bind(name, v)
			r.bound[name] = true
		}
	}
	r.secretFiles(r.exposures[""])
	r.secretFiles(r.exposures[r.job])
	r.secretFiles(r.atStep[stepKey{r.job, step.Index}])
	script := r.script(step)
	if script == nil && step.Kind != "shell" {
		return
	}
	if script == nil {
		r.reads = append(r.reads, stepReads{step, nil, true})
		return
	}
	r.at = step
	report := r.session.Run(script, r.shellOf(step))
	for _, run := range report.Runs {
		r.ran(step, run)
	}
	if key := (stepKey{r.job, step.Index}); step.Kind == "shell" {
		maps.Copy(report.Reads, r.givenAgain(key, bindings))
		r.reads = append(r.reads, stepReads{step, report.Reads, report.Opaque})
	}
	for _, sink := range report.Sinks {
		r.sink(step, sink)
	}
	for _, set := range report.Sets {
		r.set(step, set)
	}
	if report.Output.Tainted() {
		r.outputs[outputOf(r.job, model.CapturedBy(step.Index), model.CapturedOutput)] = report.Output
	}
	for _, path := range report.Uploads {
		r.upload("artifact", model.Artifact{Address: model.Join(step.Address, "artifacts"), Paths: []model.Text{{Value: path.Path, At: path.At}}, Hidden: "yes"}, step)
	}
	for _, gap := range report.Gaps {
		index := step.Index
		r.Gaps = append(r.Gaps, model.Gap{At: gap.At, What: gap.What, Why: gap.Why, Job: step.Job, Step: &index, Cut: gap.Why == "limit"})
	}
}

// ran notes that a script runs as code what somebody else writes. A download is told
// where secrets are followed.
func (r *run) ran(step *model.Step, run shell.Run) {
	one := model.Injected{At: run.At, Address: model.Join(step.Address, "injected"), Kind: "download", Command: run.Command, From: run.From, Job: step.Job, Step: step.Index}
	switch {
	case run.Label < 0 && r.outside != nil, run.Label >= 0 && r.outside.sources[run.Label].Kind == "change": // whose name is no code, or is followed as a text too
		return
	case run.Label >= 0:
		source := r.outside.sources[run.Label]
		if run.Kind == "variables" && !manyLines().MatchString(source.Expression.Value) {
			return
		}
		if one.Kind, one.Variable = "outsider", source.Expression; bound(source) && run.Kind == "" {
			one.Variable = source.Variable
		}
		if source.Kind == "artifact" {
			one.Kind = "artifact"
		}
		one.Kind = cmp.Or(run.Kind, one.Kind)
	}
	r.Injected = append(r.Injected, one)
}

// manyLines finds the texts of outsiders that can have more than one line.
var manyLines = regex.Lazy(`\.(?:body|message|from|description)$|_(?:MESSAGE|DESCRIPTION)$|^the (?:artifact|file|text) `)

// shellOf is the shell that a step names, or else that of the machine. Where the
// machine is not known, neither is the shell.
func (r *run) shellOf(step *model.Step) string {
	if step.Script.Value == "" && step.ProgramShell != "" {
		return step.ProgramShell
	}
	if step.Shell.Value != "" {
		return step.Shell.Value
	}
	job := r.jobs[r.job]
	if job == nil || job.Container.Value != "" {
		return ""
	}
	for _, label := range job.Runner.Labels {
		if strings.Contains(strings.ToLower(label.Value), "windows") {
			return r.Traits.Windows
		}
	}
	return ""
}

func (r *run) set(step *model.Step, set shell.Set) {
	if set.Kind == "env" {
		name := set.Name
		if r.Traits.EnvName != nil {
			name = r.Traits.EnvName(name)
		}
		delete(r.env, name)
		if set.Value.Tainted() {
			r.given[strings.ToLower(set.Name)] = set.Value
			if !set.Hidden {
				r.env[name] = set.Value
			}
		}
		return
	}
	if set.Value.Tainted() {
		key := outputOf(r.job, step.Within+step.ID.Value, set.Name)
		r.outputs[key] = either(map[string]shell.Value{"": r.outputs[key]}, "", set.Value)
	}
}

// maxScripts bounds the text of all scripts of a pipeline, repeated ones counted.
const maxScripts = 4 << 20

// script is the text of a step with its holes filled.
func (r *run) script(step *model.Step) *shell.Script {
	written := step.Script
	if written.Value == "" {
		written = step.Program
	}
	text := written.Value
	if r.bytes += min(len(text), shell.MaxSize); r.bytes > maxScripts {
		r.once("scripts", step, "the pipeline has more text in scripts than is followed", "limit")
		return nil
	}
	source := model.NewPlacedText(written)
	script := &shell.Script{Text: text, Folder: step.Folder.Value, Captured: step.Captured, Unfinished: r.unfinished, At: source.Part}
	if step.Script.Value == "" && step.ProgramAt != nil {
		script.At = step.ProgramAt
	}
	filled := map[int]shell.Value{}
	key := stepKey{r.job, step.Index}
	ends := map[int]int{}
	for _, i := range r.atStep[key] {
		if e := r.Exposures[i]; e.Where == "inline" && e.Length > 0 {
			filled[e.Offset], ends[e.Offset] = plus(filled[e.Offset], r.value(i)), e.Offset+e.Length
		}
	}
	for _, pass := range r.passes[key] {
		if v := r.made(pass); pass.Where == "inline" && pass.Length > 0 && v.Tainted() {
			filled[pass.Offset], ends[pass.Offset] = plus(filled[pass.Offset], v), pass.Offset+pass.Length
		}
	}
	for _, h := range step.Holes {
		ends[h.Offset] = h.Offset + h.Length
	}
	if r.Traits.Holes != nil {
		for _, h := range r.Traits.Holes(text) {
			ends[h.Start] = h.End
			filled[h.Start] = either(filled, h.Start, h.Value)
		}
	}
	for start, end := range ends {
		if _, ok := filled[start]; !ok && r.Traits.Macro != nil && start >= 0 && end <= len(text) {
			filled[start] = r.expand(text[start:end])
		}
	}
	for start, end := range ends {
		if start >= 0 && end <= len(text) {
			script.Holes = append(script.Holes, shell.Hole{Start: start, End: end, Value: filled[start]})
		}
	}
	slices.SortFunc(script.Holes, func(a, b shell.Hole) int { return a.Start - b.Start })
	last := 0
	script.Holes = slices.DeleteFunc(script.Holes, func(h shell.Hole) bool {
		overlaps := h.Start < last
		if !overlaps {
			last = h.End
		}
		return overlaps
	})
	return script
}

func plus(v, more shell.Value) shell.Value {
	if !v.Tainted() {
		return more
	}
	return v.Plus(more)
}

func (r *run) once(key string, step *model.Step, what, why string) {
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	index := step.Index
	r.Gaps = append(r.Gaps, model.Gap{At: step.Script.At, What: what, Why: why, Job: step.Job, Step: &index})
}

// open gives a script of the repository.
func (f *flows) open(path string) *shell.Script {
	if script, ok := f.scripts[path]; ok {
		return script
	}
	var script *shell.Script
	if src := f.files.Read(path); src != nil {
		script = &shell.Script{Text: string(src.Data), Path: path, At: func(start, end int) lint.Span {
			return lint.Span{Source: src, Start: start, End: end}
		}}
	}
	f.scripts[path] = script
	return script
}
