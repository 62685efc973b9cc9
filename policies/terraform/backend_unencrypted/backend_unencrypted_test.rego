package policyctl.terraform.backend_unencrypted_test

import data.policyctl.terraform.backend_unencrypted as rule

_backend(type, values) := {"backend": {"type": type, "values": values}}

test_s3 if {
	rule.deny == {{
		"path": ["backend", "values", "encrypt"],
		"subject": "backend.s3",
		"message": "the backend s3 stores the state without asking for encryption",
		"fix": {"op": "add", "path": ["backend", "values", "encrypt"], "value": true},
	}} with input as _backend("s3", {"bucket": "state"})
	count(rule.deny) == 1 with input as _backend("s3", {"bucket": "state", "encrypt": false})
}

test_http if {
	rule.deny == {{
		"path": ["backend", "values", "lock_address"],
		"subject": "backend.http",
		"message": "argument lock_address of the backend http sends the state without encryption",
	}} with input as _backend("http", {"address": "https://state.example.com", "lock_address": "http://state.example.com"})
}

test_silent if {
	every backend in [
		_backend("s3", {"bucket": "state", "encrypt": true}),
		_backend("s3", {"bucket": "state", "encrypt": "true"}),
		_backend("s3", {"bucket": "state", "encrypt": {"$unknown": []}}),
		_backend("s3", {}),
		_backend("local", {"path": "x"}),
		_backend("http", {"address": "http://localhost:8080"}),
		_backend("http", {"address": 5}),
		{},
	] {
		rule.deny == set() with input as backend
	}
}
