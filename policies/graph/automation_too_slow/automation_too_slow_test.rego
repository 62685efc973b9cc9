package policyctl.graph.automation_too_slow_test

import data.policyctl.graph.automation_too_slow as rule

_job := "github:.github/workflows/rotate.yml#rotate"

_rotation(interval, days) := {"automation": _job, "interval": interval, "interval_s": days * 86400}

_contracts := {
	"api": {"state": "active", "spec": {"rotation": _rotation("90d", 90)}},
	"db": {"state": "active", "spec": {
		"rotation": _rotation("60d", 60),
		"environments": {"prod": {"rotation": {"interval": "20d", "interval_s": 1728000}}, "dev": {}},
	}},
	"old": {"state": "retired", "spec": {"rotation": _rotation("1d", 1)}},
	"tls": {"state": "active", "spec": {"revocation": {"automation": _job}, "rotation": {"interval": "1d", "interval_s": 86400}}},
	"none": {"state": "active", "spec": {"rotation": {"automation": _job}}},
}

_found(locator, automation) := result if {
	result := rule.deny with input as {
		"contracts": _contracts,
		"automations": {locator: object.union({"found": true, "contracts": object.keys(_contracts)}, automation)},
	}
}

test_a_schedule_that_is_too_slow if {
	_found(_job, {"schedule_s": 2678400}) == {{
		"path": ["automations", _job, "schedule_s"],
		"subject": _job,
		"message": $"{_job} runs every 31d, but contract db has it rotate the secret every 20d",
		"related": [{"message": "the interval of contract db", "path": ["contracts", "db", "spec", "environments", "prod", "rotation", "interval"]}],
	}}
}

test_a_job_that_nothing_starts if {
	_found(_job, {"manual_only": true}) == {{
		"path": ["automations", _job, "manual_only"],
		"subject": _job,
		"message": $"{_job} runs only when somebody starts it, but contract db has it rotate the secret every 20d",
		"related": [{"message": "the interval of contract db", "path": ["contracts", "db", "spec", "environments", "prod", "rotation", "interval"]}],
	}}
}

test_silent if {
	every automation in [
		{"schedule_s": 1728000},
		{"manual_only": false},
		{"found": false, "schedule_s": 2678400},
		{"schedule_s": 2678400, "contracts": ["tls", "old", "none"]},
	] {
		count(_found(_job, automation)) == 0
	}
	count(_found("terraform:infra//aws_secretsmanager_secret_rotation.db", {"schedule_s": 2678400})) == 0
}
