package kubernetes

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Claims says whether the file may hold Kubernetes objects: YAML or JSON with the
// words apiVersion and kind, a kustomization or a kubeconfig. There are too many
// ways to write a key to look for it in the bytes: Parse decides on the tree.
// Templates are left out: they are no YAML until they are rendered.
func Claims(src *lint.Source) bool {
	switch {
	case Template(src):
		return false
	case isKustomization(src.Path), isKubeconfig(src):
		return true
	}
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".yaml", ".yml", ".json":
		return mentions(src.Data) || escapedKey().Match(src.Data)
	}
	return false
}

// mentions leaves out files in which every apiVersion is policyctl's own: reading
// thousands of contracts a second time takes as long as the first.
func mentions(data []byte) bool {
	versions := bytes.Count(data, []byte("apiVersion"))
	return versions > bytes.Count(data, []byte("apiVersion: policyctl.dev/")) && bytes.Contains(data, []byte("kind"))
}

// escapedKey is a quoted key that may be any word.
var escapedKey = regex.Lazy(`"[^"\r\n]*\\[uUx][^"\r\n]*"\s*:`)

// Template says whether a file would be read here if it were not a template, of
// Helm or of another tool with folders of that name.
func Template(src *lint.Source) bool {
	suffix := strings.ToLower(path.Ext(src.Path))
	if slices.Contains([]string{".tpl", ".tmpl", ".gotmpl", ".j2", ".jinja", ".jinja2", ".erb"}, suffix) {
		if within := path.Ext(strings.TrimSuffix(strings.ToLower(src.Path), suffix)); within == ".yaml" || within == ".yml" || within == ".json" {
			return mentions(src.Data) && meant(src)
		}
	}
	if !strings.Contains("/"+src.Path, "/templates/") || !bytes.Contains(src.Data, []byte("{{")) {
		return false
	}
	return slices.Contains([]string{".yaml", ".yml", ".json", ".tpl"}, suffix) || isKubeconfig(src)
}

// kustomizations are the three names that kustomize looks for. Such a file needs neither
// apiVersion nor kind.
var kustomizations = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

func isKustomization(name string) bool { return slices.Contains(kustomizations, path.Base(name)) }

// isKubeconfig knows the names of kubeconfigs that have no suffix of YAML.
func isKubeconfig(src *lint.Source) bool {
	folder, name := path.Base(path.Dir(src.Path)), path.Base(src.Path)
	switch {
	case name == "kubeconfig", name == "admin.conf", strings.HasSuffix(name, ".kubeconfig"), folder == ".kube" && name == "config":
		return kindConfig().Match(src.Data)
	}
	return false
}

var kindConfig = regex.Lazy(`\bkind["']?\s*:\s*["']?Config\b`)

// meant says whether a file of which no object could be read was meant to hold
// one. Many files only speak of manifests: prose, schemas, scripts of a pipeline,
// the values of a chart. A manifest begins with its keys.
func meant(src *lint.Source) bool {
	if isKustomization(src.Path) || isKubeconfig(src) {
		return true
	}
	text := lineBreaks.Replace(strings.TrimPrefix(string(src.Data), "\ufeff"))
	return slices.ContainsFunc(marker().Split(text, -1), meantDocument)
}

var (
	// lineBreaks turns everything that ends a line in YAML 1.1 into a newline.
	lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	marker     = regex.Lazy(`(?m)^---(?:[ \t]+|$)`)
	// preamble is what may stand before the first key: comments, directives, lines of a
	// template, and the tag or anchor of a mapping in braces.
	preamble = regex.Lazy(`^(?:[ \t]*(?:[#%].*|\{\{.*\}\}[ \t]*)?\n)*(?:[ \t]*[&!]\S*\s+\{)?`)

	flowVersion = regex.Lazy(`[{,]\s*["']?apiVersion["']?\s*:\s*["']?[A-Za-z]`)
	flowKind    = regex.Lazy(`[{,]\s*["']?kind["']?\s*:\s*["']?[A-Za-z]`)

	blockVersion = blockKey("apiVersion")
	blockKind    = blockKey("kind")
)

// blockKey finds a key at the start of a line, and captures its indent.
func blockKey(name string) func() *regexp.Regexp {
	quoted := `["']?` + name + `["']?[ \t]*`
	return regex.Lazy(`(?m)^([ \t]*)(?:(?:[&!]\S*[ \t]+)*` + quoted + `:|\?[ \t]+(?:[&!]\S*[ \t]+)*` + quoted + `$)`)
}

// meantDocument holds for a mapping in braces with both keys, and for lines with
// both keys of which one stands no deeper than the first line.
func meantDocument(text string) bool {
	before := preamble().FindString(text)
	rest := text[len(before):]
	if strings.HasSuffix(before, "{") || strings.HasPrefix(strings.TrimLeft(rest, " \t"), "{") {
		return flowVersion().MatchString(text) && flowKind().MatchString(text)
	}
	first := len(rest) - len(strings.TrimLeft(rest, " \t"))
	version, kind := indent(blockVersion, rest), indent(blockKind, rest)
	return version >= 0 && kind >= 0 && min(version, kind) <= first
}

// indent is the least indent of a key, or -1.
func indent(key func() *regexp.Regexp, text string) int {
	least := -1
	for _, found := range key().FindAllStringSubmatchIndex(text, -1) {
		if width := found[3] - found[2]; least < 0 || width < least {
			least = width
		}
	}
	return least
}
