package terraform

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// maxListed bounds the files among which fileset looks, and maxFolders how deep.
const (
	maxListed  = 10_000
	maxFolders = 20
)

// ofText are the functions that make something of the bytes of a file.
var ofText = map[string]func([]byte) string{
	"file":             func(data []byte) string { return string(data) },
	"filebase64":       base64.StdEncoding.EncodeToString,
	"filebase64sha256": func(data []byte) string { sum := sha256.Sum256(data); return base64.StdEncoding.EncodeToString(sum[:]) },
	"filebase64sha512": func(data []byte) string { sum := sha512.Sum512(data); return base64.StdEncoding.EncodeToString(sum[:]) },
	"filemd5":          func(data []byte) string { sum := md5.Sum(data); return hex.EncodeToString(sum[:]) },
	"filesha1":         func(data []byte) string { sum := sha1.Sum(data); return hex.EncodeToString(sum[:]) },
	"filesha256":       func(data []byte) string { sum := sha256.Sum256(data); return hex.EncodeToString(sum[:]) },
	"filesha512":       func(data []byte) string { sum := sha512.Sum512(data); return hex.EncodeToString(sum[:]) },
}

// readsFile evaluates the other functions that look at files.
func (e *evaluator) readsFile(name string, expr *hclsyntax.FunctionCallExpr, args []cty.Value) (cty.Value, bool) {
	switch name {
	case "fileexists":
		return e.fileExists(expr, args), true
	case "fileset":
		return e.fileSet(expr, args), true
	case "templatefile":
		return e.templateFile(expr, args), true
	case "templatestring":
		return e.templateString(expr, args), true
	}
	return cty.NilVal, false
}

// fileFunction evaluates a function that reads a file. It reads within the
// repository only; paths are relative to the root module, as if Terraform ran there.
func (e *evaluator) fileFunction(expr *hclsyntax.FunctionCallExpr, make func([]byte) string, args []cty.Value) cty.Value {
	src, v := e.opened(expr, args)
	if src == nil {
		return v
	}
	if len(src.Data) > maxText || !e.spend(len(src.Data)/textPerStep) {
		return e.fail(expr.Range(), fmt.Sprintf("the file is larger than %d bytes and its content is treated as unknown", maxText), args...)
	}
	return e.keep(e.content(src, make(src.Data)), expr.Range())
}

// content is a text that was made of a file.
func (e *evaluator) content(src *lint.Source, text string) cty.Value {
	v := cty.StringVal(text)
	return v.Mark(&origin{span: src.Whole(), from: "the file " + path.Base(src.Path), value: v})
}

// opened opens the file that the first argument names. Without one, it gives the
// value of the call.
func (e *evaluator) opened(expr *hclsyntax.FunctionCallExpr, args []cty.Value) (*lint.Source, cty.Value) {
	name, known := e.path(args)
	if !known {
		return nil, e.unknown(cty.String, args...)
	}
	if !inRepository(name) {
		e.beyond(expr.Range(), "the file is outside of the repository, its content is treated as unknown")
		return nil, e.unknown(cty.String, args...)
	}
	src := e.loader.open(name)
	if src == nil {
		return nil, e.fail(expr.Range(), "the file is not there, or is no text, and its content is treated as unknown", args...)
	}
	return src, cty.NilVal
}

// beyond is a gap about what may well be there: that fails nothing, within try neither.
func (e *evaluator) beyond(at hcl.Range, message string) {
	e.gaps = append(e.gaps, lint.Gap{Location: e.span(at).Location(), Message: message})
}

// path is the file that the first argument names, from the root of the repository.
func (e *evaluator) path(args []cty.Value) (string, bool) {
	if len(args) == 0 {
		return "", false
	}
	v, _ := args[0].Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	if strings.HasPrefix(v.AsString(), "/") || strings.HasPrefix(v.AsString(), "~") {
		return "..", true
	}
	return path.Join(e.root, v.AsString()), true
}

// within says whether a clean path stays in the repository.
func inRepository(name string) bool { return name != ".." && !strings.HasPrefix(name, "../") }

func (e *evaluator) fileExists(expr *hclsyntax.FunctionCallExpr, args []cty.Value) cty.Value {
	name, known := e.path(args)
	if !known || e.loader.files == nil {
		return e.unknown(cty.Bool, args...)
	}
	if !inRepository(name) {
		e.beyond(expr.Range(), "the file is outside of the repository: whether it exists is not known")
		return e.unknown(cty.Bool, args...)
	}
	folder := e.loader.open(path.Dir(name) + "/")
	return cty.BoolVal(folder != nil && slices.Contains(namesIn(folder), path.Base(name)))
}

func namesIn(folder *lint.Source) []string {
	return strings.Split(strings.TrimSpace(string(folder.Data)), "\n")
}

// fileSet lists the files below a folder that a pattern matches.
func (e *evaluator) fileSet(expr *hclsyntax.FunctionCallExpr, args []cty.Value) cty.Value {
	name, known := e.path(args)
	pattern := ""
	if len(args) == 2 {
		pattern = text([]cty.Value{withoutMarks(args[1])}, 0)
	}
	if !known || pattern == "" {
		return e.unknown(cty.Set(cty.String), args...)
	}
	if !inRepository(name) || e.loader.files == nil || !doublestar.ValidatePattern(pattern) {
		return e.fail(expr.Range(), "the files are outside of the repository, or the pattern cannot be read", args...)
	}
	var found []cty.Value
	listed := 0
	var walk func(below string, depth int) bool
	walk = func(below string, depth int) bool {
		folder := e.loader.open(path.Join(name, below) + "/")
		if folder == nil {
			return true
		}
		for _, entry := range namesIn(folder) {
			if listed++; listed > maxListed || depth > maxFolders || !e.spend(1) {
				return false
			}
			file := path.Join(below, entry)
			if strings.HasSuffix(entry, "/") {
				if !walk(file, depth+1) {
					return false
				}
			} else if match, _ := doublestar.Match(pattern, file); match && entry != "" {
				found = append(found, cty.StringVal(file))
			}
		}
		return true
	}
	if !walk("", 0) {
		return e.fail(expr.Range(), fmt.Sprintf("there are more than %d files, or folders are nested too deep", maxListed), args...)
	}
	if len(found) == 0 {
		return cty.SetValEmpty(cty.String)
	}
	return e.keep(cty.SetVal(found), expr.Range())
}

func withoutMarks(v cty.Value) cty.Value {
	v, _ = v.Unmark()
	return v
}

// templateFile fills in a template that stands in a file of its own.
func (e *evaluator) templateFile(expr *hclsyntax.FunctionCallExpr, args []cty.Value) cty.Value {
	src, v := e.opened(expr, args)
	switch {
	case src == nil:
		return v
	case len(args) != 2:
		return e.fail(expr.Range(), "templatefile takes a path and the values of names", args...)
	}
	return e.filled(expr.Range(), e.loader.template(src), args)
}

// template reads a template that stands in a file, once.
func (l *loader) template(src *lint.Source) hclsyntax.Expression {
	template, known := l.templates[src.Path]
	if !known {
		if l.places[src.Path].span.Source == nil {
			l.places[src.Path] = place{span: src.Whole()}
		}
		template = parseTemplate(src.Data, src.Path)
		l.templates[src.Path] = template
	}
	return template
}

// templateString fills in a template that is a text. Where its parts stand is not
// known: they are where the text is.
func (e *evaluator) templateString(expr *hclsyntax.FunctionCallExpr, args []cty.Value) cty.Value {
	if len(args) != 2 {
		return e.unknown(cty.String, args...)
	}
	return e.rendered(expr.Args[0].Range(), args)
}

// rendered is a template, which stands somewhere, with the values that it is given.
func (e *evaluator) rendered(stands hcl.Range, args []cty.Value) cty.Value {
	plain, marks := args[0].Unmark()
	if !plain.IsKnown() || plain.IsNull() || plain.Type() != cty.String {
		return e.unknown(cty.String, args...)
	}
	name := fmt.Sprintf("%s#template%d", stands.Filename, stands.Start.Byte)
	e.loader.places[name] = place{span: e.span(stands), fixed: true}
	return e.filled(stands, parseTemplate([]byte(plain.AsString()), name), args).WithMarks(withoutOrigins(marks))
}

// parseTemplate reads a template; nil stands for one that cannot be read.
func parseTemplate(data []byte, name string) (expr hclsyntax.Expression) {
	defer func() {
		if recover() != nil {
			expr = nil
		}
	}()
	if len(data) > maxText {
		return nil
	}
	tokens, _ := hclsyntax.LexTemplate(data, name, hcl.InitialPos)
	if _, deep := nesting(tokens); deep {
		return nil
	}
	expr, diagnostics := hclsyntax.ParseTemplate(data, name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil
	}
	return expr
}

// filled evaluates a template with nothing but the names that it is given.
func (e *evaluator) filled(at hcl.Range, template hclsyntax.Expression, args []cty.Value) cty.Value {
	if template == nil {
		return e.fail(at, "the template cannot be read and is treated as unknown", args...)
	}
	if !withoutMarks(args[1]).IsKnown() {
		return e.unknown(cty.String, args...)
	}
	in, ok := e.names(args[1])
	if !ok {
		return e.fail(at, "the values of names are no map", args...)
	}
	return e.eval(template, in)
}

// names are those that a template is given.
func (e *evaluator) names(all cty.Value) (*scope, bool) {
	values, marks := all.Unmark()
	if !values.IsKnown() || values.IsNull() || !values.Type().IsObjectType() && !values.Type().IsMapType() {
		return nil, false
	}
	in := &scope{names: map[string]cty.Value{}, sealed: true}
	for it := values.ElementIterator(); it.Next() && e.spend(1); {
		key, value := it.Element()
		in.names[key.AsString()] = value.WithMarks(marks)
	}
	return in, true
}

// here is a path of the module, as Terraform sees it from the root.
func (e *evaluator) here(name string) cty.Value {
	switch name {
	case "root":
		return cty.StringVal(".")
	case "module":
		return cty.StringVal(relative(e.root, e.module.dir))
	}
	return refer(cty.UnknownVal(cty.String), "path."+name)
}

// relative is the way from one folder to another.
func relative(from, to string) string {
	a, b := strings.Split(path.Clean(from), "/"), strings.Split(path.Clean(to), "/")
	if a[0] == "." {
		a = a[1:]
	}
	if b[0] == "." {
		b = b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return path.Join(append(slices.Repeat([]string{".."}, len(a)), append(b, ".")...)...)
}

// decoded reads what file gives, so that each part stands at its own line.
func (e *evaluator) decoded(called string, args []cty.Value) (cty.Value, bool) {
	if called != "jsondecode" && called != "yamldecode" || len(args) != 1 || e.fixed.Source != nil {
		return cty.NilVal, false
	}
	v, marks := args[0].Unmark()
	all := origins(marks)
	if len(all) != 1 || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || string(all[0].span.Text()) != v.AsString() || !e.spend(len(v.AsString())/textPerStep) {
		return cty.NilVal, false
	}
	docs, findings := yaml.Read(&lint.Source{Path: "text." + strings.TrimSuffix(called, "decode"), Data: []byte(v.AsString())})
	if len(findings) > 0 || len(docs) != 1 {
		return cty.NilVal, false
	}
	whole := fromNode(docs[0], all[0]).WithMarks(withoutOrigins(marks))
	if steps, ok := size(whole); !ok || !e.spend(steps) {
		return cty.NilVal, false
	}
	return whole, true
}

// part is a part of a text that a file holds.
func (o *origin) part(node *lint.Node, v cty.Value) cty.Value {
	if o == nil {
		return v
	}
	at := lint.Span{Source: o.span.Source, Start: o.span.Start + node.Span.Start, End: o.span.Start + node.Span.End}
	return v.Mark(&origin{span: at, from: o.from, value: v})
}

// maxAsked bounds the files that are asked whether they fill in a template.
const maxAsked = 100

// FillsIn says whether a module beside a file, or above it, calls templatefile for it:
// then it is a template, whatever its name says.
func FillsIn(src *lint.Source, files func(string) *lint.Source) bool {
	if files == nil || !bytes.Contains(src.Data, []byte("${")) && !bytes.Contains(src.Data, []byte("%{")) {
		return false
	}
	name, asked := []byte(path.Base(src.Path)), 0
	for dir, up := path.Dir(src.Path), 0; up < 3; dir, up = path.Dir(dir), up+1 {
		listing := files(dir + "/")
		if listing == nil {
			continue
		}
		for _, entry := range namesIn(listing) {
			if extension(entry) == "" || asked >= maxAsked {
				continue
			}
			asked++
			by := files(path.Join(dir, entry))
			if by != nil && bytes.Contains(by.Data, []byte("templatefile(")) && bytes.Contains(by.Data, name) {
				return true
			}
		}
		if dir == "." {
			break
		}
	}
	return false
}
