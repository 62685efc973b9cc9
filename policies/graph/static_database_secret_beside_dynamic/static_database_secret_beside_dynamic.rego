# METADATA
# title: Static database password where the store issues dynamic ones
# description: |
#   The store makes credentials for this database that end by themselves. A password
#   that is valid until somebody rotates it gives up what is there already.
# custom:
#   severity: medium
#   tags: [short-lived]
#   cwe: [324]
#   fix: Let the consumers get leases of the role, set spec.class to dynamic-credential, and revoke the password.
package policyctl.graph.static_database_secret_beside_dynamic

import data.policyctl.lib.graph

deny contains {
	"path": ["contracts", name, "spec", "environments", label],
	"at": "key",
	"subject": name,
	"message": $"contract {name} is a static password in {label}, where role {input.ttls[i].path} issues dynamic credentials",
	"related": [{"message": $"role {input.ttls[i].path}", "path": ["ttls", i]}],
} if {
	some name, contract in input.contracts
	contract.class == "db-password"
	contract.spec.lifetime.kind == "static"
	graph.in_force(contract)
	some label, environment in contract.spec.environments
	not _elsewhere(environment)
	i := _roles[input.environments[label].role]
}

# Roles as the catalogue names them, with or without the path of their engine.
_roles := {name: i |
	some [name, i] in graph.firsts({[name, i] |
		some i, ttl in input.ttls
		ttl.kind == "lease"
		parts := split(ttl.path, "/")
		some name in {ttl.path, parts[count(parts) - 1]}
	})
}

# A store that issues no leases is another one.
_elsewhere(environment) if {
	type := input.stores[environment.store].type
	not type in {"vault", "openbao"}
}
