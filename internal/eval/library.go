// Package eval runs policies, written in Rego, over documents. A policy sees one
// document and the time of the run, and nothing else: no network, clock,
// environment or randomness. What a policy gets wrong is an error or a Failure
// that names it; it is never a pass.
package eval

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/policyctl/policyctl/internal/suggest"
)

// Pack is a folder of policies. All packs come through the same door: the
// built-in library is one, the user's own are others.
type Pack struct {
	Label string // path put in front of file names in messages; empty for the built-in library
	FS    fs.FS
	// Trusted packs are laid out as policies/<platform>/<rule_name>/ says (a test
	// holds the built-in library to that), so that a run parses only the
	// policies of platforms that occur in it.
	Trusted bool
}

// root is the first part of the package of every policy.
const root = "policyctl"

// libraryPlatform is the folder of shared Rego.
const libraryPlatform = "lib"

// file is one Rego file of a pack.
type file struct {
	pack     *Pack
	path     string // within the pack
	platform string // known before parsing only for trusted packs
	name     string // of the rule or library
}

func (f file) label() string { return path.Join(f.pack.Label, f.path) }

// files lists the Rego files of a pack; tests only if asked for.
func (p *Pack) files(tests bool) ([]file, error) {
	var all []file
	err := fs.WalkDir(p.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read policies: %w", err)
		}
		if entry.IsDir() || path.Ext(name) != ".rego" || strings.HasSuffix(name, "_test.rego") != tests {
			return nil
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is no regular file", path.Join(p.Label, name))
		}
		f := file{pack: p, path: name}
		if parts := strings.Split(name, "/"); len(parts) == 3 {
			f.platform, f.name = parts[0], parts[1]
		}
		all = append(all, f)
		return nil
	})
	return all, err
}

// parse reads a file. Annotations are part of a rule, so they are parsed too.
func (f file) parse() (*ast.Module, error) {
	text, err := fs.ReadFile(f.pack.FS, f.path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	module, err := ast.ParseModuleWithOpts(f.label(), string(text), ast.ParserOptions{
		ProcessAnnotation: true,
		RegoVersion:       ast.RegoV1,
		Capabilities:      capabilities(),
	})
	if err != nil {
		return nil, regoError(err)
	}
	if module == nil {
		return nil, fmt.Errorf("%s:1:1: the file holds no package; remove it, or write a policy", f.label())
	}
	return module, nil
}

// identity reads platform and name of a module from its package, which is what
// identifies a rule.
func identity(module *ast.Module, platforms []string) (platform, name string, err error) {
	var parts []string
	for _, term := range module.Package.Path[1:] { // the first is "data"
		if text, ok := term.Value.(ast.String); ok {
			parts = append(parts, string(text))
		}
	}
	at := module.Package.Location
	where := fmt.Sprintf("%s:%d:%d", at.File, at.Row, at.Col)
	if len(parts) != 3 || parts[0] != root {
		return "", "", fmt.Errorf("%s: package %s: want policyctl.<platform>.<rule_name>, or policyctl.lib.<name>", where, strings.Join(parts, "."))
	}
	if parts[1] != libraryPlatform && !slices.Contains(platforms, parts[1]) {
		message := fmt.Sprintf("%s: unknown platform %q, want one of %s", where, parts[1], strings.Join(platforms, ", "))
		if near := suggest.Nearest(parts[1], platforms); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		}
		return "", "", fmt.Errorf("%s", message)
	}
	return parts[1], parts[2], nil
}

// regoError words the errors of OPA as file:line:column: what is wrong.
func regoError(err error) error {
	errs, ok := err.(ast.Errors)
	if !ok {
		return err
	}
	var lines []string
	for _, e := range errs {
		lines = append(lines, at(e.Location)+e.Message)
	}
	slices.Sort(lines)
	return fmt.Errorf("%s", strings.Join(slices.Compact(lines), "\n"))
}

func at(location *ast.Location) string {
	if location == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d: ", location.File, location.Row, location.Col)
}
