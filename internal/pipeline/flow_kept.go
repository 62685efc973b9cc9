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

// earlier lists the jobs whose files a job may find.
func (f *flows) earlier(job string) []string {
	var all []string
	for _, j := range f.Jobs {
		from := j.ID.Value
		if from != job && len(f.kept[from]) > 0 && f.jobs[job].TakesFrom(from) {
			all = append(all, from)
		}
	}
	return all
}

// finds says whether a job gets files with secrets from earlier ones.
func (f *flows) finds(job string) bool {
	if len(f.kept) == 0 || f.jobs[job] == nil {
		return false
	}
	restored := f.Traits.CarriesFiles || slices.ContainsFunc(f.Restores, func(s model.Restore) bool { return s.Job.Value == job })
	return restored && len(f.earlier(job)) > 0
}

// carry puts the files of earlier jobs where they stood, if the platform does.
func (r *run) carry() {
	if !r.Traits.CarriesFiles || len(r.kept) == 0 || r.jobs[r.job] == nil {
		return
	}
	for _, from := range r.earlier(r.job) {
		for _, k := range r.kept[from] {
			r.machine.Put(k.file, k.value)
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
		for _, from := range r.earlier(r.job) {
			for _, k := range r.kept[from] {
				if s.Name != "" && s.Name != k.artifact.Name {
					continue
				}
				folder := s.Folder
				if s.Apart {
					folder = path.Join(folder, k.artifact.Name)
				}
				r.machine.Put(path.Join(folder, below(k.file, k.artifact.Root)), k.value.Through(here.Message, here.Span))
			}
		}
	}
}

// below is a path as it is within a folder.
func below(file, folder string) string {
	folder = shell.CleanPath(folder)
	if file == folder {
		return path.Base(file)
	}
	return strings.TrimPrefix(file, folder+"/")
}
