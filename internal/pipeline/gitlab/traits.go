package gitlab

import (
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Windows: "powershell", CarriesFiles: true,
	Outsiders: []string{
		"CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_DESCRIPTION", "CI_COMMIT_AUTHOR",
		"CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_TAG_MESSAGE", "CI_MERGE_REQUEST_TITLE", "CI_MERGE_REQUEST_DESCRIPTION", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
	},
	Holes: model.HolesBy(regex.Lazy(`\$\[\[[^\[\]]*\]\]`)),
}
