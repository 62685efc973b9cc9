package policyctl.graph.approvals_not_enforced_test

import data.policyctl.graph.approvals_not_enforced as rule

_job := "github:rotate.yml#rotate"

_contract(approvals) := {"file": "db.secret.yaml", "codeowners": ["@acme/web"], "spec": {
	"approvals": approvals,
	"rotation": {"automation": _job},
	"revocation": {"automation": "github:gone.yml#revoke"},
}}

_found(contract) := result if {
	result := rule.deny with input as {
		"codeowners": true,
		"contracts": {"db": contract},
		"automations": {_job: {"found": true, "file": "rotate.yml"}, "github:gone.yml#revoke": {"found": false}},
	}
}

_security := {"teams": ["security", "ops"], "count": 1}

test_the_contract if {
	_found(_contract({"create": _security})) == {{
		"path": ["contracts", "db", "spec", "approvals", "create", "teams"],
		"subject": "db",
		"message": "contract db is to be changed with the approval of security or ops, but CODEOWNERS gives db.secret.yaml to @acme/web",
		"related": [{"message": "the file", "path": ["contracts", "db"]}],
	}}
}

test_what_rotates if {
	_found(_contract({"rotate": _security})) == {{
		"path": ["contracts", "db", "spec", "approvals", "rotate", "teams"],
		"subject": "db",
		"message": "contract db is to be rotated with the approval of security or ops, but CODEOWNERS gives rotate.yml to nobody",
		"related": [{"message": "the file", "path": ["automations", _job]}],
	}}
}

test_what_revokes if {
	contract := object.union(_contract({"revoke": _security}), {"spec": {"revocation": {"automation": _job}}})
	{found.message | some found in _found(contract)} == {"contract db is to be revoked with the approval of security or ops, but CODEOWNERS gives rotate.yml to nobody"}
}

test_approved_or_not_known if {
	every contract in [
		_contract({"create": {"teams": ["security", "web"]}}),
		_contract({"create": {"teams": []}}),
		_contract({"revoke": _security}),
		_contract({}),
		object.union(_contract({"create": _security}), {"state": "retired"}),
	] {
		count(_found(contract)) == 0
	}
	count(rule.deny) == 0 with input as {"codeowners": true, "teams": {"security": {}}, "contracts": {"db": _contract({"create": _security})}}
	count(rule.deny) == 0 with input as {"codeowners": false, "contracts": {"db": _contract({"create": _security})}}
}
