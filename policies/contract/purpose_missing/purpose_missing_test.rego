package policyctl.contract.purpose_missing_test

import data.policyctl.contract.purpose_missing as rule

_contract(spec) := {"metadata": {"name": "payments-db-password"}, "spec": spec}

_messages(spec) := {found.message | some found in rule.deny with input as _contract(spec)}

test_no_purpose if {
	rule.deny == {{
		"path": ["spec", "purpose"],
		"subject": "payments-db-password",
		"message": "contract payments-db-password does not say what the secret is for",
	}} with input as _contract({})
	_messages({"state": "proposed"}) == {"contract payments-db-password does not say what the secret is for"}
	_messages({"purpose": " "}) == {"contract payments-db-password does not say what the secret is for"}
}

test_a_purpose_that_says_nothing if {
	_messages({"purpose": "TODO: say what this is for"}) == {"contract payments-db-password still says TODO where it should say what the secret is for"}
	_messages({"purpose": "orders"}) == {"contract payments-db-password says in fewer than 15 characters what the secret is for"}
	_messages({"purpose": "The payments DB password."}) == {"contract payments-db-password only repeats the name where it should say what the secret is for"}
}

test_a_purpose_or_nothing_to_say if {
	_messages({"purpose": "Access of the payments service to its database."}) == set()
	_messages({"purpose": 5}) == set()
	_messages({"state": "proposed", "purpose": "TODO"}) == set()
	_messages({"state": "retired"}) == set()
}
