# METADATA
# title: Token of the job goes to another host
# description: >-
#   The token that the platform makes for a job opens the repository. The host that
#   gets it is none of the platform's.
# custom:
#   severity: high
#   fix: Give that host a credential of its own, with no rights on the repository.
#   tags: [secret-exposure]
#   cwe: [201]
package policyctl.pipeline.job_token_to_foreign_host

import data.policyctl.lib.pipeline

deny contains {"path": ["flows", i], "subject": flow.address, "message": message, "targets": [flow.host]} if {
	some i, flow in input.flows
	flow.platform_token
	flow.sink in {"network", "git_remote"}
	contains(flow.host, ".")
	_foreign(flow.host)
	message := $"{pipeline.place(flow)} sends {flow.secret.name}, the token of the job, to {flow.host}"
}

# An installation of one's own has the platform's name in that of its host, more
# often than not.
_foreign(host) if not regex.match(_own[input.platform], host)

_own := {
	"azure": `(?:^|\.)(?:azure\.com|visualstudio\.com|microsoft\.com)$|azure|devops|tfs`,
	"githubactions": `(?:^|\.)(?:ghcr\.io|ghe\.com)$|github|(?:^|\.)ghe?\.|(?:^|\.)git\.`,
}

# Those of GitLab have any name, so only hosts that are known to be others' count, and
# those of which a script asks what is no path of GitLab.
_foreign(host) if {
	input.platform == "gitlab"
	regex.match(`(?:^|\.)(?:amazonaws\.com|azure\.com|bitbucket\.org|discord\.com|docker\.io|github\.com|googleapis\.com|ngrok(?:-free)?\.(?:app|dev|io)|npmjs\.org|pypi\.org|slack\.com|telegram\.org|webhook\.site)$`, host)
}

_foreign(host) if {
	input.platform == "gitlab"
	not regex.match(`gitlab|(?:^|\.)git\.|^localhost`, host)
	paths := {path |
		some flow in input.flows
		flow.platform_token
		flow.sink == "network"
		flow.host == host
		flow.command in {"curl", "wget", "http", "https"}
		some path in _paths(pipeline.step(flow).script, host)
	}
	count(paths) > 0
	every path in paths {
		not regex.match(_own_path, path)
	}
}

# _paths are what stands behind a host in the addresses of a script.
_paths(script, host) := {path |
	some address in regex.find_n(`https?://[^\s"'<>]+`, script, -1)
	[_, behind] := split(address, "://")
	path := trim_prefix(regex.replace(behind, `^[^/@]*@`, ""), host)
	regex.match(`^(?::\d+)?(?:[/?#]|$)`, path)
	startswith(regex.replace(behind, `^[^/@]*@`, ""), host)
}

_own_path := `/api/|/-/|/jwt/|/oauth/|/v2/|/uploads/|/raw/|\.git\b|[$\\]`
