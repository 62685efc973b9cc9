package ansible

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
)

func parse(path, text string) ([]*lint.Document, []lint.Finding) {
	src := &lint.Source{Path: path, Data: []byte(text)}
	if !Claims(src) {
		return nil, nil
	}
	return Parse([]*lint.Source{src}, nil)
}

func plain(n *lint.Node) string {
	if n == nil {
		return "absent"
	}
	text, _ := json.Marshal(n.Plain())
	return string(text)
}

func TestTasks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a mapping", "- {name: a, user: {name: b}}", `[{"args":{"name":"b"},"module":"user","name":"a"}]`},
		{"a name with its collection", "- {community.mysql.mysql_user: {name: b}}", `[{"args":{"name":"b"},"module":"mysql_user","name":""}]`},
		{"a text", "- user: name=b password='c d' comment={{ e | f }}", `[{"args":{"comment":"{{ e | f }}","name":"b","password":"c d"},"module":"user","name":""}]`},
		{"arguments beside a text", "- {user: name=b, args: {home: /c}}", `[{"args":{"home":"/c","name":"b"},"module":"user","name":""}]`},
		{"a command line", "- shell: A=b c d=e chdir=/f", `[{"args":{"chdir":"/f"},"module":"shell","name":"","text":"A=b c d=e chdir=/f"}]`},
		{"a command line with a name", "- ansible.builtin.command: {cmd: a b, chdir: /c}", `[{"args":{"chdir":"/c"},"module":"command","name":"","text":"a b"}]`},
		{"words", "- command: {argv: [a, b]}", `[{"args":{},"module":"command","name":"","text":["a","b"]}]`},
		{"an action", "- {action: user name=b}", `[{"args":{"name":"b"},"module":"user","name":""}]`},
		{"a local action", "- local_action: {module: user, name: b}", `[{"args":{"module":"user","name":"b"},"module":"user","name":""}]`},
		{"a loop", "- {user: {}, with_items: [a], register: b}", `[{"args":{},"loop":["a"],"module":"user","name":"","register":"b"}]`},
		{"words for no_log", "- {user: {}, no_log: yes}\n- {user: {}, no_log: 'no'}\n- {user: {}, no_log: '{{ x }}'}",
			`[{"args":{},"module":"user","name":"","no_log":true},{"args":{},"module":"user","name":"","no_log":false},{"args":{},"module":"user","name":"","no_log":"{{ x }}"}]`},
		{"blocks", "- no_log: true\n  block: [{a: {}}, {block: [{b: {}}], no_log: false}]\n  rescue: [{c: {}}]\n- d: {}",
			`[{"args":{},"module":"a","name":"","no_log":true},{"args":{},"module":"b","name":"","no_log":false},{"args":{},"module":"c","name":"","no_log":true},{"args":{},"module":"d","name":""}]`},
		{"what is encrypted", "- user: {password: !vault x, home: !unsafe '{{ a }}'}", `[{"args":{"home":"{{ a }}","password":{"$unknown":["vault"]}},"module":"user","name":""}]`},
		{"a task without a module", "- {name: a, when: b}", `[{"name":"a"}]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := parse("roles/a/tasks/b.yml", test.text)
			if len(docs) != 1 || len(findings) > 0 {
				t.Fatal(len(docs), findings)
			}
			if got := plain(docs[0].Root.Get("tasks")); got != test.want {
				t.Errorf("got %s", got)
			}
			for _, wrong := range parsetest.Misplaced(docs[0], parsetest.Quoted) {
				t.Error(wrong)
			}
		})
	}
}

func TestVariables(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"of a play", "a.yml", "- {hosts: b, vars: {c: d}}", "c=d play b"},
		{"that are asked for", "a.yml", "- {hosts: b, vars_prompt: [{name: c, default: d}, {name: e}]}", "c=d play b"},
		{"of roles", "a.yml", "- {hosts: b, roles: [c, {role: d, e: f, tags: g, vars: {h: i}}]}", "e=f role d, h=i role d"},
		{"of environments", "a.yml", "- {hosts: b, environment: {c: d}, tasks: [{name: e, command: f, environment: [{g: h}], vars: {i: j}}]}", "c=d play b, i=j task e, g=h task e"},
		{"of groups", "group_vars/all/a", "b: c", "b=c "},
		{"of hosts", "x/host_vars/a.json", `{"b": "c"}`, "b=c "},
		{"of roles' own", "roles/a/defaults/main.yml", "b: c", "b=c "},
		{"of an inventory", "a.yml", "all:\n  vars: {ansible_user: b}\n  children: {c: {hosts: {d: {e: f}}}}", "ansible_user=b group all, e=f host d"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := parse(test.path, test.text)
			if len(docs) != 1 || len(findings) > 0 {
				t.Fatal(len(docs), findings)
			}
			var got []string
			for _, entry := range docs[0].Root.Get("vars").Items {
				got = append(got, fmt.Sprintf("%s=%s %s", entry.Get("name").Str(), entry.Get("value").Str(), entry.Get("of").Str()))
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got %q", got)
			}
			for _, wrong := range parsetest.Misplaced(docs[0], parsetest.Quoted) {
				t.Error(wrong)
			}
		})
	}
}

func TestWhatIsEncryptedIsADocument(t *testing.T) {
	docs, findings := parse("group_vars/all.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n")
	if len(docs) != 1 || len(findings) > 0 || plain(docs[0].Root.Get("vault")) != "true" {
		t.Error(docs, findings)
	}
}

func TestVariablesBesideAPlaybook(t *testing.T) {
	src := &lint.Source{Path: "a/vars/b.yml", Data: []byte("c: d\n")}
	for listing, want := range map[string]int{"ansible.cfg\nvars/\n": 1, "main.tf\nvars/\n": 0} {
		docs, _ := Parse([]*lint.Source{src}, func(name string) *lint.Source { return &lint.Source{Path: name, Data: []byte(listing)} })
		if len(docs) != want {
			t.Errorf("%q: %d documents", listing, len(docs))
		}
	}
}

func TestOtherFilesAreNotAnsibles(t *testing.T) {
	for path, text := range map[string]string{
		"hosts.yml":        "- {name: a, hosts: [b]}",
		"rules.yml":        "- name: a\n  value: b\n",
		"k8s.yaml":         "spec:\n  rules:\n  - host: a\n  tls:\n  - hosts: [b]\n",
		"ci/vars/a.yml":    "variables: {a: b}",
		"tasks.yml":        "- name: a\n  notify: b\n  when: c\n",
		"all.yml":          "all:\n  a: ansible_\n",
		"broken.yml":       "- hosts: [a\n",
		"roles/a/files/b":  "- {hosts: b, tasks: []}",
		"group_vars/a.txt": "b: c",
	} {
		if docs, findings := parse(path, text); len(docs) > 0 || len(findings) > 0 {
			t.Errorf("%s: %d documents, %v", path, len(docs), findings)
		}
	}
}

func TestABrokenPlaybookIsAFinding(t *testing.T) {
	for _, path := range []string{"a.yml", "roles/b/tasks/c.yml"} {
		if _, findings := parse(path, "- hosts: b\n  tasks:\n  - [c\n"); len(findings) != 1 || findings[0].Rule != lint.SyntaxError {
			t.Error(path, findings)
		}
	}
}

func TestGaps(t *testing.T) {
	docs, _ := parse("a.yml", "- hosts: b\n  vars_files: [c.yml, vars/d.yml, '{{ e }}.yml']\n  tasks: [f]\n")
	var got []string
	for _, gap := range docs[0].Gaps {
		got = append(got, fmt.Sprintf("%s %s", gap.Location, gap.Message))
	}
	want := "a.yml:2:16 the file of variables is not in this repository; it was not judged; " +
		"a.yml:2:23 the file of variables is not in this repository; it was not judged; " +
		"a.yml:2:35 which file of variables is meant is not known; it is judged only if it stands in a folder of them; " +
		"a.yml:3:11 a task that is no mapping was not judged"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a.yml", "- {hosts: b, roles: [{role: c, d: e}], tasks: [{block: [{user: 'name=a b=\"c d\" e={{ f }}'}]}]}")
	f.Add("roles/a/tasks/b.yml", "- action: shell a='b\n  c' chdir=d\n")
	f.Fuzz(func(t *testing.T, path, text string) {
		docs, _ := parse(path, text)
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, parsetest.Quoted) {
				t.Error(wrong)
			}
		}
	})
}
