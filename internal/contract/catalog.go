package contract

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Catalog says which environments an organisation has, and under which names its
// platforms know them. The zero Catalog knows none.
type Catalog struct {
	Document     *lint.Document // the same with places; nil of the zero Catalog
	environments []catalogued
}

type catalogued struct {
	name, tier string
	match      map[string][]string // patterns, by platform
}

// CatalogFrom reads the document of a SecretCatalog.
func CatalogFrom(doc *lint.Document) Catalog {
	c := Catalog{Document: doc}
	for _, field := range doc.Root.Get("spec", "environments").Object() {
		known := catalogued{name: field.Key, tier: field.Value.Get("tier").Str(), match: map[string][]string{}}
		for _, platform := range field.Value.Get("match").Object() {
			known.match[platform.Key] = texts(platform.Value)
		}
		c.environments = append(c.environments, known)
	}
	return c
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
