package config

import (
	"encoding/json"
	"maps"

	"github.com/policyctl/policyctl/internal/lint"
)

// Key is one setting: what reads it, what suggests it, the JSON Schema and the
// documentation all come from the table of Keys.
type Key struct {
	Name    string
	Doc     string // what it does, in Markdown
	Default string // what holds without it
	Example string // a value, in YAML
	Type    Type

	set func(*reader, *lint.Node, Type) // the value is never null
}

// Keys lists all settings.
func Keys() []Key {
	return []Key{
		{
			Name:    "fail_on",
			Doc:     "The severity from which a finding blocks: one for all rules, or one for each kind of rule, where `default` stands for all kinds that are not listed.",
			Default: "`secret: low`, `contract: medium`, everything else `high`",
			Example: "{secret: low, default: high}",
			Type:    thresholds(),
			set:     (*reader).failOn,
		},
		{
			Name:    "enforcement",
			Doc:     "Whether findings block: `block`, or `warn` to show them only; for all rules, or for each kind or rule, by its ID, where a rule goes before its kind and `default` stands for all kinds that are not listed. What could not be checked always blocks.",
			Default: "`block`",
			Example: "{pipeline: warn, pipeline/secret-in-log: block}",
			Type:    perRule(oneOf("choice", []string{"block", "warn"})),
			set:     (*reader).enforcement,
		},
		{
			Name:    "enforce_from",
			Doc:     "The day from which on findings block, in UTC; until then they are reported, with the day. For all rules, or for each kind or rule, as under `enforcement`.",
			Default: "from the beginning",
			Example: "{kubernetes: 2027-03-01}",
			Type:    perRule(aDay()),
			set:     (*reader).enforceFrom,
		},
		{
			Name:    "tiers",
			Doc:     "Tiers of rules to use besides `default`, which is always on.",
			Default: "none",
			Example: "[strict]",
			Type:    listOf(oneOf("tier", lint.Tiers())),
			set:     (*reader).tiers,
		},
		{
			Name:    "disable",
			Doc:     "IDs of rules to turn off. Prefer a waiver, which has a reason and an end.",
			Default: "none",
			Example: "[kubernetes/privileged-container]",
			Type:    listOf(ruleID()),
			set:     (*reader).disable,
		},
		{
			Name:    "exclude",
			Doc:     "Globs for files and directories to leave out, relative to the root. Each is named in the report.",
			Default: "directories of dependencies, such as `**/vendor/**`",
			Example: `["testdata/**", "**/*.min.js"]`,
			Type:    listOf(aGlob()),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Exclude = r.texts(n, t) },
		},
		{
			Name:    "include",
			Doc:     "Globs for files and directories to check although they are excluded, also by default.",
			Default: "none",
			Example: `["vendor/ours/**"]`,
			Type:    listOf(aGlob()),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Include = r.texts(n, t) },
		},
		{
			Name:    "max_file_size",
			Doc:     "The size beyond which a file is left out, and named in the report. A change that brings such a text is not checked, and does not pass.",
			Default: "`5MB`",
			Example: "10MB",
			Type:    aSize(),
			set:     (*reader).size,
		},
		{
			Name:    "confidence",
			Doc:     "How sure the scanner must be, from 0 to 1, of a credential that only its name and form tell. Those whose form is a provider's are always reported. More finds less, and what it finds is right more often.",
			Default: "`0.5`",
			Example: "0.8",
			Type:    aShare(),
			set:     (*reader).confidence,
		},
		{
			Name:    "policies",
			Doc:     "Further directories with policies of your own, relative to the root. Those in `" + DefaultPolicies + "` always run; to leave one out, name its rule under `disable`.",
			Default: "none",
			Example: "[security/policies]",
			Type:    listOf(aPath("directory")),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Policies = r.texts(n, t) },
		},
		{
			Name:    "gitleaks",
			Doc:     "A configuration file of gitleaks whose rules and allowlists to use, relative to the root.",
			Default: "none: a file that merely lies there is not used",
			Example: ".gitleaks.toml",
			Type:    aPath("file"),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Gitleaks, _ = r.text(n, t) },
		},
		{
			Name:    "gitleaks_ignore",
			Doc:     "A file of findings to leave out in the format of `.gitleaksignore`, relative to the root. Prefer a waiver, which has a reason and an end.",
			Default: "none: a file that merely lies there is not used",
			Example: ".gitleaksignore",
			Type:    aPath("file"),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.GitleaksIgnore, _ = r.text(n, t) },
		},
		{
			Name:    "gitleaks_comments",
			Doc:     "Whether a comment `gitleaks:allow` hides what is found on its line: anybody can write one.",
			Default: "`ignore`",
			Example: "allow",
			Type:    oneOf("choice", []string{"allow", "ignore"}),
			set: func(r *reader, n *lint.Node, t Type) {
				text, _ := r.text(n, t)
				r.config.GitleaksComments = text == "allow"
			},
		},
		{
			Name:    "baseline",
			Doc:     "The file of findings that exist already and do not block, relative to the root.",
			Default: "`.policyctl/baseline.ndjson`, where it exists",
			Example: ".policyctl/baseline.ndjson",
			Type:    aPath("file"),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Baseline, _ = r.text(n, t) },
		},
		{
			Name:    "waivers",
			Doc:     "The file of waivers, relative to the root.",
			Default: "`.policyctl/waivers.yaml`, where it exists",
			Example: ".policyctl/waivers.yaml",
			Type:    aPath("file"),
			set:     func(r *reader, n *lint.Node, t Type) { r.config.Waivers, _ = r.text(n, t) },
		},
	}
}

// Schema is the JSON Schema of the file, for editors.
func Schema() []byte {
	properties := map[string]any{}
	for _, key := range Keys() {
		property := maps.Clone(key.Type.Schema)
		property["description"] = key.Doc + " Default: " + key.Default + "."
		properties[key.Name] = property
	}
	schema, err := json.MarshalIndent(map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Settings of policyctl (" + Path + ")",
		"type":                 "object",
		"additionalProperties": false,
		"properties":           properties,
	}, "", "  ")
	if err != nil {
		panic(err) // strings, lists and maps only: it cannot fail
	}
	return append(schema, '\n')
}
