package shell

import (
	"slices"
	"strings"
)

// program runs a program that something is known of.
func (s *Session) program(c *call) (output, bool) {
	switch {
	case c.wraps():
		return s.wrapped(c), true
	case IsShell(c.name):
		return s.subshell(c), true
	case c.name == "env" || c.name == "printenv":
		return s.environment(c), true
	}
	s.report.Opaque = s.report.Opaque || c.startsOthers()
	if c.name == "find" {
		return s.foundOnes(c), true
	}
	if inner := c.within(); len(inner) > 0 {
		return s.runInner(c, inner), true
	}
	s.arguments(c)
	s.verified(c)
	if out, ok := s.fetched(c); ok {
		s.implicit(c)
		out.err = s.verbose(c)
		return out, true
	}
	if c.name == "openssl" && c.text(0) == "s_client" {
		return s.send(c), true
	}
	if how, ok := filters[c.name]; ok {
		return s.filter(c, how), true
	}
	s.implicit(c)
	out, known := s.rendered(c)
	if !known {
		out, known = s.known(c)
	}
	out.err = append(s.verbose(c), out.err...)
	return out, known
}

func (s *Session) known(c *call) (output, bool) {
	s.unverifiedRegistry(c)
	if c.name == "rsync" && !slices.ContainsFunc(c.words(), func(w string) bool { return strings.Contains(w, ":") }) {
		return copyFile(s, c), true
	}
	if slices.Contains(senders, c.name) {
		return s.send(c), true
	}
	if s.login(c) {
		return output{}, true
	}
	if run := special(c.name); run != nil {
		return run(s, c), true
	}
	return output{}, slices.Contains(harmless, c.name)
}

func special(name string) handler {
	switch name {
	case "git":
		return git
	case "tee", "sponge":
		return tee
	case "rm", "shred", "unlink":
		return remove
	case "cp", "mv", "install", "ln":
		return copyFile
	case "xargs", "parallel":
		return xargs
	case "docker", "podman", "buildah", "kaniko", "executor", "nerdctl":
		return container
	case "ssh":
		return remoteShell
	case "buildkite-agent":
		return buildkiteAgent
	case "aws", "gsutil", "gcloud", "az", "gh", "hub", "glab", "mc", "rclone", "s3cmd", "jf", "argo", "tkn", "bk", "circleci":
		return storage
	case "tar", "bsdtar", "gtar", "zip", "7z":
		return packs
	case "unzip", "bsdcat", "patch", "unxz":
		return unpacks
	case "make", "gmake":
		return makes
	case "kubectl", "oc":
		return cluster
	case "npm", "pnpm", "yarn", "bun":
		return packageScripts
	case "dd":
		return diskDump
	case "logger", "wall":
		return prints
	}
	return nil
}
