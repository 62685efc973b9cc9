package code

import (
	"bytes"
	"slices"
	"strings"
)

// call is a form, cut so that it is found fast.
type call struct {
	kind     string // env or store
	store    string
	needs    []string
	read     func(f *file, c *call, at int)
	word     string   // the last word before the arguments, by which the form is found
	before   []string // what stands before it, the nearest first
	after    []string // what stands between it and the first argument
	skip     int      // arguments before the name
	fallback bool     // an argument behind the name, or a block, is a default
	unowned  bool     // it is no member of anything
}

func calls(tables ...[]form) []*call {
	var all []*call
	for _, f := range slices.Concat(tables...) {
		all = append(all, f.call())
	}
	return all
}

func (f form) call() *call {
	c := &call{kind: "env", store: f.store, needs: f.needs, read: f.read}
	if f.store != "" {
		c.kind = "store"
	}
	text, unowned := strings.CutPrefix(f.text, "^")
	head, tail, _ := strings.Cut(text, "%")
	c.unowned, c.fallback = unowned, strings.Contains(tail, "?")
	for strings.HasSuffix(head, "_, ") {
		head = strings.TrimSuffix(head, "_, ")
		c.skip++
	}
	parts := split(strings.ReplaceAll(head, " ", ""))
	last := len(parts) - 1
	for last > 0 && !isWord(parts[last]) {
		last--
	}
	c.word, c.after = parts[last], parts[last+1:]
	for i := last - 1; i >= 0; i-- {
		c.before = append(c.before, parts[i])
	}
	if c.read == nil {
		c.read = (*file).argument
		if strings.HasSuffix(head, ".") {
			c.read = (*file).member
		}
	}
	return c
}

func isWord(s string) bool {
	return strings.ContainsAny(s[:1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$")
}

// split cuts a form into words and characters.
func split(s string) []string {
	var parts []string
	for len(s) > 0 {
		n := 0
		for n < len(s) && (isWord(s[n:]) || s[n] == '_' || '0' <= s[n] && s[n] <= '9') {
			n++
		}
		n = max(n, 1)
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return parts
}

// limits of what one reader looks at, so that a file costs as much as it is long.
const (
	maxArgument = 60  // tokens of an argument
	maxWindow   = 120 // tokens of a call with named arguments
)

// match looks at every word that a form ends with.
func (f *file) match() {
	f.known, f.seen = map[string]bool{}, map[int]bool{}
	for i, t := range f.tokens {
		switch t.kind {
		case word:
			for _, c := range f.lang.byWord[string(f.src.Data[t.start:t.end])] {
				f.call(c, i)
			}
			f.request(i)
		case plain, text:
			f.address(i)
		}
	}
}

// in says whether something stands in the file.
func (f *file) in(any []string) bool {
	for _, s := range any {
		known, asked := f.known[s]
		if !asked {
			known = bytes.Contains(f.src.Data, []byte(s))
			f.known[s] = known
		}
		if known {
			return true
		}
	}
	return len(any) == 0
}

// is says whether a token is a word or character.
func (f *file) is(i int, s string) bool {
	return i >= 0 && i < len(f.tokens) && (f.tokens[i].kind == word || len(s) == 1 && f.tokens[i].kind == s[0]) && f.str(i) == s
}

func (f *file) kind(i int) byte {
	if i < 0 || i >= len(f.tokens) {
		return 0
	}
	return f.tokens[i].kind
}

func (f *file) str(i int) string { return string(f.src.Data[f.tokens[i].start:f.tokens[i].end]) }

// call reads one form that ends with the word at i.
func (f *file) call(c *call, i int) {
	for n, s := range c.before {
		if s != "_" && !f.is(i-1-n, s) {
			return
		}
	}
	if c.unowned && f.owned(i-len(c.before)) || !f.in(c.needs) {
		return
	}
	at := i + 1
	if len(c.after) > 0 && c.after[0] == "." && f.is(at, "?") { // ?.
		at++
	}
	for _, s := range c.after {
		if !f.is(at, s) {
			return
		}
		at++
	}
	for range c.skip {
		if at = f.skip(at); !f.is(at, ",") {
			return
		}
		at++
	}
	c.read(f, c, at)
}

// owned says whether a word is a member of something, or is declared here.
func (f *file) owned(i int) bool {
	switch f.kind(i - 1) {
	case '.', ':', '>': // a.b, a::b, a->b
		return f.kind(i-1) != '>' || f.is(i-2, "-")
	case word:
		switch f.str(i - 1) {
		case "def", "function", "fn", "func", "fun":
			return true
		}
	}
	return false
}

// member reads process.env.NAME.
func (f *file) member(c *call, at int) {
	if f.kind(at) != word || f.is(at+1, "(") || f.written(at+1) {
		return
	}
	f.take(c, at, f.defaulted(at+1))
}

// argument reads a name that is an argument or an index.
func (f *file) argument(c *call, at int) {
	switch {
	case f.kind(at) == ')' || f.kind(at) == ']' || f.kind(at) == 0:
		return
	case f.kind(at) == word && f.is(at+1, "=") && !f.is(at+2, "="): // a named argument, of which there are too many forms
		return
	}
	end := f.skip(at)
	closing := f.close(end)
	if f.is(closing, "]") && f.written(closing+1) {
		return
	}
	defaulted := f.defaulted(closing+1) || c.fallback && (f.second(end) || f.is(closing+1, "{") || f.is(closing+1, "do"))
	f.name(c, at, end, defaulted)
}

// name takes the argument from at to end as a name, if it is one.
func (f *file) name(c *call, at, end int, optional bool) {
	switch {
	case f.kind(at) == 0, f.kind(at) == plain && f.tokens[at].start == f.tokens[at].end: // the end of the file, the empty name
	case f.kind(at) != plain || end != at+1 || !f.named(c.kind, at):
		f.compute(c.kind, at)
	default:
		f.take(c, at, optional)
	}
}

func (f *file) take(c *call, at int, optional bool) {
	if !f.seen[at] {
		f.seen[at] = true
		f.add(reader{kind: c.kind, store: c.store, start: f.tokens[at].start, end: f.tokens[at].end, optional: optional})
	}
}

// members reads const {NAME, OTHER: o = "default"} = process.env.
func (f *file) members(c *call, at int) {
	if f.is(at, ".") || f.is(at, "[") || f.is(at, "?") {
		return
	}
	end := at - 2 - len(c.before) + 1
	start, depth := end, 0
	for ; start >= 0 && start > end-maxWindow; start-- {
		switch f.kind(start) {
		case '}':
			depth++
		case '{':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	for i := start + 1; i < end; i = f.skip(i) + 1 {
		next := f.skip(i)
		if f.kind(i) != word || depth != 0 {
			continue
		}
		f.take(c, i, slices.ContainsFunc(f.tokens[i:next], func(t token) bool { return t.kind == '=' }))
	}
}

// named says whether a string can be a name: of a variable, or of an entry.
func (f *file) named(kind string, i int) bool {
	name := f.src.Data[f.tokens[i].start:f.tokens[i].end]
	if len(name) == 0 || len(name) > 512 {
		return false
	}
	others := "_.-()"
	if kind == "store" {
		others = "_.-/:+=@"
	}
	for _, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(others, c) >= 0) {
			return false
		}
	}
	return true
}

// skip gives the end of an argument: the comma or bracket behind it.
func (f *file) skip(at int) int {
	depth := 0
	for end := at; end < len(f.tokens) && end < at+maxArgument; end++ {
		switch f.tokens[end].kind {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return end
			}
		case ',':
			if depth == 0 {
				return end
			}
		}
	}
	return len(f.tokens)
}

// close gives the bracket that ends the arguments, from the comma at end on.
func (f *file) close(end int) int {
	for limit := end + maxArgument; f.is(end, ",") && end < limit; {
		end = f.skip(end + 1)
	}
	return end
}

// second says whether a value stands behind the comma at end.
func (f *file) second(end int) bool {
	if !f.is(end, ",") || f.kind(end+1) == ')' {
		return false
	}
	for _, nothing := range []string{"None", "null", "nil", "undefined"} {
		if f.is(end+1, nothing) {
			return false
		}
	}
	return true
}

// written says whether what ends before i is set, not read.
func (f *file) written(i int) bool {
	return f.is(i, "=") && !f.is(i+1, "=") && !f.is(i+1, "~")
}

// fallbacks are methods that give a default.
var fallbacks = map[string]bool{"unwrap_or": true, "unwrap_or_else": true, "unwrap_or_default": true, "getOrElse": true, "orElse": true, "orElseGet": true}

// defaulted says whether an operator or method behind a reader gives a default.
func (f *file) defaulted(i int) bool {
	switch f.kind(i) {
	case '|':
		return f.is(i+1, "|")
	case '?':
		return f.is(i+1, "?") || f.is(i+1, ":")
	case '.':
		return f.kind(i+1) == word && fallbacks[f.str(i+1)]
	case word:
		return f.str(i) == "or"
	}
	return false
}
