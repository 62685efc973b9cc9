# Package pipeline reads the neutral shape of pipelines: it joins the flat lists
# and words where a thing stands. It judges nothing. The shape is documented in
# internal/pipeline/model/model.go.
package policyctl.lib.pipeline

# user_exposures are the places where a named secret of the user is handed on.
# The token that the platform makes for each job is no such secret, and neither
# is a value that only decides a condition. What a script fetches nobody hands on.
user_exposures contains {"path": ["exposures", i], "value": exposure} if {
	some i, exposure in input.exposures
	not exposure.platform_token
	exposure.secret.name
	not exposure.at in {"condition", "fetched"}
}

# place words where an element stands: step "publish" of job "build".
place(element) := $"step {_label(step)} of job \"{element.job}\"" if {
	step := _step(element)
	element.job
} else := $"step {_label(step)}" if {
	step := _step(element)
} else := $"job \"{element.job}\"" if {
	element.job
} else := "the whole pipeline"

# component gives what an exposure's step runs, or its job calls.
component(exposure) := found if {
	some found in _components[[object.get(exposure, "job", ""), object.get(exposure, "step", -1)]]
	found.ref == exposure.component
}

# What is looked up often is made once, as a whole: a rule is asked for each key anew.
_components := _components_of

_components_of[[object.get(component, "job", ""), object.get(component, "step", -1)]] contains component if {
	some component in input.components
}

_step(element) := input.steps[positions[_key(element)]]

# positions tell where in the list the step of a job stands.
positions := {[object.get(step, "job", ""), step.index]: i | some i, step in input.steps}

_key(element) := [object.get(element, "job", ""), object.get(element, "step", -1)]

# _label is what the author calls a step, or else what it runs, or its number.
_label(step) := $"\"{step.name}\"" if {
	not contains(step.name, "${{")
} else := $"\"{step.id}\"" if {
	step.id
} else := $"\"{split(step.component, "@")[0]}\"" if {
	step.component
} else := $"{_number(step)}"

# _number counts the steps as they stand in the file of the job: a step of an action
# that one calls has the number of that one.
_number(step) := step.index + 1 if {
	not _calls(step)
} else := count([other |
	some i in _indices[object.get(step, "job", "")]
	other := input.steps[i]
	other.index <= step.index
	not other.inner
])

_calls(step) if step.job in _calling

_calling := {step.job | some step in input.steps; step.inner}

# given holds for secrets that third-party code gets, one or a group of them, with that
# code.
given contains object.union(exposure, {"component": found}) if {
	some exposure in _named_or_groups
	exposure.value.at in {"input", "step_env", "forwarded"}
	not downstream(exposure.value)
	found := component(exposure.value)
	not found.first_party
}

_named_or_groups contains exposure if some exposure in user_exposures

_named_or_groups contains {"path": ["exposures", i], "value": exposure} if {
	some i, exposure in input.exposures
	not exposure.platform_token
	not exposure.secret.name
	exposure.secret.group
}

# downstream holds for what another pipeline is started with, of its own project and
# right. Only on GitHub a called pipeline is a part of this one, with secrets.
downstream(exposure) if {
	exposure.at == "forwarded"
	input.platform != "githubactions"
	exposure.job
}

# privileged_events start a job with the repository's secrets though an outsider
# may fire them.
privileged_events := {"pull_request_privileged", "comment", "upstream"}

# flows_to are the ways of the user's secrets, by where they end. The names of hosts
# and users, which are often stored beside secrets, are left out.
flows_to := _flows_to

_flows_to[flow.value.sink] contains flow if {
	some flow in _flows
	not flow.value.platform_token
}

# kept_in are the same, the token of the job among them, where others read the value
# while the job still runs, or later: what a command only works with is none of them.
kept_in := _kept_in

_kept_in[flow.value.sink] contains flow if {
	some flow in _flows
	flow.value.sink in {"artifact", "cache", "image", "repository", "log"}
}

_flows contains {"path": ["flows", i], "value": flow} if {
	some i, flow in input.flows
	flow.confidence != "possible"
	confidential(flow.secret)
	not _public_field(flow)
}

# _public_field holds for the part of structured data that its variable says is no
# secret: PROJECT_ID, taken out of the key of a service account.
_public_field(flow) if {
	"json" in flow.transformed
	_public(flow.variable, "")
}

# sent are those that leave for a host.
sent contains flow if {
	some sink in ["network", "git_remote"]
	some flow in flows_to[sink]
}

# host is where such a flow goes.
host(flow) := flow.host if {
	flow.host
} else := unknown_host

unknown_host := "a host that is known only when it runs"

# arguments are those that only become an argument of a program. What a URL of git, an
# image or another machine keeps has rules of its own, and so has what is pasted into
# the script.
arguments contains flow if {
	some flow in flows_to.argv
	flow.value.command != "ssh"
	not _use(flow.value) in _kept
	not [_key(flow.value), flow.value.secret] in _pasted
}

_pasted contains [_key(exposure.value), exposure.value.secret] if {
	some exposure in user_exposures
	exposure.value.at == "inline"
}

_kept contains _use(flow.value) if {
	some sink in ["git_remote", "image"]
	some flow in flows_to[sink]
}

_use(flow) := [_key(flow), split(flow.command, " ")[0], flow.secret]

# confidential holds for secrets whose name does not say that they are none. Jenkins
# names a credential by what it opens.
confidential(secret) if not _public(object.get(secret, "name", ""), object.get(secret, "store", ""))

_public(name, _) if regex.match(_open, lower(name))

_public(name, store) if {
	store != "credentials"
	regex.match(_opened, lower(name))
}

_open := concat("", [
	`(?:^|_)(?:user(?:name)?|port|version|fingerprint|keygrip|pub(?:lic_?)?key|(?:[a-z]+_)?(?:name|address)`,
	`|(?:account|app|application|channel|client|distribution|installation|org|organization|project|site|subscription|team|tenant|zone)_?id`,
	`|(?:access_)?key_id)$`,
])

_opened := `(?:^|_)(?:host(?:name)?|region|zone|e?mail|domain|bucket|server|registry|repository|repo|cluster|namespace|project)$`

# called words which secret is meant, by what those name it who give it. A key of a Kubernetes Secret says nothing without that.
called(secret) := $"secret {secret.group}/{secret.name}" if {
	secret.store == "kubernetes"
	secret.group
	secret.name
} else := $"secret {concat(" or ", secret.given)} (here {secret.name})" if {
	secret.given
} else := $"secret {secret.name}" if {
	secret.name
} else := $"all of {secret.group}" if {
	secret.group
} else := "all secrets"

# changed words what was done to the value of a flow, and is empty if nothing was.
changed(flow) := "" if {
	count(flow.transformed) == 0
} else := "" if {
	object.get(flow, "command", "") in flow.transformed
	count({how | some how in flow.transformed}) == 1
} else := $", changed by {concat(" and ", _different(flow.transformed))},"

# What is done twice in a row is one change.
_different(all) := [how |
	some i, how in all
	not all[i - 1] == how
]

# printed says why a secret comes into the log: by a "dump" of all variables, a "trace",
# a "verbose" program that tells what it does, or a "print".
printed(flow) := "dump" if {
	regex.match(`^(?:env|printenv|set|(?:export|declare|typeset|readonly|local) -p|.* env:|os\.environ|process\.env|ENV)$`, flow.command)
} else := "trace" if {
	flow.command == "set -x"
} else := "verbose" if {
	regex.match(`^(?:curl|wget|https?|az|aws|gcloud|docker|helm|kubectl|npm|mvn|ansible(?:-playbook)?) (?:-|silly$)|^(?:GIT|TF|NPM_CONFIG)_[A-Z_]+$`, flow.command)
} else := "print"

# log_flows are the secrets that one command shows and the log does not surely hide, by
# what makes it do so.
log_flows[kind] contains found if {
	some key, found in _shown
	kind := key[0]
}

_shown[[printed(flow.value), _key(flow.value), flow.value.command]] contains flow if {
	some flow in flows_to.log
	flow.value.masked != "yes"
	not _printed_anyway(flow.value)
}

# What a command prints is not news when the trace of the command shows it.
_printed_anyway(flow) if {
	printed(flow) == "trace"
	[_key(flow), flow.secret, flow.transformed] in _plainly
}

_plainly contains [_key(flow.value), flow.value.secret, flow.value.transformed] if {
	some flow in flows_to.log
	printed(flow.value) == "print"
}

# own_machine holds for what runs on a machine that outlives the job and that others
# share, and not within a container there.
own_machine(element) if {
	some job in _jobs[object.get(element, "job", "")]
	job.runner.kind == "self_hosted"
	not job.container
	not _ephemeral(job.runner)
}

# shared_machine holds for those of them of which the file says more than "agent any":
# what that is on Jenkins, only its settings tell.
shared_machine(element) if {
	own_machine(element)
	not _any_agent(element)
}

_any_agent(element) if {
	input.platform == "jenkins"
	some job in _jobs[object.get(element, "job", "")]
	count(job.runner.labels) == 0
}

# _ephemeral holds for machines whose labels say that they are made for one job.
_ephemeral(runner) if {
	some label in runner.labels
	contains(lower(label), "ephemeral")
}

_jobs := _jobs_called

_jobs_called[job.id] contains job if some job in input.jobs

# environments are the user's secrets that are variables of a step, by its key: those of
# its own, of its job and pipeline, and those that earlier steps set. Where the platform
# gives a secret to every job, nobody chose that.
environments := {key: found |
	some key, _ in positions
	found := (object.get(_own, [key], set()) | _shared(key)) | _handed_on(key)
	count(found) > 0
}

_own := _own_of

_own_of[_key(exposure.value)] contains {"path": exposure.path, "secret": exposure.value.secret} if {
	some exposure in user_exposures
	exposure.value.at == "step_env"
	confidential(exposure.value.secret)
}

_shared(key) := {found |
	some i, readers in shared_readers
	key in readers
	found := {"path": ["exposures", i], "secret": input.exposures[i].secret}
}

# shared_readers are the steps that get a secret of their job or pipeline. A set is hashed
# anew with each element that comes to it alone: whole sets keep that linear.
shared_readers := {exposure.path[1]: readers |
	some exposure in user_exposures
	exposure.value.at in {"job_env", "pipeline_env"}
	confidential(exposure.value.secret)
	readers := {[object.get(reader, "job", ""), reader.step] | some reader in exposure.value.readers}
}

_handed_on(key) := {found |
	some flow in _handed[key[0]]
	key[1] > flow.value.step
	found := {"path": flow.path, "secret": flow.value.secret}
}

_handed := _handed_in

_handed_in[object.get(flow.value, "job", "")] contains flow if some flow in flows_to.env_file

# environment is what a step finds there.
environment(step) := object.get(environments, [[object.get(step, "job", ""), step.index]], set())

# secrets_at are the environments that hold secrets, by the index of the step.
secrets_at[positions[key]] := found if some key, found in environments

# groups_beside are the groups whose secrets all are variables of an element's step, with
# names that no file shows.
groups_beside(element) := {{"path": ["exposures", i], "secret": exposure.secret} |
	some i, exposure in input.exposures
	exposure.secret.store in {"context", "kubernetes"}
	not exposure.secret.name
	exposure.at in {"job_env", "step_env"}
	exposure.job == element.job
	object.get(exposure, "step", element.step) == element.step
}

# names lists secrets in the order of the alphabet.
names(found) := concat(", ", sort({called(one.secret) | some one in found}))

# login holds for files in which a tool keeps that it is logged in.
login(file) if regex.match(`login|signin|\bauth\b|set-credentials|alias set|config add`, file.tool)

# foreign_components are the indices of what a step runs that is neither the
# repository's nor the platform's own.
foreign_components(element) := found if {
	found := _foreign[[element.job, element.step]]
} else := set()

_foreign := _foreign_of

_foreign_of[_key(component)] contains i if {
	some i, component in input.components
	component.step
	component.kind in {"action", "orb", "pipe", "plugin"}
	not _asks_store(component)
	not component.first_party
	component.pin != "local"
}

# _asks_store holds for plugins that are there to fetch what the job gets.
_asks_store(component) if {
	component.kind == "plugin"
	component.name in {"aws-sm", "gcp-secret-manager", "secrets", "vault-secrets"}
}

# where words where a step of the list stands.
where(step) := place(object.union(step, {"step": step.index}))

# step is the step of an element.
step(element) := _step(element)

# steps_of are the steps of the job of an element, or of what has no jobs.
steps_of(element) := {input.steps[i] | some i in _indices[object.get(element, "job", "")]}

# trivial holds for scripts that start nothing but commands which read no credential
# unless they are told its name, and which start no others.
trivial(script) if {
	not regex.match(`\s-(?:exec|execdir|ok|okdir|I)\b|--(?:checkpoint-action|compress-program|to-command|use-compress-program)\b`, script)
	every command in regex.split(`\n|;|&&|\|\|?`, script) {
		regex.match(`^\s*(?:#.*|(?:\[|basename|cat|cd|chmod|cp|date|dirname|du|echo|exit|false|find|git (?:diff|log|ls-files|rev-parse|show|status)|grep|head|ls|mkdir|mv|printf|pwd|rm|set|sleep|sort|tail|tar|test|touch|true|unzip|wc|zip)(?:\s[^$\x60]*(?:\$[A-Za-z_{][^$\x60]*)*)?)?$`, command)
	}
}

# unread holds if something of the job could not be read.
unread(element) if {
	some gap in input.gaps
	object.get(gap, "job", "") in {object.get(element, "job", ""), ""}
}

# install is the first command of a script that runs code of packages, where their
# scripts are not switched off.
install(script) := [command |
	some [line, _, command] in regex.find_all_string_submatch_n(_installs, script, -1)
	not regex.match(`--ignore-scripts|--no-scripts|--only-binary|--help|--dry-run`, line)
][0]

_installs := concat("", [
	`(?m)(^\s*|[;&|(]\s*|\bsudo\s+)(`,
	`(?:npm|pnpm|yarn|bun)[ \t]+(?:ci|i|install|add)\b`,
	`|yarn(?:[ \t]+--[a-z-]+)*[ \t]*$`,
	`|(?:python3?[ \t]+-m[ \t]+)?pip3?[ \t]+install\b`,
	`|(?:poetry|pipenv|bundle|composer)[ \t]+(?:install|update)\b`,
	`|uv[ \t]+(?:sync|pip[ \t]+install)\b`,
	`|cargo[ \t]+(?:build|test|install)\b`,
	`)[^\n]*`,
])

# texts are the inputs of a component that are no lists or mappings.
texts(component) := {name: value | some name, value in component.inputs; is_string(value)}

# facts are what is known of the component that a step runs.
facts(step) := component({"job": object.get(step, "job", ""), "step": step.index, "component": step.component}).facts

# reads_only holds for steps whose component is known not to change the repository on
# the server and to run no script.
reads_only(step) if {
	count(facts(step).scripts) == 0
	not _writes(step)
}

_writes(step) if {
	some scope in facts(step).permissions
	scope.name == "contents"
	scope.level == "write"
}

# later are the indices of the steps that run in the job of another element, behind its
# step.
later(element) := {i |
	some i in _indices[object.get(element, "job", "")]
	input.steps[i].index > element.step
}

_indices := _indices_of

_indices_of[object.get(step, "job", "")] contains i if some i, step in input.steps

# persisting are the checkouts that leave a token where later steps find it, if the file
# could tell them not to.
persisting[i] := checkout if {
	input.platform in {"azure", "githubactions"}
	some i, checkout in input.checkouts
	checkout.credential in {"beside", "work_tree"}
}

# unpersist is the change by which a checkout leaves no token behind, where nothing behind
# it can need one.
unpersist(i) := {"fix": {"op": "add", "path": array.concat(["checkouts", i], _persist[input.platform]), "value": false}} if {
	i in unneeded
	every j in later(input.checkouts[i]) {
		_understood(input.steps[j])
	}
} else := {}

# _understood holds for steps that start nothing but programs of which is known what they
# do: behind the name of a task or of a script of the repository may stand a push.
_understood(step) if step.kind != "shell"

_understood(step) if {
	every command in regex.split(`\n|;|&&|\|\|?`, step.script) {
		_known_command(command)
	}
}

_known_command(command) if trivial(command)

_known_command(command) if regex.match(_builds_alone, command)

_builds_alone := concat("", [
	`^\s*(?:[A-Z_]+=[\w./-]*\s+|sudo\s+)*(?:`,
	`go (?:build|env|fmt|install|mod|test|vet)`,
	`|cargo (?:build|check|clippy|doc|fetch|fmt|test)`,
	`|(?:bun|npm|pnpm|yarn) (?:ci|i|install)`,
	`|(?:python3? -m )?(?:black|flake8|mypy|pip3?(?: install| list)|pylint|pytest|ruff|unittest)`,
	`|(?:bundle|composer|pipenv|poetry) install`,
	`|uv (?:pip|sync|venv)|python3? -m (?:build|venv)`,
	`|dotnet (?:build|format|restore|test)`,
	`|(?:apk|apt|apt-get|brew|dnf|yum) (?:-\S+ )*(?:add|install|update|upgrade)`,
	`|docker (?:build|image|images|info|inspect|ps|pull|rm|tag)`,
	`|helm (?:lint|template)|(?:terraform|tofu) (?:fmt|init|validate)`,
	`|actionlint|awk|curl|cut|diff|eslint|gofmt|golangci-lint|hadolint|jq|prettier|psql|sed|shellcheck|tr|tsc|wget|which|yamllint|yq`,
	`)(?:\s[^$\x60]*(?:\$[A-Za-z_{][^$\x60]*)*)?$`,
])

# unneeded are the checkouts whose token nothing behind them can need.
unneeded contains i if {
	some i, checkout in persisting
	not unread(checkout)
	count(later(checkout) & _may_need_token) == 0
}

_persist := {"azure": ["persistCredentials"], "githubactions": ["with", "persist-credentials"]}

# _may_need_token are the steps that work with the repository on the server, and those
# of which nobody knows.
_may_need_token contains i if {
	some i, step in input.steps
	_works_with_repository(step.script)
}

_may_need_token contains i if {
	some i, step in input.steps
	step.kind != "shell"
	not reads_only(step)
}

# limit is the change that leaves the tokens of jobs no more than the right to read the
# repository, where no step of them can need more. path is where the file says, or should
# say, what they may.
limit(op, identities, path) := {"fix": {"op": op, "path": path, "value": {"contents": "read"}}} if {
	not _asks_caller(op)
	every i in identities {
		_reads_alone(input.identities[i])
	}
} else := {}

# A called workflow that asks for more than its caller may give does not start.
_asks_caller("add") if {
	some trigger in input.triggers
	trigger.event == "call"
}

_reads_alone(identity) if {
	steps := steps_of(identity)
	count(steps) > 0
	not unread(identity)
	not identity.job in token_holders
	every step in steps {
		_no_more_than_reads(step)
	}
}

# A script has what a checkout left for git, and may ask for an identity token.
_no_more_than_reads(step) if {
	step.kind == "shell"
	not regex.match(_identifies, step.script)
	not _finds_token(step)
}

_no_more_than_reads(step) if {
	step.kind == "component"
	found := facts(step)
	count(found.scripts) + count(found.issued) == 0
	found.oidc == "no"
	count(found.does) == 0
	_known_rights(step, found)
	every scope in found.permissions {
		scope.name == "contents"
		scope.level == "read"
	}
}

# What GitHub's own actions need beyond nothing is in the table.
_known_rights(step, _) if component({"job": object.get(step, "job", ""), "step": step.index, "component": step.component}).first_party

_known_rights(_, found) if count(found.permissions) > 0

_identifies := `(?i)sign|attest|provenance|oidc|id.?token|login|publish|deploy|release|\b(?:aws|az|gcloud|pulumi|terraform|tofu|vault)\b`

_finds_token(step) if {
	some checkout in input.checkouts
	object.get(checkout, "job", "") == object.get(step, "job", "")
	checkout.credential != "removed"
	_may_use_it(step)
}

_may_use_it(step) if _works_with_repository(step.script)

_may_use_it(step) if not _understood(step)

# token_holders are the jobs in which something has the platform's token that is not known
# to need no more than the table of components says.
token_holders contains job if {
	some exposure in input.exposures
	exposure.platform_token
	exposure.at != "condition"
	not _told(exposure)
	some identity in input.identities
	job := identity.job
	object.get(exposure, "job", job) == job
}

_told(exposure) if {
	exposure.at == "input"
	some credential in component(exposure).facts.credentials
	credential.kind == "platform_token"
	credential.input == lower(exposure.variable)
	count(component(exposure).facts.permissions) > 0
}

_told(exposure) if {
	exposure.at == "step_env"
	count(component(exposure).facts.permissions) > 0
}

# A pattern that looks for all of these at once is many times slower.
_works_with_repository(script) if says(lower(script), {"release", "publish", "deploy", "version", "bump", "changelog", "submodule"})

_works_with_repository(script) if {
	says(script, {"git", "gh", "hub", "glab"})
	regex.match(`\b(?:git\b|(?:gh|hub|glab)\s)`, script)
}

# finders are, by the index of a checkout, the token that it leaves if one can push with
# it, and the first code of others that finds it there.
finders := _finders

_finders[i] := [token, code] if {
	some i, checkout in persisting
	[token, own] := _left(checkout)
	found := {j: code |
		some j in later(checkout)
		code := _foreign_code(input.steps[j], own)
	}
	first := min(object.keys(found))
	code := {"step": first, "what": found[first]}
}

_left(checkout) := [$"secret {exposure.secret.name}", true] if {
	some exposure in input.exposures
	exposure.at == "input"
	exposure.variable in {"token", "ssh-key"}
	not exposure.platform_token
	_key(exposure) == _key(checkout)
} else := ["a token that may push", false] if {
	object.get(checkout, "job", "") in _pushing
}

_pushing contains object.get(identity, "job", "") if {
	some identity in input.identities
	identity.kind == "platform_token"
	_pushes(identity)
}

_pushes(identity) if identity.all == "write"

_pushes(identity) if {
	some scope in identity.scopes
	scope.name == "contents"
	scope.level == "write"
}

# Where only settings limit the token, a file that asks for it to be left means to push.
_pushes(identity) if {
	input.platform == "azure"
	not identity.explicit
}

# A component gets the platform's token anyway, and one that pushes is meant to find a token.
_foreign_code(step, own) := $"\"{install(step.script)}\"" if {
	install(step.script)
} else := split(step.component, "@")[0] if {
	own
	not _writes(step)
	count(foreign_components({"job": object.get(step, "job", ""), "step": step.index})) > 0
}

# secrets_of words the secrets that a job gets at any place, those of the whole pipeline
# among them.
secrets_of(job) := object.get(_secrets, job, set()) | object.get(_secrets, "", set())

# secrets_beside words those of an element's job, or of all jobs if it belongs to the
# whole pipeline.
secrets_beside(element) := secrets_of(element.job) if {
	element.job
} else := union({secrets | some secrets in _secrets})

# held words what the job of an element has for whoever runs code in it.
held(element) := "secrets" if {
	count(secrets_of(object.get(element, "job", ""))) > 0
} else := "the token of the job"

# has_secrets holds if any job gets one. What looks for secrets beside something asks it
# first: most files have none.
has_secrets if some _ in _secrets

_secrets := _secrets_of

_secrets_of[object.get(exposure, "job", "")] contains called(exposure.secret) if {
	some exposure in input.exposures
	not exposure.platform_token
	not exposure.at in {"condition", "default"}
	object.get(exposure.secret, "store", "") != "issued"
	confidential(exposure.secret)
}

# has_environments holds for platforms that keep secrets for environments.
has_environments if input.platform in {"githubactions", "gitlab", "azure", "bitbucket"}

# privileged holds for pipelines that outsiders may start with secrets.
privileged if {
	some trigger in input.triggers
	trigger.event in privileged_events
}

# named is the path of what names the change that a checkout fetches, or of the checkout.
named(i) := ["checkouts", i, "ref"] if {
	input.checkouts[i].ref
} else := ["checkouts", i]

# run_after are the indices of the steps that run something from a checkout. Most
# scripts do, and one that checks out may run it itself; of components only those
# that build.
run_after(checkout) := {i |
	some i in _indices[object.get(checkout, "job", "")]
	step := input.steps[i]
	step.index >= checkout.step
	_runs(step, checkout)
}

_runs(step, _) if {
	step.kind == "shell"
	not trivial(object.get(step, "script", "of no known text"))
}

_runs(step, checkout) if {
	step.index > checkout.step
	_builds(component({"job": object.get(step, "job", ""), "step": step.index, "component": step.component}))
}

_builds(component) if component.pin == "local"

_builds(component) if $"{component.owner}/{component.name}" in {
	"docker/bake-action",
	"docker/build-push-action",
	"gradle/gradle-build-action",
	"goreleaser/goreleaser-action",
	"pre-commit/action",
	"reviewdog/action-eslint",
	"bridgecrewio/checkov-action",
	"golangci/golangci-lint-action",
	"pulumi/actions",
}

# work_tree holds for paths that mean all of the work tree, hidden files included.
work_tree(path) if trim_suffix(path, "/") in {
	".", "*", "**", "**/*", "./*", "./**", ".git", "./.git", "**/.git",
	"${{ github.workspace }}", "${{github.workspace}}",
}

# tokens_kept are the indices of the checkouts that left a token in the work tree
# before a step of the same job.
tokens_kept(step) := {i |
	some i, checkout in input.checkouts
	checkout.credential == "work_tree"
	object.get(checkout, "job", "") == object.get(step, "job", "")
	checkout.step < step.step
}

# conditions are those of jobs and steps.
conditions contains {"path": ["jobs", i, "condition"], "text": job.condition, "subject": $"jobs.{job.id}", "place": place({"job": job.id})} if {
	some i, job in input.jobs
	job.condition
}

conditions contains {"path": ["steps", i, "condition"], "text": step.condition, "subject": step.address, "place": where(step)} if {
	some i, step in input.steps
	step.condition
}

# says holds for a text in which one of the words stands. What looks for something rare
# asks a text of the whole file first, before it goes through a list.
says(text, words) if {
	some word in words
	contains(text, word)
}

# scripts, variables and names_of_components are all scripts, the names of all literals
# and of all components, as one text each.
scripts := concat("\n", [step.script | some step in input.steps])

variables := concat("\n", [literal.variable | some literal in input.literals])

names_of_components := concat("\n", [component.name | some component in input.components])

# identities_of are the indices of identities by their kind.
identities_of := _identities_of

_identities_of[identity.kind] contains i if some i, identity in input.identities

# does are the indices of the components that are known to "publish", "deploy", "login"
# or "debug", by that word.
does := _does

_does[what] contains i if {
	some i, component in input.components
	some what in component.facts.does
}

# calls are the components that are pipelines which could be read.
calls[i] := component if {
	some i, component in input.components
	component.called
}
