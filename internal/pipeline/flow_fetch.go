package pipeline

import (
	"path"
	"slices"
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
	if f.Store == shell.Outsider || f.Store == shell.Change || f.Store == shell.Artifact {
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
	e.Possible = f.Possible
	if f.Group != "" {
		e.Secret.Group = model.Text{Value: f.Group, At: f.At}
	}
	if f.Name == "" {
		e.Secret.Name = model.Text{}
	}
	if job := r.jobs[r.job]; job != nil && job.Environment != nil {
		e.Environment = job.Environment.Name
	}
	e.PlatformToken = f.Store == "issued" && (f.Name == "token of gh" || f.Name == "header of git" || f.Name == "password of git")
	r.fetches[key] = len(r.Exposures)
	r.Exposures = append(r.Exposures, e)
	return r.fetches[key]
}

type ambientKey struct {
	job  string
	step int
	name string
}

// ambientIn notes a secret of the platform's settings that a script of the repository
// names, and does not set itself.
func (r *run) ambientIn(name string, at lint.Span) int {
	if at.Source == nil || at.Source == r.at.At.Source && !inOtherLanguage(at) {
		return -1 // what a shell of the definition itself names is told already
	}
	key := ambientKey{r.job, r.at.Index, name}
	if label, ok := r.settings[key]; ok {
		return label
	}
	r.settings[key] = -1
	if r.assigned[at.Source] == nil {
		r.assigned[at.Source] = map[string]bool{}
		model.AddAssigned(string(at.Source.Data), r.assigned[at.Source])
	}
	if r.assigned[at.Source][name] || len(r.Exposures) >= model.MaxExposures {
		return -1
	}
	e, ok := r.Ambient(model.Mention{Name: name, At: at}, *r.at)
	if !ok {
		return -1
	}
	r.settings[key] = len(r.Exposures)
	r.Exposures = append(r.Exposures, e)
	return r.settings[key]
}

// inOtherLanguage says whether a variable is named as other languages do: by a text, or as
// a property.
func inOtherLanguage(at lint.Span) bool {
	return at.Start > 0 && at.Source.Data[at.Start] != '$' && strings.IndexByte(`'".`, at.Source.Data[at.Start-1]) >= 0
}

// secretWord finds words that may name a secret of the platform's settings.
var secretWord = regex.Lazy(`\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b`)

// namesSecrets says whether a script may name one.
func namesSecrets(text string) bool {
	return slices.ContainsFunc(secretWord().FindAllString(text, maxAsked), lint.SecretName)
}

// scriptFile finds words that may name a script.
var scriptFile = regex.Lazy(`[\w./-]+`)

// maxAsked bounds the scripts that are searched for commands which fetch secrets.
const maxAsked = 1000

// interpreter finds scripts with code in a language that names variables by texts.
var interpreter = regex.Lazy(`\b(?:python[\d.]*|node|ruby|perl|php|deno|bun)\b`)

// mayFetch says whether a script, or one of the repository that it may run, asks a
// store for a secret.
func (f *flows) mayFetch(script model.Text, folder string) bool {
	key := scriptKey{script.At, len(script.Value), folder}
	may, seen := f.mayAsk[key]
	if !seen || script.At.Source == nil {
		may = f.asksFor(script.Value, folder) || f.Ambient != nil && f.outside == nil && interpreter().MatchString(script.Value) && namesSecrets(script.Value)
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
		case f.Ambient != nil && word == "make":
			word = "Makefile"
		case f.Ambient != nil && slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, word):
			word = "package.json"
		case f.Ambient != nil && slices.Contains([]string{".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".ps1"}, ext):
		case path.IsAbs(word), ext == "" && !strings.Contains(word, "/"), ext != "" && ext != ".sh" && ext != ".bash":
			continue
		}
		name := path.Join(folder, word)
		may, asked := f.asks[name]
		if !asked && len(f.asks) < maxAsked {
			f.asks[name] = false // a script that runs itself tells nothing new
			if found := f.open(name); found != nil {
				may = f.asksFor(found.Text, folder) || f.Ambient != nil && namesSecrets(found.Text)
			}
			f.asks[name] = may
		}
		if may {
			return true
		}
	}
	return false
}

// fetchedBy makes outputs and variables of what the component of a step fetches.
func (r *run) fetchedBy(step *model.Step) {
	if r.outside != nil {
		return
	}
	for _, i := range r.atStep[stepKey{r.job, step.Index}] {
		as := r.Exposures[i].Fetched
		if as == nil {
			continue
		}
		key := outputOf(r.job, step.Within+step.ID.Value, as.Output)
		switch {
		case as.Many:
			key.name = ""
			if as.Outputs {
				r.stores[key] = append(r.stores[key], i)
			}
			if as.Variables {
				r.stored = append(r.stored, i)
			}
			continue
		case as.Outputs && step.ID.Value != "":
			r.outputs[key] = plus(r.outputs[key], r.value(i))
		}
		if as.Variables {
			v := r.value(i).Through(as.Variable+" is set for all later steps here", r.Exposures[i].Secret.At)
			r.given[strings.ToLower(as.Variable)] = v
			if r.Traits.Macro == nil { // else only those get it who name it
				r.env[as.Variable] = v
			}
		}
	}
}

type pickedKey struct {
	from int
	name string
}

func outputName(f *model.Fetched) string   { return f.Output }
func variableName(f *model.Fetched) string { return f.Variable }

// oneOf is the secret that a name means among those that components fetched without
// telling their names.
func (r *run) oneOf(many []int, name string, begins func(*model.Fetched) string) shell.Value {
	for _, from := range many {
		e := r.Exposures[from]
		rest, ok := strings.CutPrefix(strings.ToLower(name), strings.ToLower(begins(e.Fetched)))
		if !ok || rest == "" {
			continue
		}
		key := pickedKey{from, strings.ToLower(name)}
		label, known := r.picked[key]
		if !known {
			if len(r.Exposures) >= model.MaxExposures {
				return shell.Value{}
			}
			label, r.picked[key] = len(r.Exposures), len(r.Exposures)
			e.Secret.Group.Value = strings.Trim(e.Secret.Group.Value+"/"+e.Secret.Name.Value, "/")
			e.Secret.Name = model.Text{Value: name[len(name)-len(rest):], Via: e.Secret.Via}
			e.Fetched, e.Variable, e.Address = nil, model.Text{Value: name}, model.Join(e.Address, name)
			r.Exposures = append(r.Exposures, e)
		}
		return r.value(label)
	}
	return shell.Value{}
}

// written is the name as the file has it, of a platform that does not tell cases apart.
func written(pass model.Pass) string {
	if pass.At.Source != nil {
		text := string(pass.At.Text())
		if at := strings.LastIndex(strings.ToLower(text), strings.ToLower(pass.Name)); at >= 0 && at+len(pass.Name) <= len(text) {
			return text[at : at+len(pass.Name)]
		}
	}
	return pass.Name
}

// named binds the variables that a script names among those of a store.
func (r *run) named(all map[string]shell.Value, step *model.Step) {
	if len(r.stored) == 0 {
		return
	}
	for _, v := range model.VariablesIn(step.Script.Value) {
		if _, set := all[v.Name]; set || v.Escaped {
			continue
		}
		for _, from := range r.stored {
			begins := r.Exposures[from].Fetched.Variable
			if begins == "" && !lint.SecretName(v.Name) {
				continue
			}
			if one := r.oneOf([]int{from}, v.Name, variableName); one.Tainted() {
				all[v.Name] = one.Through(v.Name+" is set for all later steps here", r.Exposures[from].Secret.At)
				break
			}
		}
	}
}
