package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

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
	case "azurerm_key_vault_access_policy":
		t.accessPolicy(values)
	case "azurerm_key_vault":
		for _, policy := range values.Get("access_policy").List() {
			t.accessPolicy(policy)
		}
	case "aws_secretsmanager_secret_policy":
		t.resourcePolicy(t.document(values), t.pattern(values.Get("secret_arn")), "aws-secretsmanager", t.principal)
	}
}

// accessPolicy reads who may get the secrets of a vault by its own lists.
func (t *terraform) accessPolicy(values *lint.Node) {
	for _, permission := range values.Get("secret_permissions").List() {
		if slices.Contains([]string{"get", "all"}, strings.ToLower(permission.Str())) {
			t.grant(Grant{Identity: t.azureIdentity(values.Get("object_id")), Pattern: "*", Store: "azure-keyvault", Action: permission.Text, At: permission.Span})
		}
	}
}

// azureIdentity is the locator of a principal.
func (t *terraform) azureIdentity(principal *lint.Node) string {
	if principal.Str() != "" {
		return "azure-mi:" + principal.Text
	}
	return t.unnamed(t.refersTo(principal))
}

// principal is the locator of the role or user that a value is, or names by its ARN.
func (t *terraform) principal(value *lint.Node) string {
	if value.Str() != "" {
		return namedPrincipal(value.Text)
	}
	address := t.refersTo(value)
	switch t.at(address).Get("type").Str() {
	case "aws_iam_role":
		return t.identity("role", nil, address)
	case "aws_iam_user":
		return t.identity("user", nil, address)
	}
	return ""
}

// roles are the arguments that name the role which something runs as.
var roles = map[string][]string{
	"aws_lambda_function":      {"role"},
	"aws_ecs_task_definition":  {"task_role_arn", "execution_role_arn"},
	"aws_codebuild_project":    {"service_role"},
	"aws_apprunner_service":    {"instance_role_arn"},
	"aws_sfn_state_machine":    {"role_arn"},
	"aws_batch_job_definition": {"job_role_arn"},
}

// runsAs notes the roles of a resource that runs something.
func (t *terraform) runsAs(w *Workload, values *lint.Node) {
	for _, argument := range roles[t.of.Get("type").Str()] {
		identity := t.principal(values.Get(argument))
		switch {
		case identity == "":
		case w.Identity == "":
			w.Identity = identity
		default:
			w.Roles = append(w.Roles, identity)
		}
	}
}

// tokens adds whose identity tokens a resource lets in.
func (t *terraform) tokens(resource *lint.Node) {
	values, address := resource.Get("values"), resource.Get("address").Str()
	switch resource.Get("type").Str() {
	case "aws_iam_role":
		document := values.Get("assume_role_policy$json")
		if made := t.at(t.refersTo(values.Get("assume_role_policy"))).Get("values", "$document"); made != nil {
			document = made // the same with its places
		}
		t.trusts(document, t.identity("role", values.Get("name"), address))
	case "azurerm_federated_identity_credential":
		parent := values.Get("parent_id")
		if parent == nil {
			parent = values.Get("user_assigned_identity_id")
		}
		t.federated(values, t.refersTo(parent))
	case "azuread_application_federated_identity_credential":
		t.federated(values, t.refersTo(values.Get("application_id")))
	case "google_service_account_iam_member", "google_service_account_iam_binding":
		if values.Get("role").Str() == "roles/iam.workloadIdentityUser" {
			for _, member := range append(slices.Clone(values.Get("members").List()), values.Get("member")) {
				if pool, subject, found := strings.Cut(member.Str(), "/workloadIdentityPools/"); found && strings.HasPrefix(pool, "principal") {
					_, subject, _ = strings.Cut(subject, "/")
					t.trust(Trust{Identity: t.unnamed(t.refersTo(values.Get("service_account_id"))), Subject: subject, At: member.Span})
				}
			}
		}
	}
}

func (t *terraform) federated(values *lint.Node, identity string) {
	if subject := values.Get("subject"); subject.Str() != "" {
		t.trust(Trust{Identity: t.unnamed(identity), Issuer: issuer(values.Get("issuer").Str()), Subject: subject.Text, At: subject.Span})
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
	if role == nil {
		role = values.Get("role_definition_id")
	}
	action := cmp.Or(roleOf(role), role.Str())
	if !slices.Contains(readRoles, action) {
		return
	}
	pattern := "*"
	if t.at(t.refersTo(scope)).Get("type").Str() == "azurerm_key_vault_secret" {
		pattern = t.pattern(scope)
	} else if _, name, found := strings.Cut(scope.Str(), "/secrets/"); found {
		pattern = path.Base(name)
	}
	t.grant(Grant{Identity: t.azureIdentity(principal), Pattern: pattern, Store: "azure-keyvault", Action: action, At: role.Span})
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
			arn, held := resource.Get("values", "policy_arn"), t.holders(resource.Get("values"))
			holders[t.refersTo(arn)] = append(holders[t.refersTo(arn)], held...)
			for _, identity := range held {
				t.managedPolicy(arn, identity)
			}
		case "aws_iam_role":
			for _, arn := range resource.Get("values", "managed_policy_arns").List() {
				identity := t.identity("role", resource.Get("values", "name"), resource.Get("address").Str())
				holders[t.refersTo(arn)] = append(holders[t.refersTo(arn)], identity)
				t.managedPolicy(arn, identity)
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
	t.statements(t.document(values), identities)
}

// document is what the policy of a resource says, with its places if it is made here.
func (t *terraform) document(values *lint.Node) *lint.Node {
	if made := t.at(t.refersTo(values.Get("policy"))).Get("values", "$document"); made != nil {
		return made
	}
	return values.Get("policy$json")
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
