package shell

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// checkout follows what a change names through git: from the commit, branch or
// repository that it fetches to where its files come into the work tree.
func (s *Session) checkout(c *call) {
	words := c.gitWords()
	if len(words) == 0 {
		return
	}
	verb, rest := words[0].text(), words[1:]
	switch verb {
	case "remote":
		if len(rest) > 2 && (rest[0].text() == "add" || rest[0].text() == "set-url") && rest[2].Tainted() {
			s.refer(rest[1].text()+"/", rest[2])
		}
	case "fetch":
		s.fetchHead(c, rest)
	case "clone":
		branch, _ := c.flag("-b", "--branch")
		s.sink("checkout", joined(append(slices.Clone(rest), branch)...), Sink{Command: "git clone"})
	case "pull":
		s.sink("checkout", joined(rest...), Sink{Command: "git pull"})
		if v := s.fetchHead(c, rest); v.Tainted() {
			s.sink("checkout", v.moved(c.unit, c.start, c.end), Sink{Command: "git pull"})
		}
	case "config":
		if len(rest) > 1 && strings.HasPrefix(rest[0].text(), "remote.") && strings.HasSuffix(rest[0].text(), ".fetch") {
			s.fetchHead(c, rest[1:])
		}
	case "apply", "am":
		unpacks(s, c)
	case "checkout", "switch", "reset", "merge", "rebase", "cherry-pick", "restore", "worktree", "read-tree":
		for i, w := range rest {
			v := w
			if known, ok := s.referred(w.text()); ok && len(w.pieces) > 0 {
				v = known.moved(w.pieces[0].unit, w.pieces[0].start, w.pieces[0].end)
			}
			if i == 0 || rest[i-1].text() != "--" {
				s.sink("checkout", v, Sink{Command: "git " + verb})
			}
		}
	}
}

// fetchHead notes what FETCH_HEAD and local branches are from now on.
func (s *Session) fetchHead(c *call, rest []Value) Value {
	var got Value
	for i, w := range rest {
		text := w.text()
		v := w
		if known, ok := s.referred(text + "/"); ok && i == 0 {
			v = known
		}
		if !v.Tainted() && pullRef().MatchString(text) && s.machine.Fetch != nil {
			if label := s.machine.Fetch(Fetched{Store: Change, Name: "pull request", At: c.at()}); label >= 0 {
				v = Value{[]piece{{text: text, unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: label}}}}}
			}
		}
		if !v.Tainted() {
			continue
		}
		got = v
		if _, to, ok := strings.Cut(text, ":"); ok && !strings.Contains(text, "://") {
			to = strings.TrimPrefix(strings.TrimPrefix(to, "refs/heads/"), "refs/remotes/")
			to, _, _ = strings.Cut(to, "*") // of many branches, what their names begin with
			s.refer(to, v)
		}
	}
	if got.Tainted() {
		s.refer("FETCH_HEAD", got)
	}
	return got
}

// pullRef is what a pull request proposes, by its number.
var pullRef = regex.Lazy(`(?:^|[+:/])pull/(?:[^/]+/(?:head|merge)|\*)`)

// refer says what a name means to git: a branch, or a remote if it ends in a slash.
func (s *Session) refer(name string, v Value) { s.machine.contents["git "+name] = v }

func (s *Session) referred(name string) (Value, bool) {
	if v, ok := s.machine.contents["git "+name]; ok {
		return v, true
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "refs/remotes/"), "remotes/")
	for i := len(name) - 1; i > 0; i-- {
		if v, ok := s.machine.contents["git "+name[:i+1]]; ok && name[i] == '/' {
			return v, true
		}
	}
	return Value{}, false
}

// gitWords are the arguments of git that are neither flags nor the names that they
// give to new branches.
func (c *call) gitWords() []Value {
	var all []Value
	for i := 0; i < len(c.args); i++ {
		switch t := c.args[i].text(); {
		case slices.Contains([]string{"-C", "-c", "-b", "-B", "--orphan", "--branch", "--depth", "-m", "-o", "--filter", "-s", "-X", "-j"}, t):
			i++
		case strings.HasPrefix(t, "-") && t != "--":
		default:
			all = append(all, c.args[i])
		}
	}
	return all
}
