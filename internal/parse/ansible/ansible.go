// Package ansible reads playbooks, the tasks, handlers and variables of roles,
// the variables of groups and hosts, files of variables that plays name, and
// inventories in YAML and in lines. It renders nothing:
// texts keep their {{ }}. One YAML document becomes one document:
//
//	{
//	  "vault": false,                 // the whole file is encrypted: nothing else is known of it
//	  "vars": [{"name": "db_password", "value": ..., "of": "play Web"}],
//	  "tasks": [{
//	    "name": "Create the user",
//	    "module": "mysql_user",       // without its collection
//	    "args": {"name": "app", ...}, // those of args: and of name=value texts as well
//	    "text": "mysql -e ...",       // what a module takes that has no name: a command line
//	    "no_log": false,              // its own, or that of the nearest block or play; absent where none says it
//	    "loop": [...], "environment": {...}, "register": "..."
//	  }]
//	}
//
// Blocks are dissolved into their tasks, in order. A value with the tag !vault is
// encrypted, {"$unknown": ["vault"]}; one with !unsafe is its text.
package ansible

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Platform is the name of the documents.
const Platform = "ansible"

var (
	variables = regex.Lazy(`(?:^|/)(?:group_vars|host_vars)/|(?:^|/)roles/[^/]+/(?:vars|defaults)/|(?:^|/)(?:vars|defaults)/main\.ya?ml$`)
	tasks     = regex.Lazy(`(?:^|/)roles/[^/]+/(?:tasks|handlers)/|(?:^|/)(?:tasks|handlers)/main\.ya?ml$`)

	// plays are told by their keys, and tasks elsewhere by those that nothing else has.
	plays     = regex.Lazy(`(?m)^(?:- +\{?|  +)["']?(?:hosts|(?:ansible\.builtin\.)?import_playbook)["']?\s*:`)
	begun     = regex.Lazy(`(?m)^  (?:tasks|roles|pre_tasks|handlers)\s*:`)
	taskLike  = regex.Lazy(`(?m)^(?:- +| +)(?:(?:ansible|community)\.[a-z_.]+|become|register|no_log|notify|with_items|(?:include|import)_tasks|set_fact|changed_when)\s*:`)
	inventory = regex.Lazy(`(?m)^(?:all|ungrouped)\s*:`)
	ofHosts   = regex.Lazy(`(?:^|/)(?:inventory|inventories)/|(?:^|/)(?:inventory|hosts)\.ya?ml$`)
	molecule  = regex.Lazy(`(?:^|/)molecule/[^/]+/molecule\.ya?ml$`)
	vaulted   = regex.Lazy(`^\s*\$ANSIBLE_VAULT;`)
)

// Claims says whether the file is one of Ansible's: by its folder, or by words
// that only plays, tasks and inventories have. Parse decides on the tree.
func Claims(src *lint.Source) bool {
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".yml", ".yaml":
	case ".json":
		return grouped(src.Path)
	case "", ".ini", ".cfg", ".inventory":
		return grouped(src.Path) || isLines(src)
	default:
		return false
	}
	return variables().MatchString(src.Path) || tasks().MatchString(src.Path) ||
		says(src.Data, playWords) && plays().Match(src.Data) || says(src.Data, taskWords) && taskLike().Match(src.Data) ||
		bytes.Contains(src.Data, []byte("ansible_")) && inventory().Match(src.Data) ||
		ofHosts().MatchString(src.Path) && bytes.Contains(src.Data, []byte("hosts:")) || molecule().MatchString(src.Path) ||
		len(src.Data) > 0 && path.Base(path.Dir(src.Path)) == "vars"
}

// playWords and taskWords are parts of all that plays and taskLike find. Most YAML has
// none of them, and looking for a word is many times faster than a pattern.
var (
	playWords = []string{"hosts", "import_playbook"}
	taskWords = []string{"ansible.", "community.", "become", "register", "no_log", "notify", "with_items", "_tasks", "set_fact", "changed_when"}
)

func says(data []byte, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return bytes.Contains(data, []byte(word)) })
}

// grouped holds for files of groups and hosts, which need no suffix.
func grouped(file string) bool { return inFolder(file, "group_vars") || inFolder(file, "host_vars") }

func inFolder(file, folder string) bool {
	return slices.Contains(strings.Split(path.Dir(file), "/"), folder)
}

// besideVars is what stands beside a folder vars/ that is Ansible's.
var besideVars = regex.Lazy(`(?m)^(?:ansible\.cfg|group_vars/|host_vars/|roles/|tasks/|handlers/|playbooks/|(?:site|playbook)\.ya?ml)$`)

// ofVars says whether a file is of variables: by its folder, and what stands beside
// that where its name alone means little.
func ofVars(name string, files func(string) *lint.Source) bool {
	if variables().MatchString(name) || grouped(name) {
		return true
	}
	dir := path.Dir(name)
	if path.Base(dir) != "vars" || files == nil {
		return false
	}
	beside := files(path.Dir(dir) + "/")
	return beside != nil && besideVars().Match(beside.Data)
}

// Parse reads files, one document for each YAML document that is Ansible's.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		if vaulted().Match(src.Data) {
			f := newFile(src.Whole())
			f.out.Set("vault", lint.Span{}, lint.NewBool(true, lint.Span{}))
			docs = append(docs, f.document(src))
			continue
		}
		if isLines(src) {
			f := newFile(src.Whole())
			f.lines(src)
			docs = append(docs, f.document(src))
			continue
		}
		roots, found := yaml.Read(src)
		vars := ofVars(src.Path, files)
		meant := vars || tasks().MatchString(src.Path) || plays().Match(src.Data) && begun().Match(src.Data)
		for _, root := range roots {
			f := newFile(root.Span)
			f.path, f.files = src.Path, files
			if !f.read(src.Path, root, vars) {
				continue
			}
			meant = true
			made := f.ofCluster(src)
			docs = append(append(docs, f.document(src)), made...)
		}
		if meant { // of other files, their own platforms say what is wrong
			findings = append(findings, found...)
		}
	}
	return docs, findings
}

// file is one document while it is read.
type file struct {
	out, tasks, vars *lint.Node
	gaps             []lint.Gap

	path  string
	files func(string) *lint.Source
}

func newFile(at lint.Span) *file {
	f := &file{out: lint.NewObject(at), tasks: lint.NewList(lint.Span{}), vars: lint.NewList(lint.Span{})}
	f.out.Set("vault", lint.Span{}, lint.NewBool(false, lint.Span{}))
	f.out.Set("vars", lint.Span{}, f.vars)
	f.out.Set("tasks", lint.Span{}, f.tasks)
	return f
}

func (f *file) document(src *lint.Source) *lint.Document {
	return &lint.Document{Platform: Platform, Path: src.Path, Root: f.out, Gaps: f.gaps}
}

// read takes a document for what it is, and says whether it is anything of Ansible's.
func (f *file) read(name string, root *lint.Node, vars bool) bool {
	switch {
	case root.Kind == lint.List && slices.ContainsFunc(root.Items, isPlay):
		for _, play := range root.Items {
			f.play(play)
		}
	case root.Kind == lint.List && (tasks().MatchString(name) && slices.ContainsFunc(root.Items, func(n *lint.Node) bool { return n.Kind == lint.Object }) || isTasks(root)):
		f.list(root, scope{})
	case root.Kind != lint.Object:
		return false
	case isInventory(root, ofHosts().MatchString(name)):
		f.inventory(root)
	case molecule().MatchString(name) && root.Get("provisioner") != nil:
		f.scenario(root.Get("provisioner"))
	case vars:
		f.variables(root, "")
	default:
		return false
	}
	return true
}

func isPlay(n *lint.Node) bool {
	hosts := n.Get("hosts")
	if hosts != nil && (hosts.Kind == lint.String || hosts.Kind == lint.List) {
		return slices.ContainsFunc(playKeys, func(key string) bool { return n.Field(key) != nil })
	}
	return n.Get("import_playbook").Str() != "" || n.Get("ansible.builtin.import_playbook").Str() != ""
}

var playKeys = []string{"tasks", "roles", "pre_tasks", "post_tasks", "handlers", "vars", "vars_files", "vars_prompt", "gather_facts", "become", "connection", "remote_user", "environment", "serial", "strategy"}

// isTasks says whether a list that no folder calls tasks is one: all its items
// are tasks, and one has a word that only tasks have.
func isTasks(root *lint.Node) bool {
	telling := false
	for _, item := range root.Items {
		module := moduleOf(item)
		if module == nil && item.Get("block").List() == nil {
			return false
		}
		telling = telling || module == nil || strings.Count(module.Key, ".") >= 2 ||
			slices.ContainsFunc(tellingKeys, func(key string) bool { return item.Field(key) != nil })
	}
	return telling
}

var tellingKeys = []string{"register", "become", "no_log", "notify", "with_items", "changed_when", "failed_when", "delegate_to", "loop_control", "include_tasks", "import_tasks", "set_fact"}

// isInventory says whether a mapping lists hosts and groups. The groups of all hosts have
// names that say it; others do where the name of the file does.
func isInventory(root *lint.Node, named bool) bool {
	some := false
	for _, field := range root.Object() {
		group := field.Value
		some = some || group.Get("hosts").Object() != nil || group.Get("children").Object() != nil
		for _, part := range group.Object() {
			named = named && slices.Contains([]string{"hosts", "children", "vars"}, part.Key)
		}
	}
	return some && (named || root.Field("all") != nil || root.Field("ungrouped") != nil)
}

// scenario takes the variables that Molecule gives the hosts of a test.
func (f *file) scenario(n *lint.Node) {
	f.variables(n.Get("env"), "the provisioner")
	f.variables(n.Get("connection_options"), "the provisioner")
	given := n.Get("inventory")
	for _, key := range []string{"group_vars", "host_vars"} {
		for _, field := range given.Get(key).Object() {
			f.variables(field.Value, strings.TrimSuffix(key, "_vars")+" "+field.Key)
		}
	}
	f.inventory(given.Get("hosts"))
}

func (f *file) play(n *lint.Node) {
	in := scope{of: "play " + title(n, "hosts")}.within(n)
	f.variables(n.Get("vars"), in.of)
	f.environment(n, in)
	for _, prompt := range n.Get("vars_prompt").List() {
		if name, value := prompt.Get("name"), prompt.Field("default"); value != nil && name.Str() != "" {
			f.variable(name.Text, lint.Field{Span: name.Span, Value: value.Value}, in.of)
		}
	}
	for _, file := range listed(n.Get("vars_files")) {
		for _, name := range listed(file) { // of a list within the list, the first that exists
			f.included(name)
		}
	}
	for _, role := range n.Get("roles").List() {
		of := "role " + title(role, "role")
		for _, field := range role.Object() {
			switch {
			case field.Key == "vars":
				f.variables(field.Value, of)
			case !slices.Contains(roleKeys, field.Key) && !slices.Contains(taskKeys, field.Key):
				f.variable(field.Key, field, of)
			}
		}
	}
	for _, key := range []string{"pre_tasks", "tasks", "post_tasks", "handlers"} {
		f.list(n.Get(key), in)
	}
}

var roleKeys = []string{"role", "src", "version", "scm"}

// inventory takes the variables of groups and hosts.
func (f *file) inventory(groups *lint.Node) {
	for _, field := range groups.Object() {
		f.variables(field.Value.Get("vars"), "group "+field.Key)
		for _, host := range field.Value.Get("hosts").Object() {
			f.variables(host.Value, "host "+host.Key)
		}
		f.inventory(field.Value.Get("children"))
	}
}

func (f *file) variables(vars *lint.Node, of string) {
	for _, field := range vars.Object() {
		f.variable(field.Key, field, of)
	}
}

func (f *file) variable(name string, field lint.Field, of string) {
	entry := lint.NewObject(field.Value.Span)
	entry.Set("name", field.Span, lint.NewString(name, field.Span))
	entry.Set("value", field.Span, decrypted(field.Value))
	entry.Set("of", lint.Span{}, lint.NewString(of, lint.Span{}))
	f.vars.Items = append(f.vars.Items, entry)
}

// environment is set for commands: variables like others.
func (f *file) environment(n *lint.Node, in scope) {
	for _, item := range listed(n.Get("environment")) {
		f.variables(item, in.of)
	}
}

func title(n *lint.Node, other string) string {
	if name := n.Get("name").Str(); name != "" {
		return name
	}
	return n.Get(other).Str()
}

// listed are the items of a list, or the one value that stands for a list.
func listed(value *lint.Node) []*lint.Node {
	if value == nil || value.Kind == lint.List {
		return value.List()
	}
	return []*lint.Node{value}
}
