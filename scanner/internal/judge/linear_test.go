//go:build unix

package judge

import (
	"bytes"
	"syscall"
	"testing"
	"time"
)

func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestLinear reads repetitions that stand on one line: none may cost more than
// twenty microseconds of processor time a byte, whatever the length. A reader
// that goes back to the start of a line would take a thousand times as long.
func TestLinear(t *testing.T) {
	j := newJudge(t)
	for name, text := range adversarial {
		data := bytes.Repeat([]byte(text), (256<<10)/len(text))
		before := spent()
		find(j, "a.yaml", data)
		find(j, "a.json", data)
		find(j, "a.md", data)
		find(j, "a.csv", data)
		find(j, "a.go", data)
		find(j, "a.xml", data)
		if took := spent() - before; took > time.Duration(len(data))*20*time.Microsecond {
			t.Errorf("%s: %d bytes took %s", name, len(data), took)
		}
	}
}
