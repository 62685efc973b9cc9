# METADATA
# title: Secret is rotated less than every 90 days
# description: >-
#   What leaked stays good for that long.
# custom:
#   severity: medium
#   fix: Set AutomaticallyAfterDays, or the rate, to 90 days or less.
#   cwe: [324]
package policyctl.cloudformation.rotation_interval_too_long

import data.policyctl.lib.cloudformation

deny contains object.union(cloudformation.place(schedule, ["RotationRules", property]), {"message": message}) if {
	some schedule in cloudformation.resources["AWS::SecretsManager::RotationSchedule"]
	some property in ["AutomaticallyAfterDays", "ScheduleExpression"]
	days := _days(schedule.values.RotationRules[property])
	days > 90
	message := $"{schedule.id} rotates every {days} days"
}

_days(value) := value if is_number(value)

_days(value) := to_number(value) if {
	is_string(value)
	regex.match(`^[0-9]+$`, value)
}

_days(value) := to_number(found[0][1]) if {
	is_string(value)
	found := regex.find_all_string_submatch_n(`^rate\(([0-9]+) days?\)$`, value, 1)
	count(found) == 1
}
