package contract

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Catalog says which environments, teams and stores an organisation has. The zero
// Catalog knows none.
type Catalog struct {
	environments []catalogued
	Teams        map[string]Team
	Stores       map[string]Store
	Document     *lint.Document // nil for the zero Catalog
}

type catalogued struct {
	name, tier, role string
	match            map[string][]string // patterns, by platform
}

// Team is who answers for secrets.
type Team struct {
	Escalation string   // scheme:target
	Handles    []string // in CODEOWNERS; if none is said, those whose last part is the team's name
}

// Store is a place where secrets are kept.
type Store struct {
	Type, Address, Account, Region string
	Environment                    string // "" if it serves several
	Owner                          string // a team
	EncryptionKey                  string
	Audit                          string
	Span                           lint.Span // where it is declared
}

// CatalogFrom reads the document of a SecretCatalog.
func CatalogFrom(doc *lint.Document) Catalog {
	c := Catalog{Teams: map[string]Team{}, Stores: map[string]Store{}, Document: doc}
	spec := doc.Root.Get("spec")
	for _, field := range spec.Get("environments").Object() {
		known := catalogued{name: field.Key, tier: field.Value.Get("tier").Str(), role: field.Value.Get("role").Str(), match: map[string][]string{}}
		for _, platform := range field.Value.Get("match").Object() {
			known.match[platform.Key] = texts(platform.Value)
		}
		c.environments = append(c.environments, known)
	}
	for _, field := range spec.Get("teams").Object() {
		c.Teams[field.Key] = Team{field.Value.Get("escalation").Str(), texts(field.Value.Get("handles"))}
	}
	for _, field := range spec.Get("stores").Object() {
		text := func(keys ...string) string { return field.Value.Get(keys...).Str() }
		c.Stores[field.Key] = Store{
			Type: text("type"), Address: text("address"), Account: text("account"), Region: text("region"), Environment: text("environment"),
			Owner: text("owner"), EncryptionKey: text("encryption", "key"), Audit: text("audit"), Span: field.Span,
		}
	}
	return c
}

// Owns says whether a handle of CODEOWNERS stands for a team. A team without
// handles goes by its own name: @acme/payments is payments.
func (c Catalog) Owns(team, handle string) bool {
	if handles := c.Teams[team].Handles; len(handles) > 0 {
		return slices.ContainsFunc(handles, func(h string) bool { return strings.EqualFold(h, handle) })
	}
	return strings.EqualFold(path.Base(strings.TrimPrefix(handle, "@")), team)
}

// Role is the store role or database that dynamic credentials of an environment use.
func (c Catalog) Role(environment string) string {
	for _, known := range c.environments {
		if known.name == environment {
			return known.role
		}
	}
	return ""
}

// Environments lists the names of the environments, in the order of the file.
func (c Catalog) Environments() []string {
	var names []string
	for _, known := range c.environments {
		names = append(names, known.name)
	}
	return names
}

// Environment gives the environment that a platform knows under a name: an
// environment of a pipeline, a namespace, a folder, an account. It is "" if there
// is none. The first that matches wins; an environment without patterns for the
// platform matches its own name.
func (c Catalog) Environment(platform, name string) string {
	for _, known := range c.environments {
		patterns, said := known.match[platform]
		if !said && known.name == name || slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) }) {
			return known.name
		}
	}
	return ""
}

// Tier gives prod or nonprod, or "" for an environment that is not in the
// catalogue.
func (c Catalog) Tier(environment string) string {
	for _, known := range c.environments {
		if known.name == environment {
			return known.tier
		}
	}
	return ""
}

// matches says whether a pattern fits a name: * stands for a part of a segment,
// ** for any number of segments. fits[i] says whether the pattern so far fits the
// first i segments, so that no pattern costs more than its length times the name's.
func matches(pattern, name string) bool {
	segments := strings.Split(name, "/")
	fits := make([]bool, len(segments)+1)
	fits[0] = true
	for _, part := range strings.Split(pattern, "/") {
		next := make([]bool, len(fits))
		for i := range fits {
			switch {
			case part == "**":
				next[i] = fits[i] || i > 0 && next[i-1]
			case i > 0 && fits[i-1]:
				next[i], _ = path.Match(part, segments[i-1])
			}
		}
		fits = next
	}
	return fits[len(segments)]
}
