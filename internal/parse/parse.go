// Package parse turns files into documents: it knows which platforms there are,
// which files must be read together, and asks each platform. What a format
// means is the business of its platform's package.
package parse

import (
	"path"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/arm"
	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/parse/bitbucket"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/parse/cloudformation"
	"github.com/policyctl/policyctl/internal/parse/code"
	"github.com/policyctl/policyctl/internal/parse/compose"
	"github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/parse/dockerfile"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/parse/jenkins"
	"github.com/policyctl/policyctl/internal/parse/kubernetes"
	"github.com/policyctl/policyctl/internal/parse/terraform"
	"github.com/policyctl/policyctl/internal/regex"
)

// platform is one format. Those of a directory read all files there that they
// claim together, and claim by the path alone; the others read file by file.
type platform struct {
	name      string
	directory bool
	claims    func(*lint.Source) bool
	parse     func([]*lint.Source) ([]*lint.Document, []lint.Finding)
}

// platforms is every format there is. A file may belong to more than one.
var platforms = []platform{
	{"contract", false, contract.Claims, contract.Parse},
	{"terraform", true, terraform.Claims, terraform.Parse},
	{"cloudformation", false, cloudformation.Claims, cloudformation.Parse},
	{"arm", false, arm.Claims, arm.Parse},
	{"kubernetes", false, kubernetes.Claims, kubernetes.Parse},
	{"dockerfile", false, dockerfile.Claims, dockerfile.Parse},
	{"compose", false, compose.Claims, compose.Parse},
	{"githubactions", false, githubactions.Claims, githubactions.Parse},
	{"gitlab", false, gitlab.Claims, gitlab.Parse},
	{"azure", false, azure.Claims, azure.Parse},
	{"bitbucket", false, bitbucket.Claims, bitbucket.Parse},
	{"buildkite", false, buildkite.Claims, buildkite.Parse},
	{"circleci", false, circleci.Claims, circleci.Parse},
	{"jenkins", false, jenkins.Claims, jenkins.Parse},
	{"code", false, code.Claims, code.Parse},
}

// Platforms lists the names of the platforms.
func Platforms() []string {
	var names []string
	for _, p := range platforms {
		names = append(names, p.name)
	}
	return names
}

// Units groups paths into units: files that must be read together. The order of
// the paths makes no difference.
func Units(paths []string) [][]string {
	paths = slices.Sorted(slices.Values(paths))
	var units [][]string
	index := map[string]int{}
	for _, p := range paths {
		key := key(p)
		if i, known := index[key]; known {
			units[i] = append(units[i], p)
			continue
		}
		index[key] = len(units)
		units = append(units, []string{p})
	}
	return units
}

// key is equal for the paths of one unit.
func key(file string) string {
	for _, p := range platforms {
		if p.directory && p.claims(&lint.Source{Path: file}) {
			return p.name + " " + path.Dir(file)
		}
	}
	return file
}

// Named says whether a platform reads the file whatever is in it: its path is enough.
// Of source code none is.
func Named(file string) bool {
	return slices.ContainsFunc(platforms, func(p platform) bool { return p.name != "code" && p.claims(&lint.Source{Path: file}) })
}

// Parse asks every platform for the documents of a unit.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, p := range platforms {
		for _, sources := range p.groups(unit) {
			found, wrong := p.parse(sources)
			docs = append(docs, found...)
			findings = append(findings, wrong...)
		}
	}
	return docs, findings
}

// groups are the sources that a platform parses at once.
func (p platform) groups(unit []*lint.Source) [][]*lint.Source {
	var all []*lint.Source
	var groups [][]*lint.Source
	for _, src := range unit {
		if !p.claims(src) {
			continue
		}
		all = append(all, src)
		groups = append(groups, []*lint.Source{src})
	}
	if p.directory && len(all) > 0 {
		return [][]*lint.Source{all}
	}
	return groups
}

// Unsupported says why no policy judges a file that looks as if one should, or
// "". Such a file must not pass for one that was found clean.
func Unsupported(src *lint.Source) string {
	switch {
	case !kubernetes.Template(src), azure.Claims(src), cloudformation.Claims(src), arm.Claims(src):
		return ""
	case ofChart().Match(src.Data):
		return "Helm template, searched for credentials only"
	}
	return "template, searched for credentials only"
}

// ofChart is what only the templates of a Helm chart have between their braces.
// Other tools, Ansible for one, also keep templates in folders of that name.
var ofChart = regex.Lazy(`\{\{[^}]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|define)\b)`)
