# METADATA
# title: Automation runs too rarely for the contract
# description: |
#   The secret cannot be rotated as often as its contract says: what should do it runs
#   more rarely, or only when somebody starts it.
# custom:
#   severity: medium
#   tags: [rotation]
#   fix: Run the automation at least as often as the shortest interval of the contracts that name it, or correct their spec.rotation.interval.
package policyctl.graph.automation_too_slow

import data.policyctl.lib.graph

deny contains {
	"path": ["automations", locator, "schedule_s"],
	"subject": locator,
	"message": $"{locator} runs every {graph.duration(automation.schedule_s)}, but contract {name} has it rotate the secret every {interval.value}",
	"related": [{"message": $"the interval of contract {name}", "path": interval.path}],
} if {
	some locator, automation in input.automations
	_scheduled(locator, automation)
	[name, interval] := _tightest(locator)
	automation.schedule_s > interval.seconds
}

deny contains {
	"path": ["automations", locator, "manual_only"],
	"subject": locator,
	"message": $"{locator} runs only when somebody starts it, but contract {name} has it rotate the secret every {interval.value}",
	"related": [{"message": $"the interval of contract {name}", "path": interval.path}],
} if {
	some locator, automation in input.automations
	automation.manual_only
	_scheduled(locator, automation)
	[name, interval] := _tightest(locator)
}

# The interval of a rotation in infrastructure code is another rule.
_scheduled(locator, automation) if {
	automation.found
	not startswith(locator, "terraform:")
}

# The contract with the shortest interval stands for all.
_tightest(locator) := [name, interval] if {
	[_, name, interval] := min({[interval.seconds, name, interval] |
		some name in input.automations[locator].contracts
		graph.in_force(input.contracts[name])
		some environment in _environments(input.contracts[name].spec)
		graph.rotation(name, environment, "automation").value == locator
		interval := graph.rotation(name, environment, "interval")
		is_number(interval.seconds)
	})
}

_environments(spec) := object.keys(spec.environments) if {
	count(spec.environments) > 0
} else := {""}
