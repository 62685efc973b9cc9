package policyctl.lib.iam_test

import data.policyctl.lib.iam

_allow(statement) := object.union({"Effect": "Allow", "Action": "*", "Resource": "*"}, statement)

_texts(all) := {found.text | some found in all}

test_who_is_granted if {
	iam.grants_identity(_allow({}))
	not iam.grants_identity(_allow({"Principal": "*"}))
	not iam.grants_identity(_allow({"NotPrincipal": {"AWS": "1"}}))
	not iam.grants_identity(_allow({"Effect": "Deny"}))
}

test_texts_know_their_place if {
	iam.texts({"Action": ["a", {"$unknown": ["x"], "$text": "b"}]}, "Action") == [{"path": ["Action", 0], "text": "a"}, {"path": ["Action", 1, "$text"], "text": "b"}]
	iam.texts({}, "Action") == []
}

test_reads_secrets if {
	_texts(iam.reads_secrets(_allow({"Action": ["s3:GetObject", "secretsmanager:Get*", "kms:Decrypt"]}))) == {"secretsmanager:Get*", "kms:Decrypt"}
	_texts(iam.reads_secrets(_allow({"Action": "ssm:GetParameter", "Resource": {"$unknown": ["AWS::Region"], "$text": "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*"}}))) == {"ssm:GetParameter"}
	every statement in [
		{"Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:eu-west-1:1:parameter/app/*"},
		{"Action": "ssm:GetParameter", "Condition": {"StringEquals": {"aws:ResourceTag/app": "x"}}},
		{"Action": "ssm:PutParameter"}, {"Action": {"$unknown": ["Parameters.A"]}}, {"Resource": {"$unknown": ["Resources.S"]}},
	] {
		not _reads(_allow(statement))
	}
}

_reads(statement) if count(iam.reads_secrets(statement)) > 0

test_full if {
	_texts(iam.full(_allow({}))) == {"*"}
	_texts(iam.full({"Effect": "Allow", "NotAction": "iam:*", "Resource": ["*"]})) == {"all but iam:*"}
	_texts(iam.full(_allow({"Resource": "arn:aws:s3:::a"}))) == set()
}

test_escalations if {
	_texts(iam.escalations(_allow({"Action": ["iam:PassRole", "iam:Get*", "iam:*"]}))) == {"iam:PassRole", "iam:*"}
	_texts(iam.escalations(_allow({}))) == set()
	_texts(iam.escalations(_allow({"Action": "iam:PassRole", "Condition": {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}}))) == set()
}

test_wide if {
	_texts(iam.wide(_allow({"Action": ["s3:*", "kms:*", "iam:*", "s3:Get*"]}))) == {"s3:*"}
}

test_administrative if {
	iam.administrative("arn:aws:iam::aws:policy/AdministratorAccess")
	iam.administrative("AdministratorAccess")
	not iam.administrative("arn:aws:iam::aws:policy/AdministratorAccess-Amplify")
}

test_reads_every_secret if {
	iam.reads_every_secret("arn:aws:iam::aws:policy/PowerUserAccess")
	iam.reads_every_secret("SecretsManagerReadWrite")
	not iam.reads_every_secret("arn:aws:iam::1:policy/SecretsManagerReadWrite")
}

test_public if {
	[found.path | some found in iam.public(_allow({"Principal": "*"}))] == [["Principal"]]
	[found.path | some found in iam.public(_allow({"Principal": {"AWS": ["1", "*"]}}))] == [["Principal", "AWS", 1]]
	iam.public(_allow({"Effect": "Deny", "Principal": "*"})) == []
	[found.path | some found in iam.public(_allow({"NotPrincipal": {"AWS": "1"}}))] == [["NotPrincipal"]]
}

test_limited if {
	every condition in [{"StringEquals": {"aws:SourceArn": "x"}}, {"$unknown": ["Conditions.C"]}, {"StringEquals": {"$unknown": ["x"]}}] {
		iam.limited({"Condition": condition})
	}
	not iam.limited({})
	not iam.limited({"Condition": {"Bool": {"aws:SecureTransport": "true"}}})
	not iam.limited({"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}})
	not iam.limited({"Condition": {"Null": {"aws:PrincipalOrgID": "false"}}})
	iam.limited({"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "StringEquals": {"aws:PrincipalAccount": "1"}}})
}

test_narrowed if {
	every condition in [
		{"StringEquals": {"aws:PrincipalTag/team": "x"}}, {"StringLike": {"aws:ResourceTag/team": "*"}}, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::a"}},
		{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"Bool": {"aws:MultiFactorAuthPresent": "true", "aws:SecureTransport": "true"}},
		{"StringEquals": {"sts:ExternalId": "x"}}, {"StringEquals": {"iam:PermissionsBoundary": "x"}}, {"StringEquals": {"kms:ViaService": "x"}},
		{"StringNotLike": {"aws:PrincipalArn": "*"}}, {"StringLike": {"aws:PrincipalArn": {"$unknown": ["var.a"]}}},
		{"$unknown": ["Conditions.C"]}, {"StringEquals": {"$unknown": ["x"]}},
	] {
		iam.narrowed({"Condition": condition})
	}
	every condition in [
		{}, {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", {"$unknown": ["var.region"]}]}}, {"Bool": {"aws:SecureTransport": "true"}},
		{"StringLike": {"aws:PrincipalArn": "*"}}, {"ForAnyValue:ArnLike": {"aws:SourceArn": ["a", "*"]}},
		{"StringLike": {"aws:PrincipalArn": "*"}, "Bool": {"aws:SecureTransport": "true"}},
	] {
		not iam.narrowed({"Condition": condition})
	}
	not iam.narrowed({})
}

test_accounts if {
	_texts(iam.accounts(_allow({"Principal": {"AWS": ["arn:aws:iam::123456789012:root", "123456789012", "arn:aws:iam::123456789012:role/a", {"$unknown": ["AWS::AccountId"], "$text": "arn:aws:iam::${AWS::AccountId}:root"}]}}))) == {"arn:aws:iam::123456789012:root", "123456789012"}
}

_trust(federated, condition) := {"Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity"], "Principal": {"Federated": federated}, "Condition": condition}

_github := "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"

test_open_trusts if {
	every federated in [_github, {"$unknown": ["Resources.Provider"]}, {"$unknown": ["AWS::AccountId"], "$text": "arn:aws:iam::${AWS::AccountId}:oidc-provider/gitlab.com"}] {
		count(iam.open_trusts(_trust(federated, {"StringEquals": {"x:aud": "sts.amazonaws.com"}}))) == 1
	}
	every operator in ["StringNotEquals", "StringNotLike", "stringnotequalsignorecase", "ForAnyValue:StringNotLike", "StringNotEqualsIfExists", "Null"] {
		count(iam.open_trusts(_trust(_github, {operator: {"token.actions.githubusercontent.com:sub": "repo:a/b:ref:refs/heads/main"}}))) == 1
	}
	every condition in [
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:a/b:*"}}, {"$unknown": ["Conditions.C"]},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:a/*"}, "StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:a/b:pull_request"}},
		{"StringLike": {"$unknown": ["x"]}}, {"StringEquals": {"gitlab.com:sub": {"$unknown": ["Parameters.P"]}}},
	] {
		count(iam.open_trusts(_trust(_github, condition))) == 0
	}
	count(iam.open_trusts(_trust("cognito-identity.amazonaws.com", {}))) == 0
}

test_open_subjects if {
	[found.path | some found in iam.open_subjects(_trust(_github, {"StringLike": {"token.actions.githubusercontent.com:sub": ["repo:a/b:*", "repo:a*"]}}))] == [["Condition", "StringLike", "token.actions.githubusercontent.com:sub", 1]]
	iam.open_subjects(_trust(_github, {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:*"}})) == []
}
