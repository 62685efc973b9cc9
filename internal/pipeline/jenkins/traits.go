package jenkins

import "github.com/policyctl/policyctl/internal/pipeline/model"

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Masks: []string{"base64", "format"}, Windows: "cmd", SameMachine: true, MasksBlocks: true,
	Outsiders: []string{"CHANGE_TITLE", "CHANGE_BRANCH", "CHANGE_AUTHOR_DISPLAY_NAME", "ghprbPullTitle", "ghprbCommentBody", "ghprbSourceBranch", "gitlabMergeRequestTitle", "gitlabSourceBranch"},
}
