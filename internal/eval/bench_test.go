package eval

import (
	"context"
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// small is a file as repositories have a thousand of.
func small(i int) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%d
  labels: {app: web, tier: front}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.%d
          env:
            - {name: LOG_LEVEL, value: info}
            - {name: PORT, value: "8080"}
`, i, i)
}

func twenty() map[string]string {
	rules := map[string]string{}
	for i := range 20 {
		name := fmt.Sprintf("rule%02d", i)
		rules[name+".rego"] = policy(name, fmt.Sprintf(`deny contains {"path": ["spec", "replicas"], "message": $"{input.metadata.name} has too few"} if {
	input.kind == "Deployment"
	some container in input.spec.template.spec.containers
	some env in container.env
	env.name == "KEY%d"
	not startswith(container.image, "registry.example.com/")
}`, i))
	}
	return rules
}

// BenchmarkThousandFiles is 1,000 small files under 20 policies, from bytes to
// findings.
func BenchmarkThousandFiles(b *testing.B) {
	for b.Loop() {
		program, err := load(b, twenty())
		if err != nil {
			b.Fatal(err)
		}
		for i := range 1000 {
			docs, _ := yaml.Read(&lint.Source{Path: "x.yaml", Data: []byte(small(i))})
			if _, failures, err := program.Evaluate(context.Background(), &lint.Document{Platform: "compose", Path: "x.yaml", Root: docs[0]}, nil); err != nil || failures != nil {
				b.Fatal(failures, err)
			}
		}
	}
}

// BenchmarkThousandFilesOneEvaluationPerRule is the same work in the widespread
// design that compiles a query for each rule and document: what the engine is
// measured against.
func BenchmarkThousandFilesOneEvaluationPerRule(b *testing.B) {
	for b.Loop() {
		program, err := load(b, twenty())
		if err != nil {
			b.Fatal(err)
		}
		compiled, err := program.platforms["compose"]()
		if err != nil {
			b.Fatal(err)
		}
		for i := range 1000 {
			var input any
			if err := yamlv3.Unmarshal([]byte(small(i)), &input); err != nil {
				b.Fatal(err)
			}
			for name := range compiled.rules {
				query := rego.New(rego.Query("data.policyctl.compose."+name+".deny"), rego.Compiler(compiled.compiler), rego.Input(input))
				if _, err := query.Eval(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
