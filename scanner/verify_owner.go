package scanner

import (
	"bytes"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/regex"
)

var (
	awsForm      = regex.Lazy(`^(A(?:KIA|SIA))([A-Z2-7]{16})$`)
	telegramForm = regex.Lazy(`^([0-9]{8,10}):AA[A-Za-z0-9_-]{33}$`)
	discordForm  = regex.Lazy(`^([MNO][A-Za-z0-9_-]{23,27})\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}$`)
	mapboxForm   = regex.Lazy(`^([sp])k\.(eyJ[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$`)
	numberForm   = regex.Lazy(`^[0-9]{15,21}$`)
	slackForm    = regex.Lazy(`^xapp-[0-9]-(A[0-9A-Z]{8,12})-|^https://hooks\.slack(?:-gov)?\.com/[a-z]+/(T[0-9A-Z]{8,12})/`)
	githubForm   = regex.Lazy(`^ghs_([0-9A-Za-z]{1,40})_eyJ`)
	bedrockForm  = regex.Lazy(`^BedrockAPIKey-[a-z0-9]+-at-([0-9]{12}):`)

	liveForm = regex.Lazy(`^(?:[sr]k_(?:org_)?live_|rzp_live_|pdl_live_|shippo_live_|duffel_live_|live_|xnd_production_|access-production-|secret-live-|api_live[._]|cfsk_ma_prod_|\$aact_prod_|persona_production_|FLWSECK-|Mid-server-|PRD-|EZAK|access_token\$production\$)`)
	testForm = regex.Lazy(`^(?:[sr]k_(?:org_)?test_|rzp_test_|pdl_sdbx_|shippo_test_|duffel_test_|sk_sbox_|skey_test_|xnd_development_|access-(?:sandbox|development)-|secret-test-|api_sandbox[._]|cfsk_ma_test_|\$aact_hmlg_|persona_sandbox_|FLWSECK_TEST-|SBX-|EZTK|access_token\$sandbox\$)`)
)

// accountAWS reads the account out of an id of a key: the first 40 bits behind
// the prefix hold it. Ids from before 2019 do not say.
func accountAWS(value string) []string {
	parts := awsForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	data, err := base32.StdEncoding.DecodeString(parts[2])
	if err != nil || data[0]&0x80 == 0 { // an old one
		return nil
	}
	bits := binary.BigEndian.Uint64(append([]byte{0, 0}, data[:6]...))
	all := []string{fmt.Sprintf("AWS account %012d", bits&0x7fffffffff80>>7)}
	if parts[1] == "ASIA" {
		all = append(all, "temporary credential")
	}
	return all
}

// ownerOfToken reads whom a token belongs to, where the token says so in a part
// that is no secret.
func ownerOfToken(value string) []string {
	if parts := telegramForm().FindStringSubmatch(value); parts != nil {
		return []string{"Telegram bot " + parts[1]}
	}
	if parts := discordForm().FindStringSubmatch(value); parts != nil {
		if id, ok := decode(parts[1]); ok && numberForm().Match(id) {
			return []string{"Discord bot " + string(id)}
		}
	}
	if parts := mapboxForm().FindStringSubmatch(value); parts != nil {
		payload, _ := decodeObject(parts[2])
		return named("Mapbox account", payload, "u")
	}
	if body, ok := strings.CutPrefix(value, "sntrys_"); ok {
		payload, _ := decodeObject(strings.SplitN(body, "_", 2)[0])
		return append(named("Sentry organization", payload, "org"), named("of", payload, "url")...)
	}
	if body, ok := strings.CutPrefix(value, "ops_"); ok {
		payload, _ := decodeObject(body)
		return append(named("1Password at", payload, "signInAddress"), named("service account", payload, "email")...)
	}
	if body, ok := strings.CutPrefix(value, "glc_"); ok {
		payload, _ := decodeObject(body)
		return named("Grafana Cloud organization", payload, "o")
	}
	if strings.HasPrefix(value, "eyJhIjoi") { // of cloudflared
		payload, _ := decodeObject(value)
		return append(named("Cloudflare account", payload, "a"), named("tunnel", payload, "t")...)
	}
	if body, ok := strings.CutPrefix(value, "ABSK"); ok {
		data, _ := decode(body)
		if parts := bedrockForm().FindSubmatch(data); parts != nil {
			return []string{"AWS account " + string(parts[1])}
		}
	}
	if parts := slackForm().FindStringSubmatch(value); parts != nil && parts[1] != "" {
		return []string{"Slack app " + parts[1]}
	} else if parts != nil {
		return []string{"Slack workspace " + parts[2]}
	}
	if parts := githubForm().FindStringSubmatch(value); parts != nil {
		return []string{"GitHub App " + parts[1]}
	}
	if body, ok := strings.CutPrefix(value, "pypi-"); ok {
		return macaroon(body)
	}
	return nil
}

var jfrogForm = regex.Lazy(`^reftkn:[0-9]{2}:([0-9]{10}):`)

// referenceJFrog reads the end of a reference token of JFrog.
func referenceJFrog(value string) []string {
	if !strings.HasPrefix(value, "cmVmdGtu") {
		return nil
	}
	data, _ := decode(value)
	parts := jfrogForm().FindSubmatch(data)
	if parts == nil {
		return []string{"does not decode: cut or made up"}
	}
	seconds, _ := strconv.ParseInt(string(parts[1]), 10, 64)
	if seconds == 0 {
		return []string{"does not expire"}
	}
	return []string{"valid until " + time.Unix(seconds, 0).UTC().Format(time.DateOnly)}
}

var entraForm = regex.Lazy(`^[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}$`)

// secretEntra knows the mark in the secrets of applications.
func secretEntra(value string) []string {
	if entraForm().MatchString(value) {
		return []string{"secret of an application in Microsoft Entra"}
	}
	return nil
}

// macaroon reads the place of a token of PyPI.
func macaroon(body string) []string {
	data, ok := decode(body)
	switch {
	case ok && bytes.Contains(data, []byte("test.pypi.org")):
		return []string{"token of test.pypi.org"}
	case ok && bytes.Contains(data, []byte("pypi.org")):
		return []string{"token of pypi.org"}
	}
	return []string{"does not decode: cut or made up"}
}

// modeOfPayments tells keys that move money from those for tests, where the prefix says so.
func modeOfPayments(value string) []string {
	switch {
	case liveForm().MatchString(value):
		return []string{"live mode"}
	case testForm().MatchString(value):
		return []string{"test mode"}
	}
	return nil
}

var azureForm = regex.Lazy(`^(?:[A-Za-z0-9/+]{76}(\+ASt|ACDb|\+ABa|APIM|\+AMC)[A-Za-z0-9/+]{6}==|[A-Za-z0-9/+]{33}(AIoT|\+ASb|\+AEh|\+ARm|AzEG|AzCa)[A-Za-z0-9/+]{6}=|[A-Za-z0-9/+]{42}(AzSe|\+ACR)[A-Za-z0-9/+]{6}|[A-Za-z0-9_-]{44}(AzFu)[A-Za-z0-9_-]{6}==|[A-Za-z0-9]{52}(JQQJ9)[A-Za-z0-9]{27}(?:[A-Za-z0-9]{2}==)?)$`)

// azureMarks are what services put into their keys (microsoft/security-utilities).
var azureMarks = map[string]string{
	"+ASt": "storage", "ACDb": "Cosmos DB", "+ABa": "Batch", "APIM": "API Management", "+AMC": "Machine Learning", "AIoT": "IoT", "+ASb": "Service Bus",
	"+AEh": "Event Hubs", "+ARm": "Relay", "AzEG": "Event Grid", "AzCa": "Cache for Redis", "AzSe": "AI Search", "+ACR": "Container Registry",
	"AzFu": "Functions", "JQQJ9": "AI services and others",
}

// keyAzure knows the mark of the service in a key.
func keyAzure(value string) []string {
	parts := azureForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	return []string{"key of Azure " + azureMarks[strings.Join(parts[1:], "")]}
}

var hashForms = []struct{ prefix, fact string }{
	{"$apr1$", "MD5, guessed fast"}, {"$1$", "MD5, guessed fast"}, {"{SHA}", "SHA-1 without salt, guessed fast"}, {"{SSHA}", "SHA-1, guessed fast"},
	{"$2", "bcrypt"}, {"$5$", "SHA-256 crypt"}, {"$6$", "SHA-512 crypt"}, {"$y$", "yescrypt"},
}

func hashedPassword(value string) []string {
	for _, form := range hashForms {
		if strings.HasPrefix(value, form.prefix) {
			return []string{form.fact}
		}
	}
	return nil
}
