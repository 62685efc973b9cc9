package policyctl.graph.encryption_key_differs_test

import data.policyctl.graph.encryption_key_differs as rule

_found(encryption, wanted) := result if {
	result := rule.deny with input as _input({"encryption": encryption, "claims": [{"contract": "db", "environment": "prod"}]}, wanted)
}

_input(object_, wanted) := {
	"objects": [object.union({"slot": "tf:infra//aws_secretsmanager_secret.db", "name": "infra//aws_secretsmanager_secret.db"}, object_)],
	"contracts": {"db": {"spec": {"environments": {"prod": {"store": "aws"}}}}},
	"stores": {"aws": {"encryption": {"key": wanted}}},
}

test_the_default_key if {
	_found("default", "customer") == {{
		"path": ["objects", 0, "encryption"],
		"subject": "tf:infra//aws_secretsmanager_secret.db",
		"message": "infra//aws_secretsmanager_secret.db is encrypted by the default key, but store aws asks for a key of your own",
		"related": [{"message": "the key of the store", "path": ["stores", "aws", "encryption", "key"]}],
	}}
}

test_another_key if {
	{found.message | some found in _found("customer:arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:kms:*:444455556666:key/*")} == {"infra//aws_secretsmanager_secret.db is encrypted by the key arn:aws:kms:eu-west-1:111122223333:key/1, but store aws asks for arn:aws:kms:*:444455556666:key/*"}
	count(_found("customer:alias/web", "alias/payments")) == 1
	count(_found("managed:alias/aws/secretsmanager", "alias/payments")) == 1
}

test_a_claim_without_environment if {
	count(rule.deny) == 1 with input as _input({"encryption": "default", "environment": "prod", "claims": [{"contract": "db"}]}, "customer")
}

test_the_key_or_not_certain if {
	count(_found("customer:alias/payments", "customer")) == 0
	count(_found("customer:alias/payments", "alias/pay*")) == 0
	count(_found("customer:aws_kms_key.main.arn", "alias/payments")) == 0
	count(_found("default", "managed")) == 0
	count(rule.deny) == 0 with input as _input({"claims": [{"contract": "db", "environment": "prod"}]}, "customer")
	count(rule.deny) == 0 with input as _input({"encryption": "default", "claims": []}, "customer")
	count(rule.deny) == 0 with input as _input({"encryption": "default", "claims": [{"contract": "db", "environment": "dev"}]}, "customer")
}
