package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// workflow stands for a job of a workflow: its environment, its work tree, and
// reports of it. It gives what was asked of the API.
func workflow(t *testing.T, event, payload string, answer func(w http.ResponseWriter, call string, body []byte)) *[]string {
	t.Helper()
	t.Chdir(t.TempDir())
	var calls []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		call := r.Method + " " + r.URL.Path
		calls = append(calls, call)
		answer(w, call, body)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_API_URL": server.URL, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": "event.json",
		"GITHUB_SHA": strings.Repeat("2", 40), "GITHUB_REF": "refs/heads/main", "GITHUB_RUN_ID": "42", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_TOKEN": "made-up-token-of-a-test",
		"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_SERVER_URL": "https://github.example",
	} {
		t.Setenv(name, value)
	}
	for name, text := range map[string]string{
		"event.json": payload,
		"pod.yaml":   "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      securityContext:\n        privileged: true\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if status := run(context.Background(), []string{"check", "--quiet", "--format", "json=report.json", "--format", "sarif=report.sarif", "pod.yaml"}, nil, &out, &out); status != statusBlocked {
		t.Fatalf("status %d: %s", status, out.String())
	}
	return &calls
}

// ends runs a command, and gives its status and all that it prints.
func ends(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	status := run(context.Background(), args, nil, &out, &out)
	if strings.Contains(out.String(), "made-up-token-of-a-test") {
		t.Errorf("%v prints the token", args)
	}
	return status, out.String()
}

const (
	push = `{"ref": "refs/heads/main"}`
	fork = `{"pull_request": {"number": 7, "head": {"sha": "1111111111111111111111111111111111111111", "repo": {"full_name": "mallory/shop"}}}}`
)

func TestGithubCheck(t *testing.T) {
	var told map[string]any
	calls := workflow(t, "push", push, func(w http.ResponseWriter, call string, body []byte) {
		if strings.HasPrefix(call, "GET") {
			fmt.Fprint(w, `{"total_count": 0, "check_runs": []}`)
			return
		}
		if err := json.Unmarshal(body, &told); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, `{"id": 1, "html_url": "https://github.example/run/1", "output": {"annotations_count": 1}}`)
	})
	if status, out := ends(t, "github", "check", "report.json"); status != statusPassed || !strings.Contains(out, "check run failure with 1 annotation: https://github.example/run/1") {
		t.Errorf("status %d: %s", status, out)
	}
	if told["conclusion"] != "failure" || told["name"] != "policyctl" || told["external_id"] != "42.1.policyctl" || told["head_sha"] != strings.Repeat("2", 40) {
		t.Errorf("told %v after %v", told, *calls)
	}
	// Flags win over the environment.
	if status, out := ends(t, "github", "check", "--sha", strings.Repeat("3", 40), "--category", "policyctl/pay", "--warn-only", "--prefix", "services/pay", "report.json"); status != statusPassed {
		t.Errorf("status %d: %s", status, out)
	}
	annotation := told["output"].(map[string]any)["annotations"].([]any)[0].(map[string]any)
	if told["head_sha"] != strings.Repeat("3", 40) || told["name"] != "policyctl/pay" || told["conclusion"] != "neutral" || annotation["path"] != "services/pay/pod.yaml" {
		t.Errorf("told %v", told)
	}
}

// What GitHub refuses makes no verdict, and --strict makes a status of its own.
func TestGithubTrouble(t *testing.T) {
	workflow(t, "push", push, func(w http.ResponseWriter, _ string, _ []byte) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message": "Bad credentials made-up-token-of-a-test\n::error::x"}`)
	})
	tests := []struct {
		name string
		args []string
		want int
		says string
	}{
		{"a warning", []string{"check", "report.json"}, statusPassed, "::warning title=policyctl::not posted: the token is not valid: "},
		{"strict", []string{"check", "--strict", "report.json"}, statusNotChecked, "policyctl: the token is not valid: "},
		{"upload", []string{"upload", "report.sarif"}, statusPassed, "::warning title=policyctl::not posted: "},
		{"no pull request", []string{"comment", "--strict", "report.json"}, statusPassed, "::notice title=policyctl::not posted: the event push has no pull request\n"},
		{"no report", []string{"review", "missing.json"}, statusUsage, "missing.json: no such file or directory"},
		{"another file", []string{"review", "pod.yaml"}, statusUsage, "pod.yaml: "},
		{"SARIF in place of the report", []string{"review", "report.sarif"}, statusUsage, "report.sarif: "},
		{"the report in place of SARIF", []string{"upload", "--strict", "report.json"}, statusNotChecked, "no SARIF"},
		{"a repository that is none", []string{"check", "--repository", "shop", "report.json"}, statusUsage, `the repository is "shop", want OWNER/NAME`},
		{"a commit that is none", []string{"check", "--sha", "main", "report.json"}, statusUsage, `the commit is "main"`},
		{"an address with a user", []string{"check", "--api-url", "https://me:it@ghe.example", "report.json"}, statusUsage, "holds a user"},
		{"a category that is none", []string{"check", "--category", "a-->b", "report.json"}, statusUsage, "the category is"},
		{"a prefix that leads away", []string{"check", "--prefix", "../x", "report.json"}, statusUsage, "cannot stand in front of files"},
		{"no file", []string{"check"}, statusUsage, "accepts 1 arg"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, out := ends(t, append([]string{"github"}, test.args...)...)
			if status != test.want || !strings.Contains(out, test.says) || strings.Contains(out, "\n::error::") {
				t.Errorf("status %d, want %d, saying %q: %s", status, test.want, test.says, out)
			}
			if status != statusPassed && !strings.HasSuffix(out, "policyctl: nothing was posted\n") {
				t.Errorf("it does not say that nothing was posted: %s", out)
			}
		})
	}
	t.Setenv("GITHUB_TOKEN", "")
	if status, out := ends(t, "github", "check", "report.json"); status != statusUsage || !strings.Contains(out, "GITHUB_TOKEN is empty") {
		t.Errorf("status %d: %s", status, out)
	}
}

// On a fork's pull request nothing is asked of the API: the log and the summary say it.
func TestGithubFork(t *testing.T) {
	calls := workflow(t, "pull_request", fork, func(w http.ResponseWriter, _ string, _ []byte) { w.WriteHeader(http.StatusTeapot) })
	for _, name := range []string{"review", "check", "comment"} {
		_ = os.Remove("summary.md")
		status, out := ends(t, "github", name, "--strict", "report.json")
		if status != statusPassed || !strings.Contains(out, "::notice title=policyctl::not posted: the pull request comes from a fork") || !strings.Contains(out, "::error file=pod.yaml,line=9,") {
			t.Errorf("%s: status %d: %s", name, status, out)
		}
		summary, err := os.ReadFile("summary.md")
		if err != nil || !bytes.Contains(summary, []byte("kubernetes/privileged-container")) {
			t.Errorf("%s: %v: %s", name, err, summary)
		}
	}
	if status, out := ends(t, "github", "review", "--fallback=false", "report.json"); status != statusPassed || strings.Contains(out, "::error") {
		t.Errorf("status %d: %s", status, out)
	}
	if status, out := ends(t, "github", "upload", "report.sarif"); status != statusPassed || !strings.Contains(out, "::notice") {
		t.Errorf("status %d: %s", status, out)
	}
	if len(*calls) > 0 {
		t.Errorf("asked %v", *calls)
	}
}

// A report of a folder with settings of its own has the paths of that folder.
func TestGithubPrefix(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{".git", "services/pay/.policyctl", "services/pay/deploy"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string]string{"": "", "services/pay": "services/pay"} {
		if root, way := top(filepath.Join(dir, folder)); root != dir || way != want {
			t.Errorf("%s is %q below %s, want %q below %s", folder, way, root, want, dir)
		}
	}
}
