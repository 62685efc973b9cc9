package scanner

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// ignored are findings that somebody said not to report, in the ways of
// gitleaks. Neither way holds unless the configuration says so: anybody can
// write a comment.
type ignored struct {
	comments     bool
	fingerprints map[string]bool // path:rule:line, or commit:path:rule:line
}

// comment marks a line whose findings gitleaks leaves out.
const comment = "gitleaks:allow"

// newIgnored reads a .gitleaksignore file, which may be nil.
func newIgnored(file *Gitleaks, comments bool) (ignored, error) {
	all := ignored{comments, map[string]bool{}}
	if file == nil {
		return all, nil
	}
	for i, line := range strings.Split(string(file.Data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, ":")
		number, err := strconv.Atoi(fields[len(fields)-1])
		if len(fields) < 3 || err != nil || number < 0 {
			return all, fmt.Errorf("%s:%d:1: want path:rule:line or commit:path:rule:line", file.Path, i+1)
		}
		all.fingerprints[plainly(line)] = true
	}
	return all, nil
}

// plainly writes a path with slashes, and what is in an archive as gitleaks does.
func plainly(path string) string { return strings.NewReplacer(`\`, "/", "!/", "!").Replace(path) }

// holds says whether what a rule found between two places is one of them.
func (g ignored) holds(src *lint.Source, rule string, start, end int) bool {
	if g.comments {
		line := lineAround(src.Data, between{start, max(start, end)})
		if bytes.Contains(src.Data[line.lo:line.hi], []byte(comment)) {
			return true
		}
	}
	if len(g.fingerprints) == 0 {
		return false
	}
	number := src.Position(start).Line
	if start == end { // the name of the file is what was found
		number = 0
	}
	fingerprint := fmt.Sprintf("%s:%s:%d", plainly(src.Path), rule, number)
	return g.fingerprints[fingerprint] || src.Commit != "" && g.fingerprints[src.Commit+":"+fingerprint]
}
