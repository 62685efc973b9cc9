package check

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

// mostReached is how many contracts a finding about what they inherit names.
const mostReached = 10

// inherited leaves one finding where many contracts inherit what is wrong: one
// place has to be edited. It names the others, and is known by its place alone, so
// that it stays the same whoever inherits next.
func inherited(findings []lint.Finding, set contract.Set) []lint.Finding {
	names, shared := declared(set)
	type place struct {
		rule *lint.Rule
		at   lint.Location
	}
	first := map[place]int{}
	slices.SortStableFunc(findings, func(a, b lint.Finding) int { return a.Compare(&b) })
	var kept []lint.Finding
	for _, f := range findings {
		name, isContract := names[f.Subject]
		if !isContract || !shared[f.Location.Path] {
			kept = append(kept, f)
			continue
		}
		at := place{f.Rule, f.Location}
		i, known := first[at]
		if !known {
			first[at] = len(kept)
			f.Anchor = strings.ReplaceAll(f.Anchor, f.Subject+" › ", "")
			kept = append(kept, f)
			continue
		}
		reached := lint.Related{Message: "reaches contract " + f.Subject, Location: name}
		if others := kept[i].Related; f.Subject != kept[i].Subject && len(others) < mostReached && !slices.Contains(others, reached) {
			kept[i].Related = append(slices.Clip(others), reached)
		}
	}
	return kept
}

// declared gives the places of the names of contracts, and the files from which
// contracts inherit.
func declared(set contract.Set) (names map[string]lint.Location, shared map[string]bool) {
	names, shared = map[string]lint.Location{}, map[string]bool{}
	for _, e := range set.Contracts {
		if place, err := e.Document.Locate(lint.Path{"metadata", "name"}, lint.Spot{}); err == nil && e.Document.Name != "" {
			names[e.Document.Name] = place.Location
		}
		for _, from := range e.Origins {
			shared[from.At.Location().Path] = true
		}
	}
	for _, e := range set.Contracts {
		delete(shared, e.Document.Path)
	}
	return names, shared
}

// about leaves the findings that concern the files that are checked. Contracts are
// read from all others too, and what is wrong with those is not the change's fault.
func about(findings []lint.Finding, checked []string) []lint.Finding {
	is := map[string]bool{}
	for _, path := range checked {
		is[path] = true
	}
	checks := func(r lint.Related) bool { return is[r.Location.Path] }
	return slices.DeleteFunc(findings, func(f lint.Finding) bool {
		kind := f.Rule.Kind()
		if kind != "contract" && kind != graph.Platform || is[f.Location.Path] {
			return false
		}
		for _, places := range f.Others() {
			if slices.ContainsFunc(places, checks) {
				return false
			}
		}
		return true
	})
}

// readAlong deals with what is wrong in files that are not checked, and were read
// since a checked one leads to them: a module that is excluded. In a run over
// everything, or what is staged, it is said where the checked file leads there; in a part of one it is
// none of the part's.
func readAlong(findings []lint.Finding, checked []string, whole bool) []lint.Finding {
	is := map[string]bool{}
	for _, path := range checked {
		is[path] = true
	}
	var kept []lint.Finding
	for _, f := range findings {
		if kind := f.Rule.Kind(); is[f.Location.Path] || f.Includer != "" || kind == "contract" || !slices.Contains(parse.Platforms(), kind) {
			kept = append(kept, f)
			continue
		}
		at := slices.IndexFunc(f.Related, func(r lint.Related) bool { return is[r.Location.Path] })
		if whole && at >= 0 {
			f.Location, f.Fix = f.Related[at].Location, nil
			kept = append(kept, f)
		}
	}
	return kept
}
