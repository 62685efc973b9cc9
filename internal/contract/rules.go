package contract

import (
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// Rules lists the rules about contracts that are not policies.
func Rules() []*lint.Rule { return contract.Rules() }
