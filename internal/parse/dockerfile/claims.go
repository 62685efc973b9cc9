package dockerfile

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Claims says whether a file is a Dockerfile by its name: Dockerfile,
// Containerfile, with a suffix (Dockerfile.dev, Dockerfile-dev) or as one
// (api.Dockerfile). A name that could as well be that of another file
// (dockerfile.go, Dockerfile.md) needs a first instruction that fits. Templates
// under names of their own (Dockerfile.j2) are not Dockerfiles yet.
func Claims(src *lint.Source) bool {
	name := strings.ToLower(path.Base(src.Path))
	for _, base := range []string{"dockerfile", "containerfile"} {
		if name == base || strings.HasSuffix(name, "."+base) {
			return true
		}
		if suffix, ok := strings.CutPrefix(name, base); ok && strings.ContainsRune(".-_", rune(suffix[0])) {
			return claimsSuffix(path.Ext(name), src.Data)
		}
	}
	return false
}

// notBuilt are suffixes of files that belong to a Dockerfile and are none.
var notBuilt = []string{
	".dockerignore", ".md", ".rst", ".adoc", ".html", ".log", ".lock", ".sig", ".asc", ".orig", ".rej", ".patch", ".diff",
	".tmpl", ".tpl", ".gotmpl", ".template", ".j2", ".jinja", ".jinja2", ".erb", ".eex", ".mustache", ".hbs", ".ejs", ".liquid", ".in", ".m4", ".cue",
}

// otherLanguages are suffixes that files of source code have, and Dockerfiles
// for that language as well.
var otherLanguages = []string{
	".c", ".cfg", ".conf", ".cpp", ".cs", ".go", ".h", ".java", ".js", ".json", ".jsonc", ".kt", ".lua", ".php", ".pl", ".ps1", ".py", ".rb",
	".rego", ".rs", ".scala", ".sh", ".snap", ".swift", ".tf", ".toml", ".ts", ".txt", ".vim", ".xml", ".yaml", ".yml",
}

func claimsSuffix(suffix string, data []byte) bool {
	switch {
	case slices.Contains(notBuilt, suffix):
		return false
	case slices.Contains(otherLanguages, suffix):
		return firstInstruction().Match(firstCode(data))
	}
	return true
}

var firstInstruction = regex.Lazy(`(?i)^(?:FROM\s+(?:--\S+\s+)*\S+(?:\s+AS\s+\S+)?|ARG\s+\w+(?:=.*)?)\s*$`)

// firstCode is the first line that is neither empty nor a comment.
func firstCode(data []byte) []byte {
	for line := range bytes.Lines(bytes.TrimPrefix(data, byteOrderMark)) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return line
		}
	}
	return nil
}
