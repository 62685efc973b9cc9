package discover

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ignores are the ignore files that hold in a directory, the outermost first.
type ignores []ignoreFile

// ignoreFile is what one .gitignore or .ignore says, as gitignore(5) defines it.
type ignoreFile struct {
	dir   string
	rules []ignoreRule
}

type ignoreRule struct {
	negated bool // matches are not ignored
	dirOnly bool
	base    bool           // for the last name of a path, at any depth
	literal string         // the pattern, if it has no special characters
	re      *regexp.Regexp // otherwise
	head    string         // what a match begins with
	tail    string         // and ends with: most names are told from it without the pattern
}

// ignore says whether a path is ignored: the last rule of the innermost file
// that has a rule for it decides. The directories above are not ignored, or
// nobody would ask; so no rule brings back a file of an ignored directory.
func (all ignores) ignore(name string, isDir bool) bool {
	for i := len(all) - 1; i >= 0; i-- {
		inner := all[i].within(name)
		for j := len(all[i].rules) - 1; j >= 0; j-- {
			if rule := &all[i].rules[j]; rule.matches(inner, isDir) {
				return !rule.negated
			}
		}
	}
	return false
}

// within makes a path relative to the directory of the ignore file.
func (f ignoreFile) within(name string) string {
	if f.dir == "." {
		return name
	}
	if inner, ok := strings.CutPrefix(name, f.dir); ok && strings.HasPrefix(inner, "/") {
		return inner[1:]
	}
	return name
}

func (r *ignoreRule) matches(name string, isDir bool) bool {
	if r.dirOnly && !isDir {
		return false
	}
	if r.base {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	if r.re == nil {
		return name == r.literal
	}
	return strings.HasPrefix(name, r.head) && strings.HasSuffix(name, r.tail) && r.re.MatchString(latin1(name))
}

func parseIgnore(dir string, data []byte) ignoreFile {
	file := ignoreFile{dir: dir}
	text := strings.TrimPrefix(string(data), "\ufeff")
	for line := range strings.SplitSeq(text, "\n") {
		if rule, ok := parseRule(strings.TrimSuffix(line, "\r")); ok {
			file.rules = append(file.rules, rule)
		}
	}
	return file
}

// special are the characters that make a pattern of a name.
const special = `*?[\`

// parseRule reads one line; it is not ok for one that can match nothing.
func parseRule(line string) (ignoreRule, bool) {
	if strings.HasPrefix(line, "#") {
		return ignoreRule{}, false
	}
	pattern := trimSpaces(line)
	var rule ignoreRule
	pattern, rule.negated = strings.CutPrefix(pattern, "!")
	pattern, rule.dirOnly = strings.CutSuffix(pattern, "/")
	rule.base = !strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	if pattern == "" {
		return ignoreRule{}, false
	}
	if !strings.ContainsAny(pattern, special) {
		rule.literal = pattern
		return rule, true
	}
	expression, ok := translate(pattern)
	if !ok {
		return ignoreRule{}, false
	}
	re, err := regexp.Compile(expression)
	rule.re = re
	rule.head = pattern[:strings.IndexAny(pattern, special)]
	rule.tail = strings.TrimPrefix(pattern[strings.LastIndexAny(pattern, special+"]")+1:], "/") // **/x is x, too
	return rule, err == nil
}

// trimSpaces drops spaces at the end of a line but one behind a backslash.
func trimSpaces(line string) string {
	trimmed := strings.TrimRight(line, " ")
	slashes := len(trimmed) - len(strings.TrimRight(trimmed, `\`))
	if slashes%2 == 1 && len(trimmed) < len(line) {
		return trimmed + " "
	}
	return trimmed
}

// translate turns a pattern into a regular expression, which Go matches in
// linear time. It is not ok for a pattern that is malformed and so matches
// nothing. Git compares bytes, therefore both are read as Latin-1.
func translate(pattern string) (string, bool) {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); {
		part, size := "", 1
		switch pattern[i] {
		case '*':
			part, size = stars(pattern, i)
		case '?':
			part = `[^/]`
		case '[':
			part, size = class(pattern[i:])
		case '\\':
			if i+1 < len(pattern) {
				part, size = literal(pattern[i+1]), 2
			}
		default:
			part = literal(pattern[i])
		}
		if part == "" {
			return "", false
		}
		b.WriteString(part)
		i += size
	}
	return b.String() + `\z`, true
}

// stars translates the stars at i. Two or more that fill the room between
// slashes stand for any number of directories. So do, in git, the first special
// characters of a pattern: git cuts off the literal beginning before it looks.
func stars(pattern string, i int) (string, int) {
	n := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], "*"))
	rest := pattern[i+n:]
	switch {
	case n < 2 || i > strings.IndexAny(pattern, special) && pattern[i-1] != '/':
		return `[^/]*`, n
	case rest == "", strings.HasPrefix(rest, `\/`):
		return `.*`, n
	case rest[0] == '/':
		return `(?:.*/)?`, n + 1
	}
	return `[^/]*`, n
}

// class translates a bracket expression at the start of text, and says how long
// it is. The result is empty if it is malformed.
func class(text string) (string, int) {
	i := 1
	negated := len(text) > 1 && (text[1] == '!' || text[1] == '^')
	if negated {
		i++
	}
	var set [256]bool
	var before byte // the start of a range, if the next character is a dash
	for begin := i; ; i++ {
		switch {
		case i >= len(text):
			return "", 0
		case text[i] == ']' && i > begin:
			return members(set, negated), i + 1
		case isNamed(text[i:]):
			size := named(text[i:], &set)
			if size == 0 {
				return "", 0
			}
			before, i = 0, i+size-1
		case text[i] == '-' && before != 0 && i+1 < len(text) && text[i+1] != ']':
			i++
			if text[i] == '\\' {
				i++
			}
			if i >= len(text) {
				return "", 0
			}
			for c := int(before); c <= int(text[i]); c++ {
				set[c] = true
			}
			before = 0
		default:
			if text[i] == '\\' {
				i++
			}
			if i >= len(text) {
				return "", 0
			}
			before = text[i]
			set[before] = true
		}
	}
}

// isNamed says whether text begins with something like [:alpha:].
func isNamed(text string) bool {
	end := strings.Index(text, "]")
	return strings.HasPrefix(text, "[:") && (end < 0 || end > 2 && text[end-1] == ':')
}

var classNames = []string{
	"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit",
}

// named adds the members of a class such as [:alpha:], and says how long its
// name is, or 0 if there is no such class.
func named(text string, set *[256]bool) int {
	name, _, _ := strings.Cut(text[2:], ":")
	if !slices.Contains(classNames, name) || !strings.HasPrefix(text, "[:"+name+":]") {
		return 0
	}
	re := regexp.MustCompile("[[:" + name + ":]]")
	for c := range 128 {
		set[c] = set[c] || re.MatchString(string(rune(c)))
	}
	return len("[:" + name + ":]")
}

// members writes a set of bytes. A slash is never matched by a class.
func members(set [256]bool, negated bool) string {
	var b strings.Builder
	for c, in := range set {
		if in != negated && c != '/' {
			fmt.Fprintf(&b, `\x{%x}`, c)
		}
	}
	if b.Len() == 0 {
		return `[^\x{0}-\x{10ffff}]` // nothing
	}
	return "[" + b.String() + "]"
}

func literal(b byte) string { return regexp.QuoteMeta(string(rune(b))) }

// latin1 makes a character of each byte.
func latin1(name string) string {
	for i := range len(name) {
		if name[i] >= 0x80 {
			runes := make([]rune, len(name))
			for j := range len(name) {
				runes[j] = rune(name[j])
			}
			return string(runes)
		}
	}
	return name
}
