package policyctl.pipeline.whole_store_fetched_test

import data.policyctl.pipeline.whole_store_fetched as rule

_doc(secret) := {
	"steps": [{"job": "build", "index": 0, "name": "Secrets", "kind": "component"}],
	"exposures": [{"address": "e", "secret": secret, "platform_token": false, "at": "job_env", "job": "build", "step": 0}],
}

test_all if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "e",
		"message": "step \"Secrets\" of job \"build\" fetches all of shop-vault",
	}} with input as _doc({"store": "azure_key_vault", "group": "shop-vault"})
}

test_some if {
	count(rule.deny) == 0 with input as _doc({"store": "azure_key_vault", "group": "shop-vault", "name": "key"})
	count(rule.deny) == 0 with input as _doc({"store": "variable_group", "group": "shop"})
	count(rule.deny) == 0 with input as _doc({"all": true})
	count(rule.deny) == 0 with input as {}
}

test_one_path_of_vault if {
	count(rule.deny) == 0 with input as _doc({"store": "vault", "group": "secret/data/ci/app"})
	every group in ["secret/*", "secret/"] {
		count(rule.deny) == 1 with input as _doc({"store": "vault", "group": group})
	}
}
