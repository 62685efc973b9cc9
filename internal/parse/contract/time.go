package contract

import (
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

const (
	hour = 60 * 60
	day  = 24 * hour
)

// units of a duration, from the largest to the smallest. Months are missing
// because they have no fixed length.
var units = []struct {
	letter  byte
	seconds int64
}{{'y', 365 * day}, {'w', 7 * day}, {'d', day}, {'h', hour}, {'m', 60}, {'s', 1}}

// step is a number with its unit at the front of a duration. Nine digits keep
// the sum of all units far from the end of an int64.
var step = regex.Lazy(`^([0-9]{1,9})([A-Za-z])`)

var (
	bareNumber = regex.Lazy(`^[0-9]{1,9}$`)
	fraction   = regex.Lazy(`^[0-9]+[.,][0-9]+[A-Za-z]?$`)
	iso8601    = regex.Lazy(`^[Pp][0-9T]`)
	endsBare   = regex.Lazy(`^(?:[0-9]{1,9}[A-Za-z])+[0-9]{1,9}$`)
)

// seconds reads a duration such as 1w2d. There is one way to write each, so that
// two contracts that mean the same look the same. The second result says what is
// wrong, and is empty if nothing is.
func seconds(n *lint.Node) (int64, string) {
	switch {
	case n.Kind != lint.String && n.Kind != lint.Number:
		return 0, "want a duration, for example 90d (y w d h m s)"
	case n.Text == "":
		return 0, "empty; write a duration, for example 90d"
	case n.Text == "0s":
		return 0, ""
	}
	if wrong := notDuration(n.Text); wrong != "" {
		return 0, wrong
	}
	sum, next := int64(0), 0
	for rest := n.Text; rest != ""; {
		match := step().FindStringSubmatch(rest)
		unit := rank(match[2][0])
		if wrong := wrongStep(n.Text, match[1], match[2], unit-next); unit < next || wrong != "" {
			return 0, wrong
		}
		count, _ := strconv.ParseInt(match[1], 10, 64)
		sum += count * units[unit].seconds
		next, rest = unit+1, rest[len(match[0]):]
	}
	return sum, ""
}

// notDuration says what is wrong with a text that is no row of numbers, each with
// a letter.
func notDuration(text string) string {
	switch the := theDuration(text); {
	case bareNumber().MatchString(text):
		return the + " has no unit; write for example 90d (y w d h m s)"
	case endsBare().MatchString(text):
		return the + " ends without a unit; write for example 1h30m (y w d h m s)"
	case fraction().MatchString(text):
		return the + " is no whole number; write a smaller unit, for example 36h"
	case iso8601().MatchString(text):
		return the + " is written as in ISO 8601; write for example 90d (y w d h m s)"
	}
	for text != "" {
		match := step().FindString(text)
		if match == "" {
			return "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"
		}
		text = text[len(match):]
	}
	return ""
}

// wrongStep says what is wrong with a number and its unit; behind is how far the
// unit stands behind those that may still follow.
func wrongStep(text, count, unit string, behind int) string {
	switch the := theDuration(text); {
	case unit == "M":
		return the + " counts in months, which have no fixed length; write days, for example 90d"
	case rank(unit[0]) < 0:
		return the + " has an unknown unit; write y, w, d, h, m or s, for example 90d"
	case strings.Trim(count, "0") == "":
		return the + " has a part that is zero; leave it out, or write 0s where all is zero"
	case count[0] == '0':
		return the + " has a number that begins with 0; write for example 90d"
	case behind == -1 && strings.Count(text, unit) > 1:
		return the + " has a unit twice; write each once, for example 1w2d"
	case behind < 0:
		return the + " has a smaller unit before a larger one; write the largest first, for example 1w2d"
	}
	return ""
}

func rank(letter byte) int {
	for i, unit := range units {
		if unit.letter == letter {
			return i
		}
	}
	return -1
}

// nanoseconds reads a date. A day is valid through its last second, in UTC.
func nanoseconds(n *lint.Node) (int64, string) {
	const write = "; write for example 2026-08-01 or 2026-08-01T12:00:00Z"
	if n.Kind != lint.String {
		return 0, "not a date" + write
	}
	at, err := time.Parse(time.DateOnly, n.Text)
	switch {
	case err == nil:
		at = at.Add((day - 1) * time.Second)
	case strings.Contains(err.Error(), "out of range"):
		return 0, theDate(n.Text) + " is a day that does not exist" + write
	default:
		if at, err = time.Parse(time.RFC3339, strings.ToUpper(n.Text)); err != nil {
			return 0, theDate(n.Text) + " is not a date" + write
		}
	}
	if at.Year() < 1970 || at.Year() > 2200 { // nanoseconds end in 2262
		return 0, "want a year between 1970 and 2200"
	}
	return at.UnixNano(), ""
}
