# METADATA
# title: One identity reads production and others
# description: |
#   Whoever takes over the identity where it is guarded less reads the secrets of
#   production with it.
# custom:
#   severity: high
#   tags: [environments, least-privilege]
#   cwe: [668]
#   fix: Give every environment an identity of its own, which reads the secrets of that environment only.
package policyctl.graph.identity_bridges_environments

import data.policyctl.lib.graph

# Of two grants the later made the bridge.
deny contains {
	"path": ["grants", last],
	"subject": identity,
	"message": $"{identity} may read {input.grants[production].pattern} of production and {input.grants[other].pattern} of an environment that is not",
	"related": [{"message": "the other permission", "path": ["grants", first]} | some first in {production, other}; first != last],
} if {
	some [identity, "prod"], production in _first
	other := _first[[identity, "nonprod"]]
	last := max({production, other})
}

# A pattern may be wider than is meant: it makes no bridge that blocks. Of people
# another rule speaks.
_first := {key: i |
	some [key, i] in graph.firsts({[[grant.identity, tier], i] |
		some i, grant in input.grants
		not grant.wildcard
		not startswith(grant.identity, "human:")
		some tier in grant.tiers
	})
}
