package draft

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// Texts that stand for what only people know.
const (
	purpose       = "TODO say in one sentence who uses this secret and for what"
	justification = "In use before contracts were introduced; not reviewed yet."
)

// writer turns groups into contracts.
type writer struct {
	Options
	graph     *graph.Graph
	catalog   contract.Catalog
	grouper   *grouper
	rotations map[string][]*graph.ResolvedRotation // by group
	result    *Result
	names     map[string]bool // that contracts have
}

func newWriter(g *graph.Graph, catalog contract.Catalog, gr *grouper, o Options, result *Result) *writer {
	w := &writer{Options: o, graph: g, catalog: catalog, grouper: gr, rotations: map[string][]*graph.ResolvedRotation{}, result: result, names: map[string]bool{}}
	for _, c := range g.Contracts {
		w.names[c.Name] = true
	}
	for _, r := range g.Rotations {
		target := cmp.Or(r.Target, r.TargetName)
		if target == "" {
			continue
		}
		for _, atom := range gr.atoms(source(target)) {
			w.rotations[gr.find(atom)] = append(w.rotations[gr.find(atom)], r)
		}
	}
	return w
}

// stub is a contract in the making.
type stub struct {
	*writer
	group        *group
	name, class  string
	expected     contract.Expectations
	environments map[string]*environment
	references   map[string][]string // that belong to no environment
}

// environment is the secret in one environment.
type environment struct {
	store, path string
	keys        map[string]bool
	references  map[string][]string
}

func (w *writer) stub(gr *group) {
	undeclared := gr.undeclared()
	if len(undeclared) == 0 {
		return
	}
	for _, m := range undeclared {
		if !fits(m.slot) {
			w.unfit(m.name, m.at)
		}
	}
	s := &stub{writer: w, group: gr, environments: map[string]*environment{}, references: map[string][]string{}}
	s.class = classify(s.namesOf())
	for _, u := range gr.uses {
		if class := staticKeys[u.StaticKey]; class != "" && s.class != identifier {
			s.class = class
		}
		if kind := strings.Split(u.Consumer, "/"); u.Platform == "kubernetes" && len(kind) > 1 && slices.Contains([]string{"Ingress", "Gateway"}, kind[1]) {
			s.class = "tls-cert"
		}
	}
	s.expected = w.Class(s.class)
	s.homes()
	s.refer()
	if len(s.references) == 0 && !slices.ContainsFunc(slices.Collect(values(s.environments)), (*environment).names) {
		return
	}
	s.name = w.unique(s.called(), s.qualifier())
	owner := w.owner(s.files())
	w.result.Stubs = append(w.result.Stubs, Stub{File{w.file(s.name), s.text(owner)}, s.name, owner})
}

// names says whether something of an environment leads to the secret.
func (e *environment) names() bool { return e.path != "" || len(e.references) > 0 }

func (s *stub) environment(name string) *environment {
	if s.environments[name] == nil {
		s.environments[name] = &environment{keys: map[string]bool{}, references: map[string][]string{}}
	}
	return s.environments[name]
}

// homes finds where the value is kept in each environment: where operators take
// it from, or infrastructure code puts it.
func (s *stub) homes() {
	for _, supply := range s.group.supplies {
		if from := source(supply.From); supply.From != "" && strings.HasPrefix(from, "object:") {
			s.home(s.grouper.environment(supply.Slot), strings.TrimPrefix(from, "object:"), supply.Store, "")
		}
	}
	for _, u := range s.group.uses {
		if entry, isEntry := strings.CutPrefix(u.Slot, "object:"); isEntry {
			s.home(s.environmentOf(u), entry, "", "")
		}
	}
	for _, o := range s.group.objects {
		if o.Name != "" && o.Fills == "" {
			s.home(s.grouper.environment(o.Slot), o.Name, "", o.StoreType)
		}
	}
}

func (s *stub) home(environment, entry, store, storeType string) {
	if environment == "" || strings.ContainsFunc(entry, unicode.IsControl) {
		return
	}
	name, key, _ := strings.Cut(entry, "#")
	e := s.environment(environment)
	if e.path == "" {
		e.path, e.store = name, s.store(environment, store, storeType)
	}
	if e.path == name {
		for _, key := range s.keysIn(source(name), key) {
			e.keys[key] = true
		}
		e.store = cmp.Or(e.store, s.store(environment, store, storeType))
	}
}

// keysIn are the keys of an entry that the secret is: what was named, or those
// that are its own where the entry holds several secrets.
func (s *stub) keysIn(entry, named string) []string {
	if named != "" {
		return []string{named}
	}
	if s.grouper.parts[s.grouper.clusterOf(entry)] == nil {
		return nil
	}
	return s.own(entry)
}

// own are the keys of a bag that belong to the secret.
func (s *stub) own(bag string) []string {
	return slices.DeleteFunc(s.grouper.keysOf(bag), func(key string) bool {
		return s.grouper.find(s.grouper.atom(bag, key)) != s.group.id
	})
}

// store is the catalogue's name of a store, by what the platform calls it or by
// its environment and type. Without a catalogue of stores it is the platform's.
func (w *writer) store(environment, named, storeType string) string {
	if _, known := w.catalog.Stores[named]; known || len(w.catalog.Stores) == 0 {
		return cmp.Or(named, storeType)
	}
	var fitting []string
	for _, name := range slices.Sorted(keys(w.catalog.Stores)) {
		store := w.catalog.Stores[name]
		if (storeType == "" || store.Type == storeType) && store.Environment == environment {
			fitting = append(fitting, name)
		}
	}
	if len(fitting) == 1 {
		return fitting[0]
	}
	return ""
}

// environmentOf is where a consumer gets a secret.
func (s *stub) environmentOf(u *graph.ResolvedUse) string {
	switch u.Platform {
	case "github":
		return s.catalog.Environment("github", u.Scope)
	case "kubernetes":
		return s.grouper.environment("k8s-secret:" + u.Scope + "/")
	case "terraform":
		return s.grouper.environment(u.Consumer)
	}
	return ""
}

// files are those in which the secret stands.
func (s *stub) files() []string {
	var all []string
	note := func(at lint.Span) { all = append(all, at.Location().Path) }
	for _, u := range s.group.uses {
		note(u.At)
	}
	for _, r := range s.group.readers {
		note(r.At)
	}
	for _, o := range s.group.objects {
		note(o.At)
	}
	if all == nil {
		for _, supply := range s.group.supplies {
			note(supply.At)
		}
	}
	return all
}

// unique gives a name that no contract and no file has.
func (w *writer) unique(name, qualifier string) string {
	taken := func(name string) bool { return w.names[name] || w.Taken(w.file(name)) }
	chosen := name
	if taken(chosen) && qualifier != "" && !strings.Contains(name, qualifier) {
		chosen = label([]string{qualifier, name})
	}
	for n := 2; taken(chosen); n++ {
		chosen = numbered(name, n)
	}
	w.names[chosen] = true
	return chosen
}

// qualifier is what a namespace or folder adds to a name that others have too.
func (s *stub) qualifier() string {
	for _, slot := range s.slots() {
		kind, rest, _ := strings.Cut(slot, ":")
		at := ""
		switch kind {
		case "k8s-secret", "k8s-csi":
			at, _, _ = strings.Cut(rest, "/")
		case "compose-secret":
			at = path.Base(path.Dir(rest))
		case "tf", "tf-var":
			at = path.Base(folderOf(slot))
		}
		if at != unnamed && len(words(at)) > 0 {
			return label(without(at))
		}
	}
	return ""
}
