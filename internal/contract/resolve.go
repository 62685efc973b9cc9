package contract

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// The kinds of documents that take part, as their authors write them.
const (
	contractKind = "SecretContract"
	classKind    = "SecretClass"
	defaultsKind = "SecretDefaults"
	catalogKind  = "SecretCatalog"
)

// Set is everything that a repository declares about its secrets.
type Set struct {
	Contracts []Effective // sorted by file and place
	Catalog   Catalog
	Findings  []lint.Finding // what the documents say of each other and does not hold
	classes   map[string]*class
}

// Effective is a contract with what its class and the defaults of its folders
// add.
type Effective struct {
	Written  *lint.Document // as it stands in its file
	Document *lint.Document // the same shape, filled
	Origins  map[string]Origin
	class    *class // nil if there is none of that name
	layers   []layer
}

// layer is a document from which a contract takes fields.
type layer struct {
	spec *lint.Node
	from Origin
	file string
}

// Inherits says whether a document takes part: it cannot be judged before all
// others of its kind are read.
func Inherits(doc *lint.Document) bool {
	return slices.Contains([]string{"contract", "class", "defaults", "catalog", "incident"}, doc.Platform)
}

// Shared says whether a document holds for many contracts, and is no contract.
func Shared(doc *lint.Document) bool {
	return slices.Contains([]string{"class", "defaults", "catalog"}, doc.Platform)
}

// Reach gives the folder that defaults hold for; false for all other documents.
func Reach(doc *lint.Document) (folder string, holds bool) {
	folder, holds = reach(doc.Path)
	return folder, holds && doc.Platform == "defaults"
}

// Resolve joins documents: the class's defaults, then those of folders from the
// root inwards, then the contract itself. Limits of classes hold for what comes
// out. now decides which limits are in force.
func Resolve(docs []*lint.Document, now time.Time) Set {
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b *lint.Document) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Root.Span.Start-b.Root.Span.Start)
	})
	r := resolver{now: now.UnixNano(), byKind: map[string][]*lint.Document{}}
	for _, doc := range docs {
		r.byKind[doc.Platform] = append(r.byKind[doc.Platform], doc)
	}
	r.places()
	if catalogs := r.byKind["catalog"]; len(catalogs) > 0 {
		r.catalog = CatalogFrom(catalogs[0])
	}
	r.classes = classes(r.byKind["class"])
	for _, doc := range r.byKind["contract"] {
		r.contracts = append(r.contracts, r.effective(doc))
	}
	r.check()
	return Set{Contracts: r.contracts, Catalog: r.catalog, Findings: r.findings, classes: r.classes}
}

type resolver struct {
	now       int64
	byKind    map[string][]*lint.Document // by platform
	catalog   Catalog
	classes   map[string]*class
	contracts []Effective
	findings  []lint.Finding
}

// effective fills a contract.
func (r *resolver) effective(written *lint.Document) Effective {
	e := Effective{Written: written}
	named := written.Root.Get("spec", "class")
	e.class = r.classes[named.Str()]
	if e.class != nil {
		for _, doc := range e.class.defaults {
			from := Origin{Kind: classKind, Name: doc.Name, BuiltIn: e.class.builtIn, At: doc.Root.Span}
			if from.BuiltIn {
				from.Name, from.At = e.class.name, named.Span
			}
			e.layers = append(e.layers, layer{doc.Root.Get("spec", "defaults"), from, doc.Path})
		}
	}
	e.layers = append(e.layers, r.defaultsOf(written)...)
	e.layers = append(e.layers, layer{written.Root.Get("spec"), Origin{Kind: contractKind, Name: written.Name}, written.Path})
	m := e.merge()
	if e.class != nil {
		for i := range e.class.limits {
			if l := &e.class.limits[i]; l.inForce(m.spec, r.now) {
				l.tighten(m)
			}
		}
	}
	e.Origins = m.origins
	e.Document = r.filled(&e, m.spec)
	return e
}

// merge lays the layers over each other. A lifetime of another kind than the
// class has in mind makes its ttl and interval meaningless.
func (e *Effective) merge() *merged {
	m := &merged{origins: map[string]Origin{}}
	kind := ""
	for _, l := range e.layers {
		if l.from.Kind != classKind {
			kind = cmp.Or(l.spec.Get("lifetime", "kind").Str(), kind)
		}
	}
	for _, l := range e.layers {
		m.apply(l.spec, l.from)
		if l.from.Kind == classKind && kind != "" && kind != m.spec.Get("lifetime", "kind").Str() {
			m.drop("lifetime", "kind", "ttl", "maxTtl")
			m.drop("rotation", "interval")
			m.drop("renewal", "method")
		}
	}
	return m
}

// defaultsOf are the SecretDefaults that reach a contract, the outermost first.
func (r *resolver) defaultsOf(contract *lint.Document) []layer {
	var all []layer
	for _, doc := range r.byKind["defaults"] {
		if folder, holds := reach(doc.Path); holds && covers(folder, contract.Path) {
			all = append(all, layer{doc.Root.Get("spec"), Origin{Kind: defaultsKind, Name: doc.Name, At: doc.Root.Span}, doc.Path})
		}
	}
	slices.SortStableFunc(all, func(a, b layer) int {
		return strings.Count(path.Dir(a.file), "/") - strings.Count(path.Dir(b.file), "/")
	})
	return all
}

// filled is the document that policies see: the written one with the effective
// spec, and beside it what the rest of the repository says of its words.
//
//	class   {name, builtin, alternative: {class, when}}; absent if there is no such class
//	team    {name, escalation}; absent if the catalogue does not know the owner
//	looked  files and classes that were searched for fields
//	origin  {path below spec: {kind, name, file, line, builtin}} of fields that others set
func (r *resolver) filled(e *Effective, spec *lint.Node) *lint.Document {
	doc := *e.Written
	doc.Root = lint.NewObject(e.Written.Root.Span)
	for _, field := range e.Written.Root.Fields {
		if field.Key == "spec" {
			field.Value = spec
		}
		doc.Root.Fields = append(doc.Root.Fields, field)
	}
	r.environments(spec)
	set := func(key string, value *lint.Node) {
		if value != nil {
			doc.Root.Set(key, lint.Span{}, value)
		}
	}
	set("class", e.class.node())
	set("team", r.team(spec))
	set("looked", e.looked())
	set("origin", e.originNode())
	return &doc
}

// environments adds what the catalogue knows: the tier, and the store object.
func (r *resolver) environments(spec *lint.Node) {
	for _, field := range spec.Get("environments").Object() {
		if field.Value.Kind != lint.Object {
			continue
		}
		if tier := r.catalog.Tier(field.Key); tier != "" {
			field.Value.Set("tier", lint.Span{}, lint.NewString(tier, lint.Span{}))
		}
		if object := environment(field.Value, nil).Object(); object != "" {
			field.Value.Set("object", lint.Span{}, lint.NewString(object, lint.Span{}))
		}
	}
}

func (c *class) node() *lint.Node {
	if c == nil {
		return nil
	}
	n := lint.NewObject(lint.Span{})
	n.Set("name", lint.Span{}, lint.NewString(c.name, lint.Span{}))
	n.Set("builtin", lint.Span{}, lint.NewBool(c.builtIn, lint.Span{}))
	if c.alternative != nil {
		n.Set("alternative", lint.Span{}, placed(c.alternative, lint.Span{}))
	}
	return n
}

func (r *resolver) team(spec *lint.Node) *lint.Node {
	name := spec.Get("owner", "team").Str()
	team, known := r.catalog.Teams[name]
	if !known {
		return nil
	}
	n := lint.NewObject(lint.Span{})
	n.Set("name", lint.Span{}, lint.NewString(name, lint.Span{}))
	if team.Escalation != "" {
		n.Set("escalation", lint.Span{}, lint.NewString(team.Escalation, lint.Span{}))
	}
	return n
}

// looked lists where fields were looked for, the contract's own file first.
func (e *Effective) looked() *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, l := range slices.Backward(e.layers) {
		text := l.file
		if l.from.Kind == classKind {
			text = "class " + l.from.Name
		}
		if !slices.Contains(texts(list), text) {
			list.Items = append(list.Items, lint.NewString(text, lint.Span{}))
		}
	}
	return list
}

func (e *Effective) originNode() *lint.Node {
	all := lint.NewObject(lint.Span{})
	for _, path := range sortedKeys(e.Origins) {
		from := e.Origins[path]
		if from.Kind == contractKind {
			continue
		}
		at := from.At.Location()
		n := lint.NewObject(lint.Span{})
		n.Set("kind", lint.Span{}, lint.NewString(from.Kind, lint.Span{}))
		n.Set("name", lint.Span{}, lint.NewString(from.Name, lint.Span{}))
		n.Set("builtin", lint.Span{}, lint.NewBool(from.BuiltIn, lint.Span{}))
		if !from.BuiltIn {
			n.Set("file", lint.Span{}, lint.NewString(at.Path, lint.Span{}))
			n.Set("line", lint.Span{}, lint.NewNumber(int64(at.Start.Line), lint.Span{}))
		}
		all.Fields = append(all.Fields, lint.Field{Key: path, Value: n})
	}
	return all
}
