package gate

import "github.com/policyctl/policyctl/internal/lint"

// DefaultKind is the key of Thresholds for all kinds that have no key of their own.
const DefaultKind = "default"

// Thresholds say from which severity on a finding blocks, by the kind of its
// rule. Where neither the kind nor "default" is a key, everything blocks.
type Thresholds map[string]lint.Severity

// DefaultThresholds are what a team accepts on its first day: no credential at
// all, and elsewhere what does harm by itself.
func DefaultThresholds() Thresholds {
	return Thresholds{"secret": lint.Low, "contract": lint.Medium, DefaultKind: lint.High}
}

// For gives the severity from which on findings of a rule block. What could not
// be checked blocks whatever the thresholds are; a waiver that matches nothing
// is measured like any other rule.
func (t Thresholds) For(rule *lint.Rule) lint.Severity {
	if rule.ID == lint.UnusedWaiver.ID {
		return t[DefaultKind]
	}
	kind := rule.Kind()
	if kind == ownKind {
		return lint.Low
	}
	severity, ok := t[kind]
	if !ok {
		severity = t[DefaultKind]
	}
	// A credential is a credential, whether a detector finds it or a policy that
	// knows what the value is for: the stricter of the two thresholds holds.
	if credentials, ok := t["secret"]; ok && rule.PointsAtSecret() {
		severity = min(severity, credentials)
	}
	return severity
}

// ownKind is the kind of the rules that policyctl itself has.
const ownKind = "policyctl"
