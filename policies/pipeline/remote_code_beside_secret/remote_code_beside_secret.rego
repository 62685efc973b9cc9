# METADATA
# title: Download is run unseen beside a secret
# description: >-
#   What a server sends is run as it comes, with secrets among its variables. Whoever
#   controls the server, its name or its storage gets them.
# custom:
#   severity: high
#   fix: Download to a file, compare its checksum (sha256sum -c), then run it, in a step without secrets. In addresses of repositories, name a commit.
#   tags: [supply-chain]
#   cwe: [494]
package policyctl.pipeline.remote_code_beside_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	some i, found in pipeline.secrets_at
	step := input.steps[i]
	some command in _downloads(step.script)
	message := $"{pipeline.where(step)} runs a download as it comes, with {pipeline.names(found)} in its environment"
}

# A commit in the address cannot change.
_downloads(script) := {command |
	regex.match(`curl|wget|iwr|irm|Invoke-`, script)
	some pattern in _patterns
	some [command] in regex.find_all_string_submatch_n(pattern, script, -1)
	not regex.match(`\b[0-9a-f]{40}\b`, command)
}

_patterns := {
	`\b(?:curl|wget)\b[^|;&\n#]*(?:\\\n[^|;&\n#]*)*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:/(?:usr/)?bin/)?(?:ba|da|z|k)?sh\b`,
	`\b(?:curl|wget)\b[^|;&\n#]*(?:\\\n[^|;&\n#]*)*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:python3?|perl|ruby|node)(?:\s+-)?\s*(?:$|[\n;&])`,
	`\b(?:bash|sh|source|\.)\s+<\(\s*(?:curl|wget)\b[^)\n]*\)`,
	`\b(?:(?:bash|sh)\s+-c|eval)\s+"?\$\(\s*(?:curl|wget)\b[^)\n]*\)`,
	`(?i)\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^|;\n]*\|\s*(?:iex|Invoke-Expression)\b`,
	`(?i)\b(?:iex|Invoke-Expression)\b[^;\n]*\b(?:DownloadString|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b`,
}
