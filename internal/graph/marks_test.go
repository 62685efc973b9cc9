package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarks(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             map[string]string
	}{
		{"a counter of the entry itself", "infra/kv.tf", `
resource "azurerm_key_vault_secret" "db" {
  name             = "db"
  value_wo_version = 3 # raised on 1 May
}
`, map[string]string{"tf:infra//azurerm_key_vault_secret.db": "value_wo_version=3"}},
		{"a counter of the resource that gives the value", "main.tf", `
data "aws_kms_key" "k" {
  secret_version = 1
}
resource "aws_secretsmanager_secret_version" "v" {
  secret_string_wo_version = var.n
  secret_id                = aws_secretsmanager_secret.db.id
}
resource "google_secret_manager_secret_version" "v" {
  secret                 = "${google_secret_manager_secret.api.id}"
  secret_data_wo_version = 2
}
`, map[string]string{
			"tf:.//aws_secretsmanager_secret_version.v":    "secret_string_wo_version=var.n",
			"tf:.//aws_secretsmanager_secret.db":           "secret_string_wo_version=var.n",
			"tf:.//google_secret_manager_secret_version.v": "secret_data_wo_version=2",
			"tf:.//google_secret_manager_secret.api":       "secret_data_wo_version=2",
		}},
		{"several counters, in any order", "a/b.tofu", "module \"db\" {\r\n  secret_version = 2\r\n  password_wo_version=1 // x\r\n}\r\n", map[string]string{
			"tf:a//module.db": "password_wo_version=1\nsecret_version=2",
		}},
		{"no counter", "a.tf", "resource \"x\" \"y\" {\n  version = 3\n}\n", map[string]string{}},
		{"contracts in one file", "a.secret.yaml", `apiVersion: policyctl.dev/v1
kind: SecretContract
status:
  lastReviewed: 2026-02-02
  lastRotated: "2026-01-01"
metadata:
  labels: {name: no}
  name: db
spec:
  name: other
  lastRotated: 2020-01-01
---
metadata: {name: api}
status: {lastReviewed: 2026-02-02, lastRotated: 2026-03-03}
---
metadata: {name: none}
---
status: {lastRotated: 2026-03-03}
`, map[string]string{"db": "2026-01-01", "api": "2026-03-03"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Marks(test.file)([]byte(test.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if Marks("README.md") != nil {
		t.Error("a file without marks has a reader")
	}
}
