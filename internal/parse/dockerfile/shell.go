package dockerfile

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/shell"
)

// maxScripts bounds scripts within words of scripts.
const maxScripts = 3

// commands reads what a script runs. It follows scripts that are handed to a
// shell as a word or as a heredoc, but runs and expands nothing.
type commands struct {
	limit     int
	nodes     []*lint.Node
	variables []*lint.Node
	seen      map[string]bool // names of variables
	pipelines int64
	err       error // why some of it could not be read
}

// script reads one script; depth counts the scripts around it.
func (c *commands) script(t text, depth int) {
	if depth > maxScripts {
		c.err = shell.ErrSize
		return
	}
	file, err := shell.Parse(t.String())
	if err != nil {
		c.err = err
		if !errors.Is(err, shell.ErrSize) {
			return
		}
	}
	w := &walker{commands: c, script: t, depth: depth}
	syntax.Walk(file, w.visit)
}

// walker visits the syntax tree of one script.
type walker struct {
	*commands
	script    text
	depth     int
	pipelines []int64 // number of the pipeline around each node on the way down; 0 for none
}

func (w *walker) visit(node syntax.Node) bool {
	if node == nil {
		w.pipelines = w.pipelines[:len(w.pipelines)-1]
		return true
	}
	w.pipelines = append(w.pipelines, w.pipeline(node))
	switch node := node.(type) {
	case *syntax.Stmt:
		w.statement(node)
	case *syntax.ParamExp:
		w.variable(node.Param)
	}
	return true
}

// pipeline is the number of the pipeline that a node belongs to.
func (w *walker) pipeline(node syntax.Node) int64 {
	around := int64(0)
	if len(w.pipelines) > 0 {
		around = w.pipelines[len(w.pipelines)-1]
	}
	switch node := node.(type) {
	case *syntax.BinaryCmd:
		if around == 0 && (node.Op == syntax.Pipe || node.Op == syntax.PipeAll) {
			w.commands.pipelines++
			return w.commands.pipelines
		}
	case *syntax.Word:
		return 0
	}
	return around
}

func (w *walker) variable(name *syntax.Lit) {
	if name == nil || variable(name.Value) != name.Value || name.Value == "" || w.seen[name.Value] {
		return
	}
	w.seen[name.Value] = true
	w.variables = append(w.variables, w.at(name).node())
}

// statement adds a simple command, or the assignments and redirections that
// stand in the place of one.
func (w *walker) statement(stmt *syntax.Stmt) {
	command := lint.NewObject(w.at(stmt).span())
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		w.words(command, cmd.Args)
		w.assignments(command, cmd.Assigns)
	case *syntax.DeclClause:
		words := lint.NewList(lint.Span{}, w.at(cmd.Variant).node())
		command.Set("words", lint.Span{}, words)
		w.assignments(command, cmd.Args)
	}
	w.redirects(command, stmt.Redirs)
	if len(command.Fields) == 0 {
		return
	}
	if len(w.nodes) >= w.limit {
		w.err = shell.ErrSize
		return
	}
	if number := w.pipelines[len(w.pipelines)-1]; number > 0 {
		command.Set("pipeline", lint.Span{}, lint.NewNumber(number, lint.Span{}))
	}
	w.nodes = append(w.nodes, command)
	if call, ok := stmt.Cmd.(*syntax.CallExpr); ok {
		w.inner(call.Args, stmt.Redirs)
	}
}

func (w *walker) words(command *lint.Node, args []*syntax.Word) {
	if len(args) == 0 {
		return
	}
	list := lint.NewList(w.between(args[0].Pos(), args[len(args)-1].End()).span())
	for _, arg := range args {
		list.Items = append(list.Items, w.word(arg))
	}
	command.Set("words", lint.Span{}, list)
}

func (w *walker) assignments(command *lint.Node, assigns []*syntax.Assign) {
	list := lint.NewList(lint.Span{})
	for _, assign := range assigns {
		if assign.Name == nil || assign.Value == nil {
			continue
		}
		item := lint.NewObject(w.at(assign).span())
		item.Set("name", lint.Span{}, w.at(assign.Name).node())
		item.Set("value", lint.Span{}, w.word(assign.Value))
		list.Items = append(list.Items, item)
	}
	if len(list.Items) > 0 {
		command.Set("assignments", lint.Span{}, list)
	}
}

func (w *walker) redirects(command *lint.Node, redirs []*syntax.Redirect) {
	list := lint.NewList(lint.Span{})
	for _, redir := range redirs {
		item := lint.NewObject(w.at(redir).span())
		item.Set("operator", lint.Span{}, lint.NewString(redir.Op.String(), lint.Span{}))
		item.Set("target", lint.Span{}, w.word(redir.Word))
		if redir.Hdoc != nil {
			item.Set("content", lint.Span{}, w.body(redir.Hdoc).node())
		}
		list.Items = append(list.Items, item)
	}
	if len(list.Items) > 0 {
		command.Set("redirects", lint.Span{}, list)
	}
}

// inner reads the script that a command hands to a shell: sh -c '...', or a
// heredoc as its input.
func (w *walker) inner(args []*syntax.Word, redirs []*syntax.Redirect) {
	for i, arg := range args {
		if !shell.IsShell(w.source(arg)) && w.source(arg) != "su" {
			continue
		}
		if script, ok := w.argument(args[i+1:]); ok {
			w.commands.script(script, w.depth+1)
			return
		}
		if len(args) == i+1 || strings.HasPrefix(w.source(args[len(args)-1]), "-") {
			w.input(redirs)
		}
		return
	}
}

// argument finds the script behind a flag like -c or -ec.
func (w *walker) argument(args []*syntax.Word) (text, bool) {
	for i := 0; i+1 < len(args); i++ {
		flag := w.source(args[i])
		if strings.HasPrefix(flag, "-") && !strings.HasPrefix(flag, "--") && strings.HasSuffix(flag, "c") {
			return w.quoted(args[i+1])
		}
	}
	return text{}, false
}

// input reads the heredocs of a shell.
func (w *walker) input(redirs []*syntax.Redirect) {
	for _, redir := range redirs {
		if redir.Hdoc != nil {
			w.commands.script(w.body(redir.Hdoc), w.depth+1)
		}
	}
}

// body is the text of a heredoc. The parser lets it end behind the line that
// ends it.
func (w *walker) body(hdoc *syntax.Word) text {
	t := w.at(hdoc)
	return t.cut(0, strings.LastIndexByte(t.String(), '\n')+1)
}

// quoted is the text within a word that is one pair of quotes.
func (w *walker) quoted(word *syntax.Word) (text, bool) {
	if len(word.Parts) != 1 {
		return text{}, false
	}
	t := w.at(word)
	switch part := word.Parts[0].(type) {
	case *syntax.SglQuoted:
		if part.Dollar {
			return text{}, false
		}
		return t.cut(1, t.len()-1), true
	case *syntax.DblQuoted:
		if part.Dollar {
			return text{}, false
		}
		return t.cut(1, t.len()-1).unescape("\"\\$`"), true
	}
	return text{}, false
}

// unescape removes each backslash that stands before one of chars.
func (t text) unescape(chars string) text {
	s := t.String()
	g := &gathered{source: t.in.source}
	for i := 0; i < len(s); i++ {
		start := t.place(i).start
		if s[i] != '\\' || i+1 == len(s) || strings.IndexByte(chars, s[i+1]) < 0 {
			g.add(start, []byte{s[i]})
			continue
		}
		i++
		g.addEscaped(start, t.place(i).end-start, s[i:i+1])
	}
	return g.text()
}

// word makes a string of a word: quotes and escapes are removed, expansions
// stay as they are written.
func (w *walker) word(word *syntax.Word) *lint.Node {
	var b strings.Builder
	for _, part := range word.Parts {
		w.part(&b, part, false)
	}
	return lint.NewString(b.String(), w.at(word).span())
}

func (w *walker) part(b *strings.Builder, part syntax.WordPart, quoted bool) {
	switch part := part.(type) {
	case *syntax.SglQuoted:
		b.WriteString(part.Value)
	case *syntax.DblQuoted:
		for _, inner := range part.Parts {
			w.part(b, inner, true)
		}
	case *syntax.Lit:
		b.WriteString(unescapeLiteral(w.source(part), quoted))
	default:
		b.WriteString(w.source(part))
	}
}

// unescapeLiteral removes the backslashes that quote a character, and line
// breaks behind one.
func unescapeLiteral(s string, quoted bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (!quoted || strings.IndexByte("\"\\$`\n", s[i+1]) >= 0) {
			if i++; s[i] == '\n' {
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (w *walker) at(node syntax.Node) text { return w.between(node.Pos(), node.End()) }

func (w *walker) source(node syntax.Node) string { return w.at(node).String() }

// between gives the text between two positions of the parser, which says that
// some nodes end behind the last character.
func (w *walker) between(from, to syntax.Pos) text {
	start := min(int(from.Offset()), w.script.len())
	return w.script.cut(start, max(start, min(int(to.Offset()), w.script.len())))
}
