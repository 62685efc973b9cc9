package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/reports"
)

const (
	head  = "1111111111111111111111111111111111111111"
	merge = "2222222222222222222222222222222222222222"
	base  = "/repos/acme/shop"
)

var (
	privileged = &lint.Rule{ID: "kubernetes/privileged-container", Title: "Container runs privileged", Severity: lint.High, Tier: lint.Default,
		Description: "A privileged container can read every secret of its node.", Fix: "Remove securityContext.privileged."}
	password = &lint.Rule{ID: "secret/url-password", Title: "Password in a URL", Severity: lint.Critical, Tier: lint.Default,
		Description: "A URL is logged by everything that it passes.", Fix: "Revoke the password."}
	loose = &lint.Rule{ID: "pipeline/loose-permissions", Title: "Too many permissions", Severity: lint.Low, Tier: lint.Default,
		Description: "Whoever runs may write.", Fix: "Name what is needed."}
)

const patch = "@@ -1,4 +1,6 @@ kind: Pod\n" +
	" apiVersion: v1\n" +
	"-kind: Job\n" +
	"+kind: Pod\n" +
	"+      privileged: true\n" +
	" spec:\n" +
	"+  url: postgres\n" +
	" done: yes\n" +
	"@@ -20,2 +22,2 @@\n" +
	" twenty-two\n" +
	"-old\n" +
	"+twenty-three\n" +
	"\\ No newline at end of file"

// finding is one at a place of deploy/pod.yaml: line, column to line, column.
func finding(rule *lint.Rule, status gate.Status, at ...int) gate.Judged {
	l := lint.Location{Path: "deploy/pod.yaml", Start: lint.Position{Line: at[0], Column: at[1]}, End: lint.Position{Line: at[2], Column: at[3]}}
	return gate.Judged{Status: status, Finding: lint.Finding{Rule: rule, Location: l, Message: "container web is wrong", Anchor: fmt.Sprint(at)}}
}

// post gives a post of findings, each with its fingerprint.
func post(findings ...gate.Judged) Post {
	plain := make([]lint.Finding, len(findings))
	for i := range findings {
		plain[i] = findings[i].Finding
		if plain[i].Fingerprint == "" {
			plain[i].Fingerprint = digest(fmt.Sprint(i), plain[i].Location.String(), plain[i].Rule.ID)
		}
		findings[i].Finding = plain[i]
	}
	return Post{Category: "policyctl", Report: reports.Report{Verdict: gate.Verdict{
		Findings: findings, Coverage: gate.Coverage{Files: 3, Rules: []*lint.Rule{privileged}},
	}}}
}

func blocked() Post {
	return post(
		finding(privileged, gate.Blocking, 3, 19, 3, 23),
		finding(loose, gate.Minor, 12, 1, 12, 5),
		finding(password, gate.Waived, 5, 3, 5, 9),
	)
}

// event gives the payload of an event of testdata.
func payload(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/event/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// target is what a workflow of an event knows.
func target(t *testing.T, event string) Target {
	t.Helper()
	name, _, _ := strings.Cut(event, ".")
	known := Target{Event: name, SHA: merge, Ref: "refs/pull/7/merge", Run: "42.1", Server: "https://github.example"}
	if name != "pull_request" {
		known.Ref = "refs/heads/main"
	}
	got, err := NewTarget(known, "acme/shop", payload(t, event))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// pullRequest tells the server of pull request 7.
func (s *server) pullRequest() {
	pull := map[string]any{"number": 7, "state": "open", "head": map[string]any{"sha": head}, "merge_commit_sha": merge}
	s.answers["GET "+base+"/pulls/7"] = pull
	s.answers["GET "+base+"/pulls"] = []any{map[string]any{"number": 6, "head": map[string]any{"sha": merge}}, pull}
	s.answers["GET "+base+"/pulls/7/files"] = []map[string]any{
		{"filename": "deploy/pod.yaml", "status": "modified", "patch": patch},
		{"filename": "deploy/logo.png", "status": "added"},
		{"filename": "deploy/new.yaml", "previous_filename": "deploy/old.yaml", "status": "renamed"},
		{"filename": "gone.yaml", "status": "removed", "patch": "@@ -1 +0,0 @@\n-a: 1"},
	}
}

func text(value any) string { s, _ := value.(string); return s }

func TestReview(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	c, _ := s.client()
	p := blocked()
	said, err := c.Review(context.Background(), target(t, "pull_request"), p)
	if err != nil || !strings.Contains(said, "1 comment") {
		t.Fatalf("said %q, %v", said, err)
	}
	review := s.reviews[0]
	if review["event"] != "COMMENT" || review["commit_id"] != head {
		t.Errorf("event %v of %v", review["event"], review["commit_id"])
	}
	comment := s.comments[0]
	if comment["path"] != "deploy/pod.yaml" || comment["line"] != 3.0 || comment["side"] != "RIGHT" || comment["start_line"] != nil {
		t.Errorf("the comment stands at %v", comment)
	}
	if !strings.Contains(text(comment["body"]), "<!-- policyctl:"+p.Verdict.Findings[0].Fingerprint+" -->") {
		t.Errorf("no marker in %s", comment["body"])
	}
	// What the pull request does not show is in the body, what was accepted nowhere.
	body := text(review["body"])
	if !strings.Contains(body, "deploy/pod.yaml:12:1") || !strings.Contains(body, "blocked: 1 finding") || strings.Contains(body, password.ID) {
		t.Errorf("body: %s", body)
	}
	// Once more, nothing is new.
	said, err = c.Review(context.Background(), target(t, "pull_request"), p)
	if err != nil || len(s.reviews) != 1 || !strings.Contains(said, "already") {
		t.Errorf("said %q, %v, %d reviews", said, err, len(s.reviews))
	}
	// What comes later is said, and nothing twice.
	p = blocked()
	p.Verdict.Findings = append(p.Verdict.Findings, post(finding(password, gate.Blocking, 2, 1, 3, 8)).Verdict.Findings...)
	if _, err = c.Review(context.Background(), target(t, "pull_request"), p); err != nil || len(s.comments) != 2 {
		t.Fatalf("%v, %d comments", err, len(s.comments))
	}
	if later := s.comments[1]; later["start_line"] != 2.0 || later["line"] != 3.0 || later["start_side"] != "RIGHT" {
		t.Errorf("the comment stands at %v", later)
	}
}

// A marker of somebody else does not keep us silent.
func TestReviewForgedMarker(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	p := blocked()
	for i := range p.Verdict.Findings {
		forged := map[string]any{"id": 100 + i, "line": 3, "body": marker(p.identity(&p.Verdict.Findings[i])), "user": map[string]any{"login": "mallory", "type": "User", "id": 9}}
		s.comments, s.notes = append(s.comments, forged), append(s.notes, forged)
		s.reviews = append(s.reviews, forged)
	}
	c, _ := s.client()
	if _, err := c.Review(context.Background(), target(t, "pull_request"), p); err != nil || len(s.comments) != 4 {
		t.Errorf("%v, %d comments", err, len(s.comments))
	}
}

// 5,000 findings give 20 comments and one body, and then nothing.
func TestReviewMany(t *testing.T) {
	var many []gate.Judged
	for i := range 5000 {
		f := finding(privileged, gate.Blocking, 3, 1, 3, 5)
		f.Anchor, f.Message = strconv.Itoa(i), strings.Repeat("very long ", 10_000)[:100+i]
		if i%2 == 0 {
			f.Location.Start.Line, f.Location.End.Line = 100+i, 100+i
		}
		many = append(many, f)
	}
	s := newServer(t)
	s.pullRequest()
	c, _ := s.client()
	for range 2 {
		if _, err := c.Review(context.Background(), target(t, "pull_request"), post(slices.Clone(many)...)); err != nil {
			t.Fatal(err)
		}
		if len(s.reviews) != 1 || len(s.comments) != maxComments || len(text(s.reviews[0]["body"])) > 65_535 {
			t.Fatalf("%d reviews, %d comments", len(s.reviews), len(s.comments))
		}
	}
	body := text(s.reviews[0]["body"])
	listed := strings.Count(body, "\n- [")
	if want := fmt.Sprintf("\n- and %d more\n", 5000-maxComments-listed); listed < 20 || !strings.Contains(body, want) {
		t.Errorf("the body lists %d, and does not say%q", listed, want)
	}
}

func TestReviewLineNotInDiff(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	s.faults["POST "+base+"/pulls/7/reviews"] = []fault{fail(422, "Unprocessable Entity", nil, "Pull request review thread line must be part of the diff")}
	c, _ := s.client()
	if _, err := c.Review(context.Background(), target(t, "pull_request"), blocked()); err != nil || len(s.comments) != 0 || len(s.reviews) != 1 {
		t.Fatalf("%v, %d comments, %d reviews", err, len(s.comments), len(s.reviews))
	}
	if body := text(s.reviews[0]["body"]); !strings.Contains(body, "deploy/pod.yaml:3:19") {
		t.Errorf("the finding is lost: %s", body)
	}
}

// Lines of a merge that stand elsewhere in the pull request get no comment.
func TestReviewOfOtherLines(t *testing.T) {
	other := func(at lint.Location) *lint.Source {
		return &lint.Source{Path: at.Path, Data: []byte("a\nb\nanother line\n")}
	}
	equal := func(at lint.Location) *lint.Source {
		return &lint.Source{Path: at.Path, Data: []byte("a\nb\n      privileged: true\n")}
	}
	none := func(lint.Location) *lint.Source { return nil }
	tests := []struct {
		name, commit string
		source       func(lint.Location) *lint.Source
		comments     int
	}{
		{"the same line", merge, equal, 1},
		{"another line", merge, other, 0},
		{"a merge whose files are not at hand", merge, none, 0},
		{"a merge, without files", merge, nil, 0},
		{"the commit itself", head, other, 1},
		{"no commit is named, without files", "", nil, 1},
		{"no commit is named, another line", "", other, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			s.pullRequest()
			c, _ := s.client()
			p := blocked()
			p.Commit, p.Source = test.commit, test.source
			if _, err := c.Review(context.Background(), target(t, "pull_request"), p); err != nil || len(s.comments) != test.comments {
				t.Errorf("%v, %d comments, want %d", err, len(s.comments), test.comments)
			}
		})
	}
}

// A check run stands for the commit that was checked, and for no other.
func TestCheckRunOfOtherCommit(t *testing.T) {
	tests := []struct {
		event, commit string
		posted        bool
	}{
		{"pull_request", head, true},
		{"pull_request", merge, true},
		{"pull_request", strings.Repeat("3", 40), false},
		{"push", merge, true},
		{"push", head, false},
		{"pull_request_target.fork", head, true},
		{"pull_request_target.fork", merge, false},
		{"workflow_run.fork", head, false},
	}
	for _, test := range tests {
		t.Run(test.event, func(t *testing.T) {
			s := newServer(t)
			c, _ := s.client()
			p := blocked()
			p.Commit = test.commit
			_, err := c.CheckRun(context.Background(), target(t, test.event), p)
			if test.event == "pull_request_target.fork" {
				s.pullRequest()
				if _, err := c.Review(context.Background(), target(t, test.event), p); errors.As(err, new(Skip)) == test.posted || len(s.reviews) > 0 != test.posted {
					t.Errorf("a review at %s: %v", test.commit, err)
				}
			}
			if skipped := errors.As(err, new(Skip)); err != nil && !skipped || skipped == test.posted || len(s.checks) > 0 != test.posted {
				t.Errorf("at %s: %v", test.commit, err)
			}
		})
	}
}

func TestSuggestion(t *testing.T) {
	replace := func(text string, at ...int) *lint.Fix {
		return &lint.Fix{Op: "replace", Location: finding(privileged, gate.Blocking, at...).Location, Replacement: &text}
	}
	tests := []struct {
		name string
		fix  *lint.Fix
		want string // of the block, or none
	}{
		{"a value", replace("false", 3, 19, 3, 23), "\n```suggestion\n      privileged: false\n```\n"},
		{"a line goes away", replace("", 3, 1, 4, 1), "\n```suggestion\n```\n"},
		{"two lines become one", replace("kind: Pod # one", 2, 1, 3, 23), "\n```suggestion\nkind: Pod # one\n```\n"},
		{"a line is added", replace("\n      readOnly: true", 3, 23, 3, 23), "\n```suggestion\n      privileged: true\n      readOnly: true\n```\n"},
		{"a fence in the text", replace("```", 3, 19, 3, 23), "\n````suggestion\n      privileged: ```\n````\n"},
		{"the line behind would be joined", replace("x", 3, 19, 4, 1), ""},
		{"no change", replace("true", 3, 19, 3, 23), ""},
		{"not to the letter", &lint.Fix{Op: "remove", Location: finding(privileged, gate.Blocking, 3, 19, 3, 23).Location}, ""},
		{"lines that are not shown", replace("x", 10, 1, 10, 2), ""},
		{"over the end of a hunk", replace("x", 6, 1, 22, 2), ""},
		{"a column behind the line", replace("x", 3, 90, 3, 95), ""},
		{"what nobody sees", replace("fal\u202ese", 3, 19, 3, 23), ""},
		{"a credential", replace("planted-credential", 3, 19, 3, 23), ""},
		{"a credential beside it", replace("x", 5, 1, 5, 3), ""},
		{"a credential that goes away", replace("$URL", 5, 8, 5, 16), "\n```suggestion\n  url: $URL\n```\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := finding(privileged, gate.Blocking, 3, 19, 3, 23)
			f.Fix = test.fix
			p := post(f, finding(password, gate.Existing, 5, 8, 5, 16))
			p.Redact = func(text string) string { return strings.ReplaceAll(text, "planted-credential", "[REDACTED]") }
			comment := p.comment(&p.Verdict.Findings[0], view{diff: diff{"deploy/pod.yaml": readPatch(patch)}, certain: true})
			_, got, _ := strings.Cut(comment.GetBody(), privileged.Fix[:6])
			_, got, _ = strings.Cut(got, ".\n")
			got, _, _ = strings.Cut(got, "\n<!--")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if strings.Contains(comment.GetBody(), "planted-credential") {
				t.Error("the comment holds a credential")
			}
		})
	}
}

func TestReadPatch(t *testing.T) {
	tests := []struct {
		name, patch string
		want        map[int]string
	}{
		{"none", "", map[int]string{}},
		{"a file that is new", "@@ -0,0 +1,2 @@\n+a\n+b", map[int]string{1: "a", 2: "b"}},
		{"one line", "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file", map[int]string{1: "b"}},
		{"a file that goes away", "@@ -1,2 +0,0 @@\n-a\n-b", map[int]string{}},
		{"it is cut", "@@ -1,9 +1,9 @@\n a\n+b", map[int]string{1: "a", 2: "b"}},
		{"more lines than it says", "@@ -1,1 +1,1 @@\n a\n+b", map[int]string{1: "a"}},
		{"lines like a header", "@@ -1,2 +1,3 @@\n @@ -5 +5 @@\n+@@ -7,1 +9,1 @@\n x", map[int]string{1: "@@ -5 +5 @@", 2: "@@ -7,1 +9,1 @@", 3: "x"}},
		{"no patch at all", "Binary files differ", map[int]string{}},
		{"a number that is none", "@@ -1 +99999999999999999999 @@\n+a", map[int]string{0: "a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := readPatch(test.patch)
			for n, want := range test.want {
				if got[n].text != want {
					t.Errorf("line %d is %q, want %q", n, got[n].text, want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func FuzzReadPatch(f *testing.F) {
	f.Add(patch, 3, 1, 3, 4, "x\ny")
	f.Add("@@ -1 +1 @@\n+é\xff🔑", 1, 2, 2, 1, "")
	f.Fuzz(func(t *testing.T, patch string, line, column, toLine, toColumn int, text string) {
		at := lint.Location{Path: "a", Start: lint.Position{Line: line, Column: column}, End: lint.Position{Line: toLine, Column: toColumn}}
		lines := view{diff: diff{"a": readPatch(patch)}, certain: true}.lines(at)
		if lines == nil {
			return
		}
		after, ok := replaced(lines, at, text)
		if !ok {
			return
		}
		if got := strings.Join(after, "\n"); !strings.Contains(got+"\n", text) {
			t.Errorf("%q is not in %q", text, got)
		}
		before, _ := cut(lines[0].text, column)
		if len(after) > 0 && !strings.HasPrefix(after[0], before) {
			t.Errorf("%q does not begin with %q", after[0], before)
		}
	})
}

func TestCheckRun(t *testing.T) {
	tests := []struct {
		name       string
		post       func() Post
		conclusion string
	}{
		{"passed", func() Post { return post() }, "success"},
		{"passed with minor ones", func() Post { return post(finding(loose, gate.Minor, 1, 1, 1, 2)) }, "success"},
		{"blocked", blocked, "failure"},
		{"not checked", func() Post {
			p := post()
			p.Verdict.Coverage.Failures = []lint.Failure{{Path: "a.yaml", Message: "is too large"}}
			return p
		}, "failure"},
		{"no file", func() Post { p := post(); p.Verdict.Coverage.Files = 0; return p }, "failure"},
		{"blocked, to warn only", func() Post { p := blocked(); p.WarnOnly = true; return p }, "neutral"},
		{"not checked, to warn only", func() Post { p := post(); p.WarnOnly = true; p.Verdict.Coverage.Rules = nil; return p }, "failure"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := s.client()
			if _, err := c.CheckRun(context.Background(), target(t, "pull_request"), test.post()); err != nil {
				t.Fatal(err)
			}
			if run := s.checks[0]; run["conclusion"] != test.conclusion || run["head_sha"] != head || run["name"] != "policyctl" {
				t.Errorf("%v of %v, want %s", run["conclusion"], run["head_sha"], test.conclusion)
			}
		})
	}
}

func many(n int) Post {
	var all []gate.Judged
	for i := range n {
		f := finding(privileged, gate.Blocking, i+1, 1, i+1+i%2, 5)
		f.Message = strings.Repeat("x", i)
		all = append(all, f)
	}
	return post(all...)
}

func TestCheckRunInBatches(t *testing.T) {
	s := newServer(t)
	c, _ := s.client()
	if _, err := c.CheckRun(context.Background(), target(t, "push"), many(120)); err != nil {
		t.Fatal(err)
	}
	if got := len(list(s.checks[0]["annotations"])); got != 120 || s.count("PATCH") != 2 {
		t.Errorf("%d annotations in %d updates", got, s.count("PATCH"))
	}
	if _, err := c.CheckRun(context.Background(), Target{Owner: "acme", Name: "shop", Head: merge}, many(5000)); err != nil {
		t.Fatal(err)
	}
	if got := len(list(s.checks[1]["annotations"])); got != maxAnnotated {
		t.Errorf("%d annotations", got)
	}
}

// The verdict is there though the rest of the annotations is not, and an answer
// that is lost makes nothing twice.
func TestCheckRunFaults(t *testing.T) {
	s := newServer(t)
	c, _ := s.client()
	s.faults["POST "+base+"/check-runs"] = []fault{lost}
	s.faults["PATCH "+base+"/check-runs/1"] = []fault{lost}
	if _, err := c.CheckRun(context.Background(), target(t, "push"), many(120)); err != nil {
		t.Fatal(err)
	}
	if got := len(list(s.checks[0]["annotations"])); len(s.checks) != 1 || got != 120 {
		t.Errorf("%d check runs, %d annotations", len(s.checks), got)
	}
	s = newServer(t)
	c, _ = s.client()
	s.faults["PATCH "+base+"/check-runs/1"] = []fault{fail(502, "Bad Gateway", nil), fail(502, "Bad Gateway", nil), fail(502, "Bad Gateway", nil)}
	if _, err := c.CheckRun(context.Background(), target(t, "push"), many(120)); err == nil {
		t.Error("no error")
	}
	if s.checks[0]["conclusion"] != "failure" {
		t.Errorf("the conclusion is %v", s.checks[0]["conclusion"])
	}
}

func TestComment(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	c, _ := s.client()
	say := func(p Post) {
		t.Helper()
		if _, err := c.Comment(context.Background(), target(t, "pull_request"), p); err != nil {
			t.Fatal(err)
		}
	}
	say(post())
	if len(s.notes) != 0 {
		t.Fatal("a comment that says nothing")
	}
	say(blocked())
	say(blocked())
	if len(s.notes) != 1 || s.count("PATCH") != 0 || !strings.Contains(text(s.notes[0]["body"]), "blocked") {
		t.Fatalf("%d comments, %d updates: %v", len(s.notes), s.count("PATCH"), s.notes)
	}
	other := blocked()
	other.Category = "policyctl/other"
	say(other)
	say(post())
	if len(s.notes) != 2 || s.count("PATCH") != 1 || !strings.Contains(text(s.notes[0]["body"]), "passed") {
		t.Errorf("%d comments, %d updates: %v", len(s.notes), s.count("PATCH"), s.notes)
	}
}

// What a change makes of the gate is said where people look at it.
func TestCommentOnGate(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	c, _ := s.client()
	p := blocked()
	p.Verdict.Settings = gate.Settings{Base: merge, Trusted: true, Changed: []string{".policyctl/waivers.yaml", "a`@acme"}, Then: 4}
	if _, err := c.Comment(context.Background(), target(t, "pull_request"), p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"alters the gate", "- ` .policyctl/waivers.yaml `", "- `` a`@acme ``", "By its settings 4 would block."} {
		if !strings.Contains(text(s.notes[0]["body"]), want) {
			t.Errorf("%q is not in %s", want, s.notes[0]["body"])
		}
	}
}

const sarif = `{"version": "2.1.0", "runs": [{"automationDetails": {"id": "policyctl/"}, "results": [{"n": 1.0, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b/pod.yaml", "uriBaseId": "%SRCROOT%"}}}]}]}]}`

func TestUpload(t *testing.T) {
	s := newServer(t)
	c, _ := s.client()
	s.states = []map[string]any{{"processing_status": "pending"}, {"processing_status": "pending"}}
	s.faults["GET "+base+"/code-scanning/sarifs/47177e22-5596-11eb-80a1-c1e54ef945c6"] = []fault{fail(404, "Not Found", nil)}
	if _, err := c.Upload(context.Background(), target(t, "pull_request"), Post{Category: "policyctl/pay"}, "services/p y", []byte(sarif)); err != nil {
		t.Fatal(err)
	}
	if s.sarif["commit_sha"] != merge || s.sarif["ref"] != "refs/pull/7/merge" {
		t.Errorf("%v of %v", s.sarif["ref"], s.sarif["commit_sha"])
	}
	packed, err := base64.StdEncoding.DecodeString(text(s.sarif["sarif"]))
	if err != nil {
		t.Fatal(err)
	}
	unzip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Runs []struct {
			AutomationDetails struct{ ID string }
			Results           []struct {
				N         json.Number
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.NewDecoder(unzip).Decode(&got); err != nil {
		t.Fatal(err)
	}
	result := got.Runs[0].Results[0]
	if uri := result.Locations[0].PhysicalLocation.ArtifactLocation.URI; got.Runs[0].AutomationDetails.ID != "policyctl/pay/" || uri != "services/p%20y/a%20b/pod.yaml" || result.N != "1.0" {
		t.Errorf("uploaded %+v", got)
	}
}

func TestUploadTrouble(t *testing.T) {
	tests := []struct {
		name   string
		report string
		fault  fault
		states []map[string]any
		skip   bool
		want   string
	}{
		{"no licence", sarif, fail(403, "Advanced Security must be enabled for this repository to use code scanning.", nil), nil, true, "not enabled"},
		{"no licence by its newer name", sarif, fail(403, "Code Security must be enabled for this repository to use code scanning.", nil), nil, true, "not enabled"},
		{"the token only reads", sarif, fail(403, "Resource not accessible by integration", nil), nil, true, "only read"},
		{"no repository", sarif, fail(404, "Not Found", nil), nil, false, "may not see it"},
		{"too large", sarif, fail(413, "Payload Too Large", nil), nil, false, "413"},
		{"processing failed", sarif, nil, []map[string]any{{"processing_status": "failed", "errors": []string{"rejecting \x1b[31m", "two runs"}}}, false, `rejecting \x1b[31m; two runs`},
		{"it is not done", sarif, nil, slices.Repeat([]map[string]any{{"processing_status": "pending"}}, maxPolls), false, "not processed the report yet"},
		{"no SARIF", `{"version": "1"}`, nil, nil, false, "no SARIF 2.1.0"},
		{"no JSON", `<html>`, nil, nil, false, "no SARIF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := s.client()
			s.states = test.states
			s.faults["POST "+base+"/code-scanning/sarifs"] = []fault{test.fault}
			_, err := c.Upload(context.Background(), target(t, "push"), Post{Category: "policyctl"}, "", []byte(test.report))
			if err == nil || errors.As(err, new(Skip)) != test.skip || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// What may help is tried again, three times at most, and within what anybody
// waits. What it ends in is an error without the token.
func TestFaults(t *testing.T) {
	now := time.Now()
	reset := func(in time.Duration) map[string]string {
		return map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "1000", "X-RateLimit-Reset": strconv.FormatInt(now.Add(in).Unix(), 10)}
	}
	tests := []struct {
		name     string
		faults   []fault
		requests int // of what meets the faults
		waited   time.Duration
		want     string // of the error, or none
	}{
		{"nothing", nil, 1, 0, ""},
		{"bad gateway", []fault{fail(502, "Bad Gateway", nil)}, 2, 2 * time.Second, ""},
		{"unavailable for long", []fault{fail(503, "a", nil), fail(503, "b", nil), fail(503, "c", nil)}, 3, 10 * time.Second, "after 3 tries"},
		{"cut", []fault{cutOff}, 2, 2 * time.Second, ""},
		{"always cut", []fault{cutOff, cutOff, cutOff}, 3, 10 * time.Second, "after 3 tries"},
		{"slow", []fault{slow}, 2, 2 * time.Second, ""},
		{"the answer is lost", []fault{lost}, 1, 2 * time.Second, ""},
		{"HTML of a proxy", []fault{func(w http.ResponseWriter, _ func(http.ResponseWriter)) { fmt.Fprint(w, "<html>") }}, 2, 2 * time.Second, ""},
		{"too many requests", []fault{fail(429, "Too Many Requests", map[string]string{"Retry-After": "7"})}, 2, 7 * time.Second, ""},
		{"the primary limit", []fault{fail(403, "API rate limit exceeded", reset(40*time.Second))}, 2, 41 * time.Second, ""},
		{"the primary limit as 429", []fault{fail(429, "API rate limit exceeded", reset(40*time.Second))}, 2, 41 * time.Second, ""},
		{"the primary limit for long", []fault{fail(403, "API rate limit exceeded", reset(time.Hour))}, 1, 0, "too long"},
		{"the secondary limit", []fault{fail(403, "You have exceeded a secondary rate limit", map[string]string{"Retry-After": "30"})}, 2, 30 * time.Second, ""},
		{"the secondary limit without a word", []fault{fail(403, "You have exceeded a secondary rate limit", nil)}, 2, time.Minute, ""},
		{"the secondary limit again and again", slices.Repeat([]fault{fail(403, "You have exceeded a secondary rate limit", nil)}, 3), 3, 2 * time.Minute, "after 3 tries"},
		{"the secondary limit for long", []fault{fail(403, "You have exceeded a secondary rate limit", map[string]string{"Retry-After": "3600"})}, 1, 0, "too long"},
		{"submitted too quickly", []fault{fail(422, "Validation Failed", nil, map[string]any{"resource": "IssueComment", "code": "custom", "field": "base", "message": "was submitted too quickly"})}, 2, time.Minute, ""},
		{"bad credentials", []fault{fail(401, "Bad credentials", nil)}, 1, 0, "token is not valid"},
		{"it echoes the token", []fault{fail(400, "what is "+testToken+"\n::error::x", nil)}, 1, 0, "[REDACTED] ::error::x"},
		{"read only", []fault{fail(403, "Resource not accessible by integration", nil)}, 1, 0, "only read"},
		{"conflict", []fault{fail(409, "Conflict", nil)}, 1, 0, "409"},
		{"gone", []fault{fail(410, "Issues are disabled", nil)}, 1, 0, "410"},
		{"locked", []fault{fail(403, "Unable to create comment because issue is locked.", nil)}, 1, 0, "locked"},
		{"to another host", []fault{func(w http.ResponseWriter, _ func(http.ResponseWriter)) {
			w.Header().Set("Location", "http://127.0.0.2:1/x")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}}, 2, 2 * time.Second, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			s.pullRequest()
			c, waited := s.client()
			c.Now = func() time.Time { return time.Unix(now.Unix(), 0) }
			if test.name == "slow" {
				c.http.Timeout = 100 * time.Millisecond
			}
			key := "POST " + base + "/issues/7/comments"
			s.faults[key] = test.faults
			_, err := c.Comment(context.Background(), target(t, "pull_request"), blocked())
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %q", err, test.want)
			case err != nil && (strings.Contains(err.Error(), testToken) || strings.Contains(err.Error(), "\n")):
				t.Errorf("the error is %q", err)
			}
			if got := s.count(key); got != test.requests || *waited != test.waited {
				t.Errorf("%d requests, waited %s; want %d, %s", got, *waited, test.requests, test.waited)
			}
			if test.want == "" && test.name != "slow" && len(s.notes) != 1 {
				t.Errorf("%d comments", len(s.notes))
			}
		})
	}
}

// A token that goes elsewhere is a token that somebody else has.
func TestRedirectKeepsToken(t *testing.T) {
	var seen []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header.Get("Authorization")) }))
	defer other.Close()
	s := newServer(t)
	c, _ := s.client()
	move := func(w http.ResponseWriter, _ func(http.ResponseWriter)) {
		w.Header().Set("Location", other.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
	s.faults["POST "+base+"/check-runs"] = []fault{move, move, move}
	_, err := c.CheckRun(context.Background(), target(t, "push"), post())
	if err == nil || !strings.Contains(err.Error(), "redirects to another host") || len(seen) > 0 {
		t.Errorf("%v; the other host saw %d requests", err, len(seen))
	}
}

func TestEnds(t *testing.T) {
	s := newServer(t)
	c, _ := s.client()
	ctx, cancel := context.WithCancel(context.Background())
	s.faults["POST "+base+"/check-runs"] = []fault{func(http.ResponseWriter, func(http.ResponseWriter)) { cancel(); panic(http.ErrAbortHandler) }}
	if _, err := c.CheckRun(ctx, target(t, "push"), post()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNewClient(t *testing.T) {
	tests := []struct{ name, api, token, want string }{
		{"GitHub", "https://api.github.com", "x", ""},
		{"an enterprise server", "https://ghe.example/api/v3/", "x", ""},
		{"the loopback", "http://127.0.0.1:9", "x", ""},
		{"unencrypted", "http://ghe.example/api/v3", "x", "want https"},
		{"a user in it", "https://me:pass@ghe.example", "x", "holds a user"},
		{"a query", "https://ghe.example?x=pass", "x", "has a query"},
		{"no address", "api.github.com", "x", "no URL"},
		{"no token", "https://api.github.com", " \n", "no token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewClient(test.api, test.token)
			if (err == nil) != (test.want == "") || err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "pass")) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// The description notices what GitHub would refuse, and what it would ignore.
func TestDescription(t *testing.T) {
	tests := []struct{ name, operation, body string }{
		{"an event that is none", "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", `{"event": "APPROVED"}`},
		{"a field that is none", "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", `{"event": "COMMENT", "comments": [{"path": "a", "body": "b", "lines": 1}]}`},
		{"a comment without a body", "POST /repos/{owner}/{repo}/issues/{issue_number}/comments", `{}`},
		{"too many annotations", "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", `{"output": {"summary": "", "annotations": [` + strings.Repeat(`{"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"},`, 50) + `{"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}]}}`},
		{"a summary that is too long", "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", `{"output": {"summary": "` + strings.Repeat("x", 65_536) + `"}}`},
		{"a branch for a commit", "POST /repos/{owner}/{repo}/code-scanning/sarifs", `{"commit_sha": "main", "ref": "refs/heads/main", "sarif": ""}`},
		{"a ref that is none", "POST /repos/{owner}/{repo}/code-scanning/sarifs", `{"commit_sha": "` + head + `", "ref": "main", "sarif": ""}`},
	}
	all := operations(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := slices.IndexFunc(all, func(op operation) bool { return op.method+" "+op.template == test.operation })
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if all[i].body.Validate(value) == nil {
				t.Error("it is taken")
			}
		})
	}
}

// Which events what is posted on.
func TestEvents(t *testing.T) {
	tests := []struct {
		event                          string
		review, check, upload, comment bool
	}{
		{"pull_request", true, true, true, true},
		{"pull_request.fork", false, false, false, false},
		{"pull_request_target.fork", false, false, false, false},
		{"workflow_run.fork", true, false, false, true},
		{"workflow_run.push", false, false, false, false},
		{"merge_group", false, true, false, false},
		{"push", false, true, true, false},
		{"schedule", false, true, true, false},
		{"workflow_dispatch", false, true, true, false},
	}
	for _, test := range tests {
		t.Run(test.event, func(t *testing.T) {
			s := newServer(t)
			s.pullRequest()
			c, _ := s.client()
			ctx, at := context.Background(), target(t, test.event)
			for _, done := range []struct {
				name string
				want bool
				call func() (string, error)
			}{
				{"review", test.review, func() (string, error) { return c.Review(ctx, at, blocked()) }},
				{"check", test.check, func() (string, error) { return c.CheckRun(ctx, at, blocked()) }},
				{"upload", test.upload, func() (string, error) { return c.Upload(ctx, at, blocked(), "", []byte(sarif)) }},
				{"comment", test.comment, func() (string, error) { return c.Comment(ctx, at, blocked()) }},
			} {
				before := len(s.requests)
				_, err := done.call()
				if skipped := errors.As(err, new(Skip)); err != nil && !skipped || skipped == done.want {
					t.Errorf("%s: %v", done.name, err)
				}
				if !done.want && len(s.requests) > before {
					t.Errorf("%s was to be skipped, and asked %v", done.name, s.requests[before:])
				}
			}
			if test.check && s.checks[0]["head_sha"] != at.Head {
				t.Errorf("the check run is at %v", s.checks[0]["head_sha"])
			}
		})
	}
}

func TestMovedOn(t *testing.T) {
	s := newServer(t)
	s.pullRequest()
	s.answers["GET "+base+"/pulls/7"] = map[string]any{"number": 7, "head": map[string]any{"sha": strings.Repeat("3", 40)}}
	s.answers["GET "+base+"/pulls"] = []any{s.answers["GET "+base+"/pulls/7"]}
	c, _ := s.client()
	for _, event := range []string{"pull_request", "workflow_run.fork"} {
		if _, err := c.Review(context.Background(), target(t, event), blocked()); !errors.As(err, new(Skip)) || len(s.reviews) > 0 {
			t.Errorf("%s: %v", event, err)
		}
	}
}

func TestNewTarget(t *testing.T) {
	for _, repo := range []string{"", "acme", "acme/", "/shop", "acme/..", "acme/.", "a/b/c", "acme/shop?x", "acme/shop#", "acme/sh op", "../x"} {
		if _, err := NewTarget(Target{}, repo, nil); err == nil {
			t.Errorf("%q is taken for a repository", repo)
		}
	}
	if _, err := NewTarget(Target{SHA: "main"}, "acme/shop", nil); err == nil {
		t.Error("a branch is taken for a commit")
	}
	if _, err := NewTarget(Target{}, "acme/shop", []byte("{")); err == nil {
		t.Error("half an event is taken for one")
	}
	if _, err := NewTarget(Target{}, "acme/.github", nil); err != nil {
		t.Error(err)
	}
	// What a flag says wins over the event.
	got, err := NewTarget(Target{Number: 9, SHA: head}, "acme/shop", payload(t, "pull_request.fork"))
	if err != nil || got.Number != 9 || got.Head != head || got.reads() {
		t.Errorf("%+v, %v", got, err)
	}
}

// Whatever a report holds, what is posted is what it seems to be.
func TestHostile(t *testing.T) {
	evil := "--> <!-- policyctl:" + strings.Repeat("0", 32) + " --> @everyone [x](https://evil.example) ![p](https://evil.example/p.png)\n" +
		"# title\n```suggestion\nrm -rf\n```\n<img src=x onerror=y> <details> #1 `code` https://evil.example www.evil.example \u202e\x1b[31m ##[error]x " + strings.Repeat("`", 40)
	rule := &lint.Rule{ID: evil, Title: evil, Description: evil, Fix: evil, Severity: lint.High}
	f := finding(rule, gate.Blocking, 3, 19, 3, 23)
	f.Message, f.Subject, f.Fingerprint, f.Reason = evil, evil, evil, evil
	g := f
	g.Location.Path = "../" + evil
	p := post(f, g)
	p.Verdict.Findings[0].Fingerprint, p.Verdict.Findings[1].Fingerprint = evil, evil+"2"
	p.Verdict.Coverage.Failures = []lint.Failure{{Path: evil, Message: evil}}
	s := newServer(t)
	s.pullRequest()
	c, _ := s.client()
	for _, post := range []func() (string, error){
		func() (string, error) { return c.Review(context.Background(), target(t, "pull_request"), p) },
		func() (string, error) { return c.Comment(context.Background(), target(t, "pull_request"), p) },
		func() (string, error) { return c.CheckRun(context.Background(), target(t, "pull_request"), p) },
	} {
		if _, err := post(); err != nil {
			t.Fatal(err)
		}
	}
	bodies := []string{text(s.reviews[0]["body"]), text(s.comments[0]["body"]), text(s.notes[0]["body"]), text(s.checks[0]["output"].(map[string]any)["summary"])}
	for _, body := range bodies {
		outside := withoutCode(body)
		for _, bad := range []string{"@everyone", "](https://evil", "<img", "<details>", "\n#", "\n```", "--> @", "://evil", "#1", "\u202e", "\x1b", "##["} {
			if strings.Contains(outside, bad) {
				t.Errorf("%q stands in %s", bad, outside)
			}
		}
		if strings.Contains(outside, strings.Repeat("0", 32)+" -->") {
			t.Errorf("a marker of the report stands in %s", outside)
		}
	}
	// The second place is in no file of the pull request.
	if len(s.comments) != 1 {
		t.Errorf("%d comments", len(s.comments))
	}
}

// withoutCode takes out spans of code, by the rule of CommonMark: a run of
// backticks ends at the next run of the same length.
func withoutCode(text string) string {
	var out strings.Builder
	for text != "" {
		start := strings.IndexByte(text, '`')
		if start < 0 || start > 0 && text[start-1] == '\\' {
			end := max(start+1, 0)
			if start < 0 {
				end = len(text)
			}
			out.WriteString(text[:end])
			text = text[end:]
			continue
		}
		fence := len(text[start:]) - len(strings.TrimLeft(text[start:], "`"))
		out.WriteString(text[:start])
		rest := text[start+fence:]
		end := -1
		for at := 0; at < len(rest); {
			next := strings.IndexByte(rest[at:], '`')
			if next < 0 {
				break
			}
			at += next
			run := len(rest[at:]) - len(strings.TrimLeft(rest[at:], "`"))
			if run == fence {
				end = at
				break
			}
			at += run
		}
		if end < 0 {
			out.WriteString(text[start : start+fence])
			text = rest
			continue
		}
		text = rest[end+fence:]
	}
	return out.String()
}

func TestPostCheck(t *testing.T) {
	for _, category := range []string{"", "a-->b", "a--b", "x\n", "-x", strings.Repeat("x", 101)} {
		if (Post{Category: category}).Check() == nil {
			t.Errorf("%q is taken", category)
		}
	}
	if err := (Post{Category: "policyctl/services/pay"}).Check(); err != nil {
		t.Error(err)
	}
}
