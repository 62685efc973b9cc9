package graph

import (
	"fmt"
	"slices"
	"strings"
)

// walk follows the value of a use from its slot to where it is kept, notes the
// way, and gives the claims on what lies on it.
func (r *resolver) walk(u *ResolvedUse) []Claim {
	u.Chain = []Step{u.step()}
	supplies := r.suppliesOf(fold(u.Slot))
	u.HoldsValue = u.HoldsValue && len(supplies) == 0
	var claims []Claim
	seen := map[string]bool{u.Slot: true}
	for i, s := range supplies {
		steps, found := r.follow(s, seen)
		claims = append(claims, partly(u, s, ofKey(found, u.Slot, s))...)
		if i == 0 { // a Secret that is used whole may have many homes: the first stands for them
			u.Chain = append(u.Chain, steps...)
		}
	}
	return claims
}

// partly says of claims which part of a use they are about.
func partly(u *ResolvedUse, s *ResolvedSupply, claims []Claim) []Claim {
	_, key, _ := strings.Cut(s.Slot, "#")
	if key == "" || strings.Contains(u.Slot, "#") {
		return claims
	}
	claims = slices.Clone(claims)
	for i := range claims {
		claims[i].Part = key
	}
	return claims
}

// ofKey leaves out the claims on other keys where a Secret is the whole of an
// entry and somebody claims the key itself: a template may rename keys, but then
// nobody does.
func ofKey(claims []Claim, slot string, s *ResolvedSupply) []Claim {
	_, key, hasKey := strings.Cut(slot, "#")
	keyOf := func(c Claim) string {
		if e := c.Secret.Environments[c.Environment]; c.ViaStore && e.Path == s.From {
			return e.Key
		}
		return ""
	}
	if !hasKey || strings.Contains(s.Slot, "#") || !slices.ContainsFunc(claims, func(c Claim) bool { return keyOf(c) == key }) {
		return claims
	}
	return slices.DeleteFunc(slices.Clone(claims), func(c Claim) bool { return keyOf(c) != "" && keyOf(c) != key })
}

func (u *ResolvedUse) step() Step {
	return Step{u.Slot, fmt.Sprintf("%s gets %s by %s", u.Consumer, u.Slot, u.Delivery), u.At}
}

// suppliesOf gives what supplies a slot: best its own key, else the whole Secret,
// and of a whole Secret every key.
func (r *resolver) suppliesOf(slot string) []*ResolvedSupply {
	whole, _, hasKey := strings.Cut(slot, "#")
	found := r.supplied[slot]
	if hasKey && len(found) == 0 {
		found = r.supplied[whole]
	}
	if !hasKey {
		for _, key := range r.keyed[whole] {
			found = append(slices.Clip(found), r.supplied[key]...)
		}
	}
	return found
}

// follow goes on from what a supply takes. What supplies itself ends there.
func (r *resolver) follow(s *ResolvedSupply, seen map[string]bool) ([]Step, []Claim) {
	if seen[s.From] {
		return nil, nil
	}
	seen[s.From] = true
	claims := s.Claims
	steps := slices.Clone(s.Chain)
	for i, next := range r.supplied[fold(s.From)] {
		more, found := r.follow(next, seen)
		claims = append(slices.Clip(claims), found...)
		if i == 0 {
			steps = append(steps, more...)
		}
	}
	return steps, claims
}

// way is what a supply takes, and what makes that.
func (r *resolver) way(s *ResolvedSupply) []Step {
	steps := []Step{{s.home(), fmt.Sprintf("%s gets its value from %s (%s)", s.Slot, s.From, s.Mechanism), s.At}}
	for _, o := range r.takenFrom(s) {
		steps = append(steps, Step{o.Slot, "infrastructure code makes " + s.From + " here", o.At})
	}
	return steps
}

// takenFrom gives the objects of infrastructure code that a supply takes, those
// of its environment if each environment makes one of that name.
func (r *resolver) takenFrom(s *ResolvedSupply) []*ResolvedObject {
	if made := r.made[s.From]; made != nil {
		return []*ResolvedObject{made}
	}
	name, _, _ := strings.Cut(s.From, "#")
	all := r.entries[name]
	var same []*ResolvedObject
	for _, o := range all {
		if o.Environment != "" && o.Environment == s.Environment {
			same = append(same, o)
		}
	}
	if len(same) > 0 {
		return same
	}
	return all[:min(len(all), most)]
}

// home is the id of the object that a supply takes, as its contract has it.
func (s *ResolvedSupply) home() string {
	name, _, _ := strings.Cut(s.From, "#")
	for _, c := range s.Claims {
		if e := c.Secret.Environments[c.Environment]; e.Path == name && e.Object() != "" {
			return e.Object()
		}
	}
	return s.From
}

// backlink tells each contract what falls under it.
func (g *Graph) backlink() {
	for i, u := range g.Uses {
		for _, c := range u.Claims {
			c.Secret.Uses = once(c.Secret.Uses, i)
			c.Secret.Used = c.Secret.Used || u.Confidence != Wildcard
		}
	}
	for i, o := range g.Objects {
		for _, c := range o.Claims {
			c.Secret.Objects = once(c.Secret.Objects, i)
		}
	}
	for i, s := range g.Supplies {
		for _, c := range s.Claims {
			c.Secret.Supplies = once(c.Secret.Supplies, i)
			c.Secret.Used = c.Secret.Used || !c.Secret.hasSlots()
		}
	}
	for i, r := range g.Rotations {
		for _, c := range r.Claims {
			c.Secret.Rotations = once(c.Secret.Rotations, i)
		}
	}
	for i, l := range g.Lifetimes {
		for _, name := range l.Contracts {
			g.secrets[name].Lifetimes = once(g.secrets[name].Lifetimes, i)
		}
	}
	for i, r := range g.Grants {
		for _, name := range r.Contracts[:min(len(r.Contracts), most)] {
			g.secrets[name].Grants = once(g.secrets[name].Grants, i)
		}
	}
	for _, r := range g.Readers {
		for _, name := range r.Contracts {
			g.secrets[name].Used = true
		}
	}
}

// once adds an index that grows from call to call.
func once(all []int, i int) []int {
	if len(all) > 0 && all[len(all)-1] == i {
		return all
	}
	return append(all, i)
}

// hasSlots says whether a contract names slots, by which something in the
// repository gets the secret. Of one that only names objects, the consumers may
// live elsewhere.
func (s *Secret) hasSlots() bool {
	for _, c := range s.Claims {
		if !strings.HasPrefix(c.Slot, "tf") {
			return true
		}
	}
	return false
}

// close works out what contracts need, directly or not.
func (g *Graph) close() {
	for _, cycle := range g.cycles() {
		for _, s := range cycle {
			for _, other := range cycle[:min(len(cycle), most)] {
				s.Cycle = append(s.Cycle, other.Name)
			}
		}
	}
	for _, s := range g.Contracts {
		s.Closure = g.closure(s)
		for _, name := range s.Closure {
			if needed := g.secrets[name]; needed != nil && needed.Lifetime == "static" && len(needed.Needs) == 0 {
				s.Roots = append(s.Roots, name)
			}
		}
	}
}

// closure gives what a contract needs, the nearest first; at most as many as a
// reader could follow.
func (g *Graph) closure(s *Secret) []string {
	seen := map[string]bool{s.Name: true}
	var all []string
	for next := s.Needs; len(next) > 0; {
		var further []string
		for _, name := range next {
			if seen[name] || len(all) == most {
				continue
			}
			seen[name] = true
			all = append(all, name)
			if needed := g.secrets[name]; needed != nil {
				further = append(further, needed.Needs...)
			}
		}
		next = further
		if len(all) == most {
			break
		}
	}
	return all
}

// cycles finds the contracts that need each other, by Tarjan's algorithm. It
// keeps its own stack: a chain of needs may be as long as there are contracts.
func (g *Graph) cycles() [][]*Secret {
	t := &tarjan{graph: g, index: map[*Secret]int{}, low: map[*Secret]int{}, onStack: map[*Secret]bool{}}
	for _, s := range g.Contracts {
		if t.index[s] == 0 {
			t.visit(s)
		}
	}
	return t.found
}

type tarjan struct {
	graph      *Graph
	index, low map[*Secret]int // from 1
	onStack    map[*Secret]bool
	stack      []*Secret
	found      [][]*Secret
}

type call struct {
	s    *Secret
	next int // index into what it needs
}

func (t *tarjan) enter(s *Secret) call {
	t.index[s] = len(t.index) + 1
	t.low[s] = t.index[s]
	t.stack = append(t.stack, s)
	t.onStack[s] = true
	return call{s: s}
}

func (t *tarjan) visit(root *Secret) {
	calls := []call{t.enter(root)}
	for len(calls) > 0 {
		c := &calls[len(calls)-1]
		if c.next == len(c.s.Needs) {
			t.leave(c.s)
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				caller := calls[len(calls)-1].s
				t.low[caller] = min(t.low[caller], t.low[c.s])
			}
			continue
		}
		needed := t.graph.secrets[c.s.Needs[c.next]]
		c.next++
		switch {
		case needed == nil:
		case t.index[needed] == 0:
			calls = append(calls, t.enter(needed))
		case t.onStack[needed]:
			t.low[c.s] = min(t.low[c.s], t.index[needed])
		}
	}
}

// leave takes the component off the stack that ends with s.
func (t *tarjan) leave(s *Secret) {
	if t.low[s] != t.index[s] {
		return
	}
	at := len(t.stack) - 1
	for t.stack[at] != s {
		at--
	}
	component := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, member := range component {
		t.onStack[member] = false
	}
	if len(component) > 1 || slices.Contains(s.Needs, s.Name) {
		slices.SortFunc(component, func(a, b *Secret) int { return strings.Compare(a.Name, b.Name) })
		t.found = append(t.found, component)
	}
}
