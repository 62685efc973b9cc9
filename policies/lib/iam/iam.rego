# Package iam judges statements of AWS policies in the words of JSON, whatever
# template they stand in. Values may be unknown: see values. Answers are lists of
# {path, text}, with the path from the statement down.
package policyctl.lib.iam

import data.policyctl.lib.oidc
import data.policyctl.lib.values

# allows holds for a statement that grants one of its actions.
allows(statement) if statement.Effect == "Allow"

# grants_identity holds for statements of policies that belong to an identity: those
# of resources name a principal.
grants_identity(statement) if {
	allows(statement)
	not has(statement, "Principal")
	not has(statement, "NotPrincipal")
}

has(statement, key) if object.get(statement, key, null) != null

# texts are the texts of an element of a statement.
texts(statement, key) := [{"path": array.concat([key], member.path), "text": member.value} |
	some member in values.members(object.get(statement, key, []))
	is_string(member.value)
]

# everywhere holds for a statement that is not limited to some resources, by its
# condition neither.
everywhere(statement) if {
	not narrowed(statement)
	some resource in texts(statement, "Resource")
	resource.text == "*"
}

# matching are the actions of a statement that include one of others.
matching(statement, actions) := [found |
	some found in texts(statement, "Action")
	regex.match(`^[A-Za-z0-9:*?-]+$`, found.text)
	some action in actions
	glob.match(lower(found.text), null, action)
]

# reads_secrets are the actions of a statement by which every secret can be read. Of one
# that allows everything, that is all there is to say.
reads_secrets(statement) := [found | some found in matching(statement, readings); not _everything(statement, found)] if {
	grants_identity(statement)
	not narrowed(statement)
	some resource in texts(statement, "Resource")
	every_secret(resource.text)
}

# every_secret holds for the ARN of all secrets, parameters or keys of an account.
every_secret(arn) if regex.match(`^(?:\*|arn:(?:[a-z*-]+|\$\{[^}]*\}):(?:\*|secretsmanager|ssm|kms):(?:[^:$]|\$\{[^}]*\})*:(?:[^:$]|\$\{[^}]*\})*:(?:secret:|parameter/?|key/|)\*)$`, arn)

# every_resource holds for the ARN of all there is.
every_resource(arn) if regex.match(`^(?:\*|arn:(?:[a-z*-]+|\$\{[^}]*\}):\*.*)$`, arn)

_everything(statement, found) if {
	found.text in {"*", "*:*"}
	everywhere(statement)
}

# readings are the actions that give the values of secrets.
readings := {"secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue", "ssm:getparameter", "ssm:getparameters", "ssm:getparametersbypath", "kms:decrypt"}

# full are the elements by which a statement allows everything.
full(statement) := [found |
	grants_identity(statement)
	everywhere(statement)
	some found in array.concat(
		[action | some action in texts(statement, "Action"); action.text in {"*", "*:*"}],
		[object.union(action, {"text": concat(" ", ["all but", action.text])}) | some action in texts(statement, "NotAction")],
	)
]

# left are the actions to fear that a statement does not name among those that it does not
# allow, and the rest.
left(statement) := {"the rest"} | {action |
	some action in ({lower(action) | some action in escalating} | readings)
	every named in texts(statement, "NotAction") {
		not glob.match(lower(named.text), null, action)
	}
} if {
	has(statement, "NotAction")
} else := set()

# reach is what a statement allows on what: a pattern of the one kind has to cover none of the
# other.
reach(statement, actions) := ({$"action {lower(action)}" | some action in actions} | {$"resource {found.text}" | some found in texts(statement, "Resource")}) | {$"resource {reference}" |
	walk(object.get(statement, "Resource", []), [_, value])
	not value["$text"]
	some reference in value["$unknown"]
}

# escalations are the actions of a statement by which whoever has it can give itself
# more.
escalations(statement) := [found |
	grants_identity(statement)
	everywhere(statement)
	some found in matching(statement, {lower(action) | some action in escalating})
	not found.text in {"*", "*:*"}
]

# escalating are the actions by which whoever has one can have any other.
escalating := {
	"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile",
	"iam:CreatePolicyVersion", "iam:PassRole", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion",
	"iam:UpdateAssumeRolePolicy", "iam:UpdateLoginProfile",
}

# wide are the actions of a statement that are all of a service, on everything.
wide(statement) := [found |
	grants_identity(statement)
	everywhere(statement)
	some found in texts(statement, "Action")
	regex.match(`^[a-z0-9-]+:\*$`, found.text)
	count([escalating | some escalating in escalations(statement); escalating == found]) == 0
	not glob.match(lower(found.text), null, "secretsmanager:getsecretvalue")
	not glob.match(lower(found.text), null, "ssm:getparameter")
	not glob.match(lower(found.text), null, "kms:decrypt")
]

# administrative holds for the name or ARN of a managed policy that allows
# everything, or to give oneself everything.
administrative(policy) if regex.match(`(?:^|/)(?:AdministratorAccess|IAMFullAccess|AWSCloudFormationFullAccess-Admin)$`, policy)

# reads_every_secret holds for the name or ARN of a policy of AWS itself that gives the
# values of all secrets or parameters.
reads_every_secret(policy) if regex.match(`(?:^|:iam::aws:policy/)(?:PowerUserAccess|SecretsManagerReadWrite|AmazonSSMFullAccess|AmazonSSMReadOnlyAccess)$`, policy)

# public are the principals of a statement that are everybody.
public(statement) := [found |
	allows(statement)
	some found in array.flatten([texts(statement, "Principal"), _aws(statement), _all_but(statement)])
	found.text in {"*", "*:*"}
]

# Everybody but those.
_all_but(statement) := [{"path": ["NotPrincipal"], "text": "*"} | statement.NotPrincipal]

_aws(statement) := [{"path": array.concat(["Principal", "AWS"], found.path), "text": found.value} |
	some found in values.members(object.get(statement, ["Principal", "AWS"], []))
	is_string(found.value)
]

# limited holds for a statement whose condition says who, or from where: a
# condition on how a request is made, or on who it is not, is none on whose it is.
limited(statement) if _asks_beyond(statement, _says_nobody, _principals)

_principals := {"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid", "aws:username"}

# narrowed holds for a statement whose condition says who may do it, or with what.
narrowed(statement) if _asks_beyond(statement, _narrows_nothing, set())

# _asks_beyond holds for a statement whose condition asks for other claims than some, and
# of some what they are. What is not known is taken for one.
_asks_beyond(statement, _, _) if values.unknown(statement.Condition)

_asks_beyond(statement, _, _) if {
	some asked in statement.Condition
	values.unknown(asked)
}

_asks_beyond(statement, idle, positive) if {
	some operator, asked in statement.Condition
	is_string(operator)
	is_object(asked)
	some claim, value in asked
	not lower(claim) in idle
	not _fits_all(operator, lower(claim), value)
	not _says_not(operator, lower(claim), positive)
}

_says_not(operator, claim, claims) if {
	claim in claims
	regex.match(_binds_nothing, operator)
}

# A star alone fits every principal and every source.
_fits_all(operator, claim, value) if {
	claim in {"aws:principalaccount", "aws:principalarn", "aws:sourcearn", "aws:userid"}
	regex.match(`(?i)^(?:ForAnyValue:)?(?:ArnEquals|ArnLike|StringLike)(?:IfExists)?$`, operator)
	some member in values.members(value)
	member.value == "*"
}

# _narrows_nothing are the claims about how and in which region a request is made.
_narrows_nothing := {
	"aws:referer", "aws:requestedregion", "aws:securetransport", "aws:useragent",
	"s3:authtype", "s3:signatureversion", "s3:tlsversion",
}

_says_nobody := _narrows_nothing | {
	"aws:currenttime", "aws:epochtime", "aws:principaltype", "aws:tokenissuetime",
	"kms:encryptioncontextkeys", "kms:grantisforawsresource", "kms:viaservice",
	"s3:x-amz-acl", "s3:x-amz-server-side-encryption", "sns:protocol",
}

# accounts are the principals of a statement that are a whole account, by its number.
accounts(statement) := [found |
	allows(statement)
	some found in _aws(statement)
	regex.match(`^(?:[0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:root)$`, found.text)
]

# open_trusts are the ways in which a statement lets strangers with a token of an
# identity provider in, with what to say of each.
open_trusts(statement) := [{"path": ["Condition"], "what": $"every identity of its provider: {_missing(statement)}"} |
	federated(statement)
	not values.unknown(object.get(statement, "Condition", null))
	count(claims(statement, oidc.identifying)) == 0
]

_missing(statement) := "its conditions say only which subjects are left out" if {
	some operator, asked in statement.Condition
	is_string(operator)
	is_object(asked)
	regex.match(_binds_nothing, operator)
	some name, _ in asked
	regex.match(oidc.identifying, name)
} else := "no condition names the subject"

open_subjects(statement) := [claim |
	federated(statement)
	some claim in claims(statement, oidc.identifying)
	_open(claim)
]

# broad_subjects are the ways in which a statement lets more tokens in than need it,
# with what to say of each.
broad_subjects(statement) := [{"path": claim.path, "what": what} |
	federated(statement)
	some claim in claims(statement, `:sub$`)
	not oidc.stranger(claim.text)
	some what in _broad(statement, claim)
]

_broad(statement, claim) := {$"{what}: {claim.text}" | some what in oidc.broad(claim.text, contains(lower(claim.operator), "like"))} | {$"tokens without the claim: {claim.operator} holds for them" |
	every other in claims(statement, oidc.identifying) {
		regex.match(_holds_for_none, other.operator)
	}
}

# _holds_for_none are the operators that hold where a token has no such claim.
_holds_for_none := `(?i)^ForAllValues:|IfExists$`

_open(claim) if {
	contains(lower(claim.operator), "like")
	oidc.stranger(claim.text)
}

_open(claim) if {
	claim.path[2] == "token.actions.githubusercontent.com:sub"
	oidc.chosen(claim.text)
}

# federated holds for a statement by which tokens of an identity provider open a
# role. Of one that is not known it is taken for granted that its subjects differ.
federated(statement) if {
	allows(statement)
	some action in texts(statement, "Action")
	action.text in {"sts:AssumeRoleWithWebIdentity", "sts:*", "*"}
	some provider in _listed(object.get(statement, ["Principal", "Federated"], []))
	not _names_no_subject(provider)
}

_listed(value) := value if {
	is_array(value)
} else := [value]

# Logins of people to an application are told apart by other claims, and a provider
# that SAML describes has no such claims at all.
_names_no_subject(provider) if {
	some found in values.members(provider)
	is_string(found.value)
	regex.match(`^(?:cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com|accounts\.google\.com)$|:saml-provider/`, found.value)
}

_names_no_subject(provider) if {
	some reference in values.references(provider)
	regex.match(`^(?:.*\.)?aws_iam_saml_provider\.`, reference)
}

# _binds_nothing are the operators that say what a claim is not, or whether it is there:
# every other value fits.
_binds_nothing := `(?i)^(?:For(?:AllValues|AnyValue):)?(?:(?:Arn|Numeric|String)Not|Null$)`

# claims are what the conditions of a statement ask claims to be whose names match a
# pattern, with the operator and the place. One that is not known is taken for one.
claims(statement, names) := [{"operator": operator, "path": array.concat(["Condition", operator, name], found.path), "text": found.text} |
	some operator, asked in object.get(statement, "Condition", {})
	is_string(operator)
	is_object(asked)
	not regex.match(_binds_nothing, operator)
	some name, value in asked
	_asks(name, names)
	some found in _claimed(value)
]

_asks("$unknown", _)

_asks(name, names) if regex.match(names, name)

_claimed(value) := [{"path": [], "text": ""}] if {
	count(values.members(value)) == 0
} else := [{"path": member.path, "text": sprintf("%v", [member.value])} | some member in values.members(value)]
