package reports

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

func read(t *testing.T, text string) Report {
	t.Helper()
	r, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What is read from a JSON report gives the same JSON report, and every other one as if
// it had been written at once. Only text and SARIF look into the files.
func TestSavedRun(t *testing.T) {
	failed, empty, nothing := example(), Report{}, Report{}
	failed.Verdict.Coverage.Failures = []lint.Failure{{Path: podPath, Rule: root.ID, Message: "the policy ran out of time"}}
	empty.Verdict = new(gate.Gate).Judge(nil, gate.Coverage{})
	nothing.Verdict = new(gate.Gate).Judge(nil, gate.Coverage{Nothing: true, Rules: []*lint.Rule{root}})
	for name, r := range map[string]Report{"all": known(example()), "part": example(), "failed": known(failed), "no file": empty, "an empty change": nothing} {
		t.Run(name, func(t *testing.T) {
			saved := read(t, write(t, "json", r))
			for _, format := range Formats() {
				if format == "text" || format == "sarif" {
					continue
				}
				if diff := cmp.Diff(write(t, format, r), write(t, format, saved)); diff != "" {
					t.Errorf("%s differs:\n%s", format, diff)
				}
			}
			if saved.Verdict.Status() != r.Verdict.Status() {
				t.Errorf("status %d, want %d", saved.Verdict.Status(), r.Verdict.Status())
			}
			again := read(t, write(t, "json", saved))
			for _, format := range []string{"text", "sarif"} {
				if diff := cmp.Diff(write(t, format, saved), write(t, format, again)); diff != "" {
					t.Errorf("%s of what was saved twice differs:\n%s", format, diff)
				}
			}
		})
	}
}

// GitHub knows alerts by the hash of their line: a saved run keeps it.
func TestSavedLineHashes(t *testing.T) {
	hashes := func(r Report) []string {
		var log sarifLog
		if err := json.Unmarshal([]byte(write(t, "sarif", r)), &log); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, result := range log.Runs[0].Results {
			all = append(all, result.PartialFingerprints["primaryLocationLineHash"])
		}
		return all
	}
	want := hashes(example())
	if !slices.ContainsFunc(want, func(hash string) bool { return hash != "" }) {
		t.Fatal("the example has no hash")
	}
	if diff := cmp.Diff(want, hashes(read(t, write(t, "json", example())))); diff != "" {
		t.Error(diff)
	}
}

func TestReadErrors(t *testing.T) {
	good := write(t, "json", example())
	replaced := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the report has no %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	tests := []struct{ name, text, want string }{
		{"no JSON", "a: b", "is no report of policyctl"},
		{"nothing", "", "is no report of policyctl"},
		{"another program's", `{"version": "2.1.0", "runs": []}`, "is no report of policyctl"},
		{"a list", `[]`, "is no report of policyctl"},
		{"a newer version", replaced(`"version": "1"`, `"version": "2"`), `the report has version "2", this policyctl reads version "1"`},
		{"no version", replaced(`"version": "1",`, ``), `the report has version null, this policyctl reads version "1"`},
		{"a number as version", replaced(`"version": "1"`, `"version": 1`), `the report has version 1, this policyctl reads version "1"`},
		{"two of them", good + good, "is no report of policyctl"},
		{"half of it", good[:len(good)/2], "is no report of policyctl"},
		{"an unknown status", replaced(`"status": "minor"`, `"status": "fine"`), `unknown status "fine"`},
		{"an unknown severity", replaced(`"severity": "high"`, `"severity": "grave"`), `unknown severity "grave"`},
		{"a severity that is not the rule's", replaced(`"severity": "medium"`, `"severity": "low"`), "its severity is low, that of kubernetes/root-user is medium"},
		{"a rule that is not there", replaced(`"rule": "kubernetes/root-user"`, `"rule": "kubernetes/other"`), `its rule "kubernetes/other" is not among the rules`},
		{"a verdict that was mended", replaced(`"status": "blocked"`, `"status": "passed"`), "the report contradicts itself"},
		{"an exit status that was mended", replaced(`"exit": 1`, `"exit": 0`), "the report contradicts itself"},
		{"a place without a file", replaced(`"path": "`+envPath+`"`, `"path": ""`), "has no place"},
		{"no day", replaced(`"summary": {`, `"as_of": "today", "summary": {`), `"today" is no day`},
		{"a link that runs", replaced(`"summary": {`, `"link": "javascript:alert(1)/", "summary": {`), "its link is no URL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Read([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	if _, err := Read([]byte(replaced(`"summary": {`, `"later": [1], "summary": {`))); err != nil {
		t.Errorf("a field that was added is no error within a version: %v", err)
	}
}

// What is read never brings the program down, and reads the same when it is written.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write("json", &b, known(example())); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":"1","tool":{"name":"policyctl"},"status":"not checked","exit":3,"findings":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(data)
		if err != nil {
			return
		}
		for _, format := range Formats() {
			write(t, format, r)
		}
		once := write(t, "json", r)
		if twice := write(t, "json", read(t, once)); once != twice {
			t.Errorf("differs:\n%s", cmp.Diff(once, twice))
		}
	})
}

func shard(t *testing.T, path string, failures ...lint.Failure) Run {
	t.Helper()
	g := gate.Gate{Thresholds: gate.DefaultThresholds()}
	verdict := g.Judge([]lint.Finding{
		{Rule: privileged, Location: lint.Location{Path: path, Start: lint.Position{Line: 1, Column: 1}, End: lint.Position{Line: 1, Column: 9}}, Message: "runs privileged", Anchor: "a"},
		{Rule: root, Location: lint.Location{Path: "shared.yaml", Start: lint.Position{Line: 1, Column: 1}, End: lint.Position{Line: 1, Column: 9}}, Message: "runs as root", Anchor: "b"},
	}, gate.Coverage{Files: 2, Documents: map[string]int{"kubernetes": 2}, Rules: []*lint.Rule{privileged, root}, Failures: failures,
		Skipped: []lint.Skip{{Path: "vendor/", Reason: "excluded by vendor/"}}, Gaps: []lint.Gap{{Location: lint.Location{Path: path}, Message: "a chart"}}})
	return Run{Report: read(t, write(t, "json", Report{Verdict: verdict, Version: "1.0.0", AsOf: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}))}
}

func listed(r Report) (paths []string) {
	for _, f := range r.Verdict.Findings {
		paths = append(paths, f.Location.Path+" "+f.Status.String())
	}
	return paths
}

func merged(t *testing.T, runs ...Run) Report {
	t.Helper()
	r, err := Merge(runs)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, write(t, "json", r)) // what is merged is a saved run itself
}

func TestMergeShards(t *testing.T) {
	r := merged(t, shard(t, "a.yaml"), shard(t, "b.yaml"))
	if diff := cmp.Diff([]string{"a.yaml blocking", "b.yaml blocking", "shared.yaml minor"}, listed(r)); diff != "" {
		t.Errorf("what two shards found is there once:\n%s", diff)
	}
	c := r.Verdict.Coverage
	if c.Files != 4 || c.Documents["kubernetes"] != 4 || len(c.Skipped) != 1 || len(c.Gaps) != 2 || len(c.Rules) != 2 || r.Verdict.Status() != gate.ExitBlocked {
		t.Errorf("status %d, got %+v", r.Verdict.Status(), c)
	}
	other := merged(t, shard(t, "b.yaml"), shard(t, "a.yaml"))
	if diff := cmp.Diff(write(t, "json", r), write(t, "json", other)); diff != "" {
		t.Errorf("the order of shards makes a difference:\n%s", diff)
	}
}

func TestMergeKeepsTheWorst(t *testing.T) {
	lenient := shard(t, "a.yaml")
	lenient.Verdict.Findings[0].Status = gate.Waived
	if got := listed(merged(t, lenient, shard(t, "a.yaml")))[0]; got != "a.yaml blocking" {
		t.Errorf("what one run waives, another may not: got %s", got)
	}
	r := merged(t, shard(t, "a.yaml"), shard(t, "b.yaml", lint.Failure{Path: "b.yaml", Message: "ran out of time"}))
	if r.Verdict.Status() != gate.ExitNotChecked || len(r.Verdict.Coverage.Failures) != 1 {
		t.Errorf("a shard that failed: status %d, %v", r.Verdict.Status(), r.Verdict.Coverage.Failures)
	}
	empty := Report{Verdict: new(gate.Gate).Judge(nil, gate.Coverage{Rules: []*lint.Rule{root}})}
	r = merged(t, shard(t, "a.yaml"), Run{Report: read(t, write(t, "json", empty))})
	if r.Verdict.Status() != gate.ExitNotChecked {
		t.Errorf("a shard that saw no file: status %d", r.Verdict.Status())
	}
	nothing := Report{Verdict: new(gate.Gate).Judge(nil, gate.Coverage{Nothing: true, Rules: []*lint.Rule{root}})}
	if r = merged(t, Run{Report: read(t, write(t, "json", nothing))}); r.Verdict.Status() != gate.ExitPassed {
		t.Errorf("an empty change: status %d", r.Verdict.Status())
	}
}

func TestMergeRepositories(t *testing.T) {
	shop, pay := shard(t, "a.yaml"), shard(t, "a.yaml")
	shop.Name, pay.Name = "shop", "acme/pay"
	full := known(example())
	pay.Secrets, pay.Graph, shop.Secrets, shop.Graph = full.Secrets, full.Graph, full.Secrets, full.Graph
	r := merged(t, shop, pay)
	if diff := cmp.Diff([]string{"acme/pay/a.yaml blocking", "acme/pay/shared.yaml minor", "shop/a.yaml blocking", "shop/shared.yaml minor"}, listed(r)); diff != "" {
		t.Error(diff)
	}
	seen := map[string]bool{}
	for _, f := range r.Verdict.Findings {
		seen[f.Fingerprint] = true
	}
	if len(seen) != 4 {
		t.Errorf("only %d fingerprints", len(seen))
	}
	if len(r.Secrets) != 4 || len(r.Graph.Nodes) != 4 || r.Graph.Edges[1].From != "acme/pay/contract:shop-db" || r.Verdict.Coverage.Gaps[0].Location.Path != "acme/pay/a.yaml" {
		t.Errorf("%d secrets, %d nodes, %+v", len(r.Secrets), len(r.Graph.Nodes), r.Verdict.Coverage.Gaps)
	}
}

func TestMergeErrors(t *testing.T) {
	run := func(name, commit string) Run { return Run{Name: name, Report: Report{Commit: commit}} }
	tests := []struct {
		name string
		runs []Run
		want string
	}{
		{"one has a name, one has none", []Run{run("a", ""), run("", "")}, "name all runs or none"},
		{"two of one name", []Run{run("a", ""), run("a", "")}, `two runs are called "a"`},
		{"a name that leads out", []Run{run("../a", ""), run("b", "")}, "cannot stand in front of files"},
		{"an absolute one", []Run{run("/a", ""), run("b", "")}, "cannot stand in front of files"},
		{"shards of two commits", []Run{run("", "1"), run("", ""), run("", "2")}, "different commits"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Merge(test.runs); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
