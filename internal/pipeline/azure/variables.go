package azure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// tokenName is the variable with the token that the platform makes for each job.
const tokenName = "System.AccessToken"

// scope holds the variables that a part of a pipeline can name.
type scope struct {
	outer  *scope
	values map[string][]*lint.Node // by names in lower case; a matrix gives several
	groups []model.Text
	vaults []vault
}

// vault is a key vault that a step fetched secrets from.
type vault struct {
	name  model.Text
	names map[string]string // as the vault has them, by those in lower case; nil means all
}

func (s *scope) within() *scope {
	return &scope{outer: s, values: map[string][]*lint.Node{}}
}

func (s *scope) find(name string) []*lint.Node {
	for ; s != nil; s = s.outer {
		if values := s.values[strings.ToLower(name)]; values != nil {
			return values
		}
	}
	return nil
}

// texts are the variables that have one value, which may be an expression.
func (s *scope) texts() map[string]*lint.Node {
	all := map[string]*lint.Node{}
	for ; s != nil; s = s.outer {
		for name, values := range s.values {
			if _, hidden := all[name]; !hidden && len(values) == 1 {
				all[name] = values[0]
			}
		}
	}
	return all
}

func (s *scope) allGroups() []model.Text {
	var all []model.Text
	for ; s != nil; s = s.outer {
		all = append(all, s.groups...)
	}
	return all
}

func (s *scope) allVaults() []vault {
	var all []vault
	for ; s != nil; s = s.outer {
		all = append(all, s.vaults...)
	}
	return all
}

// setting is an entry of "variables": a variable or a group.
type setting struct {
	lint.Field
	group  bool
	closed bool        // pull requests do not get it
	via    []lint.Step // the includes on the way
}

// declare reads "variables" into the scope of a place.
func (a *collector) declare(n *lint.Node, w world, p place) []setting {
	settings := a.declared(a.expand(n, w, p), w, p, nil)
	for _, setting := range settings {
		if setting.group {
			p.scope.groups = append(p.scope.groups, a.text(setting.Value, p))
			continue
		}
		key := strings.ToLower(setting.Key)
		p.scope.values[key] = append(p.scope.values[key], setting.Value)
	}
	return settings
}

// settings notes what variables hold, once all are declared: one can name another
// that is set below it.
func (a *collector) settings(all []setting, p place, where string) {
	for _, setting := range all {
		at := p.Field(setting.Field, "variables").At(where)
		at.via, at.closed = setting.via, at.closed || setting.closed
		if setting.group {
			a.group(setting.Value, at)
			continue
		}
		a.outputs(setting.Value, model.Pass{
			At: setting.Value.Span, Address: at.Address, Where: where, Job: p.Job, Variable: model.Text{Value: environmentName(setting.Key), At: setting.Span},
		}, p)
		a.value(setting.Value, at)
	}
}

// declared lists the variables of a mapping, or of a list with groups and
// templates.
func (a *collector) declared(n *lint.Node, w world, p place, all []setting) []setting {
	for _, field := range n.Object() {
		if model.IsScalar(field.Value) {
			all = append(all, setting{field, false, p.closed, p.via})
		}
	}
	for _, item := range n.List() {
		name, value := item.Get("name"), item.Get("value")
		switch {
		case model.IsScalar(item.Get("group")):
			group := item.Get("group")
			all = append(all, setting{lint.Field{Key: group.Text, Span: group.Span, Value: group}, true, p.closed || a.closed[item], p.via})
		case item.Get("template") != nil:
			at := p
			at.closed = at.closed || a.closed[item]
			all = a.declaredIn(item, w, at, all)
		case model.IsScalar(name) && model.IsScalar(value):
			all = append(all, setting{lint.Field{Key: name.Text, Span: name.Span, Value: value}, false, p.closed || a.closed[item], p.via})
		case name == nil:
			a.AddGap(item.Span, "an entry of variables is known only when the pipeline is started and was not judged", "computed", p.Place)
		}
	}
	if n != nil && n.Kind == lint.String {
		a.AddGap(n.Span, "the variables are known only when the pipeline is started and were not judged", "computed", p.Place)
	}
	return all
}

func (a *collector) declaredIn(item *lint.Node, w world, p place, all []setting) []setting {
	t := a.load(item.Get("template"), p)
	if t == nil {
		return all
	}
	inner := a.bind(t.root, item.Get("parameters"), w)
	p = p.into(t, item.Get("template"))
	p.closed = p.closed || a.closed[item]
	return a.declared(a.expand(t.root.Get("variables"), inner, p), inner, p, all)
}

// group notes a variable group: which variables it has, and which of them are
// secret, stands nowhere in the repository.
func (a *collector) group(name *lint.Node, p place) {
	group := a.text(name, p)
	p.Variable, p.Where = model.Text{}, "setting"
	a.expose(name, model.Secret{At: group.At, Via: group.Via, Store: "variable_group", Group: group}, p)
}

// reference is the use of a variable in a text.
type reference struct {
	name        string
	start, end  int // of the reference
	from, until int // of the name
	transformed []string
}

var (
	macros      = regex.Lazy(`\$\(([A-Za-z_][A-Za-z0-9_.\-]*)\)`)
	lateNames   = regex.Lazy(`\$\{\{\s*variables(?:\.|\[\s*')([A-Za-z_][A-Za-z0-9_.\-]*)(?:'\s*\])?\s*\}\}`)
	madeNames   = regex.Lazy(`\$\([A-Za-z0-9_.\-]*\$\{\{[^}]*\}\}[^()]*\)`)
	outputNames = regex.Lazy(`(?i)(?:stageDependencies\.([A-Za-z0-9_]+)|dependencies)\.([A-Za-z0-9_]+)\.outputs\[\s*'([^']+)'\s*\]`)
	setCommands = regex.Lazy(`(?i)task\.setvariable\s+[^\]]*?variable=([A-Za-z0-9_.\-]+)`)
)

// references lists the variables that a text names: $(X), $[variables.X], and
// ${{ variables.X }} where it was not known before.
func (a *collector) references(n *lint.Node) []reference {
	if n.Kind != lint.String || !strings.Contains(n.Text, "$") {
		return nil
	}
	if strings.HasPrefix(n.Text, "$[") && strings.HasSuffix(strings.TrimSpace(n.Text), "]") {
		return runtimeReferences(n.Text, len("$["), strings.LastIndexByte(n.Text, ']'))
	}
	var all []reference
	for mark, pattern := range map[string]func() *regexp.Regexp{"$(": macros, "${{": lateNames} {
		if !strings.Contains(n.Text, mark) {
			continue
		}
		for _, at := range pattern().FindAllStringSubmatchIndex(n.Text, -1) {
			all = append(all, reference{name: n.Text[at[2]:at[3]], start: at[0], end: at[1], from: at[2], until: at[3]})
		}
	}
	slices.SortFunc(all, func(x, y reference) int { return x.start - y.start })
	return all
}

// runtimeReferences lists the variables that a runtime expression names.
func runtimeReferences(text string, start, end int) []reference {
	e, err := expression.Parse(text[start:end])
	if err != nil {
		return nil
	}
	return namedIn(e, text, start, nil, nil)
}

// namedIn walks an expression; offset is where it begins in the text.
func namedIn(e *expression.Expr, text string, offset int, transformed []string, all []reference) []reference {
	if path, ok := e.Path(); ok && len(path) == 2 && path[0] == "variables" {
		from, until := e.End-len(path[1]), e.End
		if e.Kind == expression.Index {
			from, until = e.Args[1].Start+1, e.Args[1].End-1
		}
		from, until = from+offset, until+offset
		if from < 0 || from >= until || until > len(text) {
			return all
		}
		return append(all, reference{name: text[from:until], start: e.Start + offset, end: e.End + offset, from: from, until: until, transformed: transformed})
	}
	if e.Kind == expression.Call && e.Text != "coalesce" && e.Text != "iif" {
		transformed = append([]string{e.Text}, transformed...)
	}
	for _, arg := range e.Args {
		all = namedIn(arg, text, offset, transformed, all)
	}
	return all
}

// value reads a scalar, or everything below a list or mapping.
func (a *collector) value(n *lint.Node, p place) {
	if n == nil || !a.room(1, 0, n.Span, p) {
		return
	}
	refs := a.references(n)
	for _, ref := range refs {
		a.use(ref, n, p)
	}
	if len(refs) == 0 && !strings.Contains(n.Text, "${{") {
		a.literal(n, p)
	}
	if made := computedName(n.Text); made != nil {
		at, _ := a.where(n, made[0], made[1])
		a.AddGap(at, "the name of a variable is known only when the pipeline is started; if it is a secret, it was not judged", "computed", p.Place)
	}
	for _, item := range n.Items {
		a.value(item, p)
	}
	for _, field := range n.Fields {
		a.value(field.Value, p)
	}
}

// computedName finds $(A_${{ … }}), a name that is not known in whole.
func computedName(text string) []int {
	if !strings.Contains(text, "$(") || !strings.Contains(text, "${{") {
		return nil
	}
	return madeNames().FindStringIndex(text)
}

func (a *collector) literal(n *lint.Node, p place) {
	if !p.Assigns(n) {
		return
	}
	a.Literals = append(a.Literals, model.Literal{
		At: n.Span, Address: p.Address, Variable: p.Variable, Value: a.text(n, p), Where: p.Where, Job: p.Job, Step: p.Step, Component: p.Component,
	})
}

// use notes what the name of a variable hands to its place.
func (a *collector) use(ref reference, n *lint.Node, p place) {
	at, via := a.where(n, ref.start, ref.end)
	name, _ := a.where(n, ref.from, ref.until)
	via = slices.Concat(via, p.via)
	a.pass(ref, at, p, map[string]bool{})
	if p.Where == "pipeline_env" || p.Where == "job_env" {
		p.Where = "setting" // a variable that holds a secret is one, and no environment has it
	}
	a.untrusted(ref, at, via, n, p)
	for _, secret := range a.resolve(ref.name, p, nil) {
		secret.At, secret.Via = at, slices.Concat(via, secret.Via)
		if secret.Name.At.Source == nil {
			secret.Name.At = name
		}
		secret.Name.Via = nil
		e := a.exposure(n, secret, p)
		e.Transformed = ref.transformed
		if p.Where == "inline" {
			e.Offset, e.Length = ref.start, ref.end-ref.start
		}
		a.Exposures = append(a.Exposures, e)
	}
}

func (a *collector) expose(n *lint.Node, secret model.Secret, p place) {
	a.Exposures = append(a.Exposures, a.exposure(n, secret, p))
}

func (a *collector) exposure(n *lint.Node, secret model.Secret, p place) model.Exposure {
	e := p.Exposure(n.Span, secret)
	e.Closed = p.closed
	e.PlatformToken = secret.Store == "" && secret.Name.Value == tokenName
	return e
}

// environmentName is what the environment calls a variable.
func environmentName(name string) string {
	return strings.NewReplacer(".", "_", " ", "_").Replace(strings.ToUpper(name))
}

// pass notes that a variable hands on what a script made: one that a step set, or
// an output of a step or job.
func (a *collector) pass(ref reference, at lint.Span, p place, seen map[string]bool) {
	key := strings.ToLower(ref.name)
	if seen[key] || !a.room(1, 0, at, p) {
		return
	}
	seen[key] = true
	pass := model.Pass{At: at, Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component, Offset: ref.start, Length: ref.end - ref.start}
	if p.Step == nil {
		pass.Variable.Value = environmentName(p.Variable.Value)
	}
	step, output, dotted := strings.Cut(key, ".")
	switch values := p.scope.find(key); {
	case values == nil && dotted && a.stepNames[step]:
		pass.FromStep, pass.Name = step, output
		a.Passes = append(a.Passes, pass)
	case values == nil && a.set[key]:
		pass.Name = key
		a.Passes = append(a.Passes, pass)
	default:
		for _, value := range values {
			a.outputs(value, pass, p)
			for _, inner := range a.references(value) {
				inner.start, inner.end = ref.start, ref.end
				a.pass(inner, at, p, seen)
			}
		}
	}
}

// outputs notes the outputs of other jobs that a variable holds.
func (a *collector) outputs(value *lint.Node, pass model.Pass, p place) {
	if !strings.HasPrefix(value.Text, "$[") {
		return
	}
	for _, match := range outputNames().FindAllStringSubmatch(value.Text, -1) {
		pass.FromJob = match[2]
		switch {
		case match[1] != "":
			pass.FromJob = match[1] + "." + match[2]
		case p.stage.Value != "":
			pass.FromJob = p.stage.Value + "." + match[2]
		}
		parts := strings.Split(match[3], ".")
		if len(parts) > 2 {
			parts = parts[len(parts)-2:] // a deployment puts its hook or resource before the step
		}
		if len(parts) == 2 {
			pass.FromStep, pass.Name = parts[0], parts[1]
			a.Passes = append(a.Passes, pass)
		}
	}
}

// maxWay bounds the variables that name each other.
const maxWay = 20

// resolve lists the secrets that a variable holds. Variables of the file are
// followed; on is what was passed already.
func (a *collector) resolve(name string, p place, on []string) []model.Secret {
	values := p.scope.find(name)
	key := strings.ToLower(name)
	switch {
	case slices.Contains(on, key) || len(on) > maxWay || !a.room(1, 0, p.Variable.At, p):
		return nil
	case values == nil:
		if secret, ok := a.secret(name, p); ok {
			return []model.Secret{secret}
		}
		return nil
	}
	var all []model.Secret
	for _, value := range values {
		seen := map[string]bool{}
		for _, ref := range a.references(value) {
			if seen[strings.ToLower(ref.name)] {
				continue
			}
			seen[strings.ToLower(ref.name)] = true
			at, via := a.where(value, ref.start, ref.end)
			nameAt, _ := a.where(value, ref.from, ref.until)
			for _, secret := range a.resolve(ref.name, p, append(on, key)) {
				if slices.ContainsFunc(all, secret.Same) {
					continue
				}
				if secret.Name.At.Source == nil {
					secret.Name.At = nameAt
				}
				secret.Via = slices.Concat([]lint.Step{{Message: "the variable is set here", Span: at}}, via, secret.Via)
				all = append(all, secret)
			}
		}
	}
	return all
}

// predefined are how the names of the platform's own variables begin. None but
// the token is a secret.
var predefined = []string{"build.", "system.", "agent.", "pipeline.", "environment.", "release.", "strategy.", "checks.", "resources.", "common.", "task.", "endpoint."}

// secret says which secret a variable is that the file does not set. The settings
// of the pipeline and its groups define others, and no file says which of them are
// secret: their names have to.
func (a *collector) secret(name string, p place) (model.Secret, bool) {
	key := strings.ToLower(name)
	s := model.Secret{Name: model.Text{Value: name}}
	switch {
	case key == strings.ToLower(tokenName):
		s.Name.Value = tokenName
		return s, true
	case slices.ContainsFunc(predefined, func(prefix string) bool { return strings.HasPrefix(key, prefix) }):
		return model.Secret{}, false
	}
	vaults := p.scope.allVaults()
	for _, vault := range vaults {
		if written := vault.names[key]; written != "" {
			s.Name.Value = written
			s.Store, s.Group = "azure_key_vault", vault.name
			return s, true
		}
	}
	step, _, dotted := strings.Cut(key, ".")
	if a.set[key] || dotted && a.stepNames[step] || !lint.SecretName(name) {
		return model.Secret{}, false
	}
	s.Assumed = true
	for _, vault := range vaults {
		if vault.names == nil {
			s.Store, s.Group = "azure_key_vault", vault.name
			return s, true
		}
	}
	if groups := p.scope.allGroups(); len(groups) > 0 {
		s.Store = "variable_group"
		if len(groups) == 1 {
			s.Group = groups[0]
		}
	}
	return s, true
}

// outsiders are the variables whose text somebody without the right to push
// can choose.
var outsiders = []string{"build.sourceversionmessage", "system.pullrequest.sourcebranch", "system.pullrequest.sourcebranchname", "build.sourceversionauthor"}

func (a *collector) untrusted(ref reference, at lint.Span, via []lint.Step, n *lint.Node, p place) {
	if p.closed || !slices.Contains(outsiders, strings.ToLower(ref.name)) {
		return
	}
	privileged := "no" // whether pull requests of forks get secrets is a setting, and off by default
	switch {
	case a.Kind != "workflow":
		privileged = "unknown"
	case !a.proposed():
		return
	}
	a.Untrusted = append(a.Untrusted, model.Untrusted{
		At: n.Span, Address: p.Address, Expression: model.Text{Value: ref.name, At: at, Via: via}, Where: p.Where, Job: p.Job, Step: p.Step,
		Variable: p.Variable, Component: p.Component, Privileged: privileged,
	})
}

// holes are the parts of a script that the platform replaces. What looks like one
// and names no variable is left to the shell: $(pwd).
func (a *collector) holes(n *lint.Node, p place) []model.Hole {
	var all []model.Hole
	for _, ref := range a.references(n) {
		known := p.scope.find(ref.name) != nil || a.set[strings.ToLower(ref.name)] || strings.ToLower(ref.name) != ref.name || strings.ContainsAny(ref.name, ".")
		if known || lint.SecretName(ref.name) {
			all = append(all, model.Hole{Offset: ref.start, Length: ref.end - ref.start})
		}
	}
	for _, fence := range expression.Fences(n.Text) {
		if !slices.ContainsFunc(all, func(h model.Hole) bool { return h.Offset <= fence.Start && fence.Start < h.Offset+h.Length }) {
			all = append(all, model.Hole{Offset: fence.Start, Length: fence.End - fence.Start})
		}
	}
	slices.SortFunc(all, func(x, y model.Hole) int { return x.Offset - y.Offset })
	return all
}
