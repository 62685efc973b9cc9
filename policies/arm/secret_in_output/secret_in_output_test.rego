package policyctl.arm.secret_in_output_test

import data.policyctl.arm.secret_in_output as rule

_output(output) := {"parameters": [{"name": "pw", "secure": true}], "outputs": [object.union({"name": "o", "secure": false}, output)]}

test_shown if {
	rule.deny == {{"path": ["outputs", 0, "value"], "subject": "o", "message": "output o shows the answer of listKeys"}} with input as _output({"value": {"$unknown": ["listKeys", "resourceId()"]}})
	count(rule.deny) == 1 with input as _output({"value": {"a": {"$unknown": ["parameters.pw"], "$text": "x"}}})
	count(rule.deny) == 1 with input as _output({"value": "d", "derived": [{"path": ["value"], "from": ["parameters.pw"]}]})
}

test_silent if {
	every output in [{"value": "x"}, {"secure": true, "value": {"$unknown": ["listKeys"]}}, {"value": {"$unknown": ["resources.kv.properties.vaultUri"]}}, {}] {
		count(rule.deny) == 0 with input as _output(output)
	}
}
