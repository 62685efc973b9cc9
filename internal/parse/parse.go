// Package parse turns files into documents: it knows which platforms there are,
// which files must be read together, and asks each platform. What a format
// means is the business of its platform's package.
package parse

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/ansible"
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
	"github.com/policyctl/policyctl/internal/parse/pulumi"
	"github.com/policyctl/policyctl/internal/parse/serverless"
	"github.com/policyctl/policyctl/internal/parse/sops"
	"github.com/policyctl/policyctl/internal/parse/terraform"
	"github.com/policyctl/policyctl/internal/parse/vault"
	"github.com/policyctl/policyctl/internal/regex"
)

// platform is one format. Those with folders read all files that belong to one
// together, and claim by the path alone; the others read file by file.
type platform struct {
	name   string
	folder func(path string) string
	claims func(*lint.Source) bool
	parse  func([]*lint.Source, Files) ([]*lint.Document, []lint.Finding)
	// needs lists the other folders that a file must be read together with.
	needs func(*lint.Source) []string
}

// Files gives a file of the repository, whether it is part of the run or not; nil
// if there is none. A name that ends with a slash lists a folder, one name a line; one that
// ends with ** lists the files below that the repository has, with their paths.
type Files = func(path string) *lint.Source

// alone is the parser of a platform that looks at nothing but its unit.
func alone(parse func([]*lint.Source) ([]*lint.Document, []lint.Finding)) func([]*lint.Source, Files) ([]*lint.Document, []lint.Finding) {
	return func(unit []*lint.Source, _ Files) ([]*lint.Document, []lint.Finding) { return parse(unit) }
}

// platforms is every format there is. A file may belong to more than one.
var platforms = []platform{
	{"contract", nil, contract.Claims, alone(contract.Parse), nil},
	{"terraform", path.Dir, terraform.Claims, terraform.Parse, terraform.Calls},
	{"vault", nil, vault.Claims, alone(vault.Parse), nil},
	{"cloudformation", nil, cloudformation.Claims, cloudformation.Parse, nil},
	{"arm", nil, arm.Claims, arm.Parse, nil},
	{"serverless", nil, serverless.Claims, serverless.Parse, nil},
	{"pulumi", nil, pulumi.Claims, alone(pulumi.Parse), nil},
	{"ansible", nil, ansible.Claims, ansible.Parse, nil},
	{"kubernetes", nil, kubernetes.Claims, kubernetes.Parse, nil},
	{"kubernetes", kubernetes.ChartFolder, kubernetes.ClaimsChart, kubernetes.ParseCharts, kubernetes.ChartAround},
	{"dockerfile", nil, dockerfile.Claims, dockerfile.Parse, nil},
	{"compose", nil, compose.Claims, compose.Parse, nil},
	{"githubactions", nil, githubactions.Claims, alone(githubactions.Parse), nil},
	{"gitlab", nil, gitlab.Claims, alone(gitlab.Parse), nil},
	{"azure", nil, azure.Claims, alone(azure.Parse), nil},
	{"bitbucket", nil, bitbucket.Claims, alone(bitbucket.Parse), nil},
	{"buildkite", nil, buildkite.Claims, alone(buildkite.Parse), nil},
	{"circleci", nil, circleci.Claims, alone(circleci.Parse), nil},
	{"jenkins", nil, jenkins.Claims, alone(jenkins.Parse), nil},
	{"sops", nil, sops.Claims, sops.Parse, nil},
	{"code", nil, code.Claims, alone(code.Parse), nil},
}

// Platforms lists the names of the platforms.
func Platforms() []string {
	var names []string
	for _, p := range platforms {
		names = append(names, p.name)
	}
	return slices.Compact(names)
}

// maxUnit bounds the files of directories that are read together. What is left
// out of a unit its platform still reads where it is needed, but once for each.
const maxUnit = 2_000

// Units groups paths into units: files that must be read together. The order of
// the paths makes no difference. What files say of others is read from them by
// read, which may be nil: then only files of one directory belong together.
func Units(paths []string, read Files) [][]string {
	return UnitsOf(paths, read, func(string) bool { return true })
}

// UnitsOf is Units where only those matter that have one of some files: what the others say
// of each other is not read.
func UnitsOf(paths []string, read Files, matters func(path string) bool) [][]string {
	paths = slices.Sorted(slices.Values(paths))
	u := &union{above: map[string]string{}, size: map[string]int{}}
	for _, file := range paths {
		u.size[key(file)]++
	}
	for _, p := range platforms {
		if read == nil {
			break
		}
		for _, file := range p.leading(paths, matters) {
			src := read(file)
			if src == nil {
				continue
			}
			for _, dir := range p.needs(src) {
				u.join(p.name+" "+p.folder(file), p.name+" "+dir)
			}
		}
	}
	var units [][]string
	index := map[string]int{}
	for _, p := range paths {
		key := u.find(key(p))
		if i, known := index[key]; known {
			units[i] = append(units[i], p)
			continue
		}
		index[key] = len(units)
		units = append(units, []string{p})
	}
	return units
}

// Leading are the files that UnitsOf reads, in its order.
func Leading(paths []string, matters func(path string) bool) []string {
	paths = slices.Sorted(slices.Values(paths))
	var all []string
	for _, p := range platforms {
		all = append(all, p.leading(paths, matters)...)
	}
	return all
}

// leading are the files whose text says which directories belong together, if one of them
// matters.
func (p platform) leading(paths []string, matters func(path string) bool) []string {
	if p.needs == nil {
		return nil
	}
	all := slices.DeleteFunc(slices.Clone(paths), func(file string) bool { return !p.claims(&lint.Source{Path: file}) })
	if !slices.ContainsFunc(all, matters) {
		return nil
	}
	return all
}

// union joins keys into sets. The least key of a set stands for it.
type union struct {
	above map[string]string
	size  map[string]int // files of a set, by the key that stands for it
}

func (u *union) find(key string) string {
	for u.above[key] != "" {
		if up := u.above[u.above[key]]; up != "" {
			u.above[key] = up
		}
		key = u.above[key]
	}
	return key
}

func (u *union) join(a, b string) {
	a, b = u.find(a), u.find(b)
	if a == b || u.size[b] == 0 || u.size[a]+u.size[b] > maxUnit {
		return
	}
	u.above[max(a, b)] = min(a, b)
	u.size[min(a, b)] += u.size[max(a, b)]
}

// key is equal for the paths of one folder that are read together.
func key(file string) string {
	for _, p := range platforms {
		if p.folder != nil && p.claims(&lint.Source{Path: file}) {
			return p.name + " " + p.folder(file)
		}
	}
	return file
}

// Named says whether a platform reads the file whatever is in it: its path is enough.
// Of source code none is.
func Named(file string) bool {
	return slices.ContainsFunc(platforms, func(p platform) bool { return p.name != "code" && p.claims(&lint.Source{Path: file}) })
}

// ReadsAnother says whether a file is one of those that name others to be read with them, and
// may name one of some files: what stands above it, or below the folder around its own. Those
// of units that are read together as folders are not asked for.
func ReadsAnother(file string, others []string) bool {
	named := func(p platform) bool {
		return p.folder == nil && slices.Contains([]string{"serverless", "kubernetes", "dockerfile", "compose"}, p.name) && p.claims(&lint.Source{Path: file})
	}
	own := path.Dir(file)
	return slices.ContainsFunc(platforms, named) && slices.ContainsFunc(others, func(other string) bool {
		return within(path.Dir(other), path.Dir(own)) || within(own, path.Dir(other))
	})
}

func within(folder, around string) bool {
	return around == "." || folder == around || strings.HasPrefix(folder, around+"/")
}

// Claimed lists the platforms that read a file, but for source code.
func Claimed(src *lint.Source) []string {
	var names []string
	for _, p := range platforms {
		if p.name != "code" && p.claims(src) {
			names = append(names, p.name)
		}
	}
	return names
}

// texts are endings and names of files that programs read as text, besides those that a
// platform or a language claims.
var texts = []string{".env", ".envrc", ".yaml", ".yml", ".json", ".jsonc", ".json5", ".tf", ".tfvars", ".hcl", ".toml", ".ini", ".cfg", ".conf",
	".config", ".properties", ".xml", ".ps1", ".psm1", ".bat", ".cmd", ".fish", ".sql", ".tpl", ".tmpl", ".j2", ".npmrc", ".pypirc", ".netrc", ".txt", ".md"}

// SaysText says whether a file is a text by its name.
func SaysText(file string) bool {
	name := strings.ToLower(path.Base(file))
	return slices.Contains(texts, path.Ext(name)) || strings.HasPrefix(name, ".env.") || Named(file) || code.Named(file)
}

// Unrendered says whether a file was left out because it is a template that does not render.
func Unrendered(skip lint.Skip) bool { return skip.Reason == kubernetes.Unrendered }

// SaysJudged says whether what is judged has such a name, and data hardly ever.
func SaysJudged(file string) bool {
	name := strings.ToLower(path.Base(file))
	return slices.Contains([]string{".yaml", ".yml", ".env"}, path.Ext(name)) || strings.HasPrefix(name, ".env.") || Named(file)
}

// Parse asks every platform for the documents of a unit. files gives what else of
// the repository they need; it may be nil.
func Parse(unit []*lint.Source, files Files) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, p := range platforms {
		for _, sources := range p.groups(unit) {
			found, wrong := p.parse(sources, files)
			docs = append(docs, found...)
			findings = append(findings, wrong...)
		}
	}
	return templates(unit, files, docs, findings)
}

// templates takes files that Terraform fills in for what they are: no YAML that cannot be
// parsed, but text that is judged where it is used.
func templates(unit []*lint.Source, files Files, docs []*lint.Document, findings []lint.Finding) ([]*lint.Document, []lint.Finding) {
	filled := map[string]bool{}
	for _, f := range findings {
		if _, known := filled[f.Location.Path]; known || f.Rule != lint.SyntaxError {
			continue
		}
		i := slices.IndexFunc(unit, func(src *lint.Source) bool { return src.Path == f.Location.Path })
		if filled[f.Location.Path] = i >= 0 && !terraform.Claims(unit[i]) && terraform.FillsIn(unit[i], files); !filled[f.Location.Path] {
			continue
		}
		gap := lint.Gap{Location: lint.Location{Path: f.Location.Path}, Message: "a template that Terraform fills in: searched for credentials only"}
		docs = append(docs, &lint.Document{Platform: "terraform", Path: f.Location.Path, Root: lint.NewObject(unit[i].Whole()), Gaps: []lint.Gap{gap}})
	}
	return docs, slices.DeleteFunc(findings, func(f lint.Finding) bool { return f.Rule == lint.SyntaxError && filled[f.Location.Path] })
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
	if p.folder != nil && len(all) > 0 {
		return [][]*lint.Source{all}
	}
	return groups
}

// Unsupported says why no policy judges a file that looks as if one should, or
// "". Such a file must not pass for one that was found clean. files is as for Parse.
func Unsupported(src *lint.Source, files Files) string {
	switch {
	case !kubernetes.Template(src), azure.Claims(src), cloudformation.Claims(src), arm.Claims(src), kubernetes.Rendered(src, files):
		return ""
	case ofChart().Match(src.Data):
		return "Helm template, searched for credentials only"
	}
	return "template, searched for credentials only"
}

// Packaged says what a binary file is that a platform would read if it were unpacked,
// or "".
func Packaged(file string) string {
	if kubernetes.Packaged(file) {
		return "packaged chart, not rendered"
	}
	return ""
}

// ofChart is what only the templates of a Helm chart have between their braces.
// Other tools, Ansible for one, also keep templates in folders of that name.
var ofChart = regex.Lazy(`\{\{[^}]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|define)\b)`)
