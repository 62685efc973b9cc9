package jenkins

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// bound is a variable that holds a secret, or the path of a file with one, while
// a block runs.
type bound struct {
	variable model.Text
	secret   model.Secret
	where    string
	is       *groovyValue // for literals and texts that are put together
	masked   string
}

// credentialKey finds the arguments that name credentials of the server.
var credentialKey = regex.Lazy(`(?i)^(?:.*credentials?_?ids?|.*credentials?|authentication|kubeconfigid)$`)

func isCredentialKey(name string) bool { return credentialKey().MatchString(name) }

// credentialIDs are the IDs in a value: one, or a list.
func credentialIDs(n *lint.Node) []*lint.Node {
	switch {
	case n == nil || n.Kind == lint.Null || n.Kind == lint.Bool || n.Get("closure") != nil || n.Get("map") != nil:
		return nil
	case n.Kind == lint.List:
		return n.Items
	}
	return []*lint.Node{n}
}

// credential is what an ID means. One that is worked out is a name that somebody
// else fills in.
func (j *collector) credential(n *lint.Node, s *groovy) model.Secret {
	secret := model.Secret{At: n.Span, Store: "credentials"}
	k := j.value(n, s)
	secret.Via = append(slices.Clone(k.via), s.via...)
	if k.sure && k.is != "" {
		secret.Name = model.Text{Value: k.is, At: n.Span}
		return secret
	}
	j.AddGap(n.Span, "the ID of a credential is worked out when the pipeline runs", "computed", model.Place{})
	secret.Name = model.Text{Value: shortened(string(n.Span.Text())), At: n.Span}
	secret.Parameter = true
	return secret
}

func shortened(s string) string {
	s = strings.Trim(s, `"'`)
	if len(s) > model.MaxLabel {
		return strings.ToValidUTF8(s[:model.MaxLabel], "") + "…"
	}
	return s
}

// reference notes credentials that a step takes from the server itself.
func (j *collector) reference(id *lint.Node, p model.Place, s *groovy) {
	if k := j.value(id, s); k.sure && k.is == "" {
		return
	}
	j.expose(p.Exposure(id.Span, j.credential(id, s)))
}

func (j *collector) expose(e model.Exposure) {
	if len(j.Exposures) >= model.MaxExposures {
		j.limited = true
		return
	}
	j.Exposures = append(j.Exposures, e)
}

// during reads a block in which variables are set, and says which steps get them.
func (j *collector) during(n *lint.Node, all []bound, s *groovy) {
	inner := s.child()
	for _, b := range all {
		inner.set(b)
	}
	from, exposed := len(j.Steps), len(j.Exposures)
	for _, block := range groovyBlocks(n) {
		j.inner(block, inner)
	}
	s.stage = inner.stage
	for _, b := range all {
		j.printed(b, j.Steps[from:])
	}
	runs := j.runs(from, s)
	j.outlive(all, j.Exposures[exposed:], runs)
	for _, run := range runs {
		for _, b := range all {
			j.handed(b, run)
		}
	}
}

// outlive says of variables that a block sets for all steps where the log hides the
// secrets in them that the block binds.
func (j *collector) outlive(all []bound, exposures []model.Exposure, runs []model.Place) {
	for i := range exposures {
		e := &exposures[i]
		binds := func(b bound) bool { return b.is == nil && b.secret.Name.Value == e.Secret.Name.Value }
		if e.Where != "pipeline_env" || !slices.ContainsFunc(all, binds) {
			continue
		}
		for _, run := range runs {
			block := model.Block{Job: run.Job.Value, Last: run.Until} // of no step, if the block has none
			if run.Step != nil {
				block.First = *run.Step
			}
			e.MaskedIn = append(e.MaskedIn, block)
		}
	}
}

// printed notes the steps of a block that get a variable with what an earlier script
// printed.
func (j *collector) printed(b bound, steps []model.Step) {
	if b.is == nil {
		return
	}
	for _, r := range b.is.results {
		for _, step := range steps {
			if len(j.Passes) >= model.MaxExposures {
				j.limited = true
				return
			}
			index := step.Index
			at := model.Place{Address: model.Join(step.Address, "env", b.variable.Value), Where: "step_env", Job: step.Job, Step: &index, Variable: b.variable}
			j.Passes = append(j.Passes, r.pass(b.variable.At, at))
		}
	}
}

// set makes a variable known.
func (s *groovy) set(b bound) {
	is := b.is
	if is == nil {
		h := held{secret: b.secret, variable: b.variable.Value, masked: b.masked, file: b.where == "file"}
		is = &groovyValue{secrets: []held{h}}
	}
	s.bind(b.variable.Value, true, is)
	for i := range is.secrets {
		if b.is == nil {
			is.secrets[i].binding = s.names
		}
	}
}

// runs are the steps of a block, by job: the first and the last of each.
func (j *collector) runs(from int, s *groovy) []model.Place {
	var all []model.Place
	index := map[string]int{}
	for _, step := range j.Steps[from:] {
		i, seen := index[step.Job.Value]
		if !seen {
			i = len(all)
			index[step.Job.Value] = i
			all = append(all, model.Place{Job: step.Job, Step: &step.Index})
			if step.Job.Value != "" {
				all[i].Address = model.Join("jobs", step.Job.Value)
			}
		}
		all[i].Until = step.Index
		j.work++
	}
	if len(all) == 0 {
		p := j.place(s)
		p.Until = -1
		all = append(all, p)
	}
	return all
}

// handed notes that the steps of a block get a variable.
func (j *collector) handed(b bound, p model.Place) {
	p.Where, p.Variable = b.where, b.variable
	p.Address = model.Join(p.Address, "env", b.variable.Value)
	if b.is != nil {
		j.derived(b, p)
		return
	}
	e := p.Exposure(b.secret.At, b.secret)
	e.Masked = b.masked
	j.expose(through(p, e))
}

// through says up to which step the block at a place hands out the secret.
func through(p model.Place, e model.Exposure) model.Exposure {
	if p.Step != nil && p.Until > *p.Step {
		until := p.Until
		e.Until = &until
	}
	return e
}

// derived notes a variable whose value the file tells: a literal, or a text with
// secrets in it.
func (j *collector) derived(b bound, p model.Place) {
	for _, h := range b.is.secrets {
		if h.file {
			continue
		}
		e := j.exposure(h, b.is.at, p)
		if b.is.at.Source == nil {
			e = j.exposure(h, b.variable.At, p)
		}
		j.expose(through(p, e))
	}
	if b.is.sure && len(b.is.secrets) == 0 && b.is.at.Source != nil {
		j.Literals = append(j.Literals, model.Literal{At: b.is.at, Address: p.Address, Variable: b.variable, Value: b.is.written(), Where: p.Where, Job: p.Job, Step: p.Step})
	}
}

// withEnv sets variables: ["NAME=value"].
func (j *collector) withEnv(n *lint.Node, s *groovy) {
	var all []bound
	for _, arg := range n.Get("arguments").List() {
		items := arg.List()
		if arg.Get("closure") != nil {
			continue
		}
		if arg.Kind != lint.List {
			j.walk(arg, s)
		}
		for _, item := range items {
			j.walk(item, s)
			if b, ok := j.assignment(item, s); ok {
				all = append(all, b)
			}
		}
	}
	j.during(n, all, s)
}

// assignment reads "NAME=value".
func (j *collector) assignment(n *lint.Node, s *groovy) (bound, bool) {
	k := j.value(n, s)
	name, value, found := strings.Cut(k.text, "=")
	if !found || len(k.parts) > 0 && k.parts[0].offset < len(name) {
		return bound{}, false
	}
	src := model.NewPlacedText(model.Text{Value: k.text, At: k.at})
	is := *k
	is.text, is.at = value, src.Part(len(name)+1, len(k.text))
	is.is = strings.TrimPrefix(k.is, name+"=")
	if len(is.parts) == 1 && is.parts[0].length == len(value) {
		is.secrets = is.parts[0].secrets
	}
	return bound{variable: model.Text{Value: strings.TrimPrefix(name, "PATH+"), At: src.Part(0, len(name))}, where: "step_env", is: &is}, true
}

// publicVariables get what is no secret of itself: names of accounts.
var publicVariables = []string{"usernameVariable", "accessKeyVariable", "aliasVariable", "subscriptionIdVariable", "clientIdVariable", "tenantIdVariable"}

// fileVariables get the path of a file that is removed when the block ends.
var fileVariables = []string{"keyFileVariable", "keystoreVariable"}

// fileBindings are the bindings whose variable is such a path.
var fileBindings = []string{"file", "zip", "dockerCert", "vaultFile", "FileBinding", "ZipFileBinding", "DockerServerCredentialsBinding", "kubeconfigFile", "kubeconfigContent"}

// defaultVariables are those of bindings that need not name them.
var defaultVariables = map[string]string{
	"aws": "AWS_SECRET_ACCESS_KEY", "AmazonWebServicesCredentialsBinding": "AWS_SECRET_ACCESS_KEY", "azureServicePrincipal": "AZURE_CLIENT_SECRET",
	"gitUsernamePassword": "GIT_PASSWORD",
}

// withCredentials binds credentials of the server to variables.
func (j *collector) withCredentials(n *lint.Node, s *groovy) {
	var all []bound
	for _, item := range j.listed(n, "bindings", s) {
		all = append(all, j.binding(item, s)...)
	}
	j.during(n, all, s)
}

// listed are the items of the list that a step is given.
func (j *collector) listed(n *lint.Node, name string, s *groovy) []*lint.Node {
	list := argument(n, name)
	if list == nil || list.Kind == lint.List {
		return list.List()
	}
	if list.Get("call") != nil || list.Get("map") != nil {
		return []*lint.Node{list}
	}
	j.AddGap(list.Span, "the list of credentials is put together when the pipeline runs; which the block gets was not judged", "computed", model.Place{})
	return nil
}

// binding reads string(credentialsId: …, variable: …) and the like, and the form
// [$class: '…Binding', …].
func (j *collector) binding(n *lint.Node, s *groovy) []bound {
	kind, fields := n.Get("call").Str(), n.Get("named").Object()
	if args := n.Get("arguments").List(); len(fields) == 0 && len(args) == 1 {
		fields = args[0].Get("map").Object()
	}
	if m := n.Get("map"); m != nil {
		fields = m.Object()
		kind = m.Get("$class").Str()
	}
	secret, known := j.boundSecret(fields, s)
	if args := n.Get("arguments").List(); !known && len(args) == 1 && args[0].Get("map") == nil {
		secret, known = j.credential(args[0], s), true
	}
	if !known {
		j.AddGap(n.Span, "a binding of credentials was not understood", "computed", model.Place{})
		return nil
	}
	var all []bound
	for _, field := range fields {
		if field.Key != "variable" && !strings.HasSuffix(field.Key, "Variable") || slices.Contains(publicVariables, field.Key) {
			continue
		}
		k := j.value(field.Value, s)
		b := bound{variable: model.Text{Value: k.is, At: field.Value.Span}, secret: secret, where: "step_env", masked: "yes"}
		if slices.Contains(fileVariables, field.Key) || field.Key == "variable" && slices.ContainsFunc(fileBindings, func(f string) bool { return strings.HasSuffix(kind, f) }) {
			b.where, b.masked = "file", "no" // the mask is for the path
		}
		if k.sure && k.is != "" {
			all = append(all, b)
		} else {
			j.AddGap(field.Value.Span, "the name of the variable that gets a credential is worked out when the pipeline runs", "computed", model.Place{})
		}
	}
	if name := defaultVariables[kind]; len(all) == 0 && name != "" {
		all = append(all, bound{variable: model.Text{Value: name, At: secret.At}, secret: secret, where: "step_env", masked: "yes"})
	}
	return all
}

// boundSecret is the secret of a binding: credentials of the server, or what the
// server asks of Vault by the path in them.
func (j *collector) boundSecret(fields []lint.Field, s *groovy) (model.Secret, bool) {
	for _, field := range fields {
		if isCredentialKey(field.Key) {
			return j.credential(field.Value, s), true
		}
	}
	return model.Secret{}, false
}

// withVault binds what stands in Vault to variables.
func (j *collector) withVault(n *lint.Node, s *groovy) {
	p := j.place(s)
	p.Component = model.Text{Value: "withVault", At: n.Get("call").Span}
	if id := groovyOption(n, "vaultCredentialId"); id != nil {
		j.reference(id, p.At("setting"), s)
	}
	if configuration := groovyOption(n, "configuration"); configuration != nil {
		if id := configuration.Get("map", "vaultCredentialId"); id != nil {
			p.Variable = model.Text{Value: "vaultCredentialId", At: id.Span}
			p.Address = model.Join(p.Address, "withVault", "vaultCredentialId")
			j.reference(id, p.At("setting"), s)
		}
	}
	j.during(n, j.fromVault(groovyOption(n, "vaultSecrets"), s), s)
}

func (j *collector) fromVault(list *lint.Node, s *groovy) []bound {
	var all []bound
	if list != nil && list.Kind != lint.List {
		j.AddGap(list.Span, "the list of secrets is put together when the pipeline runs; which the block gets was not judged", "computed", model.Place{})
	}
	for _, item := range list.List() {
		group := j.value(item.Get("map", "path"), s)
		for _, value := range item.Get("map", "secretValues").List() {
			key, variable := value.Get("map", "vaultKey"), value.Get("map", "envVar")
			if key == nil {
				continue
			}
			k := j.value(key, s)
			if variable == nil {
				variable = key
			}
			v := j.value(variable, s)
			secret := model.Secret{At: key.Span, Via: s.via, Store: "vault", Group: group.written(), Name: model.Text{Value: k.is, At: key.Span}}
			if !k.sure || !v.sure {
				j.AddGap(value.Span, "a secret of Vault is named by what is worked out when the pipeline runs", "computed", model.Place{})
				continue
			}
			all = append(all, bound{variable: model.Text{Value: v.is, At: variable.Span}, secret: secret, where: "step_env", masked: "yes"})
		}
	}
	return all
}

// wrap reads the older form of steps with blocks: wrap([$class: '…', …]).
func (j *collector) wrap(n *lint.Node, s *groovy) {
	settings := lint.NewObject(lint.Span{})
	if list := argument(n, "delegate"); list != nil {
		settings = list.Get("map")
	} else if args := n.Get("arguments").List(); len(args) > 0 {
		settings = args[0].Get("map")
	}
	switch settings.Get("$class").Str() {
	case "VaultBuildWrapper":
		j.during(n, j.fromVault(settings.Get("vaultSecrets"), s), s)
	case "MaskPasswordsBuildWrapper":
		j.masked(n, settings, s)
	default:
		j.component(n, "wrap", s)
	}
}

// masked hides values that the file tells to hide.
func (j *collector) masked(n, settings *lint.Node, s *groovy) {
	j.rest(n, s)
	for _, pair := range settings.Get("varPasswordPairs").List() {
		variable, value := pair.Get("map", "var"), pair.Get("map", "password")
		k := j.value(value, s)
		if k.sure && k.at.Source != nil && variable != nil {
			p := j.place(s)
			j.Literals = append(j.Literals, model.Literal{At: k.at, Address: model.Join(p.Address, variable.Str()), Variable: model.TextOf(variable), Value: k.written(), Where: "job_env", Job: p.Job})
		}
	}
}

// withAWS logs in by a key of the server. A role needs none.
func (j *collector) withAWS(n *lint.Node, s *groovy) {
	id := groovyOption(n, "credentials")
	if id == nil {
		j.component(n, "withAWS", s)
		return
	}
	j.during(n, []bound{{variable: model.Text{Value: "AWS_SECRET_ACCESS_KEY", At: id.Span}, secret: j.credential(id, s), where: "step_env", masked: "yes"}}, s)
}

// sshAgent hands keys to an agent, not to the environment.
func (j *collector) sshAgent(n *lint.Node, s *groovy) {
	p := j.place(s).At("setting")
	p.Component = model.Text{Value: "sshagent", At: n.Get("call").Span}
	p.Address = model.Join(p.Address, "sshagent")
	list := groovyOption(n, "credentials")
	if list == nil {
		list = argument(n, "credentials")
	}
	for _, id := range credentialIDs(list) {
		j.reference(id, p, s)
	}
	j.rest(n, s)
}

func (j *collector) kubeConfig(n *lint.Node, s *groovy) {
	id := groovyOption(n, "credentialsId")
	if id == nil {
		j.component(n, "withKubeConfig", s)
		return
	}
	j.during(n, []bound{{variable: model.Text{Value: "KUBECONFIG", At: id.Span}, secret: j.credential(id, s), where: "file", masked: "no"}}, s)
}

// registry logs in to an image registry while a block runs:
// docker.withRegistry(url, id), withDockerRegistry(credentialsId: id).
func (j *collector) registry(n *lint.Node, s *groovy) {
	id := groovyOption(n, "credentialsId")
	if args := n.Get("arguments").List(); id == nil && len(args) > 1 && args[1].Get("closure") == nil {
		id = args[1]
	}
	if id != nil && id.Kind != lint.Null {
		p := j.place(s).At("container_credential")
		p.Component = model.Text{Value: n.Get("call").Str(), At: n.Get("call").Span}
		p.Address = model.Join(p.Address, n.Get("call").Str())
		j.reference(id, p, s)
	}
	j.rest(n, s)
}
