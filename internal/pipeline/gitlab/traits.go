package gitlab

import (
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// traits are the ways of the platform with secrets.
var traits = model.Traits{
	Windows: "powershell",
	Holes:   model.HolesBy(regex.Lazy(`\$\[\[[^\[\]]*\]\]`)),
}
