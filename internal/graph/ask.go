package graph

import (
	"slices"
	"strings"
)

// Allows says whether a contract lists the consumer of a use. One that lists
// nobody allows nobody here.
func (s *Secret) Allows(u *ResolvedUse) bool {
	listed, _ := lists(s, u.names(), u.Environment)
	return listed && len(s.Consumers) > 0
}

// Exists says whether something in the repository is what a locator of a contract
// names. It is not known of platforms that are not read, of namespaces whose
// manifests lie elsewhere, and where not everything was read.
func (g *Graph) Exists(locator string) (found, known bool) {
	if g.workloads[locator] != nil {
		return true, true
	}
	for _, w := range g.Workloads {
		found = found || matches(locator, anywhere(w.ID, locator))
	}
	for _, u := range g.Uses {
		found = found || slices.ContainsFunc(u.names(), func(name string) bool { return matches(locator, anywhere(name, locator)) })
	}
	platform, rest, _ := strings.Cut(locator, ":")
	known = g.options.Complete && slices.Contains(collected, platform)
	if platform == "kubernetes" {
		namespace, _, _ := strings.Cut(rest, "/")
		known = known && g.has(namespace)
	}
	return found, known
}

// anywhere gives a workload whose manifest names no namespace that of a locator:
// a kustomization may put it there.
func anywhere(id, locator string) string {
	rest, open := strings.CutPrefix(id, "kubernetes:"+unnamed+"/")
	namespace, _, _ := strings.Cut(strings.TrimPrefix(locator, "kubernetes:"), "/")
	if !open || !strings.HasPrefix(locator, "kubernetes:") {
		return id
	}
	return "kubernetes:" + namespace + "/" + rest
}

// has says whether manifests of a namespace were read.
func (g *Graph) has(namespace string) bool {
	return slices.ContainsFunc(g.Workloads, func(w *Workload) bool { return strings.HasPrefix(w.ID, "kubernetes:"+namespace+"/") })
}

// UsesSlot says whether something uses, supplies or makes what a reference of a
// contract names, and whether that is known: see Exists.
func (g *Graph) UsesSlot(s *Secret, slot string) (used, known bool) {
	for _, i := range s.Uses {
		if u := g.Uses[i]; u.Confidence != Wildcard && sameSlot(slot, u.Slot, u.Scope) {
			return true, true
		}
	}
	for _, u := range g.Uses {
		used = used || u.Confidence != Wildcard && sameSlot(slot, u.Slot, u.Scope)
	}
	for _, supply := range g.Supplies {
		used = used || sameSlot(slot, supply.Slot, "") || sameSlot(slot, supply.From, "")
	}
	for _, o := range g.Objects {
		used = used || sameSlot(slot, o.Slot, "") || o.Fills != "" && sameSlot(slot, o.Fills, "")
	}
	kind, rest, _ := strings.Cut(slot, ":")
	switch kind {
	case "github-secret":
		known = !s.Wildcard // who asks for all secrets may use this one
	case "k8s-secret":
		namespace, _, _ := strings.Cut(rest, "/")
		known = g.has(namespace)
	case "compose-secret", "docker-secret":
		known = true
	case "tf":
		found, _ := g.Exists("terraform:" + rest)
		used = used || found || slices.ContainsFunc(g.Workloads, func(w *Workload) bool { return strings.HasSuffix(w.ID, "//"+rest) })
		known = !strings.Contains(rest, "module.") // what a module makes, its source says
	}
	return used, known && g.options.Complete
}

// sameSlot says whether a reference covers a slot, or names a part of it. A name
// of a CI secret without environment covers those of all environments.
func sameSlot(reference, slot, scope string) bool {
	reference, slot = fold(reference), fold(slot)
	if name, isGitHub := strings.CutPrefix(reference, github); isGitHub {
		if strings.Contains(name, "/") && !strings.Contains(slot, "/") && scope != "" {
			slot = fold(github + scope + "/" + strings.TrimPrefix(slot, github))
		}
		bare := github + slot[strings.LastIndexAny(slot, "/:")+1:]
		return reference == slot || !strings.Contains(name, "/") && reference == bare
	}
	if strings.HasPrefix(reference, "compose-secret:") {
		return project(reference) == project(slot)
	}
	if reference == slot {
		return true
	}
	whole, key, _ := strings.Cut(reference, "#")
	other, otherKey, _ := strings.Cut(slot, "#")
	if rest, open := strings.CutPrefix(other, "k8s-secret:"+unnamed+"/"); open && strings.HasPrefix(whole, "k8s-secret:") {
		other = whole[:strings.IndexByte(whole, '/')+1] + rest
	}
	return whole == other && (key == otherKey || key == "" || otherKey == "")
}

// project is a slot of Compose with the folder in place of the file.
func project(slot string) string {
	file, name, _ := strings.Cut(slot, "#")
	return file[:strings.LastIndexByte(file, '/')+1] + "#" + name
}
