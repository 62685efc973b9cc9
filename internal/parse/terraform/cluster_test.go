package terraform

import (
	"encoding/json"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestResourcesOfKubernetesAreItsObjects(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"blocks are lists and objects", `resource "kubernetes_pod_v1" "a" {
  metadata {
    name   = "a"
    labels = { app_name = "a" }
  }
  spec {
    host_pid = true
    container {
      name = "a"
      env {
        name  = "A"
        value = "b"
      }
      env {
        name = "C"
        value_from {
          secret_key_ref { name = "d" }
        }
      }
    }
  }
}`, `{"kind":"Pod","metadata":{"labels":{"app_name":"a"},"name":"a"},"spec":{"containers":[{"env":[{"name":"A"},{"name":"C","valueFrom":{"secretKeyRef":{"name":"d"}}}],"name":"a"}],"hostPID":true}}`},
		{"the default account has a name", `resource "kubernetes_default_service_account" "a" {
  metadata { namespace = "b" }
}`, `{"kind":"ServiceAccount","metadata":{"name":"default","namespace":"b"}}`},
		{"a manifest is one already", `resource "kubernetes_manifest" "a" {
  manifest = { kind = "Role", rules = [] }
}`, `{"kind":"Role","rules":[]}`},
		{"Secrets are judged elsewhere", `resource "kubernetes_manifest" "a" {
  manifest = { kind = "Secret", stringData = { a = "b" } }
}`, ""},
		{"other types", `resource "kubernetes_namespace" "a" {}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, _ := Parse([]*lint.Source{{Path: "main.tf", Data: []byte(test.file)}}, nil)
			if test.want == "" {
				if len(docs) > 1 {
					t.Fatalf("got %v", docs[1].Root.Plain())
				}
				return
			}
			if len(docs) != 2 || docs[1].Platform != "kubernetes" || !docs[1].Again {
				t.Fatalf("got %d documents", len(docs))
			}
			got, err := json.Marshal(docs[1].Root.Plain())
			if err != nil || string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
