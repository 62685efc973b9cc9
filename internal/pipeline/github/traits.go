package github

import (
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Mechanisms: shell.Mechanisms{Logged: "github", Files: map[string]string{
		"$GITHUB_ENV": "env", "$GITHUB_OUTPUT": "output", "$GITHUB_STEP_SUMMARY": "log", "$GITHUB_PATH": "path", "$GITHUB_STATE": "drop",
	}},
	Masks:        []string{"base64", "to_json", "uri", "format", "join"},
	DropsOutputs: true,
	Outsiders:    []string{"GITHUB_HEAD_REF"},
	Changes:      []string{"GITHUB_HEAD_REF"},
	Windows:      "pwsh",
	Holes:        fences,
}

func fences(script string) []shell.Hole {
	var all []shell.Hole
	for _, f := range expression.Fences(script) {
		if f.Closed() {
			all = append(all, shell.Hole{Start: f.Start, End: f.End})
		}
	}
	return all
}
