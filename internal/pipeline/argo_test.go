package pipeline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func argoTemplates(templates string) string {
	return "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-, namespace: ci}\nspec:\n  entrypoint: main\n  templates:\n" + templates
}

func TestArgoGivesTheDocumentedShape(t *testing.T) {
	compareGolden(t, clusterDoc(t, sample(t, "argo/release")), "argo")
}

func TestArgo(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"scripts, containers and sets of them", argoTemplates(`  - {name: a, script: {image: 'python:3', command: [python], source: x, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]}}
  - {name: b, container: {image: i, command: [sh, -c], args: ['x $B_TOKEN'], envFrom: [{secretRef: {name: s}}]}, sidecars: [{name: d, image: j, env: [{name: P, valueFrom: {secretKeyRef: {name: s, key: p}}}]}]}
  - {name: c, containerSet: {containers: [{name: m, image: i}, {name: n, image: i, args: ['x']}]}}
`), `
`},
		{"who waits for whom", argoTemplates(`  - {name: main, steps: [[{name: one, template: a}], [{name: two, template: graph}, {name: three, templateRef: {name: shared, template: t}}]]}
  - {name: graph, dag: {tasks: [{name: x, template: b}, {name: y, template: c, depends: x && w}, {name: w, inline: {container: {image: i}}}]}}
  - {name: a, container: {image: i}}
  - {name: b, container: {image: i}}
  - {name: c, suspend: {}}
`), `
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
`},
		{"accounts", argoTemplates(`  - {name: a, container: {image: i}, serviceAccountName: one}
  - {name: b, container: {image: i}, automountServiceAccountToken: false, executor: {serviceAccountName: two}}
  - {name: c, container: {image: i}}
`), `
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
`},
		{"a sensor, and the workflow that it starts", `apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: a}
spec:
  triggers:
  - template: {name: t, http: {url: u, secureHeaders: [{name: A, valueFrom: {secretKeyRef: {name: s, key: h}}}]}}
  - template: {name: w, k8s: {operation: create, source: {resource: {apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{name: a, container: {image: i, env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: t}}}]}}]}}}}}
`, `
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { compareTold(t, clusterDoc(t, test.text), test.want) })
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
