package policyctl.graph.automation_not_found_test

import data.policyctl.graph.automation_not_found as rule

_job := "github:.github/workflows/rotate.yml#rotate"

_contract(spec) := {"state": "active", "spec": spec}

_input(locator, fields, contracts) := {
	"complete": true,
	"automations": {locator: object.union({"found": false, "contracts": object.keys(contracts)}, fields)},
	"contracts": contracts,
}

_all := {
	"api": _contract({"environments": {"prod": {"rotation": {"automation": _job}}}}),
	"db": _contract({"rotation": {"automation": _job}}),
	"tls": _contract({"rotation": {"automation": "github:other"}, "renewal": {"automation": _job}}),
	"old": object.union(_contract({"rotation": {"automation": _job}}), {"state": "retired"}),
}

test_one_finding_for_all_contracts if {
	rule.deny == {{
		"path": ["contracts", "api", "spec", "environments", "prod", "rotation", "automation"],
		"subject": "api",
		"message": "contract api names github:.github/workflows/rotate.yml#rotate as automation, but nothing in the repository is called so",
		"related": [
			{"message": "contract db names it too", "path": ["contracts", "db", "spec", "rotation", "automation"]},
			{"message": "contract tls names it too", "path": ["contracts", "tls", "spec", "renewal", "automation"]},
		],
	}} with input as _input(_job, {}, _all)
}

test_resources if {
	every locator in ["terraform:infra//aws_lambda_function.rotate", "kubernetes:shop/CronJob/rotate"] {
		contracts := {"db": _contract({"revocation": {"automation": locator}})}
		count(rule.deny) == 1 with input as _input(locator, {}, contracts)
	}
}

test_silent if {
	count(rule.deny) == 0 with input as _input(_job, {"found": true}, _all)
	count(rule.deny) == 0 with input as object.union(_input(_job, {}, _all), {"complete": false})
	count(rule.deny) == 0 with input as _input(_job, {}, {"old": _all.old})
	every locator in ["github:acme/tools/.github/workflows/rotate.yml#rotate", "jenkins:rotate", "aws-lambda:rotate"] {
		contracts := {"db": _contract({"rotation": {"automation": locator}})}
		count(rule.deny) == 0 with input as _input(locator, {}, contracts)
	}
}
