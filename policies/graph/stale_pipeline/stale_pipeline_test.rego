package policyctl.graph.stale_pipeline_test

import data.policyctl.graph.stale_pipeline as rule

# 2026-11-22
_now := 1795305600000000000

_found(workloads) := result if {
	result := rule.deny with input as {
		"uses": [{"consumer": "github:x.yml#test"}, {"consumer": "github:x.yml#build"}],
		"workloads": {id: object.union({"file": "x.yml", "kind": "job"}, workload) | some id, workload in workloads},
	}
		with data.run.now_ns as _now
}

# 2026-01-01
_old := {"changed_ns": 1767225600000000000}

test_untouched if {
	_found({"github:x.yml#build": _old, "github:x.yml#test": _old, "github:x.yml#lint": _old}) == {{
		"path": ["workloads", "github:x.yml#build"],
		"subject": "x.yml",
		"message": "x.yml gets secrets and was last changed on 2026-01-01",
	}}
}

test_touched_scheduled_or_without_secrets if {
	every workloads in [
		{"github:x.yml#build": {"changed_ns": _now}},
		{"github:x.yml#build": object.union(_old, {"schedule_s": 86400})},
		{"github:x.yml#build": object.union(_old, {"kind": "image"})},
		{"github:x.yml#build": {}},
		{"github:x.yml#lint": _old},
	] {
		count(_found(workloads)) == 0
	}
}
