# METADATA
# title: Identity may read the data of every store
# description: One workload that is taken over gives away the data of all others.
# custom:
#   severity: low
#   tier: audit
#   fix: Name the buckets, tables and queues that it needs.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.iam_reads_all_data

import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message, "targets": [lower(found.pattern)]} if {
	some statement in terraform.grants
	terraform.every_resource(statement.value)
	some found in terraform.granted(statement.value, _actions)
	not terraform.everything(found.pattern)
	message := $"{statement.address} {terraform.grant(statement, found.path)} {found.pattern} on every resource"
}

_actions := {"dynamodb:getitem", "dynamodb:query", "dynamodb:scan", "kinesis:getrecords", "s3:getobject", "sqs:receivemessage"}
