// Package fix writes the change that a policy proposes as text: which bytes of a file
// become which, so that it says just that. It changes no file. What it cannot write
// without a change of anything else, or of what only a run can know, it leaves.
package fix

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract/edit"
	"github.com/policyctl/policyctl/internal/lint"
)

// budget is how many bytes are parsed for the changes of one document. Each change is
// verified by reading the whole file again; in a huge one that is found wrong in a
// thousand places, the first have to do until they are made.
const budget = 16 << 20

// Writer writes the changes to the files of one document.
type Writer struct {
	files map[*lint.Source]*edit.File // what was read; nil if it cannot be
	spent int
}

// Proposal is what a policy proposes: Op is add, remove, replace or move.
type Proposal struct {
	Op      string
	Path    lint.Path
	Value   any       // as encoding/json has it, numbers as json.Number
	To      lint.Path // of move: where what stands at Path is to stand
	Comment string    // that the value gets; without room for it nothing is changed
}

// Key is the last key of the path.
func (p Proposal) Key() string {
	if len(p.Path) == 0 {
		return ""
	}
	key, _ := p.Path[len(p.Path)-1].(string)
	return key
}

// Write gives the bytes of a change and the text in place of them. The path of the
// proposal leads from the root of a document, through what stands there, to a key in the
// words of the file: the parts of a neutral document stand in native files, and the key
// goes into the mapping or block around them.
func (w *Writer) Write(root *lint.Node, p Proposal) (lint.Span, string, bool) {
	base, rest := locate(root, p.Path)
	src := base.Source
	if src == nil || len(src.Data) == 0 || src.Commit != "" || len(rest) == 0 {
		return lint.Span{}, "", false
	}
	if w.spent += 2 * len(src.Data); w.spent > budget {
		return lint.Span{}, "", false
	}
	var start, end int
	var text string
	var ok bool
	name := strings.ToLower(src.Path)
	switch path.Ext(name) {
	case ".tf", ".tofu":
		start, end, text, ok = writeHCL(base, rest, p)
	case ".yaml", ".yml", ".json":
		if strings.HasSuffix(name, ".tf.json") || strings.HasSuffix(name, ".tofu.json") {
			break // a block has no place of its own in JSON: the argument would stand elsewhere
		}
		if p.Op == "move" {
			start, end, text, ok = w.moveYAML(root, base, rest, p)
		} else {
			start, end, text, ok = w.writeYAML(base, rest, p)
		}
	}
	return lint.Span{Source: src, Start: start, End: end}, text, ok
}

// locate gives the place of the last part on the way to the last key that stands
// anywhere, and the keys that lead on from there.
func locate(root *lint.Node, path lint.Path) (lint.Span, []string) {
	base, depth, node := root.Span, 0, root
	for i := 0; i+1 < len(path); i++ {
		if node = node.At(path[i : i+1]); node == nil {
			break
		}
		if node.Span.Source != nil {
			base, depth = node.Span, i+1
		}
	}
	if depth == 0 {
		base = lint.Span{Source: base.Source} // the whole
	}
	var rest []string
	for _, part := range path[depth:] {
		key, isKey := part.(string)
		if !isKey {
			return lint.Span{}, nil
		}
		rest = append(rest, key)
	}
	return base, rest
}

func (w *Writer) writeYAML(base lint.Span, rest []string, p Proposal) (start, end int, text string, ok bool) {
	file := w.open(base.Source)
	if file == nil {
		return 0, 0, "", false
	}
	doc, at, around := file.Enclosing(base.Start, base.End)
	if base.End == 0 {
		if file.Root(1) != nil {
			return 0, 0, "", false
		}
		doc, at, around = 0, nil, file.Root(0)
	}
	if around == nil || inText(around, base) {
		return 0, 0, "", false
	}
	for _, key := range rest {
		at = append(at, key)
	}
	there := around.Get(rest...)
	if computed(there) {
		return 0, 0, "", false
	}
	changed := *file
	var err error
	switch {
	case p.Op == "remove":
		err = changed.Remove(doc, at)
	case p.Op == "add" && there != nil && there.Kind == lint.List:
		err = changed.Append(doc, at, node(p.Value))
	case there != nil && (there.Kind == lint.List || there.Kind == lint.Object):
		return 0, 0, "", false // more than the policy spoke of
	default:
		err = changed.Set(doc, at, node(p.Value))
	}
	if err != nil {
		return 0, 0, "", false
	}
	start, end, text = changed.Last()
	if p.Comment != "" {
		line, _, _ := bytes.Cut(base.Source.Data[end:], []byte("\n"))
		if len(bytes.TrimSpace(line)) > 0 || strings.Contains(text, "\n") {
			return 0, 0, "", false
		}
		text += " # " + p.Comment
	}
	return start, end, text, true
}

// moveYAML takes a key out of one mapping and puts it into another of the same file. What is
// empty then goes too. Quotes and the comment behind the value go with it; what is said above
// a key may be about it or about all below, so that stays to be moved by hand.
func (w *Writer) moveYAML(root *lint.Node, base lint.Span, rest []string, p Proposal) (start, end int, text string, ok bool) {
	file := w.open(base.Source)
	target, into := locate(root, p.To)
	if file == nil || target.Source != base.Source || len(rest) != 1 || len(into) == 0 {
		return 0, 0, "", false
	}
	doc, from, around := file.Enclosing(base.Start, base.End)
	other, to, goal := file.Enclosing(target.Start, target.End)
	moved := around.Get(rest[0])
	if moved == nil || goal == nil || doc != other || goal.Get(into...) != nil || len(moved.Via) > 0 || moved.Span.Start == moved.Span.End || commented(moved.Span) {
		return 0, 0, "", false
	}
	for _, key := range into {
		to = append(to, key)
	}
	if len(around.Fields) > 1 {
		from = append(from, rest[0])
	}
	changed := *file
	if changed.Set(doc, to, moved) != nil {
		return 0, 0, "", false
	}
	written := asWritten(&changed, rest[0], moved.Span)
	if written == nil || written.Root(doc).At(to).Str() != moved.Str() || written.Remove(doc, from) != nil {
		return 0, 0, "", false
	}
	before, after := string(base.Source.Data), string(written.Text())
	if strings.Count(before, "#") != strings.Count(after, "#") {
		return 0, 0, "", false
	}
	start, end, text = difference(before, after)
	return start, end, text, true
}

// commented says whether the line above a value is a comment.
func commented(value lint.Span) bool {
	lines := bytes.Split(value.Source.Data[:value.Start], []byte("\n"))
	return len(lines) > 1 && bytes.HasPrefix(bytes.TrimSpace(lines[len(lines)-2]), []byte("#"))
}

// asWritten is a file in which the value that was set last under a key stands as it stood
// elsewhere in it, with its quotes and the comment behind it; nil if it cannot.
func asWritten(file *edit.File, key string, value lint.Span) *edit.File {
	raw := string(value.Text())
	comment, _, _ := strings.Cut(string(value.Source.Data[value.End:]), "\n")
	comment = strings.TrimRight(comment, " \r")
	if !strings.HasPrefix(strings.TrimLeft(comment, " "), "#") {
		comment = ""
	}
	start, _, text := file.Last()
	at := strings.LastIndex(text, key+": ") + len(key) + 2
	inLines := strings.Contains(text, "\n")
	if at <= len(key)+1 || strings.Contains(raw+text[at:], "\n") || comment != "" && !inLines {
		return nil
	}
	rest := ""
	switch quote := strings.LastIndexByte(text, '"'); {
	case inLines:
	case quote < at || raw[0] != '"' && raw[0] != '\'':
		raw = text[at:] // brackets ask for quotes
	default:
		rest = text[quote+1:]
	}
	data := file.Text()
	data = slices.Concat(data[:start+at], []byte(raw+comment+rest), data[start+len(text):])
	written, _ := edit.Open(&lint.Source{Path: value.Source.Path, Data: data}) // nil if it cannot be read
	return written
}

// difference is the smallest part of a text that another has otherwise, in whole lines.
func difference(before, after string) (start, end int, text string) {
	for start < min(len(before), len(after)) && before[start] == after[start] {
		start++
	}
	start = strings.LastIndexByte(before[:start], '\n') + 1
	same := 0
	for same < min(len(before), len(after))-start && before[len(before)-1-same] == after[len(after)-1-same] {
		same++
	}
	end = len(before) - same
	if i := strings.IndexByte(before[end:], '\n'); i >= 0 {
		same -= i
	} else {
		same = 0
	}
	return start, len(before) - same, after[start : len(after)-same]
}

func (w *Writer) open(src *lint.Source) *edit.File {
	file, known := w.files[src]
	if !known {
		file, _ = edit.Open(src) // nil if it cannot be read
		if w.files == nil {
			w.files = map[*lint.Source]*edit.File{}
		}
		w.files[src] = file
	}
	return file
}

// inText says whether a place is in a text of a mapping, as an object in a patch is.
func inText(around *lint.Node, place lint.Span) bool {
	return slices.ContainsFunc(around.Fields, func(f lint.Field) bool {
		at := f.Value.Span
		return f.Value.Kind == lint.String && place.End > 0 && at.Start <= place.Start && place.End <= at.End && place.End-place.Start < at.End-at.Start
	})
}

// computed says whether a text is put together when the file is used.
func computed(n *lint.Node) bool {
	return strings.Contains(n.Str(), "{{") || strings.Contains(n.Str(), "$")
}

// node makes a value of what a policy says.
func node(value any) *lint.Node {
	switch value := value.(type) {
	case bool:
		return lint.NewBool(value, lint.Span{})
	case json.Number:
		return &lint.Node{Kind: lint.Number, Text: value.String()}
	case string:
		return lint.NewString(value, lint.Span{})
	case []any:
		list := lint.NewList(lint.Span{})
		for _, item := range value {
			list.Items = append(list.Items, node(item))
		}
		return list
	case map[string]any:
		object := lint.NewObject(lint.Span{})
		for _, key := range slices.Sorted(maps.Keys(value)) {
			object.Set(key, lint.Span{}, node(value[key]))
		}
		return object
	}
	return &lint.Node{Kind: lint.Null}
}
