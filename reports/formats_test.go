package reports

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// hostile are texts that somebody may choose for a file, a job or a reason, so that what
// shows them does more than show them.
var hostile = []string{
	"a\n::error file=x::planted", "b\r\n##vso[task.complete result=Succeeded;]planted", "##[error]planted", "c%0A::stop-commands::planted",
	"d | e | `f` | <script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
	"javascript:alert(1)", "@everyone see https://evil.example and www.evil.example #1", "\x1b[2J\x1b]8;;https://evil.example\x07x", "]]><!--", `"'&`,
	"=HYPERLINK(\"https://evil.example\")", "+1", "-1", "\t=1", "\u202egpj.exe", "a\xffb", "{{.}} ${{ secrets.X }} $(x)", "</style></script>", "x;]y", "\u2028z",
}

// hostileRun has each of the texts at each place where one can stand.
func hostileRun() Report {
	var findings []gate.Judged
	for i, text := range hostile {
		rule := &lint.Rule{ID: fmt.Sprintf("kubernetes/rule-%d", i), Title: text, Description: text, Fix: text, Severity: lint.High, Tier: lint.Default,
			References: []string{text, "https://example.com/" + text}, Tags: []string{"secret-value"}}
		f := lint.Finding{Rule: rule, Location: lint.Location{Path: text, Start: lint.Position{Line: 1, Column: 1}, End: lint.Position{Line: 1, Column: 2}},
			Message: text, Subject: text, Anchor: text, Related: []lint.Related{{Message: text, Location: lint.Location{Path: text}}}}
		status := []gate.Status{gate.Blocking, gate.Minor, gate.Waived}[i%3]
		findings = append(findings, gate.Judged{Finding: f, Status: status, Reason: text})
	}
	slices.SortFunc(findings, func(a, b gate.Judged) int { return a.Compare(&b.Finding) })
	verdict := gate.Verdict{Findings: findings, Coverage: gate.Coverage{Files: 1, Documents: map[string]int{"kubernetes": 1}}}
	for _, text := range hostile {
		verdict.Coverage.Failures = append(verdict.Coverage.Failures, lint.Failure{Path: text, Message: text, Rule: text})
		verdict.Coverage.Gaps = append(verdict.Coverage.Gaps, lint.Gap{Location: lint.Location{Path: text}, Message: text})
		verdict.Coverage.Skipped = append(verdict.Coverage.Skipped, lint.Skip{Path: text, Reason: text})
	}
	return Report{Verdict: verdict, Version: "1.0.0", Owners: func(path string) []string { return []string{path} }, AsOf: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Link: "https://git.example.com/"}
}

// A log obeys its lines: each is a command of ours, or the two that count.
func TestNoTextIsACommand(t *testing.T) {
	for format, ours := range map[string]*regexp.Regexp{
		"github": regexp.MustCompile(`^(::(error|warning|notice) (file=[^,:]*,)?(line=1,endLine=1,col=1,endColumn=2,)?title=[^,:]*::[^\r\n]*|and \d+ more: GitHub shows 10 of each sort|policyctl: not checked: .*)$`),
		"azure":  regexp.MustCompile(`^(##vso\[task\.logissue type=(error|warning);(sourcepath=[^;\]]*;)?(linenumber=1;columnnumber=1;)?code=[^;\]]*\][^\r\n]*|policyctl: not checked: .*)$`),
	} {
		text := write(t, format, hostileRun())
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); !ours.MatchString(line) {
				t.Errorf("%s: %q is none of ours", format, line)
			}
			if rest := strings.TrimPrefix(line, "##vso[task.logissue "); strings.Contains(rest, "##vso[") || strings.Contains(rest, "##[") {
				t.Errorf("%s: %q holds another command", format, line)
			}
		}
		if strings.ContainsAny(text, "\x1b\x07\r\u202e\u2028") {
			t.Errorf("%s steers the terminal", format)
		}
	}
}

func TestGitHubCounts(t *testing.T) {
	r := Report{Verdict: gate.Verdict{Coverage: gate.Coverage{Files: 1}}}
	add := func(severity lint.Severity, status gate.Status, n int) {
		for i := range n {
			rule := &lint.Rule{ID: "kubernetes/" + severity.String(), Title: "T", Severity: severity, Tier: lint.Default}
			at := lint.Location{Path: fmt.Sprintf("%02d.yaml", i), Start: lint.Position{Line: 3, Column: 4}, End: lint.Position{Line: 5, Column: 6}}
			r.Verdict.Findings = append(r.Verdict.Findings, gate.Judged{Finding: lint.Finding{Rule: rule, Location: at, Message: severity.String()}, Status: status})
		}
	}
	add(lint.Low, gate.Blocking, 8)
	add(lint.Critical, gate.Blocking, 9)
	add(lint.High, gate.Minor, 11)
	add(lint.Low, gate.Minor, 3)
	add(lint.Critical, gate.Existing, 5)
	r.Verdict.Coverage.Rules = rules(r.Verdict)
	lines := strings.Split(strings.TrimSpace(write(t, "github", r)), "\n")
	counts := map[string]int{}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		counts[name]++
	}
	if diff := cmp.Diff(map[string]int{"::error": 10, "::warning": 10, "::notice": 3, "and": 1, "policyctl:": 1}, counts); diff != "" {
		t.Error(diff)
	}
	if want := "::error file=00.yaml,line=3,endLine=5,title=T::critical [kubernetes/critical]"; lines[0] != want || !strings.Contains(lines[9], "::low ") {
		t.Errorf("the worst comes first, and columns only with one line:\n%s\n%s", lines[0], lines[9])
	}
	if !slices.Contains(lines, "and 8 more: GitHub shows 10 of each sort") {
		t.Error(lines[len(lines)-2])
	}
}

// object is JSON that is looked at as its readers do: by the names of fields.
type object = map[string]any

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestCodeQuality holds the report to what GitLab documents: a place, a severity of five,
// and an identity that no other entry has.
func TestCodeQuality(t *testing.T) {
	twice := hostileRun() // one fingerprint for all
	for _, r := range []Report{known(example()), twice} {
		text := write(t, "gitlab-codequality", r)
		if strings.HasPrefix(text, "\ufeff") {
			t.Error("GitLab takes no byte order mark")
		}
		seen := map[string]bool{}
		entries := decode[[]object](t, text)
		for _, entry := range entries {
			location, _ := entry["location"].(object)
			lines, _ := location["lines"].(object)
			begin, _ := lines["begin"].(float64)
			path, _ := location["path"].(string)
			id, _ := entry["fingerprint"].(string)
			severity, _ := entry["severity"].(string)
			if entry["description"] == "" || entry["check_name"] == "" || path == "" || begin < 1 || begin != float64(int(begin)) {
				t.Errorf("an entry lacks something: %v", entry)
			}
			if !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, severity) {
				t.Errorf("severity %q", severity)
			}
			if id == "" && len(r.Secrets) > 0 || seen[id] {
				t.Errorf("the fingerprint %q is there twice, or empty", id)
			}
			seen[id] = true
		}
		if len(entries) < 8 {
			t.Errorf("only %d entries", len(entries))
		}
	}
}

// TestSecretDetection holds the report to the parts of GitLab's schema 15.2.1 that it uses.
func TestSecretDetection(t *testing.T) {
	text := write(t, "gitlab-secret-detection", known(example()))
	report := decode[object](t, text)
	requires(t, report, "version", "scan", "vulnerabilities")
	scan := report["scan"].(object)
	requires(t, scan, "analyzer", "scanner", "start_time", "end_time", "status", "type")
	for _, name := range []string{"analyzer", "scanner"} {
		tool := scan[name].(object)
		requires(t, tool, "id", "name", "version", "vendor")
		requires(t, tool["vendor"].(object), "name")
	}
	moment := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	if !moment.MatchString(scan["start_time"].(string)) || !moment.MatchString(scan["end_time"].(string)) || scan["type"] != "secret_detection" || scan["status"] != "success" {
		t.Errorf("scan: %v", scan)
	}
	found := report["vulnerabilities"].([]any)
	if len(found) != 2 {
		t.Errorf("%d findings, want the two credentials and nothing else", len(found))
	}
	ids := map[any]bool{}
	for _, entry := range found {
		v := entry.(object)
		requires(t, v, "id", "identifiers", "location")
		location := v["location"].(object)
		requires(t, location, "file", "commit")
		requires(t, location["commit"].(object), "sha")
		identifiers := v["identifiers"].([]any)
		if len(identifiers) == 0 {
			t.Error("no identifier")
		}
		for _, identifier := range identifiers {
			requires(t, identifier.(object), "type", "name", "value")
		}
		if !slices.Contains([]any{"Info", "Unknown", "Low", "Medium", "High", "Critical"}, v["severity"]) || len(v["name"].(string)) > 255 {
			t.Errorf("severity %v, name %v", v["severity"], v["name"])
		}
		if _, has := v["raw_source_code_extract"]; has {
			t.Error("GitLab would store the source code as it is")
		}
		ids[v["id"]] = true
	}
	if len(ids) != len(found) {
		t.Error("two findings have one id")
	}
	failed := example()
	failed.Verdict.Coverage.Failures = []lint.Failure{{Message: "the index of git cannot be read"}}
	if scan := decode[object](t, write(t, "gitlab-secret-detection", failed))["scan"].(object); scan["status"] != "failure" {
		t.Errorf("a run that could not check has the status %v", scan["status"])
	}
}

func requires(t *testing.T, o object, fields ...string) {
	t.Helper()
	for _, field := range fields {
		if value, has := o[field]; !has || value == "" || value == nil {
			t.Errorf("the field %q is missing or empty in %v", field, o)
		}
	}
}

func TestBitbucket(t *testing.T) {
	r := many(1500)
	b := decode[bitbucket](t, write(t, "bitbucket", r))
	if len(b.Annotations) != mostAnnotations || !strings.Contains(b.Report.Details, "508 are not annotated") || b.Report.Result != "FAILED" || len(b.Report.Data) > 10 {
		t.Errorf("%d annotations, %+v", len(b.Annotations), b.Report)
	}
	seen := map[string]bool{}
	for _, a := range b.Annotations {
		if seen[a.ExternalID] || len([]rune(a.Summary)) > bitbucketSummary || !slices.Contains([]string{"LOW", "MEDIUM", "HIGH", "CRITICAL"}, a.Severity) {
			t.Fatalf("%+v", a)
		}
		seen[a.ExternalID] = true
	}
	if clean := decode[bitbucket](t, write(t, "bitbucket", Report{Verdict: gate.Verdict{Coverage: gate.Coverage{Files: 1, Rules: []*lint.Rule{root}}}})); clean.Report.Result != "PASSED" {
		t.Errorf("a clean run has %s", clean.Report.Result)
	}
}

func TestXMLIsWellFormed(t *testing.T) {
	for _, format := range []string{"junit", "checkstyle"} {
		for _, r := range []Report{known(example()), hostileRun()} {
			decoder := xml.NewDecoder(strings.NewReader(write(t, format, r)))
			elements := map[string]int{}
			for {
				token, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", format, err)
				}
				if start, is := token.(xml.StartElement); is {
					elements[start.Name.Local]++
				}
			}
			open, failures := r.Verdict.Count(gate.Blocking), len(r.Verdict.Coverage.Obstacles())
			if n := elements["failure"]; format == "junit" && (n != open || elements["error"] != failures) {
				t.Errorf("%d failures and %d errors in JUnit, want %d and %d", n, elements["error"], open, failures)
			}
			if n := elements["error"]; format == "checkstyle" && n != open+r.Verdict.Count(gate.Minor)+failures {
				t.Errorf("%d errors in Checkstyle", n)
			}
			if elements["script"]+elements["img"] > 0 {
				t.Errorf("%s: %v", format, elements)
			}
		}
	}
}

func TestJUnitCounts(t *testing.T) {
	var all junitSuites
	if err := xml.Unmarshal([]byte(write(t, "junit", known(example()))), &all); err != nil {
		t.Fatal(err)
	}
	cases, failures := 0, 0
	for _, s := range all.Suites {
		cases, failures = cases+len(s.Cases), failures+s.Failures
		if s.Tests != len(s.Cases) {
			t.Errorf("suite %s counts %d tests and has %d", s.Name, s.Tests, len(s.Cases))
		}
	}
	if all.Tests != cases || all.Failures != failures || failures != 7 {
		t.Errorf("%d of %d tests, %d of %d failures", all.Tests, cases, all.Failures, failures)
	}
}

func TestCSVRunsNothing(t *testing.T) {
	text := write(t, "csv", hostileRun())
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 2+2*len(hostile) { // and one that no rule was there
		t.Errorf("%d lines", len(records))
	}
	for _, record := range records {
		for _, cell := range record {
			if start := strings.TrimLeft(cell, " "); start != "" && strings.ContainsRune("=+-@\t\r\n", rune(start[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

// What is left of a text in Markdown may be neither a tag, nor a link, nor a mention, nor
// the end of a cell.
func TestMarkdownDrawsNothing(t *testing.T) {
	text := write(t, "markdown", hostileRun())
	ours := regexp.MustCompile(`</?(?:details|summary)>|\]\(<https://git\.example\.com/[^<> ]*>\)`)
	rest := ours.ReplaceAllString(text, "")
	for _, wrong := range []string{"<", "://", "www.", "\x1b", "\u202e"} {
		if at := strings.Index(rest, wrong); at >= 0 {
			t.Errorf("%q is left: %q", wrong, rest[max(0, at-40):min(len(rest), at+40)])
		}
	}
	if regexp.MustCompile(`@[A-Za-z]`).MatchString(rest) {
		t.Error("somebody is mentioned")
	}
	for line := range strings.Lines(text) {
		if cells := len(regexp.MustCompile(`(^|[^\\])\|`).FindAllString(line, -1)); strings.HasPrefix(line, "| ") && cells != 5 {
			t.Errorf("%d bars: %q", cells, line)
		}
	}
	if n := len(write(t, "markdown", many(5000))); n > mostMarkdown {
		t.Errorf("%d bytes", n)
	}
}

// many has so many findings of usual length.
func many(n int) Report {
	r := known(example())
	for i := range n {
		severity := []lint.Severity{lint.Low, lint.Medium, lint.High, lint.Critical}[i%4]
		rule := &lint.Rule{ID: fmt.Sprintf("kubernetes/rule-of-severity-%s-%d", severity, i%40), Title: "Container runs as the root of its node", Severity: severity, Tier: lint.Default,
			Description: "A container that does can read every secret of its node, those of other pods included.", Fix: "Set securityContext.runAsNonRoot to true."}
		f := lint.Finding{Rule: rule, Message: fmt.Sprintf(`container "worker-%d" of Deployment/shop/worker-%d runs as root of its node`, i, i),
			Location: lint.Location{Path: fmt.Sprintf("deploy/environments/production/shop/worker-%d.yaml", i), Start: lint.Position{Line: i + 1, Column: 11}, End: lint.Position{Line: i + 1, Column: 19}}}
		f.Fingerprint = digest(f.Message)
		r.Verdict.Findings = append(r.Verdict.Findings, gate.Judged{Finding: f, Status: gate.Blocking})
	}
	slices.SortFunc(r.Verdict.Findings, func(a, b gate.Judged) int { return a.Compare(&b.Finding) })
	r.Owners = func(string) []string { return []string{"@acme/platform-engineering"} }
	return r
}

func TestHTMLSize(t *testing.T) {
	r := many(5000 - len(example().Verdict.Findings))
	text := write(t, "html", r)
	if n := len(text); n > 2<<20 {
		t.Errorf("5,000 findings take %d bytes", n)
	}
	if n := strings.Count(text, `<tr class="f">`); n != 5000 || strings.Contains(text, "are left out") {
		t.Errorf("%d findings are shown", n)
	}
	text = write(t, "html", many(6000))
	if n := strings.Count(text, `<tr class="f">`); n != 5000 || !strings.Contains(text, "Only the first 5000 findings are shown, the worst first. 1011 more are left out") {
		t.Errorf("%d findings are shown, or it does not say so", n)
	}
	if n := strings.Count(text, `<td>blocking<td class="low">`); n == 0 || n > 500 {
		t.Error("the worst are not those that are kept")
	}
}

// The page runs its own script and no other, loads nothing, and links nowhere but to what
// is a page.
func TestHTMLIsSealed(t *testing.T) {
	text := write(t, "html", hostileRun())
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil {
		t.Fatal("no policy")
	}
	got := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy[1])
	want := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hashOf(between(t, text, "<style>", "</style>")), hashOf(between(t, text, "<script>", "</script>")))
	if got != want {
		t.Errorf("policy %s\nwant   %s", got, want)
	}
	for _, once := range []string{"<script", "</script", "<style", "</style", "<h1", "<main"} {
		if n := strings.Count(text, once); n != 1 {
			t.Errorf("%s is there %d times", once, n)
		}
	}
	if found := regexp.MustCompile(`(?i)<(?:img|iframe|link|object|embed|base|form[^>]*action)|\son[a-z]+=\s*["']|\sstyle=|(?:href|src)="(?:javascript|data|vbscript):`).FindString(strings.Replace(text, between(t, text, "<script>", "</script>"), "", 1)); found != "" {
		t.Errorf("the page has %q", found)
	}
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Error("a character that steers is left")
	}
}

func between(t *testing.T, text, start, end string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, start)
	inner, _, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("no %s", start)
	}
	return inner
}

func TestHTMLTrend(t *testing.T) {
	r, before, first := many(4), many(3), many(0)
	before.AsOf, first.AsOf = before.AsOf.AddDate(0, -1, 0), before.AsOf.AddDate(0, -2, 0)
	before.Verdict.Findings = slices.DeleteFunc(before.Verdict.Findings, func(f gate.Judged) bool { return strings.Contains(f.Message, "worker-1") })
	fixed := before.Verdict.Findings[0]
	fixed.Message, fixed.Fingerprint = "mended since", digest("mended")
	before.Verdict.Findings = append(before.Verdict.Findings, fixed)
	r.Earlier = []Report{first, before}
	text := write(t, "html", r)
	if !strings.Contains(text, "2 new, 1 fixed since 2026-12-10") {
		t.Error("the page does not say what changed")
	}
	if !strings.Contains(text, "From 8 open findings, 7 of them blocking, to 12, 11 of them blocking.") {
		t.Error(between(t, text, `<section id="trend"`, "</section>"))
	}
}

// GitHub refuses SARIF of more than 10 MB, and takes 5,000 results of a run.
func TestSARIFLimits(t *testing.T) {
	r := many(6000)
	for i := range r.Verdict.Findings {
		r.Verdict.Findings[i].Related = []lint.Related{{Message: "the contract", Location: r.Verdict.Findings[i].Location}}
	}
	text := write(t, "sarif", r)
	log := decode[sarifLog](t, text)
	results := log.Runs[0].Results
	if len(results) != maxResults {
		t.Errorf("%d results", len(results))
	}
	for _, result := range results {
		if result.Level == "note" && !strings.Contains(result.RuleID, "low") {
			t.Fatal(result.RuleID)
		}
	}
	if n := strings.Count(text, `"level": "note"`); n > 600 { // 1,500 are low, and 1,000 and some are left out
		t.Errorf("%d notes are kept: the least severe are to be left out", n)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	if packed.Len() > 10<<20 {
		t.Errorf("%d bytes", packed.Len())
	}
	for _, rule := range log.Runs[0].Tool.Driver.Rules {
		if len(rule.Properties.Tags) > 10 || len(rule.Name) > 255 || len([]rune(rule.ShortDescription.Text)) > 1024 || len([]rune(rule.FullDescription.Text)) > 1024 {
			t.Errorf("rule %s is over a limit", rule.ID)
		}
	}
}
