package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// found is a finding as the JSON report has it.
type found struct {
	Rule, Severity, Message, File string
}

func policyctl(t *testing.T, want int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); status != want {
		t.Fatalf("policyctl %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// fillPurposes does what people do after contracts init.
func fillPurposes(t *testing.T, dir string) (contracts int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.secret.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	todo := regexp.MustCompile(`purpose: TODO.*`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > 24 {
			t.Errorf("%s has %d lines", file, lines)
		}
		if err := os.WriteFile(file, todo.ReplaceAll(text, []byte("purpose: Opens the things that it is for to those who need them.")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return len(files)
}

func TestInitDeclaresTheShop(t *testing.T) {
	for _, without := range [][]string{{"secrets"}, {"secrets", ".policyctl/catalog.yaml"}} {
		t.Run(strings.Join(without, " and "), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("../../testdata/shop")); err != nil {
				t.Fatal(err)
			}
			for _, name := range without {
				if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			policyctl(t, statusPassed, "contracts", "init", "--repository", dir)
			if n := fillPurposes(t, filepath.Join(dir, "secrets")); n < 10 {
				t.Errorf("only %d contracts", n)
			}
			for _, f := range findings(t, policyctl(t, statusBlocked, "check", "--format", "json", dir)) {
				harmful := f.Severity == "high" || f.Severity == "critical"
				if f.Rule == "graph/undeclared-secret" || harmful && strings.HasPrefix(f.Rule, "contract/") {
					t.Errorf("%s: %s [%s]", f.File, f.Message, f.Rule)
				}
			}
			before := policyctl(t, statusPassed, "contracts", "init", "--repository", dir, "--dry-run")
			if !strings.Contains(before, "nothing to add") {
				t.Errorf("a second run adds\n%s", before)
			}
		})
	}
}

// TestInitOfManySecrets drafts what a large repository needs at once.
func TestInitOfManySecrets(t *testing.T) {
	const teams, each = 10, 30
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var owners strings.Builder
	for team := range teams {
		fmt.Fprintf(&owners, "/%d/ @acme/team-%d\n", team, team)
		for n := range each {
			write(many(team, n))
		}
	}
	write("CODEOWNERS", owners.String())
	write(".policyctl/config.yaml", "tiers: []\n")
	begin := time.Now()
	out := policyctl(t, statusPassed, "contracts", "init", "--repository", dir)
	if took := time.Since(begin); took > 3*time.Minute {
		t.Errorf("took %s", took)
	}
	if !strings.Contains(out, fmt.Sprintf("wrote %d contracts", teams*each)) || strings.Contains(out, "name the owner") {
		t.Error(out)
	}
	if n := fillPurposes(t, filepath.Join(dir, "secrets")); n != teams*each {
		t.Errorf("%d contracts", n)
	}
	for _, f := range findings(t, policyctl(t, statusPassed, "check", "--format", "json", dir)) {
		if f.Rule != "contract/proposed" && (strings.HasPrefix(f.Rule, "contract/") || strings.HasPrefix(f.Rule, "graph/")) {
			t.Errorf("%s: %s [%s]", f.File, f.Message, f.Rule)
		}
	}
	if again := policyctl(t, statusPassed, "contracts", "init", "--repository", dir); !strings.Contains(again, "nothing to add") {
		t.Error(again)
	}
	if sync := policyctl(t, statusPassed, "contracts", "sync", "--repository", dir); !strings.Contains(sync, "in sync") {
		t.Error(sync)
	}
}

// many is a manifest of one service in two environments, which gets a secret of
// its own.
func many(team, n int) (name, text string) {
	var b strings.Builder
	for _, environment := range []string{"staging", "prod"} {
		fmt.Fprintf(&b, `---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: s%[2]d-api, namespace: t%[1]d-%[3]s}
spec:
  refreshInterval: 1h
  secretStoreRef: {name: aws-%[3]s, kind: ClusterSecretStore}
  data: [{secretKey: token, remoteRef: {key: t%[1]d/%[3]s/s%[2]d}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: s%[2]d, namespace: t%[1]d-%[3]s}
spec:
  template:
    metadata: {annotations: {reloader.stakater.com/auto: "true"}}
    spec:
      automountServiceAccountToken: false
      containers:
        - name: s
          image: example.com/s@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
          volumeMounts: [{name: api, mountPath: /run/api}]
      volumes: [{name: api, secret: {secretName: s%[2]d-api}}]
`, team, n, environment)
	}
	return fmt.Sprintf("%d/s%d.yaml", team, n), b.String()
}

func findings(t *testing.T, report string) []found {
	t.Helper()
	var all struct {
		Findings []struct {
			RuleID   string `json:"rule"`
			Severity string
			Message  string
			Location struct{ Path string }
		}
	}
	if err := json.Unmarshal([]byte(report), &all); err != nil {
		t.Fatal(err)
	}
	var list []found
	for _, f := range all.Findings {
		list = append(list, found{f.RuleID, f.Severity, f.Message, f.Location.Path})
	}
	if !slices.ContainsFunc(list, func(f found) bool { return f.Rule == "contract/proposed" }) {
		t.Fatalf("the report has no findings about stubs: %.300s", report)
	}
	return list
}
