# METADATA
# title: Keys and passwords of the service itself are accepted
# description: >-
#   They do not expire, tell nobody apart, and work from anywhere. With Entra ID
#   alone, each workload has an identity of its own.
# custom:
#   severity: medium
#   tier: strict
#   fix: Turn local authentication off and grant roles to managed identities.
#   cwe: [287]
package policyctl.arm.local_authentication

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some type, path in _off_by
	some resource in arm.resources[type]
	not values.unknown(object.get(resource.values, "properties", null))
	_not_true(resource.values, path)
	message := $"{resource.address} accepts keys or passwords of its own"
}

_not_true(properties, path) if values.absent(properties, path)

_not_true(properties, path) if values.may_be_false(object.get(properties, path, null))

_off_by := {
	"microsoft.appconfiguration/configurationstores": ["properties", "disableLocalAuth"],
	"microsoft.cognitiveservices/accounts": ["properties", "disableLocalAuth"],
	"microsoft.containerservice/managedclusters": ["properties", "disableLocalAccounts"],
	"microsoft.documentdb/databaseaccounts": ["properties", "disableLocalAuth"],
	"microsoft.eventgrid/domains": ["properties", "disableLocalAuth"],
	"microsoft.eventgrid/topics": ["properties", "disableLocalAuth"],
	"microsoft.eventhub/namespaces": ["properties", "disableLocalAuth"],
	"microsoft.search/searchservices": ["properties", "disableLocalAuth"],
	"microsoft.servicebus/namespaces": ["properties", "disableLocalAuth"],
	"microsoft.sql/servers": ["properties", "administrators", "azureADOnlyAuthentication"],
}

# Here a switch turns it on.
deny contains object.union(arm.place(storage, ["properties", "allowSharedKeyAccess"]), {"message": message}) if {
	some storage in arm.resources["microsoft.storage/storageaccounts"]
	not values.unknown(object.get(storage.values, "properties", null))
	value := object.get(storage.values, ["properties", "allowSharedKeyAccess"], true)
	values.may_be_true(value)
	message := $"{storage.address} accepts keys or passwords of its own"
}
