// Package policies embeds the Rego library: one folder for each rule, shared
// Rego in lib.
package policies

import "embed"

// FS holds the library. Its paths are <platform>/<rule_name>/<file>.rego.
//
//go:embed */*/*.rego
var FS embed.FS
