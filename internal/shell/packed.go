package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// below says whether a path is what a word names, or within it.
func below(word, file string) bool {
	word = CleanPath(word)
	if matched, _ := path.Match(word, file); matched || word == file {
		return true
	}
	return strings.HasPrefix(file, word+"/") || word == "." && strings.IndexAny(file, "~/$") != 0
}

// held are the secrets in the files that are named, or that lie below.
func (s *Session) held(words []string) Value {
	var all []Value
	for _, f := range s.machine.Files {
		if f.Removed || f.Label < 0 {
			continue
		}
		if slices.ContainsFunc(words, func(w string) bool { return below(s.absolute(w), f.Path) }) {
			all = append(all, s.machine.contents[f.Path])
		}
	}
	return joined(all...)
}

// packs puts files into an archive.
func packs(s *Session, c *call) output {
	words := c.words()
	out := ""
	switch c.name {
	case "tar", "bsdtar", "gtar":
		if len(c.args) == 0 || !strings.Contains(strings.TrimLeft(c.text(0), "-"), "c") && !c.has("-c", "--create") {
			return unpacks(s, c)
		}
		if v, ok := c.flag("--file", "-f"); ok {
			out = v.text()
		} else if strings.Contains(c.text(0), "f") {
			out = c.text(1)
		}
	default:
		if c.name == "7z" && (len(words) == 0 || words[0] != "a") {
			return unpacks(s, c)
		}
		words = words[min(len(words), map[string]int{"7z": 1}[c.name]):]
		if len(words) > 0 {
			out = words[0]
		}
	}
	in := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == out })
	if v, ok := c.flag("-C", "--directory"); ok {
		for i, w := range in {
			in[i] = path.Join(v.text(), w)
		}
	}
	packed := c.filtered(s.held(in), "gzip")
	if out == "" || out == "-" {
		return packed
	}
	s.write(out, packed.out, c.at())
	return output{}
}

var (
	dockerCopy  = regex.Lazy(`(?i)^\s*(?:COPY|ADD)\s+(.*)$`)
	dockerStage = regex.Lazy(`(?i)^\s*FROM\s`)
)

// image notes the files with secrets that an image takes from the folder that it is
// built of.
func (s *Session) image(c *call) {
	words := c.words()
	context := words[len(words)-1]
	if strings.Contains(context, "://") || context == "-" {
		return
	}
	file := path.Join(context, "Dockerfile")
	if v, ok := c.flag("--file", "-f"); ok {
		file = v.text()
	}
	script := s.find(file)
	if script == nil {
		return
	}
	var copied []string // by the last stage: others do not stay
	for line := range strings.Lines(script.Text) {
		line = strings.TrimSpace(line)
		if dockerStage().MatchString(line) {
			copied = nil
		}
		m := dockerCopy().FindStringSubmatch(line)
		if m == nil || strings.Contains(m[1], "--from=") {
			continue
		}
		from := slices.DeleteFunc(strings.Fields(m[1]), func(w string) bool { return strings.HasPrefix(w, "--") })
		for i := range max(0, len(from)-1) {
			copied = append(copied, path.Join(context, strings.Trim(from[i], `[]",`)))
		}
	}
	for _, f := range s.machine.Files {
		if f.Removed || f.Label < 0 || s.ignored(path.Join(context, ".dockerignore"), context, f.Path) {
			continue
		}
		if slices.ContainsFunc(copied, func(w string) bool { return below(s.absolute(w), f.Path) }) {
			s.sink("image", s.machine.contents[f.Path].moved(c.unit, c.start, c.end), Sink{Command: c.name + " build", Path: f.Path})
		}
	}
}

// ignored says whether a list of patterns leaves a file out.
func (s *Session) ignored(list, folder, file string) bool {
	script := s.find(list)
	if script == nil {
		return false
	}
	file = strings.TrimPrefix(file, strings.TrimPrefix(CleanPath(folder)+"/", "./"))
	out := false
	for line := range strings.Lines(script.Text) {
		pattern, not := strings.CutPrefix(strings.TrimSpace(line), "!")
		pattern = strings.Trim(strings.TrimPrefix(pattern, "**/"), "/")
		if pattern == "" || strings.HasPrefix(pattern, "#") {
			continue
		}
		matched, _ := path.Match(pattern, path.Base(file))
		if matched || below(pattern, file) || pattern == "*" || pattern == "." {
			out = !not
		}
	}
	return out
}

// committed notes the files with secrets that a commit takes along.
func (s *Session) committed(c *call, words []string) {
	if i := slices.Index(words, "add"); i >= 0 && i < 2 {
		added := words[i+1:]
		if c.has("-A", "--all") && len(added) == 0 {
			added = []string{"."}
		}
		for _, w := range added {
			s.machine.staged = append(s.machine.staged, staged{s.absolute(w), c.has("-f", "--force")})
		}
		return
	}
	if !slices.Contains(words, "commit") {
		return
	}
	for _, f := range s.machine.Files {
		if f.Removed || f.Label < 0 || strings.HasPrefix(f.Path, ".git/") {
			continue
		}
		ignored := s.ignored(".gitignore", ".", f.Path)
		if slices.ContainsFunc(s.machine.staged, func(w staged) bool { return below(w.path, f.Path) && (w.forced || !ignored) }) {
			s.sink("repository", s.machine.contents[f.Path].moved(c.unit, c.start, c.end), Sink{Command: "git commit", Path: f.Path})
		}
	}
	s.machine.staged = nil
}

// staged is what git takes along with the next commit.
type staged struct {
	path   string
	forced bool // though it is to be ignored
}

// publishes are the commands of gh and glab whose words become text that all can read
// who can read the repository.
var publishes = regex.Lazy(`^(?:gh (?:(?:pr|issue) (?:comment|create|edit|review|close)|release (?:create|edit|upload)|gist create|api .*(?:comments|issues|pulls|releases|gists))|glab (?:mr|issue) (?:note|create|update))\b`)

func (s *Session) published(c *call) {
	line := strings.Join(append([]string{c.name}, c.words()...), " ")
	if !publishes().MatchString(line) {
		return
	}
	command := strings.Join(strings.SplitN(line, " ", 4)[:min(3, len(strings.Fields(line)))], " ")
	if strings.HasPrefix(line, "gh api") {
		command = "gh api"
	}
	for i, a := range c.args {
		if flag := c.text(max(0, i-1)); i > 0 && (flag == "-H" || flag == "--header") {
			continue
		}
		s.sink("repository", a, Sink{Command: command})
	}
	s.sink("repository", s.filesOf(c).moved(c.unit, c.start, c.end), Sink{Command: command})
	if c.has("--body-file", "-F", "--input", "--notes-file") {
		s.sink("repository", c.in.value().moved(c.unit, c.start, c.end), Sink{Command: command})
	}
}

// starts finds the commands that start another pipeline, and the addresses that do.
var (
	starts = regex.Lazy(`^(?:gh workflow run|gh api \S*/dispatches|glab (?:ci|pipeline|pipe) (?:run|trigger|create)|az pipelines (?:run|build queue)|` +
		`argo (?:submit|cron create|resubmit)|tkn (?:p|pipeline|t|task|ct|clustertask|hub) start|bk build (?:create|new)|circleci pipeline run|` +
		`aws (?:codebuild start-build|codepipeline start-pipeline-execution)|gcloud (?:alpha |beta )?builds (?:submit|triggers run))\b`)
	startsAt = regex.Lazy(`/(?:trigger/pipeline|dispatches|buildWithParameters|project/\S+/pipeline|projects/[^/\s]+/pipeline|pipelines/[^/\s]+/(?:runs|builds)|` +
		`_apis/build/builds|repositories/[^/\s]+/[^/\s]+/pipelines|api/v1/workflows/[^/\s]+(?:/submit)?|api/v1/events/[^/\s]+/[^/\s]+)/?(?:\?|$)|^https?://el-[\w-]+(?:\.|:\d|/|$)`)
)

// started notes the secrets that another pipeline gets as its parameters. What opens the
// door is none of them.
func (s *Session) started(c *call, command string) {
	for i, a := range c.args {
		flag, text := c.text(max(0, i-1)), plainText(a)
		key := i > 0 && slices.Contains([]string{"-H", "--header", "-u", "--user", "--oauth2-bearer", "-t", "--token"}, flag)
		key = key || c.isWeb() && strings.HasPrefix(text, "token=") || strings.HasPrefix(text, "--token=")
		if !key && !strings.Contains(text, "://") && !strings.HasPrefix(text, "-u") && !strings.HasPrefix(text, "-H") {
			s.sink("downstream", a, Sink{Command: command})
		}
	}
}

var (
	makeRule     = regex.Lazy(`^([\w./ %-]+?)\s*::?(?:[^=]|$)(.*)`)
	makeVariable = regex.Lazy(`\$\$|\$[({](\w+)[)}]|\$[({][^)}]*[)}]|\$.`)
)

// makes follows the recipes of a Makefile, each line in a shell of its own.
func makes(s *Session, c *call) output {
	s.report.Opaque = true
	folder, names := "", []string(nil)
	for i, a := range c.args {
		t := a.text()
		before := c.text(max(0, i-1))
		switch {
		case i > 0 && (before == "-C" || before == "--directory"):
			folder = t
		case i > 0 && slices.Contains([]string{"-f", "-j", "-l", "-o", "-I"}, before), strings.HasPrefix(t, "-"):
		case strings.Contains(t, "="):
			name, _, _ := strings.Cut(t, "=")
			s.set(name, a.after(len(name)+1), nil, true)
		default:
			names = append(names, t)
		}
	}
	script := s.find(path.Join(folder, "Makefile"))
	if v, ok := c.flag("-f"); ok {
		script = s.find(path.Join(folder, v.text()))
	}
	if script == nil || s.depth >= maxDepth || len(script.Text) > MaxSize {
		s.unfollowed(c, "what make runs could not be followed: there is no Makefile that can be read")
		return output{}
	}
	m := &maker{Session: s, u: newUnit(script), quiet: c.has("-s", "--silent", "--quiet"), done: map[string]bool{}}
	m.rules()
	if len(names) == 0 && m.first != "" {
		names = []string{m.first}
	}
	defer func(folder, home string) { s.folder, s.home = folder, home }(s.folder, s.home)
	if folder != "" {
		s.folder = s.absolute(folder)
		s.home = s.folder
	}
	var out output
	s.depth++
	for _, name := range names {
		if !m.target(name, &out) {
			s.unfollowed(c, "what make runs could not be followed: its Makefile has no rule for the target")
		}
	}
	s.depth--
	return out
}

// unfollowed is a gap where a secret could be read.
func (s *Session) unfollowed(c *call, what string) {
	if s.exportsSecret() {
		s.gap(c.at(), what, "computed")
	}
}

type maker struct {
	*Session
	u       *unit
	first   string
	recipes map[string][][2]int
	needs   map[string][]string
	done    map[string]bool
	quiet   bool
}

// rules finds the recipes and prerequisites of targets.
func (m *maker) rules() {
	m.recipes, m.needs = map[string][][2]int{}, map[string][]string{}
	var targets []string
	at, joining := 0, false
	for line := range strings.Lines(m.u.text) {
		start := at
		at += len(line)
		text := strings.TrimRight(line, "\r\n")
		switch {
		case joining && len(targets) > 0:
			for _, t := range targets {
				m.recipes[t][len(m.recipes[t])-1][1] = start + len(text)
			}
		case strings.HasPrefix(text, "\t"):
			for _, t := range targets {
				m.recipes[t] = append(m.recipes[t], [2]int{start + 1, start + len(text)})
			}
		default:
			rule := makeRule().FindStringSubmatch(text)
			if rule == nil || strings.Contains(text, ":=") {
				if strings.TrimSpace(text) != "" && !strings.HasPrefix(text, "#") {
					targets = nil
				}
				joining = false
				continue
			}
			targets = strings.Fields(rule[1])
			for _, t := range targets {
				m.needs[t] = append(m.needs[t], strings.Fields(strings.SplitN(text[strings.IndexByte(text, ':')+1:], "#", 2)[0])...)
				if m.first == "" && !strings.HasPrefix(t, ".") {
					m.first = t
				}
			}
			joining = false
			continue
		}
		joining = strings.HasSuffix(text, "\\")
	}
}

func (m *maker) target(name string, out *output) bool {
	if m.done[name] {
		return true
	}
	m.done[name] = true
	_, known := m.needs[name]
	for _, need := range m.needs[name] {
		m.target(need, out)
	}
	for _, r := range m.recipes[name] {
		m.recipe(r[0], r[1], out)
	}
	return known
}

// recipe runs one line. Make prints it as it is run, unless told not to.
func (m *maker) recipe(start, end int, out *output) {
	text := m.u.text[start:end]
	quiet := m.quiet
	for len(text) > 0 && strings.IndexByte("@-+ \t", text[0]) >= 0 {
		quiet = quiet || text[0] == '@'
		start, text = start+1, text[1:]
	}
	var parts []Value
	last := 0
	for _, v := range makeVariable().FindAllStringSubmatchIndex(text, maxPieces) {
		parts = append(parts, m.u.literal(start+last, start+v[0], ""))
		last = v[1]
		switch {
		case text[v[0]:v[1]] == "$$":
			parts = append(parts, m.u.literal(start+v[0], start+v[0]+1, ""))
		case v[2] >= 0:
			name := text[v[2]:v[3]]
			m.read(name)
			held, ok := m.lookup(name)
			if !ok {
				held, _ = m.ambient(name, m.u, start+v[0], start+v[1])
			}
			if len(held.pieces) == 0 {
				held = Value{[]piece{{text: "$(" + name + ")"}}}
			}
			parts = append(parts, held.moved(m.u, start+v[0], start+v[1]))
		default:
			parts = append(parts, Value{[]piece{{text: text[v[0]:v[1]], unit: m.u, start: start + v[0], end: start + v[1]}}})
		}
	}
	line := joined(append(parts, m.u.literal(start+last, end, ""))...)
	if !quiet && line.Tainted() {
		out.out = append(out.out, emission{value: line, command: "make", at: m.u.span(start, end)})
	}
	out.add(m.inner(within(line), nil, nil, false))
}
