package draft

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	form "github.com/policyctl/policyctl/internal/parse/contract"
)

// catalogFile is where a repository's catalogue is looked for first.
const catalogFile = ".policyctl/catalog.yaml"

// proposal is a catalogue for a repository that has none.
type proposal struct {
	file    *File
	catalog contract.Catalog
	unsure  []string
	match   map[string]map[string][]string // patterns, by environment and platform
}

// propose finds the environments that platforms name, and the teams that own
// files.
func propose(g *graph.Graph, o Options) *proposal {
	p := &proposal{match: map[string]map[string][]string{}}
	p.pipelines(g)
	p.namespaces(g)
	p.folders(g)
	text := p.text(teams(g, o))
	if text == "" {
		return p
	}
	if !o.Taken(catalogFile) {
		p.file = &File{catalogFile, text}
	}
	docs, _ := form.Parse([]*lint.Source{{Path: catalogFile, Data: []byte(text)}})
	for _, doc := range docs {
		p.catalog = contract.CatalogFrom(doc)
	}
	slices.Sort(p.unsure)
	p.unsure = slices.Compact(p.unsure)
	return p
}

func (p *proposal) add(environment, platform, pattern string) {
	if p.match[environment] == nil {
		p.match[environment] = map[string][]string{}
	}
	if !slices.Contains(p.match[environment][platform], pattern) {
		p.match[environment][platform] = append(p.match[environment][platform], pattern)
	}
}

// own is the environment of a name that tells none: one of its own, which nobody
// knows to be production.
func (p *proposal) own(name string) string {
	environment := label(words(name))
	p.unsure = append(p.unsure, environment)
	return environment
}

func (p *proposal) pipelines(g *graph.Graph) {
	scopes := map[string]bool{}
	for _, u := range g.Uses {
		scopes[u.Scope] = scopes[u.Scope] || u.Platform == "github"
	}
	for _, s := range g.Supplies {
		if scope, _, scoped := strings.Cut(strings.TrimPrefix(s.Slot, "github-secret:"), "/"); scoped && s.Platform == "github" {
			scopes[scope] = true
		}
	}
	for _, scope := range slices.Sorted(keys(scopes)) {
		if scope != "" && scopes[scope] && len(words(scope)) > 0 {
			p.add(cmp.Or(environmentOf(scope), p.ownIf(environmentOf(scope) == "", scope)), "github", scope)
		}
	}
	p.names(g)
}

// names finds environments that have secrets of their own by name alone:
// PROD_KEY beside STAGING_KEY.
func (p *proposal) names(g *graph.Graph) {
	told := map[string]map[string]bool{}
	for _, u := range g.Uses {
		if environment := environmentOf(u.Name); u.Platform == "github" && environment != "" {
			key := strings.Join(without(u.Name), "_")
			if told[key] == nil {
				told[key] = map[string]bool{}
			}
			told[key][environment] = true
		}
	}
	for _, environments := range told {
		for environment := range environments {
			if len(environments) > 1 && p.match[environment] == nil {
				p.match[environment] = map[string][]string{}
			}
		}
	}
}

func (p *proposal) ownIf(needed bool, name string) string {
	if !needed {
		return ""
	}
	return p.own(name)
}

// namespaces gives each namespace its environment: the one its name tells, or the
// folder of its manifests. One beside which there is a namespace of the same name
// for tests is production.
func (p *proposal) namespaces(g *graph.Graph) {
	told := map[string]string{} // by namespace, "" if nothing tells it
	note := func(slot string, at lint.Span) {
		whole, isSecret := strings.CutPrefix(slot, "k8s-secret:")
		if csi, isCSI := strings.CutPrefix(slot, "k8s-csi:"); isCSI {
			whole, isSecret = csi, true
		}
		namespace, _, _ := strings.Cut(whole, "/")
		if !isSecret || namespace == unnamed {
			return
		}
		told[namespace] = cmp.Or(told[namespace], environmentOf(namespace), environmentOf(folder(at)))
	}
	for _, u := range g.Uses {
		if u.Platform == "kubernetes" {
			note(u.Slot, u.At)
		}
	}
	for _, s := range g.Supplies {
		note(s.Slot, s.At)
	}
	for _, namespace := range slices.Sorted(keys(told)) {
		environment := cmp.Or(told[namespace], sibling(namespace, told))
		p.add(cmp.Or(environment, p.ownIf(environment == "", namespace)), "kubernetes", namespace)
	}
}

func folder(at lint.Span) string {
	file := at.Location().Path
	return file[:max(0, strings.LastIndexByte(file, '/'))]
}

// sibling is prod where another namespace is the same but for a word that tells
// another environment.
func sibling(namespace string, all map[string]string) string {
	for other := range all {
		if environmentOf(other) != "" && slices.Equal(without(other), words(namespace)) {
			return "prod"
		}
	}
	return ""
}

// folders gives the folders of infrastructure code their environments: all that
// is below the folder that tells it.
func (p *proposal) folders(g *graph.Graph) {
	var slots []string
	for _, o := range g.Objects {
		slots = append(slots, o.Slot)
	}
	for _, r := range g.Rotations {
		slots = append(slots, r.Slot)
	}
	slices.Sort(slots)
	for _, slot := range slots {
		parts := strings.Split(folderOf(slot), "/")
		i := slices.IndexFunc(parts, func(part string) bool { return environmentOf(part) != "" })
		if i >= 0 && strings.HasPrefix(slot, "tf:") {
			p.add(environmentOf(parts[i]), "terraform", strings.Join(append(parts[:i+1:i+1], "**"), "/"))
		}
	}
}

// text is the file; "" if there is nothing to say.
func (p *proposal) text(teams map[string][]string) string {
	if len(p.match)+len(teams) == 0 {
		return ""
	}
	var y yaml
	y.line(0, "apiVersion: policyctl.dev/v1")
	y.line(0, "kind: SecretCatalog")
	y.line(0, "metadata: {name: catalog}")
	y.line(0, "spec:")
	if len(teams) > 0 {
		y.line(1, "teams:")
	}
	for _, team := range slices.Sorted(maps.Keys(teams)) {
		if len(teams[team]) == 0 {
			y.line(2, quoted(team)+": {}")
			continue
		}
		y.line(2, quoted(team)+": {handles: "+flow(teams[team])+"}")
	}
	if len(p.match) > 0 {
		y.line(1, "environments:")
	}
	for _, environment := range slices.Sorted(maps.Keys(p.match)) {
		tier := "nonprod"
		if environment == "prod" {
			tier = "prod"
		}
		y.line(2, environment+":")
		y.line(3, "tier: "+tier)
		if len(p.match[environment]) > 0 {
			y.line(3, "match: "+references(p.match[environment]))
		}
	}
	return y.String()
}
