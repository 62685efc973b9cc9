package gitlab

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/glob"
	"github.com/policyctl/policyctl/internal/lint"
	parse "github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// projectOf is the folder of the project that a file belongs to: sample trees are
// nested.
func projectOf(file string) string {
	for _, folder := range []string{"/.gitlab/", "/.gitlab-ci/", "/templates/"} {
		if i := strings.Index("/"+file, folder); i >= 0 {
			return strings.TrimPrefix(("/" + file)[:i], "/")
		}
	}
	return strings.TrimSuffix(path.Dir(file), ".")
}

// inclusion is one file that a definition includes.
type inclusion struct {
	kind   string // "local", "remote", "template", "project", "component" or "artifact"
	ref    *lint.Node
	whole  *lint.Node // the include as written
	inputs *lint.Node
}

// inclusions reads "include" in all its forms.
func inclusions(include *lint.Node) []inclusion {
	items := include.List()
	if include != nil && include.Kind != lint.List {
		items = []*lint.Node{include}
	}
	var all []inclusion
	for _, n := range items {
		e := inclusion{kind: "local", ref: n, whole: n}
		if strings.Contains(n.Text, "://") {
			e.kind = "remote"
		}
		for _, kind := range []string{"local", "remote", "template", "project", "component", "artifact"} {
			if ref := n.Get(kind); ref != nil {
				e.kind, e.ref, e.inputs = kind, ref, n.Get("inputs")
			}
		}
		all = append(all, e)
	}
	return all
}

// include merges a file with what it includes: first that, in its order, then the
// file itself. The way holds the files that include it.
func (g *collector) include(root *lint.Node, way []string) *lint.Node {
	var all *lint.Node
	for _, e := range inclusions(root.Get("include")) {
		if e.kind != "local" {
			g.elsewhere(e)
			continue
		}
		if present(e.whole.Get("rules")) {
			g.AddGap(e.ref.Span, "the file is included only under conditions; it was judged as if they held", "computed", model.Place{})
		}
		for _, src := range g.local(e) {
			all = overlay(all, g.file(e, src, way))
		}
	}
	return overlay(all, root)
}

// file reads an included file, with its inputs filled in.
func (g *collector) file(e inclusion, src *lint.Source, way []string) *lint.Node {
	if g.included++; g.included > maxIncludes {
		g.limited = true
		return nil
	}
	if slices.Contains(way, src.Path) {
		g.unread(e, "the file includes itself, and was read once", "limit")
		return nil
	}
	docs, findings := g.parse(src)
	if len(docs) == 0 || len(findings) > 0 {
		g.unread(e, "the included file is not wholly understood; what it adds may be incomplete", "syntax")
	}
	if len(docs) == 0 {
		return nil
	}
	root := g.interpolate(docs[0].Root, e.inputs)
	root = g.carry(root, lint.Step{Message: "included here", Span: e.ref.Span})
	return g.include(root, append(slices.Clip(way), src.Path))
}

// parse reads a file that another one names. What is wrong with it is reported here, unless
// it is read by itself as well.
func (g *collector) parse(src *lint.Source) ([]*lint.Document, []lint.Finding) {
	docs, findings := parse.Parse([]*lint.Source{src})
	told := func(f lint.Finding) bool { return f.Location.Path == src.Path }
	if !parse.Claims(src) && !slices.ContainsFunc(g.Findings, told) {
		g.Findings = append(g.Findings, findings...)
	}
	return docs, findings
}

func (g *collector) unread(e inclusion, what, why string) {
	g.open = true
	g.AddGap(e.ref.Span, what, why, model.Place{})
}

// local finds the files of a local include; a star stands for any within a
// folder, two for any below.
func (g *collector) local(e inclusion) []*lint.Source {
	name := strings.TrimPrefix(e.ref.Str(), "/")
	if name == "" || strings.Contains(name, "$") {
		g.unread(e, "the included file is known only when the pipeline is made; what it adds was not judged", "computed")
		return nil
	}
	var found []*lint.Source
	for _, file := range g.paths(name) {
		if src := g.files.Read(file); src != nil {
			found = append(found, src)
		}
	}
	if len(found) == 0 {
		g.unread(e, "the included file is not in this repository or cannot be read; what it adds was not judged", "remote")
	}
	return found
}

// paths gives the files that a local include may mean: those of the project's
// folder, or else of the repository.
func (g *collector) paths(name string) []string {
	name = path.Clean(name)
	if !strings.Contains(name, "*") {
		if inside := inFolder(g.project, name); g.files.Read(inside) != nil {
			return []string{inside}
		}
		return []string{name}
	}
	folder, _, _ := strings.Cut(name, "*")
	folder = folder[:strings.LastIndexByte(folder, '/')+1]
	pattern, err := glob.Parse(inFolder(g.project, name))
	if err != nil {
		return nil
	}
	files, all := g.files.Below(inFolder(g.project, folder))
	if !all {
		g.limited = true
	}
	return slices.DeleteFunc(files, func(file string) bool { return !pattern.File(file) })
}

// elsewhere notes an include that stands in no file of this repository.
func (g *collector) elsewhere(e inclusion) {
	g.open = true
	c := model.Component{At: e.ref.Span, Address: "include", Ref: model.TextOf(e.ref), Kind: "reusable", Pin: "unknown", Inputs: model.InputsOf(e.inputs)}
	version := e.whole.Get("ref").Str()
	switch name := e.ref.Text; e.kind {
	case "component":
		name, version, _ = strings.Cut(e.ref.Text, "@")
		c.Owner, c.Name = path.Dir(name), path.Base(name)
	case "project":
		c.Owner, c.Name = path.Dir(name), path.Base(name)
	case "template":
		c.Name, c.FirstParty = name, true
	default:
		c.Name = name
		if present(e.whole.Get("integrity")) {
			c.Pin = "digest"
		}
	}
	c.Name = strings.ToLower(c.Name)
	if e.kind == "component" || e.kind == "project" {
		c.Pin, c.Version = pinOf(version), version
	}
	if e.kind == "remote" && c.Pin == "unknown" || e.kind == "template" {
		c.Pin = "none"
	}
	g.Components = append(g.Components, c)
	p := model.Place{Address: "include", Component: c.Ref}
	g.variables(e.inputs, "inputs", nil, p.At("input"))
	g.AddGap(e.ref.Span, "the included "+e.kind+" stands in another place; what it adds was not judged", "remote", model.Place{})
}

// pinOf says how fixed a version is.
func pinOf(version string) string {
	switch {
	case strings.Contains(version, "$"):
		return "unknown"
	case version == "":
		return "none"
	case model.IsDigest(version):
		return "digest"
	case model.IsVersion(version):
		return "version"
	}
	return "branch"
}

// overlay lays b over a: mappings are merged at any depth, all else is replaced.
func overlay(a, b *lint.Node) *lint.Node {
	if a == nil || b == nil || !plainMap(a) || !plainMap(b) {
		if b == nil {
			return a
		}
		return b
	}
	all := *b
	all.Fields = slices.Clone(a.Fields)
	index := map[string]int{}
	for i, field := range all.Fields {
		index[field.Key] = i
	}
	for _, field := range b.Fields {
		i, known := index[field.Key]
		if !known {
			all.Fields = append(all.Fields, field)
			continue
		}
		all.Fields[i] = lint.Field{Key: field.Key, Span: field.Span, Value: overlay(all.Fields[i].Value, field.Value)}
	}
	return &all
}

// plainMap holds for mappings, but not for values with a tag.
func plainMap(n *lint.Node) bool {
	return n.Kind == lint.Object && (len(n.Fields) != 1 || n.Fields[0].Key != referenceTag)
}

// carry copies a value and notes on each word of it how it came here.
func (g *collector) carry(n *lint.Node, step lint.Step) *lint.Node {
	if g.left--; g.left < 0 {
		g.limited = true
		return n
	}
	moved := *n
	if model.IsScalar(n) {
		moved.Via = slices.Concat([]lint.Step{step}, n.Via)
		return &moved
	}
	moved.Items, moved.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range moved.Items {
		moved.Items[i] = g.carry(item, step)
	}
	for i, field := range moved.Fields {
		moved.Fields[i].Value = g.carry(field.Value, step)
	}
	return &moved
}
