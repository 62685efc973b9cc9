package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// armFacts reads the resources of one template of Azure, and of the modules that
// it calls.
func armFacts(doc *lint.Document) Facts {
	a := &arm{dir: path.Dir(doc.Path), byAddress: map[string]*lint.Node{}, byName: map[string]string{}}
	a.rights = rights{a.dir, &a.facts, func(n *lint.Node) string {
		slot, name, _ := a.entry(n)
		return cmp.Or(name, slot)
	}}
	a.handed = handed{platform: "arm", dir: a.dir, to: &a.facts, entry: a.entry, seen: map[Use]bool{}}
	resources := doc.Root.Get("resources").List()
	for _, resource := range resources {
		a.byAddress[resource.Get("address").Str()] = resource
		if name := a.entryName(resource); name != "" && !isTrue(resource.Get("existing")) {
			a.byName[name] = a.slot(resource)
		}
	}
	for _, resource := range resources {
		if !isTrue(resource.Get("existing")) {
			a.resource(resource)
		}
	}
	for _, module := range doc.Root.Get("modules").List() {
		w := Workload{ID: a.locator(module), Platform: "arm", Kind: "module", At: where(module)}
		a.facts.Workloads = append(a.facts.Workloads, w)
		a.handed.resource(w.ID, module.Get("values"), where(module))
	}
	return a.facts
}

// arm reads one template.
type arm struct {
	dir       string
	byAddress map[string]*lint.Node
	byName    map[string]string // slots of the entries that the template makes
	facts     Facts
	rights
	handed handed
}

func (a *arm) slot(resource *lint.Node) string { return "arm-secret:" + a.written(resource) }

func (a *arm) locator(resource *lint.Node) string { return "arm:" + a.written(resource) }

// written is the file of a resource and its address there. An address that is the
// name in a template of JSON may have slashes.
func (a *arm) written(resource *lint.Node) string {
	return where(resource).Location().Path + "#" + cmp.Or(resource.Get("local_address").Str(), resource.Get("address").Str())
}

// where is the symbol of a resource, or in a template of JSON its type.
func where(resource *lint.Node) lint.Span {
	if at := span(resource.Get("address")); at.Source != nil {
		return at
	}
	if typ := resource.Field("type"); typ != nil && typ.Span.Source != nil {
		return typ.Span
	}
	return span(resource)
}

const vaultSecret = "microsoft.keyvault/vaults/secrets"

func typeOf(resource *lint.Node) string { return strings.ToLower(resource.Get("type").Str()) }

// entryName is what a secret is called in its vault, "" for other resources and
// where that is not known.
func (a *arm) entryName(resource *lint.Node) string {
	if typeOf(resource) != vaultSecret {
		return ""
	}
	name := cmp.Or(resource.Get("name").Str(), resource.Get("name", "$text").Str())
	name = name[strings.LastIndexByte(name, '/')+1:]
	if strings.ContainsAny(name, "${}") {
		return ""
	}
	return name
}

func (a *arm) resource(resource *lint.Node) {
	values, at := resource.Get("values"), where(resource)
	if resource.Get("address").Str() == "" {
		return
	}
	w := Workload{ID: a.locator(resource), Platform: "arm", Kind: "resource", At: at}
	before := len(a.facts.Rotations)
	properties := values.Get("properties")
	switch typeOf(resource) {
	case vaultSecret:
		a.facts.Objects = append(a.facts.Objects, Object{
			Slot: a.slot(resource), Name: a.entryName(resource), Type: resource.Get("type").Text, StoreType: "azure-keyvault", Platform: "arm", Folder: a.dir, At: at,
		})
	case "microsoft.keyvault/vaults/keys":
		a.keyRotation(resource, properties.Get("rotationPolicy", "lifetimeActions"))
	case "microsoft.keyvault/vaults", "microsoft.keyvault/vaults/accesspolicies":
		a.accessPolicies(properties.Get("accessPolicies"))
	case "microsoft.authorization/roleassignments":
		a.assignment(resource, properties)
	case "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials":
		a.federated(resource, properties)
	default:
		a.runsAs(&w, values.Get("identity"))
	}
	if rotations := a.facts.Rotations[before:]; len(rotations) > 0 {
		w.Kind, w.Schedule, w.StartedAt = "rotation", rotations[0].Interval, rotations[0].At
	}
	a.facts.Workloads = append(a.facts.Workloads, w)
	a.handed.resource(w.ID, values, at)
}

// runsAs notes the identities that a resource is assigned, which are keys of a
// mapping. Its own has the name of the resource.
func (a *arm) runsAs(w *Workload, identity *lint.Node) {
	if identity == nil {
		return
	}
	w.Identity = w.ID
	for _, field := range identity.Get("userAssignedIdentities").Object() {
		made := a.at(lint.NewString(field.Key, field.Span))
		if made == nil { // within a template of JSON, an ID ends with the name
			made = a.byAddress[path.Base(field.Key)]
		}
		if made != nil {
			w.Roles = append(w.Roles, a.locator(made))
		}
	}
}

// at is the resource that a value is, or an attribute of it.
func (a *arm) at(value *lint.Node) *lint.Node {
	for _, reference := range value.Get("$unknown").List() {
		if found := a.symbol(reference.Str()); found != nil {
			return found
		}
	}
	_, inner, _ := strings.Cut(cmp.Or(value.Str(), value.Get("$text").Str()), "${")
	inner, _, _ = strings.Cut(inner, "}")
	for reference := range strings.SplitSeq(inner, ",") {
		if found := a.symbol(reference); found != nil {
			return found
		}
	}
	return nil
}

// symbol is the resource of a reference, behind which attributes may stand.
func (a *arm) symbol(reference string) *lint.Node {
	rest, isResource := strings.CutPrefix(reference, "resources.")
	for isResource {
		if resource := a.byAddress[rest]; resource != nil {
			return resource
		}
		dot := strings.LastIndexByte(rest, '.')
		if dot < 0 {
			break
		}
		rest = rest[:dot]
	}
	return nil
}

// entry finds the secret that a value names: by its address, its ID or its name.
func (a *arm) entry(value *lint.Node) (slot, name, key string) {
	text := cmp.Or(value.Str(), value.Get("$text").Str())
	if made := a.at(value); typeOf(made) == vaultSecret {
		name := a.entryName(made)
		if isTrue(made.Get("existing")) {
			return a.byName[name], name, ""
		}
		return a.slot(made), name, ""
	}
	if _, after, found := strings.Cut(text, "/secrets/"); found {
		text, _, _ = strings.Cut(after, "/")
	} else if _, after, found := strings.Cut(text, "secrets/"); found && strings.HasPrefix(text, "${") { // behind the address of a vault
		text, _, _ = strings.Cut(after, "/")
	}
	if strings.ContainsAny(text, "${}/:") {
		return "", "", ""
	}
	return a.byName[text], text, ""
}

// keyRotation reads how often a key is made anew.
func (a *arm) keyRotation(resource, actions *lint.Node) {
	for _, action := range actions.List() {
		after := action.Get("trigger", "timeAfterCreate")
		if interval := isoSeconds(after.Str()); interval > 0 && strings.EqualFold(action.Get("action", "type").Str(), "rotate") {
			name := resource.Get("name").Str()
			a.facts.Rotations = append(a.facts.Rotations, Rotation{
				Slot: a.locator(resource), TargetName: name[strings.LastIndexByte(name, '/')+1:], Interval: interval, At: after.Span,
			})
		}
	}
}

// roleIDs are the roles that let read secrets, by which every tenant knows them.
var roleIDs = map[string]string{
	"4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
	"b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
	"00482a5a-5887-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
}

// roleOf is the name of a role that lets read secrets, "" for others.
func roleOf(id *lint.Node) string {
	text := strings.ToLower(cmp.Or(id.Str(), id.Get("$text").Str()))
	return roleIDs[path.Base(text)]
}

func (a *arm) assignment(resource, properties *lint.Node) {
	role := roleOf(properties.Get("roleDefinitionId"))
	if role == "" {
		return
	}
	pattern := "*"
	scope := resource.Get("values", "scope")
	if made := a.at(scope); typeOf(made) == vaultSecret || strings.Contains(scope.Str()+scope.Get("$text").Str(), "/secrets/") {
		slot, name, _ := a.entry(scope)
		pattern = cmp.Or(name, slot)
	}
	a.grant(Grant{
		Identity: a.identity(properties.Get("principalId")), Pattern: pattern, Store: "azure-keyvault", Action: role, At: span(properties.Get("roleDefinitionId")),
	})
}

// identity is the locator of what a principal or the ID of an identity means.
func (a *arm) identity(value *lint.Node) string {
	if resource := a.at(value); resource != nil {
		return a.locator(resource)
	}
	if text := value.Str(); text != "" && !strings.ContainsAny(text, "/${") {
		return "azure-mi:" + text
	}
	return ""
}

// accessPolicies reads who may get secrets of a vault by its own lists.
func (a *arm) accessPolicies(policies *lint.Node) {
	for _, policy := range policies.List() {
		for _, permission := range policy.Get("permissions", "secrets").List() {
			if slices.Contains([]string{"get", "all"}, strings.ToLower(permission.Str())) {
				a.grant(Grant{Identity: a.identity(policy.Get("objectId")), Pattern: "*", Store: "azure-keyvault", Action: permission.Text, At: permission.Span})
			}
		}
	}
}

func (a *arm) federated(resource, properties *lint.Node) {
	subject := properties.Get("subject")
	identity := a.byAddress[resource.Get("parent").Str()]
	if identity == nil { // within a template of JSON, its name begins with that of the identity
		owner, _, _ := strings.Cut(cmp.Or(resource.Get("name").Str(), resource.Get("name", "$text").Str()), "/")
		identity = a.byAddress[owner]
	}
	if identity != nil && subject.Str() != "" {
		a.trust(Trust{Identity: a.locator(identity), Issuer: issuer(properties.Get("issuer").Str()), Subject: subject.Text, At: subject.Span})
	}
}
