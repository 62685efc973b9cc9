package draft

import (
	"fmt"
	"strconv"

	"github.com/policyctl/policyctl/internal/lint"
)

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

// seconds is the interval of a rotation that a contract writes, 0 if it says none.
func seconds(rotation *lint.Node) int64 {
	n := rotation.Get("interval_s")
	if n == nil {
		return 0
	}
	value, _ := strconv.ParseInt(n.Text, 10, 64)
	return value
}
