# METADATA
# title: Audit log records the values of Secrets
# description: >-
#   At the levels Request and RequestResponse the audit log has the body of each
#   request. Whoever reads the log, or what it is shipped to, reads every Secret that
#   was written or read.
# related_resources:
#   - https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
# custom:
#   severity: high
#   fix: Put a rule with level Metadata for secrets, configmaps and tokenreviews above it.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.kubernetes.audit_log_with_secrets

# The first rule that matches counts.
deny contains {"path": ["rules", i, "level"], "message": message} if {
	input.kind == "Policy"
	startswith(input.apiVersion, "audit.k8s.io/")
	first := min({i | some i, rule in input.rules; _covers(rule)})
	some i, rule in input.rules
	i == first
	rule.level in {"Request", "RequestResponse"}
	message := $"requests for Secrets are logged with their bodies: level {rule.level}"
}

# A rule that is narrowed in another way is not for all of them.
_covers(rule) if {
	every field in ["users", "userGroups", "verbs", "namespaces", "nonResourceURLs"] {
		_absent(rule, field)
	}
	_of_secrets(rule)
}

_of_secrets(rule) if _absent(rule, "resources")

_of_secrets(rule) if {
	some entry in rule.resources
	_absent(entry, "group")
	_absent(entry, "resourceNames")
	_named(entry)
}

_named(entry) if _absent(entry, "resources")

_named(entry) if {
	some name in entry.resources
	name in {"*", "secrets"}
}

_absent(part, field) if object.get(part, field, null) in [null, [], ""]
