package graph

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// podTemplates lead from an object to the pods it makes.
var podTemplates = map[string][]string{
	"Pod": {"spec"}, "PodTemplate": {"template", "spec"}, "CronJob": {"spec", "jobTemplate", "spec", "template", "spec"},
	"Deployment": {"spec", "template", "spec"}, "StatefulSet": {"spec", "template", "spec"}, "DaemonSet": {"spec", "template", "spec"},
	"ReplicaSet": {"spec", "template", "spec"}, "ReplicationController": {"spec", "template", "spec"}, "Job": {"spec", "template", "spec"},
}

// unnamed stands for the namespace of a manifest that names none: a kustomization
// or a flag of kubectl decides, so it may be any.
const unnamed = "default"

func kubernetesFacts(doc *lint.Document) Facts {
	kind := doc.Root.Get("kind").Str()
	namespace := doc.Root.Get("metadata", "namespace").Str()
	if namespace == "" {
		namespace = unnamed
	}
	name := doc.Root.Get("metadata", "name").Str()
	p := pod{namespace: namespace, consumer: "kubernetes:" + namespace + "/" + kind + "/" + name}
	if template, isWorkload := podTemplates[kind]; isWorkload {
		p.spec(doc.Root.Get(template...))
	}
	if kind == "ExternalSecret" {
		return Facts{Supplies: externalSecret(doc, namespace, name)}
	}
	return Facts{Uses: p.uses}
}

// pod collects what the containers of a workload get.
type pod struct {
	namespace, consumer string
	uses                []Use
}

func (p *pod) add(name, key *lint.Node, delivery string) {
	if name.Str() == "" {
		return
	}
	slot := "k8s-secret:" + p.namespace + "/" + name.Text
	if key.Str() != "" {
		slot += "#" + key.Text
	}
	environment := p.namespace
	if environment == unnamed {
		environment = ""
	}
	p.uses = append(p.uses, Use{
		Platform: "kubernetes", Name: strings.TrimPrefix(slot, "k8s-secret:"), Slot: slot, Scope: p.namespace, Environment: environment,
		Consumer: p.consumer, Delivery: delivery, Confidence: Exact, At: name.Span,
	})
}

func (p *pod) spec(spec *lint.Node) {
	containers := slices.Concat(spec.Get("initContainers").List(), spec.Get("containers").List(), spec.Get("ephemeralContainers").List())
	for _, container := range containers {
		for _, env := range container.Get("env").List() {
			ref := env.Get("valueFrom", "secretKeyRef")
			p.add(ref.Get("name"), ref.Get("key"), "env")
		}
		for _, from := range container.Get("envFrom").List() {
			p.add(from.Get("secretRef", "name"), nil, "env")
		}
	}
	for _, volume := range spec.Get("volumes").List() {
		p.add(volume.Get("secret", "secretName"), nil, "file")
		for _, source := range volume.Get("projected", "sources").List() {
			p.add(source.Get("secret", "name"), nil, "file")
		}
	}
	for _, pull := range spec.Get("imagePullSecrets").List() {
		p.add(pull.Get("name"), nil, "file")
	}
}

// externalSecret says which store objects supply the Secret that the operator
// makes.
func externalSecret(doc *lint.Document, namespace, name string) []Supply {
	target := doc.Root.Get("spec", "target", "name").Str()
	if target == "" {
		target = name
	}
	slot := "k8s-secret:" + namespace + "/" + target
	var supplies []Supply
	for _, data := range doc.Root.Get("spec", "data").List() {
		ref := data.Get("remoteRef")
		if ref.Get("key").Str() == "" {
			continue
		}
		supplies = append(supplies, Supply{
			Slot: slot + "#" + data.Get("secretKey").Str(), From: object(ref.Get("key").Str(), ref.Get("property").Str()),
			Mechanism: "external-secret", Platform: "kubernetes", Environment: namespace, At: ref.Get("key").Span,
		})
	}
	for _, from := range doc.Root.Get("spec", "dataFrom").List() {
		if key := from.Get("extract", "key"); key.Str() != "" {
			supplies = append(supplies, Supply{Slot: slot, From: key.Text, Mechanism: "external-secret", Platform: "kubernetes", Environment: namespace, At: key.Span})
		}
	}
	return supplies
}

// object names an entry of a store, and the key within it if there is one.
func object(path, key string) string {
	if key == "" {
		return path
	}
	return path + "#" + key
}
