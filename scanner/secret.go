package scanner

import (
	"fmt"
	"io"
)

// secret holds the value of a credential. No verb and no encoder shows it; whoever needs
// it calls reveal. It is a pointer for those that look into structs, where fmt calls no
// methods: they see an address.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{&text} }

// reveal gives the value. It goes to the judge, and to what takes it out of texts.
func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Format writes the mask, whatever the verb is.
func (secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, mask) }

// String gives the mask.
func (secret) String() string { return mask }

// GoString gives the mask.
func (secret) GoString() string { return mask }

// MarshalText gives the mask, also to JSON and XML.
func (secret) MarshalText() ([]byte, error) { return []byte(mask), nil }
