package graph

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
)

// resolver finds what names mean.
type resolver struct {
	*Graph
	*index
	supplied  map[string][]*ResolvedSupply // by slot
	keyed     map[string][]string          // supplied slots with a key, by the slot without
	entries   map[string][]*ResolvedObject // by name in the store
	placed    map[string]bool              // names and environments of entries
	made      map[string]*ResolvedObject   // by slot
	inCluster []string                     // slots of Kubernetes that are claimed or supplied, sorted
	called    map[string][]string          // jobs, by file of the pipeline
	callers   map[string][]*ResolvedUse    // what hands over secrets, by file of the called pipeline
	state     map[*ResolvedUse]bool        // true once a use is resolved, false while it is

	written      map[string]bool   // environments that contracts name
	environments map[string]string // cache, by platform and name
	visible      map[string]*scope
}

func newResolver(g *Graph) *resolver {
	r := &resolver{
		Graph: g, index: newIndex(g),
		supplied: map[string][]*ResolvedSupply{}, keyed: map[string][]string{}, entries: map[string][]*ResolvedObject{},
		placed: map[string]bool{}, made: map[string]*ResolvedObject{}, called: map[string][]string{}, callers: map[string][]*ResolvedUse{}, state: map[*ResolvedUse]bool{},
		written: map[string]bool{}, environments: map[string]string{}, visible: map[string]*scope{},
	}
	for _, c := range g.Contracts {
		for name := range c.Environments {
			r.written[name] = true
		}
	}
	for _, o := range g.Objects {
		o.Environment = r.environment(cmp.Or(o.Platform, "terraform"), o.Folder)
		o.Tier = g.Catalog.Tier(o.Environment)
		r.made[o.Slot] = o
		if o.Name != "" {
			r.entries[o.Name] = append(r.entries[o.Name], o)
			r.placed[o.Name+"\x00"+o.Environment] = true
		}
	}
	for _, s := range g.Supplies {
		s.Environment = r.environment(s.Platform, s.Environment)
		s.Tier = g.Catalog.Tier(s.Environment)
		slot := fold(s.Slot)
		if whole, _, hasKey := strings.Cut(slot, "#"); hasKey && r.supplied[slot] == nil {
			r.keyed[whole] = append(r.keyed[whole], slot)
		}
		r.supplied[slot] = append(r.supplied[slot], s)
	}
	for _, slot := range slices.Concat(r.order, slices.Collect(maps.Keys(r.supplied))) {
		if strings.HasPrefix(slot, "k8s-secret:") {
			r.inCluster = append(r.inCluster, slot)
		}
	}
	slices.Sort(r.inCluster)
	r.inCluster = slices.Compact(r.inCluster)
	r.calls()
	return r
}

// environment is the catalogue's name for what a platform calls so, or that name
// itself where contracts use it, else "": a name that nobody declared tells nothing.
func (r *resolver) environment(platform, name string) string {
	if name == "" {
		return ""
	}
	key := platform + "\x00" + name
	known, asked := r.environments[key]
	if !asked {
		known = r.Catalog.Environment(platform, name)
		if known == "" && r.written[name] {
			known = name
		}
		r.environments[key] = known
	}
	return known
}

func (r *resolver) uses() {
	for _, u := range r.Uses {
		r.use(u)
	}
}

// use resolves a use. One of a called pipeline takes what its callers bind, so
// these are resolved first; pipelines that call each other in a circle bind nothing.
func (r *resolver) use(u *ResolvedUse) {
	if _, begun := r.state[u]; begun {
		return
	}
	r.state[u] = false
	u.Workload = r.workloads[u.Consumer]
	claims := r.claimsOf(u)
	u.Environment = r.environment(u.Platform, u.Environment)
	u.Tier = r.Catalog.Tier(u.Environment)
	u.Claims = r.judged(u, claims)
	if u.Confidence == Wildcard { // what is agreed goes first
		slices.SortStableFunc(u.Claims, func(a, b Claim) int { return cmp.Compare(last(b.Listed), last(a.Listed)) })
	}
	r.state[u] = true
}

// claimsOf finds the claims on a use, and walks its chain.
func (r *resolver) claimsOf(u *ResolvedUse) []Claim {
	if u.Confidence == Wildcard && u.Name == "" {
		return r.inScope(u)
	}
	if bound := r.bound(u); u.bound != nil {
		return bound
	}
	claims := r.slot(u)
	if len(claims) == 0 && u.Variable != "" {
		claims = slices.DeleteFunc(slices.Clone(r.claims["env:"+u.Variable]), func(c Claim) bool {
			listed, _ := lists(c.Secret, u.names(), "")
			return !listed // the name of a variable alone says too little
		})
	}
	return append(slices.Clip(claims), r.walk(u)...)
}

// slot finds the claims on the slot of a use, and gives the use the slot that
// they name.
func (r *resolver) slot(u *ResolvedUse) []Claim {
	switch u.Platform {
	case "github":
		if scoped := github + u.Scope + "/" + u.Name; u.Scope != "" && len(r.claims[fold(scoped)])+len(r.supplied[fold(scoped)]) > 0 {
			u.Slot = scoped
		}
	case "gitlab":
		u.Slot = r.inEnvironment(u)
	case "kubernetes":
		if u.Scope == unnamed && len(r.on(u.Slot, true)) == 0 {
			return r.anyNamespace(u)
		}
	case "compose": // the files of one folder are one project
		file, name, _ := strings.Cut(strings.TrimPrefix(u.Slot, "compose-secret:"), "#")
		if others := r.projects[path.Dir(file)+"#"+name]; len(r.claims[u.Slot]) == 0 && len(others) > 0 {
			return r.claims[others[0]]
		}
	case "terraform", "cloudformation", "arm": // an entry is claimed by its address, or by its name in the store
		if claims := r.claims[u.Slot]; len(claims) > 0 || u.Name == "" {
			return claims
		}
		return r.on(stored(u.Name), true)
	}
	return r.on(fold(u.Slot), u.Platform == "kubernetes")
}

// inEnvironment is the variable of GitLab that a job gets: of those with its name
// the one whose environments, in which a star stands for anything, mean the job's
// most narrowly.
func (r *resolver) inEnvironment(u *ResolvedUse) string {
	if !strings.HasPrefix(u.Slot, gitLab) {
		return u.Slot
	}
	best, narrow := u.Slot, -1
	for _, slot := range r.gitLab[u.Name] {
		scope := slot[len(gitLab) : len(slot)-len(u.Name)-1]
		switch {
		case scope == u.Scope:
			return slot
		case u.Scope != "" && starred(scope, u.Scope) && len(scope) > narrow:
			best, narrow = slot, len(scope)
		}
	}
	return best
}

// starred says whether a name matches a pattern whose stars stand for anything.
func starred(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	rest, found := strings.CutPrefix(name, parts[0])
	if !found || len(parts) == 1 {
		return found && rest == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, found = strings.Cut(rest, part); !found {
			return false
		}
	}
	return strings.HasSuffix(rest, last)
}

// anyNamespace finds claims on a Secret whose manifest names no namespace. If
// only one is claimed, that is meant; otherwise it stays open which.
func (r *resolver) anyNamespace(u *ResolvedUse) []Claim {
	name, key, hasKey := strings.Cut(strings.TrimPrefix(u.Slot, "k8s-secret:"+unnamed+"/"), "#")
	var claims []Claim
	var namespaces []string
	for _, slot := range r.anywhere[name] {
		whole, otherKey, otherHasKey := strings.Cut(strings.TrimPrefix(slot, "k8s-secret:"), "#")
		if hasKey && otherHasKey && key != otherKey {
			continue
		}
		namespace, _, _ := strings.Cut(whole, "/")
		namespaces = append(namespaces, namespace)
		claims = append(claims, r.claims[slot]...)
	}
	namespaces = slices.Compact(namespaces)
	for _, namespace := range namespaces {
		u.aliases = append(u.aliases, strings.Replace(u.Consumer, "kubernetes:"+unnamed+"/", "kubernetes:"+namespace+"/", 1))
	}
	if len(namespaces) == 1 {
		u.Consumer, u.aliases = u.aliases[0], nil
		u.Environment = namespaces[0]
	}
	return claims
}

// calls notes which jobs the pipelines of the repository have, and who calls them.
func (r *resolver) calls() {
	var jobs []string
	for _, w := range r.Workloads {
		jobs = append(jobs, w.ID)
	}
	for _, u := range r.Uses {
		jobs = append(jobs, u.Consumer)
	}
	slices.Sort(jobs)
	for _, id := range slices.Compact(jobs) {
		if file, job, _ := strings.Cut(strings.TrimPrefix(id, "github:"), "#"); job != "" {
			r.called[file] = append(r.called[file], id)
		}
	}
	for _, u := range r.Uses {
		local, isLocal := strings.CutPrefix(u.Component, "./")
		if u.Platform != "github" || !isLocal {
			continue
		}
		files := []string{path.Clean(local)}
		if ext := path.Ext(local); ext != ".yml" && ext != ".yaml" {
			files = []string{path.Join(local, "action.yml"), path.Join(local, "action.yaml")}
		}
		for _, file := range files {
			r.callers[file] = append(r.callers[file], u)
			u.aliases = append(u.aliases, r.called[file]...)
		}
	}
}

// bound notes which slots callers bind to a parameter of a called pipeline, and
// gives the claims on them.
func (r *resolver) bound(u *ResolvedUse) []Claim {
	if u.Platform != "github" || u.Confidence != Derived {
		return nil
	}
	file, _, _ := strings.Cut(strings.TrimPrefix(u.Consumer, "github:"), "#")
	var claims []Claim
	for _, caller := range r.callers[file] {
		u.aliases = append(u.aliases, caller.Consumer)
		if !strings.EqualFold(caller.Variable, u.Name) {
			continue
		}
		r.use(caller)
		if len(u.Chain) == 0 {
			u.Chain = append([]Step{u.step()}, caller.Chain...)
			u.Slot = caller.Slot
		}
		u.bound = append(u.bound, caller.Slot)
		for _, c := range caller.Claims {
			claims = append(claims, Claim{Secret: c.Secret, Environment: c.Environment, ViaStore: c.ViaStore})
		}
	}
	return claims
}

// judged sorts the claims on a use, drops repetitions, and says of each whether
// it allows the consumer. What is claimed itself is not said to come by a store.
func (r *resolver) judged(u *ResolvedUse, claims []Claim) []Claim {
	claims = distinct(claims)
	names := u.names()
	for i := range claims {
		c := &claims[i]
		c.Listed, c.Until = lists(c.Secret, names, u.Environment)
		c.Narrower = agrees(c.Secret, u) && r.narrower(u, c.Secret)
	}
	return claims
}

// last orders what holds behind what does not.
func last(holds bool) int {
	if holds {
		return 1
	}
	return 0
}

func distinct(claims []Claim) []Claim {
	claims = slices.Clone(claims)
	slices.SortFunc(claims, func(a, b Claim) int {
		return cmp.Or(compareClaims(a, b), cmp.Compare(last(a.ViaStore), last(b.ViaStore)), strings.Compare(a.Part, b.Part))
	})
	kept := claims[:0]
	for _, c := range claims {
		if last := len(kept) - 1; last < 0 || !kept[last].says(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

// says holds if a claim leaves nothing to say for a later one.
func (c Claim) says(later Claim) bool {
	return compareClaims(c, later) == 0 && (c.Part == later.Part || later.ViaStore && !c.ViaStore)
}

// narrower says whether a contract names single keys of a Secret that a consumer
// gets whole, and the Secret is known to have others, which no contract gives it.
func (r *resolver) narrower(u *ResolvedUse, s *Secret) bool {
	if u.Platform != "kubernetes" || strings.Contains(u.Slot, "#") {
		return false
	}
	claimed, others := false, false
	for _, key := range r.keys[u.Slot] {
		claims := r.claims[key]
		claimed = claimed || slices.ContainsFunc(claims, func(c Claim) bool { return c.Secret == s })
		others = others || !slices.ContainsFunc(claims, func(c Claim) bool { return c.Secret == s || agrees(c.Secret, u) })
	}
	return claimed && others
}

// agrees says whether a contract lists the consumer of a use by its name.
func agrees(s *Secret, u *ResolvedUse) bool {
	listed, _ := lists(s, u.names(), u.Environment)
	return listed && len(s.Consumers) > 0
}

// names are those by which contracts may list the consumer of a use.
func (u *ResolvedUse) names() []string { return append([]string{u.Consumer}, u.aliases...) }

func (r *resolver) objects() {
	for _, o := range r.Objects {
		var claims []Claim
		if o.Name != "" {
			claims = slices.DeleteFunc(slices.Clone(r.on(stored(o.Name), true)), func(c Claim) bool { return r.elsewhere(o, c) })
		}
		o.Claims = withoutConsumer(append(claims, r.claims[o.Slot]...))
	}
}

func withoutConsumer(claims []Claim) []Claim {
	claims = distinct(claims)
	for i := range claims {
		claims[i].Listed = len(claims[i].Secret.Consumers) == 0
	}
	return claims
}

// elsewhere says whether a claim on a name means another entry than that of the
// infrastructure code: one in a store of another type, or the one of the
// environment itself where each environment has an entry of that name.
func (r *resolver) elsewhere(o *ResolvedObject, c Claim) bool {
	kept := c.Secret.Environments[c.Environment].Store
	if known := r.Catalog.Stores[kept].Type; known != "" && o.StoreType != "" && known != o.StoreType {
		return true
	}
	if o.Environment == "" || o.Environment == c.Environment {
		return false
	}
	return r.placed[o.Name+"\x00"+c.Environment]
}

func (r *resolver) supplies() {
	for _, s := range r.Supplies {
		s.Claims = withoutConsumer(r.taken(s))
		s.Chain = r.way(s)
	}
}

// taken gives the claims on the object that a supply takes. A store that the
// platform calls as the catalogue does is no other one.
func (r *resolver) taken(s *ResolvedSupply) []Claim {
	whole, _, _ := strings.Cut(s.From, "#")
	claims := slices.Concat(r.claims[stored(s.From)], r.claims[stored(whole)])
	if whole == s.From {
		claims = r.on(stored(whole), true)
	}
	claims = slices.DeleteFunc(slices.Clone(claims), func(c Claim) bool {
		kept := c.Secret.Environments[c.Environment].Store
		return kept != s.Store && r.Catalog.Stores[kept].Type != "" && r.Catalog.Stores[s.Store].Type != ""
	})
	claims = append(claims, r.claims[fold(s.From)]...) // one slot may supply another
	for _, o := range r.takenFrom(s) {
		claims = append(claims, r.claims[o.Slot]...)
	}
	for i := range claims {
		claims[i].ViaStore = true
	}
	return claims
}

// lists says whether a contract allows a consumer, and until when in nanoseconds:
// 0 stands for no end. A contract that lists nobody yet allows everybody; that it
// must list them is a rule about contracts.
func lists(s *Secret, consumers []string, environment string) (listed bool, until int64) {
	if len(s.Consumers) == 0 {
		return true, 0
	}
	for _, allowed := range s.Consumers {
		if !covers(allowed.Environments, environment) || !slices.ContainsFunc(consumers, func(c string) bool { return matches(allowed.Workload, c) }) {
			continue
		}
		if allowed.Until == 0 {
			return true, 0
		}
		listed, until = true, max(until, allowed.Until)
	}
	return listed, until
}

func covers(environments []string, environment string) bool {
	return len(environments) == 0 || environment == "" || slices.Contains(environments, environment)
}
