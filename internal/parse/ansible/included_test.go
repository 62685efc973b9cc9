package ansible

import (
	"fmt"
	"slices"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// told are the variables of documents, with their places, and the gaps.
func told(docs []*lint.Document) []string {
	var all []string
	for _, doc := range docs {
		for _, entry := range doc.Root.Get("vars").List() {
			value := entry.Get("value")
			all = append(all, fmt.Sprintf("%s %s=%s (%s)", value.Span.Location(), entry.Get("name").Str(), value.Text, entry.Get("of").Str()))
		}
		for _, gap := range doc.Gaps {
			all = append(all, gap.Location.String()+" "+gap.Message)
		}
	}
	return all
}

// TestLines reads an inventory in lines: variables of groups and behind hosts. What
// lists members, or is a comment, is none.
func TestLines(t *testing.T) {
	src := &lint.Source{Path: "inventories/prod", Data: []byte(`# ansible_password=none
lone ansible_host=10.0.0.9
[web]
web[1:3] ansible_user=deploy ansible_password='two words' # ansible_port=22
[web:vars]
db_password = a b # kept
empty=
ansible_become_pass="{{ vault_become }}"
[all:children]
web
`)}
	if !Claims(src) {
		t.Fatal("not claimed")
	}
	docs, findings := Parse([]*lint.Source{src}, nil)
	want := []string{
		"inventories/prod:2:19 ansible_host=10.0.0.9 (host lone)",
		"inventories/prod:4:23 ansible_user=deploy (host web[1:3])",
		"inventories/prod:4:48 ansible_password=two words (host web[1:3])",
		"inventories/prod:6:15 db_password=a b # kept (group web)",
		"inventories/prod:8:22 ansible_become_pass={{ vault_become }} (group web)",
	}
	if got := told(docs); !slices.Equal(got, want) || len(findings) > 0 {
		t.Errorf("%q %v", got, findings)
	}
	for name, text := range map[string]string{
		"ansible.cfg": "[defaults]\ninventory = hosts\nansible_managed = x\n",
		"setup.ini":   "[db:vars]\npassword=x\n",
		"notes":       "set ansible_password=x in the inventory\n",
	} {
		if name != "notes" && Claims(&lint.Source{Path: name, Data: []byte(text)}) {
			t.Errorf("%s is claimed", name)
		}
	}
}

// TestIncluded reads files of variables that plays and tasks name, unless they are
// read for themselves or encrypted.
func TestIncluded(t *testing.T) {
	files := map[string]string{
		"secrets.yml":            "db_password: horse\n",
		"more.yml":               "api_token: battery\n",
		"vaulted.yml":            "$ANSIBLE_VAULT;1.1;AES256\n00\n",
		"group_vars/all.yml":     "a: b\n",
		"roles/x/vars/extra.yml": "c: d\n",
	}
	open := func(path string) *lint.Source {
		if text, found := files[path]; found {
			return &lint.Source{Path: path, Data: []byte(text)}
		}
		return nil
	}
	docs, _ := Parse([]*lint.Source{
		{Path: "play.yml", Data: []byte(`- hosts: all
  vars_files:
    - secrets.yml
    - [vaulted.yml, group_vars/all.yml]
    - "{{ env }}.yml"
    - gone.yml
  tasks:
    - include_vars: more.yml
    - ansible.builtin.include_vars: {file: secrets.yml, name: s}
`)},
		{Path: "roles/x/tasks/main.yml", Data: []byte("- include_vars: extra.yml\n")},
	}, open)
	want := []string{
		"secrets.yml:1:14 db_password=horse (file secrets.yml)",
		"more.yml:1:12 api_token=battery (file more.yml)",
		"secrets.yml:1:14 db_password=horse (file secrets.yml)",
		"play.yml:5:7 which file of variables is meant is not known; it is judged only if it stands in a folder of them",
		"play.yml:6:7 the file of variables is not in this repository; it was not judged",
	}
	if got := told(docs); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
