# METADATA
# title: Logs of a workflow with secrets are archived
# description: >-
#   Argo hides no value in logs. With archiveLogs all that the containers print is stored
#   with the artifacts, for whoever can read them and for as long as they are kept, a token
#   in the message of an error included.
# related_resources:
#   - https://argo-workflows.readthedocs.io/en/latest/configure-archive-logs/
# custom:
#   severity: medium
#   tier: strict
#   fix: Set archiveLogs to false in the archiveLocation of the templates that get secrets.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.kubernetes.archived_logs_with_secret

deny contains {"path": path, "message": message} if {
	some path, names in _archived
	message := $"what {concat(", ", sort(names))} prints is archived, and it gets a secret"
}

# _archived are the templates that get a secret, by what makes their logs last.
_archived[path] contains template.name if {
	some spec in _specs
	some i, template in spec.value.templates
	is_string(template.name)
	_gets_secret(template)
	path := _switch(spec, i, template)
}

_switch(spec, i, template) := array.concat(spec.path, ["templates", i, "archiveLocation", "archiveLogs"]) if {
	template.archiveLocation.archiveLogs == true
} else := array.concat(spec.path, ["archiveLogs"]) if {
	spec.value.archiveLogs == true
	not template.archiveLocation.archiveLogs == false
}

_specs contains {"path": ["spec"], "value": input.spec} if _argo

_specs contains {"path": ["spec", "workflowSpec"], "value": input.spec.workflowSpec} if _argo

_argo if {
	startswith(input.apiVersion, "argoproj.io/")
	input.kind in {"ClusterWorkflowTemplate", "CronWorkflow", "Workflow", "WorkflowTemplate"}
}

# Variables of containers and volumes are the ways to a secret; Argo's own artifacts keep
# theirs to themselves.
_gets_secret(template) if {
	some kind in ["container", "script"]
	_reads(template[kind])
}

_gets_secret(template) if {
	some container in template.containerSet.containers
	_reads(container)
}

_gets_secret(template) if {
	some volume in template.volumes
	volume.secret
}

_reads(container) if {
	some entry in container.env
	entry.valueFrom.secretKeyRef
}

_reads(container) if {
	some from in container.envFrom
	from.secretRef
}
