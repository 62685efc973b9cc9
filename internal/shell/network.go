package shell

import (
	"slices"
	"strings"
)

// senders send their words, their input and the files that they are given.
var senders = []string{
	"curl", "wget", "http", "https", "xh", "xhs", "nc", "ncat", "netcat", "socat", "telnet", "dig", "nslookup", "host", "ping", "scp", "rsync", "sftp",
	"ftp", "lftp", "ssh", "sshpass", "websocat", "grpcurl", "aria2c", "httpie", "hurl",
	"mail", "mailx", "sendmail", "msmtp", "ssmtp", "mutt", "swaks",
}

// mailers send to the host behind the sign of an address.
var mailers = []string{"mail", "mailx", "sendmail", "msmtp", "ssmtp", "mutt", "swaks"}

// send notes what such a program sends.
func (s *Session) send(c *call) output {
	address := s.address(c)
	fill := Sink{Command: c.name, Host: address.host, Scheme: address.scheme, Unverified: s.unverified(c)}
	if c.name == "sshpass" {
		rest := c.args
		for len(rest) > 0 && strings.HasPrefix(rest[0].text(), "-") {
			if rest[0].text() == "-p" && len(rest) > 1 {
				rest = rest[1:]
			}
			rest = rest[1:]
		}
		return s.rest(c, rest)
	}
	all := c.addresses(address)
	for i, a := range c.args {
		if a.Tainted() && !c.isPath(i) {
			inURL := strings.Contains(plainText(a), "://") && !c.takes(i) || i+1 == address.word
			for _, here := range c.reached(all, fill, i) {
				here.InURL = inURL
				s.sink("network", a, here)
			}
		}
		if i > 0 && slices.Contains(keyFlags, c.text(i-1)) {
			continue
		}
		if v, ok := s.content(fileOf(a.text())); ok && v.Tainted() && !strings.HasPrefix(a.text(), "-") {
			if p := a.pieces[0]; p.unit != nil {
				v = v.moved(p.unit, p.start, p.end)
			}
			for _, here := range c.reached(all, fill, i) {
				s.sink("network", v, here)
			}
		}
	}
	if address.word > 0 && startsAt().MatchString(plainText(c.args[address.word-1])) {
		s.started(c, c.name)
	}
	if reads := c.name != "curl" && c.name != "wget" || c.readsInput(); reads {
		for _, e := range c.in {
			for _, at := range c.reached(all, fill, -1) {
				at.At = c.at()
				s.sink("network", e.value, at)
			}
		}
	}
	switch c.name {
	case "curl", "wget":
		return s.downloaded(c)
	case "ssh":
		for _, a := range append(slices.Clone(c.args), c.in.value()) {
			s.ran(a, c.name)
		}
	}
	return output{}
}

// addresses are all that curl and wget are given, which get the same each.
func (c *call) addresses(first address) []address {
	all := []address{first}
	if first.word == 0 || c.name != "curl" && c.name != "wget" {
		return all
	}
	for i := first.word; i < len(c.args); i++ {
		if a := c.args[i]; strings.HasPrefix(a.text(), "--url=") {
			all = append(all, addressOf(a.after(len("--url=")), true, i))
		} else if isAddress(a) && !c.takes(i) {
			all = append(all, addressOf(a, true, i))
		}
	}
	return all
}

// reached are where an argument is sent: an address to itself, what else there is to all
// those of its request.
func (c *call) reached(all []address, fill Sink, argument int) (sinks []Sink) {
	for _, to := range all {
		here := fill
		here.Host, here.Scheme = to.host, to.scheme
		if to.word == argument+1 {
			return []Sink{here}
		}
		if argument < 0 || c.request(to.word-1) == c.request(argument) {
			sinks = append(sinks, here)
		}
	}
	if len(sinks) == 0 {
		return []Sink{fill}
	}
	return sinks
}

// request is the number of the request that an argument is of.
func (c *call) request(argument int) (n int) {
	for i := 0; i < argument; i++ {
		if t := c.text(i); t == "--next" || t == "-:" {
			n++
		}
	}
	return n
}

// keyFlags name files that prove who somebody is, and are not sent themselves.
var keyFlags = []string{"-i", "--cert", "--key", "-E", "--cacert", "--private-key", "--certificate", "-o"}

func (c *call) readsInput() bool {
	return slices.ContainsFunc(c.args, func(a Value) bool {
		t := a.text()
		return t == "@-" || strings.HasSuffix(t, "=@-") || strings.HasSuffix(t, "=<-") || t == "-" || t == "-T-" || t == "-d@-" || t == "/dev/stdin" || t == "@/dev/stdin"
	})
}

// fileOf is the file that a word of curl names: "@body.json", "file=@key.pem".
func fileOf(word string) string {
	if i := strings.LastIndexByte(word, '@'); i >= 0 && (i == 0 || word[i-1] == '=') {
		return word[i+1:]
	}
	if _, file, ok := strings.Cut(word, "="); ok && strings.HasPrefix(word, "--") {
		return strings.TrimPrefix(file, "@")
	}
	return word
}

// valued are the flags of curl and wget whose next word is no address.
var valued = []string{
	"-H", "--header", "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "-u", "--user", "-o", "--output", "-X", "--request", "-F", "--form", "-T",
	"--upload-file", "-A", "--user-agent", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar", "-w", "--write-out", "-m", "--max-time", "--retry", "--retry-delay",
	"--connect-timeout", "-K", "--config", "--cacert", "--cert", "--key", "-E", "-x", "--proxy", "-O", "--post-data", "--post-file", "--body-data", "--password", "--method",
	"-p", "-i", "-l", "-P", "-J", "--oauth2-bearer", "--json", "--form-string", "--netrc-file", "-r", "--rsh", "-S", "--resolve", "-D",
}

// address is where a program sends, as far as it is known.
type address struct {
	host, scheme string
	word         int // the number of the argument from 1, 0 if there is none
}

// takes says whether the flag before an argument takes it.
func (c *call) takes(i int) bool {
	if i == 0 || !slices.Contains(valued, c.text(i-1)) {
		return false
	}
	switch c.text(i - 1) {
	case "-O":
		return c.name != "curl"
	case "-i", "-S", "-J", "-l":
		return !c.isWeb()
	}
	return true
}

func (c *call) isWeb() bool {
	return c.name == "curl" || c.name == "wget" || strings.HasPrefix(c.name, "http") || strings.HasPrefix(c.name, "xh")
}

func (s *Session) address(c *call) address {
	if c.name == "openssl" {
		to, _ := c.flag("-connect", "-host")
		return address{host: hostOf(to, false)}
	}
	for i, a := range c.args {
		t := a.text()
		if kind, rest, ok := strings.Cut(t, ":"); c.name == "socat" {
			if _, isHost := map[string]bool{"tcp": true, "tcp4": true, "tcp6": true, "udp": true, "openssl": true, "tcp-connect": true}[strings.ToLower(kind)]; ok && isHost {
				return address{host: hostOf(Literal(rest), false)}
			}
			continue
		}
		isURL := strings.Contains(t, "://") || c.isWeb()
		switch {
		case strings.HasPrefix(t, "--url="):
			return addressOf(a.after(len("--url=")), true, i)
		case t == "" || strings.HasPrefix(t, "-") || c.takes(i):
		case strings.HasPrefix(c.name, "http") && strings.ToUpper(t) == t: // the method
		case slices.Contains(mailers, c.name) && !strings.Contains(t, "@"):
		case (c.name == "scp" || c.name == "rsync") && !strings.Contains(t, ":"):
		case c.isWeb() && !strings.Contains(t, "://") && slices.ContainsFunc(c.args[i+1:], isAddress): // a word of a flag that is not known
		default:
			to := addressOf(a, isURL, i)
			if to.scheme == "" && to.host != "" && slices.Contains([]string{"curl", "wget", "http"}, c.name) {
				to.scheme = "http"
			}
			return to
		}
	}
	return address{}
}

func isAddress(v Value) bool {
	return strings.HasPrefix(v.text(), "http://") || strings.HasPrefix(v.text(), "https://")
}

func addressOf(v Value, isURL bool, argument int) address {
	scheme, _, ok := strings.Cut(plainText(v), "://")
	if !ok {
		scheme = ""
	}
	return address{hostOf(v, isURL), schemeOf(scheme), argument + 1}
}

// schemeOf is the word at the end of what stands before "://".
func schemeOf(before string) string {
	at := strings.LastIndexFunc(before, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' })
	return strings.ToLower(before[at+1:])
}

// trusting are the flags and variables by which programs do not check whom they
// talk to.
var trusting = map[string][]string{
	"curl": {"-k", "--insecure", "--proxy-insecure"}, "wget": {"--no-check-certificate"}, "http": {"--verify=no"}, "https": {"--verify=no"},
	"git": {"http.sslVerify=false"}, "ssh": {"StrictHostKeyChecking=no", "-oStrictHostKeyChecking=no"}, "scp": {"StrictHostKeyChecking=no", "-oStrictHostKeyChecking=no"},
	"sftp": {"StrictHostKeyChecking=no"},
}

func (s *Session) unverified(c *call) bool {
	if c.has(trusting[c.name]...) {
		return true
	}
	for _, a := range c.args {
		t := a.text()
		if c.name == "curl" && len(t) > 1 && t[0] == '-' && t[1] != '-' && strings.Trim(t[1:], "sSfLkvgGIiN#") == "" && strings.Contains(t, "k") {
			return true
		}
	}
	v, ok := s.lookup("GIT_SSL_NO_VERIFY")
	return c.name == "git" && ok && v.text() != "" && v.text() != "0" && v.text() != "false"
}

// unverifiedRegistry notes that a manager of packages sends its token to a registry that
// it does not check.
func (s *Session) unverifiedRegistry(c *call) {
	if !slices.Contains([]string{"npm", "pnpm", "yarn"}, c.name) {
		return
	}
	const setting = "npm strict-ssl"
	words := c.words()
	if line := strings.Join(words, " "); strings.Contains(line, "set strict-ssl") {
		s.machine.contents[setting] = Literal(words[len(words)-1])
		return
	}
	held := s.machine.contents[setting]
	off := held.text() == "false" || strings.HasSuffix(held.text(), "strict-ssl=false") || c.has("--strict-ssl=false", "--no-strict-ssl")
	if !off || len(words) == 0 || !slices.Contains(append([]string{"publish", "add"}, installing...), words[0]) {
		return
	}
	for _, name := range []string{"NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN"} {
		if v, ok := s.lookup(name); ok && v.Tainted() {
			s.sink("network", v.moved(c.unit, c.start, c.end), Sink{Command: c.name, Unverified: true})
		}
	}
}

// hostOf is the host of a URL, or of user@host:path. It is known only if all of
// it is.
func hostOf(v Value, isURL bool) string {
	text := plainText(v)
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	} else if isURL && strings.HasPrefix(text, "//") {
		text = text[2:]
	}
	if end := strings.IndexAny(text, "/?#"); end >= 0 {
		text = text[:end]
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = text[at+1:]
	}
	text, _, _ = strings.Cut(text, ":")
	if strings.ContainsAny(text, "\x00 \n$(…") {
		return ""
	}
	return strings.ToLower(text)
}

// plainText is the value with a zero byte in place of what is not known.
func plainText(v Value) string {
	var b strings.Builder
	for _, p := range v.pieces {
		if p.known {
			b.WriteString(p.text)
		} else {
			b.WriteByte(0)
		}
	}
	return b.String()
}
