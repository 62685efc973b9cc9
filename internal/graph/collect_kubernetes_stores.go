package graph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// plainSecret notes that the Secret holds a value of its own. One without data is
// filled by somebody else.
func (m *manifest) plainSecret() {
	if len(m.root.Get("data").Object())+len(m.root.Get("stringData").Object()) > 0 && m.name != "" {
		m.facts.Holds = append(m.facts.Holds, "k8s-secret:"+m.namespace+"/"+m.name)
	}
}

func (m *manifest) sealedSecret() {
	m.workload()
	name := m.name
	if templated := m.root.Get("spec", "template", "metadata", "name").Str(); templated != "" {
		name = templated
	}
	for _, field := range m.root.Get("spec", "encryptedData").Object() {
		m.supply(Supply{Slot: "k8s-secret:" + m.namespace + "/" + name + "#" + field.Key, Mechanism: "sealed", At: field.Span}, m.namespace)
	}
}

func (m *manifest) supply(s Supply, namespace string) {
	s.Platform, s.Environment = "kubernetes", environment(namespace)
	m.facts.Supplies = append(m.facts.Supplies, s)
}

// externalSecret says which store objects supply the Secret that the operator
// makes.
func (m *manifest) externalSecret(spec *lint.Node, namespace, name string) {
	m.workload()
	if target := spec.Get("target", "name").Str(); target != "" {
		name = target
	}
	slot := "k8s-secret:" + namespace + "/" + name
	common := Supply{Mechanism: "external-secret", Refresh: seconds(spec.Get("refreshInterval").Str()), RefreshAt: span(spec.Get("refreshInterval"))}
	// A template makes keys of its own, each of any of the values.
	templated := len(spec.Get("target", "template", "data").Object())+len(spec.Get("target", "template", "templateFrom").List()) > 0
	for _, data := range spec.Get("data").List() {
		ref, s := data.Get("remoteRef"), common
		if ref.Get("key").Str() == "" {
			continue
		}
		s.Slot, s.Store, s.At = slot, storeOf(data.Get("sourceRef", "storeRef"), spec), ref.Get("key").Span
		s.From = object(foldKV(ref.Get("key").Text), ref.Get("property").Str())
		if !templated && data.Get("secretKey").Str() != "" {
			s.Slot += "#" + data.Get("secretKey").Str()
		}
		m.supply(s, namespace)
	}
	for _, from := range spec.Get("dataFrom").List() {
		ref, s := from.Get("extract"), common
		if ref == nil {
			ref = from // in v1alpha1
		}
		if ref.Get("key").Str() != "" {
			s.Slot, s.Store, s.At = slot, storeOf(from.Get("sourceRef", "storeRef"), spec), ref.Get("key").Span
			s.From = object(foldKV(ref.Get("key").Text), ref.Get("property").Str())
			m.supply(s, namespace)
		}
	}
}

// storeOf is the SecretStore that an entry or the whole ExternalSecret names.
func storeOf(own, spec *lint.Node) string {
	if name := own.Get("name").Str(); name != "" {
		return name
	}
	return spec.Get("secretStoreRef", "name").Str()
}

// clusterExternalSecret makes an ExternalSecret in each of its namespaces. Those
// chosen by labels may be any.
func (m *manifest) clusterExternalSecret() {
	spec := m.root.Get("spec")
	name := spec.Get("externalSecretName").Str()
	if name == "" {
		name = m.name
	}
	var namespaces []string
	for _, item := range spec.Get("namespaces").List() {
		if item.Str() != "" {
			namespaces = append(namespaces, item.Text)
		}
	}
	if namespaces == nil {
		namespaces = []string{unnamed}
	}
	for _, namespace := range namespaces {
		m.externalSecret(spec.Get("externalSecretSpec"), namespace, name)
	}
	m.facts.Workloads = m.facts.Workloads[:1]
}

// secretStore notes what the store puts before the names of entries: the mount of
// Vault, a prefix of AWS.
func (m *manifest) secretStore() {
	m.workload()
	provider := m.root.Get("spec", "provider")
	prefix := provider.Get("aws", "prefix").Str()
	if mount := strings.Trim(provider.Get("vault", "path").Str(), "/"); mount != "" {
		prefix = mount + "/"
	}
	if prefix != "" && m.name != "" {
		m.facts.Mounts = map[string]string{m.name: prefix}
	}
}

// secretProviderClass says which entries the CSI driver mounts, and which Secrets
// it makes of them.
func (m *manifest) secretProviderClass() {
	m.workload()
	class := m.namespace + "/" + m.name
	files := map[string]string{}
	for _, e := range m.mounted() {
		files[e.file] = e.from
		m.supply(Supply{Slot: "k8s-csi:" + class + "#" + e.file, From: e.from, Store: m.name, Mechanism: "csi", At: e.at}, m.namespace)
	}
	for _, secret := range m.root.Get("spec", "secretObjects").List() {
		name := secret.Get("secretName").Str()
		for _, data := range secret.Get("data").List() {
			from := files[data.Get("objectName").Str()]
			if name == "" || from == "" {
				continue
			}
			slot := "k8s-secret:" + m.namespace + "/" + object(name, data.Get("key").Str())
			m.supply(Supply{Slot: slot, From: from, Store: m.name, Mechanism: "csi", At: span(data.Get("objectName"))}, m.namespace)
		}
	}
}

// mountedEntry is an entry of a store, and the file in which the driver puts it.
type mountedEntry struct {
	file, from string
	at         lint.Span
}

// mounted reads the entries: YAML within a text of the parameters, which each
// provider words in its own way. Their place is that text.
func (m *manifest) mounted() []mountedEntry {
	parameters := m.root.Get("spec", "parameters")
	var entries []mountedEntry
	for _, text := range []*lint.Node{parameters.Get("objects"), parameters.Get("secrets")} {
		for _, item := range inner(text) {
			for _, e := range m.mountedItem(item) {
				e.at = span(text)
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// inner gives the items of a list that stands in a text, as such or under
// "array", where Azure has texts again.
func inner(text *lint.Node) []*lint.Node {
	root := embedded(text)
	items := slices.Clone(root.List())
	for _, item := range root.Get("array").List() {
		items = append(items, embedded(item))
	}
	return items
}

func embedded(text *lint.Node) *lint.Node {
	if text.Str() == "" {
		return text
	}
	roots, _ := yaml.Read(&lint.Source{Path: "embedded.yaml", Data: []byte(text.Text)})
	if len(roots) == 0 {
		return nil
	}
	return roots[0]
}

func (m *manifest) mountedItem(item *lint.Node) []mountedEntry {
	get := func(key string) string { return item.Get(key).Str() }
	name, file := get("objectName"), get("objectAlias")
	if file == "" {
		file = name
	}
	switch m.root.Get("spec", "provider").Str() {
	case "vault":
		if get("secretPath") != "" {
			return []mountedEntry{{file: name, from: object(foldKV(get("secretPath")), get("secretKey"))}}
		}
	case "gcp":
		file = get("path")
		if file == "" {
			file = get("fileName")
		}
		if name = secretName(get("resourceName")); name != "" {
			return []mountedEntry{{file: file, from: name}}
		}
	case "aws":
		if name == "" {
			return nil
		}
		name = secretName(name)
		entries := []mountedEntry{{file: file, from: name}}
		for _, part := range item.Get("jmesPath").List() {
			entries = append(entries, mountedEntry{file: part.Get("objectAlias").Str(), from: object(name, part.Get("path").Str())})
		}
		return entries
	case "azure":
		if name != "" {
			return []mountedEntry{{file: file, from: name}}
		}
	}
	return nil
}

// certificate is rotated by cert-manager: a part of its lifetime before the end.
func (m *manifest) certificate() {
	m.workload()
	spec := m.root.Get("spec")
	secret := spec.Get("secretName")
	if secret.Str() == "" {
		return
	}
	duration, at := int64(90*day), secret.Span
	if said := spec.Get("duration"); seconds(said.Str()) > 0 {
		duration, at = seconds(said.Str()), said.Span
	}
	before := duration / 3
	if said := spec.Get("renewBefore"); seconds(said.Str()) > 0 {
		before, at = seconds(said.Str()), said.Span
	} else if percent := spec.Get("renewBeforePercentage"); percent != nil && percent.Kind == lint.Number {
		if n, err := strconv.ParseInt(percent.Text, 10, 8); err == nil {
			before = duration * max(n, 0) / 100
		}
	}
	m.facts.Rotations = append(m.facts.Rotations, Rotation{
		Slot: m.id(), Target: "k8s-secret:" + m.namespace + "/" + secret.Text, Interval: max(duration-before, 0), At: at,
	})
}
