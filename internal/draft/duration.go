package draft

import "fmt"

// duration writes seconds as contracts do.
func duration(seconds int64) string {
	text := ""
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}} {
		if n := seconds / unit.seconds; n > 0 {
			text += fmt.Sprintf("%d%s", n, unit.name)
			seconds %= unit.seconds
		}
	}
	return text
}
