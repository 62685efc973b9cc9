package dockerfile

import (
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// ignoring are patterns of a .dockerignore or of --exclude, read and matched by what Docker
// itself reads and matches them with. They are for one goroutine; nil leaves out nothing.
type ignoring struct{ *patternmatcher.PatternMatcher }

// ignored reads a .dockerignore. Lines that Docker would refuse leave out nothing.
func ignored(text string) ignoring {
	lines, _ := ignorefile.ReadAll(strings.NewReader(text)) // up to one that is too long
	lines = slices.DeleteFunc(lines, func(line string) bool {
		_, err := patternmatcher.New([]string{line})
		return err != nil
	})
	m, err := patternmatcher.New(lines)
	if err != nil {
		return ignoring{}
	}
	return ignoring{m}
}

// ignores says whether a file is left out, by its own name or that of a folder above it.
func (rules ignoring) ignores(file string) bool {
	if rules.PatternMatcher == nil {
		return false
	}
	left, err := rules.MatchesOrParentMatches(file)
	return left && err == nil
}
