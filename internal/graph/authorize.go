package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
)

// Request asks whether a workload may have a secret.
type Request struct {
	Contract, Workload, Environment string
	Identity, Delivery, Scope       string // "" where the asker does not say
}

// Decision answers a request.
type Decision struct {
	Allowed bool
	Reasons []Reason // what grants it, or all that stands against it
}

// Reason is a part of a contract that decides.
type Reason struct {
	Message string
	At      lint.Location // zero where no file says it
}

// Authorize decides by contracts alone, whatever the files of the repository do:
// who is not listed is denied, and so is everything that a contract leaves open.
func (g *Graph) Authorize(r Request, now time.Time) Decision {
	s := g.secrets[r.Contract]
	if s == nil {
		return Decision{Reasons: []Reason{{Message: g.unknown(r.Contract)}}}
	}
	a := authority{s, r, now.UnixNano()}
	granted, denied := a.consumers()
	if denied = slices.Concat(a.state(), a.environment(), denied, a.delivery()); len(denied) > 0 {
		return Decision{Reasons: denied}
	}
	return Decision{Allowed: true, Reasons: granted}
}

func (g *Graph) unknown(name string) string {
	message := fmt.Sprintf("there is no contract %q", name)
	if near := suggest.Nearest(name, slices.Sorted(maps.Keys(g.secrets))); near != "" {
		message += fmt.Sprintf(", did you mean %q?", near)
	}
	return message
}

// authority weighs one contract against one request.
type authority struct {
	*Secret
	asked Request
	now   int64
}

// because makes a reason of what a path of the contract says, or lacks.
func (a authority) because(path lint.Path, format string, args ...any) Reason {
	reason := Reason{Message: fmt.Sprintf(format, args...)}
	if place, err := a.Document.Locate(path, lint.Spot{}); err == nil {
		reason.At = place.Location
	} else {
		reason.At = named(a.Contract).Location()
	}
	return reason
}

func (a authority) state() []Reason {
	state := lint.Path{"spec", "state"}
	switch {
	case a.State != "active" && a.State != "deprecated":
		return []Reason{a.because(state, "contract %s is %s", a.Name, a.State)}
	case a.State == "deprecated" && a.ended(a.Until):
		return []Reason{a.because(lint.Path{"spec", "until"}, "contract %s is deprecated, and ended on %s", a.Name, dayOf(a.Until))}
	case a.ended(a.Status.Retired):
		return []Reason{a.because(lint.Path{"status", "retired"}, "the secret of contract %s was given up on %s", a.Name, dayOf(a.Status.Retired))}
	}
	return nil
}

func (a authority) ended(until int64) bool { return until != 0 && until < a.now }

func dayOf(ns int64) string { return time.Unix(0, ns).UTC().Format(time.DateOnly) }

func (a authority) environment() []Reason {
	if _, known := a.Environments[a.asked.Environment]; known {
		return nil
	}
	known := "names none"
	if len(a.Environments) > 0 {
		known = "is for " + strings.Join(slices.Sorted(maps.Keys(a.Environments)), ", ")
	}
	return []Reason{a.because(lint.Path{"spec", "environments"}, "contract %s does not cover environment %q; it %s", a.Name, a.asked.Environment, known)}
}

func (a authority) delivery() []Reason {
	if a.asked.Delivery == "" || slices.Contains(a.Delivery, a.asked.Delivery) {
		return nil
	}
	known := "names none"
	if len(a.Delivery) > 0 {
		known = "allows only " + strings.Join(a.Delivery, ", ")
	}
	return []Reason{a.because(lint.Path{"spec", "delivery"}, "contract %s does not allow delivery by %q; it %s", a.Name, a.asked.Delivery, known)}
}

// consumers looks for an entry that grants the request. Where there is none, each
// entry of the workload says what stands against it.
func (a authority) consumers() (granted, denied []Reason) {
	for _, allowed := range a.Consumers {
		if !matches(allowed.Workload, a.asked.Workload) {
			continue
		}
		against := a.against(allowed)
		if len(against) == 0 {
			return []Reason{a.because(allowed.At, "contract %s lists %s as a consumer", a.Name, allowed.Workload)}, nil
		}
		denied = append(denied, against...)
	}
	if len(denied) == 0 {
		denied = []Reason{a.because(lint.Path{"spec", "consumers"}, "contract %s does not list %q as a consumer", a.Name, a.asked.Workload)}
	}
	return nil, denied
}

// against is what an entry of the workload has against the request.
func (a authority) against(allowed contract.Consumer) (denied []Reason) {
	deny := func(field, format string, args ...any) {
		denied = append(denied, a.because(slices.Concat(allowed.At, lint.Path{field}), format, args...))
	}
	if !covers(allowed.Environments, a.asked.Environment) {
		deny("environments", "%s is allowed in %s only, not in %q", allowed.Workload, strings.Join(allowed.Environments, ", "), a.asked.Environment)
	}
	if a.ended(allowed.Until) {
		deny("until", "the time of %s ended on %s", allowed.Workload, dayOf(allowed.Until))
	}
	switch {
	case allowed.Identity == "" || allowed.Identity == a.asked.Identity:
	case a.asked.Identity == "":
		deny("identity", "%s is allowed as %s only, and the request names no identity", allowed.Workload, allowed.Identity)
	default:
		deny("identity", "%s is allowed as %s only, not as %q", allowed.Workload, allowed.Identity, a.asked.Identity)
	}
	if a.asked.Scope != "" && len(allowed.Scopes) > 0 && !slices.Contains(allowed.Scopes, a.asked.Scope) {
		deny("scopes", "%s is allowed %s only, not %q", allowed.Workload, strings.Join(allowed.Scopes, ", "), a.asked.Scope)
	}
	return denied
}
