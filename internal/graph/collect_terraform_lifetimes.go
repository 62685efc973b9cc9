package graph

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// ttls are the attributes of Vault's resources that say how long something is
// valid, and what it is.
var ttls = []struct{ attribute, kind string }{
	{"default_ttl", "lease"}, {"max_ttl", "lease"}, {"ttl", "lease"},
	{"default_lease_ttl_seconds", "lease"}, {"max_lease_ttl_seconds", "lease"},
	{"token_ttl", "token"}, {"token_max_ttl", "token"}, {"token_explicit_max_ttl", "token"},
	{"token_default_ttl", "token"}, {"secret_id_ttl", "token"},
	{"default_sts_ttl", "session"}, {"max_sts_ttl", "session"},
}

// issued is what stands between the mount and the role in the path at which Vault
// issues a credential.
var issued = map[string]string{
	"vault_database_secret_backend_role":     "creds",
	"vault_aws_secret_backend_role":          "creds",
	"vault_azure_secret_backend_role":        "creds",
	"vault_consul_secret_backend_role":       "creds",
	"vault_kubernetes_secret_backend_role":   "creds",
	"vault_ldap_secret_backend_dynamic_role": "creds",
	"vault_nomad_secret_role":                "creds",
	"vault_rabbitmq_secret_backend_role":     "creds",
	"vault_pki_secret_backend_role":          "issue",
	"vault_ssh_secret_backend_role":          "sign",
}

// lifetimes adds how long what a resource issues is valid. Zero leaves it to the
// system.
func (t *terraform) lifetimes(resource *lint.Node) {
	typ, values := resource.Get("type").Str(), resource.Get("values")
	l := Lifetime{Slot: t.slot(resource)}
	switch {
	case typ == "aws_iam_role":
		l.Path = values.Get("name").Str()
		t.lifetime(l, "session", values.Get("max_session_duration"), numberOf)
	case typ == "aws_ssoadmin_permission_set":
		l.Path = values.Get("name").Str()
		t.lifetime(l, "session", values.Get("session_duration"), func(n *lint.Node) int64 { return isoSeconds(n.Str()) })
	case strings.HasPrefix(typ, "vault_"):
		l.Path = t.vaultPath(typ, values)
		for _, ttl := range ttls {
			t.lifetime(l, ttl.kind, values.Get(ttl.attribute), durationOf)
		}
		tune := first(values.Get("tune"))
		t.lifetime(l, "token", tune.Get("default_lease_ttl"), durationOf)
		t.lifetime(l, "token", tune.Get("max_lease_ttl"), durationOf)
	}
}

func (t *terraform) lifetime(l Lifetime, kind string, ttl *lint.Node, read func(*lint.Node) int64) {
	if ttl == nil {
		return
	}
	if l.Kind, l.Seconds, l.At = kind, read(ttl), ttl.Span; l.Seconds > 0 {
		t.facts.Lifetimes = append(t.facts.Lifetimes, l)
	}
}

// vaultPath is where Vault issues the credential: the path of a mount, mount/role
// of a way to log in, mount/creds/role of an engine. It is "" if not known.
func (t *terraform) vaultPath(typ string, values *lint.Node) string {
	role := values.Get("name").Str()
	if role == "" {
		role = values.Get("role_name").Str()
	}
	if role == "" {
		role = values.Get("role").Str()
	}
	if typ == "vault_mount" || role == "" {
		return strings.Trim(values.Get("path").Str(), "/")
	}
	mount := t.backend(values)
	if values.Get("backend") == nil && values.Get("mount") == nil {
		mount = defaultMounts[typ]
	}
	if mount == "" {
		return ""
	}
	return path.Join(mount, issued[typ], role)
}

// defaultMounts are those of ways to log in that need not name one.
var defaultMounts = map[string]string{
	"vault_kubernetes_auth_backend_role": "kubernetes",
	"vault_approle_auth_backend_role":    "approle",
	"vault_jwt_auth_backend_role":        "jwt",
	"vault_aws_auth_backend_role":        "aws",
	"vault_gcp_auth_backend_role":        "gcp",
	"vault_azure_auth_backend_role":      "azure",
}

// backend is the mount that a role belongs to. A way to log in is mounted under
// the name of its type unless it says otherwise.
func (t *terraform) backend(values *lint.Node) string {
	for _, attribute := range []string{"backend", "mount"} {
		backend := values.Get(attribute)
		if backend.Str() != "" {
			return strings.Trim(backend.Text, "/")
		}
		made := t.at(t.refersTo(backend)).Get("values")
		for _, name := range []string{"path", "type"} {
			if made.Get(name).Str() != "" {
				return strings.Trim(made.Get(name).Str(), "/")
			}
		}
	}
	return ""
}
