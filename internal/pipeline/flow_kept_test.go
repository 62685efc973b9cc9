package pipeline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/parse/jenkins"
	"github.com/policyctl/policyctl/internal/parse/kubernetes"
)

// A file with a secret that a job keeps is one in the jobs that fetch it, and in no other.
func TestFilesBetweenJobs(t *testing.T) {
	objects := func(src []*lint.Source) ([]*lint.Document, []lint.Finding) { return kubernetes.Parse(src, nil) }
	tests := []struct {
		name, path, text string
		parse            parser
		want             []string
	}{
		{"short steps of Azure", "azure-pipelines.yml", `jobs:
- job: make
  steps:
  - bash: echo "$TOKEN" > $(Build.ArtifactStagingDirectory)/token.txt
    env: {TOKEN: $(API_TOKEN)}
  - publish: $(Build.ArtifactStagingDirectory)
    artifact: drop
- job: next
  dependsOn: make
  steps: [{bash: make}]
- job: use
  dependsOn: next
  steps:
  - download: current
    artifact: drop
  - bash: cut -c1-4 $(Pipeline.Workspace)/drop/token.txt
- job: other
  dependsOn: make
  steps:
  - download: current
    artifact: site
  - bash: cut -c1-4 $(Pipeline.Workspace)/drop/token.txt
- job: none
  dependsOn: make
  steps:
  - download: none
  - bash: cut -c1-4 $(Pipeline.Workspace)/drop/token.txt
`, azure.Parse, []string{
			"file by echo API_TOKEN path=$(Build.ArtifactStagingDirectory)/token.txt at $TOKEN", "artifact API_TOKEN path=$(Build.ArtifactStagingDirectory)/token.txt at $(Build.ArtifactStagingDirectory)",
			"log by cut API_TOKEN +substring masked=no at cut",
		}},
		{"tasks of Azure", "azure-pipelines.yml", `jobs:
- job: make
  steps:
  - bash: echo "$TOKEN" > out/token.txt
    env: {TOKEN: $(API_TOKEN)}
  - task: PublishPipelineArtifact@1
    inputs: {targetPath: $(System.DefaultWorkingDirectory)/out, artifactName: one}
  - task: PublishBuildArtifacts@1
    inputs: {pathToPublish: out}
- job: use
  dependsOn: make
  steps:
  - task: DownloadPipelineArtifact@2
    inputs: {artifact: one, path: in}
  - bash: cut -c1-4 in/token.txt
- job: all
  dependsOn: make
  steps:
  - task: DownloadPipelineArtifact@2
  - bash: cut -c5-8 $PIPELINE_WORKSPACE/one/token.txt
- job: build
  dependsOn: make
  steps:
  - task: DownloadBuildArtifacts@1
    inputs: {artifactName: drop}
  - bash: head -c4 $(System.ArtifactsDirectory)/drop/token.txt
- job: last
  dependsOn: make
  steps:
  - task: DownloadPipelineArtifact@2
    inputs: {source: specific, project: p, pipeline: 1, artifact: one, path: in}
  - bash: cut -c1-4 in/token.txt
`, azure.Parse, []string{
			"file by echo API_TOKEN path=out/token.txt at $TOKEN", "artifact API_TOKEN path=out/token.txt at $(System.DefaultWorkingDirectory)/out", "artifact API_TOKEN path=out/token.txt at out",
			"log by cut API_TOKEN +substring masked=no at cut", "log by cut API_TOKEN +substring masked=no at cut", "log by head API_TOKEN +substring masked=no at head",
		}},
		{"files that Azure copies", "azure-pipelines.yml", `steps:
- bash: echo "$TOKEN" > out/token.txt
  env: {TOKEN: $(API_TOKEN)}
- task: CopyFiles@2
  inputs: {SourceFolder: out, Contents: '**', TargetFolder: $(Build.ArtifactStagingDirectory)}
- task: CopyFiles@2
  inputs: {SourceFolder: site, TargetFolder: pages}
- publish: $(Build.ArtifactStagingDirectory)
  artifact: drop
- publish: pages
`, azure.Parse, []string{
			"file by echo API_TOKEN path=out/token.txt at $TOKEN", "file by cp API_TOKEN path=$(Build.ArtifactStagingDirectory)/token.txt at CopyFiles@2",
			"artifact API_TOKEN path=$(Build.ArtifactStagingDirectory)/token.txt at $(Build.ArtifactStagingDirectory)",
		}},
		{"what a deployment of Azure downloads by itself", "azure-pipelines.yml", `jobs:
- job: make
  steps:
  - bash: echo "$TOKEN" > out/token.txt
    env: {TOKEN: $(API_TOKEN)}
  - publish: out
    artifact: drop
- deployment: use
  dependsOn: make
  environment: prod
  strategy: {runOnce: {deploy: {steps: [{bash: cut -c1-4 $(Pipeline.Workspace)/drop/token.txt}]}}}
- deployment: other
  dependsOn: make
  environment: prod
  strategy: {runOnce: {deploy: {steps: [{download: none}, {bash: cut -c1-4 $(Pipeline.Workspace)/drop/token.txt}]}}}
`, azure.Parse, []string{"file by echo API_TOKEN path=out/token.txt at $TOKEN", "artifact API_TOKEN path=out/token.txt at out", "log by cut API_TOKEN +substring masked=no at cut"}},
		{"caches of GitLab", ".gitlab-ci.yml", `make:
  stage: build
  cache: {key: a, paths: [.npmrc, kept/]}
  script: ['echo "$NPM_TOKEN" > .npmrc']
use:
  stage: test
  cache: {key: a, paths: [.npmrc], policy: pull}
  script: [cut -c1-4 .npmrc]
other:
  stage: test
  cache: {key: b, paths: [.npmrc], policy: pull}
  script: [cut -c1-4 .npmrc]
`, gitlab.Parse, []string{"file by echo NPM_TOKEN path=.npmrc at $NPM_TOKEN", "cache NPM_TOKEN path=.npmrc at .npmrc", "log by cut NPM_TOKEN +substring masked=no at cut"}},
		{"caches of GitLab by files, and without a key", ".gitlab-ci.yml", `make:
  stage: build
  cache: [{key: {files: [a.lock], prefix: x}, paths: [.npmrc]}, {paths: [plain]}]
  script: ['echo "$NPM_TOKEN" > .npmrc', 'echo "$NPM_TOKEN" > plain']
use:
  stage: test
  cache: [{key: {files: [a.lock], prefix: x}, paths: [.npmrc], policy: pull}, {paths: [plain], policy: pull}]
  script: [cut -c1-4 .npmrc, head -c4 plain]
other:
  stage: test
  cache: [{key: {files: [b.lock], prefix: x}, paths: [.npmrc], policy: pull}, {key: k, paths: [plain], policy: pull}]
  script: [cut -c1-4 .npmrc, head -c4 plain]
`, gitlab.Parse, []string{
			"file by echo NPM_TOKEN path=.npmrc at $NPM_TOKEN", "file by echo NPM_TOKEN path=plain at $NPM_TOKEN", "cache NPM_TOKEN path=.npmrc at .npmrc", "cache NPM_TOKEN path=plain at plain",
			"log by cut NPM_TOKEN +substring masked=no at cut", "log by head NPM_TOKEN +substring masked=no at head",
		}},
		{"caches of CircleCI", ".circleci/config.yml", `version: 2.1
jobs:
  make:
    docker: [{image: a}]
    steps:
    - run: echo "$NPM_TOKEN" > .npmrc
    - save_cache: {key: 'v1-{{ checksum "a.lock" }}', paths: [.npmrc]}
  use:
    docker: [{image: a}]
    steps:
    - restore_cache: {keys: [v2-, v1-]}
    - run: cut -c1-4 .npmrc
  other:
    docker: [{image: a}]
    steps:
    - restore_cache: {key: v2-}
    - run: cut -c1-4 .npmrc
workflows: {w: {jobs: [make, {use: {requires: [make]}}, {other: {requires: [make]}}]}}
`, circleci.Parse, []string{"file by echo NPM_TOKEN path=.npmrc at $NPM_TOKEN", "cache NPM_TOKEN path=.npmrc at .npmrc", "log by cut NPM_TOKEN +substring masked=no at cut"}},
		{"behind the block of a secret Jenkins hides nothing", "Jenkinsfile", `node('x') {
  withCredentials([string(credentialsId: 'api', variable: 'TOKEN')]) {
    writeFile file: 'conf/token.txt', text: TOKEN
    sh '#!/bin/sh\ncat conf/token.txt'
  }
  sh '#!/bin/sh\ncat conf/token.txt'
}
`, jenkins.Parse, []string{"file by writeFile api path=conf/token.txt at TOKEN", "log by cat api masked=yes at cat", "log by cat api masked=no at cat"}},
		{"stashes of Jenkins", "Jenkinsfile", `pipeline {
  agent none
  stages {
    stage('make') {
      agent { label 'a' }
      steps {
        withCredentials([string(credentialsId: 'api', variable: 'TOKEN')]) { sh '#!/bin/sh\necho "$TOKEN" > token.txt' }
        stash name: 'drop', includes: '*.txt'
        archiveArtifacts 'token.txt'
      }
    }
    stage('use') {
      agent { label 'b' }
      steps {
        unstash 'drop'
        sh '#!/bin/sh\ncut -c1-4 token.txt'
      }
    }
    stage('archive') {
      agent { label 'b' }
      steps {
        copyArtifacts projectName: env.JOB_NAME, target: 'in'
        sh '#!/bin/sh\nhead -c4 in/token.txt'
      }
    }
    stage('other') {
      agent { label 'b' }
      steps {
        unstash 'site'
        copyArtifacts projectName: 'another'
        sh '#!/bin/sh\ntail -c4 token.txt'
      }
    }
  }
}
`, jenkins.Parse, []string{
			"file by echo api path=token.txt at $TOKEN", "artifact api path=token.txt at '*.txt'", "artifact api path=token.txt at 'token.txt'",
			"log by cut api +substring masked=no at cut", "log by head api +substring masked=no at head",
		}},
		{"a work space of Jenkins", "Jenkinsfile", `pipeline {
  agent any
  stages {
    stage('make') { steps { withCredentials([string(credentialsId: 'api', variable: 'TOKEN')]) { sh '#!/bin/sh\necho "$TOKEN" > token.txt' } } }
    stage('use') { steps { sh '#!/bin/sh\ncut -c1-4 token.txt' } }
    stage('elsewhere') { agent { label 'b' }
      steps { sh '#!/bin/sh\ncut -c1-4 token.txt' } }
    stage('remove') { steps { sh '#!/bin/sh\nrm token.txt' } }
    stage('after') { steps { sh '#!/bin/sh\ncut -c1-4 token.txt' } }
  }
}
`, jenkins.Parse, []string{"file by echo api path=token.txt at $TOKEN", "log by cut api +substring masked=no at cut"}},
		{"artifacts of Buildkite", ".buildkite/pipeline.yml", `steps:
  - key: make
    command: echo "$$API_TOKEN" > out/token.txt
    plugins:
      - artifacts#v1.9.4: {upload: "out/*"}
  - key: use
    depends_on: make
    command:
      - buildkite-agent artifact download "out/*" in/
      - cut -c1-4 in/out/token.txt
  - key: plugin
    depends_on: make
    command: cut -c5-8 out/token.txt
    plugins:
      - artifacts#v1.9.4: {download: [out/token.txt]}
  - key: other
    depends_on: make
    command: |
      buildkite-agent artifact download "site/*" .
      cut -c1-4 out/token.txt
`, buildkite.Parse, []string{
			"file by echo API_TOKEN path=out/token.txt at $API_TOKEN", "artifact API_TOKEN path=out/token.txt at \"out/*\"",
			"log by cut API_TOKEN +substring masked=no at cut", "log by cut API_TOKEN +substring masked=no at cut",
		}},
		{"artifacts of Argo", "argo.yaml", `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: x}
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - {name: first, template: make}
        - - name: second
            template: use
            arguments: {artifacts: [{name: in, from: "{{steps.first.outputs.artifacts.key}}"}]}
          - name: third
            template: other
            arguments: {artifacts: [{name: in, from: "{{steps.first.outputs.artifacts.site}}"}]}
    - name: make
      script:
        image: alpine
        command: [sh]
        env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api, key: token}}}]
        source: echo "$TOKEN" > /tmp/token.txt
      outputs: {artifacts: [{name: key, path: /tmp/token.txt}, {name: site, path: /tmp/site}]}
    - name: use
      inputs: {artifacts: [{name: in, path: /in/key}]}
      script: {image: alpine, command: [sh], source: cut -c1-4 /in/key}
    - name: other
      inputs: {artifacts: [{name: in, path: /in/key}]}
      script: {image: alpine, command: [sh], source: cut -c1-4 /in/key}
`, objects, []string{
			"file by echo token path=/tmp/token.txt at $TOKEN", "artifact token path=/tmp/token.txt at /tmp/token.txt",
			"log by cut token +substring masked=no at cut",
		}},
		{"workspaces of Tekton", "tekton.yaml", `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: x}
spec:
  workspaces: [{name: all}, {name: rest}]
  tasks:
    - name: make
      workspaces: [{name: out, workspace: all}]
      taskSpec:
        workspaces: [{name: out}]
        steps:
          - name: write
            image: alpine
            env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api, key: token}}}]
            script: echo "$TOKEN" > $(workspaces.out.path)/token.txt
    - name: use
      runAfter: [make]
      workspaces: [{name: in, workspace: all}]
      taskSpec:
        workspaces: [{name: in}]
        steps: [{name: read, image: alpine, script: cut -c1-4 /workspace/in/token.txt}]
    - name: other
      runAfter: [make]
      workspaces: [{name: in, workspace: rest}]
      taskSpec:
        workspaces: [{name: in}]
        steps: [{name: read, image: alpine, script: cut -c1-4 $(workspaces.in.path)/token.txt}]
`, objects, []string{"file by echo token path=/workspace/out/token.txt at $TOKEN", "log by cut token +substring masked=no at cut"}},
		{"a workspace of CircleCI and what people download", ".circleci/config.yml", `version: 2.1
jobs:
  make:
    docker: [{image: "cimg/base:2024.01"}]
    steps:
      - run: echo "$API_TOKEN" > token.txt
      - run: echo "$API_TOKEN" > seen.txt
      - store_artifacts: {path: seen.txt}
      - persist_to_workspace: {root: ., paths: [token.txt]}
  use:
    docker: [{image: "cimg/base:2024.01"}]
    steps:
      - attach_workspace: {at: in}
      - run: cut -c1-4 in/token.txt
      - run: cut -c1-4 in/seen.txt
workflows:
  all:
    jobs: [make, {use: {requires: [make]}}]
`, circleci.Parse, []string{
			"file by echo API_TOKEN path=token.txt at $API_TOKEN", "file by echo API_TOKEN path=seen.txt at $API_TOKEN",
			"artifact API_TOKEN path=seen.txt at seen.txt", "artifact API_TOKEN path=token.txt at token.txt", "log by cut API_TOKEN +substring masked=no at cut",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, followedIn(t, test.path, test.text, test.parse)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
