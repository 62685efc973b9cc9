package policyctl.lib.pipeline_test

import data.policyctl.lib.pipeline

_steps := [
	{"job": "a", "index": 0, "name": "Build", "id": "b", "component": "x/y@v1"},
	{"job": "a", "index": 1, "name": "${{ matrix.x }}", "id": "b", "component": "x/y@v1"},
	{"job": "a", "index": 2, "component": "x/y@v1"},
	{"job": "a", "index": 3},
	{"index": 0, "name": "Sign"},
]

test_places if {
	every element, words in {
		{"job": "a", "step": 0}: "step \"Build\" of job \"a\"",
		{"job": "a", "step": 1}: "step \"b\" of job \"a\"",
		{"job": "a", "step": 2}: "step \"x/y\" of job \"a\"",
		{"job": "a", "step": 3}: "step 4 of job \"a\"",
		{"step": 0}: "step \"Sign\"",
		{"job": "a"}: "job \"a\"",
		{}: "the whole pipeline",
	} {
		pipeline.place(element) == words with input as {"steps": _steps}
	}
}

# Steps of actions that others call are not counted.
test_numbers if {
	steps := [{"job": "a", "index": 0}, {"job": "a", "index": 1, "inner": true}, {"job": "a", "index": 2}]
	pipeline.place({"job": "a", "step": 1}) == "step 1 of job \"a\"" with input as {"steps": steps}
	pipeline.place({"job": "a", "step": 2}) == "step 2 of job \"a\"" with input as {"steps": steps}
}

_exposure(fields) := object.union({"secret": {"name": "T"}, "platform_token": false, "at": "input", "job": "a", "component": "x/y@v1"}, fields)

test_user_exposures if {
	found := pipeline.user_exposures with input as {"exposures": [
		_exposure({}),
		_exposure({"platform_token": true}),
		_exposure({"at": "condition"}),
		{"secret": {"all": true}, "platform_token": false, "at": "input"},
	]}
	{exposure.path | some exposure in found} == {["exposures", 0]}
}

test_components if {
	components := [
		{"ref": "x/y@v1", "kind": "action", "job": "a", "step": 0, "first_party": false},
		{"ref": "alpine", "kind": "image", "job": "a", "first_party": false},
		{"ref": "x/y/z.yml@v1", "kind": "reusable", "job": "b", "first_party": false},
	]
	pipeline.component(_exposure({"step": 0})) == components[0] with input as {"components": components}
	pipeline.component(_exposure({"job": "b", "component": "x/y/z.yml@v1"})) == components[2] with input as {"components": components}
	not pipeline.component(_exposure({"step": 1})) with input as {"components": components}
	group := {"secret": {"group": "G"}, "platform_token": false, "at": "input", "job": "a", "step": 0, "component": "x/y@v1"}
	all := {"secret": {"group": "G"}, "platform_token": false, "at": "forwarded", "job": "b", "component": "x/y/z.yml@v1"}
	found := pipeline.given with input as {"platform": "gitlab", "components": components, "exposures": [_exposure({"step": 0}), _exposure({"step": 0, "at": "inline"}), group, all]}
	{[gift.path, gift.component.ref] | some gift in found} == {[["exposures", 0], "x/y@v1"], [["exposures", 2], "x/y@v1"]}
}

test_privileged_events if {
	not "pull_request" in pipeline.privileged_events
	"comment" in pipeline.privileged_events
}

_flow(fields) := object.union({"secret": {"name": "T"}, "platform_token": false, "sink": "log", "transformed": [], "masked": "no", "confidence": "exact", "job": "a", "step": 0, "command": "echo"}, fields)

test_flows if {
	flows := [
		_flow({}),
		_flow({"platform_token": true}),
		_flow({"confidence": "possible"}),
		_flow({"secret": {"name": "DB_USER"}}),
		_flow({"sink": "network"}),
		_flow({"sink": "git_remote"}),
		_flow({"masked": "yes"}),
		_flow({"secret": {"name": "S"}}),
		_flow({"transformed": ["json"], "variable": "PROJECT_ID"}),
	]
	{flow.path[1] | some flow in pipeline.flows_to.log} == {0, 6, 7} with input as {"flows": flows}
	{flow.path[1] | some flow in pipeline.sent} == {4, 5} with input as {"flows": flows}
	{{flow.path[1] | some flow in found} | some found in pipeline.log_flows.print} == {{0, 7}} with input as {"flows": flows}
}

test_words if {
	pipeline.called({"name": "T"}) == "secret T"
	pipeline.called({"name": "T", "given": ["A", "B"]}) == "secret A or B (here T)"
	pipeline.called({"name": "password", "group": "db", "store": "kubernetes"}) == "secret db/password"
	pipeline.called({"group": "shop", "store": "context"}) == "all of shop"
	pipeline.called({"all": true}) == "all secrets"
	pipeline.changed({"transformed": []}) == ""
	pipeline.changed({"transformed": ["base64"], "command": "base64"}) == ""
	pipeline.changed({"transformed": ["base64", "base64"]}) == ", changed by base64,"
	pipeline.changed({"transformed": ["base64", "case"]}) == ", changed by base64 and case,"
	pipeline.where({"job": "a", "index": 3}) == "step 4 of job \"a\"" with input as {"steps": _steps}
	pipeline.step({"job": "a", "step": 1}).id == "b" with input as {"steps": _steps}
}

test_confidential if {
	every name in ["API_TOKEN", "KEY", "WEBHOOK_URL", "USER_PASSWORD", "CERT"] {
		pipeline.confidential({"name": name})
	}
	every name in ["DB_HOST", "AWS_REGION", "DOCKER_USERNAME", "ARM_CLIENT_ID", "aws_access_key_id", "GPG_PUBKEY"] {
		not pipeline.confidential({"name": name})
	}
	pipeline.confidential({"all": true})
	pipeline.confidential({"name": "registry", "store": "credentials"})
	not pipeline.confidential({"name": "REGISTRY"})
}

test_printed if {
	every command, kind in {"echo": "print", "env": "dump", "declare -p": "dump", "gci env:": "dump", "set -x": "trace", "curl -sv": "verbose", "TF_LOG": "verbose"} {
		pipeline.printed({"command": command}) == kind
	}
}

test_environments if {
	doc := {
		"steps": _steps,
		"exposures": [
			_exposure({"at": "step_env", "step": 0}),
			_exposure({"at": "job_env", "secret": {"name": "J"}, "readers": [{"job": "a", "step": 0}, {"job": "a", "step": 1}]}),
			_exposure({"at": "ambient", "step": 1}),
		],
		"flows": [_flow({"sink": "env_file", "secret": {"name": "E"}, "step": 1})],
	}
	every index, names in ["secret J, secret T", "secret J", "secret E", "secret E"] {
		pipeline.names(pipeline.environment({"job": "a", "index": index})) == names with input as doc
	}
	pipeline.environment({"index": 0}) == set() with input as doc
}

test_logins if {
	pipeline.login({"tool": "docker login"})
	not pipeline.login({"tool": "echo"})
}

test_own_machines if {
	jobs := [{"id": "a", "runner": {"kind": "self_hosted"}}, {"id": "b", "runner": {"kind": "self_hosted"}, "container": "alpine"}, {"id": "c", "runner": {"kind": "hosted"}}]
	pipeline.own_machine({"job": "a"}) with input as {"jobs": jobs}
	not pipeline.own_machine({"job": "b"}) with input as {"jobs": jobs}
	not pipeline.own_machine({"job": "c"}) with input as {"jobs": jobs}
	not pipeline.own_machine({}) with input as {"jobs": jobs}
	not pipeline.own_machine({"job": "a"}) with input as {"jobs": [{"id": "a", "runner": {"kind": "self_hosted", "labels": ["self-hosted", "linux-Ephemeral"]}}]}
}

test_foreign_components if {
	components := [
		{"kind": "action", "first_party": false, "pin": "version", "job": "a", "step": 0},
		{"kind": "action", "first_party": true, "pin": "version", "job": "a", "step": 0},
		{"kind": "action", "first_party": false, "pin": "local", "job": "a", "step": 0},
		{"kind": "image", "first_party": false, "pin": "version", "job": "a"},
	]
	pipeline.foreign_components({"job": "a", "step": 0}) == {0} with input as {"components": components}
	pipeline.foreign_components({"job": "a", "step": 1}) == set() with input as {"components": components}
	plugin := {"kind": "plugin", "name": "deploy", "first_party": false, "pin": "version", "job": "a", "step": 0}
	pipeline.foreign_components({"job": "a", "step": 0}) == {0} with input as {"components": [plugin]}
	pipeline.foreign_components({"job": "a", "step": 0}) == set() with input as {"components": [object.union(plugin, {"name": "vault-secrets"})]}
}

test_arguments if {
	flows := [
		_flow({"sink": "argv", "command": "curl"}),
		_flow({"sink": "argv", "command": "ssh"}),
		_flow({"sink": "argv", "command": "git"}),
		_flow({"sink": "git_remote", "command": "git clone"}),
		_flow({"sink": "argv", "command": "git", "step": 1}),
	]
	{flow.path[1] | some flow in pipeline.arguments} == {0, 4} with input as {"flows": flows}
}

test_traces_of_prints if {
	flows := [_flow({"command": "set -x"}), _flow({}), _flow({"command": "set -x", "transformed": ["case"]})]
	{{flow.path[1] | some flow in found} | some found in pipeline.log_flows.trace} == {{2}} with input as {"flows": flows}
}

test_downstream if {
	pipeline.downstream({"at": "forwarded", "job": "a"}) with input as {"platform": "gitlab"}
	not pipeline.downstream({"at": "forwarded", "job": "a"}) with input as {"platform": "githubactions"}
	not pipeline.downstream({"at": "input", "job": "a"}) with input as {"platform": "gitlab"}
}

test_steps_of if {
	count(pipeline.steps_of({"job": "a"})) == 4 with input as {"steps": _steps}
	pipeline.steps_of({"job": "z"}) == set() with input as {"steps": _steps}
}

test_trivial if {
	every script in ["echo hi", "mkdir -p x && cp a \"$DIR/b\"\n# done\n", "", "set -e; cat x | grep y"] {
		pipeline.trivial(script)
	}
	every script in ["make", "echo $(whoami)", "echo `id`", "echo hi && ./x", "catx", "echo \"a; make\""] {
		not pipeline.trivial(script)
	}
}

test_unread if {
	pipeline.unread({"job": "a"}) with input as {"gaps": [{"job": "a"}]}
	pipeline.unread({"job": "a"}) with input as {"gaps": [{"what": "x"}]}
	not pipeline.unread({"job": "a"}) with input as {"gaps": [{"job": "b"}]}
}

test_install if {
	pipeline.install("cd x && npm ci\nnpm test") == "npm ci"
	not pipeline.install("npm ci --ignore-scripts")
	not pipeline.install("npm test")
}

test_secrets_of_jobs if {
	exposures := [
		_exposure({}),
		_exposure({"secret": {"name": "P"}, "job": ""}),
		_exposure({"secret": {"name": "B"}, "job": "b"}),
		_exposure({"secret": {"name": "D"}, "at": "default"}),
		_exposure({"secret": {"name": "DB_USER"}}),
	]
	pipeline.secrets_of("a") == {"secret T", "secret P"} with input as {"exposures": exposures}
	pipeline.secrets_of("c") == {"secret P"} with input as {"exposures": exposures}
	pipeline.secrets_beside({"job": "c"}) == {"secret P"} with input as {"exposures": exposures}
	pipeline.secrets_beside({}) == {"secret T", "secret P", "secret B"} with input as {"exposures": exposures}
}

test_what_runs_after_a_checkout if {
	steps := [
		{"job": "a", "index": 0, "kind": "shell"},
		{"job": "a", "index": 1, "kind": "component", "component": "actions/checkout@v6"},
		{"job": "a", "index": 2, "kind": "component", "component": "./build"},
		{"job": "a", "index": 3, "kind": "component", "component": "docker/build-push-action@v6"},
		{"job": "a", "index": 4, "kind": "component", "component": "x/y@v1"},
		{"job": "b", "index": 5, "kind": "shell"},
	]
	components := [
		{"job": "a", "step": 1, "ref": "actions/checkout@v6", "pin": "version"},
		{"job": "a", "step": 2, "ref": "./build", "pin": "local"},
		{"job": "a", "step": 3, "ref": "docker/build-push-action@v6", "pin": "version", "owner": "docker", "name": "build-push-action"},
		{"job": "a", "step": 4, "ref": "x/y@v1", "pin": "version", "owner": "x", "name": "y"},
	]
	pipeline.run_after({"job": "a", "step": 1}) == {2, 3} with input as {"steps": steps, "components": components}
	pipeline.run_after({"job": "c", "step": 1}) == set() with input as {"steps": steps, "components": components}
}

test_texts_of_the_file if {
	doc := {"steps": [{"script": "make"}, {"index": 1}, {"script": "npm ci"}], "literals": [{"variable": "A"}], "components": [{"name": "x"}]}
	pipeline.scripts == "make\nnpm ci" with input as doc
	pipeline.variables == "A" with input as doc
	pipeline.names_of_components == "x" with input as doc
	pipeline.says("make\nnpm ci", {"yarn", "npm "})
	not pipeline.says("make", {"yarn", "npm "})
}

test_lists_by_what_is_in_them if {
	doc := {
		"steps": _steps,
		"components": [{"facts": {"does": ["publish"]}}, {"called": {"path": "x"}}],
		"identities": [{"kind": "oidc"}, {"kind": "platform_token"}],
		"exposures": [_exposure({"at": "step_env", "step": 2})],
	}
	pipeline.does == {"publish": {0}} with input as doc
	object.keys(pipeline.calls) == {1} with input as doc
	pipeline.identities_of == {"oidc": {0}, "platform_token": {1}} with input as doc
	object.keys(pipeline.secrets_at) == {2} with input as doc
	pipeline.has_secrets with input as doc
	not pipeline.has_secrets with input as {"exposures": []}
}

test_texts if {
	pipeline.texts({"inputs": {"a": "x", "b": ["y"]}}) == {"a": "x"}
	pipeline.texts({}) == {}
}

test_unneeded if {
	doc := {"platform": "githubactions", "checkouts": [{"job": "a", "step": 0, "credential": "work_tree"}], "gaps": []}
	every script in ["make", "legit ghost"] {
		pipeline.unneeded == {0} with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "kind": "shell", "script": script}]})
	}
	every script in ["git push", "gh pr list", "make Release"] {
		count(pipeline.unneeded) == 0 with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "kind": "shell", "script": script}]})
	}
	count(pipeline.unneeded) == 0 with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "kind": "component", "component": "x"}]})
}

test_unpersist if {
	doc := {"platform": "githubactions", "checkouts": [{"job": "a", "step": 0, "credential": "work_tree"}], "gaps": []}
	every script in ["go test ./...", "npm ci && sudo apt-get install -y jq", "CI=1 npm install\nls -l"] {
		pipeline.unpersist(0).fix with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "kind": "shell", "script": script}]})
	}
	every script in ["make", "npm run docs", "npx gh-pages -d dist", "./ci/rel", "npm ci && make", "npm ci $(make)", "go run ./cmd/x", "npm installer"] {
		pipeline.unpersist(0) == {} with input as object.union(doc, {"steps": [{"job": "a", "index": 1, "kind": "shell", "script": script}]})
	}
}

test_what_names_a_change if {
	pipeline.named(0) == ["checkouts", 0, "ref"] with input as {"checkouts": [{"ref": "github.head_ref"}]}
	pipeline.named(0) == ["checkouts", 0] with input as {"checkouts": [{"step": 0}]}
	pipeline.held({"job": "a"}) == "secrets" with input as {"exposures": [_exposure({})]}
	pipeline.held({"job": "a"}) == "the token of the job" with input as {"exposures": []}
}
