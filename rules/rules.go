// Package rules embeds the credential detectors of policyctl: data, with
// examples that must match and that must not.
package rules

import "embed"

// FS holds one YAML file for each provider or family.
//
//go:embed *.yaml
var FS embed.FS
