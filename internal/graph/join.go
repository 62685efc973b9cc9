package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// Join makes one document of the facts of a repository:
//
//	complete   true if everything was read: only then does absence mean anything
//	adopted    true if the repository has contracts at all
//	contracts  {name, state, used}
//	uses       {name, slot, consumer, delivery, confidence, environment, tier, claims}
//	objects    {name, slot, claims}: entries of stores that infrastructure code makes
//
// where claims are the contracts that a use or object falls under:
//
//	{contract, state, environment, tier, listed, until_ns}
//
// environment is the one for which the contract claims it, absent for all;
// listed says whether the contract allows the consumer, and until_ns when that
// ended.
func Join(facts []Facts, complete bool) *lint.Document {
	j := &join{claims: map[string][]claim{}, used: map[string]bool{}, supplied: map[string][]string{}, environments: map[string]bool{}}
	for _, f := range facts {
		j.add(f)
	}
	slices.SortFunc(j.uses, func(a, b Use) int {
		return cmp.Or(a.At.Location().Compare(b.At.Location()), strings.Compare(a.Slot, b.Slot), strings.Compare(a.Consumer, b.Consumer))
	})
	slices.SortFunc(j.objects, func(a, b Object) int {
		return cmp.Or(a.At.Location().Compare(b.At.Location()), strings.Compare(a.Slot, b.Slot))
	})
	slices.SortFunc(j.contracts, func(a, b *contract.Contract) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Document.Path, b.Document.Path))
	})

	root := lint.NewObject(lint.Span{})
	set(root, "complete", lint.NewBool(complete, lint.Span{}))
	set(root, "adopted", lint.NewBool(len(j.contracts) > 0, lint.Span{}))
	set(root, "uses", list(j.uses, j.use))
	set(root, "objects", list(j.objects, j.object))
	set(root, "contracts", list(j.contracts, j.contract)) // last: the others say which are used
	return &lint.Document{Platform: Platform, Path: ".", Root: root}
}

// claim is a contract's right to a slot or object.
type claim struct {
	contract    *contract.Contract
	environment string
}

type join struct {
	contracts    []*contract.Contract
	catalog      contract.Catalog
	uses         []Use
	objects      []Object
	claims       map[string][]claim  // by slot, and by path#key of store objects
	supplied     map[string][]string // which store objects supply a slot
	environments map[string]bool     // that contracts name
	used         map[string]bool     // contracts
}

func (j *join) add(f Facts) {
	if f.Catalog != nil {
		j.catalog = *f.Catalog
	}
	j.uses = append(j.uses, f.Uses...)
	for _, o := range f.Objects {
		if o.From != "" {
			j.supplied[o.Slot] = append(j.supplied[o.Slot], o.From)
		}
		if o.Creates {
			j.objects = append(j.objects, o)
		}
	}
	if f.Contract == nil {
		return
	}
	j.contracts = append(j.contracts, f.Contract)
	for _, c := range f.Contract.Claims {
		j.claims[c.Slot] = append(j.claims[c.Slot], claim{f.Contract, c.Environment})
	}
	for name, e := range f.Contract.Environments {
		j.environments[name] = true
		if e.Path != "" {
			entry := stored(object(e.Path, e.Key))
			j.claims[entry] = append(j.claims[entry], claim{f.Contract, name})
		}
	}
}

// stored is the slot of an entry of a store. The store's own name takes no part:
// contracts and operators call one store by different names.
func stored(entry string) string { return "object:" + entry }

// resolve finds the claims on a use: on the slot itself, or on what supplies it.
func (j *join) resolve(u Use) []claim {
	for _, slot := range names(u) {
		if found := j.claims[slot]; len(found) > 0 {
			return found
		}
	}
	var found []claim
	whole, _, _ := strings.Cut(u.Slot, "#")
	for slot, objects := range j.supplied {
		if slot != u.Slot && slot != whole && (u.Slot != whole || !strings.HasPrefix(slot, whole+"#")) {
			continue
		}
		for _, o := range objects {
			entry, _, _ := strings.Cut(o, "#")
			found = append(found, j.claims[stored(o)]...)
			if entry != o {
				found = append(found, j.claims[stored(entry)]...)
			}
		}
	}
	if found == nil && u.Platform == "kubernetes" && u.Slot == whole {
		found = j.keysOf(whole)
	}
	return found
}

// keysOf are the claims on single keys of a Kubernetes Secret that is used whole.
func (j *join) keysOf(secret string) []claim {
	var found []claim
	for slot, claims := range j.claims {
		if strings.HasPrefix(slot, secret+"#") {
			found = append(found, claims...)
		}
	}
	return found
}

// names are the slots that a use may mean, best first.
func names(u Use) []string {
	switch u.Platform {
	case "github":
		if u.Scope != "" {
			return []string{"github-secret:" + u.Scope + "/" + u.Name, u.Slot}
		}
	case "kubernetes":
		whole, key, _ := strings.Cut(u.Slot, "#")
		if key != "" {
			return []string{u.Slot, whole}
		}
	}
	return []string{u.Slot}
}

func (j *join) use(u Use) *lint.Node {
	node := lint.NewObject(u.At)
	environment := j.environment(u)
	text(node, "id", u.Slot+" "+u.Consumer)
	text(node, "platform", u.Platform)
	text(node, "name", u.Name)
	text(node, "slot", u.Slot)
	text(node, "consumer", u.Consumer)
	text(node, "delivery", u.Delivery)
	text(node, "confidence", string(u.Confidence))
	text(node, "environment", environment)
	text(node, "tier", j.catalog.Tier(environment))
	set(node, "claims", j.claimList(j.resolve(u), u.Consumer, environment, u.Confidence != Wildcard))
	return node
}

// environment is the catalogue's name for where a use happens, or the platform's
// where contracts use that, else "": a name that nobody declared tells nothing.
func (j *join) environment(u Use) string {
	if u.Environment == "" {
		return ""
	}
	if known := j.catalog.Environment(u.Platform, u.Environment); known != "" {
		return known
	}
	if j.environments[u.Environment] {
		return u.Environment
	}
	return ""
}

func (j *join) object(o Object) *lint.Node {
	node := lint.NewObject(o.At)
	text(node, "id", o.Slot)
	text(node, "name", o.Name)
	text(node, "slot", o.Slot)
	found := j.claims[o.Slot]
	if _, address, ok := strings.Cut(o.Slot, "//"); ok && len(found) == 0 && j.unique(address) {
		found = j.claims["tf:"+address]
	}
	if len(found) == 0 && o.Name != "" {
		found = j.claims[stored(o.Name)]
	}
	set(node, "claims", j.claimList(found, "", "", true))
	return node
}

// unique says whether a Terraform address occurs once in the repository, so that
// it can be named without its directory.
func (j *join) unique(address string) bool {
	n := 0
	for _, o := range j.objects {
		if strings.HasSuffix(o.Slot, "//"+address) {
			n++
		}
	}
	return n == 1
}

func (j *join) claimList(claims []claim, consumer, environment string, counts bool) *lint.Node {
	slices.SortFunc(claims, func(a, b claim) int {
		return cmp.Or(strings.Compare(a.contract.Name, b.contract.Name), strings.Compare(a.environment, b.environment))
	})
	out := lint.NewList(lint.Span{})
	for _, c := range slices.Compact(claims) {
		if counts {
			j.used[c.contract.Name] = true
		}
		listed, until := lists(c.contract, consumer, environment)
		node := lint.NewObject(named(c.contract))
		text(node, "contract", c.contract.Name)
		text(node, "state", c.contract.State)
		text(node, "environment", c.environment)
		text(node, "tier", j.catalog.Tier(c.environment))
		set(node, "listed", lint.NewBool(listed, lint.Span{}))
		if until != 0 {
			set(node, "until_ns", lint.NewNumber(until, lint.Span{}))
		}
		out.Items = append(out.Items, node)
	}
	return out
}

// lists says whether a contract allows a consumer, and until when in nanoseconds:
// 0 stands for no end. A contract that lists nobody yet allows everybody; that it
// must list them is a rule about contracts.
func lists(c *contract.Contract, consumer, environment string) (listed bool, until int64) {
	if len(c.Consumers) == 0 {
		return true, 0
	}
	for _, allowed := range c.Consumers {
		if !matches(allowed.Workload, consumer) || !covers(allowed.Environments, environment) {
			continue
		}
		if allowed.Until == 0 {
			return true, 0
		}
		listed, until = true, max(until, allowed.Until)
	}
	return listed, until
}

// matches compares a locator of a contract with a consumer. Without #, it means
// everything in the file; * stands for any part of a name.
func matches(locator, consumer string) bool {
	if !strings.Contains(locator, "#") {
		consumer, _, _ = strings.Cut(consumer, "#")
	}
	if locator == consumer {
		return true
	}
	matched, err := path.Match(locator, consumer)
	return err == nil && matched
}

func covers(environments []string, environment string) bool {
	return len(environments) == 0 || environment == "" || slices.Contains(environments, environment)
}

// named is where a contract says its name.
func named(c *contract.Contract) lint.Span {
	return c.Document.Root.Get("metadata", "name").Span.Detach()
}

func (j *join) contract(c *contract.Contract) *lint.Node {
	node := lint.NewObject(named(c))
	text(node, "name", c.Name)
	text(node, "state", c.State)
	set(node, "used", lint.NewBool(j.used[c.Name], lint.Span{}))
	set(node, "claims", lint.NewNumber(int64(len(c.Claims)), lint.Span{}))
	return node
}

func list[T any](items []T, convert func(T) *lint.Node) *lint.Node {
	out := lint.NewList(lint.Span{})
	for _, item := range items {
		out.Items = append(out.Items, convert(item))
	}
	return out
}

func set(object *lint.Node, key string, value *lint.Node) {
	object.Fields = append(object.Fields, lint.Field{Key: key, Value: value})
}

// text sets a field, unless it is empty.
func text(object *lint.Node, key, value string) {
	if value != "" {
		set(object, key, lint.NewString(value, lint.Span{}))
	}
}
