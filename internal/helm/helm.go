// Package helm renders charts as "helm template" does, without Helm: with the values that
// the chart itself brings, no cluster and no network. It knows for each value of what was
// rendered where it stands: in values.yaml, or in the template.
//
// Helm's own engine is 25 MB of a client of Kubernetes around text/template and sprig, and
// neither tells where a text came from nor bounds what a chart may cost.
package helm

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Files gives a file, or with a slash at the end of its name a folder: one name a line.
type Files = func(path string) *lint.Source

// Unknown stands in what is rendered for what only an installation decides: random
// passwords, certificates, objects of the cluster, values that users must set. It has the
// form of a reference.
const Unknown = "$(UNKNOWN)"

// Manifest is what a template renders.
type Manifest struct {
	Source *lint.Source // the template
	Roots  []*lint.Node
	Gaps   []lint.Gap
	Failed bool // it does not render with these values
}

// Folder is the folder of the chart that a file would belong to if it is one of a chart:
// Chart.yaml, values and what is below templates.
func Folder(file string) (string, bool) {
	name := path.Base(file)
	if before, _, inside := cut("/"+file, "/templates/"); inside {
		suffix := strings.ToLower(path.Ext(name))
		return clean(before), slices.Contains([]string{".yaml", ".yml", ".json", ".tpl"}, suffix)
	}
	values := strings.HasPrefix(name, "values") && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml"))
	return path.Dir(file), values || name == "Chart.yaml"
}

func cut(file, part string) (before, after string, found bool) {
	if i := strings.Index(file, part); i >= 0 {
		return file[:i], file[i+len(part):], true
	}
	return file, "", false
}

func clean(dir string) string { return path.Clean("./" + strings.TrimPrefix(dir, "/")) }

// Parent is the folder of the chart that a chart is a part of if it stands in one.
func Parent(dir string) (string, bool) {
	above, name := path.Split(dir)
	if name == "" || path.Base(above) != "charts" {
		return "", false
	}
	return path.Dir(path.Clean(above)), true
}

// Root is the folder of the outermost chart that a folder is a part of; "" if there is none.
func Root(dir string, files Files) string {
	root := ""
	for {
		if files(path.Join(dir, "Chart.yaml")) != nil {
			root = dir
		} else if root == "" {
			return ""
		}
		above, inside := Parent(dir)
		if !inside || files(path.Join(above, "Chart.yaml")) == nil {
			return root
		}
		dir = above
	}
}

// Render renders the chart in a folder, and the charts within it. Manifests are those of
// templates that have actions: others are no templates. Findings are about files that are
// no YAML.
func Render(dir string, files Files) ([]Manifest, []lint.Gap, []lint.Finding) {
	l := &loader{files: files}
	c := l.chart(dir, 0)
	if c == nil {
		return nil, l.gaps, l.findings
	}
	if c.meta.Get("type").Str() == "library" {
		return nil, l.gaps, l.findings
	}
	e := newEngine(c, l)
	var manifests []Manifest
	seen := map[string]bool{}
	for _, set := range l.environments(c) {
		values := c.coalesce(set, nil)
		real := e.run(values, nil)
		marks := newMarks(e, values)
		marked := e.run(values, marks)
		for i, out := range real {
			key := out.src.Path + "\x00" + out.text
			if seen[key] {
				continue // as with other values
			}
			seen[key] = true
			m := Manifest{Source: out.src, Gaps: out.gaps, Failed: len(out.gaps) > 0}
			if out.text != "" {
				m.read(out, marked[i], marks)
			}
			manifests = append(manifests, m)
		}
	}
	return manifests, append(l.gaps, e.gaps...), l.findings
}

// read reads what was rendered, and finds the places of its values.
func (m *Manifest) read(out, marked output, marks *marks) {
	rendered := &lint.Source{Path: strings.TrimSuffix(out.src.Path, path.Ext(out.src.Path)) + ".yaml", Data: []byte(out.text)}
	roots, findings := yaml.Read(rendered)
	if len(findings) > 0 {
		at := out.place(rendered.Offset(findings[0].Location.Start), rendered.Offset(findings[0].Location.Start)+1)
		m.Gaps = append(m.Gaps, lint.Gap{Location: at.Location(), Message: "not judged: what the template renders is no YAML from here on"})
	}
	var others []*lint.Node
	if marked.text != "" {
		others, _ = yaml.Read(&lint.Source{Path: rendered.Path, Data: []byte(marked.text)})
	}
	seen := map[*lint.Node]bool{}
	for i, root := range roots {
		out.locate(root, seen)
		whence(root, out.values)
		if len(others) == len(roots) {
			marks.trace(root, others[i])
		}
	}
	m.Roots = roots
}
