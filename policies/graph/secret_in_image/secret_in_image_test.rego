package policyctl.graph.secret_in_image_test

import data.policyctl.graph.secret_in_image as rule

_use(fields) := object.union(
	{
		"name": "NPM_TOKEN", "slot": "docker-secret:NPM_TOKEN", "consumer": "docker:Dockerfile", "confidence": "exact",
		"delivery": "build-arg", "claims": [{"contract": "npm", "state": "active"}],
	},
	fields,
)

_found(class, fields) := result if {
	result := rule.deny with input as {"uses": [_use(fields)], "contracts": {"npm": {"class": class}}}
}

test_a_build_argument_and_a_variable if {
	_found("api-key", {}) == {{
		"path": ["uses", 0],
		"subject": "docker-secret:NPM_TOKEN",
		"message": "docker:Dockerfile builds NPM_TOKEN of contract npm into an image by build-arg",
		"related": [{"message": "contract npm", "path": ["contracts", "npm"]}],
	}}
	count(_found("api-key", {"delivery": "image"})) == 1
}

test_silent if {
	count(_found("identifier", {})) == 0
	every fields in [{"delivery": "file"}, {"confidence": "derived"}, {"claims": []}, {"claims": [{"contract": "npm", "state": "retired"}]}] {
		count(_found("api-key", fields)) == 0
	}
}
