package pipeline

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// fetched says which secrets a component asks a store for, and what later steps call
// them: those of a list, a single one, or else all that the store has.
type fetched struct {
	Store string `yaml:"store"` // as of the model's secrets
	Group string `yaml:"group"` // the input with what they are a part of
	Name  string `yaml:"name"`  // the input with the name of a single one
	As    string `yaml:"as"`    // the input with what it is called then

	// List is the input that lists them, one a line: of a mapping the keys are what they
	// are called. "$env" means the variables of the step.
	List    string `yaml:"list"`
	Between string `yaml:"between"` // what stands between two in a line
	Entry   string `yaml:"entry"`   // a pattern for one, with the groups "group", "name" and "as"

	Outputs   *condition `yaml:"outputs"`   // when they become outputs
	Variables *condition `yaml:"variables"` // when they become variables of later steps
	Capitals  bool       `yaml:"capitals"`  // which are in capitals, and have no other signs than letters and digits
	Fields    *condition `yaml:"fields"`    // when each field of one becomes a variable, behind the name of all and "_"
	Masked    bool       `yaml:"masked"`    // the log hides them
}

// fetch adds the secrets that the component asks stores for, or that it has made.
func (d *described) fetch(p *model.Pipeline) {
	for _, f := range d.known.Fetches { // what it is to be called is no secret itself
		p.Exposures = slices.DeleteFunc(p.Exposures, func(e model.Exposure) bool {
			return e.Where == "input" && e.Job.Value == d.Job.Value && e.Step != nil && *e.Step == *d.Step && f.As != "" && strings.EqualFold(e.Variable.Value, f.As)
		})
	}
	first := len(p.Exposures)
	for _, f := range d.known.Fetches {
		d.fetchOne(p, f)
	}
	for _, issued := range d.Facts.Issued {
		for _, output := range issued.Outputs {
			name := strings.ReplaceAll(output, "_", " ") + " of " + strings.Trim(d.Owner+"/"+d.Name, "/")
			d.add(p, model.Secret{At: d.At, Store: "issued", Name: model.Text{Value: name}}, true, model.Fetched{Outputs: true, Output: output})
		}
	}
	for _, e := range p.Exposures[first:] {
		d.settle(p, e, first)
	}
}

func (d *described) fetchOne(p *model.Pipeline, f fetched) {
	one := model.Fetched{Outputs: f.Outputs != nil && d.applies(f.Outputs.When, f.Outputs.Unless), Variables: f.Variables != nil && d.applies(f.Variables.When, f.Variables.Unless)}
	many := f.Fields != nil && d.applies(f.Fields.When, f.Fields.Unless)
	group := model.TextOf(d.Inputs.Get(f.Group))
	add := func(in, name model.Text, as string) {
		if in.Value == "" {
			in = group
		}
		if f.Store == "vault" { // version 2 of its engine has one more word in the path
			in.Value = strings.Replace(in.Value, "/data/", "/", 1)
		}
		secret := model.Secret{At: name.At, Via: name.Via, Store: f.Store, Group: in, Name: name}
		one := one
		one.Output, one.Variable = as, as
		if f.Capitals {
			one.Variable = others().ReplaceAllString(strings.ToUpper(as), "_")
		}
		if name.Value == "*" {
			secret.Name, one.Many = model.Text{}, true
		}
		d.add(p, secret, f.Masked, one)
		if many && !one.Many {
			one.Many, one.Output, one.Variable = true, one.Output+"_", one.Variable+"_"
			d.add(p, secret, f.Masked, one)
		}
	}
	switch name := model.TextOf(d.Inputs.Get(f.Name)); {
	case f.Name != "" && name.Value != "":
		as := model.TextOf(d.Inputs.Get(f.As)).Value
		if as == "" {
			as = name.Value
		}
		add(model.Text{}, name, as)
	case f.List == "$env":
		for _, l := range p.Literals {
			if l.Where == "step_env" && l.Job.Value == d.Job.Value && l.Step != nil && *l.Step == *d.Step {
				f.each(l.Value, l.Variable.Value, add)
			}
		}
	case f.List != "":
		list := d.Inputs.Get(f.List)
		for _, field := range list.Object() {
			f.each(model.TextOf(field.Value), field.Key, add)
		}
		for _, item := range list.List() {
			f.each(model.TextOf(item), "", add)
		}
		if model.IsScalar(list) {
			f.each(model.TextOf(list), "", add)
		}
	case f.Name == "":
		one.Many = true
		d.add(p, model.Secret{At: d.At, Store: f.Store, Group: group}, f.Masked, one)
	}
}

var others = regex.Lazy(`[^A-Z0-9_]`)

// each reads the secrets that a text lists. What they are called stands in the entry, or
// before it, or is what the store calls them.
func (f fetched) each(list model.Text, called string, add func(group, name model.Text, as string)) {
	pattern, err := regexp.Compile(f.Entry) // of the repository's table, which was read without fault
	if err != nil || list.Value == "" {
		return
	}
	src := model.NewPlacedText(list)
	start := 0
	for i := 0; i <= len(list.Value); i++ {
		if i < len(list.Value) && list.Value[i] != '\n' && !strings.ContainsRune(f.Between, rune(list.Value[i])) {
			continue
		}
		entry := strings.TrimSpace(list.Value[start:i])
		from := start + strings.Index(list.Value[start:i], entry)
		start = i + 1
		if m := pattern.FindStringSubmatchIndex(entry); m != nil && entry != "" {
			part := func(name string) model.Text {
				at := pattern.SubexpIndex(name)
				if at < 0 || m[2*at] < 0 || m[2*at] == m[2*at+1] {
					return model.Text{}
				}
				return model.Text{Value: entry[m[2*at]:m[2*at+1]], At: src.Part(from+m[2*at], from+m[2*at+1]), Via: list.Via}
			}
			name, as := part("name"), part("as").Value
			if name.Value == "" && f.Entry == "" {
				name = model.Text{Value: entry, At: src.Part(from, from+len(entry)), Via: list.Via}
			}
			switch {
			case as != "":
			case called != "":
				as = called
			case name.Value != "*":
				as = name.Value
			}
			if name.Value != "" && !strings.Contains(name.Value, "${{") {
				add(part("group"), name, as)
			}
		}
	}
}

func (d *described) add(p *model.Pipeline, secret model.Secret, masked bool, as model.Fetched) {
	if len(p.Exposures) >= model.MaxExposures || !as.Outputs && !as.Variables {
		return
	}
	if secret.At.Source == nil {
		secret.At = d.At
	}
	e := model.Exposure{
		At: secret.At, Address: model.Join(d.stepAddress(), "fetched", secret.Group.Value+secret.Name.Value), Where: "fetched", Masked: model.YesOrNo(masked),
		Job: d.Job, Step: d.Step, Component: d.Ref, Secret: secret, Transformed: []string{}, Inner: d.Inner, Fetched: &as,
	}
	if as.Variable != "" {
		e.Variable = model.Text{Value: as.Variable}
	} else {
		e.Variable = model.Text{Value: as.Output}
	}
	p.Exposures = append(p.Exposures, e)
}

// settle says of names that were taken for secrets of the settings that they are this one:
// those that the job's later steps use.
func (d *described) settle(p *model.Pipeline, from model.Exposure, before int) {
	if !from.Fetched.Variables || from.Fetched.Many {
		return
	}
	for i := range p.Exposures[:before] {
		e := &p.Exposures[i]
		if e.Secret.Assumed && e.Step != nil && e.Job.Value == d.Job.Value && *e.Step > *d.Step && strings.EqualFold(e.Secret.Name.Value, from.Fetched.Variable) {
			at, via := e.Secret.At, e.Secret.Via
			e.Secret, e.Masked = from.Secret, from.Masked
			e.Secret.At, e.Secret.Via = at, append([]lint.Step{{Message: "it is fetched here", Span: from.Secret.At}}, via...)
		}
	}
}
