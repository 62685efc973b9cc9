package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// index finds the claims of contracts by the names of slots and objects, so that
// no use has to be compared with all of them.
type index struct {
	claims   map[string][]Claim  // by slot, and by stored(path#key)
	parts    map[string][]string // names with a key, by the name without
	keys     map[string][]string // keys that a Secret is known to have, whoever claims them
	anywhere map[string][]string // slots of Kubernetes, by ns-less name of the Secret
	projects map[string][]string // slots of Compose, by folder#name
	scopes   map[string][]Claim  // of GitHub, by environment in small letters; "" for the repository
	gitLab   map[string][]string // slots of GitLab that hold in some environments, by name of the variable
	order    []string            // names of all claims, sorted
	addressed
}

func newIndex(g *Graph) *index {
	ix := &index{
		claims: map[string][]Claim{}, parts: map[string][]string{}, keys: map[string][]string{}, anywhere: map[string][]string{},
		projects: map[string][]string{}, scopes: map[string][]Claim{}, gitLab: map[string][]string{}, addressed: addressed{map[string][]string{}, map[string]string{}},
	}
	ix.address(g)
	slices.SortStableFunc(g.read, func(a, b *contract.Contract) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), named(a).Location().Compare(named(b).Location()))
	})
	for _, c := range g.read {
		secret := g.secrets[c.Name]
		for _, claimed := range c.Claims {
			for _, slot := range ix.full(secret, claimed) {
				ix.add(slot, Claim{Secret: secret, Environment: claimed.Environment})
			}
		}
		for name, e := range c.Environments {
			if e.Path != "" {
				ix.add(stored(object(e.Path, e.Key)), Claim{Secret: secret, Environment: name})
			}
		}
	}
	for name := range ix.claims {
		ix.order = append(ix.order, name)
		slices.SortFunc(ix.claims[name], compareClaims)
	}
	slices.Sort(ix.order)
	for _, name := range ix.order {
		ix.relate(name)
		ix.key(name)
	}
	for _, u := range g.Uses {
		ix.key(u.Slot)
	}
	for _, s := range g.Supplies {
		ix.key(s.Slot)
	}
	return ix
}

// key notes that a Secret has a key.
func (ix *index) key(slot string) {
	if whole, _, found := strings.Cut(slot, "#"); found && strings.HasPrefix(whole, "k8s-secret:") {
		ix.keys[whole] = append(ix.keys[whole], slot)
	}
}

func compareClaims(a, b Claim) int {
	return cmp.Or(strings.Compare(a.Secret.Name, b.Secret.Name), strings.Compare(a.Environment, b.Environment))
}

func (ix *index) add(name string, c Claim) {
	name = fold(name)
	if !slices.Contains(ix.claims[name], c) {
		ix.claims[name] = append(ix.claims[name], c)
	}
}

// relate notes under which shorter names a claim can be found.
func (ix *index) relate(name string) {
	whole, key, hasKey := strings.Cut(name, "#")
	if hasKey {
		ix.parts[whole] = append(ix.parts[whole], name)
	}
	if secret, isSecret := strings.CutPrefix(whole, "k8s-secret:"); isSecret {
		_, secret, _ = strings.Cut(secret, "/")
		ix.anywhere[secret] = append(ix.anywhere[secret], name)
	}
	if file, isCompose := strings.CutPrefix(whole, "compose-secret:"); isCompose {
		project := path.Dir(file) + "#" + key
		ix.projects[project] = append(ix.projects[project], name)
	}
	if colon := strings.LastIndexByte(name, ':'); strings.HasPrefix(name, gitLab) && colon > len(gitLab) {
		ix.gitLab[name[colon+1:]] = append(ix.gitLab[name[colon+1:]], name)
	}
	if reference, isGitHub := strings.CutPrefix(name, github); isGitHub {
		scope := reference[:max(0, strings.LastIndexByte(reference, '/'))]
		ix.scopes[scope] = append(ix.scopes[scope], ix.claims[name]...)
	}
}

// address notes the addresses that Terraform files of the repository have.
func (ix *index) address(g *Graph) {
	var slots []string
	for _, o := range g.Objects {
		slots = append(slots, o.Slot)
	}
	for _, r := range g.Rotations {
		slots = append(slots, r.Slot)
	}
	for _, l := range g.Lifetimes {
		slots = append(slots, l.Slot)
	}
	for _, u := range g.Uses {
		slots = append(slots, u.Slot)
	}
	for _, w := range g.Workloads {
		slots = append(slots, w.ID)
	}
	slices.Sort(slots)
	for _, slot := range slices.Compact(slots) {
		folder, address, found := strings.Cut(slot, "//")
		kind, _, _ := strings.Cut(folder, ":")
		if found && (kind == "tf" || kind == "tf-var") {
			ix.addresses[kind+":"+address] = append(ix.addresses[kind+":"+address], slot)
		}
	}
	for _, o := range g.Objects { // what modules and keys make is also known by where it is written
		written := writtenAs(o.Slot, o.At)
		if written == o.Slot {
			continue
		}
		_, local, _ := strings.Cut(written, "//")
		ix.written[o.Slot] = written
		for _, name := range []string{"tf:" + local, written} {
			if !slices.Contains(ix.addresses[name], o.Slot) {
				ix.addresses[name] = append(ix.addresses[name], o.Slot)
			}
		}
	}
}

// writtenAs is the slot of a resource by the folder of its file and the address
// that it has there, without the calls and keys by which it is made.
func writtenAs(slot string, at lint.Span) string {
	folder, address, found := strings.Cut(slot, "//")
	if !found || !strings.HasPrefix(folder, "tf:") {
		return slot
	}
	address = instanceKey().ReplaceAllString(address, "")
	if prefix, local := moduleOf(address); prefix != "" && at.Source != nil {
		return "tf:" + path.Dir(at.Location().Path) + "//" + local
	}
	return folder + "//" + address
}

// full gives a claim on a Terraform address its folder, where that is certain,
// and notes where it is not.
func (ix *index) full(secret *Secret, claimed contract.Claim) []string {
	slots, certain := ix.slotsOf(claimed.Slot)
	if !certain {
		_, address, _ := strings.Cut(claimed.Slot, ":")
		secret.Ambiguous = append(secret.Ambiguous, Ambiguous{address, slots, claimed.Span})
		return []string{claimed.Slot}
	}
	return slots
}

// addressed knows the slots of Terraform by shorter names.
type addressed struct {
	addresses map[string][]string // slots that exist, by address without folder, or by where they are written
	written   map[string]string   // where slots are written, if that is not what they are called
}

// slotsOf are the slots that a name means: one, or all that one text makes. It is
// not certain if different texts have the name.
func (a addressed) slotsOf(name string) ([]string, bool) {
	candidates := a.addresses[name]
	if len(candidates) == 0 {
		return []string{name}, true
	}
	for _, slot := range candidates[1:] {
		if cmp.Or(a.written[slot], slot) != cmp.Or(a.written[candidates[0]], candidates[0]) {
			return candidates, false
		}
	}
	return candidates, true
}

// github is how the names of CI secrets begin.
const (
	github = "github-secret:"
	gitLab = "gitlab-var:"
)

// fold writes a slot as its platform compares it: GitHub's environments have no
// case.
func fold(slot string) string {
	name, isGitHub := strings.CutPrefix(slot, github)
	if !isGitHub {
		return slot
	}
	slash := strings.LastIndexByte(name, '/') + 1
	return github + strings.ToLower(name[:slash]) + name[slash:]
}

// stored is the name of an entry of a store. The store's own name takes no part:
// contracts and operators call one store by different names.
func stored(entry string) string { return "object:" + entry }

// on gives the claims on a name. One with a key is claimed also by a claim on
// the whole; of the whole, claims on its keys are only asked for with parts.
func (ix *index) on(name string, parts bool) []Claim {
	if found := ix.claims[name]; len(found) > 0 {
		return found
	}
	whole, _, hasKey := strings.Cut(name, "#")
	if hasKey {
		return ix.claims[whole]
	}
	var found []Claim
	if parts {
		for _, part := range ix.parts[whole] {
			_, key, _ := strings.Cut(part, "#")
			for _, c := range ix.claims[part] {
				c.Part = key
				found = append(found, c)
			}
		}
	}
	return found
}
