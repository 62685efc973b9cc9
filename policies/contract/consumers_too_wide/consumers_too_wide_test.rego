package policyctl.contract.consumers_too_wide_test

import data.policyctl.contract.consumers_too_wide as rule

_contract(workload) := {"metadata": {"name": "app"}, "spec": {"consumers": [{"workload": workload}]}}

test_nothing_but_wildcards if {
	rule.deny == {{
		"path": ["spec", "consumers", 0, "workload"],
		"subject": "app",
		"message": "contract app allows every workload that kubernetes:*/*/* means",
	}} with input as _contract("kubernetes:*/*/*")
	every workload in ["github:*/*/*", "github:.github/workflows/*", "github:.github/workflows/*.yml#*", "app:**", "compose:*#*"] {
		count(rule.deny) == 1 with input as _contract(workload)
	}
}

test_something_is_named if {
	every workload in ["kubernetes:shop/*/*", "kubernetes:shop/Deployment/*", "github:.github/workflows/ci.yml", "app:src/**", "docker:Dockerfile"] {
		count(rule.deny) == 0 with input as _contract(workload)
	}
	count(rule.deny) == 0 with input as {"metadata": {"name": "app"}, "spec": {"state": "retired", "consumers": [{"workload": "app:**"}]}}
}
