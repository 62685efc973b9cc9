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
	"microsoft.automation/automationaccounts": ["properties", "disableLocalAuth"],
	"microsoft.cache/redis": ["properties", "disableAccessKeyAuthentication"],
	"microsoft.cognitiveservices/accounts": ["properties", "disableLocalAuth"],
	"microsoft.containerservice/managedclusters": ["properties", "disableLocalAccounts"],
	"microsoft.devices/iothubs": ["properties", "disableLocalAuth"],
	"microsoft.documentdb/databaseaccounts": ["properties", "disableLocalAuth"],
	"microsoft.eventgrid/domains": ["properties", "disableLocalAuth"],
	"microsoft.eventgrid/topics": ["properties", "disableLocalAuth"],
	"microsoft.eventhub/namespaces": ["properties", "disableLocalAuth"],
	"microsoft.insights/components": ["properties", "DisableLocalAuth"],
	"microsoft.maps/accounts": ["properties", "disableLocalAuth"],
	"microsoft.operationalinsights/workspaces": ["properties", "features", "disableLocalAuth"],
	"microsoft.search/searchservices": ["properties", "disableLocalAuth"],
	"microsoft.servicebus/namespaces": ["properties", "disableLocalAuth"],
	"microsoft.signalrservice/signalr": ["properties", "disableLocalAuth"],
	"microsoft.signalrservice/webpubsub": ["properties", "disableLocalAuth"],
	"microsoft.sql/servers": ["properties", "administrators", "azureADOnlyAuthentication"],
	"microsoft.synapse/workspaces": ["properties", "azureADOnlyAuthentication"],
}

# Here a switch turns it on, and it is on at first.
deny contains object.union(arm.place(resource, path), {"message": message}) if {
	some type, path in _on_by
	some resource in arm.resources[type]
	not values.unknown(object.get(resource.values, "properties", null))
	values.may_be_true(_lowered(object.get(resource.values, path, true)))
	message := $"{resource.address} accepts keys or passwords of its own"
}

_on_by := {
	"microsoft.dbforpostgresql/flexibleservers": ["properties", "authConfig", "passwordAuth"],
	"microsoft.storage/storageaccounts": ["properties", "allowSharedKeyAccess"],
	"microsoft.web/sites/basicpublishingcredentialspolicies": ["properties", "allow"],
}

# Switches of databases say Enabled.
_lowered(value) if {
	value == "Enabled"
} else := value
