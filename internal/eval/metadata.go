package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/suggest"
)

// The fields of METADATA that a rule may have.
var (
	topFields    = []string{"title", "description", "custom", "related_resources", "scope", "authors", "organizations", "schemas"}
	customFields = []string{"severity", "fix", "tags", "tier", "cwe", "aliases"}
)

// custom is the part of METADATA that is policyctl's own.
type custom struct {
	Severity string   `yaml:"severity"`
	Fix      string   `yaml:"fix"`
	Tags     []string `yaml:"tags"`
	Tier     string   `yaml:"tier"`
	CWE      []int    `yaml:"cwe"`
	Aliases  []string `yaml:"aliases"`
}

// ruleID is what a rule is called whose package is policyctl.<platform>.<name>.
func ruleID(platform, name string) string { return platform + "/" + strings.ReplaceAll(name, "_", "-") }

// ruleOf reads the METADATA of a policy. All that a report says of a rule stands
// there; what is missing, misspelt or of the wrong type is an error.
func ruleOf(module *ast.Module, platform, name string) (*lint.Rule, error) {
	id := ruleID(platform, name)
	where := at(module.Package.Location)
	text, line := metadata(module)
	if text == "" {
		return nil, fmt.Errorf("%srule %s has no METADATA; write a block of comments above the package, from # METADATA on", where, id)
	}
	var node yamlv3.Node
	if err := yamlv3.Unmarshal([]byte(text), &node); err != nil || len(node.Content) == 0 || node.Content[0].Kind != yamlv3.MappingNode {
		return nil, fmt.Errorf("%sthe METADATA of rule %s are no YAML mapping", where, id)
	}
	annotation := module.Annotations[slices.IndexFunc(module.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })]
	var problems []error
	complain := func(node *yamlv3.Node, format string, args ...any) {
		file := module.Package.Location.File
		problems = append(problems, fmt.Errorf("%s:%d:%d: %s", file, line+node.Line, node.Column+2, fmt.Sprintf(format, args...)))
	}
	var own custom
	for key, value := range entries(node.Content[0]) {
		switch {
		case !slices.Contains(topFields, key.Value):
			complain(key, "unknown field %q of METADATA%s", key.Value, meant(key.Value, topFields))
		case key.Value == "custom":
			for field := range entries(value) {
				if !slices.Contains(customFields, field.Value) {
					complain(field, "unknown field custom.%s of METADATA%s", field.Value, meant(field.Value, customFields))
				}
			}
			if err := value.Decode(&own); err != nil {
				complain(value, "custom of METADATA has a field of the wrong type: severity, fix and tier are text, tags and aliases lists of text, cwe a list of numbers")
			}
		}
	}
	rule := &lint.Rule{
		ID: id, Title: annotation.Title, Description: strings.TrimSpace(annotation.Description),
		Fix: strings.TrimSpace(own.Fix), Tags: own.Tags, CWE: own.CWE, Aliases: own.Aliases, Tier: lint.Default,
	}
	for _, resource := range annotation.RelatedResources {
		rule.References = append(rule.References, resource.Ref.String())
	}
	var err error
	if rule.Severity, err = lint.ParseSeverity(own.Severity); err != nil {
		problems = append(problems, fmt.Errorf("%scustom.severity of rule %s: %w", where, id, err))
	}
	if own.Tier != "" {
		if rule.Tier, err = lint.ParseTier(own.Tier); err != nil {
			problems = append(problems, fmt.Errorf("%scustom.tier of rule %s: %w", where, id, err))
		}
	}
	for what, value := range map[string]string{"title": rule.Title, "description": rule.Description, "custom.fix": rule.Fix} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%sthe METADATA of rule %s lack %s", where, id, what))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return rule, errors.Join(problems...)
}

// metadata gives the text of the METADATA block of the package, and the line of
// its first comment.
func metadata(module *ast.Module) (string, int) {
	has := slices.ContainsFunc(module.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
	if !has {
		return "", 0
	}
	var lines []string
	begin, last := 0, 0
	for _, comment := range module.Comments {
		text := strings.TrimPrefix(string(comment.Text), " ")
		switch {
		case comment.Location.Row >= module.Package.Location.Row:
			return strings.Join(lines, "\n"), begin
		case strings.TrimSpace(text) == "METADATA":
			lines, begin = nil, comment.Location.Row
		case begin > 0 && comment.Location.Row == last+1:
			lines = append(lines, text)
		}
		last = comment.Location.Row
	}
	return strings.Join(lines, "\n"), begin
}

// entries iterates over keys and values of a mapping.
func entries(mapping *yamlv3.Node) func(func(key, value *yamlv3.Node) bool) {
	return func(yield func(key, value *yamlv3.Node) bool) {
		for i := 0; mapping.Kind == yamlv3.MappingNode && i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}

func meant(word string, known []string) string {
	if near := suggest.Nearest(word, known); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ", want one of " + strings.Join(known, ", ")
}
