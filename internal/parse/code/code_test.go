package code

import (
	"fmt"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func source(path, text string) *lint.Source { return &lint.Source{Path: path, Data: []byte(text)} }

// show writes what a file reads: NAME, NAME? with a default, store:NAME,
// @address, and the number of computed names.
func show(t *testing.T, path, text string) string {
	t.Helper()
	src := source(path, text)
	if !Claims(src) {
		return ""
	}
	docs, findings := Parse([]*lint.Source{src})
	if len(findings) > 0 {
		t.Errorf("%s: %v", path, findings)
	}
	var all []string
	for _, doc := range docs {
		for _, item := range doc.Root.Get("readers").List() {
			entry := item.Get("name").Str()
			switch item.Get("kind").Str() {
			case "store":
				entry = item.Get("store").Str() + ":" + entry
			case "address":
				entry = "@" + item.Get("text").Str()
			}
			if item.Get("optional") != nil {
				entry += "?"
			}
			all = append(all, entry)
		}
		for _, gap := range doc.Gaps {
			all = append(all, "("+gap.Message+")")
		}
	}
	return strings.Join(all, " ")
}

func TestEnvironment(t *testing.T) {
	const one = "(1 environment variable is read by computed names)"
	tests := []struct{ name, path, text, want string }{
		{"Go", "a.go", `x := os.Getenv("A"); y, ok := os.LookupEnv("B"); z := syscall.Getenv("C")`, "A B C"},
		{"Go: raw strings are names", "a.go", "os.Getenv(`A`)", "A"},
		{"Go: comments and strings are no code", "a.go", "// os.Getenv(\"A\")\n/* os.Getenv(\"B\") */ s := \"os.Getenv(\\\"C\\\")\" + `os.Getenv(\"D\")` + '\"'\nos.Getenv(\"E\")", "E"},
		{"Go: characters are no strings", "a.go", `if c == '"' || c == '\'' || c == '\x00' { os.Getenv("A") }`, "A"},
		{"Go: a computed name is counted", "a.go", `os.Getenv(key); os.Getenv("A" + x); os.Getenv(fmt.Sprintf("%s_X", p)); os.Setenv("B", "c")`, "(3 environment variables are read by computed names)"},
		{"Go: names with escapes are computed", "a.go", `os.Getenv("A\x42")`, one},
		{"Go: a function of another package", "a.go", `cfg.Getenv("A")`, ""},
		{"Go: a name over lines", "a.go", "os.Getenv(\n\t\"A\",\n)", "A"},

		{"Python", "a.py", `os.environ["A"]; os.environ.get('B'); os.getenv("C"); os.environ.pop("D")`, "A B C D"},
		{"Python: defaults", "a.py", `os.environ.get("A", "x"); os.getenv("B", default()); os.getenv("C", None); os.getenv("D") or "x"`, "A? B? C D?"},
		{"Python: writing", "a.py", `os.environ["A"] = "x"; ok = os.environ["B"] == "x"`, "B"},
		{"Python: in f-strings", "a.py", `print(f"{os.environ['A']} {{os.environ['B']}} {x!r:>{os.environ['C']}}", "os.environ['D']")`, "A C"},
		{"Python: texts", "a.py", "\"\"\"\nos.environ['A']\n'''\n\"\"\"\nx = r'\\'\nos.environ['B'] # os.environ['C']", "B"},
		{"Python: imported names", "a.py", "from os import environ, getenv\ngetenv('A'); environ['B']; environ.get('C', ''); os.environ.get('D'); request.environ['E']", "A B C? D"},
		{"Python: the environ of a WSGI request", "a.py", "def app(environ):\n  return environ['PATH_INFO'] + environ.get('X')", ""},
		{"Python: django-environ", "a.py", "import environ\nenv = environ.Env()\nenv('A'); env.str('B'); env.bool('C', default=True)", "A B C"},
		{"Python: decouple", "a.py", "from decouple import config\nconfig('A')", "A"},
		{"Python: computed", "a.py", `os.environ[key]; os.getenv(f"{p}_X"); os.getenv("A" "B"); os.getenv("%s_C" % p)`, "(4 environment variables are read by computed names)"},

		{"Node", "a.js", `process.env.A; process.env["B"]; process.env?.C; globalThis.process.env.D`, "A B C D"},
		{"Node: defaults", "a.ts", `process.env.A || "x"; process.env.B ?? "x"; process.env["C"] ?? x; process.env.D ? 1 : 2; process.env.E!`, "A? B? C? D E"},
		{"Node: writing and methods", "a.js", `process.env.A = "x"; process.env.B === "x"; process.env.hasOwnProperty("C")`, "B"},
		{"Node: destructuring", "a.js", "const {A, B: b, C = 'x', ...rest} = process.env; f({D, ...process.env}); const {E} = process.env.F", "A B C? F"},
		{"Node: templates", "a.js", "`Bearer ${process.env.A} ${`${process.env.B}`} process.env.C ${ {a: {}} && process.env.D }`; process.env.E", "A B D E"},
		{"Node: patterns", "a.js", "x = /[\"'`/]/.test(y) ? a / b / c : /process.env.A/; process.env.B", "B"},
		{"Node: comments", "a.tsx", "/* process.env.A */ // process.env.B\n<p title='x'>Don't {process.env.C} stop</p>", "C"},
		{"Node: computed", "a.js", "process.env[key]; process.env[`A_${b}`]; process.env[`C`]", "C (2 environment variables are read by computed names)"},
		{"Vite, Deno and Bun", "a.ts", `import.meta.env.VITE_A; Deno.env.get("B"); Bun.env.C; Bun.env["D"]; import.meta.url`, "VITE_A B C D"},
		{"Vue", "a.vue", "<template><p>It's `x`</p></template>\n<script>\nconst a = process.env.A\n</script>", "A"},

		{"Java", "A.java", `System.getenv("A"); System.getenv().get("B"); System.getenv().getOrDefault("C", "x"); System.getenv(name);`, "A B C? " + one},
		{"Java: texts", "A.java", "String s = \"\"\"\n System.getenv(\"A\") \"\n\"\"\"; char c = '\"'; System.getenv(\"B\");", "B"},
		{"Spring", "A.java", "import org.springframework.x;\n@Value(\"${DB_PASSWORD}\") String a; @Value(\"${B_C:x}\") String b; @Value(\"${db.password}\") String c;", "DB_PASSWORD B_C?"},
		{"Spring's properties", "src/application-prod.properties", "# ${X}\nspring.datasource.password=${DB_PASSWORD}\nuser=${DB_USER:app} ${db.other}\n", "DB_PASSWORD DB_USER?"},
		{"Spring's properties in YAML", "application.yml", "a:\n  password: ${DB_PASSWORD} # ${X}\n", "DB_PASSWORD"},
		{"an Application of Argo CD is none of Spring", "application.yaml", "apiVersion: argoproj.io/v1alpha1\na: ${DB_PASSWORD}\n", ""},
		{"other properties", "gradle.properties", "a=${DB_PASSWORD}\n", ""},
		{"Kotlin", "a.kt", `val a = System.getenv("A") ?: "x"; val s = "${System.getenv("B")} \${System.getenv("C")}"; System.getenv()["D"]; System.getenv("$p")`, "A? B D " + one},
		{"Kotlin: comments nest", "a.kt", `/* /* */ System.getenv("A") */ System.getenv("B")`, "B"},
		{"Scala", "a.scala", `sys.env("A"); sys.env.get("B").getOrElse("x"); sys.env.getOrElse("C", "x"); val s = 'sym; s"${sys.env("D")}"`, "A B? C? D"},
		{"Gradle", "build.gradle", "password = System.getenv('A') ?: ''\nx = \"${System.getenv(\"B\")}\"", "A? B"},

		{"Ruby", "a.rb", `ENV["A"]; ENV['B'] || "x"; ENV.fetch("C"); ENV.fetch("D", nil); ENV.fetch("E") { "x" }; ENV.fetch("F", "x")`, "A B? C D E? F?"},
		{"Ruby: writing", "a.rb", `ENV["A"] = "x"; ENV["B"] ||= "x"; ENV["C"] == "x"; ENV["D"] =~ /x/`, "B? C D"},
		{"Ruby: strings and patterns", "a.rb", "x = \"#{ENV['A']} ENV['B']\" # ENV['C']\ny =~ /[\"']/ && ENV['D']; 'ENV[\"E\"]'", "A D"},
		{"Ruby: texts", "a.rb", "x = <<~SQL\n  it's ENV['A']\nSQL\nENV['B']\n=begin\nENV['C']\n=end\nENV['D']\nlist << ENV['E']", "B D E"},
		{"Ruby: computed", "Rakefile", "ENV[name]; ENV.fetch(\"#{p}_A\")", "(2 environment variables are read by computed names)"},

		{"C#", "a.cs", `Environment.GetEnvironmentVariable("A") ?? "x"; System.Environment.GetEnvironmentVariable("B", EnvironmentVariableTarget.Process); var c = '"'; $"{Environment.GetEnvironmentVariable("C")} {{D}}"`, "A? B C"},
		{"C#: strings", "a.cs", "@\"a\\\"; Environment.GetEnvironmentVariable(\"A\"); @\"x \"\" Environment.GetEnvironmentVariable(z) \"; \"\"\"\nEnvironment.GetEnvironmentVariable(z)\"\n\"\"\"", "A"},

		{"PHP", "a.php", `<p>It's getenv('X')</p> <?php getenv('A'); $_ENV["B"] ?? 'x'; env('C', 'x'); Env::get('D'); \getenv('E') ?: 'x'; $x->env('F'); ?> getenv('Y') "`, "A B? C? D E?"},
		{"PHP: strings", "a.php", "<?php\n$s = \"{$_ENV['A']} getenv('B')\n getenv('C')\"; # getenv('D')\n#[Attr(getenv('E'))]\n$t = <<<EOT\n getenv('F') \"\nEOT;\ngetenv('G');", "A E G"},

		{"Rust", "a.rs", `std::env::var("A")?; env::var("B").unwrap_or("x".into()); env!("C"); option_env!("D"); fn f<'a>(x: &'a str) { std::env::var_os("E") }`, "A B? C D E"},
		{"Rust: strings", "a.rs", `r#"env::var("A") " "#; "multi
 env::var(A)"; /* /* */ env::var("B") */ '"'; env::var(key)`, one},

		{"JavaScript that reads nothing", "a.js", "const environment = {env: 1}; x.environment", ""},
		{"an unclosed string ends with its line", "a.go", "x := \"abc\nos.Getenv(\"A\")", "A"},
		{"a file that ends within a call", "a.go", "os.Getenv(\"A\"", "A"},
		{"another language", "a.txt", `os.Getenv("A")`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(t, tt.path, tt.text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestShell(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"required", `: "${DB_PASSWORD:?set it}" ${TOKEN?}`, "DB_PASSWORD TOKEN"},
		{"with a default", `a=${DB_HOST:-db} b="${DB_PORT-1}"`, "DB_HOST? DB_PORT?"},
		{"plain names that nothing sets", `curl -H "Authorization: $TOKEN" ${URL}/x "${FILE%.*}"`, "TOKEN URL FILE"},
		{"names that the script sets", "A=1\nexport B_X=2\nlocal C_X\nread -r D_X E_X\nfor F_X in a; do echo $F_X; done\necho $A $B_X $C_X $D_X ${E_X}\n", ""},
		{"set later still means set", "echo $LATER\nLATER=1\n", ""},
		{"from itself", "TOKEN=${TOKEN:-x}\necho $TOKEN\n", "TOKEN?"},
		{"set above", "TOKEN=x\necho ${TOKEN:?}\n", ""},
		{"set in an arm of case", "case $x in\n  a) FLAG=1 ;;\n  (b) echo $TOKEN;;\nesac\necho $FLAG\n", "TOKEN"},
		{"set for one command", "PGPASSWORD=\"$DB_PASSWORD\" psql\ndocker run -e API_KEY=$API_KEY x\n", "DB_PASSWORD API_KEY"},
		{"exported without a value", "export API_KEY\necho $API_KEY", "API_KEY"},
		{"single quotes", `awk '{print $NAME}' f; echo "$(awk '{print $NAME "x"}' f)" 'x'"$TOKEN"'y' $'\'$NAME'`, "TOKEN"},
		{"escapes and comments", "echo \\$NAME \"\\$NAME\" # $NAME\n# ${NAME:?}\necho a#$TOKEN", "TOKEN"},
		{"heredocs", "cat <<EOF\nit's $TOKEN \\$NAME\nEOF\ncat <<'EOF'\n$NAME\nEOF\ncat <<-EOF\n\tx\n\tEOF\necho $OTHER", "TOKEN OTHER"},
		{"here-strings", "cat <<<$TOKEN\necho \"$OTHER\"", "TOKEN OTHER"},
		{"the shell's own, and small names", `echo $HOME $PATH $name ${name:?} $1 $? $$ $BASH_SOURCE ${#NAME} ${!NAME} ${NAME:+x} $((1+2))`, ""},
		{"other scripts may set what is plain", ". ./lib.sh\necho $TOKEN ${OTHER:?}", "OTHER"},
		{"substitutions", "X=\"$(echo \"$TOKEN\" | tr a b)\" `echo $OTHER`\necho $X", "TOKEN OTHER"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(t, "a.sh", tt.text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	if got := show(t, "bin/deploy", "#!/usr/bin/env bash\necho $TOKEN\n"); got != "TOKEN" {
		t.Errorf("a script without a suffix gives %q", got)
	}
}

func TestStores(t *testing.T) {
	const sm, one = "aws-secretsmanager:", "(1 store entry is read by computed names)"
	tests := []struct{ name, path, text, want string }{
		{"boto3", "a.py", `boto3.client("secretsmanager").get_secret_value(VersionStage="x", SecretId="shop/db")["SecretString"]`, sm + "shop/db"},
		{"boto3 with a computed name", "a.py", "c.get_secret_value(SecretId=name); c.get_secret_value(SecretId='a/%s' % x)", "(2 store entries are read by computed names)"},
		{"boto3 with a name of both", "a.py", `c.get_secret_value(SecretId=f"{env}/db")`, one},
		{"Go", "a.go", `out, err := c.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("shop/db")})`, sm + "shop/db"},
		{"Go, in two steps", "a.go", "in := &secretsmanager.GetSecretValueInput{\n\tSecretId: aws.String(\"shop/db\"),\n}\nx := Y{SecretId: \"other\"}", sm + "shop/db"},
		{"Go with a computed name", "a.go", `&secretsmanager.GetSecretValueInput{SecretId: aws.String(name)}`, one},
		{"JavaScript", "a.ts", `client.send(new GetSecretValueCommand({ SecretId: "shop/db", VersionStage: v })); sm.getSecretValue({"SecretId": 'b'})`, sm + "shop/db " + sm + "b"},
		{"Java", "A.java", `client.getSecretValue(GetSecretValueRequest.builder().versionStage("x").secretId("shop/db").build());`, sm + "shop/db"},
		{"C#", "a.cs", `await client.GetSecretValueAsync(new GetSecretValueRequest { SecretId = "shop/db" });`, sm + "shop/db"},
		{"Ruby", "a.rb", `client.get_secret_value(secret_id: "shop/db")`, sm + "shop/db"},
		{"PHP", "a.php", `<?php $client->getSecretValue(['SecretId' => 'shop/db']);`, sm + "shop/db"},
		{"Rust", "a.rs", `client.get_secret_value().secret_id("shop/db").send().await?`, sm + "shop/db"},
		{"creating is not reading", "a.py", `c.create_secret(Name="shop/db"); c.put_secret_value(SecretId="shop/db"); "get_secret_value"`, ""},
		{"a parameter", "a.py", `ssm.get_parameter(Name="/shop/db", WithDecryption=True); ssm.get_parameter(Name="/shop/plain"); ssm.get_parameter(Name="/x", WithDecryption=False)`, "aws-ssm:/shop/db"},
		{"a parameter in Go", "a.go", `ssm.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String("/shop/db"), WithDecryption: aws.Bool(true)})`, "aws-ssm:/shop/db"},
		{"the parameter of a request", "A.java", `request.getParameter("name");`, ""},
		{"Google", "a.py", `client.access_secret_version(request={"name": "projects/p/secrets/db/versions/latest"}); client.access_secret_version(name=f"projects/{p}/secrets/db")`, "gcp-secret-manager:projects/p/secrets/db/versions/latest " + one},
		{"Google, in Java", "A.java", `client.accessSecretVersion(SecretVersionName.of(project, "db", "latest"));`, "gcp-secret-manager:db"},
		{"Azure", "a.py", "from azure.keyvault.secrets import SecretClient\nclient.get_secret('db').value", "azure-keyvault:db"},
		{"Azure, in C#", "a.cs", "using Azure.Security.KeyVault.Secrets;\nclient.GetSecretAsync(\"db\"); client.GetSecret(name)", "azure-keyvault:db " + one},
		{"another get_secret", "a.py", "client.get_secret('db'); vault", ""},
		{"Vault", "a.go", `import "github.com/hashicorp/vault/api"; s, err := client.Logical().Read("secret/data/shop"); client.KVv2("secret").Get(ctx, "shop/db")`, "vault:secret/data/shop vault:shop/db"},
		{"hvac", "a.py", "import hvac\nclient.secrets.kv.v2.read_secret_version(path='shop/db', mount_point='kv'); client.read('secret/x'); f.read(10)", "vault:shop/db vault:secret/x " + one},
		{"Vault in Ruby", "a.rb", `Vault.logical.read("secret/x"); Vault.kv("secret").read("y")`, "vault:secret/x vault:y"},
		{"no code", "a.py", "# c.get_secret_value(SecretId='a')\n'''c.get_secret_value(SecretId=\"a\")'''", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(t, tt.path, tt.text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	const vault = "@https://vault.example.com:8200"
	tests := []struct{ name, path, text, want string }{
		{"a variable", "a.go", `const vaultAddr = "https://vault.example.com:8200"`, vault},
		{"a typed variable", "a.ts", `const VAULT_URL: string = "https://vault.example.com:8200";`, vault},
		{"a default", "a.py", `os.environ.get("VAULT_ADDR", "https://vault.example.com:8200"); os.environ.get("API", "https://api.example.com")`, "VAULT_ADDR? " + vault + " API?"},
		{"a default behind an operator", "a.js", `const vaultAddr = process.env.ADDR || "https://vault.example.com:8200"`, "ADDR? " + vault},
		{"a client", "a.py", `client = hvac.Client(url="https://vault.example.com:8200", token=t)`, vault},
		{"a configuration", "a.go", "import \"github.com/hashicorp/vault/api\"\nconfig.Address = \"https://vault.example.com:8200\"\nother := \"https://example.com\"", vault},
		{"a struct", "a.go", `api.NewClient(&vault.Config{MaxRetries: 3, Address: "https://vault.example.com:8200"})`, vault},
		{"an object", "a.js", `module.exports = { vault: { retries: 1, endpoint: "https://vault.example.com:8200" }, api: { url: "https://x.example.com" } }`, vault},
		{"userinfo and query are left out", "a.py", "VAULT_ADDR = 'https:/" + "/app:correct-horse@vault.example.com/v1?token=battery#x'", "@vault.example.com/v1"},
		{"what is only near", "a.go", "vaultOn := true\nurl := \"https://example.com\"\nf(vault, g(\"https://example.com\"))\ntype x struct { vault bool; y string }", ""},
		{"in a class", "A.java", `class VaultService { String docs = "https://docs.example.com"; }`, ""},
		{"put together", "a.py", "VAULT_ADDR = f'https://{host}:8200'; VAULT_URL = 'https://%s' % host", ""},
		{"Azure", "a.cs", `new SecretClient(new Uri("https://shop.vault.azure.net/"), cred); $"https://{name}.vault.azure.net"; "{0}.vault.azure.net"`, "@https://shop.vault.azure.net/"},
		{"AWS", "a.py", `x = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"; boto3.client("secretsmanager", endpoint_url="https://secretsmanager.eu-west-1.amazonaws.com")`,
			"@arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf @https://secretsmanager.eu-west-1.amazonaws.com"},
		{"an ARN that names an entry", "a.py", `c.get_secret_value(SecretId="arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf")`, "aws-secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf"},
		{"a script", "a.sh", "export VAULT_ADDR=https://vault.example.com:8200\n", vault},
		{"a comment", "a.go", "// vaultAddr = \"https://vault.example.com:8200\"\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(t, tt.path, tt.text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDocument(t *testing.T) {
	docs, _ := Parse([]*lint.Source{source("web/main_test.go", "package main\nvar a = os.Getenv(\"A\")\nvar b = os.Getenv(b)\n")})
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	doc := docs[0]
	if doc.Platform != "code" || doc.Root.Get("language").Str() != "go" || doc.Root.Get("test") == nil {
		t.Errorf("got %s %v", doc.Platform, doc.Root)
	}
	place, err := doc.Locate(lint.Path{"readers", 0, "name"}, lint.Spot{})
	if err != nil || place.Location.String() != "web/main_test.go:2:20" || place.Location.End.Column != 21 {
		t.Errorf("the name stands at %v, %v", place.Location, err)
	}
	if len(doc.Gaps) != 1 || doc.Gaps[0].Location.String() != "web/main_test.go:3:19" {
		t.Errorf("gaps: %v", doc.Gaps)
	}
	if doc := docs[0]; fmt.Sprint(doc.Root.Get("readers").Items[0].Get("optional")) != "<nil>" {
		t.Error("a reader without a default is optional")
	}
}

func TestIsTest(t *testing.T) {
	tests := map[string]bool{
		"a_test.go": true, "x/a.test.ts": true, "x/a.spec.js": true, "test_a.py": true, "conftest.py": true, "a_spec.rb": true, "src/test/java/A.java": true,
		"tests/a.php": true, "ATest.java": true, "Shop.Tests/A.cs": true, "__tests__/a.js": true,
		"latest.go": false, "contest.py": false, "src/main/A.java": false, "Test.java": false, "attest/a.go": false, "testing.go": false,
	}
	for path, want := range tests {
		if got := isTest(path); got != want {
			t.Errorf("%s: got %t", path, got)
		}
	}
}
