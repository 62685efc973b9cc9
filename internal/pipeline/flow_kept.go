package pipeline

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// kept is a file with a secret that a job keeps for later ones.
type kept struct {
	file     string
	artifact model.Artifact
	value    shell.Value
}

// maxKept bounds the files that one job keeps.
const maxKept = 200

func (r *run) keep(a model.Artifact, by model.Text, file string) {
	known := func(k kept) bool { return k.file == file && k.artifact.Address == a.Address }
	v := r.machine.Content(file)
	if !v.Tainted() || slices.ContainsFunc(r.kept[r.job], known) {
		return
	}
	if len(r.kept[r.job]) >= maxKept {
		r.once("kept", r.stepAt(a.Step), "a job keeps more files with secrets for later jobs than are followed", "limit")
		return
	}
	r.kept[r.job] = append(r.kept[r.job], kept{file, a, v.Through("the file is kept for later jobs here", by.At)})
}

// earlier lists the jobs whose files a job may find: where it fetches them, those are all
// that it waits for, by others too.
func (f *flows) earlier(job string, fetches bool) []string {
	var before map[string]bool
	if fetches {
		before = f.before(job)
	}
	var all []string
	for _, j := range f.Jobs {
		from := j.ID.Value
		if from != job && len(f.kept[from]) > 0 && (f.jobs[job].TakesFrom(from) || before[from]) {
			all = append(all, from)
		}
	}
	return all
}

// before are the jobs that a job waits for, and those that they wait for.
func (f *flows) before(job string) map[string]bool {
	all, queue := map[string]bool{}, []string{job}
	for len(queue) > 0 && len(all) <= maxNeeds {
		j := f.jobs[queue[0]]
		queue = queue[1:]
		for i := 0; j != nil && i < len(j.Needs); i++ {
			if need := j.Needs[i].Value; !all[need] {
				all[need], queue = true, append(queue, need)
			}
		}
	}
	return all
}

// finds says whether a job gets files with secrets from earlier ones.
func (f *flows) finds(job string) bool {
	if f.jobs[job] == nil {
		return false
	}
	if slices.ContainsFunc(f.folders(job), func(s model.Shared) bool { return len(f.shared[s.Name]) > 0 }) {
		return true
	}
	if len(f.kept) == 0 {
		return false
	}
	restored := f.Traits.CarriesFiles || slices.ContainsFunc(f.Restores, func(s model.Restore) bool { return s.Job.Value == job })
	return restored && len(f.earlier(job, !f.Traits.CarriesFiles)) > 0
}

// carry puts the files of earlier jobs where they stood, if the platform does, and those
// of the folders that they share.
func (r *run) carry() {
	if j := r.jobs[r.job]; j != nil {
		for _, s := range r.folders(r.job) {
			for file, v := range r.shared[s.Name] {
				r.machine.Put(path.Join(s.Folder, file), v)
			}
		}
	}
	if !r.Traits.CarriesFiles || len(r.kept) == 0 || r.jobs[r.job] == nil {
		return
	}
	for _, from := range r.earlier(r.job, false) {
		for _, k := range r.kept[from] {
			r.machine.Put(k.file, k.value)
		}
	}
}

// folders are those that a job shares with others, caches among them.
func (f *flows) folders(job string) []model.Shared {
	all := slices.Clip(f.jobs[job].Shared)
	for _, c := range f.caches[job] {
		all = append(all, c.Shared()...)
	}
	return all
}

// share leaves files with secrets in the folders that later jobs have too.
func (r *run) share() {
	if j := r.jobs[r.job]; j != nil {
		for _, s := range r.folders(r.job) {
			r.shared[s.Name] = r.machine.Below(s.Folder)
		}
	}
}

// restore puts them where a step asks for them.
func (r *run) restore(step *model.Step) {
	if len(r.kept) == 0 || r.jobs[r.job] == nil {
		return
	}
	for _, s := range r.Restores {
		if s.Job.Value != r.job || s.Step != step.Index {
			continue
		}
		here := lint.Step{Message: "the file comes from an earlier job here", Span: s.At}
		for _, from := range r.earlier(r.job, true) {
			for _, k := range r.kept[from] {
				if !named(s, k.artifact.Name) || s.Pattern != "" && !covers(s.Pattern, k.file, "yes") {
					continue
				}
				folder := s.Folder
				if s.Apart {
					folder = path.Join(folder, k.artifact.Name)
				}
				file := below(k.file, k.artifact.Root)
				if s.Whole && shell.CleanPath(k.file) == shell.CleanPath(k.artifact.Root) {
					file = ""
				}
				r.machine.Put(path.Join(folder, file), k.value.Through(here.Message, here.Span))
			}
		}
	}
}

// named says whether a step asks for an artifact or cache of this name.
func named(s model.Restore, name string) bool {
	switch {
	case s.Begins:
		return strings.HasPrefix(name, s.Name)
	case s.Name == "":
		return !strings.HasPrefix(name, model.CachePrefix)
	}
	return s.Name == name
}

// below is a path as it is within a folder.
func below(file, folder string) string {
	folder = shell.CleanPath(folder)
	if file == folder {
		return path.Base(file)
	}
	return strings.TrimPrefix(file, folder+"/")
}
