package helm

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Limits of what is read of a chart.
const (
	maxCharts = 100
	maxDepth  = 8 // of charts within charts
	maxFiles  = 5_000

	maxEnvironments = 10
)

// chart is a chart as it stands in its folder.
type chart struct {
	dir       string
	full      string // by which its templates call themselves: shop/charts/db
	meta      *lint.Node
	values    *lint.Node
	templates []*lint.Source
	subs      []sub
}

// sub is a chart within another, under the name by which the other sets its values.
type sub struct {
	*chart
	name string
	on   *lint.Node // the dependency, with its condition; nil if it has none
}

// loader reads charts.
type loader struct {
	files    Files
	charts   int
	read     int
	gaps     []lint.Gap
	findings []lint.Finding
}

func (l *loader) gap(at lint.Location, message string) {
	l.gaps = append(l.gaps, lint.Gap{Location: at, Message: message})
}

func (l *loader) yaml(file string) *lint.Node {
	src := l.files(file)
	if src == nil {
		return nil
	}
	roots, findings := yaml.Read(src)
	l.findings = append(l.findings, findings...)
	if len(roots) == 0 {
		return nil
	}
	return roots[0]
}

func (l *loader) chart(dir string, depth int) *chart {
	file := path.Join(dir, "Chart.yaml")
	c := &chart{dir: dir, meta: l.yaml(file), values: l.yaml(path.Join(dir, "values.yaml"))}
	if c.meta == nil || c.meta.Kind != lint.Object {
		return nil
	}
	if l.charts++; l.charts > maxCharts || depth > maxDepth {
		l.gap(lint.Location{Path: file}, "not rendered: there are too many charts within charts")
		return nil
	}
	c.full = c.meta.Get("name").Str()
	l.below(path.Join(dir, "templates"), 0, func(src *lint.Source) { c.templates = append(c.templates, src) })
	l.dependencies(c, depth)
	c.rename(c.full)
	return c
}

// environments are the values with which a chart is rendered: its own, and over them those
// of each file values-prod.yaml or prod.values.yaml beside them, and of each in a folder for
// environments that sets something which they have.
func (l *loader) environments(c *chart) []*lint.Node {
	all := []*lint.Node{nil}
	for _, name := range l.environmentFiles(c.dir) {
		if len(all) > maxEnvironments {
			l.gap(lint.Location{Path: name}, "not rendered: there are too many files of values")
			break
		}
		beside := path.Dir(name) == c.dir
		if !beside && l.foreign(name, c.values) {
			continue
		}
		if set := l.yaml(name); set != nil && set.Kind == lint.Object {
			all = append(all, set)
		}
	}
	return all
}

var (
	valuesFile = regex.Lazy(`^(?:values.*|.+[._-]values)\.ya?ml$`)
	envsFolder = regex.Lazy(`^(?:ci|envs?|environments?|values)$`)
)

func (l *loader) environmentFiles(dir string) []string {
	var all []string
	for _, name := range l.list(dir) {
		switch {
		case name == "values.yaml":
		case valuesFile().MatchString(name):
			all = append(all, path.Join(dir, name))
		case envsFolder().MatchString(strings.TrimSuffix(name, "/")):
			for _, inner := range l.list(path.Join(dir, name)) {
				if ext := path.Ext(inner); ext == ".yaml" || ext == ".yml" {
					all = append(all, path.Join(dir, name, inner))
				}
			}
		}
	}
	return all
}

// foreign says whether a file sets nothing that the values of a chart have: it is for
// something else.
func (l *loader) foreign(name string, values *lint.Node) bool {
	src := l.files(name)
	if src == nil {
		return true
	}
	roots, _ := yaml.Read(src)
	if len(roots) != 1 || roots[0].Get("kind") != nil && roots[0].Get("apiVersion") != nil {
		return true
	}
	return !slices.ContainsFunc(roots[0].Object(), func(f lint.Field) bool { return values.Get(f.Key) != nil })
}

// rename gives the charts within a chart its name in front of theirs.
func (c *chart) rename(full string) {
	c.full = full
	for _, s := range c.subs {
		s.rename(full + "/charts/" + s.meta.Get("name").Str())
	}
}

// dependencies reads the charts below charts/. One that Chart.yaml names and that is not
// there would be fetched: what it defines is unknown.
func (l *loader) dependencies(c *chart, depth int) {
	found := map[string]*chart{}
	for _, name := range l.list(path.Join(c.dir, "charts")) {
		if inner := l.chart(path.Join(c.dir, "charts", name), depth+1); inner != nil {
			found[inner.meta.Get("name").Str()] = inner
			if !slices.ContainsFunc(c.wanted(), func(d *lint.Node) bool { return d.Get("name").Str() == inner.meta.Get("name").Str() }) {
				c.subs = append(c.subs, sub{inner, inner.meta.Get("name").Str(), nil})
			}
		}
	}
	for _, d := range c.wanted() {
		name, as := d.Get("name").Str(), d.Get("alias").Str()
		if as == "" {
			as = name
		}
		inner := found[name]
		if local, isLocal := strings.CutPrefix(d.Get("repository").Str(), "file://"); inner == nil && isLocal {
			inner = l.chart(path.Join(c.dir, local), depth+1)
		}
		if inner == nil {
			at := d.Span
			if n := d.Get("name"); n != nil {
				at = n.Span
			}
			l.gap(at.Location(), "not rendered: the chart is no folder of this repository, and what it defines is unknown")
			continue
		}
		copied := *inner
		c.subs = append(c.subs, sub{&copied, as, d})
	}
}

func (c *chart) wanted() []*lint.Node { return c.meta.Get("dependencies").List() }

// list gives the names in a folder.
func (l *loader) list(dir string) []string {
	folder := l.files(dir + "/")
	if folder == nil {
		return nil
	}
	return slices.Sorted(slices.Values(strings.Fields(string(bytes.ReplaceAll(folder.Data, []byte(" "), []byte("\x00"))))))
}

// below gives all files below a folder.
func (l *loader) below(dir string, depth int, each func(*lint.Source)) {
	for _, name := range l.list(dir) {
		if l.read++; l.read > maxFiles || depth > maxDepth {
			if l.read == maxFiles+1 {
				l.gap(lint.Location{Path: dir}, "not rendered: there are too many files in the chart")
			}
			return
		}
		file := path.Join(dir, name)
		if src := l.files(file); src != nil {
			each(src)
		} else {
			l.below(file, depth+1, each)
		}
	}
}

// coalesce gives the values of a chart: its own, under those that the chart around it
// sets, and those of the charts within it under their names.
func (c *chart) coalesce(set, global *lint.Node) *lint.Node {
	all := merge(c.values, set)
	if all == nil || all.Kind != lint.Object {
		all = lint.NewObject(lint.Span{})
	}
	if shared := merge(all.Get("global"), global); shared != nil {
		all = with(all, "global", shared)
	}
	for _, s := range c.subs {
		all = with(all, s.name, s.coalesce(all.Get(s.name), all.Get("global")))
	}
	return all
}

// with is an object with another value under a key.
func with(n *lint.Node, key string, value *lint.Node) *lint.Node {
	whole := *n
	whole.Fields = slices.Clone(n.Fields)
	at := lint.Span{}
	if field := n.Field(key); field != nil {
		at = field.Span
	}
	whole.Set(key, at, value)
	return &whole
}

// merge lays values over others. Null removes what is below.
func merge(below, above *lint.Node) *lint.Node {
	switch {
	case above == nil:
		return below
	case below == nil || below.Kind != lint.Object || above.Kind != lint.Object:
		return above
	}
	whole := *below
	whole.Fields = slices.Clone(below.Fields)
	for _, field := range above.Fields {
		if field.Value.Kind == lint.Null {
			whole.Remove(field.Key)
			continue
		}
		whole.Set(field.Key, field.Span, merge(below.Get(field.Key), field.Value))
	}
	return &whole
}

// enabled says whether a chart within another is rendered with these values.
func (s sub) enabled(values *lint.Node) bool {
	for _, condition := range strings.Split(s.on.Get("condition").Str(), ",") {
		if value := values.Get(strings.Split(strings.TrimSpace(condition), ".")...); value != nil && value.Kind == lint.Bool {
			return value.Text == "true"
		}
	}
	off := false
	for _, tag := range s.on.Get("tags").List() {
		value := values.Get("tags", tag.Str())
		if value != nil && value.Kind == lint.Bool && value.Text == "true" {
			return true
		}
		off = off || value != nil
	}
	return !off
}
