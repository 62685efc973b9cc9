package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/glob"
)

func (r *resolver) rotations() {
	for _, rotation := range r.Rotations {
		var claims []Claim
		switch target := r.made[rotation.Target]; {
		case target != nil:
			claims = target.Claims
		case len(r.claims[rotation.Target]) > 0:
			claims = r.claims[rotation.Target]
		case rotation.TargetName != "":
			claims = r.on(stored(rotation.TargetName), true)
		}
		rotation.Claims = withoutConsumer(append(slices.Clip(claims), r.claims[rotation.Slot]...))
	}
}

func (r *resolver) lifetimes() {
	for _, l := range r.Lifetimes {
		claims := r.claims[l.Slot]
		if l.Path != "" {
			claims = append(slices.Clip(claims), r.on(stored(l.Path), true)...)
		}
		l.Contracts = names(claims)
	}
}

// names lists the contracts of claims, sorted.
func names(claims []Claim) []string {
	var all []string
	for _, c := range claims {
		all = append(all, c.Secret.Name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// grants finds what identities may read, and who runs as them.
func (r *resolver) grants() {
	running := map[string][]string{}
	for _, w := range r.Workloads {
		for _, identity := range append([]string{w.Identity}, w.Roles...) {
			if identity != "" && w.Kind != "ServiceAccount" { // which is an identity itself
				running[identity] = append(running[identity], w.ID)
			}
		}
	}
	type asked struct{ store, scope, pattern string }
	answers := map[asked]*ResolvedGrant{} // many identities have the same rights
	for _, grant := range r.Grants {
		grant.Consumers = running[grant.Identity]
		question := asked{grant.Store, grant.Scope, grant.Pattern}
		if answer := answers[question]; answer != nil {
			grant.Contracts, grant.Tiers = answer.Contracts, answer.Tiers
			continue
		}
		answers[question] = grant
		claims := r.readable(grant)
		grant.Contracts = names(claims)
		for _, c := range claims {
			if tier := r.Catalog.Tier(c.Environment); tier != "" && !slices.Contains(grant.Tiers, tier) {
				grant.Tiers = append(grant.Tiers, tier)
			}
		}
		slices.Sort(grant.Tiers)
	}
}

// trusts finds what those who hold a token may read by it.
func (r *resolver) trusts() {
	granted := map[string][]*ResolvedGrant{}
	for _, g := range r.Grants {
		granted[g.Identity] = append(granted[g.Identity], g)
	}
	for _, t := range r.Trusts {
		for _, g := range granted[t.Identity] {
			t.Contracts = append(t.Contracts, g.Contracts...)
			t.Tiers = append(t.Tiers, g.Tiers...)
		}
		t.Contracts, t.Tiers = sorted(t.Contracts), sorted(t.Tiers)
	}
}

// readable gives the claims on what a grant reaches.
func (r *resolver) readable(grant *ResolvedGrant) []Claim {
	if grant.Store == "kubernetes" {
		return r.readableSecrets(grant)
	}
	var claims []Claim
	literal, _, isPattern := strings.Cut(grant.Pattern, "*")
	if !isPattern {
		claims = slices.Concat(r.on(stored(grant.Pattern), true), r.claims[grant.Pattern]) // a name, or the slot of what has none
	}
	from, _ := slices.BinarySearch(r.order, stored(literal))
	for _, name := range r.order[from:] {
		if !isPattern || !strings.HasPrefix(name, stored(literal)) {
			break
		}
		if entry, _, _ := strings.Cut(strings.TrimPrefix(name, stored("")), "#"); fits(grant.Pattern, entry) {
			claims = append(claims, r.claims[name]...)
		}
	}
	return slices.DeleteFunc(claims, func(c Claim) bool {
		known := r.Catalog.Stores[c.Secret.Environments[c.Environment].Store].Type
		return grant.Store != "" && known != "" && known != grant.Store
	})
}

// readableSecrets gives the claims on the Secrets of Kubernetes that a grant
// reaches, those that an operator fills included.
func (r *resolver) readableSecrets(grant *ResolvedGrant) []Claim {
	var claims []Claim
	from, _ := slices.BinarySearch(r.inCluster, "k8s-secret:"+grant.Scope)
	for _, slot := range r.inCluster[from:] {
		whole, _, _ := strings.Cut(strings.TrimPrefix(slot, "k8s-secret:"), "#")
		namespace, name, _ := strings.Cut(whole, "/")
		if grant.Scope != "" && namespace != grant.Scope {
			if !strings.HasPrefix(namespace, grant.Scope) {
				break
			}
			continue
		}
		if !fits(grant.Pattern, name) {
			continue
		}
		claims = append(claims, r.claims[slot]...)
		for _, s := range r.supplied[slot] {
			claims = append(claims, s.Claims...)
		}
	}
	return claims
}

// fits compares a name with a pattern whose * stands for any text, as in the
// policies of clouds.
func fits(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return true
}

// readers finds the contracts of what application code reads: those that name
// the variable, else the one of what fills it, if that is one.
func (r *resolver) readers() {
	fills := map[string]*Secret{} // nil where there are several
	for _, u := range r.Uses {
		for _, c := range u.Claims {
			if known, found := fills[u.Variable]; !found {
				fills[u.Variable] = c.Secret
			} else if known != c.Secret {
				fills[u.Variable] = nil
			}
		}
	}
	for _, reader := range r.Readers {
		switch s := fills[reader.Name]; {
		case reader.Kind == "store":
			reader.Contracts = names(r.on(stored(reader.Name), true))
		case len(r.claims["env:"+reader.Name]) > 0:
			reader.Contracts = names(r.claims["env:"+reader.Name])
		case s != nil:
			reader.Contracts = []string{s.Name}
		}
		reader.Contracts = reader.Contracts[:min(len(reader.Contracts), most)]
	}
}

// meta are the characters that make a locator a pattern.
const meta = `*?[\`

// matches compares a locator of a contract with a consumer. Without #, it means
// everything in the file; * stands for any part of a name. Application code is
// named by a glob.
func matches(locator, consumer string) bool {
	if locator == consumer {
		return true
	}
	if pattern, isApp := strings.CutPrefix(locator, "app:"); isApp {
		file, ok := strings.CutPrefix(consumer, "app:")
		g, err := glob.Parse(pattern)
		return ok && err == nil && within(g, file)
	}
	if !strings.Contains(locator, "#") {
		consumer, _, _ = strings.Cut(consumer, "#")
		if locator == consumer {
			return true
		}
	}
	if !strings.ContainsAny(locator, meta) {
		return false
	}
	matched, err := path.Match(locator, consumer)
	return err == nil && matched
}

// within says whether a glob matches a file or a folder above it.
func within(g glob.Glob, file string) bool {
	if g.File(file) {
		return true
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if g.Dir(dir) {
			return true
		}
	}
	return false
}
