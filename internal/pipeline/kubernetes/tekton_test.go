package kubernetes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/kubernetes"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func clusterDoc(t *testing.T, text string) *lint.Document {
	t.Helper()
	native, doc := pipelinetest.Link(t, manifests, "ci/x.yaml", text)
	pipelinetest.CheckPlaces(t, native, doc)
	return doc
}

func tektonTask(spec string) string {
	return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a, namespace: ci}\nspec:\n" + spec
}

func TestTektonGivesTheDocumentedShape(t *testing.T) {
	pipelinetest.Golden(t, clusterDoc(t, pipelinetest.Sample(t, "tekton.yml")), "tekton")
}

func TestTekton(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"variables of a step and its template", tektonTask(`  stepTemplate: {env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}, {name: B, value: b}]}
  steps:
  - {name: x, image: 'alpine:3', script: 'curl $A', env: [{name: B, valueFrom: {secretKeyRef: {name: s, key: b}}}]}
  - {image: 'reg.io/tool@sha256:1', args: ["--key=$(A)"]}
`), `
7:95 exposures steps.x.env.B step_env b (kubernetes s)
5:60 exposures steps.x.env.A step_env a (kubernetes s)
5:60 exposures steps.2.env.A step_env a (kubernetes s)
7:22 components image alpine 3 version
8:13 components image reg.io tool digest
5:98 literals step_env B b`},
		{"what a command hands to a shell", tektonTask(`  steps:
  - {name: x, image: i, command: [/bin/bash, -exc], args: ["a $(T) $(params.x)"], env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: t}}}]}
  - {name: y, image: i, command: [sh, a.sh]}
  - {name: z, image: i, script: "#!/usr/bin/env python3\nx"}
`), `
6:125 exposures steps.x.env.T step_env t (kubernetes s)
6:125 exposures steps.x.T inline t (kubernetes s) <6
6:22 components image i none
7:22 components image i none
8:22 components image i none`},
		{"what nothing declares, and what does not end", tektonTask(`  params: [{name: p}, {name: o, properties: {k: {}}}]
  steps:
    - {name: x, script: 'echo $(params.p) $(params.o.k) $(params["p"]) $(date) $(params.nothere)'}
    - {name: y, image: i, env: [{name: E, value: "$(steps.x.results.y"}]}
`), `
8:24 components image i none
8:51 gaps syntax
7:80 gaps syntax 0
`},
		{"a whole Secret", tektonTask(`  steps:
  - {name: x, image: i, script: 'echo $A_TOKEN $HOME; B_TOKEN=1 c $B_TOKEN', envFrom: [{secretRef: {name: s}}, {configMapRef: {name: c}}]}
`), `
6:100 exposures steps.x.env.s step_env (kubernetes s)
6:39 exposures steps.x.A_TOKEN step_env A_TOKEN (kubernetes s) secret.assumed
6:22 components image i none`},
		{"files", tektonTask(`  volumes:
  - {name: v, secret: {secretName: s}}
  - {name: p, projected: {sources: [{secret: {name: q, items: [{key: k, path: f.txt}]}}]}}
  - {name: c, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: spc}}}
  - {name: e, emptyDir: {}}
  steps:
  - {name: x, image: i, script: 'cat /v/key /p/f.txt /p/other', volumeMounts: [{name: v, mountPath: /v}, {name: p, mountPath: /p/}, {name: e, mountPath: /e}]}
  - {name: y, image: i, volumeMounts: [{name: v, mountPath: /k, subPath: key}, {name: c, mountPath: /c}]}
`), `
6:23 exposures steps.x.mounts.v.key file key (kubernetes s) <11
7:46 exposures steps.x.mounts.p.f.txt file k (kubernetes q)
6:23 exposures steps.y.mounts.v file key (kubernetes s) <12
8:20 exposures steps.y.mounts.c file (secret_provider_class spc)
11:22 components image i none
12:22 components image i none`},
		{"parameters name Secrets", tektonTask(`  params: [{name: s, default: mine}, {name: k}]
  steps:
  - {name: x, image: i, script: x, env: [{name: A, valueFrom: {secretKeyRef: {name: $(params.s), key: a}}}, {name: B, valueFrom: {secretKeyRef: {name: $(params.s), key: $(params.k)}}}]}
`), `
7:78 exposures steps.x.env.A step_env a (kubernetes mine) <5
7:145 exposures steps.x.env.B step_env $(params.k) (kubernetes mine) <5
7:22 components image i none`},
		{"the tasks of a run, and what they hand on", `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: a-}
spec:
  taskRunTemplate: {serviceAccountName: builder}
  taskRunSpecs: [{pipelineTaskName: two, serviceAccountName: deployer}]
  workspaces: [{name: creds, secret: {secretName: s}}]
  pipelineSpec:
    tasks:
    - {name: one, taskSpec: {results: [{name: r}], steps: [{name: x, image: i, script: 'cat $(workspaces.creds.path)/key > $(results.r.path)'}]}}
    - {name: two, params: [{name: p, value: $(tasks.one.results.r)}], taskSpec: {params: [{name: p}], steps: [{name: x, image: i, script: 'echo $(params.p)'}]}}
    - {name: three, runAfter: [two], taskRef: {resolver: git, params: [{name: url, value: 'https://h/a/b.git'}, {name: pathInRepo, value: t.yaml}]}, workspaces: [{name: w, workspace: creds}]}
    finally:
    - {name: end, when: [{input: a, operator: in, values: [b]}], taskRef: {name: gone}}
`, `
5:41 identities one service_account builder
6:62 identities two service_account deployer
5:41 identities three service_account builder
5:41 identities end service_account builder
7:38 exposures jobs.one.steps.x.workspaces.creds.key file key (kubernetes s) <10
7:38 exposures jobs.three.workspaces.w input (kubernetes s)
10:77 components image i none
11:128 components image i none
12:47 components reusable https://h/a/b t.yaml branch
14:75 components reusable gone unknown first_party
12:47 gaps remote three
14:75 gaps remote end`},
		{"what an event says", `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: a, annotations: {pipelinesascode.tekton.dev/on-event: "[pull_request, push]"}}
spec:
  params: [{name: t, value: "{{ body.pull_request.title }}"}, {name: n, value: "{{ body.pull_request.number }}"}]
  workspaces: [{name: g, secret: {secretName: "{{ git_auth_secret }}"}}]
  pipelineSpec:
    tasks:
    - {name: one, workspaces: [{name: g}], taskSpec: {steps: [{name: x, image: i, script: 'echo $(params.t) $(params.n) {{ source_branch }}'}]}}
`, `
5:3 identities one service_account default
6:34 exposures jobs.one.workspaces.g file (kubernetes {{ git_auth_secret }}) platform_token
9:80 components image i none
9:91 untrusted jobs.one.steps.x source_branch unknown
9:91 untrusted jobs.one.steps.x body.pull_request.title unknown`},
		{"what listens", `apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: l}
spec:
  serviceAccountName: sa
  triggers: [{name: t, interceptors: [{ref: {name: github}, params: [{name: secretRef, value: {secretName: hook, secretKey: tok}}]}]}]
`, `
5:23 identities service_account sa
6:95 exposures triggers.t.hook setting tok (kubernetes hook)`},
		{"kinds of references", `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
  - {name: a, taskRef: {resolver: hub, params: [{name: name, value: git-clone}, {name: version, value: "0.9"}]}}
  - {name: b, taskRef: {resolver: bundles, params: [{name: bundle, value: 'reg.io/b:1'}, {name: name, value: x}]}}
  - {name: c, taskRef: {bundle: 'reg.io/b@sha256:1', name: x}}
  - {name: d, taskRef: {resolver: http, params: [{name: url, value: 'https://h/t.yaml'}]}}
  - {name: e, taskRef: {resolver: git, params: [{name: url, value: u}, {name: revision, value: "0123456789012345678901234567890123456789"}]}}
  - {name: f, taskRef: {resolver: cluster, params: [{name: name, value: n}]}}
  - {name: g, taskRef: {apiVersion: x.dev/v1, kind: Wait}}
  - {name: h, taskRef: {name: other}}
  - {name: i}
  - 5
`, `
6:24 components reusable git-clone 0.9 version first_party
7:24 components reusable reg.io b 1 version
8:24 components reusable reg.io b digest
9:24 components reusable https://h/t.yaml none
10:24 components reusable u 0123456789012345678901234567890123456789 digest
11:24 components reusable n unknown first_party
12:24 components reusable wait unknown
13:24 components reusable other unknown first_party
6:24 gaps remote a
7:24 gaps remote b
8:24 gaps remote c
9:24 gaps remote d
10:24 gaps remote e
11:24 gaps remote f
12:24 gaps remote g
13:24 gaps remote h
14:5 gaps syntax i
15:5 gaps syntax`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { pipelinetest.CheckTold(t, clusterDoc(t, test.text), test.want) })
	}
}

// flowsOf lists where secrets end up.
func flowsOf(doc *lint.Document) []string {
	var all []string
	for _, f := range doc.Root.Get("flows").List() {
		words := []string{f.Get("address").Str(), f.Get("sink").Str(), f.Get("command").Str(), f.Get("secret", "group").Str() + "#" + f.Get("secret", "name").Str(), f.Get("masked").Str()}
		all = append(all, strings.Join(words, " "))
	}
	return all
}

func TestTektonFollowsSecrets(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"from a variable into the log", tektonTask(`  steps: [{name: x, image: i, script: 'echo $A', env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}]
`), []string{"steps.x.flows.log.a log echo s#a no"}},
		{"pasted by Kubernetes", tektonTask(`  steps: [{name: x, image: i, command: [sh, -c, "curl -u $(A) h"], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}]
`), []string{"steps.x.flows.argv.a argv curl s#a no", "steps.x.flows.network.a network curl s#a no"}},
		{"from a mounted file", tektonTask(`  volumes: [{name: v, secret: {secretName: s}}]
  steps: [{name: x, image: i, script: 'T=$(cat /v/key); echo $T', volumeMounts: [{name: v, mountPath: /v}]}]
`), []string{"steps.x.flows.log.key log echo s#key no"}},
		{"from a workspace into a result, and into another task", `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: a-}
spec:
  workspaces: [{name: creds, secret: {secretName: s}}]
  pipelineSpec:
    tasks:
    - {name: two, params: [{name: p, value: $(tasks.one.results.r)}], taskSpec: {params: [{name: p}], steps: [{name: x, image: i, script: 'echo $(params.p)'}]}}
    - {name: one, taskSpec: {results: [{name: r}], steps: [{name: x, image: i, script: 'cat $(workspaces.creds.path)/key > $(results.r.path)'}]}}
`, []string{"jobs.one.steps.x.flows.output.key output  s#key no", "jobs.two.steps.x.flows.log.key log echo s#key no"}},
		{"to a program of somebody else", tektonTask(`  steps: [{name: x, image: i, args: [a], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}]
`), []string{"steps.x.env.A.flows.third_party third_party  s#a no"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, flowsOf(clusterDoc(t, test.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever the file: each element can be located, secrets stand where the file
// names them, and the lists join.
func FuzzCluster(f *testing.F) {
	f.Add(pipelinetest.Sample(f, "tekton.yml"))
	f.Add(tektonTask("  params: [{name: a, default: $(params.a)}]\n  volumes: [{name: v, secret: {secretName: $(params.a)}}]\n  steps: [{script: 'x $(params.a) /v/k $K_TOKEN', envFrom: [{secretRef: {name: s}}], volumeMounts: [{name: v, mountPath: /v}]}, {ref: {name: b}}, 5]\n"))
	f.Add(pipelinetest.Sample(f, "argo.yml"))
	f.Add("apiVersion: triggers.tekton.dev/v1\nkind: TriggerTemplate\nspec: {params: [{name: a}], resourcetemplates: [{apiVersion: tekton.dev/v1, kind: TaskRun, spec: {taskSpec: {steps: [{script: '$(tt.params.a) {{ body.issue.title }}'}]}}}]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := kubernetes.Parse([]*lint.Source{{Path: "x.yaml", Data: []byte(text)}}, nil)
		for _, native := range docs {
			if doc := pipeline.Link(native, nil); doc != nil {
				pipelinetest.CheckPlaces(t, native, doc)
			}
		}
	})
}

func TestTaskOfTheSameFile(t *testing.T) {
	docs, _ := kubernetes.Parse([]*lint.Source{{Path: "ci/x.yaml", Data: []byte(`apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
  - {name: one, taskRef: {name: build}}
  - {name: two, taskRef: {name: step}}
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec: {steps: [{name: step, image: i, script: x}]}
`)}}, nil)
	pipelinetest.CheckTold(t, pipeline.Link(docs[0], nil), "7:26 gaps remote two")
}

func manifests(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	return kubernetes.Parse(unit, nil)
}
