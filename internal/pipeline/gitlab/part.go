package gitlab

import (
	"bytes"
	"strings"

	"github.com/policyctl/policyctl/internal/glob"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// partOfRoot says whether the project's definition includes a file, directly or
// through others: what it says is then judged there, together with what it
// depends on.
func (g *collector) partOfRoot(file string) bool {
	queue, seen := []string{inFolder(g.project, ".gitlab-ci.yml")}, map[string]bool{}
	for len(queue) > 0 && len(seen) <= maxIncludes {
		next := queue[0]
		queue = queue[1:]
		src := g.files.Read(next)
		if src == nil || seen[next] {
			continue
		}
		seen[next] = true
		all := inclusions(includeOf(src))
		for _, e := range all {
			if g.means(e, file) {
				return true
			}
		}
		for _, e := range all {
			if e.kind == "local" && !strings.Contains(e.ref.Str(), "$") {
				queue = append(queue, g.paths(strings.TrimPrefix(e.ref.Str(), "/"))...)
			}
		}
	}
	return false
}

// means says whether a local include names a file.
func (g *collector) means(e inclusion, file string) bool {
	name := strings.TrimPrefix(e.ref.Str(), "/")
	if e.kind != "local" || name == "" {
		return false
	}
	pattern, err := glob.Parse(inFolder(g.project, name))
	return err == nil && pattern.File(file) || name == file
}

// includeOf reads "include" alone: definitions have hundreds of parts, and each
// asks which of the others include it.
func includeOf(src *lint.Source) *lint.Node {
	block, found := blockOf(src.Data, "include:")
	if !found {
		return nil
	}
	roots, findings := yaml.Read(&lint.Source{Path: src.Path, Data: block})
	if len(findings) > 0 { // it depends on anchors of the rest
		roots, _ = yaml.Read(src)
	}
	for _, root := range roots {
		if include := root.Get("include"); include != nil {
			return include
		}
	}
	return nil
}

// blockOf cuts a key at the left margin and all that belongs to it out of a file.
func blockOf(data []byte, key string) ([]byte, bool) {
	start := 0
	if !bytes.HasPrefix(data, []byte(key)) {
		start = bytes.Index(data, []byte("\n"+key)) + 1
		if start == 0 {
			return nil, false
		}
	}
	end := start + len(key)
	for end < len(data) {
		line := bytes.IndexByte(data[end:], '\n')
		if line < 0 {
			return data[start:], true
		}
		end += line + 1
		if rest := data[end:]; len(rest) > 0 && !bytes.ContainsRune([]byte(" \t\r\n#-]}"), rune(rest[0])) || bytes.HasPrefix(rest, []byte("---")) {
			break
		}
	}
	return data[start:end], true
}
