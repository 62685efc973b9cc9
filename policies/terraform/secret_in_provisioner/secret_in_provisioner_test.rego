package policyctl.terraform.secret_in_provisioner_test

import data.policyctl.terraform.secret_in_provisioner as rule

_resource(provisioner, more) := {"resources": [object.union({"address": "null_resource.x", "type": "null_resource", "name": "x", "mode": "managed", "values": {"provisioner": provisioner}}, more)]}

test_a_command if {
	rule.deny == {{
		"path": ["resources", 0, "values", "provisioner", 1, "command"],
		"subject": "null_resource.x",
		"message": "the provisioner of null_resource.x runs a command that holds random_password.db.result",
		"targets": {"random_password.db.result"},
	}} with input as _resource([{"command": "make"}, {"command": {"$unknown": ["aws_x.y.arn", "random_password.db.result"]}}], {})
}

test_lines_of_a_script if {
	count(rule.deny) == 1 with input as _resource([{"inline": ["make", {"$unknown": ["random_password.db.result"]}]}], {})
}

test_a_known_value_from_a_variable if {
	module := _resource([{"inline": ["login correct-horse-battery"]}], {"derived": [{"path": ["provisioner", 0, "inline", 0], "from": ["var.pepper"]}]})
	count(rule.deny) == 1 with input as object.union(module, {"variables": [{"name": "pepper", "sensitive": true}]})
}

test_silent if {
	every provisioner in [
		[{"command": {"$unknown": ["aws_x.y.arn", "self.public_ip"]}}],
		[{"command": "make", "environment": {"TOKEN": {"$unknown": ["random_password.db.result"]}}}],
		[{"command": 5}],
		["make"],
		"make",
	] {
		rule.deny == set() with input as _resource(provisioner, {})
	}
}

test_targets if {
	some found in rule.deny with input as _resource([{"inline": ["curl https://api.example.com/x", {"$unknown": ["random_password.db.result"]}]}], {})
	found.targets == {"api.example.com", "random_password.db.result"}
}
