package policyctl.arm.anonymous_access_test

import data.policyctl.arm.anonymous_access as rule

_messages(type, properties) := {found.message | some found in found_in} if {
	found_in := rule.deny with input as {"resources": [{"address": "x", "type": type, "values": {"properties": properties}}], "parameters": []}
}

test_settings if {
	_messages("Microsoft.Storage/storageAccounts/blobServices/containers", {"publicAccess": "Blob"}) == {"for everyone: properties.publicAccess of x is Blob"}
	count(_messages("Microsoft.ContainerRegistry/registries", {"anonymousPullEnabled": true})) == 1
	count(_messages("Microsoft.Storage/storageAccounts", {"allowBlobPublicAccess": {"$unknown": ["condition"], "$candidates": [false, true]}})) == 1
}

test_silent if {
	_messages("Microsoft.Storage/storageAccounts/blobServices/containers", {"publicAccess": "None"}) == set()
	_messages("Microsoft.Storage/storageAccounts", {}) == set()
	_messages("Microsoft.Storage/storageAccounts", {"allowBlobPublicAccess": {"$unknown": ["parameters.p"]}}) == set()
}
