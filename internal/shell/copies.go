package shell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

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
