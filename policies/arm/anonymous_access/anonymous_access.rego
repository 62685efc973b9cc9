# METADATA
# title: Anybody may read or call it
# description: >-
#   Files, images and services for the public are meant so; others became it by one word.
#   Whoever knows or guesses the name gets what is in there, the credentials in it included.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name who may read or call it. What is for the public belongs in a place of its own, with nothing else in it.
#   tags: [least-privilege]
#   cwe: [732, 306]
package policyctl.arm.anonymous_access

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some type, row in _table
	some resource in arm.resources[type]
	some alternative in values.alternatives(object.get(resource.values, row.path, null))
	lower(sprintf("%v", [alternative.value])) in row.bad
	path := array.concat(row.path, alternative.path)
	message := $"for everyone: {values.dotted(row.path)} of {resource.address} is {alternative.value}"
}

_table := {
	"microsoft.containerregistry/registries": {"path": ["properties", "anonymousPullEnabled"], "bad": {"true"}},
	"microsoft.storage/storageaccounts": {"path": ["properties", "allowBlobPublicAccess"], "bad": {"true"}},
	"microsoft.storage/storageaccounts/blobservices/containers": {"path": ["properties", "publicAccess"], "bad": {"blob", "container"}},
}
