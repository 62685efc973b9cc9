package policyctl.pulumi.public_database_test

import data.policyctl.pulumi.public_database as rule

_resource(type, values) := {"resources": [{"id": "db", "type": type, "values": values}]}

test_public if {
	rule.deny == {{"path": ["resources", 0, "values", "publiclyAccessible"], "subject": "db", "message": "the internet can reach it: publiclyAccessible of db is true"}} with input as _resource("aws:rds:Instance", {"publiclyAccessible": true})
}

test_silent if {
	every values in [{}, {"publiclyAccessible": false}, {"publiclyAccessible": "${public}"}] {
		rule.deny == set() with input as _resource("aws:rds:Instance", values)
	}
}
