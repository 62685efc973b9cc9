package buildkite_test

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func buildkiteDoc(t *testing.T, text string) *lint.Document {
	t.Helper()
	native, doc := pipelinetest.Link(t, buildkite.Parse, ".buildkite/pipeline.yml", text)
	pipelinetest.CheckPlaces(t, native, doc)
	return doc
}

func TestBuildkiteGivesTheDocumentedShape(t *testing.T) {
	pipelinetest.Golden(t, buildkiteDoc(t, pipelinetest.Sample(t, ".buildkite/pipeline.yml")), "pipeline")
}

func TestBuildkite(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"when the pipeline is uploaded, and when it runs", "steps:\n- command: 'a $A_TOKEN ${B_TOKEN} $$C_TOKEN \\$D_TOKEN'\n", `
2:15 exposures jobs.step 1.command.A_TOKEN inline A_TOKEN secret.assumed
2:24 exposures jobs.step 1.command.B_TOKEN inline B_TOKEN secret.assumed
2:36 exposures jobs.step 1.command.C_TOKEN ambient C_TOKEN secret.assumed
2:46 exposures jobs.step 1.command.D_TOKEN ambient D_TOKEN secret.assumed`},
		{"a block of lines", "steps:\n- command: |\n    a $$A_TOKEN\n    b \\$B_TOKEN\n", `
3:8 exposures jobs.step 1.command.A_TOKEN ambient A_TOKEN secret.assumed
4:8 exposures jobs.step 1.command.B_TOKEN ambient B_TOKEN secret.assumed`},
		{"a double-quoted text", `steps: [{command: "a \\$A_TOKEN $$B_TOKEN"}]` + "\n", `
1:24 exposures jobs.step 1.command.A_TOKEN ambient A_TOKEN secret.assumed
1:34 exposures jobs.step 1.command.B_TOKEN ambient B_TOKEN secret.assumed`},
		{"secrets of Buildkite, as a list and as a map", `secrets: [A_TOKEN]
steps:
- {key: x, command: "a $$A_TOKEN $$VAR", secrets: {VAR: NAME}}
`, `
1:11 exposures secrets.A_TOKEN pipeline_env A_TOKEN
3:57 exposures jobs.x.secrets.VAR job_env NAME`},
		{"secrets that a script fetches", `steps:
- {key: x, command: "T=$$(buildkite-agent secret get NAME) && buildkite-agent oidc request-token --audience aud"}
`, `
2:63 identities x oidc aud
2:54 exposures jobs.x.command.fetched.NAME fetched NAME`},
		{"variables are filled in when the pipeline is uploaded", `env: {A: $A_TOKEN, B_TOKEN: x, C: $$C_TOKEN}
steps:
- {key: x, command: "a $B_TOKEN", env: {D_TOKEN: $NPM}}
`, `
1:10 exposures env.A pipeline_env A_TOKEN secret.assumed
3:50 exposures jobs.x.env.D_TOKEN job_env NPM secret.assumed
1:29 literals pipeline_env B_TOKEN x`},
		{"what waits for what", `steps:
- {key: a, command: x}
- {label: b, command: x}
- wait
- {key: c, command: x}
- {block: Go, key: d}
- {group: G, key: g, steps: [{key: e, command: x}, {key: f, command: x, depends_on: a}]}
- {key: h, command: x, depends_on: [g, {step: c}]}
- {key: i, trigger: other}
`, `
2:3 jobs a self_hosted
3:3 jobs b self_hosted
5:3 jobs c a b self_hosted
6:3 jobs d a b self_hosted
7:30 jobs e c d self_hosted
7:52 jobs f a self_hosted
8:3 jobs h e f c self_hosted
9:3 jobs i c d self_hosted other`},
		{"agents", `agents: {queue: big}
steps:
- {key: a, command: x}
- {key: b, command: x, agents: {queue: hosted-small}}
- {key: c, command: x, agents: ["queue=$QUEUE"]}
- {key: d, command: x, agents: {queue: self-hosted}}
`, `
3:3 jobs a self_hosted
4:3 jobs b hosted
5:3 jobs c unknown
6:3 jobs d self_hosted`},
		{"plugins by who made them", `steps:
- key: a
  plugins:
  - docker#v5: ~
  - acme/x#0123456789abcdef0123456789abcdef01234567
  - https://github.com/acme/y-buildkite-plugin.git#main
  - git@example.com:acme/z
  - ./local
`, `
4:5 components plugin buildkite-plugins docker v5 version first_party
5:5 components plugin acme x 0123456789abcdef0123456789abcdef01234567 digest
6:5 components plugin acme y main branch
7:5 components plugin acme z none
8:5 components plugin local local first_party`},
		{"what plugins get", `steps:
- key: a
  plugins:
  - docker#v5: {image: go:1, environment: [A_TOKEN, B=$B_TOKEN, C=d]}
  - docker-compose#v5: {args: [D=$D_TOKEN]}
  - acme/x#v1: {token: $E, nested: [{key: $F_KEY}]}
`, `
4:44 exposures jobs.a.plugins.docker.environment.A_TOKEN container_env A_TOKEN secret.assumed
4:55 exposures jobs.a.plugins.docker.environment.B container_env B_TOKEN secret.assumed
5:34 exposures jobs.a.plugins.docker-compose.args.D build_arg D_TOKEN secret.assumed
6:24 exposures jobs.a.plugins.x.token input E secret.assumed`},
		{"plugins that fetch secrets", `steps:
- key: a
  plugins:
  - seek-oss/aws-sm#v2: {env: {DB: prod/db, K: {secret-id: prod/k}}}
  - elastic/vault-secrets#v1: {path: secret/x, field: token, env_var: V_TOKEN}
  - secrets#v1: {variables: {S: NAME}, env: ALL}
`, `
4:36 exposures jobs.a.plugins.aws-sm.DB job_env prod/db (aws_secrets_manager)
4:60 exposures jobs.a.plugins.aws-sm.K job_env prod/k (aws_secrets_manager)
5:55 exposures jobs.a.plugins.vault-secrets job_env token (vault secret/x)
6:45 exposures jobs.a.plugins.secrets job_env ALL
6:33 exposures jobs.a.plugins.secrets.S job_env NAME`},
		{"what is not known before it runs, or is wrong", `steps:
- 5
- {key: a, command: "./make | buildkite-agent pipeline upload"}
- {key: b, command: "buildkite-agent pipeline upload other.yml"}
- {key: c, command: "buildkite-agent pipeline upload"}
- {key: d, command: [[x]]}
- {key: e, trigger: other}
- {key: f, comand: x}
- {group: g, stepz: []}
- {foo: {a: b}}
- {key: w, wait: ~}
- {block: w}
- {group: h, steps: [{key: i, command: x}]}
- {key: p, plugins: [{'acme/p#v1.0.0': {}}]}
`, `
14:23 components plugin acme p v1.0.0 version
2:3 gaps syntax
3:29 gaps computed a 0
4:22 gaps computed b 0
6:22 gaps syntax d 0
7:21 gaps remote e
8:3 gaps syntax f
9:3 gaps syntax
10:3 gaps syntax step 7`},
		{"text of outsiders", "steps: [{key: a, command: 'echo $BUILDKITE_MESSAGE $$BUILDKITE_MESSAGE'}]\n", `
1:27 untrusted jobs.a.command BUILDKITE_MESSAGE unknown`},
		{"a script that a plugin hands to a shell", `steps:
- key: a
  plugins:
  - docker#v5.12.0: {image: i, command: [/bin/sh, -e, -c, 'echo $BUILDKITE_MESSAGE $A_TOKEN $$B_TOKEN']}
  - docker#v5.12.1: {image: i, command: [echo, -c, '$BUILDKITE_MESSAGE $A_TOKEN']}
`, `
4:84 exposures jobs.a.plugins.docker.A_TOKEN inline A_TOKEN secret.assumed
4:59 untrusted jobs.a.plugins.docker BUILDKITE_MESSAGE unknown`},
		{"what is kept", "steps: [{key: a, command: [x, y], artifact_paths: 'a;b', cache: node_modules}]\n", `
1:51 artifacts a b
1:65 caches node_modules`},
		{"a list without a name", "- {key: a, command: x}\n- wait\n", `
1:3 jobs a self_hosted`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { pipelinetest.CheckTold(t, buildkiteDoc(t, test.text), test.want) })
	}
}

// Whatever the file: each element can be located, secrets stand where the file
// names them, and the lists join.
func FuzzBuildkite(f *testing.F) {
	f.Add(pipelinetest.Sample(f, ".buildkite/pipeline.yml"))
	f.Add("steps: [&a {command: \"x \\\\$A_KEY $$B_KEY $C_KEY\", key: a, depends_on: a}, *a, {group: g, key: a, steps: [*a]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := buildkite.Parse([]*lint.Source{{Path: ".buildkite/pipeline.yml", Data: []byte(text)}})
		for _, native := range docs {
			pipelinetest.CheckPlaces(t, native, pipeline.Link(native, nil))
		}
	})
}
