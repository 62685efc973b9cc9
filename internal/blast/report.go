package blast

import "github.com/policyctl/policyctl/internal/lint"

// Version is that of the JSON form. A change that breaks readers raises it; new
// fields do not.
const Version = 1

// Report is what depends on one secret.
type Report struct {
	Version      int           `json:"version"`
	Complete     bool          `json:"complete"` // false if a file was not read: more may depend on the secret
	Secret       Secret        `json:"secret"`
	Environments []Environment `json:"environments"` // by name, those not known last
	NeededBy     []Dependent   `json:"needed_by"`    // contracts whose secrets are obtained by this one, the nearest first
	Breaks       []string      `json:"breaks"`       // what else stops, as the contract says
	Holders      []Holder      `json:"holders"`      // where the value is kept
	Neighbours   []Neighbour   `json:"neighbours"`   // other contracts in the same entry of a store
	Replacement  Replacement   `json:"replacement"`
	Total        Total         `json:"total"`
}

// Total counts what there is: a list has at most Most rows.
type Total struct {
	Consumers  int `json:"consumers"` // by name, in any environment
	Perhaps    int `json:"wildcard"`  // more that get all secrets in reach
	NeededBy   int `json:"needed_by"`
	Breaks     int `json:"breaks"`
	Holders    int `json:"holders"`
	Neighbours int `json:"neighbours"`
}

// Place is where something is written. It is empty for what stands nowhere of its own.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// Secret is what the report is about. State is undeclared where no contract is.
type Secret struct {
	Name       string `json:"name"`
	State      string `json:"state"`
	Class      string `json:"class,omitempty"`
	Owner      string `json:"owner,omitempty"`
	Escalation string `json:"escalation,omitempty"`
	Risk       string `json:"risk,omitempty"`
	Place
}

// Environment is who gets the secret in one environment, the surest first. Name is
// empty where the environment is not known.
type Environment struct {
	Name      string     `json:"name"`
	Tier      string     `json:"tier,omitempty"`
	Consumers []Consumer `json:"consumers"`
	Total     int        `json:"total"` // of consumers
}

// Consumer is one way by which somebody gets the secret.
type Consumer struct {
	ID         string `json:"id"`
	Confidence string `json:"confidence"` // exact, derived or wildcard
	Slot       string `json:"slot,omitempty"`
	Delivery   string `json:"delivery"`
	Listed     bool   `json:"listed"` // the contract allows it
	Place
	Path   []Step   `json:"path"`   // from the home of the value
	Owners []string `json:"owners"` // of the file, by CODEOWNERS
	// Renewal is what it takes until a new value is used: restart, rebuild,
	// next-run, apply, none or unknown.
	Renewal string `json:"renewal"`
}

// Step is a part of the way of a secret.
type Step struct {
	ID string `json:"id"`
	Place
}

// Dependent is a contract whose secret cannot be obtained without this one.
type Dependent struct {
	Name    string `json:"name"`
	Through string `json:"through,omitempty"` // the contract that it needs, if that is another one
	Place
}

// Holder is something that keeps the value.
type Holder struct {
	ID          string `json:"id"`
	Kind        string `json:"kind"` // object, copy, slot, synced or resource
	Environment string `json:"environment,omitempty"`
	Place
}

// Neighbour is another contract in the same entry of a store, or the same Secret.
type Neighbour struct {
	Name   string `json:"name"`
	Object string `json:"object"`
}

// Replacement says how the secret is replaced and revoked. Durations are in seconds.
type Replacement struct {
	Rotation   Procedure `json:"rotation"`
	Renewal    string    `json:"renewal,omitempty"`
	Revocation Procedure `json:"revocation"`
	Runbook    string    `json:"runbook,omitempty"`
	Successor  string    `json:"successor,omitempty"`
}

// Procedure is how something is done; Seconds is the interval or the time it may take.
type Procedure struct {
	Method     string `json:"method,omitempty"`
	Automation string `json:"automation,omitempty"`
	Seconds    int64  `json:"seconds,omitempty"`
}

func placed(span lint.Span) Place { return at(span.Location()) }

func at(l lint.Location) Place { return Place{l.Path, l.Start.Line, l.Start.Column} }

func (p Place) String() string {
	return lint.Location{Path: p.File, Start: lint.Position{Line: p.Line, Column: p.Column}}.String()
}
