package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// readActions of AWS give the value of an entry, and the store it is of.
var readActions = []struct{ action, store, arn string }{
	{"secretsmanager:getsecretvalue", "aws-secretsmanager", ":secretsmanager:"},
	{"secretsmanager:batchgetsecretvalue", "aws-secretsmanager", ":secretsmanager:"},
	{"ssm:getparameter", "aws-ssm", ":ssm:"},
	{"ssm:getparameters", "aws-ssm", ":ssm:"},
	{"ssm:getparametersbypath", "aws-ssm", ":ssm:"},
	{"ssm:getparameterhistory", "aws-ssm", ":ssm:"},
}

// readRoles are roles of clouds that let read values.
var readRoles = []string{
	"roles/secretmanager.secretAccessor", "roles/secretmanager.admin",
	"Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator",
}

// grants adds the rights that a resource gives by itself.
func (t *terraform) grants(resource *lint.Node) {
	values := resource.Get("values")
	switch typ := resource.Get("type").Str(); typ {
	case "google_secret_manager_secret_iam_member", "google_secret_manager_secret_iam_binding":
		t.google(values, t.pattern(values.Get("secret_id")))
	case "google_project_iam_member", "google_project_iam_binding":
		t.google(values, "*")
	case "azurerm_role_assignment":
		t.azure(values)
	}
}

// pattern is the name of the one entry that a value names, or its slot.
func (t *terraform) pattern(value *lint.Node) string {
	slot, name := t.target(value)
	if name == "" {
		return slot
	}
	return name
}

// maxGrants bounds those of one directory, or of one binding: a policy of a
// thousand entries for a thousand roles is a mistake, or an attack.
const maxGrants = 10_000

func (t *terraform) grant(g Grant) {
	g.Wildcard, g.Scope = strings.Contains(g.Pattern, "*"), t.dir
	if g.Identity != "" && g.Pattern != "" && len(t.facts.Grants) < maxGrants {
		t.facts.Grants = append(t.facts.Grants, g)
	}
}

func (t *terraform) grantAll(identities []string, g Grant) {
	for _, identity := range identities {
		g.Identity = identity
		t.grant(g)
	}
}

func (t *terraform) google(values *lint.Node, pattern string) {
	role := values.Get("role")
	if !slices.Contains(readRoles, role.Str()) {
		return
	}
	for _, member := range append(slices.Clone(values.Get("members").List()), values.Get("member")) {
		t.grant(Grant{Identity: t.googleIdentity(member), Pattern: pattern, Store: "gcp-secretmanager", Action: role.Text, At: role.Span})
	}
}

// googleIdentity is the locator of a member. Of a group nobody knows the members.
func (t *terraform) googleIdentity(member *lint.Node) string {
	kind, name, _ := strings.Cut(member.Str(), ":")
	switch kind {
	case "serviceAccount":
		return "gcp-sa:" + name
	case "user":
		return "human:" + name
	case "":
		return t.unnamed(t.refersTo(member))
	}
	return ""
}

// unnamed is the locator of an identity that has its name from the cloud only.
func (t *terraform) unnamed(address string) string {
	if address == "" {
		return ""
	}
	return t.locator(address)
}

// azure reads the assignment of a role for a vault or for one entry.
func (t *terraform) azure(values *lint.Node) {
	role, scope, principal := values.Get("role_definition_name"), values.Get("scope"), values.Get("principal_id")
	if !slices.Contains(readRoles, role.Str()) {
		return
	}
	pattern := "*"
	if t.at(t.refersTo(scope)).Get("type").Str() == "azurerm_key_vault_secret" {
		pattern = t.pattern(scope)
	} else if _, name, found := strings.Cut(scope.Str(), "/secrets/"); found {
		pattern = path.Base(name)
	}
	identity := t.unnamed(t.refersTo(principal))
	if principal.Str() != "" {
		identity = "azure-mi:" + principal.Text
	}
	t.grant(Grant{Identity: identity, Pattern: pattern, Store: "azure-keyvault", Action: role.Text, At: role.Span})
}

// iamPolicies adds what the policies of AWS let roles and users read: inline
// ones, and those that are attached. Who has a policy that nothing here attaches
// is not known, so that it stands for itself.
func (t *terraform) iamPolicies(resources []*lint.Node) {
	holders := map[string][]string{} // by address of the policy
	for _, resource := range resources {
		t.of = resource
		switch resource.Get("type").Str() {
		case "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_policy_attachment":
			policy := t.refersTo(resource.Get("values", "policy_arn"))
			holders[policy] = append(holders[policy], t.holders(resource.Get("values"))...)
		case "aws_iam_role":
			for _, arn := range resource.Get("values", "managed_policy_arns").List() {
				identity := t.identity("role", resource.Get("values", "name"), resource.Get("address").Str())
				holders[t.refersTo(arn)] = append(holders[t.refersTo(arn)], identity)
			}
		}
	}
	for _, resource := range resources {
		values, address := resource.Get("values"), resource.Get("address").Str()
		t.of = resource
		switch resource.Get("type").Str() {
		case "aws_iam_role_policy", "aws_iam_user_policy":
			t.policy(values, t.holders(values))
		case "aws_iam_policy":
			identities := holders[address]
			if identities == nil {
				identities = []string{t.locator(address)}
			}
			t.policy(values, identities)
		case "aws_iam_role":
			for _, inline := range values.Get("inline_policy").List() {
				t.policy(inline, []string{t.identity("role", values.Get("name"), address)})
			}
		}
	}
}

// holders are the identities that a policy or attachment names.
func (t *terraform) holders(values *lint.Node) []string {
	var all []string
	for _, kind := range []string{"role", "user"} {
		for _, name := range append(slices.Clone(values.Get(kind+"s").List()), values.Get(kind)) {
			if identity := t.identity(kind, name, t.refersTo(name)); identity != "" {
				all = append(all, identity)
			}
		}
	}
	return all
}

// identity is the locator of a role or user of AWS, by its name if that is known:
// the account, and so the ARN, no file knows.
func (t *terraform) identity(kind string, name *lint.Node, address string) string {
	if name.Str() == "" {
		name = t.at(address).Get("values", "name")
	}
	if name.Str() != "" {
		return "aws-iam:" + kind + "/" + name.Text
	}
	return t.unnamed(address)
}

// policy adds what the statements of a policy let read.
func (t *terraform) policy(values *lint.Node, identities []string) {
	document := values.Get("policy$json")
	if made := t.at(t.refersTo(values.Get("policy"))).Get("values", "$document"); made != nil {
		document = made // the same with its places
	}
	statements := document.Get("Statement")
	list := statements.List()
	if statements.Object() != nil {
		list = []*lint.Node{statements}
	}
	for _, statement := range list {
		if statement.Get("Effect").Str() != "Allow" {
			continue
		}
		at := span(statement)
		if at.Source == nil {
			at = span(document)
		}
		t.statement(statement, identities, at)
	}
}

func (t *terraform) statement(statement *lint.Node, identities []string, at lint.Span) {
	seen := map[string]bool{}
	for _, action := range oneOrMore(statement.Get("Action")) {
		for _, read := range readActions {
			if !fitsAction(strings.ToLower(action.Str()), read.action) {
				continue
			}
			for _, resource := range oneOrMore(statement.Get("Resource")) {
				for _, pattern := range t.resourcePatterns(resource, read.arn) {
					if key := pattern + "\x00" + read.store; !seen[key] {
						seen[key] = true
						t.grantAll(identities, Grant{Pattern: pattern, Store: read.store, Action: action.Text, At: at})
					}
				}
			}
		}
	}
}

func oneOrMore(n *lint.Node) []*lint.Node {
	if n != nil && n.Kind == lint.List {
		return n.Items
	}
	return []*lint.Node{n}
}

// fitsAction compares an action with one that a policy writes: * and ? stand for
// other characters.
func fitsAction(pattern, action string) bool {
	if len(pattern) > 200 {
		return false
	}
	matched, err := path.Match(pattern, action)
	return err == nil && matched
}

// resourcePatterns are the names of what an ARN means in a store.
func (t *terraform) resourcePatterns(resource *lint.Node, store string) []string {
	arn := resource.Str()
	if arn == "" {
		return []string{t.pattern(resource)}
	}
	name := secretName(arn)
	switch {
	case strings.Trim(arn, "*") == "":
		return []string{"*"}
	case !strings.Contains(arn, store):
		return nil
	case name == arn && strings.HasSuffix(arn, "*"): // of the region, the account or the kind
		return []string{"*"}
	case name == arn:
		return nil
	case strings.HasSuffix(arn, "-*") && !strings.HasSuffix(name, "*"): // the six characters, and names that go on
		return []string{name, name + "-*"}
	}
	return []string{name}
}

// Vault's policies are text of their own; only paths and capabilities count.
var (
	vaultComment      = regex.Lazy(`(?m)^\s*(?:#|//).*$`)
	vaultPathHead     = regex.Lazy(`\bpath\s*"([^"\n]+)"\s*\{`)
	vaultCapabilities = regex.Lazy(`"?capabilities"?\s*[=:]\s*\[([^\]]*)\]`)
)

// vaultPolicies adds what the policies of Vault let roles read. The accounts that
// a role is bound to run as that role.
func (t *terraform) vaultPolicies(resources []*lint.Node) {
	holders := map[string][]string{}
	for _, resource := range resources {
		typ, values := resource.Get("type").Str(), resource.Get("values")
		if !strings.HasPrefix(typ, "vault_") || !strings.HasSuffix(typ, "_auth_backend_role") {
			continue
		}
		role := t.vaultPath(typ, values)
		if role == "" {
			continue
		}
		for _, attribute := range []string{"token_policies", "policies"} {
			for _, policy := range values.Get(attribute).List() {
				name := policy.Str()
				if name == "" {
					name = t.at(t.refersTo(policy)).Get("values", "name").Str()
				}
				holders[name] = append(holders[name], "vault-role:"+role)
			}
		}
	}
	for _, resource := range resources {
		values := resource.Get("values")
		name := values.Get("name").Str()
		if resource.Get("type").Str() != "vault_policy" || name == "" {
			continue
		}
		identities := holders[name]
		if identities == nil {
			identities = []string{"vault-policy:" + name}
		}
		for _, pattern := range readablePaths(values.Get("policy").Str()) {
			t.grantAll(identities, Grant{Pattern: pattern, Store: "vault", Action: "read", At: span(values.Get("policy"))})
		}
	}
}

// readablePaths are the paths that a policy lets read, as names of entries. What
// version 2 of the key-value store keeps under metadata are no values.
func readablePaths(policy string) []string {
	policy = vaultComment().ReplaceAllString(policy, "")
	heads := vaultPathHead().FindAllStringSubmatchIndex(policy, -1)
	var all []string
	for i, head := range heads {
		end := len(policy)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		capabilities := vaultCapabilities().FindStringSubmatch(policy[head[1]:end])
		pattern := policy[head[2]:head[3]]
		if capabilities == nil || !strings.Contains(capabilities[1], `"read"`) || strings.Contains(capabilities[1], `"deny"`) {
			continue
		}
		_, rest, _ := strings.Cut(pattern, "/")
		if strings.HasPrefix(rest, "metadata/") || strings.HasPrefix(pattern, "sys/") || strings.HasPrefix(pattern, "auth/") {
			continue
		}
		pattern = foldKV(strings.ReplaceAll(strings.ReplaceAll(pattern, "+", "*"), "{{", "*{{"))
		if at := strings.Index(pattern, "{{"); at >= 0 { // what stands for the identity may be any
			pattern = pattern[:at]
		}
		all = append(all, pattern)
	}
	return all
}
