package gate

import (
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/suggest"
)

// meant gives `, did you mean "..."?` for the option that is nearest to a name,
// or nothing if none is near. A rule may be meant without its kind.
func meant(name string, options []string) string {
	best := suggest.Nearest(name, options)
	for _, option := range options {
		if strings.HasSuffix(option, "/"+name) {
			best = option
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}
