package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// ofChange is an address of what a change holds: an archive of a commit or branch,
// a file of it, or its difference.
var ofChange = regex.Lazy(`(?i)/(?:tarball|zipball|archive|tar\.gz|zip|legacy\.tar\.gz|legacy\.zip|raw)(?:/|\?|$)|//raw\.|/pull/[^/]+\.(?:diff|patch)|(?:diff|patch)_url`)

// difference is the address of one.
var difference = regex.Lazy(`/pull/[^/]+\.(?:diff|patch)\b`)

// packed is the mark of what an archive or a difference brings: it is no text that
// its author can give to a shell, but files.
const packed = "packed"

// proposed is what a command fetches of a change, by the words that name it.
func (s *Session) proposed(c *call, words ...Value) Value {
	all := joined(words...)
	if !s.machine.Texts || !ofChange().MatchString(all.text()) && !slices.ContainsFunc(words, Value.isWhole) {
		return Value{}
	}
	return c.ofChange(s.named(c, all))
}

// isWhole holds for an address that is one value: the event has those of differences.
func (v Value) isWhole() bool { return len(v.pieces) == 1 && v.Tainted() }

// ofChange is the output of a command that prints files of a change.
func (c *call) ofChange(v Value) Value {
	if !v.Tainted() {
		return Value{}
	}
	got := v.eachTaint(func(t Taint) Taint { return t.changed(packed).through("it is fetched by "+c.name+" here", c.at()) })
	return got.derived("…", c.unit, c.start, c.end)
}

// named marks words that name a pull request.
func (s *Session) named(c *call, v Value) Value {
	if v.Tainted() || s.machine.Fetch == nil || !pullRef().MatchString(v.text()) && !difference().MatchString(v.text()) {
		return v
	}
	label := s.machine.Fetch(Fetched{Store: Change, Name: "pull request", At: c.at()})
	if label < 0 {
		return v
	}
	return Value{[]piece{{text: v.text(), unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: label}}}}}
}

// unpacks brings the files of an archive or of a difference into the work tree.
func unpacks(s *Session, c *call) output {
	if !s.machine.Texts {
		return output{}
	}
	all := []Value{c.in.value()}
	for _, a := range c.args {
		if v, ok := s.content(a.text()); ok {
			all = append(all, v)
		}
	}
	if v := joined(all...); v.Tainted() {
		s.sink("checkout", v.moved(c.unit, c.start, c.end), Sink{Command: c.name})
	}
	return output{}
}

// archived is what git puts into an archive of a change.
func (s *Session) archived(c *call) output {
	words := c.gitWords()
	if len(words) < 2 || words[0].text() != "archive" {
		return output{}
	}
	for _, w := range words[1:] {
		v, ok := s.referred(w.text())
		if !ok {
			v = w
		}
		if v = c.ofChange(v); v.Tainted() && s.machine.Texts {
			return output{out: stream{{value: v, command: c.name, at: c.at()}}}
		}
	}
	return output{}
}

// fileOfChange is what git prints of a file of a change, by its commit and path.
func (s *Session) fileOfChange(c *call) output {
	words := c.gitWords()
	if !s.machine.Texts || s.machine.Fetch == nil || len(words) < 2 || words[0].text() != "show" && words[0].text() != "cat-file" {
		return output{}
	}
	for _, w := range words[1:] {
		commit, _, isFile := strings.Cut(w.text(), ":")
		v, ok := s.referred(commit)
		if !ok {
			v = w
		}
		if !isFile || !v.Tainted() {
			continue
		}
		if label := s.machine.Fetch(Fetched{Store: Outsider, Name: "file of the change", At: c.at()}); label >= 0 {
			v = Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: label}}}}}
			return output{out: stream{{value: v, command: c.name, at: c.at()}}}
		}
	}
	return output{}
}

var (
	onePull    = regex.Lazy(`(?:^|/)pulls/[^/?\s]+$`) // what the platform's API calls a pull request
	headOfPull = regex.Lazy(`\.?\bhead\.(?:sha|ref|label|repo\.\w+)\b|\bmerge_commit_sha\b`)
)

// answer is the mark of all that is told of a pull request.
const answer = "answer"

// answerOf is what the API tells of a pull request, or what a query takes of it.
func (s *Session) answerOf(c *call) Value {
	query, asked := c.flag("-q", "--jq")
	if s.machine.Fetch == nil || asked && !headOfPull().MatchString(query.text()) {
		return Value{}
	}
	label := s.machine.Fetch(Fetched{Store: Change, Name: "pull request", At: c.at()})
	if label < 0 {
		return Value{}
	}
	t := Taint{Label: label}
	if !asked {
		t = t.changed(answer)
	}
	return Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: []Taint{t}}}}
}

// apiOfChange is what a client of the platform's API fetches of a change.
func (s *Session) apiOfChange(c *call) output {
	words := c.words()
	switch {
	case !s.machine.Texts || len(words) < 2:
	case words[0] == "api" && slices.ContainsFunc(words[1:], onePull().MatchString):
		if v := s.answerOf(c); v.Tainted() {
			return output{out: stream{{value: v, command: c.name, at: c.at()}}}
		}
	case words[0] == "api":
		if v := s.proposed(c, c.args...); v.Tainted() {
			return output{out: stream{{value: v, command: c.name, at: c.at()}}}
		}
	case words[0] == "repo" && words[1] == "clone", words[0] == "clone":
		s.sink("checkout", joined(c.args...), Sink{Command: c.name + " " + strings.Join(words[:1], " ")})
	}
	return output{}
}
