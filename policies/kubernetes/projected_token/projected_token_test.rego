package policyctl.kubernetes.projected_token_test

import data.policyctl.kubernetes.projected_token as rule

_pod(sources) := {"kind": "Pod", "spec": {"containers": [], "volumes": [{"name": "token", "projected": {"sources": sources}}]}}

test_wide_tokens if {
	rule.deny == {{
		"path": ["spec", "volumes", 0, "projected", "sources", 0, "serviceAccountToken", "expirationSeconds"],
		"message": "the token of volume token is valid for 168 hours",
	}} with input as _pod([{"serviceAccountToken": {"audience": "vault", "expirationSeconds": 604800}}])
	rule.deny == {{
		"path": ["spec", "volumes", 0, "projected", "sources", 0, "serviceAccountToken"],
		"message": "the token of volume token names no audience, so it opens the API server as well",
	}} with input as _pod([{"serviceAccountToken": {"path": "token"}}])
}

test_narrow_tokens if {
	every sources in [
		[{"serviceAccountToken": {"audience": "vault", "expirationSeconds": 3600}}],
		[{"serviceAccountToken": {"expirationSeconds": 3607}}, {"configMap": {"name": "kube-root-ca.crt"}}],
		[{"secret": {"name": "api"}}], "x",
	] {
		count(rule.deny) == 0 with input as _pod(sources)
	}
}
