package judge

import (
	"bytes"
	"strings"
)

// groups are last words of names whose members are credentials, whatever they are
// called themselves.
var groups = map[string]bool{
	"secrets": true, "credentials": true, "creds": true, "passwords": true, "tokens": true, "apikeys": true, "accesskeys": true, "secretkeys": true,
}

// isGroup says whether a name is that of a map or list of credentials.
func isGroup(name string) bool {
	name = strings.ToLower(name)
	last := name[strings.LastIndexAny(name, "_-.")+1:]
	return groups[last] || strings.HasSuffix(name, "api_keys") || strings.HasSuffix(name, "api-keys")
}

// farthest is how far behind the name of a group its members are looked for.
const farthest = 16 << 10

// group reads the members of a map of credentials, and says whether one begins here.
func (r *reader) group(f field, at int) bool {
	if !r.known.read(f.key).group || r.spent > 4*len(r.data) {
		return false
	}
	switch c := r.byteAt(at); {
	case c == '{' && (f.op == ":" || f.op == "=" || f.op == "=>" || f.op == ":="):
		r.braced(f, at+1)
	case (c == '\n' || c == '\r') && f.op == ":" && (r.lang == config || r.lang == prose):
		r.indented(f, at)
	case c == '[' && r.lang == config && r.quote(r.blank(at+1)) == nil:
		r.items(f, at+1)
	default:
		return false
	}
	return true
}

// member yields a value under its name and that of the group.
func (r *reader) member(f field, name string, form form, start, end int) {
	if name != "" {
		if isOrdinary(name) {
			return
		}
		f.key += "." + name
	}
	f.inGroup, f.form = true, form
	r.yieldTrimmed(f, start, end)
}

// braced reads { stripe: "x", "github": 'y' } of JSON, HCL and programs. What is
// nested is stepped over.
func (r *reader) braced(f field, at int) {
	begin, depth, name := at, 0, ""
	for limit := min(len(r.data), at+farthest); at < limit && depth >= 0; {
		mark := r.quote(at)
		switch c := r.data[at]; {
		case c == '{' || c == '[' || c == '(':
			depth, name = depth+1, ""
		case c == '}' || c == ']' || c == ')':
			depth--
		case mark != nil:
			start := at + len(mark)
			n := bytes.Index(r.data[start:limit], mark)
			if n < 0 || bytes.IndexByte(r.data[start:start+n], '\n') >= 0 {
				depth = -1
				break
			}
			if at = start + n + len(mark); depth == 0 && name == "" {
				name = string(r.data[start : start+n])
			} else if depth == 0 {
				r.member(f, name, quoted, start, start+n)
				name = ""
			}
			continue
		case c == ',' || c == '\n' || c == ';':
			name = ""
		case isWord(c) && depth == 0:
			start := at
			for at < limit && isWord(r.data[at]) {
				at++
			}
			name = string(r.data[start:at])
			continue
		}
		at++
	}
	r.spent += at - begin
}

// indented reads the lines below a name that are deeper than it: name: x, or - x.
func (r *reader) indented(f field, at int) {
	begin, indent, parent := at, -1, r.indent(f.keyStart)
	for limit := min(len(r.data), at+farthest); at < limit; {
		at++
		stop := r.lineEnd(at)
		text := bytes.TrimLeft(r.data[at:stop], " ")
		depth := stop - at - len(text)
		item := bytes.HasPrefix(text, []byte("- "))
		start := stop - len(text)
		at = stop
		if text = bytes.TrimSpace(text); len(text) == 0 || text[0] == '#' {
			continue
		}
		if depth < parent || depth == parent && !item {
			break
		}
		if indent < 0 {
			indent = depth
		}
		if depth != indent {
			continue
		}
		name := ""
		if item {
			start += 2
		} else if n := bytes.Index(text, []byte(": ")); n > 0 {
			name = string(bytes.Trim(text[:n], `"'`))
			start += n + 2
		} else {
			continue
		}
		r.scalar(f, name, start, stop)
	}
	r.spent += at - begin
}

// indent is how far a name is from the start of its line, list marks included.
func (r *reader) indent(at int) int {
	from := max(0, at-maxGap)
	line := r.data[from+bytes.LastIndexByte(r.data[from:at], '\n')+1 : at]
	return len(line) - len(bytes.TrimLeft(line, " -"))
}

// scalar yields what fills the rest of a line, with quotation marks or without.
func (r *reader) scalar(f field, name string, start, stop int) {
	start = r.spaces(start)
	if mark := r.quote(start); mark != nil && start < stop {
		start += len(mark)
		if n := bytes.Index(r.data[start:stop], mark); n >= 0 {
			r.member(f, name, quoted, start, start+n)
		}
		return
	}
	if n := bytes.Index(r.data[min(start, stop):stop], []byte(" #")); n >= 0 {
		stop = start + n
	}
	text := bytes.TrimSpace(r.data[min(start, stop):stop])
	if bytes.IndexByte(text, ' ') < 0 && !bytes.HasSuffix(text, []byte(":")) {
		r.member(f, name, bareLine, start, start+len(text))
	}
}

// items reads [x, y] of YAML.
func (r *reader) items(f field, at int) {
	for range 8 {
		at = r.blank(at)
		end := at
		for end < len(r.data) && end-at < maxValue && strings.IndexByte(",] \n\"'{[", r.data[end]) < 0 {
			end++
		}
		if end == at {
			return
		}
		r.member(f, "", bareWord, at, end)
		if at = r.blank(end); r.byteAt(at) != ',' {
			return
		}
		at++
	}
}

// section reads the lines below [secrets] of TOML and INI, and says whether the name
// is the head of one.
func (r *reader) section(start, end int) bool {
	if r.byteAt(start-1) != '[' || r.byteAt(end) != ']' || start > 1 && r.data[start-2] != '\n' || r.lang != config && r.lang != lines || r.spent > 4*len(r.data) {
		return false
	}
	name := r.known.of(r.data[start:end])
	if !name.group {
		return false
	}
	f := field{key: name.text, keyStart: start, op: "="}
	at := r.lineEnd(end)
	for limit := min(len(r.data), at+farthest); at < limit && r.byteAt(at+1) != '['; {
		line, stop := at+1, r.lineEnd(min(at+1, len(r.data)))
		at = max(stop, at+1)
		if line >= stop || r.data[line] == '#' || r.data[line] == ';' {
			continue
		}
		if n := bytes.IndexAny(r.data[line:stop], "=:"); n > 0 {
			r.scalar(f, string(bytes.Trim(r.data[line:line+n], " \t\"")), line+n+1, stop)
		}
	}
	r.spent += at - end
	return true
}

// unlikely says whether what stands in a group looks like none of its members: names
// of secrets stand in lists of that name, and words in lists of tokens.
func (f *field) unlikely(noun noun) bool {
	return noun != nounPassword && !isChosen(f.value) &&
		(len(f.value) < 12 || cheap(f.value) || !strings.ContainsAny(f.value, "0123456789") || strings.ContainsAny(f.value, "/:") && strings.Count(f.value, "/")+strings.Count(f.value, ":") > 1 && len(f.value) < 40)
}

// expected says whether what a test expects is a text that says so itself: most are.
func (f *field) expected(noun noun) bool {
	if noun == nounPassword && isChosen(f.value) {
		return false
	}
	return noun < nounAPIKey || len(f.value) < 10 || cheap(f.value) || !strings.ContainsAny(f.value, "0123456789")
}

// encrypted is how long what Renovate encrypts is at least: a block of RSA with 2048 bits in Base64.
const encrypted = 340

// sealed says whether a value stands below the encryptedData of a SealedSecret, or below the
// encrypted of Renovate.
func (r *reader) sealed(f *field) bool {
	if r.lang == data && len(f.value) >= encrypted { // what Renovate encrypts for a repository
		before := r.data[max(0, f.keyStart-maxGap):f.keyStart]
		open := bytes.LastIndex(before, []byte(`"encrypted"`))
		return open >= 0 && bytes.IndexByte(before[open:], '}') < 0
	}
	if r.lang != config {
		return false
	}
	if r.sealing == nil {
		holds := bytes.Contains(r.data, []byte("kind: SealedSecret"))
		r.sealing = &holds
	}
	if !*r.sealing {
		return false
	}
	const name = "encryptedData:"
	from := max(0, f.keyStart-farthest)
	head := bytes.LastIndex(r.data[from:f.keyStart], []byte(name))
	if head < 0 {
		return false
	}
	head += from
	if open := r.spaces(head + len(name)); r.byteAt(open) == '{' { // its values are letters and digits
		return bytes.IndexByte(r.data[open:f.keyStart], '}') < 0
	}
	for line := range bytes.Lines(r.data[head+len(name) : f.keyStart]) {
		if text := bytes.TrimLeft(line, " "); len(bytes.TrimSpace(text)) > 0 && len(line)-len(text) <= r.indent(head) {
			return false
		}
	}
	return r.indent(f.keyStart) > r.indent(head)
}
