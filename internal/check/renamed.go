package check

import (
	"maps"
	"reflect"
	"strings"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// renaming tells which jobs and steps of a workflow have another name and are what they were: a
// name does nothing.
type renaming struct {
	before, after *lint.Node
	jobs          map[string]string // that are gone, by name, and what they are called now
}

func renamingOf(before, after *lint.Source) renaming {
	r := renaming{jobsOf(before), jobsOf(after), map[string]string{}}
	taken := map[string]bool{}
	for _, old := range r.before.Object() {
		for _, job := range r.after.Object() {
			isNew := r.before.Get(job.Key) == nil && !taken[job.Key]
			if r.after.Get(old.Key) == nil && isNew && reflect.DeepEqual(old.Value.Plain(), job.Value.Plain()) {
				r.jobs[old.Key], taken[job.Key] = job.Key, true
				break
			}
		}
	}
	return r
}

// jobsOf gives the jobs of a workflow; nil if the file is none.
func jobsOf(src *lint.Source) *lint.Node {
	if src == nil || !strings.HasPrefix(src.Path, ".github/workflows/") {
		return nil
	}
	docs, wrong := yaml.Read(src)
	if len(docs) != 1 || len(wrong) > 0 {
		return nil
	}
	return docs[0].Get("jobs")
}

// now gives a finding of before the names of now.
func (r renaming) now(f lint.Finding) lint.Finding {
	for old, job := range r.jobs {
		if moved := (gate.Move{From: "jobs." + old, To: "jobs." + job}).Apply(f.Anchor); moved != f.Anchor {
			f.Anchor = moved
			f.Made = append([]string(nil), f.Made...)
			for i := range f.Made {
				f.Made[i] = strings.ReplaceAll(f.Made[i], `job "`+old+`"`, `job "`+job+`"`)
			}
			return f
		}
	}
	for _, job := range r.before.Object() {
		for _, step := range job.Value.Get("steps").List() {
			if step.Get("name") != nil || step.Get("id") != nil || !step.Span.Location().Overlaps(f.Location) {
				continue
			}
			if name := r.named(job.Key, step); name != "" {
				within := "jobs." + job.Key + ".steps."
				f.Anchor = gate.Move{From: within + called(step), To: within + name}.Apply(f.Anchor)
			}
		}
	}
	return f
}

// called is what a step without a name is called.
func called(step *lint.Node) string {
	if action, _, uses := strings.Cut(step.Get("uses").Str(), "@"); uses {
		return action
	}
	return "run"
}

// named gives the name that a step has got, and nothing else with it.
func (r renaming) named(job string, step *lint.Node) string {
	was, _ := step.Plain().(map[string]any)
	for _, now := range r.after.Get(job, "steps").List() {
		is, _ := now.Plain().(map[string]any)
		name, _ := is["name"].(string)
		is = maps.Clone(is)
		delete(is, "name")
		if name != "" && reflect.DeepEqual(was, is) {
			return name
		}
	}
	return ""
}
