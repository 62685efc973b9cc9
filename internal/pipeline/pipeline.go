// Package pipeline turns the documents of CI platforms into one neutral shape,
// so that a policy about pipelines is written once. It decides nothing: it says
// which job and step gets which secret, where it goes, what outsiders control,
// which code from elsewhere runs. What a file calls, includes or runs is followed
// as far as it stands in the repository; the rest is a gap.
package pipeline

import (
	"reflect"

	"github.com/policyctl/policyctl/internal/lint"
)

// collectors read a native document into the model, by its platform.
var collectors = map[string]func(*lint.Document, Files) *Pipeline{
	"githubactions": github,
	"jenkins":       jenkinsPipeline,
}

// Files gives the file of the repository at a path, nil if there is none that can
// be read. A nil Files has none.
type Files func(path string) *lint.Source

func (f Files) read(path string) *lint.Source {
	if f == nil {
		return nil
	}
	return f(path)
}

// Platform is the platform of the neutral documents.
const Platform = "pipeline"

// Link gives the neutral document of a native one, or nil if its platform is no
// CI platform. Each value in it stands where its native value does.
func Link(doc *lint.Document, files Files) *lint.Document {
	collect := collectors[doc.Platform]
	if collect == nil || doc.Root == nil {
		return nil
	}
	p := collect(doc, files)
	if p == nil {
		return nil // a Kubernetes object that is no pipeline
	}
	linked := &lint.Document{Platform: Platform, Path: doc.Path, Root: node(reflect.ValueOf(*p))}
	for _, gap := range p.Gaps {
		location := gap.At.Location()
		if gap.At.Source == nil {
			location.Path = doc.Path
		}
		linked.Gaps = append(linked.Gaps, lint.Gap{Location: location, Message: gap.What})
	}
	return linked
}
