package scanner

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// wrapped is how long a line of wrapped Base64 is at least, around64 how far from a
// match its lines are looked for.
const (
	wrapped  = 48
	around64 = 320
)

var (
	base64Line = regex.Lazy(`^[A-Za-z0-9+/]+={0,2}$`)
	digestForm = regex.Lazy(`^[0-9a-fA-F]{40}$`)
	lastName   = regex.Lazy(`[\w.-]+["']?\s*[=:]\s*["']?$`)
	namesToken = regex.Lazy(`(?i)token|secret|password|authorization`)

	frameOfKey = regex.Lazy(`-----(?:BEGIN|END)[ A-Za-z0-9_]{0,100}-----`)
	lettered   = regex.Lazy(`[A-Za-z0-9]`)

	// inserted is a login whose password is a value from elsewhere, or a token in place of the
	// user that is.
	inserted = regex.Lazy(`^["']?[^:"']*["']?:["']?(?:\$\{[^{}]+\}|\$?\{\{[^{}]+\}\}|\$\$?\w+|\$\$?\([^()]+\)|%\w+%)["']?$|^["']?\$\$?(?:\w+|\{\w+\}):["']?$`)
)

// isLookAlike says whether what a pattern of gitleaks matches is something else by
// what stands around it: a part of a file in Base64, where any four letters occur, or
// the hash of a commit where nothing says that it is a token.
func isLookAlike(id string, span lint.Span) bool {
	data := span.Source.Data
	from, to := max(0, span.Start-around64), min(len(data), span.End+around64)
	above, line, begins := cutLast(data[from:span.Start])
	rest, below, ends := bytes.Cut(data[span.Start:to], newline)
	if slices.Contains(formless, id) && (judge.Placeholder(string(span.Text())) || inserted().Match(span.Text())) || id == manifestID && isOpenMember(span.Text()) {
		return true
	}
	if id == terraformID && (!judge.NamesCredential(string(lastName().Find(line)), string(span.Text())) || judge.IsReplaced(data[span.End:], strings.Trim(string(span.Text()), `"`))) {
		return true
	}
	if id == privateKeyID && !lettered().Match(frameOfKey().ReplaceAllLiteral(span.Text(), nil)) {
		return true
	}
	if id == vaultID && judge.Wordlike(strings.TrimPrefix(string(span.Text()), "s.")) { // a member of an object
		return true
	}
	if id == sourcegraphID && digestForm().Match(span.Text()) && !namesToken().Match(line) {
		return true
	}
	if !begins && from > 0 || !ends && to < len(data) || len(line)+len(rest) < wrapped {
		return false
	}
	_, above, _ = cutLast(above)
	below, _, _ = bytes.Cut(below, newline)
	return is64(slices.Concat(line, rest)) && bytes.ContainsAny(line, "+/") && (is64(above) || is64(below))
}

// counted is how many characters in a row make a value one that somebody typed, worded how many
// at its end tell words from what a program made: of a hundred thousand tokens of letters alone 30
// look so, of others 5. mostFilled is how long such a value is at most.
const (
	counted    = 10
	worded     = 20
	mostFilled = 1 << 10
)

// isFiller says whether what ought to be random is what documentation puts there: letters or
// digits as they follow each other, one again and again, or words behind the prefix. Keys in
// base64 have long runs of A.
func isFiller(value string) bool {
	if len(value) < worded || len(value) > mostFilled || strings.ContainsAny(value, " \n") {
		return false
	}
	run := 1
	for i := 1; i < len(value) && run < counted; i++ {
		c, before := value[i], value[i-1]
		if c == before+1 || before == '9' && (c == '0' || c == 'a') || c == before && (c == 'x' || c == 'X' || c == '0') {
			run++
		} else {
			run = 1
		}
	}
	end := value[len(value)-worded:]
	return run >= counted || !strings.ContainsAny(end, "0123456789/+=") && judge.Wordlike(end)
}

const manifestID = "kubernetes-secret-yaml"

// isOpenMember says whether a member of a Secret is what others may know: the certificate
// or public key that stands beside the private one, a name, a text of words, or nothing yet.
func isOpenMember(text []byte) bool {
	name, value, _ := bytes.Cut(text, []byte(":"))
	plain, _ := base64.StdEncoding.DecodeString(string(bytes.Trim(value, memberMarks)))
	return string(bytes.TrimSpace(plain)) == "{}" || bytes.HasPrefix(plain, []byte("-----BEGIN CERTIFICATE-----")) || bytes.HasPrefix(plain, []byte("-----BEGIN PUBLIC KEY-----")) ||
		judge.Ordinary(string(name)) || isSentence(string(plain))
}

// memberMarks may stand around the value of a member.
const memberMarks = " \t\r\n\"'{}|>+-"

// isSentence says whether a text is words with spaces between them.
func isSentence(text string) bool {
	return strings.Count(text, " ") > 1 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.'!?\n") == "" && judge.Wordlike(text)
}

// valueOfMember gives the place of the value of a member of a Secret.
func valueOfMember(span lint.Span) lint.Span {
	text := span.Text()
	value := text[bytes.IndexByte(text, ':')+1:]
	left := bytes.TrimLeft(value, memberMarks)
	span.Start += len(text) - len(left)
	span.End = span.Start + len(bytes.TrimRight(left, memberMarks))
	return span
}

// terraformID takes each argument whose name begins with that of a password.
const terraformID = "hashicorp-tf-" + "password"

// privateKeyID takes whatever stands between two lines of a frame, another frame too.
const privateKeyID = "private-key"

// vaultID takes whatever is called s and has a member of so many letters.
const vaultID = "vault-service-" + "token"

const sourcegraphID = "sourcegraph-" + "access-token"

var newline = []byte("\n")

// cutLast cuts a text at its last line break.
func cutLast(text []byte) (before, after []byte, found bool) {
	at := bytes.LastIndex(text, newline)
	if at < 0 {
		return nil, text, false
	}
	return text[:at], text[at+1:], true
}

func is64(line []byte) bool { return base64Line().Match(bytes.TrimSpace(line)) }
