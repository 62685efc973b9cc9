// Package shell follows secret values through the scripts of a pipeline: from
// the variables and pasted texts that hold them, over assignments, pipes and
// files, to where they leave the script. It runs nothing. What a program from
// elsewhere does with what it is given is unknown to it, and said to be so.
package shell

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// Script is one text that a shell runs.
type Script struct {
	Text  string
	Holes []Hole                         // what is replaced before the shell sees it, in order
	Path  string                         // in the repository, if it is a file of its own
	At    func(start, end int) lint.Span // where a part of the text stands

	Folder string // of the repository, in which it runs

	// Captured says that what it prints goes elsewhere than into the log.
	Captured bool

	// Unfinished says that the next script runs in the same shell: its traps wait.
	Unfinished bool
}

// Hole is a part of a script that the platform replaces.
type Hole struct {
	Start, End int
	Value      Value // the zero Value if nothing is known of it
}

// Sink is a place where a secret leaves the script.
type Sink struct {
	Kind        string // as of pipeline.Flow
	Command     string
	Host, Path  string
	Scheme      string // of the URL
	InURL       bool   // it is a part of the URL
	Unverified  bool   // the program does not check whom it talks to
	Variable    string // that holds it there
	Label       int    // of the secret
	Transformed []string
	Likely      bool // found by a pattern, not by reading the language
	Hidden      bool // a command before told the platform to hide this value
	At          lint.Span
	Way         []lint.Step
}

// Set is a value that a script gives to later steps.
type Set struct {
	Kind  string // "env", "output" or "secret" (a variable that only those get who name it)
	Name  string
	Value Value
	At    lint.Span
	// Hidden says that the platform keeps it out of the environment and of the log.
	Hidden bool
}

// File is a file that a script leaves with a secret in it.
type File struct {
	Path    string
	Tool    string
	Label   int // of the secret, -1 if it is not known
	At      lint.Span
	Removed bool
}

// Upload is a pattern of paths.
type Upload struct {
	Path string
	At   lint.Span
}

// Gap is what could not be followed. Why is as of pipeline.Gap.
type Gap struct {
	At   lint.Span
	What string
	Why  string
}

// Report is what a script does with secrets.
type Report struct {
	Sinks []Sink
	Sets  []Set
	Reads map[string]bool // variables that it names, or that a program it runs is known to read
	// Uploads are the paths that it hands to the platform for others to download.
	Uploads []Upload
	// Opaque says that it runs a program that may read every variable.
	Opaque bool
	// Runs are the texts of others that it runs as code.
	Runs []Run
	Gaps []Gap

	Output Value // what it prints, where that does not go into the log
}

// Machine is what outlives a shell: the files of a job, and what its log hides.
type Machine struct {
	Files []*File
	// Removed are the paths that scripts removed.
	Removed []string

	// Fetch gives a label to a secret that a script asks a store for, -1 if there
	// is no room for more.
	Fetch func(Fetched) int

	// Ambient gives a label to the secret that a variable holds which nothing sets, -1 if
	// it holds none.
	Ambient func(name string, at lint.Span) int

	// Texts says that what is followed are not secrets but texts of outsiders: it is
	// told where one is run, and what was compared with a pattern counts as changed.
	Texts bool

	mechanisms Mechanisms
	open       func(path string) *Script
	contents   map[string]Value // of files, by path
	folders    map[string]Value // that somebody else filled
	images     map[string]Value // that scripts built, by name
	pending    map[string]*pending
	hidden     map[string]bool
	budget     *int
	parsed     map[*Script]*syntax.File
	staged     []staged // for a commit
}

// Mechanisms are the ways by which scripts talk to their platform.
type Mechanisms struct {
	// Files are paths, as scripts write them, and what lines written there do:
	// "env" and "output" (NAME=value), "exports" (commands that later shells run),
	// "log" or "drop".
	Files map[string]string
	// Results matches further paths, each that of an output; a group is its name.
	Results func() *regexp.Regexp
	// Logged says which commands the platform reads in the log: "github", "azure"
	// or none.
	Logged string
}

// Budget is how many commands the scripts of one pipeline may run in all,
// functions and loops unrolled. It is spent by the machines that share it.
func Budget() *int {
	budget := 100_000
	return &budget
}

// NewMachine makes the machine of a job; open gives scripts of the repository,
// nil if there is none at a path.
func NewMachine(m Mechanisms, budget *int, open func(path string) *Script) *Machine {
	return &Machine{
		mechanisms: m, open: open, contents: map[string]Value{}, images: map[string]Value{}, pending: map[string]*pending{}, hidden: map[string]bool{}, budget: budget,
		parsed: map[*Script]*syntax.File{},
	}
}

// Hides says whether a script told the platform to hide a value.
func (m *Machine) Hides(t Taint) bool { return m.hidden[t.key()] }

// spend says whether there is still room for so many commands.
func (s *Session) spend(commands int, u *unit, start, end int) bool {
	if *s.machine.budget -= commands; *s.machine.budget >= 0 {
		return true
	}
	s.report.Opaque = true
	s.limit(u.span(start, end), "the scripts of the pipeline run more commands than are followed")
	return false
}

// Put says that a file has a secret in it.
func (m *Machine) Put(path string, v Value) { m.contents[CleanPath(path)] = v }

// Below are the files with secrets in a folder, by their paths within it, or the file itself.
func (m *Machine) Below(folder string) map[string]Value {
	all, folder := map[string]Value{}, CleanPath(folder)
	for file, v := range m.contents {
		inside, ok := strings.CutPrefix(file, folder+"/")
		if file == folder {
			inside, ok = "", true
		}
		if folder == "." {
			inside, ok = file, file != "" && !strings.ContainsAny(file[:1], "~/$") && !strings.Contains(file, " ")
		}
		if ok && v.Tainted() {
			all[inside] = v
		}
	}
	return all
}

// Content is what a file holds, as far as it is known.
func (m *Machine) Content(path string) Value { return m.contents[CleanPath(path)] }

// Variables are the NAME=value lines of a file, as far as scripts wrote them.
func (m *Machine) Variables(path string) map[string]Value {
	all := map[string]Value{}
	for _, line := range m.contents[CleanPath(path)].lines() {
		if name, _, ok := strings.Cut(line.text(), "="); ok {
			all[strings.TrimSpace(name)] = line.after(len(name) + 1)
		}
	}
	return all
}

// Session is one shell: its variables go when it ends.
type Session struct {
	machine *Machine
	report  *Report

	variables map[string]*variable
	journal   []change // what subshells and functions must take back
	functions map[string]function
	trace     bool
	direct    bool // what is printed goes into the log
	unit      *unit
	weak      int // conditions around: what is assigned there may not be
	looping   int
	depth     int         // scripts and functions around
	running   map[any]int // scripts and functions that are run now
	limited   bool
	seen      map[string]bool // sinks
	pushed    []Value         // arguments of the script or function
	folder    string          // where it is, "" for that of the repository
	home      string          // where it began
	traps     []Value         // what runs when the shell ends
	likely    bool            // the language is read by patterns

	readers     map[string]reader // by path
	descriptors map[string]string // that exec opened: the file, or "&1"
}

type variable struct {
	value    Value
	list     []Value // of an array
	exported bool
	refers   string // the variable that it means, in place of a value
}

type change struct {
	name   string
	before *variable
}

// NewSession starts a shell on the machine.
func (m *Machine) NewSession(traced bool) *Session {
	return &Session{machine: m, variables: map[string]*variable{}, functions: map[string]function{}, running: map[any]int{}, trace: traced}
}

// Bind sets a variable of the environment.
func (s *Session) Bind(name string, v Value) {
	s.variables[name] = &variable{value: v.named(name), exported: true}
}

// Run follows one script, in the dialect that the name of its shell means, and
// tells what it does. Variables stay for the next script.
func (s *Session) Run(script *Script, shell string) *Report {
	s.report = &Report{Reads: map[string]bool{}}
	s.seen = map[string]bool{}
	s.limited, s.direct = false, !script.Captured
	if folder := CleanPath(script.Folder); folder != "" && folder != "." {
		s.folder, s.home = folder, folder
	}
	s.run(script, shell)
	for len(s.traps) > 0 && !script.Unfinished {
		trap := s.traps[0]
		s.traps = s.traps[1:]
		s.log(s.script(within(trap), nil))
	}
	s.hideSet()
	return s.report
}

// hideSet: later steps get what this one sets when it is over, and by then the
// platform hides all that it was told to.
func (s *Session) hideSet() {
	for i, sink := range s.report.Sinks {
		if sink.Kind == "env_file" || sink.Kind == "output" {
			s.report.Sinks[i].Hidden = sink.Hidden || s.machine.hidden[Taint{Label: sink.Label, Transformed: sink.Transformed}.key()]
		}
	}
}

func (s *Session) run(script *Script, shell string) {
	u := newUnit(script)
	switch Dialect(shell, script.Text) {
	case "posix":
		out := s.script(u, nil)
		if !script.Captured {
			s.log(out)
			return
		}
		s.report.Output = out.value()
	case "powershell":
		s.powershell(u)
	case "batch":
		s.batch(u)
	default:
		program := interpreterOf(shell, script.Text)
		if !isInterpreter(path.Base(program)) {
			s.unknownShell(u, path.Base(program))
		}
		s.foreign(u, program, Value{}, nil)
	}
}

// unknownShell is a gap where a script in a language that nothing reads has a secret.
func (s *Session) unknownShell(u *unit, program string) {
	if s.exportsSecret() || slices.ContainsFunc(u.holes, func(h Hole) bool { return h.Value.Tainted() }) {
		s.gap(u.span(0, len(u.text)), "the script is in no language that is followed: it is run by "+Shown(program), "syntax")
	}
}

// exportsSecret says whether a variable that programs get has a secret.
func (s *Session) exportsSecret() bool {
	for _, v := range s.variables {
		if v != nil && v.exported && v.value.Tainted() {
			return true
		}
	}
	return false
}

// sink notes that the secrets of a value leave.
func (s *Session) sink(kind string, v Value, fill Sink) {
	for _, p := range v.pieces {
		for _, t := range p.taints {
			if t.Label < 0 {
				continue
			}
			sink := fill
			sink.Kind, sink.Label, sink.Transformed = kind, t.Label, t.Transformed
			if len(sink.Command) > maxCommand {
				sink.Command = "a program"
			}
			if sink.Variable == "" {
				sink.Variable = p.name
			}
			sink.Likely = sink.Likely || s.likely
			sink.Hidden = s.machine.Hides(t)
			if p.unit != nil {
				sink.At = p.span()
			}
			sink.Way = append(t.Steps(), lint.Step{Message: arrival(sink), Span: sink.At})
			s.add(sink)
		}
	}
}

const maxSinks = 1000

func (s *Session) add(sink Sink) {
	key := strings.Join([]string{sink.Kind, sink.Command, sink.Host, sink.Path, Taint{Label: sink.Label, Transformed: sink.Transformed}.key(), spanKey(sink.At)}, "\x00")
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	if len(s.report.Sinks) >= maxSinks {
		s.limit(sink.At, "a script has more uses of secrets than are followed")
		return
	}
	s.report.Sinks = append(s.report.Sinks, sink)
}

func (s *Session) limit(at lint.Span, what string) {
	if !s.limited {
		s.limited = true
		s.gap(at, what, "limit")
	}
}

func (s *Session) gap(at lint.Span, what, why string) {
	s.report.Gaps = append(s.report.Gaps, Gap{at, what, why})
}

// arrival says in a few words what happens at a sink.
func arrival(sink Sink) string {
	by := ""
	if sink.Command != "" {
		by = " by " + sink.Command
	}
	switch sink.Kind {
	case "log":
		return "it is printed here" + by
	case "argv":
		return "it is an argument of " + sink.Command + " here"
	case "network":
		return "it is sent here" + by
	case "git_remote":
		return "git gets it as part of a URL here"
	case "file":
		return "it is written to " + Shown(sink.Path) + " here"
	case "output":
		return "it becomes an output here"
	case "env_file":
		return "it is given to later steps here"
	case "image":
		return "it goes into an image here"
	case "repository":
		return "it is published here" + by
	case "downstream":
		return "another pipeline is started with it here" + by
	case "eval":
		return "it is run as code here"
	}
	return "it leaves here" + by
}

// Wrote says that something else than a script wrote a file with secrets.
func (m *Machine) Wrote(path, tool string, v Value, at lint.Span) {
	m.Put(path, v)
	m.file(CleanPath(path), tool, v, at)
}

// file notes that a path has secrets in it now.
func (m *Machine) file(path, tool string, v Value, at lint.Span) {
	labels := v.labels()
	if len(labels) == 0 {
		labels = []int{-1}
	}
	for _, label := range labels {
		known := slices.ContainsFunc(m.Files, func(f *File) bool { return f.Path == path && f.Label == label && f.At == at })
		if !known {
			m.Files = append(m.Files, &File{Path: path, Tool: tool, Label: label, At: at})
		}
	}
}

// remove notes that a file is gone, or all below a folder.
func (s *Session) remove(path string) {
	path = s.absolute(path)
	if path == "" {
		return
	}
	if len(s.machine.Removed) < maxSinks {
		s.machine.Removed = append(s.machine.Removed, path)
	}
	for _, f := range s.machine.Files {
		if f.Path == path || strings.HasPrefix(f.Path, path+"/") {
			f.Removed = true
		}
	}
	delete(s.machine.contents, path)
}
