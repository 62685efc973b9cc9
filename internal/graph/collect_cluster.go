package graph

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// clustered are the platforms whose pipelines are objects of Kubernetes: contracts
// name them as such, and their secrets are Secrets.
var clustered = []string{"argo", "tekton"}

// clusterFacts reads the neutral document of such an object, whose name is
// Kind/namespace/name.
func clusterFacts(doc *lint.Document) Facts {
	parts := strings.SplitN(doc.Name, "/", 3)
	if len(parts) < 3 {
		return Facts{}
	}
	m := manifest{root: doc.Root, kind: parts[0], namespace: parts[1], name: parts[2]}
	for _, exposure := range doc.Root.Get("exposures").List() {
		m.exposure(exposure, doc.Root.Get("components").List())
	}
	w := m.workload()
	w.Restarts = true // the next run reads anew
	p := ci{doc: doc}
	p.started()
	w.Schedule, w.StartedAt = p.schedule, p.startedAt
	if name := doc.Root.Get("name"); name != nil {
		w.At = name.Span
	}
	if accounts := m.accounts(); len(accounts) == 1 {
		w.Identity = accounts[0]
	}
	return m.facts
}

// exposure adds a use of a Secret, unless the caller of the pipeline says which.
func (m *manifest) exposure(exposure *lint.Node, components []*lint.Node) {
	secret, delivery := exposure.Get("secret"), deliveries[exposure.Get("at").Str()]
	name := secret.Get("group").Str()
	if name == "" || delivery == "" || isTrue(secret.Get("parameter")) || isTrue(exposure.Get("platform_token")) {
		return
	}
	slot, variable := m.namespace+"/"+name, exposure.Get("variable").Str()
	switch {
	case secret.Get("store").Str() == "secret_provider_class":
		m.add("k8s-csi:"+slot, slot, "csi", variable, secretSpan(secret))
	case secret.Get("store").Str() == "kubernetes":
		slot = object(slot, secret.Get("name").Str())
		m.add("k8s-secret:"+slot, slot, delivery, variable, secretSpan(secret))
	default:
		return
	}
	use := &m.facts.Uses[len(m.facts.Uses)-1]
	use.Component = exposure.Get("component").Str()
	use.ThirdParty = use.Component != "" && slices.ContainsFunc(components, func(c *lint.Node) bool {
		return c.Get("ref").Str() == use.Component && !isTrue(c.Get("first_party"))
	})
	if isTrue(secret.Get("assumed")) {
		use.Confidence = Derived
	}
}

// accounts are those that the pods of a pipeline run as.
func (m *manifest) accounts() []string {
	var all []string
	for _, identity := range m.root.Get("identities").List() {
		account := "kubernetes-sa:" + m.namespace + "/" + identity.Get("name").Str()
		if identity.Get("kind").Str() == "service_account" && !slices.Contains(all, account) {
			all = append(all, account)
		}
	}
	return all
}
