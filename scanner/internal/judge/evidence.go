package judge

import "fmt"

// spoken are the nouns as people read them.
var spoken = [...]string{
	nounKey: "a key", nounAuth: "an authorization", nounSession: "a session", nounCredential: "a credential", nounToken: "a token",
	nounAPIKey: "a key that opens something", nounSecret: "a secret", nounPassword: "a password",
}

// written says how a value stands in a file.
var written = [...]string{
	quoted: "it is a string literal", bareLine: "it is a literal that fills the rest of its line", bareWord: "it is a literal", element: "it is the text of an element",
	inURL: "it stands between the user and the host of a URL", inHeader: "it is the value of a header", inSecret: "it is a member of a Kubernetes Secret",
}

// evidence says in words what speaks for a candidate. The value is no part of it.
func (c *Candidate) evidence() []string {
	var said []string
	if c.key.noun != noNoun && c.form != inSecret {
		said = append(said, fmt.Sprintf("its name %.64q says that it is %s", c.field.key, spoken[c.key.noun]))
	}
	said = append(said, written[c.form])
	if c.sure > 0 {
		return said
	}
	v := &c.Figures
	switch {
	case v[fHex] == 1 && v[fLength] >= 16:
		said = append(said, fmt.Sprintf("it is %.0f hexadecimal digits", v[fLength]))
	case v[fCost] > 5.2:
		said = append(said, fmt.Sprintf("its letters form no words (%.1f bits a letter)", v[fCost]))
	case c.key.noun == nounPassword:
		said = append(said, "it is no placeholder; people choose words as passwords")
	}
	if v[fEntropy] >= 3.5 {
		said = append(said, fmt.Sprintf("%.0f different characters in %.0f", v[fDistinct], v[fLength]))
	}
	if v[fPlaceholder] > 0 {
		said = append(said, fmt.Sprintf("against it: %.0f %% of it are words that placeholders are made of", 100*v[fPlaceholder]))
	}
	if v[fTestPath] == 1 {
		said = append(said, "against it: the file is a test or an example")
	}
	return said
}
