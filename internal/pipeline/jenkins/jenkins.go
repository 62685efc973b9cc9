// Package jenkins collects declarative and scripted pipelines of Jenkins, as far as
// their Groovy can be read without running it.
package jenkins

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/jenkins"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// collector reads one pipeline of Jenkins, or one step of a shared library. It
// runs nothing: it knows constants, texts that are put together, variables, and
// the functions of the repository that are called.
type collector struct {
	model.Pipeline
	files     model.Files
	text      string         // of the file, to see what it names
	ids       map[string]int // how often a name was taken
	steps     map[string]int // how many a job has
	called    map[string]bool
	functions map[string]*lint.Node
	globals   map[string]*groovyValue // variables that are set without being declared
	environ   map[string]*groovyValue // variables of the environment that scripts set
	followed  map[string]bool         // calls, by job
	ran       map[*lint.Node]bool     // blocks that a function runs
	captured  map[*lint.Node]result   // calls whose output the program reads
	depth     int
	machines  int
	work      int
	limited   bool
}

// Limits of what is followed: calls are read once more for each caller.
const (
	maxCalls = 20      // calls within calls
	maxNodes = 400_000 // values that are looked at
)

// Collect reads one Jenkinsfile, or one step of a shared library.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline {
	j := &collector{
		files: files, ids: map[string]int{}, steps: map[string]int{}, called: map[string]bool{},
		functions: map[string]*lint.Node{}, globals: map[string]*groovyValue{}, environ: map[string]*groovyValue{}, followed: map[string]bool{}, ran: map[*lint.Node]bool{}, captured: map[*lint.Node]result{},
	}
	j.Pipeline.At = doc.Root.Span
	j.Platform, j.Masking, j.Kind = "jenkins", "values", "workflow"
	j.Traits = traits
	j.text = string(doc.Root.Span.Text())
	statements := doc.Root.Get("statements").List()
	library := path.Base(path.Dir(doc.Path)) == "vars" && path.Ext(doc.Path) == ".groovy"
	if library {
		j.Kind = "component"
		j.Name = model.Text{Value: strings.TrimSuffix(path.Base(doc.Path), ".groovy")}
	}
	declareFunctions(statements, j.functions)
	s := &groovy{dir: path.Dir(doc.Path)}
	j.block(statements, s)
	j.uncalled(statements, s)
	j.forgetIDs()
	if library && len(j.Jobs) > 0 {
		j.Kind = "reusable"
	}
	if j.limited {
		j.AddGap(lint.Span{}, "the pipeline calls its functions or repeats its values more often than is followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &j.Pipeline
}

// declareFunctions notes the functions of a file.
func declareFunctions(statements []*lint.Node, functions map[string]*lint.Node) {
	for _, n := range statements {
		if name := n.Get("function").Str(); name != "" {
			functions[name] = n
		}
		declareFunctions(n.Get("body").List(), functions)
	}
}

// uncalled reads the functions that nothing calls by name: those of a library,
// and those that are called in ways which are not followed.
func (j *collector) uncalled(statements []*lint.Node, s *groovy) {
	for _, n := range statements {
		if name := n.Get("function").Str(); name != "" && !j.called[name] {
			j.called[name] = true
			inner := s.child()
			if j.Kind == "workflow" {
				inner.stage = &groovyStage{id: model.Text{Value: "function " + name, At: n.Get("function").Span}, at: n.Span}
			}
			inner.parameters(n)
			j.block(n.Get("body").List(), inner)
		}
		if n.Get("class") != nil {
			j.uncalled(n.Get("body").List(), s)
		}
	}
}

// groovy is what stands around a statement.
type groovy struct {
	names     *groovyNames
	stage     *groovyStage
	condition model.Text
	via       []lint.Step
	dir       string // of the file
	pod       bool   // machines are made of a podTemplate
}

// groovyNames are the variables that are known, the latest first.
type groovyNames struct {
	name  string
	env   bool // of the environment, not of Groovy
	is    *groovyValue
	up    *groovyNames
	depth int
}

// cost is what a search of the names takes, in values looked at.
func (n *groovyNames) cost() int {
	if n == nil {
		return 0
	}
	return n.depth / 100
}

func (s *groovy) child() *groovy {
	inner := *s
	return &inner
}

func (s *groovy) bind(name string, env bool, is *groovyValue) {
	depth := 0
	if s.names != nil {
		depth = s.names.depth
	}
	s.names = &groovyNames{name, env, is, s.names, depth + 1}
}

// find looks a name up. To Groovy a variable of the environment is one of its
// own, if it has none of that name.
func (s *groovy) find(name string, env bool) *groovyValue {
	var outer *groovyValue
	for n := s.names; n != nil; n = n.up {
		if n.name != name {
			continue
		}
		if n.env == env {
			return n.is
		}
		if n.env && outer == nil {
			outer = n.is
		}
	}
	return outer
}

// parameters binds what a function or block is given, which is not known.
func (s *groovy) parameters(n *lint.Node) {
	for _, name := range n.Get("parameters").List() {
		s.bind(name.Str(), false, &groovyValue{})
	}
}

// groovyStage is what becomes a job: a stage, or a node without one.
type groovyStage struct {
	id        model.Text
	name      model.Text
	at        lint.Span
	runner    model.Runner
	container model.Text
	condition model.Text
	needs     []model.Text
	shared    []model.Shared // the work space of its machine
	outer     *groovyStage
	known     bool // there is a job of it
	divided   bool // into stages
}

// enter makes a stage within another. Names that occur twice are told apart.
func (j *collector) enter(name model.Text, at lint.Span, s *groovy) *groovy {
	inner := s.child()
	inner.stage = &groovyStage{name: name, at: at, outer: s.stage, condition: s.condition}
	id := model.Join("", strings.ReplaceAll(name.Value, "\n", " "))
	if s.stage != nil {
		s.stage.divided = true
		inner.stage.runner, inner.stage.container, inner.stage.shared = s.stage.runner, s.stage.container, s.stage.shared
		if s.stage.name.Value != "" {
			id = s.stage.id.Value + "/" + id
		}
	}
	if len(id) > 2*model.MaxLabel {
		id = strings.ToValidUTF8(id[:2*model.MaxLabel], "") + "…"
	}
	inner.stage.id = model.Text{Value: j.unique(id), At: name.At, Via: s.via}
	return inner
}

// workspace is that of a machine: all stages on it find the files there.
func (j *collector) workspace() []model.Shared {
	j.machines++
	return []model.Shared{{Name: "work space " + strconv.Itoa(j.machines), Folder: "."}}
}

func (j *collector) unique(id string) string {
	if id == "" {
		id = "stage"
	}
	for base := id; j.ids[id] > 0; {
		j.ids[base]++
		id = base + "#" + strconv.Itoa(j.ids[base])
	}
	j.ids[id]++
	return id
}

// job is the job of a place; it is one from when something is done there.
func (j *collector) job(s *groovy) model.Text {
	if s.stage == nil {
		if j.Kind != "workflow" {
			return model.Text{}
		}
		s.stage = &groovyStage{id: model.Text{Value: j.unique("pipeline")}, at: lint.Span{}}
	}
	st := s.stage
	if st.id.Value == "" {
		st.id.Value = j.unique("pipeline")
	}
	if !st.known && len(j.Jobs) < model.MaxJobs {
		st.known = true
		if st.runner.Kind == "" {
			st.runner.Kind = "self_hosted"
		}
		j.Jobs = append(j.Jobs, model.Job{
			At: st.at, ID: st.id, Name: st.name, Needs: st.needs, Condition: st.condition, Runner: st.runner, Container: st.container, Shared: st.shared,
		})
	}
	j.limited = j.limited || !st.known
	return st.id
}

func (j *collector) place(s *groovy) model.Place {
	p := model.Place{Job: j.job(s)}
	if p.Job.Value != "" {
		p.Address = model.Join("jobs", p.Job.Value)
	}
	return p
}

// spend says whether there is still room for work.
func (j *collector) spend() bool {
	j.work++
	if j.work > maxNodes {
		j.limited = true
	}
	return !j.limited
}

func (j *collector) block(statements []*lint.Node, s *groovy) {
	for _, n := range statements {
		j.walk(n, s)
	}
}

// inner reads a block that has variables of its own.
func (j *collector) inner(n *lint.Node, s *groovy) {
	inner := s.child()
	inner.parameters(n)
	j.block(n.Get("closure").List(), inner)
	s.stage = inner.stage
}

// eachOf reads the block of a method that runs it for each part of what it is called on.
func (j *collector) eachOf(n *lint.Node, s *groovy) {
	one := j.value(n.Get("on"), s).element()
	for _, block := range groovyBlocks(n) {
		inner := s.child()
		if len(block.Get("parameters").List()) == 0 {
			inner.bind("it", false, one)
		}
		for _, name := range block.Get("parameters").List() {
			inner.bind(name.Str(), false, one)
		}
		j.block(block.Get("closure").List(), inner)
		s.stage = inner.stage
	}
}

// walk reads one statement or value and all that it does.
func (j *collector) walk(n *lint.Node, s *groovy) {
	if n == nil || !j.spend() {
		return
	}
	if n.Kind == lint.List {
		j.block(n.Items, s)
		return
	}
	if n.Kind != lint.Object || len(n.Fields) == 0 {
		return
	}
	switch n.Fields[0].Key {
	case "call":
		j.call(n, s)
	case "define":
		j.define(n, s)
	case "assign":
		j.assign(n, s)
	case "closure":
		j.inner(n, s)
	case "if":
		j.branch(n, s)
	case "loop":
		j.loop(n, s)
	case "function", "class", "import", "type": // read where they are called
	case "annotation":
		j.annotation(n, s)
	case "unread":
		j.AddGap(n.Span, "a statement was not understood and not judged", "syntax", model.Place{})
		j.walk(n.Get("blocks"), s)
	default:
		for _, field := range n.Fields {
			j.walk(field.Value, s)
		}
	}
}

func (j *collector) define(n *lint.Node, s *groovy) {
	j.walk(n.Get("value"), s)
	name := n.Get("define")
	if name.Kind == lint.List {
		for _, item := range name.Items {
			s.bind(item.Str(), false, &groovyValue{})
		}
		return
	}
	s.bind(name.Str(), false, j.setTo(name, n.Get("value"), s))
}

// setTo is what a variable is from here on.
func (j *collector) setTo(name, value *lint.Node, s *groovy) *groovyValue {
	is := j.value(value, s)
	is.step(lint.Step{Message: name.Str() + " is set here", Span: spanOf(value, name)})
	return is
}

func (j *collector) assign(n *lint.Node, s *groovy) {
	target := n.Get("assign")
	if target.Get("of", "name").Str() == "env" && target.Get("property") != nil && target.Get("name").Str() == "" {
		j.setVariable(target.Get("property"), n.Get("value"), "pipeline_env", s)
		j.keep(target.Get("property").Str(), *s.find(target.Get("property").Str(), true))
		return
	}
	j.walk(n.Get("value"), s)
	name := target.Get("name")
	if name.Str() == "" {
		if property := target.Get("property").Str(); target.Get("of", "name").Str() == "currentBuild" && (property == "description" || property == "displayName") {
			j.shown(n, n.Get("value"), "repository", "currentBuild."+property, s) // which no mask hides
			return
		}
		j.walk(target, s)
		return
	}
	is, old := j.setTo(name, n.Get("value"), s), j.globals[name.Str()]
	if found := s.find(name.Str(), false); found != nil && !s.isEnv(name.Str()) {
		old = found
	}
	if old != nil {
		old.either(is)
		return
	}
	j.globals[name.Str()] = is
}

// keep makes a variable of the environment known that a script sets: it outlives the
// block around.
func (j *collector) keep(name string, is groovyValue) {
	if old := j.environ[name]; old != nil {
		old.either(&is)
		return
	}
	j.environ[name] = &is
}

// forgetIDs drops the literals that only name credentials of the server.
func (j *collector) forgetIDs() {
	ids := map[string]bool{}
	for _, e := range j.Exposures {
		ids[e.Secret.Name.Value] = ids[e.Secret.Name.Value] || e.Secret.Store == "credentials"
	}
	j.Literals = slices.DeleteFunc(j.Literals, func(l model.Literal) bool {
		return ids[l.Value.Value] || isCredentialKey(l.Variable.Value) && credentialID().MatchString(l.Value.Value)
	})
}

var credentialID = regex.Lazy(`^[A-Za-z0-9][A-Za-z0-9 ._/-]*$`)

func (j *collector) branch(n *lint.Node, s *groovy) {
	j.walk(n.Get("if"), s)
	for _, part := range []string{"then", "else"} {
		inner := s.child()
		inner.condition = model.Text{Value: string(n.Get("if").Span.Text()), At: n.Get("if").Span}
		if part == "then" {
			j.check(n.Get("if"), inner)
		}
		j.block(n.Get(part).List(), inner)
		s.stage = inner.stage
	}
	if unless := n.Get("if"); unless.Get("operator").Str() == "!" && ends(n.Get("then").List()) {
		j.check(unless.Get("operands").Items[0], s)
	}
}

// check notes that texts which a condition holds to a pattern, a text or a list are no
// outsider's any more.
func (j *collector) check(condition *lint.Node, s *groovy) {
	operands, text := condition.Get("operands").List(), condition.Get("on")
	switch operator := condition.Get("operator").Str(); {
	case operator == "&&":
		for _, operand := range operands {
			j.check(operand, s)
		}
		return
	case slices.Contains([]string{"==~", "==", "in"}, operator):
		text = operands[0]
	case condition.Get("call").Str() != "matches":
		return
	}
	is := *j.value(text, s)
	is.untrusted = outsider{}
	if name := text.Get("name").Str(); name != "" {
		s.bind(name, false, &is)
	} else if text.Get("of", "name").Str() == "env" {
		s.bind(text.Get("property").Str(), true, &is)
	}
}

// ends says whether nothing that stands behind a block runs after it.
func ends(block []*lint.Node) bool {
	return slices.ContainsFunc(block, func(n *lint.Node) bool {
		return n.Get("call").Str() == "error" || n.Get("return") != nil || n.Get("throw") != nil
	})
}

func (j *collector) loop(n *lint.Node, s *groovy) {
	inner := s.child()
	j.walk(n.Get("loop"), inner)
	if name := n.Get("variable").Str(); name != "" {
		of := &groovyValue{}
		for _, value := range n.Get("loop").List() {
			of = joinedValue(of, j.value(value, s).element())
		}
		inner.bind(name, false, of)
	}
	j.block(n.Get("body").List(), inner)
	s.stage = inner.stage
}

// follow reads what a function of the repository does where it is called.
func (j *collector) follow(function, call *lint.Node, functions map[string]*lint.Node, s *groovy) {
	name := function.Get("function").Str()
	j.called[name] = true
	key := name + " " + string(call.Span.Text())
	if s.stage != nil {
		key = s.stage.id.Value + " " + key
	}
	if j.followed[key] || j.tooDeep(call, s) {
		return
	}
	j.followed[key] = true
	defer func(was map[string]*lint.Node) { j.depth--; j.functions = was }(j.functions)
	j.depth++
	inner := s.child()
	inner.via = append(s.via[:len(s.via):len(s.via)], lint.Step{Message: "called here", Span: call.Span})
	j.bindArguments(function, call, s, inner)
	j.functions = functions
	j.block(function.Get("body").List(), inner)
}

// tooDeep says whether a call stands within too many others to be followed.
func (j *collector) tooDeep(call *lint.Node, s *groovy) bool {
	if j.depth < maxCalls {
		return false
	}
	j.AddGap(call.Span, "the call stands within more calls than are followed; what it does was not judged", "limit", j.place(s))
	return true
}

// bindArguments gives a function what it is called with. Named arguments are its
// first, as one map; a block is its last.
func (j *collector) bindArguments(function, call *lint.Node, s, inner *groovy) {
	args := call.Get("arguments").List()
	if named := call.Get("named"); len(named.Object()) > 0 {
		args = append([]*lint.Node{mapOf(named)}, args...)
	}
	parameters := function.Get("parameters").List()
	for i, parameter := range parameters {
		is := &groovyValue{}
		if i < len(args) {
			is = j.value(args[i], s)
		} else if value := defaultOf(function, parameter.Str()); value != nil {
			is = j.value(value, s)
		}
		if last := len(args) - 1; i == len(parameters)-1 && last >= 0 && args[last].Get("closure") != nil {
			is = &groovyValue{block: args[last]}
		}
		inner.bind(parameter.Str(), false, is)
	}
}

func defaultOf(function *lint.Node, parameter string) *lint.Node {
	for _, n := range function.Get("defaults").List() {
		if n.Get("define").Str() == parameter {
			return n.Get("value")
		}
	}
	return nil
}

func mapOf(named *lint.Node) *lint.Node {
	n := lint.NewObject(named.Span)
	n.Set("map", lint.Span{}, named)
	return n
}

// invoke reads the function of the repository that is called, and the blocks that
// it is given and does not run itself.
func (j *collector) invoke(function, call *lint.Node, functions map[string]*lint.Node, s *groovy) {
	for _, arg := range call.Get("arguments").List() {
		if arg.Get("closure") == nil {
			j.walk(arg, s)
		}
	}
	for _, field := range call.Get("named").Object() {
		j.walk(field.Value, s)
	}
	for _, block := range groovyBlocks(call) {
		delete(j.ran, block)
	}
	j.follow(function, call, functions, s)
	for _, block := range groovyBlocks(call) {
		if !j.ran[block] {
			j.inner(block, s)
		}
	}
}

// open reads another file of the repository.
func (j *collector) open(name string) (*lint.Node, map[string]*lint.Node) {
	src := j.files.Read(path.Clean(name))
	if src == nil {
		return nil, nil
	}
	docs, _ := jenkins.Parse([]*lint.Source{src})
	if len(docs) == 0 {
		return nil, nil
	}
	functions := map[string]*lint.Node{}
	declareFunctions(docs[0].Root.Get("statements").List(), functions)
	return docs[0].Root, functions
}
