package pipeline

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// component follows what a step that is no script does with secrets.
func (r *run) component(step *model.Step, bindings map[string]shell.Value) {
	key := stepKey{r.job, step.Index}
	for _, pass := range r.passes[key] {
		v := r.made(pass)
		if pass.Where == "file" {
			r.writes(pass, v)
			continue
		}
		if pass.Where != "input" && pass.Where != "step_env" || !r.foreign(step.Component.Value) {
			continue
		}
		for _, t := range v.Taints() {
			at := model.Exposure{Job: step.Job, Step: &step.Index, Component: step.Component, Variable: pass.Variable, Address: pass.Address}
			at.Secret.At = pass.At
			r.handOver(t.Label, at, "third_party", t.Transformed, append(t.Steps(), lint.Step{Message: "it is handed over here", Span: pass.At}))
		}
	}
	r.writesSecrets(step)
	r.reads = append(r.reads, stepReads{step, r.givenAgain(key, bindings), true})
	r.exported(key)
	r.fetchedBy(step)
	for _, a := range r.artifacts[r.job] {
		if a.Step == step.Index && !a.Variables && a.Output.Value == "" {
			r.upload("artifact", a, step)
			r.uploadWritten("artifact", a.Address, a.Paths, step)
		}
	}
}

// givenAgain are the variables whose secrets a step is given, under whatever name.
func (r *run) givenAgain(key stepKey, bindings map[string]shell.Value) map[string]bool {
	names := map[string]bool{}
	if len(r.atStep[key]) == 0 {
		return names
	}
	for name, v := range bindings {
		names[name] = slices.ContainsFunc(v.Taints(), func(t shell.Taint) bool {
			return slices.ContainsFunc(r.atStep[key], func(i int) bool { return r.Exposures[t.Label].Secret.Same(r.Exposures[i].Secret) })
		})
	}
	maps.DeleteFunc(names, func(_ string, given bool) bool { return !given })
	return names
}

// writes follows a value that the pipeline's own program writes to a file.
func (r *run) writes(pass model.Pass, v shell.Value) {
	for _, t := range v.Taints() {
		flow := r.flow(t.Label, t.Transformed, r.machine.Hides(t))
		flow.Sink, flow.Command, flow.Path, flow.At, flow.Job, flow.Step = "file", pass.Command, pass.Variable, pass.At, pass.Job, pass.Step
		flow.Way, flow.Address = append(t.Steps(), lint.Step{Message: "it is written here", Span: pass.At}), model.Join(pass.Address, "flows", "file")
		r.Flows = append(r.Flows, flow)
	}
	if v.Tainted() {
		r.machine.Wrote(pass.Variable.Value, pass.Command, v.Through("it is written to "+pass.Variable.Value+" here", pass.At), pass.At)
	}
}

// writesSecrets says what is in the files that a step of the pipeline's own program writes.
func (r *run) writesSecrets(step *model.Step) {
	for _, file := range r.written[r.job] {
		if file.Step != step.Index || file.Secret == nil || file.Tool != step.Component.Value || file.Path.Value == "" {
			continue
		}
		for _, i := range slices.Concat(r.exposures[""], r.exposures[r.job], r.allSteps()) {
			if r.Exposures[i].Secret.Same(*file.Secret) {
				r.machine.Put(file.Path.Value, r.value(i).Through("it is written to "+file.Path.Value+" here", file.At))
				break
			}
		}
	}
}

// allSteps are the exposures of the steps of the job.
func (r *run) allSteps() []int {
	var all []int
	for _, step := range r.steps[r.job] {
		all = append(all, r.atStep[stepKey{r.job, step.Index}]...)
	}
	return all
}

// composed is what an output of a called action is made of.
type composed struct {
	passes    []model.Pass
	exposures []int
}

// compose notes what the outputs of called actions are made of.
func (f *flows) compose() {
	ids := map[stepKey]string{}
	for _, step := range f.Steps {
		if step.ID.Value != "" {
			ids[stepKey{step.Job.Value, step.Index}] = step.Within + step.ID.Value
		}
	}
	output := func(where string, job model.Text, step *int, name model.Text) *composed {
		if where != "output" || step == nil {
			return nil
		}
		id := ids[stepKey{job.Value, *step}]
		if id == "" {
			return nil
		}
		key := outputOf(job.Value, id, name.Value)
		if f.composed[key] == nil {
			f.composed[key] = &composed{}
		}
		return f.composed[key]
	}
	for _, pass := range f.Passes {
		if c := output(pass.Where, pass.Job, pass.Step, pass.Variable); c != nil {
			c.passes = append(c.passes, pass)
		}
	}
	for i, e := range f.Exposures {
		if c := output(e.Where, e.Job, e.Step, e.Variable); c != nil {
			c.exposures = append(c.exposures, i)
		}
	}
}

// output is what a step or job made, an action of the repository among them. Its
// steps have higher indices than its own, so that this ends.
func (r *run) output(key outputKey) shell.Value {
	v, c := r.outputs[key], r.composed[key]
	if v.Tainted() || c == nil {
		return v
	}
	for _, pass := range c.passes {
		v = plus(v, r.made(pass))
	}
	for _, i := range c.exposures {
		v = plus(v, r.value(i))
	}
	return v
}

// exported binds the variables that a component sets to what its inputs got.
func (r *run) exported(key stepKey) {
	for _, c := range r.componentsAt[key] {
		for _, export := range c.Facts.Exports {
			for _, i := range r.atStep[key] {
				if e := r.Exposures[i]; e.Where == "input" && export.Input != "" && strings.EqualFold(e.Variable.Value, export.Input) {
					r.env[export.Variable] = r.value(i).Through(export.Variable+" is set for all later steps here", c.At)
				}
			}
		}
	}
}

// upload adds the flows of files with secrets that are among the paths.
func (r *run) upload(sink string, a model.Artifact, step *model.Step) {
	paths := a.Paths
	for _, file := range r.machine.Files {
		if file.Removed || file.Label < 0 {
			continue
		}
		i := taken(paths, file.Path, a.Hidden)
		if i < 0 {
			continue
		}
		if sink == "artifact" || a.Name != "" {
			r.keep(a, paths[i], file.Path)
		}
		flow := r.flow(file.Label, nil, false)
		flow.Sink, flow.At, flow.Path, flow.Masked = sink, paths[i].At, model.Text{Value: shell.Shown(file.Path)}, "no"
		flow.Way = append(wayIn(r.Exposures[file.Label]),
			lint.Step{Message: shell.Shown(file.Path) + " gets it here", Span: file.At},
			lint.Step{Message: "the file is taken along here", Span: paths[i].At})
		flow.Job = model.Text{Value: r.job}
		if step != nil {
			flow.Job, flow.Step = step.Job, &step.Index
		}
		flow.Address = model.Join(a.Address, "flows", sink, flow.Secret.Name.Value)
		r.Flows = append(r.Flows, flow)
	}
}

// uploadWritten adds those of files that components of the job wrote.
func (r *run) uploadWritten(sink, address string, paths []model.Text, step *model.Step) {
	for _, file := range r.written[r.job] {
		i := taken(paths, shell.CleanPath(file.Path.Value), "yes")
		if i < 0 || file.Secret == nil || file.Removed == "yes" && sink == "cache" || step != nil && file.Step >= step.Index {
			continue
		}
		flow := model.Flow{
			At: paths[i].At, Secret: *file.Secret, Sink: sink, Path: file.Path, Transformed: []string{}, Masked: "no", Confidence: "likely", Job: file.Job,
			Way:     []lint.Step{{Message: file.Path.Value + " gets it here", Span: file.At}, {Message: "the file is taken along here", Span: paths[i].At}},
			Address: model.Join(address, "flows", sink, file.Secret.Name.Value),
		}
		if step != nil {
			flow.Step = &step.Index
		}
		r.Flows = append(r.Flows, flow)
	}
}

// taken is the path that takes a file along, -1 if none does or one with an
// exclamation mark leaves it out.
func taken(paths []model.Text, file, hidden string) int {
	leftOut := func(p model.Text) bool {
		pattern, not := strings.CutPrefix(p.Value, "!")
		return not && covers(pattern, file, "yes")
	}
	if slices.ContainsFunc(paths, leftOut) {
		return -1
	}
	return slices.IndexFunc(paths, func(p model.Text) bool { return !strings.HasPrefix(p.Value, "!") && covers(p.Value, file, hidden) })
}

// covers says whether a pattern of paths includes a file, or a folder that it is in.
func covers(pattern, file, hidden string) bool {
	pattern = shell.CleanPath(pattern)
	if pattern == file {
		return true
	}
	if hidden == "no" && slices.ContainsFunc(strings.Split(file, "/"), func(part string) bool { return len(part) > 1 && part[0] == '.' }) {
		return false
	}
	if pattern == "." {
		pattern = "**"
	}
	if strings.HasPrefix(pattern, "*") && strings.IndexAny(file, "~/$") == 0 {
		return false // not in the tree
	}
	return glob(strings.Split(pattern, "/"), strings.Split(file, "/"))
}

// glob goes back to the last ** only, so that its work is bounded.
func glob(pattern, file []string) bool {
	star, from := -1, 0
	for i, k := 0, 0; i < len(pattern); {
		switch {
		case pattern[i] == "**":
			star, from = i, k
			i++
		case k < len(file) && isPart(pattern[i], file[k]):
			i, k = i+1, k+1
		case star >= 0 && from < len(file):
			from++
			i, k = star+1, from
		default:
			return false
		}
	}
	return true
}

func isPart(pattern, name string) bool {
	matched, _ := path.Match(pattern, name)
	return matched || pattern == name
}

// finish adds what holds for the job as a whole: its outputs, the files that stay
// and who reads its variables.
func (r *run) finish() {
	r.jobOutputs()
	r.shown()
	for _, a := range r.artifacts[r.job] {
		if step := r.stepAt(a.Step); a.Variables {
			r.variablesFile(a)
		} else if a.Output.Value != "" {
			r.outputFile(a)
		} else if step == nil || step.Kind == "shell" {
			r.upload("artifact", a, step)
			r.uploadWritten("artifact", a.Address, a.Paths, step)
		}
	}
	for _, c := range r.caches[r.job] {
		a := model.Artifact{Address: c.Address, Paths: c.Paths, Hidden: "yes"}
		if c.Step != nil { // of steps; what jobs share stands in folders
			a.Name, a.Step = c.Found(), *c.Step
		}
		r.upload("cache", a, nil)
		r.uploadWritten("cache", c.Address, c.Paths, nil)
	}
	r.share()
	for _, file := range r.machine.Files {
		r.credentialFile(file)
	}
	r.removeEarlier()
	for _, i := range r.exposures[""] {
		r.readers(&r.Exposures[i])
	}
	if r.job != "" {
		for _, i := range r.exposures[r.job] {
			r.readers(&r.Exposures[i])
		}
	}
}

// removeEarlier notes that the job removes what earlier ones left on its machine.
func (r *run) removeEarlier() {
	if !r.Traits.SameMachine || len(r.machine.Removed) == 0 {
		return
	}
	for i := range r.Files {
		file := shell.CleanPath(r.Files[i].Path.Value)
		if r.Files[i].Job.Value != r.job && slices.ContainsFunc(r.machine.Removed, func(path string) bool { return covers(path, file, "yes") }) {
			r.Files[i].Removed = "yes"
		}
	}
}

// shown adds the flows of what the pipeline's own program prints and sends.
func (r *run) shown() {
	if r.outside != nil {
		return
	}
	for _, pass := range r.passes[stepKey{r.job, -1}] {
		if pass.Command == "" {
			continue
		}
		v := r.made(pass)
		for _, t := range v.Taints() {
			flow := r.flow(t.Label, t.Transformed, r.machine.Hides(t))
			flow.Sink, flow.Command, flow.At, flow.Job = pass.Where, pass.Command, pass.At, pass.Job
			flow.Way, flow.Address = t.Steps(), model.Join(pass.Address, "flows", pass.Where)
			r.Flows = append(r.Flows, flow)
		}
	}
}

func (r *run) stepAt(index int) *model.Step {
	steps := r.steps[r.job]
	if i := slices.IndexFunc(steps, func(s *model.Step) bool { return s.Index == index }); i >= 0 {
		return steps[i]
	}
	return nil
}

// outputFile makes an output of the job of what is in a file.
func (r *run) outputFile(a model.Artifact) {
	path := a.Paths[0]
	v := r.machine.Content(path.Value)
	if !v.Tainted() {
		return
	}
	here := lint.Step{Message: "it becomes an output of the job by this file", Span: path.At}
	for _, t := range v.Taints() {
		flow := r.flow(t.Label, t.Transformed, false)
		flow.Sink, flow.At, flow.Variable, flow.Path, flow.Job, flow.Step = "output", path.At, a.Output, path, a.Job, &a.Step
		flow.Way, flow.Address = append(t.Steps(), here), model.Join(a.Address, "flows", "output")
		r.Flows = append(r.Flows, flow)
	}
	key := outputOf(r.job, "", a.Output.Value)
	r.outputs[key] = plus(r.outputs[key], v.Through(here.Message, here.Span))
}

// variablesFile hands the lines of files to later jobs.
func (r *run) variablesFile(a model.Artifact) {
	for _, path := range a.Paths {
		for name, v := range r.machine.Variables(path.Value) {
			if !v.Tainted() {
				continue
			}
			if r.dotenv[r.job] == nil {
				r.dotenv[r.job] = map[string]shell.Value{}
			}
			r.dotenv[r.job][name] = v.Through("later jobs get it as "+name+" by this file", path.At)
		}
	}
	if r.outside != nil {
		r.linesOf(a)
		return
	}
	names := slices.Sorted(maps.Keys(r.dotenv[r.job]))
	for _, name := range names {
		for _, t := range r.dotenv[r.job][name].Taints() {
			flow := r.flow(t.Label, t.Transformed, false)
			flow.Sink, flow.At, flow.Variable, flow.Job, flow.Way = "output", a.Paths[0].At, model.Text{Value: name}, a.Job, t.Steps()
			flow.Path, flow.Address = model.Text{Value: a.Paths[0].Value}, model.Join(a.Address, "flows", "output", name)
			r.Flows = append(r.Flows, flow)
		}
	}
}

// linesOf notes the texts of outsiders that may have lines of their own in files that set
// variables.
func (r *run) linesOf(a model.Artifact) {
	for _, path := range a.Paths {
		for _, t := range r.machine.Content(path.Value).Taints() {
			way := t.Steps()
			for _, step := range r.steps[r.job] {
				if last := way[len(way)-1].Span; len(t.Transformed) == 0 && inside(last, step.Script.At) {
					r.ran(step, shell.Run{Label: t.Label, Command: path.Value, At: last, Kind: "variables"})
				}
			}
		}
	}
}

// carried are the variables that earlier jobs give to a job.
func (f *flows) carried(job string) map[string]shell.Value {
	all := map[string]shell.Value{}
	j := f.jobs[job]
	for _, from := range slices.Sorted(maps.Keys(f.dotenv)) {
		variables := f.dotenv[from]
		if from == job || j != nil && !j.TakesFrom(from) {
			continue
		}
		for name, v := range variables {
			all[name] = either(all, name, v)
		}
	}
	return all
}

// maxReaders bounds the readers of one variable.
const maxReaders = 1000

func (r *run) readers(e *model.Exposure) {
	if e.Variable.Value == "" || !slices.Contains([]string{"pipeline_env", "job_env", "file"}, e.Where) {
		return
	}
	for _, s := range r.reads {
		uses := "no"
		switch {
		case s.names[e.Variable.Value]:
			uses = "yes"
		case s.opaque:
			uses = "unknown"
		}
		if len(e.Readers) >= maxReaders {
			r.once("readers", s.step, "the pipeline has more steps that get a variable than are listed", "limit")
			return
		}
		e.Readers = append(e.Readers, model.Reader{At: s.step.At, Job: s.step.Job, Step: s.step.Index, Uses: uses})
	}
}

// jobOutputs hands values to the jobs that need this one.
func (r *run) jobOutputs() {
	for _, pass := range r.passes[stepKey{r.job, -1}] {
		v := r.made(pass)
		if pass.Where != "output" || !v.Tainted() {
			continue
		}
		key := outputOf(r.job, "", pass.Variable.Value)
		if r.Traits.DropsOutputs && slices.ContainsFunc(v.Taints(), func(t shell.Taint) bool {
			return r.flow(t.Label, t.Transformed, r.machine.Hides(t)).Masked == "yes"
		}) {
			continue
		}
		for _, t := range v.Taints() {
			flow := r.flow(t.Label, t.Transformed, r.machine.Hides(t))
			flow.Sink, flow.At, flow.Variable, flow.Job = "output", pass.At, pass.Variable, pass.Job
			flow.Way = append(t.Steps(), lint.Step{Message: "it becomes an output of the job here", Span: pass.At})
			flow.Address = model.Join(pass.Address, "flows", "output")
			r.Flows = append(r.Flows, flow)
			r.outputs[key] = plus(r.outputs[key], v.Through("it becomes an output of the job here", pass.At))
		}
	}
}

func (r *run) credentialFile(file *shell.File) {
	i := slices.IndexFunc(r.reads, func(s stepReads) bool {
		return s.step.Script.At.Source == file.At.Source && inside(file.At, s.step.Script.At)
	})
	f := model.File{At: file.At, Path: model.Text{Value: shell.Shown(file.Path), At: file.At}, Tool: file.Tool, Removed: "no", Job: model.Text{Value: r.job}}
	if i >= 0 {
		f.Job, f.Step = r.reads[i].step.Job, r.reads[i].step.Index
		f.Address = model.Join(r.reads[i].step.Address, "files", shell.Shown(file.Path))
	}
	if file.Removed {
		f.Removed = "yes"
	}
	if file.Label >= 0 {
		secret := r.Exposures[file.Label].Secret
		f.Secret = &secret
	}
	r.Files = append(r.Files, f)
}

func inside(a, b lint.Span) bool { return a.Source == b.Source && a.Start >= b.Start && a.End <= b.End }
