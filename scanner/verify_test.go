package scanner

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"math/big"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// makeUp gives characters of an alphabet, the same at each run.
func makeUp(alphabet string, n int) string {
	return characters(mathrand.New(mathrand.NewPCG(7, uint64(n))), alphabets[alphabet], n)
}

func web64(object map[string]any) string {
	data, _ := json.Marshal(object)
	return base64.RawURLEncoding.EncodeToString(data)
}

func webToken(header, claims map[string]any, signature string) string {
	return web64(header) + "." + web64(claims) + "." + signature
}

// keyIDAWS makes an id of a key of an account, as AWS does since 2019.
func keyIDAWS(prefix string, account uint64) string {
	bits := binary.BigEndian.AppendUint64(nil, 1<<47|account<<7)[2:]
	return prefix + base32.StdEncoding.EncodeToString(append(bits, 1, 2, 3, 4))
}

func seed(kind byte) string {
	body := []byte{18<<3 | kind>>5, kind & 31 << 3}
	for i := range 32 {
		body = append(body, byte(i*7))
	}
	body = binary.LittleEndian.AppendUint16(body, crc16(body))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(body)
}

// routable makes a token of GitLab, with a version or without.
func routable(payload, version string) string {
	data := base64.RawURLEncoding.EncodeToString([]byte(payload + makeUp("random", 16) + "\x10"))
	text := "gl" + "pat-" + data + "." + version + fmt.Sprintf("%02s", strconv.FormatInt(int64(len(data)), 36))
	sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(text))), 36)
	return text + strings.Repeat("0", 7-len(sum)) + sum
}

// grafana makes a token of a service account.
func grafana() string {
	text := "gl" + "sa_" + makeUp("random", 32)
	sum := crc32.ChecksumIEEE([]byte(text))
	return fmt.Sprintf("%s_%02x%02x%02x%02x", text, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
}

func ageIdentity(prefix string) string {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	data := ""
	for i := range 52 {
		data += string(alphabet[i%32])
	}
	sum := bech32(prefix, data+"qqqqqq") ^ 1
	for i := range 6 {
		data += string(alphabet[sum>>(5*(5-i))&31])
	}
	return strings.ToUpper(prefix + "1" + data)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func keys(t *testing.T) (rsaDER, ecDER, edDER []byte) {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, _ = x509.MarshalECPrivateKey(ecKey)
	edDER, _ = x509.MarshalPKCS8PrivateKey(edKey)
	return x509.MarshalPKCS1PrivateKey(rsaKey), ecDER, edDER
}

// matrix adds to a token of Matrix its checksum.
func matrix(text string) string {
	return text + "_" + base62(crc32.ChecksumIEEE([]byte(text)), 6)
}

// base58 makes a key of a wallet of its bytes.
func base58(body string) string {
	once := sha256.Sum256([]byte(body))
	twice := sha256.Sum256(once[:])
	n := new(big.Int).SetBytes(append([]byte(body), twice[:4]...))
	var text []byte
	for n.Sign() > 0 {
		digit := new(big.Int)
		n.DivMod(n, big.NewInt(58), digit)
		text = append(text, alphabets["base58"][digit.Int64()])
	}
	slices.Reverse(text)
	return string(text)
}

// stellar makes a seed of Stellar.
func stellar() string {
	body := append([]byte{18 << 3}, makeUp("random", 32)...)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(binary.LittleEndian.AppendUint16(body, crc16(body)))
}

func TestFacts(t *testing.T) {
	body := makeUp("random", 30)
	sum := base62(crc32.ChecksumIEEE([]byte(body)), 6)
	cloud := makeUp("random", 40)
	rs256 := map[string]any{"alg": "RS256", "typ": "JWT"}
	rsaDER, ecDER, edDER := keys(t)
	rsaPEM := block("RSA "+"PRIVATE KEY", rsaDER)
	lines := strings.Split(strings.TrimSpace(rsaPEM), "\n")
	open := "openssh-key-v1\x00\x00\x00\x00"
	pgp := makeUp("base64", 200)
	pgpBytes, _ := base64.StdEncoding.DecodeString(pgp)
	armour := func(sum []byte) string {
		return fmt.Sprintf("-----BEGIN PGP %s BLOCK-----\n\n%s\n=%s\n-----END", "PRIVATE KEY", pgp, base64.StdEncoding.EncodeToString(sum))
	}
	polar := makeUp("random", 37)
	ok, bad := []string{"checksum ok"}, []string{"checksum bad: cut, changed or made up"}
	tests := []struct {
		name, id, value string
		want            []string
	}{
		{"a token of GitHub", "", "gh" + "p_" + body + sum, ok},
		{"a token of GitHub that was changed", "", "gh" + "p_" + body[:29] + "_" + sum, nil},
		{"a token of GitHub that was made up", "", "gh" + "p_" + strings.ToLower(body) + sum, bad},
		{"a token of npm", "", "npm" + "_" + body + sum, ok},
		{"a token of Cloudflare", "", "cfut" + "_" + cloud + fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(cloud))), ok},
		{"a token of Polar", "", "polar" + "_oat_" + polar + base62(crc32.ChecksumIEEE([]byte(polar)), 6), ok},
		{"a token of Polar that was made up", "", "polar" + "_oat_" + polar + "000000", bad},
		{"a token of NetBird", "", "nb" + "p_" + body + sum, ok},
		{"a token of Matrix", "", matrix("sy" + "t_YWxpY2U_" + makeUp("letter", 20)), ok},
		{"a token of the authentication service of Matrix", "", matrix("mc" + "t_" + body), ok},
		{"a token of Matrix that was made up", "", "sy" + "t_YWxpY2U_" + makeUp("letter", 20) + "_000000", bad},
		{"a token of Grafana", "", grafana(), ok},
		{"a token of Grafana that was made up", "", "gl" + "sa_" + makeUp("random", 32) + "_00000000", bad},
		{"a token of Cloudflare that was made up", "", "cfut" + "_" + cloud + "00000000", bad},
		{"a token of Atlassian", "", "ATAT" + "T3" + cloud + fmt.Sprintf("=%08X", crc32.ChecksumIEEE([]byte("ATATT3"+cloud))), ok},
		{"a routable token of GitLab", "", routable("o:1\nu:1z", ""), []string{"checksum ok", "GitLab organization 1", "GitLab user 71"}},
		{"a routable token of GitLab with a version", "", routable("c:1\ng:10\no:1", "01."), []string{"checksum ok", "GitLab group 36", "GitLab organization 1"}},
		{"a routable token of GitLab that was made up", "", "gl" + "pat-" + makeUp("random", 36) + ".1a0000000", bad},
		{"a token of GitLab of the old form", "", "gl" + "pat-" + makeUp("random", 20), nil},
		{"a reference token of JFrog", "", base64.RawStdEncoding.EncodeToString([]byte("reftkn:01:1704067200:" + makeUp("random", 27))), []string{"valid until 2024-01-01"}},
		{"a reference token of JFrog without end", "", base64.RawStdEncoding.EncodeToString([]byte("reftkn:01:0000000000:" + makeUp("random", 27))), []string{"does not expire"}},
		{"a reference token of JFrog that was made up", "", "cmVmdGtu" + makeUp("random", 56), []string{"does not decode: cut or made up"}},
		{"a service account of 1Password", "", "ops" + "_" + web64(map[string]any{"signInAddress": "shop.1password.com", "email": "bot@1passwordserviceaccounts.com", "muk": cloud}),
			[]string{"1Password at shop.1password.com", "service account bot@1passwordserviceaccounts.com"}},
		{"a token of Sentry", "", "sntrys" + "_" + web64(map[string]any{"org": "shop", "url": "https://sentry.io"}) + "_" + cloud, []string{"Sentry organization shop", "of https://sentry.io"}},
		{"a secret of Entra", "", "abc" + "8Q" + "~" + makeUp("random", 34), []string{"secret of an application in Microsoft Entra"}},
		{"an identity of age", "", ageIdentity("age-secret-key-"), ok},
		{"a hybrid identity of age", "", ageIdentity("age-secret-key-pq-"), ok},
		{"an identity of age that was changed", "", strings.Replace(ageIdentity("age-secret-key-"), "QPZ", "QPQ", 1), bad},
		{"a seed of NATS", "", seed(20 << 3), []string{"seed of a NATS user", "checksum ok"}},
		{"a seed of NATS that was made up", "", "SU" + makeUp("base32", 56), []string{"seed of a NATS user", bad[0]}},
		{"a key of Nostr", "", strings.ToLower(ageIdentity("nsec")), ok},
		{"a key of Nostr that was made up", "", "nsec1" + makeUp("bech", 58), bad},
		{"a key of Bitcoin", "", base58("\x80" + makeUp("random", 32) + "\x01"), ok},
		{"an extended key", "", base58("\x04\x88\xad\xe4" + makeUp("random", 74)), ok},
		{"an extended key that was made up", "", "xprv" + makeUp("base58", 107), bad},
		{"a seed of Stellar", "", stellar(), []string{"seed of a Stellar account", "checksum ok"}},
		{"a key of Bedrock", "", "AB" + "SK" + base64.StdEncoding.EncodeToString([]byte("BedrockAPIKey-a1b2-at-123456789012:"+cloud)), []string{"AWS account 123456789012"}},
		{"a tunnel of Cloudflare", "", base64.StdEncoding.EncodeToString([]byte(`{"a":"0123abcd","t":"11-22","s":"` + cloud + `"}`)), []string{"Cloudflare account 0123abcd", "tunnel 11-22"}},
		{"a token of Grafana Cloud", "", "gl" + "c_" + web64(map[string]any{"o": "652992", "k": cloud}), []string{"Grafana Cloud organization 652992"}},
		{"an app of Slack", "", "xap" + "p-1-A0123456789-1234567890123-" + makeUp("hex", 64), []string{"Slack app A0123456789"}},
		{"a webhook of Slack", "", "https:/" + "/hooks.slack.com/services/T0123456789/B0123456789/" + makeUp("random", 24), []string{"Slack workspace T0123456789"}},
		{"a token of an installation", "", "gh" + "s_1234567_" + webToken(rs256, map[string]any{"exp": 1704067200}, "c2ln"), []string{"GitHub App 1234567", "JWT signed with RS256", "valid until 2024-01-01"}},
		{"a token of a job", "", "gl" + "cbt-" + webToken(rs256, map[string]any{"exp": 1704067200}, "c2ln"), []string{"JWT signed with RS256", "valid until 2024-01-01"}},
		{"an id of AWS", "", keyIDAWS("AK"+"IA", 29608264753), []string{"AWS account 029608264753"}},
		{"a temporary id of AWS", "", keyIDAWS("AS"+"IA", 123456789012), []string{"AWS account 123456789012", "temporary credential"}},
		{"an old id of AWS", "", "AK" + "IAI" + makeUp("base32", 15), nil},
		{"a bot of Telegram", "", "123456789:" + "AA" + makeUp("random", 33), []string{"Telegram bot 123456789"}},
		{"a bot of Discord", "", base64.RawURLEncoding.EncodeToString([]byte("123456789012345678")) + ".abcdef." + makeUp("random", 38), []string{"Discord bot 123456789012345678"}},
		{"a token of Mapbox", "", "sk." + web64(map[string]any{"u": "shop", "a": "x"}) + ".abc", []string{"Mapbox account shop"}},
		{"a token of PyPI", "", "pypi" + "-" + base64.RawURLEncoding.EncodeToString([]byte("\x02\x01\x08pypi.org\x02"+cloud)), []string{"token of pypi.org"}},
		{"a token of PyPI that was made up", "", "pypi" + "-" + makeUp("random", 21), []string{"does not decode: cut or made up"}},
		{"a live key of Stripe", "", "sk_" + "live_" + body, []string{"live mode"}},
		{"a key of Xendit for tests", "", "xnd_" + "development_" + body, []string{"test mode"}},
		{"a key of Azure Service Bus", "", makeUp("base64", 33) + "+ASb" + "Abcdef=", []string{"key of Azure Service Bus"}},
		{"a key of Azure AI", "", makeUp("random", 52) + "JQQJ9" + "9AC" + makeUp("random", 16) + "X" + makeUp("random", 7), []string{"key of Azure AI services and others"}},
		{"a key of Azure", "", makeUp("base64", 76) + "+ASt" + "abcdef==", []string{"key of Azure storage"}},
		{"a JWT", "", webToken(rs256, map[string]any{"iss": "https://id.example.com", "exp": 1704067200}, "c2ln"),
			[]string{"JWT signed with RS256", "issued by https://id.example.com", "valid until 2024-01-01"}},
		{"a JWT without a signature", "", webToken(map[string]any{"alg": "none"}, map[string]any{}, ""), []string{"JWT without a signature", "does not expire"}},
		{"a JWT whose end is a text", "", webToken(rs256, map[string]any{"exp": "1704067200"}, "c2ln"), []string{"JWT signed with RS256", "valid until 2024-01-01"}},
		{"a JWT whose end is in milliseconds", "", webToken(rs256, map[string]any{"exp": 1704067200000}, "c2ln"), []string{"JWT signed with RS256", "valid until 2024-01-01"}},
		{"a JWT whose end is before all time", "", webToken(rs256, map[string]any{"exp": -5}, "c2ln"), []string{"JWT signed with RS256", "expiry not readable"}},
		{"a JWT whose end is a word", "", webToken(rs256, map[string]any{"exp": "abc"}, "c2ln"), []string{"JWT signed with RS256", "expiry not readable"}},
		{"a JWT whose end is no number", "", webToken(rs256, map[string]any{"exp": "NaN"}, "c2ln"), []string{"JWT signed with RS256", "expiry not readable"}},
		{"a JWT whose end is no text", "", webToken(rs256, map[string]any{"exp": []int{1704067200}}, "c2ln"), []string{"JWT signed with RS256", "expiry not readable"}},
		{"a JWT whose end is behind all time", "", webToken(rs256, map[string]any{"exp": 1e300}, "c2ln"), []string{"JWT signed with RS256", "expiry not readable"}},
		{"a JWT that browsers get", "", webToken(rs256, map[string]any{"role": "anon"}, "c2ln"), []string{"JWT signed with RS256", "role anon, public by design", "does not expire"}},
		{"a JWT whose issuer is a URL with a password", "", webToken(rs256, map[string]any{"iss": "https:/" + "/app:correct-horse@id"}, "c2ln"), []string{"JWT signed with RS256", "does not expire"}},
		{"no JWT", "", "eyJ" + cloud + ".eyJ" + cloud + ".x", []string{"JWT that does not decode: cut or made up"}},
		{"an RSA key", "private-key", rsaPEM, []string{"RSA key of 2048 bits", notEncrypted}},
		{"an RSA key in JSON", "private-key", strings.ReplaceAll(rsaPEM, "\n", `\n`), []string{"RSA key of 2048 bits", notEncrypted}},
		{"an RSA key in code", "private-key", strings.Join(lines, "\\n\" +\n\t\t\""), []string{"RSA key of 2048 bits", notEncrypted}},
		{"an RSA key in YAML", "private-key", strings.Join(lines, "\n      "), []string{"RSA key of 2048 bits", notEncrypted}},
		{"an RSA key in base64", "private-key-base64", base64.StdEncoding.EncodeToString([]byte(rsaPEM)), []string{"RSA key of 2048 bits", notEncrypted}},
		{"an EC key", "private-key", block("EC "+"PRIVATE KEY", ecDER), []string{"EC key on P-256", notEncrypted}},
		{"an Ed25519 key", "private-key", block("PRIVATE "+"KEY", edDER), []string{"Ed25519 key", notEncrypted}},
		{"an encrypted key", "private-key", block("ENCRYPTED "+"PRIVATE KEY", rsaDER), []string{encrypted}},
		{"a key of OpenSSH", "private-key", block("OPENSSH "+"PRIVATE KEY", []byte(open+"\x04none")), []string{"OpenSSH key", notEncrypted}},
		{"an encrypted key of OpenSSH", "private-key", block("OPENSSH "+"PRIVATE KEY", []byte(open+"\x0aaes256-ctr")), []string{"OpenSSH key", encrypted}},
		{"a key on one line", "private-key", strings.ReplaceAll(block("RSA "+"PRIVATE KEY", rsaDER), "\n", ""), []string{"RSA key of 2048 bits", notEncrypted}},
		{"a key with blanks for line breaks", "private-key", strings.ReplaceAll(block("RSA "+"PRIVATE KEY", rsaDER), "\n", " "), []string{"RSA key of 2048 bits", notEncrypted}},
		{"a key in XML", "private-key", strings.ReplaceAll(block("RSA "+"PRIVATE KEY", rsaDER), "\n", "&#xD;&#10;"), []string{"RSA key of 2048 bits", notEncrypted}},
		{"a key in a diff", "private-key", strings.ReplaceAll(strings.TrimSpace(block("RSA "+"PRIVATE KEY", rsaDER)), "\n", "\n+"), []string{"RSA key of 2048 bits", notEncrypted}},
		{"a key that was made up", "private-key", block("RSA "+"PRIVATE KEY", rsaDER[:99]), []string{noKey}},
		{"dots in place of a key", "private-key", "-----BEGIN " + "PRIVATE KEY-----\n...\n-----END " + "PRIVATE KEY-----", []string{noKey}},
		{"a key of PuTTY", "putty-private-key", "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n", []string{"ssh-ed25519 key", notEncrypted}},
		{"an encrypted key of PuTTY", "putty-private-key", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\n", []string{"ssh-rsa key", encrypted}},
		{"a key of PGP", "private-key", armour(crc24(pgpBytes)), ok},
		{"a key of PGP that was changed", "private-key", armour([]byte{1, 2, 3}), bad},
		{"a hash", "password-hash", "$apr1$salt$hash", []string{"MD5, guessed fast"}},
		{"a word", "config-password", "correct-horse", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, facts(tt.id, tt.value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFactsHoldNoCredential: who makes a token chooses what it says.
func TestFactsHoldNoCredential(t *testing.T) {
	hidden := "gh" + "p_" + makeUp("random", 36)
	part := func(value any) string {
		text, _ := json.Marshal(value)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	for _, issuer := range []string{hidden, "https://issuer.example.com"} {
		jwt := part(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{"iss": issuer, "exp": 1900000000}) + "." + makeUp("random", 43)
		found := newScanner(t, Options{}).Scan(&lint.Source{Path: "a.txt", Data: []byte("token: " + jwt + "\n")}).Findings
		if len(found) != 1 || len(found[0].Facts) == 0 {
			t.Fatalf("%d findings, or nothing is told of them", len(found))
		}
		if told := strings.Contains(strings.Join(found[0].Facts, "\n"), issuer); told != (issuer != hidden) {
			t.Errorf("that the issuer is told is %t", told)
		}
	}
}

// TestFactsAround: what a file says of the key that stands in it.
func TestFactsAround(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, _ := x509.MarshalECPrivateKey(key)
	keyPEM := block("EC "+"PRIVATE KEY", der)
	certificate := func(name string, of *ecdsa.PrivateKey) string {
		about := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)}
		made, err := x509.CreateCertificate(rand.Reader, about, about, &of.PublicKey, of)
		if err != nil {
			t.Fatal(err)
		}
		return block("CERTIFICATE", made)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	account, _ := json.Marshal(map[string]any{"type": "service_account", "private_key": keyPEM, "client_email": "bot@shop.iam.gserviceaccount.com"})
	indented := func(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }
	ec := []string{"EC key on P-256", notEncrypted}
	tests := []struct {
		name, path, text string
		want             []string
	}{
		{"a key alone", "a.pem", keyPEM, ec},
		{"a key and its certificate", "a.pem", certificate("shop.example.com", key) + keyPEM, append(ec, "key of the certificate of shop.example.com", "its certificate is valid until 2030-01-02")},
		{"a key behind a chain, in YAML", "a.yaml", "key: |\n    " + indented(keyPEM) + "\nchain: |\n    " + indented(certificate("other.example.com", other)+certificate("*.example.com", key)), append(ec, "key of the certificate of example.com", "its certificate is valid until 2030-01-02")},
		{"a key and the certificate of another", "a.pem", certificate("shop.example.com", other) + keyPEM, ec},
		{"a name that is none", "a.pem", certificate("a b c", key) + keyPEM, append(ec, "key of a certificate beside it", "its certificate is valid until 2030-01-02")},
		{"a service account of Google", "a.json", string(account), append(ec, "service account bot@shop.iam.gserviceaccount.com")},
		{"a token of GitLab of which a pattern sees the beginning", "a.txt", "token: " + routable("o:1\nu:1z", "01."), []string{"checksum ok", "GitLab organization 1", "GitLab user 71"}},
	}
	s := newScanner(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := s.Scan(&lint.Source{Path: tt.path, Data: []byte(tt.text)})
			if len(result.Findings) != 1 {
				t.Fatalf("%d findings", len(result.Findings))
			}
			if diff := cmp.Diff(tt.want, result.Findings[0].Facts); diff != "" {
				t.Error(diff)
			}
			if left := result.Redact(tt.text); strings.Contains(left, tt.text[len(tt.text)-12:]) && tt.path == "a.txt" {
				t.Error("a part of the value is left")
			}
		})
	}
}

// TestChecksums compares with values that the definitions publish.
func TestChecksums(t *testing.T) {
	tests := []struct {
		name string
		got  any
		want any
	}{
		{"CRC-16/XMODEM", crc16([]byte("123456789")), uint16(0x31c3)},
		{"CRC-24/OPENPGP", crc24([]byte("123456789")), []byte{0x21, 0xcf, 0x02}},
		{"Bech32 of BIP 173", bech32("a", "2uel5l"), uint32(1)},
		{"base 62 is padded", base62(61, 6), "00000z"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// FuzzFacts: a fact never tells the value.
func FuzzFacts(f *testing.F) {
	f.Add("private-key", "-----BEGIN "+"PRIVATE KEY-----\nAAAA\n-----END")
	f.Add("", "sk."+web64(map[string]any{"u": "shop"})+".abc")
	f.Add("", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.")
	f.Add("", seed(20<<3))
	f.Fuzz(func(t *testing.T, id, value string) {
		for _, fact := range facts(id, value) {
			if len(value) > 40 && strings.Contains(fact, value) {
				t.Errorf("%q tells the value", fact)
			}
		}
	})
}
