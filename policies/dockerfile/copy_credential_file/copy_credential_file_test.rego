package policyctl.dockerfile.copy_credential_file_test

import data.policyctl.dockerfile.copy_credential_file as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_copy(source) := {"name": "COPY", "sources": ["a", source], "destination": "/app/"}

test_a_credential_file_is_found if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "sources", 1],
		"message": "COPY takes the credential file config/.env into the final stage, everyone who can pull the image can read it",
	}} with input as _file([_copy("config/.env")])
}

test_credential_files if {
	every path in [
		".env", ".env.production", "./.netrc", ".pypirc", ".pgpass", ".git-credentials", "my_htpasswd", ".aws", ".aws/credentials", ".docker/config.json",
		".kube/config", "prod.kubeconfig", "credentials.json", "gcp-credentials.json", "service-account.json", "secrets.yml", "id_rsa", "keys/id_ed25519",
		"tls.key", "server-key.pem", "private.pem", "store.jks", "cert.p12", "config/master.key", ".ssh", ".ssh/", "terraform.tfstate",
	] {
		count(rule.deny) == 1 with input as _file([_copy(path)])
	}
}

test_harmless_files if {
	every path in [
		".env.example", ".env.sample", "prod.env.template", ".env.local.example", "id_rsa.pub", "ca.pem", "fullchain.pem", "public.key", "nodesource.gpg.key", "release-key.pem",
		"package.json", "secrets.go", "credentials/", "environment", "monkey.png", "cacerts.jks", "https://example.com/tls.key", "src/keys", "config.json",
	] {
		rule.deny == set() with input as _file([_copy(path)])
	}
}

test_a_name_that_the_file_is_given if {
	some deny in rule.deny with input as _file([{"name": "COPY", "sources": ["deploy"], "destination": "/root/.ssh/id_rsa"}])
	deny.message == "COPY takes the credential file /root/.ssh/id_rsa into the final stage, everyone who can pull the image can read it"
	deny.path == ["stages", 0, "instructions", 0, "sources", 0]
	rule.deny == set() with input as _file([{"name": "COPY", "sources": ["ssh/config", "known_hosts"], "destination": "/root/.ssh/"}])
}

test_npm_settings if {
	every copy in [[".npmrc", "/root/"], ["web/.npmrc", "/home/node"], [".npmrc", "/root/.npmrc"], ["npm.conf", "~/.npmrc"], [".npmrc", "$HOME/"], [".npmrc", "/home/id_rsa"]] {
		count(rule.deny) == 1 with input as _file([{"name": "COPY", "sources": [copy[0]], "destination": copy[1]}])
	}
	every copy in [[".npmrc", "./"], ["web/.npmrc", "/app/"], [".npmrc", "/app/.npmrc"], [".npmrc", "/home/node/app/"]] {
		rule.deny == set() with input as _file([{"name": "COPY", "sources": [copy[0]], "destination": copy[1]}])
	}
}

test_other_stages_and_keyrings if {
	rule.deny == set() with input as _file([
		{"name": "COPY", "from": "build", "sources": ["/root/.npmrc"], "destination": "/root/"},
		{"name": "ADD", "sources": ["example.key"], "destination": "/etc/apt/trusted.gpg.d/"},
		{"name": "RUN", "command": "cp .env /app"},
	])
}

_taking(source, taken) := _file([{"name": "COPY", "sources": [source], "destination": "/app", "takes": [object.union({"line": taken.file, "source": 0, "ignore": ".dockerignore"}, taken)]}])

test_a_file_that_is_taken_along if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "sources", 0],
		"message": "COPY . takes the credentials of .env along into the image: add the line .env at the end of .dockerignore",
		"related": [{"path": ["stages", 0, "instructions", 0, "takes", 0, "text"], "message": "the file"}],
	}} with input as _taking(".", {"file": ".env", "text": "PORT=80\nDB_PASSWORD=correct-horse\n"})
}

test_what_files_hold if {
	every taken in [
		{"file": "a.p12"},
		{"file": "a.pem", "text": "-----BEGIN EC PRIVATE KEY-----\n"},
		{"file": "kubeconfig", "text": "    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSB\n"},
		{"file": "terraform.tfstate", "text": `{"resources": [{"instances": []}]}`},
		{"file": ".netrc", "text": "machine a login b password correct-horse"},
		{"file": ".pgpass", "text": "a:5432:b:c:correct-horse"},
		{"file": ".htpasswd", "text": "a:correct-horse"},
		{"file": ".docker/config.json", "text": `{"auths": {"a": {"auth": "aaaaaaaa"}}}`},
		{"file": "config/master.key", "text": "correct-horse-battery\n"},
		{"file": ".git-credentials", "text": "https:\/\/app:correct-horse@example.com"},
		{"file": ".npmrc", "text": "//registry.example.com/:_authToken=correct-horse\n"},
	] {
		count(rule.deny) == 1 with input as _taking("*", taken)
	}
}

test_files_without_a_credential if {
	every taken in [
		{"file": "a.key"}, # too large to be read
		{"file": "a.pem", "text": "-----BEGIN CERTIFICATE-----\n"},
		{"file": "terraform.tfstate", "text": `{"resources": []}`},
		{"file": ".netrc", "text": "machine a login b password ${TOKEN}"},
		{"file": ".npmrc", "text": "//registry.example.com/:_authToken=${NPM_TOKEN}\nregistry=https://example.com\n"},
		{"file": ".env", "text": "PORT=80\nDB_PASSWORD=\nAPI_TOKEN=your-token-here\nURL=https://example.com\n"},
		{"file": "config/master.key", "text": "two\nlines"},
	] {
		rule.deny == set() with input as _taking("*", taken)
	}
}

test_a_file_that_is_named_is_one_finding if {
	count(rule.deny) == 1 with input as _taking(".env", {"file": ".env", "text": "DB_PASSWORD=correct-horse"})
}

test_a_named_file_with_settings_only if {
	rule.deny == set() with input as _taking(".env", {"file": ".env", "text": "PORT=80\n"})
	count(rule.deny) == 1 with input as _taking(".env", {"file": ".env", "text": "DB_PASSWORD=correct-horse\n"})
}
