package pipeline

import (
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// circleTraits are the ways of the platform with secrets.
var circleTraits = Traits{
	Mechanisms: shell.Mechanisms{Files: map[string]string{"$BASH_ENV": "exports"}},
	Holes:      holesBy(regex.Lazy(`<<\s*[\w.-]+\s*>>`)),
}
