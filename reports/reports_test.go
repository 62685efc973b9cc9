package reports

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The credentials that are planted in files. None may come out again.
const (
	password = "correct-horse-battery"
	token    = "stapled-0-to-the-wall"
	quiet    = "below-9-the-threshold"
)

const (
	podPath   = "deploy/50% off/my pod.yaml"
	envPath   = "config/app.env"
	emojiPath = "emoji.yaml"
	brokenYML = "broken.yaml"
)

var files = map[string]string{
	podPath:   "apiVersion: v1\nkind: Pod\nspec:\n\tcontainers:\n    - name: web\n      securityContext:\n        privileged: true\n        runAsUser: 0\n",
	envPath:   "# 東京\nURL=postgres://app:" + password + "@db/x?token=" + token + " # " + quiet + "\nMODE=##vso[task.complete]\x1b[31m\u202etxt\n",
	emojiPath: "🔑: 😀 open\n",
	brokenYML: "a: [\n",
}

func source(at lint.Location) *lint.Source {
	path := at.Path
	text, ok := files[path]
	if !ok {
		return nil
	}
	return &lint.Source{Path: path, Data: []byte(text)}
}

// find gives the place of the first occurrence of a text.
func find(path, text string) lint.Location {
	src := source(lint.Location{Path: path})
	i := bytes.Index(src.Data, []byte(text))
	if i < 0 {
		panic(text + " is not in " + path)
	}
	return lint.Span{Source: src, Start: i, End: i + len(text)}.Location()
}

var (
	privileged = &lint.Rule{ID: "kubernetes/privileged-container", Title: "Container runs privileged", Severity: lint.High, Tier: lint.Default,
		Description: "A privileged container can read every secret of its node.", Fix: "Remove securityContext.privileged, or set it to false.",
		CWE: []int{250}, Tags: []string{"container"}, References: []string{"https://kubernetes.io/docs/concepts/security/"}}
	root = &lint.Rule{ID: "kubernetes/root-user", Title: "Container runs as root", Severity: lint.Medium, Tier: lint.Strict,
		Description: "Root in the container is root in what it mounts.", Fix: "Set runAsUser to another number."}
	literal = &lint.Rule{ID: "kubernetes/literal-password", Title: "Password is written down", Severity: lint.High, Tier: lint.Audit,
		Description: "Who can read the file can read the password.", Fix: "Refer to a secret.", CWE: []int{798}, Tags: []string{"secret-value"}}
	urlPassword = &lint.Rule{ID: "secret/url-password", Title: "Password in a URL", Severity: lint.Critical, Tier: lint.Default,
		Description: "A URL is logged by everything that it passes.", Fix: "Revoke the password, then read it from the environment.", CWE: []int{798, 522}}
)

// example is a verdict with one finding of each sort.
func example() Report {
	multi := find(podPath, "privileged: true\n        runAsUser: 0")
	findings := []lint.Finding{
		{Rule: privileged, Location: find(podPath, "true"), Message: `container "web" runs privileged`, Subject: "Pod/default/web",
			Anchor: "Pod/default/web › spec › containers[web] › securityContext › privileged",
			Related: []lint.Related{{Message: "the [pod](1) is declared here", Location: find(podPath, "kind: Pod")},
				{Message: "and configured here", Location: find(envPath, "MODE")}},
			Flow: []lint.Related{{Message: "a store keeps " + token + " of [all](1)", Location: find(envPath, "task")},
				{Message: "the pod gets it", Location: find(podPath, "true")}},
			Fix: &lint.Fix{Op: "replace", Location: find(podPath, "true"), Value: false}},
		{Rule: root, Location: multi, Message: "container runs as root", Subject: "Pod/default/web", Anchor: "Pod/default/web › spec"},
		{Rule: root, Location: find(emojiPath, "open"), Message: "a medium one in the baseline", Anchor: "🔑"},
		{Rule: privileged, Location: find(emojiPath, "😀"), Message: "the key 🔑 is astral", Anchor: "🔑 › 😀"},
		{Rule: privileged, Location: find(podPath, "web"), Message: "waived in a file", Anchor: "Pod/default/web › name"},
		{Rule: privileged, Location: find(podPath, "name"), Message: "ignored in the source", Anchor: "Pod/default/web › other"},
		{Rule: urlPassword, Location: find(envPath, password), Message: "password of app in a URL", Anchor: "URL=<url>", Tag: "12ab"},
		{Rule: literal, Location: find(envPath, token), Message: "a policy that says " + token + " in its message",
			Subject: "x " + password, Anchor: token, Fix: &lint.Fix{Op: "replace", Location: find(envPath, token), Value: map[string]any{"was": []any{token}}}},
		{Rule: privileged, Location: find(envPath, "task"), Message: "steers\nthe \x1b[2Jterminal and ##vso[task.complete] says \u202eso", Anchor: "MODE"},
		{Rule: lint.UnreadableFile, Location: lint.Location{Path: "locked:file.yaml"}, Message: "permission denied"},
		{Rule: lint.SyntaxError, Location: find(brokenYML, "["), Message: "the list has no end"},
	}
	g := gate.Gate{
		Thresholds: gate.DefaultThresholds(),
		Baseline:   gate.NewBaseline(findings[2:3], []byte("salt")),
		Now:        time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		Waivers: []gate.Waiver{{Rule: privileged.ID, Path: "deploy/**", Subject: "Pod/default/web › name", Owner: "@acme/pay",
			Reason: "moves to another cluster", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)}},
		Ignores: []gate.Ignore{{Rules: []string{privileged.ID}, Line: find(podPath, "name").Start.Line, Reason: "needed by the old driver",
			Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Location: find(podPath, "name")}},
	}
	g.Waivers[0].Location = lint.Location{Path: ".policyctl/waivers.yaml", Start: lint.Position{Line: 2, Column: 5}, End: lint.Position{Line: 2, Column: 9}}
	g.Baseline.Entries = append(g.Baseline.Entries, gate.Entry{Fingerprint: "00", Rule: root.ID, Path: "gone.yaml"})
	verdict := g.Judge(findings, gate.Coverage{
		Files: 4, Documents: map[string]int{"kubernetes": 2}, Rules: []*lint.Rule{literal, privileged, root, urlPassword},
		Whole: true, Paths: []string{emojiPath, envPath, podPath},
		Skipped: []lint.Skip{{Path: "logo.png", Reason: "binary"}, {Path: "vendor/", Reason: "excluded by vendor/", Files: 12}},
		Gaps:    []lint.Gap{{Location: find(podPath, "name"), Message: "the chart's value " + password + " is not known"}},
	})
	return Report{Verdict: verdict, Version: "v1.2.3", Source: source,
		Sensitive: []lint.Location{find(envPath, quiet), find(envPath, password), find(envPath, token)}}
}

// known adds what a check of a whole repository knows beside its verdict.
func known(r Report) Report {
	r.AsOf, r.Commit, r.Link = time.Date(2027, 1, 10, 8, 0, 0, 0, time.UTC), strings.Repeat("0af1", 10), "https://git.example.com/shop/blob/main/"
	r.Verdict.Settings = gate.Settings{Base: strings.Repeat("c0de", 10), Trusted: true, Changed: []string{".policyctl/waivers.yaml"}, Then: 2}
	r.Confidence = 0.8
	r.Owners = func(path string) []string {
		if path == podPath {
			return []string{"@acme/pay", "@acme/" + token}
		}
		return nil
	}
	r.Secrets = []inventory.Secret{
		{Name: "shop-db", State: "active", Class: "db-password", Owner: "shop", Risk: "high", Environments: []string{"prod"}, Stores: []string{"vault"},
			Consumers: 2, Rotated: "2026-03-11", Due: "2026-06-09", Problems: []string{"overdue"}, File: "shop.secret.yaml", Line: 4},
		{Name: "github-secret:" + password, State: "undeclared", Environments: []string{}, Stores: []string{}, Problems: []string{"undeclared"}, File: envPath, Line: 2},
	}
	r.Graph = &diagram.Diagram{Version: 1, Complete: true,
		Nodes: []diagram.Node{{ID: "contract:shop-db", Kind: "contract", Name: "shop-db", Attributes: map[string]string{"store": "https://" + token}, File: "shop.secret.yaml", Line: 4},
			{ID: "k8s-secret:shop/db", Kind: "slot", Name: "shop/<db> " + token, File: podPath, Line: 3}},
		Edges: []diagram.Edge{{From: "contract:shop-db", To: "k8s-secret:shop/db", Kind: "declares", Confidence: "exact", File: "shop.secret.yaml", Line: 9}},
	}
	return r
}

func TestGolden(t *testing.T) {
	failed := example()
	failed.Verdict.Coverage.Failures = []lint.Failure{
		{Path: podPath, Rule: root.ID, Message: "the policy ran out of time near " + password},
		{Message: "the index of git cannot be read"},
	}
	full, quietly, verbose := example(), example(), example()
	full.SARIFProfile = Full
	quietly.Quiet = true
	verbose.Verbose, verbose.Color, verbose.Prefix = true, true, "../.."
	tests := []struct {
		file, format string
		report       Report
	}{
		{"text.golden", "text", example()},
		{"text-quiet.golden", "text", quietly},
		{"text-verbose-color-prefix.golden", "text", verbose},
		{"text-failures.golden", "text", failed},
		{"json.golden", "json", example()},
		{"json-failures.golden", "json", known(failed)},
		{"sarif-github.golden", "sarif", example()},
		{"sarif-full.golden", "sarif", full},
		{"sarif-failures.golden", "sarif", failed},
	}
	for _, format := range Formats()[3:] {
		tests = append(tests, struct {
			file, format string
			report       Report
		}{format + ".golden", format, known(failed)})
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got := write(t, test.format, test.report)
			file := filepath.Join("testdata", test.file)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got, -update writes it anew):\n%s", file, diff)
			}
			for _, secret := range []string{password, token, quiet} {
				if strings.Contains(got, secret) {
					t.Errorf("%s holds the credential %q", test.format, secret)
				}
			}
		})
	}
}

func write(t *testing.T, format string, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(format, &b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The same verdict gives the same bytes, in whatever order things were found.
func TestOrderOfFindingsDoesNotMatter(t *testing.T) {
	for _, format := range Formats() {
		want := write(t, format, example())
		r := example()
		var findings []lint.Finding
		for _, f := range slices.Backward(r.Verdict.Findings) {
			findings = append(findings, f.Finding)
		}
		slices.Reverse(r.Sensitive)
		again := r.Verdict
		again.Findings = nil
		for _, f := range lint.Identify(findings) {
			i := slices.IndexFunc(r.Verdict.Findings, func(j gate.Judged) bool { return j.Compare(&f) == 0 })
			again.Findings = append(again.Findings, r.Verdict.Findings[i])
		}
		r.Verdict = again
		if diff := cmp.Diff(want, write(t, format, r)); diff != "" {
			t.Errorf("%s depends on order:\n%s", format, diff)
		}
	}
}

func TestNothingChecked(t *testing.T) {
	got := write(t, "text", Report{Verdict: new(gate.Gate).Judge(nil, gate.Coverage{Rules: []*lint.Rule{root}})})
	want := "0 files read, 0 findings, 0 blocking\npolicyctl: could not check: there was no file to check\npolicyctl: nothing was checked\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	json := write(t, "json", Report{Verdict: new(gate.Gate).Judge(nil, gate.Coverage{Rules: []*lint.Rule{root}})})
	if !strings.Contains(json, `"status": "not checked"`) {
		t.Errorf("an empty run is not marked:\n%s", json)
	}
}

func TestSummaryLine(t *testing.T) {
	finding := func(status gate.Status) gate.Judged {
		return gate.Judged{Finding: lint.Finding{Rule: root, Location: lint.Location{Path: "a"}, Message: "m"}, Status: status}
	}
	tests := []struct {
		name     string
		findings []gate.Judged
		want     string
	}{
		{"nothing was found", nil, "1 file checked, 0 findings, 0 blocking"},
		{"one finding", []gate.Judged{finding(gate.Blocking)}, "1 file checked, 1 finding, 1 blocking"},
		{"one that does not block", []gate.Judged{finding(gate.Minor)}, "1 file checked, 1 finding, 0 blocking, 1 minor"},
		{"several", []gate.Judged{finding(gate.Blocking), finding(gate.Waived), finding(gate.Existing)},
			"1 file checked, 3 findings: 1 blocking, 1 waived, 1 existing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			verdict := gate.Verdict{Findings: test.findings, Coverage: gate.Coverage{Files: 1, Rules: []*lint.Rule{root}}}
			lines := strings.Split(strings.TrimSpace(write(t, "text", Report{Verdict: verdict, Quiet: true})), "\n")
			if got := lines[len(lines)-1]; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	tests := []struct {
		name, format, profile, want string
	}{
		{"a format", "pdf", "", `unknown format "pdf", want one of ` + strings.Join(Formats(), ", ")},
		{"a profile", "sarif", "ado", `unknown SARIF profile "ado", want one of github, full`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := Write(test.format, &bytes.Buffer{}, Report{SARIFProfile: test.profile})
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// A report of very many credentials takes as long as it is long, and no longer: each
// line was once compared with all of them, which took minutes.
func TestManyCredentials(t *testing.T) {
	const many = 20_000
	src := &lint.Source{Path: "many.env"}
	var places []int
	for n := range many {
		src.Data = fmt.Appendf(src.Data, "API_KEY_%d=", n)
		places = append(places, len(src.Data))
		src.Data = fmt.Appendf(src.Data, "%016x\n", uint64(n+1)*0x9e3779b97f4a7c15)
	}
	r := Report{Source: func(lint.Location) *lint.Source { return src }}
	for _, at := range places {
		place := lint.Span{Source: src, Start: at, End: at + 16}.Location()
		r.Sensitive = append(r.Sensitive, place)
		r.Verdict.Findings = append(r.Verdict.Findings, gate.Judged{Finding: lint.Finding{Rule: urlPassword, Location: place}, Status: gate.Blocking})
	}
	var out bytes.Buffer
	start := time.Now()
	if err := Write("text", &out, r); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if bytes.Count(out.Bytes(), []byte("=[REDACTED]")) != many || bytes.Contains(out.Bytes(), src.Data[places[7]:places[7]+16]) {
		t.Error("not all are masked")
	}
}
