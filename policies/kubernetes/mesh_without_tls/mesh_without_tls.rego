# METADATA
# title: Mesh passes connections in clear text
# description: >-
#   The sidecars neither encrypt what workloads say to each other, tokens and passwords
#   among it, nor know who speaks.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the mode to STRICT, or to ISTIO_MUTUAL in a DestinationRule. PERMISSIVE is for the time until all workloads have a sidecar.
#   cwe: [319]
package policyctl.kubernetes.mesh_without_tls

deny contains {"path": ["spec", "mtls", "mode"], "message": "workloads of the mesh are spoken to in clear text: mtls.mode is DISABLE"} if {
	input.kind == "PeerAuthentication"
	input.spec.mtls.mode == "DISABLE"
}

# A host outside has no sidecar.
deny contains {"path": ["spec", "trafficPolicy", "tls", "mode"], "message": $"{input.spec.host} is spoken to in clear text: tls.mode is DISABLE"} if {
	input.kind == "DestinationRule"
	input.spec.trafficPolicy.tls.mode == "DISABLE"
	regex.match(`^[^.]+$|\.(?:svc|local)$`, input.spec.host)
}
