package draft

import "testing"

func TestClassesOfNames(t *testing.T) {
	tests := map[string][]string{
		"identifier": {
			"AWS_ACCOUNT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID", "AZURE_CLIENT_ID", "AWS_ROLE_ARN", "AWS_ROLE_TO_ASSUME", "DEPLOY_ROLE_ARN",
			"GCP_PROJECT_ID", "GCP_WORKLOAD_IDENTITY_PROVIDER", "GCP_SERVICE_ACCOUNT", "SENTRY_DSN", "SENTRY_ORG", "SONAR_HOST_URL", "API_BASE_URL",
			"DOCKERHUB_USERNAME", "DOCKER_USER", "SMTP_HOST", "SMTP_PORT", "MAIL_FROM", "S3_BUCKET", "AWS_REGION", "SSH_KNOWN_HOSTS", "APP_ID",
			"CLOUDFLARE_ZONE_ID", "CLOUDFLARE_ACCOUNT_ID", "STRIPE_PUBLISHABLE_KEY", "DB_USERNAME", "DB_HOST", "POSTGRES_DB", "SLACK_CHANNEL_ID", "VAULT_URL",
			"PUBLIC_KEY", "GPG_FINGERPRINT", "EMAIL",
		},
		"cloud-access-key":    {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "S3_ACCESS_KEY", "ARM_CLIENT_SECRET", "AZURE_CREDENTIALS", "awsAccessKeyId"},
		"service-account-key": {"GCP_SA_KEY", "GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS", "FIREBASE_SERVICE_ACCOUNT_KEY", "KUBECONFIG", "KUBE_CONFIG"},
		"db-password":         {"DATABASE_URL", "PROD_DATABASE_URL", "DB_PASSWORD", "POSTGRES_PASSWORD", "PGPASSWORD", "MONGODB_URI", "REDIS_URL", "shop-db", "SQL_CONNECTION_STRING", "MYSQL_ROOT_PASSWORD"},
		"registry-credential": {"NPM_TOKEN", "PYPI_API_TOKEN", "DOCKERHUB_TOKEN", "DOCKER_PASSWORD", "CARGO_REGISTRY_TOKEN", "NUGET_API_KEY", "regcred", "GHCR_PAT"},
		"ci-token":            {"GH_PAT", "RENOVATE_TOKEN", "GITLAB_TOKEN", "RELEASE_BOT_TOKEN", "PERSONAL_ACCESS_TOKEN", "RELEASE_APP_PRIVATE_KEY"},
		"ssh-key":             {"SSH_PRIVATE_KEY", "DEPLOY_KEY", "SERVER_SSH_KEY", "id_ed25519"},
		"signing-key":         {"GPG_PRIVATE_KEY", "SIGNING_KEY_PASSPHRASE", "COSIGN_PASSWORD", "ANDROID_KEYSTORE_BASE64", "APPLE_SIGNING_CERTIFICATE", "WINDOWS_CERT_P12"},
		"tls-cert":            {"TLS_KEY", "SSL_CERTIFICATE", "web-tls", "tls.crt"},
		"encryption-key":      {"ENCRYPTION_KEY", "FERNET_KEY", "SOPS_AGE_KEY", "ANSIBLE_VAULT_PASSWORD", "DATA_ENCRYPTION_KEY"},
		"webhook-secret":      {"GITHUB_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET", "HMAC_KEY"},
		"session-secret":      {"SESSION_SECRET", "COOKIE_SECRET", "JWT_SECRET", "SECRET_KEY_BASE", "NEXTAUTH_SECRET", "APP_KEY"},
		"oauth-client":        {"OAUTH_CLIENT_SECRET", "GOOGLE_CLIENT_SECRET", "SPOTIFY_REFRESH_TOKEN"},
		"bootstrap":           {"VAULT_TOKEN", "VAULT_SECRET_ID", "VAULT_UNSEAL_KEY", "DOPPLER_TOKEN"},
		"api-key":             {"STRIPE_API_KEY", "CODECOV_TOKEN", "SLACK_WEBHOOK_URL", "DISCORD_WEBHOOK", "SNYK_TOKEN", "SMTP_PASSWORD", "CHAT_SETTINGS", "OPENAI_API_KEY"},
	}
	for want, names := range tests {
		for _, name := range names {
			if got := classify([]string{name}); got != want {
				t.Errorf("%s is a %s, want %s", name, got, want)
			}
		}
	}
}

func TestClassOfSeveralNames(t *testing.T) {
	tests := []struct {
		name  string
		names []string
		want  string
	}{
		{"a password beside the name of its user is no identifier", []string{"registry_username", "registry_password"}, "registry-credential"},
		{"an unknown part does not decide", []string{"ledger", "LEDGER_DB_PASSWORD"}, "db-password"},
		{"identifiers only", []string{"app_url", "app_username"}, "identifier"},
		{"a token beside an identifier", []string{"app_url", "app_token"}, "api-key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := classify(test.names); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
