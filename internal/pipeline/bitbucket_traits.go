package pipeline

import "github.com/policyctl/policyctl/internal/shell"

// bitbucketTraits are the ways of the platform with secrets.
var bitbucketTraits = Traits{
	Mechanisms: shell.Mechanisms{Files: map[string]string{"$BITBUCKET_PIPELINES_VARIABLES_PATH": "output"}},
}
