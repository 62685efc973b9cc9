# METADATA
# title: Role is bound to anonymous users
# description: >-
#   Whoever reaches the API server, with no credential at all, has the rights of
#   the role.
# custom:
#   severity: critical
#   fix: Bind the role to the users or service accounts that need it.
#   tags: [rbac, anonymous]
#   cwe: [306]
package policyctl.kubernetes.anonymous_binding

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(subject.path, ["name"]), "message": message} if {
	some subject in k8s.subjects
	subject.value.name in {"system:anonymous", "system:unauthenticated"}
	not _public
	message := $"role {input.roleRef.name} is bound to {subject.value.name}: nobody has to log in"
}

# These roles come with Kubernetes, and show nothing but what it publishes:
# versions, the certificate of the cluster, the keys that verify tokens.
_public if input.roleRef.name in {
	"system:public-info-viewer",
	"system:discovery",
	"system:service-account-issuer-discovery",
	"kubeadm:bootstrap-signer-clusterinfo",
}
