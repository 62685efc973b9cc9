package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// bare is a workflow that is given no secret.
func bare(script string) string {
	return "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          " + strings.ReplaceAll(script, "\n", "\n          ") + "\n"
}

// What a script fetches from a store goes the ways of what the platform hands over,
// and nothing hides it.
func TestSecretsThatScriptsFetch(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"a variable", "X=$(vault kv get -field=password secret/app/db)\necho $X", []string{"log by echo password masked=no at $X"}},
		{"the output itself", "vault kv get -mount=secret app/db", []string{"log by vault kv get  masked=no at vault"}},
		{"a mask", "X=$(aws secretsmanager get-secret-value --secret-id app/db --query SecretString --output text)\necho \"::add-mask::$X\"\necho $X", []string{"log by echo app/db masked=yes at $X"}},
		{"a file", "gcloud secrets versions access latest --secret=api-key > key.json", []string{"file by gcloud secrets versions access api-key path=key.json at gcloud"}},
		{"a file by a flag", "az keyvault secret download --vault-name v --name cert --file cert.pem", []string{"file by az keyvault secret download cert path=cert.pem at az"}},
		{"an argument", "curl -H \"x: $(op read op://ci/api/key)\" https://a.example", []string{"argv by curl op://ci/api/key at $(op read op://ci/api/key)", "network by curl op://ci/api/key host=a.example at $(op read op://ci/api/key)"}},
		{"a parameter", "aws --region eu-west-1 ssm get-parameter --name /app/key --with-decryption", []string{"log by aws ssm get-parameter /app/key masked=no at aws"}},
		{"an object of the cluster", "kubectl -n prod get secret db -o jsonpath='{.data.password}' | base64 -d", []string{"log by base64 password +decoded masked=no at base64"}},
		{"later steps", "echo \"TOKEN=$(doppler secrets get API_KEY --plain)\" >> $GITHUB_ENV", []string{"env_file API_KEY at $(doppler secrets get API_KEY --plain)"}},
		{"a login", "aws ecr get-login-password | docker login --username AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com", nil},
		{"a file that is decrypted in place", "ansible-vault decrypt --vault-password-file p vars.yml\ncat vars.yml", []string{"file by ansible-vault decrypt  path=vars.yml at ansible-vault", "log by cat  masked=no at cat"}},
		{"a file that is decrypted", "gpg --batch --yes --decrypt --passphrase-file p --output key.json key.json.gpg\nage -d -i k a.age\nopenssl aes-256-cbc -d -in k.enc -out k -pass env:P\nansible-vault view v.yml", []string{"file by gpg  path=key.json at gpg", "log by age  masked=no at age", "file by openssl  path=k at openssl", "log by ansible-vault view  masked=no at ansible-vault"}},
		{"outputs of Terraform", "terraform -chdir=infra output -raw db_password\nX=$(tofu output -raw api_token)\necho $X", []string{"log by terraform output db_password masked=no at terraform", "log by echo api_token masked=no at $X"}},
		{"an object by its kind and name", "kubectl get secret/db -o yaml\noc extract secret/db --to=-\nkubectl config view --raw", []string{"log by kubectl get secret  masked=no at kubectl", "log by oc extract secret  masked=no at oc", "log by kubectl config view kubeconfig masked=no at kubectl"}},
		{"a token that Vault issues", "T=$(vault write -field=token auth/jwt/login role=x jwt=$J)\ncurl -H \"x: $T\" https://a.example", []string{"argv by curl token of vault at $T", "network by curl token of vault host=a.example at $T"}},
		{"an answer of a server", "curl -s -H \"x: $T\" $VAULT_ADDR/v1/secret/data/app | jq -r .data.data.pw\nI=$(curl -sH \"Authorization: bearer $R\" \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=x\" | jq -r .value)\necho $I", []string{"log by jq  +json masked=no at jq", "log by echo identity token +json masked=no at $I"}},
		{"the whole of a store", "doppler secrets\ninfisical secrets --env prod", []string{"log by doppler secrets of doppler secrets masked=no at doppler", "log by infisical secrets  masked=no at infisical"}},
		{"settings that may be secrets", "helm -n prod get values app", []string{"log by helm get values  masked=no possible at helm"}},
		{"what is no secret of these", "terraform output -raw cluster_name\nterraform output -json\ngit config --get user.name\ngpg --decrypt SHASUMS256.txt.asc\ngpg --verify a.sig\nopenssl base64 -d -in a\nage -r x -o a.age a\nhelm get notes app\n" +
			"ansible-vault encrypt a\noc extract configmap/a --to=-\nkubectl config view\nvault write secret/a b=c\ncurl $VAULT_ADDR/v1/sys/health\ncurl https://a.example/tokens\ndoppler secrets set A=b\n" +
			"aws secretsmanager get-secret-value --secret-id a | jq -r .ARN", nil},
		{"handed on by environment or file", "export DB=$(terraform output -raw db_password)\nsops exec-env a.yml 'deploy'\ndoppler run -- deploy\nhelm get values app | helm upgrade app . -f -\ngpg -d a.gpg | tar x\nterraform output -raw kubeconfig_token | kubectl create secret generic a --from-file=k=/dev/stdin", nil},
		{"what is no secret", "aws ssm get-parameter --name /app/url\nkubectl get secret db\nkubectl get secret db -o name\nkubectl get secret db -o jsonpath='{.metadata.name}'\n" +
			"aws secretsmanager get-secret-value --secret-id a --query ARN\naz acr login -n r --expose-token --output none\nvault status\nvault kv list secret/\ngh auth status\nsops -e a > b\nop item get x", nil},
		{"nowhere", "vault kv get secret/app > /dev/null\nkubectl get secret a -o yaml | kubectl apply -f -\nexport A=$(pass show b)", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := pipelinetest.Followed(t, bare(test.script), nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSecretsThatScriptsOfTheRepositoryFetch(t *testing.T) {
	got, doc := pipelinetest.Followed(t, bare("bash ci/deploy.sh"), map[string]string{"ci/deploy.sh": "./ci/show.sh\n", "ci/show.sh": "./ci/deploy.sh\nvault kv get -field=key secret/a\n"})
	if diff := cmp.Diff([]string{"log by vault kv get key masked=no at vault"}, got); diff != "" {
		t.Error(diff)
	}
	e := doc.Root.Get("exposures").List()[0]
	if e.Get("at").Str() != "fetched" || e.Get("secret", "store").Str() != "vault" || e.Get("secret", "group").Str() != "secret/a" || e.Get("secret", "name").Str() != "key" {
		t.Errorf("the secret is %v", e.Get("secret"))
	}
}

func TestSecretsThatPowerShellFetches(t *testing.T) {
	tests := []struct{ script, want string }{
		{"$p = Get-AzKeyVaultSecret -VaultName v -Name db -AsPlainText\nWrite-Host $p", "log by Write-Host db masked=no likely at $p"},
		{"$p = (Get-SECSecretValue -SecretId app/db).SecretString\nWrite-Host \"x $p\"", "log by Write-Host app/db masked=no likely at $p"},
		{"$s = Get-AzKeyVaultSecret -VaultName v -Name db\nWrite-Host $s\n$e = (Get-Date).Year\nWrite-Host $e", ""},
	}
	for _, test := range tests {
		got, _ := pipelinetest.Followed(t, strings.Replace(bare(test.script), "- run:", "- shell: pwsh\n        run:", 1), nil)
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s\ngot %q, want %q", test.script, got, test.want)
		}
	}
}

// unaided is a workflow of steps that are given no secret.
func unaided(lines string) string {
	return "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      " + strings.ReplaceAll(lines, "\n", "\n      ") + "\n"
}

// What a component fetches is in its outputs and in variables of later steps.
func TestSecretsThatComponentsFetch(t *testing.T) {
	vault := "- id: v\n  uses: hashicorp/vault-action@v3\n  with:\n    secrets: |\n      secret/data/ci key | API ;\n      secret/data/ci password\n"
	tests := []struct {
		name, steps string
		want        []string
	}{
		{"an output", vault + "- run: echo ${{ steps.v.outputs.API }}\n", []string{"log by echo key masked=yes at ${{ steps.v.outputs.API }}"}},
		{"an output that is pasted into a variable", vault + "- run: echo $X | cut -c1-3\n  env: {X: '${{ steps.v.outputs.password }}'}\n", []string{"log by cut password +substring masked=no at cut"}},
		{"a variable", vault + "- run: curl -u x:$PASSWORD https://h.example\n", []string{"argv by curl password at $PASSWORD", "network by curl password host=h.example at $PASSWORD"}},
		{"a variable by an expression", vault + "- run: echo ${{ env.API }}\n", []string{"log by echo key masked=yes at ${{ env.API }}"}},
		{"no variable", strings.Replace(vault, "secrets:", "exportEnv: false\n    secrets:", 1) + "- run: echo $API\n", nil},
		{"before it is fetched", "- run: echo $API\n" + vault, nil},
		{"another variable, and what is only handed on", vault + "- run: echo $OTHER ${{ steps.v.outputs.other }}\n- run: deploy\n  env: {X: '${{ steps.v.outputs.API }}'}\n", nil},
		{"a variable that the step sets itself", vault + "- run: echo $API\n  env: {API: https://h.example}\n", nil},
		{"an action of Google", "- id: s\n  uses: google-github-actions/get-secretmanager-secrets@v2\n  with: {secrets: 'db:my-project/db-password'}\n- run: mysql -p${{ steps.s.outputs.db }} $db\n", []string{"argv by mysql db-password at ${{ steps.s.outputs.db }}"}},
		{"fields of a secret of AWS", "- uses: aws-actions/aws-secretsmanager-get-secrets@v2\n  with:\n    parse-json-secrets: true\n    secret-ids: |\n      DB, prod/db\n      prod/api-key\n- run: |\n    echo $DB_PASSWORD > out\n    echo $PROD_API_KEY $DB2\n- uses: actions/upload-artifact@v4\n  with: {path: out}\n",
			[]string{"file by echo PASSWORD path=out at $DB_PASSWORD", "log by echo prod/api-key masked=yes at $PROD_API_KEY", "artifact PASSWORD path=out at out"}},
		{"references of 1Password", "- id: o\n  uses: 1password/load-secrets-action@v2\n  with: {export-env: true}\n  env: {A: 'op://ci/api/key', B: plain}\n- run: echo $A $B ${{ steps.o.outputs.A }}\n", []string{"log by echo op://ci/api/key masked=yes at $A"}},
		{"a list of Azure", "- id: k\n  uses: azure/get-keyvault-secrets@v1\n  with: {keyvault: kv, secrets: 'a, b-c'}\n- run: x ${{ steps.k.outputs.b-c }}\n", []string{"argv by x b-c at ${{ steps.k.outputs.b-c }}"}},
		{"a whole store", "- id: d\n  uses: dopplerhq/secrets-fetch-action@v1\n  with: {doppler-config: prd, inject-env-vars: true}\n- run: x ${{ steps.d.outputs.DB }} $STRIPE_API_KEY $HOME $PAGE\n", []string{"argv by x DB at ${{ steps.d.outputs.DB }}", "argv by x STRIPE_API_KEY at $STRIPE_API_KEY"}},
		{"a token that is issued", "- id: t\n  uses: actions/create-github-app-token@v2\n- run: echo ${{ steps.t.outputs.token }} | cut -c 1-4\n- uses: actions/checkout@v6\n  with: {token: '${{ steps.t.outputs.token }}'}\n", []string{"log by cut token of actions/create-github-app-token +substring masked=no at cut"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := pipelinetest.Followed(t, unaided(test.steps), nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A name that was taken for one of the settings is that of what a component fetched.
func TestFetchedSecretsOfOtherPlatforms(t *testing.T) {
	tests := []struct {
		name, file, text string
		parse            parser
		want             []string
	}{
		{"a task of Azure", "azure-pipelines.yml", "steps:\n- task: AWSSecretsManagerGetSecret@1\n  inputs: {secretIdOrName: prod/db, variableName: dbPassword}\n- script: mysql -p$(dbPassword)\n- script: echo $DBPASSWORD $(other)\n", azure.Parse, []string{"argv by mysql prod/db at $(dbPassword)"}},
		{"an orb of CircleCI", ".circleci/config.yml", "version: 2.1\norbs: {op: onepassword/secrets@1.0.0}\njobs:\n  a:\n    docker: [{image: x}]\n    steps:\n    - op/export: {var-name: HUB, secret-reference: 'op://v/i/f'}\n    - run: echo $HUB\n    - run: echo $HUBS\n", circleci.Parse, []string{"log by echo op://v/i/f masked=no at $HUB"}},
		{"a plugin of Buildkite", ".buildkite/pipeline.yml", "steps:\n- command: echo $$SSM $$OTHER\n  plugins:\n  - cultureamp/aws-ssm#v1: {parameters: {SSM: /a/b}}\n", buildkite.Parse, []string{"log by echo /a/b masked=no at $SSM"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, followedIn(t, test.file, test.text, test.parse)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
