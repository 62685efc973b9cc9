# METADATA
# title: ExternalSecret is not refreshed in time
# description: >-
#   A secret that was rotated in its store reaches the cluster with the next refresh.
#   Until then workloads use the old value, or fail.
# related_resources:
#   - https://external-secrets.io/latest/api/externalsecret/
# custom:
#   severity: medium
#   tier: strict
#   fix: Set refreshInterval to an hour or less, and leave refreshPolicy at Periodic.
#   tags: [rotation]
#   cwe: [324]
package policyctl.kubernetes.external_secret_refresh

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(spec.path, ["refreshPolicy"]), "message": message} if {
	some spec in k8s.external_secrets
	spec.value.refreshPolicy == "CreatedOnce"
	message := "the secret is fetched once and never again"
}

# Without a policy, an interval of nothing means once.
deny contains {"path": array.concat(spec.path, ["refreshInterval"]), "message": message} if {
	some spec in k8s.external_secrets
	object.get(spec.value, "refreshPolicy", "Periodic") == "Periodic"
	hours := _hours(spec.value.refreshInterval)
	message := _slow(hours)
}

_slow(hours) := "the secret is fetched once and never again" if hours == 0

_slow(hours) := $"the secret is fetched every {floor(hours)} hours: a rotation takes that long to arrive" if hours > 24

_hours(interval) := 0 if interval in {"0", 0}

_hours(interval) := time.parse_duration_ns(interval) / 3600000000000 if {
	is_string(interval)
	regex.match(`^(?:[0-9]{1,6}(?:\.[0-9]{1,6})?(?:ns|us|ms|s|m|h))+$`, interval)
}
