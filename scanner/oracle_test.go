package scanner

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/rules"
)

var corpus = flag.String("corpus", "", "folder whose files both detectors search, in place of gitleaks' own source")

// oracle is gitleaks' detector with the rules that the scanner has.
func oracle(t testing.TB) *detect.Detector {
	t.Helper()
	base, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	cfg := base.Config
	cfg.Allowlists = []*config.Allowlist{{
		Regexes:   regexps(valuesOnly(defaults.allow)[0].regexes),
		StopWords: valuesOnly(defaults.allow)[0].words,
	}}
	detectors, err := ReadDetectors(rules.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range detectors {
		rule := config.Rule{RuleID: d.ID, Entropy: d.Entropy, SecretGroup: d.Group, Regex: regexp.MustCompile(d.Regex)}
		if d.Path != "" {
			rule.Path = regexp.MustCompile(d.Path)
		}
		if d.Allow != "" {
			rule.Allowlists = []*config.Allowlist{{Regexes: regexps([]string{d.Allow})}}
		}
		for _, keyword := range d.Keywords {
			rule.Keywords = append(rule.Keywords, strings.ToLower(keyword))
			cfg.Keywords[strings.ToLower(keyword)] = struct{}{}
		}
		cfg.Rules[d.ID] = rule
	}
	detector := detect.NewDetector(cfg)
	detector.IgnoreGitleaksAllow = true
	return detector
}

func regexps(texts []string) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, text := range texts {
		all = append(all, regexp.MustCompile(text))
	}
	return all
}

// both gives what gitleaks and the engine find in a file, in one form.
func both(d *detect.Detector, e *engine, src *lint.Source) (theirs, ours []string, spent [2]time.Duration) {
	start := cpu()
	//lint:ignore SA1019 v8 takes nothing else
	findings := d.Detect(detect.Fragment{Raw: string(src.Data), FilePath: src.Path})
	spent[0] = cpu() - start
	for _, f := range findings {
		if f.Secret != "" && f.RuleID != genericID && !strings.HasPrefix(f.Match, "file detected: ") { // the judge stands in for that rule
			theirs = append(theirs, fmt.Sprintf("%s:%d %s %q", src.Path, f.StartLine+1, f.RuleID, f.Secret))
		}
	}
	start = cpu()
	matches := e.find(src.Data, src.Path, "", nil)
	spent[1] = cpu() - start
	for _, m := range matches {
		line := bytes.Count(src.Data[:m.whole.lo], []byte("\n")) + 1
		ours = append(ours, fmt.Sprintf("%s:%d %s %q", src.Path, line, m.id, src.Data[m.value.lo:m.value.hi]))
	}
	return theirs, ours, spent
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func moduleDir(t testing.TB, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Skip("no modules here: ", err)
	}
	return strings.TrimSpace(string(out))
}

// eachFile calls do with the text files of a folder.
func eachFile(t testing.TB, root string, do func(*lint.Source)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) > 5_000_000 || bytes.IndexByte(data[:min(8000, len(data))], 0) >= 0 {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		do(&lint.Source{Path: filepath.ToSlash(relative), Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSameAsGitleaks holds the engine to what gitleaks finds.
func TestSameAsGitleaks(t *testing.T) {
	root := *corpus
	if root == "" {
		if testing.Short() {
			t.Skip("takes some seconds")
		}
		root = filepath.Join(moduleDir(t, "github.com/zricethezav/gitleaks/v8"), "cmd")
	}
	d, e := oracle(t), newScanner(t, Options{}).engine()
	var size, files, common, generic int
	var total [2]time.Duration
	missing, extra := map[string]int{}, map[string]int{}
	eachFile(t, root, func(src *lint.Source) {
		theirs, ours, spent := both(d, e, src)
		size, files = size+len(src.Data), files+1
		total[0], total[1] = total[0]+spent[0], total[1]+spent[1]
		counts := map[string]int{}
		for _, f := range ours {
			counts[f]++
		}
		for _, f := range theirs {
			if counts[f]--; counts[f] >= 0 {
				common++
			} else {
				missing[f]++
			}
		}
		for f, n := range counts {
			if n > 0 && explained(f) {
				generic += n
			} else if n > 0 {
				extra[f] += n
			}
		}
	})
	t.Logf("%d files, %.1f MB: gitleaks %.2f s, engine %.3f s of CPU time: %.0f times less, %.0f MB/s; %d findings the same, %d missing, %d more, and %d of the generic rule",
		files, float64(size)/1e6, total[0].Seconds(), total[1].Seconds(), total[0].Seconds()/total[1].Seconds(), float64(size)/1e6/total[1].Seconds(), common, len(missing), len(extra), generic)
	if testing.Verbose() {
		report := func(what string, all map[string]int) {
			for _, f := range slices.Sorted(maps.Keys(all)) {
				place, value, _ := strings.Cut(f, ` "`)
				t.Log(what, place, "of", len(value), "bytes") // and not the value
			}
		}
		report("missing:", missing)
		report("more:", extra)
	}
	if files == 0 {
		t.Errorf("no file in %s", root)
	}
	if len(missing)*1000 > common {
		t.Errorf("%d of %d findings of gitleaks are missing", len(missing), common+len(missing))
	}
}

// explained says whether gitleaks may have left a finding out on purpose, for
// another rule's on the same line. The scanner does so later, in distinct, and
// only where both stand at one place.
func explained(finding string) bool { return strings.Contains(finding, " generic-api-key ") }
