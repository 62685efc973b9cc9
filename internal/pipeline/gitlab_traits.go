package pipeline

import "github.com/policyctl/policyctl/internal/regex"

// gitlabTraits are the ways of the platform with secrets.
var gitlabTraits = Traits{
	Windows: "powershell",
	Holes:   holesBy(regex.Lazy(`\$\[\[[^\[\]]*\]\]`)),
}
