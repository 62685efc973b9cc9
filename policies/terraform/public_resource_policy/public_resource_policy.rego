# METADATA
# title: Resource is open to everyone
# description: >-
#   Its policy lets in any identity of any account, or nobody in particular. Whoever
#   knows its name can use it.
# custom:
#   severity: high
#   fix: Name the accounts, roles or services that need it, or add a condition such as aws:PrincipalOrgID or aws:SourceArn.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.public_resource_policy

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, [part]), "subject": statement.address, "message": message, "targets": iam.reach(statement.value, actions)} if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	part := terraform.open(statement.value)
	not iam.limited(statement.value)
	actions := [action | some action in terraform.list(statement.value.Action); is_string(action); not _meant_for_everyone(action)]
	count(actions) > 0
	not terraform.limits(statement.address)
	not _fenced(statement.address)
	message := $"{statement.address} allows {actions[0]} to everyone: {part} is a wildcard and no condition says who"
}

# Web sites, public interfaces, and what another rule finds.
_meant_for_everyone(action) if {
	regex.match(`^(?i:s3:GetObject|s3:GetObjectVersion|execute-api:Invoke|lambda:InvokeFunctionUrl|elasticfilesystem:.*|sts:.*|ecr-public:(?:Batch(?:Get|Check)|Describe|Get|List).*)$`, action)
}

# Search clusters in a network, or with users of their own, ask for more than that.
_fenced(address) if {
	some type in ["aws_elasticsearch_domain", "aws_opensearch_domain"]
	some domain in terraform.resources[type]
	domain.address == address
	some block in ["vpc_options", "advanced_security_options"]
	domain.values[block]
}

deny contains object.union(terraform.place(permission, ["principal"]), {"message": message}) if {
	some permission in terraform.resources.aws_lambda_permission
	permission.values.principal == "*"
	every argument in ["source_arn", "source_account", "principal_org_id", "function_url_auth_type"] {
		terraform.absent(permission.values, argument)
	}
	message := $"{permission.address} lets everyone call the function"
}

deny contains object.union(terraform.place(grant, setting.path), {"message": message}) if {
	some type, grants in terraform.resources
	regex.match(`^google_.*_iam_(?:member|binding)$`, type)
	some grant in grants
	some argument in ["member", "members"]
	some setting in terraform.settings(grant.values, [argument])
	setting.value in {"allUsers", "allAuthenticatedUsers"}
	role := object.get(grant.values, "role", "a role")
	not _public_role(role)
	message := $"{grant.address} grants {role} to {setting.value}"
}

deny contains object.union(terraform.place(policy, setting.path), {"message": message}) if {
	some policy in terraform.holders
	policy.type == "google_iam_policy"
	some setting in terraform.settings(policy.values, ["binding", "members"])
	setting.value in {"allUsers", "allAuthenticatedUsers"}
	binding := object.get(policy.values, array.slice(setting.path, 0, count(setting.path) - 2), {})
	role := object.get(binding, "role", "a role")
	not _public_role(role)
	message := $"{policy.address} grants {role} to {setting.value}"
}

# Services and files for the public.
_public_role(role) if terraform.google_public_role(role)

_public_role(role) if terraform.unknown(role)

deny contains object.union(terraform.place(grant.resource, grant.path), {"message": message}) if {
	some grant in terraform.acl_grants
	grant.permission in {"full_control", "write", "write_acp"}
	message := $"{grant.resource.address} grants {upper(grant.permission)} to {grant.group}"
}

deny contains {"path": fault.path, "subject": fault.subject, "message": $"everyone may have it: {fault.message}"} if {
	some fault in terraform.faults({
		"aws_ami_launch_permission": {{"path": "group", "bad": {"all"}}},
		"aws_db_cluster_snapshot": {{"path": "shared_accounts", "bad": {"all"}}},
		"aws_db_snapshot": {{"path": "shared_accounts", "bad": {"all"}}},
		"google_bigquery_dataset": {{"path": "access.special_group", "bad": {"allauthenticatedusers"}}, {"path": "access.iam_member", "bad": {"allusers", "allauthenticatedusers"}}},
		"google_bigquery_dataset_access": {{"path": "special_group", "bad": {"allauthenticatedusers"}}, {"path": "iam_member", "bad": {"allusers", "allauthenticatedusers"}}},
		"google_storage_bucket_access_control": {{"path": "entity", "bad": {"allusers", "allauthenticatedusers"}, "when": {"role": {"owner", "writer"}}}},
		"google_storage_bucket_acl": {{"path": "role_entity", "like": "^(?:owner|writer):all(?:authenticated)?users$"}, {"path": "predefined_acl", "bad": {"publicreadwrite"}}},
		"aws_s3_bucket": {{"path": "acl", "bad": {"public-read-write"}}},
		"aws_s3_bucket_acl": {{"path": "acl", "bad": {"public-read-write"}}},
		"oci_identity_policy": {{"path": "statements", "like": `^\s*allow\s+any-(?:user|group)\s+to\s.*\sin\s+(?:tenancy|compartment\s+(?:id\s+)?\S+)\s*$`}},
		"alicloud_oss_bucket": {{"path": "acl", "bad": {"public-read-write"}}},
		"alicloud_oss_bucket_acl": {{"path": "acl", "bad": {"public-read-write"}}},
	})
}
