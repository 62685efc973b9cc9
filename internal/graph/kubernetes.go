package graph

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// podTemplates lead from an object to the pods it makes.
var podTemplates = map[string][]string{
	"Pod": {}, "PodTemplate": {"template"}, "CronJob": {"spec", "jobTemplate", "spec", "template"},
	"Deployment": {"spec", "template"}, "StatefulSet": {"spec", "template"}, "DaemonSet": {"spec", "template"},
	"ReplicaSet": {"spec", "template"}, "ReplicationController": {"spec", "template"}, "Job": {"spec", "template"},
	"Rollout": {"spec", "template"}, "DeploymentConfig": {"spec", "template"},
}

// unnamed stands for the namespace of a manifest that names none: a kustomization
// or a flag of kubectl decides, so it may be any.
const unnamed = "default"

// kubernetesFacts reads one object.
func kubernetesFacts(doc *lint.Document) Facts {
	m := manifest{root: doc.Root, kind: doc.Root.Get("kind").Str(), name: doc.Root.Get("metadata", "name").Str(), namespace: unnamed}
	if namespace := doc.Root.Get("metadata", "namespace").Str(); namespace != "" {
		m.namespace = namespace
	}
	if template, isWorkload := podTemplates[m.kind]; isWorkload {
		m.pods(doc.Root.Get(template...))
		return m.facts
	}
	switch m.kind {
	case "Secret":
		m.plainSecret()
	case "SealedSecret":
		m.sealedSecret()
	case "ExternalSecret":
		m.externalSecret(doc.Root.Get("spec"), m.namespace, m.name)
	case "ClusterExternalSecret":
		m.clusterExternalSecret()
	case "SecretStore", "ClusterSecretStore":
		m.secretStore()
	case "SecretProviderClass":
		m.secretProviderClass()
	case "Certificate":
		m.certificate()
	case "Ingress", "Gateway":
		m.serving()
	case "ServiceAccount":
		m.workload().Roles = cloudRoles(doc.Root.Get("metadata", "annotations"))
		m.each(doc.Root.Get("secrets"), "name", "file")
		m.each(doc.Root.Get("imagePullSecrets"), "name", "file")
	case "Role", "ClusterRole":
		m.role()
	case "RoleBinding", "ClusterRoleBinding":
		m.binding()
	}
	return m.facts
}

// manifest collects the facts of one object.
type manifest struct {
	root                  *lint.Node
	kind, namespace, name string
	facts                 Facts
}

func (m *manifest) id() string { return "kubernetes:" + m.namespace + "/" + m.kind + "/" + m.name }

// environment is the namespace, unless it is open.
func environment(namespace string) string {
	if namespace == unnamed {
		return ""
	}
	return namespace
}

// workload adds the object itself: contracts name it.
func (m *manifest) workload() *Workload {
	at := span(m.root)
	if name := m.root.Get("metadata", "name"); name != nil {
		at = name.Span
	}
	m.facts.Workloads = append(m.facts.Workloads, Workload{ID: m.id(), Platform: "kubernetes", Kind: m.kind, At: at})
	return &m.facts.Workloads[len(m.facts.Workloads)-1]
}

// use adds a use of a Secret or a key of it.
func (m *manifest) use(name, key *lint.Node, delivery, variable string) {
	if name.Str() == "" {
		return
	}
	slot := m.namespace + "/" + name.Text
	if key.Str() != "" {
		slot += "#" + key.Text
	}
	m.add("k8s-secret:"+slot, slot, delivery, variable, name.Span)
}

func (m *manifest) add(slot, name, delivery, variable string, at lint.Span) {
	m.facts.Uses = append(m.facts.Uses, Use{
		Platform: "kubernetes", Name: name, Slot: slot, Scope: m.namespace, Environment: environment(m.namespace),
		Consumer: m.id(), Delivery: delivery, Variable: variable, StaticKey: staticKey(nil, variable), Confidence: Exact, At: at,
	})
}

func (m *manifest) each(list *lint.Node, key, delivery string) {
	for _, item := range list.List() {
		m.use(item.Get(key), nil, delivery, "")
	}
}

// pods reads a template of pods.
func (m *manifest) pods(template *lint.Node) {
	m.spec(template.Get("spec"))
	account := template.Get("spec", "serviceAccountName").Str()
	if account == "" {
		account = template.Get("spec", "serviceAccount").Str()
	}
	if account == "" {
		account = "default"
	}
	annotations := template.Get("metadata", "annotations")
	role := m.agent(annotations)
	w := m.workload()
	w.Identity = "kubernetes-sa:" + m.namespace + "/" + account
	if role != "" {
		w.Roles = []string{role}
	}
	if m.kind == "CronJob" && !isTrue(m.root.Get("spec", "suspend")) {
		schedule := m.root.Get("spec", "schedule")
		w.Schedule, w.StartedAt = cronGap(schedule.Str()), span(schedule)
	}
	w.Restarts = m.kind == "CronJob" || m.kind == "Job" || // the next run reads anew
		reloaded(m.root.Get("metadata", "annotations"), annotations) || m.onlyFiles(template.Get("spec"))
}

func (m *manifest) spec(spec *lint.Node) {
	for _, container := range containers(spec) {
		for _, env := range container.Get("env").List() {
			ref := env.Get("valueFrom", "secretKeyRef")
			m.use(ref.Get("name"), ref.Get("key"), "env", env.Get("name").Str())
		}
		for _, from := range container.Get("envFrom").List() {
			m.use(from.Get("secretRef", "name"), nil, "env", "")
		}
	}
	for _, volume := range spec.Get("volumes").List() {
		m.volume(volume.Get("secret", "secretName"), volume.Get("secret", "items"))
		for _, source := range volume.Get("projected", "sources").List() {
			m.volume(source.Get("secret", "name"), source.Get("secret", "items"))
		}
		class := volume.Get("csi", "volumeAttributes", "secretProviderClass")
		if volume.Get("csi", "driver").Str() == "secrets-store.csi.k8s.io" && class.Str() != "" {
			m.add("k8s-csi:"+m.namespace+"/"+class.Text, m.namespace+"/"+class.Text, "csi", "", class.Span)
		}
	}
	m.each(spec.Get("imagePullSecrets"), "name", "file")
}

// volume adds a use of the keys that a volume lists, or of the whole Secret.
func (m *manifest) volume(name, items *lint.Node) {
	for _, item := range items.List() {
		m.use(name, item.Get("key"), "file", "")
	}
	if len(items.List()) == 0 {
		m.use(name, nil, "file", "")
	}
}

func containers(spec *lint.Node) []*lint.Node {
	return slices.Concat(spec.Get("initContainers").List(), spec.Get("containers").List(), spec.Get("ephemeralContainers").List())
}

// reloaded says whether an operator restarts the pods when a Secret changes, or
// the template changes with it.
func reloaded(own, template *lint.Node) bool {
	for _, field := range slices.Concat(own.Object(), template.Object()) {
		key, on := field.Key, field.Value.Str() != "" && field.Value.Str() != "false"
		reloader := strings.HasPrefix(key, "reloader.stakater.com/") || strings.HasPrefix(key, "secret.reloader.stakater.com/")
		if on && (reloader && !strings.HasSuffix(key, "/search") && !strings.HasSuffix(key, "/match") || strings.HasPrefix(key, "checksum/")) {
			return true
		}
	}
	return false
}

// onlyFiles says whether all Secrets come as files that are written anew. One
// mounted by a subPath is not.
func (m *manifest) onlyFiles(spec *lint.Node) bool {
	for _, container := range containers(spec) {
		for _, mount := range container.Get("volumeMounts").List() {
			partly := mount.Get("subPath").Str() != "" || mount.Get("subPathExpr").Str() != ""
			if partly && isSecretVolume(spec, mount.Get("name").Str()) {
				return false
			}
		}
	}
	return len(m.facts.Uses) > 0 && !slices.ContainsFunc(m.facts.Uses, func(u Use) bool { return u.Delivery == "env" })
}

func isSecretVolume(spec *lint.Node, name string) bool {
	return slices.ContainsFunc(spec.Get("volumes").List(), func(volume *lint.Node) bool {
		return volume.Get("name").Str() == name && (volume.Get("secret") != nil || volume.Get("projected") != nil || volume.Get("csi") != nil)
	})
}

// vaultAgent is the prefix of what the agent's injector reads.
const vaultAgent = "vault.hashicorp.com/"

// agent adds what Vault's agent fetches for the pods, and gives the role by which
// it does.
func (m *manifest) agent(annotations *lint.Node) string {
	if !on(annotations.Get(vaultAgent + "agent-inject")) {
		return ""
	}
	for _, field := range annotations.Object() {
		name, isEntry := strings.CutPrefix(field.Key, vaultAgent+"agent-inject-secret-")
		if isEntry && field.Value.Str() != "" {
			entry := foldKV(field.Value.Text)
			m.add(stored(entry), entry, "sidecar", name, field.Value.Span)
		}
	}
	role := annotations.Get(vaultAgent + "role").Str()
	if role == "" {
		return ""
	}
	mount := strings.TrimPrefix(annotations.Get(vaultAgent+"auth-path").Str(), "auth/")
	if mount == "" {
		mount = "kubernetes"
	}
	return "vault-role:" + strings.Trim(mount, "/") + "/" + role
}

// on reads a switch: annotations are texts.
func on(n *lint.Node) bool { return n.Str() == "true" || isTrue(n) }

// foldKV leaves out what version 2 of Vault's key-value store puts behind the
// mount: kv/data/shop/token is the entry kv/shop/token.
func foldKV(path string) string {
	path = strings.Trim(path, "/")
	mount, rest, _ := strings.Cut(path, "/")
	for _, part := range []string{"data/", "metadata/"} {
		if entry, folded := strings.CutPrefix(rest, part); folded {
			return mount + "/" + entry
		}
	}
	return path
}

// serving adds the certificates with which an Ingress or a Gateway serves.
func (m *manifest) serving() {
	m.workload()
	m.each(m.root.Get("spec", "tls"), "secretName", "file")
	for _, listener := range m.root.Get("spec", "listeners").List() {
		for _, ref := range listener.Get("tls", "certificateRefs").List() {
			elsewhere := ref.Get("namespace").Str() != "" && ref.Get("namespace").Str() != m.namespace
			if kind := ref.Get("kind").Str(); (kind == "" || kind == "Secret") && !elsewhere {
				m.use(ref.Get("name"), nil, "file", "")
			}
		}
	}
}

// object names an entry of a store, and the key within it if there is one.
func object(path, key string) string {
	if key == "" {
		return path
	}
	return path + "#" + key
}
