package ansible

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// included reads the variables of a file that a play or a task names. One that stands
// in a folder of variables is read for itself. What is encrypted is fine; which file a
// variable means, or one that stands nowhere, nobody knows.
func (f *file) included(name *lint.Node) {
	gap := func(message string) {
		f.gaps = append(f.gaps, lint.Gap{Location: name.Span.Location(), Message: message})
	}
	if name.Str() == "" {
		return
	}
	if strings.Contains(name.Text, "{{") {
		gap("which file of variables is meant is not known; it is judged only if it stands in a folder of them")
		return
	}
	var src *lint.Source
	for _, folder := range []string{"", "vars", "../vars"} {
		if f.files == nil {
			break
		}
		file := path.Join(path.Dir(f.path), folder, name.Text)
		if src = f.files(file); src != nil && ofVars(file, f.files) {
			return
		} else if src != nil {
			break
		}
	}
	if src == nil {
		gap("the file of variables is not in this repository; it was not judged")
		return
	}
	if vaulted().Match(src.Data) {
		return
	}
	roots, wrong := yaml.Read(src)
	if len(wrong) > 0 {
		gap("the file of variables is no YAML; it was not judged")
	}
	for _, root := range roots {
		f.variables(root, "file "+name.Text)
	}
}
