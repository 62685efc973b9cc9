# Package oidc judges whom a trust in identity tokens means, whatever file it stands
# in: the issuers that strangers have tokens of, and the subjects that they can have.
package policyctl.lib.oidc

# issuers are the hosts that give tokens to everybody. Their subjects are told apart
# by what begins them.
issuers := {
	"agent.buildkite.com", "api.bitbucket.org", "api.pulumi.com", "app.spacelift.io", "app.terraform.io", "gitlab.com", "oidc.circleci.com",
	"oidc.scalr.io", "oidc.vercel.com", "token.actions.githubusercontent.com",
}

# shared holds for the address of such an issuer.
shared(address) if {
	host := regex.replace(regex.replace(address, `^https://`, ""), `/.*$`, "")
	host in issuers
}

# Spacelift gives every customer a host of its own.
shared(address) if regex.match(`^(?:https://)?[a-z0-9-]+\.app\.spacelift\.io(?:/|$)`, address)

# identifying are the names of claims that say whose a token is.
identifying := concat("", [
	`:(?:sub|oaud|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref|project_path|project_id|namespace_id`,
	`|organization_slug|oidc\.circleci\.com/project-id)$`,
])

# stranger holds for a pattern of subjects that fits a name of a stranger's choice.
stranger(pattern) if regex.match(`^[*?]|^[a-z_]+:[*?]|^(?:repo|project_path|organization|org|workspace)[:/][^/:*?]*[*?]`, pattern)

# At GitHub everybody may choose which claims the subject of their tokens is made of.
# A subject that begins with none that says whose it is can be anybody's.
chosen(subject) if {
	regex.match(`^(?:actor|actor_id|base_ref|context|environment|event_name|head_ref|ref|ref_type|runner_environment|sha|workflow|workflow_ref):`, subject)
}

# broad says of a pattern of subjects, or of one that stands for itself, how many more
# than one branch or workload it lets in.
broad(text, is_pattern) := {what |
	is_pattern
	some what, pattern in {
		"every repository of an owner": `^(?:repo:|project_path:)[^/*?]+/(?:\*|[^:]*\*$)`,
		"every service account of a namespace or cluster": `^system:serviceaccount:(?:[^:]*[*?][^:]*:|[^:]+:[*?]$|[*?]$)`,
		"every workspace of an organisation": `^organization:[^:*?]+:(?:[*?]|project:[*?]|project:[^:]+:workspace:[*?])`,
	}
	regex.match(pattern, text)
} | {"proposed changes" | regex.match(`^repo:[^:]+:pull_request$`, text)}

# loose are the parts of a condition of Google Cloud that compare who a token is of by a
# part of a name that everybody may have: an owner that begins alike, a repository that ends
# so. A condition that also names one whole, and asks for both, is none.
loose(condition) := {part |
	not _names_whole(condition)
	some [part, claim, function, text] in regex.find_all_string_submatch_n(
		`(?:assertion|attribute|google)\.(repository|repository_owner|sub|subject|project_path|namespace_path)\.(startsWith|endsWith|contains)\(\s*['"]([^'"]*)['"]\s*\)`,
		condition, -1,
	)
	_anybodys(claim, function, text)
}

_names_whole(condition) if {
	not contains(condition, "||")
	regex.match(`(?:assertion|attribute|google)\.(?:repository|repository_id|repository_owner|repository_owner_id|sub|subject|project_path|project_id|namespace_path|namespace_id)\s*(?:==|in\b)`, condition)
}

_anybodys(_, function, _) if function != "startsWith"

_anybodys("repository_owner", "startsWith", _)

_anybodys(claim, "startsWith", text) if {
	claim in {"repository", "project_path", "namespace_path"}
	not contains(text, "/")
}

_anybodys(claim, "startsWith", text) if {
	claim in {"sub", "subject"}
	stranger($"{text}*")
}

# unnamed are the alternatives of a condition of Google Cloud that do not say whose a token
# is: they ask for claims that everybody's tokens can have, or for none. Of alternatives
# within parentheses nothing is said.
unnamed(condition) := {trim_space(alternative) |
	some alternative in _alternatives(condition)
	not _names_somebody(alternative)
}

_alternatives(condition) := [condition] if {
	regex.match(`(?:^|[\s(!&|])\(`, condition)
} else := split(condition, "||")

_names_somebody(alternative) if {
	rest := regex.replace(alternative, `\b(?:has|size)\([^)]*\)`, "")
	some [_, negated, name, key, differs] in regex.find_all_string_submatch_n(`(!?)\b(?:assertion|attribute|google)(?:\.(\w+)|\[['"](\w+)['"]\])(\s*!=)?`, rest, -1)
	concat("", [negated, differs]) == ""
	not concat("", [name, key]) in _of_everybody
}

# _of_everybody are claims about the run and the code, not about whose they are.
_of_everybody := {
	"aud", "base_ref", "deployment_tier", "environment", "environment_protected", "event_name", "exp", "head_ref", "iat", "iss", "jti", "nbf",
	"pipeline_source", "ref", "ref_protected", "ref_type", "run_attempt", "run_id", "run_number", "runner_environment", "sha", "workflow",
}
