package policyctl.cloudformation.secrets_manager_rotation_missing_test

import data.policyctl.cloudformation.secrets_manager_rotation_missing as rule

_secret(schedules) := {"resources": array.concat([{"id": "S", "type": "AWS::SecretsManager::Secret", "values": {}}], schedules)}

_schedule(id) := {"id": "R", "type": "AWS::SecretsManager::RotationSchedule", "values": {"SecretId": {"$unknown": [$"Resources.{id}"]}}}

test_without_schedule if {
	every schedules in [[], [_schedule("Other")]] {
		rule.deny == {{"path": ["resources", 0, "values"], "at": "key", "subject": "S", "message": "no rotation schedule belongs to S"}} with input as _secret(schedules)
	}
}

test_silent if {
	attachment := {"id": "A", "type": "AWS::SecretsManager::SecretTargetAttachment", "values": {"SecretId": {"$unknown": ["Resources.S"]}}}
	every schedules in [[_schedule("S")], [_schedule("A"), attachment]] {
		count(rule.deny) == 0 with input as _secret(schedules)
	}
}
