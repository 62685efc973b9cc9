package pipeline

import (
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// mention is where a script names a variable first.
type mention struct {
	name string
	at   lint.Span
}

var (
	named = regexp.MustCompile(`\$(?:\{[#!]?)?(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)`)
	given = regexp.MustCompile(`(?:^|[^A-Za-z0-9_{.$-])([A-Za-z_][A-Za-z0-9_]*)\+?=(\S*)|\$(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)\s+=\s|\bread(?:\s+-\w+)*\s+([A-Za-z_][A-Za-z0-9_]*)|\bfor\s+([A-Za-z_][A-Za-z0-9_]*)\s+in\b`)
)

// mentions finds the variables that a script names and whose names promise a
// credential. What the shell makes of them is told elsewhere.
func mentions(script Text) []mention {
	var all []mention
	seen := map[string]bool{}
	var src source
	for _, m := range named.FindAllStringSubmatchIndex(script.Value, -1) {
		name := script.Value[m[2]:m[3]]
		if seen[name] || escaped(script.Value, m[0]) || !lint.SecretName(name) {
			continue
		}
		seen[name] = true
		if src.offsets == nil {
			src = newSource(script)
		}
		end := m[3]
		if strings.HasPrefix(script.Value[m[0]:], "${") && strings.HasPrefix(script.Value[end:], "}") {
			end++
		}
		all = append(all, mention{name, src.part(m[0], end)})
	}
	return all
}

// escaped holds for a dollar sign that is quoted, or the second of two.
func escaped(s string, at int) bool {
	return at > 0 && (s[at-1] == '\\' || s[at-1] == '$')
}

// assigns says which variables a script gives a value, other than by their own:
// those do not come from outside.
func assigns(script string, into map[string]bool) {
	for _, m := range given.FindAllStringSubmatch(script, -1) {
		for _, name := range []string{m[1], m[3], m[4], m[5]} {
			if name != "" && !strings.Contains(m[2], "$"+name) && !strings.Contains(m[2], "${"+name) {
				into[name] = true
			}
		}
	}
}

// whole is the variable that a value consists of: "$NAME" or "${NAME}".
func whole(value string) (name string, ok bool) {
	m := onlyVariable.FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

var onlyVariable = regexp.MustCompile(`^\s*\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})\s*$`)
