package judge

import (
	"slices"
	"sync"

	"github.com/policyctl/policyctl/scanner/internal/words"
)

// triggerWords are what a place must hold to be looked at: a word that keys of
// credentials are made of, or the beginning of a form that needs no key.
var triggerWords = []string{
	"pass", "pwd", "secret", "token", "key", "auth", "cred", "cookie", "session",
	"seed", "jwt", "psk", "bearer", "basic", "://", "identified by", "insert into", "users", "accounts", "login", "connect", "bind", "sshclient", "sftpclient", "pbkdf2", "scrypt", "bcrypt", "hmac", "encryptor", "register", "new user", "jedispool", "certificate2", "derivebytes", "pkcs12", "signin", "sign_in", "signup", "createaccount", "signwith", "encrypter", "dialer", "drivermanager", "imap", "smtp", "_pat", "cipher", "csrf", "passcode", "pin", "pw",
	"kennwort", "contrasena", "senha", "wachtwoord", "heslo", "haslo", "contraseña", "clave", "hasło", "parola", "mdp", "contrasenya",
	"salasana", "lozinka", "lösenord", "losenord", "adgangskode", "jelszó", "jelszo", "sifre", "şifre", "parool", "kata_sandi",
	"ароль", "κωδικός", "密码", "密碼", "口令", "パスワード", "비밀번호",
}

// Triggers are the words whose places a judge wants to be told. Who searches for
// others finds them on the way.
func Triggers() []string { return slices.Clone(triggerWords) }

// Places are where triggers end in a text, in order.
type Places []place

// place knows the shortest trigger that ends at it.
type place struct{ end, length uint32 }

// Add notes a trigger. They come in the order of their ends, and of those that end
// at one place the shortest last.
func (p *Places) Add(trigger, end int) {
	here := place{uint32(end), uint32(len(triggerWords[trigger]))}
	if n := len(*p); n > 0 && (*p)[n-1].end == here.end {
		(*p)[n-1] = here
		return
	}
	*p = append(*p, here)
}

// Within gives the triggers of a part of the text, as places of that part.
func (p Places) Within(start, end int) (part Places) {
	for _, at := range p {
		if int(at.end-at.length) >= start && int(at.end) <= end {
			part = append(part, place{at.end - uint32(start), at.length})
		}
	}
	return part
}

// PlacesOf searches a text for triggers.
func PlacesOf(text []byte) (p Places) {
	var hits words.Hits
	hits.Find(triggers(), text)
	hits.Each(func(word int32, end int) { p.Add(int(word), end) })
	return p
}

var triggers = sync.OnceValue(func() *words.Set { return words.New(triggerWords) })

// next takes the first trigger that begins at an offset or behind it, and gives its end.
func (p *Places) next(from int) (end int, ok bool) {
	for len(*p) > 0 {
		at := (*p)[0]
		*p = (*p)[1:]
		if int(at.end-at.length) >= from {
			return int(at.end), true
		}
	}
	return 0, false
}
