// Package pipeline turns the documents of CI platforms into one neutral shape,
// so that a policy about pipelines is written once. It decides nothing: it says
// which job and step gets which secret, what outsiders control, which code from
// elsewhere runs. It reads one file at a time and follows no call into another.
package pipeline

import (
	"reflect"

	"github.com/policyctl/policyctl/internal/lint"
)

// collectors read a native document into the model, by its platform.
var collectors = map[string]func(*lint.Document) *Pipeline{
	"githubactions": github,
}

// Platform is the platform of the neutral documents.
const Platform = "pipeline"

// Link gives the neutral document of a native one, or nil if its platform is no
// CI platform. Each value in it stands where its native value does.
func Link(doc *lint.Document) *lint.Document {
	collect := collectors[doc.Platform]
	if collect == nil || doc.Root == nil {
		return nil
	}
	p := collect(doc)
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
