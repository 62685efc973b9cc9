package policyctl.ansible.certificate_not_checked_test

import data.policyctl.ansible.certificate_not_checked as rule

_input(args) := {"tasks": [{"name": "Call", "module": "uri", "args": args}]}

test_fires if {
	rule.deny == {{"path": ["tasks", 0, "args", "validate_certs"], "subject": "Call", "message": "task Call sends url_password and does not check the certificate"}} with input as _input({"validate_certs": false, "url_password": "{{ x }}"})
	count(rule.deny) == 1 with input as _input({"validate_certs": "no", "headers": {"Authorization": "{{ x }}"}})
}

test_silent if {
	every args in [{"validate_certs": false, "url": "https://example.com"}, {"validate_certs": true, "url_password": "x"}, {"validate_certs": "{{ check }}", "url_password": "x"}, {"validate_certs": false, "url_password": ""}] {
		count(rule.deny) == 0 with input as _input(args)
	}
}
