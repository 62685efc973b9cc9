package policyctl.lib.pipeline_test

import data.policyctl.lib.pipeline

_steps := [
	{"job": "a", "index": 0, "name": "Build", "id": "b", "component": "x/y@v1"},
	{"job": "a", "index": 1, "name": "${{ matrix.x }}", "id": "b", "component": "x/y@v1"},
	{"job": "a", "index": 2, "component": "x/y@v1"},
	{"job": "a", "index": 3},
	{"index": 0, "name": "Sign"},
]

test_places if {
	every element, words in {
		{"job": "a", "step": 0}: "step \"Build\" of job \"a\"",
		{"job": "a", "step": 1}: "step \"b\" of job \"a\"",
		{"job": "a", "step": 2}: "step \"x/y\" of job \"a\"",
		{"job": "a", "step": 3}: "step 4 of job \"a\"",
		{"step": 0}: "step \"Sign\"",
		{"job": "a"}: "job \"a\"",
		{}: "the whole pipeline",
	} {
		pipeline.place(element) == words with input as {"steps": _steps}
	}
}

# Steps of actions that others call are not counted.
test_numbers if {
	steps := [{"job": "a", "index": 0}, {"job": "a", "index": 1, "inner": true}, {"job": "a", "index": 2}]
	pipeline.place({"job": "a", "step": 2}) == "step 2 of job \"a\"" with input as {"steps": steps}
}

_exposure(fields) := object.union({"secret": {"name": "T"}, "platform_token": false, "at": "input", "job": "a", "component": "x/y@v1"}, fields)

test_user_exposures if {
	found := pipeline.user_exposures with input as {"exposures": [
		_exposure({}),
		_exposure({"platform_token": true}),
		_exposure({"at": "condition"}),
		{"secret": {"all": true}, "platform_token": false, "at": "input"},
	]}
	{exposure.path | some exposure in found} == {["exposures", 0]}
}

test_components if {
	components := [
		{"ref": "x/y@v1", "kind": "action", "job": "a", "step": 0, "first_party": false},
		{"ref": "alpine", "kind": "image", "job": "a", "first_party": false},
		{"ref": "x/y/z.yml@v1", "kind": "reusable", "job": "b", "first_party": false},
	]
	pipeline.component(_exposure({"step": 0})) == components[0] with input as {"components": components}
	pipeline.component(_exposure({"job": "b", "component": "x/y/z.yml@v1"})) == components[2] with input as {"components": components}
	not pipeline.component(_exposure({"step": 1})) with input as {"components": components}
	found := pipeline.given with input as {"components": components, "exposures": [_exposure({"step": 0}), _exposure({"step": 0, "at": "inline"})]}
	{[gift.path, gift.component.ref] | some gift in found} == {[["exposures", 0], "x/y@v1"]}
}

test_privileged_events if {
	not "pull_request" in pipeline.privileged_events
	"comment" in pipeline.privileged_events
}
