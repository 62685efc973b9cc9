# METADATA
# title: Pattern lets an identity read secrets whose contracts do not list it
# description: |
#   The permission names entries by a pattern, and the pattern fits more than the
#   contracts agree to. It will fit entries that are made later as well.
# custom:
#   severity: medium
#   tags: [least-privilege]
#   cwe: [732]
#   fix: Name the entries that are needed one by one, or by a prefix that holds nothing else.
package policyctl.graph.wildcard_grant

import data.policyctl.lib.graph

deny contains {
	"path": ["grants", i],
	"subject": grant.identity,
	"message": $"{grant.identity} may read {grant.pattern}, which reaches {graph.some_of(names)}, where nobody who runs as it is listed",
	"related": [graph.contract(name) | some name in array.slice(sort(names), 0, 5)],
} if {
	some i, grant in input.grants
	grant.wildcard
	not startswith(grant.identity, "human:")
	names := graph.beyond(grant)
	count(names) > 0
}
