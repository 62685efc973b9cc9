package circleci

import (
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Outsiders:  []string{"CIRCLE_BRANCH"},
	Mechanisms: shell.Mechanisms{Files: map[string]string{"$BASH_ENV": "exports"}},
	Holes:      model.HolesBy(regex.Lazy(`<<\s*[\w.-]+\s*>>`)),
}
