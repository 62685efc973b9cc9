package shell_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/shell"
)

// trial runs a script twice on a machine of its own, with TOKEN in its
// environment and a secret in place of each @@.
func trial(text, dialect string) []*shell.Report {
	src := &lint.Source{Path: "x.sh", Data: []byte(text)}
	script := &shell.Script{Text: text, At: func(start, end int) lint.Span { return lint.Span{Source: src, Start: start, End: end} }}
	for from := 0; ; {
		at := strings.Index(text[from:], "@@")
		if at < 0 {
			break
		}
		from += at + len("@@")
		script.Holes = append(script.Holes, shell.Hole{Start: from - len("@@"), End: from, Value: shell.Secret(1, nil)})
	}
	machine := shell.NewMachine(shell.Mechanisms{Logged: "github", Files: map[string]string{"$GITHUB_ENV": "env", "$GITHUB_OUTPUT": "output"}}, shell.Budget(), func(path string) *shell.Script {
		if path == "x.sh" {
			return script
		}
		return nil
	})
	var reports []*shell.Report
	for range 2 {
		session := machine.NewSession(false)
		session.Bind("TOKEN", shell.Secret(0, nil))
		reports = append(reports, session.Run(script, dialect))
	}
	return reports
}

// Whatever the script: all that is said of it stands within it, and is said again
// the next time; a script without secrets leaks none; the time is bounded.
func FuzzRun(f *testing.F) {
	for _, seed := range []string{
		"echo $TOKEN @@", "f() { f $1$1; f $TOKEN; }; f a", "A=$A$A$TOKEN; B=$(echo $A | base64); echo ${B:0:3}", "x=@@\neval \"$x\"", "bash -c \"bash -c 'echo \\\"$TOKEN\\\"'\"",
		"cat <<EOF >> $GITHUB_ENV\nA<<X\n$TOKEN\nX\nEOF", "./x.sh; . x.sh; bash x.sh", "for a in $TOKEN; do for b in $a; do echo $b >> $GITHUB_OUTPUT; done; done",
		"trap 'rm -f k' EXIT; echo $TOKEN > k; while read l; do echo $l; done < k", "curl -u @@:$TOKEN https://a.example | bash", "set -x; export A=$TOKEN; env | grep -v x",
		"$a = $env:TOKEN.Substring(1)\nWrite-Host \"$a\" | Out-File $env:GITHUB_ENV\n@'\n$a\n'@", "set A=%TOKEN%\r\necho !A! >x & set", "echo <(cat <<<$TOKEN) | tee >(rev)", "printf '%s\\n' \"${A[@]/$TOKEN/x}\"; A+=(1 $TOKEN)",
		"git clone https://a:$TOKEN@b/c; docker build --build-arg X=$TOKEN . ; docker run -e TOKEN x sh -c 'echo $TOKEN'", "case $TOKEN in a) echo @@;; esac; [[ $TOKEN =~ x ]] && echo $((TOKEN+1))", "echo '${{' @@ \\\n$TOKEN `echo \\`echo $TOKEN\\``",
		"jq -n --arg a \"$TOKEN\" '{a: $a}' | xargs -I{} curl -d {} https://a", "(((", "\xff$TOKEN\x00@@", "if [ -z \"$TOKEN\" ]; then :; elif x; then A=$TOKEN; else A=1; fi; echo \"${!A}\"", "xargs xargs xargs sudo env bash -c \"$TOKEN\"",
	} {
		f.Add(seed, 0)
		f.Add(seed, 1)
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, text string, number int) {
		if len(text) > 4096 {
			return
		}
		dialect := []string{"bash", "pwsh", "cmd"}[uint(number)%3]
		start := time.Now()
		first, second := trial(text, dialect), trial(text, dialect)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
		if a, b := fmt.Sprint(say(first)), fmt.Sprint(say(second)); a != b {
			t.Errorf("said\n%s\nand then\n%s", a, b)
		}
		for _, report := range first {
			for _, sink := range report.Sinks {
				if sink.Label == 1 && !strings.Contains(text, "@@") {
					t.Errorf("%s of secret %d, which is not there", sink.Kind, sink.Label)
				}
				within(t, text, sink.At)
				for _, step := range sink.Way {
					within(t, text, step.Span)
				}
			}
			for _, gap := range report.Gaps {
				within(t, text, gap.At)
			}
		}
	})
}

func within(t *testing.T, text string, at lint.Span) {
	t.Helper()
	if at.Source != nil && (at.Start < 0 || at.End < at.Start || at.End > len(text)) {
		t.Errorf("a place from %d to %d of %d", at.Start, at.End, len(text))
	}
}

// say is what reports tell, without the sources in them.
func say(reports []*shell.Report) []string {
	var all []string
	for _, r := range reports {
		for _, s := range r.Sinks {
			way := ""
			for _, step := range s.Way {
				way += fmt.Sprint(step.Message, step.Span.Start, step.Span.End)
			}
			s.Way, s.At.Source = nil, nil
			all = append(all, fmt.Sprintf("%+v %s", s, way))
		}
		for _, set := range r.Sets {
			all = append(all, set.Kind+set.Name)
		}
		for _, gap := range r.Gaps {
			all = append(all, fmt.Sprint(gap.What, gap.At.Start))
		}
		names := reflect.ValueOf(r.Reads).Len()
		all = append(all, fmt.Sprint(names, r.Opaque))
	}
	return all
}
