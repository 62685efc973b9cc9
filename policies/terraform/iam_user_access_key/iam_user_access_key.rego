# METADATA
# title: Long-lived access key is made for a user
# description: >-
#   The key never ends, works from anywhere, and stands in the state. Roles give
#   workloads and people credentials that end by themselves.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
# custom:
#   severity: medium
#   fix: Let the workload assume a role, by its platform or by an identity provider, and remove the key.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.terraform.iam_user_access_key

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(key), {"message": message}) if {
	some type in _keys
	some key in terraform.resources[type]
	object.get(key.values, "status", "Active") != "Inactive"
	message := $"{key.address} is a long-lived access key"
}

_keys := {
	"alicloud_ram_access_key", "aws_iam_access_key", "aws_iam_service_specific_credential", "digitalocean_spaces_key", "exoscale_iam_api_key",
	"huaweicloud_identity_access_key", "ibm_iam_api_key", "ibm_iam_service_api_key", "ionoscloud_s3_key", "linode_object_storage_key",
	"oci_identity_auth_token", "oci_identity_customer_secret_key", "tencentcloud_cam_access_key", "yandex_iam_service_account_key",
	"yandex_iam_service_account_static_access_key",
}
