// Package yaml reads YAML and JSON into trees that know where each value
// stands. Words are those of YAML 1.2 ("on" and "yes" are strings), anchors,
// aliases and merge keys are expanded, and everything is bounded: a small file
// can ask for a billion nodes. It knows nothing of what the documents mean.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Limits of one stream. They leave room for the largest honest files and keep
// the cost of a hostile one below a second.
const (
	MaxNodes = 200_000 // counted after aliases are expanded
	MaxDepth = 200
)

// Read parses all documents of a stream; empty ones are left out. What stands
// around a syntax error is read, and the finding says which lines are not. A finding
// is a syntax error, a duplicate key or an exceeded limit, never a silent loss.
func Read(src *lint.Source) ([]*lint.Node, []lint.Finding) {
	if isJSON(src) {
		return readJSON(src)
	}
	r := &reader{src: src, cursor: newCursor(src.Data)}
	docs, err := r.stream()
	if err == nil {
		return docs, r.findings
	}
	var lost []lineRange
	if len(src.Data) <= searchable {
		var mended []byte
		if mended, lost = mend(src.Data); lost != nil {
			again := &reader{src: &lint.Source{Path: src.Path, Data: mended, Commit: src.Commit}, cursor: newCursor(mended)}
			docs, _ = again.stream()
			r.findings = again.findings
		}
	}
	if len(docs) == 0 {
		lost = nil // the file as a whole
	}
	r.syntaxError(err, lost)
	return docs, r.findings
}

// stream reads documents up to the end, a syntax error or a limit.
func (r *reader) stream() ([]*lint.Node, error) {
	decoder := yamlv3.NewDecoder(bytes.NewReader(r.src.Data))
	var docs []*lint.Node
	for {
		var node yamlv3.Node
		err := decode(decoder, &node)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, err
		}
		doc, ok := r.document(&node)
		if doc != nil {
			docs = append(docs, doc)
		}
		if !ok {
			return docs, nil
		}
	}
}

// Others reports the documents of a file of which only the first is read.
func Others(docs []*lint.Node, reader string) []lint.Finding {
	if len(docs) < 2 {
		return nil
	}
	return []lint.Finding{docs[1].Span.Report(lint.SyntaxError, "the file holds several YAML documents, "+reader+" reads only one; remove the others")}
}

// isJSON says whether a file is JSON by its suffix. A template is what it begins
// like.
func isJSON(src *lint.Source) bool {
	switch strings.ToLower(path.Ext(src.Path)) {
	case ".json":
		return true
	case ".template":
		return bytes.HasPrefix(bytes.TrimLeft(src.Data, "\ufeff \t\r\n"), []byte("{"))
	}
	return false
}

// decode turns a panic of the parser into an error: foreign bytes must not be
// able to end the run.
func decode(decoder *yamlv3.Decoder, node *yamlv3.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("yaml: the parser gave up")
		}
	}()
	return decoder.Decode(node)
}

// reader converts the nodes of one stream.
type reader struct {
	src       *lint.Source
	cursor    *cursor
	nodes     int
	deep      bool // nodes are nested deeper than is read, which is told
	joined    int  // pairs of values of keys that occur twice
	expanding map[*yamlv3.Node]bool
	expanded  map[*yamlv3.Node]*expansion
	findings  []lint.Finding
}

// expansion is a value that an anchor names: it is converted once, and shared.
type expansion struct {
	node  *lint.Node
	nodes int
}

// errStop ends the conversion of a document; the reason is a finding already.
var errStop = errors.New("stop")

func (r *reader) document(node *yamlv3.Node) (*lint.Node, bool) {
	if node.Kind != yamlv3.DocumentNode || len(node.Content) == 0 {
		return nil, true
	}
	root := node.Content[0]
	if root.Kind == yamlv3.ScalarNode && root.Tag == "!!null" {
		return nil, true
	}
	r.expanding = map[*yamlv3.Node]bool{}
	r.expanded = map[*yamlv3.Node]*expansion{}
	doc, err := r.convert(root, context{indent: -1})
	return doc, err == nil
}

// context is what the place of a value depends on beside its own text.
type context struct {
	depth  int
	indent int // column of the innermost block collection, from 0; -1 outside
	flow   bool
}

func (r *reader) convert(node *yamlv3.Node, in context) (*lint.Node, error) {
	r.nodes++
	start := r.content(node)
	at := lint.Span{Source: r.src, Start: start, End: start}
	switch {
	case r.nodes > MaxNodes:
		return nil, r.tooComplex(at, fmt.Sprintf("more than %d values after aliases are expanded", MaxNodes))
	case in.depth > MaxDepth:
		if !r.deep {
			r.deep = true
			_ = r.tooComplex(at, fmt.Sprintf("values are nested more than %d deep", MaxDepth))
		}
		return &lint.Node{Kind: lint.Null, Span: at}, nil
	}
	in.depth++
	var value *lint.Node
	var err error
	switch node.Kind {
	case yamlv3.AliasNode:
		return r.alias(node, in)
	case yamlv3.ScalarNode:
		value = r.scalar(node, start, in)
	case yamlv3.SequenceNode:
		value, err = r.sequence(node, start, in)
	case yamlv3.MappingNode:
		value, err = r.mapping(node, start, in)
	default:
		return nil, r.tooComplex(at, "a value of unknown kind")
	}
	if err != nil {
		return value, err
	}
	if tag := node.Tag; strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") && len(tag) > 1 {
		start = r.tag(node, start)
		tagged := lint.NewObject(lint.Span{Source: r.src, Start: start, End: max(start, value.Span.End)})
		tagged.Set(tag, lint.Span{Source: r.src, Start: start, End: start + len(tag)}, value)
		return tagged, nil
	}
	return value, nil
}

func (r *reader) tooComplex(at lint.Span, message string) error {
	r.findings = append(r.findings, at.Report(lint.TooComplex, message))
	return errStop
}

func (r *reader) report(at lint.Span, format string, args ...any) {
	r.findings = append(r.findings, at.Report(lint.SyntaxError, fmt.Sprintf(format, args...)))
}

// unread says which lines were not read because of what was reported last.
func (r *reader) unread(lines lineRange) {
	r.findings[len(r.findings)-1].Unread = [2]int{lines.from, lines.to}
}

// alias shares the value of its anchor, and counts it as if it were written
// out: whoever walks the document meets it as often as it is used.
func (r *reader) alias(node *yamlv3.Node, in context) (*lint.Node, error) {
	start := r.cursor.offset(node.Line, node.Column)
	at := lint.Span{Source: r.src, Start: start, End: start + 1 + len(node.Value)}
	target := node.Alias
	if r.expanding[target] {
		_ = r.tooComplex(at, fmt.Sprintf("the alias *%s contains itself", node.Value))
		return &lint.Node{Kind: lint.Null, Span: at}, nil
	}
	known := r.expanded[target]
	if known == nil {
		r.expanding[target] = true
		before := r.nodes
		value, err := r.convert(target, in)
		if err != nil {
			return nil, err
		}
		delete(r.expanding, target)
		known = &expansion{value, r.nodes - before}
		r.expanded[target] = known
	} else if r.nodes += known.nodes; r.nodes > MaxNodes {
		return nil, r.tooComplex(at, fmt.Sprintf("more than %d values after aliases are expanded", MaxNodes))
	}
	use := *known.node
	use.Via = append([]lint.Step{{Message: "used here through the alias *" + node.Value, Span: at}}, use.Via...)
	return &use, nil
}

func (r *reader) sequence(node *yamlv3.Node, start int, in context) (*lint.Node, error) {
	in = in.within(node, r, start)
	list := lint.NewList(lint.Span{Source: r.src, Start: start, End: start})
	end := start + 1
	var stopped error
	for _, child := range node.Content {
		var item *lint.Node
		if item, stopped = r.convert(child, in); item != nil {
			list.Items = append(list.Items, item)
			end = max(end, r.end(child, item))
		}
		if stopped != nil {
			break
		}
	}
	list.Span.End = min(r.close(node, start, end, '[', ']'), len(r.src.Data))
	return list, stopped
}

// within is the context of the parts of a collection.
func (in context) within(node *yamlv3.Node, r *reader, start int) context {
	if node.Style&yamlv3.FlowStyle != 0 {
		in.flow = true
		return in
	}
	in.indent = r.cursor.column(start)
	return in
}

// mapping converts a mapping. Of keys that are expressions, such as ${{ else }},
// each stands for something else: from the second on they are numbered.
func (r *reader) mapping(node *yamlv3.Node, start int, in context) (*lint.Node, error) {
	in = in.within(node, r, start)
	object := lint.NewObject(lint.Span{Source: r.src, Start: start, End: start})
	end := start + 1
	index := map[string]int{}
	var repeated map[string]int
	var merges []*yamlv3.Node
	var stopped error
	for i := 0; i+1 < len(node.Content) && stopped == nil; i += 2 {
		key, child := node.Content[i], node.Content[i+1]
		if key.Tag == "!!merge" {
			merges = append(merges, child)
			at := r.content(key)
			object.Merges = append(object.Merges, lint.Span{Source: r.src, Start: at, End: at + len("<<")})
			end = max(end, r.cursor.offset(child.Line, child.Column)+1+len(child.Value))
			continue
		}
		field, err := r.field(key, child, in)
		if err != nil {
			stopped = err
		}
		if field.Value == nil {
			continue
		}
		end = max(end, field.Span.End, r.end(child, field.Value))
		if _, twice := index[field.Key]; twice && strings.HasPrefix(field.Key, "${{") {
			field.Key, repeated = numbered(field.Key, repeated)
		}
		if first, twice := index[field.Key]; twice {
			r.findings = append(r.findings, duplicate(object.Fields[first], field))
			field.Value = r.both(object.Fields[first].Value, field.Value)
			object.Fields[first] = field
			continue
		}
		index[field.Key] = len(object.Fields)
		object.Fields = append(object.Fields, field)
	}
	object.Span.End = min(r.close(node, start, end, '{', '}'), len(r.src.Data))
	for _, merge := range merges {
		if stopped == nil {
			stopped = r.merge(object, index, merge, in)
		}
	}
	return object, stopped
}

func numbered(key string, repeated map[string]int) (string, map[string]int) {
	if repeated == nil {
		repeated = map[string]int{}
	}
	repeated[key]++
	return fmt.Sprintf("%s (%d)", key, repeated[key]+1), repeated
}

// duplicate reports a key that occurs twice: a reader sees one value, and a tool
// may take the other.
func duplicate(first, second lint.Field) lint.Finding {
	f := second.Span.Report(lint.SyntaxError, fmt.Sprintf("key %q occurs twice in one mapping, first on line %d; remove one of them",
		second.Key, first.Span.Location().Start.Line))
	f.Unread = [2]int{first.Span.Location().Start.Line, max(first.Value.Span.Location().End.Line, second.Value.Span.Location().End.Line)}
	return f
}

// maxBoth bounds the pairs of values that are joined: few honest files have one.
const maxBoth = 100

// both is what a key that occurs twice may stand for: some readers take the last
// value, and whoever mends the file may mean either.
func (r *reader) both(first, second *lint.Node) *lint.Node {
	if first.Kind != second.Kind || first.Kind != lint.Object && first.Kind != lint.List || r.joined >= maxBoth {
		return second
	}
	r.joined++
	all := *second
	all.Items = slices.Concat(first.Items, second.Items)
	all.Fields = slices.Clone(first.Fields)
	index := make(map[string]int, len(all.Fields))
	for i, field := range all.Fields {
		index[field.Key] = i
	}
	for _, field := range second.Fields {
		if i, twice := index[field.Key]; twice {
			field.Value = r.both(all.Fields[i].Value, field.Value)
			all.Fields[i] = field
		} else {
			all.Fields = append(all.Fields, field)
		}
	}
	return &all
}

func (r *reader) field(key, child *yamlv3.Node, in context) (lint.Field, error) {
	if key.Kind == yamlv3.AliasNode && key.Alias.Kind == yamlv3.ScalarNode {
		start := r.cursor.offset(key.Line, key.Column)
		span := lint.Span{Source: r.src, Start: start, End: start + 1 + len(key.Value)}
		value, err := r.convert(child, in)
		return lint.Field{Key: key.Alias.Value, Span: span, Value: value}, err
	}
	start := r.content(key)
	if key.Kind != yamlv3.ScalarNode {
		at := lint.Span{Source: r.src, Start: start, End: start + 1}
		r.report(at, "a key must be a word, not a list or a mapping; is this a template that must be rendered first?")
		return lint.Field{}, nil
	}
	name := r.scalar(key, start, in)
	value, err := r.convert(child, in)
	if value == nil {
		return lint.Field{}, err
	}
	if child.Kind == yamlv3.ScalarNode && value.Kind == lint.Null && child.Value == "" {
		value.Span = name.Span // an absent value stands nowhere: its key does
	}
	return lint.Field{Key: key.Value, Span: name.Span, Value: value}, err
}

// merge adds the fields of a merge key; those that stand in the mapping win.
func (r *reader) merge(object *lint.Node, have map[string]int, from *yamlv3.Node, in context) error {
	value, err := r.convert(from, in)
	if value == nil {
		return err
	}
	sources := []*lint.Node{value}
	if value.Kind == lint.List {
		sources = value.Items
	}
	for _, source := range sources {
		if source.Kind != lint.Object {
			r.report(value.Span, "the merge key << wants a mapping or a list of mappings")
			return err
		}
		for _, field := range source.Fields {
			if _, known := have[field.Key]; !known {
				have[field.Key] = len(object.Fields)
				object.Fields = append(object.Fields, field)
			}
		}
	}
	return err
}

// end is where the text of a child ends. The value of an alias stands elsewhere.
func (r *reader) end(child *yamlv3.Node, value *lint.Node) int {
	if child.Kind == yamlv3.AliasNode {
		return r.cursor.offset(child.Line, child.Column) + 1 + len(child.Value)
	}
	return value.Span.End
}

// close finds the end of a collection: its bracket, or the end of its last part. A
// pair in a list is a mapping that has no brackets.
func (r *reader) close(node *yamlv3.Node, start, end int, open, bracket byte) int {
	if node.Style&yamlv3.FlowStyle == 0 || start >= len(r.src.Data) || r.src.Data[start] != open {
		return end
	}
	for i := end; i < len(r.src.Data); i++ {
		switch r.src.Data[i] {
		case bracket:
			return i + 1
		case '#':
			for i+1 < len(r.src.Data) && r.src.Data[i+1] != '\n' {
				i++
			}
		}
	}
	return end
}

// content is where a node's own text starts, behind its anchor and tag.
func (r *reader) content(node *yamlv3.Node) int {
	at := r.cursor.offset(node.Line, node.Column)
	if node.Anchor == "" && node.Style&yamlv3.TaggedStyle == 0 {
		return at
	}
	data := r.src.Data
	for at < len(data) && (data[at] == '&' || data[at] == '!') {
		anchor := data[at] == '&'
		if anchor { // a colon ends it too
			at += len("&") + len(node.Anchor)
		}
		for !anchor && at < len(data) && !bytes.ContainsRune([]byte(" \t\r\n"), rune(data[at])) {
			at++
		}
		at = skipBlank(data, at)
	}
	return at
}

// tag is where the tag of a node starts, behind an anchor if there is one.
func (r *reader) tag(node *yamlv3.Node, content int) int {
	at := r.cursor.offset(node.Line, node.Column)
	if i := bytes.Index(r.src.Data[at:content], []byte(node.Tag)); i >= 0 {
		return at + i
	}
	return content // written in another way: !<!Ref>
}

// skipBlank skips white space and comments.
func skipBlank(data []byte, at int) int {
	for at < len(data) {
		switch data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			for at < len(data) && data[at] != '\n' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

func (r *reader) scalar(node *yamlv3.Node, start int, in context) *lint.Node {
	at := lint.Span{Source: r.src, Start: start, End: scalarEnd(r.src.Data, start, node, in)}
	switch node.Tag {
	case "!!null":
		return &lint.Node{Kind: lint.Null, Span: at}
	case "!!bool":
		return lint.NewBool(strings.EqualFold(node.Value, "true"), at)
	case "!!int", "!!float":
		if digits, ok := number(node.Value); ok {
			return &lint.Node{Kind: lint.Number, Text: digits, Span: at}
		}
	}
	return lint.NewString(node.Value, at)
}

var jsonNumber = regex.Lazy(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$`)

// maxDigits keeps a number from costing more than it says: 1e999999999 is five
// bytes to write and a gigabyte to calculate with. Beyond it, text stays text.
const maxDigits = 400

// number writes a YAML number as a JSON one, digits kept.
func number(text string) (string, bool) {
	if len(text) > maxDigits {
		return "", false
	}
	if jsonNumber().MatchString(text) {
		return text, true
	}
	plain := strings.TrimPrefix(strings.ReplaceAll(text, "_", ""), "+")
	if n, ok := new(big.Int).SetString(plain, 0); ok {
		return n.String(), true
	}
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil || f-f != 0 { // infinities and NaN are no JSON numbers
		return "", false
	}
	return strconv.FormatFloat(f, 'g', -1, 64), true
}

var (
	errorLine = regex.Lazy(`^yaml: (?:line ([0-9]+): )?(.*)$`)
	quoted    = regex.Lazy(`'[^']*'|"[^"]*"|` + "`[^`]*`")
	// ofParser are the errors whose line counts from 0: those of the parser, not of
	// the scanner below it.
	ofParser = regex.Lazy(`^(did not find expected (node content|key|',' or '[]}]'|'-' indicator|<document start>)|found undefined tag|found duplicate|found incompatible)`)
)

// syntaxError reports the parser's error at its line. Text that the parser
// quotes from the file is left out: it may be a value.
func (r *reader) syntaxError(err error, lost []lineRange) {
	parts := errorLine().FindStringSubmatch(err.Error())
	message := "the file is no valid YAML"
	line := 0
	if parts != nil {
		line, _ = strconv.Atoi(parts[1])
		if line > 0 && ofParser().MatchString(parts[2]) {
			line++
		}
		line = r.problemLine(parts[2], line)
		message = quoted().ReplaceAllStringFunc(parts[2], unquoted)
	}
	if strings.Contains(message, "exceeded max depth") {
		r.findings = append(r.findings, r.line(line).Report(lint.TooComplex, fmt.Sprintf("values are nested more than %d deep", MaxDepth)))
		return
	}
	if line == 0 {
		line = r.badByte()
	}
	place := r.line(line)
	if alias, found := r.unknownAlias(err, lost); found {
		place, line = alias, alias.Location().Start.Line
	} else if len(lost) == 1 && line > lost[0].to { // the parser goes on to the end
		line = lost[0].to
		place = r.line(line)
	}
	at := slices.IndexFunc(lost, func(l lineRange) bool { return l.from <= line && line <= l.to })
	for i, lines := range lost {
		if i != at {
			r.report(r.line(lines.from), "YAML cannot be parsed; %s", lines)
			r.unread(lines)
		}
	}
	if at >= 0 {
		message += fmt.Sprintf("; %s", lost[at])
	}
	r.report(place, "YAML cannot be parsed: %s", message)
	switch {
	case at >= 0:
		r.unread(lost[at])
	case lost != nil:
		r.unread(lineRange{line, line})
	}
}

// unknownAlias finds the first use of an anchor that the parser does not know, of which it
// tells the name only.
func (r *reader) unknownAlias(err error, lost []lineRange) (lint.Span, bool) {
	anchor := unknownAnchor().FindStringSubmatch(err.Error())
	if anchor == nil {
		return lint.Span{}, false
	}
	begin := 0
	if len(lost) > 0 {
		begin = r.src.Offset(lint.Position{Line: lost[0].from, Column: 1})
	}
	i := bytes.Index(r.src.Data[begin:], []byte("*"+anchor[1]))
	return lint.Span{Source: r.src, Start: begin + i, End: begin + i + 1 + len(anchor[1])}, i >= 0
}

// searchable is the size up to which the line of an error is searched for: it
// costs a parse for each halving of the lines.
const searchable = 1 << 20

// problemLine finds the line at which the parser gives up. It tells only where
// the collection begins in which that happened; but it gives up in the same way
// as soon as it has read the line that is wrong.
func (r *reader) problemLine(message string, begin int) int {
	if begin == 0 || len(r.src.Data) > searchable {
		return begin
	}
	same := func(lines int) bool {
		end := r.src.Offset(lint.Position{Line: lines + 1, Column: 1})
		decoder := yamlv3.NewDecoder(bytes.NewReader(r.src.Data[:end]))
		for {
			var node yamlv3.Node
			if err := decode(decoder, &node); err != nil {
				parts := errorLine().FindStringSubmatch(err.Error())
				return parts != nil && parts[2] == message
			}
		}
	}
	rest := max(r.src.Lines()-begin, 0)
	return begin + sort.Search(rest, func(i int) bool { return same(begin + i) })
}

// unquoted leaves out what the parser quotes, but for the punctuation that is
// missing.
func unquoted(text string) string {
	if len(text) <= len("'x'") {
		return text
	}
	return "…"
}

// badByte finds the line of the first byte that YAML does not allow at all: for
// those the parser knows no line.
func (r *reader) badByte() int {
	for i, c := range string(r.src.Data) {
		if c == '\uFFFD' || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return r.src.Position(i).Line
		}
	}
	return 1
}

// line spans the text of a line, without the white space around it.
func (r *reader) line(n int) lint.Span {
	n = min(max(n, 1), r.src.Lines())
	start := r.src.Offset(lint.Position{Line: n, Column: 1})
	text := r.src.Line(n)
	trimmed := bytes.TrimSpace(text)
	start += bytes.Index(text, trimmed)
	return lint.Span{Source: r.src, Start: start, End: start + len(trimmed)}
}
