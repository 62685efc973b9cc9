package scanner

import "github.com/policyctl/policyctl/scanner/internal/judge"

// ruleset is a configuration: rules, and what holds for all of them.
type ruleset struct {
	rules []rule
	allow []allowance
}

// rule describes credentials by their text. The patterns are those of Go's
// regexp package, and known to compile.
type rule struct {
	id       string
	regex    string // empty if the path says everything
	path     string // the path of the file must match, if set
	group    int    // which group is the value; 0 is the first that is not empty, or all
	entropy  float64
	judged   bool     // the pattern knows the place of a value only: the judge decides
	keywords []string // in lower case: one of them must occur in the file
	allow    []allowance
	required []required // other rules that must find something near by
	silent   bool       // the rule only serves others
}

// required is a rule that must find something near what another finds. A
// distance that is negative does not matter.
type required struct {
	id             string
	lines, columns int
}

// allowance says which matches are no findings.
type allowance struct {
	all     bool   // everything it names must hold, not just one
	target  string // what regexes look at: match, line, or the value if empty
	paths   []string
	commits []string // in lower case
	regexes []string
	words   []string // in lower case: values that hold one
}

// Reading is what the name of a file tells about its content: the same line is the same
// finding, or none, in files that have one reading.
func Reading(file string) string { return judge.Reading(file) }
