package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// external reads "secrets": what the runner fetches from other stores. It masks
// the values, and writes them to files unless told not to.
func (g *gitLab) external(n *lint.Node, p place) {
	for _, field := range n.Object() {
		at := p.of(field, "secrets").at("file")
		if file := field.Value.Get("file"); file != nil && file.Text == "false" {
			at.where = "job_env"
		}
		secret := storedSecret(field)
		if secret.Name.Value == "" {
			g.gap(field.Span, "the store of this secret is not understood", "syntax", p)
			secret.Name = Text{Value: field.Key, At: field.Span}
		}
		e := at.exposure(field.Span, secret)
		e.PlatformToken = false
		g.Exposures = append(g.Exposures, e)
	}
}

// gitLabStores are the keys of the stores, and what the model calls them.
var gitLabStores = []struct{ key, store string }{
	{"vault", "vault"},
	{"aws_secrets_manager", "aws_secrets_manager"},
	{"gcp_secret_manager", "gcp_secret_manager"},
	{"azure_key_vault", "azure_key_vault"},
	{"gitlab_secrets_manager", "gitlab_secrets_manager"},
	{"akeyless", "akeyless"},
}

func storedSecret(field lint.Field) Secret {
	for _, s := range gitLabStores {
		n := field.Value.Get(s.key)
		if n == nil {
			continue
		}
		secret := Secret{At: field.Span, Via: n.Via, Store: s.store}
		switch s.store {
		case "vault":
			secret.Name, secret.Group = vaultSecret(n)
		case "aws_secrets_manager":
			secret.Name, secret.Group = awsSecret(n)
		default:
			secret.Name = text(n.Get("name"))
		}
		return secret
	}
	return Secret{At: field.Span}
}

// vaultSecret reads path/to/secret/field@engine, and the long form of it.
func vaultSecret(n *lint.Node) (field, group Text) {
	engine := "kv-v2"
	if n.Kind == lint.Object {
		if path := n.Get("engine", "path"); scalar(path) {
			engine = path.Text
		}
		group = text(n.Get("path"))
		group.Value = engine + "/" + strings.Trim(group.Value, "/")
		return text(n.Get("field")), group
	}
	path, at, found := strings.Cut(n.Str(), "@")
	if found {
		engine = at
	}
	slash := strings.LastIndexByte(path, '/')
	src := newSource(text(n))
	field = Text{Value: path[slash+1:], At: src.part(slash+1, len(path)), Via: n.Via}
	group = Text{Value: engine + "/" + strings.Trim(path[:max(slash, 0)], "/"), At: src.part(0, max(slash, 0)), Via: n.Via}
	return field, group
}

// awsSecret reads id#field, and the long form of it.
func awsSecret(n *lint.Node) (name, group Text) {
	if n.Kind == lint.Object {
		id, field := text(n.Get("secret_id")), text(n.Get("field"))
		if field.Value != "" {
			return field, id
		}
		return id, Text{}
	}
	id, field, found := strings.Cut(n.Str(), "#")
	src := newSource(text(n))
	whole := Text{Value: id, At: src.part(0, len(id)), Via: n.Via}
	if !found {
		return whole, Text{}
	}
	return Text{Value: field, At: src.part(len(id)+1, len(n.Text)), Via: n.Via}, whole
}

// idTokens reads the identity tokens that GitLab signs for a job. They are short
// lived, and masked.
func (g *gitLab) idTokens(n *lint.Node, p place) {
	for _, field := range n.Object() {
		name := Text{Value: field.Key, At: field.Span}
		g.Identities = append(g.Identities, Identity{
			At: field.Span, Address: join(p.address, "id_tokens", field.Key), Job: p.job, Kind: "oidc", Name: name,
			Audiences: texts(field.Value.Get("aud")), Explicit: true, DeclaredAt: "job",
		})
		g.expose(Secret{At: field.Span, Name: name}, true, &lint.Node{Span: field.Span}, p.of(field, "id_tokens").at("job_env"))
	}
}

// token notes the token that each job has. What it may do is a setting.
func (g *gitLab) token(p place) {
	g.Identities = append(g.Identities, Identity{
		At: p.job.At, Address: join(p.address, "identities", "platform_token"), Job: p.job, Kind: "platform_token", Name: Text{Value: "CI_JOB_TOKEN"},
	})
}
