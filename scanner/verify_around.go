package scanner

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// mostAround bounds what is looked at beside a private key: certificates and the
// name of an account stand near.
const (
	mostAround       = 16 << 10
	mostCertificates = 5
)

var (
	certificateForm = regex.Lazy(`(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----`)
	accountForm     = regex.Lazy(`"client_email"\s*:\s*"([^"\n]{1,200})"`)
)

// around says what the file of a private key tells of it: the certificate that it
// belongs to, and the account of Google that it is a key of.
func around(at lint.Span, value string) []string {
	if !strings.HasPrefix(value, "-----BEGIN ") {
		return nil
	}
	data := at.Source.Data
	near := data[max(0, at.Start-mostAround):min(len(data), at.End+mostAround)]
	all := certificateOf(value, near)
	if parts := accountForm().FindSubmatch(near); parts != nil && bytes.Contains(near, []byte(`"service_account"`)) && plain().Match(parts[1]) {
		all = append(all, "service account "+string(parts[1]))
	}
	return all
}

// unbroken is what was found with what follows it without a break: some patterns of
// gitleaks end within a token of a newer form.
func unbroken(at lint.Span) string {
	rest := at.Source.Data[at.End:]
	rest = rest[:min(len(rest), 400)]
	more := bytes.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune(tokenCharacters, r) })
	if more < 0 {
		more = len(rest)
	}
	return strings.TrimRight(string(at.Source.Data[at.Start:at.End+more]), "-.")
}

const tokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

// certificateOf names the certificate whose public key a private key has.
func certificateOf(value string, near []byte) []string {
	block := unfold(value)
	if block == nil {
		return nil
	}
	texts := certificateForm().FindAll(near, mostCertificates)
	if len(texts) == 0 {
		return nil
	}
	signer, _ := parseKey(block.Bytes).(crypto.Signer)
	if signer == nil {
		return nil
	}
	public, _ := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	for _, text := range texts {
		certificate := readCertificate(string(text))
		if certificate == nil || public == nil || !public.Equal(certificate.PublicKey) {
			continue
		}
		return append(nameOf(certificate), "its certificate is valid until "+certificate.NotAfter.UTC().Format(time.DateOnly))
	}
	return nil
}

func readCertificate(text string) *x509.Certificate {
	block := unfold(text)
	if block == nil {
		return nil
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return certificate
}

func nameOf(certificate *x509.Certificate) []string {
	for _, name := range append(certificate.DNSNames, certificate.Subject.CommonName) {
		if name = strings.TrimPrefix(name, "*."); plain().MatchString(name) {
			return []string{"key of the certificate of " + name}
		}
	}
	return []string{"key of a certificate beside it"}
}
