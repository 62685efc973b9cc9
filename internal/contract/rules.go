package contract

import (
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// Rules lists the rules about contracts that are not policies: about the form of
// a document, and about what documents say of each other.
func Rules() []*lint.Rule {
	return slices.Concat(contract.Rules(), []*lint.Rule{
		duplicateName, misplaced, unknownClass, unknownTeam, unknownEnvironment, unknownStore, unknownContract,
		outsideLimit, requiredByClass, loosenedLimit, CredentialInContract,
	})
}

func rule(id, title, description, fix string, severity lint.Severity) *lint.Rule {
	return &lint.Rule{ID: "contract/" + id, Title: title, Description: description, Fix: fix, Severity: severity, Tier: lint.Default, Tags: []string{"contract"}}
}

var (
	duplicateName = rule("duplicate-name", "Two documents have one name",
		"Whoever refers to the name gets one of them, and nobody knows which.",
		"Rename one of the two, or join them into one document.", lint.High)
	misplaced = rule("misplaced-document", "Document stands where it does not hold",
		"Classes and the catalogue hold only in the .policyctl folder at the root of the repository, defaults only in a .policyctl folder. Elsewhere they look as if they held.",
		"Move the document into the .policyctl folder.", lint.Medium)
	unknownClass = rule("unknown-class", "Contract names a class that does not exist",
		"Without its class a contract has no defaults, and no limit holds for it.",
		"Name one of the classes; policyctl contracts classes lists them. Or define the class in .policyctl.", lint.High)
	unknownTeam = rule("unknown-team", "Contract names a team that the catalogue does not have",
		"A team that does not exist answers for nothing.",
		"Name a team of the catalogue, or add the team to it.", lint.High)
	unknownEnvironment = rule("unknown-environment", "Contract names an environment that the catalogue does not have",
		"Whether an environment is production is written in the catalogue; of one that is not there nobody can say it.",
		"Name an environment of the catalogue, or add the environment to it.", lint.High)
	unknownStore = rule("unknown-store", "Contract names a store that the catalogue does not have",
		"Who runs a store, and how it is encrypted and audited, is written in the catalogue; of one that is not there nobody can say it.",
		"Name a store of the catalogue, or add the store to it.", lint.High)
	unknownContract = rule("unknown-contract", "Contract refers to one that does not exist",
		"What a secret depends on decides what breaks, and in which order it can be replaced.",
		"Correct the name, or write the contract that is missing.", lint.High)
	outsideLimit = rule("outside-limit", "Contract goes beyond a limit of its class",
		"A class says what secrets of its sort may be. Contracts and the defaults of folders may be stricter, never looser.",
		"Bring the value within the limit, or have the owner of the class change it.", lint.High)
	requiredByClass = rule("required-by-class", "Contract lacks what its class requires",
		"The class asks for the field because without it secrets of its sort cannot be handled.",
		"Set the field.", lint.High)
	loosenedLimit = rule("loosened-limit", "Class of the repository loosens a built-in limit",
		"The built-in limit holds all the same: the strictest one counts. Whoever reads the class believes otherwise.",
		"Tighten the limit to the built-in one, or remove it.", lint.Medium)
)

// CredentialInContract is broken by what detectors find in a contract, or in what
// belongs to contracts.
var CredentialInContract = &lint.Rule{
	ID: "contract/credential-in-contract", Title: "Contract holds a credential", Severity: lint.Critical, Tier: lint.Default,
	Description: "A contract says everything about a secret but its value. It is read by everybody who owns, uses or reviews the secret, and stays in the history of the repository.",
	Fix:         "Remove the credential and rotate it. Where the value is kept is said by spec.environments: store, path and key.",
	Tags:        []string{"contract", "secret-value"}, CWE: []int{312, 798},
}
