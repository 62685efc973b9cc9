// Package arm reads templates of the Azure Resource Manager, in JSON and in Bicep,
// and evaluates what can be known without a subscription. One file becomes one
// document, in one shape for both languages:
//
//	{
//	  "language": "json",               // or "bicep"
//	  "scope": "subscription",          // only where the file says it
//	  "resources": [{
//	    "address": "vault",             // the symbol, or the name with ${reference} for what is not known
//	    "type": "Microsoft.KeyVault/vaults",
//	    "name": ...,
//	    "parent": "address",            // of a resource that stands within another, or names it
//	    "existing": true,               // only referred to
//	    "instance": "vault[1]",         // which one of a loop it is
//	    "count": 300,                   // how many it stands for, of a loop that is not written out
//	    "values": {"properties": {...}, "sku": ..., ...},
//	    "derived": [{"path": ["values", "properties", "x"], "from": ["parameters.y"]}]
//	  }],
//	  "parameters": [{"name", "type", "default", "has_default", "secure", "description", "given"}],
//	  "outputs": [{"name", "type", "value", "secure", "derived"}],
//	  "modules": [{"address", "source", "values", "derived"}],  // modules and deployments, and the parameters they are given
//	  "parameter_values": [{"name", "value"}]                   // of a file of parameters
//	}
//
// Types are written without their version. A value is plain JSON where it is known,
// else what package partial makes of it. References are parameters.NAME,
// resources.SYMBOL.properties…, modules.NAME.outputs…, keyVault.SECRET for a secret
// that the deployment fetches, listKeys and other names of functions. Null is
// absent. A condition is decided if it is the same whatever the template is given; else
// both sides are candidates. A loop over what is
// known is written out, unless it is long; else one stands for all.
//
// The default of a parameter is taken for its value; "derived" says where. Of a
// template that another one calls, the value is what it is "given" there.
package arm

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Platform is the name of the documents.
const Platform = "arm"

// Claims says whether the file is a template or a file of parameters: by its suffix,
// and of JSON by its schema.
func Claims(src *lint.Source) bool {
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".bicep", ".bicepparam":
		return true
	case ".json", ".jsonc", ".template":
		return bytes.Contains(src.Data, []byte("/schemas/")) && (bytes.Contains(src.Data, []byte("eploymentTemplate.json")) || bytes.Contains(src.Data, []byte("eploymentParameters.json")))
	}
	return false
}

// Parse reads templates, one document for each, and one for each time that a
// template calls another of the repository as a module, with the values which that
// is given. files gives those; it may be nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		t := newTemplate(src)
		found, is := t.read()
		findings = append(findings, found...)
		if !is {
			continue
		}
		called := t.follow(files)
		docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: t.out, Gaps: t.gaps})
		docs = append(docs, called...)
	}
	return docs, findings
}

// read reads the file; is says whether it is a template at all.
func (t *template) read() (findings []lint.Finding, is bool) {
	if isBicep(t.src) {
		p := &parser{src: t.src, data: t.src.Data}
		t.bicep(p.file())
		return p.findings, true
	}
	root, findings := readJSON(t.src)
	return findings, t.json(root)
}

func isBicep(src *lint.Source) bool {
	return slices.Contains([]string{".bicep", ".bicepparam"}, strings.ToLower(path.Ext(src.Path)))
}

// readJSON reads a template, in which comments and texts over several lines may
// stand: what JSON does not have is read as blanks.
func readJSON(src *lint.Source) (*lint.Node, []lint.Finding) {
	plain := &lint.Source{Path: "template.json", Data: blanked(src.Data)}
	roots, findings := yaml.Read(plain)
	if len(roots) == 0 {
		return nil, moved(findings, src)
	}
	roots[0].Walk(func(_ lint.Path, n *lint.Node) bool {
		n.Span.Source = src
		for i := range n.Fields {
			n.Fields[i].Span.Source = src
		}
		return true
	})
	return roots[0], moved(findings, src)
}

func moved(findings []lint.Finding, src *lint.Source) []lint.Finding {
	for i := range findings {
		findings[i].Location.Path, findings[i].Location.Commit = src.Path, src.Commit
	}
	return findings
}

// blanked is a text of the same length without comments, and without line breaks
// in texts.
func blanked(data []byte) []byte {
	plain := slices.Clone(data)
	quoted := false
	for i := 0; i < len(plain); i++ {
		switch {
		case quoted && plain[i] == '\\':
			i++
		case quoted && (plain[i] == '\n' || plain[i] == '\r' || plain[i] == '\t'):
			plain[i] = ' '
		case plain[i] == '"':
			quoted = !quoted
		case quoted || plain[i] != '/' || i+1 == len(plain):
		case plain[i+1] == '/':
			for ; i < len(plain) && plain[i] != '\n'; i++ {
				plain[i] = ' '
			}
		case plain[i+1] == '*':
			end := bytes.Index(plain[i:], []byte("*/"))
			if end < 0 {
				return plain
			}
			for last := i + end + 2; i < last; i++ {
				if plain[i] != '\n' {
					plain[i] = ' '
				}
			}
			i--
		}
	}
	return plain
}
