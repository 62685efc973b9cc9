package lint

import (
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// SecretName says whether a name promises a credential: DB_PASSWORD,
// clientSecret, github-token. It is what secret_name of policies/lib/secrets
// says, word for word; a test of the policies holds the two together.
func SecretName(name string) bool {
	spelled := spell(name)
	return !harmlessName().MatchString(spelled) && secretHead().MatchString(spelled)
}

// spell writes a name as words in lower case, joined and enclosed by underscores.
func spell(name string) string {
	name = lowerUpper().ReplaceAllString(name, "${1}_${2}")
	name = acronym().ReplaceAllString(name, "${1}_${2}")
	return strings.ToLower("_" + notWord().ReplaceAllString(name, "_") + "_")
}

var (
	lowerUpper = regex.Lazy(`([a-z0-9])([A-Z])`)
	acronym    = regex.Lazy(`([A-Z])([A-Z][a-z])`)
	notWord    = regex.Lazy(`[^A-Za-z0-9]+`)
)

// secretHead: a word that names a credential, behind it nothing but words that
// tell several of the same kind apart.
var secretHead = regex.Lazy(strings.Join([]string{
	`_(?:`,
	`[a-z0-9]*(?:password|passwd|passphrase|passcode|secret|apikey|secretkey|privatekey|accesskey|authkey|token)s?`,
	`|credentials?|creds|psk|privkey|ssh_pkey|(?:admin|db|domain|key|ldap|mail|my|root|smtp|sql|ssh|store|user)pass`,
	`|[a-z0-9]+_(?:pass|pwd|pw|pat)|pass`,
	`|(?:access|account|admin|api|app|auth|cipher|client|crypto|deploy|encryption|hmac|jwt|master|private|sa|secret|service|session|shared|signing|ssh|storage)_keys?`,
	`|erlang_cookie|key_base|encryption_[a-z]+_key`,
	`)[0-9]*`,
	`(?:_(?:v?[0-9]+|base|base64|b64|value|text|plain|plaintext|raw|string|literal|default|current|new|old|previous|primary|secondary|backup`,
	`|dev|development|test|testing|qa|staging|stage|prod|production|local|ci`,
	`|admin|root|db|database|mysql|postgres|postgresql|mongo|mongodb|redis|rabbitmq|smtp|ldap|github|gitlab|npm|pypi|slack|stripe|aws|gcp|azure|jwt))*_+$`,
}, ""))

// harmlessName: what ends like a credential and is none. It is made for the
// public, counts tokens, or is a switch.
var harmlessName = regex.Lazy(strings.Join([]string{
	`_(?:public|publishable)_.*(?:key|token)s?_`,
	`_(?:max|min|num|n|total|count|pad|bos|eos|unk|sep|cls|mask|stop|special|cancellation|page|next|sync|continuation)(?:_[a-z]+)?_tokens?_`,
	`_(?:allow|ask|disable|disabled|enable|empty|forgot|generate|has|hide|is|need|no|prompt|random|require|reset|show|update|with|without)_(?:[a-z0-9]+_)*(?:password|passwd|pass|token|secret|credential|key)s?_`,
	`_by_pass_`,
}, "|"))
