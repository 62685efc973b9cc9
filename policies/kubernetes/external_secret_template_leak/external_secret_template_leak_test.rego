package policyctl.kubernetes.external_secret_template_leak_test

import data.policyctl.kubernetes.external_secret_template_leak as rule

_secret(target) := {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "spec": {"target": target}}

test_leaks if {
	rule.deny == {{
		"path": ["spec", "target", "template", "metadata", "annotations", "token"],
		"message": "a value of the secret becomes annotations entry token of the object",
	}} with input as _secret({"template": {"metadata": {"annotations": {"token": "{{ .token }}", "team": "shop"}}}})
	rule.deny == {{
		"path": ["spec", "target", "manifest", "kind"],
		"message": "the values of the secret are written into a ConfigMap",
	}} with input as _secret({"manifest": {"apiVersion": "v1", "kind": "ConfigMap"}})
}

test_no_leaks if {
	every target in [
		{"template": {"metadata": {"annotations": {"team": "shop", "n": 5}}, "data": {"token": "{{ .token }}"}}},
		{"manifest": {"kind": "Secret"}}, {"template": "x"}, {},
	] {
		count(rule.deny) == 0 with input as _secret(target)
	}
}
