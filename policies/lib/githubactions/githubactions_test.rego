package policyctl.lib.githubactions_test

import data.policyctl.lib.githubactions

_workflow := {
	"env": {"A": 1},
	"jobs": {
		"a": {"env": {"B": 2}, "steps": [{"uses": "X/Y@v1", "with": {"z": 1}}, 5]},
		"b": {"uses": "x/y/z.yml@v1", "secrets": "inherit", "steps": "none"},
		"c": 5,
	},
}

test_parts_of_a_workflow if {
	{job.id | some job in githubactions.jobs} == {"a", "b"} with input as _workflow
	{step.path | some step in githubactions.steps} == {["jobs", "a", "steps", 0]} with input as _workflow
	{env.path | some env in githubactions.env} == {["env"], ["jobs", "a", "env"]} with input as _workflow
	{[call.path, call.subject] | some call in githubactions.inheriting} == {[["jobs", "b"], "jobs.b"]} with input as _workflow
}

test_parts_of_an_action if {
	{step.path | some step in githubactions.steps} == {["runs", "steps", 0]} with input as {"runs": {"steps": [{"run": "x"}]}}
}

test_odd_files if {
	every file in [5, [], {"jobs": 5, "runs": "x", "env": []}, {"runs": {"steps": {"a": 5}}}] {
		(count(githubactions.jobs) + count(githubactions.steps)) + count(githubactions.env) == 0 with input as file
	}
}

test_actions if {
	githubactions.action({"uses": "X/Y@v1"}) == "x/y"
	not githubactions.action({"uses": 5})
	not githubactions.action({"run": "x"})
	githubactions.inputs({"with": {"a": 1}}) == {"a": 1}
	githubactions.inputs({"with": 5}) == {}
	githubactions.inputs({}) == {}
}

test_mutable if {
	every uses in ["a/b/c.yml@main", "a/b/c.yml", "a/b/c.yml@release/v1"] {
		githubactions.mutable(uses)
	}
	every uses in ["./c.yml", "a/b/c.yml@v1", "a/b/c.yml@1.2", "a/b/c.yml@0123456789abcdef0123456789abcdef01234567"] {
		not githubactions.mutable(uses)
	}
}
