# METADATA
# title: Any branch may become an identity that reads production
# description: |
#   The identity takes tokens of a pipeline whatever branch it runs for. Whoever can
#   push a branch, or open a pull request, runs code with the secrets of production.
# custom:
#   severity: high
#   tags: [oidc, environments]
#   cwe: [284]
#   fix: Name the branch or the environment that deploys in the subject, and protect it.
package policyctl.graph.production_open_to_any_branch

import data.policyctl.lib.graph

deny contains {
	"path": ["trusts", i, "subject"],
	"subject": trust.identity,
	"message": $"{trust.identity} may read {graph.some_of(names)} of production, and takes tokens of any branch: {trust.subject}",
	"related": [graph.contract(name) | some name in array.slice(sort(names), 0, 5)],
} if {
	some i, trust in input.trusts
	"prod" in trust.tiers
	regex.match(_any_branch, trust.subject)
	names := {name | some name in trust.contracts; graph.in_force(input.contracts[name])}
	count(names) > 0
}

# What follows the repository or the project says for what a pipeline runs. Subjects
# that name none at all are reported where they stand.
_any_branch := concat("|", [
	`^repo:[^/*?]+/[^:*?]+:(?:\*|pull_request|ref:\*|ref:refs/\*|ref:refs/heads/\*)$`,
	`^project_path:[^:*?]+:(?:\*|ref_type:\*.*|ref_type:branch:ref:\*)$`,
	`^organization:[^:*?]+:pipeline:[^:*?]+:(?:\*|ref:\*|ref:refs/heads/\*).*$`,
])
