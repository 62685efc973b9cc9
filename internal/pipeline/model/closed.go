package model

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// AddClosed notes the inputs or parameters of a definition that a closed list or their
// type leaves nobody a text for.
func (p *Pipeline) AddClosed(declared *lint.Node) {
	for _, field := range declared.Object() {
		p.addClosed(field.Key, field.Value)
	}
	for _, item := range declared.List() {
		p.addClosed(item.Get("name").Str(), item)
	}
}

func (p *Pipeline) addClosed(name string, declared *lint.Node) {
	if name != "" && isClosed(declared) && len(p.Closed) < MaxExposures {
		p.Closed = append(p.Closed, strings.ToLower(name))
	}
}

func isClosed(declared *lint.Node) bool {
	if slices.Contains([]string{"boolean", "number", "integer", "choice", "environment"}, declared.Get("type").Str()) {
		return true
	}
	for _, list := range []string{"options", "values", "enum"} {
		if len(declared.Get(list).List()) > 0 {
			return true
		}
	}
	pattern := declared.Get("regex").Str() // that all of the text must match
	return strings.HasPrefix(pattern, "^") && strings.HasSuffix(pattern, "$") && !strings.Contains(pattern, ".*") && !strings.Contains(pattern, ".+")
}
