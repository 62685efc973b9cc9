package bitbucket

import (
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	CarriesFiles: true,
	Outsiders:    []string{"BITBUCKET_BRANCH", "BITBUCKET_BOOKMARK"},
	Mechanisms:   shell.Mechanisms{Files: map[string]string{"$BITBUCKET_PIPELINES_VARIABLES_PATH": "output"}},
}
