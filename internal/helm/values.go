package helm

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/policyctl/policyctl/internal/lint"
)

// plain is a value as templates see it, with marks in place of texts if there are any.
func plain(n *lint.Node, m *marks) any {
	if n == nil {
		return map[string]any{}
	}
	switch n.Kind {
	case lint.Object:
		object := map[string]any{}
		for _, field := range n.Fields {
			object[field.Key] = plain(field.Value, m)
		}
		return object
	case lint.List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plain(item, m))
		}
		return list
	case lint.String:
		return m.text(n)
	case lint.Number:
		return number(n.Text)
	case lint.Bool:
		return n.Text == "true"
	}
	return nil
}

// number is whole where it can be: a port is printed as such.
func number(digits string) any {
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return whole
	}
	float, _ := strconv.ParseFloat(digits, 64)
	return float
}

// fromJSON reads what json.Unmarshal would, with whole numbers.
func fromJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = fromJSON(value)
		}
	case []any:
		for i, value := range v {
			v[i] = fromJSON(value)
		}
	case json.Number:
		return number(v.String())
	}
	return v
}

// folder is .Files: what stands in the folder of the chart.
type folder struct {
	loader *loader
	dir    string
}

// Get gives the text of a file, or "".
func (f folder) Get(name string) string {
	clean := path.Clean(name)
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.HasSuffix(name, "/") {
		return ""
	}
	if src := f.loader.files(path.Join(f.dir, clean)); src != nil {
		return string(src.Data)
	}
	return ""
}

// GetBytes is Get.
func (f folder) GetBytes(name string) []byte { return []byte(f.Get(name)) }

// Lines gives the lines of a file.
func (f folder) Lines(name string) []string {
	text := f.Get(name)
	if text == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// Glob gives the files that a pattern matches.
func (f folder) Glob(pattern string) texts {
	found := texts{}
	if !doublestar.ValidatePattern(pattern) {
		return found
	}
	f.loader.below(f.dir, 0, func(src *lint.Source) {
		name := strings.TrimPrefix(strings.TrimPrefix(src.Path, f.dir), "/")
		if matched, _ := doublestar.Match(pattern, name); matched {
			found[name] = src.Data
		}
	})
	return found
}

// texts are files by their names.
type texts map[string][]byte

// Get gives the text of a file, or "".
func (t texts) Get(name string) string { return string(t[name]) }

// GetBytes gives the bytes of a file.
func (t texts) GetBytes(name string) []byte { return t[name] }

// Lines gives the lines of a file.
func (t texts) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(t[name]), "\n"), "\n")
}

// AsConfig is the data of a ConfigMap with the files.
func (t texts) AsConfig() string { return t.data(func(data []byte) string { return string(data) }) }

// AsSecrets is the data of a Secret with the files.
func (t texts) AsSecrets() string { return t.data(encode) }

func (t texts) data(text func([]byte) string) string {
	all := map[string]any{}
	for name, data := range t {
		all[path.Base(name)] = text(data)
	}
	out, _ := toYAML(all)
	return out
}

// capabilities are those of a cluster of today with what comes with Kubernetes.
var capabilities = map[string]any{
	"KubeVersion": version{"v1.34.0", "v1.34.0", "1", "34"},
	"HelmVersion": map[string]any{"Version": "v3.19.0", "GitCommit": "", "GitTreeState": "clean", "GoVersion": "go1.24"},
	"APIVersions": versions{},
}

type version struct{ Version, GitVersion, Major, Minor string }

// String is the version.
func (v version) String() string { return v.Version }

type versions struct{}

// Has holds for what comes with Kubernetes: v1, apps/v1, networking.k8s.io/v1/Ingress.
func (versions) Has(name string) bool {
	group, _, hasGroup := strings.Cut(name, "/")
	return !hasGroup || group == "v1" || !strings.Contains(group, ".") || slices.Contains(builtIn, group)
}

var builtIn = []string{
	"admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
	"certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io",
	"networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
}
