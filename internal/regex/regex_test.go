package regex

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPatterns reads the program: what is compiled when a package starts is paid
// for by every command, and what is compiled later must compile.
func TestPatterns(t *testing.T) {
	seen := 0
	for name, file := range program(t) {
		for _, decl := range file.Decls {
			if _, ok := decl.(*ast.GenDecl); !ok {
				continue // what a function compiles is compiled when it runs
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if _, ok := n.(*ast.FuncLit); ok {
					return false
				}
				if call, ok := n.(*ast.CallExpr); ok && isCall(call, "regexp", "MustCompile") {
					t.Errorf("%s compiles a pattern at the start of every command: use regex.Lazy", name)
				} else if text, ok := lazy(call); ok {
					seen++
					if _, err := regexp.Compile(text); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
				return true
			})
		}
	}
	if seen < 50 {
		t.Errorf("saw only %d patterns", seen)
	}
}

// program gives the files of the module that are no tests.
func program(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir("../..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func isCall(call *ast.CallExpr, pkg, name string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	of, ok := selector.X.(*ast.Ident)
	return ok && of.Name == pkg
}

// lazy gives the pattern of a call of Lazy, if it is one literal.
func lazy(call *ast.CallExpr) (string, bool) {
	if call == nil || !isCall(call, "regex", "Lazy") {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
