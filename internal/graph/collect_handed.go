package graph

import (
	"cmp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// handed finds what resources of infrastructure code tell a platform to hand on:
// entries of stores that it reads itself and gives to a container, a build, a
// setting.
type handed struct {
	platform, dir string
	to            *Facts
	// entry is the slot and the name of the entry that a value means, and the key in it.
	entry func(*lint.Node) (slot, name, key string)

	consumer string       // the resource that is read
	seen     map[Use]bool // instances of one resource mostly get the same
}

// maxHanded bounds the uses of one resource.
const maxHanded = 1_000

// resource reads the values of one. Parts without a place stand where the next
// one around them does.
func (h handed) resource(consumer string, values *lint.Node, at lint.Span) {
	h.consumer = consumer
	before := len(h.to.Uses)
	var walk func(n *lint.Node, at lint.Span, depth int)
	walk = func(n *lint.Node, at lint.Span, depth int) {
		if n == nil || depth > maxHandedDepth || len(h.to.Uses)-before > maxHanded {
			return
		}
		if n.Span.Source != nil {
			at = n.Span
		}
		if n.Get("$unknown") != nil {
			h.reference(n, at)
			return
		}
		h.container(n, at)
		h.reference(n, at)
		for _, field := range n.Object() {
			if field.Key == "RuntimeEnvironmentSecrets" || field.Key == "runtime_environment_secrets" {
				h.named(field.Value)
				continue
			}
			walk(field.Value, at, depth+1)
		}
		for _, item := range n.List() {
			walk(item, at, depth+1)
		}
	}
	walk(values, at, 0)
}

const maxHandedDepth = 100

// container reads an item of a list of variables whose values a platform fetches:
// of a task, a build, an app.
func (h handed) container(n *lint.Node, at lint.Span) {
	field := func(names ...string) *lint.Node {
		for _, name := range names {
			if value := n.Get(name); value != nil {
				return value
			}
		}
		return nil
	}
	name := field("Name", "name").Str()
	switch kind := field("Type", "type").Str(); {
	case name == "":
	case field("ValueFrom", "valueFrom") != nil:
		h.add(name, "env", field("ValueFrom", "valueFrom"), at)
	case kind == "SECRETS_MANAGER" || kind == "PARAMETER_STORE":
		h.add(name, "env", field("Value", "value"), at)
	case field("keyVaultUrl", "key_vault_secret_id") != nil: // of a container app; its containers give it a variable
		h.add("", "env", field("keyVaultUrl", "key_vault_secret_id"), at)
	case first(first(field("value_source")).Get("secret_key_ref")) != nil:
		h.add(name, "env", first(first(field("value_source")).Get("secret_key_ref")).Get("secret"), at)
	}
}

// named reads variables and where their values are, as a mapping or as pairs.
func (h handed) named(variables *lint.Node) {
	for _, field := range variables.Object() {
		h.add(field.Key, "env", field.Value, field.Span)
	}
	for _, pair := range variables.List() {
		h.add(pair.Get("Name").Str(), "env", pair.Get("Value"), span(pair))
	}
}

var (
	ssmVersion        = regex.Lazy(`^([^:]+):\d+$`)
	dynamicReference  = regex.Lazy(`^resolve:(?:secretsmanager|ssm-secure):(.+)$`)
	keyVaultReference = regex.Lazy(`^@Microsoft\.KeyVault\((?:SecretUri=(.+?)|.*\bSecretName=([^;)]+).*)\)$`)
)

// reference reads a text that a cloud replaces by the value of an entry.
func (h handed) reference(n *lint.Node, at lint.Span) {
	for _, written := range n.Get("$unknown").List() {
		if found := dynamicReference().FindStringSubmatch(written.Str()); found != nil {
			name, key, _ := strings.Cut(found[1], ":SecretString")
			h.use("", "sdk", lint.NewString(ssmVersion().ReplaceAllString(name, "$1"), lint.Span{}), strings.Split(key+"::", ":")[1], at)
		}
		if name, fetched := strings.CutPrefix(written.Str(), "keyVault."); fetched {
			h.add("", "input", lint.NewString(name, lint.Span{}), at)
		}
	}
	text := n.Str()
	if text == "" {
		text = n.Get("$text").Str()
	}
	if found := keyVaultReference().FindStringSubmatch(text); found != nil {
		h.add("", "env", lint.NewString(cmp.Or(found[1], found[2]), lint.Span{}), at)
	}
}

func (h handed) add(variable, delivery string, from *lint.Node, at lint.Span) {
	h.use(variable, delivery, from, "", at)
}

func (h handed) use(variable, delivery string, from *lint.Node, part string, at lint.Span) {
	if from == nil {
		return
	}
	slot, name, key := h.entry(from)
	if slot == "" && name == "" {
		return
	}
	key = cmp.Or(part, key)
	if from.Span.Source != nil {
		at = from.Span
	}
	use := Use{
		Platform: h.platform, Name: object(name, key), Slot: cmp.Or(slot, stored(object(name, key))), Consumer: h.consumer, Delivery: delivery,
		Variable: variable, Confidence: Exact, Environment: h.dir, At: at,
	}
	if !h.seen[use] {
		h.seen[use] = true
		h.to.Uses = append(h.to.Uses, use)
	}
}

// entryOfText is the name of the entry that an ARN, an address or a name means, and
// the key in it.
func entryOfText(text string) (name, key string) {
	switch {
	case strings.HasPrefix(text, "https://"):
		_, rest, _ := strings.Cut(text, "/secrets/")
		name, _, _ = strings.Cut(rest, "/")
		return name, ""
	case strings.HasPrefix(text, "arn:"):
		parts := strings.SplitN(text, ":", 9)
		if len(parts) > 7 && parts[2] == "secretsmanager" {
			key = parts[7]
		}
		if name = secretName(text); name == text {
			return "", ""
		}
		return name, key
	}
	return secretName(text), ""
}
