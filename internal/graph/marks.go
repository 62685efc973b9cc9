package graph

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

// Marks reads from a version of a file the values by whose change git's history
// shows a rotation: version counters of secrets in Terraform, by slot, and the
// dates of rotations in contracts, by name of the contract. For other files it is
// nil. It reads lines: a history is long, and old versions may parse as nothing.
func Marks(file string) func(version []byte) map[string]string {
	switch path.Ext(file) {
	case ".tf", ".tofu":
		prefix := "tf:" + path.Dir(file) + "//"
		return func(version []byte) map[string]string { return versionCounters(prefix, version) }
	case ".yaml", ".yml":
		return rotationDates
	}
	return nil
}

var (
	blockHeader = regex.Lazy(`^(\w+)(?:\s+"([\w-]+)")?(?:\s+"([\w-]+)")?\s*\{`)
	counter     = regex.Lazy(`^\s*(\w*(?:_wo_version|secret_version))\s*=\s*(.*?)\s*(?:(?:#|//).*)?$`)
	versionOf   = regex.Lazy(`^\s*(?:secret|secret_id)\s*=\s*"?(?:\$\{)?((?:aws_secretsmanager_secret|google_secret_manager_secret)\.[\w-]+)`)
)

// versionCounters reads counters like secret_string_wo_version. One of a resource
// that gives another its value counts for that one too.
func versionCounters(prefix string, text []byte) map[string]string {
	found := map[string][]string{}
	var address, target string
	var counters []string
	flush := func() {
		for _, slot := range []string{address, target} {
			if slot != "" && len(counters) > 0 {
				found[prefix+slot] = append(found[prefix+slot], counters...)
			}
		}
		address, target, counters = "", "", nil
	}
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if header := blockHeader().FindSubmatch(line); header != nil {
			flush()
			address = blockAddress(string(header[1]), string(header[2]), string(header[3]))
		} else if match := counter().FindSubmatch(line); match != nil {
			counters = append(counters, string(match[1])+"="+string(match[2]))
		} else if match := versionOf().FindSubmatch(line); match != nil {
			target = string(match[1])
		}
	}
	flush()
	values := map[string]string{}
	for slot, counters := range found {
		slices.Sort(counters)
		values[slot] = strings.Join(counters, "\n")
	}
	return values
}

func blockAddress(kind, first, second string) string {
	switch {
	case kind == "resource" && second != "":
		return first + "." + second
	case kind == "module" && first != "":
		return "module." + first
	}
	return ""
}

var (
	metadataName = regex.Lazy(`^(?:\s+|metadata:\s*\{.*\b)name:\s*["']?([\w.-]+)`)
	lastRotated  = regex.Lazy(`^(?:\s+|status:\s*\{.*\b)lastRotated:\s*["']?([\w:.-]+)`)
)

// rotationDates reads metadata.name and status.lastRotated of each document.
func rotationDates(text []byte) map[string]string {
	values := map[string]string{}
	var name, rotated, under string
	flush := func() {
		if name != "" && rotated != "" {
			values[name] = rotated
		}
		name, rotated, under = "", "", ""
	}
	for line := range bytes.Lines(text) {
		switch {
		case bytes.HasPrefix(line, []byte("---")):
			flush()
			continue
		case len(line) > 0 && line[0] >= 'a' && line[0] <= 'z':
			key, _, _ := bytes.Cut(line, []byte(":"))
			under = string(key)
		}
		if match := metadataName().FindSubmatch(line); match != nil && under == "metadata" && name == "" {
			name = string(match[1])
		}
		if match := lastRotated().FindSubmatch(line); match != nil && under == "status" {
			rotated = string(match[1])
		}
	}
	flush()
	return values
}
