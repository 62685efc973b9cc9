package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

var (
	awkPrint    = regex.Lazy(`\bprintf?\b([^\n;}|>]*)`)
	awkEnviron  = regex.Lazy(`ENVIRON\["(\w+)"\]`)
	awkString   = regex.Lazy(`"(?:[^"\\]|\\.)*"`)
	awkPart     = regex.Lazy(`\b(?:substr|split|gsub|sub|gensub)\s*\(`)
	awkCase     = regex.Lazy(`\bto(?:upper|lower)\s*\(`)
	awkTold     = regex.Lazy(`\b(?:length|index|match)\s*\([^()]*\)|[=!<>~]=?`)
	awkVariable = regex.Lazy(`^([A-Za-z_]\w*)=`)
)

// awkPrints is what an awk program prints of its variables: those that -v sets, and those
// of the environment.
func (s *Session) awkPrints(c *call) output {
	given, program := map[string]Value{}, ""
	for i, a := range c.args {
		t := a.text()
		switch {
		case i > 0 && c.text(i-1) == "-v" || strings.HasPrefix(t, "-v") && len(t) > 2:
			v := a
			if strings.HasPrefix(t, "-v") {
				v = a.after(2)
			}
			if m := awkVariable().FindStringSubmatch(v.text()); m != nil {
				given[m[1]] = v.after(len(m[0]))
			}
		case program == "" && !strings.HasPrefix(t, "-") && (i == 0 || !slices.Contains([]string{"-F", "-f"}, c.text(i-1))):
			program = t
		}
	}
	var out output
	for _, m := range awkPrint().FindAllStringSubmatch(program, maxMentions) {
		words := awkEnviron().ReplaceAllStringFunc(m[1], func(named string) string {
			name := awkEnviron().FindStringSubmatch(named)[1]
			s.read(name)
			if held, ok := s.lookup(name); ok {
				given["ENVIRON_"+name] = held
			}
			return "ENVIRON_" + name
		})
		words = awkTold().ReplaceAllString(awkString().ReplaceAllString(words, " "), "=")
		if strings.Contains(words, "=") { // what is compared or counted tells nothing
			continue
		}
		how := ""
		if awkPart().MatchString(words) {
			how = "substring"
		} else if awkCase().MatchString(words) {
			how = "case"
		}
		for _, name := range identifier().FindAllString(words, maxPieces) {
			out.add(c.filtered(given[name], how))
		}
	}
	return out
}
