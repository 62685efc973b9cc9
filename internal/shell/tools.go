package shell

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// login is a command by which a tool writes a credential to disk.
type login struct {
	words  string // that the command begins with, flags left out
	path   string
	always bool // not only if a secret is among its words or input
	undo   string
}

var logins = []login{
	{"docker login", "~/.docker/config.json", true, "docker logout"},
	{"podman login", "${XDG_RUNTIME_DIR}/containers/auth.json", true, "podman logout"},
	{"buildah login", "${XDG_RUNTIME_DIR}/containers/auth.json", true, "buildah logout"},
	{"skopeo login", "${XDG_RUNTIME_DIR}/containers/auth.json", true, "skopeo logout"},
	{"nerdctl login", "~/.docker/config.json", true, "nerdctl logout"},
	{"crane auth login", "~/.docker/config.json", true, "crane auth logout"},
	{"oras login", "~/.docker/config.json", true, "oras logout"},
	{"cosign login", "~/.docker/config.json", true, ""},
	{"helm registry login", "~/.config/helm/registry/config.json", true, "helm registry logout"},
	{"helm repo add", "~/.config/helm/repositories.yaml", false, "helm repo remove"},
	{"npm login", "~/.npmrc", true, "npm logout"},
	{"npm config set", "~/.npmrc", false, "npm config delete"},
	{"npm set", "~/.npmrc", false, ""},
	{"pnpm config set", "~/.npmrc", false, ""},
	{"pnpm set", "~/.npmrc", false, ""},
	{"yarn config set", "~/.yarnrc.yml", false, ""},
	{"pip config set", "~/.config/pip/pip.conf", false, ""},
	{"poetry config", "~/.config/pypoetry/auth.toml", false, ""},
	{"aws configure set", "~/.aws/credentials", false, ""},
	{"gcloud auth activate-service-account", "~/.config/gcloud", true, "gcloud auth revoke"},
	{"gcloud auth login", "~/.config/gcloud", true, "gcloud auth revoke"},
	{"az login", "~/.azure", true, "az logout"},
	{"azd auth login", "~/.azd", true, "azd auth logout"},
	{"gh auth login", "~/.config/gh/hosts.yml", true, "gh auth logout"},
	{"gh auth setup-git", "~/.gitconfig", true, ""},
	{"glab auth login", "~/.config/glab-cli/config.yml", true, "glab auth logout"},
	{"kubectl config set-credentials", "~/.kube/config", true, "kubectl config unset"},
	{"oc login", "~/.kube/config", true, "oc logout"},
	{"cargo login", "~/.cargo/credentials.toml", true, "cargo logout"},
	{"dotnet nuget add source", "~/.nuget/NuGet/NuGet.Config", false, "dotnet nuget remove source"},
	{"dotnet nuget update source", "~/.nuget/NuGet/NuGet.Config", false, ""},
	{"nuget sources add", "~/.nuget/NuGet/NuGet.Config", false, "nuget sources remove"},
	{"composer config", "auth.json", false, ""},
	{"bundle config", "~/.bundle/config", false, ""},
	{"bundle config set", "~/.bundle/config", false, ""},
	{"vault login", "~/.vault-token", true, "vault token revoke"},
	{"doctl auth init", "~/.config/doctl/config.yaml", true, ""},
	{"flyctl auth", "~/.fly/config.yml", false, ""},
	{"snyk auth", "~/.config/configstore/snyk.json", true, ""},
	{"snyk config set", "~/.config/configstore/snyk.json", false, ""},
	{"rclone config create", "~/.config/rclone/rclone.conf", false, ""},
	{"mc alias set", "~/.mc/config.json", true, "mc alias remove"},
	{"jf config add", "~/.jfrog", true, "jf config remove"},
	{"jf c add", "~/.jfrog", true, "jf c rm"},
	{"jfrog config add", "~/.jfrog", true, ""},
	{"argocd login", "~/.config/argocd/config", true, "argocd logout"},
	{"databricks configure", "~/.databrickscfg", true, ""},
	{"pulumi login", "~/.pulumi/credentials.json", true, "pulumi logout"},
	{"pulumi config set", "Pulumi.yaml", false, ""},
	{"heroku authorizations", "~/.netrc", false, ""},
	{"conan remote login", "~/.conan2/credentials.json", false, "conan remote logout"},
	{"conan user", "~/.conan/.conan.db", false, ""},
	{"ibmcloud login", "~/.bluemix", true, "ibmcloud logout"},
	{"op signin", "~/.config/op", true, "op signout"},
	{"turbo login", "~/.turbo/config.json", true, ""},
	{"terraform login", "~/.terraform.d/credentials.tfrc.json", true, "terraform logout"},
	{"circleci setup", "~/.circleci/cli.yml", true, ""},
	{"luarocks upload", "", false, ""},
}

// login notes a command that writes or removes a credential file. The answer says
// whether it was one.
func (s *Session) login(c *call) bool {
	line := strings.Join(append([]string{c.name}, c.words()...), " ") + " "
	found := false
	for _, l := range logins {
		if l.undo != "" && strings.HasPrefix(line, l.undo+" ") {
			s.remove(l.path)
			found = true
		}
		if !strings.HasPrefix(line, l.words+" ") || l.path == "" {
			continue
		}
		found = true
		v := joined(append(slices.Clone(c.args), c.in.value(), s.filesOf(c))...)
		if !v.Tainted() && !l.always {
			continue
		}
		path := CleanPath(l.path)
		if path == "~/.npmrc" && projectOnly(c.line()+" ") {
			path = ".npmrc"
		}
		s.machine.file(path, l.words, v, c.at())
		if v.Tainted() {
			s.machine.contents[path] = v
		}
	}
	return found
}

// projectOnly holds for settings of npm that go into the folder of the project.
func projectOnly(line string) bool {
	return strings.Contains(line, " --location=project ") || strings.Contains(line, " --location project ") || strings.Contains(line, " -L project ")
}

// filesOf is what is known of the files that a command names.
func (s *Session) filesOf(c *call) Value {
	var all []Value
	for _, a := range c.args {
		name := fileOf(a.text())
		if v, ok := s.content(name); ok {
			all = append(all, v)
		}
		for _, file := range slices.Sorted(maps.Keys(s.machine.contents)) {
			if matched, _ := path.Match(s.absolute(name), file); matched && strings.ContainsAny(name, "*?") {
				all = append(all, s.machine.contents[file])
			}
		}
	}
	return joined(all...)
}

// git keeps URLs and settings, and sends to the hosts of its URLs.
func git(s *Session, c *call) output {
	s.checkout(c)
	if out := s.archived(c); len(out.out) > 0 {
		return out
	}
	if out := s.fileOfChange(c); len(out.out) > 0 {
		return out
	}
	for i, a := range c.args {
		text := plainText(a)
		if scheme, rest, ok := strings.Cut(text, "://"); ok && a.Tainted() {
			rest, _, _ = strings.Cut(rest, "/")
			if strings.Contains(rest, "@") {
				s.sink("git_remote", a, Sink{Command: gitCommand(c), Host: hostOf(a, true), Scheme: schemeOf(scheme), InURL: true, Unverified: s.unverified(c)})
				if words := c.words(); slices.Contains(words, "clone") || slices.Contains(words, "remote") || slices.Contains(words, "config") || slices.Contains(words, "submodule") {
					s.gitFile(c, a)
				}
			}
			continue
		}
		if a.Tainted() && slices.Contains(c.words(), "config") && i > 0 {
			s.gitFile(c, a)
		}
	}
	s.committed(c, c.words())
	if slices.Contains(c.words(), "config") && c.has("--unset", "--unset-all", "--remove-section") {
		s.remove(gitConfig(c))
	}
	if slices.Contains(c.words(), "credential") || slices.Contains(c.words(), "credential-store") {
		if v := c.in.value(); v.Tainted() {
			s.machine.file("~/.git-credentials", "git credential", v, c.at())
		}
	}
	return output{}
}

func (s *Session) gitFile(c *call, v Value) {
	s.machine.file(gitConfig(c), gitCommand(c), v, c.at())
	s.machine.contents[gitConfig(c)] = v.Through("git writes it to "+gitConfig(c)+" here", c.at())
}

func gitConfig(c *call) string {
	if c.has("--global") {
		return "~/.gitconfig"
	}
	return ".git/config"
}

// gitCommand is git with its subcommand.
func gitCommand(c *call) string {
	for i, a := range c.args {
		if t := a.text(); !strings.HasPrefix(t, "-") && (i == 0 || c.text(i-1) != "-c" && c.text(i-1) != "-C") && !a.Tainted() {
			return shortened("git " + t)
		}
	}
	return "git"
}

// container runs docker and its relatives: build arguments, variables and
// commands within containers.
func container(s *Session, c *call) output {
	words := c.words()
	switch {
	case slices.Contains(words, "build") || slices.Contains(words, "buildx") || slices.Contains(words, "bud") || c.name == "executor" || c.name == "kaniko":
		s.buildArguments(c)
		s.image(c)
	case slices.Contains(words, "compose"):
		s.other(c)
	case slices.Contains(words, "save"):
		return s.saved(c)
	case slices.Contains(words, "run") || slices.Contains(words, "exec"):
		return s.contained(c)
	}
	return output{}
}

func (s *Session) buildArguments(c *call) {
	for i, a := range c.args {
		v := a
		switch {
		case strings.HasPrefix(a.text(), "--build-arg="):
			v = a.after(len("--build-arg="))
		case i == 0 || c.text(i-1) != "--build-arg":
			continue
		}
		name, _, assigned := strings.Cut(v.text(), "=")
		if !assigned {
			s.read(name)
			v = s.variableAt(name, v)
		}
		if v.Tainted() {
			s.sink("image", v, Sink{Command: c.name + " build", Variable: name})
			s.built(c, v)
		}
	}
}

// variableAt is a variable that a word names without a sign.
func (s *Session) variableAt(name string, word Value) Value {
	v, ok := s.lookup(name)
	if !ok || len(word.pieces) == 0 {
		return Value{}
	}
	p := word.pieces[0]
	return v.moved(p.unit, p.start, p.end)
}

// contained runs the command of docker run and exec, with the variables that it
// is given and no others.
func (s *Session) contained(c *call) output {
	given := map[string]Value{}
	for i, a := range c.args {
		v := a
		switch {
		case strings.HasPrefix(a.text(), "--env="):
			v = a.after(len("--env="))
		case i == 0 || c.text(i-1) != "-e" && c.text(i-1) != "--env":
			continue
		}
		name, _, assigned := strings.Cut(v.text(), "=")
		if assigned {
			given[name] = v.after(len(name) + 1)
			continue
		}
		s.read(name)
		given[name] = s.variableAt(name, v)
	}
	for i, a := range c.args {
		if file, ok := strings.CutPrefix(a.text(), "--env-file="); ok {
			s.listed(file, given)
		} else if i > 0 && c.text(i-1) == "--env-file" {
			s.listed(a.text(), given)
		}
	}
	inner := *c
	for i, a := range c.args {
		if t := a.text(); IsShell(t) && i+1 < len(c.args) {
			inner.full, inner.args = t, c.args[i+1:]
			return s.isolated(given, &inner)
		}
	}
	return output{}
}

// listed adds the variables of a file for docker run. A name alone stands for the variable
// of the script; a file that nobody knows may name every one.
func (s *Session) listed(file string, given map[string]Value) {
	v, ok := s.content(file)
	if script := s.find(file); !ok && script != nil {
		v, ok = newUnit(script).literal(0, len(script.Text), ""), true
	}
	if !ok {
		s.report.Opaque = true
		return
	}
	for _, line := range v.lines() {
		name, _, assigned := strings.Cut(line.text(), "=")
		name = strings.TrimSpace(name)
		switch {
		case assigned:
			given[name] = line.after(strings.Index(line.text(), "=") + 1)
		case name != "" && !strings.HasPrefix(name, "#"):
			s.read(name)
			given[name] = s.variableAt(name, line)
		}
	}
}

func (s *Session) isolated(given map[string]Value, c *call) output {
	before, journal := s.variables, s.journal
	s.variables, s.journal = map[string]*variable{}, nil
	for name, v := range given {
		if len(v.pieces) > 0 {
			s.variables[name] = &variable{value: v.named(name), exported: true}
		}
	}
	out := s.rest(c, append([]Value{Literal(c.full)}, c.args...))
	s.variables, s.journal = before, journal
	return out
}

// harmless programs do what their words say: they read no variables of others,
// and print no secrets.
var harmless = []string{
	"ls", "mkdir", "rmdir", "chmod", "chown", "chgrp", "touch", "ln", "find", "du", "df", "stat", "file", "date", "sleep", "seq", "expr", "which", "whereis", "whoami", "id",
	"hostname", "uname", "nproc", "free", "ps", "top", "wc", "diff", "cmp", "comm", "unzip", "mktemp", "realpath", "readlink", "truncate", "cp", "mv",
	"test", "[", "true", "false", "yes", "clear", "tput", "stty", "tty", "sync", "mount", "umount", "systemctl", "service", "apt", "apt-get", "apk", "yum", "dnf", "brew",
	"dpkg", "rpm", "snap", "add-apt-repository", "update-alternatives", "locale-gen", "useradd", "usermod", "groupadd", "passwd", "chpasswd", "visudo", "crontab",
	"ssh-keyscan", "ssh-keygen", "ssh-add", "ssh-agent", "killall", "pkill", "pgrep", "lsof", "ip", "ifconfig", "netstat", "ss", "iptables", "route", "arp", "getent",
	"openssl", "keytool", "security", "codesign", "xcrun", "certutil", "jarsigner", "csplit", "patch", "pwd", "printf", "echo", "shuf", "bc", "dc", "factor", "cal", "uptime",
	"kubectl", "gh", "hub", "aws", "az", "gcloud", "gsutil", "helm", "docker", "git", "mysql", "psql", "mongo", "redis-cli", "mysqldump", "pg_dump", "createdb", "dropdb",
}

// starting are options by which programs that are harmless start others.
var starting = []string{"-exec", "-execdir", "-ok", "-okdir", "--checkpoint-action", "--compress-program", "--to-command", "--use-compress-program"}

// startsOthers says whether a command starts what nobody followed.
func (c *call) startsOthers() bool {
	return slices.ContainsFunc(c.args, func(arg Value) bool {
		option, _, _ := strings.Cut(arg.text(), "=")
		return slices.Contains(starting, option)
	})
}

// implicit notes the variables that a program is known to read by itself.
func (s *Session) implicit(c *call) {
	patterns, ok := implicitVariables[c.name]
	if !ok {
		return
	}
	for name := range s.variables {
		for _, pattern := range patterns {
			if name == pattern || strings.HasSuffix(pattern, "*") && strings.HasPrefix(name, strings.TrimSuffix(pattern, "*")) {
				s.read(name)
			}
		}
	}
}

var implicitVariables = map[string][]string{
	"gh": {"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}, "hub": {"GITHUB_TOKEN"},
	"glab": {"GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"}, "aws": {"AWS_*"}, "az": {"AZURE_*", "ARM_*"}, "gcloud": {"CLOUDSDK_*", "GOOGLE_*"}, "gsutil": {"GOOGLE_*", "AWS_*"},
	"kubectl": {"KUBECONFIG", "AWS_*"}, "helm": {"HELM_*", "KUBECONFIG", "AWS_*"}, "docker": {"DOCKER_*"}, "git": {"GIT_*"}, "psql": {"PG*"}, "pg_dump": {"PG*"},
	"mysql": {"MYSQL_*"}, "mysqldump": {"MYSQL_*"}, "redis-cli": {"REDISCLI_AUTH"}, "sshpass": {"SSHPASS"}, "rsync": {"RSYNC_*"}, "wget": {"http_proxy", "https_proxy"},
	"curl": {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"},
}
