package ansible

import (
	"bytes"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

var (
	// inLines are words that only an inventory in lines has: the variables or the
	// members of a group, or behind a host how it is reached.
	inLines = regex.Lazy(`(?m)^\[[\w.-]+:(?:vars|children)\][ \t]*\r?$|^[\w.\[\]:-]+[ \t][^=#;\n]*\bansible_[a-z_]+=`)
	section = regex.Lazy(`^\[([^\]:]+)(?::(\w+))?\]`)
	setting = regex.Lazy(`^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*`)
)

// isLines says whether a file is an inventory in the form of INI files.
func isLines(src *lint.Source) bool {
	return bytes.Contains(src.Data, []byte("ansible_")) && inLines().Match(src.Data)
}

// lines reads such an inventory: variables of groups, one a line, and those behind
// a host, as a shell would split them.
func (f *file) lines(src *lint.Source) {
	group, kind := "ungrouped", ""
	start := 0
	for line := range bytes.SplitAfterSeq(src.Data, []byte("\n")) {
		at := start
		start += len(line)
		text := strings.TrimRight(string(line), "\r\n \t")
		trimmed := strings.TrimLeft(text, " \t")
		at += len(text) - len(trimmed)
		switch found := section().FindStringSubmatch(trimmed); {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case found != nil:
			group, kind = found[1], found[2]
		case kind == "vars":
			if head := setting().FindStringSubmatch(trimmed); head != nil {
				f.setting(src, head[1], at, at+len(head[0]), at+len(trimmed), "group "+group)
			}
		case kind == "":
			f.host(src, trimmed, at)
		}
	}
}

// host reads the words of a line: the host, and what is set for it.
func (f *file) host(src *lint.Source, text string, at int) {
	all := words(text)
	for _, word := range all[min(1, len(all)):] {
		if text[word[0]] == '#' {
			return
		}
		if head := setting().FindStringSubmatch(text[word[0]:word[1]]); head != nil {
			f.setting(src, head[1], at+word[0], at+word[0]+len(head[0]), at+word[1], "host "+text[:all[0][1]])
		}
	}
}

// setting adds a variable. Quotes around its value are none of it.
func (f *file) setting(src *lint.Source, name string, key, from, to int, of string) {
	if to-from >= 2 && (src.Data[from] == '\'' || src.Data[from] == '"') && src.Data[to-1] == src.Data[from] {
		from, to = from+1, to-1
	}
	if from >= to {
		return
	}
	at := lint.Span{Source: src, Start: from, End: to}
	f.variable(name, lint.Field{Span: lint.Span{Source: src, Start: key, End: key + len(name)}, Value: lint.NewString(string(src.Data[from:to]), at)}, of)
}
