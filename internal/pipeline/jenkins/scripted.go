package jenkins

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/yaml"
)

// scriptedStage reads stage('x') { … }.
func (j *collector) scriptedStage(n *lint.Node, s *groovy) {
	if len(groovyBlocks(n)) == 0 {
		if args := n.Get("arguments").List(); len(args) == 1 { // the old form: what follows belongs to it
			if s.stage != nil && s.stage.outer != nil && s.stage.at.Source == nil {
				s.stage = s.stage.outer
			}
			entered := j.stageOf(n, s)
			s.stage = entered.stage
		}
		return
	}
	inner := j.stageOf(n, s)
	j.blocksOf(n, inner)
	if !inner.stage.divided {
		j.job(inner)
	}
}

// node runs its block on a machine.
func (j *collector) node(n *lint.Node, s *groovy) {
	inner := s.child()
	runner := model.Runner{At: n.Span, Kind: "self_hosted"}
	if s.pod {
		runner.Kind = "pod"
	}
	if label := j.value(argument(n, "label"), s); label.text != "" {
		runner.Labels = []model.Text{{Value: label.text, At: label.at, Via: label.via}}
	}
	if s.stage == nil {
		inner.stage = &groovyStage{id: model.Text{Value: j.unique("node"), At: n.Get("call").Span, Via: s.via}, at: n.Span, runner: runner, shared: j.workspace()}
	} else if !s.stage.known {
		s.stage.runner, s.stage.shared = runner, j.workspace()
	}
	j.blocksOf(n, inner)
}

// podTemplate says which containers a machine is made of.
func (j *collector) podTemplate(n *lint.Node, s *groovy) {
	for _, container := range groovyOption(n, "containers").List() {
		if image := groovyOption(container, "image"); image != nil {
			j.imageOf(image, model.Place{Address: "podTemplate"}, s, "")
		}
		j.podVariables(groovyOption(container, "envVars"), s)
	}
	j.podVariables(groovyOption(n, "envVars"), s)
	if pod := groovyOption(n, "yaml"); pod != nil {
		j.pod(j.value(pod, s), pod.Span)
	}
	inner := s.child()
	inner.pod = true
	j.blocksOf(n, inner)
}

// podVariables reads secretEnvVar(key:, secretName:, secretKey:) and envVar.
func (j *collector) podVariables(list *lint.Node, s *groovy) {
	for _, n := range list.List() {
		key, p := groovyOption(n, "key"), model.Place{Address: "podTemplate"}
		p.Variable = model.TextOf(key)
		p.Address = model.Join(p.Address, "env", key.Str())
		switch n.Get("call").Str() {
		case "secretEnvVar":
			group, name := j.value(groovyOption(n, "secretName"), s), groovyOption(n, "secretKey")
			if name.Str() == "" {
				j.AddGap(n.Span, "a key of a Secret is worked out when the pipeline runs", "computed", model.Place{})
				continue
			}
			j.fromKubernetes(name.Span, name.Str(), group.written(), p)
		case "envVar":
			if k := j.value(groovyOption(n, "value"), s); k.sure && k.at.Source != nil {
				j.Literals = append(j.Literals, model.Literal{At: k.at, Address: p.Address, Variable: p.Variable, Value: k.written(), Where: "container_env"})
			}
		}
	}
}

func (j *collector) fromKubernetes(at lint.Span, name string, group model.Text, p model.Place) {
	e := p.At("container_env").Exposure(at, model.Secret{At: at, Store: "kubernetes", Group: group, Name: model.Text{Value: name, At: at}})
	e.PlatformToken, e.Masked = false, "no"
	j.expose(e)
}

func (j *collector) podFile(n *lint.Node, s *groovy) {
	name := j.value(n, s)
	src := j.files.Read(path.Clean(name.is))
	if !name.sure || src == nil {
		j.AddGap(n.Span, "the file of the pod was not found in the repository; its images and secrets were not judged", "remote", model.Place{})
		return
	}
	j.pod(&groovyValue{text: string(src.Data), at: src.Whole()}, n.Span)
}

// pod reads the YAML of a pod for its images and for the secrets that its
// containers get.
func (j *collector) pod(k *groovyValue, used lint.Span) {
	if len(k.parts) > 0 || k.text == "" {
		j.AddGap(used, "the pod is put together when the pipeline runs; its images and secrets were not judged", "computed", model.Place{})
		return
	}
	roots, findings := yaml.Read(&lint.Source{Path: "pod.yaml", Data: []byte(k.text)})
	if len(roots) == 0 || len(findings) > 0 {
		j.AddGap(used, "the pod cannot be read as YAML; its images and secrets were not judged", "syntax", model.Place{})
		return
	}
	src := model.NewPlacedText(model.Text{Value: k.text, At: k.at})
	for _, root := range roots {
		for _, list := range []string{"containers", "initContainers"} {
			for _, container := range root.Get("spec", list).List() {
				j.podContainer(container, src)
			}
		}
	}
}

func (j *collector) podContainer(n *lint.Node, src model.PlacedText) {
	p := model.Place{Address: "pod"}
	if image := n.Get("image"); image.Str() != "" {
		at := src.Part(image.Span.Start, image.Span.End)
		c := model.Component{At: at, Address: "pod.image", Ref: model.Text{Value: image.Str(), At: at}, Kind: "image", Inputs: model.InputsOf(nil)}
		c.SetImage(strings.TrimSpace(image.Str()))
		c.Privileged = model.TextOf(n.Get("securityContext", "privileged")).Value == "true"
		j.Components = append(j.Components, c)
	}
	for _, variable := range n.Get("env").List() {
		name, from := variable.Get("name"), variable.Get("valueFrom", "secretKeyRef")
		p.Variable = model.Text{Value: name.Str(), At: src.Part(nameSpan(name))}
		p.Address = model.Join("pod", "env", name.Str())
		if key := from.Get("key"); key.Str() != "" {
			group := from.Get("name")
			j.fromKubernetes(src.Part(nameSpan(key)), key.Str(), model.Text{Value: group.Str(), At: src.Part(nameSpan(group))}, p)
		} else if value := variable.Get("value"); model.IsScalar(value) {
			at := src.Part(nameSpan(value))
			j.Literals = append(j.Literals, model.Literal{At: at, Address: p.Address, Variable: p.Variable, Value: model.Text{Value: value.Text, At: at}, Where: "container_env"})
		}
	}
	for _, from := range n.Get("envFrom").List() {
		if group := from.Get("secretRef", "name"); group.Str() != "" {
			at := src.Part(nameSpan(group))
			e := p.At("container_env").Exposure(at, model.Secret{At: at, Store: "kubernetes", Group: model.Text{Value: group.Str(), At: at}, All: true})
			e.Masked = "no"
			j.expose(e)
		}
	}
}

func nameSpan(n *lint.Node) (start, end int) {
	if n == nil {
		return 0, 0
	}
	return n.Span.Start, n.Span.End
}

// annotation reads @Library('name@version').
func (j *collector) annotation(n *lint.Node, s *groovy) {
	if n.Get("annotation").Str() != "Library" {
		return
	}
	for _, arg := range n.Get("arguments").List() {
		items := arg.List()
		if arg.Kind != lint.List {
			items = []*lint.Node{arg}
		}
		for _, item := range items {
			j.libraryOf(item, s)
		}
	}
}

// library reads library('name@version') and lib('name@version').
func (j *collector) library(n *lint.Node, s *groovy) {
	if ref := argument(n, "identifier"); ref != nil {
		j.libraryOf(ref, s)
	}
	for _, field := range n.Get("named").Object() {
		if field.Key != "identifier" {
			j.libraryFrom(field.Value, s)
		}
	}
}

// libraryFrom reads how a library is fetched, for credentials.
func (j *collector) libraryFrom(n *lint.Node, s *groovy) {
	if n.Get("call") == nil {
		return
	}
	p := model.Place{Address: "library", Component: model.Text{Value: "library", At: n.Span}}
	j.inputs(n, p, s)
}

func (j *collector) libraryOf(n *lint.Node, s *groovy) {
	k := j.value(n, s)
	ref := model.Text{Value: k.text, At: n.Span, Via: k.via}
	if k.sure {
		ref.Value = k.is
	}
	c := model.Component{At: n.Span, Address: model.Join("libraries", ref.Value), Ref: ref, Kind: "shared_library", Inputs: model.InputsOf(nil)}
	name, version, pinned := strings.Cut(ref.Value, "@")
	c.Name, c.Version = strings.ToLower(name), version
	switch {
	case !k.sure:
		c.Pin, c.Name, c.Version = "unknown", "", ""
	case !pinned:
		c.Pin = "none"
	case model.IsDigest(version):
		c.Pin = "digest"
	case model.IsVersion(version):
		c.Pin = "version"
	default:
		c.Pin = "branch"
	}
	j.Components = append(j.Components, c)
	if j.files.Read("vars") == nil && ref.Value != "" {
		j.AddGap(n.Span, "the shared library stands in another repository; what its steps do with secrets was not judged", "remote", model.Place{})
	}
}

// load reads load 'file.groovy': it runs the file, and gives its functions.
func (j *collector) load(n *lint.Node, s *groovy) {
	name := j.value(argument(n, "path"), s)
	root, functions := j.open(name.is)
	key := "load " + name.is
	switch {
	case !name.sure:
		j.AddGap(n.Span, "the file that is loaded is worked out when the pipeline runs", "computed", model.Place{})
	case root == nil:
		j.AddGap(n.Span, "the file that is loaded was not found in the repository; what it does was not judged", "remote", model.Place{})
	case !j.followed[key] && !j.tooDeep(n, s):
		j.followed[key] = true
		defer func(was map[string]*lint.Node) { j.depth--; j.functions = was }(j.functions)
		j.depth++
		inner := s.child()
		inner.via = append(s.via[:len(s.via):len(s.via)], lint.Step{Message: "loaded here", Span: n.Span})
		j.functions = functions
		j.block(root.Get("statements").List(), inner)
	}
}

// loaded is what load gives: the functions of the file.
func (j *collector) loaded(n *lint.Node, s *groovy) *groovyValue {
	name := j.value(argument(n, "path"), s)
	_, functions := j.open(name.is)
	return &groovyValue{functions: functions}
}

// loadedBy are the functions behind a variable.
func (j *collector) loadedBy(on *lint.Node, s *groovy) map[string]*lint.Node {
	name := on.Get("name").Str()
	if name == "" {
		return nil
	}
	if k := s.find(name, false); k != nil {
		return k.functions
	}
	return nil
}
