package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

// Format writes the documents of policyctl in a file as all should be written:
// fields in the order of the schema, two spaces for each level. Comments, quotes
// and documents of other platforms stay as they are.
func Format(src *lint.Source) ([]byte, error) {
	file, err := Open(src)
	if err != nil {
		return nil, err
	}
	if file.json {
		return nil, fmt.Errorf("%s: only YAML is formatted", src.Path)
	}
	for doc := len(file.docs) - 1; doc >= 0; doc-- { // from the end, so that places stay
		root := file.docs[doc]
		if contract.Order(root.Get("kind").Str(), nil) == nil || !contract.Ours(root) {
			continue
		}
		text, err := file.format(root)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", root.Span.Location(), err)
		}
		next, err := Open(&lint.Source{Path: src.Path, Data: text})
		if err != nil || !slices.EqualFunc(next.docs, file.docs, same) || bytes.Count(text, []byte("#")) != bytes.Count(file.Text(), []byte("#")) {
			return nil, fmt.Errorf("%s: the document cannot be formatted without a change of what it says; format it by hand", root.Span.Location())
		}
		file = next
	}
	return file.Text(), nil
}

var errAlias = errors.New("the document has an alias, a merge key or a tag; write out what it stands for first")

func (f *File) format(root *lint.Node) ([]byte, error) {
	if !plainTree(root) {
		return nil, errAlias
	}
	p := printer{File: f, kind: root.Get("kind").Str()}
	data := f.src.Data
	if f.isFlow(root) {
		p.out.WriteString(p.flow(root, nil))
		return slices.Concat(data[:root.Span.Start], p.out.Bytes(), data[root.Span.End:]), nil
	}
	start := f.lineStart(root.Span.Start)
	if len(bytes.TrimSpace(data[start:root.Span.Start])) > 0 {
		return nil, errors.New("the document begins behind something else on its line; begin it on a line of its own")
	}
	end := f.tail(f.next(root.Span.End), f.limit(root.Span.End), f.column(root.Span.Start))
	if err := p.collection(root, nil, region{start, end}, 0); err != nil {
		return nil, err
	}
	return slices.Concat(data[:start], p.out.Bytes(), data[end:]), nil
}

// plainTree says whether all of a tree stands in one place, in order.
func plainTree(root *lint.Node) bool {
	plain := true
	root.Walk(func(_ lint.Path, n *lint.Node) bool {
		plain = plain && len(n.Via) == 0
		for _, field := range n.Fields {
			plain = plain && within(field.Span, n.Span) && !strings.HasPrefix(string(field.Span.Text()), "!")
		}
		return plain
	})
	return plain
}

// limit is where the lines end that may belong to a document: at its last line, or
// at the mark that ends it.
func (f *File) limit(from int) int {
	for at := f.next(from); at < len(f.src.Data); at = f.next(at) {
		if line := f.src.Data[at:]; bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("...")) {
			return at
		}
	}
	return len(f.src.Data)
}

// next is where the line behind that of an offset begins.
func (f *File) next(offset int) int {
	if i := bytes.IndexByte(f.src.Data[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(f.src.Data)
}

// tail is where the comments end that belong to what stands above them: the last
// that is indented more than column.
func (f *File) tail(from, to, column int) int {
	end := from
	for at := from; at < to; at = f.next(at) {
		line := bytes.TrimRight(f.src.Data[at:min(f.next(at), to)], " \r\n")
		comment := bytes.TrimLeft(line, " ")
		if len(comment) > 0 && len(line)-len(comment) > column {
			end = min(f.next(at), to)
		}
	}
	return end
}

// region is a range of whole lines; the first may begin behind a dash.
type region struct{ start, end int }

// printer writes one document anew.
type printer struct {
	*File
	kind string
	out  bytes.Buffer
}

// entry is a field or an item with the lines that belong to it.
type entry struct {
	lead  region // comments and empty lines above it
	start int    // its key, or its dash
	end   int    // of the lines that belong to it, comments below it included
	value *lint.Node
	path  lint.Path
	rank  int
}

// collection writes a mapping or a list of lines. Its first entry may begin within
// a line; what stands before it on that line is written already.
func (p *printer) collection(n *lint.Node, path lint.Path, in region, indent int) error {
	entries, rest, err := p.entries(n, path, in)
	if err != nil {
		return err
	}
	inLine := len(entries) > 0 && entries[0].start == in.start && p.lineStart(in.start) != in.start
	first := entries[0].start
	slices.SortStableFunc(entries, func(a, b entry) int { return a.rank - b.rank })
	for i, e := range entries {
		moved := i == 0 && e.start != first
		if i > 0 || !inLine {
			p.comments(e.lead, indent, moved)
			p.out.WriteString(strings.Repeat(" ", indent))
		} else if comments := p.written(func() { p.comments(e.lead, indent, moved) }); comments != "" {
			p.out.WriteString(strings.TrimLeft(comments, " ") + strings.Repeat(" ", indent)) // behind the dash
		}
		if err := p.entry(n, e, indent); err != nil {
			return err
		}
	}
	p.comments(rest, indent, false)
	return nil
}

// entries splits the lines of a collection, and gives the comments below its last
// entry that belong to none.
func (p *printer) entries(n *lint.Node, path lint.Path, in region) ([]entry, region, error) {
	var all []entry
	var known []string
	column := p.column(n.Span.Start)
	if n.Kind == lint.Object {
		known = contract.Order(p.kind, path)
	}
	from := in.start
	for i, count := 0, len(n.Fields)+len(n.Items); i < count; i++ {
		e := entry{lead: region{start: from}, rank: len(known)}
		if n.Kind == lint.Object {
			field := n.Fields[i]
			e.start, e.value, e.path = field.Span.Start, field.Value, append(slices.Clone(path), field.Key)
			if rank := slices.Index(known, field.Key); rank >= 0 {
				e.rank = rank
			}
		} else {
			e.start, e.value, e.path = p.dash(from), n.Items[i], append(slices.Clone(path), i)
		}
		e.lead.end = max(p.lineStart(e.start), from)
		if e.start < from || p.column(e.start) != column || len(bytes.TrimSpace(p.src.Data[e.lead.end:e.start])) > 0 {
			return nil, region{}, errors.New("a key or an item does not begin its line; begin it on a line of its own")
		}
		last := max(e.value.Span.End, e.start)
		limit := in.end
		if i+1 < len(n.Fields) {
			limit = p.lineStart(n.Fields[i+1].Span.Start)
		} else if i+1 < len(n.Items) {
			limit = p.lineStart(p.dash(p.next(last)))
		}
		from = p.tail(min(p.next(last), in.end), limit, column)
		e.end = from
		all = append(all, e)
	}
	return all, region{from, in.end}, nil
}

// comments writes lines that hold nothing else, indented anew.
func (p *printer) comments(in region, indent int, notEmpty bool) {
	for at := in.start; at < in.end; at = p.next(at) {
		line := bytes.TrimSpace(p.src.Data[at:min(p.next(at), in.end)])
		if len(line) > 0 {
			p.line(string(line), indent)
		} else if !notEmpty {
			p.out.WriteString(p.eol)
		}
	}
}

// written is what a call would write.
func (p *printer) written(write func()) string {
	before := p.out.Len()
	write()
	text := string(p.out.Bytes()[before:])
	p.out.Truncate(before)
	return text
}

func (p *printer) line(text string, indent int) {
	p.out.WriteString(strings.Repeat(" ", indent) + text + p.eol)
}

// entry writes a key or a dash, its value and the comments below it.
func (p *printer) entry(parent *lint.Node, e entry, indent int) error {
	v := e.value
	body := v.Span.Start
	if v.Kind == lint.Null {
		body = e.start
	}
	begin := p.lineStart(body)
	block := (v.Kind == lint.Object || v.Kind == lint.List) && !p.isFlow(v)
	switch {
	case block && parent.Kind == lint.List && begin <= e.start: // behind the dash, on its line
		p.out.WriteString("- ")
		return p.collection(v, e.path, region{body, e.end}, indent+2)
	case block && begin <= e.start:
		return errors.New("a value does not begin its line; begin it on a line of its own")
	case block:
		head := p.next(e.start)
		p.line(string(bytes.TrimSpace(p.src.Data[e.start:head])), 0)
		return p.collection(v, e.path, region{head, e.end}, indent+2)
	}
	return p.scalar(parent, e, indent)
}

// scalar writes a value that is no collection of lines. What it has on further
// lines is indented anew where that makes no difference, and moved as a whole
// where it does.
func (p *printer) scalar(parent *lint.Node, e entry, indent int) error {
	v, data := e.value, p.src.Data
	text := string(data[e.start:v.Span.Start])
	if v.Span.Start < e.start || v.Kind == lint.Null { // no text of its own
		p.out.WriteString(p.withDash(parent, strings.TrimRight(string(data[e.start:p.next(e.start)]), " \r\n")) + p.eol)
		p.comments(region{p.next(e.start), e.end}, indent+2, false)
		return nil
	}
	value := string(v.Span.Text())
	switch {
	case p.isFlow(v):
		value = p.flow(v, e.path)
		shift := indent - p.column(e.start)
		if strings.Contains(text, "\n") {
			shift = indent + 2 - p.column(v.Span.Start)
		}
		value = p.moved(value, shift)
	case value != "" && (value[0] == '|' || value[0] == '>') && v.Kind == lint.String:
		shift := indent + 2 - firstIndent(value)
		if strings.ContainsAny(firstLine(value), "123456789") {
			shift = indent - p.column(e.start)
		}
		value = p.moved(value, shift)
	default:
		value = p.stripped(value, indent+2)
	}
	rest := strings.TrimRight(string(data[v.Span.End:p.next(v.Span.End)]), " \r\n")
	p.out.WriteString(p.withDash(parent, p.stripped(text, indent+2)) + value + rest + p.eol)
	p.comments(region{p.next(v.Span.End), e.end}, indent+2, false)
	return nil
}

// withDash writes one space behind the dash of an item.
func (p *printer) withDash(parent *lint.Node, text string) string {
	if parent.Kind == lint.List && strings.HasPrefix(text, "- ") {
		return "- " + strings.TrimLeft(text[2:], " ")
	}
	return text
}

// moved shifts all lines of a text but the first.
func (p *printer) moved(text string, shift int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines[1:] {
		have := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) != "" {
			lines[i+1] = strings.Repeat(" ", max(have+shift, 0)) + line[have:]
		}
	}
	return strings.Join(lines, "\n")
}

// stripped indents all lines of a text but the first.
func (p *printer) stripped(text string, indent int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines[1:] {
		have := strings.TrimLeft(line, " \t")
		if strings.TrimSpace(line) != "" || i == len(lines)-2 {
			have = strings.Repeat(" ", indent) + have
		}
		lines[i+1] = have
	}
	return strings.Join(lines, "\n")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// firstIndent is that of the first line of a block of text.
func firstIndent(block string) int {
	_, rest, _ := strings.Cut(block, "\n")
	for line := range strings.Lines(rest) {
		if strings.TrimSpace(line) != "" {
			return len(line) - len(strings.TrimLeft(line, " "))
		}
	}
	return 0
}

// flow writes what stands in brackets, with its fields in the order of the schema.
// What stands between them keeps its place; where that is a comment, so does all.
func (p *printer) flow(n *lint.Node, path lint.Path) string {
	data := p.src.Data
	var texts, between []string
	var ranks []int
	known := contract.Order(p.kind, path)
	from := n.Span.Start
	add := func(start, end int, text string, rank int) {
		between = append(between, string(data[from:start]))
		texts, ranks = append(texts, text), append(ranks, rank)
		from = end
	}
	for i, item := range n.Items {
		add(item.Span.Start, item.Span.End, p.part(item, append(slices.Clone(path), i)), 0)
	}
	for _, field := range n.Fields {
		rank := slices.Index(known, field.Key)
		if rank < 0 {
			rank = len(known)
		}
		stop := end(field)
		text := string(data[field.Span.Start:stop])
		if field.Value.Span.Start > field.Span.Start {
			text = string(data[field.Span.Start:field.Value.Span.Start]) + p.part(field.Value, append(slices.Clone(path), field.Key))
		}
		add(field.Span.Start, stop, text, rank)
	}
	rest := string(data[from:n.Span.End])
	if !strings.Contains(strings.Join(between, "")+rest, "#") {
		texts = ordered(texts, ranks)
	}
	var b strings.Builder
	for i, text := range texts {
		b.WriteString(between[i] + text)
	}
	return b.String() + rest
}

func (p *printer) part(n *lint.Node, path lint.Path) string {
	if p.isFlow(n) {
		return p.flow(n, path)
	}
	return string(n.Span.Text())
}

func ordered(texts []string, ranks []int) []string {
	index := make([]int, len(texts))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int { return ranks[a] - ranks[b] })
	out := make([]string, len(texts))
	for i, from := range index {
		out[i] = texts[from]
	}
	return out
}
