package policyctl.cloudformation.iam_user_access_key_test

import data.policyctl.cloudformation.iam_user_access_key as rule

_key(values) := {"resources": [{"id": "K", "type": "AWS::IAM::AccessKey", "values": values}, {"id": "U", "type": "AWS::IAM::User", "values": {}}]}

test_keys if {
	rule.deny == {{"path": ["resources", 0, "values"], "at": "key", "subject": "K", "message": "K is a long-lived access key"}} with input as _key({"UserName": "ci"})
}

test_silent if {
	count(rule.deny) == 0 with input as _key({"Status": "Inactive"})
}
