package scanner

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

const (
	encrypted    = "encrypted with a passphrase"
	notEncrypted = "not encrypted"
	noKey        = "body is no key: cut or made up"
)

// folded takes from a PEM block what a file in another format put around its
// lines: escapes, quotes, indentation, commas and plus signs of concatenations.
var folded = regex.Lazy("(?m)^[ \t\"'`,+>|#*/-]*?(-----[^\n]*?-----|[A-Za-z0-9+/=]+|[A-Za-z-]+: [^\n]*?|)[\"'`,+ \t\\\\;)]*$")

// unfold reads a PEM block out of a file in another format; nil if it is none.
func unfold(value string) *pem.Block {
	value = strings.TrimSpace(lineBreaks.Replace(value))
	if n := strings.Count(value, "\n"); n > 1 && n == strings.Count(value, "\n+") { // in a diff
		value = strings.ReplaceAll(value, "\n+", "\n")
	}
	block, _ := pem.Decode([]byte(folded().ReplaceAllString(value, "$1") + "\n"))
	if parts := flatForm().FindStringSubmatch(value); block == nil && parts != nil {
		block, _ = pem.Decode([]byte(strings.Join([]string{parts[1], folds.Replace(parts[2]), parts[3], ""}, "\n")))
	}
	return block
}

// flatForm is a PEM block whose line breaks were lost, or became blanks.
var flatForm = regex.Lazy(`^(-----BEGIN [A-Z0-9 ]{1,40}-----)([A-Za-z0-9+/= \t]+)(-----END [A-Z0-9 ]{1,40}-----)$`)

// pemKey tells private keys that need a passphrase from those that do not, and
// keys from examples of keys.
func pemKey(value string) []string {
	if !strings.HasPrefix(value, "-----BEGIN ") || strings.Contains(value, " PGP ") {
		return nil
	}
	block := unfold(value)
	switch {
	case block == nil:
		return []string{noKey}
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return []string{encrypted}
	case block.Type == "OPENSSH PRIVATE KEY":
		return openSSH(block.Bytes)
	}
	return derKey(block.Bytes)
}

// parseKey reads what has no passphrase; nil if it is none.
func parseKey(der []byte) any {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key
	}
	return nil
}

func derKey(der []byte) []string {
	key := parseKey(der)
	if key == nil {
		return []string{noKey}
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return []string{fmt.Sprintf("RSA key of %d bits", key.N.BitLen()), notEncrypted}
	case *ecdsa.PrivateKey:
		return []string{"EC key on " + key.Curve.Params().Name, notEncrypted}
	case ed25519.PrivateKey:
		return []string{"Ed25519 key", notEncrypted}
	}
	return []string{notEncrypted}
}

// openSSH reads the head of OpenSSH's own format: the cipher's name comes first.
func openSSH(data []byte) []string {
	rest, ok := bytes.CutPrefix(data, []byte("openssh-key-v1\x00"))
	if !ok || len(rest) < 4 {
		return []string{noKey}
	}
	n := binary.BigEndian.Uint32(rest)
	if n > 64 || int(n) > len(rest)-4 {
		return []string{noKey}
	}
	if string(rest[4:4+n]) == "none" {
		return []string{"OpenSSH key", notEncrypted}
	}
	return []string{"OpenSSH key", encrypted}
}

var puttyForm = regex.Lazy(`^PuTTY-User-Key-File-[0-9]: ([a-z0-9@.-]{1,40})\r?\nEncryption: ([a-z0-9-]{1,20})`)

func puttyKey(value string) []string {
	parts := puttyForm().FindStringSubmatch(value)
	switch {
	case parts == nil:
		return nil
	case parts[2] == "none":
		return []string{parts[1] + " key", notEncrypted}
	}
	return []string{parts[1] + " key", encrypted}
}

var pgpForm = regex.Lazy(`(?s)^-----BEGIN PGP PRIVATE KEY BLOCK-----.*?\n\n(.+?)\n=([A-Za-z0-9+/]{4})\s`)

// pgpKey checks the checksum of an armoured key (RFC 9580, 6.1).
func pgpKey(value string) []string {
	value = lineBreaks.Replace(value)
	parts := pgpForm().FindStringSubmatch(value)
	if parts == nil {
		return nil
	}
	body, err := base64.StdEncoding.DecodeString(unwrap(parts[1]))
	want, _ := decode(parts[2])
	return checksum(err == nil && bytes.Equal(crc24(body), want))
}

func crc24(data []byte) []byte {
	sum := uint32(0xb704ce)
	for _, b := range data {
		sum ^= uint32(b) << 16
		for range 8 {
			sum <<= 1
			if sum&0x1000000 != 0 {
				sum ^= 0x1864cfb
			}
		}
	}
	return []byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}
}
