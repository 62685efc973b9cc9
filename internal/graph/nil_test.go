package graph

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
)

// TestIncompleteDocuments has what authors forget.
func TestIncompleteDocuments(t *testing.T) {
	files := map[string]string{
		"es.yaml":      "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}\nspec:\n  data:\n  - secretKey: x\n  - {remoteRef: {key: k}}\n  dataFrom: [{extract: {}}]\n",
		"pod.yaml":     "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{env: [{valueFrom: {secretKeyRef: {}}}]}]\n",
		"a.tf":         "resource \"aws_secretsmanager_secret\" \"a\" {}\n",
		"compose.yaml": "services:\n  a: {secrets: [{}, 5, b]}\n",
	}
	joined(t, files)
	docs, _ := parse.Parse([]*lint.Source{{Path: "x.secret.yaml", Data: []byte("apiVersion: policyctl.dev/v1\nkind: SecretContract\nspec: {purpose: x}\n")}}, nil)
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	Join([]Facts{Collect(docs[0])}, Options{Complete: true}).Document()
}
