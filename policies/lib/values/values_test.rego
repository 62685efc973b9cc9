package policyctl.lib.values_test

import data.policyctl.lib.values

test_unknown if {
	values.unknown({"$unknown": []})
	not values.unknown({"$unknown": "no list"})
	not values.unknown("text")
}

test_references if {
	values.references({"a": {"$unknown": ["Parameters.X"]}, "b": [{"$unknown": ["Resources.Y.Arn"]}], "c": "text"}) == {"Parameters.X", "Resources.Y.Arn"}
}

test_alternatives if {
	values.alternatives("a") == [{"path": [], "value": "a"}]
	values.alternatives({"$unknown": ["x"]}) == []
	values.alternatives({"$unknown": ["x"], "$candidates": ["a"], "$text": "b"}) == [{"path": ["$candidates", 0], "value": "a"}, {"path": ["$text"], "value": "b"}]
}

test_members if {
	[m.value | some m in values.members("a")] == ["a"]
	[m.path | some m in values.members(["a", {"$unknown": ["x"], "$text": "b"}])] == [[0], [1, "$text"]]
	[m.path | some m in values.members({"$unknown": ["c"], "$candidates": [["a"], "b"]})] == [["$candidates", 0, 0], ["$candidates", 1]]
}

test_words_for_truth if {
	values.is_true("True")
	values.is_true(true)
	values.is_false("false")
	every value in [{"$unknown": []}, null, "yes", 1] {
		not values.is_true(value)
		not values.is_false(value)
	}
}

test_may_be_absent if {
	every properties in [{}, {"a": {}}, {"a": {"b": {"$unknown": ["C"], "$candidates": [true, null]}}}, {"a": {"$unknown": ["C"], "$candidates": [{"b": true}, null]}}] {
		values.may_be_absent(properties, ["a", "b"])
	}
	every properties in [{"a": {"b": true}}, {"a": {"$unknown": ["P"]}}, {"a": {"b": {"$unknown": ["C"], "$candidates": [true, false]}}}] {
		not values.may_be_absent(properties, ["a", "b"])
	}
}

test_absent if {
	values.absent({}, ["a", "b"])
	values.absent({"a": ""}, ["a"])
	not values.absent({"a": {"$unknown": []}}, ["a"])
}

test_strings_have_the_name_of_their_key if {
	{[leaf.name, leaf.text] | some leaf in values.strings({"a": {"b": "1"}, "c": ["2"], "d": {"$unknown": ["x"], "$candidates": ["3"], "$text": "4"}}, "")} == {["b", "1"], ["c", "2"], ["d", "3"], ["d", "4"]}
	[leaf.name | some leaf in values.strings("1", "whole")] == ["whole"]
}

test_dotted if {
	values.dotted(["Policy$json", "Statement", 0, "$candidates", 1, "$text"]) == "Policy.Statement"
}

test_secret_properties if {
	every name in ["MasterUserPassword", "AuthToken", "OAuthToken", "ClientSecret", "SecretString", "PrivateKey", "administratorLoginPassword", "Passwords", "PreSharedKey", "ENCRYPTION_KEY", "AccessToken"] {
		values.secret_property(name)
	}
	every name in ["SecretId", "Secret", "SecretArn", "SSHKey", "ManageMasterUserPassword", "KeyName", "PasswordPolicy", "ImagePullSecret", "GenerateSecret", "EncryptionKey", "S3EncryptionKey", "ServiceToken", "ClientRequestToken", "Credentials"] {
		not values.secret_property(name)
	}
}

test_secret_texts if {
	every text in ["correct-horse", "changeme"] {
		values.secret_text("Password", text)
	}
	every text in ["alias/aws/rds", "/prod/db/password", "{{resolve:ssm-secure:x}}"] {
		not values.secret_text("Password", text)
	}
	every text in ["app-client-secret"] {
		not values.secret_text("ClientSecret", text)
	}
	not values.secret_text("DB_SECRET", "shop-db")
}

test_within if {
	values.within(["a", "b", 0], {["a", "b"]})
	not values.within(["a"], {["a", "b"]})
}

test_structured if {
	values.structured({"a": {"b": "{}", "b$json": {}}}, ["a", "b"])
	values.structured({"b": {"$text": "{}"}, "b$json": {}}, ["b", "$text"])
	not values.structured({"a": {"b": "{}"}}, ["a", "b"])
	not values.structured({"a": ["{}"]}, ["a", 0])
}

test_secret_parameters if {
	every name in ["DbPassword", "GitHubToken", "ClientSecret", "webhook_secret"] {
		values.secret_parameter(name)
	}
	every name in ["DbSecret", "DatabaseSecrets", "SecretName", "EncryptionKey"] {
		not values.secret_parameter(name)
	}
}

test_named_only if {
	values.named_only("DBUsername")
	not values.named_only("DBPassword")
}

test_what_conditions_choose if {
	chosen := {"$unknown": ["Conditions.C"], "$candidates": [true, false]}
	values.may_be_true(chosen)
	values.may_be_false(chosen)
	values.may_be_true("True")
	not values.may_be_false({"$unknown": ["Conditions.C"], "$candidates": [true]})
	not values.may_be_true({"$unknown": ["Parameters.X"]})
}
