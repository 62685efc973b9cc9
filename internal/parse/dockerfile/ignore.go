package dockerfile

import (
	"path"
	"regexp"
	"strings"
)

// ignoring are the lines of a .dockerignore. As in Docker, they begin at the root of the
// context, a line that matches a folder stands for all below it, and the last that matches
// decides.
type ignoring []rule

type rule struct {
	again   bool // takes in what lines before left out
	matches *regexp.Regexp
}

// ignored reads a .dockerignore. Lines that Docker would refuse leave out nothing.
func ignored(text string) ignoring {
	var rules ignoring
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		line, again := strings.CutPrefix(line, "!")
		line = strings.TrimPrefix(path.Clean(strings.TrimSpace(line)), "/")
		if matches, err := regexp.Compile(expression(line)); err == nil {
			rules = append(rules, rule{again, matches})
		}
	}
	return rules
}

// expression writes a pattern as an expression: * and ? match within a name, ** any
// number of folders.
func expression(pattern string) string {
	var e strings.Builder
	e.WriteString("^")
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "**"):
			i++
			if i+1 < len(pattern) && pattern[i+1] == '/' {
				i++
			}
			if i+1 == len(pattern) {
				e.WriteString(".*")
			} else {
				e.WriteString("(?:.*/)?")
			}
		case c == '*':
			e.WriteString("[^/]*")
		case c == '?':
			e.WriteString("[^/]")
		case c == '[' || c == ']' || c == '^' || c == '-':
			e.WriteByte(c)
		case c == '\\' && i+1 < len(pattern):
			i++
			e.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		case c < 0x80:
			e.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		default:
			e.WriteByte(c)
		}
	}
	return e.String() + "$"
}

// ignores says whether a file is left out, by its own name or that of a folder above it.
func (rules ignoring) ignores(file string) bool {
	for i := len(rules) - 1; i >= 0; i-- {
		for name := file; name != "."; name = path.Dir(name) {
			if rules[i].matches.MatchString(name) {
				return !rules[i].again
			}
		}
	}
	return false
}
