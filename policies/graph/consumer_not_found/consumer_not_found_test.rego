package policyctl.graph.consumer_not_found_test

import data.policyctl.graph.consumer_not_found as rule

_found(workload) := result if {
	result := rule.deny with input as _input({"spec": {"consumers": [{"workload": "github:x.yml#build"}, {"workload": workload}]}})
}

_input(contract) := {
	"complete": true,
	"contracts": {"db": contract},
	"uses": [{"consumer": "github:action.yml"}],
	"workloads": {
		"github:x.yml#build": {"platform": "github"},
		"docker:web/Dockerfile": {"platform": "docker"},
		"kubernetes:shop/Deployment/web": {"platform": "kubernetes"},
		"kubernetes:default/Deployment/worker": {"platform": "kubernetes"},
		"terraform:infra//aws_lambda_function.report": {"platform": "terraform"},
	},
}

test_no_such_consumer if {
	_found("github:x.yml#deploy") == {{
		"path": ["contracts", "db", "spec", "consumers", 1, "workload"],
		"subject": "db",
		"message": "contract db lists github:x.yml#deploy as a consumer, which does not exist",
	}}
	every workload in ["github:y.yml", "kubernetes:shop/Deployment/api", "terraform:aws_lambda_function.other", "docker:Dockerfile", "compose:compose.yaml#web"] {
		count(_found(workload)) == 1
	}
}

test_it_exists_or_nobody_knows if {
	every workload in [
		"github:x.yml#build", "github:x.yml", "github:action.yml", "docker:web/Dockerfile", "kubernetes:shop/Deployment/web",
		"kubernetes:shop/Deployment/worker", "kubernetes:other/Deployment/api", "terraform:aws_lambda_function.report",
		"terraform:infra//aws_lambda_function.report", "github:*.yml", "app:src/**", "gitlab:.gitlab-ci.yml#build",
	] {
		count(_found(workload)) == 0
	}
}

test_a_part_of_the_repository_or_a_contract_without_use if {
	contract := {"spec": {"consumers": [{"workload": "github:x.yml#deploy"}]}}
	count(rule.deny) == 1 with input as _input(contract)
	count(rule.deny) == 0 with input as object.union(_input(contract), {"complete": false})
	count(rule.deny) == 0 with input as _input(object.union(contract, {"state": "retired"}))
	count(rule.deny) == 0 with input as _input(object.union(contract, {"state": "active", "claims": 1, "used": false}))
	count(rule.deny) == 1 with input as _input(object.union(contract, {"state": "active", "claims": 1, "used": true}))
}
