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
package policyctl.cloudformation.anonymous_access

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, rows in _table
	some resource in cloudformation.resources[type]
	some row in rows
	some alternative in values.alternatives(object.get(resource.values, row.path, null))
	lower(sprintf("%v", [alternative.value])) in row.bad
	not _asks_otherwise(resource)
	path := array.concat(row.path, alternative.path)
	message := $"for everyone: {values.dotted(row.path)} of {resource.id} is {alternative.value}"
	not cloudformation.inherited(resource.entry, array.concat(["values"], path))
}

# What a browser asks before it calls carries no login; a key is one of a kind.
_asks_otherwise(method) if method.values.HttpMethod == "OPTIONS"

_asks_otherwise(method) if values.may_be_true(method.values.ApiKeyRequired)

_table := {
	"AWS::ApiGateway::Method": {{"path": ["AuthorizationType"], "bad": {"none"}}},
	"AWS::ApiGatewayV2::Route": {{"path": ["AuthorizationType"], "bad": {"none"}}},
	"AWS::AppSync::GraphQLApi": {{"path": ["AuthenticationType"], "bad": {"api_key"}}},
	"AWS::S3::Bucket": {{"path": ["AccessControl"], "bad": {"publicread", "authenticatedread"}}},
}

# An API that names no login, and whose network or policy names nobody either.
deny contains object.union(cloudformation.place(api, ["Auth"]), {"message": $"for everyone: {api.id} names no authorizer"}) if {
	some api in cloudformation.resources["AWS::Serverless::Api"]
	every property in ["Auth", "DefinitionBody", "DefinitionUri"] {
		values.absent(api.values, [property])
	}
}

# What public_resource_policy leaves out.
deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": $"for everyone: {statement.resource.id} allows {actions[0]}"} if {
	some statement in cloudformation.statements
	statement.resource.type in {"AWS::EFS::FileSystem", "AWS::S3::BucketPolicy"}
	not iam.limited(statement.value)
	some found in iam.public(statement.value)
	actions := [action.text | some action in iam.texts(statement.value, "Action"); regex.match(`^(?i:s3:GetObject(?:Version)?|elasticfilesystem:.*)$`, action.text)]
	count(actions) > 0
}
