# METADATA
# title: Role lets its holder take other rights
# description: >-
#   With these rights somebody gets what the role does not grant: the rights or the
#   identity of others, or what runs in their pods. Their Secrets are among it.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   fix: Remove the verb, or name what it may be used on with resourceNames.
#   tags: [rbac, least-privilege]
#   cwe: [269]
package policyctl.kubernetes.rbac_escalation

import data.policyctl.lib.kubernetes as k8s

# One finding for each resource of a rule, whatever number of ways it opens.
deny contains {"path": path, "message": message, "targets": reasons} if {
	not _built_in
	some rule in k8s.role_rules
	not k8s.grants_all(rule.value)
	count(rule.value.resourceNames) == 0
	some i, resource in rule.value.resources
	reasons := {way.why | some way in _ways; _opens(rule.value, resource, way)}
	count(reasons) > 0
	path := array.concat(rule.path, ["resources", i])
	message := $"the {input.kind} may {concat(", and ", sort(reasons))}"
}

_built_in if startswith($"{input.metadata.name}", "system:")

_opens(rule, resource, way) if {
	some group in rule.apiGroups
	group in {"*", way.group}
	_covers(resource, way.resources)
	some verb in rule.verbs
	verb in (way.verbs | {"*"})
}

_covers(resource, named) if resource in named

# A subresource of whatever there is: */approval.
_covers(resource, named) if {
	is_string(resource)
	startswith(resource, "*/")
	some name in named
	endswith(name, trim_prefix(resource, "*"))
}

# _ways are the rights by which somebody gets others. What "*" as a resource opens is
# that of every right here, and no more telling: it is named where all verbs are granted.
_rbac := "rbac.authorization.k8s.io"

_ways := [
	{"group": _rbac, "resources": {"clusterroles", "roles"}, "verbs": {"bind"}, "why": "bind roles with more rights than its own"},
	{"group": _rbac, "resources": {"clusterroles", "roles"}, "verbs": {"escalate"}, "why": "write roles with more rights than its own"},
	{"group": "", "resources": {"groups", "serviceaccounts", "users"}, "verbs": {"impersonate"}, "why": "act as anybody else"},
	{"group": "authentication.k8s.io", "resources": {"uids", "userextras", "userextras/scopes"}, "verbs": {"impersonate"}, "why": "act as anybody else"},
	{"group": "", "resources": {"pods/attach", "pods/exec"}, "verbs": {"create", "get"}, "why": "run commands in pods"},
	{"group": "", "resources": {"pods/ephemeralcontainers"}, "verbs": {"patch", "update"}, "why": "run containers in pods of others"},
	{"group": "", "resources": {"nodes/proxy"}, "verbs": {"create", "get"}, "why": "run commands in every pod through the kubelet"},
	{"group": "", "resources": {"serviceaccounts/token"}, "verbs": {"create"}, "why": "make tokens of every service account"},
	{"group": "", "resources": {"services/status"}, "verbs": {"patch"}, "why": "draw the connections of others to a service of its own"},
	{
		"group": "certificates.k8s.io",
		"resources": {"certificatesigningrequests/approval"},
		"verbs": {"patch", "update"},
		"why": "approve certificates for any identity",
	},
	{
		"group": "admissionregistration.k8s.io",
		"resources": {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"},
		"verbs": {"create", "patch", "update"},
		"why": "have every Secret that is written sent to a webhook",
	},
]
