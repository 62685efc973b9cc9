// Package contract gives contracts and the catalogue a type: what the graph asks
// them, in the words of the graph. It judges nothing; policies do.
package contract

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Contract is what a SecretContract declares about one secret. It never holds the
// value of the secret. Fields are empty where the contract does not say.
type Contract struct {
	Name         string
	Class        string
	State        string // proposed, active, deprecated or retired; active if not said
	Owner        string // the team
	Rating       string // low, medium, high or critical
	Environments map[string]Environment
	Claims       []Claim
	Consumers    []Consumer
	Delivery     []string
	Document     *lint.Document
}

// Environment is the secret in one environment.
type Environment struct {
	Store, Path, Key string
	Expires          int64 // nanoseconds; 0 if not said
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
	Identity     string
	Until        int64 // nanoseconds; 0 if not said
	Span         lint.Span
	At           lint.Path
}

// FromDocument reads the document of a SecretContract. What is invalid was
// reported when it was parsed, and is left out here.
func FromDocument(doc *lint.Document) Contract {
	spec := doc.Root.Get("spec")
	c := Contract{
		Name:         doc.Name,
		Class:        spec.Get("class").Str(),
		State:        spec.Get("state").Str(),
		Owner:        spec.Get("owner", "team").Str(),
		Rating:       spec.Get("risk", "rating").Str(),
		Environments: map[string]Environment{},
		Claims:       claims(spec.Get("references"), "", lint.Path{"spec", "references"}),
		Consumers:    consumers(spec.Get("consumers")),
		Delivery:     texts(spec.Get("delivery")),
		Document:     doc,
	}
	if c.State == "" {
		c.State = "active"
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
		Store:   n.Get("store").Str(),
		Path:    n.Get("path").Str(),
		Key:     n.Get("key").Str(),
		Expires: number(n.Get("expires_ns")),
		Span:    n.Span,
		At:      at,
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
	"github":       {"github-secret:", "", upperName},
	"gitlab":       {"gitlab-var:", "", asWritten},
	"azure-devops": {"azdo-var:", "/", asWritten},
	"circleci":     {"circleci-context:", "/", asWritten},
	"jenkins":      {"jenkins-cred:", "", asWritten},
	"kubernetes":   {"k8s-secret:", "/", asWritten},
	"terraform":    {"tf", "", terraformAddress},
	"compose":      {"compose-secret:", "#", cleanFile},
	"docker":       {"docker-secret:", "", asWritten},
	"env":          {"env:", "", asWritten},
	"sops":         {"sops:", "#", cleanFile},
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
