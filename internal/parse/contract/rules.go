package contract

import "github.com/policyctl/policyctl/internal/lint"

// The rules about the form of policyctl's own files: what does not have the form
// says nothing, and the rules that ask for it cannot hold.
var (
	UnsupportedVersion = &lint.Rule{
		ID: "contract/unsupported-version", Title: "Version of a contract is not understood", Severity: lint.High, Tier: lint.Default,
		Description: "A document of another version may mean something else by the same words, so nothing of it was judged.",
		Fix:         "Write apiVersion: " + Version + ", or use a policyctl that understands the version.",
		Tags:        form, Aliases: former,
	}
	UnknownKind = &lint.Rule{
		ID: "contract/unknown-kind", Title: "Kind of a contract is not known", Severity: lint.High, Tier: lint.Default,
		Description: "A document of a kind that does not exist declares nothing, whatever it says.",
		Fix:         "Write one of the kinds that the message names.",
		Tags:        form, Aliases: former,
	}
	MissingField = &lint.Rule{
		ID: "contract/missing-field", Title: "Contract lacks a field", Severity: lint.High, Tier: lint.Default,
		Description: "Without this field nobody can tell what the document, or a part of it, is about.",
		Fix:         "Add the field; the message says what belongs there.",
		Tags:        form, Aliases: former,
	}
	UnknownField = &lint.Rule{
		ID: "contract/unknown-field", Title: "Contract has an unknown field", Severity: lint.High, Tier: lint.Default,
		Description: "A field that is misspelt says nothing, and the rules that ask for it cannot hold.",
		Fix:         "Correct the name of the field, or remove it. What belongs to your own policies goes below spec.extensions.",
		Tags:        form, Aliases: former,
	}
	InvalidName = &lint.Rule{
		ID: "contract/invalid-name", Title: "Name in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "Names connect contracts with classes, environments, stores and each other, so there is one way to spell each.",
		Fix:         "Use lower-case letters, digits and hyphens, at most 63, for example stripe-key.",
		Tags:        form, Aliases: former,
	}
	InvalidDuration = &lint.Rule{
		ID: "contract/invalid-duration", Title: "Duration in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "A duration that cannot be read keeps the rules about it silent.",
		Fix:         "Write whole numbers with the units y w d h m s, the largest first, for example 90d or 1w2d.",
		Tags:        form, Aliases: former,
	}
	InvalidDate = &lint.Rule{
		ID: "contract/invalid-date", Title: "Date in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "A date that cannot be read keeps the rules about it silent.",
		Fix:         "Write the day as 2026-08-01, or the time as 2026-08-01T12:00:00Z.",
		Tags:        form, Aliases: former,
	}
	InvalidValue = &lint.Rule{
		ID: "contract/invalid-value", Title: "Value in a contract has the wrong form", Severity: lint.High, Tier: lint.Default,
		Description: "A value of the wrong form says nothing, and the rules that ask for it cannot hold.",
		Fix:         "Write what the message asks for.",
		Tags:        form, Aliases: former,
	}
	InvalidReference = &lint.Rule{
		ID: "contract/invalid-reference", Title: "Reference in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "A reference that is not written as its platform writes it matches no use of the secret.",
		Fix:         "Write the reference in the form that the message names.",
		Tags:        form, Aliases: former,
	}
	InvalidLocator = &lint.Rule{
		ID: "contract/invalid-locator", Title: "Locator in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "Workloads, identities, automations and contacts are named by what they are and where they are. What is named in another way cannot be found.",
		Fix:         "Write scheme:target, for example kubernetes:payments/Deployment/checkout.",
		Tags:        form, Aliases: former,
	}
	InvalidPattern = &lint.Rule{
		ID: "contract/invalid-pattern", Title: "Pattern in a contract is not valid", Severity: lint.High, Tier: lint.Default,
		Description: "A pattern that cannot be read matches nothing.",
		Fix:         "Correct the pattern. Expressions are those of RE2: without lookahead and backreferences.",
		Tags:        form, Aliases: former,
	}
	NullValue = &lint.Rule{
		ID: "contract/null-value", Title: "Field of a contract is empty", Severity: lint.High, Tier: lint.Default,
		Description: "It cannot be told whether an empty field means that nothing applies, or that somebody forgot it. Nothing is inherited for it either.",
		Fix:         "Write a value, or remove the field.",
		Tags:        form, Aliases: former,
	}
	Alias = &lint.Rule{
		ID: "contract/alias", Title: "Contract says something elsewhere", Severity: lint.High, Tier: lint.Default,
		Description: "What an alias or a merge key stands for is written elsewhere: who reads the contract, or reviews a change of it, does not see it.",
		Fix:         "Write the value out. What several contracts share belongs into a SecretDefaults or a SecretClass.",
		Tags:        form, Aliases: former,
	}
	PersonAsOwner = &lint.Rule{
		ID: "contract/person-as-owner", Title: "Secret is owned by a person", Severity: lint.High, Tier: lint.Default,
		Description: "People leave, and change teams. A secret that only one of them answers for is soon nobody's.",
		Fix:         "Name the team.",
		Tags:        []string{"contract", "ownership"},
	}
)

// Rules lists the rules about the form of policyctl's own files.
func Rules() []*lint.Rule {
	return []*lint.Rule{
		UnsupportedVersion, UnknownKind, MissingField, UnknownField, InvalidName, InvalidDuration, InvalidDate, InvalidValue,
		InvalidReference, InvalidLocator, InvalidPattern, NullValue, Alias, PersonAsOwner,
	}
}

var (
	form = []string{"contract"}
	// former is the one rule that these were: its waivers hold for all of them.
	former = []string{"contract/invalid"}
)
