package terraform

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
)

// maxDiagnostics bounds the syntax findings of one file: after a few, the rest
// are consequences.
const maxDiagnostics = 5

// loader reads files into modules, each directory once.
type loader struct {
	places   places
	findings []lint.Finding
	gaps     []lint.Gap

	files     func(string) *lint.Source // of the repository; nil gives nothing
	checked   map[string][]*lint.Source // the files of the unit, by directory
	modules   map[string]*module
	reached   map[string]bool // directories whose modules something calls
	manifests map[string]map[string]string
	given     map[string]string               // by the environment; nil before it was asked
	templates map[string]hclsyntax.Expression // that stand in files of their own; nil for what cannot be read
}

func newLoader(unit []*lint.Source, files func(string) *lint.Source) *loader {
	l := &loader{
		places: places{}, files: files,
		checked: map[string][]*lint.Source{}, modules: map[string]*module{}, reached: map[string]bool{}, manifests: map[string]map[string]string{}, templates: map[string]hclsyntax.Expression{},
	}
	for _, src := range unit {
		l.checked[path.Dir(src.Path)] = append(l.checked[path.Dir(src.Path)], src)
	}
	return l
}

// open reads a file of the repository, or lists a folder if the name ends with a
// slash; nil if that cannot be done.
func (l *loader) open(name string) *lint.Source {
	if l.files == nil || name == ".." || strings.HasPrefix(name, "../") || strings.HasPrefix(name, "/") {
		return nil
	}
	return l.files(name)
}

// module loads the module of a directory, nil if there is none. Files that are not
// checked are read too where a call leads to them; what is wrong with those is the
// caller's to say.
func (l *loader) module(dir string) *module {
	if m, known := l.modules[dir]; known {
		return m
	}
	files := l.checked[dir]
	before := len(l.findings)
	others := l.others(dir, files)
	files = slices.SortedFunc(slices.Values(append(slices.Clip(files), others...)), func(a, b *lint.Source) int { return strings.Compare(a.Path, b.Path) })
	l.gaps = nil
	var m *module
	if slices.ContainsFunc(files, func(src *lint.Source) bool { return !isValues(src.Path) }) || len(l.checked[dir]) > 0 {
		m = l.load(files)
		m.dir, m.gaps = dir, l.gaps
		m.vendored = len(l.checked[dir]) == 0 && strings.Contains("/"+dir+"/", "/.terraform/")
	}
	if len(others) > 0 && len(l.findings) > before {
		is := map[string]bool{}
		for _, src := range others {
			is[src.Path] = true
		}
		l.findings = append(l.findings[:before], slices.DeleteFunc(l.findings[before:], func(f lint.Finding) bool {
			m.broken = m.broken || is[f.Location.Path]
			return is[f.Location.Path]
		})...)
	}
	l.modules[dir] = m
	return m
}

// others are the files of a directory that are not checked, if it is not checked
// at all: the others of one that is were left out on purpose.
func (l *loader) others(dir string, checked []*lint.Source) []*lint.Source {
	if len(checked) > 0 {
		return nil
	}
	listing := l.open(dir + "/")
	if listing == nil {
		return nil
	}
	var others []*lint.Source
	for _, name := range strings.Split(strings.TrimSpace(string(listing.Data)), "\n") {
		if src := (&lint.Source{Path: path.Join(dir, name)}); name == "" || strings.HasSuffix(name, "/") || !Claims(src) || isValues(name) {
			continue
		}
		if src := l.open(path.Join(dir, name)); src != nil {
			others = append(others, src)
		}
	}
	return others
}

// places tells where a range of the HCL parser stands. Ranges name their file;
// a text that was decoded before it was parsed has a name of its own.
type places map[string]place

type place struct {
	span  lint.Span
	fixed bool // offsets mean nothing: all of it stands at span
}

func (p places) span(r hcl.Range) lint.Span {
	at := p[r.Filename]
	if at.fixed || at.span.Source == nil {
		return at.span
	}
	size := len(at.span.Source.Data)
	start := min(max(r.Start.Byte, 0), size)
	return lint.Span{Source: at.span.Source, Start: start, End: min(max(r.End.Byte, start), size)}
}

// load reads all files: configuration first, then what overrides it, then the
// values of variables.
func (l *loader) load(files []*lint.Source) *module {
	m := newModule()
	var overrides []*hclsyntax.Body
	for _, src := range l.visible(files) {
		body := l.read(src)
		switch {
		case body == nil:
		case isValues(src.Path):
			m.tfvars = append(m.tfvars, &valuesFile{source: src, body: body, loaded: isLoaded(src.Path)})
		case isOverride(src.Path):
			overrides = append(overrides, body)
		default:
			m.add(body)
		}
	}
	for _, body := range overrides {
		m.override(body)
	}
	m.index()
	return m
}

// visible leaves out the files that OpenTofu does not read, since one with the
// extension .tofu stands in their place.
func (l *loader) visible(files []*lint.Source) []*lint.Source {
	tofu := map[string]string{}
	for _, src := range files {
		if ext := extension(src.Path); strings.HasPrefix(ext, ".tofu") {
			tofu[strings.TrimSuffix(src.Path, ext)+strings.Replace(ext, ".tofu", ".tf", 1)] = path.Base(src.Path)
		}
	}
	return slices.DeleteFunc(slices.Clone(files), func(src *lint.Source) bool {
		instead, shadowed := tofu[src.Path]
		if shadowed {
			l.gap(src.Whole(), fmt.Sprintf("the file is not evaluated: OpenTofu reads %q in its place", instead))
		}
		return shadowed
	})
}

func (l *loader) gap(at lint.Span, message string) {
	location := at.Location()
	if at.Start == 0 && at.Source != nil && at.End == len(at.Source.Data) {
		location = lint.Location{Path: at.Source.Path}
	}
	l.gaps = append(l.gaps, lint.Gap{Location: location, Message: message})
}

// read parses a file; what is sound of a broken one still counts.
func (l *loader) read(src *lint.Source) *hclsyntax.Body {
	l.places[src.Path] = place{span: src.Whole()}
	if len(src.Data) > maxFile {
		l.findings = append(l.findings, lint.Span{Source: src}.Report(lint.TooComplex,
			fmt.Sprintf("the file is larger than %d bytes and was not read", maxFile)))
		return nil
	}
	if strings.HasSuffix(src.Path, ".json") {
		return (&jsonReader{loader: l, source: src}).read()
	}
	tokens, _ := hclsyntax.LexConfig(src.Data, src.Path, hcl.InitialPos)
	at, deep := nesting(tokens)
	if !deep {
		return l.native(src)
	}
	flat := flattened(src, tokens)
	if flat != nil {
		tokens, _ = hclsyntax.LexConfig(flat.Data, src.Path, hcl.InitialPos)
		at, deep = nesting(tokens)
	}
	if flat == nil || deep {
		l.tooDeep(l.places.span(at))
		return nil
	}
	body := l.native(flat)
	if body != nil {
		hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
			if literal, ok := node.(*hclsyntax.LiteralValueExpr); ok && literal.Val.Type() == cty.String && literal.Val.IsKnown() && !literal.Val.IsNull() {
				literal.Val = cty.StringVal(strings.ReplaceAll(literal.Val.AsString(), lineMark, "\n"))
			}
			return nil
		})
	}
	return body
}

// lineMark stands for the end of a line in a heredoc of many lines.
const lineMark = "\x1f"

// flattened is a file whose heredocs have one line each, since the parser takes the square
// of their number; nil if that is not possible. Nothing moves; the indentation that <<- takes
// off stays.
func flattened(src *lint.Source, tokens hclsyntax.Tokens) *lint.Source {
	if bytes.Contains(src.Data, []byte(lineMark)) {
		return nil
	}
	data, heredoc := bytes.Clone(src.Data), false
	for i, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOHeredoc:
			heredoc = true
		case hclsyntax.TokenCHeredoc:
			heredoc = false
		case hclsyntax.TokenStringLit:
			last := token.Range.End.Byte - 1
			if heredoc && data[last] == '\n' && tokens[i+1].Type != hclsyntax.TokenCHeredoc {
				data[last] = lineMark[0]
			}
		}
	}
	return &lint.Source{Path: src.Path, Data: data, Commit: src.Commit}
}

func (l *loader) tooDeep(at lint.Span) {
	l.findings = append(l.findings, at.Report(lint.TooComplex,
		fmt.Sprintf("expressions are nested more than %d deep, or texts have too many pieces, or numbers too many digits; what stands here was not read", maxNesting)))
}

// native parses the native syntax. A panic of the parser is a syntax error:
// foreign bytes must not be able to end the run.
func (l *loader) native(src *lint.Source) (body *hclsyntax.Body) {
	defer func() {
		if recover() != nil {
			body = nil
			l.findings = append(l.findings, lint.Span{Source: src}.Report(lint.SyntaxError, "not valid HCL: the parser gave up; the file was not read"))
		}
	}()
	file, diagnostics := hclsyntax.ParseConfig(src.Data, src.Path, hcl.InitialPos)
	l.report(diagnostics)
	body, _ = file.Body.(*hclsyntax.Body)
	return body
}

// report turns diagnostics into findings. Only their summaries are used: the
// details may quote the text that is wrong, and that may be a credential.
func (l *loader) report(diagnostics hcl.Diagnostics) {
	count := 0
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity != hcl.DiagError || diagnostic.Subject == nil {
			continue
		}
		if count++; count > maxDiagnostics {
			return
		}
		l.findings = append(l.findings, l.places.span(*diagnostic.Subject).Report(lint.SyntaxError,
			fmt.Sprintf("not valid HCL: %s; what stands here was not judged", summary(diagnostic.Summary))))
	}
}

// summary writes the headline of a diagnostic as part of a sentence. Those of
// unbalanced template directives are made from the source; they get one text.
func summary(text string) string {
	if strings.HasPrefix(text, "Unexpected ") && strings.HasSuffix(text, " directive") || strings.HasPrefix(text, "Extra characters in ") {
		return "template directives are unbalanced"
	}
	if text == "" {
		return "syntax error"
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// isLoaded says whether Terraform reads a file of values without being told.
func isLoaded(name string) bool {
	base := strings.TrimSuffix(path.Base(name), ".json")
	return base == "terraform.tfvars" || strings.HasSuffix(base, ".auto.tfvars")
}
