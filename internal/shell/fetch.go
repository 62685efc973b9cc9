package shell

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Fetched is a secret that a command asks a store for. Its words are as the script
// has them: what is known only when it runs has a dollar sign.
type Fetched struct {
	Store       string // as of the model's secrets; "issued" if a login makes it when it is asked
	Group, Name string
	At          lint.Span // of the word that names it, or else of the command
	Masked      bool      // the platform hides it in the log
	Possible    bool      // it holds secrets, or only settings
}

// fetch is a command that prints what a store keeps, or what a login makes.
type fetch struct {
	words string // that the command begins with, flags left out
	store string
	group string   // a flag whose value is the group, or "1": the first word behind the command
	name  string   // likewise; of a command that issues a token, what it is called
	out   []string // flags with the file that it is written to in place of the output
	needs []string // flags, one of which makes it print the secret at all

	place    []string // flags, one of which makes it write the secret into the file that it reads; none: it always does
	inPlace  bool
	named    bool   // what it prints is a secret if its name says so
	possible bool   // nothing says whether what it prints is one
	alone    bool   // no more words follow
	masked   string // the platform hides it, unless there is this flag
}

var fetches = []fetch{
	{words: "vault kv get", store: "vault", group: "1", name: "-field"},
	{words: "vault read", store: "vault", group: "1", name: "-field"},
	{words: "bao kv get", store: "vault", group: "1", name: "-field"},
	{words: "bao read", store: "vault", group: "1", name: "-field"},
	{words: "vault print token", store: issued, name: "token of vault"},
	{words: "vault write", store: issued, name: "token of vault", needs: []string{"-field"}},
	{words: "vault unwrap", store: "vault", name: "-field"},
	{words: "vault token create", store: issued, name: "token of vault"},
	{words: "aws secretsmanager get-secret-value", store: "aws_secrets_manager", name: "--secret-id"},
	{words: "aws secretsmanager batch-get-secret-value", store: "aws_secrets_manager", group: "--secret-id-list"},
	{words: "aws ssm get-parameter", store: "aws_parameter_store", name: "--name", needs: []string{"--with-decryption"}},
	{words: "aws ssm get-parameters", store: "aws_parameter_store", name: "--names", needs: []string{"--with-decryption"}},
	{words: "aws ssm get-parameters-by-path", store: "aws_parameter_store", group: "--path", needs: []string{"--with-decryption"}},
	{words: "aws ecr get-login-password", store: issued, name: "password of aws ecr"},
	{words: "aws ecr-public get-login-password", store: issued, name: "password of aws ecr-public"},
	{words: "aws codeartifact get-authorization-token", store: issued, name: "token of aws codeartifact"},
	{words: "aws rds generate-db-auth-token", store: issued, name: "token of aws rds"},
	{words: "aws eks get-token", store: issued, name: "token of aws eks"},
	{words: "aws kms decrypt", store: "kms", group: "--ciphertext-blob"},
	{words: "aws iam create-access-key", store: issued, name: "key of aws iam"},
	{words: "aws secretsmanager get-random-password", store: issued, name: "password of aws secretsmanager"},
	{words: "aws sts assume-role", store: issued, name: "credentials of aws sts"},
	{words: "aws sts assume-role-with-web-identity", store: issued, name: "credentials of aws sts"},
	{words: "aws sts get-session-token", store: issued, name: "credentials of aws sts"},
	{words: "aws configure export-credentials", store: issued, name: "credentials of aws"},
	{words: "chamber read", store: "aws_parameter_store", group: "1", name: "2"},
	{words: "chamber export", store: "aws_parameter_store", group: "1", out: []string{"-o", "--output-file"}},
	{words: "gcloud secrets versions access", store: "gcp_secret_manager", name: "--secret", out: []string{"--out-file"}},
	{words: "gcloud kms decrypt", store: "kms", group: "--ciphertext-file", out: []string{"--plaintext-file"}},
	{words: "gcloud iam service-accounts keys create", store: issued, name: "key of gcloud iam", inPlace: true},
	{words: "berglas access", store: "gcp_secret_manager", name: "1"},
	{words: "gcloud auth print-access-token", store: issued, name: "token of gcloud"},
	{words: "gcloud auth application-default print-access-token", store: issued, name: "token of gcloud"},
	{words: "gcloud auth print-identity-token", store: issued, name: "identity token of gcloud"},
	{words: "az keyvault secret show", store: "azure_key_vault", group: "--vault-name", name: "--name"},
	{words: "az keyvault secret download", store: "azure_key_vault", group: "--vault-name", name: "--name", out: []string{"--file", "-f"}},
	{words: "az account get-access-token", store: issued, name: "token of az"},
	{words: "az acr login", store: issued, name: "token of az acr", needs: []string{"--expose-token", "-t"}},
	{words: "az ad sp create-for-rbac", store: issued, name: "credential of az ad"},
	{words: "az ad sp credential reset", store: issued, name: "credential of az ad"},
	{words: "az cosmosdb keys list", store: "azure", name: "key of az cosmosdb"},
	{words: "az redis list-keys", store: "azure", name: "key of az redis"},
	{words: "az functionapp keys list", store: "azure", name: "key of az functionapp"},
	{words: "az webapp deployment list-publishing-profiles", store: "azure", name: "publishing profile of az webapp"},
	{words: "az acr credential show", store: "azure", name: "password of az acr"},
	{words: "az storage account keys list", store: "azure", name: "key of az storage"},
	{words: "az storage account show-connection-string", store: "azure", name: "connection string of az storage"},
	{words: "kubectl get secret", store: "kubernetes", group: "1", needs: printing},
	{words: "kubectl get secrets", store: "kubernetes", group: "1", needs: printing},
	{words: "kubectl config view", store: "kubernetes", name: "kubeconfig", needs: []string{"--raw"}},
	{words: "kubectl create token", store: issued, name: "token of kubectl"},
	{words: "oc get secret", store: "kubernetes", group: "1", needs: printing},
	{words: "oc get secrets", store: "kubernetes", group: "1", needs: printing},
	{words: "oc extract secret", store: "kubernetes", group: "1", needs: []string{"--to=-"}},
	{words: "oc create token", store: issued, name: "token of oc"},
	{words: "oc whoami", store: issued, name: "token of oc", needs: []string{"-t", "--show-token"}},
	{words: "op read", store: "1password", name: "1", out: []string{"-o", "--out-file"}},
	{words: "op item get", store: "1password", group: "1", name: "--fields", needs: []string{"--fields", "--reveal", "--otp", "--format"}},
	{words: "op document get", store: "1password", group: "1", out: []string{"-o", "--out-file", "--output"}},
	{words: "op inject", store: "1password", group: "-i", out: []string{"-o", "--out-file"}},
	{words: "sops", store: "sops", group: "1", name: "--extract", out: []string{"--output"}, needs: []string{"-d", "--decrypt"}, place: []string{"-i", "--in-place"}},
	{words: "sops decrypt", store: "sops", group: "1", name: "--extract", out: []string{"--output"}, place: []string{"-i", "--in-place"}},
	{words: "ansible-vault view", store: "ansible_vault", group: "1"},
	{words: "ansible-vault decrypt", store: "ansible_vault", group: "1", out: []string{"--output"}, inPlace: true},
	{words: "gpg", store: "gpg", group: "1", out: []string{"-o", "--output"}, needs: []string{"-d", "--decrypt"}},
	{words: "gpg2", store: "gpg", group: "1", out: []string{"-o", "--output"}, needs: []string{"-d", "--decrypt"}},
	{words: "age", store: "age", group: "1", out: []string{"-o", "--output"}, needs: []string{"-d", "--decrypt"}},
	{words: "openssl", store: "openssl", group: "-in", out: []string{"-out"}, needs: []string{"-d"}},
	{words: "doppler secrets get", store: "doppler", group: "--config", name: "1"},
	{words: "doppler secrets download", store: "doppler", group: "--config", needs: []string{"--no-file"}},
	{words: "doppler secrets", store: "doppler", group: "--config", alone: true},
	{words: "infisical secrets get", store: "infisical", group: "--env", name: "1"},
	{words: "infisical secrets", store: "infisical", group: "--env", alone: true},
	{words: "infisical export", store: "infisical", group: "--env"},
	{words: "bw get password", store: "bitwarden", name: "1"},
	{words: "bw get notes", store: "bitwarden", name: "1"},
	{words: "bw get item", store: "bitwarden", group: "1"},
	{words: "bw get totp", store: "bitwarden", name: "1"},
	{words: "bws secret get", store: "bitwarden", name: "1"},
	{words: "pass show", store: "pass", name: "1"},
	{words: "gopass show", store: "pass", name: "1"},
	{words: "lpass show", store: "lastpass", name: "1"},
	{words: "buildkite-agent secret get", name: "1", masked: "--skip-redaction"},
	{words: "akeyless get-secret-value", store: "akeyless", name: "--name"},
	{words: "conjur variable get", store: "conjur", name: "-i"},
	{words: "gh auth token", store: issued, name: "token of gh"},
	{words: "git config", store: issued, name: headerOfGit, needs: []string{"--get", "--get-all", "--get-regexp", "get"}, named: true, masked: "--"},
	{words: "git credential fill", store: issued, name: "password of git"},
	{words: "terraform output", store: "terraform", name: "1", named: true},
	{words: "tofu output", store: "terraform", name: "1", named: true},
	{words: "pulumi stack output", store: "pulumi", name: "1", needs: []string{"--show-secrets"}},
	{words: "pulumi config get", store: "pulumi", name: "1", named: true},
	{words: "helm get values", store: "helm", group: "1", possible: true},
	{words: "helm get all", store: "helm", group: "1", possible: true},
	{words: "heroku config:get", store: "heroku", name: "1", named: true},
	{words: "netlify env:get", store: "netlify", name: "1", named: true},
	{words: "glab variable get", name: "1", named: true},
	{words: "credstash get", store: "credstash", name: "1"},
	{words: "keyring get", store: "keyring", group: "1", name: "2"},
	{words: "secret-tool lookup", store: "keyring", group: "2"},
	{words: "security find-generic-password", store: "keychain", name: "-s", needs: []string{"-w"}},
	{words: "security find-internet-password", store: "keychain", name: "-s", needs: []string{"-w"}},
	{words: "get-azkeyvaultsecret", store: "azure_key_vault", group: "-vaultname", name: "-name", needs: []string{"-asplaintext"}},
	{words: "get-azaccesstoken", store: issued, name: "token of Az"},
	{words: "get-secret", store: "keyring", group: "-vault", name: "-name", needs: []string{"-asplaintext"}},
	{words: "get-secsecretvalue", store: "aws_secrets_manager", name: "-secretid"},
	{words: "get-ssmparameter", store: "aws_parameter_store", name: "-name", needs: []string{"-withdecryption"}},
	{words: "get-ssmparametervalue", store: "aws_parameter_store", name: "-name", needs: []string{"-withdecryption"}},
	{words: "heroku auth:token", store: issued, name: "token of heroku"},
	{words: "flyctl auth token", store: issued, name: "token of flyctl"},
	{words: "gh pr view", store: Change, name: "pull request", needs: []string{"headRefName", "headRefOid", "headRepository"}},
	{words: "gh pr view", store: Outsider, name: "text of the pull request", needs: []string{"title", "body", "comments"}},
	{words: "gh pr diff", store: Change, name: "pull request"},
	{words: "gh issue view", store: Outsider, name: "text of the issue", needs: []string{"title", "body", "comments"}},
	{words: "git log", store: Outsider, name: MessageOfCommit},
	{words: "git show", store: Outsider, name: MessageOfCommit},
	{words: "fly auth token", store: issued, name: "token of flyctl"},
}

const issued = "issued"

// headerOfGit is what a checkout leaves in the settings of git.
const headerOfGit = "header of git"

// MessageOfCommit stands for what git prints of a commit that its author writes.
const MessageOfCommit = "message of the commit"

var asksMessage = regex.Lazy(`--(?:pretty|format)[= ].*%(?:[sbBN]|[ac][nNeElL])`)

// What is no secret, and is followed where texts of outsiders are: one that they write,
// and what names a change that they propose.
const (
	Outsider = "outsider"
	Change   = "change"
	Artifact = "artifact" // files of a run that an outsider may have changed
)

// printing are the flags by which kubectl prints what is in an object.
var printing = []string{"-o", "--output", "--template"}

// valuedFlags are flags of these programs that take the next word, as far as they
// may stand before a word that counts.
var valuedFlags = map[string]string{
	"vault": "-mount -field -format -version -namespace -ns -address", "bao": "-mount -field -format -version -namespace -ns -address",
	"aws":    "--region --profile --output --query --endpoint-url",
	"gcloud": "--project --account --configuration --format --secret --impersonate-service-account --verbosity --location --out-file",
	"az":     "--name -n --vault-name --query -o --output --subscription --id --resource --scope --file -f --resource-group -g --account-name",
	"op":     "--account --vault --fields --format -o --out-file --output --session", "sops": "--extract --output --input-type --output-type --config",
	"doppler": "--project -p --config -c --token -t --format --scope", "infisical": "--env --path --projectId --token --domain --format --type",
	"kubectl":   "-n --namespace --context --kubeconfig -o --output --template -l --selector --cluster --user -s --server --as",
	"oc":        "-n --namespace --context --kubeconfig -o --output --template -l --selector --cluster --user -s --server --as",
	"terraform": "-state", "tofu": "-state", "ansible-vault": "--vault-password-file --vault-id --output", "gpg": gpgFlags, "gpg2": gpgFlags, "age": "-i --identity -o --output -j",
	"pulumi": "-s --stack -C --cwd", "helm": "-n --namespace -o --output --revision --kubeconfig --kube-context", "heroku": "-a --app -r --remote", "glab": "-R --repo -g --group -s --scope",
	"security": "-s -a -l", "netlify": "--context --scope",
	"bw": "--session --output --organizationid", "bws": "--access-token -t --output -o", "chamber": "-b --backend -f --format -o --output-file",
	"buildkite-agent": "--job --agent-access-token --endpoint", "lpass": "--field --format",
}

const gpgFlags = "-o --output --passphrase --passphrase-fd --passphrase-file --pinentry-mode --homedir -u --local-user -r --recipient --status-fd"

// shortFlags are other forms of the flags in the table.
var shortFlags = map[string][]string{"--name": {"--name", "-n"}, "--config": {"--config", "-c"}, "-field": {"-field", "--field"}, "--fields": {"--fields", "--field"}, "-i": {"-i", "--in-file"}}

// askers are words of which one is in each of these commands.
var askers = []string{
	"vault ", "bao ", "secretsmanager ", "ssm ", "ecr ", "ecr-public ", "codeartifact ", "rds ", "eks ", "sts ", "export-credentials", "gcloud ", "keyvault ", "get-access-token",
	"acr ", "az storage ", "kubectl ", "oc ", "op ", "sops ", "doppler ", "infisical ", "bw ", "bws ", "pass ", "chamber ", "akeyless ", "conjur ", "buildkite-agent secret",
	"gh auth ", "heroku ", "fly auth", "flyctl auth", "kms ", "iam ", "berglas ", "az ad ", "az cosmosdb ", "az redis ", "az functionapp ", "az webapp ", "ansible-vault ", "gpg", "age ", "openssl ",
	"git config ", "git credential ", "terraform ", "tofu ", "pulumi ", "helm ", "netlify ", "glab variable", "credstash ", "keyring ", "secret-tool ", "security find-",
	"KeyVaultSecret", "AzAccessToken", "Get-Secret ", "SECSecretValue", "SSMParameter", "REQUEST_URL", "VAULT_ADDR", "meta-data/iam/", "service-accounts/",
}

// MayFetch says whether a script may ask a store for a secret. It is quick, and may
// be wrong in one direction only.
func MayFetch(script string) bool {
	return slices.ContainsFunc(askers, func(word string) bool { return strings.Contains(script, word) })
}

// fetched is the output of a command that asks a store for a secret.
func (s *Session) fetched(c *call) (output, bool) {
	if s.machine.Fetch == nil {
		return output{}, false
	}
	if c.name == "az" && quiet().MatchString(c.line()) {
		return output{}, false
	}
	words := c.operands()
	if c.name == "kubectl" || c.name == "oc" { // secret/name is secret name
		for i, w := range words {
			if kind, _, ok := strings.Cut(w.text(), "/"); ok && (kind == "secret" || kind == "secrets") {
				words = slices.Concat(words[:i], []Value{Literal(kind), w.after(len(kind) + 1)}, words[i+1:])
				break
			}
		}
	}
	for _, f := range fetches {
		rest, ok := behind(words, c.name, f.words)
		if !ok || len(f.needs) > 0 && !c.given(f.needs...) && !c.fields(f) || f.alone && len(rest) > 0 || !c.asks(f, rest) {
			continue
		}
		if f.words == "gh auth token" { // it says what the variable holds
			for _, name := range []string{"GH_TOKEN", "GITHUB_TOKEN"} {
				if v, ok := s.lookup(name); ok && v.Tainted() {
					return c.filtered(v, ""), true
				}
			}
		}
		return s.answered(c, f, rest), true
	}
	return output{}, false
}

// quiet finds what keeps az from printing its answer.
var quiet = regex.Lazy(`(?:^|\s)(?:-o|--output)[ =]?none(?:\s|$)`)

func (s *Session) answered(c *call, f fetch, rest []Value) output {
	secret := Fetched{Store: f.store, At: c.at(), Name: f.name, Masked: f.masked != "" && !c.given(f.masked), Possible: f.possible}
	if f.store != issued && f.store != "azure" && f.store != Outsider && f.store != Change && f.name != "kubeconfig" {
		secret.Group, secret.Name = c.named(&secret, f.group, rest), c.named(&secret, f.name, rest)
	}
	switch {
	case c.name == "buildkite-agent": // of the platform, which does not tell the cases of names apart
		secret.Name = strings.ToUpper(secret.Name)
	case f.store == "vault":
		if mount, ok := c.flag("-mount", "--mount"); ok {
			secret.Group = strings.Trim(mount.text(), "/") + "/" + secret.Group
		}
		secret.Group = strings.Replace(strings.Trim(secret.Group, "/"), "/data/", "/", 1)
	case f.store == "kubernetes":
		secret.Group = strings.TrimPrefix(secret.Group, "secret/")
		for _, flag := range printing {
			if v, ok := c.flag(flag); ok {
				if m := dataKey().FindStringSubmatch(v.text()); m != nil {
					secret.Name = strings.ReplaceAll(m[1]+m[2], `\\`, "")
				}
			}
		}
	}
	if secret.Name == "" && secret.Group == "" {
		secret.Name = "of " + f.words
	}
	label := s.machine.Fetch(secret)
	if label < 0 {
		return output{}
	}
	v := Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: label}}}}}
	v = v.Through("it is fetched by "+f.words+" here", c.at())
	if (f.inPlace || len(f.place) > 0 && c.given(f.place...)) && len(rest) > 0 && !c.given(f.out...) {
		s.write(rest[0].text(), stream{{value: v, command: f.words, at: c.at()}}, c.at())
		return output{}
	}
	for _, flag := range f.out {
		if file, ok := c.flag(flag); ok && file.text() != "-" && file.text() != "/dev/stdout" {
			s.write(file.text(), stream{{value: v, command: f.words, at: c.at()}}, c.at())
			return output{}
		}
	}
	return output{out: stream{{value: v, command: f.words, at: c.at()}}}
}

// named is the text of a flag or word of the command, and where it stands.
func (c *call) named(secret *Fetched, by string, rest []Value) string {
	var v Value
	switch {
	case by == "1" && len(rest) > 0:
		v = rest[0]
	case by == "2" && len(rest) > 1:
		v = rest[1]
	case strings.HasPrefix(by, "-"):
		names := shortFlags[by]
		if names == nil {
			names = []string{by}
		}
		for _, name := range names { // -n is a flag of its own, not the beginning of another
			if found, ok := c.flag(name); ok && (strings.HasPrefix(name, "--") || c.has(name) || strings.HasPrefix(found.text(), "=")) {
				v = found
				break
			}
		}
	}
	if len(v.pieces) == 0 || v.Tainted() {
		return ""
	}
	if p := v.pieces[0]; p.unit != nil && p.end > p.start {
		secret.At = p.unit.span(p.start, max(p.end, v.pieces[len(v.pieces)-1].end))
	}
	return shownName(strings.Trim(v.text(), "= "))
}

// maxName bounds the name of a secret.
const maxName = 200

func shownName(text string) string {
	if len(text) > maxName || strings.ContainsAny(text, "\n") {
		return ""
	}
	return text
}

// operands are the arguments that are neither flags nor their values.
func (c *call) operands() []Value {
	valued := strings.Fields(valuedFlags[c.name])
	var all []Value
	for i := 0; i < len(c.args); i++ {
		t := c.args[i].text()
		switch {
		case strings.HasPrefix(t, "-") && len(t) > 1:
			if slices.Contains(valued, t) {
				i++
			}
		default:
			all = append(all, c.args[i])
		}
	}
	return all
}

// behind are the words behind those that a command begins with.
func behind(words []Value, name, want string) ([]Value, bool) {
	first, rest, _ := strings.Cut(want, " ")
	if first != name {
		return nil, false
	}
	for _, w := range strings.Fields(rest) {
		if len(words) == 0 || words[0].text() != w {
			return nil, false
		}
		words = words[1:]
	}
	return words, true
}

// given says whether one of the flags is among the words, with its value or not.
func (c *call) given(flags ...string) bool {
	return slices.ContainsFunc(c.args, func(a Value) bool {
		t := a.text()
		return slices.ContainsFunc(flags, func(f string) bool {
			return t == f || strings.HasPrefix(t, f+"=") || len(f) == 2 && strings.HasPrefix(t, f) && (f == "-o")
		})
	})
}

// fields says whether a client of GitHub prints one of the fields.
func (c *call) fields(f fetch) bool {
	if f.store != Outsider && f.store != Change {
		return false
	}
	v, _ := c.flag("--json")
	if filter, ok := c.flag("--jq"); ok {
		v = filter
	} else if filter, ok := c.flag("-q"); ok {
		v = filter
	}
	return slices.ContainsFunc(f.needs, func(field string) bool { return strings.Contains(v.text(), field) })
}

var (
	secretField = regex.Lazy(`(?i)secret|value|token|password|key|cred|plain|data|^[\[@*]`)
	dataKey     = regex.Lazy(`\bdata\.((?:[\w-]|\\.)+)\}|\bindex \.data "([^"]+)"`)
	secretData  = regex.Lazy(`\bdata\b|^(?:json|yaml)$`)
)

// asks says whether what a query takes of the answer may be the secret: an ARN, a
// date or the name of the object is none.
func (c *call) asks(f fetch, rest []Value) bool {
	switch {
	case f.name == headerOfGit:
		return strings.Contains(c.line(), "extraheader")
	case f.name == MessageOfCommit:
		return asksMessage().MatchString(c.line())
	case f.words == "vault write":
		field, _ := c.flag("-field")
		return len(rest) > 0 && strings.Contains(rest[0].text(), "/login") && strings.HasPrefix(rest[0].text(), "auth/") && strings.Contains(field.text(), "token")
	case f.named:
		return len(rest) > 0 && lint.SecretName(rest[0].text())
	}
	switch f.store {
	case "gpg": // a message that is signed is no secret
		return len(rest) > 0 && !strings.HasSuffix(rest[0].text(), ".asc") && !strings.HasSuffix(rest[0].text(), ".sig")
	case "age":
		return len(rest) > 0
	case "openssl":
		return c.given("-in") && !c.given("-base64") && c.text(0) != "base64" && (c.text(0) == "enc" || strings.Contains(c.text(0), "-"))
	case "kubernetes":
		if f.words != "kubectl get secret" && f.words != "kubectl get secrets" && f.words != "oc get secret" && f.words != "oc get secrets" {
			return true
		}
		for _, flag := range printing {
			if v, ok := c.flag(flag); ok {
				return secretData().MatchString(strings.Trim(v.text(), "=")) || !v.known()
			}
		}
	case Change:
		return !c.has("--name-only")
	}
	query, ok := c.flag("--query")
	return !ok || !query.known() || secretField().MatchString(query.text())
}

// answers are addresses whose answer is a secret; a group is where it stands in the store.
var answers = []struct {
	address func() *regexp.Regexp
	store   string
	name    string
}{
	{regex.Lazy(`ACTIONS_ID_TOKEN_REQUEST_URL|SYSTEM_OIDCREQUESTURI`), issued, "identity token"},
	{regex.Lazy(`VAULT_ADDR\}?/v1/auth/[\w/-]+/login`), issued, "token of vault"},
	{regex.Lazy(`VAULT_ADDR\}?/v1/((?:[\w-]+/)+[\w-]+)`), "vault", ""},
	{regex.Lazy(`/meta-data/iam/security-credentials/\S|/service-accounts/[^/]+/(?:token|identity)`), issued, "credentials of the machine"},
	{regex.Lazy(`/app/installations/[^/]+/access_tokens`), issued, "token of an app"},
	{regex.Lazy(`/actions/runners/(?:registration|remove)-token`), issued, "token of a runner"},
	{regex.Lazy(`/oauth2?(?:/[\w.{}$-]+)*/(?:access_)?token(?:$|\?)`), issued, "access token"},
}

// responded is the secret that a server answers with.
func (s *Session) responded(c *call) (Taint, bool) {
	if s.machine.Fetch == nil || s.machine.Texts {
		return Taint{}, false
	}
	for i, a := range c.args {
		if c.takes(i) {
			continue
		}
		for _, known := range answers {
			m := known.address().FindStringSubmatch(a.text())
			if m == nil {
				continue
			}
			secret := Fetched{Store: known.store, Name: known.name, At: c.at()}
			if len(m) > 1 {
				if strings.HasPrefix(m[1], "sys/") || strings.HasPrefix(m[1], "auth/") {
					return Taint{}, false
				}
				secret.Group = shownName(strings.Replace(m[1], "/data/", "/", 1))
			}
			if label := s.machine.Fetch(secret); label >= 0 {
				return Taint{Label: label}.through("it is fetched by "+c.name+" here", c.at()), true
			}
		}
	}
	return Taint{}, false
}
