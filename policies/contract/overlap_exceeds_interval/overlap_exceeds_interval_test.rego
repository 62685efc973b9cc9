package policyctl.contract.overlap_exceeds_interval_test

import data.policyctl.contract.overlap_exceeds_interval as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

_day := {"overlap": "1d", "overlap_s": 86400}

_hour := {"interval": "1h", "interval_s": 3600}

test_longer if {
	rule.deny == {{
		"path": ["spec", "rotation", "overlap"],
		"subject": "db",
		"message": "contract db: a rotated secret stays valid for 1d, longer than the 1h between rotations",
		"related": [{"path": ["spec", "rotation", "interval"], "message": "the interval"}],
	}} with input as _contract({"rotation": object.union(_day, _hour)})
}

test_the_interval_of_an_environment if {
	spec := {"rotation": object.union(_day, {"interval": "30d", "interval_s": 2592000}), "environments": {"prod": {"rotation": _hour}}}
	{found.related[0].path | some found in rule.deny} == {["spec", "environments", "prod", "rotation", "interval"]} with input as _contract(spec)
}

test_shorter_or_not_known if {
	every spec in [
		{"rotation": {"overlap": "1h", "overlap_s": 3600, "interval": "1h", "interval_s": 3600}},
		{"rotation": _day},
		{"rotation": _hour},
		{"rotation": object.union(_day, _hour), "state": "retired"},
		{"rotation": object.union(_day, _hour), "class": "identifier"},
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
