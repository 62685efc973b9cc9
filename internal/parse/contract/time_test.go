package contract

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestSeconds(t *testing.T) {
	tests := []struct {
		name, text string
		want       int64
		wrong      string
	}{
		{"days", "90d", 90 * day, ""},
		{"all units", "1y2w3d4h5m6s", 365*day + 14*day + 3*day + 4*hour + 5*60 + 6, ""},
		{"zero", "0s", 0, ""},
		{"another zero", "0d", 0, "\"0d\" has a part that is zero; leave it out, or write 0s where all is zero"},
		{"nothing", "", 0, "empty; write a duration, for example 90d"},
		{"no unit", "90", 0, "\"90\" has no unit; write for example 90d (y w d h m s)"},
		{"a fraction", "1.5d", 0, "\"1.5d\" is no whole number; write a smaller unit, for example 36h"},
		{"ISO 8601", "P90D", 0, "\"P90D\" is written as in ISO 8601; write for example 90d (y w d h m s)"},
		{"months", "3M", 0, "\"3M\" counts in months, which have no fixed length; write days, for example 90d"},
		{"an unknown unit", "3x", 0, "\"3x\" has an unknown unit; write y, w, d, h, m or s, for example 90d"},
		{"the wrong order", "2d1w", 0, "\"2d1w\" has a smaller unit before a larger one; write the largest first, for example 1w2d"},
		{"a unit twice", "1d1d", 0, "\"1d1d\" has a unit twice; write each once, for example 1w2d"},
		{"too many digits", "1234567890d", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
		{"a part that is zero", "1w0d", 0, "\"1w0d\" has a part that is zero; leave it out, or write 0s where all is zero"},
		{"a leading zero", "090d", 0, "\"090d\" has a number that begins with 0; write for example 90d"},
		{"a number at the end", "1h30", 0, "\"1h30\" ends without a unit; write for example 1h30m (y w d h m s)"},
		{"what may be a credential", "12345678", 0, "the value has no unit; write for example 90d (y w d h m s)"},
		{"a space", "1w 2d", 0, "not a duration; write whole numbers with units, for example 90d or 1w2d (y w d h m s)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := seconds(lint.NewString(tt.text, lint.Span{}))
			if got != tt.want || wrong != tt.wrong {
				t.Errorf("got %d, %q", got, wrong)
			}
		})
	}
}

func TestNanoseconds(t *testing.T) {
	const no = " is not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z"
	tests := []struct {
		name, text string
		want       int64
		wrong      string
	}{
		{"a day is valid through its last second", "1970-01-02", (2*day - 1) * 1e9, ""},
		{"a time", "1970-01-02T00:00:01Z", (day + 1) * 1e9, ""},
		{"a time in another zone", "1970-01-02T02:00:00+02:00", day * 1e9, ""},
		{"days first", "01/08/2026", 0, `"01/08/2026"` + no},
		{"a day that does not exist", "2026-02-30", 0, `"2026-02-30" is a day that does not exist; write for example 2026-08-01 or 2026-08-01T12:00:00Z`},
		{"a time without a zone", "2026-08-01T12:00:00", 0, "the value" + no},
		{"long ago", "1066-10-14", 0, "want a year between 1970 and 2200"},
		{"far away", "9999-12-31", 0, "want a year between 1970 and 2200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, wrong := nanoseconds(lint.NewString(tt.text, lint.Span{}))
			if got != tt.want || wrong != tt.wrong {
				t.Errorf("got %d, %q", got, wrong)
			}
		})
	}
}
