# METADATA
# title: Secret is part of a name or address that the platform shows
# description: >-
#   Names of steps, artifacts and environments, and addresses, are shown to
#   everybody who sees the run, and kept with it. Only the log is masked.
# custom:
#   severity: medium
#   fix: Name it after something that is no secret.
#   tags: [secret-exposure]
#   cwe: [200]
package policyctl.pipeline.secret_in_setting

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "setting"
	pipeline.confidential(exposure.value.secret)
	setting := exposure.value.variable
	lower(setting) in {"name", "run-name", "displayname", "environment", "artifacts", "release", "concurrency", "resource_group", "label", "url"}
	message := $"{pipeline.place(exposure.value)} has {pipeline.called(exposure.value.secret)} in its {setting}, which the platform shows"
}
