package shell

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// PutBelow says that somebody else decides what the files of a folder hold, "." for the
// work tree, where they replace those of the repository.
func (m *Machine) PutBelow(folder string, v Value) {
	if m.folders == nil {
		m.folders = map[string]Value{}
	}
	m.folders[CleanPath(folder)] = v
}

// below is what a file holds that stands in such a folder and is none of the repository.
func (s *Session) below(file string) (Value, bool) {
	folder, v := s.folderOf(file)
	if folder == "" || folder == "." && s.machine.open != nil && s.machine.open(s.absolute(file)) != nil {
		return Value{}, false
	}
	return v, true
}

// maxParents bounds the folders around a file that are looked at.
const maxParents = 64

// folderOf is the innermost of these folders that a file is in.
func (s *Session) folderOf(file string) (string, Value) {
	if len(s.machine.folders) == 0 {
		return "", Value{}
	}
	file = s.absolute(file)
	folder := file
	for range maxParents {
		if v, ok := s.machine.folders[folder]; ok && folder != "." {
			return folder, v
		}
		folder = path.Dir(folder)
	}
	if v, ok := s.machine.folders["."]; ok && file != "" && strings.IndexByte("/~$", file[0]) < 0 && !strings.HasPrefix(file, "../") {
		return ".", v
	}
	return "", Value{}
}

// holds is what a file holds, whoever wrote it.
func (s *Session) holds(file string) (Value, bool) {
	if v, ok := s.content(file); ok {
		return v, true
	}
	return s.below(file)
}

// downloadsRun notes the folder that a client of GitHub unpacks the artifacts of another
// run to.
func (s *Session) downloadsRun(c *call) {
	if !s.machine.Texts || s.machine.Fetch == nil || c.text(0) != "run" || c.text(1) != "download" {
		return
	}
	label := s.machine.Fetch(Fetched{Store: Artifact, Name: "artifact of another run", At: c.at()})
	if label < 0 {
		return
	}
	folder, ok := c.flag("-D", "--dir")
	if !ok {
		folder = Literal(".")
	}
	if folder.known() {
		s.machine.PutBelow(s.absolute(folder.text()), Value{[]piece{{text: "…", unit: c.unit, start: c.start, end: c.end, taints: []Taint{{Label: label}}}}})
	}
}

// builds are programs that run code of the work tree, by the words that say so.
var builds = map[string][]string{
	"make": nil, "gmake": nil, "mvn": nil, "gradle": nil, "tox": nil, "pytest": nil, "bundle": nil,
	"npm": {"ci", "i", "install", "run", "test", "start"}, "yarn": {"install", "run", "test", "start", "build"}, "pnpm": {"i", "install", "run", "test", "start"}, "bun": {"i", "install", "run", "test"},
	"cargo": {"build", "test"}, "docker": {"build"}, "go": {"test"},
}

var installsTree = regex.Lazy(`^pip3? install (?:.* )?(?:-r|-e|\.(?:/|\[| |$))`)

// runsBeside notes that a command runs a file of a folder that somebody else filled, or
// code of the work tree if that is it.
func (s *Session) runsBeside(c *call) {
	if len(s.machine.folders) == 0 {
		return
	}
	file, shown := "", ""
	switch {
	case strings.Contains(c.full, "/"):
		file = c.full
	case IsShell(c.name) || isInterpreter(c.name) || c.name == "source" || c.name == ".":
		if words := c.words(); len(words) > 0 && !slices.ContainsFunc(c.args, func(a Value) bool { return codeFlag().MatchString(a.text()) || a.text() == "-c" || a.text() == "-m" }) {
			file = words[0]
		}
	case c.name == "docker" && c.text(0) == "load":
		v, _ := c.flag("-i", "--input")
		file = v.text()
	case c.runsOwn(), installsTree().MatchString(c.line()):
		file, shown = ".", c.name
	default:
		words, known := builds[c.name]
		first := c.words()
		if !known || words != nil && (len(first) == 0 || !slices.Contains(words, first[0])) {
			return
		}
		file, shown = ".", c.name
		if words != nil {
			shown += " " + first[0]
		}
		if in, ok := c.flag("-C", "--prefix", "--directory"); ok {
			file = in.text()
		}
	}
	if file == "" {
		return
	}
	_, v := s.folderOf(file)
	for _, t := range v.Taints() {
		told := func(r Run) bool { return r.Label == t.Label && r.Kind == "artifact" }
		if !slices.ContainsFunc(s.report.Runs, told) { // once for a script
			s.addRun(Run{Label: t.Label, Command: cmp.Or(shown, Shown(file)), At: c.at(), Kind: "artifact"})
		}
	}
}

// What is done to a text that leaves it as it was but for its lines.
const (
	oneLine  = "one line"  // of it, which may be any
	unbroken = "no breaks" // between its lines
)

// setsVariables notes that a text of others may have lines of its own in a file that
// sets variables.
func (s *Session) setsVariables(line Value, file string) {
	if !s.machine.Texts {
		return
	}
	for i, p := range line.pieces {
		for _, t := range p.taints {
			isName := i == 0 && len(t.Transformed) == 1 && t.Transformed[0] == oneLine
			if t.Label >= 0 && (isName || len(t.Transformed) == 0) && p.unit != nil {
				s.addRun(Run{Label: t.Label, Command: Shown(file), At: p.span(), Kind: "variables"})
			}
		}
	}
}
