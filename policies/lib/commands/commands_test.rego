package policyctl.lib.commands_test

import data.policyctl.lib.commands

_index(words) := {c.index | some c in commands.credentials(words)}

test_literal_credentials if {
	every case in [
		[["tool", "--password", "correct-horse"], 2],
		[["tool", "--password=correct-horse"], 1],
		[["sudo", "-E", "tool", "--api-key", "correct-horse"], 4],
		[["redis-server", "--requirepass", "correct-horse"], 2],
		[["keytool", "-import", "-storepass", "correct-horse"], 3],
		[["mysql", "--password=correct-horse"], 1],
		[["mysql", "-u", "root", "-pcorrect-horse"], 3],
		[["/usr/bin/mysqladmin", "-uroot", "-pcorrect-horse", "ping"], 2],
		[["mysqladmin", "-u", "root", "password", "correct-horse"], 4],
		[["sshpass", "-p", "correct-horse", "ssh", "host"], 2],
		[["sshpass", "-pcorrect-horse", "ssh", "host"], 1],
		[["redis-cli", "-a", "correct-horse"], 2],
		[["sqlcmd", "-S", "host", "-P", "correct-horse"], 4],
		[["docker", "login", "-u", "app", "-p", "correct-horse"], 5],
		[["env", "DB_PASSWORD=correct-horse", "make"], 1],
		[["docker", "run", "-e", "TOKEN=correct-horse", "image"], 3],
		[["docker", "build", "--build-arg=NPM_TOKEN=correct-horse", "."], 2],
		[["helm", "install", "--set", "auth.password=correct-horse"], 3],
		[["TOKEN=correct-horse"], 0],
		[["mvn", "-Dpassword=correct-horse"], 1],
		[["git", "clone", "https:\/\/app:correct-horse@example.com/r.git"], 2],
		[["curl", "-u", "app:correct-horse", "https://example.com"], 2],
		[["curl", "-uapp:correct-horse", "https://example.com"], 1],
		[["curl", "-H", "Authorization: Bearer correct-horse", "https://example.com"], 2],
		[["curl", "--header=X-Api-Key: correct-horse"], 1],
		[["npm", "config", "set", "//registry.example.com/:_authToken", "correct-horse"], 4],
		[["npm", "config", "set", "//registry.example.com/:_authToken=correct-horse"], 3],
		[["aws", "configure", "set", "aws_secret_access_key", "correct-horse"], 4],
		[["composer", "config", "http-basic.example.com", "app", "correct-horse"], 4],
		[["rabbitmqctl", "add_user", "app", "correct-horse"], 3],
		[["htpasswd", "-cb", "/etc/users", "app", "correct-horse"], 4],
		[["openssl", "rsa", "-passin", "pass:correct-horse"], 3],
		[["psql", "-c", "ALTER USER app PASSWORD 'correct-horse'"], 2],
		[["mysql", "-e", "CREATE USER 'app' IDENTIFIED BY 'correct-horse'"], 2],
		[["echo", "machine example.com login app password correct-horse"], 1],
	] {
		_index(case[0]) == {case[1]}
	}
}

test_no_credentials if {
	every words in [
		[],
		["tool"],
		["tool", "--password"],
		["tool", "--password", "$PASSWORD"],
		["tool", "--password=${PASSWORD}"],
		["tool", "--password", "--verbose"],
		["tool", "--password-file", "/run/secrets/db"],
		["tool", "--password", "/run/secrets/db"],
		["docker", "login", "--password-stdin", "registry"],
		["docker", "build", "--secret", "id=npm,src=.npmrc", "."],
		["docker", "run", "-p", "8080:80"],
		["mysql", "-p", "database"],
		["mysql", "--password", "database"],
		["psql", "-p5432", "--password", "database"],
		["keytool", "-storepass", "changeit"],
		["grep", "password=correct-horse", "file"],
		["sed", "s/password=.*/password=correct-horse/"],
		["adduser", "--disabled-password", "app"],
		["mkdir", "-p", "correct-horse"],
		["npm", "config", "set", "//registry.example.com/:_authToken", "${NPM_TOKEN}"],
		["npm", "config", "set", "//registry.example.com/:_authToken=${NPM_TOKEN}"],
		["curl", "-H", "Authorization: Bearer $TOKEN"],
		["curl", "-H", "Accept: text/html"],
		["curl", "-u", "app:$PASSWORD", "https://example.com"],
		["git", "clone", "https://example.com/r.git"],
		["apt-get", "install", "passwd"],
	] {
		_index(words) == set()
	}
}

test_words_of_other_types if {
	_index(["tool", "--password", 5, null]) == set()
	_index("tool --password correct-horse") == set()
	_index(null) == set()
}

test_what_and_match if {
	commands.credentials(["tool", "--token", "correct-horse"]) == {{"index": 2, "what": "the option --token"}}
	commands.credentials(["curl", "https:\/\/a:correct-horse@x"]) == {{"index": 1, "what": "a URL", "match": "a:correct-horse@"}}
}

test_each_word_counts_once if {
	count(commands.credentials(["tool", "--password", "https:\/\/a:correct-horse@x"])) == 1
}

test_program if {
	commands.program(["sudo", "-u", "/usr/bin/curl"]) == "curl"
	commands.program(["A=b", "exec", "/bin/sh"]) == "sh"
	not commands.program([])
	not commands.program(["sudo"])
}
