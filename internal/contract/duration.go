package contract

import "strconv"

// Duration writes seconds as contracts do: 90d, 1h30m. Days are its largest unit,
// in which intervals are compared. It is empty for 0.
func Duration(seconds int64) string {
	text := ""
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}} {
		if n := seconds / unit.seconds; n > 0 {
			text += strconv.FormatInt(n, 10) + unit.name
			seconds %= unit.seconds
		}
	}
	return text
}
