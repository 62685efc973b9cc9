package arm

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

// TestExpressions has what both languages can say, and what one of them can.
func TestExpressions(t *testing.T) {
	const bicep = "param env string = 'dev'\nparam bare string\nvar size = 5\nvar tags = { a: 'b' }\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: 'v'\n}\nresource x 'Microsoft.X/y@1' = {\n  v: %s\n}\n"
	const template = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
		"parameters": {"env": {"type": "string", "defaultValue": "dev"}, "bare": {"type": "string"}}, "variables": {"size": 5, "tags": {"a": "b"}},
		"resources": [{"type": "Microsoft.X/z", "name": "z"}, {"type": "Microsoft.X/y", "name": "x", "v": %s}]}`
	tests := []struct{ name, bicep, json, want string }{
		{"a text", "'a'", `"a"`, `"a"`},
		{"a number and a truth", "[1, true]", `[1, true]`, `[1,true]`},
		{"null", "null", `"[null()]"`, "absent"},
		{"a default", "env", `"[parameters('env')]"`, `"dev"`},
		{"no default", "bare", `"[parameters('bare')]"`, `{"$unknown":["parameters.bare"]}`},
		{"a variable", "size", `"[variables('SIZE')]"`, "5"},
		{"a member of a variable", "tags.a", `"[variables('tags').a]"`, `"b"`},
		{"a text with parts", "'${env}-${bare}'", `"[concat(parameters('env'), '-', parameters('bare'))]"`, `{"$text":"dev-${parameters.bare}","$unknown":["parameters.bare"]}`},
		{"a format", "format('{0}-{1:D2}', env, size)", `"[format('{0}-{1:D2}', parameters('env'), variables('size'))]"`, `"dev-5"`},
		{"quotes", `'it\'s'`, `"[concat('it''s', '')]"`, `"it's"`},
		{"a bracket", "'[x]'", `"[[x]"`, `"[x]"`},
		{"a condition", "empty(bare) ? 'a' : 'b'", `"[if(empty(parameters('bare')), 'a', 'b')]"`, `{"$candidates":["a","b"],"$unknown":["condition","empty","parameters.bare"]}`},
		{"functions of texts", "toUpper(replace(env, 'd', 'x'))", `"[toUpper(replace(parameters('env'), 'd', 'x'))]"`, `"XEV"`},
		{"a list made", "createArray(env, 1)", `"[createArray(parameters('env'), 1)]"`, `["dev",1]`},
		{"an object made", "union({ a: 1 }, { b: 2 })", `"[union(createObject('a', 1), createObject('b', 2))]"`, `{"a":1,"b":2}`},
		{"an item", "split('a,b', ',')[1]", `"[split('a,b', ',')[1]]"`, `"b"`},
		{"keys of a resource", "listKeys(kv.id, '1').keys[0].value", `"[listKeys(resourceId('a/b', 'c'), '1').keys[0].value]"`, ""},
		{"a function that is not evaluated", "uniqueString('a')", `"[uniqueString('a')]"`, `{"$unknown":["uniqueString"]}`},
		{"an object with JSON", `{ a: '{"b": 1}' }`, `{"a": "{\"b\": 1}"}`, `{"a":"{\"b\": 1}","a$json":{"b":1}}`},
		{"no expression", "", `"[not one"`, `"[not one"`},
		{"a copy", "", `{"copy": [{"name": "a", "count": 2, "input": {"n": "[copyIndex('a')]"}}]}`, `{"a":[{"n":0},{"n":1}]}`},
		{"a symbol", "kv.properties.vaultUri", "", `{"$unknown":["resources.kv.properties.vaultUri"]}`},
		{"a secret of a vault", "kv.getSecret('db')", "", `{"$unknown":["getSecret","keyVault.db","resources.kv"]}`},
		{"a text over lines", "'''\na ${b}\n'''", "", `"a ${b}\n"`},
		{"an escaped text", `'\u{41}\$\{\n'`, "", ""},
		{"operators", "size > 3 && !contains(env, 'x')", "", "true"},
		{"operators by how they bind", "size == 5 || bare == 'x' && false", `"[or(equals(variables('size'), 5), and(equals(parameters('bare'), 'x'), false()))]"`, "true"},
		{"operators of what is not known", "size < 3 || bare == 'x'", `"[or(less(variables('size'), 3), equals(parameters('bare'), 'x'))]"`, `{"$unknown":["parameters.bare"]}`},
		{"numbers", "1 + 2 * size - 4 % 3", `"[sub(add(1, mul(2, variables('size'))), mod(4, 3))]"`, "10"},
		{"a condition on what is written there", "!(size != 5) ? 'a' : 'b'", `"[if(not(not(equals(variables('size'), 5))), 'a', 'b')]"`, `"a"`},
		{"a condition on a default", "env =~ 'DEV' ? 'a' : 'b'", "", `{"$candidates":["a","b"],"$unknown":["condition","parameters.env"]}`},
		{"truths", "[true, !true]", `["[true()]", "[not(true())]"]`, "[true,false]"},
		{"a loop with a condition", "[for (n, i) in ['a', 'b']: i > 0 ? n : contains(['a'], n)]", "", `[true,"b"]`},
		{"a range", "[for i in range(1, 2): i]", `"[range(1, 2)]"`, "[1,2]"},
		{"a fallback", "bare ?? 'x'", "", `{"$candidates":["x"],"$unknown":["parameters.bare"]}`},
		{"a loop", "[for i in ['a', 'b']: { n: i }]", "", `[{"n":"a"},{"n":"b"}]`},
		{"a loop with an index", "[for (v, i) in ['a']: '${v}${i}']", "", `["a0"]`},
		{"a loop over the unknown", "[for i in bare: i.n]", "", `[{"$unknown":["for.i","parameters.bare"]}]`},
		{"a function as argument", "map(['a'], (v, i) => v)", "", `{"$unknown":["map","v"]}`},
		{"a list over lines", "[\n  'a' // one\n  'b', 'c'\n]", "", `["a","b","c"]`},
		{"keys in quotes", "{\n  'a-b': 1\n  '${env}': 2\n}", "", `{"a-b":1,"dev":2}`},
		{"what is not null", "kv!.id", "", `{"$unknown":["resources.kv.id"]}`},
		{"safe access", "kv.?properties[?'a']", "", `{"$unknown":["resources.kv.properties.a"]}`},
		{"negative", "-1", `"[int('-1')]"`, "-1"},
		{"fields of another object", "{ a: 1, ...tags }", "", `{"a":"b"}`},
		{"a condition over lines", "empty(env)\n    ? 'a'\n    : 'b'", "", `{"$candidates":["a","b"],"$unknown":["condition","parameters.env"]}`},
	}
	for _, tt := range tests {
		for _, path := range []string{"a.bicep", "a.json"} {
			text, form := tt.bicep, bicep
			if path == "a.json" {
				text, form = tt.json, template
			}
			if text == "" || tt.want == "" {
				continue
			}
			t.Run(tt.name+" "+path, func(t *testing.T) {
				doc := document(t, path, fmt.Sprintf(form, text))
				if diff := cmp.Diff(tt.want, plain(doc.Root.At(lint.Path{"resources", 1, "values", "v"}))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

const sample = `targetScope = 'subscription'
metadata a = 'b'
import { t } from './types.bicep'
type shape = {
  a: string
  b: 'x' | 'y'
}
func f(a string) string => '${a}x'

@description('who logs in')
@secure()
@minLength(8)
param password string
param mode 'a'
  | 'b' = 'a'
param plan {
  name: string
}?
/* nothing */
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = if (mode == 'a') {
  name: 'kv-${mode}'
  properties: {
    enablePurgeProtection: true
    accessPolicies: []
  }

  resource inner 'secrets' = {
    name: 'db'
    properties: { value: password }
  }
}
resource other 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = [for n in ['a', 'b']: if (mode == 'a') {
  parent: vault
  name: n
  dependsOn: [vault]
}]
module db './db.bicep' = {
  name: 'db'
  params: {
    password: password
    sku: 'x'
  }
}
module far 'br:example.azurecr.io/a:1' = [for i in range(0, 3): { name: 'n${i}' }]
@secure()
output secret string = vault.properties.x
output id string = db.outputs.id
`

func TestBicep(t *testing.T) {
	doc := document(t, "main.bicep", sample)
	want := `{"language":"bicep","modules":[{"address":"db","source":"./db.bicep","values":{"password":{"$unknown":["parameters.password"]},"sku":"x"}},{"address":"far","instance":"far[0]","source":"br:example.azurecr.io/a:1","values":{}},{"address":"far","instance":"far[1]","source":"br:example.azurecr.io/a:1","values":{}},{"address":"far","instance":"far[2]","source":"br:example.azurecr.io/a:1","values":{}}],` +
		`"outputs":[{"name":"secret","secure":true,"value":{"$unknown":["resources.vault.properties.x"]}},{"name":"id","secure":false,"value":{"$unknown":["modules.db.outputs.id"]}}],` +
		`"parameters":[{"description":"who logs in","has_default":false,"name":"password","secure":true,"type":"string"},{"default":"a","has_default":true,"name":"mode","secure":false,"type":"'a'\n  | 'b'"},{"has_default":false,"name":"plan","secure":false,"type":"{\n  name: string\n}?"}],` +
		`"resources":[{"address":"vault","derived":[{"from":["parameters.mode"],"path":["name"]}],"name":"kv-a","type":"Microsoft.KeyVault/vaults","values":{"properties":{"accessPolicies":[],"enablePurgeProtection":true}}},` +
		`{"address":"inner","name":"db","parent":"vault","type":"Microsoft.KeyVault/vaults/secrets","values":{"properties":{"value":{"$unknown":["parameters.password"]}}}},` +
		`{"address":"other","instance":"other[0]","name":"a","parent":"vault","type":"Microsoft.KeyVault/vaults/secrets","values":{}},{"address":"other","instance":"other[1]","name":"b","parent":"vault","type":"Microsoft.KeyVault/vaults/secrets","values":{}}],"scope":"subscription"}`
	if diff := cmp.Diff(want, plain(doc.Root)); diff != "" {
		t.Error(diff)
	}
	if len(doc.Gaps) != 1 || doc.Gaps[0].Location.String() != "main.bicep:44:12" {
		t.Error(doc.Gaps)
	}
}

// TestSyntax has what Bicep allows and a reader could stumble over.
func TestSyntax(t *testing.T) {
	doc := document(t, "a.bicep", `import * as shared from './shared.bicep'
import { one as two, three } from './other.bicep'
extension microsoftGraphV1
extension kubernetes with {
  kubeConfig: 'x'
} as k8s
@export()
@discriminator('kind')
type shape = circle | square
type circle = { kind: 'circle', *: string }
type lists = string[]
@export()
func made(a string, b int) string =>
  '${a}-${b}'
assert ok = true
@sys.description('''
it's
''')
@allowed([
  'a' // one
  'b'
])
param a string?
param b array = []
param c object = {
  d: {} /* none */
}
#disable-next-line no-unused-params
param e (string | int)[]
var f = !empty(a) && contains(b, 'x')
  || length(b) > 3
var g = empty(a)
  ? 'x' // first
  : toLower('${toUpper('y')}-${c.d['k-l'] ?? 'z'}')
var h = [for (x, i) in b: x.y == i ? x : null]
var i = filter(b, x => x.a != 'b')
var j = -5
resource r 'A.B/c@1' = [for x in b: if (x.on) {
  name: x.name
  #disable-next-line BCP037
  resource: 'a', if: true
  properties: {
    'quoted-key': r2::inner.id
    for: [1, 2]
  }
}]
resource r2 'A.B/c@1' existing = {
  scope: resourceGroup('other')
  name: 'x'
  resource inner 'd@1' existing = { name: 'y' }
}
@batchSize(1)
module m './m.bicep' = [for (x, i) in b: {
  name: 'm${i}'
  scope: subscription()
  params: { ...c, a: x! }
}]
output k array = [for x in b: x.id]
output l string? = m[0].outputs.?id
output n object = {
  a: m[0].outputs.b
}
`)
	for kind, want := range map[string]int{"parameters": 4, "resources": 3, "modules": 1, "outputs": 3} {
		if got := len(doc.Root.Get(kind).List()); got != want {
			t.Errorf("%d %s", got, kind)
		}
	}
}

func TestBicepErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"param a string =\nvar b = 'x'\n", "a.bicep:1:17 Bicep cannot be parsed: a value is missing"},
		{"var a = 'x\nvar b = 'y'\n", "a.bicep:1:11 Bicep cannot be parsed: a text does not end"},
		{"var a = { b 1 }\nvar c = 1\n", "a.bicep:1:13 Bicep cannot be parsed: a ':' is missing"},
		{"resource a = {}\noutput b string = 'x'\n", "a.bicep:1:12 Bicep cannot be parsed: a value is missing"},
		{"what is this\noutput b string = 'x'\n", "a.bicep:1:6 Bicep cannot be parsed: the statement is not known"},
		{"var a = " + strings.Repeat("[", 300) + "\noutput b string = 'x'\n", "a.bicep:1:59 Bicep cannot be parsed: expressions are nested too deep"},
	}
	for _, tt := range tests {
		docs, findings := Parse([]*lint.Source{source("a.bicep", tt.text)}, nil)
		got := ""
		for _, f := range findings {
			got += f.Location.String() + " " + f.Message
		}
		if got != tt.want {
			t.Errorf("%.20q: got %q", tt.text, got)
		}
		if strings.Contains(tt.text, "output") && len(docs[0].Root.Get("outputs").List()) != 1 {
			t.Errorf("%.20q: the rest of the file is lost", tt.text)
		}
	}
}

func TestTemplate(t *testing.T) {
	doc := document(t, "azuredeploy.json", `{
  // what it is
  "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
  "parameters": {"pw": {"type": "secureString", "metadata": {"description": "d"}}},
  "variables": {"copy": [{"name": "v", "count": 2, "input": "x"}], "loop": "[variables('loop')]"},
  "resources": [
    {"type": "Microsoft.Sql/servers", "name": "[parameters('pw')]", "copy": {"name": "c", "count": 2}, "properties": {"a": "[variables('v')]", "b": "[variables('loop')]"},
     "resources": [{"type": "databases", "name": "d"}]},
    {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": {"expressionEvaluationOptions": {"scope": "inner"}, "parameters": {"pw": {"value": "[parameters('pw')]"}, "s": {"reference": {"secretName": "db"}}},
      "template": {"parameters": {"pw": {"type": "string"}}, "resources": [{"type": "Microsoft.X/y", "name": "y", "p": "[parameters('pw')]"}], "outputs": {"o": {"type": "string", "value": "[parameters('pw')]"}}}}},
    {"type": "Microsoft.Resources/deployments", "name": "far", "properties": {"templateLink": {"uri": "https://example.com/x.json"}}},
    {"name": "wrong"}
  ]
}`)
	want := `{"language":"json","modules":[{"address":"inner","name":"inner","type":"Microsoft.Resources/deployments","values":{"pw":{"$unknown":["parameters.pw"]},"s":{"$unknown":["keyVault.db"]}}},` +
		`{"address":"far","name":"far","source":"https://example.com/x.json","type":"Microsoft.Resources/deployments","values":{}}],` +
		`"outputs":[{"name":"inner.o","secure":false,"value":{"$unknown":["parameters.pw"]}}],` +
		`"parameters":[{"description":"d","has_default":false,"name":"pw","secure":true,"type":"secureString"},{"has_default":false,"name":"pw","secure":false,"type":"string"}],` +
		`"resources":[{"address":"${parameters.pw}","instance":"${parameters.pw}[0]","name":{"$unknown":["parameters.pw"]},"type":"Microsoft.Sql/servers","values":{"properties":{"a":["x","x"],"b":{"$unknown":["variables.loop"]}}}},` +
		`{"address":"d","name":"d","parent":"${parameters.pw}","type":"Microsoft.Sql/servers/databases","values":{}},{"address":"${parameters.pw}","instance":"${parameters.pw}[1]","name":{"$unknown":["parameters.pw"]},"type":"Microsoft.Sql/servers","values":{"properties":{"a":["x","x"],"b":{"$unknown":["variables.loop"]}}}},` +
		`{"address":"d","name":"d","parent":"${parameters.pw}","type":"Microsoft.Sql/servers/databases","values":{}},{"address":"y","name":"y","type":"Microsoft.X/y","values":{"p":{"$unknown":["parameters.pw"]}}}],"scope":"subscription"}`
	if diff := cmp.Diff(want, plain(doc.Root)); diff != "" {
		t.Error(diff)
	}
	if len(doc.Gaps) != 3 {
		t.Error(doc.Gaps)
	}
}

func TestGaps(t *testing.T) {
	const template = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "parameters": {"p": {"type": "object"}},
"variables": {"a": "[variables('b')]", "b": "[variables('a')]"}, "resources": [{"type": "Microsoft.X/y", "name": "x",
%s}]}`
	for text, want := range map[string]string{
		`"v": "[variables('a')]"`:           "variables.a rests on itself; what depends on it was not judged",
		`"v": "[parameters('q')]"`:          "parameters.q is not declared; what depends on it was not judged",
		`"v": "[concat(,)]"`:                "the expression cannot be read; what it makes was not judged",
		`"properties": "[parameters('p')]"`: "the properties of x are not known; no policy judges them",
		`"v": "[parameters('p')]"`:          "",
	} {
		got := ""
		for _, gap := range document(t, "a.json", fmt.Sprintf(template, text)).Gaps {
			got += gap.Message
		}
		if got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestParameterFiles(t *testing.T) {
	want := `[{"name":"a","value":"x"},{"name":"b","value":{"$unknown":["keyVault.db"]}}]`
	doc := document(t, "a.parameters.json", `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
		"parameters": {"a": {"value": "x"}, "b": {"reference": {"keyVault": {"id": "/x"}, "secretName": "db"}}, "c": {}}}`)
	if got := plain(doc.Root.Get("parameter_values")); got != want {
		t.Error(got)
	}
	doc = document(t, "a.bicepparam", "using './main.bicep'\nvar v = 'x'\nparam a = v\nparam b = az.getSecret('sub', 'rg', 'kv', 'db')\n")
	if got := plain(doc.Root.Get("parameter_values")); got != strings.Replace(want, `"keyVault.db"`, `"az","getSecret","keyVault.db"`, 1) {
		t.Error(got)
	}
}

func TestClaims(t *testing.T) {
	for path, text := range map[string]string{"a.json": `{"$schema": "https://json-schema.org/schemas/x"}`, "a.yaml": "deploymentTemplate.json"} {
		if Claims(source(path, text)) {
			t.Error(path)
		}
	}
	if docs, findings := Parse([]*lint.Source{source("a.json", `{"x": "/schemas/deploymentTemplate.json"}`)}, nil); len(docs)+len(findings) > 0 {
		t.Error(docs, findings)
	}
	_, findings := Parse([]*lint.Source{source("a.json", "{\"$schema\": \"/schemas/deploymentTemplate.json\",\n \"a\": }")}, nil)
	if len(findings) != 1 || findings[0].Location.String() != "a.json:2:6" {
		t.Error(findings)
	}
}

// TestHostile has files that ask for more than they say.
func TestHostile(t *testing.T) {
	var variables strings.Builder
	variables.WriteString("var v0 = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&variables, "var v%d = [for x in v0: v%d]\n", i, i-1)
	}
	tests := map[string]string{
		"a.bicep": variables.String() + "output o string = v11\n",
		"b.bicep": "var a = '" + strings.Repeat("${", 5000) + "\noutput o string = a\n",
		"c.bicep": "var a = b\nvar b = a\noutput o string = a\n",
		"d.bicep": strings.Repeat("@", 10_000),
		"e.json":  `{"$schema": "/schemas/deploymentTemplate.json", "outputs": {"o": {"value": "[` + strings.Repeat("concat(", 5000) + `]"}}}`,
	}
	for path, text := range tests {
		begin := time.Now()
		docs, findings := Parse([]*lint.Source{source(path, text)}, nil)
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: took %s", path, took)
		}
		if len(docs) == 0 && len(findings) == 0 {
			t.Errorf("%s: silence", path)
		}
		for _, doc := range docs {
			if size := doc.Root.Size(); size > 2*maxValues {
				t.Errorf("%s: %d values", path, size)
			}
		}
	}
}

// reread reads a text once more that is no expression, and not made of others.
func reread(n *lint.Node) (string, bool) {
	text := n.Span.Text()
	if n.Kind != lint.String || len(n.Via) > 0 || len(text) < 2 || strings.Contains(string(text), "${") {
		return "", false
	}
	if text[0] == '\'' {
		p := &parser{src: &lint.Source{Path: "a.bicep", Data: text}, data: text}
		e := p.expression()
		return plain(e.value), e.kind == literal && p.at == len(text) && plain(e.value) != plain(n)
	}
	if text[0] == '"' && text[1] != '[' {
		docs, _ := yaml.Read(&lint.Source{Path: "a.json", Data: text})
		return docs[0].Text, len(docs) == 1
	}
	return "", false
}

// FuzzParse holds that every value has a place.
func FuzzParse(f *testing.F) {
	f.Add(sample, "a.bicep")
	f.Add("param a = 'b'\n", "a.bicepparam")
	f.Add(`{"$schema": "/schemas/deploymentTemplate.json", "resources": [{"type": "A/b", "name": "[concat('a', parameters('b'))]"}]}`, "a.json")
	f.Fuzz(func(t *testing.T, text, path string) {
		if path != "a.bicep" && path != "a.bicepparam" {
			path = "a.json"
		}
		src := source(path, text)
		Claims(src)
		docs, _ := Parse([]*lint.Source{src}, nil)
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, reread) {
				t.Error(wrong)
			}
		}
	})
}

// TestADeclarationWithoutAValue: what is to be said of it is missing.
func TestADeclarationWithoutAValue(t *testing.T) {
	for path, text := range map[string]string{"a.bicep": "var a\noutput o string = a\n", "b.bicep": "output o string\n", "c.bicepparam": "using './a.bicep'\nparam a\nvar b = a\n"} {
		if _, findings := Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil); len(findings) != 1 || findings[0].Rule != lint.SyntaxError {
			t.Errorf("%s: %v", path, findings)
		}
	}
}
