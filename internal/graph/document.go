package graph

import (
	"cmp"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// Document gives the graph as policies see it. What is absent is not known or
// was not said; nodes stand where "at" says.
//
//	complete   true if everything was read: only then does absence mean anything
//	adopted    true if the repository has contracts at all
//	history    true if git's history was read
//	codeowners true if the repository has a CODEOWNERS file
//	contracts  map by name, at the contract's metadata.name: {
//	   name, file, state, class, owner, rating, tiers [of its environments],
//	   handles [of the team in CODEOWNERS], codeowners [of the contract's file],
//	   spec, status: those of the contract, at their places,
//	   claims (number of slots that it names), used, wildcard (only a wildcard reaches it),
//	   ambiguous [{address, candidates}]: references that several resources answer to,
//	   uses, objects, supplies, rotations, ttls, grants [indices into the lists below],
//	   first_ns, changed_ns, rotated_ns, history_status_ns: what git tells,
//	   needs [all, the nearest first], needs_cycle [contracts that need each other],
//	   static_roots [needed, static, needing nothing], shared_owners [of its consumers' files] }
//	uses       by place: {
//	   id, platform, name, slot, consumer, delivery, variable, confidence, environment, tier, namespace,
//	   claims [{contract, state, environment, part (key of a use of the whole), tier, listed, until_ns, via_store, narrower, successor, phase_out_ns}],
//	   reaches (contracts that a wildcard reaches; claims has at most 100 of them),
//	   undeclared [other uses of the slot, at most five], on the first exact use of a slot that nobody claims,
//	   chain [{id, message}] from the consumer's slot to the home,
//	   holds_value, file, codeowners, static_key, third_party, component,
//	   binds_environment, open_to, oidc, oidc_providers (of jobs), service_account, restarts (of workloads) }
//	objects    by place: {id, slot, name, entry, type, store_type, environment, tier, encryption, claims}
//	supplies   by place: {id, slot, name, environment, tier, mechanism, refresh_s, store, claims}
//	rotations  at the interval: {id, name, interval_s, by_expression, claims, contracts}
//	ttls       at the attribute: {id, name (what the store calls it), kind, seconds, contracts}
//	grants     at the statement: {id, identity, pattern, wildcard, action, store, tiers, contracts (at most 100), reaches, consumers}
//	stores     map by name, as in the catalogue, and {tier, contracts, teams}
//	workloads  map by id: {platform, kind, schedule_s, manual_only, file, changed_ns, identity, oidc_providers}
//	automations map by the locators that contracts name: {found, schedule_s, manual_only, file, codeowners, contracts}
//	runbooks   map by the paths that contracts name: {found, changed_ns, contracts}
//	readers    by place: {file, name, kind, text, contracts}
//	teams, environments  maps, as in the catalogue
func (g *Graph) Document() *lint.Document {
	root := lint.NewObject(lint.Span{})
	flag(root, "complete", g.options.Complete)
	flag(root, "adopted", len(g.Contracts) > 0)
	flag(root, "history", g.options.History != nil)
	flag(root, "codeowners", g.options.Owners != nil)
	set(root, "uses", group(g.Uses, list(g.Uses, g.use)))
	set(root, "objects", list(g.Objects, g.object))
	set(root, "supplies", list(g.Supplies, g.supply))
	set(root, "rotations", list(g.Rotations, g.rotation))
	set(root, "ttls", list(g.Lifetimes, g.lifetime))
	set(root, "grants", list(g.Grants, g.grant))
	set(root, "readers", list(g.Readers, g.reader))
	set(root, "workloads", g.workloadMap())
	set(root, "contracts", g.contractMap())
	set(root, "stores", g.storeMap())
	set(root, "automations", g.automationMap())
	set(root, "runbooks", g.runbookMap())
	set(root, "teams", copied(g.catalogued("teams")))
	set(root, "environments", copied(g.catalogued("environments")))
	doc := &lint.Document{Platform: Platform, Path: ".", Root: root, Flows: true}
	if !g.options.Complete && len(g.Contracts) > 0 {
		doc.Gaps = []lint.Gap{{Message: "not every file was read, so no contract was judged to be without use"}}
	}
	return doc
}

func (g *Graph) use(u *ResolvedUse) *lint.Node {
	node := lint.NewObject(u.At)
	text(node, "id", u.Slot+" "+u.Consumer)
	text(node, "platform", u.Platform)
	text(node, "name", u.Name)
	text(node, "slot", u.Slot)
	text(node, "consumer", u.Consumer)
	text(node, "delivery", u.Delivery)
	text(node, "variable", u.Variable)
	text(node, "confidence", string(u.Confidence))
	text(node, "environment", u.Environment)
	text(node, "tier", u.Tier)
	if u.Platform == "kubernetes" && u.Scope != unnamed {
		text(node, "namespace", u.Scope)
	}
	set(node, "claims", list(u.Claims, g.claim))
	number(node, "reaches", int64(u.Reaches))
	set(node, "chain", list(u.Chain, step))
	node.Via = via(u.Chain)
	flag(node, "holds_value", u.HoldsValue)
	text(node, "static_key", u.StaticKey)
	flag(node, "third_party", u.ThirdParty)
	text(node, "component", u.Component)
	g.fileOf(node, u.At)
	if u.Workload != nil {
		g.circumstances(node, u.Workload)
	}
	return node
}

// circumstances are what a policy asks about the job or workload of a use.
func (g *Graph) circumstances(node *lint.Node, w *Workload) {
	if w.Platform == "github" {
		flag(node, "binds_environment", w.Binds)
		set(node, "open_to", texts(w.OpenTo))
		flag(node, "oidc", w.OIDC)
		set(node, "oidc_providers", texts(w.Logins))
		return
	}
	text(node, "service_account", w.Identity)
	flag(node, "restarts", w.Restarts)
}

// fileOf notes the file of a place and who owns it.
func (g *Graph) fileOf(node *lint.Node, at lint.Span) {
	file := at.Location().Path
	text(node, "file", file)
	if owners := g.ownersOf(file); len(owners) > 0 {
		set(node, "codeowners", texts(owners))
	}
}

func step(s Step) *lint.Node {
	node := lint.NewObject(s.At)
	text(node, "id", s.ID)
	text(node, "message", s.Message)
	return node
}

// via is the way of a secret from its home to the consumer. A single place is no way.
func via(chain []Step) []lint.Step {
	if len(chain) < 2 {
		return nil
	}
	var steps []lint.Step
	for _, s := range slices.Backward(chain) {
		steps = append(steps, lint.Step{Message: s.Message, Span: s.At})
	}
	return steps
}

func (g *Graph) claim(c Claim) *lint.Node {
	node := lint.NewObject(named(c.Secret.Contract))
	text(node, "contract", c.Secret.Name)
	text(node, "state", c.Secret.State)
	text(node, "environment", c.Environment)
	text(node, "part", c.Part)
	text(node, "tier", g.Catalog.Tier(c.Environment))
	flag(node, "listed", c.Listed)
	flag(node, "via_store", c.ViaStore)
	flag(node, "narrower", c.Narrower)
	number(node, "until_ns", c.Until)
	text(node, "successor", c.Secret.Successor)
	number(node, "phase_out_ns", c.Secret.Contract.Until)
	return node
}

func (g *Graph) object(o *ResolvedObject) *lint.Node {
	node := lint.NewObject(o.At)
	text(node, "id", o.Slot)
	text(node, "slot", o.Slot)
	text(node, "name", withoutKind(o.Slot))
	text(node, "entry", o.Name)
	text(node, "type", o.Type)
	text(node, "store_type", o.StoreType)
	text(node, "environment", o.Environment)
	text(node, "tier", o.Tier)
	text(node, "encryption", o.Encryption)
	g.fileOf(node, o.At)
	set(node, "claims", list(o.Claims, g.claim))
	return node
}

func (g *Graph) supply(s *ResolvedSupply) *lint.Node {
	node := lint.NewObject(s.At)
	text(node, "id", s.Slot+" "+s.From)
	text(node, "slot", withoutKind(s.Slot))
	text(node, "name", s.From)
	text(node, "environment", s.Environment)
	text(node, "tier", s.Tier)
	text(node, "mechanism", s.Mechanism)
	placed(node, "refresh_s", s.Refresh, s.RefreshAt)
	text(node, "store", s.Store)
	set(node, "claims", list(s.Claims, g.claim))
	return node
}

func (g *Graph) rotation(r *ResolvedRotation) *lint.Node {
	node := lint.NewObject(r.At)
	text(node, "id", r.Slot)
	text(node, "name", withoutKind(r.Slot))
	number(node, "interval_s", r.Interval)
	flag(node, "by_expression", r.ByExpression)
	set(node, "claims", list(r.Claims, g.claim))
	set(node, "contracts", texts(names(r.Claims)))
	return node
}

func (g *Graph) lifetime(l *ResolvedLifetime) *lint.Node {
	node := lint.NewObject(l.At)
	text(node, "id", l.Slot)
	text(node, "name", cmp.Or(l.Path, withoutKind(l.Slot)))
	text(node, "kind", l.Kind)
	number(node, "seconds", l.Seconds)
	set(node, "contracts", texts(l.Contracts))
	return node
}

func (g *Graph) grant(r *ResolvedGrant) *lint.Node {
	node := lint.NewObject(r.At)
	text(node, "id", r.Identity+" "+r.Pattern)
	text(node, "identity", r.Identity)
	text(node, "pattern", r.Pattern)
	flag(node, "wildcard", r.Wildcard)
	text(node, "action", r.Action)
	text(node, "store", r.Store)
	set(node, "tiers", texts(r.Tiers))
	set(node, "contracts", texts(r.Contracts[:min(len(r.Contracts), most)]))
	number(node, "reaches", int64(len(r.Contracts)))
	set(node, "consumers", texts(r.Consumers[:min(len(r.Consumers), most)]))
	return node
}

func (g *Graph) reader(r *ResolvedReader) *lint.Node {
	node := lint.NewObject(r.At)
	text(node, "file", r.At.Location().Path)
	text(node, "name", r.Name)
	text(node, "kind", r.Kind)
	text(node, "text", r.Text)
	set(node, "contracts", texts(r.Contracts))
	return node
}

// group notes at the first exact use of each slot that nobody claims where the
// others are, as indices, at most five: policies need not compare all with all.
func group(uses []*ResolvedUse, nodes *lint.Node) *lint.Node {
	first := map[string]*lint.Node{}
	for i, u := range uses {
		if u.Confidence != Exact || len(u.Claims) > 0 {
			continue
		}
		others := first[u.Slot]
		if others == nil {
			first[u.Slot] = lint.NewList(lint.Span{})
			set(nodes.Items[i], "undeclared", first[u.Slot])
		} else if len(others.Items) < 5 {
			others.Items = append(others.Items, lint.NewNumber(int64(i), lint.Span{}))
		}
	}
	return nodes
}
