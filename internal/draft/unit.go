package draft

import (
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// units takes slots apart and together: a Secret of Kubernetes may hold several
// secrets, and several Secrets of one name may be one in several environments.
type units struct {
	catalog  contract.Catalog
	clusters map[string]string            // name of the cluster, by Secret or address
	keys     map[string]map[string]bool   // of clusters
	parts    map[string]map[string]string // part of a key, by cluster; a cluster that is one secret has none
	paths    map[string]map[string]string // entry that supplies a key, by cluster
	filled   map[string]bool              // variables that uses fill
}

// kinds of slots that hold several values under keys.
var bags = []string{"k8s-secret:", "k8s-csi:", "object:"}

func isBag(slot string) bool {
	return slices.ContainsFunc(bags, func(kind string) bool { return strings.HasPrefix(slot, kind) })
}

// kinds are how slots begin; what begins otherwise is an entry of a store.
var kinds = append([]string{"github-secret:", "compose-secret:", "docker-secret:", "env:", "tf:", "tf-var:", "cfn-secret:", "arm-secret:"}, bags...)

// source is the slot of what a supply takes.
func source(from string) string {
	if slices.ContainsFunc(kinds, func(kind string) bool { return strings.HasPrefix(from, kind) }) {
		return from
	}
	return "object:" + from
}

func newUnits(g *graph.Graph, catalog contract.Catalog) *units {
	u := &units{
		catalog: catalog, clusters: map[string]string{}, keys: map[string]map[string]bool{},
		parts: map[string]map[string]string{}, paths: map[string]map[string]string{}, filled: map[string]bool{},
	}
	slots := slotsOf(g)
	u.cluster(slots)
	for _, slot := range slots {
		u.key(slot)
	}
	for _, s := range g.Supplies {
		u.supplied(s)
	}
	for _, cluster := range slices.Sorted(keys(u.keys)) {
		u.part(cluster)
	}
	for _, use := range g.Uses {
		u.filled[use.Variable] = true
	}
	return u
}

// slotsOf lists all slots that a graph knows, those of contracts too.
func slotsOf(g *graph.Graph) []string {
	all := map[string]bool{}
	for _, u := range g.Uses {
		all[u.Slot] = u.Confidence == graph.Exact || all[u.Slot]
	}
	for _, s := range g.Supplies {
		all[s.Slot] = true
		if s.From != "" {
			all[source(s.From)] = true
		}
	}
	for _, o := range g.Objects {
		all[o.Slot] = true
		if o.Fills != "" {
			all[o.Fills] = true
		}
	}
	for _, s := range g.Contracts {
		for _, claim := range s.Claims {
			all[claim.Slot] = true
		}
		for _, e := range s.Environments {
			if e.Path != "" {
				all[source(object(e.Path, e.Key))] = true
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, exact bool) bool { return !exact })
	return slices.Sorted(keys(all))
}

func keys[T any](of map[string]T) iter.Seq[string] { return maps.Keys(of) }

func values[T any](of map[string]T) iter.Seq[T] { return maps.Values(of) }

// place is where one of several things of one name stands: a namespace, a folder.
type place struct{ id, place, environment string }

// cluster finds what has one name in several environments.
func (u *units) cluster(slots []string) {
	named := map[string][]place{}
	for _, slot := range slots {
		whole, _, _ := strings.Cut(slot, "#")
		name, at := nameOf(whole)
		p := place{whole, at, u.environment(slot)}
		if name != "" && !slices.Contains(named[name], p) {
			named[name] = append(named[name], p)
		}
	}
	for _, name := range slices.Sorted(keys(named)) {
		for id, cluster := range together(named[name]) {
			u.clusters[id] = cluster
		}
	}
}

// nameOf splits a Secret or an address into its name and where it stands.
func nameOf(slot string) (name, at string) {
	kind, rest, _ := strings.Cut(slot, ":")
	switch kind {
	case "k8s-secret", "k8s-csi":
		at, name, _ = strings.Cut(rest, "/")
	case "tf", "tf-var":
		at, name, _ = strings.Cut(rest, "//")
	}
	if name == "" {
		return "", ""
	}
	return kind + ":" + name, at
}

// together gives the cluster of each place. All are one secret if no environment
// has two of them. If one has, the rest of the place's name tells them apart:
// payments-staging belongs to payments.
func together(places []place) map[string]string {
	clusters := map[string]string{}
	seen := map[string]bool{}
	apart, known := false, 0
	for _, p := range places {
		if p.place != unnamed {
			apart = apart || seen[p.environment] || p.environment == ""
			seen[p.environment] = true
			known++
		}
	}
	first := map[string]string{}
	for _, p := range places {
		group := ""
		if apart && known > 1 {
			group = strings.Join(without(p.place), "-")
		}
		if first[group] == "" {
			first[group] = p.id
		}
		clusters[p.id] = first[group]
	}
	return clusters
}

// unnamed is the namespace of manifests that name none.
const unnamed = "default"

// environment is the environment of a slot, as the catalogue calls it.
func (u *units) environment(slot string) string {
	kind, rest, _ := strings.Cut(slot, ":")
	switch kind {
	case "github-secret":
		if i := strings.LastIndexByte(rest, '/'); i >= 0 {
			return u.catalog.Environment("github", rest[:i])
		}
	case "k8s-secret", "k8s-csi":
		if namespace, _, _ := strings.Cut(rest, "/"); namespace != unnamed {
			return u.catalog.Environment("kubernetes", namespace)
		}
	case "tf", "tf-var", "terraform":
		return u.catalog.Environment("terraform", folderOf(slot))
	}
	return ""
}

// key notes that a slot names a key.
func (u *units) key(slot string) {
	whole, key, hasKey := strings.Cut(slot, "#")
	if !isBag(slot) || !hasKey {
		return
	}
	cluster := u.clusterOf(whole)
	if u.keys[cluster] == nil {
		u.keys[cluster] = map[string]bool{}
	}
	u.keys[cluster][key] = true
}

func (u *units) clusterOf(slot string) string {
	whole := slot
	if isBag(slot) {
		whole, _, _ = strings.Cut(slot, "#")
	}
	if cluster := u.clusters[whole]; cluster != "" {
		return cluster
	}
	return whole
}

// supplied notes which entry a key comes from. A Secret that is the whole of an
// entry has its keys.
func (u *units) supplied(s *graph.ResolvedSupply) {
	to, from := u.clusterOf(s.Slot), u.clusterOf(source(s.From))
	_, key, hasKey := strings.Cut(s.Slot, "#")
	switch {
	case s.From == "" || !isBag(s.Slot):
	case hasKey:
		if u.paths[to] == nil {
			u.paths[to] = map[string]string{}
		}
		u.paths[to][key] = strings.Join(without(strings.TrimPrefix(from, "object:")), "-")
	case !strings.Contains(s.From, "#"):
		both := map[string]bool{}
		maps.Copy(both, u.keys[to])
		maps.Copy(both, u.keys[from])
		if len(both) > 0 {
			u.keys[to], u.keys[from] = both, both
		}
	}
}

// part decides whether the keys of a cluster are several secrets: those that come
// from different entries, or belong to different things by their names.
func (u *units) part(cluster string) {
	own := words(cluster[strings.LastIndexByte(cluster, '/')+1:])
	parts, telling := map[string]string{}, map[string]bool{}
	for key := range u.keys[cluster] {
		part := u.paths[cluster][key]
		if part == "" || !u.apart(cluster) {
			part = stem(strings.Join(slices.DeleteFunc(words(key), func(w string) bool { return slices.Contains(own, w) }), "-"))
		}
		parts[key] = part
		if class := classOf(key); lint.SecretName(key) || class != "" && class != identifier {
			telling[part] = true
		}
	}
	if len(telling) > 1 {
		u.parts[cluster] = parts
	}
}

// apart says whether the keys of a cluster come from different entries.
func (u *units) apart(cluster string) bool {
	different := map[string]bool{}
	for _, entry := range u.paths[cluster] {
		different[entry] = true
	}
	return len(different) > 1
}

// keysOf are the known keys of a slot, sorted.
func (u *units) keysOf(slot string) []string {
	return slices.Sorted(keys(u.keys[u.clusterOf(slot)]))
}

// atom is the secret within a bag that a key belongs to.
func (u *units) atom(slot, key string) string {
	cluster := u.clusterOf(slot)
	return cluster + "#" + u.parts[cluster][key]
}

// atoms are the secrets that a slot stands for: one, unless it is the whole of a
// bag of several.
func (u *units) atoms(slot string) []string {
	switch kind, rest, _ := strings.Cut(slot, ":"); {
	case kind == "github-secret":
		return []string{u.pipelineSecret(rest[strings.LastIndexByte(rest, '/')+1:])}
	case kind == "compose-secret":
		file, name, _ := strings.Cut(rest, "#")
		return []string{"compose:" + path.Dir(file) + "#" + name}
	case !isBag(slot):
		return []string{u.clusterOf(slot)}
	}
	_, key, hasKey := strings.Cut(slot, "#")
	if hasKey {
		return []string{u.atom(slot, key)}
	}
	cluster := u.clusterOf(slot)
	if u.parts[cluster] == nil {
		return []string{cluster + "#"}
	}
	var all []string
	for _, key := range u.keysOf(slot) {
		if atom := u.atom(slot, key); !slices.Contains(all, atom) {
			all = append(all, atom)
		}
	}
	return all
}

// pipelineSecret is the secret of a name in pipelines. PROD_KEY and STAGING_KEY are
// one; KEY alone may be another.
func (u *units) pipelineSecret(name string) string {
	if u.told(name) != "" {
		return "github:*_" + strings.Join(without(name), "_")
	}
	return "github:" + strings.ToUpper(name)
}

// told is the environment of the catalogue that a name tells.
func (u *units) told(name string) string {
	word := environmentOf(name)
	if word == "" {
		return ""
	}
	for _, known := range u.catalog.Environments() {
		if environmentOf(known) == word {
			return known
		}
	}
	return ""
}
