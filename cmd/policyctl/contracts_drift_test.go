package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestContractsOfALargeRepository goes the way of a team: 300 secrets get
// contracts, the check passes, and from then on every drift is found where it is
// to be mended.
func TestContractsOfALargeRepository(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		write(fmt.Sprintf(".github/workflows/w%d.yml", i), publishing(i))
		write(fmt.Sprintf("deploy/d%d.yaml", i), serving(fmt.Sprintf("web%d", i), i))
		write(fmt.Sprintf("infra/s%d.tf", i), rotating(i, 30))
	}
	write("CODEOWNERS", "* @acme/shop\n")
	write(".policyctl/config.yaml", "tiers: []\n")
	policyctl(t, statusPassed, "contracts", "init")
	if n := fillPurposes(t, filepath.Join(dir, "secrets")); n != 300 {
		t.Fatalf("%d contracts", n)
	}
	policyctl(t, statusPassed, "check")

	drifts := []struct {
		name, file, text string // text "" removes the file
		status           int
		want             []string
	}{
		{"a workflow that is gone", ".github/workflows/w7.yml", "", statusPassed, []string{
			"secrets/service7-token.secret.yaml:3:18: medium: contract service7-token is proposed, but nothing in the repository uses the secret [graph/orphaned-contract]"}},
		{"a rotation that differs", "infra/s9.tf", rotating(9, 90), statusBlocked, []string{
			"infra/s9.tf:9:32: high: infra//aws_secretsmanager_secret_rotation.db9 is rotated every 90d, but contract shop-db9 says every 30d [graph/rotation-differs-from-contract]",
			"see: secrets/shop-db9.secret.yaml:10:24: the interval of contract shop-db9"}},
		{"one more consumer", "deploy/other.yaml", serving("other", 3), statusBlocked, []string{
			"deploy/other.yaml:13:64: high: kubernetes:shop/Deployment/other uses shop/web3-api#token, but contract web3-api does not list it as a consumer [graph/consumer-not-allowed]",
			`edit: add consumers: {"environments":["shop"],"workload":"kubernetes:shop/Deployment/other"} at secrets/web3-api.secret.yaml:`}},
	}
	for _, drift := range drifts {
		t.Run(drift.name, func(t *testing.T) {
			before, _ := os.ReadFile(filepath.Join(dir, drift.file))
			if drift.text == "" {
				os.Remove(filepath.Join(dir, drift.file))
			} else {
				write(drift.file, drift.text)
			}
			report := policyctl(t, drift.status, "check")
			for _, want := range drift.want {
				if !strings.Contains(report, want) {
					t.Errorf("the report lacks %s", want)
				}
			}
			if before == nil {
				os.Remove(filepath.Join(dir, drift.file))
			} else {
				write(drift.file, string(before))
			}
		})
	}
	explained := policyctl(t, statusPassed, "contracts", "show", "shop-db9", "--explain")
	for _, field := range []string{"purpose", "owner.team", "rotation.interval", "renewal.method"} {
		if !strings.Contains(explained, field+" ") {
			t.Errorf("nothing explains %s:\n%s", field, explained)
		}
	}
}

func publishing(i int) string {
	return fmt.Sprintf(`on: {push: {branches: [main]}}
permissions: {contents: read}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: make publish
        env:
          TOKEN: ${{ secrets.SERVICE%d_TOKEN }}
`, i)
}

func serving(name string, i int) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: shop}
spec:
  template:
    metadata: {annotations: {reloader.stakater.com/auto: "true"}}
    spec:
      automountServiceAccountToken: false
      containers:
        - name: web
          image: example.com/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
          env:
            - {name: API_KEY, valueFrom: {secretKeyRef: {name: web%d-api, key: token}}}
`, name, i)
}

func rotating(i, days int) string {
	return fmt.Sprintf(`resource "aws_secretsmanager_secret" "db%[1]d" {
  name       = "shop/db%[1]d"
  kms_key_id = "alias/shop"
}
resource "aws_secretsmanager_secret_rotation" "db%[1]d" {
  secret_id           = aws_secretsmanager_secret.db%[1]d.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
  rotation_rules {
    automatically_after_days = %[2]d
  }
}
`, i, days)
}
