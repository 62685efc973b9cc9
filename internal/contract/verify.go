package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/suggest"
)

// report adds a finding at the place of a path.
func (r *resolver) report(rule *lint.Rule, doc *lint.Document, path lint.Path, spot lint.Spot, message string, related ...lint.Related) {
	place, err := doc.Locate(path, spot)
	if err != nil {
		place, _ = doc.Locate(nil, lint.Spot{})
	}
	r.findings = append(r.findings, lint.Finding{
		Rule: rule, Location: place.Location, Message: message, Subject: doc.Name,
		Anchor: doc.Name + " › " + place.Anchor, Related: related,
	})
}

// places reports documents that stand where they do not hold, and those whose
// name another one has; neither takes part.
func (r *resolver) places() {
	for _, platform := range []string{"catalog", "class", "defaults"} {
		r.byKind[platform] = slices.DeleteFunc(r.byKind[platform], r.misplaced)
	}
	for _, platform := range slices.Sorted(maps.Keys(r.byKind)) {
		seen := map[string]*lint.Document{}
		r.byKind[platform] = slices.DeleteFunc(r.byKind[platform], func(doc *lint.Document) bool {
			name := doc.Name
			if platform == "catalog" {
				name = "catalogue" // there is one
			}
			if platform == "defaults" || name == "" || seen[name] == nil {
				seen[name] = doc
				return false
			}
			r.duplicate(doc, seen[name])
			return platform != "contract" // a contract is judged all the same
		})
	}
}

func (r *resolver) misplaced(doc *lint.Document) bool {
	_, holds := reach(doc.Path)
	switch {
	case doc.Platform == "defaults" && !holds:
		r.report(misplaced, doc, lint.Path{"kind"}, lint.Spot{}, "these defaults hold nowhere: they do not stand in a .policyctl folder")
	case doc.Platform != "defaults" && !atRoot(doc):
		r.report(misplaced, doc, lint.Path{"kind"}, lint.Spot{}, "this document does not hold: it does not stand in the .policyctl folder at the root")
	default:
		return false
	}
	return true
}

func (r *resolver) duplicate(doc, first *lint.Document) {
	path := lint.Path{"metadata", "name"}
	place, _ := first.Locate(path, lint.Spot{})
	message := fmt.Sprintf("%s is already declared at %s", doc.Name, place.Location)
	if doc.Platform == "catalog" {
		message = fmt.Sprintf("the catalogue stands already at %s; a repository has one", place.Location)
	}
	r.report(duplicateName, doc, path, lint.Spot{}, message, lint.Related{Message: "the first", Location: place.Location})
}

// check compares each contract with the rest: names must exist, limits hold.
func (r *resolver) check() {
	known := names{
		contracts: map[string]bool{}, classes: slices.Sorted(maps.Keys(r.classes)), teams: slices.Sorted(maps.Keys(r.catalog.Teams)),
		environments: r.catalog.Environments(), stores: slices.Sorted(maps.Keys(r.catalog.Stores)),
	}
	for i := range r.contracts {
		known.contracts[r.contracts[i].Document.Name] = true
	}
	breaches := map[string]*breach{}
	for i := range r.contracts {
		e := &r.contracts[i]
		r.names(e, &known)
		r.limits(e, breaches)
	}
	for _, key := range sortedKeys(breaches) {
		r.breach(breaches[key])
	}
	r.loosened()
}

// names are what contracts may refer to.
type names struct {
	contracts                            map[string]bool
	classes, teams, environments, stores []string
}

// names reports what a contract refers to and does not exist. What the catalogue
// does not speak of at all is left alone.
func (r *resolver) names(e *Effective, known *names) {
	spec := e.Document.Root.Get("spec")
	must := func(rule *lint.Rule, what string, path lint.Path, n *lint.Node, all []string) {
		named := contract.Names
		if rule == unknownTeam {
			named = contract.Teams
		}
		if name := n.Str(); named(name) && len(all) > 0 && !slices.Contains(all, name) {
			r.report(rule, e.Document, path, lint.Spot{}, unknown(path, what, name, all))
		}
	}
	must(unknownClass, "there is no class", lint.Path{"spec", "class"}, spec.Get("class"), known.classes)
	must(unknownTeam, "the catalogue has no team", lint.Path{"spec", "owner", "team"}, spec.Get("owner", "team"), known.teams)
	for _, approval := range spec.Get("approvals").Object() {
		for i, team := range approval.Value.Get("teams").List() {
			must(unknownTeam, "the catalogue has no team", lint.Path{"spec", "approvals", approval.Key, "teams", i}, team, known.teams)
		}
	}
	for _, field := range spec.Get("environments").Object() {
		path := lint.Path{"spec", "environments", field.Key}
		if contract.Names(field.Key) && len(known.environments) > 0 && !slices.Contains(known.environments, field.Key) {
			r.report(unknownEnvironment, e.Document, path, lint.Spot{Key: true}, unknown(path, "the catalogue has no environment", field.Key, known.environments))
		}
		must(unknownStore, "the catalogue has no store", append(path, "store"), field.Value.Get("store"), known.stores)
	}
	for i, consumer := range spec.Get("consumers").List() {
		for k, environment := range consumer.Get("environments").List() {
			must(unknownEnvironment, "the catalogue has no environment", lint.Path{"spec", "consumers", i, "environments", k}, environment, known.environments)
		}
	}
	for i, need := range spec.Get("dependencies", "needs").List() {
		if contract.Names(need.Str()) && !known.contracts[need.Str()] {
			path := lint.Path{"spec", "dependencies", "needs", i}
			r.report(unknownContract, e.Document, path, lint.Spot{}, unknown(path, "there is no contract", need.Str(), sortedKeys(known.contracts)))
		}
	}
	if next := spec.Get("successor").Str(); contract.Names(next) && !known.contracts[next] {
		path := lint.Path{"spec", "successor"}
		r.report(unknownContract, e.Document, path, lint.Spot{}, unknown(path, "there is no contract", next, sortedKeys(known.contracts)))
	}
}

// unknown words the finding about a name. The name itself is quoted only if it is
// near one that exists: somebody may have pasted something else there.
func unknown(path lint.Path, what, name string, all []string) string {
	if near := suggest.Nearest(name, all); near != "" {
		return fmt.Sprintf("%s: %s of this name, did you mean %s?", path, what, near)
	}
	const most = 12
	if len(all) > most {
		return fmt.Sprintf("%s: %s of this name", path, what)
	}
	return fmt.Sprintf("%s: %s of this name; known are %s", path, what, strings.Join(all, ", "))
}

// breach is a value beyond a limit, and the contracts that have it from there.
type breach struct {
	limit     *limit
	path      lint.Path
	reason    string
	contracts []*Effective
}

// limits finds the values of a contract that go beyond a limit: the strictest one
// speaks.
func (r *resolver) limits(e *Effective, breaches map[string]*breach) {
	if e.class == nil {
		return
	}
	spec := e.Document.Root.Get("spec")
	var inForce []*limit
	for i := range e.class.limits {
		if l := &e.class.limits[i]; l.inForce(spec, r.now) {
			inForce = append(inForce, l)
		}
	}
	slices.SortStableFunc(inForce, stricter)
	said := map[string]bool{}
	for _, l := range inForce {
		if l.required && spec.Get(l.field...) == nil && !proposed(spec) {
			path := lint.Path{"spec"}
			for _, part := range l.field {
				path = append(path, part)
			}
			r.report(requiredByClass, e.Document, path, lint.Spot{}, fmt.Sprintf("%s: required by %s", path, l.of()), r.limitPlace(l)...)
		}
		for _, at := range l.paths(spec) {
			field := strings.Join(at, ".")
			if reason := l.broken(spec, at); reason != "" && !said[field] {
				said[field] = true
				r.note(breaches, e, l, at, reason)
			}
		}
	}
}

func proposed(spec *lint.Node) bool { return spec.Get("state").Str() == "proposed" }

// note keeps a breach by its place: a value that many contracts inherit is one
// finding, about the strictest of their limits.
func (r *resolver) note(breaches map[string]*breach, e *Effective, l *limit, at []string, reason string) {
	path := lint.Path{"spec"}
	for _, part := range at {
		path = append(path, part)
	}
	place, _ := e.Document.Locate(path, lint.Spot{})
	key := fmt.Sprint(place.Location, path)
	b := breaches[key]
	if b == nil {
		b = &breach{limit: l, path: path, reason: reason}
		breaches[key] = b
	}
	if stricter(l, b.limit) < 0 {
		b.limit, b.reason = l, reason
	}
	b.contracts = append(b.contracts, e)
}

func (r *resolver) breach(b *breach) {
	first := b.contracts[0]
	related := r.limitPlace(b.limit)
	from := first.Origins[strings.TrimPrefix(b.path.String(), "spec.")]
	if from.Kind != contractKind {
		const most = 10
		for i, e := range b.contracts {
			if i == most {
				break
			}
			name, _ := e.Document.Locate(lint.Path{"metadata", "name"}, lint.Spot{})
			related = append(related, lint.Related{Message: "reaches contract " + e.Document.Name, Location: name.Location})
		}
	}
	r.report(outsideLimit, first.Document, b.path, lint.Spot{}, fmt.Sprintf("%s: %s", b.path, b.reason), related...)
	if from.Kind != contractKind { // the finding is the origin's, whichever contract shows it
		last := &r.findings[len(r.findings)-1]
		last.Subject, last.Anchor = from.Name, from.Name+" › "+b.path.String()
	}
}

// limitPlace is where a limit is set; built-in ones stand nowhere.
func (r *resolver) limitPlace(l *limit) []lint.Related {
	if l.builtIn {
		return nil
	}
	return []lint.Related{{Message: "the limit", Location: l.node.Span.Location()}}
}

// loosened reports limits of the repository that are wider than the built-in
// ones of the same class.
func (r *resolver) loosened() {
	for _, name := range slices.Sorted(maps.Keys(r.classes)) {
		c := r.classes[name]
		for i := range c.limits {
			if !c.limits[i].builtIn {
				r.compare(c, &c.limits[i])
			}
		}
	}
}

func (r *resolver) compare(c *class, own *limit) {
	for i := range c.limits {
		starter := &c.limits[i]
		bound, want := own.loosened(starter)
		if !starter.builtIn || bound == nil {
			continue
		}
		r.findings = append(r.findings, lint.Finding{
			Rule: loosenedLimit, Location: bound.Span.Location(), Subject: c.name, Anchor: c.name + " › " + strings.Join(own.field, "."),
			Message: fmt.Sprintf("class %s: the limit %s of %s is looser than the built-in %s, which holds", c.name, bound.Text, strings.Join(own.field, "."), want),
		})
		return
	}
}
