package lint

import (
	"fmt"
	"slices"
	"strings"
)

// Severity orders rules by the harm of breaking them. The zero Severity is
// invalid, so that a rule which forgets to say cannot pass for a harmless one.
type Severity int

// The severities, from the least harm to the most.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severities = []string{"", "low", "medium", "high", "critical"}

// Severities lists the names of all severities, from low to critical.
func Severities() []string { return slices.Clone(severities[Low:]) }

// ParseSeverity reads the name of a severity.
func ParseSeverity(name string) (Severity, error) {
	if i := slices.Index(severities, name); i > 0 {
		return Severity(i), nil
	}
	return 0, fmt.Errorf("unknown severity %q, want one of %s", name, strings.Join(severities[Low:], ", "))
}

func (s Severity) String() string {
	if s < Low || s > Critical {
		return "invalid"
	}
	return severities[s]
}

// MarshalText writes the name of the severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a severity.
func (s *Severity) UnmarshalText(name []byte) (err error) {
	*s, err = ParseSeverity(string(name))
	return err
}

// Tier says how much noise a rule's readers accept. The zero Tier is invalid.
type Tier int

// The tiers: a team accepts the findings of Default on its first day, Strict is
// for those who want more, Audit is for reading, not for gating.
const (
	Default Tier = iota + 1
	Strict
	Audit
)

var tiers = []string{"", "default", "strict", "audit"}

// Tiers lists the names of all tiers.
func Tiers() []string { return slices.Clone(tiers[Default:]) }

// ParseTier reads the name of a tier.
func ParseTier(name string) (Tier, error) {
	if i := slices.Index(tiers, name); i > 0 {
		return Tier(i), nil
	}
	return 0, fmt.Errorf("unknown tier %q, want one of %s", name, strings.Join(tiers[Default:], ", "))
}

func (t Tier) String() string {
	if t < Default || t > Audit {
		return "invalid"
	}
	return tiers[t]
}

// MarshalText writes the name of the tier.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the name of a tier.
func (t *Tier) UnmarshalText(name []byte) (err error) {
	*t, err = ParseTier(string(name))
	return err
}
