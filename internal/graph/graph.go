package graph

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// Options say what is known beside the facts of the files.
type Options struct {
	Complete bool // everything was read: only then does absence mean anything
	Adopted  bool // there were contracts or a catalogue before the change, whatever it leaves

	// Owners gives the handles that own a file; nil without CODEOWNERS.
	Owners func(path string) []string
	// History gives what git tells about a file; nil if git was not asked.
	History func(path string) (h History, known bool)
	// Exists says whether the repository has a file; nil if nobody looked.
	Exists func(path string) bool
}

// History is what the commits of a file tell. Times are in nanoseconds.
type History struct {
	First, Changed int64            // first and last commit
	Rotated        map[string]int64 // newest rotation that the history shows, by slot or by name of a contract
}

// Graph is the facts of a repository with all names resolved. Its lists are in
// the order of places, so that the same files give the same graph.
type Graph struct {
	Contracts []*Secret // by name; of two with one name, the first by path
	Uses      []*ResolvedUse
	Objects   []*ResolvedObject
	Supplies  []*ResolvedSupply
	Rotations []*ResolvedRotation
	Lifetimes []*ResolvedLifetime
	Grants    []*ResolvedGrant
	Trusts    []*ResolvedTrust
	Readers   []*ResolvedReader
	Workloads []*Workload // by ID
	Catalog   contract.Catalog

	options   Options
	read      []*contract.Contract // all, those whose name is taken included
	secrets   map[string]*Secret
	workloads map[string]*Workload
	byAddress addressed
	owners    map[string][]string // cache of what Options.Owners says
	web       func() *web         // nodes and edges, made when somebody asks
}

// Secret is a contract and what falls under it: indices into the lists of the
// Graph, sorted.
type Secret struct {
	*contract.Contract
	Uses, Objects, Supplies, Rotations, Lifetimes, Grants []int

	Used      bool        // something gets the secret
	Wildcard  bool        // what gets it asks for every secret in reach
	Ambiguous []Ambiguous // addresses that several resources have
	Closure   []string    // contracts that this one needs, and those that they need
	Cycle     []string    // contracts that need each other, this one among them
	Roots     []string    // of Closure, the static ones that need nothing themselves
}

// Place is where the contract says its name.
func (s *Secret) Place() lint.Location { return named(s.Contract).Location() }

// Ambiguous is a reference without a folder that more than one resource answers to.
type Ambiguous struct {
	Address    string
	Candidates []string
	At         lint.Span
}

// Claim is a contract's right to what is used, and whether it allows the consumer.
type Claim struct {
	Secret      *Secret
	Environment string // for which the contract claims it; "" for all
	Part        string // key that is claimed of what is used whole, "" for all of it
	ViaStore    bool   // not the slot is claimed but what supplies it
	Listed      bool   // the contract allows the consumer
	Until       int64  // when that ends, in nanoseconds; 0 for never
	Narrower    bool   // the contract names single keys of what the consumer gets whole
}

// Step is a slot or object on the way of a secret.
type Step struct {
	ID, Message string
	At          lint.Span
}

// ResolvedUse is a use whose slot, consumer and environment are those that the
// contracts and the catalogue know.
type ResolvedUse struct {
	Use
	Tier     string
	Claims   []Claim
	Reaches  int       // contracts that a wildcard reaches; Claims may have fewer
	Chain    []Step    // from the consumer to the home of the secret
	Workload *Workload // of the consumer, if a file describes it

	bound   []string // slots that callers bind to this parameter of a called pipeline
	aliases []string // names under which contracts may list the consumer too
}

// ResolvedObject is an object and the contracts that claim it.
type ResolvedObject struct {
	Object
	Environment, Tier string
	Claims            []Claim
}

// ResolvedSupply is a supply and the contracts of the object that it takes.
type ResolvedSupply struct {
	Supply
	Tier   string
	Claims []Claim
	Chain  []Step // to the object that it takes
}

// ResolvedRotation is a rotation and the contracts of what it rotates.
type ResolvedRotation struct {
	Rotation
	Claims []Claim
}

// ResolvedLifetime is a lifetime and the contracts of what is issued so.
type ResolvedLifetime struct {
	Lifetime
	Contracts []string
}

// ResolvedGrant is a grant, the contracts that it reaches and who runs as its identity.
type ResolvedGrant struct {
	Grant
	Contracts []string
	Tiers     []string
	Consumers []string
}

// ResolvedTrust is a trust and what the identity may read: contracts, and tiers of
// their environments.
type ResolvedTrust struct {
	Trust
	Contracts, Tiers []string
}

// ResolvedReader is a reader and the contracts of what it reads.
type ResolvedReader struct {
	Reader
	Contracts []string
}

// Join resolves the facts of a repository.
func Join(facts []Facts, o Options) *Graph {
	g := &Graph{options: o, secrets: map[string]*Secret{}, workloads: map[string]*Workload{}, owners: map[string][]string{}}
	for _, f := range paired(facts) {
		g.add(f)
	}
	g.Objects = nameless(g.Objects)
	g.sort()
	r := newResolver(g)
	r.objects()
	r.supplies()
	r.uses()
	r.rotations()
	r.lifetimes()
	r.grants()
	r.trusts()
	r.readers()
	g.byAddress = r.addressed
	g.backlink()
	g.close()
	g.web = sync.OnceValue(g.weave)
	return g
}

// nameless leaves out entries of which another document knows the name: a template
// that is nested is read for itself, too.
func nameless(all []*ResolvedObject) []*ResolvedObject {
	named := map[string]bool{}
	for _, o := range all {
		named[o.Slot] = named[o.Slot] || o.Name != ""
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(o *ResolvedObject) bool {
		key := o.Slot + "\x00" + o.Name
		again := o.Platform != "" && (seen[key] || o.Name == "" && named[o.Slot])
		seen[key] = true
		return again
	})
}

func (g *Graph) add(f Facts) {
	if f.Catalog != nil {
		g.Catalog = *f.Catalog
	}
	if f.Contract != nil {
		g.addContract(f.Contract)
	}
	g.Uses = wrap(g.Uses, f.Uses, func(u Use) *ResolvedUse { return &ResolvedUse{Use: u} })
	g.Objects = wrap(g.Objects, f.Objects, func(o Object) *ResolvedObject { return &ResolvedObject{Object: o} })
	g.Supplies = wrap(g.Supplies, f.Supplies, func(s Supply) *ResolvedSupply { return &ResolvedSupply{Supply: s} })
	g.Rotations = wrap(g.Rotations, f.Rotations, func(r Rotation) *ResolvedRotation { return &ResolvedRotation{Rotation: r} })
	g.Lifetimes = wrap(g.Lifetimes, f.Lifetimes, func(l Lifetime) *ResolvedLifetime { return &ResolvedLifetime{Lifetime: l} })
	g.Grants = wrap(g.Grants, f.Grants, func(r Grant) *ResolvedGrant { return &ResolvedGrant{Grant: r} })
	g.Trusts = wrap(g.Trusts, f.Trusts, func(t Trust) *ResolvedTrust { return &ResolvedTrust{Trust: t} })
	g.Readers = wrap(g.Readers, f.Readers, func(r Reader) *ResolvedReader { return &ResolvedReader{Reader: r} })
	g.Workloads = wrap(g.Workloads, f.Workloads, func(w Workload) *Workload { return &w })
}

// addContract keeps the first contract of a name, by path. That there are more
// is reported where contracts are read; what they claim counts.
func (g *Graph) addContract(c *contract.Contract) {
	g.read = append(g.read, c)
	known := g.secrets[c.Name]
	if known == nil {
		known = &Secret{}
		g.secrets[c.Name] = known
		g.Contracts = append(g.Contracts, known)
	}
	if known.Contract == nil || named(c).Location().Compare(named(known.Contract).Location()) < 0 {
		known.Contract = c
	}
}

// named is where a contract says its name, or begins if it says none.
func named(c *contract.Contract) lint.Span {
	if name := c.Document.Root.Get("metadata", "name"); name != nil {
		return name.Span
	}
	return c.Document.Root.Span
}

func wrap[F, R any](all []R, facts []F, resolved func(F) R) []R {
	for _, fact := range facts {
		all = append(all, resolved(fact))
	}
	return all
}

func (g *Graph) sort() {
	slices.SortFunc(g.Contracts, func(a, b *Secret) int { return strings.Compare(a.Name, b.Name) })
	byPlace(g.Uses, func(u *ResolvedUse) lint.Span { return u.At }, func(u *ResolvedUse) string { return u.Slot + " " + u.Consumer + " " + u.Variable })
	byPlace(g.Objects, func(o *ResolvedObject) lint.Span { return o.At }, func(o *ResolvedObject) string { return o.Slot })
	byPlace(g.Supplies, func(s *ResolvedSupply) lint.Span { return s.At }, func(s *ResolvedSupply) string { return s.Slot + " " + s.From })
	byPlace(g.Rotations, func(r *ResolvedRotation) lint.Span { return r.At }, func(r *ResolvedRotation) string { return r.Slot + " " + r.Target })
	byPlace(g.Lifetimes, func(l *ResolvedLifetime) lint.Span { return l.At }, func(l *ResolvedLifetime) string { return l.Slot + " " + l.Kind })
	byPlace(g.Grants, func(r *ResolvedGrant) lint.Span { return r.At }, func(r *ResolvedGrant) string { return r.Identity + " " + r.Pattern + " " + r.Action })
	byPlace(g.Trusts, func(t *ResolvedTrust) lint.Span { return t.At }, func(t *ResolvedTrust) string { return t.Identity + " " + t.Issuer + " " + t.Subject })
	byPlace(g.Readers, func(r *ResolvedReader) lint.Span { return r.At }, func(r *ResolvedReader) string { return r.Kind + " " + r.Name })
	slices.SortStableFunc(g.Workloads, func(a, b *Workload) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), a.At.Location().Compare(b.At.Location()))
	})
	g.Workloads = slices.CompactFunc(g.Workloads, func(a, b *Workload) bool { return a.ID == b.ID })
	for _, w := range g.Workloads {
		g.workloads[w.ID] = w
	}
}

// byPlace sorts by place, and where several stand in one place, by name.
func byPlace[T any](all []T, at func(T) lint.Span, name func(T) string) {
	type keyed struct {
		item     T
		location lint.Location
		name     string
	}
	keys := make([]keyed, len(all))
	for i, item := range all {
		keys[i] = keyed{item, at(item).Location(), name(item)}
	}
	slices.SortStableFunc(keys, func(a, b keyed) int {
		return cmp.Or(a.location.Compare(b.location), strings.Compare(a.name, b.name))
	})
	for i, k := range keys {
		all[i] = k.item
	}
}

// Complete says whether everything was read: only then does absence mean anything.
func (g *Graph) Complete() bool { return g.options.Complete }

// Owners are the handles that CODEOWNERS gives a file.
func (g *Graph) Owners(file string) []string { return g.ownersOf(file) }

// Secret gives the contract of a name, or nil.
func (g *Graph) Secret(name string) *Secret { return g.secrets[name] }

// ownersOf asks CODEOWNERS about a file, once.
func (g *Graph) ownersOf(file string) []string {
	if g.options.Owners == nil || file == "" {
		return nil
	}
	found, known := g.owners[file]
	if !known {
		found = g.options.Owners(file)
		g.owners[file] = found
	}
	return found
}

func (g *Graph) history(file string) (History, bool) {
	if g.options.History == nil || file == "" {
		return History{}, false
	}
	return g.options.History(file)
}

// catalogued gives what the catalogue says under spec, or nil.
func (g *Graph) catalogued(keys ...string) *lint.Node {
	if g.Catalog.Document == nil {
		return nil
	}
	return g.Catalog.Document.Root.Get("spec").Get(keys...)
}
