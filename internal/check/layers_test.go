package check_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/policyctl/policyctl"

// layers are the packages from top to bottom. A package imports only what
// stands below its own line. A pattern that ends in /* stands for one more part; a
// package that is named by itself counts as that.
var layers = [][]string{
	{"cmd/policyctl"},
	{"internal/github"},
	{"internal/check", "reports"},
	{"internal/scan", "internal/draft", "internal/inventory", "internal/diagram", "internal/blast", "internal/flows"},
	{"internal/pipeline/pipelinetest"},
	{"internal/graph", "internal/pipeline", "internal/parse"},
	{"internal/contract", "internal/archive", "internal/discover", "internal/eval", "internal/gate", "internal/config"},
	{"internal/fix"},
	{"internal/contract/edit"},
	{"internal/pipeline/*"},
	{"internal/parse/*", "scanner", "scanner/internal/generate", "internal/git"},
	{"scanner/internal/train", "internal/helm", "internal/parse/partial"},
	{"internal/yaml", "scanner/internal/judge", "internal/pipeline/expression", "internal/glob", "internal/codeowners"},
	{"internal/pipeline/model"},
	{"internal/shell"},
	{"internal/lint", "internal/suggest", "internal/escape", "internal/made", "policies", "rules", "scanner/internal/words"},
	{"internal/regex"},
}

func layer(name string) int {
	named := slices.IndexFunc(layers, func(patterns []string) bool { return slices.Contains(patterns, name) })
	if named >= 0 {
		return named
	}
	return slices.IndexFunc(layers, func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			matched, _ := path.Match(pattern, name)
			return matched
		})
	})
}

func TestImportsGoDown(t *testing.T) {
	list := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	var problems bytes.Buffer
	list.Stderr = &problems
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	seen := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		from := strings.TrimPrefix(p.ImportPath, module+"/")
		if layer(from) < 0 {
			t.Errorf("%s belongs to no layer: choose one", from)
			continue
		}
		for _, imported := range p.Imports {
			// A check is offline: nothing below the commands can open a connection but
			// the package for GitHub, which nothing below them imports, and what a
			// policy may call is an allow list without the network.
			online := imported == "net" || strings.HasPrefix(imported, "net/") && imported != "net/url" && imported != "net/netip"
			if online && from != "internal/github" {
				t.Errorf("%s imports %s: a check does not touch the network", from, imported)
			}
			to, ours := strings.CutPrefix(imported, module+"/")
			if ours && layer(to) <= layer(from) {
				t.Errorf("%s imports %s, which does not stand below it", from, to)
			}
		}
	}
	if seen < 15 {
		t.Errorf("go list knows only %d packages", seen)
	}
}
