package judge

import "strings"

// noun is what kind of credential a word of a name stands for.
type noun uint8

const (
	noNoun noun = iota
	nounKey
	nounAuth
	nounSession
	nounCredential
	nounToken
	nounAPIKey
	nounSecret
	nounPassword
)

// nouns are words of names, as they stand between separators and humps.
var nouns = map[string]noun{
	"key": nounKey, "keys": nounKey, "seed": nounKey, "nkey": nounAPIKey, "jwt": nounToken, "psk": nounPassword, "xkey": nounAPIKey,
	"auth": nounAuth, "authorization": nounAuth, "authentication": nounAuth, "authenticator": nounAuth,
	"session": nounSession, "cookie": nounSession, "cookies": nounSession, "sessionid": nounSession, "sid": nounSession,
	"cred": nounCredential, "creds": nounCredential, "credential": nounCredential, "credentials": nounCredential,
	"token": nounToken, "tokens": nounToken, "bearer": nounToken, "pat": nounToken,
	"apikey": nounAPIKey, "secretkey": nounAPIKey, "accesskey": nounAPIKey, "privatekey": nounAPIKey, "signingkey": nounAPIKey, "authkey": nounAPIKey, "appkey": nounAPIKey, "masterkey": nounAPIKey, "encryptionkey": nounAPIKey, "licensekey": nounAPIKey, "consumerkey": nounAPIKey, "apikeys": nounAPIKey,
	"secret": nounSecret, "secrets": nounSecret, "clientsecret": nounSecret, "appsecret": nounSecret,
	"password": nounPassword, "passwords": nounPassword, "passwordless": noNoun, "nopasswd": noNoun, "nopassword": noNoun, "htpasswd": noNoun, "passwd": nounPassword, "passphrase": nounPassword, "pwd": nounPassword, "pass": nounPassword, "pw": nounPassword, "passcode": nounPassword, "passwrd": nounPassword, "userpass": nounPassword, "pin": nounAuth, "dbpass": nounPassword, "dbpw": nounPassword, "rootpw": nounPassword, "bindpw": nounPassword, "passw": nounPassword, "psw": nounPassword, "upass": nounPassword, "requirepass": nounPassword, "masterauth": nounPassword, "sshpass": noNoun, "masterpass": nounPassword, "mypass": nounPassword,
	"passwort": nounPassword, "kennwort": nounPassword, "motdepasse": nounPassword, "contrasena": nounPassword, "senha": nounPassword, "wachtwoord": nounPassword, "heslo": nounPassword, "haslo": nounPassword,
	"contraseña": nounPassword, "contrasenya": nounPassword, "hasło": nounPassword, "passe": nounPassword, "mdp": nounPassword, "clave": nounSecret, "parola": nounSecret, "sifre": nounSecret, "şifre": nounSecret, "parool": nounSecret, "sandi": nounPassword, "κωδικός": nounPassword, "psksecret": nounPassword,
	"salasana": nounPassword, "lozinka": nounPassword, "lösenord": nounPassword, "losenord": nounPassword, "adgangskode": nounPassword, "passord": nounPassword, "jelszó": nounPassword, "jelszo": nounPassword,
	"пароль": nounPassword, "Пароль": nounPassword, "口令": nounPassword, "パスワード": nounPassword, "비밀번호": nounPassword,
	"storepass": nounPassword, "keypass": nounPassword, "adminpw": nounPassword, "mysqlpw": nounPassword, "pgpass": nounPassword, "pword": nounPassword, "secretid": nounSecret, "datakey": nounAPIKey,
}

// services before "pass" have one: smtppass, and not compass.
var services = map[string]bool{
	"smtp": true, "mail": true, "email": true, "imap": true, "pop": true, "ftp": true, "sftp": true, "ldap": true, "sql": true, "mysql": true, "pg": true, "postgres": true, "redis": true, "mongo": true, "rabbit": true,
	"mqtt": true, "amqp": true, "rpc": true, "http": true, "proxy": true, "vpn": true, "wifi": true, "wlan": true, "admin": true, "root": true, "auth": true, "login": true, "ssh": true, "svn": true, "bind": true, "host": true, "acct": true,
}

// compounds end or begin words that have no separators: mysqlpassword, tokenauth.
var compounds = []struct {
	text string
	noun noun
}{
	{"passwort", nounPassword}, {"password", nounPassword}, {"passwd", nounPassword}, {"passphrase", nounPassword}, {"pwd", nounPassword},
	{"apikey", nounAPIKey}, {"accesskey", nounAPIKey}, {"secretkey", nounAPIKey}, {"privatekey", nounAPIKey}, {"signkey", nounAPIKey}, {"encryptkey", nounAPIKey}, {"authkey", nounAPIKey},
	{"密码", nounPassword}, {"密碼", nounPassword}, {"パスワード", nounPassword}, {"비밀번호", nounPassword},
	{"secret", nounSecret}, {"token", nounToken}, {"credential", nounCredential}, {"cookie", nounSession},
}

// qualifiers before "key" say that it opens something.
var qualifiers = map[string]bool{
	"api": true, "access": true, "secret": true, "private": true, "signing": true, "sign": true, "encryption": true, "encrypt": true, "auth": true,
	"app": true, "master": true, "account": true, "shared": true, "consumer": true, "service": true, "license": true, "licence": true, "client": true, "jwt": true,
	"hmac": true, "crypt": true, "crypto": true, "cipher": true, "aes": true, "rsa": true, "oauth": true, "secure": true, "security": true, "server": true,
	"admin": true, "storage": true, "subscription": true, "session": true, "cookie": true, "deploy": true, "write": true, "ssh": true, "ssl": true, "tls": true, "cert": true, "nonce": true, "integration": true, "stripe": true, "aws": true, "azure": true,
}

// metadata are words that make a name say something about a credential.
var metadata = map[string]bool{
	"id": true, "ids": true, "name": true, "names": true, "file": true, "files": true, "filename": true, "path": true, "paths": true, "url": true, "uri": true, "urls": true, "dir": true, "folder": true,
	"length": true, "len": true, "size": true, "type": true, "types": true, "field": true, "fields": true, "label": true, "title": true, "alias": true, "policy": true,
	"expiry": true, "expires": true, "expire": true, "expiration": true, "expired": true, "ttl": true, "timeout": true, "lifetime": true, "age": true, "count": true, "ref": true, "reference": true, "arn": true,
	"public": true, "pub": true, "hash": true, "algorithm": true, "alg": true, "algo": true, "min": true, "max": true, "placeholder": true, "hint": true, "message": true, "msg": true,
	"error": true, "errors": true, "prompt": true, "text": true, "description": true, "desc": true, "help": true, "format": true, "regex": true, "pattern": true,
	"column": true, "param": true, "parameter": true, "params": true, "endpoint": true, "prefix": true, "suffix": true, "provider": true, "method": true, "mode": true, "enabled": true, "enable": true,
	"disabled": true, "required": true, "reset": true, "forgot": true, "forgotten": true, "change": true, "changed": true, "version": true, "index": true, "map": true, "manager": true, "usage": true,
	"environment": true, "var": true, "variable": true, "location": true, "source": true, "src": true, "selector": true, "class": true, "style": true, "icon": true, "button": true, "input": true, "form": true, "page": true,
	"repeat": true, "mandatory": true, "invalid": true, "incorrect": true, "wrong": true, "success": true, "failed": true, "failure": true, "warning": true, "info": true, "tooltip": true, "validation": true, "validator": true,
	"strength": true, "rotation": true, "issuer": true, "audience": true, "scope": true, "scopes": true, "domain": true, "host": true, "port": true, "server": false, "status": true, "state": true, "fingerprint": true, "thumbprint": true, "checksum": true, "digest": true, "kind": true, "schema": true, "template": true, "primary": true, "foreign": true, "partition": true, "sort": true, "range": true, "registry": true, "store": true, "action": true, "event": true, "handler": true, "command": true, "cmd": true, "util": true, "utils": true, "service": false, "controller": true, "test": false, "display": true, "example": true, "show": true, "has": true, "is": true, "use": true, "no": true, "not": true, "allow": true, "encoding": true, "encoder": true, "charset": true, "date": true, "time": true, "at": true, "created": true, "updated": true, "by": true, "code": true, "codes": true, "comment": true, "note": true,
}

// publicWords make a name stand for what everybody may know: a text of a user
// interface, a hash, a part of a public key.
var publicWords = map[string]bool{
	"label": true, "title": true, "placeholder": true, "hint": true, "tooltip": true, "mandatory": true, "forgot": true, "forgotten": true, "prompt": true, "message": true, "msg": true, "caption": true,
	"sha": true, "sha1": true, "sha2": true, "sha256": true, "sha512": true, "md": true, "md5": true, "hash": true, "hashed": true, "bcrypt": true, "digest": true, "checksum": true, "hint2": true,
	"description": true, "desc": true, "helptext": true, "subject": true, "selector": true, "xpath": true, "css": true, "regex": true, "regexp": true, "pattern": true, "passwdqc": true, "author": true, "pull": true, "recv": true, "keyserver": true, "disabled": true,
	"error": true, "errors": true, "help": true, "invalid": true, "mismatch": true, "alphabet": true, "charset": true, "bucket": true, "incorrect": true, "schema": true, "expires": true, "expiry": true, "expiration": true, "expire": true,
	"question": true, "questions": true, "publishable": true, "idempotency": true, "correlation": true, "site": true, "sitekey": true, "searchonly": true, "commit": true, "cache": true, "etag": true, "revision": true, "sealed": true, "wrapped": true, "err": true, "magic": true,
}

// measures end names of what is set for a credential, places those of where it is.
var (
	measures = map[string]bool{
		"ttl": true, "timeout": true, "lifetime": true, "interval": true, "period": true, "age": true, "count": true, "length": true, "len": true, "size": true, "type": true,
		"enabled": true, "mode": true, "policy": true, "issuer": true, "audience": true, "scope": true, "scopes": true, "algorithm": true, "alg": true, "version": true, "format": true,
		"rotation": true, "limit": true, "min": true, "max": true, "encoding": true, "strength": true, "required": true, "header": true, "prefix": true, "suffix": true, "authentication": true, "encryption": true,
		"cidr": true, "cidrs": true, "variable": true, "field": true, "column": true, "param": true, "parameter": true, "command": true, "prevention": true, "complexity": true, "filter": true, "filters": true, "interface": true, "query": true, "through": true,
	}
	places = map[string]bool{
		"id": true, "ids": true, "name": true, "names": true, "path": true, "file": true, "filename": true, "url": true, "uri": true, "arn": true, "ref": true, "dir": true, "location": true, "endpoint": true, "address": true, "env": true,
		"js": true, "mjs": true, "jsx": true, "tsx": true, "css": true, "html": true, "svg": true, "png": true, "go": true, "py": true, "rb": true, "java": true, "kt": true, "ts": true, "c": true, "cc": true, "cpp": true, "h": true, "cs": true, "php": true, "rs": true, "jar": true, "gz": true, "zip": true, "tgz": true, "whl": true, // a list of files and their hashes
	}
)

// pagers before "token" say that it continues a list, or tells requests apart.
var pagers = map[string]bool{"next": true, "page": true, "continuation": true, "request": true, "sync": true, "starting": true, "pagination": true, "resumption": true, "cursor": true, "resume": true}

// indexes before "key" say that it finds something.
var indexes = map[string]bool{"object": true, "partition": true, "sort": true, "foreign": true, "primary": true, "translation": true, "lookup": true, "row": true, "s3": true, "range": true, "hash": true, "start": true, "end": true, "next": true, "evaluated": true, "tag": true}

// keyFacts is what a name says.
type keyFacts struct {
	noun      noun
	last      bool // the noun is its last word
	metadata  int  // words that make it say something about a credential
	lastMeta  bool
	words     int
	upper     bool // UPPER_CASE
	test      bool
	public    bool // it is known to everybody, or useless by itself
	qualified bool // a key with a word that says that it opens something
}

// names remember what was read of names: a file, and the next one, say the same again
// and again. They are for one goroutine; without them a name is read each time.
type names map[string]*name

// name is what a name says, by itself and of what may stand around it.
type name struct {
	text   string
	field  string // without what gives the text of a field that somebody fills in
	facts  keyFacts
	sets   bool // a function of that name takes a credential
	group  bool // of a map or list of credentials
	people bool // of a table of users
	word   word
}

// word is a name that begins a form which needs no name.
type word uint8

const (
	otherWord word = iota
	bearerWord
	basicWord
	tokenWord
	byWord
	intoWord
	loginWord
	authorizationWord
)

// formWords are those words in lower case.
var formWords = [...]struct {
	text string
	word word
}{
	{"bearer", bearerWord}, {"basic", basicWord}, {"token", tokenWord}, {"apikey", tokenWord},
	{"by", byWord}, {"into", intoWord}, {"login", loginWord}, {"authorization", authorizationWord},
}

func newName(text string) *name {
	n := &name{text: text, field: text, facts: readKey(text), group: isGroup(text), people: isPeople(text)}
	n.sets = sets(text, n.facts)
	for _, end := range [...]string{".Text", ".text", ".Value", ".value"} {
		n.field = strings.TrimSuffix(n.field, end)
	}
	for _, form := range formWords {
		if len(text) == len(form.text) && strings.EqualFold(text, form.text) {
			n.word = form.word
		}
	}
	return n
}

// mostNames bounds what is remembered: a few MB.
const mostNames = 1 << 13

// of reads a name.
func (n names) of(text []byte) *name {
	if known, ok := n[string(text)]; ok {
		return known
	}
	return n.read(string(text))
}

func (n names) read(text string) *name {
	known, ok := n[text]
	if ok {
		return known
	}
	known = newName(text)
	if len(n) >= mostNames {
		clear(n)
	}
	if n != nil {
		n[text] = known
	}
	return known
}

// readKey splits a name into words and judges them.
func readKey(key string) keyFacts {
	var facts keyFacts
	var buffer [24]byte
	word := buffer[:0]
	facts.upper = true
	before, previous, qualified := "", "", false
	encrypted := false // unless the key is that of the encryption
	published := false // by GnuPG, which tells keys by their ids
	flush := func() {
		if len(word) == 0 {
			return
		}
		w := string(word)
		n := nounOf(w)
		if n == nounKey && (qualifiers[previous]) {
			qualified = true
			n = nounAPIKey
		}
		if w == "credentials" && previous == "security" { // of JNDI
			n = nounPassword
		}
		facts.words++
		facts.lastMeta = metadata[w]
		if facts.lastMeta {
			facts.metadata++
		}
		facts.last = n != noNoun || facts.last && isNumber(w)
		facts.noun = max(facts.noun, n)
		facts.public = facts.public || w == "public" || w == "pub" || w == "pubkey" || w == "publickey" || w == "thumbprint" || w == "fingerprint" || w == "oid" || w == "uuid" || w == "guid" || publicWords[w]
		facts.public = facts.public || n == nounToken && pagers[previous] || n == nounKey && indexes[previous] || w == "nexttoken" || w == "pagetoken"
		encrypted = (encrypted || w == "encrypted") && w != "encryption"
		published = published || w == "gpg" || w == "pgp"
		facts.test = facts.test || w == "test" || w == "example" || w == "dummy" || w == "fake" || w == "mock"
		before, previous = previous, w
		word = buffer[:0]
	}
	for i := 0; i < len(key); i++ {
		c := key[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			flush()
			continue
		case 'A' <= c && c <= 'Z':
			if i > 0 && (lower(key[i-1]) || key[i-1] >= '0' && key[i-1] <= '9' && i+1 < len(key) && lower(key[i+1]) || i+1 < len(key) && lower(key[i+1]) && key[i-1] >= 'A' && key[i-1] <= 'Z') {
				flush()
			}
			c += 'a' - 'A'
		case lower(c), c >= 0x80:
			facts.upper = false
		case c >= '0' && c <= '9' && len(word) > 0 && !(word[len(word)-1] >= '0' && word[len(word)-1] <= '9'):
			flush()
		}
		if len(word) < cap(buffer) {
			word = append(word, c)
		}
	}
	flush()
	facts.qualified = qualified
	facts.public = facts.public || encrypted || published && facts.noun < nounPassword
	if facts.words > 1 && (measures[previous] || places[previous] && (facts.noun != nounSecret || previous != "id" || before != "secret")) { // secret_id of Vault opens it
		facts.public = true
	}
	return facts
}

func lower(c byte) bool { return 'a' <= c && c <= 'z' }

func isNumber(w string) bool { return strings.Trim(w, "0123456789") == "" }

func nounOf(w string) noun {
	if n, ok := nouns[w]; ok {
		return n
	}
	if len(w) < 5 {
		return noNoun
	}
	if of, ok := strings.CutSuffix(w, "pass"); ok && services[of] {
		return nounPassword
	}
	for _, c := range compounds {
		if strings.HasSuffix(w, c.text) || c.text[0] < 0x80 && strings.HasPrefix(w, c.text) && c.noun == nounPassword {
			return c.noun
		}
	}
	return noNoun
}
