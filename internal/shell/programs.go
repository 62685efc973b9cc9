package shell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// program runs a program that something is known of.
func (s *Session) program(c *call) (output, bool) {
	switch {
	case c.wraps():
		return s.wrapped(c), true
	case IsShell(c.name):
		return s.subshell(c), true
	case c.name == "env" || c.name == "printenv":
		return s.environment(c), true
	}
	s.report.Opaque = s.report.Opaque || c.startsOthers()
	if c.name == "find" {
		return s.foundOnes(c), true
	}
	if inner := c.within(); len(inner) > 0 {
		return s.runInner(c, inner), true
	}
	s.arguments(c)
	s.verified(c)
	if out, ok := s.fetched(c); ok {
		s.implicit(c)
		out.err = s.verbose(c)
		return out, true
	}
	if c.name == "openssl" && c.text(0) == "s_client" {
		return s.send(c), true
	}
	if how, ok := filters[c.name]; ok {
		return s.filter(c, how), true
	}
	s.implicit(c)
	out, known := s.rendered(c)
	if !known {
		out, known = s.known(c)
	}
	out.err = append(s.verbose(c), out.err...)
	return out, known
}

func (s *Session) known(c *call) (output, bool) {
	s.unverifiedRegistry(c)
	if c.name == "rsync" && !slices.ContainsFunc(c.words(), func(w string) bool { return strings.Contains(w, ":") }) {
		return copyFile(s, c), true
	}
	if slices.Contains(senders, c.name) {
		return s.send(c), true
	}
	if s.login(c) {
		return output{}, true
	}
	if run := special(c.name); run != nil {
		return run(s, c), true
	}
	return output{}, slices.Contains(harmless, c.name)
}

func special(name string) handler {
	switch name {
	case "git":
		return git
	case "tee", "sponge":
		return tee
	case "rm", "shred", "unlink":
		return remove
	case "cp", "mv", "install", "ln":
		return copyFile
	case "xargs", "parallel":
		return xargs
	case "docker", "podman", "buildah", "kaniko", "executor", "nerdctl":
		return container
	case "ssh":
		return remoteShell
	case "buildkite-agent":
		return buildkiteAgent
	case "aws", "gsutil", "gcloud", "az", "gh", "hub", "glab", "mc", "rclone", "s3cmd", "jf", "argo", "tkn", "bk", "circleci":
		return storage
	case "tar", "bsdtar", "gtar", "zip", "7z":
		return packs
	case "unzip", "bsdcat", "patch", "unxz":
		return unpacks
	case "make", "gmake":
		return makes
	case "kubectl", "oc":
		return cluster
	case "npm", "pnpm", "yarn", "bun":
		return packageScripts
	case "dd":
		return diskDump
	case "logger", "wall":
		return prints
	}
	return nil
}

// foundOnes runs the commands that find starts for the files that it finds.
func (s *Session) foundOnes(c *call) output {
	var out output
	for i := 0; i < len(c.args); i++ {
		if !slices.Contains(starting, c.text(i)) {
			continue
		}
		first := i + 1
		for i < len(c.args) && c.text(i) != ";" && c.text(i) != "+" {
			i++
		}
		out.add(s.rest(c, c.args[min(first, len(c.args)):i]))
	}
	return out
}

// givers give secrets to the command behind two dashes.
var givers = []string{"doppler", "infisical", "op", "chamber", "aws-vault", "teller", "summon", "envchain", "berglas", "bws", "dotenvx", "dotenv", "direnv", "envconsul", "akeyless", "conjur"}

// runners run the command behind a word of theirs.
var runners = map[string][]string{
	"uv": {"run"}, "poetry": {"run"}, "pipenv": {"run"}, "pdm": {"run"}, "rye": {"run"}, "hatch": {"run"}, "bundle": {"exec"}, "npx": {"--yes", "-y"},
}

// within is the command that a runner runs, nil if it does something else.
func (c *call) within() []Value {
	if slices.Contains(givers, c.name) {
		if i := slices.IndexFunc(c.args, func(a Value) bool { return a.text() == "--" }); i >= 0 {
			return c.args[i+1:]
		}
	}
	words, ok := runners[c.name]
	if !ok {
		return nil
	}
	for i, a := range c.args {
		switch {
		case slices.Contains(words, a.text()):
			return c.args[i+1:]
		case !strings.HasPrefix(a.text(), "-") && (c.name != "npx" || !isInterpreter(a.text())):
			return nil
		case c.name == "npx" && isInterpreter(a.text()):
			return c.args[i:]
		}
	}
	return nil
}

// runInner runs the command of a runner; Python's run files by their name.
func (s *Session) runInner(c *call, args []Value) output {
	if strings.HasSuffix(args[0].text(), ".py") {
		args = append([]Value{Literal("python")}, args...)
	}
	return s.rest(c, args)
}

// wrapper is a program that runs the command behind its flags.
type wrapper struct {
	valued string // the flags whose value is the next word
	skips  int    // the words before the command: a user, a lock
	code   string // the flags whose value is a line for a shell, in place of a command
	line   bool   // the words are a line for a shell
}

// anyWords are before a command that only a flag gives.
const anyWords = 1 << 10

var wrappers = map[string]wrapper{
	"sudo": {valued: "-u -g -h -p -C -D -R -T"}, "doas": {valued: "-u -C"}, "nohup": {}, "time": {valued: "-f -o"}, "nice": {valued: "-n"}, "ionice": {valued: "-c -n"},
	"timeout": {valued: "-s -k"}, "gtimeout": {valued: "-s -k"}, "stdbuf": {}, "setsid": {}, "chronic": {}, "retry": {valued: "-t -d -m"}, "unbuffer": {}, "catchsegv": {},
	"busybox": {}, "fakeroot": {}, "xvfb-run": {valued: "-s -n -e -f -w"}, "caffeinate": {}, "strace": {valued: "-e -o -p"}, "eatmydata": {}, "dbus-run-session": {},
	"torsocks": {}, "proxychains": {valued: "-f"}, "proxychains4": {valued: "-f"}, "tini": {}, "dumb-init": {}, "systemd-run": {valued: "-p -u -E"}, "setpriv": {}, "unshare": {}, "nsenter": {valued: "-t"},
	"gosu": {skips: 1}, "su-exec": {skips: 1}, "s6-setuidgid": {skips: 1}, "chroot": {skips: 1}, "taskset": {skips: 1}, "chrt": {skips: 1}, "faketime": {skips: 1},
	"flock": {valued: "-w -E", skips: 1, code: "-c --command"}, "watch": {valued: "-n -d", line: true},
	"su": {valued: "-s -g -G -w", skips: anyWords, code: "-c --command --session-command"}, "runuser": {valued: "-u -s -g -G -w", code: "-c --command --session-command"},
	"script": {valued: "-I -O -B -T -E -m -o", skips: anyWords, code: "-c --command"},
}

func (c *call) wraps() bool {
	_, known := wrappers[c.name]
	return known
}

// wrapped finds the command within the words of a wrapper: behind its flags,
// assignments and numbers.
func (s *Session) wrapped(c *call) output {
	w := wrappers[c.name]
	if code, ok := c.code(w); ok {
		if c.name == "su" && c.has("-", "-l", "--login") {
			inner := *c
			inner.full, inner.args = "sh", []Value{Literal("-c"), code}
			return s.isolated(nil, &inner)
		}
		return s.commandString(c, code, nil, false)
	}
	args, skipped := c.args, 0
	for len(args) > 0 {
		t := args[0].text()
		isNumber := t != "" && strings.Trim(t, "0123456789.smhd") == ""
		switch {
		case strings.HasPrefix(t, "-"):
			if slices.Contains(strings.Fields(w.valued), t) && len(args) > 1 {
				args = args[1:]
			}
		case skipped < w.skips:
			skipped++
		case isNumber && c.name != "sudo":
		case strings.Contains(t, "=") && !strings.HasPrefix(t, "/") && !w.line:
			if args[0].Tainted() {
				s.sink("argv", args[0], Sink{Command: c.name})
			}
		case w.line:
			line := spaced(args)
			s.sink("argv", line, Sink{Command: c.name})
			s.evaluated(line, c.name)
			return s.inner(within(line), nil, c.in, false)
		default:
			return s.rest(c, args)
		}
		args = args[1:]
	}
	return output{}
}

// code is the line for a shell that a flag of a wrapper gives; short flags may stand
// together before it.
func (c *call) code(w wrapper) (Value, bool) {
	for i, a := range c.args {
		t := a.text()
		flag, _, assigned := strings.Cut(t, "=")
		switch {
		case w.code == "" || !strings.HasPrefix(t, "-"):
		case assigned && strings.HasPrefix(t, "--") && slices.Contains(strings.Fields(w.code), flag):
			return a.after(len(flag) + 1), true
		case i+1 < len(c.args) && (slices.Contains(strings.Fields(w.code), t) || !strings.HasPrefix(t, "--") && strings.HasSuffix(t, "c") && len(t) <= 5):
			return c.args[i+1], true
		}
	}
	return Value{}, false
}

// environment runs env and printenv: a print of variables, or a command with more
// of them.
func (s *Session) environment(c *call) output {
	args := c.args
	mark := len(s.journal)
	defer func() { s.rollback(mark) }()
	for len(args) > 0 && c.name == "env" {
		t := args[0].text()
		name, _, assigned := strings.Cut(t, "=")
		switch {
		case t == "-u" && len(args) > 1:
			s.unset(args[1].text())
			args = args[1:]
		case (t == "-S" || t == "--split-string") && len(args) > 1:
			return s.inner(within(spaced(args[1:])), nil, c.in, false)
		case strings.HasPrefix(t, "-S"), strings.HasPrefix(t, "--split-string="):
			line := args[0].after(len("-S"))
			if strings.HasPrefix(t, "--") {
				line = args[0].after(len("--split-string="))
			}
			return s.inner(within(spaced(append([]Value{line}, args[1:]...))), nil, c.in, false)
		case strings.HasPrefix(t, "-"):
		case assigned:
			if args[0].Tainted() {
				s.sink("argv", args[0], Sink{Command: c.name})
			}
			s.set(name, args[0].after(len(name)+1), nil, true)
		default:
			return s.rest(c, args)
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return output{out: s.dump(false, c.name, c.at(), c.start, c.end)}
	}
	var out output
	for _, a := range args {
		s.read(a.text())
		if v, ok := s.lookup(a.text()); ok {
			out.add(c.print(joined(v.moved(c.unit, c.start, c.end), newline)))
		}
	}
	return out
}

// subshell runs bash -c '...', bash script.sh, and bash with a script as input.
func (s *Session) subshell(c *call) output {
	trace := false
	for i, a := range c.args {
		t := a.text()
		switch {
		case strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "--") && strings.Contains(t, "c") && i+1 < len(c.args):
			return s.commandString(c, c.args[i+1], c.args[min(i+2, len(c.args)):], trace || strings.Contains(t, "x"))
		case strings.HasPrefix(t, "-") && len(t) > 1 && t != "-s" && t != "--":
			trace = trace || !strings.HasPrefix(t, "--") && strings.Contains(t, "x")
		case t == "-s":
			args := c.args[i+1:]
			if len(args) > 0 && args[0].text() == "--" {
				args = args[1:]
			}
			for _, a := range args {
				s.sink("argv", a, Sink{Command: c.name})
			}
			return s.standardInput(c, args, trace)
		case t == "-" || t == "--":
		case i > 0 && c.text(i-1) == "-o" || t == "pipefail" || t == "errexit" || t == "nounset":
			trace = trace || t == "xtrace"
		default:
			return s.scriptFile(c, t, c.args[i+1:], trace)
		}
	}
	return s.standardInput(c, nil, trace)
}

// standardInput runs what a shell reads, with arguments.
func (s *Session) standardInput(c *call, args []Value, trace bool) output {
	v := c.in.value()
	s.evaluated(v, c.name)
	if len(c.in) == 0 {
		return output{}
	}
	return s.inner(within(v), args, nil, trace)
}

func (s *Session) commandString(c *call, code Value, args []Value, trace bool) output {
	s.sink("argv", code, Sink{Command: c.name})
	s.evaluated(code, c.name+" -c")
	for _, a := range args {
		if a.Tainted() {
			s.sink("argv", a, Sink{Command: c.name})
		}
	}
	var out output
	s.apart(func() {
		if len(args) > 0 {
			s.set("0", args[0], nil, false)
		}
		out = s.inner(within(code), args[min(1, len(args)):], c.in, trace)
	})
	return out
}

func (s *Session) scriptFile(c *call, file string, args []Value, trace bool) output {
	s.arguments(c)
	if v, ok := s.content(file); ok {
		s.evaluated(v, c.name)
		return s.inner(within(v), args, c.in, trace)
	}
	if script := s.find(file); script != nil {
		if s.running[script] >= maxRecursion {
			return output{}
		}
		s.running[script]++
		defer func() { s.running[script]-- }()
		return s.inner(newUnit(script), args, c.in, trace)
	}
	s.missing(c, file)
	s.other(c)
	return output{}
}

// inner runs a text in a shell of its own.
func (s *Session) inner(u *unit, args []Value, in stream, trace bool) output {
	before, functions, tracing := s.pushed, s.functions, s.trace
	s.pushed, s.functions, s.trace = args, map[string]function{}, trace
	var out output
	s.apart(func() { out.out = s.script(u, in) })
	s.pushed, s.functions, s.trace = before, functions, tracing
	return out
}

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

// tee prints what it reads and writes it to files.
func tee(s *Session, c *call) output {
	for _, file := range c.words() {
		s.write(file, renamed(c.in, c.name), c.at())
	}
	if c.name == "sponge" && len(c.words()) > 0 {
		return output{}
	}
	return output{out: s.passed(c, nil)}
}

func prints(_ *Session, c *call) output {
	return c.print(joined(append(c.args, c.in.value())...))
}

func remove(s *Session, c *call) output {
	for _, file := range c.words() {
		s.remove(file)
	}
	return output{}
}

// copyFile gives the copy what is in the file.
func copyFile(s *Session, c *call) output {
	words := slices.DeleteFunc(slices.Clone(c.args), func(a Value) bool { return strings.HasPrefix(a.text(), "-") })
	folder, isFolder := c.flag("-t", "--target-directory")
	if isFolder {
		words = append(slices.DeleteFunc(words, func(a Value) bool { return a.text() == folder.text() }), folder)
	}
	if len(words) < 2 {
		return output{}
	}
	to := words[len(words)-1].text()
	if isFolder {
		to = strings.TrimSuffix(to, "/") + "/"
	}
	for _, word := range words[:len(words)-1] {
		from := word.text()
		s.copyBelow(c, word, to)
		v, ok := s.holds(from)
		switch {
		case ok || s.machine.Texts:
		case from == "/dev/stdin":
			v, ok = c.in.value(), true
		case word.isVariable():
			v, ok = word, true
		}
		target := to
		if strings.HasSuffix(to, "/") || to == "." || to == "~" {
			target = path.Join(to, path.Base(from))
		}
		if ok {
			if c.name == "mv" {
				s.remove(from)
			}
			s.write(target, stream{{value: v.moved(c.unit, c.start, c.end), command: c.name, at: c.at()}}, c.at())
		} else if s.weak == 0 && len(words) == len(c.args) && s.machine.open != nil && s.machine.open(s.absolute(from)) != nil {
			delete(s.machine.contents, s.absolute(to)) // a file of the repository stands there now
		}
	}
	return output{}
}

// copyBelow gives the copies of a folder, or of the files that a pattern means, what is in them.
func (s *Session) copyBelow(c *call, from Value, to string) {
	folder := s.absolute(from.text())
	if !from.known() || folder == "" {
		return
	}
	for _, file := range slices.Sorted(maps.Keys(s.machine.contents)) {
		v := s.machine.contents[file]
		if file == folder || !v.Tainted() || !below(folder, file) {
			continue
		}
		target := path.Join(to, path.Base(file))
		if inside, ok := strings.CutPrefix(file, folder+"/"); folder == "." {
			target = path.Join(to, file)
		} else if ok {
			target = path.Join(to, inside)
			if strings.HasSuffix(to, "/") && !strings.HasSuffix(from.text(), "/.") {
				target = path.Join(to, path.Base(folder), inside)
			}
		}
		if c.name == "mv" {
			s.remove(file)
		}
		s.write(target, stream{{value: v.moved(c.unit, c.start, c.end), command: c.name, at: c.at()}}, c.at())
	}
}

// xargs hands what it reads to a command as words. Those of parallel may stand behind
// three colons.
func xargs(s *Session, c *call) output {
	args := c.args
	place, v := "", c.in.value()
	if c.name == "parallel" {
		place = "{}"
		if i := slices.IndexFunc(args, func(a Value) bool { return strings.HasPrefix(a.text(), ":::") }); i >= 0 {
			args, v = args[:i], spaced(args[i+1:])
		}
	}
	for len(args) > 0 && strings.HasPrefix(args[0].text(), "-") {
		switch t := args[0].text(); {
		case t == "-I" && len(args) > 1:
			place, args = args[1].text(), args[1:]
		case strings.HasPrefix(t, "-I"):
			place = t[2:]
		case slices.Contains(strings.Fields("-n -P -L -d -s -a -j -N --jobs --max-args --max-procs --delimiter --arg-file"), t) && len(args) > 1:
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return c.print(v)
	}
	args = slices.Clone(args)
	if place == "" || c.name == "parallel" && !slices.ContainsFunc(args, func(a Value) bool { return strings.Contains(a.text(), place) }) {
		args = append(args, v)
		if IsShell(args[0].text()) { // which of its words becomes $0 depends on how many there are
			args = append(args, v)
		}
		place = ""
	}
	for i, a := range args {
		if place != "" && strings.Contains(a.text(), place) {
			args[i] = a.with(place, v)
		}
	}
	inner := *c
	inner.in = nil
	return s.rest(&inner, args)
}

func diskDump(s *Session, c *call) output {
	if to, ok := c.flag("of="); ok {
		s.write(to.text(), renamed(c.in, "dd"), c.at())
		return output{}
	}
	if slices.ContainsFunc(c.words(), func(w string) bool { return partOf().MatchString(w) }) {
		return c.filtered(c.in.value(), "substring")
	}
	return output{out: s.passed(c, nil)}
}

// partOf finds the operands by which dd takes a part, or another order of the bytes.
var partOf = regex.Lazy(`^(?:count|skip|iseek|conv)=`)

// buildkiteAgent hands values to other steps and builds.
func buildkiteAgent(s *Session, c *call) output {
	words := c.words()
	if len(words) > 2 && words[0] == "artifact" && words[1] == "upload" {
		for pattern := range strings.SplitSeq(words[2], ";") {
			s.report.Uploads = append(s.report.Uploads, Upload{strings.TrimSpace(pattern), c.at()})
		}
		return output{}
	}
	if len(words) > 0 && words[0] == "annotate" { // a note on the page of the build
		return c.print(joined(append(c.args, c.in.value())...))
	}
	if len(words) < 3 || words[1] != "set" {
		return output{}
	}
	switch words[0] {
	case "meta-data":
		v := c.in.value()
		for i, a := range c.args {
			if i > 2 && !strings.HasPrefix(a.text(), "-") {
				v = a
			}
		}
		s.give("output", words[2], v, c.at())
	case "env":
		for _, a := range c.args[2:] {
			name, _, _ := strings.Cut(a.text(), "=")
			s.give("env", name, a.after(len(name)+1), c.at())
		}
	}
	return output{}
}

// copying are the words by which clients of stores send files.
var copying = []string{"cp", "sync", "mv", "put", "upload", "upload-batch", "copy", "put-object", "rsync", "u"}

// public finds the flags by which everybody may read what is sent to a store.
var public = regex.Lazy(`\s(?:--acl[ =]?public-read(?:-write)?|-a public-read(?:-write)?|--predefined-acl[ =]?public-?[rR]ead|--acl-public)\b`)

// storage sends files with secrets to stores and releases.
func storage(s *Session, c *call) output {
	s.published(c)
	if line := strings.Join(append([]string{c.name}, c.words()...), " "); starts().MatchString(line) {
		s.started(c, starts().FindString(line))
	}
	s.downloadsRun(c)
	if c.name == "gh" || c.name == "hub" {
		if out := s.apiOfChange(c); len(out.out) > 0 {
			return out
		}
	}
	if !slices.ContainsFunc(c.words(), func(w string) bool { return slices.Contains(copying, w) }) {
		return output{}
	}
	if public().MatchString(c.line()) {
		for _, f := range s.machine.Files {
			if !f.Removed && f.Label >= 0 && slices.ContainsFunc(c.words(), func(w string) bool { return below(s.absolute(w), f.Path) }) {
				s.sink("repository", s.machine.contents[f.Path].moved(c.unit, c.start, c.end), Sink{Command: c.name, Path: f.Path})
			}
		}
		return output{}
	}
	for _, a := range c.args {
		if v, ok := s.content(strings.TrimPrefix(fileOf(a.text()), "file://")); ok && v.Tainted() && len(a.pieces) > 0 {
			p := a.pieces[0]
			s.sink("network", v.moved(p.unit, p.start, p.end), Sink{Command: c.name})
		}
	}
	return output{}
}

// cluster prints the Secret that it would create.
func cluster(s *Session, c *call) output {
	words := c.words()
	if slices.Contains(words, "exec") {
		s.contained(c)
		return output{}
	}
	format, _ := c.flag("-o", "--output")
	if len(words) < 2 || words[0] != "create" || words[1] != "secret" || !slices.Contains([]string{"yaml", "json"}, strings.TrimPrefix(format.text(), "=")) {
		return output{}
	}
	parts := slices.Clone(c.args)
	for _, a := range c.args {
		if v, ok := s.content(fileOf(a.text())); ok {
			parts = append(parts, v)
		}
	}
	return c.filtered(joined(parts...), "base64")
}

// remoteShell runs words on another machine.
func remoteShell(s *Session, c *call) output {
	return s.send(c)
}
