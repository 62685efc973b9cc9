// Package terraform reads Terraform and OpenTofu files and evaluates what can be
// known without a provider, a state or a network. A directory is a module; one that
// no other directory of the unit calls is a root, and becomes a document together
// with all that it calls:
//
//	{
//	  "resources": [{
//	    "address": "module.db.aws_db_instance.main", // as references name it: without keys
//	    "type": "aws_db_instance", "name": "main",
//	    "mode": "managed",              // or "data", "ephemeral"
//	    "values": {...},                // arguments and nested blocks; nested blocks are always lists
//	    "sensitive": [["password"]],    // paths within values that Terraform would hide
//	    "derived": [{"path": ["password"], "from": ["module.db.var.password"]}],
//	    "count_unknown": true,          // only where it is not known whether the resource exists
//	    "module": "module.db",          // only of what is not in the root
//	    "local_address": "aws_db_instance.main", // the same, within its module
//	    "instance": "module.db[\"a\"].aws_db_instance.main[0]" // with keys, where there are some
//	  }],
//	  "variables": [{"reference", "name", "type", "default", "has_default", "sensitive", "ephemeral", "nullable", "description", "module"}],
//	  "outputs": [{"reference", "name", "value", "sensitive", "sensitive_values": [[...]], "derived": [...], "module"}],
//	  "locals": {"name": ..., "module.db.name": ...},
//	  "providers": [{"name", "alias", "values", "sensitive", "derived", "module"}],
//	  "backend": {"type", "values"},    // absent if there is none; "cloud" for a cloud block
//	  "encryption": {"values"},         // OpenTofu's, of state and plan; absent if there is none
//	  "required_providers": {"aws": {"source", "version"}, "module.db.aws": ...},
//	  "moved": [{"from": "aws_db_instance.old", "to": "aws_db_instance.main"}], // where there are some
//	  "modules": [{"reference", "name", "source", "values", "sensitive", "derived", "module", "instance", "count_unknown"}],
//	  "tfvars": [{"file", "loaded", "values"}],
//	  "not_made": [{"address", "type"}] // what count or for_each make nothing of; absent if there is none
//	}
//
// A value is plain JSON where it is known, and {"$unknown": [references]} where
// it is not. References are written without indices: var.name, address.attribute,
// module.name.output, and module.name.var.x for what is within a module. Of a value
// that was handed on through modules, all of its references are listed: the variable
// and output on the way, and what the value comes from. A conditional whose
// condition is unknown, and a fallback
// whose first choice is, also have "$candidates": the branches that are known. An
// unknown truth value or number also says so: "$type" is "bool" or "number". An ARN or an ID
// of Azure of which parts are known also has "$text": the text, with ${references} where it is not.
// What nobody would type of the texts that its expression writes out is in "$literals".
// Null is absent. "derived" lists known values that come from elsewhere, and
// from where.
//
// Each instance of count and for_each has an entry; the first has these arguments
// too, which are the same for all. Where their keys are not known
// one entry stands for any number of them. A declaration in a module is listed once
// for each call, the backend and tfvars of the root only.
//
// Beside an argument that holds JSON, or what jsonencode and yamlencode make, stands
// "name$json": what the text says, or the texts of a list say, in the structure it has
// (a string within may be unknown though the whole text is). A data source
// aws_iam_policy_document has "$document": the policy that it makes, in the words of
// the JSON form.
//
// What resources of the provider of Kubernetes make is a document of that platform
// besides, in the words of its API.
//
// What the environment gives variables, where that is asked for, decides conditions;
// no text or number that was made of it is in the document.
//
// tfvars files that Terraform loads by itself ("loaded") give variables their
// values; the others belong to environments and are shown only.
//
// A plan or a state in JSON ("terraform show -json") becomes a document of the same shape, of
// the values that the provider worked out; what is known after the plan was applied
// only is unknown. If it lies beside the configuration, resources stand there.
//
// Modules are found by a path, or where Terraform put them (.terraform/modules):
// then everything stands at the call, since their files are not checked. Provider
// schemas are not known. Each thing that cannot be evaluated leaves an unknown
// value, and a gap where the author could expect more.
package terraform

import (
	"bytes"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// extensions of configuration, the longer before those that end like them.
var extensions = []string{".tofu.json", ".tf.json", ".tofu", ".tf"}

// Claims says whether Terraform or OpenTofu would read the file.
func Claims(src *lint.Source) bool {
	return isValues(src.Path) || extension(src.Path) != "" || isPlan(src)
}

func isValues(name string) bool {
	return strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
}

// extension is the configuration extension of a file name, or "".
func extension(name string) string {
	for _, ext := range extensions {
		if strings.HasSuffix(name, ext) {
			return ext
		}
	}
	return ""
}

// Parse turns the files of a unit into documents: one for each root module, which
// is a directory that no other one of the unit calls. files gives other files of
// the repository, and lists folders, whose names end with a slash; without it only
// the unit is known.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	plans := slices.DeleteFunc(slices.Clone(unit), func(src *lint.Source) bool { return !isPlan(src) })
	l := newLoader(slices.DeleteFunc(slices.Clone(unit), isPlan), files)
	dirs := slices.Sorted(maps.Keys(l.checked))
	called := map[string]bool{}
	for _, src := range unit {
		for _, dir := range Calls(src) {
			called[dir] = called[dir] || dir != path.Dir(src.Path)
		}
	}
	for _, all := range []bool{false, true} { // then what only calls itself
		for _, dir := range dirs {
			if l.reached[dir] || called[dir] && !all {
				continue
			}
			doc, found := l.rootModule(dir)
			if doc != nil {
				docs = append(append(docs, doc), ofCluster(doc)...)
			}
			findings = append(findings, found...)
		}
	}
	for _, src := range plans {
		doc, found := l.plan(src)
		if doc != nil {
			docs = append(docs, doc)
		}
		findings = append(findings, found...)
	}
	return docs, append(l.findings, findings...)
}

// newRun begins an evaluation. What is not within an argument counts for the whole
// only, and stands at its file.
func (l *loader) newRun(dir string, at lint.Span) *run {
	return &run{loader: l, places: l.places, root: dir, steps: maxSteps, frame: &frame{left: math.MaxInt, at: at}, documents: map[documentKey]*lint.Node{}}
}

// rootModule makes the document of a directory.
func (l *loader) rootModule(dir string) (*lint.Document, []lint.Finding) {
	l.reached[dir] = true
	files := slices.SortedFunc(slices.Values(l.checked[dir]), func(a, b *lint.Source) int { return strings.Compare(a.Path, b.Path) })
	first := slices.IndexFunc(files, func(src *lint.Source) bool { return len(strings.TrimSpace(string(src.Data))) > 0 })
	if first < 0 {
		return nil, nil
	}
	r := l.newRun(dir, lint.Span{Source: files[first]})
	doc := &lint.Document{Platform: "terraform", Path: files[first].Path}
	doc.Root = document(newEvaluator(r, l.module(dir)), files[first].Whole())
	var gaps []lint.Gap
	for _, e := range r.all {
		if e.fixed.Source == nil {
			gaps = append(gaps, e.module.gaps...)
		}
	}
	doc.Gaps = sortedGaps(append(gaps, r.gaps...))
	return doc, r.findings
}

// Calls lists the directories whose modules a file calls, as far as a look at its
// text tells: which files are read together does not need more.
func Calls(src *lint.Source) []string {
	if extension(src.Path) == "" {
		return nil
	}
	var dirs []string
	for rest, word := src.Data, []byte("source"); len(dirs) < maxModules; {
		at := bytes.Index(rest, word)
		if at < 0 {
			break
		}
		before, behind := bytes.TrimRight(bytes.TrimSuffix(rest[:at], []byte{'"'}), " \t"), rest[at+len(word):]
		rest = behind
		if len(before) > 0 && !bytes.ContainsRune([]byte("\r\n{;,"), rune(before[len(before)-1])) {
			continue
		}
		named := localSource().FindSubmatch(behind[:min(len(behind), maxSource)])
		if named == nil {
			continue
		}
		if dir := path.Join(path.Dir(src.Path), string(named[1])); dir != ".." && !strings.HasPrefix(dir, "../") && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// maxSource bounds the text of an argument that names a directory.
const maxSource = 1_000

// localSource is what stands behind the name of an argument that names a directory.
var localSource = regex.Lazy(`^"?[ \t]*[=:][ \t]*"(\.\.?(?:/[^"\n$%]*)?)"`)

// sortedGaps orders gaps by place and drops repetitions.
func sortedGaps(gaps []lint.Gap) []lint.Gap {
	slices.SortStableFunc(gaps, func(a, b lint.Gap) int {
		if order := a.Location.Compare(b.Location); order != 0 {
			return order
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.Compact(gaps)
}

// isOverride says whether a file changes the blocks of others instead of adding
// its own.
func isOverride(name string) bool {
	base := strings.TrimSuffix(path.Base(name), extension(name))
	return base == "override" || strings.HasSuffix(base, "_override")
}
