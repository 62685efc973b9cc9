package judge

import (
	"bytes"
	"slices"
)

// pair reads what stands beside a name that is itself a value.
func (r *reader) pair(f field, at int) bool { return r.follows(f, at) || r.precedes(f) }

// values are what the value beside a name is called.
var values = [...]string{"value", "Value", "defaultValue", "VALUE", "default", "default_value", "fallback", "val", "ParameterValue"}

// precedes reads <property value="x" name="password"/>, {"value": "x", "name": "password"}
// and the same in YAML.
func (r *reader) precedes(f field) bool {
	at := f.keyStart
	for at > 0 && f.keyStart-at < maxGap && isJoint(r.data[at-1]) {
		at--
	}
	if c := r.byteAt(at - 1); at == f.keyStart || c != 'e' && c != 'y' && c != 'd' && c != 'v' { // as titles end
		return false
	}
	from := max(0, f.keyStart-maxGap)
	before := r.data[from:f.keyStart]
	title := r.data[from:at]
	if !slices.ContainsFunc(titles, func(t string) bool {
		return bytes.HasSuffix(title, []byte(t)) && (len(title) == len(t) || !isWord(title[len(title)-len(t)-1]))
	}) {
		return false
	}
	open := bytes.LastIndexAny(before, "<>{}")
	if open < 0 && r.lang == code { // #[arg(default_value = "x", env = "PASSWORD")]
		open = bytes.LastIndexByte(before, '(')
	}
	if r.lang == config && open < 0 { // the line before, if it is of the same item
		line := bytes.LastIndexByte(before, '\n')
		if line < 0 || bytes.IndexByte(before[line:], '-') >= 0 {
			return false
		}
		open = bytes.LastIndexByte(before[:line], '\n')
	} else if open < 0 || before[open] == '>' || before[open] == '}' {
		return false
	}
	for _, word := range values {
		i := bytes.LastIndex(before[open+1:], []byte(word))
		if at := from + open + 1 + i; i >= 0 && !isWord(r.byteAt(at-1)) {
			if r.valued(f, at+len(word)) {
				return true
			}
		}
	}
	return false
}

// isJoint says whether a byte may stand between an attribute and its value.
func isJoint(c byte) bool { return c == '"' || c == '\'' || c == ' ' || c == ':' || c == '=' }

// titles are the members and attributes that say what the value beside them is called.
var titles = []string{"name", "key", "id", "property", "env", "Name", "Key", "ParameterKey"}

// valued yields the value of a member or attribute whose name ends at an offset.
func (r *reader) valued(f field, at int) bool {
	if mark := r.quote(at); mark != nil {
		at += len(mark)
	}
	at = r.spaces(at)
	if c := r.byteAt(at); c != ':' && c != '=' {
		return false
	}
	f.op = "pair"
	r.value(f, r.spaces(at+1), false)
	return true
}

// follows reads {"name": "DB_PASSWORD", "value": "x"}.
func (r *reader) follows(f field, at int) bool {
	if c := r.byteAt(at); c == ',' || c == ';' || c == '{' && r.lang == config { // variable "password" {
		at++
	}
	at = r.blank(at)
	if c := r.byteAt(at); !isWord(c) && r.quote(at) == nil { // no member begins
		return false
	}
	for range 3 {
		next := r.skipMember(at)
		if next == at {
			break
		}
		at = next
	}
	if mark := r.quote(at); mark != nil {
		at += len(mark)
	}
	if r.has(at, "android:") {
		at += len("android:")
	}
	for _, word := range values {
		if r.has(at, word) && !isWord(r.byteAt(at+len(word))) {
			return r.valued(f, at+len(word))
		}
	}
	if r.lang == markup && r.has(at, "content=") && !containsFold(f.key, "csrf") && !containsFold(f.key, "xsrf") { // <meta name="api-token" content="x">
		return r.valued(f, at+len("content"))
	}
	return false
}

// between are members that may stand between a name and its value.
var between = []string{"type", "enabled", "description", "sensitive", "secret", "disabled", "required", "Type", "NoEcho", "Description"}

// skipMember gives the offset behind a member of that kind: "type": "string",
func (r *reader) skipMember(at int) int {
	i := at
	if mark := r.quote(i); mark != nil {
		i += len(mark)
	}
	for _, word := range between {
		if !r.has(i, word) || isWord(r.byteAt(i+len(word))) {
			continue
		}
		i += len(word)
		for limit := i + maxGap; i < len(r.data) && i < limit; i++ {
			switch r.data[i] {
			case ',', '\n':
				return r.blank(i + 1)
			case '{', '}', '[', ']':
				return at
			}
		}
	}
	return at
}
