package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		{"what is no secret", "aws ssm get-parameter --name /app/url\nkubectl get secret db\nkubectl get secret db -o name\nkubectl get secret db -o jsonpath='{.metadata.name}'\n" +
			"aws secretsmanager get-secret-value --secret-id a --query ARN\nvault status\nvault kv list secret/\ngh auth status\nsops -e a > b\nop item get x", nil},
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
