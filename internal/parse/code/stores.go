package code

import (
	"bytes"
	"strings"
)

// What the SDKs of stores offer to read an entry whose name is an argument.
var storeCalls = []form{
	{text: ".get_secret(%)", store: "azure-keyvault", needs: keyVault}, {text: ".getSecret(%)", store: "azure-keyvault", needs: keyVault},
	{text: ".GetSecret(%)", store: "azure-keyvault", needs: keyVaultNet}, {text: ".GetSecretAsync(%)", store: "azure-keyvault", needs: keyVaultNet},
	{text: ".GetSecret(_, %)", store: "azure-keyvault", needs: []string{"keyvault/azsecrets"}},
	{text: "SecretVersionName.of(_, %)", store: "gcp-secret-manager"}, {text: "new SecretVersionName(_, %)", store: "gcp-secret-manager"},
	{text: "Logical().Read(%)", store: "vault", needs: vaults}, {text: "Logical().ReadWithContext(_, %)", store: "vault", needs: vaults},
	{text: "KVv1(_).Get(_, %)", store: "vault", needs: vaults}, {text: "KVv2(_).Get(_, %)", store: "vault", needs: vaults},
	{text: "logical().read(%)", store: "vault", needs: vaults}, {text: "logical.read(%)", store: "vault", needs: vaults}, {text: "kv(_).read(%)", store: "vault", needs: vaults},
	{text: "vaultTemplate.read(%)", store: "vault"}, {text: "vault.read(%)", store: "vault", needs: []string{"node-vault"}},
	{text: ".read(%)", store: "vault", needs: []string{"import hvac", "from hvac"}},
	{text: ".read_secret(%)", store: "vault", needs: []string{"hvac"}}, {text: ".read_secret_version(%)", store: "vault", needs: []string{"hvac"}},
}

var (
	keyVault    = []string{"azure.keyvault", "@azure/keyvault-secrets", "com.azure.security.keyvault"}
	vaults      = []string{"vault", "Vault"}
	keyVaultNet = []string{"Azure.Security.KeyVault"}
)

// request is a call of an SDK whose arguments have names.
type request struct {
	store string
	key   string // of the entry's name, in lower case and without _
	also  string // a key that must be there too, and be true
	needs []string
}

// requests by the words with which they begin, in lower case, without _, and
// without what languages add at the end: input, command, request, async.
var requests = map[string]request{
	"getsecretvalue":      {store: "aws-secretsmanager", key: "secretid"},
	"getparameter":        {store: "aws-ssm", key: "name", also: "withdecryption"},
	"accesssecretversion": {store: "gcp-secret-manager", key: "name"},
	"readsecret":          {store: "vault", key: "path", needs: []string{"hvac", "VaultSharp"}},
	"readsecretversion":   {store: "vault", key: "path", needs: []string{"hvac"}},
}

// storeTokens: one of these stands in every file that reads a store or names the
// address of one. "yption" is what WithDecryption ends in: bytes are found faster
// by a rare first letter.
var storeTokens = []string{"SecretValue", "secretValue", "secret_value", "yption", "SecretVersion", "secret_version", "vault", "Vault", "VAULT", "tsmanager", "hvac"}

var endings = []string{"withcontext", "input", "command", "request", "async"}

// folded writes a word in lower case without _.
func folded(name []byte) string {
	return strings.ToLower(strings.ReplaceAll(string(name), "_", ""))
}

func requestOf(name []byte) (request, bool) {
	if c := name[0] | 0x20; len(name) < len("readsecret") || c != 'g' && c != 'a' && c != 'r' {
		return request{}, false
	}
	text := folded(name)
	for _, ending := range endings {
		text = strings.TrimSuffix(text, ending)
	}
	r, ok := requests[text]
	return r, ok
}

// request reads the call that begins with the word at i, if it is one of a store.
func (f *file) request(i int) {
	r, ok := requestOf(f.src.Data[f.tokens[i].start:f.tokens[i].end])
	if !ok || !f.in(r.needs) {
		return
	}
	end := f.extent(i + 1)
	name, also := -1, r.also == ""
	for at := i + 1; at < end; at++ {
		value := f.keyed(at)
		if value < 0 {
			continue
		}
		switch folded(f.src.Data[f.tokens[at].start:f.tokens[at].end]) {
		case r.key:
			name = value
		case r.also:
			also = !f.is(value, "false") && !f.is(value, "False")
		}
	}
	if name >= 0 && also {
		name = f.unwrapped(name)
		f.name(&call{kind: "store", store: r.store}, name, f.literalEnd(name), false)
	}
}

// extent gives the end of a call, of the calls that are chained to it, and of
// the fields behind it: get(...).b(...), new Get() {...}.
func (f *file) extent(at int) int {
	depth, limit := 0, min(at+maxWindow, len(f.tokens))
	for ; at < limit; at++ {
		switch f.kind(at) {
		case '(', '[', '{':
			depth++
			continue
		case ')', ']', '}':
			if depth--; depth < 0 {
				return at
			}
		}
		chained := f.is(at, ".") || f.kind(at) == word && f.is(at-1, ".")
		if closes := f.kind(at) == ')' && (f.is(at+1, ".") || f.is(at+1, "{")); depth == 0 && !chained && !closes {
			return at
		}
	}
	return at
}

// keyed gives where the value of a key stands, or -1 if a token is no key:
// key: value, "key" => value, key = value, .key(value).
func (f *file) keyed(at int) int {
	if f.kind(at) != word && f.kind(at) != plain {
		return -1
	}
	switch {
	case f.is(at+1, "=") && f.is(at+2, ">"):
		return at + 3
	case (f.is(at+1, ":") || f.is(at+1, "=")) && !f.is(at+2, ":") && !f.is(at+2, "="):
		return at + 2
	case f.kind(at) == word && f.is(at-1, ".") && f.is(at+1, "("):
		return at + 2
	}
	return -1
}

// unwrapped looks for a value behind what takes its address: aws.String("x").
func (f *file) unwrapped(at int) int {
	for i := at; i < at+5; i++ {
		switch {
		case f.kind(i) == plain:
			return i
		case f.kind(i) == word, f.is(i, "."), f.is(i, "&"):
		case f.is(i, "(") && f.wraps(i-1) && f.kind(i+1) == plain:
		default:
			return at
		}
	}
	return at
}

func (f *file) wraps(i int) bool {
	return f.is(i, "String") || f.is(i, "Ptr") || f.is(i, "Some") || f.is(i, "of") || f.is(i, "from")
}

// literalEnd gives the end of a value that is nothing but a string, else a place
// behind it.
func (f *file) literalEnd(at int) int {
	switch f.kind(at + 1) {
	case ',', ')', ']', '}', ';', 0:
		return at + 1
	}
	return at + 2
}

// address takes the string at i for the address of a store, if it is one.
func (f *file) address(i int) {
	t := f.tokens[i]
	literal := f.src.Data[t.start:t.end]
	if len(literal) < 12 || f.seen[i] {
		return
	}
	store := ""
	switch {
	case bytes.Contains(literal, []byte("secretsmanager")) && isARN().Match(literal), awsEndpoint().Match(literal):
		store = "aws-secretsmanager"
	case bytes.Contains(literal, []byte("vault.")) && azureVault().Match(literal):
		store = "azure-keyvault"
	case bytes.HasPrefix(literal, []byte("http")) && webAddress().Match(literal) && f.ofVault(i):
		store = "vault"
	default:
		return
	}
	if start, end := bare(literal); start < end {
		f.add(reader{kind: "address", store: store, start: t.start + start, end: t.start + end})
	}
}
