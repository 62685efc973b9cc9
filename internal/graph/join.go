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
//	uses       {name, slot, consumer, delivery, confidence, environment, tier, claims};
//	           the first of a slot that no contract claims has undeclared: the indices of the others
//	objects    {name, slot, claims}: entries of stores that infrastructure code makes
//	supplies   {name, slot, environment, tier, claims}: entries of stores that supply a slot
//
// where claims are the contracts that each falls under:
//
//	{contract, state, environment, tier, listed, until_ns, via_store}
//
// environment is the one for which the contract claims it, absent for all;
// listed says whether the contract allows the consumer, and until_ns when that
// ended; via_store says that not the slot is claimed but what supplies it.
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
	slices.SortFunc(j.supplies, func(a, b Supply) int {
		return cmp.Or(a.At.Location().Compare(b.At.Location()), strings.Compare(a.Slot, b.Slot), strings.Compare(a.From, b.From))
	})
	slices.SortFunc(j.contracts, func(a, b *contract.Contract) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Document.Path, b.Document.Path))
	})

	root := lint.NewObject(lint.Span{})
	set(root, "complete", lint.NewBool(complete, lint.Span{}))
	set(root, "adopted", lint.NewBool(len(j.contracts) > 0, lint.Span{}))
	set(root, "uses", group(list(j.uses, j.use)))
	set(root, "objects", list(j.objects, j.object))
	set(root, "supplies", list(j.supplies, j.supply))
	set(root, "contracts", list(j.contracts, j.contract)) // last: the others say which are used
	doc := &lint.Document{Platform: Platform, Path: ".", Root: root}
	if !complete && len(j.contracts) > 0 {
		doc.Gaps = []lint.Gap{{Message: "not every file was read, so no contract was judged to be without use"}}
	}
	return doc
}

// claim is a contract's right to a slot or object.
type claim struct {
	contract    *contract.Contract
	environment string
	viaStore    bool // not the slot is claimed but what supplies it
}

type join struct {
	contracts    []*contract.Contract
	catalog      contract.Catalog
	uses         []Use
	objects      []Object
	supplies     []Supply
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
	j.objects = append(j.objects, f.Objects...)
	for _, s := range f.Supplies {
		j.supplied[s.Slot] = append(j.supplied[s.Slot], s.From)
		j.supplies = append(j.supplies, s)
	}
	if f.Contract == nil {
		return
	}
	j.contracts = append(j.contracts, f.Contract)
	for _, c := range f.Contract.Claims {
		j.claims[c.Slot] = append(j.claims[c.Slot], claim{contract: f.Contract, environment: c.Environment})
	}
	for name, e := range f.Contract.Environments {
		j.environments[name] = true
		if e.Path != "" {
			entry := stored(object(e.Path, e.Key))
			j.claims[entry] = append(j.claims[entry], claim{contract: f.Contract, environment: name})
		}
	}
}

// stored is the slot of an entry of a store. The store's own name takes no part:
// contracts and operators call one store by different names.
func stored(entry string) string { return "object:" + entry }

// resolve finds the claims on a use: on the slot itself, or on what supplies it.
// It also gives the use as the claim knows it: a manifest may leave open which
// namespace it is for.
func (j *join) resolve(u Use) (Use, []claim) {
	for _, slot := range j.names(u) {
		if found := j.claims[slot]; len(found) > 0 {
			return u.as(slot), found
		}
	}
	var found []claim
	whole, _, _ := strings.Cut(u.Slot, "#")
	for slot, entries := range j.supplied {
		if slot != u.Slot && slot != whole && (u.Slot != whole || !strings.HasPrefix(slot, whole+"#")) {
			continue
		}
		for _, entry := range entries {
			found = append(found, j.stored(entry)...)
		}
	}
	if found == nil && u.Platform == "kubernetes" && u.Slot == whole {
		found = j.keysOf(whole)
	}
	return u, found
}

// stored are the claims on an entry of a store, given as path or path#key.
func (j *join) stored(entry string) []claim {
	whole, _, _ := strings.Cut(entry, "#")
	found := slices.Clone(j.claims[stored(entry)])
	if whole != entry {
		found = append(found, j.claims[stored(whole)]...)
	}
	for i := range found {
		found[i].viaStore = true
	}
	return found
}

// as gives a use whose namespace was open the one of the slot that is claimed.
func (u Use) as(slot string) Use {
	namespace, _, found := strings.Cut(strings.TrimPrefix(slot, "k8s-secret:"), "/")
	if u.Platform != "kubernetes" || u.Scope != unnamed || !found || namespace == unnamed {
		return u
	}
	u.Environment = namespace
	u.Consumer = strings.Replace(u.Consumer, "kubernetes:"+unnamed+"/", "kubernetes:"+namespace+"/", 1)
	return u
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
func (j *join) names(u Use) []string {
	all := []string{u.Slot}
	switch u.Platform {
	case "github":
		if u.Scope != "" {
			all = []string{"github-secret:" + u.Scope + "/" + u.Name, u.Slot}
		}
	case "kubernetes":
		whole, key, _ := strings.Cut(u.Slot, "#")
		if key != "" {
			all = append(all, whole)
		}
		if u.Scope == unnamed {
			name := strings.TrimPrefix(u.Slot, "k8s-secret:"+unnamed+"/")
			all = append(all, j.slots(func(slot string) bool { return namesSecret(slot, name) })...)
		}
	case "compose": // the files of one folder are one project
		file, name, _ := strings.Cut(strings.TrimPrefix(u.Slot, "compose-secret:"), "#")
		all = append(all, j.slots(func(slot string) bool {
			other, isCompose := strings.CutPrefix(slot, "compose-secret:")
			return isCompose && strings.HasSuffix(other, "#"+name) && path.Dir(other) == path.Dir(file)
		})...)
	}
	return all
}

// namesSecret says whether a slot is that of a Kubernetes Secret, or of a key of
// it, in whatever namespace. A name without key stands for all keys.
func namesSecret(slot, name string) bool {
	other, isSecret := strings.CutPrefix(slot, "k8s-secret:")
	_, other, _ = strings.Cut(other, "/")
	otherWhole, _, _ := strings.Cut(other, "#")
	whole, key, _ := strings.Cut(name, "#")
	return isSecret && (other == name || other == whole || key == "" && otherWhole == whole)
}

// slots are the claimed slots that fit, sorted.
func (j *join) slots(fits func(string) bool) []string {
	var all []string
	for slot := range j.claims {
		if fits(slot) {
			all = append(all, slot)
		}
	}
	slices.Sort(all)
	return all
}

func (j *join) use(u Use) *lint.Node {
	u, claims := j.resolve(u)
	node := lint.NewObject(u.At)
	environment := j.environment(u.Platform, u.Environment)
	text(node, "id", u.Slot+" "+u.Consumer)
	text(node, "platform", u.Platform)
	text(node, "name", u.Name)
	text(node, "slot", u.Slot)
	text(node, "consumer", u.Consumer)
	text(node, "delivery", u.Delivery)
	text(node, "confidence", string(u.Confidence))
	text(node, "environment", environment)
	text(node, "tier", j.catalog.Tier(environment))
	set(node, "claims", j.claimList(claims, u.Consumer, environment, u.Confidence != Wildcard))
	return node
}

// environment is the catalogue's name for what a platform calls so, or that name
// itself where contracts use it, else "": a name that nobody declared tells nothing.
func (j *join) environment(platform, name string) string {
	if name == "" {
		return ""
	}
	if known := j.catalog.Environment(platform, name); known != "" {
		return known
	}
	if j.environments[name] {
		return name
	}
	return ""
}

// supply says from which entry of a store a slot gets its value.
func (j *join) supply(o Supply) *lint.Node {
	node := lint.NewObject(o.At)
	environment := j.environment(o.Platform, o.Environment)
	text(node, "id", o.Slot+" "+o.From)
	text(node, "name", o.From)
	text(node, "slot", strings.TrimPrefix(o.Slot, "k8s-secret:"))
	text(node, "environment", environment)
	text(node, "tier", j.catalog.Tier(environment))
	set(node, "claims", j.claimList(j.stored(o.From), "", environment, false))
	return node
}

func (j *join) object(o Object) *lint.Node {
	node := lint.NewObject(o.At)
	text(node, "id", o.Slot)
	text(node, "name", strings.TrimPrefix(o.Slot, "tf:"))
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
	claims = slices.Clone(claims)
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
		set(node, "via_store", lint.NewBool(c.viaStore, lint.Span{}))
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

// named is where a contract says its name, or begins if it says none.
func named(c *contract.Contract) lint.Span {
	if name := c.Document.Root.Get("metadata", "name"); name != nil {
		return name.Span.Detach()
	}
	return c.Document.Root.Span.Detach()
}

func (j *join) contract(c *contract.Contract) *lint.Node {
	node := lint.NewObject(named(c))
	text(node, "name", c.Name)
	text(node, "state", c.State)
	set(node, "used", lint.NewBool(j.used[c.Name], lint.Span{}))
	set(node, "claims", lint.NewNumber(int64(len(c.Claims)), lint.Span{}))
	return node
}

// group notes at the first exact use of each slot that nobody claims where the
// others are, as indices, at most five: policies need not compare all with all.
func group(uses *lint.Node) *lint.Node {
	first := map[string]*lint.Node{}
	for i, use := range uses.Items {
		slot := use.Get("slot").Str()
		if use.Get("confidence").Str() != string(Exact) || len(use.Get("claims").List()) > 0 {
			continue
		}
		others := first[slot].Get("undeclared")
		if first[slot] == nil {
			first[slot] = use
			set(use, "undeclared", lint.NewList(lint.Span{}))
		} else if len(others.Items) < 5 {
			others.Items = append(others.Items, lint.NewNumber(int64(i), lint.Span{}))
		}
	}
	return uses
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
