package helm

import (
	"bytes"
	"errors"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Limits of what templates may cost. They count what is done, not time: the same chart
// ends at the same place everywhere.
const (
	maxSteps   = 400_000 // actions and texts that are executed, over all templates
	maxText    = 4 << 20 // bytes of one text
	maxNesting = 100     // of include and tpl
	maxNumbers = 10_000  // of a list that a function counts out
)

var (
	errSteps   = errors.New("steps")
	errText    = errors.New("text")
	errNesting = errors.New("nesting")
)

// engine holds the parsed templates of a chart and of those within it.
type engine struct {
	root    *chart
	loader  *loader
	set     *template.Template
	owners  []owned
	sources map[string]*lint.Source // by the name of the template
	broken  map[string]lint.Gap     // templates that cannot be parsed
	spots   []spot
	gaps    []lint.Gap
	missed  map[string]bool // names that nothing defines

	steps   int
	nesting int
	out     *bounded
	hits    []hit
	current *lint.Source
}

// owned is a template and its chart.
type owned struct {
	chart *chart
	path  []sub // from the outermost chart
	src   *lint.Source
	name  string
}

// spot is a part of a template: a text, or an action.
type spot struct {
	at   lint.Span
	text bool
}

// hit says that a spot is written from here on.
type hit struct{ offset, spot int }

// output is what a template rendered.
type output struct {
	src   *lint.Source
	text  string
	hits  []hit
	spots []spot
	gaps  []lint.Gap

	values *lint.Node // of the chart of the template
}

func newEngine(c *chart, l *loader) *engine {
	e := &engine{root: c, loader: l, sources: map[string]*lint.Source{}, broken: map[string]lint.Gap{}, missed: map[string]bool{}}
	e.set = template.New("chart").Option("missingkey=zero").Funcs(e.functions())
	e.add(c, nil)
	// What several charts define, the outermost does: Helm parses the deepest first.
	for _, o := range slices.Backward(e.owners) {
		e.parse(o)
	}
	for _, t := range e.set.Templates() {
		if t.Tree != nil {
			e.watch(t.Tree.Root, e.sources[t.Tree.ParseName])
		}
	}
	return e
}

func (e *engine) add(c *chart, way []sub) {
	for _, src := range c.templates {
		name := c.full + strings.TrimPrefix(src.Path, strings.TrimPrefix(c.dir, "."))
		if c.dir == "." {
			name = c.full + "/" + src.Path
		}
		e.sources[name] = src
		e.owners = append(e.owners, owned{c, way, src, name})
	}
	for _, s := range c.subs {
		e.add(s.chart, append(slices.Clip(way), s))
	}
}

func (e *engine) parse(o owned) {
	defer func() {
		if recover() != nil {
			e.broken[o.name] = lint.Gap{Location: lint.Location{Path: o.src.Path}, Message: "not rendered: the template cannot be parsed"}
		}
	}()
	if _, err := e.set.New(o.name).Parse(string(o.src.Data)); err != nil {
		e.broken[o.name] = lint.Gap{Location: e.whereIs(err, o.src).Location(), Message: "not rendered: the template cannot be parsed"}
	}
}

// watch puts in front of each part of a template a note of where it stands, and lets
// every action end in out. A template that is executed within another becomes an include,
// whose nesting is bounded.
func (e *engine) watch(list *parse.ListNode, src *lint.Source) {
	if list == nil {
		return
	}
	nodes := []parse.Node{e.note(spot{})}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			nodes = append(nodes, e.note(e.spot(src, int(n.Pos), int(n.Pos)+len(n.Text), true)))
		case *parse.ActionNode:
			lenient(n.Pipe)
			nodes = append(nodes, e.note(e.action(src, int(n.Pos))))
			if len(n.Pipe.Decl) == 0 {
				n.Pipe.Cmds = append(n.Pipe.Cmds, snippet("{{__out}}").Pipe.Cmds[0])
			}
		case *parse.TemplateNode:
			nodes = append(nodes, e.note(e.action(src, int(n.Pos))))
			call := snippet("{{include " + strconv.Quote(n.Name) + " (__nothing) | __out}}")
			if n.Pipe != nil {
				lenient(n.Pipe)
				call.Pipe.Cmds[0].Args[2] = n.Pipe
			}
			node = call
		case *parse.IfNode:
			lenient(n.Pipe)
			e.watch(n.List, src)
			e.watch(n.ElseList, src)
		case *parse.WithNode:
			lenient(n.Pipe)
			e.watch(n.List, src)
			e.watch(n.ElseList, src)
		case *parse.RangeNode:
			lenient(n.Pipe)
			n.Pipe.Cmds = append(n.Pipe.Cmds, snippet("{{__each}}").Pipe.Cmds[0])
			e.watch(n.List, src)
			e.watch(n.ElseList, src)
		}
		nodes = append(nodes, node)
	}
	list.Nodes = nodes
}

// lenient lets fields be unknown where there is nothing to look them up in: values that
// users have to set, as what required asks for.
func lenient(pipe *parse.PipeNode) {
	for _, cmd := range pipe.Cmds {
		if len(cmd.Args) == 1 && cmd != pipe.Cmds[0] {
			continue // it is called with what comes before
		}
		for i, arg := range cmd.Args {
			if i == 0 && len(cmd.Args) > 1 {
				continue // so is a method with what comes behind
			}
			var of parse.Node
			var names []string
			switch n := arg.(type) {
			case *parse.PipeNode:
				lenient(n)
			case *parse.FieldNode:
				of, names = &parse.DotNode{NodeType: parse.NodeDot, Pos: n.Pos}, n.Ident
			case *parse.VariableNode:
				of, names = &parse.VariableNode{NodeType: parse.NodeVariable, Pos: n.Pos, Ident: n.Ident[:1]}, n.Ident[1:]
			case *parse.ChainNode:
				if inner, ok := n.Node.(*parse.PipeNode); ok {
					lenient(inner)
				}
			}
			if len(names) == 0 {
				continue
			}
			call := snippet("{{__get" + strings.Repeat(" 0", 1+len(names)) + "}}").Pipe
			call.Cmds[0].Args[1] = of
			for j, name := range names {
				call.Cmds[0].Args[2+j] = snippet("{{" + strconv.Quote(name) + "}}").Pipe.Cmds[0].Args[0]
			}
			cmd.Args[i] = call
		}
	}
}

func (e *engine) spot(src *lint.Source, start, end int, text bool) spot {
	if src == nil || start < 0 || end > len(src.Data) || start > end {
		return spot{}
	}
	return spot{lint.Span{Source: src, Start: start, End: end}, text}
}

// action is the whole action around a position.
func (e *engine) action(src *lint.Source, at int) spot {
	if src == nil || at > len(src.Data) {
		return spot{}
	}
	start := bytes.LastIndex(src.Data[:at], []byte("{{"))
	end := bytes.Index(src.Data[at:], []byte("}}"))
	if start < 0 || end < 0 {
		return spot{}
	}
	return e.spot(src, start, at+end+2, false)
}

func (e *engine) note(s spot) parse.Node {
	id := -1
	if s.at.Source != nil {
		id = len(e.spots)
		e.spots = append(e.spots, s)
	}
	return snippet("{{__at " + strconv.Itoa(id) + "}}")
}

// snippet is a single action.
func snippet(text string) *parse.ActionNode {
	t := parse.New("note")
	t.Mode = parse.SkipFuncCheck
	tree, err := t.Parse(text, "", "", map[string]*parse.Tree{})
	if err != nil {
		panic(err)
	}
	return tree.Root.Nodes[0].(*parse.ActionNode)
}

// run renders all templates with values; with marks, scalars are marked in them.
func (e *engine) run(values *lint.Node, m *marks) []output {
	e.steps = 0
	gaps, missed := e.gaps, e.missed
	if m != nil {
		e.missed = map[string]bool{}
		defer func() { e.gaps, e.missed = gaps, missed }()
	}
	top, _ := plain(values, m).(map[string]any)
	var outputs []output
	for _, o := range e.owners {
		if strings.HasPrefix(path.Base(o.name), "_") || path.Base(o.name) == "NOTES.txt" || !bytes.Contains(o.src.Data, []byte("{{")) {
			continue
		}
		if nodes, own, on := e.valuesOf(o, values, top); on {
			out := e.render(o, own)
			out.values = nodes
			outputs = append(outputs, out)
		}
	}
	return outputs
}

// valuesOf are the values of the chart of a template, unless it is switched off.
func (e *engine) valuesOf(o owned, values *lint.Node, top map[string]any) (*lint.Node, map[string]any, bool) {
	for _, s := range o.path {
		if s.meta.Get("type").Str() == "library" || !s.enabled(values) {
			return nil, nil, false
		}
		values = values.Get(s.name)
		inner, _ := top[s.name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		top = inner
	}
	return values, top, true
}

func (e *engine) render(o owned, values map[string]any) (out output) {
	out.src = o.src
	if gap, broken := e.broken[o.name]; broken {
		out.gaps = append(out.gaps, gap)
		return out
	}
	if t := e.set.Lookup(o.name); t == nil || t.Tree == nil {
		return out // nothing but comments
	}
	e.out, e.hits, e.nesting, e.current = &bounded{}, nil, 0, o.src
	defer func() {
		if recover() != nil {
			out = output{src: o.src, gaps: []lint.Gap{{Location: lint.Location{Path: o.src.Path}, Message: "not rendered: a function of the template breaks down"}}}
		}
	}()
	if err := e.set.ExecuteTemplate(e.out, o.name, e.scope(o, values)); err != nil {
		out.gaps = append(out.gaps, lint.Gap{Location: e.whereIs(err, o.src).Location(), Message: "not rendered: " + why(err)})
		return out
	}
	out.text, out.hits, out.spots = mapped(e.out.String()), e.hits, e.spots
	return out
}

// mapped turns unknown entries of a mapping into comments of the same length: a line that is
// neither an entry nor all of a value would be no YAML.
func mapped(text string) string {
	if !strings.Contains(text, Unknown) {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != Unknown {
			continue
		}
		above, below := filled(lines[:i], -1), filled(lines[i+1:], 1)
		if !strings.HasSuffix(above, ":") || indent(above) >= indent(line) || indent(below) > indent(above) {
			lines[i] = strings.Replace(line, "$", "#", 1)
		}
	}
	return strings.Join(lines, "\n")
}

// filled is the nearest line that is not empty.
func filled(lines []string, step int) string {
	for i := range lines {
		if step < 0 {
			i = len(lines) - 1 - i
		}
		if strings.TrimSpace(lines[i]) != "" {
			return strings.TrimRight(lines[i], " \r")
		}
	}
	return ""
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// scope is what a template sees.
func (e *engine) scope(o owned, values map[string]any) map[string]any {
	about := map[string]any{"IsRoot": len(o.path) == 0}
	for key, value := range plain(o.chart.meta, nil).(map[string]any) {
		about[strings.ToUpper(key[:min(1, len(key))])+key[min(1, len(key)):]] = value
	}
	return map[string]any{
		"Values":       values,
		"Chart":        about,
		"Files":        folder{e.loader, o.chart.dir},
		"Capabilities": capabilities,
		"Release": map[string]any{
			"Name": "release-name", "Namespace": "default", "Service": "Helm",
			"IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
		"Template":  map[string]any{"Name": o.name, "BasePath": o.chart.full + "/templates"},
		"Subcharts": map[string]any{},
	}
}

// why says why a template does not render, without the values that an error may show.
func why(err error) string {
	text := err.Error()
	switch {
	case errors.Is(err, errSteps), errors.Is(err, errText), errors.Is(err, errNesting):
		return "the template costs too much"
	case strings.Contains(text, "nil pointer evaluating"):
		return "a value that the template reads a part of is not set"
	}
	return "an action of the template fails with the values of the chart"
}

var errorPlace = regex.Lazy(`template: ([^:\n]+):([0-9]+)(?::([0-9]+))?:`)

// whereIs is the line that an error names first, as it stands; the file if it names none.
func (e *engine) whereIs(err error, src *lint.Source) lint.Span {
	found := errorPlace().FindStringSubmatch(err.Error())
	if found == nil {
		return lint.Span{Source: src, End: firstLine(src.Data)}
	}
	if named := e.sources[found[1]]; named != nil {
		src = named
	}
	line, _ := strconv.Atoi(found[2])
	start := 0
	for ; line > 1; line-- {
		next := bytes.IndexByte(src.Data[start:], '\n')
		if next < 0 {
			break
		}
		start += next + 1
	}
	end := start + firstLine(src.Data[start:])
	start += len(src.Data[start:end]) - len(bytes.TrimLeft(src.Data[start:end], " \t"))
	return lint.Span{Source: src, Start: start, End: end}
}

func firstLine(data []byte) int {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i
	}
	return len(data)
}

// place is where in its template a range of what was rendered stands: the text itself, or
// the action that wrote it.
func (o output) place(start, end int) lint.Span {
	first, last := o.at(start), o.at(max(start, end-1))
	if first.spot < 0 || last.spot < 0 {
		return lint.Span{Source: o.src, End: firstLine(o.src.Data)}
	}
	from, to := o.spots[first.spot], o.spots[last.spot]
	span := lint.Span{Source: o.src, Start: from.at.Start, End: to.at.End}
	if from.text {
		span.Start = min(from.at.Start+start-first.offset, from.at.End)
	}
	if to.text {
		span.End = min(to.at.Start+max(start+1, end)-last.offset, to.at.End)
	}
	if from.at.Source != o.src || to.at.Source != o.src || span.Start > span.End {
		return from.at
	}
	return span
}

// at is the last hit at or before an offset.
func (o output) at(offset int) hit {
	i := sort.Search(len(o.hits), func(i int) bool { return o.hits[i].offset > offset })
	if i == 0 {
		return hit{spot: -1}
	}
	return o.hits[i-1]
}

// locate gives all values below a node their places in the template.
func (o output) locate(n *lint.Node, seen map[*lint.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true // an anchor's value is in several places
	n.Span, n.Merges = o.place(n.Span.Start, n.Span.End), nil
	for i := range n.Fields {
		n.Fields[i].Span = o.place(n.Fields[i].Span.Start, n.Fields[i].Span.End)
		o.locate(n.Fields[i].Value, seen)
	}
	for _, item := range n.Items {
		o.locate(item, seen)
	}
}

// bounded is a text that does not grow without end.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, errText
	}
	return b.Builder.Write(p)
}
