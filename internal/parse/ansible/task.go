package ansible

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// taskKeys are the words of a task beside its module, and with_*.
var taskKeys = []string{
	"action", "always", "any_errors_fatal", "args", "async", "become", "become_exe", "become_flags", "become_method", "become_user", "block",
	"changed_when", "check_mode", "collections", "connection", "debugger", "delay", "delegate_facts", "delegate_to", "diff", "environment",
	"failed_when", "ignore_errors", "ignore_unreachable", "listen", "local_action", "loop", "loop_control", "module_defaults", "name", "no_log",
	"notify", "poll", "port", "register", "remote_user", "rescue", "retries", "run_once", "sudo", "sudo_user", "tags", "throttle", "timeout",
	"until", "vars", "when",
}

// freeForm are the modules that take a text which has no name.
var freeForm = []string{"command", "shell", "raw", "script", "win_command", "win_shell", "expect", "meta", "include", "include_tasks", "import_tasks", "include_role", "import_role"}

// scope is what a task has of the blocks and the play around it.
type scope struct {
	of    string
	noLog *lint.Field
}

func (s scope) within(n *lint.Node) scope {
	if own := n.Field("no_log"); own != nil {
		s.noLog = own
	}
	return s
}

// list reads tasks and blocks of them.
func (f *file) list(tasks *lint.Node, in scope) {
	for _, item := range tasks.List() {
		if item.Kind != lint.Object {
			f.gaps = append(f.gaps, lint.Gap{Location: item.Span.Location(), Message: "a task that is no mapping was not judged"})
			continue
		}
		if item.Get("block") == nil {
			f.task(item, in.within(item))
			continue
		}
		inner := in.within(item)
		inner.of = strings.TrimSpace("block " + item.Get("name").Str())
		f.variables(item.Get("vars"), inner.of)
		f.environment(item, inner)
		for _, key := range []string{"block", "rescue", "always"} {
			f.list(item.Get(key), inner)
		}
	}
}

// moduleOf is the field of a task that names its module.
func moduleOf(task *lint.Node) *lint.Field {
	for i, field := range task.Object() {
		if !slices.Contains(taskKeys, field.Key) && !strings.HasPrefix(field.Key, "with_") || field.Key == "action" || field.Key == "local_action" {
			return &task.Fields[i]
		}
	}
	return nil
}

func (f *file) task(n *lint.Node, in scope) {
	entry := lint.NewObject(n.Span)
	entry.Set("name", lint.Span{}, lint.NewString(n.Get("name").Str(), lint.Span{}))
	of := "task " + n.Get("name").Str()
	if module := moduleOf(n); module != nil {
		f.module(entry, n, *module)
		if entry.Get("name").Str() == "" {
			of = "task " + entry.Get("module").Str()
		}
	}
	if in.noLog != nil {
		entry.Set("no_log", in.noLog.Span, truth(in.noLog.Value))
	}
	for _, field := range n.Fields {
		switch {
		case field.Key == "loop" || strings.HasPrefix(field.Key, "with_"):
			entry.Set("loop", field.Span, decrypted(field.Value))
		case field.Key == "register":
			entry.Set("register", field.Span, field.Value)
		}
	}
	f.tasks.Items = append(f.tasks.Items, entry)
	f.variables(n.Get("vars"), of)
	f.environment(n, scope{of: of})
}

// truth is a word for yes or no as the value that it means.
func truth(value *lint.Node) *lint.Node {
	switch strings.ToLower(value.Str()) {
	case "yes", "on", "y", "true":
		return lint.NewBool(true, value.Span)
	case "no", "off", "n", "false":
		return lint.NewBool(false, value.Span)
	}
	return value
}

// module sets what a task runs. An action names its module within its text, or
// in a mapping.
func (f *file) module(entry, task *lint.Node, field lint.Field) {
	name, value := lint.NewString(field.Key, field.Span), decrypted(field.Value)
	args := lint.NewObject(value.Span)
	if field.Key == "action" || field.Key == "local_action" {
		switch {
		case value.Kind == lint.String:
			end := strings.IndexAny(value.Text+" ", " \n")
			name, value = value.Part(0, end), value.Part(min(end+1, len(value.Text)), len(value.Text))
		case value.Get("module").Str() != "":
			name = value.Get("module")
		}
	}
	short := name.Part(strings.LastIndex(name.Text, ".")+1, len(name.Text))
	free := slices.Contains(freeForm, short.Text)
	entry.Set("module", name.Span, short)
	switch {
	case value.Kind == lint.Object && !partial.IsUnknown(value):
		args.Fields = slices.Clone(value.Fields)
	case value.Kind == lint.String:
		assignments(value, args, free)
		if free {
			entry.Set("text", field.Span, value)
		}
	}
	for _, more := range decrypted(task.Get("args")).Object() {
		args.Set(more.Key, more.Span, more.Value)
	}
	for _, key := range []string{"cmd", "argv"} { // the names of the text that has none
		if text := args.Get(key); free && text != nil {
			entry.Set("text", args.Field(key).Span, text)
			args.Remove(key)
		}
	}
	entry.Set("args", field.Span, args)
	if short.Text == "include_vars" {
		if value.Kind == lint.String && len(args.Fields) == 0 {
			f.included(value)
		}
		f.included(args.Get("file"))
	}
}

// ofCommands are the names that mean something before or behind a command line.
var ofCommands = []string{"chdir", "cmd", "creates", "executable", "removes", "stdin", "warn"}

// assignments adds the words name=value of a text, each with its place.
func assignments(text, args *lint.Node, free bool) {
	for _, word := range words(text.Text) {
		name, value, ok := strings.Cut(text.Text[word[0]:word[1]], "=")
		if !ok || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" || free && !slices.Contains(ofCommands, name) {
			continue
		}
		start, end := word[0]+len(name)+1, word[1]
		if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			start, end = start+1, end-1
		}
		args.Set(name, text.Part(word[0], word[0]+len(name)).Span, text.Part(start, end))
	}
}

// words are the ranges of the words of a text; quotes and {{ }} hold them together.
func words(text string) [][2]int {
	var all [][2]int
	start, quote, braces := -1, byte(0), 0
	for i := 0; i <= len(text); i++ {
		blank := i == len(text) || strings.IndexByte(" \t\r\n", text[i]) >= 0
		switch {
		case blank && (i == len(text) || quote == 0 && braces == 0):
			if start >= 0 {
				all = append(all, [2]int{start, i})
			}
			start = -1
			continue
		case blank:
		case strings.HasPrefix(text[i:], "{{"):
			braces++
		case strings.HasPrefix(text[i:], "}}") && braces > 0:
			braces--
		case quote != 0 && text[i] == quote:
			quote = 0
		case quote == 0 && (text[i] == '"' || text[i] == '\'') && (start < 0 || text[i-1] == '='):
			quote = text[i]
		}
		if start < 0 {
			start = i
		}
	}
	return all
}

// decrypted is a value in which what is encrypted is unknown, and what is unsafe
// is its text. It shares what it does not change.
func decrypted(n *lint.Node) *lint.Node {
	if n == nil {
		return nil
	}
	if len(n.Fields) == 1 {
		switch field := n.Fields[0]; field.Key {
		case "!vault", "!vault-encrypted":
			return partial.Unknown(n.Span, "vault")
		case "!unsafe":
			return field.Value
		}
	}
	made := *n
	made.Items, made.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range made.Items {
		made.Items[i] = decrypted(item)
	}
	for i, field := range made.Fields {
		made.Fields[i].Value = decrypted(field.Value)
	}
	return &made
}
