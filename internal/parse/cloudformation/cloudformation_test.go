package cloudformation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
	"github.com/policyctl/policyctl/internal/yaml"
)

func source(path, text string) *lint.Source { return &lint.Source{Path: path, Data: []byte(text)} }

func document(t *testing.T, path, text string) *lint.Document {
	t.Helper()
	src := source(path, text)
	if !Claims(src) {
		t.Fatal("the file is not claimed")
	}
	docs, findings := Parse([]*lint.Source{src}, nil)
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%d documents, %v", len(docs), findings)
	}
	for _, wrong := range parsetest.Misplaced(docs[0], reread) {
		t.Error(wrong)
	}
	return docs[0]
}

func plain(n *lint.Node) string {
	if n == nil {
		return "absent"
	}
	text, _ := json.Marshal(n.Plain())
	return string(text)
}

const head = `AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Env: {Type: String, Default: dev}
  Bare: {Type: String}
  Empty: {Type: String, Default: ""}
  Size: {Type: Number, Default: 5}
  Nets: {Type: CommaDelimitedList, Default: "a, b"}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ami}
  Fetched: {Type: String, Default: '{{resolve:ssm-secure:/db:1}}'}
Mappings:
  Sizes: {dev: {disk: 1}, prod: {disk: 2}}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      X: `

const conditions = `
Conditions:
  C: !Equals [!Ref Bare, x]
  Dev: !Equals [!Ref Env, dev]
  Always: !Or [!Equals [a, a], !Condition C]
  Never: !And [!Not [!Condition Always], !Condition C]
  Itself: !Not [!Condition Itself]
`

func TestValues(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a literal", "x", `"x"`},
		{"a default", "!Ref Env", `"dev"`},
		{"the long form", "{Ref: Env}", `"dev"`},
		{"a number", "!Ref Size", `5`},
		{"no default", "!Ref Bare", `{"$unknown":["Parameters.Bare"]}`},
		{"an empty default", "!Ref Empty", `{"$unknown":["Parameters.Empty"]}`},
		{"the name of a parameter in a store", "!Ref Image", `{"$unknown":["Parameters.Image"]}`},
		{"a default that is fetched", "!Ref Fetched", `{"$unknown":["Parameters.Fetched","resolve:ssm-secure:/db:1"]}`},
		{"a list", "!Ref Nets", `["a","b"]`},
		{"a resource", "!Ref Db", `{"$unknown":["Resources.Db"]}`},
		{"a pseudo parameter", "!Ref AWS::Region", `{"$unknown":["AWS::Region"]}`},
		{"the partition", "!Ref AWS::Partition", `"aws"`},
		{"nothing", "!Ref AWS::NoValue", `absent`},
		{"an attribute", "!GetAtt Db.Endpoint.Address", `{"$unknown":["Resources.Db.Endpoint.Address"]}`},
		{"an attribute in a list", "!GetAtt [Db, Arn]", `{"$unknown":["Resources.Db.Arn"]}`},
		{"an attribute that is computed", "{'Fn::GetAtt': [Db, !Ref Bare]}", `{"$unknown":["Parameters.Bare","Resources.Db"]}`},
		{"a text without parts", "!Sub a-b", `"a-b"`},
		{"a text", "!Sub '${Env}-x'", `"dev-x"`},
		{"a text with unknown parts", "!Sub '${Env}-${Bare}-${Db.Arn}-${AWS::Region}'",
			`{"$text":"dev-${Parameters.Bare}-${Resources.Db.Arn}-${AWS::Region}","$unknown":["AWS::Region","Parameters.Bare","Resources.Db.Arn"]}`},
		{"a text with variables", "!Sub ['${v}${!w}', {v: !Ref Env}]", `"dev${w}"`},
		{"an escape alone", "!Sub '${!HOME}'", `"${HOME}"`},
		{"a join", "!Join ['', [a, !Ref Env, b]]", `"adevb"`},
		{"a join with unknowns", "!Join [',', [a, !Ref Bare]]", `{"$text":"a,${Parameters.Bare}","$unknown":["Parameters.Bare"]}`},
		{"a join of a list", "!Join ['+', !Ref Nets]", `"a+b"`},
		{"a join of an unknown list", "!Join ['+', !GetAtt Db.All]", `{"$unknown":["Resources.Db.All"]}`},
		{"a join of too little", "!Join ['+']", `{"$unknown":["Fn::Join"]}`},
		{"a choice", "!Select [1, [a, b]]", `"b"`},
		{"a choice as text", "!Select ['0', !Split ['.', 'x.y']]", `"x"`},
		{"a choice beyond the end", "!Select [7, [a]]", `{"$unknown":["Fn::Select"]}`},
		{"a choice of unknowns", "!Select [0, !GetAZs '']", `{"$unknown":["Fn::GetAZs"]}`},
		{"a choice that is unknown", "!Select [!Ref Bare, [a, b]]", `{"$candidates":["a","b"],"$unknown":["Fn::Select"]}`},
		{"a split of an unknown text", "!Split [',', !Ref Bare]", `{"$unknown":["Parameters.Bare"]}`},
		{"a mapping", "!FindInMap [Sizes, !Ref Env, disk]", `1`},
		{"a mapping by an unknown key", "!FindInMap [Sizes, !Ref AWS::Region, disk]", `{"$candidates":[1,2],"$unknown":["Mappings.Sizes"]}`},
		{"a mapping without the key", "!FindInMap [Sizes, test, disk]", `{"$unknown":["Fn::FindInMap"]}`},
		{"a mapping with a default", "!FindInMap [Sizes, test, disk, {DefaultValue: 9}]", `9`},
		{"a condition", "!If [C, a, b]", `{"$candidates":["a","b"],"$unknown":["Conditions.C"]}`},
		{"a condition with an unknown branch", "!If [C, !Ref Bare, {a: 1}]", `{"$candidates":[{"a":1}],"$unknown":["Conditions.C","Parameters.Bare"]}`},
		{"a condition with nothing", "!If [C, a, !Ref AWS::NoValue]", `{"$candidates":["a",null],"$unknown":["Conditions.C"]}`},
		{"a condition that always holds", "!If [Always, a, b]", `"a"`},
		{"a condition that never holds", "!If [Never, a, !Ref AWS::NoValue]", `absent`},
		{"a condition on a default", "!If [Dev, a, b]", `{"$candidates":["a","b"],"$unknown":["Conditions.Dev"]}`},
		{"a condition that rests on itself", "!If [Itself, a, b]", `{"$candidates":["a","b"],"$unknown":["Conditions.Itself"]}`},
		{"a condition for nothing", "!If [C, !Ref AWS::NoValue, !Ref AWS::NoValue]", `absent`},
		{"base64", "{'Fn::Base64': !Sub 'a ${Env}'}", `"a dev"`},
		{"an import", "!ImportValue net-id", `{"$unknown":["Exports.net-id"]}`},
		{"an import of a computed name", "{'Fn::ImportValue': !Sub '${Bare}-id'}", `{"$unknown":["Exports.${Parameters.Bare}-id"]}`},
		{"a fetched secret", "'{{resolve:secretsmanager:db:SecretString:password}}'", `{"$unknown":["resolve:secretsmanager:db:SecretString:password"]}`},
		{"a fetched secret within a text", "'a:{{resolve:ssm-secure:db:1}}@b'", `{"$text":"a:{{resolve:ssm-secure:db:1}}@b","$unknown":["resolve:ssm-secure:db:1"]}`},
		{"a fetched secret with a computed name", "!Sub '{{resolve:secretsmanager:${Db}::password}}'",
			`{"$text":"{{resolve:secretsmanager:${Resources.Db}::password}}","$unknown":["Resources.Db","resolve:secretsmanager:${Resources.Db}::password"]}`},
		{"nothing within a list", "[a, !Ref AWS::NoValue, b]", `["a","b"]`},
		{"a macro", "{'Fn::Transform': {Name: Make}}", `{"$unknown":["Fn::Transform"]}`},
		{"a tag that is not known", "!Rain::Embed x", `{"$unknown":["Fn::Rain::Embed"]}`},
		{"a key that is no function", "{Condition: x}", `{"Condition":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := document(t, "a.yaml", head+tt.text+conditions)
			got := plain(doc.Root.At(lint.Path{"resources", 0, "values", "X"}))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextsThatHoldJSON(t *testing.T) {
	doc := document(t, "a.yaml", head+`!Sub '{"Statement": [{"Resource": "arn:${AWS::Region}:${Env}", "Action": "*"}]}'`+"\n")
	got := plain(doc.Root.At(lint.Path{"resources", 0, "values", "X$json"}))
	want := `{"Statement":[{"Action":"*","Resource":{"$text":"arn:${AWS::Region}:dev","$unknown":["AWS::Region"]}}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUserDataInBase64(t *testing.T) {
	doc := document(t, "a.yaml", head+"1\n      UserData: ZWNobyBoaQo=\n")
	if got := plain(doc.Root.At(lint.Path{"resources", 0, "values", "UserData"})); got != `"echo hi\n"` {
		t.Error(got)
	}
}

// TestDocument has a template of everything, in JSON.
func TestDocument(t *testing.T) {
	doc := document(t, "stack.template", `{
	"Transform": "AWS::Serverless-2016-10-31",
	"Globals": {"Function": {"Timeout": 3, "Environment": {"Variables": {"A": {"Ref": "P"}}}, "Layers": ["x"]}},
	"Parameters": {"P": {"Type": "String", "NoEcho": "True", "Default": "d"}},
	"Resources": {
		"F": {"Type": "AWS::Serverless::Function", "DeletionPolicy": "Retain", "Condition": "C", "Metadata": {"m": 1},
			"Properties": {"Environment": {"Variables": {"B": "b"}}, "Layers": ["y"]}},
		"Plain": {"Type": "AWS::SNS::Topic"},
		"Wrong": {"Properties": {}}
	},
	"Outputs": {"O": {"Value": {"Ref": "P"}, "Export": {"Name": "n"}}}
}`)
	want := `{"globals":[{"derived":[{"from":["Parameters.P"],"path":["values","Environment","Variables","A"]}],"id":"Globals.Function","type":"AWS::Serverless::Function","values":{"Environment":{"Variables":{"A":"d"}},"Layers":["x"],"Timeout":3}}],` +
		`"outputs":[{"derived":[{"from":["Parameters.P"],"path":["value"]}],"export":{"Name":"n"},"name":"O","value":"d"}],` +
		`"parameters":[{"default":"d","has_default":true,"name":"P","no_echo":true,"type":"String"}],` +
		`"resources":[{"condition":"C","deletion_policy":"Retain","derived":[{"from":["Parameters.P"],"path":["values","Environment","Variables","A"]}],"id":"F","inherited":[["values","Timeout"],["values","Environment","Variables","A"],["values","Layers",1]],"metadata":{"m":1},"type":"AWS::Serverless::Function","values":{"Environment":{"Variables":{"A":"d","B":"b"}},"Layers":["y","x"],"Timeout":3}},` +
		`{"id":"Plain","type":"AWS::SNS::Topic","values":{}},{"id":"Wrong","type":"","values":{}}],"transforms":["AWS::Serverless-2016-10-31"]}`
	if diff := cmp.Diff(want, plain(doc.Root)); diff != "" {
		t.Error(diff)
	}
	if len(doc.Gaps) != 1 || doc.Gaps[0].Message != "Wrong has no type that is known; no policy judges it" {
		t.Error(doc.Gaps)
	}
}

func TestLoops(t *testing.T) {
	doc := document(t, "a.yaml", `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Topics:
    - Name
    - [alpha, be-ta]
    - 'T&{Name}': {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name, X: !Sub 'q-${Name}-${AWS::Region}'}}
  Fn::ForEach::Others: [Name, !Ref Names, {'Q${Name}': {Type: AWS::SQS::Queue}}]
  Fn::Transform: {Name: AWS::Include}
`)
	want := `[{"id":"Talpha","type":"AWS::SNS::Topic","values":{"TopicName":"alpha","X":{"$text":"q-alpha-${AWS::Region}","$unknown":["AWS::Region"]}}},` +
		`{"id":"Tbeta","type":"AWS::SNS::Topic","values":{"TopicName":"be-ta","X":{"$text":"q-be-ta-${AWS::Region}","$unknown":["AWS::Region"]}}}]`
	if diff := cmp.Diff(want, plain(doc.Root.Get("resources"))); diff != "" {
		t.Error(diff)
	}
	var gaps []string
	for _, gap := range doc.Gaps {
		gaps = append(gaps, gap.Location.String()+" "+gap.Message)
	}
	if diff := cmp.Diff([]string{
		"a.yaml:7:3 it is not known over what the loop Others goes; it was not judged",
		"a.yaml:8:3 what the macro AWS::Include adds here is not known; it was not judged",
	}, gaps); diff != "" {
		t.Error(diff)
	}
}

func TestGaps(t *testing.T) {
	tests := []struct{ text, want string }{
		{"!Foo x", "16:10 the function Foo is not known; what it makes was not judged"},
		{"{'Fn::Transform': {Name: AWS::Include}}", "16:10 what the macro AWS::Include makes is not known; it was not judged"},
		{"1\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://x/y'}}", "17:67 the template of the nested stack is not in this repository; it was not judged"},
		{"1\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./y.yaml}}", ""},
		{"1\n  S: {Type: AWS::SQS::Queue, Properties: {'Fn::If': [C, {A: 1}, {B: 2}]}}", ""},
		{"1\n  S: {Type: AWS::SQS::Queue, Properties: {'Fn::If': [C, !Ref X, !Ref Y]}}", "17:30 the properties of S are not known; no policy judges them"},
		{"!If [D, a, b]", "16:15 the condition D is not declared; both sides were judged"},
		{"!FindInMap [Sizes, test, disk]", "16:10 the mapping Sizes has no such entry; what stands here was not judged"},
		{"1\nTransform: [AWS::Serverless-2016-10-31, {Name: AWS::Include}]", "17:41 what the macro AWS::Include makes of the template is not known; it was not judged"},
		{"1\nFn::Transform: {Name: Own}", "17:16 what the macro Own makes of the template is not known; it was not judged"},
	}
	for _, tt := range tests {
		got := ""
		for _, gap := range document(t, "a.yaml", head+tt.text+conditions).Gaps {
			got += fmt.Sprintf("%d:%d %s", gap.Location.Start.Line, gap.Location.Start.Column, gap.Message)
		}
		if got != tt.want {
			t.Errorf("%s: %q", tt.text, got)
		}
	}
}

func TestParameterValues(t *testing.T) {
	doc := document(t, "params.json", `[{"ParameterKey": "A", "ParameterValue": "b"}, {"ParameterKey": "C", "UsePreviousValue": true}]`)
	if got := plain(doc.Root); got != `{"parameter_values":[{"name":"A","value":"b"}]}` {
		t.Error(got)
	}
}

func TestClaims(t *testing.T) {
	tests := []struct {
		name, path, text string
		want             int // documents; -1 for a finding
	}{
		{"a version", "a.yml", "AWSTemplateFormatVersion: '2010-09-09'\n", 1},
		{"a type", "a.yaml", "Resources: {A: {Type: 'AWS::S3::Bucket'}}\n", 1},
		{"a custom resource", "a.json", `{"Resources": {"A": {"Type": "Custom::X"}}}`, 1},
		{"the serverless model", "template.yaml", "Transform: AWS::Serverless-2016-10-31\n", 1},
		{"two of them", "a.yaml", "AWSTemplateFormatVersion: x\n---\nAWSTemplateFormatVersion: y\n", 2},
		{"another suffix", "a.txt", "AWSTemplateFormatVersion: x\n", 0},
		{"values of the serverless framework", "serverless.yml", "resources: {Resources: {A: {Type: AWS::S3::Bucket}}}\n", 0},
		{"prose", "a.yaml", "text: AWSTemplateFormatVersion\nother: ParameterKey\n", 0},
		{"a broken template", "a.yaml", "AWSTemplateFormatVersion: x\nResources: [a\n", -1},
		{"a broken file of another kind", "a.yaml", "# ParameterKey\nx: [a\n", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(tt.path, tt.text)
			got := 0
			if Claims(src) {
				docs, findings := Parse([]*lint.Source{src}, nil)
				if got = len(docs); len(findings) > 0 {
					got = -1
				}
			}
			if got != tt.want {
				t.Errorf("got %d", got)
			}
		})
	}
}

// TestHostile has templates that ask for more than they say.
func TestHostile(t *testing.T) {
	var loops strings.Builder
	for i := range 8 {
		fmt.Fprintf(&loops, "%sFn::ForEach::L%d:\n%s- I%d\n%s- [a, b, c, d, e, f, g, h, i, j]\n%s- 'K${I%d}':\n", strings.Repeat("    ", i+2), i,
			strings.Repeat("    ", i+2), i, strings.Repeat("    ", i+2), strings.Repeat("    ", i+2), i)
	}
	var joins strings.Builder
	for i := range 18 {
		joins.WriteString("!Join ['', [")
		if i == 17 {
			joins.WriteString("x")
		}
	}
	tests := map[string]string{
		"loops within loops": "AWSTemplateFormatVersion: x\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n" + loops.String() + strings.Repeat("    ", 11) + "x: y\n",
		"a text of many references": "AWSTemplateFormatVersion: x\nParameters: {P: {Type: String, Default: '" + strings.Repeat("x", 100_000) + "'}}\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      X: !Sub '" +
			strings.Repeat("${P}", 20_000) + "'\n",
		"a loop over itself":   "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A: &x [B, [c], {D: *x}]\n",
		"functions of nothing": "AWSTemplateFormatVersion: x\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: [!Sub , !Join , !Select , !If , !FindInMap , !GetAtt , !Split , !Ref ]\n",
	}
	for name, text := range tests {
		begin := time.Now()
		docs, findings := Parse([]*lint.Source{source("a.yaml", text)}, nil)
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if len(docs) == 0 && len(findings) == 0 {
			t.Errorf("%s: silence", name)
		}
		for _, doc := range docs {
			if size := doc.Root.Size(); size > 3*maxValues {
				t.Errorf("%s: %d values", name, size)
			}
		}
	}
}

// TestBroken holds that what was meant to be a template, and cannot be read, is told,
// and that nothing is said here of files of other platforms.
func TestBroken(t *testing.T) {
	tests := []struct {
		path, text string
		want       bool
	}{
		{"a.json", `{"AWSTemplateFormatVersion":"x","Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"A":[1,]}}}}`, true},
		{"a.template", `{"Description": "x", "AWSTemplateFormatVersion":"x","Resources":{"B":{"Type":"AWS::S3::Bucket"`, true},
		{"a.json", "{\n  \"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\",}}", true},
		{"a.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket}\n  : [\n", true},
		{"a.json", `{"AWSTemplateFormatVersion":"x","Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":` + strings.Repeat(`{"Fn::Join":["",[`, 120) + `"x"` + strings.Repeat(`]]}`, 120) + `}}}`, true},
		{"a.yaml", "resources:\n  Resources:\n    B: {Type: AWS::S3::Bucket}\n  : [\n", false},
		{"a.yaml", "kind: ConfigMap\ndata:\n  x: 'Type: AWS::S3::Bucket'\n  : [\n", false},
	}
	for _, tt := range tests {
		if _, findings := Parse([]*lint.Source{source(tt.path, tt.text)}, nil); len(findings) > 0 != tt.want {
			t.Errorf("%s: %v", tt.text, findings)
		}
	}
}

// reread reads a text once more that is no call, and not put together from others.
func reread(n *lint.Node) (string, bool) {
	text := string(n.Span.Text())
	if n.Kind != lint.String || len(n.Via) > 0 || strings.ContainsAny(text, "!{}\n") || text == "" {
		return "", false
	}
	docs, _ := yaml.Read(&lint.Source{Path: "a.yaml", Data: []byte(text)})
	if len(docs) != 1 || docs[0].Kind != lint.String {
		return "", false
	}
	return docs[0].Text, true
}

// FuzzParse holds that every value has a place, and that what stands there is it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		head + "!Sub '${Env}'\n", head + "!If [a, b, c]\n", head + "!Join [a, [b]]\n", head + "'{\"a\": \"${b}\"}'\n",
		"Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A: [B, [c], {'D${B}': {Type: AWS::S3::Bucket}}]\n",
		"Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {A: {B: c}}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {A: {D: e}}}}\n",
	} {
		f.Add(text, "a.yaml")
	}
	f.Add(`{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"x": {"Fn::Sub": "a${b}"}}}}}`, "a.json")
	f.Fuzz(func(t *testing.T, text, path string) {
		if path != "a.json" {
			path = "a.yaml"
		}
		docs, _ := Parse([]*lint.Source{source(path, text)}, nil)
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, reread) {
				t.Error(wrong)
			}
		}
	})
}
