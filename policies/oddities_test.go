package policies_test

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/made"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// oddities are what a value may be, though no schema allows it there: in JSON, which
// YAML and HCL read too, and in Bicep.
var oddities = []string{`null`, `[]`, `{}`, `1`, `"x"`, `["x"]`, `{"x": null}`}

// odd are files that no case is near.
var odd = map[string]string{
	"a.yaml": "AWSTemplateFormatVersion: x\nParameters: {P: {Type: 1}, DbPassword: {Type: [a]}}\nResources:\n" +
		"  A: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref DbPassword}}\n  B: {Type: AWS::KMS::Key, Properties: null}\n" +
		"  C: {Type: AWS::SecretsManager::Secret, Properties: []}\n  D: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: 1}}}\n" +
		"  E: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: '*', Principal: '*', Condition: [x, [y]]}}}}\n",
	"b.yaml":  "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [x, {level: RequestResponse, resources: [x, {group: '', resources: [secrets]}]}]\n",
	"c.yaml":  "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\nrules: [{apiGroups: [''], resources: [null, 1], verbs: ['*', 1]}]\n",
	"d.bicep": "resource s 'Microsoft.Sql/servers@2023-05-01-preview' = {\n  name: 's'\n  properties: { administrators: [] }\n}\n",
	"f.yaml":  "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: x}\n",
	"g.bicep": "var a\noutput o string = a\n",
	"h/main.tf": "variable \"x\" { type = string }\nmodule \"a\" { source = \"./${var.x}\" }\nmodule \"b\" { source = 5 }\nmodule \"c\" { source = [\"x\"] }\nmodule \"d\" {}\n" +
		"resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({Statement = [{Effect = \"Allow\", Action = \"*\", Resource = \"*\"}]})\n}\n",
	"i.json":    `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [7, {"address": "aws_db_instance.a", "mode": "managed", "values": {}}]}}}`,
	"e/main.tf": "resource \"helm_release\" \"h\" {\n  values = [yamlencode({a = 1}), file(\"v.yaml\"), 1]\n  set    = [\"x\"]\n}\n",
}

// TestOddities puts a value of another kind in place of each value of the cases, and
// demands that every policy still can be evaluated: what a repository gets wrong must
// not keep rules from judging the rest of it.
func TestOddities(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	policies := program(t)
	var jobs []oddity
	seen := map[string]bool{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folders := map[string]map[string][]byte{}
		for _, file := range archive.Files {
			top, inside, _ := strings.Cut(file.Name, "/")
			if folders[top] == nil {
				folders[top] = map[string][]byte{}
			}
			folders[top][inside] = made.Up(file.Data)
		}
		for _, top := range slices.Sorted(maps.Keys(folders)) {
			files := folders[top]
			for _, unit := range parse.Units(slices.Sorted(maps.Keys(files)), nil) {
				jobs = append(jobs, mutants(files, unit, name, seen)...)
			}
		}
	}
	for name, text := range odd {
		jobs = append(jobs, oddity{text, []string{name}, map[string][]byte{name: []byte(text)}})
	}
	var mu sync.Mutex
	told := map[string]bool{}
	var workers sync.WaitGroup
	for first := range 2 {
		workers.Go(func() {
			for i := first; i < len(jobs); i += 2 {
				for _, failure := range jobs[i].judge(t, policies) {
					mu.Lock()
					if !told[failure.Message] {
						t.Errorf("%s: %s: %s", jobs[i].what, failure.Rule, failure.Message)
					}
					told[failure.Message] = true
					mu.Unlock()
				}
			}
		})
	}
	workers.Wait()
}

// oddity is a repository with one odd value.
type oddity struct {
	what  string
	unit  []string
	files map[string][]byte
}

// mutants gives repositories with an oddity in place of each value of a unit whose shape
// (platform, kinds of things, keys) was not seen before, and of some of those that were
// seen beside other things, in the cases of other rules; and such as have a key less.
func mutants(files map[string][]byte, unit []string, cases string, seen map[string]bool) (all []oddity) {
	for _, doc := range documents(files, unit) {
		often := 7 // one of each value
		if doc.Platform == pipeline.Platform || pipeline.Link(doc, nil) != nil {
			often = 211 // a shape of our own, which files do not change
		}
		put := func(at lint.Span, start, end int, what, value string) {
			text := files[at.Source.Path]
			changed := maps.Clone(files)
			changed[at.Source.Path] = slices.Concat(text[:start], []byte(value), text[end:])
			all = append(all, oddity{what, unit, changed})
		}
		var walk func(n *lint.Node, shape string)
		walk = func(n *lint.Node, shape string) {
			for _, item := range n.Items {
				walk(item, shape+"[]")
			}
			kind := n.Get("kind").Str() + n.Get("type").Str() + n.Get("Type").Str()
			for _, field := range n.Fields {
				key := field.Key
				if strings.HasSuffix(strings.ToLower(shape), "resources") {
					key = "*"
				}
				called := shape + kind + "." + key
				walk(field.Value, called)
				if at := field.Span; at.Source != nil && at.Start+1 < at.End && files[at.Source.Path] != nil && !seen["-"+called] {
					seen["-"+called] = true
					put(at, at.Start+1, at.Start+1, called+" renamed", "zz")
				}
			}
			at := n.Span
			if at.Source == nil || at.Start == at.End || files[at.Source.Path] == nil || seen[cases+shape] {
				return
			}
			every := often
			if seen[shape] {
				every *= 61
			}
			seen[shape], seen[cases+shape] = true, true
			for i, value := range oddities {
				if (len(seen)+i*11)%every != 0 {
					continue
				}
				if path.Ext(at.Source.Path) == ".bicep" {
					value = strings.ReplaceAll(value, `"`, "'")
				}
				put(at, at.Start, at.End, shape+" = "+value, value)
			}
		}
		walk(doc.Root, doc.Platform)
	}
	return all
}

func (o oddity) judge(t *testing.T, policies *eval.Program) (failures []lint.Failure) {
	for _, doc := range documents(o.files, o.unit) {
		_, failed, err := policies.Evaluate(context.Background(), doc, nil)
		if err != nil {
			t.Error(err)
		}
		failures = append(failures, failed...)
	}
	return failures
}

// documents are those of a unit, and what links make of them.
func documents(files map[string][]byte, unit []string) []*lint.Document {
	sources := map[string]*lint.Source{}
	read := func(name string) *lint.Source {
		if data, ok := files[name]; ok && sources[name] == nil {
			sources[name] = &lint.Source{Path: name, Data: data}
		}
		return sources[name]
	}
	var together []*lint.Source
	for _, name := range unit {
		together = append(together, read(name))
	}
	docs, _ := parse.Parse(together, read)
	for _, doc := range slices.Clone(docs) {
		if linked := pipeline.Link(doc, read); linked != nil {
			docs = append(docs, linked)
		}
	}
	return docs
}
