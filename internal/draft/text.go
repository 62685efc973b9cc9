package draft

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	form "github.com/policyctl/policyctl/internal/parse/contract"
)

// slotPrefixes lead from a slot to the reference by which contracts name it.
var slotPrefixes = []struct{ platform, prefix string }{
	{"github", "github-secret:"}, {"kubernetes", "k8s-secret:"}, {"compose", "compose-secret:"}, {"docker", "docker-secret:"},
	{"terraform", "tf:"}, {"terraform", "tf-var:"}, {"cloudformation", "cfn-secret:"}, {"arm", "arm-secret:"}, {"env", "env:"},
}

// reference is how a contract names a slot, "" if it cannot.
func reference(slot string) (platform, name string) {
	for _, p := range slotPrefixes {
		rest, found := strings.CutPrefix(slot, p.prefix)
		switch {
		case !found:
			continue
		case p.prefix == "tf-var:":
			return p.platform, strings.Replace(rest, "//", "//var.", 1)
		}
		return p.platform, rest
	}
	return "", ""
}

// fits says whether a contract can name a slot, if such slots have names in
// contracts at all. No form has control characters.
func fits(slot string) bool {
	platform, name := reference(slot)
	return platform == "" || form.References(platform, name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// unfit notes a name that is left out.
func (w *writer) unfit(name string, at lint.Span) {
	w.result.Unfit = append(w.result.Unfit, lint.Related{Location: at.Location(),
		Message: fmt.Sprintf("the name %q cannot stand in a contract", name)})
}

// refer collects the references: in the environment to which they belong, or
// beside them where they hold for all or nobody knows.
func (s *stub) refer() {
	for _, u := range s.group.uses {
		if told := s.grouper.told(u.Name); u.Platform == "github" && told != "" {
			s.add(told, "github-secret:"+strings.ToUpper(u.Name))
			continue
		}
		slot, in := s.slotOf(u), s.environmentOf(u)
		if in != "" && u.Platform == "github" && !strings.Contains(slot, "/") {
			s.environment(in)
			in = "" // one value for all environments
		}
		s.add(in, slot)
	}
	for _, supply := range s.group.supplies {
		s.add(s.grouper.environment(supply.Slot), s.keyed(supply.Slot))
	}
	for _, o := range s.group.objects {
		if e := s.grouper.environment(o.Slot); o.Name == "" || o.Fills != "" || e == "" || s.environments[e] == nil || s.environments[e].path != o.Name {
			s.add(e, o.Slot)
		}
	}
	for _, r := range s.group.readers {
		if r.Kind == "env" && !s.grouper.filled[r.Name] {
			s.add("", "env:"+r.Name)
		}
	}
	s.compose()
}

func (s *stub) add(environment, slot string) {
	platform, name := reference(slot)
	if platform == "" || !fits(slot) {
		return
	}
	to := s.references
	if environment != "" {
		to = s.environment(environment).references
	}
	if !slices.Contains(to[platform], name) {
		to[platform] = append(to[platform], name)
	}
}

// slotOf is the slot of a use as the contract names it. Of a CI secret nobody
// sees whether it belongs to the environment: it does if no job without one
// uses it.
func (s *stub) slotOf(u *graph.ResolvedUse) string {
	if u.Platform != "github" {
		return s.keyed(u.Slot)
	}
	name := strings.ToUpper(u.Name)
	for _, other := range s.group.uses {
		if other.Platform == "github" && strings.EqualFold(other.Name, u.Name) && other.Scope == "" {
			return "github-secret:" + name
		}
	}
	return "github-secret:" + u.Scope + "/" + name
}

// keyed is a Secret, and the key in it only where others of its keys are other
// secrets.
func (s *stub) keyed(slot string) string {
	whole, _, _ := strings.Cut(slot, "#")
	if !isBag(slot) || s.grouper.parts[s.grouper.clusterOf(slot)] != nil {
		return slot
	}
	return whole
}

// compose leaves one reference for each project: its files share their secrets.
func (s *stub) compose() {
	projects := map[string]bool{}
	slices.Sort(s.references["compose"])
	s.references["compose"] = slices.DeleteFunc(s.references["compose"], func(reference string) bool {
		file, name, _ := strings.Cut(reference, "#")
		project := path.Dir(file) + "#" + name
		twice := projects[project]
		projects[project] = true
		return twice
	})
	if len(s.references["compose"]) == 0 {
		delete(s.references, "compose")
	}
}

// text is the contract. It says what the repository tells, and nothing that the
// class says already.
func (s *stub) text(owner string) string {
	var y yaml
	y.line(0, "apiVersion: policyctl.dev/v1")
	y.line(0, "kind: SecretContract")
	y.line(0, "metadata: {name: "+quoted(s.name)+"}")
	y.line(0, "spec:")
	y.line(1, "purpose: "+purpose)
	y.line(1, "class: "+s.class)
	y.line(1, "state: proposed")
	if owner != "" {
		y.line(1, "owner: {team: "+quoted(owner)+"}")
	}
	if s.class != identifier {
		s.terms(&y)
	}
	s.places(&y)
	if s.class != identifier {
		s.users(&y)
	}
	return y.String()
}

func (s *stub) terms(y *yaml) {
	if s.expected.Justify {
		y.line(1, "lifetime: {justification: "+justification+"}")
	}
	if rotation := s.rotation(); rotation != "" {
		y.line(1, "rotation: {"+rotation+"}")
	}
}

// rotation is what infrastructure code sets, unless the class does not allow it.
func (s *stub) rotation() string {
	var all []*graph.ResolvedRotation
	for _, r := range s.rotations[s.group.id] {
		if s.expected.Longest > 0 && r.Interval > s.expected.Longest {
			s.result.Slower = append(s.result.Slower, Slower{s.name, contract.Duration(r.Interval), r.At.Location()})
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return ""
	}
	r := slices.MinFunc(all, func(a, b *graph.ResolvedRotation) int { return cmp.Compare(a.Interval, b.Interval) })
	method, automation := "store", strings.Replace(r.Slot, "tf:", "terraform:", 1)
	if strings.HasPrefix(automation, "kubernetes:") {
		method = "job"
	}
	text := "method: " + method
	if form.Locates(automation) {
		text += ", automation: " + quoted(automation)
	}
	if r.Interval > 0 && (s.expected.Longest == 0 || r.Interval <= s.expected.Longest) {
		text = "interval: " + contract.Duration(r.Interval) + ", " + text
	}
	return text
}

// places writes the environments and the references. What fits on a line stands
// on one.
func (s *stub) places(y *yaml) {
	if len(s.environments) > 0 {
		y.line(1, "environments:")
	}
	for _, name := range slices.Sorted(maps.Keys(s.environments)) {
		y.fitting(2, name, s.environments[name].fields())
	}
	if len(s.references) > 0 {
		y.fitting(1, "references", fieldsOf(s.references))
	}
}

func (e *environment) fields() []string {
	var all []string
	add := func(key, value string) {
		if value != "" {
			all = append(all, key+": "+value)
		}
	}
	if e.path != "" {
		if form.Names(e.store) {
			add("store", e.store)
		}
		add("path", quoted(e.path))
		if named := slices.Sorted(keys(e.keys)); len(named) == 1 {
			add("key", quoted(named[0]))
		}
	}
	if len(e.references) > 0 {
		add("references", references(e.references))
	}
	return all
}

func fieldsOf(references map[string][]string) []string {
	var all []string
	for _, platform := range slices.Sorted(maps.Keys(references)) {
		slices.Sort(references[platform])
		all = append(all, platform+": "+flow(references[platform]))
	}
	return all
}

// users writes who gets the secret, and how.
func (s *stub) users(y *yaml) {
	if delivery := s.delivery(); len(delivery) > 0 {
		y.line(1, "delivery: "+flow(delivery))
	}
	all := s.consumers()
	if len(all) > 0 {
		y.line(1, "consumers:")
	}
	for _, consumer := range slices.Sorted(maps.Keys(all)) {
		if in := all[consumer]; len(in) > 0 && len(in) < len(s.environments) {
			y.line(2, "- {workload: "+quoted(consumer)+", environments: "+flow(in)+"}")
			continue
		}
		y.line(2, "- workload: "+quoted(consumer))
	}
}

// consumers gives who gets the secret, and in which environments; in none where
// that is not known. Application code is named only if nothing gives it the secret.
func (s *stub) consumers() map[string][]string {
	all := map[string][]string{}
	anywhere := map[string]bool{}
	for _, u := range s.group.uses {
		if !form.Locates(u.Consumer) {
			s.unfit(u.Consumer, u.At)
			continue
		}
		environment := s.environmentOf(u)
		anywhere[u.Consumer] = anywhere[u.Consumer] || environment == ""
		if !slices.Contains(all[u.Consumer], environment) {
			all[u.Consumer] = append(all[u.Consumer], environment)
		}
	}
	if len(s.group.uses) == 0 {
		for _, r := range s.group.readers {
			all["app:"+r.At.Location().Path] = nil
		}
	}
	for consumer, in := range all {
		slices.Sort(in)
		if anywhere[consumer] {
			all[consumer] = nil
		}
	}
	return all
}

// delivery lists how the secret arrives today, where the class would allow more
// or less. What the class denies, a contract cannot allow.
func (s *stub) delivery() []string {
	var all []string
	denied := map[string]bool{}
	for _, u := range s.group.uses {
		way := strings.Replace(u.Delivery, "build-secret", "file", 1)
		switch {
		case way == "" || slices.Contains(all, way):
		case !slices.Contains(s.expected.Denied, way):
			all = append(all, way)
		case !denied[way]:
			denied[way] = true
			s.result.Denied = append(s.result.Denied, Denied{s.name, way, u.At.Location()})
		}
	}
	slices.Sort(all)
	if slices.Equal(all, slices.Sorted(slices.Values(s.expected.Delivery))) {
		return nil
	}
	return all
}
