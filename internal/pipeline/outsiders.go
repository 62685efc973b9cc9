package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
	"github.com/policyctl/policyctl/internal/yaml"
)

// outside follows texts that outsiders write, and what names a change that they
// propose, by the ways of secrets: a label is one of the sources.
type outside struct {
	sources []model.Source
	pasted  []arrival
	taken   []arrival
	run     []model.Injected
	gaps    []model.Gap
	results map[string][]shell.Taint // of outputs of the called pipeline, by name
	labels  map[shell.Fetched]int
	read    func(path string) *outside // what a pipeline of the repository does that this one calls
	seen    map[arrivalKey]bool
}

type arrivalKey struct {
	label int
	at    lint.Span
	kind  string
}

// arrival is where a source ends up.
type arrival struct {
	label int
	where model.Pass
	way   []lint.Step
	step  *model.Step
	runs  []model.Text // of a checkout in a called pipeline: what may run something of it
}

// followOutsiders adds to what the collector found where outsiders' texts and changes
// end up by outputs, variables, scripts and called pipelines.
func (t Components) followOutsiders(p *model.Pipeline, files model.Files) {
	o := t.outsideOf(p, files, map[string]*outside{})
	for _, a := range o.pasted { // what inputs hold only callers know
		if o.sources[a.label].Kind != "input" {
			p.Untrusted = append(p.Untrusted, o.untrusted(a))
		}
	}
	for _, a := range o.taken {
		if o.sources[a.label].Kind != "input" {
			o.checkout(p, a)
		}
	}
	for _, run := range o.run {
		pasted := func(u model.Untrusted) bool { return u.Where == "inline" && inside(run.At, u.Expression.At) }
		if !slices.ContainsFunc(p.Untrusted, pasted) { // which is told there
			p.Injected = append(p.Injected, run)
		}
	}
	for _, gap := range o.gaps {
		told := func(g model.Gap) bool { return g.At == gap.At && g.What == gap.What }
		if gap.Why == "limit" && !slices.ContainsFunc(p.Gaps, told) {
			p.Gaps = append(p.Gaps, gap)
		}
	}
}

func (t Components) outsideOf(p *model.Pipeline, files model.Files, called map[string]*outside) *outside {
	o := &outside{labels: map[shell.Fetched]int{}, seen: map[arrivalKey]bool{}, results: map[string][]shell.Taint{}}
	for _, u := range p.Untrusted {
		o.sources = append(o.sources, model.Source{Untrusted: u, Kind: "text"})
	}
	for _, s := range p.Sources {
		if s.Kind == "text" { // of a component, which knows nothing of events
			if s.Privileged = eventful(p, s); s.Privileged == "" {
				continue
			}
		}
		o.sources = append(o.sources, s)
	}
	o.sources = append(append(o.sources, given(p)...), downloads(p)...)
	if !o.needed(p) {
		return o
	}
	shadow := *p
	shadow.Exposures, shadow.Flows, shadow.Files, shadow.Gaps, shadow.Caches, shadow.Injected = nil, nil, nil, nil, nil, nil
	for i := range o.sources {
		shadow.Exposures = append(shadow.Exposures, o.exposure(i))
	}
	f := newFlows(&shadow, files)
	f.outside = o
	o.read = func(path string) *outside { return t.calledOutside(p.Platform, path, files, called) }
	f.all()
	o.run, o.gaps = shadow.Injected, shadow.Gaps
	return o
}

// given are the texts that the platform puts into variables, where scripts name them.
func given(p *model.Pipeline) []model.Source {
	var all []model.Source
	seen := map[[2]string]bool{}
	named := map[scriptKey][]string{}
	fixed := map[string]bool{} // jobs that run on branches of given names alone
	for _, job := range p.Jobs {
		fixed[job.ID.Value] = fixesBranch(job.Condition.Value)
	}
	for _, step := range p.Steps {
		key := scriptKey{at: step.Script.At, size: len(step.Script.Value)}
		names, known := named[key]
		if !known {
			for _, name := range p.Traits.Outsiders {
				if strings.Contains(step.Script.Value, name) {
					names = append(names, name)
				}
			}
			named[key] = names
		}
		for _, name := range names {
			if seen[[2]string{step.Job.Value, name}] || len(all) >= model.MaxExposures || isBranch().MatchString(name) && fixed[step.Job.Value] {
				continue
			}
			seen[[2]string{step.Job.Value, name}] = true
			where := "job_env"
			if step.Job.Value == "" {
				where = "pipeline_env"
			}
			text := model.Text{Value: name, At: step.Script.At}
			use := model.Untrusted{At: step.Script.At, Address: step.Address, Expression: text, Where: where, Job: step.Job, Variable: text, Privileged: "unknown"}
			all = append(all, model.Source{Kind: "text", Untrusted: use})
			if slices.Contains(p.Traits.Changes, name) {
				all = append(all, model.Source{Kind: "change", Untrusted: use})
			}
		}
	}
	return all
}

// downloads are the folders into which components unpack artifacts of a run that an
// outsider may have changed.
func downloads(p *model.Pipeline) []model.Source {
	var all []model.Source
	for _, c := range p.Components {
		if p.Platform != "githubactions" || c.Step == nil || !ofOtherRun(c) {
			continue
		}
		s := model.Source{Kind: "artifact", Untrusted: model.Untrusted{
			At: c.At, Address: c.Address, Expression: model.Text{Value: "the artifact of another run", At: c.Ref.At}, Where: "folder", Job: c.Job, Step: c.Step, Component: c.Ref,
		}}
		folder := strings.NewReplacer("${{ runner.temp }}", "$RUNNER_TEMP", "${{ github.workspace }}", ".").Replace(c.Inputs.Get("path").Str())
		if s.Variable = (model.Text{Value: cmp.Or(folder, ".")}); strings.Contains(folder, "${{") {
			continue
		}
		if s.Privileged = eventful(p, s); s.Privileged != "" {
			all = append(all, s)
		}
	}
	return all
}

// ofOtherRun says whether a component fetches what the run left that started this one.
func ofOtherRun(c model.Component) bool {
	inputs := map[string][]string{"actions/download-artifact": {"run-id"}, "dawidd6/action-download-artifact": {"run_id", "workflow", "workflow_conclusion", "pr", "commit"}}
	return slices.ContainsFunc(inputs[c.Owner+"/"+c.Name], func(name string) bool { return strings.Contains(c.Inputs.Get(name).Str(), "workflow_run") })
}

var (
	isBranch = regex.Lazy(`BRANCH$|REF_NAME$`)
	// namedBranch is a condition that holds for a branch of one name, or of several in a list.
	namedBranch = regex.Lazy(`(?i)(?:branch|ref)\w*["'})\]]*\s*==|\bonly\b|\bbranch\s+["']|^(?:[\w.-]+/)*[\w.-]+(?:\s+(?:[\w.-]+/)*[\w.-]+)*$`)
)

// fixesBranch says whether a condition leaves nobody the choice of the branch's name.
func fixesBranch(condition string) bool {
	if condition == "" || condition == "manual" || strings.ContainsAny(condition, "*") {
		return false
	}
	for _, one := range strings.Split(condition, "||") {
		if !namedBranch().MatchString(strings.TrimSpace(one)) {
			return false
		}
	}
	return true
}

// bound says whether a source is a variable of scripts.
func bound(s model.Source) bool {
	return slices.Contains([]string{"pipeline_env", "job_env", "step_env"}, s.Where)
}

// calledOutside is what a called workflow of the repository does with its inputs.
func (t Components) calledOutside(platform, path string, files model.Files, called map[string]*outside) *outside {
	if o, ok := called[path]; ok {
		return o
	}
	called[path] = nil // one that calls itself tells nothing new
	src := files.Read(path)
	if src == nil {
		return nil
	}
	docs, _ := yaml.Read(src)
	if len(docs) == 0 {
		return nil
	}
	p := collectors[platform](&lint.Document{Platform: platform, Path: path, Root: docs[0]}, files)
	if p == nil {
		return nil
	}
	describe(p, t)
	called[path] = t.outsideOf(p, files, called)
	return called[path]
}

// call follows sources into the pipeline that a job calls, and back from it.
func (r *run) call() {
	callee := r.outside.callee(r.Pipeline, r.job)
	if callee == nil {
		return
	}
	given, at := map[string]shell.Value{}, map[string]model.Pass{}
	give := func(pass model.Pass, v shell.Value) {
		if name := strings.ToLower(pass.Variable.Value); pass.Where == "input" && v.Tainted() {
			given[name], at[name] = either(given, name, v), pass
		}
	}
	for _, i := range r.exposures[r.job] {
		e := r.Exposures[i]
		give(model.Pass{At: e.Secret.At, Address: e.Address, Where: e.Where, Job: e.Job, Variable: e.Variable, Component: e.Component}, r.value(i))
	}
	for _, pass := range r.passes[stepKey{r.job, -1}] {
		give(pass, r.made(pass))
	}
	into := func(label int) ([]shell.Taint, model.Pass) {
		name, isInput := strings.CutPrefix(callee.sources[label].Expression.Value, "inputs.")
		if callee.sources[label].Kind != "input" || !isInput {
			return nil, model.Pass{}
		}
		return given[name].Taints(), at[name]
	}
	for _, a := range callee.pasted {
		taints, pass := into(a.label)
		for _, t := range taints {
			if r.outside.sources[t.Label].Kind != "change" && !t.Blunt() {
				way := slices.Concat(t.Steps(), a.way, []lint.Step{{Message: "it is pasted into a script here", Span: a.where.At}})
				r.outside.pasted = r.outside.add(r.outside.pasted, "paste", arrival{label: t.Label, where: pass, way: way, step: &model.Step{OpenTo: r.jobs[r.job].OpenTo}})
			}
		}
	}
	for _, a := range callee.taken {
		taints, pass := into(a.label)
		for _, t := range taints {
			if r.outside.sources[t.Label].Kind != "text" && len(a.runs) > 0 {
				r.outside.taken = r.outside.add(r.outside.taken, "take", arrival{label: t.Label, where: pass, way: append(t.Steps(), a.way...), runs: a.runs})
			}
		}
	}
	for name, taints := range callee.results {
		key := outputOf(r.job, "", name)
		for _, t := range taints {
			if passed, _ := into(t.Label); callee.sources[t.Label].Kind == "input" {
				for _, own := range passed {
					r.outputs[key] = plus(r.outputs[key], shell.Tainted(own))
				}
			}
		}
	}
}

// callee is what is known of the pipeline that a job calls.
func (o *outside) callee(p *model.Pipeline, job string) *outside {
	if o == nil || job == "" {
		return nil
	}
	for _, c := range p.Components {
		if c.Called != nil && c.Step == nil && c.Job.Value == job {
			return o.read(c.Called.Path)
		}
	}
	return nil
}

// result notes what the outputs of a called pipeline hold.
func (f *flows) result() {
	r := &run{flows: f, env: map[string]shell.Value{}, given: map[string]shell.Value{}}
	for _, pass := range f.passes[stepKey{"", -1}] {
		if pass.Where == "output" && pass.FromJob != "" {
			name := strings.ToLower(pass.Variable.Value)
			f.outside.results[name] = append(f.outside.results[name], r.made(pass).Taints()...)
		}
	}
}

// needed says whether anything of the pipeline may hand a source on.
func (o *outside) needed(p *model.Pipeline) bool {
	if len(o.sources) > 0 && len(p.Passes) > 0 {
		return true
	}
	if slices.ContainsFunc(o.sources, func(s model.Source) bool { return s.Kind != "text" || bound(s) || s.Where == "input" && s.Step == nil }) {
		return true
	}
	seen := map[scriptKey]bool{}
	return slices.ContainsFunc(p.Steps, func(s model.Step) bool {
		text := s.Script
		if text.Value == "" {
			text = s.Program
		}
		key := scriptKey{at: text.At, size: len(text.Value)}
		if seen[key] {
			return false
		}
		seen[key] = true
		return mentionsChange(text.Value)
	})
}

// mentions are what a script has that may ask for a change or its text.
var mentions = []string{"git log ", "git show ", "context.payload", "pulls", "GITHUB_EVENT_PATH", "gh run download", "pull/", "gh pr ", "gh issue "}

// mentionsChange says whether a script may ask for a change or its text.
func mentionsChange(script string) bool {
	return slices.ContainsFunc(mentions, func(text string) bool { return strings.Contains(script, text) })
}

func (o *outside) exposure(i int) model.Exposure {
	s := o.sources[i]
	return model.Exposure{
		At: s.At, Address: s.Address, Where: s.Where, Masked: "no", Job: s.Job, Step: s.Step, Variable: s.Variable, Component: s.Component,
		Secret: model.Secret{At: s.Expression.At, Via: s.Expression.Via, Name: s.Expression}, Transformed: []string{}, Offset: s.Offset, Length: s.Length,
	}
}

// fetch gives a label to what a script asks the platform for.
func (o *outside) fetch(r *run, f shell.Fetched) int {
	if f.Store != shell.Outsider && f.Store != shell.Change && f.Store != shell.Artifact {
		return -1
	}
	if f.Name == shell.MessageOfCommit && r.Platform == "githubactions" { // what it checks out for a change is a commit of its own
		return -1
	}
	privileged := fetchedBy(r.Pipeline, r.at)
	if f.Store == shell.Artifact && !slices.Contains(r.at.OpenTo, "upstream") {
		return -1
	}
	if label, ok := o.labels[f]; ok || privileged == "" || len(o.sources) >= model.MaxExposures {
		if !ok {
			return -1
		}
		return label
	}
	kind := map[string]string{shell.Outsider: "text", shell.Change: "change", shell.Artifact: "artifact"}[f.Store]
	index := r.at.Index
	o.labels[f] = len(o.sources)
	o.sources = append(o.sources, model.Source{Kind: kind, Untrusted: model.Untrusted{
		At: f.At, Address: r.at.Address, Expression: model.Text{Value: "the " + f.Name, At: f.At}, Where: "fetched", Job: r.at.Job, Step: &index, Privileged: privileged,
	}})
	r.Exposures = append(r.Exposures, o.exposure(o.labels[f]))
	return o.labels[f]
}

// eventful is fetchedBy for the output of a component.
func eventful(p *model.Pipeline, s model.Source) string {
	for i := range p.Steps {
		if step := &p.Steps[i]; step.Job.Value == s.Job.Value && step.Index == *s.Step {
			return fetchedBy(p, step)
		}
	}
	return ""
}

// fetchedBy says whether an outsider alone can start a step with a change of theirs:
// "" if no event has one.
func fetchedBy(p *model.Pipeline, step *model.Step) string {
	if isPrivileged(step.OpenTo) {
		return "yes"
	}
	if slices.Contains(step.OpenTo, "call") {
		return "unknown"
	}
	for _, t := range p.Triggers {
		if strings.HasPrefix(t.Event, "pull_request") || t.Event == "comment" {
			return "no"
		}
	}
	if p.Platform != "githubactions" { // settings decide whose changes start it
		return "unknown"
	}
	return ""
}

func isPrivileged(events []string) bool {
	return slices.ContainsFunc(events, func(e string) bool { return e == "pull_request_privileged" || e == "comment" || e == "upstream" })
}

// arrive notes what is pasted into a step, or checked out by it.
func (r *run) arrive(step *model.Step) {
	key := stepKey{r.job, step.Index}
	for _, pass := range r.passes[key] {
		if v := r.made(pass); v.Tainted() && pass.Where == "inline" {
			r.paste(step, pass, v)
		} else if isRef(pass.Where, pass.Variable, pass.Component) {
			r.take(step, pass, v)
		}
	}
	for _, i := range r.atStep[key] {
		e := r.Exposures[i]
		if e.Where == "folder" {
			r.machine.PutBelow(e.Variable.Value, r.value(i))
			continue
		}
		pass := model.Pass{At: e.Secret.At, Address: e.Address, Where: e.Where, Job: e.Job, Step: e.Step, Variable: e.Variable, Component: e.Component, Offset: e.Offset, Length: e.Length}
		if r.outside.sources[i].Kind == "input" && e.Where == "inline" {
			r.paste(step, pass, r.value(i))
		}
		if isRef(e.Where, e.Variable, e.Component) {
			r.take(step, pass, r.value(i))
		}
	}
}

// isRef holds for the inputs that say what is checked out.
func isRef(where string, input, component model.Text) bool {
	name := strings.ToLower(input.Value)
	return where == "input" && (name == "ref" || name == "repository") && strings.HasPrefix(strings.ToLower(component.Value), "actions/checkout@")
}

func (r *run) paste(step *model.Step, where model.Pass, v shell.Value) {
	for _, t := range v.Taints() {
		if r.outside.sources[t.Label].Kind != "change" && !t.Blunt() {
			r.outside.pasted = r.outside.add(r.outside.pasted, "paste", arrival{label: t.Label, where: where, way: t.Steps(), step: step})
		}
	}
}

func (r *run) take(step *model.Step, where model.Pass, v shell.Value) {
	for _, t := range v.Taints() {
		if kind := r.outside.sources[t.Label].Kind; kind != "text" {
			r.outside.taken = r.outside.add(r.outside.taken, "take", arrival{label: t.Label, where: where, way: t.Steps(), step: step, runs: r.runs(step)})
		}
	}
}

// takeScript notes that a command of a script checks a source out.
func (r *run) takeScript(step *model.Step, s shell.Sink) {
	if s.Kind != "checkout" || r.outside.sources[s.Label].Kind == "text" {
		return
	}
	index := step.Index
	where := model.Pass{At: s.At, Address: step.Address, Where: "inline", Job: step.Job, Step: &index}
	r.outside.taken = r.outside.add(r.outside.taken, "take", arrival{label: s.Label, where: where, way: s.Way, step: step, runs: r.runs(step)})
}

func (o *outside) add(all []arrival, kind string, a arrival) []arrival {
	key := arrivalKey{a.label, a.where.At, kind}
	if o.seen[key] || len(all) >= model.MaxExposures {
		return all
	}
	o.seen[key] = true
	return append(all, a)
}

// runs are what may run something of what a step checks out.
func (r *run) runs(from *model.Step) []model.Text { return r.RunsAfter(from.Job.Value, from.Index) }

// privileged says whether an outsider alone can bring a source to a step that has
// secrets.
func privileged(source model.Source, step *model.Step) string {
	if step != nil && source.Privileged == "yes" && !isPrivileged(step.OpenTo) {
		return "no"
	}
	return source.Privileged
}

func (o *outside) untrusted(a arrival) model.Untrusted {
	source := o.sources[a.label]
	return model.Untrusted{
		At: a.where.At, Address: a.where.Address, Where: "inline", Job: a.where.Job, Step: a.where.Step, Variable: a.where.Variable, Component: a.where.Component,
		Expression: model.Text{Value: source.Expression.Value, At: a.where.At, Via: a.way}, Privileged: privileged(source, a.step),
		Offset: a.where.Offset, Length: a.where.Length,
	}
}

// checkout says of a copy that it is what an outsider proposes.
func (o *outside) checkout(p *model.Pipeline, a arrival) {
	if a.where.Step == nil {
		p.Checkouts = append(p.Checkouts, model.Checkout{At: a.where.At, Address: a.where.Address, Job: a.where.Job, Step: -1, Source: "change", Credential: "unknown", Runs: a.runs})
		return
	}
	for i := range p.Checkouts {
		c := &p.Checkouts[i]
		if c.Job.Value == a.where.Job.Value && c.Step == *a.where.Step {
			c.Source, c.Ref = "change", model.Text{Value: o.sources[a.label].Expression.Value, At: a.where.At}
			return
		}
	}
	p.Checkouts = append(p.Checkouts, model.Checkout{At: a.where.At, Address: a.where.Address, Job: a.where.Job, Step: *a.where.Step, Source: "change", Credential: "unknown"})
}
