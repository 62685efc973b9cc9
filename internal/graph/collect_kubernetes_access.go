package graph

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// role notes which Secrets a role lets read. Those who may list see the values.
func (m *manifest) role() {
	name := "ClusterRole/" + m.name
	if m.kind == "Role" {
		name = "Role/" + m.namespace + "/" + m.name
	}
	for _, rule := range m.root.Get("rules").List() {
		verbs := slices.DeleteFunc(strs(rule.Get("verbs")), func(verb string) bool {
			return !slices.Contains([]string{"get", "list", "watch", "*"}, verb)
		})
		if len(verbs) == 0 || !has(rule.Get("resources"), "secrets") || !has(rule.Get("apiGroups"), "") {
			continue
		}
		names := strs(rule.Get("resourceNames"))
		if len(names) == 0 {
			names = []string{"*"}
		}
		m.facts.Roles = append(m.facts.Roles, Role{Name: name, Secrets: names, Action: strings.Join(verbs, ","), At: span(rule)})
	}
}

// strs are the texts of a list, empty ones too: the core group has no name.
func strs(list *lint.Node) []string {
	var all []string
	for _, item := range list.List() {
		if item != nil && item.Kind == lint.String {
			all = append(all, item.Text)
		}
	}
	return all
}

func has(list *lint.Node, word string) bool {
	all := strs(list)
	return slices.Contains(all, word) || slices.Contains(all, "*")
}

// binding notes who has a role, and where.
func (m *manifest) binding() {
	ref := m.root.Get("roleRef")
	role := "ClusterRole/" + ref.Get("name").Str()
	namespace := ""
	if m.kind == "RoleBinding" {
		namespace = m.namespace
		if ref.Get("kind").Str() == "Role" {
			role = "Role/" + namespace + "/" + ref.Get("name").Str()
		}
	}
	b := Binding{Role: role, Namespace: namespace, At: span(ref)}
	for _, subject := range m.root.Get("subjects").List() {
		if identity := m.subject(subject); identity != "" {
			b.Identities = append(b.Identities, identity)
		}
	}
	if len(b.Identities) > 0 {
		m.facts.Bindings = append(m.facts.Bindings, b)
	}
}

// subject is the locator of an account or a person. Of a group nobody knows the
// members.
func (m *manifest) subject(subject *lint.Node) string {
	name := subject.Get("name").Str()
	account, isAccount := strings.CutPrefix(name, "system:serviceaccount:")
	switch kind := subject.Get("kind").Str(); {
	case name == "":
	case kind == "ServiceAccount":
		namespace := subject.Get("namespace").Str()
		if namespace == "" {
			namespace = m.namespace
		}
		return "kubernetes-sa:" + namespace + "/" + name
	case kind == "User" && isAccount:
		return "kubernetes-sa:" + strings.Replace(account, ":", "/", 1)
	case kind == "User" && !strings.HasPrefix(name, "system:"):
		return "human:" + name
	}
	return ""
}

// cloudRoles are the identities of clouds that an account acts as. A role of AWS
// is also known by its name alone: infrastructure code knows no account.
func cloudRoles(annotations *lint.Node) []string {
	var roles []string
	if arn := annotations.Get("eks.amazonaws.com/role-arn").Str(); arn != "" {
		roles = append(roles, "aws-iam:"+arn)
		if _, path, found := strings.Cut(arn, ":role/"); found {
			roles = append(roles, "aws-iam:role/"+path[strings.LastIndexByte(path, '/')+1:])
		}
	}
	if email := annotations.Get("iam.gke.io/gcp-service-account").Str(); email != "" {
		roles = append(roles, "gcp-sa:"+email)
	}
	if client := annotations.Get("azure.workload.identity/client-id").Str(); client != "" {
		roles = append(roles, "azure-mi:"+client)
	}
	return roles
}

// builtinRoles are those of every cluster that let read all Secrets.
var builtinRoles = []string{"ClusterRole/cluster-admin", "ClusterRole/admin", "ClusterRole/edit"}

// paired gives the facts once more, with what only the facts of several files say
// together: what roles grant whom, what accounts act as, which Secrets hold a value
// of their own, and what the names of a store's entries begin with.
func paired(facts []Facts) []Facts {
	roles, holds, mounts, accounts := map[string][]Role{}, map[string]bool{}, map[string]string{}, map[string][]string{}
	for _, name := range builtinRoles {
		roles[name] = []Role{{Name: name, Secrets: []string{"*"}, Action: strings.TrimPrefix(name, "ClusterRole/")}}
	}
	for _, f := range facts {
		for _, role := range f.Roles {
			roles[role.Name] = append(roles[role.Name], role)
		}
		for _, slot := range f.Holds {
			holds[slot] = true
		}
		for _, w := range f.Workloads {
			if w.Kind == "ServiceAccount" && len(w.Roles) > 0 {
				account := strings.Replace(strings.TrimPrefix(w.ID, "kubernetes:"), "/ServiceAccount/", "/", 1)
				accounts["kubernetes-sa:"+account] = w.Roles
			}
		}
		for store, prefix := range f.Mounts {
			if known, twice := mounts[store]; twice && known != prefix {
				prefix = "" // two stores of one name: neither is certain
			}
			mounts[store] = prefix
		}
	}
	all := slices.Clone(facts)
	for i := range all {
		f := &all[i]
		for _, b := range f.Bindings {
			for _, role := range roles[b.Role] {
				f.Grants = append(slices.Clip(f.Grants), b.grants(role)...)
			}
		}
		f.Uses = slices.Clone(f.Uses)
		for k, use := range f.Uses {
			whole, _, _ := strings.Cut(use.Slot, "#")
			f.Uses[k].HoldsValue = use.HoldsValue || holds[whole]
		}
		f.Workloads = slices.Clone(f.Workloads)
		for k, w := range f.Workloads {
			f.Workloads[k].Roles = append(slices.Clip(w.Roles), accounts[w.Identity]...)
		}
		f.Supplies = slices.Clone(f.Supplies)
		for k, s := range f.Supplies {
			if prefix := mounts[s.Store]; s.Mechanism == "external-secret" && !strings.HasPrefix(s.From, prefix) {
				f.Supplies[k].From = prefix + s.From
			}
		}
	}
	return all
}

// grants are the rights that a binding gives by a role.
func (b Binding) grants(role Role) []Grant {
	at := role.At
	if at.Source == nil {
		at = b.At
	}
	var grants []Grant
	for _, identity := range b.Identities {
		for _, name := range role.Secrets[:min(len(role.Secrets), maxGrants-len(grants))] {
			grants = append(grants, Grant{
				Identity: identity, Pattern: name, Store: "kubernetes", Action: role.Action,
				Wildcard: name == "*" || b.Namespace == "", Scope: b.Namespace, At: at,
			})
		}
	}
	return grants
}
