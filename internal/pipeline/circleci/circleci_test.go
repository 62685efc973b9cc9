package circleci_test

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func circle(t *testing.T, text string) *lint.Document {
	t.Helper()
	native, doc := pipelinetest.Link(t, circleci.Parse, ".circleci/config.yml", text)
	pipelinetest.CheckPlaces(t, native, doc)
	return doc
}

func TestCircleCIGivesTheDocumentedShape(t *testing.T) {
	pipelinetest.Golden(t, circle(t, pipelinetest.Sample(t, ".circleci/config.yml")), "config")
}

func TestCircleCI(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a variable of the project", circleRun(`curl -H "$API_KEY" h`), `
5:21 exposures jobs.build.steps.run.API_KEY ambient API_KEY secret.assumed`},
		{"braces, twice", circleRun("a ${API_KEY} $API_KEY"), `
5:14 exposures jobs.build.steps.run.API_KEY ambient API_KEY secret.assumed`},
		{"a variable that the script sets", circleRun("API_KEY=$(make) && echo $API_KEY"), ``},
		{"a variable that keeps its value", circleRun("export API_KEY=${API_KEY:-none}"), `
5:27 exposures jobs.build.steps.run.API_KEY ambient API_KEY secret.assumed`},
		{"a variable that the job sets", "version: 2.1\njobs:\n  build:\n    environment: {API_KEY: abc}\n    steps:\n    - run: echo $API_KEY\n", `
4:28 literals job_env API_KEY abc`},
		{"a name that promises nothing", circleRun(`echo $HOME \$API_KEY $$API_KEY`), ``},
		{"the variable of a context, of several, and of the project", `version: 2.1
jobs:
  one: {steps: [{run: "a $ONE_TOKEN $ALL_TOKEN"}]}
  two: {steps: [{run: "a $ONE_TOKEN $ALL_TOKEN"}]}
  three: {steps: [{run: "a $ALL_TOKEN"}]}
workflows:
  w: {jobs: [{one: {context: a}}, {two: {context: [a, b]}}, three]}
`, `
7:30 exposures jobs.one.context.a job_env (context a)
7:52 exposures jobs.two.context.a job_env (context a)
7:55 exposures jobs.two.context.b job_env (context b)
3:26 exposures jobs.one.steps.run.ONE_TOKEN ambient ONE_TOKEN (context a) secret.assumed
3:37 exposures jobs.one.steps.run.ALL_TOKEN ambient ALL_TOKEN secret.assumed
4:26 exposures jobs.two.steps.run.ONE_TOKEN ambient ONE_TOKEN (context) secret.assumed
4:37 exposures jobs.two.steps.run.ALL_TOKEN ambient ALL_TOKEN secret.assumed
5:28 exposures jobs.three.steps.run.ALL_TOKEN ambient ALL_TOKEN secret.assumed`},
		{"a job of two workflows is one, with other contexts it is two", `version: 2.1
jobs: {a: {steps: [checkout]}, b: {steps: [checkout]}}
workflows:
  x: {jobs: [a, b: {context: dev, requires: [a]}]}
  y: {jobs: [a, b: {context: prod, requires: [a]}]}
`, `
2:8 jobs a unknown
2:32 jobs x/b a unknown
2:32 jobs y/b a unknown`},
		{"the token of the platform", circleRun("x $CIRCLE_OIDC_TOKEN_V2"), `
5:14 exposures jobs.build.steps.run.CIRCLE_OIDC_TOKEN_V2 ambient CIRCLE_OIDC_TOKEN_V2 platform_token`},
		{"a command that is called with the name of a variable", `version: 2.1
commands:
  push:
    parameters: {token: {type: env_var_name}, to: {default: eu}}
    steps:
    - run: push --to << parameters.to >> $<<parameters.token>>
jobs:
  build:
    steps:
    - push: {token: EU_TOKEN}
`, `
6:42 exposures jobs.build.steps.run.EU_TOKEN ambient EU_TOKEN secret.assumed <10 <4 <10`},
		{"a command that calls itself, twice", "version: 2.1\ncommands: {a: {steps: [a, a]}}\njobs: {b: {steps: [a]}}\n", `
1:1 gaps limit`},
		{"conditions", `version: 2.1
parameters: {go: {type: boolean, default: true}}
jobs:
  a:
    parameters: {deep: {type: boolean, default: false}}
    steps:
    - when: {condition: << parameters.deep >>, steps: [{run: never}]}
    - unless: {condition: << parameters.deep >>, steps: [{run: always}]}
    - when: {condition: {and: [true, {not: << parameters.deep >>}, {equal: [a, a]}]}, steps: [{run: always}]}
    - when: {condition: {or: [<< parameters.deep >>, << pipeline.parameters.go >>]}, steps: [{run: perhaps}]}
    - run: {command: last, when: on_fail}
`, `
8:58 steps jobs.a.steps.run shell
9:95 steps jobs.a.steps.run shell
10:94 steps jobs.a.steps.run shell {or: [<< parameters.deep >>, << pipeline.parameters.go >>]}
11:7 steps jobs.a.steps.run shell on_fail`},
		{"orbs by their pins, and what they are given", `version: 2.1
orbs: {a: x/a@1.2.3, b: x/b@2, c: x/c@volatile, d: circleci/d@dev:first}
jobs:
  build:
    steps:
    - a/go: {token: NPM_TOKEN, key: $DEPLOY_KEY, user: $USER, place: eu}
    - b/go
    - c/go
    - d/go
`, `
6:21 exposures jobs.build.steps.a/go.token input NPM_TOKEN secret.assumed
6:37 exposures jobs.build.steps.a/go.key input DEPLOY_KEY secret.assumed
6:7 components orb x a/go 1.2.3 digest
7:7 components orb x b/go 2 version
8:7 components orb x c/go volatile branch
9:7 components orb circleci d/go dev:first branch first_party
6:70 literals input place eu`},
		{"an image and its login", `version: 2.1
jobs:
  build:
    docker: [{image: a/b:1, auth: {username: $LOGIN_TOKEN, password: $REGISTRY}, environment: {A: b}}, {image: c, aws_auth: {aws_secret_access_key: plain-text}, environment: {C: d}}]
    steps: [checkout]
`, `
4:46 exposures jobs.build.auth.username container_credential LOGIN_TOKEN
4:70 exposures jobs.build.auth.password container_credential REGISTRY
4:22 components image a/b 1 version
4:112 components image c none
4:99 literals job_env A b
4:149 literals container_credential aws_secret_access_key plain-text
4:179 literals container_env C d`},
		{"machines", `version: 2.1
executors: {own: {machine: true, resource_class: acme/big}}
jobs:
  a: {executor: own, steps: [checkout]}
  b: {machine: {image: x}, resource_class: large, steps: [checkout]}
  c: {macos: {xcode: 15}, steps: [checkout]}
  d: {parameters: {class: {type: string}}, machine: true, resource_class: << parameters.class >>, steps: [checkout]}
  e: {machine: {image: x, resource_class: acme/big}, steps: [checkout]}
`, `
4:3 jobs a self_hosted
5:3 jobs b hosted
6:3 jobs c hosted
7:3 jobs d unknown
8:3 jobs e self_hosted`},
		{"what is kept", `version: 2.1
jobs:
  a:
    steps:
    - save_cache: {key: k, paths: [~/.m2]}
    - persist_to_workspace: {root: /tmp/x, paths: [., .env]}
    - store_artifacts: {path: out}
    - add_ssh_keys
`, `
6:7 artifacts /tmp/x/. /tmp/x/.env in_run
7:7 artifacts out
5:7 caches k ~/.m2
8:7 credential_files ~/.ssh add_ssh_keys`},
		{"what is not there", `version: 2.1
setup: true
orbs: {o: x/y@1}
jobs:
  a: {executor: nowhere, steps: [nothing, [], {run: {name: x}}, {run: a, name: b}]}
  b: {steps: << pipeline.parameters.steps >>}
workflows:
  w: {jobs: [a, c, o/d, {}, 5]}
  v: 5
`, `
6:14 gaps syntax
8:25 gaps syntax
9:3 gaps syntax
5:17 gaps syntax a
5:34 gaps syntax a 0
5:47 gaps syntax a 1
5:65 gaps syntax a
8:17 gaps syntax c
8:20 gaps remote o/d
8:29 gaps syntax 5
6:14 gaps computed b
2:8 gaps computed`},
		{"parameters that nothing declares, or that do not end", `version: 2.1
parameters: {there: {type: string, default: x}}
commands: {c: {parameters: {own: {type: string}}, steps: [{run: "x << parameters.own >> << parameters.p >>"}]}}
jobs:
  a:
    parameters: {p: {type: string, default: x}}
    steps:
      - run: x << parameters.p >> << pipeline.number >> << pipeline.parameters.there >> << parameters.q >>
      - c: {own: x}
      - {when: {condition: << pipeline.x, steps: [{run: x}]}}
      - run: "cat << EOF\nx\nEOF"
workflows: {w: {when: << pipeline.parameters.nope >>, jobs: [a, {a: {name: b, p: y}}]}}
`, `
10:28 gaps syntax
12:23 gaps syntax
8:89 gaps syntax
3:89 gaps syntax`},
		{"a matrix over contexts", `version: 2.1
jobs: {a: {parameters: {env: {type: string}}, steps: [{run: "x << parameters.env >> $<< parameters.env >>_KEY"}]}}
workflows: {w: {jobs: [{a: {matrix: {parameters: {env: [dev, prod]}}, context: [org, "<< matrix.env >>"]}}]}}
`, `
3:81 exposures jobs.a.context.org job_env (context org)
3:86 exposures jobs.a.context.dev job_env (context dev) <3
3:86 exposures jobs.a.context.prod job_env (context prod) <3
2:86 gaps computed a 0`},
		{"what starts it", `version: 2.1
parameters: {a: {type: string, default: b}}
jobs: {a: {steps: [checkout]}}
workflows:
  w: {jobs: [{a: {filters: {tags: {only: v1}}}}], triggers: [{schedule: {cron: "0 3 * * *"}}]}
`, `
4:1 triggers push push no
4:1 triggers pull_request pull request unknown
2:13 triggers api api no
5:35 triggers tag tag no
5:80 triggers schedule schedule no 0 3 * * *`},
		{"a group of jobs", "version: 2.1\njobs: {a: {steps: [checkout]}}\njob-groups: {g: {jobs: [{a: {context: c}}]}}\nworkflows: {w: {jobs: [g]}}\n", `
3:39 exposures jobs.a.context.c job_env (context c)`},
		{"text of outsiders", circleRun("echo << pipeline.event.github.pull_request.title >> << pipeline.git.branch >>"), `
5:12 untrusted jobs.build.steps.run pipeline.event.github.pull_request.title unknown`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { pipelinetest.CheckTold(t, circle(t, test.text), test.want) })
	}
}

func circleRun(script string) string {
	return "version: 2.1\njobs:\n  build:\n    steps:\n    - run: " + script + "\n"
}

// Whatever the file: each element can be located, secrets stand where the file
// names them, and the lists join.
func FuzzCircleCI(f *testing.F) {
	f.Add(pipelinetest.Sample(f, ".circleci/config.yml"))
	f.Add(circleRun("'it''s $A_TOKEN << pipeline.id >>'"))
	f.Add("version: 2.1\ncommands: {a: {parameters: {x: {default: b}}, steps: [{run: \"<< parameters.x >>\\n$A_KEY\"}, {a: {x: << parameters.x >>c}}]}}\njobs: {b: {steps: [a]}}\n")
	f.Add("orbs: {o: {orbs: {o: {commands: {c: {steps: [o/c, x/y]}}}}}}\njobs: {a: &a {steps: [o/o/c], executor: {name: o/e}, docker: [{image: a, auth: {password: '${P}'}}]}, b: *a}\nworkflows: {v: {jobs: [a, a, {a: {name: b, context: [x]}}]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := circleci.Parse([]*lint.Source{{Path: ".circleci/config.yml", Data: []byte(text)}})
		for _, native := range docs {
			pipelinetest.CheckPlaces(t, native, pipeline.Link(native, nil))
		}
	})
}
