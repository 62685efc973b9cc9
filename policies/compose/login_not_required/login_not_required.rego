# METADATA
# title: Database answers without a password
# description: >-
#   The variable tells the image to let in whoever reaches it: every container of its networks, and where a port is
#   published, everybody else.
# custom:
#   severity: medium
#   fix: Remove the variable, and give the image a password through a secret and its NAME_FILE variable.
#   cwe: [306]
package policyctl.compose.login_not_required

import data.policyctl.lib.compose

deny contains {"path": variable.path, "message": message} if {
	some variable in compose.variables
	variable.kind == "environment variable"
	_open(variable.key, lower(sprintf("%v", [variable.value])))
	message := $"{variable.key} lets everybody into service {variable.service} without a password"
}

_open("POSTGRES_HOST_AUTH_METHOD", "trust")

_open(name, value) if {
	name in {"MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD", "ALLOW_EMPTY_PASSWORD", "ALLOW_ANONYMOUS_LOGIN"}
	value in {"yes", "true", "1"}
}

_open("xpack.security.enabled", "false")

_open("DISABLE_SECURITY_PLUGIN", "true")

_open("GF_AUTH_ANONYMOUS_ORG_ROLE", "admin")
