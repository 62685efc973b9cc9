package jenkins

import (
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// groovyValue is what is known of a value of Groovy.
type groovyValue struct {
	text      string // as written; what is put in when it runs is a part
	at        lint.Span
	via       []lint.Step
	parts     []groovyPart
	is        string // the text itself, where it is sure
	sure      bool
	secrets   []held
	head      string                  // how it begins, as far as that is sure
	functions map[string]*lint.Node   // of a file that was loaded
	block     *lint.Node              // that a function is given
	entries   map[string]*groovyValue // of a map
	absent    bool                    // null, for sure
	list      bool                    // of values, any of which may be the one
	results   []result
	untrusted outsider // whose text is in it
}

// result is what a script printed that the pipeline's program reads.
type result struct {
	job         string
	step        int
	transformed []string
}

// groovyPart is a stretch of a text that Groovy replaces.
type groovyPart struct {
	offset, length int
	at             lint.Span
	secrets        []held
	results        []result
	untrusted      outsider
}

// held is a secret within a value.
type held struct {
	secret      model.Secret
	variable    string
	masked      string
	transformed []string
	file        bool // the value is the path of a file with it
	assumed     bool
	binding     *groovyNames // where it was bound
	at          lint.Span    // where it was named last
}

func (k *groovyValue) step(step lint.Step) {
	if k.text != "" || len(k.secrets) > 0 {
		k.via = append(k.via[:len(k.via):len(k.via)], step)
	}
	for i := range k.secrets {
		k.secrets[i] = k.secrets[i].by(step)
	}
	if k.untrusted.name != "" {
		k.untrusted.via = append(k.untrusted.via[:len(k.untrusted.via):len(k.untrusted.via)], step)
	}
}

// outsider is a variable whose text an outsider writes, and the way from it. The zero
// outsider is none.
type outsider struct {
	name string
	via  []lint.Step
}

func (o outsider) or(other outsider) outsider {
	if o.name != "" {
		return o
	}
	return other
}

func (h held) by(step lint.Step) held {
	h.secret.Via = append(h.secret.Via[:len(h.secret.Via):len(h.secret.Via)], step)
	return h
}

// either adds what a variable may also be.
func (k *groovyValue) either(other *groovyValue) {
	if !k.sure || !other.sure || k.is != other.is {
		k.is, k.sure = "", false
	}
	if k.text == "" {
		k.text, k.at, k.via, k.parts = other.text, other.at, other.via, other.parts
	}
	k.secrets = joinHeld(k.secrets, other.secrets)
	k.results = append(k.results[:len(k.results):len(k.results)], other.results...)
	k.untrusted = k.untrusted.or(other.untrusted)
	if other.functions != nil {
		k.functions = other.functions
	}
}

// maxHeld bounds the secrets of one value.
const maxHeld = 50

func joinHeld(a, b []held) []held {
	all := slices.Clone(a)
	for _, h := range b {
		if len(all) < maxHeld && !slices.ContainsFunc(all, func(o held) bool { return o.variable == h.variable && o.secret.Name.Value == h.secret.Name.Value }) {
			all = append(all, h)
		}
	}
	return all
}

func (k *groovyValue) change(how string) *groovyValue {
	changed := &groovyValue{secrets: slices.Clone(k.secrets), untrusted: k.untrusted}
	for i, h := range changed.secrets {
		changed.secrets[i].transformed = append(h.transformed[:len(h.transformed):len(h.transformed)], how)
		changed.secrets[i].masked = "no"
	}
	for _, r := range k.results {
		r.transformed = append(r.transformed[:len(r.transformed):len(r.transformed)], how)
		changed.results = append(changed.results, r)
	}
	return changed
}

// value works out what can be known of a value without running it.
func (j *collector) value(n *lint.Node, s *groovy) *groovyValue {
	if n == nil || !j.spend() {
		return &groovyValue{}
	}
	switch n.Kind {
	case lint.String, lint.Number, lint.Bool:
		return &groovyValue{text: n.Text, at: n.Span, is: n.Text, head: n.Text, sure: true}
	case lint.List:
		all := j.union(n.Items, s)
		all.list = true
		return all
	case lint.Object:
	default:
		return &groovyValue{absent: true}
	}
	switch {
	case n.Get("text") != nil:
		return j.filled(n, s)
	case n.Get("name") != nil, n.Get("property") != nil:
		return j.named(n, s)
	case n.Get("index") != nil:
		return j.indexed(n, s)
	case n.Get("operator").Str() == "+":
		return j.sum(n.Get("operands").List(), n, s)
	case n.Get("operator").Str() == "?":
		return j.union(n.Get("operands").List()[1:], s)
	case n.Get("operator").Str() == "?:":
		return j.firstOf(n.Get("operands").List(), s)
	case n.Get("operator").Str() == "as":
		return j.value(n.Get("operands").Items[0], s)
	case n.Get("call") != nil:
		return j.result(n, s)
	case n.Get("map") != nil:
		return j.mapping(n.Get("map").Object(), s)
	}
	return &groovyValue{}
}

// union is one of several values.
func (j *collector) union(items []*lint.Node, s *groovy) *groovyValue {
	all := &groovyValue{}
	for _, item := range items {
		one := j.value(item, s)
		all.secrets, all.results = joinHeld(all.secrets, one.secrets), append(all.results, one.results...)
		all.untrusted = all.untrusted.or(one.untrusted)
	}
	return all
}

func (j *collector) mapping(fields []lint.Field, s *groovy) *groovyValue {
	all := &groovyValue{entries: map[string]*groovyValue{}}
	for _, field := range fields {
		entry := j.value(field.Value, s)
		all.entries[field.Key] = entry
		all.secrets = joinHeld(all.secrets, entry.secrets)
	}
	return all
}

// firstOf is a ?: b.
func (j *collector) firstOf(operands []*lint.Node, s *groovy) *groovyValue {
	switch one := j.value(operands[0], s); {
	case one.absent || one.sure && one.is == "":
		return j.value(operands[1], s)
	case one.sure:
		return one
	}
	return j.union(operands, s)
}

// maxText bounds texts that are put together.
const maxText = 1 << 20

// filled is a string with holes.
func (j *collector) filled(n *lint.Node, s *groovy) *groovyValue {
	whole := n.Get("text")
	k := &groovyValue{text: whole.Text, at: whole.Span, sure: true}
	from := 0
	var is strings.Builder
	for _, hole := range n.Get("holes").List() {
		offset, length := groovyNumber(hole.Get("offset")), groovyNumber(hole.Get("length"))
		inner := j.value(hole.Get("value"), s)
		k.parts = append(k.parts, groovyPart{offset, length, hole.Span, inner.secrets, inner.results, inner.untrusted})
		k.untrusted = k.untrusted.or(inner.untrusted)
		k.results = append(k.results, inner.results...)
		k.secrets = joinHeld(k.secrets, inner.secrets)
		k.sure = k.sure && inner.sure && is.Len() < maxText
		if k.sure {
			is.WriteString(whole.Text[from:offset] + inner.is)
		} else if k.head == "" {
			k.head = is.String() + whole.Text[from:offset] + inner.head
		}
		from = offset + length
	}
	if k.sure {
		k.is = is.String() + whole.Text[from:]
		k.head = k.is
	}
	return k.mixed(strings.TrimSpace(k.text))
}

func groovyNumber(n *lint.Node) int {
	i, _ := strconv.Atoi(n.Text)
	return i
}

// mixed marks secrets that are only a part of the text.
func (k *groovyValue) mixed(text string) *groovyValue {
	if len(k.parts) == 1 && k.parts[0].length == len(text) {
		return k
	}
	k.secrets = slices.Clone(k.secrets)
	for i, h := range k.secrets {
		k.secrets[i].transformed = append(h.transformed[:len(h.transformed):len(h.transformed)], "format")
	}
	return k
}

// sum is text + text.
func (j *collector) sum(operands []*lint.Node, n *lint.Node, s *groovy) *groovyValue {
	k := &groovyValue{at: n.Span, sure: true}
	var b strings.Builder
	for _, operand := range operands {
		piece := j.value(operand, s)
		shift := b.Len()
		if shift > maxText {
			k.sure = false
			break
		}
		if piece.at.Source != nil && (operand.Kind == lint.String || operand.Get("text") != nil) {
			b.WriteString(piece.text)
			for _, p := range piece.parts {
				p.offset += shift
				k.parts = append(k.parts, p)
			}
		} else {
			b.WriteString("${" + string(operand.Span.Text()) + "}")
			k.parts = append(k.parts, groovyPart{shift, b.Len() - shift, operand.Span, piece.secrets, piece.results, piece.untrusted})
		}
		k.untrusted = k.untrusted.or(piece.untrusted)
		k.results = append(k.results, piece.results...)
		k.secrets = joinHeld(k.secrets, piece.secrets)
		if k.sure {
			k.head = k.is + piece.head
		}
		k.sure = k.sure && piece.sure
		k.is += piece.is
	}
	k.text = b.String()
	if !k.sure {
		k.is = ""
	}
	return k.mixed(k.text)
}

// named is a variable, a variable of the environment, or a parameter.
func (j *collector) named(n *lint.Node, s *groovy) *groovyValue {
	name, env, explicit := n.Get("name").Str(), false, false
	if property := n.Get("property"); property != nil {
		switch n.Get("of", "name").Str() {
		case "env":
			name, env, explicit = property.Str(), true, true
		case "params":
			name, env, explicit = property.Str(), true, true
		default:
			return j.memberOf(n, s)
		}
	}
	j.work += s.names.cost()
	found := s.find(name, env)
	if global := j.globals[name]; found == nil && global != nil && !env {
		found = global
	}
	if found == nil {
		found = j.environ[name]
	}
	if found != nil {
		copied := *found
		copied.secrets = slices.Clone(found.secrets)
		for i, h := range copied.secrets {
			copied.secrets[i].at = n.Span
			if !s.within(h.binding) {
				copied.secrets[i].masked = "no"
			}
		}
		return &copied
	}
	if n.Get("of", "name").Str() != "params" && slices.Contains(outsiders, name) {
		return &groovyValue{untrusted: outsider{name: name}}
	}
	if (explicit || strings.ToUpper(name) == name) && n.Get("of", "name").Str() != "params" && lint.SecretName(name) {
		return &groovyValue{secrets: []held{{secret: model.Secret{Name: model.Text{Value: name, At: n.Span}, Assumed: true}, variable: name, masked: "unknown", assumed: true, at: n.Span}}}
	}
	return &groovyValue{}
}

// memberOf is a part of something else: what it is taken from goes with it.
func (j *collector) memberOf(n *lint.Node, s *groovy) *groovyValue {
	return j.value(n.Get("of"), s).entry(n.Get("property").Str())
}

func (k *groovyValue) entry(name string) *groovyValue {
	switch {
	case k.entries[name] != nil:
		entry := *k.entries[name]
		entry.secrets = slices.Clone(entry.secrets)
		return &entry
	case k.entries != nil:
		return &groovyValue{absent: true}
	case len(k.secrets)+len(k.results) == 0:
		return &groovyValue{}
	}
	return k.change("json")
}

// indexed is a part of something by its key or number.
func (j *collector) indexed(n *lint.Node, s *groovy) *groovyValue {
	k, index := j.value(n.Get("of"), s), n.Get("index").List()
	if len(index) == 1 && index[0].Kind == lint.String {
		return k.entry(index[0].Text)
	}
	return k.element()
}

// element is one of a list, or a letter of a text.
func (k *groovyValue) element() *groovyValue {
	switch {
	case k.list || k.entries != nil:
		return &groovyValue{secrets: slices.Clone(k.secrets), results: k.results, untrusted: k.untrusted}
	case len(k.secrets)+len(k.results) == 0 && k.untrusted.name == "":
		return &groovyValue{}
	}
	return k.change("substring")
}

// within holds where a binding still is: outside of its block nothing masks what
// it held.
func (s *groovy) within(binding *groovyNames) bool {
	for n := s.names; n != nil && binding != nil; n = n.up {
		if n == binding {
			return true
		}
	}
	return binding == nil
}

func (s *groovy) isEnv(name string) bool {
	for n := s.names; n != nil; n = n.up {
		if n.name == name {
			return n.env
		}
	}
	return false
}

// unchanged are the methods that give what they are called on, or nearly so.
var unchanged = []string{"toString", "trim", "strip", "stripIndent", "stripMargin", "intern", "normalize", "plus", "concat", "join", "get", "getPlainText", "toURI", "toURL"}

// changes are the methods that give something else that tells it.
var changes = map[string]string{
	"toLowerCase": "case", "toUpperCase": "case", "capitalize": "case", "substring": "substring", "take": "substring", "drop": "substring", "getAt": "substring",
	"reverse": "reverse", "encodeBase64": "base64", "encodeBase64Url": "base64", "encodeHex": "hex", "bytes": "bytes", "getBytes": "bytes", "decodeBase64": "decoded",
	"split": "substring", "tokenize": "substring", "toCharArray": "substring", "toList": "substring", "chars": "substring", "replace": "replace", "replaceAll": "replace", "replaceFirst": "replace", "readLines": "substring",
}

// cleans are those that may leave nothing of a text by which it could be code.
var cleans = []string{"replace", "replaceAll"}

// result is what a call gives, where that can be told.
func (j *collector) result(n *lint.Node, s *groovy) *groovyValue {
	name, on := n.Get("call").Str(), n.Get("on")
	switch {
	case on == nil && name == "libraryResource":
		return j.resource(n, s)
	case on == nil && name == "load":
		return j.loaded(n, s)
	case on == nil && (name == "readJSON" || name == "readYaml"):
		return joinedValue(j.value(n.Get("named", "text"), s), j.read(n.Get("named", "file"), s)).change("json")
	case on == nil && name == "readFile":
		return j.read(argument(n, "file"), s)
	case on == nil && (name == "string" || name == "password" || name == "text"):
		return j.value(mapOf(n.Get("named")), s)
	case (on == nil || slices.Contains(handles, on.Get("name").Str())) && shells[name] != "":
		if r, ok := j.captured[n]; ok {
			return &groovyValue{results: []result{r}}
		}
		return &groovyValue{}
	case on == nil || on.Get("name").Str() == "steps":
		return &groovyValue{}
	case name == "get" && argument(n, "key") != nil:
		return j.got(n, s)
	case slices.Contains(unchanged, name):
		k := j.value(on, s)
		for _, arg := range n.Get("arguments").List() {
			if more := j.value(arg, s).secrets; name == "plus" || name == "concat" {
				k.secrets = joinHeld(k.secrets, more)
			}
		}
		return k
	case slices.Contains(cleans, name) && len(n.Get("arguments").List()) > 1:
		changed := j.value(on, s).change(changes[name])
		changed.untrusted = outsider{} // only letters that the pattern leaves
		return changed
	case changes[name] != "":
		return j.value(on, s).change(changes[name])
	}
	return &groovyValue{}
}

// read is what stands in the file of a secret: nothing masks that.
func (j *collector) read(file *lint.Node, s *groovy) *groovyValue {
	k := j.value(file, s)
	content := &groovyValue{}
	for _, h := range k.secrets {
		if h.file {
			h.file, h.masked = false, "no"
			content.secrets = append(content.secrets, h)
		}
	}
	return content
}

func joinedValue(a, b *groovyValue) *groovyValue {
	return &groovyValue{secrets: joinHeld(a.secrets, b.secrets), results: append(slices.Clone(a.results), b.results...), untrusted: a.untrusted.or(b.untrusted)}
}

// got is map.get(key, default).
func (j *collector) got(n *lint.Node, s *groovy) *groovyValue {
	k := j.value(n.Get("on"), s).entry(j.value(argument(n, "key"), s).is)
	if args := n.Get("arguments").List(); k.absent && len(args) > 1 {
		return j.value(args[1], s)
	}
	return k
}

func (j *collector) resource(n *lint.Node, s *groovy) *groovyValue {
	name := j.value(argument(n, "resource"), s)
	src := j.files.Read("resources/" + name.is)
	if !name.sure || src == nil || len(src.Data) > maxText {
		return &groovyValue{}
	}
	return &groovyValue{text: string(src.Data), at: src.Whole(), via: []lint.Step{{Message: "the file is read here", Span: n.Span}}}
}

// outsiders are the variables whose text somebody writes who proposes a change.
var outsiders = []string{
	"CHANGE_TITLE", "CHANGE_BRANCH", "CHANGE_AUTHOR_DISPLAY_NAME", "CHANGE_AUTHOR_EMAIL", "CHANGE_FORK",
	"ghprbPullTitle", "ghprbPullLongDescription", "ghprbCommentBody", "ghprbSourceBranch", "ghprbPullAuthorLogin", "ghprbActualCommitAuthor",
	"gitlabSourceBranch", "gitlabMergeRequestTitle", "gitlabMergeRequestDescription", "gitlabTriggerPhrase", "gitlabUserName",
}

// argument is the one with a name, or the first without one.
func argument(n *lint.Node, name string) *lint.Node {
	if value := groovyOption(n, name); value != nil {
		return value
	}
	args := n.Get("arguments").List()
	if len(args) == 0 || args[0].Get("closure") != nil || args[0].Get("map") != nil {
		return nil
	}
	return args[0]
}

// groovyOption is an argument with a name, also of a map.
func groovyOption(n *lint.Node, name string) *lint.Node {
	if value := n.Get("named", name); value != nil {
		return value
	}
	for _, arg := range n.Get("arguments").List() {
		if value := arg.Get("map", name); value != nil {
			return value
		}
	}
	return nil
}

// groovyBlocks are the blocks that a call is given.
func groovyBlocks(n *lint.Node) []*lint.Node {
	var all []*lint.Node
	for _, arg := range n.Get("arguments").List() {
		if arg.Get("closure") != nil {
			all = append(all, arg)
		}
	}
	return all
}

// spanOf is the place of a value, or that of its name.
func spanOf(value, name *lint.Node) lint.Span {
	if value != nil && value.Span.Source != nil {
		return value.Span
	}
	return name.Span
}

// written is a value as the text that it surely is, and where it stands.
func (k *groovyValue) written() model.Text { return model.Text{Value: k.is, At: k.at, Via: k.via} }
