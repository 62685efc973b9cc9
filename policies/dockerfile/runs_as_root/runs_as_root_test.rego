package policyctl.dockerfile.runs_as_root_test

import data.policyctl.dockerfile.runs_as_root as rule

_stage(index, final, image, instructions) := {"index": index, "final": final, "image": image, "name": $"s{index}", "instructions": instructions}

_user(name) := {"name": "USER", "user": name}

test_the_last_user_counts if {
	rule.deny == {{"path": ["stages", 0, "instructions", 1, "user"], "message": "the final stage runs as root"}} with input as {"stages": [_stage(0, true, "a", [_user("app"), _user("root")])]}
	count(rule.deny) == 1 with input as {"stages": [_stage(0, true, "a", [_user("0:0")])]}
	rule.deny == set() with input as {"stages": [_stage(0, true, "a", [_user("root"), _user("1000")])]}
}

test_no_user if {
	rule.deny == {{"path": ["stages", 0, "image"], "message": "the final stage names no USER, so it runs as the user of its base image, mostly root"}} with input as {"stages": [_stage(0, true, "a", [])]}
	count(rule.deny) == 1 with input as {"stages": [_stage(0, true, "a", [{"name": "USER", "user": "app", "onbuild": true}])]}
	rule.deny == set() with input as {"stages": [_stage(0, true, "example.com/distroless:nonroot", [])]}
}

test_the_user_of_an_earlier_stage_is_inherited if {
	rule.deny == set() with input as {"stages": [_stage(0, false, "a", [_user("app")]), _stage(1, true, "S0", [])]}
	rule.deny == set() with input as {"stages": [_stage(0, false, "nonroot", []), _stage(1, true, "s0", [])]}
	count(rule.deny) == 1 with input as {"stages": [_stage(0, false, "a", [_user("app")]), _stage(1, true, "b", [])]}
	count(rule.deny) == 1 with input as {"stages": [_stage(0, false, "a", [_user("app")]), _stage(1, false, "s0", [_user("root")]), _stage(2, true, "s1", [])]}
}

test_a_variable_is_unknown if {
	rule.deny == set() with input as {"stages": [_stage(0, true, "a", [_user("$APP_USER")])]}
}

test_no_stages if {
	rule.deny == set() with input as {"stages": []}
}
