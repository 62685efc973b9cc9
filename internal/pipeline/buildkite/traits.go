package buildkite

import (
	"strings"

	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{Holes: holesIn, Outsiders: []string{"BUILDKITE_MESSAGE", "BUILDKITE_BUILD_AUTHOR", "BUILDKITE_BRANCH"}}

// uploaded finds what Buildkite replaces when a pipeline is uploaded. A sign that
// is written twice, or behind a backslash, is left to the shell.
var uploaded = regex.Lazy(`\$\$(?:\{[^}]*\}|\w*)|\\\$(?:\{[^}]*\}|\w*)|\$\{[^}]*\}|\$[A-Za-z_]\w*`)

func holesIn(script string) []shell.Hole {
	var all []shell.Hole
	for _, m := range uploaded().FindAllStringIndex(script, -1) {
		text := script[m[0]:m[1]]
		if strings.HasPrefix(text, "$$") || text[0] == '\\' {
			all = append(all, shell.Hole{Start: m[0], End: m[0] + 1, Value: shell.Literal("")})
			continue
		}
		all = append(all, shell.Hole{Start: m[0], End: m[1]})
	}
	return all
}
