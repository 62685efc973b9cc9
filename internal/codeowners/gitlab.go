package codeowners

import (
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// heading is ^[Section name][2] @default @owners.
var heading = regex.Lazy(`^(\^)?\[([^\]]+)\](?:\[(\d*)\])?(?:\s+(.*))?$`)

// heading begins a section, or goes on with one: names are compared without case.
// Behind a heading that cannot be read the section before goes on.
func (r *reader) heading(n int, text string) {
	found := heading().FindStringSubmatch(text)
	if found == nil || strings.TrimSpace(found[2]) == "" {
		r.report(n, "the heading of a section has the form [name][approvals] @owner; the line has no effect")
		return
	}
	r.section = r.named(strings.ToLower(strings.TrimSpace(found[2])))
	// A section is optional only if each of its headings says so.
	r.section.required = r.section.required || found[1] == ""
	owners, wrong := r.read(strings.Fields(found[4]))
	if wrong {
		r.report(n, "an owner is neither @user, @group nor an address; it is not asked")
	}
	r.defaults = owners
}

func (r *reader) named(name string) *section {
	for _, s := range r.owners.sections {
		if s.name == name {
			return s
		}
	}
	s := &section{name: name}
	r.owners.sections = append(r.owners.sections, s)
	r.rules++ // counts against the limit, as it costs as much
	return s
}
