// Package pipeline turns the documents of CI platforms into one neutral shape,
// so that a policy about pipelines is written once. It decides nothing: it says
// which job and step gets which secret, where it goes, what outsiders control,
// which code from elsewhere runs. What a file calls, includes or runs is followed
// as far as it stands in the repository; the rest is a gap.
package pipeline

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// collectors read a native document into the model, by its platform.
var collectors = map[string]func(*lint.Document, Files) *Pipeline{
	"azure":         azurePipeline,
	"bitbucket":     bitbucketPipelines,
	"buildkite":     buildkitePipeline,
	"circleci":      circleCI,
	"githubactions": github,
	"gitlab":        gitlab,
	"jenkins":       jenkinsPipeline,
}

// Files gives the file of the repository at a path, nil if there is none that can
// be read. A path with a final slash gives the names in a folder, one a line, those
// of folders with a slash. A nil Files has none.
type Files func(path string) *lint.Source

func (f Files) read(path string) *lint.Source {
	if f == nil {
		return nil
	}
	return f(path)
}

// maxListed bounds the files that are looked at for a pattern.
const maxListed = 10_000

// below lists the files of a folder ("" or with a final slash) and of those in it,
// and says whether these are all.
func (f Files) below(folder string) (files []string, all bool) {
	folders := []string{folder}
	for len(folders) > 0 {
		folder, folders = folders[0], folders[1:]
		list := f.read(cmp.Or(folder, "./"))
		if list == nil {
			continue
		}
		for name := range strings.Lines(string(list.Data)) {
			name = folder + strings.TrimSuffix(name, "\n")
			switch {
			case len(files)+len(folders) >= maxListed:
				return files, false
			case strings.HasSuffix(name, "/"):
				folders = append(folders, name)
			default:
				files = append(files, name)
			}
		}
	}
	return files, true
}

// Platform is the platform of the neutral documents.
const Platform = "pipeline"

// Link gives the neutral document of a native one, or nil if its platform is no
// CI platform. Each value in it stands where its native value does.
func Link(doc *lint.Document, files Files) *lint.Document { return Components{}.Link(doc, files) }

// Link is Link with what a repository says of components.
func (t Components) Link(doc *lint.Document, files Files) *lint.Document {
	collect := collectors[doc.Platform]
	if collect == nil || doc.Root == nil {
		return nil
	}
	p := collect(doc, files)
	if p == nil {
		return nil // a Kubernetes object that is no pipeline
	}
	p.describe(t)
	p.follow(files)
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
