package shell

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// pending is a variable whose value began with NAME<<MARK.
type pending struct {
	name, mark string
	known      bool // the mark: who writes a line can end the value
	value      []Value
}

// hand gives lines written to one of the platform's files to later steps.
func (s *Session) hand(kind, path string, v Value, at lint.Span) {
	for _, line := range v.lines() {
		text := line.text()
		if open := s.machine.pending[path]; open != nil {
			if strings.TrimSpace(text) == open.mark {
				delete(s.machine.pending, path)
				s.give(kind, open.name, joined(open.value...), at)
			} else if len(open.value) < maxPieces {
				open.value = append(open.value, line)
			}
			if open.known && kind != "output" {
				s.setsVariables(line, path)
			}
			continue
		}
		if kind == "exports" {
			text = strings.TrimPrefix(strings.TrimSpace(text), "export ")
			line = line.after(len(line.text()) - len(text))
		}
		if kind != "output" {
			s.setsVariables(line, path)
		}
		equals, marks := strings.IndexByte(text, '='), strings.Index(text, "<<")
		switch {
		case marks > 0 && (equals < 0 || marks < equals) && kind != "exports":
			s.machine.pending[path] = &pending{name: strings.TrimSpace(text[:marks]), mark: strings.TrimSpace(text[marks+2:]), known: line.known()}
		case equals > 0:
			s.give(kind, strings.TrimSpace(text[:equals]), line.after(equals+1), at)
		case line.Tainted():
			s.give(kind, "", line, at)
		}
	}
}

func (s *Session) give(kind, name string, v Value, at lint.Span) {
	if kind == "exports" {
		kind = "env"
	}
	sink := "env_file"
	if kind == "output" {
		sink = "output"
	}
	s.sink(sink, v, Sink{Variable: name})
	s.keep(kind, name, v, at)
}

func (s *Session) keep(kind, name string, v Value, at lint.Span) {
	s.report.Sets = append(s.report.Sets, Set{Kind: kind, Name: name, Value: v.Through(sinkMessage(kind, name), at), At: at})
}

func sinkMessage(kind, name string) string {
	if kind == "output" {
		return "it becomes the output " + name + " here"
	}
	return "it becomes the variable " + name + " of later steps here"
}

// logCommand obeys a line of the log that is a command for the platform.
func (s *Session) logCommand(line Value, e emission) bool {
	text := strings.TrimLeft(line.text(), " \t")
	skipped := len(line.text()) - len(text)
	end, isCommand := 0, false
	switch s.machine.mechanisms.Logged {
	case "github":
		end = strings.Index(strings.TrimPrefix(text, "::"), "::") + 2
		isCommand = strings.HasPrefix(text, "::") && end >= 2
	case "azure":
		end = strings.IndexByte(text, ']')
		isCommand = (strings.HasPrefix(text, "##vso[") || strings.HasPrefix(text, "##[")) && end > 0
	}
	if !isCommand {
		return false
	}
	prefix, skip := text[:end], 2
	if s.machine.mechanisms.Logged == "azure" {
		skip = 1
	}
	value := line.after(skipped + end + skip)
	name, isSet := property(prefix)
	at := e.at
	if len(line.pieces) > 0 && line.pieces[0].unit != nil {
		at = line.pieces[0].span()
	}
	switch lower := strings.ToLower(prefix); {
	case strings.HasPrefix(lower, "::add-mask"), strings.HasPrefix(lower, "##vso[task.setsecret"):
		s.hide(value)
		return true
	case isSet && (strings.HasPrefix(lower, "::set-output") || strings.Contains(lower, "isoutput=true")):
		s.giveLogged("output", name, value, at, strings.Contains(lower, "issecret=true"))
		return true
	case isSet && (strings.HasPrefix(lower, "::set-env") || strings.HasPrefix(lower, "##vso[task.setvariable")):
		s.giveLogged("env", name, value, at, strings.Contains(lower, "issecret=true"))
		return true
	}
	return false
}

// property is the name that a command of the log gives its value.
func property(command string) (string, bool) {
	for _, key := range []string{"variable=", "name="} {
		if i := strings.Index(strings.ToLower(command), key); i >= 0 {
			name := command[i+len(key):]
			if end := strings.IndexAny(name, ";,]: "); end >= 0 {
				name = name[:end]
			}
			return name, true
		}
	}
	return "", false
}

func (s *Session) giveLogged(kind, name string, v Value, at lint.Span, secret bool) {
	if secret {
		s.hide(v)
	}
	if secret && kind == "env" { // only steps that name it get it
		s.keep(kind, name, v, at)
	} else {
		s.give(kind, name, v, at)
	}
	s.report.Sets[len(s.report.Sets)-1].Hidden = secret
}

func (s *Session) hide(v Value) {
	for _, t := range v.taints() {
		s.machine.hidden[t.key()] = true
	}
}
