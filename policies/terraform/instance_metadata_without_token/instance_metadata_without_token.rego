# METADATA
# title: Credentials of a machine can be asked for without a token
# description: >-
#   A server that can be made to fetch an address gives away the credentials of its
#   machine. The second version of the metadata service asks for a token first, which
#   such requests do not have.
# related_resources:
#   - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
# custom:
#   severity: medium
#   tier: strict
#   fix: Set http_tokens = "required" in metadata_options, or workload_metadata_config with mode GKE_METADATA.
#   cwe: [918]
package policyctl.terraform.instance_metadata_without_token

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"credentials are given without a token: {fault.message}"} if {
	some fault in terraform.faults(_table)
	not _by_default(fault)
}

# An account can ask for tokens of all that do not say.
_by_default(fault) if {
	fault.value == ""
	contains(fault.subject, "aws_")
	some setting in terraform.resources.aws_ec2_instance_metadata_defaults
	setting.values.http_tokens == "required"
}

_tokens(more) := {{
	"path": "metadata_options.http_tokens", "good": {"required"}, "absent": "anywhere",
	"when": object.union({"metadata_options.http_endpoint": {"", "enabled"}}, more),
}}

_pods := {
	{"path": "node_config.workload_metadata_config.mode", "bad": {"gce_metadata"}},
	{"path": "node_config.workload_metadata_config.node_metadata", "bad": {"expose", "unspecified"}},
	{"path": "node_config.metadata.disable-legacy-endpoints", "bad": {"false"}},
}

_table := {
	"alicloud_instance": {{"path": "http_tokens", "bad": {"optional"}}},
	# A template that the machine is made from can say it.
	"aws_instance": _tokens({"launch_template.id": {""}, "launch_template.name": {""}}),
	"aws_ec2_instance_metadata_defaults": {{"path": "http_tokens", "bad": {"optional", "no-preference"}}},
	"aws_launch_configuration": _tokens({}),
	"aws_launch_template": _tokens({}),
	"google_container_cluster": _pods,
	"google_container_node_pool": _pods,
	"oci_core_instance": {{"path": "instance_options.are_legacy_imds_endpoints_disabled", "bad": {"false"}}},
	"oci_core_instance_configuration": {{"path": "instance_details.launch_details.instance_options.are_legacy_imds_endpoints_disabled", "bad": {"false"}}},
}
