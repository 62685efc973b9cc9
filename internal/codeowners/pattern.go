package codeowners

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// pattern is what the names of a path are compared with, one by one. The element
// "**" stands for any number of names.
type pattern []element

type element struct {
	text string
	glob bool // text has wildcards
	any  bool // "**"
}

var (
	anyNames = element{any: true}
	anyName  = element{text: "*", glob: true}
)

// maxPattern is longer than any path that people write.
const maxPattern = 1000

// compile reads a pattern. Package glob is not used for it: there braces choose,
// and here they are text.
func compile(text string, dialect Dialect) (pattern, error) {
	trimmed := strings.Trim(text, "/")
	switch {
	case len(text) > maxPattern:
		return nil, errors.New("a pattern is longer than any path")
	case dialect == GitHub && text[0] == '!':
		return nil, errors.New("GitHub knows no pattern that begins with \"!\"")
	case dialect == GitHub && strings.HasPrefix(text, "\\#"):
		return nil, errors.New("GitHub knows no pattern that begins with \"\\#\"")
	case dialect == GitHub && strings.Contains(text, "["):
		return nil, errors.New("GitHub knows no ranges in brackets")
	case trimmed == "":
		return nil, errors.New("a pattern names no file")
	}
	var p pattern
	for part := range strings.SplitSeq(trimmed, "/") {
		e, err := compileElement(part)
		if err != nil {
			return nil, err
		}
		p = append(p, e)
	}
	if dialect == GitLab {
		return gitLabPattern(text, p), nil
	}
	return gitHubPattern(text, p), nil
}

func compileElement(part string) (element, error) {
	if part == "" {
		return element{}, errors.New("a pattern has two slashes in a row")
	}
	if part == "**" {
		return anyNames, nil
	}
	part = strings.ReplaceAll(part, "[!", "[^") // as Ruby and Go write it
	if _, err := path.Match(part, ""); err != nil {
		return element{}, errors.New("a pattern ends within brackets or behind a backslash")
	}
	if strings.ContainsAny(part, "*?[") {
		return element{text: part, glob: true}, nil
	}
	return element{text: unescape(part)}, nil
}

func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// gitHubPattern follows gitignore: a slash that is not the last character ties a
// pattern to the root, what matches a directory matches everything in it, and a
// final slash asks for a directory. Other than there, docs/* stays in docs.
func gitHubPattern(text string, p pattern) pattern {
	if !strings.Contains(strings.TrimSuffix(text, "/"), "/") {
		p = append(pattern{anyNames}, p...)
	}
	last := p[len(p)-1]
	switch {
	case last.any || strings.HasSuffix(text, "/"):
		return append(p, anyNames, anyName)
	case last == anyName:
		return p
	}
	return append(p, anyNames)
}

// gitLabPattern: without a slash in front a pattern begins anywhere, and only a
// final slash asks for everything in a directory. A final "**" is a "*".
func gitLabPattern(text string, p pattern) pattern {
	if last := len(p) - 1; p[last].any && !strings.HasSuffix(text, "/") {
		p[last] = anyName
	}
	if text[0] != '/' {
		p = append(pattern{anyNames}, p...)
	}
	if strings.HasSuffix(text, "/") {
		p = append(p, anyNames, anyName)
	}
	return p
}

// matches tries the shortest run of names for each "**" first, and goes back to
// the last one only: that is enough, and no pattern costs more than its length
// times that of the path.
func (p pattern) matches(names []string) bool {
	i, retry, from := 0, -1, 0
	for n := 0; n < len(names); {
		switch {
		case i < len(p) && p[i].any:
			i, retry, from = i+1, i+1, n
		case i < len(p) && p[i].matches(names[n]):
			i, n = i+1, n+1
		case retry >= 0:
			from++
			i, n = retry, from
		default:
			return false
		}
	}
	return !slices.ContainsFunc(p[i:], func(e element) bool { return !e.any })
}

func (e element) matches(name string) bool {
	if !e.glob {
		return e.text == name
	}
	matched, _ := path.Match(e.text, name)
	return matched
}
