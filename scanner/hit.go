package scanner

import "github.com/policyctl/policyctl/internal/lint"

// hit is a place where a rule found a value.
type hit struct {
	id         string    // of the rule, without "secret/"
	span       lint.Span // of the value, in bytes of the source
	value      secret    // decoded, if it is encoded in the file
	confidence float64   // 0 to 1: how sure it is that this is a credential
	evidence   []string  // why, in words for people, without the value
}
