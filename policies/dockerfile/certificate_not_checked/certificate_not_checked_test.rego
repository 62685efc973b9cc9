package policyctl.dockerfile.certificate_not_checked_test

import data.policyctl.dockerfile.certificate_not_checked as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_run(words) := _file([{"name": "RUN", "commands": [{"words": words}]}])

test_options if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "commands", 0, "words", 1],
		"message": "curl does not check the certificates of hosts: -fsSLk",
	}} with input as _run(["curl", "-fsSLk", "https://example.com"])
	every words in [
		["curl", "--insecure", "https://example.com"], ["wget", "--no-check-certificate", "https://example.com"],
		["pip", "install", "--trusted-host", "pypi.example.com", "a"], ["python3", "-m", "pip", "install", "--trusted-host=a", "b"],
		["npm", "ci", "--strict-ssl=false"], ["npm", "config", "set", "strict-ssl", "false"],
		["git", "-c", "http.sslVerify=false", "clone", "a"], ["git", "config", "--global", "http.sslverify", "false"],
		["dnf", "--setopt=sslverify=0", "install", "a"], ["apt-get", "-o", "Acquire::https::Verify-Peer=false", "update"],
	] {
		count(rule.deny) == 1 with input as _run(words)
	}
}

test_variables if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "pairs", 0, "value"],
		"message": "ENV NODE_TLS_REJECT_UNAUTHORIZED of the final stage says not to check the certificates of hosts",
	}} with input as _file([{"name": "ENV", "pairs": [{"key": "NODE_TLS_REJECT_UNAUTHORIZED", "value": "0"}, {"key": "PATH", "value": "/a"}]}])
	count(rule.deny) == 1 with input as _file([{"name": "RUN", "commands": [{"assignments": [{"name": "GIT_SSL_NO_VERIFY", "value": "true"}], "words": ["git", "clone", "a"]}]}])
}

test_silent if {
	every words in [
		["curl", "-fsSL", "-o", "k", "https://example.com"], ["curl", "-k", "https://localhost:8443/health"],
		["wget", "https://example.com"], ["npm", "config", "set", "strict-ssl", "true"], ["pip", "install", "trusted-host"],
		["git", "config", "http.sslVerify", "true"], ["grep", "-k", "--insecure"],
	] {
		count(rule.deny) == 0 with input as _run(words)
	}
	count(rule.deny) == 0 with input as _file([{"name": "ENV", "pairs": [{"key": "PYTHONHTTPSVERIFY", "value": "1"}, {"key": "PIP_TRUSTED_HOST", "value": "$HOST"}]}])
	count(rule.deny) == 0 with input as _file([{"name": "HEALTHCHECK", "commands": [{"words": ["curl", "-k", "https://app"]}]}])
}
