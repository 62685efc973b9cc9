package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

func (g *encoder) contractMap() *lint.Node {
	seen := g.seenOwners()
	handles := map[string][]string{}
	all := lint.NewObject(lint.Span{})
	for _, s := range g.Contracts {
		if _, known := handles[s.Owner]; !known {
			handles[s.Owner] = g.handles(s.Owner, seen)
		}
		set(all, s.Name, g.contract(s, handles[s.Owner]))
	}
	return all
}

func (g *encoder) contract(s *Secret, handles []string) *lint.Node {
	node := lint.NewObject(named(s.Contract))
	g.text(node, "name", s.Name)
	g.text(node, "state", s.State)
	g.text(node, "class", s.Class)
	g.text(node, "owner", s.Owner)
	g.text(node, "rating", s.Rating)
	set(node, "tiers", g.texts(g.tiers(s)))
	set(node, "handles", g.texts(handles))
	g.fileOf(node, named(s.Contract))
	number(node, "line", int64(named(s.Contract).Location().Start.Line))
	for _, part := range []string{"spec", "status"} {
		if field := s.Document.Root.Field(part); field != nil {
			node.Fields = append(node.Fields, *field) // with its place: it stands for what is missing
		}
	}
	set(node, "claims", lint.NewNumber(int64(len(s.Claims)), lint.Span{}))
	g.flag(node, "used", s.Used)
	g.flag(node, "wildcard", !s.Used && s.Wildcard)
	for _, relation := range []struct {
		key     string
		indices []int
	}{{"uses", s.Uses}, {"objects", s.Objects}, {"supplies", s.Supplies}, {"rotations", s.Rotations}, {"ttls", s.Lifetimes}, {"grants", s.Grants}} {
		set(node, relation.key, list(relation.indices, func(i int) *lint.Node { return lint.NewNumber(int64(i), lint.Span{}) }))
	}
	if len(s.Ambiguous) > 0 {
		set(node, "ambiguous", list(s.Ambiguous, g.ambiguous))
	}
	set(node, "needs", g.texts(s.Closure))
	if len(s.Cycle) > 0 {
		set(node, "needs_cycle", g.texts(s.Cycle))
	}
	set(node, "static_roots", g.texts(s.Roots))
	if g.options.Owners != nil {
		set(node, "shared_owners", g.texts(g.sharedOwners(s)))
	}
	g.past(node, s)
	return node
}

func (g *encoder) ambiguous(a Ambiguous) *lint.Node {
	node := lint.NewObject(a.At)
	g.text(node, "address", a.Address)
	set(node, "candidates", g.texts(a.Candidates[:min(len(a.Candidates), most)]))
	return node
}

func (g *encoder) tiers(s *Secret) []string {
	var all []string
	for name := range s.Environments {
		if tier := g.Catalog.Tier(name); tier != "" {
			all = append(all, tier)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// handles are those of a team in CODEOWNERS. A team that the catalogue gives none
// is recognised by its name in those that own a file of the graph.
func (g *encoder) handles(team string, seen []string) []string {
	if handles := g.Catalog.Teams[team].Handles; len(handles) > 0 || team == "" {
		return handles
	}
	var all []string
	for _, handle := range seen {
		if g.Catalog.Owns(team, handle) {
			all = append(all, handle)
		}
	}
	return all
}

// seenOwners are all handles that own a file of the graph.
func (g *encoder) seenOwners() []string {
	for _, s := range g.Contracts {
		g.ownersOf(named(s.Contract).Location().Path)
	}
	var all []string
	for _, owners := range g.owners {
		all = append(all, owners...)
	}
	return sorted(all)
}

// sharedOwners lists who owns the files of those that get the secret.
func (g *encoder) sharedOwners(s *Secret) []string {
	var all []string
	files := map[string]bool{}
	for _, i := range s.Uses {
		u := g.Uses[i]
		file := u.At.Location().Path
		if u.Confidence == Wildcard || files[file] {
			continue
		}
		files[file] = true
		all = append(all, g.ownersOf(file)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// past adds what git tells about a contract: of its own file, and of the files
// that make its objects or set its rotation.
func (g *encoder) past(node *lint.Node, s *Secret) {
	h, known := g.history(named(s.Contract).Location().Path)
	if !known {
		return
	}
	number(node, "first_ns", h.First)
	number(node, "changed_ns", h.Changed)
	number(node, "history_status_ns", h.Rotated[s.Name])
	rotated := h.Rotated[s.Name]
	for _, i := range s.Objects {
		rotated = max(rotated, g.rotated(g.Objects[i].At, g.Objects[i].Slot))
	}
	for _, i := range s.Rotations {
		rotated = max(rotated, g.rotated(g.Rotations[i].At, g.Rotations[i].Slot))
	}
	number(node, "rotated_ns", rotated)
}

func (g *encoder) rotated(at lint.Span, slot string) int64 {
	h, _ := g.history(at.Location().Path)
	return max(h.Rotated[slot], h.Rotated[writtenAs(slot, at)])
}

func (g *encoder) storeMap() *lint.Node {
	contracts, teams := map[string][]string{}, map[string][]string{}
	for _, s := range g.Contracts {
		for _, e := range s.Environments {
			if e.Store == "" {
				continue
			}
			contracts[e.Store] = append(contracts[e.Store], s.Name)
			if _, known := g.Catalog.Teams[s.Owner]; known {
				teams[e.Store] = append(teams[e.Store], s.Owner)
			}
		}
	}
	all := copied(g.catalogued("stores"))
	for i, field := range all.Fields {
		node := copied(field.Value)
		all.Fields[i].Value = node
		g.text(node, "tier", g.Catalog.Tier(node.Get("environment").Str()))
		set(node, "contracts", g.texts(sorted(contracts[field.Key])))
		set(node, "teams", g.texts(sorted(teams[field.Key])))
	}
	return all
}

func sorted(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

func (g *encoder) workloadMap() *lint.Node {
	all := lint.NewObject(lint.Span{})
	for _, w := range g.Workloads {
		node := lint.NewObject(w.At)
		g.text(node, "platform", w.Platform)
		g.text(node, "kind", w.Kind)
		number(node, "schedule_s", w.Schedule)
		g.flag(node, "manual_only", w.ManualOnly)
		g.text(node, "identity", w.Identity)
		if len(w.Logins) > 0 {
			set(node, "oidc_providers", g.texts(w.Logins))
		}
		g.fileOf(node, w.At)
		if h, known := g.history(w.At.Location().Path); known {
			number(node, "changed_ns", h.Changed)
		}
		set(all, w.ID, node)
	}
	return all
}

// automations are the locators of what rotates, renews and revokes a secret.
func (s *Secret) automations() []string {
	var all []string
	for _, locator := range []string{s.Rotation.Automation, s.Document.Root.Get("spec", "renewal", "automation").Str(), s.Revocation.Automation} {
		if locator != "" {
			all = append(all, locator)
		}
	}
	return sorted(all)
}

func (g *encoder) automationMap() *lint.Node {
	named := map[string][]string{}
	for _, s := range g.Contracts {
		for _, locator := range s.automations() {
			named[locator] = append(named[locator], s.Name)
		}
	}
	places := g.automationPlaces()
	return mapped(named, func(locator string, contracts []string) *lint.Node {
		at, w := places.find(locator)
		node := lint.NewObject(at)
		if at.Source != nil {
			g.flag(node, "found", true)
			g.fileOf(node, at)
		} else if found, known := g.exists(locator); known {
			g.flag(node, "found", found)
		}
		if w != nil {
			placed(node, "schedule_s", w.Schedule, w.StartedAt)
			set(node, "manual_only", lint.NewBool(w.ManualOnly, w.StartedAt))
		}
		set(node, "contracts", g.texts(contracts))
		return node
	})
}

// collected are the platforms whose workloads the graph knows. Of others, only
// the file can be looked for.
var collected = []string{"github", "bitbucket", "buildkite", "circleci", "kubernetes", "compose", "docker", "terraform", "cloudformation", "arm"}

func (g *encoder) exists(locator string) (found, known bool) {
	platform, rest, _ := strings.Cut(locator, ":")
	if slices.Contains(collected, platform) {
		return false, true
	}
	file, _, _ := strings.Cut(rest, "#")
	if g.options.Exists == nil || file == "" {
		return false, false
	}
	return g.options.Exists(path.Clean(file)), true
}

// places finds what an automation's locator means.
type places struct {
	at        map[string]lint.Span
	workloads map[string]*Workload
	short     map[string][]string // full names, by file, by address without folder, or by where it is written
	written   map[string]string   // where something is written, if that is not what it is called
}

func (g *encoder) automationPlaces() *places {
	p := &places{at: map[string]lint.Span{}, workloads: map[string]*Workload{}, short: map[string][]string{}, written: map[string]string{}}
	for _, o := range g.Objects {
		p.add(o.Slot, o.At)
	}
	for _, r := range g.Rotations {
		p.add(r.Slot, r.At)
	}
	for _, w := range g.Workloads {
		p.add(w.ID, w.At)
		p.workloads[w.ID] = w
	}
	return p
}

func (p *places) add(id string, at lint.Span) {
	if address, isTerraform := strings.CutPrefix(id, "terraform:"); isTerraform {
		id = "tf:" + address
	}
	if _, known := p.at[id]; known {
		return
	}
	p.at[id] = at
	file, _, _ := strings.Cut(id, "#")
	names := []string{file}
	if _, address, found := strings.Cut(id, "//"); found {
		names = []string{"tf:" + address}
	}
	if written := writtenAs(id, at); written != id {
		_, local, _ := strings.Cut(written, "//")
		p.written[id] = written
		names = append(names, written, "tf:"+local)
	}
	for _, name := range names {
		if name != id {
			p.short[name] = append(p.short[name], id)
		}
	}
}

// find gives the place of a locator, and the workload if it is one. A pipeline
// without job is its first job; a bare address has to be unique.
func (p *places) find(locator string) (lint.Span, *Workload) {
	if address, isTerraform := strings.CutPrefix(locator, "terraform:"); isTerraform {
		locator = "tf:" + address
	}
	if _, known := p.at[locator]; !known {
		full, certain := addressed{p.short, p.written}.slotsOf(locator)
		if certain || !strings.HasPrefix(locator, "tf:") {
			locator = full[0]
		}
	}
	return p.at[locator], p.workloads[locator]
}

func (g *encoder) runbookMap() *lint.Node {
	named := map[string][]string{}
	for _, s := range g.Contracts {
		if s.Runbook != "" && !strings.Contains(s.Runbook, "://") {
			named[s.Runbook] = append(named[s.Runbook], s.Name)
		}
	}
	return mapped(named, func(file string, contracts []string) *lint.Node {
		file, _, _ = strings.Cut(file, "#")
		node := lint.NewObject(lint.Span{})
		if g.options.Exists != nil {
			g.flag(node, "found", g.options.Exists(path.Clean(file)))
		}
		if h, known := g.history(path.Clean(file)); known {
			number(node, "changed_ns", h.Changed)
		}
		set(node, "contracts", g.texts(contracts))
		return node
	})
}
