package gitlab

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// external reads "secrets": what the runner fetches from other stores. It masks
// the values, and writes them to files unless told not to.
func (g *collector) external(n *lint.Node, p model.Place) {
	for _, field := range n.Object() {
		at := p.Field(field, "secrets").At("file")
		if file := field.Value.Get("file"); file != nil && file.Text == "false" {
			at.Where = "job_env"
		}
		secret := storedSecret(field)
		if secret.Name.Value == "" {
			g.AddGap(field.Span, "the store of this secret is not understood", "syntax", p)
			secret.Name = model.Text{Value: field.Key, At: field.Span}
		}
		g.Exposures = append(g.Exposures, at.Exposure(field.Span, secret))
	}
}

// stores are the keys of the stores, and what the model calls them.
var stores = []struct{ key, store string }{
	{"vault", "vault"},
	{"aws_secrets_manager", "aws_secrets_manager"},
	{"gcp_secret_manager", "gcp_secret_manager"},
	{"azure_key_vault", "azure_key_vault"},
	{"gitlab_secrets_manager", "gitlab_secrets_manager"},
	{"akeyless", "akeyless"},
}

func storedSecret(field lint.Field) model.Secret {
	for _, s := range stores {
		n := field.Value.Get(s.key)
		if n == nil {
			continue
		}
		secret := model.Secret{At: field.Span, Via: n.Via, Store: s.store}
		switch s.store {
		case "vault":
			secret.Name, secret.Group = vaultSecret(n)
		case "aws_secrets_manager":
			secret.Name, secret.Group = awsSecret(n)
		default:
			secret.Name = model.TextOf(n.Get("name"))
		}
		return secret
	}
	return model.Secret{At: field.Span}
}

// vaultSecret reads path/to/secret/field@engine, and the long form of it.
func vaultSecret(n *lint.Node) (field, group model.Text) {
	engine := "kv-v2"
	if n.Kind == lint.Object {
		if path := n.Get("engine", "path"); model.IsScalar(path) {
			engine = path.Text
		}
		group = model.TextOf(n.Get("path"))
		group.Value = engine + "/" + strings.Trim(group.Value, "/")
		return model.TextOf(n.Get("field")), group
	}
	path, at, found := strings.Cut(n.Str(), "@")
	if found {
		engine = at
	}
	slash := strings.LastIndexByte(path, '/')
	src := model.NewPlacedText(model.TextOf(n))
	field = model.Text{Value: path[slash+1:], At: src.Part(slash+1, len(path)), Via: n.Via}
	group = model.Text{Value: engine + "/" + strings.Trim(path[:max(slash, 0)], "/"), At: src.Part(0, max(slash, 0)), Via: n.Via}
	return field, group
}

// awsSecret reads id#field, and the long form of it.
func awsSecret(n *lint.Node) (name, group model.Text) {
	if n.Kind == lint.Object {
		id, field := model.TextOf(n.Get("secret_id")), model.TextOf(n.Get("field"))
		if field.Value != "" {
			return field, id
		}
		return id, model.Text{}
	}
	id, field, found := strings.Cut(n.Str(), "#")
	src := model.NewPlacedText(model.TextOf(n))
	whole := model.Text{Value: id, At: src.Part(0, len(id)), Via: n.Via}
	if !found {
		return whole, model.Text{}
	}
	return model.Text{Value: field, At: src.Part(len(id)+1, len(n.Text)), Via: n.Via}, whole
}

// idTokens reads the identity tokens that GitLab signs for a job. They are short
// lived, and masked.
func (g *collector) idTokens(n *lint.Node, p model.Place) {
	for _, field := range n.Object() {
		name := model.Text{Value: field.Key, At: field.Span}
		g.Identities = append(g.Identities, model.Identity{
			At: field.Span, Address: model.Join(p.Address, "id_tokens", field.Key), Job: p.Job, Kind: "oidc", Name: name,
			Audiences: model.TextsOf(field.Value.Get("aud")), Explicit: true, DeclaredAt: "job",
		})
		g.expose(model.Secret{At: field.Span, Name: name}, true, &lint.Node{Span: field.Span}, p.Field(field, "id_tokens").At("job_env"))
	}
}

// token notes the token that each job has. What it may do is a setting.
func (g *collector) token(p model.Place) {
	g.Identities = append(g.Identities, model.Identity{
		At: p.Job.At, Address: model.Join(p.Address, "identities", "platform_token"), Job: p.Job, Kind: "platform_token", Name: model.Text{Value: "CI_JOB_TOKEN"},
	})
}
