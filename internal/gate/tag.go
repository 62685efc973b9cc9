package gate

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"golang.org/x/crypto/scrypt"
)

// Tag tells whether the value of a credential is still the one that the
// baseline knows. Sixteen bits notice a change in all but one of 65,536 cases
// and are too few to confirm a guess: each tag fits to one word in 65,536 of any
// word list. The salt and the cost of scrypt (10 to 20 ms) keep tags of several
// baselines from being joined.
func Tag(salt, value []byte) string {
	// The error is about the cost parameters, which are fixed and right.
	sum, _ := scrypt.Key(value, salt, 1<<12, 8, 1, 2)
	return hex.EncodeToString(sum)
}

// Tags makes tags that only this process can compare: nobody can try values on them,
// so they need not be slow.
func Tags() func(value []byte) string {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it does not fail: the process would end
	return func(value []byte) string {
		mac := hmac.New(sha256.New, key)
		mac.Write(value)
		return hex.EncodeToString(mac.Sum(nil))
	}
}
