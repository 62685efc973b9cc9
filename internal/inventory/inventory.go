// Package inventory lists the secrets of a repository: those that contracts
// declare, and those that are used without. It computes and never stores; whether
// something is wrong enough to block is the business of policies.
package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// Version is that of the JSON form. A change that breaks readers raises it; new
// fields do not.
const Version = 1

// List is all secrets at one moment.
type List struct {
	Version  int      `json:"version"`
	AsOf     string   `json:"as_of"`    // the moment by which due dates are judged
	Complete bool     `json:"complete"` // false if a file was not read: what is missing here may still be there
	Secrets  []Secret `json:"secrets"`  // by name, those that nobody declares last
}

// Secret is a row. What nobody said is left out, but for lists.
type Secret struct {
	Name         string   `json:"name"`               // of the contract, else the id of the slot: github-secret:NAME
	State        string   `json:"state"`              // proposed, active, deprecated, retired or undeclared
	Class        string   `json:"class,omitempty"`    //
	Owner        string   `json:"owner,omitempty"`    // team
	Risk         string   `json:"risk,omitempty"`     // low, medium, high or critical
	Environments []string `json:"environments"`       // sorted
	Stores       []string `json:"stores"`             // names of the catalogue, sorted
	Consumers    int      `json:"consumers"`          // jobs and workloads that get it by its name
	Listed       int      `json:"listed_consumers"`   // entries of the contract
	Lifetime     string   `json:"lifetime,omitempty"` // static, short-lived or dynamic
	TTL          int64    `json:"ttl_s,omitempty"`
	Interval     int64    `json:"rotation_interval_s,omitempty"` // the shortest of all environments
	Rotated      string   `json:"last_rotated,omitempty"`        // day
	Due          string   `json:"next_due,omitempty"`            // day
	Incident     Incident `json:"incident,omitzero"`             // what the contract says of a leak
	Problems     []string `json:"problems"`                      // overdue, expired, orphaned, proposed, undeclared
	File         string   `json:"file"`
	Line         int      `json:"line"`
}

// Incident is what is done when a secret has leaked, and when that was tried.
type Incident struct {
	Revoke   string   `json:"revoke,omitempty"`          // method
	Within   int64    `json:"revoke_within_s,omitempty"` //
	Call     string   `json:"escalation,omitempty"`      // scheme:target
	Approve  []string `json:"approve_revoke,omitempty"`  // teams
	Breaks   []string `json:"breaks,omitempty"`          // what stops when it is revoked
	Runbook  string   `json:"runbook,omitempty"`         // path or URL
	Drilled  string   `json:"last_drilled,omitempty"`    // day
	DrillDue string   `json:"drill_due,omitempty"`       // day
}

func incident(s *graph.Secret) Incident {
	i := Incident{
		Revoke: s.Revocation.Method, Within: s.Revocation.Within, Call: s.Escalation, Approve: s.Approvals["revoke"],
		Breaks: s.Breaks, Runbook: s.Runbook, Drilled: day(s.Status.Drilled),
	}
	if s.Drill != 0 && s.Status.Drilled != 0 {
		i.DrillDue = day(s.Status.Drilled + s.Drill*int64(time.Second))
	}
	return i
}

// The problems.
const (
	overdue    = "overdue"
	expired    = "expired"
	orphaned   = "orphaned"
	proposed   = "proposed"
	undeclared = "undeclared"
)

// Of makes the list of a repository.
func Of(g *graph.Graph, now time.Time) List {
	l := List{Version: Version, AsOf: now.UTC().Format(time.RFC3339), Complete: g.Complete(), Secrets: []Secret{}}
	for _, s := range g.Contracts {
		l.Secrets = append(l.Secrets, declared(g, s, now.UnixNano()))
	}
	l.Secrets = append(l.Secrets, strays(g)...)
	return l
}

func declared(g *graph.Graph, s *graph.Secret, now int64) Secret {
	at := s.Place()
	row := Secret{
		Name: s.Name, State: s.State, Class: s.Class, Owner: s.Owner, Risk: s.Rating,
		Environments: []string{}, Stores: []string{}, Problems: []string{},
		Consumers: consumers(g, s), Listed: len(s.Contract.Consumers),
		Lifetime: s.Lifetime, TTL: s.TTL, Interval: interval(s), Rotated: day(s.Status.Rotated), Incident: incident(s),
		File: at.Path, Line: at.Start.Line,
	}
	gone := s.State == "retired"
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		e := s.Environments[name]
		row.Environments = append(row.Environments, name)
		row.Stores = with(row.Stores, e.Store)
		if e.Expires != 0 && e.Expires < now && !gone {
			row.Problems = with(row.Problems, expired)
		}
	}
	if due := due(s, row.Interval); due != 0 && !gone {
		row.Due = day(due)
		if due < now {
			row.Problems = with(row.Problems, overdue)
		}
	}
	if s.State == proposed {
		row.Problems = with(row.Problems, proposed)
	}
	if isOrphaned(g, s) {
		row.Problems = with(row.Problems, orphaned)
	}
	return row
}

// with adds a word to a sorted list, once.
func with(words []string, word string) []string {
	at, found := slices.BinarySearch(words, word)
	if word == "" || found {
		return words
	}
	return slices.Insert(words, at, word)
}

// consumers counts who gets the secret by its name: whoever asks for all secrets
// in reach is no sign that somebody needs this one.
func consumers(g *graph.Graph, s *graph.Secret) int {
	known := map[string]bool{}
	for _, i := range s.Uses {
		if u := g.Uses[i]; u.Confidence != graph.Wildcard {
			known[u.Consumer] = true
		}
	}
	return len(known)
}

// interval is the shortest of all environments: status speaks of all at once.
func interval(s *graph.Secret) int64 {
	shortest := s.Rotation.Interval
	for _, e := range s.Environments {
		if e.Interval != 0 && (shortest == 0 || e.Interval < shortest) {
			shortest = e.Interval
		}
	}
	return shortest
}

// due is when the secret has to be rotated next, 0 if that is not known. What is
// not static ends by itself, and an identifier is no secret.
func due(s *graph.Secret, interval int64) int64 {
	if s.Lifetime != "static" || s.Class == "identifier" || s.Status.Rotated == 0 || interval == 0 {
		return 0
	}
	return s.Status.Rotated + interval*int64(time.Second)
}

// isOrphaned says whether a contract is in force, but nothing of the repository
// uses what it names, as graph/orphaned-contract does.
func isOrphaned(g *graph.Graph, s *graph.Secret) bool {
	return g.Complete() && s.State == "active" && len(s.Claims) > 0 && !s.Used && len(s.Supplies) == 0 && len(s.Grants) == 0
}

func day(ns int64) string {
	if ns == 0 {
		return ""
	}
	return time.Unix(0, ns).UTC().Format(time.DateOnly)
}

// strays are the secrets in use, and the entries of stores in the making, that no
// contract declares.
func strays(g *graph.Graph) []Secret {
	all := map[string]*Secret{}
	row := func(slot string, at lint.Location) *Secret {
		if all[slot] == nil {
			all[slot] = &Secret{
				Name: slot, State: undeclared, Problems: []string{undeclared}, Environments: []string{}, Stores: []string{},
				File: at.Path, Line: at.Start.Line,
			}
		}
		return all[slot]
	}
	getting := map[[2]string]bool{}
	for _, u := range g.Uses {
		if u.Confidence != graph.Exact || len(u.Claims) > 0 {
			continue
		}
		s := row(u.Slot, u.At.Location())
		s.Environments = with(s.Environments, u.Environment)
		if pair := [2]string{u.Slot, u.Consumer}; !getting[pair] {
			getting[pair] = true
			s.Consumers++
		}
	}
	for _, o := range g.Objects {
		if len(o.Claims) == 0 {
			s := row(o.Slot, o.At.Location())
			s.Environments = with(s.Environments, o.Environment)
		}
	}
	var sorted []Secret
	for _, slot := range slices.Sorted(maps.Keys(all)) {
		sorted = append(sorted, *all[slot])
	}
	return sorted
}

// Filter chooses rows. Empty fields choose all.
type Filter struct {
	Owner, Environment, Class, Risk, State string
	Overdue                                bool
}

// Choose gives the rows that the filter lets through.
func (l List) Choose(f Filter) List {
	fits := func(want, got string) bool { return want == "" || want == got }
	l.Secrets = slices.DeleteFunc(slices.Clone(l.Secrets), func(s Secret) bool {
		return !fits(f.Owner, s.Owner) || !fits(f.Class, s.Class) || !fits(f.Risk, s.Risk) || !fits(f.State, s.State) ||
			f.Environment != "" && !slices.Contains(s.Environments, f.Environment) ||
			f.Overdue && !slices.Contains(s.Problems, overdue)
	})
	return l
}

// Known lists what a field of a filter can be, sorted: the words of the rows.
func (l List) Known(field func(Secret) []string) []string {
	var all []string
	for _, s := range l.Secrets {
		for _, word := range field(s) {
			all = with(all, word)
		}
	}
	return all
}

// lifetime says in a word how long a value stays.
func (s Secret) lifetime() string {
	seconds := cmp.Or(s.TTL, s.Interval)
	if s.Lifetime == "static" {
		seconds = s.Interval
	}
	return strings.TrimSpace(s.Lifetime + " " + contract.Duration(seconds))
}
