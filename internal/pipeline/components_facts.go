package pipeline

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// describe says of each component what is known of it, and what it leaves behind.
func describe(p *model.Pipeline, t Components) {
	all := map[stepKey]*described{}
	for i := range p.Components {
		c := &p.Components[i]
		if p.Platform == "githubactions" && c.Kind == "action" && c.Pin == "version" && t.pinned != nil {
			c.Pinned = t.pinned()[strings.ToLower(c.Ref.Value)]
		}
		known := t.find(p.Platform, *c)
		if known == nil {
			continue
		}
		d := &described{Component: *c, known: known}
		c.Facts = d.facts()
		d.Facts = c.Facts
		if c.Step != nil || c.Kind == "orb" {
			all[keyOf(c.Job, c.Step)] = d
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

// keyOf is that of a step, or of a job that is a component as a whole.
func keyOf(job model.Text, step *int) stepKey {
	if step == nil {
		return stepKey{job.Value, -1}
	}
	return stepKey{job.Value, *step}
}

// described is a component that the table knows.
type described struct {
	model.Component
	known  *entry
	secret *model.Secret // the first that one of its inputs for credentials gets
}

// assign says which inputs are scripts and build arguments, and which get secrets.
func assign(p *model.Pipeline, all map[stepKey]*described) {
	of := func(job model.Text, step *int, where string) *described {
		if where != "input" {
			return nil
		}
		return all[keyOf(job, step)]
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
	p.Literals = slices.DeleteFunc(p.Literals, func(l model.Literal) bool {
		d := of(l.Job, l.Step, l.Where)
		return d != nil && slices.Contains(d.known.Scripts, strings.ToLower(l.Variable.Value))
	})
}

// assign says what the input is for. Of a list of build arguments the one at the
// offset is meant.
func (d *described) assign(where, address *string, variable *model.Text, offset int) {
	input := strings.ToLower(variable.Value)
	switch {
	case slices.Contains(d.known.Scripts, input):
		*where = "inline"
	case slices.Contains(d.known.BuildArgs, input):
		*where = "build_arg"
		value := d.Inputs.Get(input).Str()
		words := strings.Fields(value[:min(offset, len(value))])
		if len(words) == 0 {
			return
		}
		if name, _, found := strings.Cut(strings.TrimPrefix(words[len(words)-1], "--build-arg="), "="); found {
			variable.Value = name
			*address = model.Join(*address, variable.Value)
		}
	}
}

func (d *described) facts() *model.Facts {
	known := d.known
	f := &model.Facts{
		Provider: known.Provider, OIDC: "no", Does: []string{}, Scripts: slices.Concat([]string{}, known.Scripts), Issued: []model.Issued{},
		Permissions: []model.Scope{}, Exports: []model.Export{}, Credentials: []model.Credential{},
	}
	f.Sends, f.Publishes, f.Host = known.Sends, known.Publishes, model.Text{Value: known.Host}
	if field := d.Inputs.Field(known.Host); field != nil {
		f.Host = model.Text{}
		if !strings.Contains(field.Value.Text, "${{") {
			f.Host = model.TextOf(field.Value)
		}
	}
	if d.applies(known.DoesWhen, nil) {
		f.Does = append(f.Does, known.Does...)
	}
	for _, input := range slices.Sorted(maps.Keys(known.Credentials)) {
		if field := d.Inputs.Field(input); field != nil && field.Value.Str() != "" {
			f.Credentials = append(f.Credentials, model.Credential{At: field.Span, Input: input, Kind: known.Credentials[input]})
		}
	}
	switch {
	case known.OIDC != nil && d.applies(known.OIDC.When, known.OIDC.Unless):
		f.OIDC = "used"
	case known.OIDC != nil:
		f.OIDC = "possible"
	}
	if issue := known.Issues; issue != nil && d.applies(issue.When, issue.Unless) {
		f.Issued = append(f.Issued, model.Issued{Outputs: slices.Concat([]string{}, issue.Outputs), Revoked: d.removed(issue.Revoked, issue.Kept)})
	}
	for _, name := range slices.Sorted(maps.Keys(known.Exports)) {
		f.Exports = append(f.Exports, model.Export{Variable: name, Input: known.Exports[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(known.Permissions)) {
		f.Permissions = append(f.Permissions, model.Scope{Name: model.Text{Value: name}, Level: model.Text{Value: known.Permissions[name]}})
	}
	return f
}

// placeholder is a part of a command that an input fills.
var placeholder = regex.Lazy(`\{(?:(-\S+) )?([\w-]+)(=[^}]*)?\}`)

// plainWords are lists of paths and patterns, in which nothing means more to a shell.
var plainWords = regex.Lazy(`^[\w./*?@:~ ,\n-]*$`)

// command is what the component does as a command, and where what fills it stands: ""
// if it does not, or nobody knows with what.
func (d *described) command() (string, func(start, end int) lint.Span) {
	type filled struct {
		start, end int
		at         lint.Span
	}
	var text strings.Builder
	var all []filled
	last := 0
	for _, m := range placeholder().FindAllStringSubmatchIndex(d.known.As, -1) {
		text.WriteString(d.known.As[last:m[0]])
		last = m[1]
		input := d.Inputs.Get(d.known.As[m[4]:m[5]])
		value := strings.NewReplacer("${{ github.workspace }}", ".", ",", " ", "\n", " ").Replace(strings.TrimSpace(input.Str()))
		switch {
		case !plainWords().MatchString(value):
			return "", nil
		case value != "" && m[2] >= 0:
			text.WriteString(d.known.As[m[2]:m[3]] + " ")
		case value == "" && m[6] >= 0:
			value = d.known.As[m[6]+1 : m[7]]
		case value == "" && m[2] < 0:
			return "", nil
		}
		if input != nil {
			all = append(all, filled{text.Len(), text.Len() + len(value), input.Span})
		}
		text.WriteString(value)
	}
	text.WriteString(d.known.As[last:])
	return text.String(), func(start, end int) lint.Span {
		for _, f := range all {
			if f.start <= start && end <= f.end {
				return f.at
			}
		}
		return d.At
	}
}

// does gives the step the command that the component stands for.
func (d *described) does(p *model.Pipeline) {
	command, at := d.command()
	for i := range p.Steps {
		if s := &p.Steps[i]; command != "" && s.Job.Value == d.Job.Value && s.Index == *d.Step && s.Program.Value == "" {
			s.Program, s.ProgramAt = model.Text{Value: command, At: d.At}, at
		}
	}
}

// output is a source that an output of the component holds.
func (d *described) output(kind, name string) model.Source {
	return model.Source{Kind: kind, Untrusted: model.Untrusted{
		At: d.At, Address: d.Address, Expression: model.Text{Value: name + " of " + d.Owner + "/" + d.Name, At: d.At}, Where: "output", Job: d.Job, Step: d.Step,
		Variable: model.Text{Value: name},
	}}
}

// leftBehind adds the files, artifacts and caches of a component.
func leftBehind(p *model.Pipeline, d *described) {
	known := d.known
	d.fetch(p)
	d.does(p)
	for _, w := range known.Writes {
		if d.applies(w.When, w.Unless) {
			p.Files = append(p.Files, model.File{
				At: d.At, Address: model.Join(d.Address, "files", w.Path), Path: model.Text{Value: w.Path}, Job: d.Job, Step: *d.Step, Tool: d.Ref.Value,
				Removed: d.removed(w.Removed, w.Kept), Secret: d.secret,
			})
		}
	}
	for _, t := range known.Texts {
		if !d.applies(t.When, t.Unless) || t.Until != "" && d.before(t.Until) != "yes" {
			continue
		}
		for _, output := range t.Outputs {
			p.Sources = append(p.Sources, d.output("text", output))
		}
	}
	for _, output := range known.Changes {
		p.Sources = append(p.Sources, d.output("change", output))
	}
	for _, u := range known.Uploads {
		if paths := d.paths(u.Input, u.Path); d.applies(u.When, u.Unless) && len(paths) > 0 {
			p.Artifacts = append(p.Artifacts, model.Artifact{At: d.At, Address: d.stepAddress(), Job: d.Job, Step: *d.Step, Paths: paths, Hidden: d.hidden(u), Name: d.text("name", "artifact"), Root: rootOf(paths)})
		}
	}
	if d.Owner+"/"+d.Name == "actions/download-artifact" && d.Inputs.Get("run-id") == nil {
		name := d.text("name", "")
		p.Restores = append(p.Restores, model.Restore{
			At: d.At, Job: d.Job, Step: *d.Step, Folder: d.text("path", "."), Name: name, Apart: name == "" && d.text("merge-multiple", "") != "true",
		})
	}
	for _, k := range known.Caches {
		paths := d.paths(k.Input, k.Paths...)
		if d.applies(k.When, k.Unless) && len(paths) > 0 && (k.Since == "" || d.before(k.Since) != "yes") {
			cache := model.Cache{At: d.At, Address: d.stepAddress(), Job: d.Job, Step: d.Step, Paths: paths}
			if key := d.Inputs.Get(k.Key); k.Key != "" {
				cache.Key = model.TextOf(key)
			}
			p.Caches = append(p.Caches, cache)
		}
	}
}

func (d *described) stepAddress() string { return strings.TrimSuffix(d.Address, ".uses") }

// paths are those that an input names, one a line, or else the fixed ones.
func (d *described) paths(input string, fixed ...string) []model.Text {
	var all []model.Text
	if n := d.Inputs.Get(input); input != "" && n.Str() != "" {
		for _, line := range strings.SplitN(n.Str(), "\n", model.MaxPaths) {
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, model.Text{Value: line, At: n.Span, Via: n.Via})
			}
		}
		return all
	}
	for _, path := range fixed {
		if path != "" {
			all = append(all, model.Text{Value: path, At: d.At})
		}
	}
	return all
}

// text is an input, or what it is if nothing is given.
func (d *described) text(input, otherwise string) string {
	if given := d.Inputs.Get(input).Str(); given != "" {
		return given
	}
	return otherwise
}

// rootOf is the innermost folder that all of the paths are in, as far as they are no
// patterns. For one path that is the path itself, which may be a folder.
func rootOf(paths []model.Text) string {
	var root []string
	first := true
	for _, p := range paths {
		parts := strings.Split(shell.CleanPath(p.Value), "/")
		if strings.HasPrefix(p.Value, "!") {
			continue
		}
		if i := slices.IndexFunc(parts, func(part string) bool { return strings.ContainsAny(part, "*?[") }); i >= 0 {
			parts = parts[:i]
		}
		if first {
			root, first = parts, false
			continue
		}
		same := 0
		for same < len(root) && same < len(parts) && root[same] == parts[same] {
			same++
		}
		root = root[:same]
	}
	return strings.Join(root, "/")
}

// hidden says whether an upload takes files along whose names begin with a dot.
func (d *described) hidden(u upload) string {
	if u.Hidden != "" {
		switch d.holds(u.Hidden + "=true") {
		case "yes":
			return "yes"
		case "unknown":
			return "unknown"
		}
	}
	if u.HiddenBefore == "" {
		return "yes"
	}
	return d.before(u.HiddenBefore)
}
