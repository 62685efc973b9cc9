package draft

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

var (
	lowerUpper = regex.Lazy(`([a-z0-9])([A-Z])`)
	acronym    = regex.Lazy(`([A-Z])([A-Z][a-z])`)
	notWord    = regex.Lazy(`[^A-Za-z0-9]+`)
)

// words takes a name apart: STRIPE_API_KEY, stripeApiKey and stripe-api-key are
// the same three.
func words(name string) []string {
	name = lowerUpper().ReplaceAllString(name, "${1}_${2}")
	name = acronym().ReplaceAllString(name, "${1}_${2}")
	return strings.Fields(strings.ToLower(notWord().ReplaceAllString(name, " ")))
}

// environments are the words by which names tell an environment, and what it is
// called here.
var environments = map[string]string{
	"prod": "prod", "production": "prod", "prd": "prod", "live": "prod",
	"staging": "staging", "stage": "staging", "stg": "staging",
	"dev": "dev", "development": "dev", "test": "test", "testing": "test", "qa": "qa", "uat": "uat",
	"preprod": "preprod", "preview": "preview", "sandbox": "sandbox", "demo": "demo",
}

// environmentOf finds the environment that a name tells, "" if none.
func environmentOf(name string) string {
	for _, word := range words(name) {
		if environment := environments[word]; environment != "" {
			return environment
		}
	}
	return ""
}

// without gives the words of a name that do not tell an environment. A name of
// nothing else keeps its words.
func without(name string) []string {
	all := words(name)
	if kept := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return environments[w] != "" }); len(kept) > 0 {
		return kept
	}
	return all
}

// label makes a name of a contract, as Kubernetes writes names of hosts.
func label(parts []string) string {
	const longest = 63
	name := strings.Join(parts, "-")
	return strings.Trim(name[:min(len(name), longest)], "-")
}

// general are the words that tell what a part of a secret is, not whose.
var general = strings.Fields("access account address addr api arn auth base64 basic bearer cert certificate client conn connection credential credentials creds" +
	" crt data database dbname default dsn email endpoint file host hostname id json key keys login name owner p12 pass passphrase password passwd path pem port private" +
	" project public pw pwd region root scheme secret secrets server sid string tls token uri url user username value webhook")

// stem is what a part of a secret belongs to: stripe for STRIPE_API_KEY, "" for
// password. Parts with one stem are one secret.
func stem(name string) string {
	return strings.Join(slices.DeleteFunc(without(name), func(w string) bool { return slices.Contains(general, w) }), "-")
}
