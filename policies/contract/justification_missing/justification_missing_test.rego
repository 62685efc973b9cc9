package policyctl.contract.justification_missing_test

import data.policyctl.contract.justification_missing as rule

_class := {"name": "api-key", "builtin": true, "alternative": {"class": "oauth-client", "when": "the provider issues tokens"}}

_contract(lifetime) := {"metadata": {"name": "db"}, "spec": {"lifetime": lifetime}, "class": _class}

test_no_justification if {
	rule.deny == {{
		"path": ["spec", "lifetime", "justification"],
		"subject": "db",
		"message": "contract db does not say why its secret is static: class api-key prefers oauth-client where the provider issues tokens",
	}} with input as _contract({"kind": "static"})
}

test_too_short if {
	{found.message | some found in rule.deny} == {"contract db says in fewer than 15 characters why its secret is static: class api-key prefers oauth-client where the provider issues tokens"} with input as _contract({
		"kind": "static",
		"justification": "because  ",
	})
}

test_an_alternative_without_condition if {
	document := json.remove(_contract({"kind": "static"}), ["class/alternative/when"])
	{found.message | some found in rule.deny} == {"contract db does not say why its secret is static: class api-key prefers oauth-client"} with input as document
}

test_an_alternative_that_is_no_class if {
	document := json.patch(_contract({"kind": "static"}), [{"op": "replace", "path": "/class/alternative", "value": {"when": "signatures can be keyless"}}])
	{found.message | some found in rule.deny} == {"contract db does not say why its secret is static: class api-key prefers something else where signatures can be keyless"} with input as document
}

test_justified_or_no_need_for_it if {
	every lifetime in [{"kind": "static", "justification": "Stripe issues no expiring tokens."}, {"kind": "static", "justification": 5}, {"kind": "dynamic"}] {
		count(rule.deny) == 0 with input as _contract(lifetime)
	}
	count(rule.deny) == 0 with input as object.union(_contract({"kind": "static"}), {"spec": {"state": "proposed"}})
	count(rule.deny) == 0 with input as json.remove(_contract({"kind": "static"}), ["class/alternative"])
}
