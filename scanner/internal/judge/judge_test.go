package judge

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// secretText makes up a value at run time, so that no scanner blocks this file.
func secretText(letters string, n int) string {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return string(b)
}

const (
	alphanumeric = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	hexadecimal  = "0123456789abcdef"
)

func newJudge(t testing.TB) *Judge {
	t.Helper()
	j := New(0.5)
	return j
}

// TestForms writes a credential in the ways that files and languages know; @ is
// where it stands.
func TestForms(t *testing.T) {
	tests := []struct{ path, text string }{
		// one assignment a line
		{".env", "DB_PASSWORD=@"},
		{".env", "export DB_PASSWORD=\"@\""},
		{"app.ini", "[db]\npassword = @"},
		{"app.ini", "; password = @ ; old"},
		{"a.properties", "spring.datasource.password=@"},
		{"a.properties", "mail.password: @"},
		{".netrc", "machine x login me password \"@\""},
		// arguments
		{"a.yaml", "args: ['--user', 'x', '--password', '@', '--verbose']"},
		{"a.yaml", "args:\n- --password\n- @\n- --verbose\n"},
		{"a.yaml", "args:\n  - \"--password\"\n  - \"@\"\n"},
		{"a.json", `{"args": ["--api-token", "@", "x"]}`},
		{"a.go", `p := flag.String("password", "@", "the password of the database")`},
		{"a.go", `flag.StringVar(&p, "db-password", "@", "how to log in")`},
		{"a.java", `Map.of("user", "x", "password", "@", "host", "y")`},
		{"a.gradle", `buildConfigField("String", "API_KEY", "\"@\"")`},
		{"a.rb", `ENV['API_KEY'] ||= '@'`},
		// tables
		{"a.sql", "INSERT INTO users (id, name, password, mail) VALUES (1, 'bob, jr', '@', 'x');"},
		{"a.sql", "insert into `users` (`id`, `api_token`)\nvalues\n(now(), 'it''s'),\n(2, '@');"},
		{"a.go", "db.Exec(\"INSERT INTO users (name, password) VALUES ('x', '@')\")"},
		{"a.csv", "name,url,username,password\nshop,https://shop.internal,\"x, y\",@\n"},
		{"a.csv", "\"user\";\"client_secret\"\n\"a\";\"x\"\n\"b\";\"@\"\n"},
		{"a.tsv", "user\tpassword\tnote\na\t@\tb"},
		{"a.md", "| service | password |\n| --- | :---: |\n| db | `@` |\n"},
		{"a.md", "user | password\n---- | --------\nx | @\n"},
		// YAML, JSON, TOML, HCL, XML
		{"values.yaml", "auth: {existingSecret: @}\n"},
		{"values.yaml", "auth:\n  tlsSecret: \"@\"\n"},
		{"a.tf", "existing_secret = \"@\""},
		{"a.yaml", "db:\n  password: @\n"},
		{"a.yaml", "db:\n  password: '@' # old\n"},
		{"a.yaml", "password: |-\n  @\n"},
		{"a.yaml", "env:\n- name: DB_PASSWORD\n  value: @\n"},
		{"a.yaml", "env:\n- name: DB_PASSWORD\n  value: \"@\"\n"},
		{"a.yaml", "environment:\n  - DB_PASSWORD=@\n"},
		{"a.yaml", "url: jdbc:x;user=sa;password=@;encrypt=true"},
		{"a.json", `{"password": "@"}`},
		{"a.json", `{"name": "clientSecret", "value": "@"}`},
		{"a.json", `{"body": "{\"password\": \"@\"}"}`},
		{"a.json", `{"tokens": ["@"]}`},
		{"a.toml", `db_password = "@"`},
		{"a.tf", `  password = "@"`},
		{"a.tf", "variable \"db_password\" {\n  default = \"@\"\n}"},
		{"a.xml", "<password>@</password>"},
		{"a.xml", `<property name="password" value="@"/>`},
		{"a.xml", `<property name="password">@</property>`},
		{"web.config", `<add key="ClientSecret" value="@" />`},
		{"web.config", `connectionString="Server=db;User Id=sa;Password=@;Encrypt=true"`},
		{"a.json", `{"Env": ["PATH=/bin", "DB_PASSWORD=@"]}`},
		{"a.groovy", `withEnv(["API_KEY=@"]) {`},
		{"A.cs", `public string Password { get; set; } = "@";`},
		{"A.cs", `public string ApiKey { get; init; } = "@";`},
		{"a.xml", "<password><![CDATA[@]]></password>"},
		{"README.md", "- **Password:** @\n"},
		{"README.md", "The password is: @\n"},
		{"nginx.conf", `proxy_set_header X-Api-Key "@";`},
		{"nginx.conf", `set $api_key "@";`},
		{"a.yaml", "password: &p @\n"},
		{"A.java", `if (password.equals("@")) {`},
		{"a.rs", `let password = SecretString::new("@".into());`},
		{"a.yaml", "kennwort: @\n"},
		{"a.yaml", "datenbankpasswort: @\n"},
		{"a.yaml", "κωδικός: @\n"},
		{"a.yaml", "password: !unsafe @\n"},
		{"rabbitmq.config", "[{rabbit, [{default_pass, <<\"@\">>}]}]."},
		{"a.properties", "spring.security.user.password={noop}@"},
		{"kibana.yml", "xpack.encryptedSavedObjects.encryptionKey: @\n"},
		{"stack.yaml", "Parameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\n    Default: @\n"},
		{"stack.json", `{"DbPassword": {"Type": "String", "NoEcho": true, "Default": "@"}}`},
		{"a.sql", "UPDATE users SET password = MD5('@') WHERE id = 1;"},
		{"a.sql", "INSERT [dbo].[Users] ([Id], [Password]) VALUES (1, N'@')"},
		{"a.pp", "user { 'jo': password => pw_hash('@', 'SHA-512', 'x') }"},
		{"serverless.yml", "JWT_SECRET: ${env:JWT_SECRET, '@'}\n"},
		{"cm.yaml", "redis.conf: |\n  requirepass @\n"},
		{"named.conf", "key k {\n  secret \"@\";\n};\n"},
		{"keepalived.conf", "  auth_pass @\n"},
		{"package.json", `{"scripts": {"start": "API_KEY=@ node ."}}`},
		{"a.ipynb", `{"source": ["%env DB_PASSWORD=@\n"]}`},
		{"launch.json", `{"commandLineArgs": "--token @ --verbose"}`},
		{"a.xml", `<option value="-Ddb.password=@ -Xmx1g"/>`},
		{"a.xml", "<password>\n  @\n</password>"},
		{"a.xml", "<con:name>password</con:name><con:value>@</con:value>"},
		{"a.html", "<table><tr><th>User</th><th>Password</th></tr><tr><td>jo</td><td><b>@</b></td></tr></table>"},
		{"a.rst", "=====  =====================\nUser   Password\n=====  =====================\njo     @\n=====  =====================\n"},
		{"a.adoc", "password: @ <1>\n"},
		{"a.md", "* password \u2013 @\n"},
		{"a.md", "* *Password:* @\n"},
		{"a.properties", "db.senha=@"},
		{"a.yaml", "secretid: @\n"},
		{"a.tfstate", `{"outputs": {"db_password": {"value": "@", "type": "string"}}}`},
		{"a.sh", "PASSWORD=${1:-@}"},
		{"a.js", `password = live ? "@" : ""`},
		{"a.py", `password: str = Field(default="@")`},
		{"a.py", `config.get("db", "password", fallback="@")`},
		{"A.java", `env.put(Context.SECURITY_CREDENTIALS, "@");`},
		// maps and lists whose name says what their members are
		{"a.yaml", "secrets:\n  stripe: @\n"},
		{"a.yaml", "app:\n  credentials:\n    # of the shop\n    shop: \"@\" # new\n    other:\n      x: y\n"},
		{"a.yaml", "passwords:\n- @\n"},
		{"a.yaml", "api_keys:\n  - '@'\n"},
		{"a.yaml", "tokens: [@]"},
		{"a.json", `{"tokens": {"ci": "@"}}`},
		{"a.json", `{"credentials": {"nested": {"a": ["b"]}, "shop": "@"}}`},
		{"a.toml", "[secrets]\nstripe = \"@\"\n"},
		{"a.ini", "[passwords]\nalice = @\n"},
		{"a.tf", "secrets = {\n  stripe = \"@\"\n}"},
		{"a.py", `TOKENS = {"ci": "@"}`},
		{"a.js", `const secrets = { stripe: '@' }`},
		// the value before its name
		{"a.xml", `<property value="@" name="db.password"/>`},
		{"web.config", `<add value='@' key='ApiSecret' />`},
		{"a.json", `{"value": "@", "name": "DB_PASSWORD"}`},
		{"a.yaml", "env:\n- value: @\n  name: DB_PASSWORD\n"},
		// what is given to commands, and what they made
		{"a.sh", "skopeo copy --src-creds=bot:@ docker://a docker://b\n"},
		// sentences
		{"README.md", "The API key is @\n"},
		{"README.md", "Access token -> @\n"},
		{"README.md", "user jo password @\n"},
		{"a.go", "// TODO remove: password @\n"},
		// texts in JSON strings
		{"a.json", `{"x": 1, "cfg": "a=1\npassword=@\n"}`},
		{"a.json", `{"script": "#!/bin/sh\nexport DB_PASSWORD=@\n./run\n"}`},
		{"a.json", `{"cfg": "db:\n  password: @\n"}`},
		// elements of other namespaces, and what stands in one as it is
		{"a.xml", `<wsse:Password Type="PasswordText">@</wsse:Password>`},
		{"a.xml", "<ns2:password>@</ns2:password>"},
		{"a.xml", `<apiKey enabled="true"><![CDATA[@]]></apiKey>`},
		{"a.xml", "<a><![CDATA[db_password=@]]></a>"},
		// parameters of CloudFormation, and others that stand beside their name
		{"a.json", `[{"ParameterKey": "DBPassword", "ParameterValue": "@"}]`},
		{"a.yaml", "- ParameterKey: DBPassword\n  ParameterValue: @\n"},
		{"a.yaml", "- {key: password, val: \"@\"}\n"},
		{"a.yaml", "env:\n- name: API_TOKEN\n  value: >-\n    @\n"},
		{"a.gradle", `buildConfigField "String", "API_KEY", "\"@\""`},
		{"a.gradle", `resValue "string", "api_secret", "@"`},
		{"a.php", "class J { public $smtppass = '@'; }"},
		{".env", "SMTPPASS=@\n"},
		{"a.ini", "gpg_passphrase = @\n"},
		{"nginx.conf", "proxy_set_header X-Api-Key @;\n"},
		{"a.js", "h = {Authorization: 'Bearer ' + '@'}"},
		{"a.sql", "INSERT INTO settings VALUES (1, 'smtp_password', '@');"},
		{"a.sql", "insert into users values ('jo', MD5('@'), 1);"},
		{"a.yaml", "password:\u00a0@\n"},
		{"a.sql", "COPY public.users (id, name, password) FROM stdin;\n1\tbob\t\\N\n2\tann\t@\n\\.\n"},
		{"a.sh", `export DB_PASSWORD="$(echo -n '@' | base64 --decode)"`},
		{"a.xml", "<AdminPassword>\n  <Value>@</Value>\n</AdminPassword>"},
		{"a.bicep", `param adminPassword string = '@'`},
		{"a.yaml", "? password\n: @\n"},
		{"a.yaml", "db:\n  ? \"db_password\"\n  : '@'\n"},
		{"a.sh", "chpasswd <<EOF\nroot:x\nshop:@\nEOF\n"},
		{"a.sh", "cat <<EOF | sudo chpasswd\nshop:@\nEOF\n"},
		{"a.yaml", "chpasswd:\n  expire: false\n  list: |\n    root:RANDOM\n    shop:@\n"},
		{"a.tfstate", `{"type": "random_password", "instances": [{"attributes": {"id": "none", "result": "@"}}]}`},
		{"a.php", `curl_setopt($ch, CURLOPT_PASSWORD, "@");`},
		{"a.rs", `client.get(url).bearer_auth("@")`},
		// names of other languages
		{"a.yaml", "contraseña: @\n"},
		{"a.properties", "db.clave=@"},
		{"a.php", `$mot_de_passe = '@';`},
		{"a.json", `{"hasło": "@"}`},
		{"a.py", `密码 = "@"`},
		{"README.md", "用户名：admin 数据库密码：@\n"},
		{"a.yaml", "пароль: @\n"},
		{"a.yaml", "db_lösenord: @\n"},
		// shells and images
		{"run.sh", "PASSWORD=@ ./run"},
		{"run.sh", "curl -d 'user=me&password=@' https://x"},
		{"run.sh", "login --password @ --user me"},
		{"run.sh", "login --password=@"},
		{"run.sh", "curl -H 'X-Api-Key: @' https://x"},
		{"Dockerfile", "ENV DB_PASSWORD=@"},
		{"Dockerfile", "ENV DB_PASSWORD @"},
		{"a.ps1", `$password = "@"`},
		{"a.sql", "CREATE USER 'me'@'%' IDENTIFIED BY '@';"},
		{"a.sql", "CREATE ROLE me WITH PASSWORD '@';"},
		// programs
		{"A.java", `private static final String PASSWORD = "@";`},
		{"A.java", `config.setPassword("@");`},
		{"A.java", `builder.password("@")`},
		{"A.java", `props.put("password", "@");`},
		{"A.cs", `string password = @"@";`},
		{"A.cs", `public string ApiKey { get; set; } = "@";` + "\n" + `ApiKey = "@"`},
		{"a.php", `define('DB_PASSWORD', '@');`},
		{"a.php", `$db['password'] = '@';`},
		{"a.php", `'password' => '@',`},
		{"a.py", `password = "@"`},
		{"a.py", `connect(user="me", password='@')`},
		{"a.py", `os.environ["API_TOKEN"] = "@"`},
		{"a.py", `os.getenv("API_TOKEN", "@")`},
		{"a.py", `SECRET_KEY = b'@'`},
		{"a.py", `password: str = "@"`},
		{"a.rb", `password: '@',`},
		{"a.rb", `:password => "@"`},
		{"a.rb", `ENV['API_TOKEN'] || '@'`},
		{"a.js", `const apiKey = "@";`},
		{"a.js", "const apiKey = `@`;"},
		{"a.js", `{ password: '@' }`},
		{"a.js", `process.env.API_TOKEN || '@'`},
		{"a.ts", `private apiKey: string = '@';`},
		{"a.go", `password := "@"`},
		{"a.go", `const password string = "@"`},
		{"a.go", `Config{Password: "@"}`},
		{"a.go", `password = []byte("@")`},
		{"a.rs", `let password: &str = "@";`},
		{"a.rs", `let password = String::from("@");`},
		{"a.kt", `val apiKey: String = "@"`},
		{"a.swift", `let apiKey = "@"`},
		{"a.m", `static NSString *const kApiKey = @"@";`},
		{"a.m", `#define API_KEY @"@"`},
		{"a.c", `#define DB_PASSWORD "@"`},
		{"a.c", `char password[] = "@";`},
		{"a.scala", `password = Some("@")`},
		{"a.pl", `my $password = '@';`},
		{"a.ex", `password: "@",`},
		// on the next line
		{"a.yaml", "db:\n  password:\n    \"@\"\n  user: x\n"},
		{"a.yaml", "password:\n  @\n"},
		{"a.json", "{\"password\":\n  \"@\"}"},
		{"a.py", "password = \\\n    \"@\""},
		{"a.properties", "db.password=\\\n    @\n"},
		{"a.sh", "DB_PASSWORD=\\\n@\n"},
		// in a text of several lines
		{"a.go", "x := `\ndb:\n  password: @\n`"},
		{"a.py", "x = \"\"\"\npassword=@\n\"\"\""},
		{"a.py", "passwords = ['" + "monkey', '@']"},
		{"a.php", "'pass" + "words' => ['@', 'monkey']"},
		{"a.ps1", `$password = "@"`},
		{"a.erl", `{password, "@"}`},
		{"a.py", `os.getenv('API_TOKEN') or '@'`},
		{"a.php", `getenv('DB_PASSWORD') ?: '@'`},
		{"a.rb", `ENV.fetch("API_KEY") { "@" }`},
		{"a.rs", `std::env::var("API_TOKEN").unwrap_or("@".to_string())`},
		{"a.rs", `const SECRET: &'static str = "@";`},
		{"a.vb", `Dim password As String = "@"`},
		{"a.r", `password <- "@"`},
		{"a.gradle", `storePassword "@"`},
		{"a.cs", `{ "Password", "@" },`},
		{"a.java", "static final String TOKEN =\n    \"@\";"},
		{"a.js", "const password =\n  '@';"},
		{"A.java", `@Value("${db.password:@}")`},
		{"a.yaml", "password: ${DB_PASSWORD:@}"},
		{"a.json", `{"key": "password", "type": "default", "value": "@"}`},
		{"a.json", `{"cmd": "mysql --password=@ shop"}`},
		{"a.tf", "variable \"token\" {\n  type = string\n  default = \"@\"\n}"},
		{"a.toml", `password = """@"""`},
		{"ldap.conf", "bindpw @"},
		{"core-site.xml", "<property><name>fs.password</name><value>@</value></property>"},
		{"a.plist", "<key>ApiKey</key>\n<string>@</string>"},
		{"README.md", "The password is `@`."},
		{"secret.json", `{"kind": "Secret", "metadata": {"name": "x"}, "stringData": {"other": "x", "redis": "@"}}`},
		{"list.json", `{"items": [{"stringData": {"redis": "@"}, "kind": "Secret"}, {"data": {"a": "b"}, "kind": "ConfigMap"}]}`},
		{"redis.conf", "requirepass @"},
		// prose and comments
		{"README.md", "    export API_TOKEN=@"},
		{"README.md", "password: `@`"},
		{"a.rst", "    password = @"},
		{"a.py", "# password = '@'"},
		{"README.md", "The default password is @."},
		{"a.txt", "The password of the lab's VPN is @"},
		{"a.rst", "The password is ``@``"},
		{"README.md", "| Setting | Value |\n|---|---|\n| **Password** | `@` |\n"},
		{"README.md", "| Password | @ |"},
		{"a.adoc", "|===\n|User |Password\n|admin |@\n|===\n"},
		{"a.txt", "api key = @\n"},
		{"a.ini", "admin_password = \"\"\"@\"\"\"\n"},
		{"init.el", "(setq openai-api-key \"@\")\n"},
		{"a.adoc", "----\napi_key=@\n----\n"},
		{"a.txt", "mot de passe : @\n"},
		{".env", "DB_PASSWORD=@ü4k\n"},
		{"a.json", `{"pass` + `word": "@€4k"}`},
		{".env", "DB_PASSWORD=@(4k\n"},
		{"a.properties", "db.password=@(4k\n"},
		{"a.xml", "<password>@(4k</password>"},
		{"a.yml", "secret_id: @"},
		{"a.vim", "let g:api_token = '@'\n"},
		{"a.ps1", "if ($password -eq '@') { }"},
		{"a.pl", "if ($pw eq '@') { }"},
		{"a.pas", "edPassword.Text := '@';"},
		{"a.clj", `{:user "a" :pass "@"}`},
		{"a.yml", "session_secret: \"7-+=%qg0h_%(*v_*)%s@!\"\n"},
		{"README.md", "- token `@`\n"},
		{"a.eml", "the password for the db is: @\n"},
		{"AndroidManifest.xml", `<meta-data android:name="com.shop.API_KEY" android:value="@"/>`},
		{"a.py", "# password: @"},
		{"a.py", "x = 1 # pass = @"},
		{"a.go", "// user: ops, password: @"},
		{"a.go", "// the password: @."},
		{"A.java", "/* password: @ */"},
		{"A.java", "/**\n * token: @\n */"},
		{"a.c", "connect(); // password = @"},
		{"a.html", "<!-- password: @ -->"},
		{"a.html", "<p>Password: @</p>"},
		{"a.html", "<td>Password</td><td>@</td>"},
		{"a.html", "<tr>\n  <th>API token</th>\n  <td><code>@</code></td>\n"},
		{"a.html", "<b>Password:</b> @<br>"},
		{"a.html", "<dt>Password</dt>\n<dd>@</dd>"},
		// headers and URLs
		{"a.py", `headers = {"Authorization": "Bearer @"}`},
		{"a.http", "Authorization: Bearer @"},
		{"a.py", `url = "postgres://me:@@db/x"`},
		{"a.py", `requests.get("https://x/y?access_token=@&z=1")`},
		// beside a name among the arguments of a call, and in what a test expects
		{"a.c", `if (strcmp(password, "@") == 0) {`},
		{"a.c", `if (!strcmp("@", passwd)) {`},
		{"a.c", `strncpy(cfg->password, "@", sizeof(cfg->password));`},
		{"a.cpp", `strcmp(password.c_str(), "@")`},
		{"A.java", `if ("@".equals(password)) {`},
		{"a.py", `hmac.compare_digest(credentials.password, "@")`},
		{"a.php", `hash_equals('@', $password)`},
		{"a.go", `subtle.ConstantTimeCompare([]byte(password), []byte("@"))`},
		{"a.js", `crypto.timingSafeEqual(Buffer.from(apiKey), Buffer.from('@'))`},
		{"A.java", `assertEquals("@", user.getPassword());`},
		{"a.ts", `expect(user.password).toBe('@')`},
		{"a.rb", `expect(user.password).to eq("@")`},
		{"a.rs", `assert_eq!(cfg.password, "@");`},
		{"a.go", `assert.Equal(t, "@", cfg.Password)`},
		{"a.go", `if r.Header.Get("X-Token") != "@" {`},
		{"a.py", `if request.headers.get("X-Token") == "@":`},
		{"a.js", `document.getElementById('password').value = '@';`},
		// names and values in other places of a call, and other languages
		{"a.c", `setenv("DB_PASSWORD", "@", 1);`},
		{"a.py", `config.set("db", "password", "@")`},
		{"a.py", `setattr(o, "API_KEY", "@")`},
		{"a.ex", `Application.put_env(:a, :api_token, "@")`},
		{"a.erl", `-define(PASSWORD, "@").`},
		{"a.kt", `mapOf("password" to "@")`},
		{"a.m", `[r addValue:@"@" forHTTPHeaderField:@"X-Api-Key"];`},
		{"a.swift", `r.setValue("@", forHTTPHeaderField: "X-Auth-Token")`},
		{"a.swift", `keychain.set("@", forKey: "apiToken")`},
		{"a_spec.rb", `let(:password) { "@" }`},
		{"a.rb", `password { '@' }`},
		{"a.cpp", `std::string password{"@"};`},
		{"a.cpp", `QString password = QStringLiteral("@");`},
		{"a.pl", `$ENV{DB_PASSWORD} = '@';`},
		{"a.pl", `$cfg->{password} = "@";`},
		{"a.pl", `my $password = q(@);`},
		{"a.py", `user, password = "app", "@"`},
		{"a.go", `user, password := "app", "@"`},
		{"a.py", `password, user = "@", "app"`},
		{"a.ex", `  @api_key "@"`},
		{"a.clj", `(def api-key "@")`},
		{"CMakeLists.txt", `set(API_SECRET "@")`},
		{"httpd.conf", "SetEnv DB_PASSWORD @\n"},
		{"a.fish", "set -gx DB_PASSWORD @\n"},
		{"a.csh", "setenv DB_PASSWORD @\n"},
		{"a.yaml", "args: [--password, @]"},
		// what a choice ends with
		{"a.py", `secret = secret or "@"`},
		{"a.py", `password = x if x else "@"`},
		{"a.js", `password = cfg ? cfg.p : "@"`},
		{"a.js", `{ apiKey: opts.k || "@" }`},
		{"A.java", `String password = Optional.ofNullable(p).orElse("@");`},
		{"A.java", `Optional.ofNullable(System.getenv("DB_PASS")).orElse("@");`},
		{"a.rs", `env::var("DB_PASSWORD").unwrap_or_else(|_| "@".to_string())`},
		// what functions and properties give, defaults, and the value first
		{"A.java", `String getPassword() { return "@"; }`},
		{"a.go", `func apiKey() string { return "@" }`},
		{"a.swift", `var apiKey: String { "@" }`},
		{"a.ts", `get apiKey() { return '@'; }`},
		{"a.ts", `export const apiKey = () => '@';`},
		{"a.kt", `val apiKey by lazy { "@" }`},
		{"a.kt", `val password get() = "@"`},
		{"a.py", "@property\ndef password(self):\n    return \"@\""},
		{"a.rb", "def api_key\n  '@'\nend"},
		{"a.go", "Password string `env:\"DB_PASSWORD\" envDefault:\"@\"`"},
		{"a.ts", `password: { type: String, default: '@' },`},
		{"a.ts", `password: Joi.string().default('@'),`},
		{"a.py", `api_key = Field("@")`},
		{"a.py", `getattr(settings, "API_KEY", "@")`},
		{"a.py", `password = cfg["p"] if cfg else "@"`},
		{"a.php", `$password = isset($c['p']) ? $c['p'] : '@';`},
		{"a.ts", `process.env.DB_PASSWORD ??= '@';`},
		{"a.ts", `if ('@' === password) {`},
		{"a.ts", `new Map([['password', '@']])`},
		{"a.go", `url.Values{"client_secret": {"@"}}`},
		{"a.rs", `headers.insert("x-api-key", HeaderValue::from_static("@"));`},
		{"a.rs", `map.insert("password".to_string(), "@".to_string());`},
		{"a.kt", `password.set("@")`},
		{"a.rb", `set :password, "@"`},
		{"a.rb", `password = %q(@)`},
		{"a.py", `assert user.check_password("@")`},
		{"A.cs", `new AzureKeyCredential("@")`},
		{"a.rb", `expect(client.password).to eq "@"`},
		{"a.ts", `const [user, pass] = ['app', '@'];`},
		{"a.ts", `readonly password: string | undefined = '@';`},
		{"A.cs", `var secretKey = Encoding.UTF8.GetBytes("@");`},
		{"a.go", `pflag.StringP("password", "p", "@", "how to log in")`},
		// markup, templates, tables
		{"app.config", "<setting name=\"Password\" serializeAs=\"String\">\n  <value>@</value>\n</setting>"},
		{"web.xml", "<param-name>dbPassword</param-name>\n<param-value>@</param-value>"},
		{"a.jmx", `<stringProp name="Argument.name">password</stringProp><stringProp name="Argument.value">@</stringProp>`},
		{"a.json", `{"adminPassword": {"type": "securestring", "defaultValue": "@"}}`},
		{"a.html", `<meta name="api-token" content="@">`},
		{"A.java", `.password("{noop}@")`},
		{"a.yaml.j2", `password: {{ db_pass | default('@') }}`},
		{"a.yaml", `password: {{ .Values.password | default "@" | quote }}`},
		{"a.yaml", `password: "{{ default \"@\" .Values.password }}"`},
		{"a.feature", "  | username | password |\n  | bob | @ |\n"},
		{"a.robot", "*** Variables ***\n${PASSWORD}    @\n"},
		{"a.sql", `DECLARE @password NVARCHAR(50) = N'@';`},
		{"a.sql", `CREATE USER app IDENTIFIED BY @;`},
		{"a.json", `{"created_by": "/bin/sh -c #(nop)  ENV DB_PASS=@"}`},
		// rows without names of columns, fragments, users, arguments of calls
		{"a.sql", "CREATE TABLE `users` (\n  `id` int,\n  `price` decimal(10,2),\n  `password` varchar(80) NOT NULL\n);\nINSERT INTO `users` VALUES (1,1.5,'x'),(2,2.5,'@');"},
		{"a.sql", "create table if not exists app.users (name text, pass text);\ninsert into app.users values ('bob', '@');"},
		{"a.sql", "INSERT INTO users VALUES (1, 'bob', '@');"},
		{"a.txt", "TOKEN=@#fragment"},
		{"README.md", "https://shop.io/x?access_token=@#section"},
		{"a.py", `u = "https://shop.io/cb#access_token=@&state=x"`},
		{"a.yaml", "credentials: admin:@\n"},
		{".env", "CREDENTIALS=admin:@"},
		{"README.md", "Login: ops:@\n"},
		{"a.ps1", `[Environment]::SetEnvironmentVariable("DB_PASSWORD","@","Machine")`},
		{"A.cs", `Environment.SetEnvironmentVariable("API_TOKEN", "@", EnvironmentVariableTarget.Process);`},
		{"a.bat", "setx DB_PASSWORD @"},
		{"a.cmd", "setx /M DB_PASSWORD \"@\""},
		{"a.sh", "plink -pw @ x"},
		{"a.http", "GET https://shop.io/x\nAuthorization: Basic ops @\n"},
		{"a.rest", "Authorization: Digest ops:@\n"},
		{"a.go", `r.Use(gin.BasicAuth(gin.Accounts{"alice": "x", "bob": "@"}))`},
		{"a.js", `app.use(basicAuth({ users: { 'admin': 'x', 'ops': '@' } }));`},
		{"a.py", `basic_auth_users = {"alice": "@"}`},
		{"a.py", `ssh.connect_with_login("db.shop.io", 22, "ops", "@")`},
		{"A.cs", `new SshClient("h", "ops", "@")`},
		{"A.java", `AwsBasicCredentials.create(id, "@");`},
		{"a.go", `hmac.New(sha256.New, []byte("@"))`},
		{"a.rs", `let key = Key::from_slice(b"@");`},
		{"a.php", `'secret' => env('ACME', '@'),`},
		{"a.ts", `await expect(service.signIn('ops', '@')).resolves`},
		{"a.c", `mosquitto_username_pw_set(m, "ops", "@");`},
		{"a.r", `Sys.setenv(GITHUB_PAT = "@")`},
		{"a.ps1", `Set-Item Env:API_KEY '@'`},
		{"a.json", `{"created_by": "|2 A=b NPM_TOKEN=@ /bin/sh -c npm ci"}`},
		// of few languages
		{"a.cc", `std::string secret("@");`},
		{"a.cc", `const char* secret = R"(@)";`},
		{"a.cc", `sign(jwt::algorithm::hs256{"@"});`},
		{"a.cc", `cpr::Get(url, cpr::Bearer{"@"});`},
		{"a.rs", `let password = r#"@"#;`},
		{"a.rs", `#[arg(long, env = "API_TOKEN", default_value = "@")]`},
		{"a.rs", `#[arg(long, default_value = "@", env = "API_TOKEN")]`},
		{"a.m", `if ([secret isEqualToString:@"@"]) {`},
		{"a.m", `o = weboptions('Username', 'shop', 'Password', '@', 'Timeout', 5);`},
		{"a.clj", `(or (System/getenv "APP_SECRET") "@")`},
		{"a.clj", `{:user "shop" :client-secret "@"}`},
		{"a.fs", `defaultArg (tryEnv "API_TOKEN") "@"`},
		{"a.hs", `fromMaybe "@" <$> lookupEnv "API_TOKEN"`},
		{"a.jl", `token = get(ENV, "API_TOKEN", "@")`},
		{"a.r", `token <- Sys.getenv("API_TOKEN", unset = "@")`},
		{"A.java", `x = defaultIfBlank(System.getenv("API_TOKEN"), "@");`},
		{"a.kt", `val apiKeys = listOf("@")`},
		{"a.exs", `config :shop, :token, "@"`},
		{"a.erl", `-define(SECRET_KEY, <<"@">>).`},
		{"a.zig", `const api_key: []const u8 = "@";`},
		{"a.lua", `if token ~= "@" then`},
		{"a.pas", `if Password <> '@' then`},
		{"a.cbl", `01 DB-PASSWORD PIC X(20) VALUE "@".`},
		{"a.cbl", `MOVE "@" TO WS-PASSWORD.`},
		{"a.abap", `DATA lv_password TYPE string VALUE '@'.`},
		{"a.abap", `DATA(lv_secret) = '@'.`},
		{"a.applescript", `set thePassword to "@"`},
		{"a.feature", `When I fill in "Password" with "@"`},
		{"a.py", `arguments = dict(password=dict(type='str', default='@'))`},
		{"a.py", `password: SecretStr = SecretStr('@')`},
		{"a.py", `def password(): return '@'`},
		{"a.py", `run("PGPASSWORD=@ psql -h db")`},
		{"a.go", `// the password of the database is @`},
		{"a.c", `sprintf(url, "http://shop:@@%s/x", host);`},
	}
	value := secretText(alphanumeric, 20)
	j := newJudge(t)
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.text, func(t *testing.T) {
			at := strings.LastIndex(tt.text, "@")
			switch i := strings.Index(tt.text, "@@"); {
			case i >= 0:
				at = i
			case strings.Contains(tt.text, `@"@"`):
				at = strings.Index(tt.text, `@"@"`) + 2
			}
			text := tt.text[:at] + value + tt.text[at+1:]
			found := find(j, tt.path, []byte(text))
			for _, f := range found {
				if f.Start <= at && f.End >= at+len(value) {
					if f.Value == value && (f.Start != at || f.End != at+len(value)) {
						t.Errorf("the place is %d to %d, want %d to %d", f.Start, f.End, at, at+len(value))
					}
					return
				}
			}
			t.Errorf("not found; got %d others", len(found))
		})
	}
}

// TestChosenInPairs: what people choose as a password is found in pairs, comparisons and functions as it is beside its name.
func TestChosenInPairs(t *testing.T) {
	word := "Som" + "mer2031!"
	for file, text := range map[string]string{
		"a.yaml": "password: @\n",
		"a.xml":  `<add key="SmtpPassword" value="@"/>`,
		"b.xml":  `<property name="password" value="@"/>`,
		"a.json": `{"key": "password", "value": "@"}`,
		"a.rb":   `let(:password) { "@" }`,
		"a.js":   `if (password === '@') {`,
		"a.c":    `strcmp(password, "@")`,
		"A.java": `String getPassword() { return "@"; }`,
		"A.cs":   `public string Password => "@";`,
		"b.py":   `USERS = [("alice", "x"), ("bob", "@")]`,
		"b.js":   `const users = { alice: '@' };`,
		"b.go":   "accounts := map[string]string{\n\t\"alice\": \"@\",\n}",
		"B.java": `private static final Map<String, String> USERS = Map.of("alice", "@", "bob", "x");`,
		"b.kt":   `val users = mapOf("alice" to "@")`,
		"b.rb":   `USERS = { "alice" => "@" }`,
		"b.php":  `$users = ['alice' => '@'];`,
		"B.cs":   "var users = new Dictionary<string, string>\n{\n    { \"alice\", \"@\" },\n};",
		"c.cs":   `var users = new Dictionary<string, string> { ["alice"] = "@" };`,
		"b.sql":  "INSERT INTO users VALUES ('@', 'bob');",
		"c.py":   `l.simple_bind_s("cn=admin,dc=shop", "@")`,
		"c.java": `User u = new User("ops", "@");`,
		"c.js":   `bcrypt.hash('@', 10);`,
		"c.go":   `gomail.NewDialer("smtp.shop.io", 587, "ops", "@")`,
		"d.c":    `static const struct user users[] = { { "alice", "@", 1 } };`,
		"d.hs":   `get url (basicAuth "shop" "@")`,
		"d.java": `env.put(Context.SECURITY_CREDENTIALS, "@");`,
		"d.ts":   `SecretValue.unsafePlainText('@')`,
	} {
		if found := find(newJudge(t), file, []byte(strings.ReplaceAll(text, "@", word))); len(found) != 1 {
			t.Errorf("%s: %d found, want 1", text, len(found))
		}
	}
}

// TestLogins: many users who log in are no table of words.
func TestLogins(t *testing.T) {
	var text strings.Builder
	for n := range table + 1 {
		fmt.Fprintf(&text, "login(\"ops\", \"%s%d\")\n", "Lan"+"tern!harbor", 40+n)
	}
	if found := find(newJudge(t), "a.py", []byte(text.String())); len(found) != table+1 {
		t.Errorf("%d found, want %d", len(found), table+1)
	}
}

// TestWordsInPasswords: a word that placeholders hold, and signs that formats have, do not hide
// what people choose.
func TestWordsInPasswords(t *testing.T) {
	for _, value := range []string{"YO!" + "cookie932", "zah%d" + "IkK*06"} {
		if found := find(newJudge(t), "a.py", []byte(`password = "`+value+`"`)); len(found) != 1 {
			t.Errorf("%s: %d found, want 1", value, len(found))
		}
	}
}

// TestOctets: a key that a program writes as numbers is found; series, tables, vectors and what
// is no key are none.
func TestOctets(t *testing.T) {
	written := func(format string, n int, sep string) string {
		random := rand.New(rand.NewPCG(3, 9))
		var all []string
		for range n {
			all = append(all, fmt.Sprintf(format, random.IntN(256)))
		}
		return strings.Join(all, sep)
	}
	octets, long := written("0x%02x", 16, ", "), written("0x%02x", 64, ", ")
	tests := []struct {
		file, text string
		want       int
	}{
		{"a.go", "aesKey := []byte{" + octets + "}", 1},
		{"a.go", "var secretKey = []byte{\n\t" + strings.Replace(octets, ", ", ",\n\t", 1) + ",\n}", 1},
		{"A.java", "private static final byte[] HMAC_KEY = new byte[] { " + written("(byte) 0x%02x", 16, ", ") + " };", 1},
		{"a.c", "static const uint8_t aes_key[16] = {" + octets + "};", 1},
		{"a.rs", "const SECRET_KEY: [u8; 16] = [" + octets + "];", 1},
		{"a.py", "AES_KEY = bytes([" + written("%d", 32, ",") + "])", 1},
		{"a.py", `AES_KEY = b"` + written(`\x%02x`, 16, "") + `"`, 1},
		{"a_test.go", "aesKey := []byte{" + octets + "}", 0},
		{"a.go", "iv := []byte{" + octets + "}\nkey := []byte{" + octets + "}\npublicKey := []byte{" + octets + "}", 0},
		{"a.go", "secretKeyHash := []byte{" + octets + "}\nprivateKeyPrefix := []byte{" + octets + "}", 0},
		{"a.c", "static const uint8_t aes_key_table[] = {" + long + ", " + long + "};\nuint8_t secret_key[] = {" + long + ", " + octets + "};", 0},
		{"a.go", "aesKey := []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}\nsecretKey := []byte{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}", 0},
		{"a.go", "aesKey := []byte{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c}", 0},
	}
	for n, tt := range tests {
		if found := find(newJudge(t), tt.file, []byte(tt.text)); len(found) != tt.want {
			t.Errorf("%d: %d found, want %d", n, len(found), tt.want)
		}
	}
}

// TestLookAlikes holds what looks like a credential and is none.
// TestURLs finds passwords with all that may stand in one.
func TestURLs(t *testing.T) {
	for _, end := range []string{"ß4", "*4k", "%3A4k", "!x", "%2F"} {
		text := "U=postgres://a:" + secretText(alphanumeric, 12) + end + "@db.shop.io/x\n"
		if found := find(newJudge(t), ".env", []byte(text)); len(found) != 1 {
			t.Errorf("a password that ends in %s: %d found", end, len(found))
		}
	}
}

func TestLookAlikes(t *testing.T) {
	hash := secretText(hexadecimal, 64)
	random := secretText(alphanumeric, 32)
	random40 := secretText(hexadecimal, 40)
	uuid := strings.Join([]string{hash[:8], hash[8:12], "4" + hash[12:15], "a" + hash[15:18], hash[18:30]}, "-")
	tests := []struct{ path, text string }{
		{"a.go", "// password: the password of the user\n// password: required\n// token = next token\n// key: value\n// key: " + random},
		{"a.go", "// token: p.nextToken(x2)\n// Password: cfg.Password2\n// token = strconv.FormatInt64\n// secret: aes256GcmKey\n// token: IDENT_2\n// token: v1.2.3-rc4\n"},
		{"A.java", "/**\n * @param password String\n * @param token the OAuth2 token\n * password: SHA256withRSA\n * secret: base64EncodedValue\n */"},
		{"a.go", "s := path // " + random + "\nx(password: Qx7" + "pQ2zT9wL)"},
		{"a.html", "<td>Password</td><td>the password of the user, at least 8 characters</td><p>Password: required</p><b>Token:</b> OAuth2Token<br>"},
		{"a.html", "<label>Password</label>\n<input name=\"p\" type=\"password\" id=\"" + random + "\">"},
		{"a.php", "['password' => ['type' => 'string'], 'secret' => ['class' => 'form-control']]"},
		{"a.py", "{'password': ('type', 'string')}"},
		{"a.py", "token_variants = ['+i6t-not-inline', '+i6t-inline']"},
		{"a.ts", "{ password: ['type2', 'required'], token: ['required', 'min8chars'] }"},
		{"a.yaml", "passwordless: beta\ncertificatesSecret: shop-tls-cert\n"},
		{"a.py", `token_auth = "canary-v2"`},
		{"a.ps1", `$password = Read-Host -AsSecureString "Password"`},
		{"Localizable.strings", "\"password\" = \"Wacht" + "woord\";\n"},
		{"app/src/res/values/strings.xml", `<string name="confirm_pass` + `word">Wachtwoord</string>`},
		{"a.json", `{"NextToken": "` + random + `", "nextPageToken": "` + random + `", "continuationToken": "` + random + `", "requestToken": "` + random + `"}`},
		{"README.md", "- key: Ctrl+Alt+F2\n"},
		{"a.yaml", "enforcement: {kubernetes: warn, secret: warn}\n"},
		{"a.md", "main.yml:2:51: task Users shows item.password: no_log is not set\n"},
		{"a.sh", "stdout '\"github-secret:S601\"'\n"},
		{"a.md", "- **Password is written down**: Who can read the file can read the password. **Fix:** Refer to a secret.\n"},
		{"a.yaml", "password:\n  type: string\ntoken:\n  - a1b2c3d4\nsecret:\n  minLength\n    x\npassword:\nother9Xy8Zw7:\n"},
		{"a.yaml", "db:\n  password:\n" + random + "\n"},
		{"a.json", "{\"password\":\n  {\"type\": \"string\"}, \"token\":\n\"next token\"}"},
		{"a.js", "f({\n  password: userPassword2,\n  token: x9Yq2Zw7Kp,\n})"},
		{"README.md", "The password is required\nThe password is base64-encoded.\nThe token is Base64Url2 here\n| Password | the password of the user |\n| token | utf8mb4_bin |\n| password | SHA-256 |\n"},
		{"a.yaml", "secret: web-tls-2024\n"},
		{"a.py", "SECRET = 'Curve25519'\nSECRET_KIND = 'Curve-25519'\nsecret = 'Secret-123'"},
		{"i18n/nl.php", "['reset_pass" + "word' => 'Wachtwoord-herstellen']"},
		{"a.html", "<p>Password: at-least 12 characters</p><b>Token:</b> base64-sha256"},
		{"a.go", `{"k8s-secret:two/` + `db#x"}`},
		{"a.yaml", "password: secret/data/shop/db#password2\n"},
		{"a.csv", "user,password_required\nalice,b8Kd03mXq2\n"},
		{"a.go", `pass.Command = "writeFile"`},
		{"a_test.go", `secretOf("shop/db#password") == "shop/db"`},
		{"a.yml", "docker-login:\n  username: ci\n  password-env: DOCKERHUB\n"},
		{"a.sh", `kubectl create secret generic a --from-file=pw="$DIR/pw"`},
		{"a.sh", `docker run -e password=$RUNNER_TEMP/pw a`},
		{"a.js", `token.kind = "identifierList";`},
		{"a.txt", "password: varchar\nsecret: blob\npassword: String?"},
		{"a.bki", " rolpassword = text ,\n rolvaliduntil = timestamptz\n"},
		{"a.sh", `complete "username= passphrase= password= scmVersion= $(other)"`},
		{"a.tsv", "name\t1.0\tThe client of KeePassGate: pairing, and all that it serves.\n"},
		{"a.md", "CTFAlign and MDPAlign: document-level alignment of words"},
		{"a.py", `names = ["shell", "passwd:gecos", "passwd:uid"]`},
		{"a.csv", "user,password\nalice,yes\nbob,********\ncarol,\n"},
		{"a.md", "| token | meaning |\n|---|---|\n| IDENT | a name |\n| STRING_LITERAL | a text |\n"},
		{"a.md", "| setting | password |\n|---|---|\n| DB_PASSWORD | `<your password>` |\n| X | see [docs](a.md) |\n"},
		{"a.sql", "INSERT INTO users (name, password) VALUES ('x', '$2b$12$" + random + random[:21] + "');"},
		{"a.sql", "INSERT INTO users (name, password) VALUES (?, :password), ('a', crypt('" + random + "', gen_salt('bf')));"},
		{"a.go", `flag.String("password", "", "the password of the database")`},
		{"a.go", `flag.String("token", "token", "` + random + `")`},
		{"a.yaml", "args:\n- --password\n- --verbose\n"},
		{"a.go", `options := []string{"--user", "--password", "--verbose-output"}`},
		{"a.yaml", "args: ['--password-file', '/run/secrets/" + random + "']"},
		{"de.json", `{"LABEL_PASSWORD_REPEAT": "Passwort"}`},
		{"de.json", `{"password": "Passwort wiederholen", "login.password": "Kennwort eingeben"}`},
		{"a.yaml", "passwordFrom: GITHUB_PASSWORD"},
		{"a.yaml", "token: GITHUB_TOKEN"},
		{"a.yaml", "password: changeme"},
		{"a.yaml", "password: <your password>"},
		{"a.yaml", "password: your-password-here"},
		{"a.yaml", "password: xxxxxxxx"},
		{"a.yaml", "password: '********'"},
		{"a.yaml", "password: ${DB_PASSWORD}"},
		{"a.yaml", "password: ${DB_PASSWORD:?set it}"},
		{"a.yaml", "password: '{{ db_password }}'"},
		{"a.yaml", "password: $DB_PASSWORD"},
		{"a.yaml", "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638\n"},
		{"a.yaml", "password: vault:secret/data/db#password"},
		{"a.yaml", "password: ENC[AES256_GCM,data:" + random + ",type:str]"},
		{"a.yaml", "password: !Ref DbPassword"},
		{"a.yaml", "password: /run/secrets/db"},
		{"a.yaml", "passwordFile: ./secrets/db.txt"},
		{"a.yaml", "secretName: web-tls"},
		{"a.yaml", "secretKeyRef:\n  name: db\n  key: password\n"},
		{"a.yaml", "imagePullSecret: registry"},
		{"a.yaml", "secrets: inherit"},
		{"a.yaml", "token: true\npassword: null\n"},
		{"a.yaml", "tokenUrl: https://auth.internal/token"},
		{"a.yaml", "key: app.kubernetes.io/name"},
		{"a.yaml", "cacheKey: node-modules-v1"},
		{"a.yaml", "POSTGRES_USER: shop\nPOSTGRES_PASSWORD: shop\n"},
		{"a.yaml", "POSTGRES_PASSWORD: postgres\n"},
		{"a.yaml", "POSTGRES_PASSWORD: throwaway\n"},
		{"a.yaml", "digest: sha256:" + hash},
		{"a.yaml", "annotations:\n  checksum/secret: " + hash + "\n  checksum/redis-secret: '" + hash + "'\n  checksum/token.yaml: " + hash + "\n"},
		{"a.yaml", "metadata: {annotations: {checksum/secret: " + hash + "}}"},
		{"a.yaml", "idempotency_key: 0f8fad5b-d9cb-469f-a165-70867728950e\ncorrelationKey: 7c9e6679-7425-40de-944b-e07fc1f90ae7\n"},
		{"a.js", `module.exports = {"../auth/token.js": "` + hash[:20] + `", "./password.css": "` + hash[20:40] + `"}`},
		{"a.js", `const tokenAddress = "0x` + hash[:40] + `"`},
		{"a.tf", `data "aws_secretsmanager_secret_version" "s" { secret_id = "prod/app/db-a1b2c3" }`},
		{"i18n/messages_fr.properties", "api.secret=Cl\\u00e9 secr\\u00e8te\nlogin.password=Schl\\u00fcssel\n"},
		{"a.yaml", "password_hash: " + hash},
		{"a.yaml", "publicKey: " + random},
		{"a.yaml", "key_id: 01234567-89ab-4cde-8f01-23456789abcd"},
		{"a.yaml", "aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
		{"a.json", `{"password": {"type": "string", "description": "The password of the account"}}`},
		{"a.json", `{"minPasswordLength": 12, "passwordPolicy": "strong", "requireToken": "always"}`},
		{"play.yml", "update_password: on_create\nupdate_password: always\n- user: name=app update_password=on_create"},
		{"a.json", `{"public_key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"}`},
		{"package-lock.json", `{"parse-passwd": "^1.0.0", "js-tokens": "4.0.0", "integrity": "sha512-` + random + `"}`},
		{"a.html", `<input type="password" name="password" placeholder="Password" id="password">`},
		{"a.html", `<label for="password">Password</label>`},
		{"a.sh", "docker build --secret id=t,env=P .\ndocker build --secret id=ab,src=k9 ."},
		{"a.html", `<a href="/forgot-password">Forgotten</a>`},
		{"a.py", `password = os.environ["DB_PASSWORD"]`},
		{"a.py", `password = getpass.getpass("Password: ")`},
		{"a.py", `password = config.get("db", "password")`},
		{"a.py", `if key == "content-type":`},
		{"a.py", `token = tokens[0]`},
		{"a.py", `TOKEN_TYPE = "Bearer"`},
		{"a.py", `parser.add_argument("--password", help="the password")`},
		{"a.py", `raise ValueError("password: too short")`},
		{"a.py", `cache_key = "user:%s:profile" % name`},
		{"a.go", `if pass.Where != "input" && token.Kind == "step_env" {`},
		{"a.go", `flag.String("password", "", "the password")`},
		{"a.go", `errors.New("invalid token")`},
		{"a.go", "Password string `json:\"password\"`"},
		{"a.go", `Token token.Pos // position`},
		{"a.go", `ctx.Value(authKey).(string)`},
		{"a.js", `localStorage.getItem('token')`},
		{"a.js", `const token = await getToken();`},
		{"a.js", `import { tokenize } from './token.js'`},
		{"a.ts", `password: Validators.required`},
		{"a.java", `@Value("${db.password}") String password;`},
		{"a.java", `request.getParameter("password")`},
		{"a_test.go", `Password: "correct-` + `horse"`},
		{"a.rb", `t('sessions.password')`},
		{"a.sh", `read -s -p "Password: " PASSWORD`},
		{"a.sh", `PASSWORD="$(cat /run/secrets/db)"`},
		{"a.sh", `TOKEN=$1`},
		{"a.js", `type: hidden ? 'password' : 'text'`},
		{"a.js", `mac?e.metaKey:e.ctrlKey;e.authKey=hO5x;`},
		{"a.js", `mapboxgl.accessToken = 'pk.eyJ` + random + `.` + random + `';`},
		{"a.js", `docsearch({ apiKey: '` + hash[:32] + `', indexName: 'shop' })`},
		{"a.js", `{ PT: "Portugal", PW: "Palau", PY: "Paraguay" }`},
		{"a.env", "SUPABASE_KEY=sb_publishable_" + random},
		{"a.env", "STRIPE_KEY=pk_live_" + random},
		{"a.env", "RECAPTCHA_SITE_KEY=6Lc" + random},
		{"a.yaml", "signing_key: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t" + random},
		{"a.yaml", "totp_secret: JBSWY3DPEHPK3PXP"},
		{"a.yaml", "commit_token: " + hash[:40]},
		{"a.yaml", "password: Ag" + strings.Repeat(random, 20)},
		{"a.yaml", "password_login: disabled"},
		{"locales/nl.json", `{"password": "` + "Wachtwoord" + `"}`},
		{"messages_de.properties", "password=Kennwort"},
		{"nginx.conf", "proxy_pass backend;"},
		{"nginx.conf", "fastcgi_pass unix:/run/php.sock;"},
		{"sshd_config.conf", "PasswordAuthentication yes"},
		{"postgresql.conf", "password_encryption = scram-sha-256"},
		{"pam.conf", "password required pam_unix.so"},
		{"README.md", "| `API_TOKEN` | the token of the service |"},
		{"README.md", "Authorization: Bearer <token>"},
		{"README.md", "[![x](https://codecov.io/gh/a/b/badge.svg?token=" + random[:10] + ")]"},
		{"README.md", "postgres://user:password@localhost/app"},
		{"README.md", "postgres://POSTGRES_USER:POSTGRES_PASSWORD@db/app"},
		{"README.md", "git clone ssh://git@example.com:2222/repo"},
		{"a.json", `{"args": ["password=required", "token=csrf", "key=value"]}`},
		{"A.cs", `public string Password { get; set; } = "";`},
		{"A.java", `if (token.equals("expired")) {`},
		{"README.md", "- **Password:** the password of the account\n"},
		{"a.adoc", "|===\n|User |Password\n|admin |the one you chose\n|===\n"},
		{"a.txt", "where key = sha256 of the file\n"},
		{"renovate.json", `{"encrypted": {"npmToken": "` + strings.Repeat(random+"Qx+7", 12) + `=="}}`},
		{"a.json", `{"password": "Passwörter2", "secret_question": "Gizli-soru?", "token_label": "Schlüssel"}`},
		{"a.txt", "password: Größe…\n"},
		{"a.csproj", "<UserSecretsId>" + uuid + "</UserSecretsId><UserSecretsId>aspnet-Shop-" + uuid + "</UserSecretsId>"},
		{"a.bicep", "var keyVaultSecretsUserRoleId = '" + uuid + "'"},
		{"a.json", `{"secretVersionId": "` + uuid + `", "secret_sharing_id": "` + uuid + `"}`},
		{"Podfile.lock", "SPEC CHECKSUMS:\n  FirebaseAuthToken: " + random40 + "\n"},
		{"deno.lock", `{"remote": {"https://deno.land/std/crypto/token.ts": "` + random40 + random40[:24] + `"}}`},
		{"a.json", `{"token": "0x` + random40 + `", "object_key": "` + random40 + `", "cursor_token": "` + random40 + `"}`},
		{".env", "U=postgres://a:*****@db.acme.io/x\nV=postgres://a:%3Cpassword%3E@db/x\n"},
		{"a.vim", "let pwd = a:dict.istemp ? a:dict.tmpdir : ''\ncall Dret(\"NetUserPass passwd<\".s:netrw_passwd.\">\")\n"},
		{"a.txt", "Characters that can precede each key:\t*i_CTRL-F*\n"},
		{"a.sh", "d_pwpasswd='define'\nd_getspnam='undef'\n"},
		{"a.ps1", "if ($token -eq 'Bearer') { }\nif ($password -eq \"$expected\") { }"},
		{"a.vb", "lblPassword.Text = \"Your password:\"\ntxtPassword.Text = \"Password\""},
		{"a.clj", `{:user "a" :pass "the pass"}`},
		{"a.yml", "password: \"%(db_password)s\"\ntoken: \"Token%s-12\"\n"},
		{"README.md", "- token `access_token`\n- the key `utf8mb4_general_ci`\nThe password is:\n"},
		{"AndroidManifest.xml", `<meta-data android:name="com.shop.API_KEY" android:value="@string/maps_key"/>`},
		{"README.md", "The password is: see the vault\n"},
		{"nginx.conf", `proxy_set_header X-Api-Key $http_x_api_key;`},
		{"nginx.conf", `proxy_set_header X-Auth-Token "$token";`},
		{"a.xml", "<password><![CDATA[]]></password>"},
		{"a.yaml", "password: &p\n  length: 12\n"},
		{"a.go", `u := "https://x/?a=" + "token=" + t`},
		{"a.json", `{"password": {"value": "", "title": "Enter it"}}`},
		{"a.json", `{"tokenKind": {"value": "identifier"}}`},
		{"a.sh", "PASSWORD=${1:-}\nTOKEN=${2:-$TOKEN}\n"},
		{"a.js", `passwordType = shown ? "text" : "password"`},
		{"a.js", `password = shown ? "text" : "password"`},
		{"a.py", `password: str = Field(default="", description="the password")`},
		{"A.java", `map.put(TOKEN_KIND, "identifier");`},
		{"a.html", `<input type="password" name="password" value="">`},
		{"a.json", `{"name": "password", "value": "Enter your password"}`},
		{"a.json", `{"name": "password", "value": "{{password}}"}`},
		{"compose.yaml", "services:\n  web:\n    secrets:\n    - db-password-2024\n    - source: tls_2024_cert_v12\n"},
		{"a.yaml", "secrets:\n  db_password:\n    file: ./db-8Kd03mXq2.txt\n"},
		{"a.yaml", "secrets:\n  stripe: vault:secret/data/stripe#key\n  region: eu-central-1\n  name: db-prod-2024-01\n"},
		{"a.yaml", "imagePullSecrets:\n- name: registry-8Kd03mXq2\n"},
		{"a.yaml", "tokens:\n- IDENT\n- STRING_LITERAL\n- the\n"},
		{"a.json", `{"tokens": {"color-primary": "#ff8800", "font": "Inter", "space": "12px"}}`},
		{"a.json", `{"tokens": ["The", "quick", "brown", "fox"]}`},
		{"a.js", `const tokens = { plus: '+', minus: '-', ident: /[a-z]/, name: 'identifier' }`},
		{"a.py", `CREDENTIALS = {"user": "` + random + `", "host": "db-` + random[:4] + `.internal"}`},
		{"a.go", `want := "https://user:xxxxx@host.internal/x"`},
		{"nsswitch.conf", "passwd: files\ngroup: files\n"},
		{"pam.txt", "password-auth=include"},
		{"a.go", `const pkcs1PublicKey = "3082010a02820101` + hash + `"`},
		{"a.go", `token := "000102030405060708090a0b0c0d0e0f"`},
		{"a.go", `token := "` + strings.Repeat("deadbeef", 4) + `"`},
		{"a.go", `secretKey := "` + strings.Repeat("0123456789abcdef", 2) + `"`},
		{"a.js", `const apiKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";`},
		{"a.js", `const uuidKey = '01934567-89ab-4cde-8f01-23456789abcd'`},
		{"a.yaml", "- key: 01934567-89ab-4cde-8f01-23456789abcd\n"},
		{"a.html", `<div data-key="01934567-89ab-4cde-8f01-23456789abcd">`},
		{"a.py", `key = "0x` + hash + `"`},
		{"a.yaml", "{kind: SealedSecret, spec: {encryptedData: {password: Ag" + random + random + random + "}}}\n"},
		{"values.yaml", "DB_PASSWORD: AgB" + random + random + random + random + "\n"},
		{"values.yaml", "existingSecretPasswordKey: redispw\nadminPasswordKey: pg-pw\n"},
		{"a.tf", `random_password_override_special = "!@#$%^&*()_+"`},
		{"t.yaml", "A: {MasterUserPassword: !FindInMap [M, !Ref Env, pw], SecretToken: !Sub \"{{resolve:secretsmanager:${N}}}\"}\n"},
		{"a.js", `const passwordInputId = 'pw-input-1'`},
		{"a.properties", "jmxremote.password.file=filepath"},
		{"a.go", `SendExpect("pwd", "/tmp")`},
		{"a.pm", `'Test2::Event::Pass' => 'cpan',`},
		{"a.txtar", `stdout '--- PASS: FuzzFoo'`},
		{"a.vim", `let s:netrw_passwd = s:netrw_hup[host].passwd`},
		{"a.json", `{"fortune_cookie": "\U0001f960"}`},
		{"a.yaml", "description: pass the --user and --password flags to the command\n"},
		{"README.md", "Give the --user and --password flags to the command."},
		{"pom.xml", "<releaseManagerKey>" + strings.ToUpper(hash[:40]) + "</releaseManagerKey>"},
		{"a.xml", `<property value="${db.password}" name="db.password"/>`},
		{"a.json", `{"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}`},
		{"a.xml", "<password><Value></Value><Note>" + random + "</Note></password>"},
		{"a.go", `// Here the function identified by "repeat2x" is overwritten.`},
		{"a.yaml", "authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("alice:secret"+"123"))},
		{"a.yaml", "authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("alice:"))},
		{"a.go", `const keyHex = "988d044d3c5c1001` + hash + hash + `"`},
		{"testdata/a.json", strings.Repeat(`{"shared_secret": "`+hash+`"},`, 6)},
		{"a.html", `<input value="Reset my Password" name="password" type="submit">`},
		{"a.xml", `<entry value="` + random + `" name="id"/><entry name="password"/>`},
		{"a.json", `[{"name": "id", "value": "` + random + `"}, {"name": "password"}]`},
		{"a.yaml", "- name: id\n  value: " + random + "\n- name: DB_PASSWORD\n  valueFrom: x\n"},
		{"a.sql", "COPY users (name, password) FROM stdin;\nbob\t\\N\nann\t$2b$12$" + random + random[:21] + "\n\\.\n"},
		{"a.sql", "COPY users (name, password) FROM '/tmp/" + random + "';\n"},
		{"a.yaml", "? password\n: ${DB_PASSWORD}\n"},
		{"a.sh", "chpasswd <<EOF\nroot:$PASSWORD\nEOF\n"},
		{"a.sh", "chpasswd < users.txt\nfrom:" + random + "\n"},
		{"a.tfstate", `{"type": "random_id", "instances": [{"attributes": {"result": "` + random + `"}}]}`},
		{"a.tfstate", `{"type": "random_password", "instances": []}, {"type": "random_id", "result": "` + random + `"}`},
		{"a.sh", `CONFIG=$(echo ` + random + ` | base64 -d)`},
		{"a.sh", `PASSWORD=$(echo "$SECRET" | base64 -d)`},
		{"a.sh", `PASSWORD=$(echo ` + random + ` | sha256sum)`},
		{"a.js", `const clave = 'usuario_id';`},
		{"a.json", `{"clave": "menu.titulo", "parola": "cuvant"}`},
		{"a.yaml", "密码: ${DB_PASSWORD}\n"},
		{"README.md", "密码：请输入密码\n密码错误：" + random + "\n"},
		{"a.py", `conclave = "vaticano` + random[:4] + `"`},
		{"a.yaml", "kind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag" + random + random + random + "\n"},
		{"a.c", `if (strcmp(token, "while") == 0)`},
		{"a.c", `if (strcmp(key, "Content-Length") == 0) {`},
		{"a.c", `if (!strcmp(key, "max-conn-2")) {`},
		{"a.c", `strcpy(password, "");`},
		{"a.c", `if (strcmp(argv[i], "--password") == 0) password = argv[++i];`},
		{"a.c", `strncpy(key, "utf-8", sizeof key);`},
		{"a.java", `if ("password".equals(key)) {`},
		{"a.java", `if ("oauth2".equals(authType)) {`},
		{"a.java", `assertEquals("token-1", lexer.getToken());`},
		{"a.java", `assertEquals("secret", cfg.getPassword());`},
		{"a.java", `assertEquals("encodedPassword", user.getPassword());`},
		{"a.java", `assertEquals("` + random + `", response.getToken());`},
		{"a.ts", `expect(node.key).toBe('` + random + `')`},
		{"a.ts", `expect(res.body.token).toBe('` + random + `')`},
		{"a.ts", `expect(component.passwordError).toBe("at least 8 letters")`},
		{"a.go", `assert.Equal(t, "value1", m[key])`},
		{"a.go", `if r.Header.Get("Authorization") != "Bearer" {`},
		{"a.go", `if os.Getenv("AUTH_MODE") == "oauth2" {`},
		{"a.js", `if (localStorage.getItem("token") === "undefined") {`},
		{"a.kt", `val m = mapOf("password" to R.string.password)`},
		{"a.kt", `val m = mapOf("tokenType" to "bearer2")`},
		{"a.kt", `val m = mapOf("key" to "value1")`},
		{"a.swift", `defaults.set("v2", forKey: "tokenVersion")`},
		{"a.swift", `UIImage(named: "ic_lock", forKey: "passwordIcon")`},
		{"a.py", `config.set("db", "password", password)`},
		{"a.py", `cache.set("users", "key", "value1")`},
		{"a.py", `user, password = "app", getpass()`},
		{"a.py", `user, password = auth.split(":", 1)`},
		{"a.py", `username, password = "user", "password"`},
		{"a.go", `token, err := "", errors.New("b8Kd03mXq2")`},
		{"a.go", `key, value := "color", "blue42"`},
		{"a.js", `const [token, user] = ["b", "c"];`},
		{"a.rb", `let(:token) { "token" }`},
		{"a.rb", `let(:password) { user.password }`},
		{"a.rb", `password { Faker::Internet.password }`},
		{"a.rb", `key { "abc-#{n}" }`},
		{"a.pl", `$h{password} = $q->param('password');`},
		{"a.pl", `$opt{key} = 'name2';`},
		{"a.pl", `my $token = q(foo);`},
		{"a.pl", `my $key = q{SELECT 1 FROM t};`},
		{"a.py", `secret = secret or "default"`},
		{"a.js", `const type = shown ? "text" : "password"`},
		{"a.js", `const key = shown ? "k1" : "key2"`},
		{"a.js", `token = isRefresh ? "refresh_token" : "access_token"`},
		{"a.js", `const passwordType = a ? b : "text2"`},
		{"a.rs", `let key = m.get("x").unwrap_or("k2");`},
		{"a.cpp", `QString passwordLabel = tr("Password 1");`},
		{"a.cpp", `const QString key = QStringLiteral("General/Size2");`},
		{"a.cpp", `Token t{"ident"};`},
		{"a.go", `toks := []Token{"a1", "b2"}`},
		{"a.ex", `@token_type "bearer"`},
		{"a.ex", `@session_options [store: :cookie, key: "_shop_key", signing_salt: "x"]`},
		{"a.clj", `(def token-url "https://x/token")`},
		{"a.erl", `-define(KEY, "name2").`},
		{"CMakeLists.txt", `set(KEY_FILE "keys/v2.pem")`},
		{"CMakeLists.txt", `set(TOKEN_COUNT "12")`},
		{"httpd.conf", `SetEnv DB_PASSWORD ${DB_PASSWORD}`},
		{"httpd.conf", `SetEnv HTTP_AUTH_MODE basic2`},
		{"a.fish", `set -x DB_PASSWORD (pass show db)`},
		{"a.fish", `set -gx SSH_AUTH_SOCK $HOME/.ssh/agent.sock`},
		{"a.resx", `<data name="Password" xml:space="preserve"><value>Passwort2</value></data>`},
		{"a.config", `<setting name="TokenLifetime" serializeAs="String"><value>12h</value></setting>`},
		{"web.xml", `<param-name>passwordFile</param-name><param-value>/etc/p4ss.txt</param-value>`},
		{"strings.xml", `<string name="password_hint" translatable="true">Min. 8 Zeichen</string>`},
		{"strings.xml", `<string name="password" msgid="123">Passwort</string>`},
		{"a.html", `<meta name="csrf-token" content="` + random + `">`},
		{"a.html", `<meta name="keywords" content="` + random + `">`},
		{"a.html", `<meta name="google-site-verification" content="` + random + `">`},
		{"a.json", `{"adminPassword": {"type": "securestring", "defaultValue": ""}}`},
		{"a.json", `{"adminPassword": {"type": "securestring", "metadata": {"description": "abc123 def"}}}`},
		{"a.j2", `password: {{ db_pass | default('') }}`},
		{"a.j2", `password: {{ db_pass | default('changeme') }}`},
		{"a.yaml", `password: {{ default .Values.global.password .Values.password | quote }}`},
		{"a.yaml", `existingSecret: {{ .Values.existingSecret | default "shop-secrets-v2" }}`},
		{"a.yaml", `key: {{ .Values.secretKey | default "password" }}`},
		{"a.feature", "    | field    | password |\n    | required | yes      |"},
		{"a.feature", "    | username | password   |\n    | bob      | <password> |"},
		{"a.md", "| token | the token |\n| key | the key2 |"},
		{"a.sql", `DECLARE @password NVARCHAR(50) = NULL;`},
		{"a.sql", `CREATE PROCEDURE p @Password NVARCHAR(50) = N'' AS`},
		{"a.sql", `CREATE USER app IDENTIFIED BY &1;`},
		{"a.sql", `GRANT ALL ON x TO y IDENTIFIED BY password;`},
		{"a.md", `The user is identified by UUID4 strings`},
		{"a.sol", `bytes32 constant DOMAIN_KEY = 0x` + hash + `;`},
		{"a.json", `{"history": [{"created_by": "ENV GPG_KEY=` + strings.ToUpper(hash[:40]) + `"}]}`},
		{"a.json", `{"history": [{"created_by": "ENV DB_PASS=$DB_PASS"}]}`},
		{"a.yaml", `args: [--password, $(PASSWORD)]`},
		{"a.yaml", `args: [--token, --verbose]`},
		{"a.robot", `${TOKEN}    Get Token`},
		{"a.robot", `${PASSWORD}    %{PASSWORD}`},
		{"A.java", `String getPassword() { return "password"; }`},
		{"A.java", `String getToken() { return "mock-token-123"; }`},
		{"A.java", `public String getPassword() { return this.password; }`},
		{"A.java", `String getAuthKey() { return "oauth2"; }`},
		{"A.java", `public String getSecretName() { return "tls-2024"; }`},
		{"a.go", `func (s *S) apiKeyHeader() string { return "X-Api-Key-2" }`},
		{"a.swift", `var apiKey: String { Bundle.main.key("k2") }`},
		{"a.swift", `case password { "a" }`},
		{"a.py", "def password(self):\n    return \"%s2\" % x"},
		{"a.py", "def reset_password(self):\n    \"Reset 2 passwords\"\n    pass"},
		{"a.py", `def get_api_key(self): "the key, 1 per user"`},
		{"a.rb", "def password\n  \"#{user}-2\"\n  end"},
		{"a.ts", `export const passwordKey = () => 'auth.password2';`},
		{"a.ts", `const token = () => { return 'b8' };`},
		{"a.ts", `if ('password2' === type) {`},
		{"a.ts", `if ('token' === t.secret) {`},
		{"a.ts", `["password", "confirmPassword2"]`},
		{"a.ts", `const fields = [["password", "min8"], ["token", "required"]];`},
		{"a.ts", `const names = ["user", "password", "x2"];`},
		{"a.ts", `password: { type: String, required: true, minlength: 8 },`},
		{"a.ts", `password: { type: String, default: '' },`},
		{"a.ts", `password: { label: "Passwort", default: "8 Zeichen" },`},
		{"a.ts", `apiKey: Joi.string().default('none2'),`},
		{"a.ts", `token: z.string().default('bearer')`},
		{"a.go", "Password string `json:\"password\" validate:\"min=8\"`"},
		{"a.go", "Password string `default:\"\"`"},
		{"a.go", "Token string `json:\"token\" default:\"none\"`"},
		{"a.go", `url.Values{"grant_type": {"client_credentials"}, "token": {tok}}`},
		{"a.rs", `map.insert("token".to_string(), "type2".to_string());`},
		{"a.rs", `headers.insert("x-api-version", HeaderValue::from_static("2024-01-01"));`},
		{"a.py", `getattr(settings, "TOKEN_TYPE", "bearer2")`},
		{"a.py", `assert user.check_password("wrong")`},
		{"a.py", `check_password_strength("abc12345")`},
		{"a.kt", `password.set(providers.gradleProperty("p2"))`},
		{"a.kt", `token.set("")`},
		{"a.rb", `set :session_store, "redis2"`},
		{"a.rb", `set :key, "v2"`},
		{"a.cs", `new AzureKeyCredential(key)`},
		{"a.cs", `new ApiKeyCredential("your-api-key-1")`},
		{"a.php", `$key = isset($a['k']) ? $a['k'] : 'k2';`},
		{"a.py", `key = os.environ.get("K") or "v2"`},
		{"a.js", `token = a["x"] || b["y2"] || ""`},
		{"a.ts", `test('token', 'b8')`},
		{"a.rb", `expect(page).to have_css("#password2")`},
		{"a.ts", `const [token, setToken] = useState("k2");`},
		{"a.ts", `const [password, name] = [ask("Password 1"), "x"];`},
		{"a.go", `pflag.StringP("token", "t", "", "the token of shop2")`},
		{"a.go", `pflag.StringP("token-file", "f", "tok3n.txt", "the file")`},
		{"a.ts", `type: "password" | "text2" = "password",`},
		{"a.go", `var kinds = map[string][]string{"key_vault_secret": {"name", "azure-keyvault"}, "random_password": {"result", "bcrypt_hash"}}`},
		{"a.rego", `[["SESSION_SECRET", "my-secret"], ["NEXTAUTH_SECRET", "k3v9xqmmz"]]`},
		{"a.py", `keyring.set_password("mail", "shop", password)`},
		{"a.java", `Map.of("user", "x", "password", "p", "host", "moonlight")`},
		// rows, users and arguments that are none of a credential
		{"a.sql", "INSERT INTO `translations` (`locale`, `token`, `password`) VALUES ('de', 'Tokennummer1', 'Passwort2'), ('nl', 'x', 'Wachtwoord2');"},
		{"a.sql", "CREATE TABLE users (id int, password_hash text);\nINSERT INTO users VALUES (1, 'sales" + "-2024-q4');"},
		{"a.sql", "INSERT INTO users VALUES (1, 'bob1@shop.io', '2024-01-02', '" + uuid + "', 'users#show2', 'Room#12b');"},
		{"a.sql", "INSERT INTO settings VALUES ('build', '" + "v!" + random + "');"},
		{"a.sql", "CREATE TABLE keys (id int, public_key text);\nINSERT INTO keys VALUES (1, '" + random + "');"},
		{"a.yaml", "credentials: user:$PASSWORD\nauth: oauth:v2\ncredentials: aws:profile-2\n"},
		{"a.md", "https://shop.io/cb#access_token=TOKEN&state=x and [x](#token=section2)"},
		{"a.ps1", `[Environment]::SetEnvironmentVariable("DB_PASSWORD",$pw,"Machine"); setx DB_PASSWORD "$PW"`},
		{"a.bat", "setx DB_PASSWORD %PW%\nsetx TOKEN_FILE C:\\b8\\t.txt"},
		{"a.http", "Authorization: Basic {{user}} {{password}}\nAuthorization: Basic user password\n"},
		{"a.md", "Authorization: Basic authentication2 scheme3\nLogin: page:settings2\n"},
		{"a.tf", "password_secret = \"shop-postgres-v2\"\ndb_password_secret = \"prod-db-password\"\n"},
		{"a.tf", "existing_secret = \"keycloak-postgresql\"\nexisting_erlang_secret = \"shop-rabbitmq-erlang\"\n"},
		{"values.yaml", "auth: {existingSecret: keycloak-postgresql}\nmq:\n  existingErlangSecret: shop-rabbitmq-erlang\n  existingSecret: temporal-pgsql\n"},
		{"values.yaml", "tlsSecret: thanos-objstore\npullSecret: ghcr-keycloak\ncaSecret: shop-clickhouse\nfromSecret: shop-mariadb-galera\nuseSecret: temporal-pgsql\n"},
		{"values.yaml", "credentialsSecret: shop-clickhouse\nadminSecret: keycloak-postgresql\nuserSecret: shop-mariadb-galera\nimagePullSecret: ghcr-keycloak\ndbSecretRef: temporal-pgsql\n"},
		{"application.yaml", "spec: {source: {helm: {valuesObject: {auth: {existingSecret: keycloak-postgresql}}}}}\n"},
		{"a.tf", "resource \"x\" \"y\" {\n  password = \"initial-value\"\n  lifecycle {\n    ignore_changes = [password]\n  }\n}\n"},
		{"a.tf", "password = \"managed-outside-terraform\"\nadmin_password = \"filled-in-by-hand\"\n"},
		{"a.js", `const users = { alice: '#ff8800', bob: 'team-42', eve: 'eve1@shop.io', 'x': 'users#show2' };`},
		{"a.js", `const users = [{ id: 'a7?x92', title: 'Dr.!2x' }];`},
		{"a.go", `var users = map[string]string{"alice": "` + random + `", "bob": "U0G9QF9C6"}`},
		{"a.go", "for _, u := range users {\n\tif u == \"b8?Kd03x\" {\n\t}\n}"},
		{"a.js", `auth.check('users.edit#2'); $('#login').bind('click.x2y', fn); login({ scopes: ['email'] });`},
		{"a.py", `login("user", "password"); connect("shop.db"); _encode_auth('username%3Apassword')`},
		{"a.vim", `let g:ignore_pat = '\.\(Z\|gz\|bz2\)$'`},
		{"a.py", `smtp.send("ops", "Rech!nung 2 von Shop"); file_pat = "data-[0-9]+"`},
		{"a.go", `image.RegisterFormat("gif", "GIF8?a", Decode)`},
		{"a.go", `log.Printf("login: user %s connect #%d!", u, n)`},
		{"a.sh", "cmd -password \"$PW\"; cmd -pw $PW; grep -pw x2 file"},
		{"a.json", `{"AccountSid": "AC` + hash[:32] + `", "serviceSid": "MG` + hash[:32] + `"}`},
		{".env", "TWILIO_ACCOUNT_SID=AC" + hash[:32] + "\n"},
		{"a.sh", "skopeo copy --src-creds \"u:$P\" --dest-creds=\"$U:$PW\" a b\nskopeo copy --dest-creds=\"bot:$P\" a b\npodman push --creds=bot:$P a\n"},
		{"a.json", `{"log": "a\ntoken: the next one\npassword=\nsecret=$SECRET\npassword: ${PW}\nC:\\temp\\npassword=x2"}`},
		{"a.json", `{"doc": "Options:\npassword: string\ntoken=<token>\nkey=value\n"}`},
		{"a.xml", `<wsse:Password Type="PasswordDigest">` + random + `</wsse:Password><ns2:password/><xs:element name="password" type="xs:string"><ns2:password></ns2:password>`},
		{"a.xml", `<Password Encrypted="true">` + random + `</Password><label for="password" class="x">Wachtwoord</label><Password type="x">`},
		{"a.json", `[{"ParameterKey": "DBPassword", "ParameterValue": "{{resolve:secretsmanager:db}}"}, {"ParameterKey": "DBPasswordLength", "ParameterValue": "b9Xk2mQ7tR"}, {"ParameterKey": "DBUser", "ParameterValue": "b9Xk2mQ7tR"}]`},
		{"a.yaml", "env:\n- name: API_TOKEN\n  value: >-\n    $(API_TOKEN_OF_SHOP)\n- name: TOKEN_TEXT\n  value: >-\n    the token of the shop\n"},
		{"a.gradle", `buildConfigField "String", "API_KEY", "\"${apiKey}\""` + "\nresValue \"string\", \"password_label\", \"Wacht" + "woord2\"\nresValue 'string', 'api_key', project.apiKey2\n"},
		{"a.yaml", "compass: north-4Xz\nbypass: b9Xk2mQ7tR\ngpg_key: " + random + "\ngpg_key_id: " + random40 + "\npepper: 500g-black\n"},
		{"nginx.conf", "proxy_set_header X-Api-Key $api_key;\nproxy_set_header X-Auth-Token \"\";\nproxy_set_header Authorization $http_authorization;\nproxy_set_header X-Key ${KEY};\n"},
		{"a.js", "h = 'Bearer ' + token; s = 'Bearer ' + 'token'; t = \"Basic \" + btoa(u); x = 'Bearer ' + 'authentication2'"},
		{"a.sql", "INSERT INTO fields VALUES (1, 'password', 'varchar(64)'), (2, 'token', 'text');\nINSERT INTO translations VALUES (1, 'password', 'Wachtwoord-2x');\ninsert into fonts values ('jo', MD5('Helvetica2'));\ninsert into users values ('jo', md5('password'), 'b'), ('ann', MD5(name), 'c');"},
		{"README.md", "The API key is base64url2\nThe key is b9Xk2mQ7tRw4\nThe foreign key is " + random + "\nthe access key is in eu-central-1\ntoken -> ID_TOKEN2\nuse the password changeMe2now\nset the token OAuth2Token\nuser and password sha256sum2\n"},
		{"a.go", "// returns the password userPassword2\n// sets token p.nextToken2\n// password Base64Encoded2\nfoo(token) // the token idToken2\n"},
		{"Makefile", "\tpodman push --creds=bot:$$REGISTRY_TOKEN --src-creds u:$${P} a\n"},
		{"a.php", `'token' => env('TOKEN_TTL', '3600'), 'secret' => env('AWS_REGION', 'eu-central-1'),`},
		{"a.go", "KeySpecEccP256 = \"ECC_P256\"\nKeySpec_ECC_P256K1 KeySpec = \"ECC_P256K1\"\nPasswordTypesChange PasswordTypes = \"Change\"\n"},
		{"a.go", `data.ImportStep("admin_password", "create_mode"); x := []string{"password", "profile"}; y := map[string]string{"token.go": "` + hash + `"}`},
		{"a.go", "UserPasswordChangeCode = \"T1005I\"\nERR_PASSWORD_TOO_SHORT = \"E1001\"\ndryRunEnvKey = \"E2E_DRYRUN\"\nMagicCookieValue: \"" + uuid + "\""},
		{"a.go", `x("[ \"$PWD\" = \"` + "`+expected1+`" + `\" ]"); PasswordPattern = "^.{8,32}$"; p = "%[3]s"`},
		{"a.go", `return errors.New("please use \"input2\" to pass call data")`},
		{"a.go", `const image = "shop.io/secrets@sha256:` + hash + `"`},
		{"a.json", `{"@type": "/crypto.secp256k1.PubKey", "key": "` + random + `"}, "pub_key": {"key": "` + random + `"}`},
		{"a.json", `{"detachKeys": "ctrl-p,ctrl-q", "PasswordLastUsed": "2016-09-08T21:47:36Z", "password": "#/definitions/password2"}`},
		{"a.json", `{"X-Sealed-Key": "` + random + `", "startKey": "0691-4797-ab2b-8c7b8", "redirect": "/?key=https%3A%2F%2Fshop%2F%3Fq%3Dv"}`},
		{"a.groovy", `usernamePassword(credentialsId: 'nexus', passwordVariable: 'NEXUS_PW')`},
		{"a.vb", "lblPassword.Text = \"Kennwort:\"\nlblPwd.Content = \"Adgangskode\"\n"},
		{"a.sh", "echo \"Password: must be long\"\necho 'PASS: Role was deleted'\n"},
		{"README.md", "--ask-password      Allow the prompt for it\n--rc-htpasswd=PATH\ntelegraf ALL=(root) NOPASSWD: IPMITOOL\nsession_reuses=1004389i 15706\nfingerprint of the key: SHA256:" + random + "\n"},
		{"a.go", `ExtETagKey: []byte("` + hash[:32] + `"), CustomerKeyMD5: "` + random + `", SourceKey: []byte("/buckets/b/a.jpg"), wantKey: "blob::sha256:` + hash + `", Alias_Key: "10.0.10.22,10.0.10.23"`},
		{"a.json", `{"--generate-password": "bool", "key": "GHSA-v23v-6jw2-98fq", "x": "libsecret=0.18.5-r0"}`},
		{"a.h", "#define TLS1_RFC_PSK_WITH_AES_128 \"TLS_PSK_WITH_AES_128_CCM\"\n#define TLS1_TXT_PSK \"DHE-PSK-AES256-CCM\"\n"},
		{"a.lark", "TOKEN: /_?[A-Z][_A-Z0-9]*/\n"},
		{"rclone.1", `--password-command \[dq]echo hello\[dq]`},
	}
	j := newJudge(t)
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.text, func(t *testing.T) {
			for _, f := range find(j, tt.path, []byte(tt.text)) {
				t.Errorf("%s found at %d to %d, %.2f sure", f.Rule, f.Start, f.End, f.Confidence)
			}
		})
	}
}

func TestKubernetesSecret(t *testing.T) {
	value := secretText(alphanumeric, 20)
	encoded := base64.StdEncoding.EncodeToString([]byte(value))
	placeholder := base64.StdEncoding.EncodeToString([]byte("changeme"))
	text := "kind: ConfigMap\ndata:\n  other: " + encoded + "\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  username: " + encoded +
		"\n  redis: " + encoded + "\n  password: " + placeholder + "\nstringData:\n  redis2: \"" + value + "\"\n  tls.crt: {{ .Values.crt }}\n"
	var places []int
	for _, f := range find(newJudge(t), "secret.yaml", []byte(text)) {
		if f.Value != value {
			t.Errorf("the value at %d is not decoded", f.Start)
		}
		places = append(places, f.Start)
	}
	want := []int{strings.Index(text, "redis: ") + 7, strings.Index(text, "redis2: ") + 9}
	if !slices.Equal(places, want) {
		t.Errorf("found at %v, want %v", places, want)
	}
}

// TestNamesOfObjects: where an object is named a value that nobody chose is none of their
// names, and neither is one that a Secret holds itself.
func TestNamesOfObjects(t *testing.T) {
	random := secretText("abcdefghijklmnopqrstuvwxyz0123456789", 20)
	for _, value := range []string{random, random[:4] + "-" + random[4:9] + "-" + random[9:14] + "-" + random[14:]} {
		if text := "auth:\n  existingSecret: " + value + "\n"; len(find(newJudge(t), "values.yaml", []byte(text))) != 1 {
			t.Error("a random value is taken for a name")
		}
	}
	for _, key := range []string{"adminSecret", "clientSecret"} {
		if text := "kind: Secret\nstringData:\n  " + key + ": keycloak-postgresql\n"; len(find(newJudge(t), "secret.yaml", []byte(text))) != 1 {
			t.Error(key + " of a Secret is taken for a name")
		}
	}
}

// TestWords finds passwords that are made of words: people choose such ones.
func TestWords(t *testing.T) {
	j := newJudge(t)
	for _, value := range []string{"monkey123", "Welcome" + "123", "monkey-business-7", "another-staple-entirely", "correct-horse-battery", "moonlight", "integral_poirot"} {
		if len(find(j, "app.env", []byte("DB_PASSWORD="+value+"\n"))) != 1 {
			t.Errorf("%s is not found", value)
		}
	}
}

// TestChosen finds secrets that people made up as they do passwords, and leaves
// names of secrets alone.
func TestChosen(t *testing.T) {
	j := newJudge(t)
	for value, want := range map[string]int{"pepper#1" + "rocket": 1, "sun" + "flower!77x": 1, "Velora-" + "1978": 1, "Velora-" + "19": 0, "web-tls": 0, "db-credentials-v2": 0} {
		found := find(j, "settings.py", []byte("CLIENT_SECRET = '"+value+"'\n"))
		if len(found) != want || want == 1 && found[0].Rule != "api-key" {
			t.Errorf("%s: %d findings, want %d", value, len(found), want)
		}
	}
}

// TestChain: a short sequence makes no placeholder of a password that has more to it, at no
// length; one that is most of the value does.
func TestChain(t *testing.T) {
	j := newJudge(t)
	is := func(value string) bool {
		return len(find(j, "a.yml", []byte("db_password: "+value+"\n"))) > 0
	}
	for _, chain := range []string{"123", "abc", "xyz"} {
		for _, word := range []string{"Maple", "Bronze", "Cobalt"} {
			for _, mark := range []string{"!", "$", "*"} {
				for _, end := range []string{"7", "70", "7ru", "70rug"} {
					if value := word + mark + "2" + chain + end; !is(value) {
						t.Errorf("%s is not found", value)
					}
				}
			}
		}
		for n := 10; n < 20; n++ {
			if value := secretText(alphanumeric, n); !is(value[:5] + chain + value[5:]) {
				t.Errorf("%s within %d random characters is not found", chain, n)
			}
		}
	}
	for _, value := range []string{"abc123", "Password!123", "abc-123-xyz", "test-abc123", "1234567890abcdef", "foo123bar", "xyz123abc", "minio123"} {
		if is(value) {
			t.Errorf("%s is found", value)
		}
	}
}

func TestEvidence(t *testing.T) {
	value := secretText(alphanumeric, 20)
	for _, f := range find(newJudge(t), "tests/a.env", []byte("DB_PASSWORD="+value)) {
		got := strings.Join(f.Evidence, "; ")
		want := `its name "DB_PASSWORD" says that it is a password; it is a literal that fills the rest of its line; its letters form no words`
		if !strings.HasPrefix(got, want) || strings.Contains(got, value) {
			t.Errorf("got %q", got)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a.yaml", []byte("password: 'x'\nkey: [\"a\", \"b\"]"))
	f.Add("a.go", []byte(`password := "\"\\"; setToken("x", "y")`))
	f.Add("a.json", []byte(`{"a":"{\"token\":\"`))
	f.Add("a.ml", []byte(`pass0")0000`))
	f.Add("a.go", []byte("aesKey := []byte{0x1f,"))
	f.Add("a.go", []byte(`users := map[string]string{"a": "x`))
	f.Add("a.sql", []byte("CREATE TABLE t (password text); INSERT INTO t VALUES ('x"))
	f.Add("a.xml", []byte(`<password>x</password><a key="token" value="`))
	f.Add("a.md", []byte("Authorization: Basic eDp5 postgres://a:b@c bearer%20x"))
	j := New(0)
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		for _, found := range find(j, path, data) {
			if found.Start < 0 || found.Start >= found.End || found.End > len(data) {
				t.Fatalf("%s at %d to %d of %d bytes", found.Rule, found.Start, found.End, len(data))
			}
			if text := data[found.Start:found.End]; !bytes.Contains(data, kindSecret) && !bytes.ContainsAny(text, "\\&%") && string(text) != found.Value {
				t.Errorf("the text at the place is not the value")
			}
		}
	})
}

// adversarial are texts that make a reader without bounds read them over and over.
var adversarial = map[string]string{
	"arguments":          `f(password,"`,
	"brackets":           "expect(password)",
	"lists of names":     "a,password,",
	"names":              "token ",
	"names in brackets":  "password),",
	"open brackets":      "password[",
	"templates":          "password: {{ default ",
	"choices":            "password=a ? ",
	"choices of texts":   `password=a "b" `,
	"getters":            "password() {",
	"tags of fields":     "password string `",
	"compared":           "'a' === password ",
	"tags":               `<setting name="password" a `,
	"rows":               "| password |\n",
	"name and operator":  "key=",
	"password":           "password",
	"quotes":             `"`,
	"escaped quotes":     `\"`,
	"names in quotes":    `"password":"`,
	"open list":          `token:["a",`,
	"spaces":             "password: ",
	"URLs":               "x://a:",
	"bearer":             "bearer ",
	"basic":              "basic aa",
	"elements":           "<password>",
	"one long name":      "token_",
	"options":            "- --password\n",
	"columns":            "insert into x (password,password,password) values ('a','b','c'),('d\n",
	"open tuple":         "into x (password) values (",
	"tables":             "| password |\n|---|\n",
	"open braces":        `password:"{\":\"`,
	"pairs":              `"password",`,
	"types":              "password:a:",
	"calls":              "password=string(",
	"identified":         "identified by '",
	"user and password":  "user=abcd pass" + "word=abcde ",
	"carriage returns":   "password:\r\n\r\n",
	"Kubernetes secrets": "kind: Secret\ndata:\n  a: b\n",
	"open secret":        "kind: Secret\n",
	"secrets in JSON":    `{"kind":"Secret","data":{"a":"b"}}`,
	"maps in JSON":       `"Secret""data":{`,
	"kinds in JSON":      `"kind":"Secret"`,
	"blanks":             "password:           \n",
	"groups":             "secrets:\n",
	"open group":         "secrets:{a:",
	"sections":           "[secrets]\n",
	"sealed":             "kind: SealedSecret\nencryptedData:\n password: Agaaaa1234\n",
	"copies":             "copy x (password,password) from stdin;\na\tb\n",
	"accounts":           "chpasswd <<a\n",
	"accounts in YAML":   "chpasswd:\n",
	"made up":            `"random_password" "result"`,
	"letters":            "密码",
	"remarks":            "// password: x # ",
	"cells":              "<td>password</td>",
	"open rows":          "| password | x ",
	"lines below":        "password:\n  x\n",
	"lines that go on":   "password=\\\n",
	"values first":       `<a value="b" name="password"/>`,
}

func BenchmarkAdversarial(b *testing.B) {
	j := newJudge(b)
	for name, text := range adversarial {
		data := bytes.Repeat([]byte(text), 1<<20/len(text))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				find(j, "a.yaml", data)
				find(j, "a.go", data)
				find(j, "a.json", data)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newJudge(b)
	}
}

// find searches a file by itself, as nobody does who searches for more.
func find(j *Judge, file string, data []byte) []Finding { return j.Find(file, data, PlacesOf(data)) }

// TestChosenInTexts finds what people choose as a password where prose and code stand.
func TestChosenInTexts(t *testing.T) {
	for file, text := range map[string]string{
		"a.html": "<p>Password: @</p>",
		"a.java": "// password = @\n",
		"a.md":   "| Password | @ |\n",
		"a.rst":  "its password is ``@``.",
	} {
		for _, value := range []string{"Mara" + "velo_1737", "tulip-" + "harbor42"} {
			if found := find(newJudge(t), file, []byte(strings.ReplaceAll(text, "@", value))); len(found) != 1 {
				t.Errorf("%s: %s: %d found, want 1", file, text, len(found))
			}
		}
	}
	for file, text := range map[string]string{
		"a.yaml": "{bob: {pw: Mara" + "velo_1599}}",
		"a.cs":   `x = Environment.GetEnvironmentVariable("DB_PWD") ?? "Mara` + `velo1599!"`,
		"a.rb":   `x = ENV['DB_PASSWORD'] || 'Mara` + `velo@1599'`,
	} {
		if found := find(newJudge(t), file, []byte(text)); len(found) != 1 {
			t.Errorf("%s: %d found, want 1", file, len(found))
		}
	}
}

// TestMadeUp: values that only people make up, where a text says that they are passwords, and what looks
// like them.
func TestMadeUp(t *testing.T) {
	find := New(0.5).Find
	mix := "Tulip" + "harbor"
	for _, test := range []struct {
		path, text string
		found      bool
	}{
		{"mail.eml", "your password is " + mix + "+4711\n", true},
		{"mail.eml", "Ihr Kennwort lautet " + mix + "-4711\n", true},
		{"mail.eml", "Votre mot de passe est " + mix + "_4711\n", true},
		{"chat.json", `{"text": "the db password is ` + mix + `*4711 by now"}`, true},
		{"a.html", "<li>Password: <code>" + mix + "+4711</code></li>", true},
		{"a.env", "BACKUP_PASSPHRASE='tulip garden " + "harbor 16'", true},
		{"a.yaml", "passphrase: tulip garden " + "harbor 16\n", true},
		{"clients.conf", "secret = har" + "bor4711\n", true},
		{"a.env", "BACKUP_PASSPHRASE='must have more than 16 characters'", false},
		{"mail.eml", "your password is case-sensitive\n", false},
		{"a.md", "The password is PBKDF2-SHA256 encoded\n", false},
		{"a.env", "DB_PASSWORD=set-me", false},
		{"a.env", "DB_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-" + secretText(alphanumeric, 6), false},
		{"a.yaml", "passwordAlphabet: abcdefghkmnpqrstuvwxyz23456789!#\n", false},
		{"a.yaml", "hostKey: SHA256:" + secretText(alphanumeric, 43) + "\n", false},
		{"a.yaml", "passThrough: h264_v2\n", false},
		{"a.sql", "ALTER ROLE y WITH PASSWORD 'md5" + strings.Repeat("0f3a9b71", 4) + "';", false},
		{"a.md", "| since | password |\n|---|---|\n| x | v1.2.3 |\n| y | rotated-daily |\n", false},
		{"a.html", "<table><tr><th>Field</th><th>Password</th></tr><tr><td>since</td><td>v1.20.3</td></tr></table>", false},
		{"a.html", "<table><tr><th>Password</th><td></td></tr><tr><td>Har" + "bor-4711</td><td></td></tr></table>", false},
	} {
		if found := find(test.path, []byte(test.text), PlacesOf([]byte(test.text))); (len(found) > 0) != test.found {
			t.Errorf("%s: %q: found %d", test.path, test.text, len(found))
		}
	}
}
