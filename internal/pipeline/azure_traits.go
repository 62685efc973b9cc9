package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/shell"
)

// azureTraits are the ways of the platform with secrets.
var azureTraits = Traits{
	Mechanisms: shell.Mechanisms{Logged: "azure"},
	Masks:      []string{"to_json", "uri"},
	Macro:      azureVariableOf,
	EnvName:    azureEnvironment,
}

// azureVariableOf reads $(name) and $(step.name).
func azureVariableOf(hole string) (step, name string) {
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
