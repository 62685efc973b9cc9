package pipeline

import (
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of a platform that matter to where secrets go.
type traits struct {
	mechanisms shell.Mechanisms

	// masks are the encodings of a secret that the platform hides as well.
	masks []string

	// dropsOutputs says that an output of a job that holds what the platform hides
	// never reaches another job.
	dropsOutputs bool

	// windows is the shell of scripts that name none, on Windows.
	windows string

	// holes finds what the platform replaces in a script before it runs.
	holes func(script string) []shell.Hole

	// macro reads a hole that stands for a variable that scripts may have set: the
	// step that made it, "" if any, and its name.
	macro func(hole string) (step, name string)

	// envName is the name in the environment of a variable that a script set.
	envName func(name string) string
}

var traitsOf = map[string]traits{
	"githubactions": {
		mechanisms: shell.Mechanisms{Logged: "github", Files: map[string]string{
			"$GITHUB_ENV": "env", "$GITHUB_OUTPUT": "output", "$GITHUB_STEP_SUMMARY": "log", "$GITHUB_PATH": "drop", "$GITHUB_STATE": "drop",
		}},
		masks:        []string{"base64", "to_json", "uri", "format", "join"},
		dropsOutputs: true,
		windows:      "pwsh",
		holes:        fences,
	},
	"azure": {
		mechanisms: shell.Mechanisms{Logged: "azure"},
		masks:      []string{"to_json", "uri"},
		macro:      azureVariableOf,
		envName:    azureEnvironment,
	},
	"gitlab": {
		windows: "powershell",
		holes:   matched(regex.Lazy(`\$\[\[[^\[\]]*\]\]`)),
	},
	"circleci": {
		mechanisms: shell.Mechanisms{Files: map[string]string{"$BASH_ENV": "exports"}},
		holes:      matched(regex.Lazy(`<<\s*[\w.-]+\s*>>`)),
	},
	"bitbucket": {
		mechanisms: shell.Mechanisms{Files: map[string]string{"$BITBUCKET_PIPELINES_VARIABLES_PATH": "output"}},
	},
	"buildkite": {holes: buildkiteHoles},
	"jenkins":   {masks: []string{"base64", "format"}, windows: "cmd"},
	"tekton": {
		mechanisms: shell.Mechanisms{Results: regex.Lazy(`^(?:\$\((?:step\.)?results\.([\w.-]+)\.path\)|/tekton/results/([\w.-]+))$`)},
		holes:      matched(regex.Lazy(`\$\((?:params|results|step|steps|tasks|context|workspaces|inputs|outputs|finally)[.\[][^()]*\)`)),
	},
	"argo": {
		holes: matched(regex.Lazy(`\{\{[^{}]*\}\}`)),
	},
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

func matched(pattern func() *regexp.Regexp) func(string) []shell.Hole {
	return func(script string) []shell.Hole {
		var all []shell.Hole
		for _, m := range pattern().FindAllStringIndex(script, -1) {
			all = append(all, shell.Hole{Start: m[0], End: m[1]})
		}
		return all
	}
}

// uploaded finds what Buildkite replaces when a pipeline is uploaded. A sign that
// is written twice, or behind a backslash, is left to the shell.
var uploaded = regex.Lazy(`\$\$(?:\{[^}]*\}|\w*)|\\\$(?:\{[^}]*\}|\w*)|\$\{[^}]*\}|\$[A-Za-z_]\w*`)

func buildkiteHoles(script string) []shell.Hole {
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
