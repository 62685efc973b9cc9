package policyctl.kubernetes.external_secret_refresh_test

import data.policyctl.kubernetes.external_secret_refresh as rule

_secret(spec) := {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "spec": spec}

test_slow if {
	every interval, message in {
		"0": "the secret is fetched once and never again",
		"0s": "the secret is fetched once and never again",
		"48h0m": "the secret is fetched every 48 hours: a rotation takes that long to arrive",
	} {
		rule.deny == {{"path": ["spec", "refreshInterval"], "message": message}} with input as _secret({"refreshInterval": interval})
	}
	rule.deny == {{"path": ["spec", "refreshPolicy"], "message": "the secret is fetched once and never again"}} with input as _secret({
		"refreshPolicy": "CreatedOnce",
		"refreshInterval": "0",
	})
}

test_a_secret_for_several_namespaces if {
	count(rule.deny) == 1 with input as {"kind": "ClusterExternalSecret", "spec": {"externalSecretSpec": {"refreshInterval": "0"}}}
}

test_in_time if {
	every spec in [{"refreshInterval": "1h"}, {"refreshInterval": "24h"}, {}, {"refreshInterval": "x"}, {"refreshPolicy": "OnChange", "refreshInterval": "0"}, {"refreshInterval": "{{ .Values.interval }}"}] {
		count(rule.deny) == 0 with input as _secret(spec)
	}
	count(rule.deny) == 0 with input as {"kind": "Other", "spec": {"refreshInterval": "0"}}
}
