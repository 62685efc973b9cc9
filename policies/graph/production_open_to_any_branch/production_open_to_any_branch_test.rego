package policyctl.graph.production_open_to_any_branch_test

import data.policyctl.graph.production_open_to_any_branch as rule

_found(fields) := result if {
	trust := object.union({"identity": "aws-iam:role/web", "subject": "repo:shop/web:*", "contracts": ["db"], "tiers": ["nonprod", "prod"]}, fields)
	result := rule.deny with input as {"trusts": [trust], "contracts": {"db": {"state": "active", "spec": {}}, "old": {"state": "retired", "spec": {}}}}
}

test_any_branch if {
	_found({}) == {{
		"path": ["trusts", 0, "subject"],
		"subject": "aws-iam:role/web",
		"message": "aws-iam:role/web may read db of production, and takes tokens of any branch: repo:shop/web:*",
		"related": [{"message": "contract db", "path": ["contracts", "db"]}],
	}}
	every subject in ["repo:shop/web:pull_request", "repo:shop/web:ref:refs/heads/*", "project_path:shop/web:ref_type:branch:ref:*", "organization:shop:pipeline:web:ref:refs/heads/*:commit:*"] {
		count(_found({"subject": subject})) == 1
	}
}

test_silent if {
	every fields in [
		{"subject": "repo:shop/web:environment:production"},
		{"subject": "repo:shop/web:ref:refs/heads/release-*"},
		{"subject": "repo:shop/web:ref:refs/tags/*"},
		{"subject": "repo:*"},
		{"subject": "system:serviceaccount:shop:web"},
		{"tiers": ["nonprod"]},
		{"contracts": ["old"]},
		{"contracts": []},
	] {
		count(_found(fields)) == 0
	}
}
