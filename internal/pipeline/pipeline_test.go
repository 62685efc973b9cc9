package pipeline_test

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/bitbucket"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

func TestLinkLeavesOtherPlatformsAlone(t *testing.T) {
	if doc := pipeline.Link(&lint.Document{Platform: "kubernetes", Root: lint.NewObject(lint.Span{})}, nil); doc != nil {
		t.Errorf("got a document of %s", doc.Platform)
	}
}

// What a small file can ask for is bounded, and said.
func TestRepetitionsAreBounded(t *testing.T) {
	long := strings.Repeat("x $A_TOKEN ", 10_000)
	many := func(n int, item string) string { return strings.Repeat(item+", ", n) + item }
	tests := []struct {
		name  string
		parse pipelinetest.Parser
		path  string
		text  string
	}{
		{"commands that call others twice", circleci.Parse, ".circleci/config.yml", "version: 2.1\ncommands: {a: {steps: [a, a, a, a]}}\njobs: {b: {steps: [a]}}\n"},
		{"a long script, by a parameter", circleci.Parse, ".circleci/config.yml", "version: 2.1\njobs: {b: {parameters: {p: {default: '" + long + "'}}, steps: [" + many(500, "run: << parameters.p >> x") + "]}}\n"},
		{"a long script in each workflow", circleci.Parse, ".circleci/config.yml", "version: 2.1\nx: &s {run: '" + long + "'}\njobs: {b: {steps: [checkout]}}\nworkflows: {w: {jobs: [" + many(500, "b: {pre-steps: [*s], context: c}") + "]}}\n"},
		{"a long line of a script", bitbucket.Parse, "bitbucket-pipelines.yml", "x: &l '" + long + "'\npipelines: {default: [{step: {script: [" + many(1000, "*l") + "]}}]}\n"},
		{"a long value for pipes", bitbucket.Parse, "bitbucket-pipelines.yml", "x: &l '" + long + "'\npipelines: {default: [{step: {script: [" + many(1000, "{pipe: a/b, variables: {A: *l}}") + "]}}]}\n"},
		{"a long command", buildkite.Parse, ".buildkite/pipeline.yml", "x: &l '" + long + "'\nsteps: [{command: [" + many(1000, "*l") + "]}]\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := test.parse([]*lint.Source{{Path: test.path, Data: []byte(test.text)}})
			if len(docs) != 1 || len(findings) != 0 {
				t.Fatalf("got %d documents, findings %v", len(docs), findings)
			}
			if doc := pipeline.Link(docs[0], nil); !strings.Contains(pipelinetest.Told(t, doc), " gaps limit") {
				t.Error("nothing says that a part was left out")
			}
		})
	}
}
