package judge

import (
	"bytes"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// url yields the password of scheme://user:password@host; at is behind "://".
func (r *reader) url(at int, yield func(field, float64)) {
	colon, end := -1, -1
	for i := at; i < len(r.data) && i < at+200; i++ {
		c := r.data[i]
		if c == '@' {
			end = i
			continue
		}
		if c == ':' && colon < 0 {
			colon = i
			continue
		}
		if c <= ' ' || strings.IndexByte("\"'`<>\\/", c) >= 0 || c == ',' && end > 0 || c == 0x7f {
			break
		}
	}
	if colon < 0 || end < colon+2 || !isWord(r.byteAt(end+1)) && r.byteAt(end+1) != '[' && strings.IndexByte("${%", r.byteAt(end+1)) < 0 {
		return
	}
	f := field{key: string(r.data[at:colon]), keyStart: at, op: ":", form: inURL, start: colon + 1, end: end, value: string(r.data[colon+1 : end])}
	if sure := urlSurety(&f); sure > 0 {
		yield(f, sure)
	}
}

// grants says whether a text before BY is SQL: what prose identifies by a name is no user.
func (r *reader) grants(start int) bool {
	line := r.lead(start, maxGap)
	if bytes.HasSuffix(line, []byte("IDENTIFIED ")) || bytes.EqualFold(bytes.TrimSpace(line), []byte("identified")) {
		return true
	}
	line = bytes.ToLower(line)
	return mentions(line, "user ", "grant ", "account ", "role ")
}

// identified reads IDENTIFIED BY 'x' and IDENTIFIED WITH plugin BY 'x' of SQL.
func (r *reader) identified(start, end int) {
	at := r.spaces(end)
	if r.has(at, "PASSWORD ") || r.has(at, "password ") {
		at += 9
	}
	f := field{key: "password", keyStart: start, op: ""}
	if mark := r.quote(at); mark != nil && mark[0] != '`' {
		r.quotedValue(f, at, mark)
		return
	}
	if line := bytes.ToLower(r.data[max(0, start-maxGap):start]); at > end && mentions(line[bytes.LastIndexByte(line, '\n')+1:], "create user ", "alter user ", "grant ", "connect to ") { // Oracle
		stop := at
		for stop < len(r.data) && isWord(r.data[stop]) {
			stop++
		}
		if bytes.ContainsAny(r.data[at:stop], "0123456789") {
			f.form = bareWord
			r.yieldTrimmed(f, at, stop)
		}
	}
}

// mentions says whether a text holds one of some words.
func mentions(text []byte, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return bytes.Contains(text, []byte(word)) })
}

// header yields what follows Bearer or Basic.
func (r *reader) header(word word, start, end int, yield func(field, float64)) {
	scheme := ""
	switch word {
	case bearerWord:
		scheme = "bearer"
	case basicWord:
		scheme = "basic"
	case tokenWord:
		if !bytes.Contains(r.data[max(0, start-24):start], []byte("uthorization")) {
			return
		}
		scheme = "token"
	default:
		return
	}
	at := end
	for r.byteAt(at) == ' ' || r.has(at, "%20") || r.byteAt(at) == '+' {
		if at++; r.data[at-1] == '%' {
			at += 2
		}
	}
	if at == end {
		return
	}
	at = r.joined(at)
	stop := at
	for stop < len(r.data) && stop-at < 4096 && (isWord(r.data[stop]) || strings.IndexByte("+/=~:%", r.data[stop]) >= 0) {
		stop++
	}
	value := string(r.data[at:stop])
	f := field{key: scheme, keyStart: start, op: " ", form: inHeader, start: at, end: stop, value: value}
	if scheme == "basic" {
		if plain, ok := basic(value); ok && !isReference(plain) && !Published(value) {
			yield(f, 0.9)
		}
		return
	}
	if len(value) >= 16 && !Published(value) && strings.ContainsAny(value, "0123456789") && !isReference(value) {
		if s := readShape(value); s.cost > 4.6 && s.run < 8 {
			yield(f, 0.9)
		}
	}
}

// joined steps to the literal that a text is joined with: "Bearer " + "x".
func (r *reader) joined(at int) int {
	mark := r.quote(at)
	if r.lang != code || len(mark) != 1 {
		return at
	}
	next := r.spaces(at + 1)
	if strings.IndexByte("+.&", r.byteAt(next)) < 0 {
		return at
	}
	if r.has(next, "..") {
		next++
	}
	if next = r.spaces(next + 1); r.quote(next) != nil {
		return next + 1
	}
	return at
}

// signedIn reads user and password as REST clients take them, which encode them when they
// send: Authorization: Basic ops x, Authorization: Digest ops:x; and as texts say them: Login: ops:x.
func (r *reader) signedIn(word word, end int) {
	login := r.lang != code && word == loginWord
	if !login && word != authorizationWord || r.byteAt(end) != ':' {
		return
	}
	line := r.rest(end+1, maxGap)
	words := bytes.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == ':' || c == '\r' || c == '`' })
	if !login && len(words) > 0 && (bytes.EqualFold(words[0], []byte("basic")) || bytes.EqualFold(words[0], []byte("digest"))) {
		words, login = words[1:], true
	}
	if !login || len(words) != 2 || !isUser(string(words[0])) {
		return
	}
	password := string(words[1])
	at := end + 1 + bytes.LastIndex(line, words[1])
	if f := (field{key: "password", keyStart: at, op: ":", form: bareLine, start: at, end: at + len(password), value: password}); (isMadeUp(password) || isOpaque(password)) && plausible(&f) {
		r.certain("authorization-header")(f, 0.8)
	}
}

// shortKey is how long a user is at least who needs no password: it is a key.
const shortKey = 16

// basic decodes user:password, unless that is what examples say.
func basic(value string) (string, bool) {
	plain, ok := decoded(value)
	user, password, found := strings.Cut(plain, ":")
	if !ok || !found || password == "" && len(user) < shortKey {
		return plain, false
	}
	return plain, !isPlaceholder(password)
}

// escapes are those of URLs, without what encloses and asks: %3Cpassword%3E is a place to fill in.
var escapes = regex.Lazy(`%(?:[0-24-9A-Fa-f][0-9A-Fa-f]|3[0-9ABDabd])`)

// urlSurety is how sure a password in a URL is one.
func urlSurety(f *field) float64 {
	value, ok := plain(escapes().ReplaceAllString(f.value, "#"))
	if !ok || len(value) < 4 || isReference(value) || isName(value) || strings.ContainsAny(value, "{}$%<>()[]") || strings.Contains(value, "**") || strings.Trim(value, "*#") == "" {
		return 0
	}
	if distinct(value) < 3 || strings.EqualFold(value, f.key) || isNumber(value) && len(value) < 6 {
		return 0
	}
	if share, _ := placeholderShare(value); share > 0.75 {
		return 0
	}
	return 0.8
}
