# METADATA
# title: Trust covers more pipelines than need the identity
# description: >-
#   Every proposed change, or whatever a stranger calls so, can log in as the identity.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name the repository and its branch or environment in the subject.
#   tags: [oidc]
#   cwe: [284]
package policyctl.arm.oidc_trust_too_broad

import data.policyctl.lib.arm
import data.policyctl.lib.oidc
import data.policyctl.lib.values

deny contains object.union(arm.place(credential, path), {"message": message}) if {
	some credential in arm.resources["microsoft.managedidentity/userassignedidentities/federatedidentitycredentials"]
	some alternative in values.alternatives(object.get(credential.values, ["properties", "subject"], null))
	is_string(alternative.value)
	some what in (oidc.broad(alternative.value, false) | {"subjects that anybody can have" | oidc.chosen(alternative.value)})
	path := array.concat(["properties", "subject"], alternative.path)
	message := $"{credential.address} trusts {what}: {alternative.value}"
}
