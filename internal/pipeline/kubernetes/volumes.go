package kubernetes

import (
	"path"
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// volume is a Secret that stands in files.
type volume struct {
	at    *lint.Node // what names it
	name  *lint.Node
	items *lint.Node // the keys that are there, nil if all
	store string
}

// volumes reads those of a pod that are made of secrets, by name.
func (c *cluster) volumes(list *lint.Node) map[string][]volume {
	all := map[string][]volume{}
	for _, n := range list.List() {
		if found := volumeOf(n); len(found) > 0 {
			all[n.Get("name").Str()] = found
		}
	}
	return all
}

func volumeOf(n *lint.Node) []volume {
	var all []volume
	add := func(at, name, items *lint.Node, store string) {
		if name.Str() != "" {
			all = append(all, volume{at, name, items, store})
		}
	}
	secret := n.Get("secret")
	add(secret, secret.Get("secretName"), secret.Get("items"), "kubernetes")
	for _, source := range n.Get("projected", "sources").List() {
		part := source.Get("secret")
		add(part, part.Get("name"), part.Get("items"), "kubernetes")
	}
	csi := n.Get("csi")
	if csi.Get("driver").Str() == "secrets-store.csi.k8s.io" {
		add(csi, csi.Get("volumeAttributes", "secretProviderClass"), nil, "secret_provider_class")
	}
	return all
}

// mounts reads where the volumes of a container stand.
func (c *cluster) mounts(k container, step model.Step, p model.Place) {
	p = p.At("file")
	for _, mount := range k.list("volumeMounts") {
		for _, v := range k.volumes[mount.Get("name").Str()] {
			folder, _ := c.fill(model.TextOf(mount.Get("mountPath")))
			at := p
			at.Address = model.Join(p.Address, "mounts", mount.Get("name").Str())
			if file := mount.Get("subPath"); model.IsScalar(file) {
				c.exposeFile(v, model.TextOf(file), folder.Value, at)
			} else if !c.readsFrom(v, folder.Value, step, at) {
				c.exposeFile(v, model.Text{}, folder.Value, at)
			}
		}
	}
}

// readsFrom notes the files of a volume that a script names, and says whether it
// names any.
func (c *cluster) readsFrom(v volume, folder string, step model.Step, p model.Place) bool {
	if folder == "" || !strings.Contains(step.Script.Value, folder) {
		return false
	}
	src, seen := model.NewPlacedText(step.Script), map[string]bool{}
	file := regexp.MustCompile(regexp.QuoteMeta(strings.TrimSuffix(folder, "/")) + `/([\w.-]*\w)`)
	for _, m := range file.FindAllStringSubmatchIndex(step.Script.Value, model.MaxPaths) {
		name := step.Script.Value[m[2]:m[3]]
		if !seen[name] && v.has(name) {
			seen[name] = true
			at := p
			at.Address = model.Join(p.Address, name)
			c.exposeFile(v, model.Text{Value: name, At: src.Part(m[2], m[3])}, path.Join(folder, name), at)
		}
	}
	return len(seen) > 0
}

func (v volume) has(file string) bool {
	for _, item := range v.items.List() {
		if item.Get("path").Str() == file {
			return true
		}
	}
	return len(v.items.List()) == 0
}

// exposeFile notes a file, or a folder of them, that the steps find. Items may
// give the file of a key another name.
func (c *cluster) exposeFile(v volume, file model.Text, path string, p model.Place) {
	secret := c.secret(v.at.Span, v.name, nil)
	secret.Store, secret.Name = v.store, file
	for _, item := range v.items.List() {
		if file.Value != "" && item.Get("path").Str() == file.Value {
			secret.Name = model.TextOf(item.Get("key"))
		}
	}
	if file.At.Source != nil && secret.Name.At == file.At {
		secret.Via = append(secret.Via, lint.Step{Message: "its file is named here", Span: file.At})
	}
	first := len(c.Exposures)
	c.expose(v.at.Span, secret, p)
	c.Exposures[first].Path = path
}

// secretRefs notes the keys of Secrets that are named anywhere below. What stands
// in the pods of a workflow is read with them.
func (c *cluster) secretRefs(n *lint.Node, p model.Place) {
	if n == nil {
		return
	}
	n.Walk(func(at lint.Path, n *lint.Node) bool {
		if len(at) > 0 {
			switch key, _ := at[len(at)-1].(string); {
			case key == "resource" || strings.HasSuffix(strings.ToLower(strings.TrimSuffix(key, "KeyRef")), "configmap"):
				return false
			}
		}
		for _, names := range [][2]string{{"secretName", "secretKey"}, {"name", "key"}} {
			if model.IsScalar(n.Get(names[0])) && model.IsScalar(n.Get(names[1])) && len(c.Exposures) < model.MaxSteps {
				here := p
				here.Address = model.Join(p.Address, n.Get(names[0]).Text)
				c.expose(n.Span, c.secret(n.Span, n.Get(names[0]), n.Get(names[1])), here)
			}
		}
		return true
	})
}
