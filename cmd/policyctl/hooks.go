package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/regex"
)

// manager is a program that runs hooks by files of the repository.
type manager struct {
	name    string
	files   []string // that say what to run before a commit
	mark    string   // of the hook of git that it installs, in its path or text
	install string
}

// asked gives the file that says what to run, if there is one.
func (m manager) asked(top string) (file string, ok bool) {
	for _, file := range m.files {
		if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(file))); err == nil {
			return file, true
		}
	}
	return "", false
}

var managers = []manager{
	{"pre-commit", []string{".pre-commit-config.yaml"}, "pre-commit.com", "pre-commit install"},
	{"husky", []string{".husky/pre-commit"}, ".husky", "npx husky"},
	{"lefthook", lefthookFiles(), "lefthook", "lefthook install"},
}

func lefthookFiles() []string {
	var all []string
	for _, name := range []string{"lefthook", ".lefthook", ".config/lefthook", "lefthook-local", ".lefthook-local"} {
		for _, ending := range []string{".yml", ".yaml", ".json", ".toml"} {
			all = append(all, name+ending)
		}
	}
	return all
}

// hook is what git runs before a commit.
type hook struct {
	file    string // absolute
	text    string // without comments; empty if there is none
	blocked string // why git does not run it, or what it calls is not there
	manager int    // index of who installed it, or -1
}

// The hooks that git runs before a commit: of a merge without conflicts it is another one.
const beforeCommit, beforeMerge = "pre-commit", "pre-merge-commit"

// readHook finds out what git runs before a commit, by the name of the hook.
func readHook(ctx context.Context, repo *git.Repo, name string) (hook, error) {
	dir, err := repo.Hooks(ctx)
	if err != nil {
		return hook{}, err
	}
	h := hook{file: filepath.Join(dir, name), manager: -1}
	data, err := os.ReadFile(h.file)
	if err != nil {
		return h, nil // none, or none that git could run
	}
	for i, m := range managers {
		if strings.Contains(filepath.ToSlash(h.file)+"\n"+string(data), m.mark) {
			h.manager = i
		}
	}
	h.text = commands(data)
	if info, err := os.Stat(h.file); err == nil && info.Mode()&0o111 == 0 && runtime.GOOS != "windows" {
		h.blocked = "git does not run it, because it is not executable"
	}
	return h, nil
}

// commands is a text without its comments.
func commands(data []byte) string { return comment().ReplaceAllString(string(data), "") }

var comment = regex.Lazy(`(?m)(^|\s)#.*$`)

// runs matches where policyctl is run or named as a hook.
var runs = regex.Lazy(`\bpolicyctl\b`)

// calls matches where it is looked for on the PATH.
var calls = regex.Lazy(`(^|[\s"'=;&|(])policyctl(\.exe)? (check|scan)\b|\bpolicyctl-system\b`)

// String says in a line what runs policyctl before a commit, and what keeps it from that.
func (h hook) String(top string) string {
	if h.manager < 0 && runs().MatchString(h.text) {
		return filepath.Base(h.file) + " runs policyctl" + h.trouble(h.text)
	}
	for i, m := range managers {
		asked := ""
		for _, file := range m.files {
			if data, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(file))); err == nil && runs().MatchString(commands(data)) {
				asked += commands(data)
			}
		}
		switch {
		case asked == "":
		case h.manager != i:
			return fmt.Sprintf("%s is to run policyctl before a commit, and is not installed here: %s", m.name, m.install)
		default:
			return fmt.Sprintf("%s runs policyctl before a commit", m.name) + h.trouble(asked)
		}
	}
	switch {
	case h.text == "":
		return "none; policyctl init --hook installs one"
	case h.manager >= 0:
		m := managers[h.manager]
		return fmt.Sprintf("%s runs something else before a commit; policyctl is not in %s", m.name, m.files[0])
	default:
		return "pre-commit runs something else"
	}
}

func (h hook) trouble(text string) string {
	var all []string
	if h.blocked != "" {
		all = append(all, h.blocked)
	}
	if _, err := exec.LookPath("policyctl"); err != nil && calls().MatchString(text) {
		all = append(all, "there is no policyctl on the PATH")
	}
	if len(all) == 0 {
		return ""
	}
	return ", but " + strings.Join(all, ", and ")
}
