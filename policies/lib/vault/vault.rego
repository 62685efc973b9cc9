# Package vault knows what paths in policies of Vault open.
package policyctl.lib.vault

# rights are the capabilities, each with the path that it is on.
rights(path, capabilities) := {$"{capability} {path}" | some capability in capabilities}

# opens holds for every path, every engine that keeps secrets, or the system itself.
opens(path, capabilities) if {
	path in {"*", "+/*"}
	count(capabilities & {"create", "read", "update", "delete", "patch", "sudo", "root", "write"}) > 0
}

opens(path, capabilities) if {
	regex.match(`^(?:secret|secrets|kv|kv-v2)/(?:data/)?[*+]$`, path)
	"read" in capabilities
}

opens(path, capabilities) if {
	path in {"sys/*", "auth/*", "sys/policies/*", "sys/policies/acl/*", "sys/policy/*"}
	count(capabilities & {"create", "update", "sudo", "root", "write"}) > 0
}
