package draft

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// unknown is the class of what nothing tells: its limits are those of most secrets.
const unknown = "api-key"

// identifier is the class of what is stored as a secret but is none.
const identifier = "identifier"

// classes are asked from top to bottom: the first whose expression matches the
// words of a name, _joined_so_, is its class. A quarter of what repositories
// store as secrets is only an identifier.
var classes = []struct {
	class string
	names func() *regexp.Regexp
}{
	{"cloud-access-key", named(`access_key(_id)?|secret_access_key|(aws|s3|minio|r2|spaces)_(.+_)?secret(_key)?|(azure|arm)_(client_secret|credentials|creds)`)},
	{"api-key", regex.Lazy(`_(slack|discord|teams|chat|mattermost)_(.+_)?(webhook|hook)_(url_)?$|_webhook_url_$|_sas_(url|token)_$`)},
	{"bootstrap", named(`vault_(token|secret_id|root_token|approle)|approle|secret_id|unseal(_key|_keys)?|root_token|doppler_token|infisical_token|akeyless_(.+_)?key|bws_access_token|op_service_account_token|onepassword_(.+_)?token`)},
	{identifier, ends(`sentry_dsn|(postgres|mysql|mariadb|mongo)_(db|database)|(site|public|publishable|storage|container|bucket|queue|cluster|vault|api|base|app|server|registry|repo|site|host|issuer|jwks|auth|callback|endpoint|webapp|sonar|artifactory|nexus|jira|grafana)_(url|uri|name)`)},
	{"db-password", regex.Lazy(`_(db|database|postgres|postgresql|pg|mysql|mariadb|mongo|mongodb|redis|mssql|sql|oracle|cassandra|clickhouse|rabbitmq|amqp|elastic|elasticsearch|broker|jdbc)_(.+_)?(password|pass|passwd|pwd|pw|url|uri|dsn|conn|string|str|secret|credentials|creds)_|_connection_string_$|_conn_str_$|_(pgpass|pgpassword)_`)},
	{identifier, ends(`account|account_(id|number|name)|tenant|tenant_id|subscription|subscription_id|client_id|app_id|application_id|project|project_(id|key|name|number)|org|org_id|organi[sz]ation|team_id|zone_id|user_id|role_id|key_id|pool_id|chat_id|installation_id|distribution_id|distribution|id` +
		`|[a-z]*user|[a-z]*username|user_name|login|email|mail|mail_(to|from)|from|recipient|sender|host|hostname|port|address|addr|server|ip|domain|endpoint|url|uri|fqdn` +
		`|region|zone|bucket|cluster|namespace|environment|env|stage|repository|registry|image|channel|group|workspace|name|version|path|dir|folder|arn|role|role_to_assume|fingerprint|known_hosts` +
		`|public_key|pub_key|publishable_key|site_key|workload_identity_provider|identity_provider|service_account|service_account_email|audience|issuer|enabled|debug|flags?|schema|db_name|dbname|database|database_name`)},
	{"signing-key", named(`signing|signer|codesign|code_sign|gpg|pgp|cosign|minisign|notary|notari[sz]ation|keystore|p12|pfx|provisioning|jwt_private(_key)?|jwt_signing(_key)?`)},
	{"ssh-key", named(`ssh|deploy_key|id_rsa|id_ed25519|sftp_(private_)?key`)},
	{"tls-cert", regex.Lazy(`_(tls|ssl)_|_(tls|ssl)?_?(cert|certs|certificate|certificates)(_key|_pem|_private_key)?_$|_crt_$`)},
	{"encryption-key", named(`encryption|encrypt|cipher|aes|kek|dek|master_key|fernet|sops|age_key|ansible_vault(_.+)?|crypt_key`)},
	{"webhook-secret", named(`webhook|hook_secret|hmac(_.+)?`)},
	{"session-secret", named(`session|sessions|cookie|csrf|jwt|nextauth|secret_key_base|auth_secret|flask_secret_key|django_secret_key|rails_master_key`)},
	{"session-secret", regex.Lazy(`^_(app_key|secret_key|app_secret_key)_$`)},
	{"registry-credential", named(`npm|npmrc|pypi|twine|gem|rubygems|cargo|crates|nuget|maven|sonatype|ossrh|docker|dockerhub|dockerconfigjson|ghcr|quay|acr|gcr|ecr|artifactory|registry|harbor|jfrog|cachix|packagist|regcred|pull_secret|image_pull|hex_api`)},
	{"db-password", named(`db|database|postgres|postgresql|pg|mysql|mariadb|mongo|mongodb|redis|mssql|sql|oracle|cassandra|clickhouse|rabbitmq|amqp|elasticsearch`)},
	{"service-account-key", named(`service_account_(key|json)|(gcp|google|gcloud|firebase|gke|gcs|bigquery)_(.+_)?(key|credentials|creds|json|sa|token)|application_credentials|credentials_json|kubeconfig|kube_config|kubernetes_token|k8s_token|sa_key`)},
	{"oauth-client", named(`(client|oauth|oauth2|oidc|consumer|saml)_secret|refresh_token|oauth`)},
	{"ci-token", named(`(gh|github|gitlab|bitbucket|circleci|circle|jenkins|bot|renovate|dependabot|release|merge|ci|repo|git)_(.+_)?(token|pat)|pat|personal_access_token|app_key|app_private_key|gh_token`)},
	{unknown, named(`api_key|apikey|token|secret|password|pass|key`)},
}

// named matches names that have one of the words anywhere.
func named(words string) func() *regexp.Regexp { return regex.Lazy(`_(?:` + words + `)_`) }

// ends matches names that end in one of the words.
func ends(words string) func() *regexp.Regexp { return regex.Lazy(`_(?:` + words + `)_$`) }

// classOf gives the class that a name tells, "" if it tells none.
func classOf(name string) string {
	spelled := "_" + strings.Join(words(name), "_") + "_"
	for _, row := range classes {
		if row.names().MatchString(spelled) {
			return row.class
		}
	}
	return ""
}

// staticKeys are the classes of keys that a variable takes, by the cloud.
var staticKeys = map[string]string{"aws": "cloud-access-key", "azure": "cloud-access-key", "gcp": "service-account-key", "vault": "bootstrap"}

// classify finds the class of a secret by its names, the best first. One of its
// parts may be a user's name: it is an identifier only if all are.
func classify(names []string) string {
	var found []string
	for _, name := range names {
		if class := classOf(name); class != "" {
			found = append(found, class)
		}
	}
	telling := func(class string) bool { return class != identifier && class != unknown }
	if i := slices.IndexFunc(found, telling); i >= 0 {
		return found[i]
	}
	if len(found) > 0 && !slices.Contains(found, unknown) {
		return identifier
	}
	return unknown
}
