// Package graph joins the documents of a repository into one more: which
// secrets are declared, which are used, by whom, where and how. Names are
// resolved and chains are closed here; what is right and wrong about them is
// the business of policies/graph.
package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// Platform is the platform of the joined document.
const Platform = "graph"

// Collect reads the facts of a document.
func Collect(doc *lint.Document) Facts {
	var facts Facts
	switch doc.Platform {
	case "contract":
		c := contract.FromDocument(doc)
		facts.Contract = &c
	case "catalog":
		c := contract.CatalogFrom(doc)
		facts.Catalog = &c
	case "pipeline":
		facts.Uses = pipelineUses(doc)
	case "kubernetes":
		facts = kubernetesFacts(doc)
	case "compose":
		facts.Uses = composeUses(doc)
	case "dockerfile":
		facts.Uses = dockerfileUses(doc)
	case "terraform":
		facts.Objects = terraformObjects(doc)
	case "code":
		facts.Readers = codeReaders(doc)
	}
	facts.detach()
	return facts
}

func (f *Facts) detach() {
	for i := range f.Uses {
		f.Uses[i].At = f.Uses[i].At.Detach()
	}
	for i := range f.Objects {
		f.Objects[i].At = f.Objects[i].At.Detach()
	}
	for i := range f.Supplies {
		f.Supplies[i].At = f.Supplies[i].At.Detach()
	}
}

// deliveries say how a secret of a pipeline arrives, by where it is exposed.
var deliveries = map[string]string{
	"pipeline_env": "env", "job_env": "env", "step_env": "env", "container_env": "env",
	"input": "input", "forwarded": "input", "container_credential": "input",
	"inline": "cli-arg", "build_arg": "build-arg", "output": "input", "setting": "input",
}

func pipelineUses(doc *lint.Document) []Use {
	var uses []Use
	caller := doc.Root.Get("kind").Str() == "workflow"
	for _, exposure := range doc.Root.Get("exposures").List() {
		secret := exposure.Get("secret")
		delivery := deliveries[exposure.Get("at").Str()]
		if isTrue(exposure.Get("platform_token")) || delivery == "" {
			continue
		}
		use := Use{
			Platform: "github", Name: secret.Get("name").Str(), Delivery: delivery, Confidence: Exact, At: secret.Span,
			Scope: exposure.Get("environment").Str(), Environment: exposure.Get("environment").Str(),
		}
		switch {
		case use.Name == "":
			use.Confidence = Wildcard
		case !caller || isTrue(secret.Get("parameter")): // the name is a parameter of a called pipeline or a component
			use.Confidence = Derived
		}
		if strings.Contains(use.Environment, "${{") {
			use.Environment, use.Scope = "", ""
		}
		if name := secret.Get("name"); name != nil && name.Span.Source != nil {
			use.At = name.Span
		}
		use.Slot = "github-secret:" + use.Name
		uses = append(uses, forJobs(use, doc, exposure.Get("job").Str())...)
	}
	return uses
}

// forJobs gives a use its consumer. What the whole pipeline gets, each of its
// jobs gets.
func forJobs(use Use, doc *lint.Document, job string) []Use {
	file := "github:" + doc.Path
	jobs := doc.Root.Get("jobs").List()
	if job != "" || len(jobs) == 0 {
		use.Consumer = strings.TrimSuffix(file+"#"+job, "#")
		return []Use{use}
	}
	var uses []Use
	for _, j := range jobs {
		use.Consumer = file + "#" + j.Get("id").Str()
		uses = append(uses, use)
	}
	return uses
}

func isTrue(n *lint.Node) bool { return n != nil && n.Kind == lint.Bool && n.Text == "true" }

func composeUses(doc *lint.Document) []Use {
	var uses []Use
	for _, service := range doc.Root.Get("services").Object() {
		consumer := "compose:" + doc.Path + "#" + service.Key
		granted := service.Value.Get("secrets").List()
		building := service.Value.Get("build", "secrets").List()
		for i, item := range slices.Concat(granted, building) {
			name := item.Str()
			if name == "" {
				name = item.Get("source").Str()
			}
			if name == "" {
				continue
			}
			delivery := "file"
			if i >= len(granted) {
				delivery = "build-secret"
			}
			uses = append(uses, Use{
				Platform: "compose", Name: name, Slot: "compose-secret:" + doc.Path + "#" + name,
				Consumer: consumer, Delivery: delivery, Confidence: Exact, At: item.Span,
			})
		}
	}
	return uses
}

func dockerfileUses(doc *lint.Document) []Use {
	var uses []Use
	for _, stage := range doc.Root.Get("stages").List() {
		for _, instruction := range stage.Get("instructions").List() {
			for _, flag := range instruction.Get("flags").List() {
				id := mountedSecret(flag.Get("value").Str())
				if flag.Get("name").Str() != "mount" || id == "" {
					continue
				}
				uses = append(uses, Use{
					Platform: "docker", Name: id, Slot: "docker-secret:" + id, Consumer: "docker:" + doc.Path,
					Delivery: "file", Confidence: Exact, At: flag.Get("value").Span,
				})
			}
		}
	}
	return uses
}

// mountedSecret reads the id of type=secret,id=npm,target=/x. Without an id,
// BuildKit takes the base name of the target.
func mountedSecret(options string) string {
	fields := map[string]string{}
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(option), "=")
		fields[strings.ToLower(key)] = value
	}
	if fields["type"] != "secret" {
		return ""
	}
	for _, key := range []string{"id", "target", "destination", "dst"} {
		if fields[key] != "" {
			return path.Base(fields[key])
		}
	}
	return ""
}

// storeResources are the resources that make an entry of a secret store, and the
// attribute that names it there.
var storeResources = map[string]string{
	"aws_secretsmanager_secret":           "name",
	"google_secret_manager_secret":        "secret_id",
	"azurerm_key_vault_secret":            "name",
	"vault_kv_secret_v2":                  "name",
	"vault_generic_secret":                "path",
	"github_actions_secret":               "secret_name",
	"github_actions_environment_secret":   "secret_name",
	"github_actions_organization_secret":  "secret_name",
	"kubernetes_secret":                   "",
	"kubernetes_secret_v1":                "",
	"doppler_secret":                      "name",
	"aws_ssm_parameter":                   "name", // only of type SecureString
	"digitalocean_container_registry_key": "name",
}

func terraformObjects(doc *lint.Document) []Object {
	var objects []Object
	for _, resource := range doc.Root.Get("resources").List() {
		attribute, isStore := storeResources[resource.Get("type").Str()]
		managed := resource.Get("mode").Str() == "managed"
		plain := resource.Get("type").Str() == "aws_ssm_parameter" && resource.Get("values", "type").Str() != "SecureString"
		if !isStore || !managed || plain {
			continue
		}
		dir := path.Dir(doc.Path)
		objects = append(objects, Object{
			Slot: "tf:" + dir + "//" + resource.Get("address").Str(), Name: resource.Get("values", attribute).Str(),
			Type: resource.Get("type").Str(), Folder: dir, At: resource.Get("name").Span,
		})
	}
	return objects
}
