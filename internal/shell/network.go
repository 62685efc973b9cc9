package shell

import (
	"slices"
	"strings"
)

// senders send their words, their input and the files that they are given.
var senders = []string{
	"curl", "wget", "http", "https", "xh", "xhs", "nc", "ncat", "netcat", "socat", "telnet", "dig", "nslookup", "host", "ping", "scp", "rsync", "sftp",
	"ftp", "lftp", "ssh", "sshpass", "websocat", "grpcurl", "aria2c", "httpie", "hurl",
}

// send notes what such a program sends.
func (s *Session) send(c *call) output {
	host := s.host(c)
	fill := Sink{Command: c.name, Host: host}
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
	for i, a := range c.args {
		if a.Tainted() {
			s.sink("network", a, fill)
		}
		if i > 0 && slices.Contains(keyFlags, c.text(i-1)) {
			continue
		}
		if v, ok := s.content(fileOf(a.text())); ok && v.Tainted() && !strings.HasPrefix(a.text(), "-") {
			if p := a.pieces[0]; p.unit != nil {
				v = v.moved(p.unit, p.start, p.end)
			}
			s.sink("network", v, fill)
		}
	}
	if reads := c.name != "curl" && c.name != "wget" || c.readsInput(); reads {
		for _, e := range c.in {
			at := fill
			at.At = c.at()
			s.sink("network", e.value, at)
		}
	}
	return output{}
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

// host is where a program sends, as far as it is known.
func (s *Session) host(c *call) string {
	isWeb := c.name == "curl" || c.name == "wget" || strings.HasPrefix(c.name, "http") || strings.HasPrefix(c.name, "xh")
	for i, a := range c.args {
		t := a.text()
		takes := i > 0 && slices.Contains(valued, c.text(i-1)) && !(c.text(i-1) == "-O" && c.name == "curl") && !(isWeb && (c.text(i-1) == "-i" || c.text(i-1) == "-S" || c.text(i-1) == "-J" || c.text(i-1) == "-l"))
		switch {
		case strings.HasPrefix(t, "--url="):
			return hostOf(a.after(len("--url=")), true)
		case t == "" || strings.HasPrefix(t, "-") || takes:
		case strings.Contains(t, "://"):
			return hostOf(a, true)
		case isWeb && (strings.ToUpper(t) == t && strings.HasPrefix(c.name, "http")):
		case isWeb:
			return hostOf(a, true)
		case c.name == "scp" || c.name == "rsync":
			if strings.Contains(t, ":") {
				return hostOf(a, false)
			}
		default:
			return hostOf(a, false)
		}
	}
	return ""
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
