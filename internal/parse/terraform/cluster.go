package terraform

import (
	"encoding/json"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// kinds are the objects of Kubernetes that resources of its provider make, by their type
// without the version. Secrets and config maps are no part of it: what their values are made
// of, policies on Terraform know better.
var kinds = map[string]string{
	"cluster_role": "ClusterRole", "cluster_role_binding": "ClusterRoleBinding", "role": "Role", "role_binding": "RoleBinding",
	"default_service_account": "ServiceAccount", "service_account": "ServiceAccount",
	"cron_job": "CronJob", "daemon_set": "DaemonSet", "daemonset": "DaemonSet", "deployment": "Deployment", "job": "Job", "pod": "Pod",
	"replication_controller": "ReplicationController", "stateful_set": "StatefulSet",
}

// several are blocks that stand for items of a list, with the name that the list has.
var several = map[string]string{
	"container": "containers", "env": "env", "env_from": "envFrom", "init_container": "initContainers", "rule": "rules", "sources": "sources",
	"subject": "subjects", "volume": "volumes", "volume_mount": "volumeMounts",
}

var versioned = regex.Lazy(`_v[0-9]+(?:(?:alpha|beta)[0-9]+)?$`)

// ofCluster gives the objects of Kubernetes that resources make, in the words of Kubernetes, for
// its policies. What instances have in common is said once.
func ofCluster(doc *lint.Document) []*lint.Document {
	var docs []*lint.Document
	seen := map[string]bool{}
	for _, resource := range doc.Root.Get("resources").List() {
		object := manifest(resource)
		if object == nil || resource.Get("mode").Str() != "managed" {
			continue
		}
		text, err := json.Marshal(object.Plain())
		key := object.Span.Location().String() + string(text)
		if err != nil || seen[key] {
			continue
		}
		seen[key] = true
		docs = append(docs, &lint.Document{
			Platform: "kubernetes", Path: resource.Span.Source.Path, Name: resource.Get("address").Str(), Root: object, Again: true,
		})
	}
	return docs
}

func manifest(resource *lint.Node) *lint.Node {
	provider, name, _ := strings.Cut(resource.Get("type").Str(), "_")
	values := resource.Get("values")
	if provider != "kubernetes" && provider != "kubectl" || values == nil || resource.Span.Source == nil {
		return nil
	}
	if name == "manifest" {
		whole := values.Get("manifest")
		if provider == "kubectl" {
			whole = values.Get("yaml_body$json")
		}
		if kind := whole.Get("kind").Str(); kind == "Secret" || kind == "ConfigMap" {
			return nil
		}
		return whole
	}
	name = versioned().ReplaceAllString(name, "")
	kind := kinds[name]
	if kind == "" {
		return nil
	}
	made := inWordsOfKubernetes(values)
	made.Set("kind", lint.Span{}, lint.NewString(kind, resource.Span))
	if metadata := made.Get("metadata"); metadata != nil && name == "default_service_account" {
		metadata.Set("name", lint.Span{}, lint.NewString("default", metadata.Span))
	}
	return made
}

// inWordsOfKubernetes writes a block as the API does: names in camel case, a block that can
// stand once as an object. Maps and lists of texts are as they are. The literal values of
// variables are left to the policies on Terraform.
func inWordsOfKubernetes(block *lint.Node) *lint.Node {
	made := lint.NewObject(block.Span)
	made.Via = block.Via
	for _, field := range block.Fields {
		blocks := field.Value.Kind == lint.List && len(field.Value.Items) > 0
		for _, item := range field.Value.List() {
			blocks = blocks && item.Kind == lint.Object && item.Get("$unknown") == nil
		}
		switch list := several[field.Key]; {
		case !blocks:
			made.Set(camel(field.Key), field.Span, field.Value)
		case list == "":
			made.Set(camel(field.Key), field.Span, inWordsOfKubernetes(field.Value.Items[0]))
		default:
			items := lint.NewList(field.Value.Span)
			for _, item := range field.Value.Items {
				item = inWordsOfKubernetes(item)
				if list == "env" {
					item.Remove("value")
				}
				items.Items = append(items.Items, item)
			}
			made.Set(list, field.Span, items)
		}
	}
	return made
}

// camel is a name as the API writes it: host_path is hostPath.
func camel(name string) string {
	switch name {
	case "host_ipc", "host_pid":
		return "host" + strings.ToUpper(strings.TrimPrefix(name, "host_"))
	}
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
