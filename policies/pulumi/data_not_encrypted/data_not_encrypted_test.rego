package policyctl.pulumi.data_not_encrypted_test

import data.policyctl.pulumi.data_not_encrypted as rule

_resource(type, values) := {"resources": [{"id": "db", "type": type, "values": values}]}

test_off if {
	rule.deny == {{"path": ["resources", 0, "values", "storageEncrypted"], "subject": "db", "message": "data is not encrypted at rest: storageEncrypted of db is false"}} with input as _resource("aws:rds/instance:Instance", {"storageEncrypted": false})
	count(rule.deny) == 1 with input as _resource("aws:ebs:Volume", {"size": 8})
}

test_silent if {
	every values in [{"storageEncrypted": true}, {"replicateSourceDb": "${db.identifier}"}, {"storageEncrypted": "${encrypted}"}] {
		rule.deny == set() with input as _resource("aws:rds:Instance", values)
	}
	rule.deny == set() with input as _resource("aws:elasticache:ReplicationGroup", {})
}
