# METADATA
# title: Machine is not asked who it is
# description: >-
#   The job logs in by a key and takes whichever machine answers for the right one. Who
#   stands in between gets what is sent (code, secrets, commands), and answers in its place.
#   A key that is fetched in the same run comes from whoever answers, too.
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Store the host key of the machine (a line of known_hosts) with the pipeline and write it to ~/.ssh/known_hosts;
#     for an action, set its fingerprint or known hosts.
#   tags: [injection]
#   cwe: [322]
package policyctl.pipeline.ssh_host_key_unchecked

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": option, "subject": step.address, "message": message} if {
	pipeline.says(pipeline.scripts, {"HostKeyChecking", "UserKnownHostsFile", "known_hosts", "HOST_KEY_CHECKING"})
	some i, step in input.steps
	option := regex.find_n(_unchecked, step.script, 1)[0]
	key := _key(step)
	message := $"\"{option}\" in {pipeline.where(step)} takes any machine for the right one, in a job that has {key}"
}

deny contains {"path": ["literals", i, "value"], "subject": literal.address, "message": message} if {
	pipeline.says(pipeline.variables, {"SSH", "RSH", "ANSIBLE"})
	some i, literal in input.literals
	regex.match(_unchecked_variable, $"{literal.variable}={literal.value}")
	key := _key(literal)
	message := $"{literal.variable} of {pipeline.place(literal)} takes any machine for the right one, in a job that has {key}"
}

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	pipeline.says(pipeline.names_of_components, {"scp-action", "ssh-action"})
	some i, component in input.components
	$"{component.owner}/{component.name}" in {"appleboy/scp-action", "appleboy/ssh-action"}
	not component.inputs.fingerprint
	some credential in component.facts.credentials
	credential.kind in {"password", "private_key"}
	message := $"{pipeline.place(component)} logs in to a machine and has no fingerprint to know it by"
}

_unchecked := concat("|", [
	`StrictHostKeyChecking[= ](?:"?no\b|off\b|accept-new\b)`,
	`UserKnownHostsFile[= ]/dev/null`,
	`\bssh-keyscan\b[^\n|;&]*>>?\s*\S*known_hosts\S*`,
	`\bssh-keyscan\b[^\n;&]*\|\s*tee[^\n;&]*known_hosts\S*`,
	`ANSIBLE_HOST_KEY_CHECKING=(?i:false|no|0)\b`,
])

_unchecked_variable := `^(?:GIT_SSH_COMMAND|GIT_SSH|RSYNC_RSH|SSH_OPTIONS?|SSH_ARGS|ANSIBLE_[A-Z_]+)=.*(?:StrictHostKeyChecking[= ]no|UserKnownHostsFile[= ]/dev/null)|^ANSIBLE_HOST_KEY_CHECKING=(?i:false|no|0)$`

# _key words the key by which a job logs in to machines.
_key(element) := $"secret {min(found)}" if {
	found := {name |
		some job in {object.get(element, "job", ""), ""}
		some name in _secrets[job]
	}
	count(found) > 0
} else := $"the key of {split(ref, "@")[0]}" if {
	ref := min(_agents[object.get(element, "job", "")])
}

_secrets := _secrets_of

_secrets_of[object.get(exposure.value, "job", "")] contains exposure.value.secret.name if {
	some exposure in pipeline.user_exposures
	some name in [exposure.value.secret.name, exposure.value.variable]
	regex.match(`(?i)ssh|(?:deploy|private|id|server|host)[_-]?(?:rsa|ed25519|key)|\bpem|rsa_key|_pem$`, name)
	pipeline.confidential(exposure.value.secret)
	not regex.match(`(?i)known[_-]?hosts|(?:user|host|port|path|dir)$`, exposure.value.secret.name)
}

# Of Jenkins.
_secrets_of[exposure.value.job] contains exposure.value.secret.name if {
	some exposure in pipeline.user_exposures
	exposure.value.component == "sshagent"
}

_agents := _agents_of

_agents_of[object.get(component, "job", "")] contains component.ref if {
	some component in input.components
	some credential in component.facts.credentials
	credential.kind == "private_key"
	"SSH_AUTH_SOCK" in {export.variable | some export in component.facts.exports}
}
