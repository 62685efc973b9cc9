package kubernetes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func argoTemplates(templates string) string {
	return "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-, namespace: ci}\nspec:\n  entrypoint: a\n  templates:\n" + templates
}

func TestArgoGivesTheDocumentedShape(t *testing.T) {
	pipelinetest.Golden(t, clusterDoc(t, pipelinetest.Sample(t, "argo.yml")), "argo")
}

func TestArgo(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"scripts, containers and sets of them", argoTemplates(`  - {name: a, script: {image: 'python:3', command: [python], source: x, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}}
  - {name: b, container: {image: i, command: [sh, -c], args: ['x $B_TOKEN'], envFrom: [{secretRef: {name: s}}]}, sidecars: [{name: d, image: j, env: [{name: P, valueFrom: {secretKeyRef: {name: s, key: p}}}]}]}
  - {name: c, containerSet: {containers: [{name: m, image: i}, {name: n, image: i, args: ['x']}]}}
`), `
7:5 identities a service_account default
8:5 identities b service_account default
9:5 identities c service_account default
7:115 exposures jobs.a.script.env.A step_env a (kubernetes s) ci
8:100 exposures jobs.b.container.env.s step_env (kubernetes s) ci
8:66 exposures jobs.b.container.B_TOKEN step_env B_TOKEN (kubernetes s) ci secret.assumed
8:187 exposures jobs.b.sidecars.d.env.P container_env p (kubernetes s) ci
7:31 components image python 3 version
8:34 components image i none
8:142 components image j none
9:60 components image i none
9:81 components image i none
`},
		{"who waits for whom", argoTemplates(`  - {name: main, steps: [[{name: one, template: a}], [{name: two, template: graph}, {name: three, templateRef: {name: shared, template: t}}]]}
  - {name: graph, dag: {tasks: [{name: x, template: b}, {name: y, template: c, depends: x && w}, {name: w, inline: {container: {image: i}}}]}}
  - {name: a, container: {image: i}}
  - {name: b, container: {image: i}}
  - {name: c, suspend: {}}
`), `
9:5 identities a service_account default
10:5 identities b service_account default
8:116 identities graph.w service_account default
7:112 components reusable shared/t unknown first_party
9:34 components image i none
10:34 components image i none
8:136 components image i none
7:112 gaps remote main.three
`},
		{"secrets of artifacts, requests and registries", argoTemplates(`  - name: a
    archiveLocation: {s3: {bucket: b, key: k, accessKeySecret: {name: s, key: access}}}
    inputs: {artifacts: [{name: code, path: /c, git: {repo: r, passwordSecret: {name: g, key: p}}}]}
    container: {image: i}
    outputs: {artifacts: [{name: o, path: /out, configMap: {name: c, key: d}}]}
  - {name: b, http: {url: 'https://h', headers: [{name: A, valueFrom: {secretKeyRef: {name: s, key: h}}}]}}
  - {name: c, resource: {action: create, manifest: x}}
  imagePullSecrets: [{name: pull}]
`), `
7:5 identities a service_account default
13:5 identities c service_account default
9:80 exposures jobs.a.inputs.g setting p (kubernetes g) ci
8:64 exposures jobs.a.archiveLocation.s setting access (kubernetes s) ci
12:86 exposures jobs.b.http.s setting h (kubernetes s) ci
14:22 exposures imagePullSecrets container_credential (kubernetes pull) ci
10:24 components image i none
11:27 artifacts /out
13:15 gaps computed c 0
`},
		{"what is nowhere, and what does not end", argoTemplates(`  - {name: a, inputs: {parameters: [{name: x}]}, container: {image: i, command: [sh, -c], args: ["x {{inputs.parameters.x}} {{=inputs.parameters.x}} {{ a"]}}
  - {name: b, container: {image: i, command: [sh, -c], args: ["x {{inputs.parameters.x"]}}
  - {name: c, container: {image: i, command: [sh, -c], args: ["x {{=sprig.trim(inputs.parameters.x)}}"]}}
  - {name: d, steps: [[{name: e, template: gone}, {name: f, template: c}, {name: g, template: "{{inputs.parameters.x}}"}]]}
  onExit: neither
`), `
7:5 identities a service_account default
8:5 identities b service_account default
9:5 identities c service_account default
7:69 components image i none
8:34 components image i none
9:34 components image i none
8:66 gaps syntax
11:11 gaps syntax
10:44 gaps syntax
9:66 gaps computed c 0
`},
		{"a template that the cluster keeps", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-, namespace: ci}\nspec: {entrypoint: there, workflowTemplateRef: {name: t}}\n", `
4:48 components reusable t unknown first_party
4:48 gaps remote workflow
`},
		{"accounts", argoTemplates(`  - {name: a, container: {image: i}, serviceAccountName: one}
  - {name: b, container: {image: i}, automountServiceAccountToken: false, executor: {serviceAccountName: two}}
  - {name: c, container: {image: i}}
`), `
7:58 identities a service_account one
8:106 identities b service_account two
9:5 identities c service_account default
7:34 components image i none
8:34 components image i none
9:34 components image i none
`},
		{"files, and parameters that name Secrets", `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: a}
spec:
  schedule: "0 3 * * *"
  workflowSpec:
    arguments: {parameters: [{name: s, value: mine}]}
    volumes: [{name: v, secret: {secretName: '{{workflow.parameters.s}}'}}]
    templates:
    - {name: a, script: {image: i, command: [bash], source: 'cat /v/key', volumeMounts: [{name: v, mountPath: /v}]}}
`, `
10:7 identities a service_account default
8:33 exposures jobs.a.script.mounts.v.key file key (kubernetes mine) <7 <10
10:33 components image i none
`},
		{"a sensor, and the workflow that it starts", `apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: a}
spec:
  triggers:
  - template: {name: t, http: {url: u, secureHeaders: [{name: A, valueFrom: {secretKeyRef: {name: s, key: h}}}]}}
  - template: {name: w, k8s: {operation: create, source: {resource: {apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{name: a, container: {image: i, env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: t}}}]}}]}}}}}
`, `
7:139 identities a service_account default
6:92 exposures spec.s setting h (kubernetes s)
7:213 exposures jobs.a.container.env.T step_env t (kubernetes s)
7:168 components image i none
`},
		{"text of an event in the workflow that a sensor starts", `apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: a}
spec:
  triggers:
  - template:
      name: w
      argoWorkflow:
        source: {resource: {apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {arguments: {parameters: [{name: n}, {name: t}]}, templates: [
          {name: a, inputs: {parameters: [{name: x, value: '{{workflow.parameters.t}}'}]}, script: {image: i, command: [sh], source: 'echo {{inputs.parameters.x}} {{workflow.parameters.n}}'}}]}}}
        parameters:
        - {src: {dependencyName: d, dataKey: body.number}, dest: spec.arguments.parameters.0.value}
        - {src: {dependencyName: d, dataKey: body.pull_request.title}, dest: spec.arguments.parameters.1.value}
`, `
10:134 untrusted jobs.a.script body.pull_request.title unknown
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { pipelinetest.CheckTold(t, clusterDoc(t, test.text), test.want) })
	}
}

// A request of Argo itself sends the secrets of its headers.
func TestRequestsOfArgo(t *testing.T) {
	native, doc := pipelinetest.Link(t, manifests, "ci/x.yaml", argoTemplates(`  - name: one
    http:
      url: http://a.example.org/x
      headers: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}, {name: B, value: b}]
  - name: two
    http: {url: 'https://b.example.org', insecureSkipVerify: true, headers: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}
  - name: three
    http: {url: 'http://c.example.org'}
`))
	got := pipelinetest.Flows(t, doc, map[string]*lint.Source{"ci/x.yaml": native.Root.Span.Source})
	want := []string{
		"network by http a host=a.example.org scheme=http at {name: s, key: a}", "network by http a host=b.example.org unverified at {name: s, key: a}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a program without a shell gets stands in the list of its words, as written there.
func TestPlacesInArguments(t *testing.T) {
	const text = `  - name: one
    container:
      image: i
      command: [curl]
      args:
        - -H
        - "It's: Bearer $(A)"
        - 'http://a.example/?it''s=$(A)&b'
      env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]
  - name: two
    container:
      image: i
      command:
        - echo
        - $(A)
      env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]
`
	native, doc := pipelinetest.Link(t, manifests, "ci/x.yaml", argoTemplates(text))
	got := pipelinetest.Flows(t, doc, map[string]*lint.Source{"ci/x.yaml": native.Root.Span.Source})
	want := []string{
		"argv by curl a at $(A)", "argv by curl a at $(A)", "network by curl a host=a.example scheme=http at $(A)", "network by curl a host=a.example scheme=http in_url at $(A)",
		"log by echo a masked=no at $(A)",
	}
	got = slices.DeleteFunc(got, func(line string) bool { return strings.HasPrefix(line, "third_party ") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCommandsWithoutShell(t *testing.T) {
	doc := clusterDoc(t, argoTemplates(`  - name: one
    container: {image: i, command: [python, -c, 'import os; print(os.environ["A"])'], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}
  - name: two
    container: {image: i, command: [echo], args: [it's, "$(A) $(B)"], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}
  - name: three
    container: {image: i, args: ["$(A)"], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}
`))
	want := []string{"jobs.one.container.flows.log.a log print s#a no", "jobs.two.container.flows.log.a log echo s#a no"}
	got := slices.DeleteFunc(flowsOf(doc), func(line string) bool { return strings.Contains(line, " third_party ") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestArgoFollowsSecrets(t *testing.T) {
	doc := clusterDoc(t, argoTemplates(`  - name: main
    steps:
    - [{name: make, template: login}]
    - [{name: use, template: show, arguments: {parameters: [{name: t, value: '{{steps.make.outputs.parameters.token}}'}]}}]
  - {name: show, inputs: {parameters: [{name: t}]}, script: {image: i, command: [sh], source: 'echo {{inputs.parameters.t}}'}}
  - name: login
    container: {image: i, command: [sh, -c], args: ['echo $A > /tmp/t'], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}
    outputs: {parameters: [{name: token, valueFrom: {path: /tmp/t}}], artifacts: [{name: all, path: /tmp}]}
`))
	want := []string{
		"jobs.login.container.flows.file.a file echo s#a no",
		"jobs.login.outputs.token.flows.output output  s#a no",
		"jobs.login.outputs.all.flows.artifact.a artifact  s#a no",
		"jobs.show.script.flows.log.a log echo s#a no",
	}
	if diff := cmp.Diff(want, flowsOf(doc)); diff != "" {
		t.Error(diff)
	}
}
