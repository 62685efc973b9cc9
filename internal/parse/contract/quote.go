package contract

import (
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/suggest"
)

// What may be quoted in a message. Everything else may be a credential that
// somebody pasted into the wrong field; the place of the finding shows where.
var (
	shortDuration = regex.Lazy(`^P?[0-9]{1,4}(?:[.,][0-9]{1,2})?[A-Za-z]{0,2}(?:[0-9]{1,2}[A-Za-z]?)?$`)
	likeDate      = regex.Lazy(`^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}$`)
	likeVersion   = regex.Lazy(`^policyctl\.dev/v(0|[1-9][0-9]{0,2})(?:(?:alpha|beta)[0-9]{1,2})?$`)
	token         = regex.Lazy(`^[A-Za-z0-9./:_-]{1,20}$`)
)

// longestDuration leaves no room for a password.
const longestDuration = 6

// theDuration names a value in a message about it.
func theDuration(text string) string {
	if len(text) <= longestDuration && shortDuration().MatchString(text) {
		return fmt.Sprintf("%q", text)
	}
	return "the value"
}

func theDate(text string) string {
	if likeDate().MatchString(text) {
		return fmt.Sprintf("%q", text)
	}
	return "the value"
}

// choice words what is wrong with a word, and which one was meant. A word that is
// like none of the choice is not quoted.
func (c *checker) choice(word string, known []string) string {
	if len(c.problems) > maxProblems {
		return ""
	}
	if near := suggest.Nearest(word, known); near != "" && token().MatchString(word) {
		return fmt.Sprintf(" %q; did you mean %q?", word, near)
	}
	return meant(word, known)
}

// meant words a suggestion, or the whole choice where nothing is near.
func meant(word string, known []string) string {
	if near := suggest.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(known) > 30 {
		return ""
	}
	return "; want one of " + strings.Join(known, ", ")
}

// badName tells what keeps a text from being a name.
func badName(text string) string {
	const use = "use lower-case letters, digits and hyphens, at most 63, for example stripe-key"
	why := "it has other characters"
	switch {
	case text == "":
		why = "it is empty"
	case strings.ContainsAny(text, " \t\r\n"):
		why = "it has a space"
	case strings.ToLower(text) != text:
		why = "it has capital letters"
	case strings.Contains(text, "_"):
		why = "it has an underscore"
	case strings.Trim(text, "-") != text:
		why = "it begins or ends with a hyphen"
	case len(text) > 63:
		why = "it is longer than 63 characters"
	}
	return "not a valid name, " + why + "; " + use
}

// noTeam tells why a text is no name of a team.
func noTeam(text string) string {
	why := "has a space"
	switch {
	case text == "":
		why = "is empty"
	case strings.Contains(text, "@"):
		why = "is the address of a person"
	}
	return "the value " + why + "; name a team, for example payments"
}
