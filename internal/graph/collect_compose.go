package graph

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// composeFacts reads the services of a Compose file and the secrets that they are
// given. A variable is a secret only where the file says so itself: where a
// secret is made of it.
func composeFacts(doc *lint.Document) Facts {
	c := compose{doc: doc, secrets: doc.Root.Get("secrets"), variables: map[string]string{}}
	for _, secret := range c.secrets.Object() {
		variable := secret.Value.Get("environment")
		if variable.Str() == "" {
			continue
		}
		c.variables[variable.Text] = secret.Key
		c.facts.Supplies = append(c.facts.Supplies, Supply{
			Slot: c.slot(secret.Key), From: "env:" + variable.Text, Mechanism: "environment", Platform: "compose", At: variable.Span,
		})
	}
	for _, service := range doc.Root.Get("services").Object() {
		if service.Value.Object() != nil {
			c.service(service)
		}
	}
	return c.facts
}

type compose struct {
	doc       *lint.Document
	secrets   *lint.Node
	variables map[string]string // names of secrets, by the variable of which they are made
	consumer  string
	facts     Facts
}

func (c *compose) slot(name string) string { return "compose-secret:" + c.doc.Path + "#" + name }

func (c *compose) service(service lint.Field) {
	c.consumer = "compose:" + c.doc.Path + "#" + service.Key
	c.facts.Workloads = append(c.facts.Workloads, Workload{ID: c.consumer, Platform: "compose", Kind: "service", At: service.Span})
	c.granted(service.Value.Get("secrets"), "file")
	c.granted(service.Value.Get("build", "secrets"), "build-secret")
	c.interpolated(service.Value.Get("environment"), "env")
	c.interpolated(service.Value.Get("build", "args"), "build-arg")
}

func (c *compose) granted(list *lint.Node, delivery string) {
	for _, item := range list.List() {
		name := item.Str()
		if name == "" {
			name = item.Get("source").Str()
		}
		if name != "" {
			c.use(name, delivery, "", item.Span)
		}
	}
}

func (c *compose) use(name, delivery, variable string, at lint.Span) {
	c.facts.Uses = append(c.facts.Uses, Use{
		Platform: "compose", Name: name, Slot: c.slot(name), Consumer: c.consumer, Delivery: delivery, Variable: variable,
		Confidence: Exact, StaticKey: staticKey(nil, variable), HoldsValue: c.secrets.Get(name, "file").Str() != "", At: at,
	})
}

// interpolated finds variables that are filled with what is a secret elsewhere in
// the file: ${NAME}, ${NAME:?message}, $NAME, or the name alone.
func (c *compose) interpolated(values *lint.Node, delivery string) {
	for _, field := range values.Object() {
		variable, at := field.Key, field.Span
		if field.Value.Str() != "" {
			variable, at = variableOf(field.Value.Text), field.Value.Span
		}
		if secret, known := c.variables[variable]; known && (field.Value.Str() != "" || isNull(field.Value)) {
			c.use(secret, delivery, field.Key, at)
		}
	}
}

func isNull(n *lint.Node) bool { return n == nil || n.Kind == lint.Null }

// variableOf is the variable that a value consists of, or "".
func variableOf(value string) string {
	name, isVariable := strings.CutPrefix(value, "$")
	if inner, braced := strings.CutPrefix(name, "{"); braced {
		name, isVariable = strings.CutSuffix(inner, "}")
		if end := strings.IndexAny(name, ":?-+"); end >= 0 {
			name = name[:end]
		}
	}
	if !isVariable {
		return ""
	}
	return name
}
