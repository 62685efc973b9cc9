package graph

import "testing"

func TestFactsOfPipelines(t *testing.T) {
	const file = ".github/workflows/ci.yml"
	testCollect(t, []gathered{
		{"how a secret arrives, and at whom", one(file, `on: push
jobs:
  a:
    runs-on: x
    environment: production
    container: {image: node, credentials: {username: u, password: '${{ secrets.PULL }}'}}
    steps:
      - run: curl -H ${{ secrets.A }}
      - run: make
        env: {T: '${{ secrets.B }}'}
      - uses: acme/thing@v1
        with: {t: '${{ secrets.C }}'}
      - uses: actions/thing@v1
        with: {t: '${{ secrets.D }}'}
      - uses: docker/build-push-action@v6
        with: {build-args: 'N=${{ secrets.E }}'}
`), `
use 6:72 github-secret:PULL by=github:.github/workflows/ci.yml#a input var=password env=production holds
use 8:26 github-secret:A by=github:.github/workflows/ci.yml#a cli-arg env=production holds
use 10:23 github-secret:B by=github:.github/workflows/ci.yml#a env var=T env=production holds
use 12:24 github-secret:C by=github:.github/workflows/ci.yml#a input var=t env=production holds third
use 14:24 github-secret:D by=github:.github/workflows/ci.yml#a input var=t env=production holds
use 16:35 github-secret:E by=github:.github/workflows/ci.yml#a build-arg var=N env=production holds third
workload 3:3 github:.github/workflows/ci.yml#a job binds
`},
		{"a script asks a store", one(file, `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: X=$(vault kv get -field=password secret/app/db)
      - run: X=$(vault kv get -field=password "secret/$APP/db")
      - run: gcloud auth print-access-token
`), `
supply 6:37 github-secret:.github/workflows/ci.yml/a/secret/app/db#password from=secret/app/db#password secrets
use 6:37 github-secret:.github/workflows/ci.yml/a/secret/app/db#password by=github:.github/workflows/ci.yml#a sdk
`},
		{"the caller binds what a called pipeline takes", map[string]string{file: `on: push
env: {X: '${{ secrets.X }}'}
jobs:
  a:
    uses: ./.github/workflows/r.yml
    secrets: {token: '${{ secrets.A }}'}
  b:
    uses: acme/x/.github/workflows/r.yml@v1
    secrets: inherit
  c:
    runs-on: x
    steps: [{run: make}]
`, ".github/workflows/r.yml": `on: {workflow_call: {secrets: {token: {}}}}
jobs:
  called:
    runs-on: x
    steps: [{run: make, env: {T: '${{ secrets.token }}', U: '${{ secrets.OTHER }}'}}]
`}, `
use 2:15 github-secret:X by=github:.github/workflows/ci.yml#c env var=X holds
use 6:27 github-secret:A by=github:.github/workflows/ci.yml#a input var=token holds
use 9:14 github-secret: by=github:.github/workflows/ci.yml#b input wildcard third
use 5:39 github-parameter:.github/workflows/r.yml#TOKEN by=github:.github/workflows/r.yml#called env var=T derived
use 5:66 github-secret:OTHER by=github:.github/workflows/r.yml#called env var=U derived holds
workload 3:3 github:.github/workflows/r.yml#called job open=workflow_call
`},
		{"credentials of Jenkins", one("ci/Jenkinsfile", `pipeline {
  agent any
  environment { KEY = credentials('all') }
  triggers { cron('H 3 * * *') }
  stages {
    stage('Push') { steps { withCredentials([file(credentialsId: 'conf', variable: 'F'), string(credentialsId: params.ID, variable: 'T')]) { sh "x ${T}" } } }
    stage('Test') { steps { sh 'make' } }
  }
}
`), `
use 3:35 jenkins-cred:all by=jenkins:ci/Jenkinsfile#Push env var=KEY holds
use 3:35 jenkins-cred:all by=jenkins:ci/Jenkinsfile#Test env var=KEY holds
use 6:112 jenkins-parameter:ci/Jenkinsfile#params.ID by=jenkins:ci/Jenkinsfile#Push env var=T derived
use 6:148 jenkins-parameter:ci/Jenkinsfile#params.ID by=jenkins:ci/Jenkinsfile#Push cli-arg var=T derived
use 6:66 jenkins-cred:conf by=jenkins:ci/Jenkinsfile#Push file var=F holds
workload 6:5 jenkins:ci/Jenkinsfile#Push job every=1d
workload 7:5 jenkins:ci/Jenkinsfile#Test job every=1d
`},
		{"a task of Tekton uses Secrets as other objects do", one("ci/task.yaml", `apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: push, namespace: ci}
spec:
  serviceAccountName: pusher
  taskSpec:
    volumes: [{name: v, secret: {secretName: files}}]
    steps:
    - {image: i, script: 'cat /v/a', volumeMounts: [{name: v, mountPath: /v}], env: [{name: T, valueFrom: {secretKeyRef: {name: s, key: t}}}]}
`), `
use 9:137 k8s-secret:ci/s#t by=kubernetes:ci/TaskRun/push env var=T env=ci
use 9:34 k8s-secret:ci/files#a by=kubernetes:ci/TaskRun/push file env=ci
workload 3:18 kubernetes:ci/TaskRun/push TaskRun as=kubernetes-sa:ci/pusher restarts
`},
		{"keys of clouds", one(file, `on: push
jobs:
  a:
    runs-on: x
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {aws-access-key-id: '${{ secrets.A }}', aws-region: '${{ secrets.REGION }}'}
      - uses: azure/login@v2
        with: {creds: '${{ secrets.B }}'}
      - uses: acme/other@v2
        with: {creds: '${{ secrets.C }}'}
      - run: make
        env: {GOOGLE_CREDENTIALS: '${{ secrets.D }}', AWS_ROLE: '${{ secrets.E }}'}
`), `
use 7:40 github-secret:A by=github:.github/workflows/ci.yml#a input var=aws-access-key-id holds third
use 7:72 github-secret:REGION by=github:.github/workflows/ci.yml#a input var=aws-region holds third
use 9:28 github-secret:B by=github:.github/workflows/ci.yml#a input var=creds holds key=azure third
use 11:28 github-secret:C by=github:.github/workflows/ci.yml#a input var=creds holds third
use 13:40 github-secret:D by=github:.github/workflows/ci.yml#a env var=GOOGLE_CREDENTIALS holds key=gcp
use 13:70 github-secret:E by=github:.github/workflows/ci.yml#a env var=AWS_ROLE holds
`},
		{"schedules, and jobs that exchange tokens", one(file, `on:
  schedule: [{cron: '0 3 * * 1'}, {cron: '0 3 * * 4'}]
permissions: {id-token: write}
jobs:
  a:
    runs-on: x
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: r}
      - uses: google-github-actions/auth@v2
        with: {workload_identity_provider: p}
      - uses: azure/login@v2
        with: {client-id: c}
      - uses: hashicorp/vault-action@v3
        with: {method: jwt}
  b:
    runs-on: x
    permissions: {contents: read}
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: r, aws-access-key-id: k}
      - uses: hashicorp/vault-action@v3
        with: {method: approle}
      - uses: acme/login@v3
        with: {role-to-assume: r}
`), `
workload 5:3 github:.github/workflows/ci.yml#a job every=4d oidc logins=aws,azure,gcp,vault
workload 16:3 github:.github/workflows/ci.yml#b job every=4d
`},
		{"what only a person starts", one(file, "on: {workflow_dispatch: {}, repository_dispatch: {}}\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n"), `
workload 2:8 github:.github/workflows/ci.yml#a job manual
`},
		{"what an outsider starts", one(file, "on: [issue_comment, workflow_dispatch]\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n"), `
workload 2:8 github:.github/workflows/ci.yml#a job open=issue_comment
`},
		{"groups and vaults of Azure Pipelines", one("azure-pipelines.yml", `trigger: none
pr: none
variables:
- group: shop
stages:
- stage: Deploy
  jobs:
  - deployment: web
    environment: prod
    strategy:
      runOnce:
        deploy:
          steps:
          - task: AzureKeyVault@2
            inputs: {azureSubscription: c, KeyVaultName: kv, SecretsFilter: db-url}
          - bash: migrate "$(db-url)"
            env: {API_TOKEN: $(ApiToken), SYSTEM_ACCESSTOKEN: $(System.AccessToken)}
`), `
supply 15:77 azdo-var:kv/db-url from=db-url pipeline store=kv
use 15:77 azdo-var:kv/db-url by=azure-devops:azure-pipelines.yml#Deploy.web input env=prod holds
use 16:30 azdo-var:kv/db-url by=azure-devops:azure-pipelines.yml#Deploy.web cli-arg env=prod holds
use 17:32 azdo-var:shop/ApiToken by=azure-devops:azure-pipelines.yml#Deploy.web env var=API_TOKEN env=prod holds
use 4:10 azdo-var:shop/ by=azure-devops:azure-pipelines.yml#Deploy.web input wildcard
workload 8:5 azure-devops:azure-pipelines.yml#Deploy.web job manual binds
`},
		{"variables of projects and contexts on CircleCI", one(".circleci/config.yml", `version: 2.1
jobs:
  a:
    steps: [{run: "x $A_TOKEN $CIRCLE_OIDC_TOKEN"}]
  b:
    docker: [{image: i, auth: {username: u, password: $PULL}}]
    steps: [{run: "x $B_TOKEN"}]
  c:
    steps: [{run: "x $C_TOKEN"}]
workflows:
  w: {jobs: [a, {b: {context: pay}}, {c: {context: [pay, ops]}}]}
`), `
use 11:31 circleci-context:pay/ by=circleci:.circleci/config.yml#b env wildcard
use 11:53 circleci-context:pay/ by=circleci:.circleci/config.yml#c env wildcard
use 11:58 circleci-context:ops/ by=circleci:.circleci/config.yml#c env wildcard
use 4:22 circleci-context:A_TOKEN by=circleci:.circleci/config.yml#a env var=A_TOKEN holds
use 6:55 circleci-context:pay/PULL by=circleci:.circleci/config.yml#b input var=password holds
use 7:22 circleci-context:pay/B_TOKEN by=circleci:.circleci/config.yml#b env var=B_TOKEN holds
use 9:22 circleci-context:C_TOKEN by=circleci:.circleci/config.yml#c env var=C_TOKEN derived holds
workload 5:3 circleci:.circleci/config.yml#b job oidc
workload 8:3 circleci:.circleci/config.yml#c job oidc
`},
		{"variables of deployments on Bitbucket", one("bitbucket-pipelines.yml", `pipelines:
  default:
  - step: {name: A, deployment: prod, oidc: true, script: [{pipe: x/y:1, variables: {AWS_SECRET_ACCESS_KEY: $KEY}}, "x $A_TOKEN"]}
`), `
use 3:109 bitbucket-var:KEY by=bitbucket:bitbucket-pipelines.yml#A input var=AWS_SECRET_ACCESS_KEY env=prod holds key=aws third
use 3:120 bitbucket-var:A_TOKEN by=bitbucket:bitbucket-pipelines.yml#A env var=A_TOKEN env=prod holds
workload 3:11 bitbucket:bitbucket-pipelines.yml#A job binds oidc
`},
		{"secrets of Buildkite, and what agents set", one(".buildkite/pipeline.yml", `secrets: [A]
steps:
- {key: x, command: "x $B_TOKEN $$C_TOKEN", secrets: {VAR: d}}
`), `
use 1:11 buildkite-secret:A by=buildkite:.buildkite/pipeline.yml#x env var=A holds
use 3:24 buildkite-secret:B_TOKEN by=buildkite:.buildkite/pipeline.yml#x cli-arg holds
use 3:34 buildkite-secret:C_TOKEN by=buildkite:.buildkite/pipeline.yml#x env var=C_TOKEN holds
use 3:60 buildkite-secret:D by=buildkite:.buildkite/pipeline.yml#x env var=VAR holds
`},
		{"look-alikes", one(file, `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: make
        if: ${{ secrets.A != '' }}
        env: {T: '${{ secrets.GITHUB_TOKEN }}', U: '${{ vars.A }}', V: secrets.A}
`), ""},
	})
}
