package shell

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// foreign reads a script in Python, JavaScript or a language much like them, by
// patterns: the variables of the environment that it names, what it assigns them to,
// and the calls that print, send, write or run what they are given. What else it does
// is not known. The answer says whether it names its input.
func (s *Session) foreign(u *unit, program string, in Value, args []Value) bool {
	s.report.Opaque = true
	if u = s.shortened(u); s.depth >= maxDepth || !s.spend(1+len(u.text)/commandSize, u, 0, len(u.text)) {
		return false
	}
	defer func(likely bool, unit *unit) { s.likely, s.unit = likely, unit; s.depth-- }(s.likely, s.unit)
	s.likely, s.unit = true, u
	s.depth++
	f := &foreignReader{Session: s, u: u, script: isScript(program), vars: map[string]Value{}, paths: map[string]string{}, params: map[string][]string{}, lists: map[string]bool{}, in: in, args: args}
	f.code = []byte(u.text)
	f.bare(f.code, 0, len(u.text), 0)
	for _, h := range u.holes {
		blank(f.code, h.Start, h.End)
	}
	statements := f.statements()
	for range 2 { // functions are written before what they are given is known
		f.within, f.indent = "", -1
		for _, st := range statements {
			f.statement(st[0], st[1])
		}
	}
	return foreignInput().MatchString(u.text) && !strings.Contains(u.text, "stdin.on(")
}

// isScript tells JavaScript and its kin from languages whose comments begin with "#".
func isScript(program string) bool {
	name := path.Base(program)
	return slices.Contains([]string{"node", "nodejs", "deno", "bun", "tsx", "ts-node"}, name) || slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".mts"}, path.Ext(name))
}

type foreignReader struct {
	*Session
	u      *unit
	script bool   // JavaScript and its kin
	code   []byte // the text with blanks in place of comments and of what stands in strings
	puts   []put  // in order
	lists  map[string]bool

	vars   map[string]Value    // by the function that they belong to, and name
	paths  map[string]string   // of files that a variable holds open
	params map[string][]string // of functions
	within string              // the function around
	indent int

	in   Value   // what it reads
	args []Value // what it is called with
}

// put is code that is put into a string: from its sign to behind it, and itself.
type put struct{ open, start, end, last int }

func blank(code []byte, start, end int) {
	for i := start; i < min(end, len(code)); i++ {
		if code[i] != '\n' {
			code[i] = ' '
		}
	}
}

const maxInterpolated = 4

// bare blanks what is no code between two places.
func (f *foreignReader) bare(code []byte, start, end, depth int) {
	text := f.u.text
	for i := start; i < end; i++ {
		c := text[i]
		switch {
		case !f.script && c == '#' || f.script && strings.HasPrefix(text[i:end], "//"):
			to := i + strings.IndexByte(text[i:end]+"\n", '\n')
			blank(code, i, to)
			i = to
		case f.script && strings.HasPrefix(text[i:end], "/*"):
			to := end
			if at := strings.Index(text[i:end], "*/"); at >= 0 {
				to = i + at + 2
			}
			blank(code, i, to)
			i = to - 1
		case c == '"' || c == '\'' || c == '`' && f.script:
			i = f.quoted(code, i, end, depth)
		}
	}
}

// quoted blanks a string but for the code that is put into it, and gives its last byte.
func (f *foreignReader) quoted(code []byte, start, end, depth int) int {
	text := f.u.text
	mark := text[start : start+1]
	if !f.script && strings.HasPrefix(text[start:end], strings.Repeat(mark, 3)) {
		mark = strings.Repeat(mark, 3)
	}
	open := ""
	switch {
	case mark == "`":
		open = "${"
	case !f.script && start > 0 && strings.IndexByte("fF", text[start-1]) >= 0, !f.script && start > 1 && strings.IndexByte("fF", text[start-2]) >= 0 && strings.IndexByte("rR", text[start-1]) >= 0:
		open = "{"
	case !f.script && mark == `"`:
		open = "#{"
	}
	for i := start + len(mark); i < end; i++ {
		switch {
		case strings.HasPrefix(text[i:end], mark):
			return i + len(mark) - 1
		case text[i] == '\n' && len(mark) == 1 && mark != "`":
			return i
		case text[i] == '\\':
			blank(code, i, i+2)
			i++
			continue
		case open != "" && strings.HasPrefix(text[i:end], open) && !strings.HasPrefix(text[i:end], "{{"):
			from := i + len(open)
			if size := strings.IndexAny(text[from:end], "}\n"); size >= 0 && text[from+size] == '}' && depth < maxInterpolated {
				f.bare(code, from, from+size, depth+1)
				if depth == 0 {
					f.puts = append(f.puts, put{i, from, from + size, from + size + 1})
				}
				blank(code, i, from)
				blank(code, from+size, from+size+1)
				i = from + size
				continue
			}
		}
		blank(code, i, i+1)
	}
	return end
}

// statements cuts the code at ends of lines outside of brackets, and at semicolons.
func (f *foreignReader) statements() [][2]int {
	var all [][2]int
	var open []bool // brackets, and whether lines go on within
	start, inside := 0, 0
	last := byte(0)
	for i, c := range f.code {
		switch c {
		case '(', '[', '{':
			on := c != '{' || strings.IndexByte("=(,[:?&|", last) >= 0 && last != 0
			open = append(open, on)
			if on {
				inside++
			}
		case ')', ']', '}':
			if len(open) > 0 {
				if open[len(open)-1] {
					inside--
				}
				open = open[:len(open)-1]
			}
		case '\n', ';':
			if inside == 0 {
				all, start = append(all, [2]int{start, i}), i+1
			}
		}
		if c > ' ' {
			last = c
		}
	}
	return append(all, [2]int{start, len(f.code)})
}

var (
	// environmentRead is how Python, JavaScript, Ruby, Perl and PHP read a variable
	// of the environment.
	environmentRead = regex.Lazy(`(?:environ(?:\.get)?\s*[\[(]\s*|getenv\s*\(\s*|ENV(?:\.fetch)?\s*[\[({]\s*|(?:process|Bun)\.env\s*\[\s*|Deno\.env\.get\(\s*|_ENV\[)['"]?(\w+)['"]?\s*[\])}]?|(?:process|Bun)\.env\.(\w+)`)
	foreignInput    = regex.Lazy(`\bsys\.stdin\b(?:\.(?:buffer\.)?(?:read|readline|readlines)\(\))?|\bfileinput\.input\(\)|\binput\(\)|\bprocess\.stdin\b|\breadFileSync\((?:0|['"]/dev/stdin['"])[^)]*\)|\$?\bSTDIN\b(?:\.(?:read|gets))?|\$stdin\.(?:read|gets)|<STDIN>|<>|\bgets\b|\$_\b|\bphp://stdin\b`)
	foreignWords    = regex.Lazy(`\b(?:sys\.argv|process\.argv|ARGV|argv)\[(\d)\]`)
	foreignDump     = regex.Lazy(`\bos\.environ\b|\bprocess\.env\b|\bENV\b`)
	foreignFunction = regex.Lazy(`^(\s*)(?:export\s+)?(?:async\s+)?(?:def|function)\s+(\w+)\s*\(([^()]*)\)`)
	foreignAssign   = regex.Lazy(`^\s*(?:export\s+)?(?:const\s+|let\s+|var\s+|my\s+)?[$@]?([A-Za-z_][\w.]*)\s*(?::\s*[\w.\[\], |]+?)?\s*\+?=`)
	foreignUnpack   = regex.Lazy(`^\s*(?:const|let|var)\s*\{([^{}]*)\}\s*=\s*process\.env\b`)
	foreignLoop     = regex.Lazy(`^\s*for\s*\(?\s*(?:const\s+|let\s+|var\s+)?([A-Za-z_]\w*)\s+(?:in|of)\s+`)
	foreignReturn   = regex.Lazy(`^\s*return\b`)
	identifier      = regex.Lazy(`[A-Za-z_]\w*`)
)

func (f *foreignReader) statement(start, end int) {
	code := string(f.code[start:end])
	if strings.TrimSpace(code) == "" && len(f.u.holes) == 0 {
		return
	}
	if indent := len(code) - len(strings.TrimLeft(code, " \t\n")); !f.script && indent <= f.indent && !strings.HasPrefix(strings.TrimSpace(code), "#") {
		f.within, f.indent = "", -1
	}
	if m := foreignFunction().FindStringSubmatchIndex(code); m != nil {
		f.within, f.indent = code[m[4]:m[5]], m[3]-m[2]
		f.params[f.within] = identifier().FindAllString(code[m[6]:m[7]], maxPieces)
		start, code = start+m[1], code[m[1]:]
	}
	if m := foreignUnpack().FindStringSubmatchIndex(code); m != nil {
		for _, name := range identifier().FindAllStringIndex(code[m[2]:m[3]], maxPieces) {
			at := start + m[2]
			if v, ok := f.environment(f.u.text[at+name[0]:at+name[1]], at+name[0], at+name[1]); ok {
				f.bind(f.u.text[at+name[0]:at+name[1]], v)
			}
		}
		return
	}
	f.calls(start, end)
	switch {
	case foreignReturn().MatchString(code):
		switch v := f.value(start, end); {
		case !v.Tainted():
		case f.within != "":
			f.vars["/"+f.within] = f.vars["/"+f.within].Plus(v)
		case f.script && strings.HasPrefix(strings.TrimLeft(code, "\r\n"), "return"): // of all of a script within an action
			f.give("output", "result", v, f.at(start, end))
		}
	default:
		if m := foreignLoop().FindStringSubmatchIndex(code); m != nil {
			v := f.value(start+m[1], end)
			if over := strings.Trim(code[m[1]:], " :){"); identifier().FindString(over) == over && !f.lists[over] {
				v = v.eachTaint(func(t Taint) Taint { return t.changed("substring") })
			}
			f.bind(code[m[2]:m[3]], v)
		} else if m := foreignAssign().FindStringSubmatchIndex(code); m != nil && !strings.HasPrefix(code[m[1]:], "=") && !strings.HasPrefix(code[m[1]:], ">") {
			f.assigned(code[m[2]:m[3]], start, start+m[1], end)
		}
	}
}

func (f *foreignReader) assigned(name string, start, from, end int) {
	at := f.u.span(start, end)
	v := f.value(from, end)
	if v.Tainted() {
		v = v.Through(name+" is set here", at)
	}
	f.bind(name, v)
	f.lists[name] = strings.IndexByte("[({", (strings.TrimSpace(f.u.text[from:end]) + " ")[0]) >= 0
	if file := f.opened(from, end); file != "" {
		f.paths[name] = file
	}
}

func (f *foreignReader) bind(name string, v Value) {
	if v.Tainted() || f.vars[f.within+"/"+name].Tainted() {
		f.vars[f.within+"/"+name] = v
	}
}

// variable is what a name holds here.
func (f *foreignReader) variable(name string) Value {
	if v, ok := f.vars[f.within+"/"+name]; ok {
		return v
	}
	return f.vars["/"+name]
}

// environment is a variable of the environment, named here.
func (f *foreignReader) environment(name string, start, end int) (Value, bool) {
	f.read(name)
	v, ok := f.lookup(name)
	if !ok {
		v, ok = f.ambient(name, f.u, start, end)
	}
	return v.moved(f.u, start, end), ok
}

// maxMentions bounds the names that are looked at in one expression.
const maxMentions = 1000

// value is what an expression holds of secrets.
func (f *foreignReader) value(start, end int) Value {
	var parts []Value
	text := f.u.text[start:end]
	for _, m := range environmentRead().FindAllStringSubmatchIndex(text, maxMentions) {
		if f.code[start+m[0]] == ' ' {
			continue
		}
		from, to := max(m[2], m[4]), max(m[3], m[5])
		if v, ok := f.environment(text[from:to], start+from, start+to); ok && !f.lost(start, end, start+m[0], start+m[1]) {
			parts = append(parts, v)
		}
	}
	code := f.code[start:end]
	if f.in.Tainted() {
		for _, m := range foreignInput().FindAllIndex(code, maxMentions) {
			if !f.lost(start, end, start+m[0], start+m[1]) {
				parts = append(parts, f.in.moved(f.u, start+m[0], start+m[1]))
			}
		}
	}
	for _, m := range foreignWords().FindAllSubmatchIndex(code, maxMentions) {
		i := int(code[m[2]] - '0')
		if first := string(code[m[0] : m[0]+1]); first == "s" || first == "a" { // the script itself is the first
			i--
		} else if first == "p" {
			i -= 2
		}
		if i >= 0 && i < len(f.args) && f.args[i].Tainted() && !f.lost(start, end, start+m[0], start+m[1]) {
			parts = append(parts, f.args[i].moved(f.u, start+m[0], start+m[1]))
		}
	}
	parts = append(parts, f.texts(start, end)...)
	if len(f.vars) > 0 {
		for _, m := range identifier().FindAllIndex(code, maxMentions) {
			v := f.variable(string(code[m[0]:m[1]]))
			named := strings.HasPrefix(strings.TrimLeft(string(code[m[1]:min(len(code), m[1]+2)]), " "), "=") && !strings.HasPrefix(string(code[m[1]:]), "==") // of an argument
			if !v.Tainted() || named || m[0] > 0 && code[m[0]-1] == '.' || f.lost(start, end, start+m[0], start+m[1]) {
				continue
			}
			parts = append(parts, v.moved(f.u, start+m[0], start+m[1]))
		}
	}
	for _, h := range f.u.holes {
		if h.Start >= start && h.End <= end && h.Value.Tainted() {
			parts = append(parts, h.Value.moved(f.u, h.Start, h.End))
		}
	}
	return f.changed(f.u.text[start:end], joined(parts...))
}

// eventText is what an outsider writes of the event that a script of an action reads.
var eventText = regex.Lazy(`\bcontext\.payload\.(?:pull_request|issue|comment|review|discussion)\??\.(?:title|body|head\.(?:ref|label))\b`)

// pullHead is what a script of an action reads of a pull request that it looks up.
var pullHead = regex.Lazy(`\b\w+(?:\.data|\.pull_request|\.payload)*\??\.head\.(?:sha|ref|label|repo\.(?:full_name|clone_url|ssh_url))\b`)

var (
	eventFile  = regex.Lazy(`^\$\{?GITHUB_EVENT_PATH\b|^\$\{\{\s*github\.event_path\b`)
	queryText  = regex.Lazy(`\.(?:pull_request|issue|comment|review|discussion|head_commit)\.(?:title|body|message|head\.(?:ref|label))\b`)
	queryedSHA = regex.Lazy(`\.pull_request\.head\.(?:ref|sha|repo\.(?:full_name|clone_url|ssh_url))\b`)
)

// eventField is what jq takes of the file that holds the event.
func (s *Session) eventField(c *call) Value {
	isEvent := func(v Value) bool { return eventFile().MatchString(v.text()) }
	if !s.machine.Texts || s.machine.Fetch == nil || !slices.ContainsFunc(c.args, isEvent) {
		return Value{}
	}
	var taints []Taint
	for _, kind := range []struct {
		find        func() *regexp.Regexp
		store, name string
	}{{queryText, Outsider, "text of the event"}, {queryedSHA, Change, "pull request"}} {
		if kind.find().MatchString(c.line()) {
			if label := s.machine.Fetch(Fetched{Store: kind.store, Name: kind.name, At: c.at()}); label >= 0 {
				taints = append(taints, Taint{Label: label})
			}
		}
	}
	return Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: taints}}}
}

// texts are those of outsiders that an expression names.
func (f *foreignReader) texts(start, end int) []Value {
	if !f.machine.Texts || f.machine.Fetch == nil {
		return nil
	}
	all := f.fetch(eventText().FindAllIndex(f.code[start:end], maxMentions), Outsider, "text of the event", start, end)
	if strings.Contains(f.u.text, "pulls.get") || strings.Contains(f.u.text, "context.payload.pull_request") {
		all = append(all, f.fetch(pullHead().FindAllIndex(f.code[start:end], maxMentions), Change, "pull request", start, end)...)
	}
	return all
}

// fetch gives labels to mentions of what is no secret.
func (f *foreignReader) fetch(mentions [][]int, store, name string, start, end int) []Value {
	var all []Value
	for _, m := range mentions {
		if f.lost(start, end, start+m[0], start+m[1]) {
			continue
		}
		if label := f.machine.Fetch(Fetched{Store: store, Name: name, At: f.at(start+m[0], start+m[1])}); label >= 0 {
			all = append(all, Value{[]piece{{text: "…", unit: f.u, start: start + m[0], end: start + m[1], taints: []Taint{{Label: label}}}}})
		}
	}
	return all
}

// oneWays are calls of whose answer nothing of the secret can be had.
var oneWays = []string{
	"len", "bool", "Boolean", "type", "isinstance", "sha1", "sha224", "sha256", "sha384", "sha512", "md5", "blake2b", "createHash", "createHmac", "update", "hmac.new", "hmac.digest", "all", "any",
}

// passing are calls whose answer holds what they are given. What others make of it is
// not known.
var passing = []string{
	"str", "repr", "bytes", "bytearray", "String", "format", "join", "encode", "decode", "b64encode", "b64decode", "urlsafe_b64encode", "urlsafe_b64decode", "b32encode", "b16encode",
	"hexlify", "unhexlify", "loads", "dumps", "parse", "stringify", "quote", "quote_plus", "urlencode", "encodeURIComponent", "btoa", "atob", "from", "list", "tuple", "set", "dict",
	"reversed", "sorted", "enumerate", "map", "zip", "concat", "compress", "gzipSync", "sub", "split", "scan", "chars", "strrev", "str_split", "chunk_split", "bin2hex", "base64_encode", "strict_encode64", "encode64", "implode", "unpack", "sprintf", "chomp", "lc", "uc", "reverse", "substr", "trim", "puts", "echo", "say", "ord", "chr", "cast", "print", "log", "write", "run", "call", "if", "for", "in", "return", "and", "or", "await", "default",
}

var (
	asCondition = regex.Lazy(`(?:\bif|\bnot|\bassert|\band|\bunless|\btypeof|!)\s*\(?\s*(?:\w+\.)*$`)
	compared    = regex.Lazy(`^\s*(?:[=!]=|\bis\b|\bin\b|\?\s*[^.?\s]|\?\s*$|&&|<|>|\.length\b|\.(?:starts|ends)[wW]ith\b|\.includes\b|\.is\w+\()`)
)

const maxAround = 200

// lost says whether only that it is there, or what it is like, is told of a secret.
func (f *foreignReader) lost(start, end, from, to int) bool {
	before, after := string(f.code[max(start, from-maxAround):from]), string(f.code[to:min(end, to+maxAround)])
	if asCondition().MatchString(before) || compared().MatchString(strings.TrimLeft(after, `"')]}`)) {
		return true
	}
	depth := 0
	for i := len(before) - 1; i >= 0; i-- {
		switch before[i] {
		case ')', ']':
			depth++
		case '(', '[':
			if depth--; depth < 0 {
				name := strings.TrimRight(before[:i], " ")
				name = name[strings.LastIndexAny(name, " (,=[{+\n:")+1:]
				last := name[strings.LastIndexByte(name, '.')+1:]
				if slices.Contains(oneWays, name) || slices.Contains(oneWays, last) {
					return true
				}
				if before[i] == '(' && last != "" && !slices.Contains(passing, last) {
					return true
				}
				depth = 0
			}
		}
	}
	return false
}

type foreignChange struct{ sign, how string }

// foreignChanges are what expressions do to values, by what is written in them.
var foreignChanges = []foreignChange{
	{"[::-1]", "reverse"}, {"reversed(", "reverse"}, {".reverse(", "reverse"},
	{"b64encode", "base64"}, {"btoa(", "base64"}, {"toString('base64')", "base64"}, {`toString("base64")`, "base64"}, {"b64decode", "decoded"}, {"atob(", "decoded"}, {", 'base64')", "decoded"}, {`, "base64")`, "decoded"},
	{".hex(", "hex"}, {"hexlify(", "hex"}, {"'hex'", "hex"}, {`"hex"`, "hex"},
	{"scalar reverse", "reverse"}, {"strrev(", "reverse"}, {".reverse", "reverse"}, {"bin2hex(", "hex"}, {".unpack", "hex"}, {"unpack(", "hex"}, {"base64_encode(", "base64"}, {"encode64(", "base64"},
	{".chars", "substring"}, {".each_char", "substring"}, {".scan(", "substring"}, {"split(", "substring"}, {"chunk_split(", "substring"}, {"substr(", "substring"}, {".bytes", "substring"},
	{"lc(", "case"}, {"uc(", "case"}, {".upcase", "case"}, {".downcase", "case"}, {".swapcase", "case"}, {".tr(", "replace"}, {".gsub(", "replace"}, {"str_replace(", "replace"}, {"preg_replace(", "replace"}, {"strtr(", "replace"}, {"rot13", "replace"}, {"rot_13", "replace"},
	{".slice(", "substring"}, {".substring(", "substring"}, {".substr(", "substring"}, {".charAt(", "substring"}, {"list(", "substring"}, {"[...", "substring"}, {"ord(", "substring"}, {".charCodeAt(", "substring"}, {".join(os.", "substring"},
	{".upper(", "case"}, {".lower(", "case"}, {".swapcase(", "case"}, {".toUpperCase(", "case"}, {".toLowerCase(", "case"},
	{"json.loads(", "json"}, {"JSON.parse(", "json"}, {"json.dumps(", "to_json"}, {"JSON.stringify(", "to_json"}, {"quote(", "uri"}, {"quote_plus(", "uri"}, {"encodeURIComponent(", "uri"},
	{".replace(", "replace"}, {"re.sub(", "replace"}, {"compress(", "gzip"}, {"gzipSync(", "gzip"},
}

// joinedText puts something between the characters of a text.
var joinedText = regex.Lazy(`\.join\(\s*(\w+)\s*\)`)

var foreignSlice = regex.Lazy(`\[\s*-?\d*\s*:\s*-?\d*\s*\]`)

func (f *foreignReader) changed(text string, v Value) Value {
	if !v.Tainted() {
		return v
	}
	for _, c := range foreignChanges {
		if strings.Contains(text, c.sign) {
			v = v.eachTaint(func(t Taint) Taint { return t.changed(c.how) })
		}
	}
	if m := joinedText().FindStringSubmatch(text); m != nil && !f.lists[m[1]] && f.variable(m[1]).Tainted() {
		v = v.eachTaint(func(t Taint) Taint { return t.changed("substring") })
	}
	if foreignSlice().MatchString(text) {
		v = v.eachTaint(func(t Taint) Taint { return t.changed("substring") })
	}
	return v
}

// opened is the path of the file that an expression opens for writing.
func (f *foreignReader) opened(start, end int) string {
	if m := foreignOpen().FindStringIndex(f.u.text[start:end]); m != nil && f.code[start+m[0]] != ' ' {
		if args := f.arguments(start+m[1], end); len(args) > 1 {
			return f.path(args[0][0], args[0][1])
		}
	}
	return ""
}

// path is the file that an expression names, "" if it is not known.
func (f *foreignReader) path(start, end int) string {
	text := strings.TrimSpace(f.u.text[start:end])
	if m := environmentRead().FindStringSubmatch(text); m != nil {
		return "$" + m[1] + m[2]
	}
	if name := identifier().FindString(text); name == text && f.paths[name] != "" {
		return f.paths[name]
	}
	if v, ok := f.text(start, end); ok && v.known() {
		return v.text()
	}
	return ""
}

// text is a string that stands in the code, with the secrets that are put into it.
func (f *foreignReader) text(start, end int) (Value, bool) {
	written := f.u.text[start:end]
	from := start + strings.IndexAny(written+`"`, "\"'`")
	to := start + strings.LastIndexAny(written, "\"'`")
	if from >= to || strings.TrimSpace(strings.Trim(f.u.text[start:from], "frbFRBu \n\t")) != "" || strings.TrimSpace(f.u.text[to+1:end]) != "" {
		return Value{}, false
	}
	var parts []Value
	last := from + 1
	first, _ := slices.BinarySearchFunc(f.puts, from, func(p put, at int) int { return p.open - at })
	for _, p := range f.puts[first:] {
		if p.last > to {
			break
		}
		v := f.value(p.start, p.end)
		parts = append(parts, f.u.literal(last, p.open, ""), v.derived("…", f.u, p.start, p.end))
		last = p.last
	}
	return joined(append(parts, f.u.literal(last, to, ""))...), true
}

// arguments are those of a call, from behind its bracket on.
func (f *foreignReader) arguments(start, end int) [][2]int {
	var all [][2]int
	depth, from := 0, start
	for i := start; i < end; i++ {
		switch f.code[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return append(all, [2]int{from, i})
			}
		case ',':
			if depth == 0 && len(all) < maxPieces {
				all, from = append(all, [2]int{from, i}), i+1
			}
		}
	}
	return append(all, [2]int{from, end})
}

// at is the place of a call.
func (f *foreignReader) at(start, end int) lint.Span { return f.u.span(start, end) }
