package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// storeResources are the resources that make an entry of a secret store, the
// attribute that names it there, and the store's type as catalogues write it.
var storeResources = map[string]struct{ name, store string }{
	"aws_secretsmanager_secret":           {"name", "aws-secretsmanager"},
	"google_secret_manager_secret":        {"secret_id", "gcp-secretmanager"},
	"azurerm_key_vault_secret":            {"name", "azure-keyvault"},
	"vault_kv_secret_v2":                  {"name", "vault"},
	"vault_generic_secret":                {"path", "vault"},
	"github_actions_secret":               {"secret_name", "github"},
	"github_actions_environment_secret":   {"secret_name", "github"},
	"github_actions_organization_secret":  {"secret_name", "github"},
	"kubernetes_secret":                   {"", "kubernetes"},
	"kubernetes_secret_v1":                {"", "kubernetes"},
	"doppler_secret":                      {"name", "doppler"},
	"aws_ssm_parameter":                   {"name", "aws-ssm"}, // only of type SecureString
	"digitalocean_container_registry_key": {"name", ""},
}

// terraformFacts reads the resources of one directory.
func terraformFacts(doc *lint.Document) Facts {
	t := &terraform{dir: path.Dir(doc.Path), byAddress: map[string][]*lint.Node{}, byName: map[string]string{}, rotated: map[string]bool{}}
	t.rights = rights{t.dir, &t.facts, t.pattern}
	t.handed = handed{platform: "terraform", dir: t.dir, to: &t.facts, entry: t.entry, seen: map[Use]bool{}}
	resources := doc.Root.Get("resources").List()
	for _, resource := range resources {
		address := resource.Get("address").Str()
		t.byAddress[address] = append(t.byAddress[address], resource)
		if name := entryName(resource); name != "" && resource.Get("mode").Str() == "managed" {
			t.byName[name] = t.slot(resource)
		}
	}
	for _, resource := range resources {
		if resource.Get("type").Str() == "aws_secretsmanager_secret_rotation" {
			t.of = resource
			slot, _ := t.target(resource.Get("values", "secret_id"))
			t.rotated[slot] = true
		}
	}
	for _, resource := range resources {
		t.resource(resource)
	}
	called := map[string]bool{}
	for _, module := range doc.Root.Get("modules").List() {
		reference := module.Get("reference").Str()
		if name := module.Get("name"); name.Str() != "" && !called[reference] {
			called[reference] = true
			t.facts.Workloads = append(t.facts.Workloads, Workload{ID: t.locator(reference), Platform: "terraform", Kind: "module", At: name.Span})
		}
	}
	t.timeRotations(resources)
	t.vaultPolicies(resources)
	t.iamPolicies(resources)
	return t.facts
}

// terraform reads one directory.
type terraform struct {
	dir       string
	byAddress map[string][]*lint.Node // the instances of each resource
	of        *lint.Node              // the resource whose references are followed
	byName    map[string]string       // slots of the entries that the directory makes
	rotated   map[string]bool         // slots of what a resource of its own rotates
	facts     Facts
	rights
	handed handed
}

// slot is what one instance of a resource makes.
func (t *terraform) slot(resource *lint.Node) string {
	return "tf:" + t.dir + "//" + cmp.Or(resource.Get("instance").Str(), resource.Get("address").Str())
}

func (t *terraform) locator(address string) string { return "terraform:" + t.dir + "//" + address }

// at is the resource of an address. References have no keys: of several instances
// the one is meant that has the keys of the resource which refers to it.
func (t *terraform) at(address string) *lint.Node {
	all := t.byAddress[address]
	if len(all) == 0 {
		return nil
	}
	if len(all) > 1 {
		own := keysOf(t.of)
		for _, resource := range all {
			if keys := keysOf(resource); len(keys) > 0 && subset(keys, own) {
				return resource
			}
		}
	}
	return all[0]
}

// keysOf are the keys of an instance, each with what stands in front of it.
func keysOf(resource *lint.Node) []string {
	return instanceKey().FindAllString(resource.Get("instance").Str(), -1)
}

var instanceKey = regex.Lazy(`\[(?:"(?:[^"\\]|\\.)*"|\d+)\]`)

func subset(some, of []string) bool {
	return !slices.ContainsFunc(some, func(key string) bool { return !slices.Contains(of, key) })
}

func (t *terraform) resource(resource *lint.Node) {
	address := resource.Get("address").Str()
	if address == "" {
		return
	}
	t.of = resource
	kind := "resource"
	if resource.Get("mode").Str() != "managed" {
		kind = "data"
	}
	w := &Workload{}
	if t.byAddress[address][0] == resource { // all instances are one workload
		t.facts.Workloads = append(t.facts.Workloads, Workload{ID: t.locator(address), Platform: "terraform", Kind: kind, At: span(resource.Get("name"))})
		w = &t.facts.Workloads[len(t.facts.Workloads)-1]
	}
	if kind == "data" {
		t.reads(resource)
		return
	}
	before := len(t.facts.Rotations)
	t.object(resource)
	t.copies(resource)
	t.rotation(resource)
	t.lifetimes(resource)
	t.grants(resource)
	t.tokens(resource)
	t.handed.resource(t.locator(address), resource.Get("values"), span(resource.Get("name")))
	t.runsAs(w, resource.Get("values"))
	if rotations := t.facts.Rotations[before:]; len(rotations) > 0 {
		w.Kind, w.Schedule, w.StartedAt = "rotation", rotations[0].Interval, rotations[0].At
	}
}

func (t *terraform) object(resource *lint.Node) {
	values := resource.Get("values")
	typ := resource.Get("type").Str()
	store, isStore := storeResources[typ]
	if !isStore || typ == "aws_ssm_parameter" && values.Get("type").Str() != "SecureString" {
		return
	}
	key := encryptionKey(typ, values)
	t.facts.Objects = append(t.facts.Objects, Object{
		Slot: t.slot(resource), Name: entryName(resource), Type: typ, StoreType: store.store,
		Encryption: t.encryption(typ, key), EncryptedAt: span(key), Folder: t.dir, Fills: filled(store.store, values), At: span(resource.Get("name")),
	})
}

// filled is the slot that a resource makes where a platform is its own store.
func filled(store string, values *lint.Node) string {
	switch name := values.Get("secret_name").Str(); {
	case store == "github" && name != "" && values.Get("environment").Str() != "":
		return "github-secret:" + values.Get("environment").Text + "/" + strings.ToUpper(name)
	case store == "github" && name != "":
		return "github-secret:" + strings.ToUpper(name)
	case store == "kubernetes":
		metadata := first(values.Get("metadata"))
		if name := metadata.Get("name").Str(); name != "" {
			return "k8s-secret:" + cmp.Or(metadata.Get("namespace").Str(), unnamed) + "/" + name
		}
	}
	return ""
}

// entryName is what an entry is called in its store, "" if that is not known.
func entryName(resource *lint.Node) string {
	values, typ := resource.Get("values"), resource.Get("type").Str()
	name := values.Get(storeResources[typ].name).Str()
	switch typ {
	case "vault_kv_secret_v2":
		if mount := values.Get("mount").Str(); mount != "" && name != "" {
			return strings.Trim(mount, "/") + "/" + strings.Trim(name, "/")
		}
		return ""
	case "vault_generic_secret":
		return foldKV(name)
	}
	return name
}

// encrypting are the resources whose entries are encrypted by a key that they name.
var encrypting = []string{"aws_secretsmanager_secret", "aws_ssm_parameter", "google_secret_manager_secret"}

// encryptionKey is the attribute that names the key, nil if none is named.
func encryptionKey(typ string, values *lint.Node) *lint.Node {
	switch typ {
	case "aws_secretsmanager_secret":
		return values.Get("kms_key_id")
	case "aws_ssm_parameter":
		return values.Get("key_id")
	case "google_secret_manager_secret":
		replication := first(values.Get("replication"))
		if replica := first(first(replication.Get("user_managed")).Get("replicas")); replica != nil {
			replication = replica
		} else if auto := first(replication.Get("auto")); auto != nil {
			replication = auto
		}
		return first(replication.Get("customer_managed_encryption")).Get("kms_key_name")
	}
	return nil
}

// encryption is "default" where no key is named, managed:KEY for the provider's
// own, customer:KEY for others, and "" where the file does not decide.
func (t *terraform) encryption(typ string, key *lint.Node) string {
	if !slices.Contains(encrypting, typ) {
		return ""
	}
	return t.key(key)
}

func (t *terraform) key(key *lint.Node) string {
	if key == nil || key.Kind == lint.Null {
		return "default"
	}
	name := key.Str()
	if address := t.refersTo(key); address != "" {
		name = address
		for _, attribute := range []string{"name", "alias"} {
			if alias := t.at(address).Get("values", attribute).Str(); strings.HasPrefix(alias, "alias/") {
				name = alias
			}
		}
	}
	switch {
	case name == "":
		return ""
	case strings.Contains(name, "alias/aws/"):
		return "managed:" + name
	}
	return "customer:" + name
}

// first is the first block of a kind: nested blocks are lists.
func first(blocks *lint.Node) *lint.Node {
	if items := blocks.List(); len(items) > 0 {
		return items[0]
	}
	return nil
}

// refersTo is the address of the resource, data source or module that an unknown
// value is an attribute of; "" if it is made of several, or of a variable.
func (t *terraform) refersTo(value *lint.Node) string {
	var names []string
	for _, name := range value.Get("$unknown").List() {
		if !handsOn(name.Str()) {
			names = append(names, name.Str())
		}
	}
	if len(names) != 1 {
		return ""
	}
	return addressOf(names[0])
}

// handsOn holds for the variables and outputs of modules that are called: what is
// meant is what they hand on, if that is known too.
func handsOn(reference string) bool {
	prefix, local := moduleOf(reference)
	return prefix != "" && (strings.HasPrefix(local, "var.") || !strings.Contains(local, "."))
}

// moduleOf takes the modules off the front of an address or a reference.
func moduleOf(reference string) (prefix, local string) {
	local = reference
	for {
		rest, isModule := strings.CutPrefix(local, "module.")
		_, behind, found := strings.Cut(rest, ".")
		if !isModule || !found {
			return reference[:len(reference)-len(local)], local
		}
		local = behind
	}
}

func addressOf(reference string) string {
	prefix, local := moduleOf(reference)
	parts := strings.Split(local, ".")
	length := 2
	if prefix != "" && len(parts) == 1 {
		return strings.TrimSuffix(prefix, ".")
	}
	switch parts[0] {
	case "data", "ephemeral":
		length = 3
	case "var", "local", "each", "count", "self", "path", "terraform":
		return ""
	}
	if len(parts) < length {
		return ""
	}
	return prefix + strings.Join(parts[:length], ".")
}

// target finds the entry that a value names: its slot if this directory makes it,
// and its name if that is known.
func (t *terraform) target(value *lint.Node) (slot, name string) {
	if value.Str() != "" {
		name = secretName(value.Text)
		return t.byName[name], name
	}
	return t.made(t.refersTo(value))
}

// entry is target with the key in the entry, where a text names one.
func (t *terraform) entry(value *lint.Node) (slot, name, key string) {
	if text := value.Str(); text != "" {
		name, key = entryOfText(text)
		return t.byName[name], name, key
	}
	slot, name = t.target(value)
	return slot, name, ""
}

// made follows an address to the entry: a version belongs to its secret, a data
// source names what another may make.
func (t *terraform) made(address string) (slot, name string) {
	for range 3 {
		resource := t.at(address)
		typ := resource.Get("type").Str()
		if resource == nil {
			return "", ""
		}
		if _, isStore := storeResources[typ]; isStore && resource.Get("mode").Str() == "managed" {
			return t.slot(resource), entryName(resource)
		}
		if attribute := readers[typ]; attribute != nil && resource.Get("mode").Str() != "managed" {
			if name := readName(resource); name != "" {
				return t.byName[name], name
			}
			address = t.refersTo(resource.Get("values", attribute[len(attribute)-1]))
			continue
		}
		next := t.refersTo(resource.Get("values", versions[typ]))
		if next == "" {
			if slices.Contains(managing, typ) {
				return t.slot(resource), ""
			}
			return "", ""
		}
		address = next
	}
	return "", ""
}

// versions are the resources that give an entry its value, and the attribute that
// names the entry.
var versions = map[string]string{
	"aws_secretsmanager_secret_version":    "secret_id",
	"google_secret_manager_secret_version": "secret",
}

// readers are the data sources that read an entry, and the attributes that name
// it, the last by itself or behind the mount. Parameters of AWS are none: most
// are no secrets.
var readers = map[string][]string{
	"aws_secretsmanager_secret":                   {"name"},
	"aws_secretsmanager_secret_version":           {"secret_id"},
	"google_secret_manager_secret":                {"secret_id"},
	"google_secret_manager_secret_version":        {"secret"},
	"google_secret_manager_secret_version_access": {"secret"},
	"azurerm_key_vault_secret":                    {"name"},
	"vault_kv_secret":                             {"path"},
	"vault_kv_secret_v2":                          {"mount", "name"},
	"vault_generic_secret":                        {"path"},
}

// readName is the name of the entry that a data source reads, if it stands there.
func readName(resource *lint.Node) string {
	var parts []string
	for _, attribute := range readers[resource.Get("type").Str()] {
		part := strings.Trim(resource.Get("values", attribute).Str(), "/")
		if part == "" {
			return ""
		}
		parts = append(parts, part)
	}
	name := strings.Join(parts, "/")
	switch resource.Get("type").Str() {
	case "vault_generic_secret", "vault_kv_secret":
		return foldKV(name)
	}
	return secretName(name)
}

// describing are the data sources that name an entry without reading its value.
var describing = []string{"aws_secretsmanager_secret", "google_secret_manager_secret"}

// reads adds the use of a data source or ephemeral resource that reads an entry.
func (t *terraform) reads(resource *lint.Node) {
	typ, address := resource.Get("type").Str(), resource.Get("address").Str()
	attributes := readers[typ]
	if attributes == nil || slices.Contains(describing, typ) {
		return
	}
	slot, name := t.made(address)
	if slot == "" && name == "" {
		return
	}
	if slot == "" {
		slot = stored(name)
	}
	at := span(resource.Get("values", attributes[len(attributes)-1]))
	if at.Source == nil {
		at = span(resource.Get("name"))
	}
	t.facts.Uses = append(t.facts.Uses, Use{
		Platform: "terraform", Name: name, Slot: slot, Consumer: t.locator(address), Delivery: "sdk", Confidence: Exact, Environment: t.dir, At: at,
	})
}

// secretName is the name within the ARN of an entry of AWS, without the six
// characters that its store puts behind it, or within the resource name of an
// entry of Google. Other names stay as they are.
func secretName(name string) string {
	if project, secret, found := strings.Cut(name, "/secrets/"); found && strings.HasPrefix(project, "projects/") {
		secret, _, _ = strings.Cut(secret, "/")
		return secret
	}
	parts := strings.SplitN(name, ":", 7)
	if len(parts) < 6 || parts[0] != "arn" {
		return name
	}
	switch {
	case parts[2] == "secretsmanager" && len(parts) == 7 && parts[5] == "secret":
		secret, _, _ := strings.Cut(parts[6], ":") // a key may follow
		return withoutSuffix(secret)
	case parts[2] == "ssm" && strings.HasPrefix(parts[5], "parameter/"):
		parameter := strings.TrimPrefix(parts[5], "parameter/")
		if strings.Contains(parameter, "/") {
			return "/" + parameter // names with folders begin with a slash
		}
		return parameter
	}
	return name
}

func withoutSuffix(name string) string {
	dash := strings.LastIndexByte(name, '-')
	if dash < 0 {
		return name
	}
	suffix := name[dash+1:]
	if suffix == "*" || len(suffix) == 6 && strings.IndexFunc(suffix, func(r rune) bool {
		return r != '?' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0 {
		return name[:dash]
	}
	return name
}
