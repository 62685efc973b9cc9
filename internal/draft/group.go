package draft

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// group is one secret: everything of a graph that stands for it.
type group struct {
	id        string // of one of its slots
	uses      []*graph.ResolvedUse
	objects   []*graph.ResolvedObject
	supplies  []*graph.ResolvedSupply
	readers   []*graph.ResolvedReader
	contracts []string // that claim a part of it, sorted
}

// member is something of a group that a contract could name.
type member struct {
	name string // as the platform writes it
	slot string
	at   lint.Span
}

// undeclared lists what of a group nobody claims, each slot once.
func (gr *group) undeclared() []member {
	var all []member
	for _, u := range gr.uses {
		if u.Confidence == graph.Exact && len(u.Claims) == 0 {
			all = append(all, member{u.Name, u.Slot, u.At})
		}
	}
	for _, o := range gr.objects {
		if len(o.Claims) == 0 {
			all = append(all, member{strings.TrimPrefix(o.Slot, "tf:"), o.Slot, o.At})
		}
	}
	for _, s := range gr.supplies {
		if len(s.Claims) == 0 && !slices.ContainsFunc(gr.uses, func(u *graph.ResolvedUse) bool { return len(u.Claims) > 0 }) {
			all = append(all, member{cmp.Or(s.From, s.Slot), s.Slot, s.At})
		}
	}
	for _, r := range gr.readers {
		if len(r.Contracts) == 0 && len(gr.contracts) == 0 {
			all = append(all, member{r.Name, "env:" + r.Name, r.At})
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(m member) bool {
		twice := seen[m.slot]
		seen[m.slot] = true
		return twice
	})
}

// grouper finds what of a graph is the same secret.
type grouper struct {
	*units
	graph  *graph.Graph
	parent map[string]string
}

func newGrouper(g *graph.Graph, catalog contract.Catalog) *grouper {
	return &grouper{units: newUnits(g, catalog), graph: g, parent: map[string]string{}}
}

// groups gives the secrets of a graph in the order of their first places.
func (gr *grouper) groups() []*group {
	gr.chains()
	gr.pairs()
	gr.variables()
	return gr.collect()
}

func (gr *grouper) find(atom string) string {
	for gr.parent[atom] != "" && gr.parent[atom] != atom {
		atom = gr.parent[atom]
	}
	return atom
}

// join makes one secret of two. The smaller id stands for both, so that the order
// of the facts does not matter.
func (gr *grouper) join(a, b string) {
	a, b = gr.find(a), gr.find(b)
	gr.parent[max(a, b)] = min(a, b)
}

// chains joins what supplies a slot with the slot, and infrastructure code with
// what it makes.
func (gr *grouper) chains() {
	for _, s := range gr.graph.Supplies {
		if s.From == "" {
			continue
		}
		to, from := gr.atoms(s.Slot), gr.atoms(source(s.From))
		if len(to) == 1 && len(from) == 1 {
			gr.join(to[0], from[0])
			continue
		}
		if strings.Contains(s.Slot, "#") || strings.Contains(s.From, "#") {
			continue // a part of a bag comes from the whole of another
		}
		for _, key := range gr.keysOf(s.Slot) {
			gr.join(gr.atom(s.Slot, key), gr.atom(source(s.From), key))
		}
	}
	for _, o := range gr.graph.Objects {
		for _, of := range []string{o.Fills, gr.entryOf(o)} {
			if atoms := gr.atoms(of); of != "" && len(atoms) == 1 {
				gr.join(gr.atoms(o.Slot)[0], atoms[0])
			}
		}
	}
}

// entryOf is the entry of a store that an object is.
func (gr *grouper) entryOf(o *graph.ResolvedObject) string {
	if o.Name == "" || o.Fills != "" {
		return ""
	}
	return source(o.Name)
}

// halves are the ends of names that are the two halves of one credential.
var halves = [][2]string{{"ACCESS_KEY_ID", "SECRET_ACCESS_KEY"}, {"ACCESS_KEY", "SECRET_KEY"}, {"ACCESS_KEY_ID", "ACCESS_KEY_SECRET"}}

// pairs joins the two halves of credentials: neither is of use without the other.
func (gr *grouper) pairs() {
	known := map[string]bool{}
	for _, u := range gr.graph.Uses {
		if u.Platform == "github" && u.Confidence == graph.Exact {
			known[strings.ToUpper(u.Name)] = true
		}
	}
	for name := range known {
		for _, half := range halves {
			stem, isHalf := strings.CutSuffix(name, half[0])
			if isHalf && known[stem+half[1]] {
				gr.join(gr.pipelineSecret(name), gr.pipelineSecret(stem+half[1]))
			}
		}
	}
}

// variables joins what fills a variable that code reads. If two secrets of one
// platform do, the variable says nothing: each service has its own DATABASE_URL.
func (gr *grouper) variables() {
	read := map[string]bool{}
	for _, r := range gr.graph.Readers {
		read[r.Name] = read[r.Name] || r.Kind == "env"
	}
	fills := map[string][]*graph.ResolvedUse{}
	for _, u := range gr.graph.Uses {
		if read[u.Variable] && u.Confidence == graph.Exact {
			fills[u.Variable] = append(fills[u.Variable], u)
		}
	}
	for _, variable := range slices.Sorted(keys(fills)) {
		if gr.unambiguous(fills[variable]) {
			for _, u := range fills[variable] {
				gr.join("env:"+variable, gr.atoms(u.Slot)[0])
			}
		}
	}
}

func (gr *grouper) unambiguous(fills []*graph.ResolvedUse) bool {
	secrets := map[string]string{} // by platform
	for _, u := range fills {
		atoms := gr.atoms(u.Slot)
		if len(atoms) != 1 {
			return false
		}
		root := gr.find(atoms[0])
		if known := secrets[u.Platform]; known != "" && known != root {
			return false
		}
		secrets[u.Platform] = root
	}
	return true
}

// platformTokens are variables that platforms fill with tokens of their own.
var platformTokens = []string{"GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "CI_JOB_TOKEN", "SYSTEM_ACCESSTOKEN"}

// collect gives each secret what belongs to it.
func (gr *grouper) collect() []*group {
	c := &collection{grouper: gr, byRoot: map[string]*group{}}
	for _, u := range gr.graph.Uses {
		if u.Confidence != graph.Exact {
			continue
		}
		for _, one := range c.of(u.Slot, u.At) {
			one.uses = append(one.uses, u)
			one.claimed(u.Claims)
		}
	}
	for _, o := range gr.graph.Objects {
		if entry := gr.atoms(gr.entryOf(o)); gr.entryOf(o) != "" && len(entry) > 1 {
			continue // its parts are secrets of their own, and their contracts name it
		}
		for _, one := range c.of(o.Slot, o.At) {
			one.objects = append(one.objects, o)
			one.claimed(o.Claims)
		}
	}
	for _, s := range gr.graph.Supplies {
		for _, one := range c.of(s.Slot, s.At) {
			one.supplies = append(one.supplies, s)
			one.claimed(s.Claims)
		}
	}
	c.readers()
	c.contracts()
	return c.all
}

type collection struct {
	*grouper
	byRoot map[string]*group
	all    []*group
}

// of gives the groups that a slot belongs to: one, or one for each part.
func (c *collection) of(slot string, at lint.Span) []*group {
	var all []*group
	for _, atom := range c.atoms(slot) {
		root := c.find(atom)
		if c.byRoot[root] == nil {
			c.byRoot[root] = &group{id: root}
			c.all = append(c.all, c.byRoot[root])
		}
		if !slices.Contains(all, c.byRoot[root]) {
			all = append(all, c.byRoot[root])
		}
	}
	return all
}

func (c *collection) readers() {
	for _, r := range c.graph.Readers {
		slot := "env:" + r.Name
		switch {
		case r.Name == "":
			continue
		case r.Kind == "store":
			slot = source(r.Name)
		case c.byRoot[c.find(slot)] == nil && (!lint.SecretName(r.Name) || slices.Contains(platformTokens, r.Name) || c.filled[r.Name]):
			continue
		}
		for _, one := range c.of(slot, r.At) {
			one.readers = append(one.readers, r)
			one.contracts = append(one.contracts, r.Contracts...)
		}
	}
}

// contracts notes which contracts claim a part of a group, also one that nothing
// uses today.
func (c *collection) contracts() {
	for _, s := range c.graph.Contracts {
		var slots []string
		for _, claim := range s.Claims {
			slots = append(slots, claim.Slot)
		}
		for _, e := range s.Environments {
			if e.Path != "" {
				slots = append(slots, source(object(e.Path, e.Key)))
			}
		}
		for _, slot := range slots {
			for _, atom := range c.atoms(slot) {
				if one := c.byRoot[c.find(atom)]; one != nil {
					one.contracts = append(one.contracts, s.Name)
				}
			}
		}
	}
	for _, one := range c.all {
		slices.Sort(one.contracts)
		one.contracts = slices.Compact(one.contracts)
	}
}

func (one *group) claimed(claims []graph.Claim) {
	for _, c := range claims {
		one.contracts = append(one.contracts, c.Secret.Name)
	}
}

// object names an entry of a store, and the key within it if there is one.
func object(path, key string) string {
	if key == "" {
		return path
	}
	return path + "#" + key
}

// folderOf is the folder of infrastructure code in which an address stands.
func folderOf(slot string) string {
	_, rest, _ := strings.Cut(slot, ":")
	folder, _, found := strings.Cut(rest, "//")
	if !found {
		return ""
	}
	return path.Clean(folder)
}
