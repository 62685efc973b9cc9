package scanner

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// structures is asked from top to bottom. Each says what it knows of a value, and
// nothing of a value that is not of its form.
var structures = []func(value string) []string{
	crcBase62, crcCloudflare, crcGrafana, crcAtlassian, crcGitLab, sumBech32, sumBase58, seedNATS, seedStellar,
	accountAWS, ownerOfToken, referenceJFrog, modeOfPayments, keyAzure, secretEntra,
	jwt, pemKey, puttyKey, pgpKey, hashedPassword,
}

// facts says what a value itself tells whoever has to respond, without a network:
// whether its checksum holds, whose it is, until when it is valid. No fact
// contains the value, or enough of it to guess the rest. A bad checksum is no
// reason to drop a finding: rotated, cut and test credentials must be seen too.
func facts(id, value string) []string {
	value = strings.TrimSpace(value)
	if id == "private-key-base64" {
		decoded, _ := base64.StdEncoding.DecodeString(unwrap(value))
		value = string(decoded)
	}
	var all []string
	for _, structure := range structures {
		all = append(all, structure(value)...)
	}
	return all
}

// unwrap takes out the line breaks of a text that is folded in its file.
func unwrap(text string) string { return folds.Replace(text) }

// folds are what a text in another format has at the ends of its lines, urlAlphabet turns
// the alphabet of base64 for addresses into the usual one.
var (
	folds       = strings.NewReplacer(`\r`, "", `\n`, "", "\n", "", "\r", "", "\t", "", " ", "")
	lineBreaks  = strings.NewReplacer(`\r`, "", "\r", "", "&#13;", "", "&#xD;", "", "&#xd;", "", `\n`, "\n", "&#10;", "\n", "&#xA;", "\n", "&#xa;", "\n")
	urlAlphabet = strings.NewReplacer("-", "+", "_", "/")
)

// decode reads base64 of either alphabet, with or without padding.
func decode(text string) ([]byte, bool) {
	text = urlAlphabet.Replace(strings.TrimRight(text, "="))
	data, err := base64.RawStdEncoding.DecodeString(text)
	return data, err == nil
}

// decodeObject reads a JSON object in base64.
func decodeObject(text string) (map[string]any, bool) {
	data, ok := decode(text)
	var object map[string]any
	return object, ok && json.Unmarshal(data, &object) == nil
}

// plain is a name that a report may show: one that cannot hold a password.
var plain = regex.Lazy(`^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$|^[A-Za-z0-9._-]{1,60}@[A-Za-z0-9.-]{1,60}$`)

// named makes a fact of a member of an object, if it is a plain name.
func named(what string, object map[string]any, key string) []string {
	name, _ := object[key].(string)
	if !plain().MatchString(name) {
		return nil
	}
	return []string{what + " " + name}
}
