package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// filters print what they read, or what they make of it.
var filters = map[string]string{
	"cat": "", "sort": "", "uniq": "", "less": "", "more": "", "bat": "", "nl": "", "fold": "substring", "fmt": "", "pr": "", "shuf": "", "column": "", "expand": "", "iconv": "", "dos2unix": "",
	"base64": "base64", "openssl": "openssl", "jq": "json", "yq": "json", "gojq": "json", "cut": "substring", "head": "substring", "tail": "substring",
	"sed": "replace", "perl": "perl", "awk": "awk", "gawk": "awk", "mawk": "awk", "tr": "tr", "grep": "substring", "egrep": "substring", "fgrep": "substring", "rg": "substring",
	"rev": "reverse", "tac": "", "xxd": "hex", "hexdump": "hex", "od": "hex", "basenc": "base64", "base32": "base32", "uuencode": "base64", "gzip": "gzip", "gunzip": "decoded",
	"zcat": "decoded", "bzip2": "bzip2", "xz": "xz", "strings": "", "envsubst": "", "paste": "", "split": "substring", "dirname": "substring", "basename": "substring",
	"urlencode": "uri", "ts": "", "md5sum": oneWay, "sha1sum": oneWay, "sha256sum": oneWay, "sha512sum": oneWay, "shasum": oneWay, "b2sum": oneWay, "cksum": oneWay,
	"gpg": "", "gpg2": "", "age": "", "sops": "",
}

// filter is the output of such a program.
func (s *Session) filter(c *call, how string) output {
	if namesOnly(c) {
		c.in = slices.DeleteFunc(slices.Clone(c.in), func(e emission) bool { return e.dump })
	}
	v := c.in.value()
	var files []Value
	for i, a := range c.args {
		name := strings.TrimPrefix(a.text(), "@")
		content, ok := s.content(name)
		if isFile := c.name == "cat" && !strings.HasPrefix(name, "-") || len(c.in) == 0 && i > 0 && i == len(c.args)-1; !ok && isFile {
			content, ok = s.below(name)
		}
		if !ok && !s.machine.Texts && c.isPath(i) {
			content, ok = a, true
		}
		if ok {
			files = append(files, content)
		}
	}
	if len(files) > 0 {
		v = joined(append(files, v)...)
	}
	var own output
	switch c.name {
	case "jq", "yq", "gojq":
		if event := s.eventField(c); event.Tainted() {
			return c.filtered(event, "")
		}
		return s.query(c, v)
	case "envsubst":
		filled := s.filled(c, v)
		if file := c.outFile(); file != "" {
			s.write(file, filled.out, c.at())
			return output{}
		}
		return filled
	case "gpg", "gpg2", "age", "sops":
		if !c.has("-d", "--decrypt", "decrypt", "--dearmor", "--enarmor") || c.has("--passphrase-fd", "--passphrase-file") {
			return output{}
		}
		how = "decoded"
	case "perl":
		s.other(c)
	case "awk", "gawk", "mawk":
		own = s.awkPrints(c)
	case "cat":
		if len(c.words()) == 0 || len(files) > 0 {
			return output{out: s.passed(c, files)}
		}
		return output{}
	case "grep", "egrep", "fgrep", "rg":
		return s.searched(c)
	}
	if how = s.manner(c, how); how == "replace" && c.cleans() {
		how = Cleaned
	}
	if how == oneWay {
		return output{}
	}
	if edited := s.edited(c); edited {
		return output{}
	}
	if how == "" && len(files) == 0 {
		own.out = append(own.out, s.passed(c, nil)...)
		return own
	}
	made := c.filtered(v, how)
	if c.name == "sed" {
		for _, a := range c.args {
			if a.Tainted() {
				made.add(c.filtered(inserted(a), ""))
			}
		}
	}
	if file := c.outFile(); file != "" {
		s.write(file, made.out, c.at())
		return own
	}
	own.add(made)
	return own
}

// outFile is the file that a filter is told to write in place of its output.
func (c *call) outFile() string {
	flags := map[string][]string{
		"base64": {"-o", "--output"}, "openssl": {"-out"}, "gpg": {"-o", "--output"}, "gpg2": {"-o", "--output"}, "age": {"-o", "--output"}, "envsubst": {"-o"},
	}[c.name]
	for i, a := range c.args {
		if flag, value, ok := strings.Cut(a.text(), "="); ok && strings.HasPrefix(flag, "--") && slices.Contains(flags, flag) {
			return notOutput(value)
		}
		if slices.Contains(flags, a.text()) && i+1 < len(c.args) {
			return notOutput(c.args[i+1].text())
		}
	}
	return ""
}

// notOutput is a file, unless it is another name of the output.
func notOutput(file string) string {
	if file == "-" || strings.HasPrefix(file, "/dev/") || strings.HasPrefix(file, "/proc/") {
		return ""
	}
	return file
}

// oneWay is what hashes and ciphers make: nothing of the secret can be had from it.
const oneWay = "one way"

// edited writes to the files that sed and perl change in place.
func (s *Session) edited(c *call) bool {
	inPlace := slices.ContainsFunc(c.args, func(a Value) bool {
		t := a.text()
		return t == "--in-place" || strings.HasPrefix(t, "-i") || (c.name == "perl" || c.name == "yq") && (t == "-pi" || t == "--inplace")
	})
	words := c.words()
	if !inPlace || len(words) < 2 {
		return inPlace
	}
	parts := slices.Clone(c.args)
	if c.name == "sed" {
		for i, a := range parts {
			parts[i] = inserted(a)
		}
	} else {
		for _, name := range environmentNames(strings.Join(words, " ")) {
			s.read(name)
			v, _ := s.lookup(name)
			parts = append(parts, v.moved(c.unit, c.start, c.end))
		}
	}
	if v := joined(parts...); v.Tainted() {
		s.write(words[len(words)-1], stream{{value: v, command: c.name, at: c.at()}}, c.at())
	}
	return true
}

// namesOnly holds for filters that cut what stands behind the first "=" off.
func namesOnly(c *call) bool {
	words := strings.Join(c.words(), " ")
	switch c.name {
	case "cut":
		return c.has("-d=", "-f1", "-f") && strings.Contains(c.line(), "-d") && strings.Contains(c.line(), "=")
	case "sed":
		return strings.HasPrefix(words, "s/=.*/") || strings.HasPrefix(words, "s/=.*$/")
	case "awk", "gawk", "mawk":
		return strings.Contains(c.line(), "-F") && strings.Contains(words, "$1") && !strings.Contains(words, "$2")
	}
	return false
}

// passed is the output of cat: what it reads, unchanged.
func (s *Session) passed(c *call, files []Value) stream {
	var all stream
	at := c.at()
	if len(files) == 0 {
		for _, e := range c.in {
			v := e.value
			if v.Tainted() && (len(v.pieces) == 0 || v.pieces[0].unit == nil) {
				v = v.moved(c.unit, c.start, c.end)
			}
			passed := emission{value: v, command: c.name, at: at}
			if e.dump { // it is still the dump that prints
				passed = emission{value: v, command: e.command, at: e.at, dump: true}
			}
			all = append(all, passed)
		}
	}
	for _, v := range files {
		all = append(all, emission{value: v.moved(c.unit, c.start, c.end), command: c.name, at: at})
	}
	return all
}

// searched is the output of grep: of many variables those that it looks for.
func (s *Session) searched(c *call) output {
	if c.has("-q", "--quiet", "-c", "--count", "-l") || strings.HasPrefix(c.text(0), "-q") {
		return output{}
	}
	words := c.words()
	inverted := slices.ContainsFunc(c.args, func(a Value) bool {
		t := a.text()
		return strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "--") && strings.Contains(t, "v") || t == "--invert-match"
	})
	var out output
	for _, e := range c.in {
		name, _, isVariable := strings.Cut(e.value.text(), "=")
		if isVariable && !inverted && len(words) > 0 && !mayMatch(words[0], name) {
			continue
		}
		e.command = c.name
		if c.has("-o", "-oE", "-oP", "-Eo", "-Po", "--only-matching") {
			e.value = e.value.eachTaint(func(t Taint) Taint { return t.changed("extracted") })
		}
		out.out = append(out.out, e)
	}
	return out
}

// mayMatch says whether a pattern may find a name: one without operators finds
// what contains it.
func mayMatch(pattern, name string) bool {
	for _, alternative := range strings.FieldsFunc(pattern, func(r rune) bool { return r == '|' || r == '\\' }) {
		word := strings.TrimSuffix(strings.TrimPrefix(alternative, "^"), "=")
		if strings.ContainsAny(word, ".*[]()?+$") || strings.Contains(strings.ToLower(name), strings.ToLower(word)) {
			return true
		}
	}
	return false
}

// manner is what a filter with its flags does to a value.
func (s *Session) manner(c *call, how string) string {
	switch c.name {
	case "base64", "basenc", "base32":
		if c.has("-d", "-D", "--decode", "-di") {
			return "decoded"
		}
	case "openssl":
		switch {
		case slices.ContainsFunc(c.words(), func(w string) bool { return ciphers().MatchString(w) }) || slices.ContainsFunc(c.args, func(a Value) bool { return ciphers().MatchString(strings.TrimPrefix(a.text(), "-")) }):
			if c.has("-d") {
				return "decoded"
			}
			return oneWay
		case c.has("-pubout", "-noout", "-modulus", "-fingerprint"): // what is public of a key
			return oneWay
		case c.text(0) == "base64" || c.has("-base64", "-a") && c.text(0) == "enc":
			if c.has("-d") {
				return "decoded"
			}
			return "base64"
		case c.text(0) != "rsa" && c.text(0) != "pkey" && c.text(0) != "ec" && c.text(0) != "pkcs12":
			return oneWay
		}
	case "tr":
		how = translated(c)
		if how == "" && s.machine.Texts && (strings.Contains(c.line(), `\n`) || strings.Contains(c.line(), "[:space:]")) {
			return unbroken
		}
		return how
	case "xxd":
		if c.has("-r", "-p -r") || slices.ContainsFunc(c.args, func(a Value) bool { return strings.HasPrefix(a.text(), "-") && strings.Contains(a.text(), "r") }) {
			return "decoded"
		}
	case "gzip":
		if c.has("-d", "-dc") {
			return "decoded"
		}
	case "sed":
		if program := strings.Join(c.words(), " "); len(c.words()) == 1 && around().MatchString(program) {
			return ""
		}
	case "tac":
		if c.given("-s", "--separator") {
			return "reverse"
		}
	case "iconv":
		if to, _ := c.flag("-t", "--to-code"); strings.ContainsAny(to.text(), "1367") {
			return "encoded"
		}
	case "awk", "gawk", "mawk":
		if whole().MatchString(strings.Join(c.words(), " ")) {
			return ""
		}
		return "substring"
	case "perl":
		return "substring"
	}
	return how
}

var (
	ciphers = regex.Lazy(`^(?:aes|des|camellia|aria|chacha|bf|rc4|sm4)`)
	around  = regex.Lazy(`^s(?:/[\^$]/[^/&]*/|\|[\^$]\|[^|&]*\||,[\^$],[^,&]*,)$`) // sed that puts something before or behind lines
	whole   = regex.Lazy(`^(?:1|\{ *print(?: *\$0)? *;? *\}|NF|!seen\[\$0\]\+\+)$`)
)

// Cleaned is what is done to a text of which only some characters are left.
const Cleaned = "cleaned"

// cleans says whether what is replaced is all but some characters.
func (c *call) cleans() bool {
	if c.name == "tr" {
		return slices.ContainsFunc(c.args, func(a Value) bool {
			t := a.text()
			return strings.HasPrefix(t, "-") && strings.ContainsAny(t, "cC") || strings.Contains(t, "'")
		})
	}
	return slices.ContainsFunc(c.args, func(a Value) bool { return leavesOnly(a.text()) || captures(a.text()) })
}

// captured is a program of sed that leaves what a part of its pattern found.
var captured = regex.Lazy(`^s(.)(?:\^|\.\*).*?\\?\(([^()]*?)\\?\).*\\1`)

// captures says whether a program of sed leaves what has a certain form.
func captures(program string) bool {
	m := captured().FindStringSubmatch(program)
	return m != nil && !strings.Contains(m[2], ".*") && !strings.Contains(m[2], ".+")
}

// leavesOnly says whether a pattern for what is replaced means all but some characters,
// or the one that ends a text in quotes.
func leavesOnly(pattern string) bool {
	return strings.Contains(pattern, "[^") || strings.Contains(pattern, "[!") || strings.Contains(pattern, "'")
}

func translated(c *call) string {
	switch {
	case c.has("-d"):
		if set := strings.Trim(c.text(len(c.args)-1), " \\nrt[:space]"); set == "" {
			return "" // only blanks go
		}
		return "replace"
	case strings.Trim(c.text(0), " \\nrt") == "" && c.text(0) != "":
		return "" // only the ends of lines
	case strings.Contains(c.text(0), "upper") || strings.Contains(c.text(0), "lower") || strings.EqualFold(c.text(0), "a-z"):
		return "case"
	}
	return "replace"
}

// query is the output of jq: a field of what it reads, or JSON made of words.
func (s *Session) query(c *call, in Value) output {
	out := output{}
	if s.edited(c) {
		return out
	}
	if !headOfPull().MatchString(c.line()) {
		in = in.without(answer)
	}
	if in.Tainted() {
		program := strings.Join(c.words(), " ")
		if c.has("--raw-input") || slices.ContainsFunc(c.args, func(a Value) bool { return rawInput().MatchString(a.text()) }) {
			return c.filtered(in, ofText(program))
		}
		if !besideSecret().MatchString(program) && !tellsOnly(c.words()) {
			out = c.filtered(in, "json")
		}
	}
	var words []Value
	for i, a := range c.args {
		if i > 1 && (c.text(i-2) == "--arg" || c.text(i-2) == "--argjson") || i > 0 && !strings.HasPrefix(a.text(), "-") {
			words = append(words, a)
		}
	}
	program := strings.Join(c.words(), " ")
	if queryTold().MatchString(program) {
		return out
	}
	how := "to_json"
	if queryPart().MatchString(program) {
		how = "substring"
	}
	if made := joined(words...); made.Tainted() {
		out.add(c.filtered(made, how))
	}
	for _, name := range environmentNames(program) {
		s.read(name)
		if v, ok := s.lookup(name); ok {
			out.add(c.filtered(v, how))
		}
	}
	if queryAll().MatchString(program) {
		out.out = append(out.out, s.dump(false, c.name+" env", c.at(), c.start, c.end)...)
	}
	return out
}

var (
	queryPart = regex.Lazy(`(?:\$ENV\.|\benv\.|\$)\w+\s*(?:\|\s*)?\.?\[\s*-?\d*\s*:\s*-?\d*\s*\]|\bexplode\b|\bsplits?\(|/ *""`)
	queryTold = regex.Lazy(`(?:\$ENV\.|\benv\.|\$)\w+\s*\|\s*(?:length|type|test\(|not\b)`)
	queryAll  = regex.Lazy(`^(?:env|\$ENV)(?:\s*\|\s*to_entries.*)?$`) // prints every variable
)

var rawInput = regex.Lazy(`^-[a-zA-Z]*R[a-zA-Z]*$`)

// ofText is what a program of jq makes of a text.
func ofText(program string) string {
	for _, known := range []struct{ sign, how string }{{"@uri", "uri"}, {"@base64d", "decoded"}, {"@base64", "base64"}, {"@base32", "base32"}} {
		if strings.Contains(program, known.sign) {
			return known.how
		}
	}
	if plainText := strings.Trim(program, ". {}|"); plainText == "" || strings.Contains(program, "tojson") || strings.Contains(program, "@json") || strings.Contains(program, ":") {
		return "to_json"
	}
	return "jq"
}

// tellsOnly says whether a program of jq or yq ends in names, lengths or types of what it
// reads: a filter that gives those stands on its own between its bars, and nothing behind
// it goes back to a value.
func tellsOnly(words []string) bool {
	if len(words) > 1 && slices.Contains([]string{"e", "eval", "ea", "eval-all"}, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 || strings.Contains(words[0], ";") {
		return false
	}
	filters := strings.Split(words[0], "|")
	for i, filter := range filters {
		before, behind := strings.Join(filters[:i], "|"), strings.Join(filters[i:], "|")
		if queryTells().MatchString(filter) && balanced(before) && !queryReturns().MatchString(behind) {
			return true
		}
	}
	return false
}

// balanced says whether no bracket or string of a program is left open.
func balanced(program string) bool {
	count := func(signs string) (n int) {
		for _, sign := range signs {
			n += strings.Count(program, string(sign))
		}
		return n
	}
	return count(`"`)%2 == 0 && count("([{") == count(")]}")
}

var (
	queryTells   = regex.Lazy(`^\s*(?:keys(?:_unsorted)?(?:\[\])?|length|type|has\([^()]*\))\s*$`)
	queryReturns = regex.Lazy(`\$|\benv\b|\binputs?\b`)
)

// besideSecret finds programs of jq that take what stands beside a secret.
var besideSecret = regex.Lazy(`(?i)^(?:\.[\w.\[\]]*?\.?(?:arn|version(?:id)?|created\w*|updated\w*|expir\w*|lease_\w+|renewable|errors?(?:\[\])?)|keys|length|empty)(?: |$)`)

// environmentNames are the variables that a jq program names.
func environmentNames(program string) []string {
	var all []string
	for _, mark := range []string{"env.", "$ENV.", `ENVIRON["`, "$ENV{", "env("} {
		for rest := program; ; {
			_, after, found := strings.Cut(rest, mark)
			if !found {
				break
			}
			end := strings.IndexFunc(after, func(r rune) bool {
				return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
			})
			if end < 0 {
				end = len(after)
			}
			all, rest = append(all, after[:end]), after[end:]
		}
	}
	return all
}

// filled is the output of envsubst: any exported variable may be in it.
func (s *Session) filled(c *call, in Value) output {
	out := output{out: c.in}
	text := in.text()
	for _, e := range s.dump(false, c.name, c.at(), c.start, c.end) {
		name, _, _ := strings.Cut(e.value.text(), "=")
		if !in.known() || strings.Contains(text, "$"+name) || strings.Contains(text, "${"+name) {
			e.value = e.value.eachTaint(func(t Taint) Taint { return t })
			out.out = append(out.out, e)
		}
	}
	return out
}
