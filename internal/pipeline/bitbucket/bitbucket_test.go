package bitbucket_test

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/bitbucket"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func bitbucketDoc(t *testing.T, text string) *lint.Document {
	t.Helper()
	native, doc := pipelinetest.Link(t, bitbucket.Parse, "bitbucket-pipelines.yml", text)
	pipelinetest.CheckPlaces(t, native, doc)
	return doc
}

func TestBitbucketGivesTheDocumentedShape(t *testing.T) {
	pipelinetest.Golden(t, bitbucketDoc(t, pipelinetest.Sample(t, "bitbucket-pipelines.yml")), "bitbucket-pipelines")
}

func TestBitbucket(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"lines of a script share a shell, those behind it have another", `pipelines:
  default:
  - step:
      script: [a, {pipe: 'x/y:1'}, ~, b]
      after-script: [c, d]
`, `
4:16 steps jobs.default/1.script shell
4:19 steps jobs.default/1.script.x/y component x/y:1
4:39 steps jobs.default/1.script shell continues
5:22 steps jobs.default/1.script shell
5:25 steps jobs.default/1.script shell continues`},
		{"a step of several pipelines is one job, in another deployment another", `definitions: {steps: [{step: &s {name: S, script: [make]}}]}
pipelines:
  default: [{step: *s}]
  branches:
    main: [{step: *s}, {stage: {deployment: prod, steps: [{step: *s}]}}]
`, `
1:33 jobs default/S hosted
1:33 jobs branches/main/S default/S hosted prod branches/main`},
		{"a step of several branches", `definitions: {steps: [{step: &s {name: S, script: [make]}}, {step: &t {name: T, script: [make]}}]}
pipelines:
  branches:
    main: [{step: *s}, {step: *t}]
    dev: [{step: *s}]
    main2: [{step: *s}]
  default: [{step: *t}]
`, `
1:33 jobs S hosted branches/main || branches/dev || branches/main2
1:71 jobs T S hosted`},
		{"variables by their deployment", `pipelines:
  default:
  - step: {name: A, script: ["x $API_TOKEN"]}
  - step: {name: B, deployment: prod, script: ["x $API_TOKEN $BITBUCKET_STEP_OIDC_TOKEN"], oidc: true}
`, `
3:33 exposures jobs.A.script.API_TOKEN ambient API_TOKEN secret.assumed
4:51 exposures jobs.B.script.API_TOKEN ambient API_TOKEN prod secret.assumed
4:62 exposures jobs.B.script.BITBUCKET_STEP_OIDC_TOKEN ambient BITBUCKET_STEP_OIDC_TOKEN prod platform_token`},
		{"a variable that another line sets", `pipelines: {default: [{step: {script: ["export TOKEN=$(make)", "x $TOKEN"]}}]}
`, ``},
		{"pipes by who made them, and what they get", `pipelines:
  default:
  - step:
      script:
      - {pipe: 'atlassian/a:1.2', variables: {TOKEN: $MINE, NAME: x, URL: "https://u:$PASS_TOKEN@h"}}
      - {pipe: acme/b}
      - {pipe: 'docker://acme/c@sha256:1'}
`, `
5:54 exposures jobs.default/1.script.atlassian/a.variables.TOKEN input MINE secret.assumed
5:86 exposures jobs.default/1.script.atlassian/a.variables.URL input PASS_TOKEN secret.assumed
5:16 components pipe atlassian a 1.2 version first_party
6:16 components pipe acme b none
7:16 components pipe acme/c digest
5:67 literals input NAME x`},
		{"what it needs from elsewhere, or is wrong", `pipelines:
  default: [{step: {name: x}}, {step: 5}, {other: {}}, {step: {script: x}}, {step: {script: [[a]]}}]
  custom:
    child: [{step: {name: Child, type: pipeline, custom: other}}]
    far: {import: a:b:c}
  nonsense: {}
`, `
2:20 gaps syntax x
2:39 gaps syntax
2:72 gaps syntax default/3
2:94 gaps syntax default/4 0
2:43 gaps syntax
5:19 gaps remote
6:3 gaps syntax`},
		{"caches and artifacts", `definitions: {caches: {own: build, keyed: {path: deps}}}
pipelines:
  default:
  - step: {script: [make], caches: [maven, own, keyed, docker], artifacts: {paths: [a], upload: [{name: x, paths: [b]}]}}
  - step: {script: [make], artifacts: {download: false}}
`, `
4:76 artifacts a b
4:37 caches maven ~/.m2/repository
4:44 caches own build
4:49 caches keyed deps
4:56 caches docker`},
		{"what a person fills in", `pipelines: {default: [{step: {script: [a]}}], tags: {v: [{step: {script: [a]}}]}, custom: {c: [{variables: [{name: A, default: b}]}, {step: {script: [a]}}]}}
`, `
1:128 literals default A b`},
		{"what starts it", `pipelines: {default: [], tags: {v: []}, custom: {c: []}}
triggers: {repository-push: [{pipelines: [c]}], pullrequest-created: [], other-thing: []}
`, `
1:13 triggers push default no
1:26 triggers tag tags no
1:41 triggers manual custom no
2:12 triggers push repository-push no
2:49 triggers pull_request pullrequest-created no
2:74 triggers other other-thing no`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { pipelinetest.CheckTold(t, bitbucketDoc(t, test.text), test.want) })
	}
}

// Whatever the file: each element can be located, secrets stand where the file
// names them, and the lists join.
func FuzzBitbucket(f *testing.F) {
	f.Add(pipelinetest.Sample(f, "bitbucket-pipelines.yml"))
	f.Add("pipelines: {default: [&a {step: {script: ['x $A_KEY', {pipe: a, variables: {A_KEY: [$B]}}]}}, *a, {parallel: [*a]}, {stage: {deployment: x, steps: [*a]}}]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := bitbucket.Parse([]*lint.Source{{Path: "bitbucket-pipelines.yml", Data: []byte(text)}})
		for _, native := range docs {
			pipelinetest.CheckPlaces(t, native, pipeline.Link(native, nil))
		}
	})
}
