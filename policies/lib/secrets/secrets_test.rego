package policyctl.lib.secrets_test

import data.policyctl.lib.secrets

test_names_of_credentials if {
	every name in [
		"PASSWORD", "DB_PASSWORD", "MYSQL_ROOT_PASSWORD", "PGPASSWORD", "dbpassword", "db.password", "PASSWORD2",
		"POSTGRES_PASSWD", "GPG_PASSPHRASE", "SMTP_PASS", "PASS", "MYSQL_PWD", "SSHPASS",
		"SECRET", "CLIENT_SECRET", "clientSecret", "OAuthClientSecret", "SECRET_KEY", "SECRET_KEY_BASE", "AWS_SECRET_ACCESS_KEY",
		"TOKEN", "GITHUB_TOKEN", "github-token", "NPM_AUTHTOKEN", "accessToken", "TOKEN_GITHUB", "REFRESH_TOKEN", "GH_PAT",
		"API_KEY", "apiKey", "APIKey", "STRIPE_APIKEY", "ENCRYPTION_KEY", "SSH_PRIVATE_KEY", "APP_KEY", "API_KEYS",
		"CREDENTIALS", "DB_CREDS", "WIFI_PSK", "CHECK_MK_PASSWORD", "SSH_PKEY", "DOMAINPASS", "DB_KEY_BASE", "RECORD_ENCRYPTION_PRIMARY_KEY", "RABBITMQ_ERLANG_COOKIE", "DB_PASSWORD_PROD", "JWT_SECRET_CURRENT",
		"REACT_APP_AWS_SECRET_ACCESS_KEY", "VITE_PASSWORD", "NEXT_PUBLIC_DB_PASSWORD", "adminPassword",
	] {
		secrets.secret_name(name)
	}
}

test_names_about_credentials if {
	every name in [
		"", "PWD", "OLDPWD", "KEY", "KEYCLOAK_URL", "KEYCLOAK", "COMPASS", "BYPASS", "PUBLIC_KEY", "SIGNING_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY",
		"NEXT_PUBLIC_FIREBASE_API_KEY", "PASSWORD_FILE", "POSTGRES_PASSWORD_FILE", "TOKEN_PATH", "SECRET_NAME", "secretName",
		"TOKEN_URL", "SECRET_ARN", "AWS_ACCESS_KEY_ID", "CLIENT_ID", "TOKEN_TTL", "TOKEN_EXPIRY", "TOKEN_ISSUER", "TOKEN_LENGTH",
		"PASSWORD_MIN_LENGTH", "ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD", "MAX_TOKENS", "MAX_OUTPUT_TOKENS", "PAD_TOKEN",
		"KMS_KEY_ALIAS", "SECRETARY", "TOKENIZER", "PASSENGER", "SECRET_MANAGER_PROJECT", "REQUIRE_TOKEN", "NEXT_TOKEN", "PRIMARY_KEY", "HTTP_BY_PASS",
		"disabled-password", "with-token", "no-password",
	] {
		not secrets.secret_name(name)
	}
}

test_a_name_is_a_string if {
	not secrets.secret_name(5)
	not secrets.secret_name(null)
	not secrets.secret_name(["PASSWORD"])
}

test_literal_values if {
	every value in [
		"correct-horse-battery", "changeme", "password", "postgres", "123456", "pa$", "a/b+c==", "/correct+horse=",
		"postgres:\/\/app:correct-horse@db/app", "cost$10-correct", "correct horse battery staple", "Yes-it-is",
		"-----BEGIN \u0050RIVATE KEY-----\ncorrect-horse\n-----END PRIVATE KEY-----", "youreallyshouldnot",
	] {
		secrets.literal(value)
	}
}

test_values_that_are_no_credential if {
	every value in [
		"", " ", "ab", "true", "Yes", "none", "12", "3.5", "30m", "/run/secrets/db", "/etc/ssl/key", "./secrets/key", "~/.ssh/id",
		`C:\secrets\key`, "server.key", "certs/tls.pem", "xxxx", "****", "<password>", "your-password-here", "YOUR_API_KEY", "replace-me", "insert_token_here",
		"!@#$%^&*()_+", "minutes", "Hours", "projects/p/locations/eu/keyRings/r/cryptoKeys/k",
		"dummy", "dummy-value", "placeholder", "https://example.com/token", "postgres://db:5432/app", "postgres://app:${PASSWORD}@db",
		"$PASSWORD", "${PASSWORD}", "pre${X}post", "$(PASSWORD)", "${{ secrets.TOKEN }}", "{{ .Values.password }}", "%PASSWORD%", "__PASSWORD__", "((password))",
		"arn:aws:secretsmanager:eu-west-1:1:secret:x", "projects/p/secrets/s/versions/1", "@Microsoft.KeyVault(SecretUri=x)", "vault:secret/data/db#password",
		"op://vault/item/field", "ENC[AES256_GCM,data:x]", "DB_PASSWORD", "-----BEGIN PUBLIC KEY-----", "ssh-ed25519 correct horse",
	] {
		not secrets.literal(value)
	}
}

test_names_of_secrets if {
	every pair in [
		["DB_SECRET", "shop-db"], ["KEY_VAULT_SECRET", "shop-db"], ["dbCredentials", "shop.db2-app"], ["DB_PASSWORD_SECRET", "shop-db"],
		["TOKEN_SECRET_KEY", "token"], ["DB_SECRET_KEY", "root-password"],
		["SECRET", "my-secret"], ["credentials", "shop.db-creds"], ["DB_SECRET", "shop/db"], ["GITHUB_TOKEN_SECRET", "acme/github-token"],
	] {
		secrets.names_secret(pair[0], pair[1])
	}
	every pair in [
		["SESSION_SECRET", "keyboard-cat"], ["CLIENT_SECRET", "correct-horse"], ["DB_PASSWORD", "shop-db"], ["DB_SECRET", "hunter"],
		["DB_SECRET", "k3v-9xq-mmz"], ["DB_SECRET", "Shop-Db"], ["SECRET", "shop-db"], ["SECRET", "My-secret"], ["SESSION_SECRET", "my-secret"], ["SECRET_KEY", "shop-db"], ["NEXTAUTH_SECRET", "k3v9xqmmz"],
	] {
		not secrets.names_secret(pair[0], pair[1])
	}
}

test_groups_that_describe if {
	every name in ["token_validity_units", "secret_arns", "secretNames", "password_lengths"] {
		secrets.describing(name)
	}
	every name in ["secrets", "environment", "units_password", 0] {
		not secrets.describing(name)
	}
}

test_a_literal_is_a_string if {
	not secrets.literal(123456)
	not secrets.literal(null)
	not secrets.literal({"password": "correct-horse"})
	not secrets.plausible(true)
	not secrets.reference(1)
}

test_plausible_takes_references_as_text if {
	secrets.plausible("pa$word")
	not secrets.literal("pa$word")
}

test_userinfos if {
	secrets.userinfos("postgres:\/\/postgres:postgres@db/postgres") == {"postgres:postgres@"}
	secrets.userinfos("redis:\/\/:correct-horse@cache") == {":correct-horse@"}
	secrets.userinfos("see http:\/\/a:correct-horse@x and http:\/\/b:battery@y") == {"a:correct-horse@", "b:battery@"}
	secrets.userinfos("https://correcthorsebatterystaple:x-oauth-basic@example.com/r.git") == {"correcthorsebatterystaple:x-oauth-basic@"}
	secrets.userinfos("https://correcthorsebatterystaple:@example.com/r.git") == {"correcthorsebatterystaple:@"}
	secrets.userinfos("https://${USER}:correct-horse@example.com") == {"${USER}:correct-horse@"}
	secrets.userinfos("https:\/\/app:a#b?c@example.com") == {"app:a#b?c@"}
}

test_no_userinfos if {
	every text in [
		"", "postgres://db:5432/app", "https://user@example.com", "https://user:${PASSWORD}@example.com", "https://user:${PASSWORD:-a/b}@x",
		"https://user:$TOKEN@example.com", "https://user:<password>@example.com", "http://host:8080/a@b", "git@example.com:org/repo.git",
		"https://short:@example.com", "https://{{ user }}:{{ password }}@x",
	] {
		secrets.userinfos(text) == set()
	}
	secrets.userinfos(5) == set()
}

test_url_credentials if {
	secrets.url_credentials("https:\/\/a:correct-horse@x/?token=battery-staple") == {"a:correct-horse@", "token=battery-staple"}
}

test_settings if {
	secrets.settings("a: b\nexport API_TOKEN=correct-horse\n  password: \"battery\",\n") == {"export API_TOKEN=correct-horse", "password: \"battery\","}
	secrets.settings("//example.com/:_authToken=correct-horse") == {"//example.com/:_authToken=correct-horse"}
	secrets.settings("password = get_password()\ntoken: $TOKEN\nTOKEN_TTL=correct-horse\nthe password: correct horse") == set()
	secrets.settings(5) == set()
}

test_queries if {
	secrets.queries("https://example.com/a?x=1&access_token=correct-horse&y=2") == {"access_token=correct-horse"}
	secrets.queries("https://example.com/a?sv=2020&sig=correct-horse") == {"sig=correct-horse"}
}

test_no_queries if {
	every text in [
		"https://example.com/a?token=$TOKEN", "https://example.com/a?page=correct-horse", "https://example.com/a?token=", "a?token=correct-horse",
	] {
		secrets.queries(text) == set()
	}
	secrets.queries(null) == set()
}

test_host_folder if {
	every path in ["/", "/etc/", "/root/.ssh", "/var/run/docker.sock"] {
		secrets.host_folder(path)
	}
	every path in ["", "/etc/localtime", "/var/log", "./data"] {
		not secrets.host_folder(path)
	}
}
