// Package contract gives contracts and the catalogue a type: what the graph asks
// them, in the words of the graph. It judges nothing; policies do.
package contract

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Contract is what is declared about one secret, classes and defaults included. It
// never holds the value of the secret. Fields are empty where nothing says them.
type Contract struct {
	Name         string
	Purpose      string
	Class        string
	State        string // proposed, active, deprecated or retired; active if not said
	Successor    string // of a deprecated contract
	Until        int64  // when a deprecated contract ends, in nanoseconds
	Owner        string // the team
	Escalation   string // scheme:target
	Rating       string // low, medium, high or critical
	Lifetime     string // static, short-lived or dynamic
	TTL, MaxTTL  int64  // seconds, as all durations
	Rotation     Rotation
	Renewal      string // auto, reissue or manual
	Revocation   Revocation
	Environments map[string]Environment
	Claims       []Claim
	Consumers    []Consumer
	Delivery     []string
	Approvals    map[string][]string // teams, by what they approve: create, rotate, revoke
	Needs        []string            // contracts of the credentials by which this one is obtained
	Breaks       []string            // what stops when the secret is revoked
	Review       int64               // interval in seconds
	Drill        int64               // interval in seconds
	Runbook      string              // path or URL
	Status       Status
	Document     *lint.Document // the same with places, as policies see it
}

// Rotation says how the value is replaced.
type Rotation struct {
	Interval, Overlap  int64
	Method, Automation string
}

// Revocation says how the secret is made invalid.
type Revocation struct {
	Within             int64
	Method, Automation string
}

// Status is what was observed, in nanoseconds; 0 if not said.
type Status struct{ Rotated, Reviewed, Drilled, Retired int64 }

// Environment is the secret in one environment.
type Environment struct {
	Store, Path, Key string
	Copies           []string // further places that hold the value, as locators
	Expires          int64    // nanoseconds; 0 if not said
	Interval         int64    // of its own rotation, in seconds; 0 if that of the contract holds
	Span             lint.Span
	At               lint.Path
}

// Object is the id of the entry of a store that holds the value, store:path#key,
// or "" if the contract does not name one.
func (e Environment) Object() string {
	if e.Store == "" || e.Path == "" {
		return ""
	}
	if e.Key == "" {
		return e.Store + ":" + e.Path
	}
	return e.Store + ":" + e.Path + "#" + e.Key
}

// Claim is a slot that a contract says is its secret.
type Claim struct {
	Slot        string // id in the graph, for example github-secret:production/STRIPE_KEY
	Environment string // "" where the claim stands outside of the environments
	Span        lint.Span
	At          lint.Path
}

// Consumer is somebody who may use the secret.
type Consumer struct {
	Workload     string   // a locator, for example kubernetes:payments/Deployment/checkout
	Environments []string // all if empty
	Scopes       []string // what it may do with the secret; anything if empty
	Identity     string
	Until        int64 // nanoseconds; 0 if not said
	Span         lint.Span
	At           lint.Path
}

// FromDocument reads the document of a SecretContract. What is invalid was
// reported when it was parsed, and is left out here.
func FromDocument(doc *lint.Document) Contract {
	spec := doc.Root.Get("spec")
	text := func(keys ...string) string { return spec.Get(keys...).Str() }
	amount := func(keys ...string) int64 { return number(spec.Get(keys...)) }
	status := doc.Root.Get("status")
	c := Contract{
		Name:         doc.Name,
		Purpose:      text("purpose"),
		Class:        text("class"),
		State:        cmp.Or(text("state"), "active"),
		Successor:    text("successor"),
		Until:        amount("until_ns"),
		Owner:        text("owner", "team"),
		Escalation:   text("owner", "escalation"),
		Rating:       text("risk", "rating"),
		Lifetime:     text("lifetime", "kind"),
		TTL:          amount("lifetime", "ttl_s"),
		MaxTTL:       amount("lifetime", "maxTtl_s"),
		Rotation:     Rotation{amount("rotation", "interval_s"), amount("rotation", "overlap_s"), text("rotation", "method"), text("rotation", "automation")},
		Renewal:      text("renewal", "method"),
		Revocation:   Revocation{amount("revocation", "within_s"), text("revocation", "method"), text("revocation", "automation")},
		Environments: map[string]Environment{},
		Claims:       claims(spec.Get("references"), "", lint.Path{"spec", "references"}),
		Consumers:    consumers(spec.Get("consumers")),
		Delivery:     texts(spec.Get("delivery")),
		Approvals:    map[string][]string{},
		Needs:        texts(spec.Get("dependencies", "needs")),
		Breaks:       texts(spec.Get("dependencies", "breaks")),
		Review:       amount("review", "interval_s"),
		Drill:        amount("drill", "interval_s"),
		Runbook:      text("runbook"),
		Status: Status{number(status.Get("lastRotated_ns")), number(status.Get("lastReviewed_ns")),
			number(status.Get("lastDrilled_ns")), number(status.Get("retired_ns"))},
		Document: doc,
	}
	for _, field := range spec.Get("approvals").Object() {
		c.Approvals[field.Key] = texts(field.Value.Get("teams"))
	}
	for _, field := range spec.Get("environments").Object() {
		at := lint.Path{"spec", "environments", field.Key}
		c.Environments[field.Key] = environment(field.Value, at)
		c.Claims = append(c.Claims, claims(field.Value.Get("references"), field.Key, append(at, "references"))...)
	}
	return c
}

func environment(n *lint.Node, at lint.Path) Environment {
	return Environment{
		Store:    n.Get("store").Str(),
		Path:     n.Get("path").Str(),
		Key:      n.Get("key").Str(),
		Copies:   texts(n.Get("copies")),
		Expires:  number(n.Get("expires_ns")),
		Interval: number(n.Get("rotation", "interval_s")),
		Span:     n.Span,
		At:       at,
	}
}

func consumers(list *lint.Node) []Consumer {
	var all []Consumer
	for i, item := range list.List() {
		workload := item.Get("workload").Str()
		if workload == "" {
			continue
		}
		all = append(all, Consumer{
			Workload:     workload,
			Environments: texts(item.Get("environments")),
			Scopes:       texts(item.Get("scopes")),
			Identity:     item.Get("identity").Str(),
			Until:        number(item.Get("until_ns")),
			Span:         item.Span,
			At:           lint.Path{"spec", "consumers", i},
		})
	}
	return all
}

// slots lists how the references of a platform become ids of the graph. A
// reference without its separator names nothing.
var slots = map[string]struct {
	prefix, separator string
	normal            func(string) string
}{
	"github":         {"github-secret:", "", upperName},
	"gitlab":         {"gitlab-var:", "", asWritten},
	"azure-devops":   {"azdo-var:", "", asWritten},
	"bitbucket":      {"bitbucket-var:", "", asWritten},
	"buildkite":      {"buildkite-secret:", "", asWritten},
	"circleci":       {"circleci-context:", "", asWritten},
	"jenkins":        {"jenkins-cred:", "", asWritten},
	"kubernetes":     {"k8s-secret:", "/", asWritten},
	"terraform":      {"tf", "", terraformAddress},
	"cloudformation": {"cfn-secret:", "#", cleanFile},
	"arm":            {"arm-secret:", "#", cleanFile},
	"compose":        {"compose-secret:", "#", cleanFile},
	"docker":         {"docker-secret:", "", asWritten},
	"env":            {"env:", "", asWritten},
	"sops":           {"sops:", "#", cleanFile},
}

func claims(references *lint.Node, environment string, at lint.Path) []Claim {
	var all []Claim
	for _, field := range references.Object() {
		for i, item := range field.Value.List() {
			if slot := slotOf(field.Key, item.Str()); slot != "" {
				all = append(all, Claim{slot, environment, item.Span, slices.Concat(at, lint.Path{field.Key, i})})
			}
		}
	}
	return all
}

// slotOf gives the id of a reference, or "" if it is none.
func slotOf(platform, reference string) string {
	slot, known := slots[platform]
	if !known || reference == "" || !strings.Contains(reference, slot.separator) {
		return ""
	}
	return slot.prefix + slot.normal(reference)
}

func asWritten(reference string) string { return reference }

// upperName writes NAME or ENVIRONMENT/NAME as GitHub compares names.
func upperName(reference string) string {
	slash := strings.LastIndexByte(reference, '/') + 1
	return reference[:slash] + strings.ToUpper(reference[slash:])
}

// cleanFile writes file#part with the file as a Source has it.
func cleanFile(reference string) string {
	file, part, _ := strings.Cut(reference, "#")
	return path.Clean(file) + "#" + part
}

// terraformAddress tells variables, tf-var:folder//name, from other addresses,
// tf:folder//address. The folder is missing where the author relies on the
// address being unique in the repository.
func terraformAddress(reference string) string {
	folder, address, found := strings.Cut(reference, "//")
	if found {
		folder = path.Clean(folder) + "//"
	} else {
		folder, address = "", reference
	}
	if name, isVariable := strings.CutPrefix(address, "var."); isVariable {
		return "-var:" + folder + name
	}
	return ":" + folder + address
}

func texts(list *lint.Node) []string {
	var all []string
	for _, item := range list.List() {
		if text := item.Str(); text != "" {
			all = append(all, text)
		}
	}
	return all
}

func number(n *lint.Node) int64 {
	if n == nil || n.Kind != lint.Number {
		return 0
	}
	value, _ := strconv.ParseInt(n.Text, 10, 64)
	return value
}
