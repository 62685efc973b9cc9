package contract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
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
var step = regexp.MustCompile(`^([0-9]{1,9})([A-Za-z])`)

// seconds reads a duration such as 1w2d. There is one way to write each, so that
// two contracts that mean the same look the same. The second result says what is
// wrong, and is empty if nothing is.
func seconds(n *lint.Node) (int64, string) {
	if n.Kind == lint.Number {
		return 0, "a duration needs a unit; write for example 90d (y w d h m s)"
	}
	if n.Kind != lint.String {
		return 0, "want a duration, for example 90d (y w d h m s)"
	}
	rest, next, sum := n.Text, 0, int64(0)
	for rest != "" {
		match := step.FindStringSubmatch(rest)
		if match == nil {
			return 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"
		}
		unit := rank(match[2][0])
		switch {
		case match[2] == "M":
			return 0, "months have no fixed length; write days, for example 90d"
		case unit < 0:
			return 0, "unknown unit; write y, w, d, h, m or s, for example 90d"
		case unit < next:
			return 0, "units go from the largest to the smallest, each once; write for example 1w2d"
		}
		count, _ := strconv.ParseInt(match[1], 10, 64)
		sum += count * units[unit].seconds
		next, rest = unit+1, rest[len(match[0]):]
	}
	switch {
	case n.Text == "":
		return 0, "empty; write a duration, for example 90d"
	case sum == 0 && n.Text != "0s":
		return 0, "write zero as 0s"
	}
	return sum, ""
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
	const want = "not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z"
	if n.Kind != lint.String {
		return 0, want
	}
	at, err := time.Parse(time.DateOnly, n.Text)
	if err == nil {
		at = at.Add((day - 1) * time.Second)
	} else if at, err = time.Parse(time.RFC3339, strings.ToUpper(n.Text)); err != nil {
		return 0, want
	}
	if at.Year() < 1970 || at.Year() > 2200 { // nanoseconds end in 2262
		return 0, "want a year between 1970 and 2200"
	}
	return at.UnixNano(), ""
}
