// Package cloudformation reads templates of CloudFormation and of its serverless
// application model, in YAML and in JSON, and evaluates what can be known without
// an account: references to defaults of parameters, texts that are put together,
// mappings. One template becomes one document:
//
//	{
//	  "transforms": ["AWS::Serverless-2016-10-31"],
//	  "resources": [{
//	    "id": "Database", "type": "AWS::RDS::DBInstance",
//	    "values": {...},                // its properties
//	    "metadata": {...},
//	    "condition": "IsProd",          // only where it is made under a condition
//	    "deletion_policy": "Retain",
//	    "derived": [{"path": ["values", "MasterUserPassword"], "from": ["Parameters.Password"]}],
//	    "inherited": [["values", "Environment"]] // paths that Globals give to all
//	  }],
//	  "globals": [{"id": "Globals.Function", "type": "AWS::Serverless::Function", "values", "derived"}],
//	  "parameters": [{"name", "type", "default", "has_default", "no_echo", "description", "given"}],
//	  "outputs": [{"name", "value", "export", "derived"}],
//	  "metadata": {...},
//	  "parameter_values": [{"name", "value"}]  // of a file that gives parameters their values
//	}
//
// A value is plain JSON where it is known, and {"$unknown": [references]} where
// it is not. References are Parameters.NAME, Resources.ID.ATTRIBUTE,
// Conditions.NAME, Exports.NAME, AWS::Region, and resolve:secretsmanager:… for a
// dynamic reference. An unknown text of which parts are known also has "$text":
// the text with ${reference} where something is not known. What depends on a
// condition, or on a key of a mapping that is not known, has "$candidates": the
// values that it can have. AWS::NoValue is absent. Beside a text that holds JSON
// stands "name$json": what it says, in the structure it has.
//
// The default of a parameter is taken for its value; "derived" says where. Of a
// template that another one nests, the value is what it is "given" there.
package cloudformation

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Platform is the name of the documents.
const Platform = "cloudformation"

var extensions = []string{".yaml", ".yml", ".json", ".template", ".cfn", ".cform"}

var (
	typed = regex.Lazy(`\bType["']?\s*:\s*["']?(?:AWS|Custom|Alexa)::`)
	begun = regex.Lazy(`(?m)(?:^|[{,])\s*["']?(?:AWSTemplateFormatVersion["']?\s*:|Transform["']?\s*:.*AWS::)|^(?:["']?|\{?\s*")Resources["']?\s*:`)
)

// ofRoles are the words of a configuration of the Serverless Framework that say what
// functions may do, and where they answer.
var ofRoles = regex.Lazy(`statements|url:|anagedPolicies`)

// Claims says whether the file may hold a template, or values of parameters: by
// its suffix, and the words that it has. Parse decides on the tree.
func Claims(src *lint.Source) bool {
	if !slices.Contains(extensions, strings.ToLower(path.Ext(src.Path))) {
		return false
	}
	return bytes.Contains(src.Data, []byte("AWSTemplateFormatVersion")) || bytes.Contains(src.Data, []byte("ParameterKey")) ||
		bytes.Contains(src.Data, []byte("amRoleStatements")) || bytes.Contains(src.Data, []byte("provider")) && ofRoles().Match(src.Data) ||
		bytes.Contains(src.Data, []byte("::")) && (typed().Match(src.Data) || bytes.Contains(src.Data, []byte("AWS::Serverless")))
}

// Parse reads templates, one document for each, and one for each time that a
// template nests another of the repository, with the values which that is given.
// files gives those; it may be nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		roots, found := yaml.Read(src)
		meant := false
		for _, root := range roots {
			t := &template{src: src, root: ofService(root)}
			switch root := t.root; {
			case isTemplate(root):
				t.document()
			case isValues(root):
				t.parameterValues()
			default:
				continue
			}
			meant = true
			nested := t.nest(files)
			docs = append(docs, &lint.Document{Platform: Platform, Path: src.Path, Root: t.out, Gaps: t.gaps})
			docs = append(docs, nested...)
		}
		if meant || starts(src.Data) { // of other files, their own platforms say what is wrong
			findings = append(findings, found...)
		}
	}
	return docs, findings
}

// starts says whether what cannot be read was meant to be a template.
func starts(data []byte) bool { return begun().Match(data) && typed().Match(data) }

// isTemplate says whether a document is a template: by its version, its transform,
// or the type of a resource.
func isTemplate(root *lint.Node) bool {
	if root.Get("AWSTemplateFormatVersion") != nil {
		return true
	}
	for _, name := range listed(root.Get("Transform")) {
		if strings.HasPrefix(name.Str(), "AWS::") {
			return true
		}
	}
	return slices.ContainsFunc(root.Get("Resources").Object(), func(field lint.Field) bool {
		typ := field.Value.Get("Type").Str()
		return strings.HasPrefix(typ, "AWS::") || strings.HasPrefix(typ, "Custom::") || strings.HasPrefix(typ, "Alexa::")
	})
}

// ofService is the template within a configuration of the Serverless Framework: its
// resources, the roles that it makes of statements, and the addresses of functions. Other documents are what
// they are.
func ofService(root *lint.Node) *lint.Node {
	if root.Get("provider") == nil || root.Get("Resources") != nil {
		return root
	}
	resources := lint.NewObject(root.Span)
	for _, part := range listed(root.Get("resources")) {
		for _, field := range part.Get("Resources").Object() {
			resources.Set(field.Key, field.Span, field.Value)
		}
	}
	role := func(id string, value *lint.Node, within ...string) {
		if value.List() == nil {
			return
		}
		nested := value
		for _, key := range append(within, "Properties") {
			outer := lint.NewObject(value.Span)
			outer.Set(key, lint.Span{}, nested)
			nested = outer
		}
		nested.Set("Type", lint.Span{}, lint.NewString("AWS::IAM::Role", lint.Span{}))
		resources.Set(id, value.Span, nested)
	}
	policy := []string{"Statement", "PolicyDocument", "Policies"}
	role("provider.iamRoleStatements", root.Get("provider", "iamRoleStatements"), policy...)
	role("provider.iam.role.statements", root.Get("provider", "iam", "role", "statements"), policy...)
	role("provider.iamManagedPolicies", root.Get("provider", "iamManagedPolicies"), "ManagedPolicyArns")
	role("provider.iam.role.managedPolicies", root.Get("provider", "iam", "role", "managedPolicies"), "ManagedPolicyArns")
	for _, functions := range listed(root.Get("functions")) {
		for _, function := range functions.Object() {
			role("functions."+function.Key+".iamRoleStatements", function.Value.Get("iamRoleStatements"), policy...)
			if url := address(function.Value.Field("url")); url != nil {
				resources.Set("functions."+function.Key+".url", function.Value.Field("url").Span, url)
			}
		}
	}
	template := lint.NewObject(root.Span)
	template.Set("Resources", lint.Span{}, resources)
	return template
}

// address is the address of its own that a function of a service has: open to all, unless it
// asks for a login.
func address(field *lint.Field) *lint.Node {
	if field == nil || field.Value.Text == "false" || field.Value.Kind == lint.Null {
		return nil
	}
	login := field.Value.Get("authorizer")
	if login == nil {
		login = lint.NewString("NONE", field.Value.Span)
	}
	properties, resource := lint.NewObject(field.Value.Span), lint.NewObject(field.Value.Span)
	properties.Set("AuthType", field.Span, login)
	resource.Set("Type", lint.Span{}, lint.NewString("AWS::Lambda::Url", lint.Span{}))
	resource.Set("Properties", lint.Span{}, properties)
	return resource
}

// isValues says whether a document is the list of parameters that the command
// line of AWS takes.
func isValues(root *lint.Node) bool {
	return slices.ContainsFunc(root.List(), func(item *lint.Node) bool {
		return item.Get("ParameterKey").Str() != "" && item.Get("ParameterValue") != nil
	})
}

// listed are the items of a list, or the one value that stands for a list.
func listed(value *lint.Node) []*lint.Node {
	if value == nil || value.Kind == lint.List {
		return value.List()
	}
	return []*lint.Node{value}
}
