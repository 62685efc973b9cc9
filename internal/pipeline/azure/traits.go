package azure

import (
	"strings"

	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Mechanisms: shell.Mechanisms{Logged: "azure"},
	Masks:      []string{"to_json", "uri"},
	Macro:      variableOf,
	Outsiders:  []string{"BUILD_SOURCEVERSIONMESSAGE", "BUILD_SOURCEVERSIONAUTHOR", "SYSTEM_PULLREQUEST_SOURCEBRANCH"},
	EnvName:    environmentName,
}

// variableOf reads $(name) and $(step.name).
func variableOf(hole string) (step, name string) {
	name, ok := strings.CutPrefix(hole, "$(")
	if !ok {
		return "", ""
	}
	name = strings.TrimSuffix(name, ")")
	if before, after, found := strings.Cut(name, "."); found {
		return before, after
	}
	return "", name
}
