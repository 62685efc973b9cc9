package shell

import "github.com/policyctl/policyctl/internal/regex"

var (
	// environmentRead is how Python, JavaScript, Ruby, Perl and PHP read a variable
	// of the environment.
	environmentRead = regex.Lazy(`(?:environ(?:\.get)?\s*[\[(]\s*|getenv\s*\(\s*|ENV(?:\.fetch)?\s*[\[({]\s*|process\.env\s*\[\s*|_ENV\[)['"]?(\w+)|process\.env\.(\w+)`)
	// printed is a line of such a script that prints.
	printed = regex.Lazy(`(?m)\b(?:print|pprint|console\.(?:log|info|warn|error|debug)|puts|core\.(?:info|notice|warning|debug)|sys\.std(?:out|err)\.write)\b[^\n]*`)
)

// foreign reads a script in a language that is not followed: the variables that
// it names, and those that it prints as they are.
func (s *Session) foreign(u *unit) {
	s.report.Opaque = true
	if len(u.text) > MaxSize {
		s.unreadable(u, ErrSize)
		return
	}
	defer func(before bool) { s.likely = before }(s.likely)
	s.likely = true
	for _, m := range environmentRead().FindAllStringSubmatch(u.text, -1) {
		s.read(m[1] + m[2])
	}
	for _, line := range printed().FindAllStringIndex(u.text, -1) {
		s.foreignPrint(u, line[0], line[1])
	}
}

func (s *Session) foreignPrint(u *unit, start, end int) {
	var out []Value
	for _, m := range environmentRead().FindAllStringSubmatchIndex(u.text[start:end], -1) {
		from, to := max(m[2], m[4]), max(m[3], m[5])
		if v, ok := s.lookup(u.text[start+from : start+to]); ok {
			out = append(out, v.moved(u, start+from, start+to))
		}
	}
	for _, h := range u.holes {
		if h.Start >= start && h.End <= end && h.Value.Tainted() {
			out = append(out, h.Value.moved(u, h.Start, h.End))
		}
	}
	st := stream{{value: joined(out...), command: "print"}}
	if !u.script.Captured {
		s.log(st)
	}
}
