package policyctl.kubernetes.secret_provider_class_sync_test

import data.policyctl.kubernetes.secret_provider_class_sync as rule

test_a_copy if {
	rule.deny == {{
		"path": ["spec", "secretObjects", 0],
		"message": "SecretProviderClass c copies what it mounts into Secret db",
	}} with input as {"kind": "SecretProviderClass", "metadata": {"name": "c"}, "spec": {"secretObjects": [{"secretName": "db"}]}}
}

test_none if {
	every spec in [{}, {"secretObjects": []}, {"secretObjects": "x"}] {
		count(rule.deny) == 0 with input as {"kind": "SecretProviderClass", "metadata": {"name": "c"}, "spec": spec}
	}
	count(rule.deny) == 0 with input as {"kind": "Other", "spec": {"secretObjects": [{"secretName": "db"}]}}
}
