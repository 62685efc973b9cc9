package kubernetes

import (
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/shell"
)

// tektonTraits are the ways of the platform with secrets.
var tektonTraits = model.Traits{
	Mechanisms: shell.Mechanisms{Results: regex.Lazy(`^(?:\$\((?:step\.)?results\.([\w.-]+)\.path\)|/tekton/results/([\w.-]+))$`)},
	Holes:      model.HolesBy(regex.Lazy(`\$\((?:params|results|step|steps|tasks|context|workspaces|inputs|outputs|finally)[.\[][^()]*\)`)),
}

// argoTraits are the ways of the platform with secrets.
var argoTraits = model.Traits{
	Holes: model.HolesBy(regex.Lazy(`\{\{[^{}]*\}\}`)),
}
