package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// download is the label of what a server sends, which is no secret.
const download = -2

// Run is a place where a text that somebody else writes is run as code.
type Run struct {
	Label   int // of the outsider's text, below zero for a download
	Command string
	At      lint.Span
	// Kind is "artifact" where what is run is a file of an artifact, or stands beside one,
	// and "variables" where the text may set variables of later steps.
	Kind string
	From string // the origin of a download, as far as it is known
}

// blunting are the changes that leave nothing of a text by which it could be code: other
// characters are gone, a pattern says what is left, or it is quoted, encoded or packed.
var blunting = []string{Cleaned, "extracted", Unknown, packed, "hex", "base64", "base32", "uri", "openssl", "gzip", "bzip2", "xz"}

// Blunt says whether a text can be no code any more.
func (t Taint) Blunt() bool {
	return slices.ContainsFunc(t.Transformed, func(how string) bool { return slices.Contains(blunting, how) })
}

// ran notes what somebody else wrote of a code. Of a download only all of it is code.
func (s *Session) ran(code Value, command string) {
	for i, p := range code.pieces {
		for _, t := range p.taints {
			if t.Label >= 0 && !s.machine.Texts || t.Blunt() || t.Label == download && (i > 0 || len(t.Transformed) > 0) {
				continue
			}
			s.addRun(Run{Label: t.Label, Command: shortened(command), At: p.span(), From: t.from})
		}
	}
}

func (s *Session) addRun(run Run) {
	if len(s.report.Runs) < maxSinks && !slices.ContainsFunc(s.report.Runs, func(r Run) bool {
		return r.Label == run.Label && r.From == run.From && r.At == run.At && r.Kind == run.Kind
	}) {
		s.report.Runs = append(s.report.Runs, run)
	}
}

// fixed is a commit in an address: what it names cannot change.
var fixed = regex.Lazy(`\b[0-9a-f]{40}\b`)

// downloaded is what curl and wget bring: into a file, or as their output.
func (s *Session) downloaded(c *call) output {
	url, change, origins := "", Value{}, []Taint{}
	for i, a := range c.args {
		if (isAddress(a) || a.isWhole()) && !c.takes(i) {
			url = a.text()
			change = s.proposed(c, a)
			origins = append(origins, Taint{Label: download, from: origin(a)})
		}
	}
	if fixed().MatchString(c.line()) {
		return output{}
	}
	if len(origins) == 0 {
		origins = []Taint{{Label: download, from: s.address(c).host}}
	}
	taints := append(change.taints(), origins...)
	if secret, ok := s.responded(c); ok {
		taints = append(taints, secret)
	}
	got := stream{{value: Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: taints}}}, command: c.name, at: c.at()}}
	file := c.saves(path.Base(strings.SplitN(url, "?", 2)[0]))
	if file == "-" {
		return output{out: got}
	}
	s.write(file, got, c.at())
	return output{}
}

// published is how much of the path says whose a file is, on hosts where anybody keeps some.
var published = map[string]int{
	"bitbucket.org": 2, "gist.github.com": 1, "gist.githubusercontent.com": 1, "github.com": 2, "gitlab.com": 2, "raw.githubusercontent.com": 2,
	"s3.amazonaws.com": 1, "storage.googleapis.com": 1,
}

// origin is who is behind an address: its host, and where anybody can have files there, whose
// they are. It is known only if all of it is.
func origin(address Value) string {
	host := hostOf(address, true)
	_, rest, _ := strings.Cut(plainText(address), "://")
	rest, _, _ = strings.Cut(rest, "?")
	if parts := strings.Split(rest, "/"); published[host] > 0 && len(parts) > published[host] {
		owner := strings.Join(parts[1:published[host]+1], "/")
		if strings.ContainsAny(owner, "\x00 \n$(…") {
			return ""
		}
		return host + "/" + owner
	}
	return host
}

// saves is the file that a download goes to, "-" for the output.
func (c *call) saves(named string) string {
	file := map[string]string{"curl": "-", "wget": named}[c.name]
	sign := map[string]byte{"curl": 'o', "wget": 'O'}[c.name]
	for i, a := range c.args {
		t := a.text()
		short := len(t) > 1 && t[0] == '-' && t[1] != '-'
		switch {
		case strings.HasPrefix(t, "--output="), strings.HasPrefix(t, "--output-document="):
			file = t[strings.IndexByte(t, '=')+1:]
		case t == "--output" || t == "--output-document" || short && t[len(t)-1] == sign && !strings.ContainsAny(t, "HdXuFTA"):
			file = c.text(i + 1)
		case short && c.name == "wget" && strings.HasSuffix(t, "O-"):
			file = "-"
		case c.name == "curl" && (t == "--remote-name" || t == "--remote-name-all" || short && strings.Contains(t, "O") && !strings.ContainsAny(t, "HdXuFTA")):
			file = named
		}
	}
	return file
}

// verifying are the programs that compare a download with what it should be.
var verifying = []string{"sha1sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "b2sum", "md5sum", "cosign", "minisign", "slsa-verifier", "signify", "get-filehash"}

// verified takes the marks of downloads away once something was compared.
func (s *Session) verified(c *call) {
	words := c.words()
	if !slices.Contains(verifying, strings.ToLower(c.name)) && !(strings.HasPrefix(c.name, "gpg") && c.has("--verify", "--decrypt", "-d")) &&
		!(c.name == "openssl" && slices.Contains(words, "dgst")) && !(c.name == "gh" && slices.Contains(words, "attestation")) {
		return
	}
	for file, v := range s.machine.contents {
		if slices.ContainsFunc(v.taints(), func(t Taint) bool { return t.Label == download }) {
			pieces := slices.Clone(v.pieces)
			for i := range pieces {
				pieces[i].taints = slices.DeleteFunc(slices.Clone(pieces[i].taints), func(t Taint) bool { return t.Label == download })
			}
			s.machine.contents[file] = Value{pieces}
		}
	}
}

// downloads finds the download within an expression of PowerShell.
var downloads = regex.Lazy(`(?i)\b(?:irm|iwr|Invoke-RestMethod|Invoke-WebRequest|DownloadString)\b`)

// made runs a file that the script made itself, if it is known.
func (s *Session) made(c *call) (output, bool) {
	v, ok := s.content(c.full)
	if !ok {
		return output{}, false
	}
	s.evaluated(v, c.name)
	u := within(v)
	if Dialect("", u.text) != "posix" {
		s.foreign(u, Interpreter(u.text), c.in.value(), c.args)
		return output{}, true
	}
	if !v.known() && len(v.taints()) > 0 && len(v.pieces) == 1 {
		s.report.Opaque = true // a download
		return output{}, true
	}
	return s.inner(u, c.args, c.in, false), true
}
