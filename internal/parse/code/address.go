package code

import (
	"bytes"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// Addresses of stores. What only begins like one and is put together is none.
var (
	isARN       = regex.Lazy(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	awsEndpoint = regex.Lazy(`^https://secretsmanager(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/?$`)
	azureVault  = regex.Lazy(`^(?:https://)?[a-z0-9-]+\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)(?:[:/?#][^\s{}$%]*)?$`)
	webAddress  = regex.Lazy(`^https?://[^\s{}$%<>]+$`)
)

// bare leaves out of an address what may be a credential: everything up to an @,
// and the query.
func bare(literal []byte) (start, end int) {
	if isARN().Match(literal) {
		return 0, len(literal)
	}
	start, end = bytes.LastIndexByte(literal, '@')+1, len(literal)
	if length := bytes.IndexAny(literal[start:], "?#"); length >= 0 {
		end = start + length
	}
	return start, end
}

// maxOuter is how many brackets around a literal are looked at for what it is.
const maxOuter = 3

// ofVault says whether a literal is given to something that Vault is named in:
// a variable, a key, or the function that is called with it.
func (f *file) ofVault(i int) bool {
	at := i - 1
	for range maxOuter {
		named, end := f.namesVault(at)
		if named {
			return true
		}
		open := f.opening(end)
		switch {
		case f.is(open, "("):
			named, _ = f.namesVault(open - 1)
			return named || f.kind(open+1) == plain && open+1 < i && f.speaksOfVault(open+1)
		case open < 0 || f.isBlock(open):
			return false
		}
		at = open - 1
	}
	return false
}

// namesVault looks at the words before a value, back to where its statement or
// item begins, and gives that place.
func (f *file) namesVault(at int) (named bool, end int) {
	for limit := at - maxArgument; at >= 0 && at > limit; at-- {
		switch f.kind(at) {
		case word, plain:
			if f.speaksOfVault(at) || f.is(at, "Address") && f.in([]string{"hashicorp/vault/api"}) || f.is(at, "SetAddress") {
				return true, at
			}
		case ',', ';', '(', '[', '{', ')', ']', '}', 0:
			return false, at
		}
		if at > 0 && bytes.IndexByte(f.src.Data[f.tokens[at-1].end:f.tokens[at].start], '\n') >= 0 {
			return false, at - 1
		}
	}
	return false, at
}

func (f *file) speaksOfVault(i int) bool {
	t := f.tokens[i]
	if t.end-t.start > 100 {
		return false
	}
	name := strings.ToLower(string(f.src.Data[t.start:t.end]))
	return strings.Contains(name, "vault") || name == "hvac"
}

// opening gives the bracket around what ends at a token, or -1.
func (f *file) opening(at int) int {
	depth := 0
	for limit := at - maxWindow; at >= 0 && at > limit; at-- {
		switch f.kind(at) {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth--; depth < 0 {
				return at
			}
		case ';':
			return -1
		}
	}
	return -1
}

// isBlock says whether a bracket opens statements or members, not a value.
func (f *file) isBlock(open int) bool {
	switch f.kind(open - 1) {
	case ':', '=', ',', '(', '[', '{', '>':
		return false
	case word:
		switch f.str(open - 1) {
		case "else", "do", "try", "finally", "loop", "unsafe":
			return true
		}
		return f.is(open-2, "class") || f.is(open-2, "struct") || f.is(open-2, "impl") || f.is(open-2, "interface") || f.is(open-2, "object") ||
			f.is(open-2, "module") || f.is(open-2, "namespace") || f.is(open-2, "enum")
	}
	return true
}
