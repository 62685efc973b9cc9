package policyctl.kubernetes.mesh_without_tls_test

import data.policyctl.kubernetes.mesh_without_tls as rule

_peers(mtls) := {"kind": "PeerAuthentication", "spec": mtls}

_rule(host, mode) := {"kind": "DestinationRule", "spec": {"host": host, "trafficPolicy": {"tls": {"mode": mode}}}}

test_off if {
	rule.deny == {{"path": ["spec", "mtls", "mode"], "message": "workloads of the mesh are spoken to in clear text: mtls.mode is DISABLE"}} with input as _peers({"mtls": {"mode": "DISABLE"}})
	rule.deny == {{"path": ["spec", "trafficPolicy", "tls", "mode"], "message": "*.shop.svc.cluster.local is spoken to in clear text: tls.mode is DISABLE"}} with input as _rule("*.shop.svc.cluster.local", "DISABLE")
}

test_silent if {
	every object in [
		_peers({"mtls": {"mode": "STRICT"}}), _peers({}), _peers({"mtls": {"mode": "STRICT"}, "portLevelMtls": {"9090": {"mode": "DISABLE"}}}),
		_rule("orders", "ISTIO_MUTUAL"), _rule("api.orders.example", "DISABLE"), _rule("orders.example", "DISABLE"),
	] {
		rule.deny == set() with input as object
	}
}
