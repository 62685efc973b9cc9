# METADATA
# title: Included pipeline can change at any time
# description: >-
#   What a template, library or orb says becomes a part of the pipeline and sees its
#   secrets. A branch, or the newest version, means whatever its owner pushes next.
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Pin to a commit, or to a version that cannot be moved. GitLab: ref of project
#     includes, @1.2.3 of components; Azure: ref of the repository resource; Jenkins:
#     @Library('name@version'); CircleCI: namespace/orb@1.2.3.
#   tags: [third-party, supply-chain]
#   cwe: [829]
package policyctl.pipeline.unpinned_include

import data.policyctl.lib.pipeline

# What a server sends has a rule of its own, and on GitHub only those secrets are
# seen that are handed on: secret-to-unpinned-component tells them.
deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	input.platform != "githubactions"
	some i, component in input.components
	component.pin in {"branch", "none"}
	_included(component)
	message := $"{pipeline.place(component)} includes {component.ref}, which can change at any time"
}

# Templates of GitLab itself come with the server.
_included(component) if {
	component.kind == "reusable"
	not component.first_party
	not startswith(lower(component.ref), "http")
	not component.job
}

# A template of Azure may be steps of a job, and what a resolver of Tekton fetches runs
# with the account and the workspaces of the run; elsewhere a job that calls a pipeline
# starts another one, with secrets of its own.
_included(component) if {
	component.kind == "reusable"
	component.job
	input.platform in {"azure", "tekton"}
	not component.first_party
}

_included(component) if component.kind in {"shared_library", "orb"}

_included(component) if {
	component.kind == "plugin"
	not component.first_party
}
