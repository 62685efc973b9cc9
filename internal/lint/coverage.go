package lint

// Skip is something that was left out, and why. A skip is part of every report:
// what was not read must not look like what was found clean.
type Skip struct {
	Path   string `json:"path"`            // a file, or a directory with a final slash
	Reason string `json:"reason"`          // for example "binary", "larger than 5 MB", "excluded by vendor/"
	Files  int    `json:"files,omitempty"` // how many files, where known
}

// Failure is something that kept policyctl from checking: a policy that ran out
// of time, a result that makes no sense. A run with failures is never a pass.
type Failure struct {
	Path    string `json:"path,omitempty"` // the file that was being checked, if any
	Rule    string `json:"rule,omitempty"` // the rule that failed, if known
	Message string `json:"message"`
}

// The rules that policyctl itself has: what could not be read, and waivers that
// do not hold. They block whatever the threshold is.
var (
	SyntaxError = &Rule{
		ID: "policyctl/syntax-error", Title: "File cannot be parsed", Severity: High, Tier: Default,
		Description: "What cannot be parsed was not judged by any policy. It may declare anything.",
		Fix:         "Correct the syntax, or leave the file out under exclude in .policyctl/config.yaml.",
	}
	TooComplex = &Rule{
		ID: "policyctl/too-complex", Title: "File exceeds a limit of the parser", Severity: High, Tier: Default,
		Description: "Limits on size, nesting and aliases keep a hostile file from stopping the check. A file beyond them was not judged.",
		Fix:         "Split the file, or leave it out under exclude in .policyctl/config.yaml.",
	}
	Circular = &Rule{
		ID: "policyctl/circular-definition", Title: "Definition rests on itself", Severity: High, Tier: Default,
		Description: "What extends itself, by way of others or not, has no end that could be judged. The platform refuses it.",
		Fix:         "Take the reference out that leads back.",
	}
	UnreadableFile = &Rule{
		ID: "policyctl/unreadable-file", Title: "File cannot be read", Severity: High, Tier: Default,
		Description: "A file or folder that cannot be read was neither judged by a policy nor searched for credentials.",
		Fix:         "Give policyctl permission to read it, or leave it out under exclude in .policyctl/config.yaml.",
	}
	InvalidWaiver = &Rule{
		ID: "policyctl/invalid-waiver", Title: "Waiver is incomplete", Severity: High, Tier: Default,
		Description: "A waiver needs a rule, a place, an owner, a reason and a date, so that someone answers for it and it ends. Without them it waives nothing.",
		Fix:         "Add what is missing, or remove the waiver.",
	}
	ExpiredWaiver = &Rule{
		ID: "policyctl/expired-waiver", Title: "Waiver has expired", Severity: High, Tier: Default,
		Description: "The date until which the waiver held has passed; its findings count again.",
		Fix:         "Mend the finding and remove the waiver, or agree with the owner on a new date.",
	}
	UnusedWaiver = &Rule{
		ID: "policyctl/unused-waiver", Title: "Waiver matches nothing", Severity: Medium, Tier: Default,
		Description: "Nothing is found any more where the waiver points. Left in place it would hide the next finding there.",
		Fix:         "Remove the waiver.",
	}
)

// Own lists the rules that policyctl itself has.
func Own() []*Rule {
	return []*Rule{SyntaxError, TooComplex, Circular, UnreadableFile, InvalidWaiver, ExpiredWaiver, UnusedWaiver}
}

// Report makes a finding of a rule at a place.
func (s Span) Report(rule *Rule, message string) Finding {
	return Finding{Rule: rule, Location: s.Location(), Message: message}
}
