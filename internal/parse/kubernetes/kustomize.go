package kubernetes

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// kustomization reads what a kustomization says beside its own entries: patches that stand
// in it are objects, as those in files are. Overlays are not built. What is fetched from
// elsewhere, or stands nowhere, is a gap.
func (f *file) kustomization(root *lint.Node) {
	f.named(root)
	for _, generator := range root.Get("secretGenerator").List() {
		f.generated(generator)
	}
	for _, list := range []string{"helmCharts", "helmChartInflationGenerator"} {
		for _, entry := range root.Get(list).List() {
			f.gap(firstLine(entry.Span), "not rendered: kustomize would fetch the chart")
		}
	}
	for _, list := range []string{"generators", "transformers", "validators"} {
		for _, entry := range root.Get(list).List() {
			f.inline(entry, nil, f.read)
		}
	}
	for _, list := range []string{"patches", "patchesJson6902"} {
		for _, entry := range root.Get(list).List() {
			target := f.target(root, entry.Get("target"))
			f.inline(entry.Get("patch"), target, f.add)
			f.patchFile(entry.Get("path"), target)
		}
	}
	for _, entry := range root.Get("patchesStrategicMerge").List() {
		f.inline(entry, nil, f.add)
	}
}

// named looks at what a kustomization is built of: files and folders, all of which are
// judged for themselves if they are in the repository.
func (f *file) named(root *lint.Node) {
	for _, list := range []string{"resources", "bases", "components", "crds", "patchesStrategicMerge", "generators", "transformers", "validators"} {
		field := root.Field(list)
		switch {
		case field == nil, field.Value.Kind == lint.Null:
			continue
		case field.Value.Kind != lint.List:
			f.findings = append(f.findings, field.Span.Report(lint.SyntaxError, list+" has to be a list"))
		}
		for _, entry := range field.Value.List() {
			switch {
			case entry.Str() == "":
				f.findings = append(f.findings, entry.Span.Report(lint.SyntaxError, "an entry of "+list+" has to be the name of a file or folder"))
			case remote().MatchString(entry.Text):
				f.gap(entry.Span, "not followed: what stands there is not in this repository")
			case !strings.Contains(entry.Text, "\n"):
				f.follow(entry)
			}
		}
	}
	for _, replacement := range root.Get("replacements").List() {
		if name := replacement.Get("path"); name.Str() != "" {
			f.follow(name)
		}
	}
	for _, generator := range root.Get("configMapGenerator").List() { // of Secrets, it is well that their files are not here
		for _, entry := range slices.Concat(generator.Get("files").List(), generator.Get("envs").List(), []*lint.Node{generator.Get("env")}) {
			if entry.Str() != "" {
				_, name, keyed := strings.Cut(entry.Text, "=")
				if !keyed {
					name = entry.Text
				}
				f.present(entry, path.Join(path.Dir(f.src.Path), name))
			}
		}
	}
}

// follow goes the way that a name leads by folders of kustomizations. One that leads to
// where it came from, or to a folder around that, kustomize refuses.
func (f *file) follow(entry *lint.Node) {
	own := path.Dir(f.src.Path)
	next, seen := []string{path.Join(own, entry.Text)}, map[string]bool{}
	if !f.present(entry, next[0]) {
		return
	}
	for len(next) > 0 && len(seen) < maxFolders {
		folder := next[0]
		if next = next[1:]; seen[folder] {
			continue
		}
		seen[folder] = true
		src := kustomizationIn(f.files, folder)
		if src == nil {
			continue
		}
		if folder == own || folder == "." || strings.HasPrefix(own, folder+"/") {
			f.findings = append(f.findings, entry.Span.Report(lint.Circular, "the kustomization rests on itself, by way of "+entry.Text))
			return
		}
		roots, _ := yaml.Read(src)
		for _, root := range roots {
			for _, list := range []string{"resources", "bases", "components"} {
				for _, name := range root.Get(list).List() {
					if name.Str() != "" {
						next = append(next, path.Join(folder, name.Text))
					}
				}
			}
		}
	}
}

// maxFolders bounds how many kustomizations are read to see whether one rests on itself.
const maxFolders = 200

// present says whether a file or folder is there to be judged, and puts on record if not.
func (f *file) present(entry *lint.Node, name string) bool {
	switch {
	case f.files == nil:
		return false
	case path.IsAbs(entry.Text), name == "..", strings.HasPrefix(name, "../"):
		f.gap(entry.Span, "not followed: what stands there is outside of this repository")
	case f.files(name) != nil, kustomizationIn(f.files, name) != nil:
		return true
	case f.files(name+"/") != nil:
		f.gap(entry.Span, "not followed: the folder has no kustomization")
	default:
		f.gap(entry.Span, "not followed: what stands there is not in this repository")
	}
	return false
}

func kustomizationIn(files func(string) *lint.Source, folder string) *lint.Source {
	for _, name := range kustomizations {
		if src := files(path.Join(folder, name)); src != nil {
			return src
		}
	}
	return nil
}

// generated puts beside the names of files what a Secret is made of by them, as far as they
// stand in the repository and are not encrypted: {"key", "text"} each.
func (f *file) generated(generator *lint.Node) {
	if f.files == nil || generator.Kind != lint.Object {
		return
	}
	all := lint.NewList(lint.Span{})
	add := func(key string, text *lint.Node) {
		entry := lint.NewObject(lint.Span{})
		entry.Set("key", lint.Span{}, lint.NewString(key, lint.Span{}))
		entry.Set("text", lint.Span{}, text)
		all.Items = append(all.Items, entry)
	}
	open := func(name string) *lint.Source {
		if name == "" {
			return nil
		}
		src := f.files(path.Join(path.Dir(f.src.Path), name))
		if src == nil || encrypted().Match(src.Data) {
			return nil
		}
		return src
	}
	for _, entry := range generator.Get("files").List() {
		key, name, named := strings.Cut(entry.Str(), "=")
		if !named {
			key, name = path.Base(key), key
		} else if path.Ext(key) == "" {
			key += path.Ext(name) // says whether it is a file of settings
		}
		if src := open(name); src != nil {
			if line := lint.Line(src); line != nil {
				add(key, line)
			}
		}
	}
	for _, entry := range append(generator.Get("envs").List(), generator.Get("env")) {
		if src := open(entry.Str()); src != nil {
			for _, at := range setting().FindAllSubmatchIndex(src.Data, maxSettings) {
				add(string(src.Data[at[2]:at[3]]), lint.NewString(string(src.Data[at[4]:at[5]]), lint.Span{Source: src, Start: at[4], End: at[5]}))
			}
		}
	}
	if len(all.Items) > 0 {
		generator.Set("$read", lint.Span{}, all)
	}
}

// maxSettings bounds what is read of one file of variables.
const maxSettings = 1_000

var (
	setting   = regex.Lazy(`(?m)^[ \t]*([A-Za-z_][A-Za-z0-9_.-]*)=([^\r\n]+?)[ \t]*\r?$`)
	encrypted = regex.Lazy(`ENC\[AES256_GCM|^\$ANSIBLE_VAULT|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)`)
)

// patchFile reads a file of changes to objects of a kind. Files of objects are read for
// themselves.
func (f *file) patchFile(name, target *lint.Node) {
	if name.Str() == "" || f.files == nil {
		return
	}
	src := f.files(path.Join(path.Dir(f.src.Path), name.Text))
	if src == nil {
		f.gap(name.Span, "not judged: the patch is not in this repository")
		return
	}
	roots, wrong := yaml.Read(src)
	if len(wrong) > 0 {
		f.gap(name.Span, "not judged: the patch is no YAML")
		return
	}
	for _, root := range roots {
		if root.Kind == lint.List {
			f.docs = append(f.docs, document(changed(root, target), src))
		}
	}
}

// remote is what kustomize fetches: a URL, a repository of a host, a branch of one.
var remote = regex.Lazy(`^(?:[a-z+]+://|git@|git::|(?:github\.com|gitlab\.com|bitbucket\.org)[/:])|\?(?:.*&)?ref=`)

func (f *file) gap(at lint.Span, message string) {
	f.gaps = append(f.gaps, lint.Gap{Location: at.Location(), Message: message})
}

// inline reads the YAML in a text: an object, or changes to a target.
func (f *file) inline(text, target *lint.Node, each func(*lint.Node)) {
	if !strings.Contains(text.Str(), "\n") && !strings.HasPrefix(text.Str(), "[") && !strings.HasPrefix(text.Str(), "{") {
		return // the name of a file
	}
	roots, wrong := within(f.src, text)
	if wrong {
		f.gap(firstLine(text.Span), "not judged: the patch is no YAML")
	}
	for _, root := range roots {
		if root.Kind == lint.List {
			root = changed(root, target)
		}
		if root.Get("kind").Str() != "" {
			each(root)
		}
	}
}

// within reads the YAML in a text, with places in the file around it where its lines stand
// there as they are, and otherwise with that of the text.
func within(src *lint.Source, text *lint.Node) (roots []*lint.Node, wrong bool) {
	blanked := []byte(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return r
		}
		return ' '
	}, string(src.Data[:text.Span.Start])))
	block := src.Data[text.Span.Start:text.Span.End]
	head := bytes.IndexByte(block, '\n')
	exact := len(blanked) == text.Span.Start && head >= 0 && bytes.HasPrefix(block, []byte("|"))
	inner := &lint.Source{Path: "text.yaml", Data: []byte(text.Text)}
	if exact {
		inner.Data = append(append(blanked, bytes.Repeat([]byte(" "), head)...), block[head:]...)
	}
	roots, findings := yaml.Read(inner)
	for _, root := range roots {
		placed(root, func(at lint.Span) lint.Span {
			if !exact {
				return text.Span
			}
			at.Source = src
			return at
		}, map[*lint.Node]bool{})
	}
	return roots, len(findings) > 0
}

func placed(n *lint.Node, place func(lint.Span) lint.Span, seen map[*lint.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	n.Span, n.Merges = place(n.Span), nil
	for i := range n.Fields {
		n.Fields[i].Span = place(n.Fields[i].Span)
		placed(n.Fields[i].Value, place, seen)
	}
	for _, item := range n.Items {
		placed(item, place, seen)
	}
}

// target is what a patch is for: its kind, and of what grants rights the parts that are
// judged together, as a base in this repository has them.
func (f *file) target(root, selector *lint.Node) *lint.Node {
	kind := selector.Get("kind")
	target := lint.NewObject(lint.Span{})
	if kind.Str() == "" {
		return target
	}
	target.Set("kind", lint.Span{}, kind)
	parts := together[kind.Text]
	if len(parts) == 0 || f.files == nil {
		return target
	}
	named, err := regexp.Compile("^(?:" + selector.Get("name").Str() + ")$")
	if err != nil {
		return target
	}
	f.based(root, path.Dir(f.src.Path), map[string]bool{}, func(object *lint.Node) {
		if object.Get("kind").Str() != kind.Text || selector.Get("name").Str() != "" && !named.MatchString(object.Get("metadata", "name").Str()) {
			return
		}
		for _, part := range parts {
			if field := object.Field(part); field != nil && target.Get(part) == nil {
				target.Set(part, field.Span, field.Value)
			}
		}
	})
	return target
}

// together are the parts of kinds of which one says nothing without the others.
var together = map[string][]string{
	"Role": {"rules"}, "ClusterRole": {"rules"},
	"RoleBinding": {"roleRef", "subjects"}, "ClusterRoleBinding": {"roleRef", "subjects"},
}

// based goes through the objects that a kustomization is built of, as far as they stand in
// files of the repository.
func (f *file) based(root *lint.Node, dir string, seen map[string]bool, each func(*lint.Node)) {
	for _, list := range []string{"resources", "bases", "components"} {
		for _, entry := range root.Get(list).List() {
			name := path.Join(dir, entry.Str())
			if entry.Str() == "" || seen[name] || len(seen) >= maxFolders {
				continue
			}
			seen[name] = true
			folder := kustomizationIn(f.files, name)
			src := folder
			if src == nil {
				src = f.files(name)
			}
			if src == nil {
				continue
			}
			roots, _ := yaml.Read(src)
			for _, inner := range roots {
				if folder != nil {
					f.based(inner, name, seen, each)
				} else {
					each(inner)
				}
			}
		}
	}
}

// changed is an object of the kind of a target that holds what a JSON patch puts into it, and
// of the target what that is judged with.
func changed(operations, target *lint.Node) *lint.Node {
	root := lint.NewObject(operations.Span)
	kind := target.Get("kind").Str()
	if kind == "" {
		kind = "Patch" // of whatever the target selects
		for _, operation := range operations.List() {
			if strings.HasPrefix(operation.Get("path").Str(), "/stringData") { // which nothing else has
				kind = "Secret"
			}
		}
	}
	root.Set("kind", lint.Span{}, lint.NewString(kind, lint.Span{}))
	for _, operation := range operations.List() {
		value, way := operation.Get("value"), strings.Split(operation.Get("path").Str(), "/")
		if value == nil || len(way) < 2 || len(way) > yaml.MaxDepth || operation.Get("op").Str() == "test" {
			continue
		}
		key := operation.Field("value").Span
		put(root, target, way[1:], key, value)
		if kept := target.Get("subjects"); way[1] == "roleRef" && kept != nil && root.Get("subjects") == nil {
			root.Set("subjects", key, moved(kept, value.Span))
		}
	}
	if kept := target.Field("roleRef"); kept != nil && root.Get("subjects") != nil && root.Get("roleRef") == nil {
		root.Set("roleRef", kept.Span, kept.Value)
	}
	return root
}

// moved is a list whose items a patch gives another meaning: they count where it stands.
func moved(list *lint.Node, to lint.Span) *lint.Node {
	all := lint.NewList(to)
	for _, item := range list.List() {
		copied := *item
		copied.Span = to
		copied.Via = append(slices.Clone(item.Via), lint.Step{Message: "of this in the base", Span: item.Span})
		all.Items = append(all.Items, &copied)
	}
	return all
}

// maxIndex bounds how many items are left out before one that a patch puts somewhere.
const maxIndex = 100

// put puts a value at the end of a way. Parts of an item that the base has, and that the
// value does not replace, are in it as well. Other items of a list are null.
func put(at, base *lint.Node, way []string, key lint.Span, value *lint.Node) {
	step := strings.NewReplacer("~1", "/", "~0", "~").Replace(way[0])
	inBase := base.Get(step)
	next := at.Get(step)
	slot := len(at.Items)
	if at.Kind == lint.List {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i <= maxIndex {
			for len(at.Items) <= i {
				at.Items = append(at.Items, &lint.Node{Kind: lint.Null, Span: at.Span})
			}
			slot = i
			if next = at.Items[i]; next.Kind == lint.Null {
				next = nil
			}
			if i < len(base.List()) {
				inBase = base.Items[i]
			}
		} else {
			at.Items = append(at.Items, nil)
		}
	}
	switch {
	case len(way) == 1:
		next = value
	case next != nil && next.Kind != lint.Object && next.Kind != lint.List:
		return
	case next == nil && index().MatchString(way[1]):
		next = lint.NewList(lint.Span{})
	case next == nil && inBase != nil && inBase.Kind == lint.Object:
		copied := *inBase
		copied.Span, copied.Fields = key, slices.Clone(inBase.Fields)
		copied.Via = append(slices.Clone(inBase.Via), lint.Step{Message: "what the patch changes", Span: inBase.Span})
		next = &copied
	case next == nil:
		next = lint.NewObject(lint.Span{})
	}
	if at.Kind == lint.List {
		at.Items[slot] = next
	} else {
		at.Set(step, key, next)
	}
	if len(way) > 1 {
		put(next, inBase, way[1:], key, value)
	}
}

var index = regex.Lazy(`^(?:-|[0-9]+)$`)
