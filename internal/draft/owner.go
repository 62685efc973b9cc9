package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// teams lists the teams that own files in which secrets stand, with their handles.
func teams(g *graph.Graph, o Options) map[string][]string {
	all := map[string][]string{}
	if o.Owner != "" {
		all[o.Owner] = nil
	}
	for _, file := range files(g) {
		for _, handle := range o.handles(file) {
			if team := lastPart(handle); team != "" && !slices.Contains(all[team], handle) {
				all[team] = append(all[team], handle)
				slices.Sort(all[team])
			}
		}
	}
	return all
}

func files(g *graph.Graph) []string {
	all := map[string]bool{}
	note := func(at lint.Span) { all[at.Location().Path] = true }
	for _, u := range g.Uses {
		note(u.At)
	}
	for _, x := range g.Objects {
		note(x.At)
	}
	for _, s := range g.Supplies {
		note(s.At)
	}
	for _, r := range g.Readers {
		note(r.At)
	}
	return slices.Sorted(keys(all))
}

func (o Options) handles(file string) []string {
	if o.Owners == nil {
		return nil
	}
	return o.Owners(file)
}

// lastPart is the team of a handle, "" for that of a person: people leave.
func lastPart(handle string) string {
	_, team, isTeam := strings.Cut(handle, "/")
	if !isTeam || strings.Contains(team, "@") {
		return ""
	}
	return team[strings.LastIndexByte(team, '/')+1:]
}

// owner is the team that owns most of the files in which a secret is used. A team
// that the catalogue does not know comes last.
func (w *writer) owner(files []string) string {
	known, homeless := map[string]int{}, map[string]int{}
	for _, file := range files {
		for _, handle := range w.handles(file) {
			if team := catalogued(w.catalog, handle); team != "" {
				known[team]++
			} else if team := lastPart(handle); team != "" {
				homeless[team]++
			}
		}
	}
	team := cmp.Or(most(known), w.Owner, most(homeless))
	if _, has := w.catalog.Teams[team]; team != "" && !has && len(w.catalog.Teams) > 0 {
		w.result.Homeless = append(w.result.Homeless, team)
	}
	return team
}

func catalogued(catalog contract.Catalog, handle string) string {
	for _, team := range slices.Sorted(keys(catalog.Teams)) {
		if catalog.Owns(team, handle) {
			return team
		}
	}
	return ""
}

// most is the name with the greatest number, the first by name among equals.
func most(counted map[string]int) string {
	best := ""
	for _, name := range slices.Sorted(keys(counted)) {
		if best == "" || counted[name] > counted[best] {
			best = name
		}
	}
	return best
}
