package draft

import (
	"maps"
	"slices"
	"strings"

	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/regex"
)

// yaml writes lines of a file.
type yaml struct{ strings.Builder }

func (y *yaml) line(depth int, text string) {
	y.WriteString(strings.Repeat("  ", depth) + text + "\n")
}

var (
	plain = regex.Lazy(`^[A-Za-z0-9_./][-A-Za-z0-9_./:#@+=]*$`)
	// other is what YAML takes for something else than a text.
	other = regex.Lazy(`^(?i:true|false|yes|no|on|off|null|y|n)$|^[-+.0-9][-0-9_.:eExXoa-fA-FTZ]*$|:$`)
)

// quoted writes a text so that it stays one, in a list in brackets too.
func quoted(text string) string {
	if plain().MatchString(text) && !other().MatchString(text) {
		return text
	}
	node := yamlv3.Node{Kind: yamlv3.ScalarNode, Tag: "!!str", Style: yamlv3.DoubleQuotedStyle, Value: strings.ToValidUTF8(text, "\uFFFD")}
	out, err := yamlv3.Marshal(&node)
	if err != nil { // a text is always one
		return `""`
	}
	return strings.TrimSuffix(string(out), "\n")
}

func flow(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, quoted(text))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// references writes lists by platform.
func references(of map[string][]string) string {
	var all []string
	for _, platform := range slices.Sorted(maps.Keys(of)) {
		slices.Sort(of[platform])
		all = append(all, platform+": "+flow(of[platform]))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// fitting writes fields on one line if that is not too long, else below each other.
func (y *yaml) fitting(depth int, key string, fields []string) {
	const widest = 120
	text := key + ": {" + strings.Join(fields, ", ") + "}"
	if 2*depth+len(text) <= widest {
		y.line(depth, text)
		return
	}
	y.line(depth, key+":")
	for _, field := range fields {
		y.line(depth+1, field)
	}
}
