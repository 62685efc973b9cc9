package jenkins_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/jenkins"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// linkJenkins links the Jenkinsfile, or else the first file, of a repository.
func linkJenkins(t testing.TB, name string, repository map[string]string) (*lint.Document, *lint.Document) {
	t.Helper()
	files := func(path string) *lint.Source {
		if text, found := repository[path]; found {
			return &lint.Source{Path: path, Data: []byte(text)}
		}
		return nil
	}
	docs, findings := jenkins.Parse([]*lint.Source{files(name)})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	return docs[0], pipeline.Link(docs[0], files)
}

// view tells the parts of a neutral document that matter, one a line.
func view(doc *lint.Document) []string {
	var all []string
	say := func(parts ...string) {
		all = append(all, strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
	}
	word := func(n *lint.Node, keys ...string) string {
		if v := n.Get(keys...); v != nil && v.Kind != lint.Object && v.Kind != lint.List {
			return v.Text
		}
		return ""
	}
	of := func(n *lint.Node) string {
		at := word(n, "job")
		if step := word(n, "step"); step != "" {
			at += "/" + step
		}
		if until := word(n, "until"); until != "" {
			at += "-" + until
		}
		return at
	}
	list := func(n *lint.Node) string {
		var words []string
		for _, item := range n.List() {
			words = append(words, item.Text)
		}
		return strings.Join(words, ",")
	}
	r := doc.Root
	for _, n := range r.Get("triggers").List() {
		say("trigger", word(n, "event"), word(n, "name"), list(n.Get("crons")))
	}
	for _, n := range r.Get("jobs").List() {
		say("job", word(n, "id"), "needs", list(n.Get("needs")), word(n, "runner", "kind"), list(n.Get("runner", "labels")), word(n, "container"))
	}
	for _, n := range r.Get("steps").List() {
		say("step", word(n, "job")+"/"+word(n, "index"), word(n, "kind"), word(n, "shell"), word(n, "component"), fmt.Sprintf("%q", word(n, "script")))
	}
	for _, n := range r.Get("exposures").List() {
		name := word(n, "secret", "name")
		if store := word(n, "secret", "store"); store != "credentials" {
			name = store + ":" + word(n, "secret", "group") + ":" + name
		}
		if word(n, "secret", "parameter") == "true" {
			name += "?"
		}
		say(word(n, "at"), word(n, "variable")+"="+name, of(n), word(n, "component"), "masked", word(n, "masked"), list(n.Get("transformed")))
	}
	for _, n := range r.Get("flows").List() {
		say("flow", word(n, "sink"), word(n, "command"), word(n, "secret", "name"), word(n, "host"), word(n, "path"), "masked", word(n, "masked"), list(n.Get("transformed")))
	}
	for _, n := range r.Get("untrusted").List() {
		say("untrusted", word(n, "expression"), of(n))
	}
	for _, n := range r.Get("components").List() {
		say("component", word(n, "kind"), word(n, "ref"), word(n, "pin"), of(n))
	}
	for _, n := range r.Get("checkouts").List() {
		say("checkout", word(n, "source"), of(n))
	}
	for _, n := range r.Get("artifacts").List() {
		say("artifact", list(n.Get("paths")), of(n))
	}
	for _, n := range r.Get("literals").List() {
		say("literal", word(n, "at"), word(n, "variable")+"="+word(n, "value"), of(n))
	}
	for _, n := range r.Get("gaps").List() {
		say("gap", word(n, "why"), word(n, "what"))
	}
	return all
}

func TestJenkins(t *testing.T) {
	const stage = "pipeline {\n agent any\n stages { stage('a') { steps {\n%s\n} } } }\n"
	in := func(steps string) string { return fmt.Sprintf(stage, steps) }
	tests := []struct {
		name, text string
		want       []string // lines of the view
		not        []string // beginnings of lines that there are not
	}{
		{"an environment of the pipeline", "pipeline { agent any\n environment { KEY = credentials('k'); URL = 'https://x' }\n stages { stage('a') { steps { sh 'go build' } } } }",
			[]string{"pipeline_env KEY=k masked yes", "literal pipeline_env URL=https://x", "job a needs self_hosted", `step a/0 shell sh "go build"`}, []string{"gap"}},
		{"an environment of a stage", "pipeline { agent none\n stages { stage('a') { agent { label 'x' }\n environment { KEY = credentials('k') }\n steps { sh 'make' } } } }",
			[]string{"job_env KEY=k a masked yes", "job a needs self_hosted x"}, nil},
		{"an account of which the password is used", "pipeline { agent any\n environment { ACC = credentials('k') }\n stages { stage('a') { steps { sh 'login $ACC_USR $ACC_PSW' } } } }",
			[]string{"pipeline_env ACC_PSW=k masked yes"}, []string{"pipeline_env ACC=", "pipeline_env ACC_USR"}},
		{"a file by its name", "pipeline { agent any\n environment { KUBECONFIG = credentials('k') }\n stages { stage('a') { steps { sh \"kubectl --kubeconfig ${KUBECONFIG}\" } } } }",
			[]string{"file KUBECONFIG=k masked no"}, []string{"inline"}},
		{"credentials for a block", in("sh 'before'\nwithCredentials([string(credentialsId: 'id', variable: 'T')]) {\n sh 'one'\n sh 'two'\n}\nsh 'after'"),
			[]string{"step_env T=id a/1-2 masked yes"}, []string{"gap"}},
		{"each kind of binding", in("withCredentials([usernamePassword(credentialsId: 'a', usernameVariable: 'U', passwordVariable: 'P'), usernameColonPassword(credentialsId: 'b', variable: 'UP'), file(credentialsId: 'c', variable: 'F'), sshUserPrivateKey(credentialsId: 'd', keyFileVariable: 'K', passphraseVariable: 'PP', usernameVariable: 'SU'), certificate(credentialsId: 'e', keystoreVariable: 'KS', passwordVariable: 'KP'), aws(credentialsId: 'f'), [$class: 'StringBinding', credentialsId: 'g', variable: 'S'], azureServicePrincipal('x'), vaultString(credentialsId: 'h', variable: 'V'), [$class: 'AmazonWebServicesCredentialsBinding', credentialsId: 'i', accessKeyVariable: 'AK', secretKeyVariable: 'SK']]) { sh 'x' }"),
			[]string{"step_env P=a a/0 masked yes", "step_env UP=b a/0 masked yes", "file F=c a/0 masked no", "file K=d a/0 masked no", "step_env PP=d a/0 masked yes", "file KS=e a/0 masked no", "step_env KP=e a/0 masked yes", "step_env AWS_SECRET_ACCESS_KEY=f a/0 masked yes", "step_env S=g a/0 masked yes", "step_env AZURE_CLIENT_SECRET=x a/0 masked yes", "step_env V=h a/0 masked yes", "step_env SK=i a/0 masked yes"},
			[]string{"step_env U=", "step_env SU=", "step_env AK=", "gap"}},
		{"a secret that Groovy pastes into a script", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { sh \"curl -H ${T} ${env.T} $T\" }"),
			[]string{"step_env T=id a/0 masked yes", "inline T=id a/0 masked yes"}, nil},
		{"a secret that the shell reads", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { sh 'curl -H ${T}'; sh \"curl \\${T}\" }"),
			[]string{"step_env T=id a/0-1 masked yes"}, []string{"inline"}},
		{"a secret put together with text", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { def url = \"https://x:${T}@h\"\n sh 'git push ' + url }"),
			[]string{"inline T=id a/0 masked yes format"}, nil},
		{"a secret that the shell prints", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { sh '#!/bin/sh\\necho $T | rev'\nsh 'make'\nbat '@echo %T%' }\nsh 'echo $T'"),
			[]string{"step_env T=id a/0-2 masked yes", "flow log rev id masked no reverse", "flow log echo id masked yes"}, nil},
		{"what the shell prints goes to the pipeline's program", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { def x = sh(script: '#!/bin/sh\\necho $T', returnStdout: true) }"), []string{"step_env T=id a/0 masked yes"}, []string{"flow"}},
		{"a secret that is pasted into a command", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { sh \"#!/bin/sh\\ncurl -H 'X: ${T}' https://api.example.com/${params.X.trim()}\" }"), []string{"flow network curl id api.example.com masked yes", "flow argv curl id masked yes"}, []string{"gap"}},
		{"a secret that is printed by Groovy", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { echo \"${T}\"; println T.substring(2); error 'no' }"),
			[]string{"flow log echo id masked yes", "flow log println id masked no substring"}, nil},
		{"a secret that leaves its block", in("script { def x\nwithCredentials([string(credentialsId: 'id', variable: 'T')]) { x = T }\necho x }"),
			[]string{"flow log echo id masked no"}, nil},
		{"a variable of all steps that holds a secret of a block", in("script { withCredentials([string(credentialsId: 'id', variable: 'T')]) {\n env.KEEP = T\n sh 'echo $KEEP'\n echo env.KEEP }\n echo env.KEEP\n echo KEEP\n sh 'printf $KEEP' }"),
			[]string{"flow log echo id masked yes", "flow log echo id masked no", "flow log printf id masked no"}, []string{"flow log printf id masked yes"}},
		{"a variable of a block that has no other step", in("script { withCredentials([string(credentialsId: 'id', variable: 'T')]) { env.KEEP = T }\n sh 'printf $KEEP' }"),
			[]string{"flow log printf id masked no"}, nil},
		{"a variable of all steps that is set in the block of another secret", in("script { withCredentials([string(credentialsId: 'id', variable: 'T')]) { env.KEEP = env.OTHER_TOKEN\n env.URL = 'https://x' }\n sh \"curl ${env.URL}\"\n sh 'printf $KEEP' }"),
			[]string{"flow log printf OTHER_TOKEN masked unknown"}, []string{"flow log printf OTHER_TOKEN masked no"}},
		{"a step that nobody can read gets a secret", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { deployIt(T) }"), []string{"gap remote the step that gets a secret stands in none of the files that could be read; what it does with it was not judged"}, nil},
		{"a method that nobody can read gets a secret", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script { utils.go(token: env.T) } }"), []string{"gap remote the step that gets a secret stands in none of the files that could be read; what it does with it was not judged"}, nil},
		{"steps and methods that do nothing with it", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script { def all = []\n all.add(T)\n all.push(T)\n if (T.equals(env.X)) { utils.go(name: env.X) }\n slackSend message: T\n helm(credentialsId: 'id')\n mine(T) } }") + "\ndef mine(t) { echo 'x' }", nil, []string{"gap"}},
		{"a secret in a file", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { sh 'x'; writeFile file: '.npmrc', text: \"token=${T}\" }"),
			[]string{"flow file writeFile id .npmrc masked yes format"}, nil},
		{"a computed ID", in("withCredentials([string(credentialsId: params.ID, variable: 'T')]) { sh 'x' }"),
			[]string{"step_env T=params.ID? a/0 masked yes", "gap computed the ID of a credential is worked out when the pipeline runs"}, nil},
		{"an ID in a variable", "def id = 'k'\n" + in("withCredentials([string(credentialsId: id, variable: 'T')]) { sh 'x' }"),
			[]string{"step_env T=k a/0 masked yes"}, []string{"gap"}},
		{"a function of the file", "def deploy(id) {\n withCredentials([string(credentialsId: id, variable: 'T')]) { sh \"x $T\" }\n}\n" + in("deploy('one')\ndeploy('two')"),
			[]string{"step_env T=one a/0 masked yes", "inline T=two a/1 masked yes"}, []string{"gap", "job function"}},
		{"a function that calls itself", "def f(n) { sh 'x'; f(n) }\n" + in("f(1)"), []string{`step a/0 shell sh "x"`}, nil},
		{"a function that nothing calls", "def f(n) { sh 'x' }\n" + in("sh 'y'"), []string{`step function f/0 shell sh "x"`}, nil},
		{"a scripted pipeline", "node('linux') {\n checkout scm\n stage('Build') { sh 'make' }\n stage('Push') { docker.withRegistry('https://r', 'cred') { docker.build('x').push() } }\n}",
			[]string{"job node needs self_hosted linux", "job Build needs self_hosted linux", `step Build/0 shell sh "make"`, "checkout default node/0", "container_credential =cred Push withRegistry masked yes"}, []string{"gap"}},
		{"stages at once", "node { parallel a: { stage('A') { sh '1' } }, b: { node('b') { stage('A') { sh '2' } } } }",
			[]string{`step A/0 shell sh "1"`, `step A#2/0 shell sh "2"`, "job A#2 needs self_hosted b"}, nil},
		{"stages within stages", "pipeline { agent any\n stages { stage('a') { parallel { stage('x') { steps { sh '1' } }\n stage('y') { steps { sh '2' } } } }\n stage('b') { steps { sh '3' } } }\n post { always { sh 'x' } } }",
			[]string{"job a/x needs self_hosted", "job a/y needs self_hosted", "job b needs a/x,a/y self_hosted", "job post needs b self_hosted"}, []string{"job a needs"}},
		{"a matrix", "pipeline { agent any\n stages { stage('m') { matrix { axes { axis { name 'OS'; values 'a', 'b' } }\n stages { stage('x') { steps { sh \"make ${OS}\" } } } } } } }",
			[]string{"job m/x needs self_hosted"}, []string{"gap"}},
		{"variables for a block", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { withEnv([\"A=${T}\", \"B=x${T}\", 'C=plain', \"PATH+M=${tool 'm'}\"]) { sh 'x' } }"),
			[]string{"step_env A=id a/0 masked yes", "step_env B=id a/0 masked yes format", "literal step_env C=plain a/0"}, nil},
		{"Vault", in("withVault(configuration: [vaultCredentialId: 'role'], vaultSecrets: [[path: 'kv/app', secretValues: [[envVar: 'T', vaultKey: 'token']]]]) { sh 'x' }"),
			[]string{"step_env T=vault:kv/app:token a/0 masked yes", "setting vaultCredentialId=role a withVault masked yes"}, []string{"gap"}},
		{"keys for an agent", in("sshagent(['k1', 'k2']) { sh 'ssh x' }"), []string{"setting =k1 a sshagent masked yes", "setting =k2 a sshagent masked yes"}, nil},
		{"keys of a cloud", in("withAWS(credentials: 'k', region: 'x') { sh 'aws s3 ls' }\nwithAWS(role: 'r') { sh 'aws s3 ls' }"), []string{"step_env AWS_SECRET_ACCESS_KEY=k a/0 masked yes"}, nil},
		{"credentials of a step", in("git url: 'https://x', credentialsId: 'g'\ncheckout([$class: 'GitSCM', userRemoteConfigs: [[url: 'x', credentialsId: 'h']]])\nhttpRequest authentication: 'i', url: 'https://x'\nslackSend channel: 'x', tokenCredentialId: 's'"),
			[]string{"input credentialsId=g a/0 git masked yes", "input credentialsId=h a/1 checkout masked yes", "input authentication=i a/2 httpRequest masked yes", "input tokenCredentialId=s a/3 slackSend masked yes", "checkout other a/0"}, []string{"gap"}},
		{"a request with a secret", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { httpRequest url: 'https://api.example.com/x', customHeaders: [[name: 'Authorization', value: \"Bearer ${T}\"]] }"),
			[]string{"input value=id a/0 httpRequest masked yes format", "flow network httpRequest id api.example.com masked yes format"}, nil},
		{"what a script prints into the program", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script {\n def v = sh(script: 'echo $T | rev', returnStdout: true).trim()\n echo \"is ${v}\"\n sh \"curl -u a:${v} https://h.example\"\n slackSend message: v\n env.V = sh(script: 'echo $T | cut -c1-3', returnStdout: true)\n sh 'echo $V'\n def w = sh(script: 'wc -c < x', returnStdout: true)\n echo w } }"),
			[]string{"flow log echo id masked no reverse", "flow network curl id h.example masked no reverse", "flow repository slackSend id masked no reverse", "flow log echo id masked no substring"}, []string{"gap"}},
		{"what a script prints becomes a variable and a file", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script {\n def v = sh(script: 'echo $T | cut -c1-3', returnStdout: true).trim()\n withEnv([\"V=${v}\"]) { sh 'curl -d $V https://h.example' }\n sh 'printf x$V'\n writeFile file: 'v.txt', text: v\n sh 'cat v.txt' } }"),
			[]string{"flow network curl id h.example masked no substring", "flow file writeFile id v.txt masked no substring", "flow log cat id masked no substring"}, []string{"flow log printf"}},
		{"what people read", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script {\n currentBuild.description = \"x ${T}\"\n emailext subject: T, body: 'y', to: 'z'\n currentBuild.result = 'x' } }"),
			[]string{"flow repository currentBuild.description id masked yes format", "flow repository emailext id masked yes"}, []string{"flow log"}},
		{"a message without it", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { slackSend channel: 'x', message: \"done ${env.BUILD_URL}\", token: T\n currentBuild.description = 'x' }"), nil, []string{"flow repository"}},
		{"an image", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { script { docker.build('app', \"--build-arg TOKEN=${T} --build-arg V=1 .\")\n docker.build('app', \"--secret id=t,env=T ${T}\") } }"), []string{"flow image docker build id masked yes"}, []string{"gap"}},
		{"another pipeline", in("withCredentials([string(credentialsId: 'id', variable: 'T')]) { build job: 'deploy', parameters: [password(name: 'PW', value: T), string(name: 'ENV', value: 'prod')] }"),
			[]string{"forwarded PW=id a/0 deploy masked yes", "literal forwarded ENV=prod a/0"}, nil},
		{"parameters", "pipeline { agent any\n parameters { password(name: 'PW', defaultValue: 'changeme'); string(name: 'API_TOKEN'); string(name: 'BRANCH', defaultValue: 'main') }\n stages { stage('a') { steps { sh \"x ${params.PW} ${params.BRANCH}\" } } } }",
			[]string{"pipeline_env PW=::PW? masked no", "inline PW=::PW? a/0 masked no", "pipeline_env API_TOKEN=::API_TOKEN? masked no", "literal default PW=changeme", "literal default BRANCH=main"}, nil},
		{"properties of a scripted pipeline", "properties([parameters([password(name: 'PW', defaultValue: '')]), pipelineTriggers([cron('H/15 * * * *'), pollSCM('@daily')])])\nnode { sh 'x' }",
			[]string{"pipeline_env PW=::PW? masked no", "trigger schedule cron */15 * * * *", "trigger push pollSCM"}, nil},
		{"what jenkinsOutsiders write", in("sh \"echo ${env.CHANGE_TITLE} ${CHANGE_BRANCH} ${env.BRANCH_NAME}\"\nsh 'echo $CHANGE_TITLE'"), []string{"untrusted CHANGE_TITLE a/0", "untrusted CHANGE_BRANCH a/0"}, []string{"untrusted BRANCH_NAME", "untrusted CHANGE_TITLE a/1"}},
		{"what outsiders write, by other variables", in("script { def t = env.CHANGE_TITLE.trim()\n sh \"echo ${t}\"\n sh 'echo ' + t.toLowerCase()\n def both = \"x ${t}\"\n bat both\n env.CHANGE_TITLE.split(' ').each { w -> sh \"x ${w}\" }\n say(t)\n withEnv([\"W=${t}\"]) { sh \"x ${env.W}\" } }") + "\ndef say(text) { sh \"x ${text}\" }",
			[]string{"untrusted CHANGE_TITLE a/0", "untrusted CHANGE_TITLE a/1", "untrusted CHANGE_TITLE a/2", "untrusted CHANGE_TITLE a/3", "untrusted CHANGE_TITLE a/4", "untrusted CHANGE_TITLE a/5"}, nil},
		{"what is left of it is no code", in("script { def t = env.CHANGE_TITLE.replaceAll(/[^a-z]/, '')\n sh \"echo ${t} ${env.CHANGE_TITLE.length()} ${env.CHANGE_TITLE == 'x'}\"\n def u = env.CHANGE_TITLE\n withEnv([\"U=${u}\"]) { sh 'echo \"$U\"' } }"), nil, []string{"untrusted"}},
		{"a condition that holds it to a pattern", in("script { def t = env.CHANGE_TITLE\n if (t ==~ /[a-z]+/ && x) { sh \"x ${t}\" }\n if (env.CHANGE_BRANCH in ['a']) { sh \"x ${env.CHANGE_BRANCH}\" }\n if (t.matches('a')) { sh \"x ${t}\" }\n if (!(t ==~ /[a-z]+/)) { error 'no' }\n sh \"x ${t}\" }"), nil, []string{"untrusted"}},
		{"a condition that does not", in("script { def t = env.CHANGE_TITLE\n if (t =~ /[a-z]+/) { sh \"x ${t}\" }\n if (t ==~ /a/ || x) { sh \"x ${t}\" } else { sh \"x ${t}\" }\n if (!(t ==~ /a/)) { echo 'no' }\n if (t == 'a') { } else { sh \"x ${t}\" } }"),
			[]string{"untrusted CHANGE_TITLE a/0", "untrusted CHANGE_TITLE a/1", "untrusted CHANGE_TITLE a/2", "untrusted CHANGE_TITLE a/3"}, nil},
		{"the message of a commit", in("script { def m = sh(script: 'git log -1 --pretty=%B', returnStdout: true).trim()\n sh \"notify '${m}'\"\n def h = sh(script: 'git log -1 --pretty=%H', returnStdout: true).trim()\n sh \"notify ${h}\" }"),
			[]string{"untrusted the message of the commit a/1"}, []string{"untrusted the message of the commit a/3"}},
		{"a variable that the server sets", in("sh \"login ${env.NEXUS_PASSWORD} ${env.NEXUS_URL}\""), []string{"inline NEXUS_PASSWORD=::NEXUS_PASSWORD a/0 masked unknown"}, nil},
		{"artifacts", in("archiveArtifacts artifacts: 'dist/**, *.log', fingerprint: true\nstash name: 's', includes: 'x'\nstash 't'"), []string{"artifact dist/**,*.log a/0", "artifact x a/1", "artifact ** a/2"}, nil},
		{"containers", "pipeline { agent { docker { image 'maven:3'; label 'd'; registryCredentialsId 'reg' } }\n stages { stage('a') { steps { sh 'x' } } } }",
			[]string{"job a needs self_hosted d maven:3", "component image maven:3 version", "container_credential registryCredentialsId=reg masked yes"}, nil},
		{"a pod", "pipeline { agent { kubernetes { yaml '''\nspec:\n  containers:\n  - image: node:20\n    env:\n    - name: T\n      valueFrom: {secretKeyRef: {name: s, key: token}}\n''' } }\n stages { stage('a') { steps { container('x') { sh 'x' } } } } }",
			[]string{"component image node:20 version", "container_env T=kubernetes:s:token masked no"}, []string{"gap"}},
		{"a pod of a scripted pipeline", "podTemplate(containers: [containerTemplate(name: 'a', image: 'go:1', envVars: [secretEnvVar(key: 'T', secretName: 's', secretKey: 'k')])]) { node(POD_LABEL) { sh 'x' } }",
			[]string{"component image go:1 version", "container_env T=kubernetes:s:k masked no"}, nil},
		{"a variable that is not declared", in("script { withCredentials([string(credentialsId: 'id', variable: 'T')]) { API = 'https://api.example.com'\n HEADERS = [[name: 'Authorization', value: 'token ' + T]]\n def x = readJSON(text: httpRequest(url: API + '/' + NAME, customHeaders: HEADERS).content)[0] } }"),
			[]string{"flow network httpRequest id api.example.com masked yes format", "input customHeaders=id a/0 httpRequest masked yes format"}, []string{"gap"}},
		{"a function that runs a block with credentials", "def withToken(Map args, Closure body) {\n withCredentials([string(credentialsId: args.id ?: 'id', variable: 'T')]) { body() }\n}\n" + in("withToken(x: 1) { sh 'one'; sh 'two' }\nsh 'three'"),
			[]string{"step_env T=id a/0-1 masked yes", `step a/2 shell sh "three"`}, []string{"step a/3", "gap"}},
		{"a function that does not run its block", "def later(Closure body) { tasks << body }\n" + in("later { sh 'one' }"), []string{`step a/0 shell sh "one"`}, nil},
		{"names of credentials", "pipeline { agent any\n environment { REGISTRY_CREDENTIALS = 'docker-hub'; DB_PASSWORD = 'changeme'; ID = 'other-id' }\n stages { stage('a') { steps { withCredentials([string(credentialsId: env.ID, variable: 'T')]) { sh 'x' } } } } }",
			[]string{"literal pipeline_env DB_PASSWORD=changeme", "step_env T=other-id a/0 masked yes"}, []string{"literal pipeline_env REGISTRY", "literal pipeline_env ID", "gap"}},
		{"a value with other calls in it", in("script { currentBuild.result = build(job: 'x', wait: true).result\n def s = sh(script: 'ls', returnStdout: true)?.trim() }"), []string{`step a/1 shell sh "ls"`, `step a/0 component x ""`}, nil},
		{"libraries", "@Library(['a@v1', 'b']) _\nlibrary 'c@main'\nlibrary identifier: 'd@0123456789012345678901234567890123456789', retriever: modernSCM([$class: 'GitSCMSource', credentialsId: 'lib'])\n" + in("sh 'x'"),
			[]string{"component shared_library a@v1 version", "component shared_library b none", "component shared_library c@main branch", "component shared_library d@0123456789012345678901234567890123456789 digest", "setting credentialsId=lib library masked yes"}, nil},
		{"a script that is computed", in("sh cmd()\nsh \"${x}\"\nsh readFile('a.sh')"), []string{"gap computed the script is put together when the pipeline runs and was not judged"}, nil},
		{"scripts for other shells", in("bat 'dir'\npowershell 'ls'\npwsh 'ls'\nsh '''#!/usr/bin/env python3\nprint(1)'''"), []string{`step a/0 shell cmd "dir"`, `step a/1 shell powershell "ls"`, `step a/2 shell pwsh "ls"`, `step a/3 shell python3 "#!/usr/bin/env python3\nprint(1)"`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": test.text})
			checkView(t, view(doc), test.want, test.not)
		})
	}
}

func TestJenkinsFollowsFilesOfTheRepository(t *testing.T) {
	const jenkinsfile = "node {\n stage('Deploy') {\n deploy('prod') { sh 'inner' }\n def lib = load 'ci/lib.groovy'\n lib.push('x')\n sh libraryResource('run.sh')\n load name\n }\n}\n"
	repository := map[string]string{
		"Jenkinsfile":        jenkinsfile,
		"vars/deploy.groovy": "def call(String id, Closure body) {\n withCredentials([string(credentialsId: \"${id}-token\", variable: 'T')]) {\n body()\n notify()\n }\n}\n",
		"vars/notify.groovy": "def call() { sh \"curl ${env.T}\" }\n",
		"ci/lib.groovy":      "def push(name) { sshagent(['key']) { sh \"push ${name}\" } }\nreturn this\n",
		"resources/run.sh":   "echo run\n",
	}
	_, doc := linkJenkins(t, "Jenkinsfile", repository)
	checkView(t, view(doc), []string{
		`step Deploy/0 shell sh "inner"`, `step Deploy/1 shell sh "curl ${env.T}"`, `step Deploy/2 shell sh "push ${name}"`, `step Deploy/3 shell sh "echo run\n"`,
		"step_env T=prod-token Deploy/0-1 masked yes", "inline T=prod-token Deploy/1 masked yes", "setting =key Deploy sshagent masked yes",
		"gap computed the file that is loaded is worked out when the pipeline runs",
	}, []string{"step Deploy/4"})
	place, err := doc.Locate(lint.Path{"steps", 1, "script"}, lint.Spot{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, via := range place.Via {
		got = append(got, via.Message+" "+via.Location.String())
	}
	if want := "called here Jenkinsfile:3:2, called here vars/deploy.groovy:4:2"; place.Location.Path != "vars/notify.groovy" || strings.Join(got, ", ") != want {
		t.Errorf("got %s by %s, want %s", place.Location, strings.Join(got, ", "), want)
	}
	_, doc = linkJenkins(t, "vars/deploy.groovy", repository)
	checkView(t, view(doc), []string{"step_env T=${id}-token? /0-1 masked yes", `step /0 unknown ""`, `step /1 shell sh "curl ${env.T}"`}, []string{"job"})
	if kind := doc.Root.Get("kind").Str(); kind != "component" {
		t.Errorf("a step of a library is a %s", kind)
	}
}

func checkView(t *testing.T, got, want, not []string) {
	t.Helper()
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%q is missing from\n%s", line, strings.Join(got, "\n"))
		}
	}
	for _, line := range got {
		for _, start := range not {
			if strings.HasPrefix(line, start) {
				t.Errorf("there is %q", line)
			}
		}
	}
}

// The whole document of a sample: this is what policies see.
func TestJenkinsGivesTheDocumentedShape(t *testing.T) {
	_, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": pipelinetest.Sample(t, "ci.jenkinsfile")})
	pipelinetest.Golden(t, doc, "Jenkinsfile")
}

func TestJenkinsPlaces(t *testing.T) {
	const text = "node {\n withCredentials([string(credentialsId: 'id', variable: 'T')]) {\n  sh \"\"\"\n   a 'b' ${T} \\n c\n  \"\"\"\n  withEnv([\"H=Bearer ${env.T}\"]) { sh 'x' }\n  echo T\n  sh \"x ${env.CHANGE_TITLE}\"\n }\n}\nlibrary 'l@v1'\n"
	tests := []struct {
		name string
		path lint.Path
		want string
	}{
		{"where a script gets a secret", lint.Path{"exposures", 0, "secret"}, "${T}"},
		{"a derived variable", lint.Path{"exposures", 1, "variable"}, "H"},
		{"the value of a derived variable", lint.Path{"exposures", 1}, "Bearer ${env.T}"},
		{"the ID of a credential", lint.Path{"exposures", 2, "secret", "name"}, "'id'"},
		{"a variable", lint.Path{"exposures", 2, "variable"}, "'T'"},
		{"what is printed", lint.Path{"flows", 0}, "T"},
		{"outsiders' text", lint.Path{"untrusted", 0, "expression"}, "${env.CHANGE_TITLE}"},
		{"a library", lint.Path{"components", 0, "ref"}, "'l@v1'"},
	}
	native, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": text})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			place, err := doc.Locate(test.path, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			if got := pipelinetest.TextAt(native.Root.Span.Source, place.Location); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What repeats itself is read within bounds, and what is beyond them is said.
func TestJenkinsHostile(t *testing.T) {
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	credential := "withCredentials([string(credentialsId: 'c', variable: 'T')]) {"
	tests := []struct {
		name, text string
		limited    bool
	}{
		{"functions that call each other twice", numbered(60, "def f%d(x) { sh 'a'\n g(x) }\n") + strings.ReplaceAll(numbered(30, "def g%[1]d(x) { g(x+'1'); g(x+'2') }\n"), "def g", "def h") + "def g(x) { g(x + 1); g(x + 2) }\nnode { g(1) }", false},
		{"a tree of calls", numbered(12, "def f%[1]d(x) { f%[1]d1('a', x); f%[1]d1('b', x); sh 'x' }\n") + "node { f0(1) }", false},
		{"many stages", "node {\n" + numbered(10_100, "stage('s%d') { sh 'x' }\n") + "}", true},
		{"stages of the same name", "node {\n" + strings.Repeat("stage('s') { sh 'x' }\n", 3_000) + "}", false},
		{"blocks in blocks with many steps", "node {\n" + strings.Repeat(credential, 40) + strings.Repeat("sh 'x'\n", 6_000) + strings.Repeat("}", 40) + "}", true},
		{"many credentials for many stages", "node { withCredentials([" + numbered(300, "string(credentialsId: 'c%[1]d', variable: 'T%[1]d'),") + "]) {\n" + numbered(2000, "stage('s%d') { sh 'x' }\n") + "} }", true},
		{"many variables", "node {\n" + numbered(30_000, "def v%[1]d = \"x${v%[1]d}\"\n") + "sh v1\n}", true},
		{"a variable that grows", "node {\ndef x = 'a'\n" + strings.Repeat("x = x + x\n", 1000) + "sh x\n}", false},
		{"a script with many secrets", "node { " + credential + " sh \"" + strings.Repeat("${T} ", 10_000) + "\" } }", true},
		{"parallel stages before parallel stages", "pipeline { agent any\n stages {" + strings.Repeat(" stage('p') { parallel {"+numbered(500, "stage('s%d') { steps { sh 'x' } }\n")+"} }\n", 10) + "} }", false},
		{"many credentials in an environment", "pipeline { agent any\n environment {\n" + numbered(1000, "K%[1]d = credentials('id')\n") + "}\n stages { stage('a') { steps { sh 'x' } } } }", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			begin := time.Now()
			_, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": test.text})
			if spent := time.Since(begin); spent > 30*time.Second {
				t.Errorf("took %s", spent)
			}
			limited := slices.ContainsFunc(doc.Root.Get("gaps").List(), func(n *lint.Node) bool { return n.Get("why").Str() == "limit" })
			if limited != test.limited {
				t.Errorf("limited is %t", limited)
			}
		})
	}
}

// What the pipeline's own program prints or sends stands where it is named.
func TestPlacesOfSteps(t *testing.T) {
	tests := []struct{ step, want string }{
		{`echo "a ${TOKEN}"`, "TOKEN"},
		{`echo 'a ' + TOKEN`, "TOKEN"},
		{`echo env.TOKEN`, "env.TOKEN"},
		{`println("${env.TOKEN.reverse()}")`, "env.TOKEN"},
		{`httpRequest url: "https://a.example/?k=${TOKEN}", quiet: true`, "TOKEN"},
		{`def x = TOKEN; echo x`, "x"},
	}
	for _, test := range tests {
		t.Run(test.step, func(t *testing.T) {
			text := "node {\n  withCredentials([string(credentialsId: 'id', variable: 'TOKEN')]) {\n    " + test.step + "\n  }\n}\n"
			native, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": text})
			for i := range doc.Root.Get("flows").List() {
				place, err := doc.Locate(lint.Path{"flows", i}, lint.Spot{})
				if got := pipelinetest.TextAt(native.Root.Span.Source, place.Location); err != nil || got != test.want || place.Location.Start.Line != 3 {
					t.Errorf("the flow stands at %q in line %d, %v", got, place.Location.Start.Line, err)
				}
			}
			if len(doc.Root.Get("flows").List()) == 0 {
				t.Error("there is no flow")
			}
		})
	}
}

// Functions that call each other are followed, and beyond the limit the call is a gap.
func TestChainsOfFunctions(t *testing.T) {
	chain := func(length int) *lint.Document {
		var b strings.Builder
		for i := range length {
			fmt.Fprintf(&b, "def f%d() { f%d() }\n", i, i+1)
		}
		fmt.Fprintf(&b, "def f%d() { sh 'env' }\nnode { f0() }", length)
		_, doc := linkJenkins(t, "Jenkinsfile", map[string]string{"Jenkinsfile": b.String()})
		return doc
	}
	if doc := chain(12); len(doc.Root.Get("gaps").List()) > 0 || len(doc.Root.Get("steps").List()) != 1 {
		t.Errorf("a chain of 12: %v", view(doc))
	}
	doc := chain(30)
	gaps := doc.Root.Get("gaps").List()
	if len(gaps) != 1 || gaps[0].Get("why").Str() != "limit" {
		t.Fatalf("a chain of 30: %v", view(doc))
	}
	place, err := doc.Locate(lint.Path{"gaps", 0}, lint.Spot{})
	if err != nil || place.Location.Start.Line != 20 {
		t.Errorf("the gap stands at %v, %v", place.Location, err)
	}
}

// Whatever the file: each element can be located, a secret stands where the file
// names it, and the lists join.
func FuzzLinkJenkins(f *testing.F) {
	for _, seed := range []string{
		"pipeline { agent any\n environment { A = credentials('b') }\n stages { stage('c') { steps { sh \"${A} ${env.A_PSW}\" } } }\n post { always { echo A } } }",
		"node { withCredentials([string(credentialsId: \"x${y}\", variable: 'T'), file(credentialsId: 'f', variable: 'F')]) { withEnv([\"A=${T}\"]) { sh 'x' + T; bat \"${A}\" }; echo T } }",
		"def f(c) { c() }\nf { stage('a') { sshagent(['k']) { sh x } } }\nf { f { f 5 } }", "def call(m) { pipeline { agent { kubernetes { yaml 'spec: {containers: [{image: a}]}' } } } }",
		"properties([parameters([password(name: 'P', defaultValue: 'x')])])\nx = 'id'\nx += 'y'\nwithVault(vaultSecrets: [[path: 'p', secretValues: [[vaultKey: 'k']]]]) { sh \"$k\" }", "stage 'a'\nsh 'b'\nstage 'a'\nsh T_TOKEN",
		"@Library(['a', \"b${c}\"]) _\nbuild job: 'x', parameters: [[name: 'P', value: env.A_TOKEN]]\nhttpRequest url: \"https://a/${b}\", authentication: 'c'", "a.b = { sh 'x' } ) 5 { sh 'y' }", "pipeline { post { a } ; agent { 5 }; environment { b }; triggers { c; 5 }; libraries { 5 }; stages { 5; stage { } }; matrix { axes { 5 } }; parameters { 5 } }",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := jenkins.Parse([]*lint.Source{{Path: "Jenkinsfile", Data: []byte(text)}})
		for _, native := range docs {
			doc := pipeline.Link(native, nil)
			pipelinetest.CheckPlaced(t, doc)
			pipelinetest.CheckJoins(t, doc)
			checkCredentials(t, native.Root.Span.Source, doc)
			if again := pipeline.Link(native, nil); !slices.Equal(view(doc), view(again)) {
				t.Error("two readings differ")
			}
		}
	})
}

// checkCredentials holds that the range of each secret, or a place on the way to
// it, mentions it. Texts that are put together are not looked at.
func checkCredentials(t *testing.T, src *lint.Source, doc *lint.Document) {
	for i, exposure := range doc.Root.Get("exposures").List() {
		place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		text := pipelinetest.TextAt(src, place.Location)
		for _, step := range place.Via {
			text += pipelinetest.TextAt(src, step.Location)
		}
		name := strings.TrimSuffix(exposure.Get("secret", "name").Str(), "…")
		if !strings.Contains(text, name) && !strings.ContainsAny(text, `\+$`) && !strings.Contains(text, "?") {
			t.Errorf("exposure %d of %q stands at %q", i, name, text)
		}
	}
}
