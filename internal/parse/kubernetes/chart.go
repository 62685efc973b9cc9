package kubernetes

import (
	"maps"
	"path"
	"slices"

	"github.com/policyctl/policyctl/internal/helm"
	"github.com/policyctl/policyctl/internal/lint"
)

// ChartFolder is the folder of the chart that a file belongs to, if it is one of a chart.
func ChartFolder(file string) string {
	folder, _ := helm.Folder(file)
	return folder
}

// ClaimsChart says whether a file is one of a chart, if its folder is one: its path tells.
func ClaimsChart(src *lint.Source) bool {
	_, claimed := helm.Folder(src.Path)
	return claimed
}

// ChartAround is the folder of the chart that a chart is a part of: they are read together.
func ChartAround(src *lint.Source) []string {
	if above, inside := helm.Parent(ChartFolder(src.Path)); inside && path.Base(src.Path) == "Chart.yaml" {
		return []string{above}
	}
	return nil
}

// Rendered says whether a template belongs to a chart, so that ParseCharts renders it.
func Rendered(src *lint.Source, files helm.Files) bool {
	return ClaimsChart(src) && files != nil && helm.Root(ChartFolder(src.Path), files) != ""
}

// ParseCharts renders the charts that files belong to, and reads the objects that they make.
func ParseCharts(unit []*lint.Source, files helm.Files) ([]*lint.Document, []lint.Finding) {
	open := opened(unit, files)
	var docs []*lint.Document
	var findings []lint.Finding
	seen := map[string]bool{"": true}
	for _, src := range unit {
		root := helm.Root(ChartFolder(src.Path), open)
		if seen[root] {
			continue
		}
		seen[root] = true
		manifests, gaps, wrong := helm.Render(root, open)
		findings = append(findings, wrong...)
		var made []*lint.Document
		for _, m := range manifests {
			f := &file{src: m.Source}
			for _, object := range m.Roots {
				f.read(object)
			}
			gaps = append(append(gaps, m.Gaps...), f.gaps...)
			made = append(made, f.docs...)
		}
		skipped := unrendered(manifests)
		if len(made) == 0 && len(gaps) > 0 {
			made = append(made, nothing(root, open))
		}
		if len(made) > 0 {
			made[0].Gaps, made[0].Skipped = gaps, skipped
		}
		docs = append(docs, made...)
	}
	return docs, findings
}

// Unrendered is why a template was not judged.
const Unrendered = "Helm template that does not render with the values of its chart"

// unrendered are the templates that render with no values of the chart.
func unrendered(manifests []helm.Manifest) []lint.Skip {
	rendered := map[string]bool{}
	for _, m := range manifests {
		rendered[m.Source.Path] = rendered[m.Source.Path] || !m.Failed
	}
	var all []lint.Skip
	for _, name := range slices.Sorted(maps.Keys(rendered)) {
		if !rendered[name] {
			all = append(all, lint.Skip{Path: name, Reason: Unrendered})
		}
	}
	return all
}

// Packaged says whether a file is a chart within another that nobody unpacked.
func Packaged(file string) bool {
	return path.Base(path.Dir(file)) == "charts" && path.Ext(file) == ".tgz"
}

// nothing is what is left of a chart of which no template renders: a place for its gaps.
func nothing(root string, files helm.Files) *lint.Document {
	src := files(path.Join(root, "Chart.yaml"))
	return &lint.Document{Platform: "kubernetes", Path: src.Path, Name: "Chart", Root: lint.NewObject(src.Whole())}
}

// opened opens the files of a unit, and those that files gives.
func opened(unit []*lint.Source, files helm.Files) helm.Files {
	own := map[string]*lint.Source{}
	for _, src := range unit {
		own[src.Path] = src
	}
	return func(name string) *lint.Source {
		if src := own[name]; src != nil || files == nil {
			return src
		}
		return files(name)
	}
}
