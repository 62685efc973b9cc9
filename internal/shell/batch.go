package shell

import "strings"

func (s *Session) batch(u *unit) {
	s.runLoose(batchDialect, u, s.batchCommand)
}

func (s *Session) batchCommand(c *call) output {
	name := strings.ToLower(strings.TrimPrefix(c.full, "@"))
	line := strings.ToLower(strings.TrimSpace(name + " " + spaced(c.args).text()))
	if line == "echo off" {
		s.trace = false
	}
	for _, a := range c.args {
		s.traced(a)
	}
	switch {
	case name == "rem" || strings.HasPrefix(name, "::") || strings.HasPrefix(name, ":"):
		return output{}
	case name == "echo" || name == "echo.":
		return c.print(joined(spaced(c.args), newline))
	case name == "set":
		return s.batchSet(c)
	case name == "if" || name == "for":
		return s.batchAfter(c)
	case name == "call" || name == "start" || name == "cmd":
		return s.batchRest(c)
	case name == "type":
		return getContent(s, c)
	case name == "del" || name == "erase":
		return remove(s, c)
	case name == "setlocal" || name == "endlocal" || name == "exit" || name == "goto" || name == "cd" || name == "pushd" || name == "popd" || name == ")" || name == "(":
		return output{}
	case name == "setx":
		return output{}
	}
	return s.external(c)
}

// batchSet runs set: an assignment, or a print of every variable.
func (s *Session) batchSet(c *call) output {
	if len(c.args) == 0 {
		return output{out: s.dump(false, "set", c.at(), c.start, c.end)}
	}
	args := c.args
	if t := strings.ToLower(args[0].text()); t == "/a" || t == "/p" {
		return output{}
	}
	v := spaced(args)
	name, _, ok := strings.Cut(v.text(), "=")
	if ok {
		s.set(strings.Trim(name, `"`), v.after(len(name)+1).Through(name+" is set here", c.at()), nil, true)
	}
	return output{}
}

// batchAfter runs what stands behind the condition of an if.
func (s *Session) batchAfter(c *call) output {
	for i, a := range c.args {
		switch strings.ToLower(a.text()) {
		case "echo", "set", "call", "curl", "del", "type", "(echo", "do":
			inner := *c
			inner.full, inner.args = strings.TrimPrefix(a.text(), "("), c.args[i+1:]
			if strings.EqualFold(a.text(), "do") {
				return s.batchRest(&inner)
			}
			s.weak++
			defer func() { s.weak-- }()
			return s.batchCommand(&inner)
		}
	}
	return output{}
}

func (s *Session) batchRest(c *call) output {
	args := c.args
	for len(args) > 0 && strings.HasPrefix(args[0].text(), "/") {
		args = args[1:]
	}
	if len(args) == 0 || s.depth >= maxDepth {
		return output{}
	}
	s.depth++
	defer func() { s.depth-- }()
	inner := *c
	inner.full, inner.args = args[0].text(), args[1:]
	return s.batchCommand(&inner)
}
