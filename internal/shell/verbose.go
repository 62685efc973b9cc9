package shell

import (
	"slices"
	"strings"
)

// verbose is a switch that makes a program print what it sends or is given.
type verbose struct {
	program   string
	flags     []string
	variables []string // of the environment, that do the same
	wholeEnv  bool     // what it prints may be any of its variables
}

var verboses = []verbose{
	{"curl", []string{"-v", "--verbose", "--trace", "--trace-ascii"}, nil, false},
	{"wget", []string{"-d", "--debug"}, nil, false},
	{"http", []string{"-v", "--verbose"}, nil, false},
	{"https", []string{"-v", "--verbose"}, nil, false},
	{"git", nil, []string{"GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE"}, false},
	{"az", []string{"--debug"}, nil, false},
	{"aws", []string{"--debug"}, nil, false},
	{"gcloud", []string{"--log-http", "--verbosity=debug"}, nil, false},
	{"docker", []string{"--debug", "-D"}, nil, false},
	{"helm", []string{"--debug"}, nil, false},
	{"kubectl", []string{"-v=8", "-v=9", "-v=10", "--v=8", "--v=9", "--v=10"}, nil, false},
	{"npm", []string{"--loglevel=silly", "silly", "-ddd"}, []string{"NPM_CONFIG_LOGLEVEL"}, false},
	{"mvn", []string{"-X", "--debug"}, nil, false},
	{"terraform", nil, []string{"TF_LOG"}, true},
	{"tofu", nil, []string{"TF_LOG"}, true},
	{"terragrunt", nil, []string{"TF_LOG"}, true},
	{"ansible-playbook", []string{"-vvv", "-vvvv", "-vvvvv"}, nil, true},
	{"ansible", []string{"-vvv", "-vvvv", "-vvvvv"}, nil, true},
}

// verbose is what a program prints because it was told to be noisy.
func (s *Session) verbose(c *call) (noise stream) {
	for _, v := range verboses {
		if v.program != c.name {
			continue
		}
		sign := s.switchedOn(c, v)
		if sign == "" {
			continue
		}
		printed := joined(append(slices.Clone(c.args), c.in.value())...)
		noise = append(noise, emission{value: printed, command: sign, likely: true})
		if !v.wholeEnv {
			continue
		}
		for _, e := range s.dump(false, sign, c.at(), c.start, c.end) {
			e.likely = true
			noise = append(noise, e)
		}
	}
	return noise
}

// switchedOn is the switch as it is written, "" if there is none.
func (s *Session) switchedOn(c *call, v verbose) string {
	for _, a := range c.args {
		t := a.text()
		isShort := c.name == "curl" && len(t) > 1 && t[0] == '-' && t[1] != '-' && strings.Trim(t[1:], "sSfLkvgGIiN#") == "" && strings.Contains(t, "v")
		if slices.Contains(v.flags, t) || isShort {
			return c.name + " " + t
		}
	}
	for _, name := range v.variables {
		value, ok := s.lookup(name)
		if text := strings.ToLower(value.text()); ok && !slices.Contains([]string{"", "0", "false", "off", "no", "info", "warn", "error", "warning", "notice", "silent"}, text) {
			return name
		}
	}
	return ""
}
