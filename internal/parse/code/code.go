// Package code finds in source files what application code reads of its
// environment and of secret stores, and addresses of stores that are written
// into it. It knows the comments and strings of a language, not its grammar:
// names that stand in the source are read, names that code computes are counted
// and not guessed.
package code

import (
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Claims says whether a file is source code that may read something: by its
// ending, and a look at the bytes for the words that readers need, so that most
// source files cost one scan.
func Claims(src *lint.Source) bool {
	lang := languageOf(src)
	return lang != nil && lang.mayRead(src.Data)
}

// Named says whether a file is source code by its name.
func Named(file string) bool { return languageOf(&lint.Source{Path: file}) != nil }

// Parse gives a document for each file that reads something.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	for _, src := range unit {
		lang := languageOf(src)
		if lang == nil {
			continue
		}
		f := &file{src: src, lang: lang}
		f.read()
		if doc := f.document(); doc != nil {
			docs = append(docs, doc)
		}
	}
	return docs, nil
}

// maxReaders is how many readers of one file are listed. Written code has fewer.
const maxReaders = 2000

// file is a source file on its way to a document.
type file struct {
	src      *lint.Source
	lang     *language
	tokens   []token
	readers  []*lint.Node
	computed map[string]int  // readers whose name code computes, by kind
	first    lint.Span       // of the first of these
	beyond   int             // readers beyond maxReaders
	skipped  []int           // where lines begin that are too long, but speak of readers
	known    map[string]bool // what stands in the file, as far as that was asked
	seen     map[int]bool    // tokens that were taken for names
}

func (f *file) read() {
	if f.lang.scan != nil {
		f.lang.scan(f)
		return
	}
	f.tokens, f.skipped = lex(f.src.Data, f.lang)
	f.match()
}

func (f *file) span(start, end int) lint.Span {
	return lint.Span{Source: f.src, Start: start, End: end}
}

// reader is one place where code reads something.
type reader struct {
	kind       string // env, store or address
	store      string // kind of the store, as a catalogue writes it
	start, end int    // of the name, or of the address
	optional   bool   // the code has a default
}

func (f *file) add(r reader) {
	if len(f.readers) >= maxReaders {
		f.beyond++
		return
	}
	at := f.span(r.start, r.end)
	node := lint.NewObject(at)
	node.Set("kind", lint.Span{}, lint.NewString(r.kind, lint.Span{}))
	what := "name"
	if r.kind == "address" {
		what = "text"
	}
	node.Set(what, lint.Span{}, lint.NewString(string(at.Text()), at))
	if r.store != "" {
		node.Set("store", lint.Span{}, lint.NewString(r.store, lint.Span{}))
	}
	if r.optional {
		node.Set("optional", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	f.readers = append(f.readers, node)
}

// compute counts a reader whose name, at a token, is no literal.
func (f *file) compute(kind string, at int) {
	if f.seen[at] {
		return
	}
	f.seen[at] = true
	if len(f.computed) == 0 {
		f.computed = map[string]int{}
		f.first = f.span(f.tokens[at].start, f.tokens[at].end)
	}
	f.computed[kind]++
}

func (f *file) document() *lint.Document {
	gaps := f.gaps()
	if len(f.readers) == 0 && len(gaps) == 0 {
		return nil
	}
	root := lint.NewObject(f.src.Whole())
	root.Set("language", lint.Span{}, lint.NewString(f.lang.name, lint.Span{}))
	if isTest(f.src.Path) {
		root.Set("test", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	root.Set("readers", lint.Span{}, lint.NewList(lint.Span{}, f.readers...))
	return &lint.Document{Platform: "code", Path: f.src.Path, Root: root, Gaps: gaps}
}

// gaps says, once for each reason, what of the file is not known.
func (f *file) gaps() []lint.Gap {
	var gaps []lint.Gap
	if env, store := f.computed["env"], f.computed["store"]; env+store > 0 {
		var parts []string
		if env > 0 {
			parts = append(parts, plural(env, "environment variable", "environment variables"))
		}
		if store > 0 {
			parts = append(parts, plural(store, "store entry", "store entries"))
		}
		gaps = append(gaps, lint.Gap{Location: f.first.Location(), Message: strings.Join(parts, " and ") + numbered(env+store, " is", " are") + " read by computed names"})
	}
	if n := len(f.skipped); n > 0 {
		message := plural(n, "line", "lines") + fmt.Sprintf(" of more than %d kB may read the environment and%s not read", maxLine/1000, numbered(n, " was", " were"))
		gaps = append(gaps, lint.Gap{Location: f.span(f.skipped[0], f.skipped[0]).Location(), Message: message})
	}
	if f.beyond > 0 {
		gaps = append(gaps, lint.Gap{Location: lint.Location{Path: f.src.Path}, Message: fmt.Sprintf("the file reads more than %d names, the others were left out", maxReaders)})
	}
	return gaps
}

func plural(n int, one, many string) string { return fmt.Sprint(n, " ", numbered(n, one, many)) }

func numbered(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
