package dockerfile

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/shell"
)

// read makes the object of one instruction, or nil if it has no sound arguments.
func (r *reader) read(name, rest text, docs documents, whole lint.Span) *lint.Node {
	item := lint.NewObject(whole)
	item.Set("name", lint.Span{}, lint.NewString(strings.ToUpper(name.String()), name.span()))
	flags, rest := rest.flags(r.escape)
	rest = rest.trim()
	r.setFlags(item, flags)
	if rest.len() == 0 {
		r.wrong(whole, "the instruction needs an argument")
		return nil
	}
	switch strings.ToLower(name.String()) {
	case command.Onbuild:
		return r.trigger(rest, docs, whole)
	case command.Env, command.Label:
		r.pairs(item, rest)
	case command.Arg:
		r.declarations(item, rest)
	case command.Copy, command.Add:
		r.files(item, rest, docs)
	case command.Run, command.Cmd, command.Entrypoint:
		r.run(item, rest, docs)
	case command.Healthcheck:
		r.check(item, rest)
	case command.User:
		item.Set("user", lint.Span{}, rest.valueNode(r.escape))
	case command.Shell:
		r.setShell(item, rest)
	case command.Expose, command.Volume:
		item.Set("args", lint.Span{}, r.list(rest))
	default:
		item.Set("args", lint.Span{}, lint.NewList(rest.span(), rest.valueNode(r.escape)))
	}
	return item
}

func (r *reader) setFlags(item *lint.Node, flags []text) {
	if len(flags) == 0 {
		return
	}
	list := lint.NewList(lint.Span{})
	for _, flag := range flags {
		key, value, ok := flag.from(2).cutEqual()
		entry := lint.NewObject(flag.span())
		entry.Set("name", lint.Span{}, lint.NewString(unquoteFlag(key.String(), r.escape), key.span()))
		if ok {
			entry.Set("value", lint.Span{}, lint.NewString(unquoteFlag(value.String(), r.escape), value.span()))
		}
		list.Items = append(list.Items, entry)
	}
	item.Set("flags", lint.Span{}, list)
}

// trigger reads the instruction behind ONBUILD, which runs in the builds that
// use this image.
func (r *reader) trigger(rest text, docs documents, whole lint.Span) *lint.Node {
	name, rest := rest.cutWord()
	if !r.known(name) {
		return nil
	}
	switch strings.ToLower(name.String()) {
	case command.Onbuild, command.From, command.Maintainer:
		r.wrong(whole, "the instruction may not stand behind ONBUILD")
		return nil
	}
	item := r.read(name, rest, docs, whole)
	if item != nil {
		item.Set("onbuild", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	return item
}

// pairs reads name=value words, or one name and the rest of the line.
func (r *reader) pairs(item *lint.Node, rest text) {
	list := lint.NewList(rest.span())
	words := rest.words(r.escape)
	if len(words) > 0 && !strings.Contains(words[0].String(), "=") {
		key, value := rest.cutWord()
		words = nil
		list.Items = append(list.Items, r.pair(rest, key, value, true))
	}
	for _, word := range words {
		key, value, _ := word.cutEqual()
		list.Items = append(list.Items, r.pair(word, key, value, true))
	}
	item.Set("pairs", lint.Span{}, list)
}

// declarations reads words that are a name alone, or name=value.
func (r *reader) declarations(item *lint.Node, rest text) {
	list := lint.NewList(rest.span())
	for _, word := range rest.words(r.escape) {
		key, value, ok := word.cutEqual()
		list.Items = append(list.Items, r.pair(word, key, value, ok))
	}
	item.Set("pairs", lint.Span{}, list)
}

func (r *reader) pair(whole, key, value text, hasValue bool) *lint.Node {
	pair := lint.NewObject(whole.span())
	pair.Set("key", lint.Span{}, key.valueNode(r.escape))
	if !hasValue {
		return pair
	}
	unquoted, references := value.value(r.escape)
	pair.Set("value", key.span(), lint.NewString(unquoted, value.span()))
	if len(references) > 0 {
		list := lint.NewList(lint.Span{})
		for _, name := range references {
			list.Items = append(list.Items, lint.NewString(name, lint.Span{}))
		}
		pair.Set("references", lint.Span{}, list)
	}
	return pair
}

// list reads a JSON list, or words between blanks.
func (r *reader) list(rest text) *lint.Node {
	list := lint.NewList(rest.span())
	if items, values, ok := rest.array(); ok {
		for i, item := range items {
			list.Items = append(list.Items, lint.NewString(values[i], item.span()))
		}
		return list
	}
	for _, word := range rest.fields() {
		list.Items = append(list.Items, word.valueNode(r.escape))
	}
	return list
}

// files reads what COPY and ADD take from where to where.
func (r *reader) files(item *lint.Node, rest text, docs documents) {
	list := r.list(rest)
	if len(list.Items) < 2 {
		r.wrong(item.Span, "the instruction needs a source and a destination")
		return
	}
	last := len(list.Items) - 1
	item.Set("destination", lint.Span{}, list.Items[last])
	list.Items = list.Items[:last]
	if len(docs.each) > 0 {
		list.Items = withoutHeredocs(list.Items)
	}
	item.Set("sources", lint.Span{}, list)
	setHeredocs(item, docs)
	for _, flag := range item.Get("flags").List() {
		if value := flag.Get("value"); flag.Get("name").Str() == "from" && value != nil {
			item.Set("from", lint.Span{}, value)
		}
	}
}

// withoutHeredocs leaves out the words that announce a heredoc.
func withoutHeredocs(words []*lint.Node) []*lint.Node {
	var paths []*lint.Node
	for _, word := range words {
		if h, err := parser.ParseHeredoc(string(printable(word.Span.Text()))); err != nil || h == nil {
			paths = append(paths, word)
		}
	}
	return paths
}

func setHeredocs(item *lint.Node, docs documents) {
	if len(docs.each) == 0 {
		return
	}
	list := lint.NewList(docs.all.span())
	for _, doc := range docs.each {
		entry := lint.NewObject(doc.body.span())
		entry.Set("name", lint.Span{}, lint.NewString(doc.name, lint.Span{}))
		entry.Set("content", lint.Span{}, doc.body.node())
		list.Items = append(list.Items, entry)
	}
	item.Set("heredocs", lint.Span{}, list)
}

// check reads HEALTHCHECK: NONE, or CMD and a command.
func (r *reader) check(item *lint.Node, rest text) {
	kind, rest := rest.cutWord()
	item.Set("type", lint.Span{}, lint.NewString(strings.ToUpper(kind.String()), kind.span()))
	switch strings.ToUpper(kind.String()) {
	case "NONE":
	case "CMD":
		if rest.len() == 0 {
			r.wrong(kind.span(), "HEALTHCHECK CMD needs a command")
			return
		}
		r.run(item, rest, documents{})
	default:
		r.wrong(kind.span(), "HEALTHCHECK needs CMD or NONE")
	}
}

// setShell reads the shell that runs the shell form from here on.
func (r *reader) setShell(item *lint.Node, rest text) {
	_, values, ok := rest.array()
	if !ok || len(values) == 0 {
		r.wrong(rest.span(), "SHELL needs a JSON list of a program and its flags")
		return
	}
	r.shell = values[0]
	item.Set("args", lint.Span{}, r.list(rest))
}

// run reads a command line in one of its two forms.
func (r *reader) run(item *lint.Node, rest text, docs documents) {
	found := &commands{limit: maxCommands - r.commands, seen: map[string]bool{}}
	if items, values, ok := rest.array(); ok {
		item.Set("form", lint.Span{}, lint.NewString("exec", lint.Span{}))
		list := r.list(rest)
		item.Set("args", lint.Span{}, list)
		found.exec(items, values, list)
	} else {
		item.Set("form", lint.Span{}, lint.NewString("shell", lint.Span{}))
		item.Set("command", lint.Span{}, rest.node())
		setHeredocs(item, docs)
		r.scripts(found, rest, docs)
	}
	if found.err != nil {
		r.gap(item.Span, item.Get("name").Str()+" was not judged in full: "+found.err.Error())
	}
	r.commands += len(found.nodes)
	setList(item, "commands", found.nodes)
	setList(item, "variables", found.variables)
}

func setList(item *lint.Node, key string, nodes []*lint.Node) {
	if len(nodes) > 0 {
		item.Set(key, lint.Span{}, lint.NewList(lint.Span{}, nodes...))
	}
}

// exec adds the command of an exec form, and the script within it.
func (c *commands) exec(items []text, values []string, list *lint.Node) {
	if len(items) == 0 {
		return
	}
	command := lint.NewObject(list.Span)
	command.Set("words", lint.Span{}, list)
	c.nodes = append(c.nodes, command)
	if len(items) > 2 && shell.IsShell(values[0]) && strings.HasPrefix(values[1], "-") && strings.HasSuffix(values[1], "c") {
		c.script(items[2].unescapeJSON(), 1)
	}
}

// scripts reads a shell form and the heredocs that are scripts of their own.
func (r *reader) scripts(found *commands, rest text, docs documents) {
	if r.shell != "" && !shell.IsShell(r.shell) || r.shell == "" && r.escape != '\\' {
		found.err = shell.ErrSyntax
		return
	}
	if len(docs.each) > 0 && isHeredoc(rest) {
		for _, doc := range docs.each {
			r.heredocScript(found, doc)
		}
		return
	}
	found.script(joined(rest, docs.all), 0)
}

// isHeredoc says whether a command line is a heredoc and nothing else: then the
// heredoc is what runs.
func isHeredoc(rest text) bool {
	h, err := parser.ParseHeredoc(string(printable([]byte(rest.String()))))
	return err == nil && h != nil
}

func (r *reader) heredocScript(found *commands, doc heredoc) {
	if !shell.IsShell(cmp.Or(shell.Interpreter(doc.body.String()), "sh")) {
		found.err = shell.ErrSyntax
		return
	}
	found.script(doc.body, 0)
}

// joined is a command line with the heredocs that follow it.
func joined(line, below text) text {
	if below.len() == 0 {
		return line
	}
	g := &gathered{source: line.in.source}
	for i := range line.len() {
		g.add(line.place(i).start, []byte(line.cut(i, i+1).String()))
	}
	start := below.place(0).start
	g.add(start-1, []byte{'\n'})
	g.add(start, bytes.Clone([]byte(below.String())))
	return g.text()
}
