package judge

// triggerWords are what a place must hold to be looked at: a word that keys of
// credentials are made of, or the beginning of a form that needs no key.
var triggerWords = []string{
	"pass", "pwd", "secret", "token", "key", "auth", "cred", "cookie", "session",
	"seed", "jwt", "psk", "bearer", "basic", "://", "identified by", "passcode", "pin", "pw",
}
