# METADATA
# title: Projected service account token is wider than its use
# description: >-
#   A projected token can be limited in time and to whom it is for. One that lives for
#   days can be used for days by whoever copies it; one without an audience opens the
#   API server as well.
# related_resources:
#   - https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
# custom:
#   severity: low
#   tier: strict
#   fix: Set expirationSeconds to an hour, and audience to the service that checks the token.
#   tags: [lifetime, least-privilege]
#   cwe: [613]
package policyctl.kubernetes.projected_token

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(source.path, ["expirationSeconds"]), "message": message} if {
	some source in _sources
	seconds := source.value.expirationSeconds
	is_number(seconds)
	seconds > 86400
	message := $"the token of volume {source.volume} is valid for {floor(seconds / 3600)} hours"
}

# The token for the API server needs no audience; beside it lies the server's certificate.
deny contains {"path": source.path, "message": message} if {
	some source in _sources
	object.get(source.value, "audience", "") == ""
	not source.for_server
	message := $"the token of volume {source.volume} names no audience, so it opens the API server as well"
}

_sources contains {"path": path, "value": source.serviceAccountToken, "volume": k8s.name(volume), "for_server": _for_server(volume)} if {
	some volume in k8s.volumes
	is_array(volume.value.projected.sources)
	some i, source in volume.value.projected.sources
	is_object(source.serviceAccountToken)
	path := array.concat(volume.path, ["projected", "sources", i, "serviceAccountToken"])
}

default _for_server(_) := false

_for_server(volume) if {
	some source in volume.value.projected.sources
	source.configMap.name == "kube-root-ca.crt"
}
