package pipeline

import (
	"maps"
	"slices"
	"strings"
)

// describe says of each component what is known of it, and what it leaves behind.
func describe(p *Pipeline, t Components) {
	all := map[stepKey]*described{}
	for i := range p.Components {
		c := &p.Components[i]
		known := t.find(p.Platform, *c)
		if known == nil {
			continue
		}
		d := &described{Component: *c, known: known}
		c.Facts = d.facts()
		if c.Step != nil {
			all[stepKey{c.Job.Value, *c.Step}] = d
		}
	}
	if len(all) > 0 {
		assign(p, all)
	}
	for _, c := range p.Components {
		if c.Step != nil && c.Facts != nil {
			leftBehind(p, all[stepKey{c.Job.Value, *c.Step}])
		}
	}
}

// described is a component that the table knows.
type described struct {
	Component
	known  *entry
	secret *Secret // the first that one of its inputs for credentials gets
}

// assign says which inputs are scripts and build arguments, and which get secrets.
func assign(p *Pipeline, all map[stepKey]*described) {
	of := func(job Text, step *int, where string) *described {
		if step == nil || where != "input" {
			return nil
		}
		return all[stepKey{job.Value, *step}]
	}
	for i := range p.Exposures {
		e := &p.Exposures[i]
		if d := of(e.Job, e.Step, e.Where); d != nil {
			if d.secret == nil && d.known.Credentials[strings.ToLower(e.Variable.Value)] != "" {
				d.secret = &e.Secret
			}
			d.assign(&e.Where, &e.Address, &e.Variable, e.Offset)
		}
	}
	for i := range p.Untrusted {
		u := &p.Untrusted[i]
		if d := of(u.Job, u.Step, u.Where); d != nil {
			d.assign(&u.Where, &u.Address, &u.Variable, u.Offset)
		}
	}
	for i := range p.Passes {
		pass := &p.Passes[i]
		if d := of(pass.Job, pass.Step, pass.Where); d != nil {
			d.assign(&pass.Where, &pass.Address, &pass.Variable, pass.Offset)
		}
	}
	p.Literals = slices.DeleteFunc(p.Literals, func(l Literal) bool {
		d := of(l.Job, l.Step, l.Where)
		return d != nil && slices.Contains(d.known.Scripts, strings.ToLower(l.Variable.Value))
	})
}

// assign says what the input is for. Of a list of build arguments the one at the
// offset is meant.
func (d *described) assign(where, address *string, variable *Text, offset int) {
	input := strings.ToLower(variable.Value)
	switch {
	case slices.Contains(d.known.Scripts, input):
		*where = "inline"
	case slices.Contains(d.known.BuildArgs, input):
		*where = "build_arg"
		value := d.Inputs.Get(input).Str()
		line := value[strings.LastIndexByte(value[:min(offset, len(value))], '\n')+1 : min(offset, len(value))]
		if name, _, found := strings.Cut(line, "="); found {
			variable.Value = strings.TrimSpace(name)
			*address = join(*address, variable.Value)
		}
	}
}

func (c *described) facts() *Facts {
	known := c.known
	f := &Facts{
		Provider: known.Provider, OIDC: "no", Does: []string{}, Scripts: slices.Concat([]string{}, known.Scripts), Issued: []Issued{},
		Permissions: []Scope{}, Exports: []Export{}, Credentials: []Credential{},
	}
	if c.applies(known.DoesWhen, nil) {
		f.Does = append(f.Does, known.Does...)
	}
	for _, input := range slices.Sorted(maps.Keys(known.Credentials)) {
		if field := c.Inputs.Field(input); field != nil && field.Value.Str() != "" {
			f.Credentials = append(f.Credentials, Credential{At: field.Span, Input: input, Kind: known.Credentials[input]})
		}
	}
	switch {
	case known.OIDC != nil && c.applies(known.OIDC.When, known.OIDC.Unless):
		f.OIDC = "used"
	case known.OIDC != nil:
		f.OIDC = "possible"
	}
	if issue := known.Issues; issue != nil && c.applies(issue.When, issue.Unless) {
		f.Issued = append(f.Issued, Issued{Outputs: slices.Concat([]string{}, issue.Outputs), Revoked: c.removed(issue.Revoked, issue.Kept)})
	}
	for _, name := range slices.Sorted(maps.Keys(known.Exports)) {
		f.Exports = append(f.Exports, Export{Variable: name, Input: known.Exports[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(known.Permissions)) {
		f.Permissions = append(f.Permissions, Scope{Name: Text{Value: name}, Level: Text{Value: known.Permissions[name]}})
	}
	return f
}

// leftBehind adds the files, artifacts and caches of a component.
func leftBehind(p *Pipeline, c *described) {
	known := c.known
	for _, w := range known.Writes {
		if c.applies(w.When, w.Unless) {
			p.Files = append(p.Files, File{
				At: c.At, Address: join(c.Address, "files", w.Path), Path: Text{Value: w.Path}, Job: c.Job, Step: *c.Step, Tool: c.Ref.Value,
				Removed: c.removed(w.Removed, w.Kept), Secret: c.secret,
			})
		}
	}
	for _, u := range known.Uploads {
		if paths := c.paths(u.Input, u.Path); c.applies(u.When, u.Unless) && len(paths) > 0 {
			p.Artifacts = append(p.Artifacts, Artifact{At: c.At, Address: c.stepAddress(), Job: c.Job, Step: *c.Step, Paths: paths, Hidden: c.hidden(u)})
		}
	}
	for _, k := range known.Caches {
		paths := c.paths(k.Input, k.Paths...)
		if c.applies(k.When, k.Unless) && len(paths) > 0 && (k.Since == "" || c.before(k.Since) != "yes") {
			cache := Cache{At: c.At, Address: c.stepAddress(), Job: c.Job, Step: c.Step, Paths: paths}
			if key := c.Inputs.Get(k.Key); k.Key != "" {
				cache.Key = text(key)
			}
			p.Caches = append(p.Caches, cache)
		}
	}
}

func (c *described) stepAddress() string { return strings.TrimSuffix(c.Address, ".uses") }

// paths are those that an input names, one a line, or else the fixed ones.
func (c *described) paths(input string, fixed ...string) []Text {
	var all []Text
	if n := c.Inputs.Get(input); input != "" && n.Str() != "" {
		for _, line := range strings.SplitN(n.Str(), "\n", maxPaths) {
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, Text{Value: line, At: n.Span, Via: n.Via})
			}
		}
		return all
	}
	for _, path := range fixed {
		if path != "" {
			all = append(all, Text{Value: path, At: c.At})
		}
	}
	return all
}

// hidden says whether an upload takes files along whose names begin with a dot.
func (c *described) hidden(u upload) string {
	if u.Hidden != "" {
		switch c.holds(u.Hidden + "=true") {
		case "yes":
			return "yes"
		case "unknown":
			return "unknown"
		}
	}
	if u.HiddenBefore == "" {
		return "yes"
	}
	return c.before(u.HiddenBefore)
}
