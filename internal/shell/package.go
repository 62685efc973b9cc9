package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// installing and publishing are the commands of managers around which scripts of the
// package run.
var (
	installing = []string{"install", "i", "ci", "clean-install"}
	publishing = []string{"publish", "pack"}
)

type scriptOf struct {
	file *Script
	name string
}

// packageScripts follows the scripts of the repository's package.json that a manager runs.
func packageScripts(s *Session, c *call) output {
	s.report.Opaque = true
	folder, names, called := c.scripts()
	if len(names) == 0 {
		return output{}
	}
	file := s.find(path.Join(folder, "package.json"))
	if file == nil || s.depth >= maxDepth || len(file.Text) > MaxSize {
		if called {
			s.unfollowed(c, "what "+c.name+" runs could not be followed: there is no package.json that can be read")
		}
		return output{}
	}
	u := newUnit(file)
	defer func(folder, home string) { s.folder, s.home = folder, home }(s.folder, s.home)
	if folder != "" {
		s.folder = s.absolute(folder)
		s.home = s.folder
	}
	var out output
	s.depth++
	for _, name := range names {
		start, end, ok := scriptIn(file.Text, name)
		key := scriptOf{file, name}
		if !ok || s.running[key] > 0 {
			continue
		}
		s.running[key]++
		out.add(s.inner(within(u.literal(start, end, `"\/`)), nil, c.in, false))
		s.running[key]--
	}
	s.depth--
	return out
}

// scripts are the names of those that a manager runs, and whether one is called for.
func (c *call) scripts() (folder string, names []string, called bool) {
	var words []string
	for i, a := range c.args {
		t := a.text()
		flag, value, assigned := strings.Cut(t, "=")
		isFolder := slices.Contains([]string{"--prefix", "-C", "--dir", "--cwd"}, flag)
		switch {
		case isFolder && assigned:
			folder = value
		case i > 0 && slices.Contains([]string{"--prefix", "-C", "--dir", "--cwd"}, c.text(i-1)):
			folder = t
		case !strings.HasPrefix(t, "-"):
			words = append(words, t)
		}
		if t == "--" {
			break
		}
	}
	first := ""
	if len(words) > 0 {
		first = words[0]
	}
	switch {
	case first == "run" || first == "run-script":
		if len(words) < 2 {
			return folder, nil, false
		}
		return folder, withHooks(words[1]), true
	case first == "" && c.name == "yarn", slices.Contains(installing, first) && (len(words) == 1 || c.name == "npm" && first == "ci"):
		if c.has("--ignore-scripts") {
			return folder, nil, false
		}
		return folder, []string{"preinstall", "install", "postinstall", "prepare"}, false
	case slices.Contains(publishing, first):
		return folder, []string{"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"}, false
	case first == "t":
		return folder, withHooks("test"), false
	case c.name == "npm" && !slices.Contains([]string{"test", "start", "stop", "restart"}, first), first == "":
		return folder, nil, false
	}
	return folder, withHooks(first), false
}

func withHooks(name string) []string { return []string{"pre" + name, name, "post" + name} }

var (
	scriptsOpen = regex.Lazy(`"scripts"\s*:\s*\{`)
	scriptEntry = regex.Lazy(`"((?:[^"\\]|\\.)*)"\s*:\s*"((?:[^"\\]|\\.)*)"`)
)

// scriptIn finds the text of a script in a package.json.
func scriptIn(text, name string) (start, end int, ok bool) {
	open := scriptsOpen().FindStringIndex(text)
	if open == nil {
		return 0, 0, false
	}
	last := 0
	for _, m := range scriptEntry().FindAllStringSubmatchIndex(text[open[1]:], maxMentions) {
		if strings.Contains(text[open[1]+last:open[1]+m[0]], "}") { // the object ends
			break
		}
		last = m[1]
		if text[open[1]+m[2]:open[1]+m[3]] == name {
			return open[1] + m[4], open[1] + m[5], true
		}
	}
	return 0, 0, false
}
