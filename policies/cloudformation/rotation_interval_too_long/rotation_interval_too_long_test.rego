package policyctl.cloudformation.rotation_interval_too_long_test

import data.policyctl.cloudformation.rotation_interval_too_long as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_rules(rules) := _in("AWS::SecretsManager::RotationSchedule", {"RotationRules": rules})

test_long if {
	every rules, property in {{"AutomaticallyAfterDays": 365}: "AutomaticallyAfterDays", {"AutomaticallyAfterDays": "120"}: "AutomaticallyAfterDays", {"ScheduleExpression": "rate(100 days)"}: "ScheduleExpression"} {
		_rules(rules) == {$"RotationRules.{property}"}
	}
}

test_silent if {
	every rules in [{"AutomaticallyAfterDays": 30}, {"AutomaticallyAfterDays": {"$unknown": ["Parameters.P"]}}, {"ScheduleExpression": "rate(10 days)"}, {"ScheduleExpression": "cron(0 0 1 * ? *)"}] {
		_rules(rules) == set()
	}
}
