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
//	adopted    true if the repository has contracts or a catalogue, or had them before the change
//	history    true if git's history was read
//	codeowners true if the repository has a CODEOWNERS file
//	contracts  map by name, at the contract's metadata.name: {
//	   name, file, line, state, class, owner, rating, tiers [of its environments],
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
//	ttls       at the attribute: {id, name (path, if known), kind, path, seconds, contracts}
//	grants     at the statement: {id, identity, pattern, wildcard, action, store, tiers, contracts (at most 100), reaches, consumers}
//	trusts     at the subject: {id, identity, issuer, subject, contracts and tiers that the identity may read}
//	stores     map by name, as in the catalogue, and {tier, contracts, teams}
//	workloads  map by id: {platform, kind, schedule_s, manual_only, file, changed_ns, identity, oidc_providers}
//	automations map by the locators that contracts name: {found, schedule_s, manual_only, file, codeowners, contracts}
//	runbooks   map by the paths that contracts name: {found, changed_ns, contracts}
//	readers    by place: {file, name, kind, text, contracts}
//	teams, environments  maps, as in the catalogue
func (g *Graph) Document() *lint.Document {
	return newEncoder(g).document()
}

func (g *Graph) adopted() bool {
	return g.options.Adopted || len(g.Contracts) > 0 || g.Catalog.Document != nil
}

func (g *encoder) document() *lint.Document {
	root := lint.NewObject(lint.Span{})
	g.flag(root, "complete", g.options.Complete)
	g.flag(root, "adopted", g.adopted())
	g.flag(root, "history", g.options.History != nil)
	g.flag(root, "codeowners", g.options.Owners != nil)
	set(root, "uses", group(g.Uses, list(g.Uses, g.use)))
	set(root, "objects", list(g.Objects, g.object))
	set(root, "supplies", list(g.Supplies, g.supply))
	set(root, "rotations", list(g.Rotations, g.rotation))
	set(root, "ttls", list(g.Lifetimes, g.lifetime))
	set(root, "grants", list(g.Grants, g.grant))
	set(root, "trusts", list(g.Trusts, g.trust))
	set(root, "readers", list(g.Readers, g.reader))
	set(root, "workloads", g.workloadMap())
	set(root, "contracts", g.contractMap())
	set(root, "stores", g.storeMap())
	set(root, "automations", g.automationMap())
	set(root, "runbooks", g.runbookMap())
	set(root, "teams", copied(g.catalogued("teams")))
	set(root, "environments", copied(g.catalogued("environments")))
	doc := &lint.Document{Platform: Platform, Path: ".", Root: root}
	if !g.options.Complete && len(g.Contracts) > 0 {
		doc.Gaps = []lint.Gap{{Message: "not every file was read, so no contract was judged to be without use"}}
	}
	return doc
}

func (g *encoder) use(u *ResolvedUse) *lint.Node {
	node := lint.NewObject(u.At)
	node.Fields = make([]lint.Field, 0, 26)
	g.text(node, "id", u.Slot+" "+u.Consumer)
	g.text(node, "platform", u.Platform)
	g.text(node, "name", u.Name)
	g.text(node, "slot", u.Slot)
	g.text(node, "consumer", u.Consumer)
	g.text(node, "delivery", u.Delivery)
	g.text(node, "variable", u.Variable)
	g.text(node, "confidence", string(u.Confidence))
	g.text(node, "environment", u.Environment)
	g.text(node, "tier", u.Tier)
	if u.Platform == "kubernetes" && u.Scope != unnamed {
		g.text(node, "namespace", u.Scope)
	}
	set(node, "claims", list(u.Claims, g.claim))
	number(node, "reaches", int64(u.Reaches))
	set(node, "chain", list(u.Chain, g.step))
	node.Way = way(u.Chain)
	g.flag(node, "holds_value", u.HoldsValue)
	g.text(node, "static_key", u.StaticKey)
	g.flag(node, "third_party", u.ThirdParty)
	g.text(node, "component", u.Component)
	g.fileOf(node, u.At)
	if u.Workload != nil {
		g.circumstances(node, u.Workload)
	}
	return node
}

// circumstances are what a policy asks about the job or workload of a use.
func (g *encoder) circumstances(node *lint.Node, w *Workload) {
	if w.Kind == "job" { // of a pipeline: those of Kubernetes are written with a capital
		g.flag(node, "binds_environment", w.Binds)
		set(node, "open_to", g.texts(w.OpenTo))
		g.flag(node, "oidc", w.OIDC)
		set(node, "oidc_providers", g.texts(w.Logins))
		return
	}
	g.text(node, "service_account", w.Identity)
	g.flag(node, "restarts", w.Restarts)
}

// fileOf notes the file of a place and who owns it.
func (g *encoder) fileOf(node *lint.Node, at lint.Span) {
	file := at.Location().Path
	g.text(node, "file", file)
	if owners := g.ownersOf(file); len(owners) > 0 {
		set(node, "codeowners", g.texts(owners))
	}
}

func (g *encoder) step(s Step) *lint.Node {
	node := lint.NewObject(s.At)
	g.text(node, "id", s.ID)
	g.text(node, "message", s.Message)
	return node
}

// way is the way of a secret from its home to the consumer. A single place is no way.
func way(chain []Step) []lint.Step {
	if len(chain) < 2 {
		return nil
	}
	var steps []lint.Step
	for _, s := range slices.Backward(chain) {
		steps = append(steps, lint.Step{Message: s.Message, Span: s.At})
	}
	return steps
}

// claim gives one node for all claims that say the same: most uses of a secret do.
func (g *encoder) claim(c Claim) *lint.Node {
	node := g.claims[c]
	if node == nil {
		node = g.newClaim(c)
		g.claims[c] = node
	}
	return node
}

func (g *encoder) newClaim(c Claim) *lint.Node {
	node := lint.NewObject(named(c.Secret.Contract))
	g.text(node, "contract", c.Secret.Name)
	g.text(node, "state", c.Secret.State)
	g.text(node, "environment", c.Environment)
	g.text(node, "part", c.Part)
	g.text(node, "tier", g.Catalog.Tier(c.Environment))
	g.flag(node, "listed", c.Listed)
	g.flag(node, "via_store", c.ViaStore)
	g.flag(node, "narrower", c.Narrower)
	number(node, "until_ns", c.Until)
	g.text(node, "successor", c.Secret.Successor)
	number(node, "phase_out_ns", c.Secret.Contract.Until)
	return node
}

func (g *encoder) object(o *ResolvedObject) *lint.Node {
	node := lint.NewObject(o.At)
	g.text(node, "id", o.Slot)
	g.text(node, "slot", o.Slot)
	g.text(node, "name", withoutKind(o.Slot))
	g.text(node, "entry", o.Name)
	g.text(node, "type", o.Type)
	g.text(node, "store_type", o.StoreType)
	g.text(node, "environment", o.Environment)
	g.text(node, "tier", o.Tier)
	if o.Encryption != "" {
		set(node, "encryption", lint.NewString(o.Encryption, o.EncryptedAt))
	}
	g.fileOf(node, o.At)
	set(node, "claims", list(o.Claims, g.claim))
	return node
}

func (g *encoder) supply(s *ResolvedSupply) *lint.Node {
	node := lint.NewObject(s.At)
	g.text(node, "id", s.Slot+" "+s.From)
	g.text(node, "slot", withoutKind(s.Slot))
	g.text(node, "name", s.From)
	g.text(node, "environment", s.Environment)
	g.text(node, "tier", s.Tier)
	g.text(node, "mechanism", s.Mechanism)
	placed(node, "refresh_s", s.Refresh, s.RefreshAt)
	g.text(node, "store", s.Store)
	node.Way = way(s.Chain)
	set(node, "claims", list(s.Claims, g.claim))
	return node
}

func (g *encoder) rotation(r *ResolvedRotation) *lint.Node {
	node := lint.NewObject(r.At)
	g.text(node, "id", r.Slot)
	g.text(node, "name", withoutKind(r.Slot))
	number(node, "interval_s", r.Interval)
	g.flag(node, "by_expression", r.ByExpression)
	set(node, "claims", list(r.Claims, g.claim))
	set(node, "contracts", g.texts(names(r.Claims)))
	return node
}

func (g *encoder) lifetime(l *ResolvedLifetime) *lint.Node {
	node := lint.NewObject(l.At)
	g.text(node, "id", l.Slot)
	g.text(node, "name", cmp.Or(l.Path, withoutKind(l.Slot)))
	g.text(node, "kind", l.Kind)
	g.text(node, "path", l.Path)
	number(node, "seconds", l.Seconds)
	set(node, "contracts", g.texts(l.Contracts))
	return node
}

func (g *encoder) grant(r *ResolvedGrant) *lint.Node {
	node := lint.NewObject(r.At)
	g.text(node, "id", r.Identity+" "+r.Pattern)
	g.text(node, "identity", r.Identity)
	g.text(node, "pattern", r.Pattern)
	g.flag(node, "wildcard", r.Wildcard)
	g.text(node, "action", r.Action)
	g.text(node, "store", r.Store)
	set(node, "tiers", g.texts(r.Tiers))
	set(node, "contracts", g.texts(r.Contracts[:min(len(r.Contracts), most)]))
	number(node, "reaches", int64(len(r.Contracts)))
	set(node, "consumers", g.texts(r.Consumers[:min(len(r.Consumers), most)]))
	return node
}

func (g *encoder) trust(t *ResolvedTrust) *lint.Node {
	node := lint.NewObject(t.At)
	g.text(node, "id", t.Identity+" "+t.Subject)
	g.text(node, "identity", t.Identity)
	g.text(node, "issuer", t.Issuer)
	g.text(node, "subject", t.Subject)
	set(node, "contracts", g.texts(t.Contracts[:min(len(t.Contracts), most)]))
	set(node, "tiers", g.texts(t.Tiers))
	return node
}

func (g *encoder) reader(r *ResolvedReader) *lint.Node {
	node := lint.NewObject(r.At)
	g.text(node, "file", r.At.Location().Path)
	g.text(node, "name", r.Name)
	g.text(node, "kind", r.Kind)
	g.text(node, "text", r.Text)
	set(node, "contracts", g.texts(r.Contracts))
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
