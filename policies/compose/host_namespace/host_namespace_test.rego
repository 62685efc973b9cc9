package policyctl.compose.host_namespace_test

import data.policyctl.compose.host_namespace as rule

test_namespaces_of_the_host_are_found if {
	{d.message | some d in rule.deny} == {"service a shares the network of the host", "service b shares the processes of the host"} with input as {"services": {"a": {"network_mode": "host"}, "b": {"pid": "host"}}}
	{d.path | some d in rule.deny} == {["services", "a", "userns_mode"]} with input as {"services": {"a": {"userns_mode": "host"}}}
}

test_other_namespaces if {
	rule.deny == set() with input as {"services": {"a": {"network_mode": "service:b", "ipc": "private", "pid": 5}, "b": 5}}
}
