package judge

import (
	"bytes"
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// published are parts of values that documentation and emulators use: everybody
// may know them.
var published = []string{
	"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG", // Amazon
	"Eby8vdM02xNOcqFlqUwJPLlm", "C2y6yDjf5/R+ob0N8A7Cgv30", // the emulators of Azure's storage and Cosmos
	"JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ", // RFC 4226 and 6238, and what their libraries show
	"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ", // jwt.io
	"SW2YcwTIb9zpOOhoPsMm",                                                                                                     // what Grafana is delivered with
	"dGhlIHNhbXBsZSBub25jZQ",                                                                                                   // RFC 6455
	"SlAV32hkKG", "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "czZCaGRSa3F0MzpnWDFmQmF0M2JW", "7Fjfp0ZBr1KtDRbnfVdmIw", // RFC 6749
	"QWxhZGRpbjpvcGVuIHNlc2FtZQ", "QWxhZGRpbjpPcGVuU2VzYW1l", "YWxhZGRpbjpvcGVuc2VzYW1l", // RFC 7617 and its forerunner
	"4eC39HqLyjWDarjtT1zdp7dc",                                                                                 // Stripe
	"2b7e151628aed2a6abf7158809cf4f3c", "603deb1015ca71be2b73aef0857d7781", "000102030405060708090a0b0c0d0e0f", // FIPS 197 and SP 800-38A
	"be0c690b9f66575a1d766b54e368c84e", "d9c9943e6101fd200021506bcc02814c", // RFC 9001
	"f4556650ac31d35461610bac4ed81b1a181b2d8a43ea2854cbae22ca74560813", // OpenSSL signs itself with it
}

// open are beginnings of values that are meant for browsers, or are the public half
// of something: what Stripe, Mapbox, PostHog and Supabase call publishable, and
// Base64 of PEM that the detectors of private keys have not taken.
var open = []string{"pk_live_", "pk_test_", "pk.eyJ", "phc_", "sb_publishable_", "LS0tLS1CRUdJTi", "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-"}

// openHex are the first bytes of public keys in hexadecimal: a packet of OpenPGP, a key
// of X.509.
var openHex = regex.Lazy(`^(?:98..04|99....04|3059301306|3081[0-9a-f]{2}300d0609|3082[0-9a-f]{4}300d0609)[0-9a-fA-F]+$`)

// sealed is how long what kubeseal encrypts is at least. It begins with the length
// of an RSA block.
const sealed = 500

// Published says whether a value is known to everybody.
func Published(value string) bool {
	for _, part := range published {
		if strings.Contains(value, part) {
			return true
		}
	}
	return false
}

// isOpen says whether a value is meant to be seen.
func isOpen(value string) bool {
	for _, prefix := range open {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return strings.HasSuffix(value, ".apps.googleusercontent.com") || len(value) > sealed && strings.HasPrefix(value, "Ag") || len(value) >= 100 && openHex().MatchString(value)
}

// forSearch says whether a key stands where a page of documentation tells a search
// service which index to ask: those keys can do nothing else.
func (r *reader) forSearch(f *field) bool {
	if len(f.value) != 32 || f.form != quoted {
		return false
	}
	around := r.data[max(0, f.keyStart-maxGap):min(len(r.data), f.end+maxGap)]
	return bytes.Contains(around, []byte("indexName"))
}

// isPublicHalf says whether the object or lines in which a key stands say that it is the public
// one: {"@type": "secp256k1.PubKey", "key": "x"}.
func (r *reader) isPublicHalf(f *field) bool {
	before := bytes.ToLower(r.data[max(0, f.keyStart-maxGap):f.keyStart])
	from := bytes.LastIndexByte(before, '{')
	if from < 0 {
		from = bytes.LastIndexByte(before[:max(0, bytes.LastIndexByte(before, '\n'))], '\n')
	}
	return mentions(before[max(0, from-len("consensus_pubkey")*2):], "pubkey", "pub_key", "publickey", "public_key")
}

// ofLanguage is how files are called that hold the texts of one language.
var ofLanguage = regex.Lazy(`^(?:[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?|(?:strings|messages|translations?|labels|lang|locale)(?:[-_.][a-z]{2}(?:[-_][A-Z]{2})?)?)\.(?:json|ya?ml|[jt]s|properties|xml|php|py|rb|arb|strings|resx|toml|ini)$`)

// isTranslation says whether a file holds the texts of a user interface.
func isTranslation(file string) bool {
	dir, name := path.Split(file)
	if (ofLanguage().MatchString(name) || strings.HasSuffix(name, ".strings")) && !strings.HasPrefix(name, "app.") && !strings.HasPrefix(name, "db.") {
		return true
	}
	for _, folder := range strings.Split(dir, "/") {
		switch folder {
		case "i18n", "l10n", "locale", "locales", "lang", "langs", "translations", "translation", "nls":
			return true
		}
	}
	return false
}

// IsReplaced says whether a value is words that stand in an entry of a store until somebody
// sets it: Terraform ignores from then on what it is. What follows the value is data.
func IsReplaced(data []byte, value string) bool {
	if !isPlain(strings.ReplaceAll(strings.ToLower(value), "_", "-")) {
		return false
	}
	block := data[:min(len(data), farthest)]
	if n := bytes.Index(block, []byte("\n}")); n >= 0 {
		block = block[:n]
	}
	return bytes.Contains(block, []byte("ignore_changes"))
}

// isText says whether a value is one word of a language, with letters of its own as lists of
// properties write them: Schl\u00fcssel.
func isText(value string) bool {
	for i := 0; i < len(value); i++ {
		if strings.HasPrefix(value[i:], `\u`) && len(value) >= i+6 && isHex(value[i+2:i+6]) {
			i += 5
			continue
		}
		if !lower(value[i] | 0x20) {
			return false
		}
	}
	return true
}
