// Package pipeline turns the documents of CI platforms into one neutral shape,
// so that a policy about pipelines is written once. It decides nothing: it says
// which job and step gets which secret, where it goes, what outsiders control,
// which code from elsewhere runs. What a file calls, includes or runs is followed
// as far as it stands in the repository; the rest is a gap.
package pipeline

import (
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/azure"
	"github.com/policyctl/policyctl/internal/pipeline/bitbucket"
	"github.com/policyctl/policyctl/internal/pipeline/buildkite"
	"github.com/policyctl/policyctl/internal/pipeline/circleci"
	"github.com/policyctl/policyctl/internal/pipeline/github"
	"github.com/policyctl/policyctl/internal/pipeline/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline/jenkins"
	"github.com/policyctl/policyctl/internal/pipeline/kubernetes"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collectors read a native document into the model, by its platform.
var collectors = map[string]func(*lint.Document, model.Files) *model.Pipeline{
	"azure":         azure.Collect,
	"bitbucket":     bitbucket.Collect,
	"buildkite":     buildkite.Collect,
	"circleci":      circleci.Collect,
	"githubactions": github.Collect,
	"gitlab":        gitlab.Collect,
	"jenkins":       jenkins.Collect,
	"kubernetes":    kubernetes.Collect,
}

// Platform is the platform of the neutral documents.
const Platform = "pipeline"

// Link gives the neutral document of a native one, or nil if its platform is no
// CI platform. Each value in it stands where its native value does.
func Link(doc *lint.Document, files model.Files) *lint.Document { return Components{}.Link(doc, files) }

// Link is Link with what a repository says of components.
func (t Components) Link(doc *lint.Document, files model.Files) *lint.Document {
	collect := collectors[doc.Platform]
	if collect == nil || doc.Root == nil {
		return nil
	}
	p := collect(doc, files)
	if p == nil {
		return nil // a Kubernetes object that is no pipeline
	}
	t.called(p, doc.Path, files)
	describe(p, t)
	follow(p, files)
	t.followOutsiders(p, files)
	for i := range p.Gaps {
		if p.Gaps[i].At.Source == nil { // a limit of the whole
			p.Gaps[i].At = p.At
		}
	}
	linked := &lint.Document{Platform: Platform, Path: doc.Path, Name: doc.Name, Root: p.Node(), Findings: p.Findings}
	localize(linked.Root)
	for _, gap := range p.Gaps {
		location := gap.At.Location()
		if gap.At.Source == nil {
			location.Path = doc.Path
		}
		linked.Gaps = append(linked.Gaps, lint.Gap{Location: location, Message: gap.What, Cut: gap.Cut})
	}
	return linked
}
