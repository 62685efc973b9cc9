// Package regex delays what patterns cost. A process runs a few of the patterns
// of policyctl, and would compile all of them at its start.
package regex

import (
	"regexp"
	"sync"
)

// Lazy gives a pattern that is compiled when it is first asked for. One that does
// not compile panics then; a test compiles all of them.
func Lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
