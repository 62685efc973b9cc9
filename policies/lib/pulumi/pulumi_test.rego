package policyctl.lib.pulumi_test

import data.policyctl.lib.pulumi

_table := {"aws:rds:Instance": {{"path": ["storageEncrypted"], "bad": "false", "absent": true, "unless": ["snapshotIdentifier"]}}}

_found(type, values) := [found.message | some found in found_in] if {
	found_in := pulumi.faults(_table) with input as {"resources": [{"id": "db", "type": type, "values": values}]}
}

test_faults if {
	_found("aws:rds:Instance", {"storageEncrypted": false}) == ["storageEncrypted of db is false"]
	_found("aws:rds/instance:Instance", {"storageEncrypted": "False"}) == ["storageEncrypted of db is False"]
	_found("aws:rds:Instance", {}) == ["storageEncrypted of db is not set"]
}

test_no_faults if {
	every values in [{"storageEncrypted": true}, {"storageEncrypted": "${encrypted}"}, {"storageEncrypted": {"$unknown": ["secret"]}}, {"snapshotIdentifier": "x"}] {
		_found("aws:rds:Instance", values) == []
	}
	_found("aws:rds:Proxy", {}) == []
}
