package pipeline

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

type fetchKey struct {
	job                string
	step               int
	store, group, name string
	at                 lint.Span
}

// fetch notes a secret that a script asks a store for. The platform knows the value
// of its own only, and hides nothing of others.
func (r *run) fetch(f shell.Fetched) int {
	if r.outside != nil {
		return r.outside.fetch(r, f)
	}
	if f.Store == shell.Outsider || f.Store == shell.Change {
		return -1
	}
	key := fetchKey{r.job, r.at.Index, f.Store, f.Group, f.Name, f.At}
	if label, ok := r.fetches[key]; ok {
		return label
	}
	if len(r.Exposures) >= model.MaxExposures {
		r.once("fetches", r.at, "scripts fetch more secrets than are followed", "limit")
		return -1
	}
	index := r.at.Index
	e := model.Exposure{
		At: f.At, Address: model.Join(r.at.Address, "fetched", f.Group+f.Name), Where: "fetched", Masked: "no", Job: r.at.Job, Step: &index,
		Secret: model.Secret{At: f.At, Store: f.Store, Name: model.Text{Value: f.Name, At: f.At}}, Transformed: []string{}, Inner: r.at.Inner,
	}
	if f.Masked {
		e.Masked = "yes"
	}
	if f.Group != "" {
		e.Secret.Group = model.Text{Value: f.Group, At: f.At}
	}
	if f.Name == "" {
		e.Secret.Name = model.Text{}
	}
	if job := r.jobs[r.job]; job != nil && job.Environment != nil {
		e.Environment = job.Environment.Name
	}
	e.PlatformToken = f.Store == "issued" && f.Name == "token of gh"
	r.fetches[key] = len(r.Exposures)
	r.Exposures = append(r.Exposures, e)
	return r.fetches[key]
}

// scriptFile finds words that may name a script.
var scriptFile = regex.Lazy(`[\w./-]+`)

// maxAsked bounds the scripts that are searched for commands which fetch secrets.
const maxAsked = 1000

// mayFetch says whether a script, or one of the repository that it may run, asks a
// store for a secret.
func (f *flows) mayFetch(script model.Text, folder string) bool {
	key := scriptKey{script.At, len(script.Value), folder}
	may, seen := f.mayAsk[key]
	if !seen || script.At.Source == nil {
		may = f.asksFor(script.Value, folder)
		f.mayAsk[key] = may
	}
	return may
}

// scriptKey is a script, which an alias can repeat often.
type scriptKey struct {
	at     lint.Span
	size   int
	folder string
}

func (f *flows) asksFor(script, folder string) bool {
	if f.outside != nil || shell.MayFetch(script) {
		return f.outside == nil || mentionsChange(script)
	}
	if f.files == nil {
		return false
	}
	for _, word := range scriptFile().FindAllString(script, -1) {
		switch ext := path.Ext(word); {
		case path.IsAbs(word), ext == "" && !strings.Contains(word, "/"), ext != "" && ext != ".sh" && ext != ".bash":
			continue
		}
		name := path.Join(folder, word)
		may, asked := f.asks[name]
		if !asked && len(f.asks) < maxAsked {
			f.asks[name] = false // a script that runs itself tells nothing new
			if found := f.open(name); found != nil {
				may = f.asksFor(found.Text, folder)
			}
			f.asks[name] = may
		}
		if may {
			return true
		}
	}
	return false
}
