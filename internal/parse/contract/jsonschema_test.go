package contract

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

var update = flag.Bool("update", false, "rewrite the schemas under schemas/v1")

func TestSchemasAreCurrent(t *testing.T) {
	for _, kind := range Kinds() {
		file := filepath.Join("../../../schemas/v1", kind+".json")
		want, err := Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, want, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v); run: go test ./internal/parse/contract -run Schemas -update", file, err)
		}
	}
	if _, err := Schema("SecretContact"); err == nil || err.Error() != `unknown kind "SecretContact", did you mean "SecretContract"?` {
		t.Errorf("got %v", err)
	}
}

// compiled gives the schema of each kind, as an editor reads it.
func compiled(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	all := map[string]*jsonschema.Schema{}
	for _, kind := range Kinds() {
		text, err := Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		if err := compiler.AddResource(kind, document); err != nil {
			t.Fatal(err)
		}
		if all[kind], err = compiler.Compile(kind); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// accepted says whether schemas accept all documents of a text. What is of no
// kind is judged as a contract, as an editor does that goes by the name of the file.
func accepted(t *testing.T, schemas map[string]*jsonschema.Schema, text string) error {
	t.Helper()
	roots, findings := yaml.Read(&lint.Source{Path: "a.yaml", Data: []byte(text)})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, root := range roots {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(value(root)))
		if err != nil {
			t.Fatal(err)
		}
		schema := schemas[root.Get("kind").Str()]
		if root.Get("kind").Str() == "Deployment" {
			continue
		}
		if schema == nil {
			schema = schemas["SecretContract"]
		}
		if err := schema.Validate(instance); err != nil {
			return err
		}
	}
	return nil
}

// beyondSchemas are the mistakes that JSON Schema cannot see: it knows neither
// anchors nor what one field says about another.
var beyondSchemas = regexp.MustCompile(`^(a merge key.*|a pattern that is none|a limit without a unit|a limit of a text|a limit by an unknown word|a duration for a number)$`)

func TestSchemasJudgeAsPolicyctlDoes(t *testing.T) {
	schemas := compiled(t)
	for _, text := range []string{whole, others} {
		if err := accepted(t, schemas, text); err != nil {
			t.Errorf("what is valid is refused: %v", err)
		}
	}
	for _, tt := range invalid {
		t.Run(tt.name, func(t *testing.T) {
			err := accepted(t, schemas, tt.text)
			if refused, want := err != nil, !beyondSchemas.MatchString(tt.name); refused != want {
				t.Errorf("refused: %t, want %t (%v)", refused, want, err)
			}
		})
	}
}

// TestDurationsOfSchemas holds the pattern to what policyctl reads.
func TestDurationsOfSchemas(t *testing.T) {
	pattern := regexp.MustCompile(durationPattern())
	for _, text := range []string{"90d", "1y2w3d4h5m6s", "1y6s", "0s", "0d", "", "90", "1.5d", "P90D", "3M", "3x", "2d1w", "1d1d", "090d", "1w0d", "1h30", "1234567890d", "1w 2d"} {
		if _, wrong := seconds(lint.NewString(text, lint.Span{})); pattern.MatchString(text) != (wrong == "") {
			t.Errorf("%q: the pattern says %t, policyctl %q", text, pattern.MatchString(text), wrong)
		}
	}
}
