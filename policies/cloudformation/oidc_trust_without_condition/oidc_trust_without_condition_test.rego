package policyctl.cloudformation.oidc_trust_without_condition_test

import data.policyctl.cloudformation.oidc_trust_without_condition as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_trust(condition) := _in("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [{
	"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
	"Principal": {"Federated": {"$unknown": ["AWS::AccountId"], "$text": "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}},
}]}})

test_without_subject if {
	_trust({"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}) == {"AssumeRolePolicyDocument.Statement.0.Condition"}
}

test_open_subjects if {
	_trust({"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}}) == {"AssumeRolePolicyDocument.Statement.0.Condition.StringLike.token.actions.githubusercontent.com:sub"}
}

test_silent if {
	_trust({"StringLike": {"token.actions.githubusercontent.com:sub": "repo:a/b:ref:refs/heads/main"}}) == set()
	_trust({"StringLike": {"token.actions.githubusercontent.com:sub": {"$unknown": ["Parameters.Repo"], "$text": "repo:a/${Parameters.Repo}:*"}}}) == set()
}
