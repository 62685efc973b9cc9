// Package dockerfile reads Dockerfiles. It expands no variable and runs
// nothing, and knows no image. Of the build context it knows which files with
// the name of a credential a COPY takes into the image with others.
//
// One file is one document of this shape; what does not apply is absent:
//
//	{
//	  "escape": "\\",
//	  "args": [{"key": "VERSION", "value": "1", "references": ["X"]}],  // before the first FROM
//	  "stages": [{
//	    "name": "build", "image": "golang:1.26", "index": 0, "final": true,
//	    "instructions": [
//	      {"name": "ENV", "pairs": [{"key": "A", "value": "b $C", "references": ["C"]}]},   // LABEL, ARG as well
//	      {"name": "COPY", "flags": [{"name": "from", "value": "build"}], "from": "build",  // ADD as well
//	       "sources": ["/a"], "destination": "/b", "heredocs": [{"name": "EOF", "content": "text\n"}]},
//	      {"name": "COPY", "sources": ["."], "destination": "/app",                        // ADD as well
//	       "takes": [{"file": "web/.env", "source": 0, "text": "A=b\n",                    // no text if it is binary
//	                  "ignore": "web/.dockerignore", "line": ".env"}]},                    // what would leave it out
//	      {"name": "RUN", "form": "shell", "command": "curl -u a:$B x | sh",               // CMD, ENTRYPOINT, HEALTHCHECK as well
//	       "commands": [{"words": ["curl", "-u", "a:$B", "x"], "pipeline": 1}, {"words": ["sh"], "pipeline": 1}],
//	       "variables": ["B"]},
//	      {"name": "RUN", "form": "exec", "args": ["a", "b"], "commands": [{"words": ["a", "b"]}]},
//	      {"name": "USER", "user": "app"},
//	      {"name": "WORKDIR", "args": ["/app"]},                                           // and all others
//	      {"name": "ENV", "onbuild": true, "pairs": []}
//	    ]
//	  }]
//	}
//
// Values are without quotes and escapes; $NAME stays as it is written, and
// references names the variables that are expanded there. The commands of a
// script are its simple commands, whatever stands around them: words,
// assignments [{name, value}], redirects [{operator, target, content}], and
// pipeline, the same number for those that a | joins. Scripts that a command
// hands to a shell (sh -c, a heredoc) are read like the script itself.
package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/suggest"
)

// Limits of one file. BuildKit reads no line longer than maxLine; the others
// bound the stack and the time that a hostile file can take. Of 206 real files
// the longest had 81 instructions with 187 commands.
const (
	maxFile         = 1 << 20
	maxLine         = 64<<10 - 1
	maxInstruction  = 256 << 10
	maxInstructions = 2000
	maxCommands     = 2000
)

// Parse reads Dockerfiles, one document each. A file that BuildKit would refuse
// is a finding. files gives what stands in the context of the build; it may be nil.
func Parse(unit []*lint.Source, files func(string) *lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	var findings []lint.Finding
	for _, src := range unit {
		doc, found := parse(src)
		if doc != nil {
			takes(doc, files)
			docs = append(docs, doc)
		}
		findings = append(findings, found...)
	}
	return docs, findings
}

func parse(src *lint.Source) (*lint.Document, []lint.Finding) {
	if reason, at := tooComplex(src); reason != "" {
		return nil, []lint.Finding{at.Report(lint.TooComplex, reason)}
	}
	result, err := parser.Parse(bytes.NewReader(printable(src.Data)))
	if err != nil {
		return nil, []lint.Finding{syntaxError(src, err)}
	}
	if all := result.AST.Children; len(all) > maxInstructions {
		at := lineSpan(src, all[maxInstructions].StartLine)
		return nil, []lint.Finding{at.Report(lint.TooComplex, fmt.Sprintf("the file has more than %d instructions, split it", maxInstructions))}
	}
	r := &reader{src: src, escape: byte(result.EscapeToken), standard: isStandard(src.Data)}
	for _, node := range result.AST.Children {
		r.instruction(node)
	}
	return r.document(), r.findings
}

// printable puts a question mark for each byte that is no UTF-8: BuildKit's
// lexer writes to the standard error where it meets one. Offsets stay.
func printable(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	clean := bytes.Clone(data)
	for i := 0; i < len(clean); {
		char, size := utf8.DecodeRune(clean[i:])
		if char == utf8.RuneError && size == 1 {
			clean[i] = '?'
		}
		i += size
	}
	return clean
}

// chained is a row of ONBUILDs, each of which BuildKit would read by recursion.
var chained = regex.Lazy(`(?i)(?:\bonbuild[\s\\\x60]+){8}`)

// tooComplex says why a file is left alone, if it is.
func tooComplex(src *lint.Source) (string, lint.Span) {
	if len(src.Data) > maxFile {
		return fmt.Sprintf("the file is larger than %d KB, split it", maxFile>>10), src.Whole()
	}
	if at := chained().FindIndex(src.Data); at != nil {
		return "ONBUILD is nested, name the instruction it is for", lint.Span{Source: src, Start: at[0], End: at[1]}
	}
	continued := 0
	for n := 1; n <= src.Lines(); n++ {
		line := bytes.TrimRight(src.Line(n), " \t\r")
		continued += len(line)
		if len(src.Line(n)) >= maxLine-1 {
			return fmt.Sprintf("the line is longer than the %d KB that BuildKit reads, split it", maxLine>>10), lineSpan(src, n)
		}
		if continued > maxInstruction {
			return fmt.Sprintf("the instruction is longer than %d KB, split it", maxInstruction>>10), lineSpan(src, n)
		}
		if len(line) > 0 && !bytes.HasSuffix(line, []byte{'\\'}) && !bytes.HasSuffix(line, []byte{'`'}) && !isComment(line) {
			continued = 0
		}
	}
	return "", lint.Span{}
}

// lineSpan is a line without the white space around it.
func lineSpan(src *lint.Source, n int) lint.Span {
	at, chars := physicalLine(src, n)
	start := at + len(chars) - len(bytes.TrimLeftFunc(chars, unicode.IsSpace))
	return lint.Span{Source: src, Start: start, End: start + len(bytes.TrimSpace(chars))}
}

// refusals are the reasons for which BuildKit refuses a file, in words that
// quote nothing: its own may quote a value.
var refusals = []struct{ sign, message string }{
	{"unterminated heredoc", "the heredoc does not end, write its name on a line of its own"},
	{"must have two arguments", "the instruction needs a name and a value"},
	{"can't find =", "the instruction mixes name=value with other words, quote values that contain blanks"},
	{"file with no instructions", "the file has no instructions"},
	{"invalid escape token", "the escape directive has to be \\ or `"},
	{"parser directive can be used", "a parser directive is given twice"},
	{"comprised of strings only", "the list has to contain strings only"},
	{"empty continuation line", "the instruction has an empty line in it"},
}

func syntaxError(src *lint.Source, err error) lint.Finding {
	line := 1
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		line = max(1, located.Locations[0][0].Start.Line)
	}
	message := "the file cannot be read as a Dockerfile"
	for _, refusal := range refusals {
		if strings.Contains(err.Error(), refusal.sign) {
			message = refusal.message
			break
		}
	}
	return lineSpan(src, min(line, src.Lines())).Report(lint.SyntaxError, message)
}

// isStandard says whether the file is in Docker's own language. A syntax
// directive can name a frontend with instructions of its own.
func isStandard(data []byte) bool {
	frontend, _, _, ok := parser.ParseDirective("syntax", data)
	return !ok || strings.Contains(frontend, "docker/dockerfile")
}

// reader turns the instructions of one file into a document.
type reader struct {
	src      *lint.Source
	escape   byte
	standard bool
	shell    string // what runs the shell form, where SHELL says so
	commands int    // how many were read
	args     []*lint.Node
	stages   []*lint.Node
	gaps     []lint.Gap
	findings []lint.Finding
}

func (r *reader) document() *lint.Document {
	if len(r.stages) == 0 {
		r.wrong(lineSpan(r.src, 1), "the file has no FROM, so nothing can be built from it")
	}
	for i, stage := range r.stages {
		stage.Set("index", lint.Span{}, lint.NewNumber(int64(i), lint.Span{}))
		stage.Set("final", lint.Span{}, lint.NewBool(i == len(r.stages)-1, lint.Span{}))
	}
	root := lint.NewObject(r.src.Whole())
	root.Set("escape", lint.Span{}, lint.NewString(string(r.escape), lint.Span{}))
	root.Set("args", lint.Span{}, lint.NewList(lint.Span{}, r.args...))
	root.Set("stages", lint.Span{}, lint.NewList(lint.Span{}, r.stages...))
	return &lint.Document{Platform: "dockerfile", Path: r.src.Path, Root: root, Gaps: r.gaps}
}

// wrong records what BuildKit would refuse to build.
func (r *reader) wrong(at lint.Span, message string) {
	r.findings = append(r.findings, at.Report(lint.SyntaxError, message))
}

func (r *reader) gap(at lint.Span, message string) {
	r.gaps = append(r.gaps, lint.Gap{Location: at.Location(), Message: message})
}

// instruction adds what one node of BuildKit's tree says.
func (r *reader) instruction(node *parser.Node) {
	line, next := logicalLine(r.src, node.StartLine, r.escape)
	documents := documents{}
	if len(node.Heredocs) > 0 {
		documents = r.documents(node, next)
	}
	name, rest := line.trim().cutWord()
	if !r.known(name) {
		return
	}
	whole := line.span()
	whole.End = max(whole.End, documents.all.span().End)
	if strings.EqualFold(name.String(), command.From) {
		r.stage(name, rest, whole)
		return
	}
	item := r.read(name, rest, documents, whole)
	if item == nil {
		return
	}
	if len(r.stages) > 0 {
		stage := r.stages[len(r.stages)-1]
		stage.Span.End = item.Span.End
		list := stage.Get("instructions")
		list.Items = append(list.Items, item)
		return
	}
	if item.Get("name").Str() != "ARG" {
		r.wrong(whole, "nothing but ARG may stand before the first FROM")
		return
	}
	r.args = append(r.args, item.Get("pairs").List()...)
}

// documents are the heredocs of an instruction.
type documents struct {
	each []heredoc
	all  text // with their last lines
}

func (r *reader) documents(node *parser.Node, next int) documents {
	var declared []declaration
	for _, h := range node.Heredocs {
		declared = append(declared, declaration{h.Name, h.Chomp})
	}
	each, all := heredocs(r.src, next, declared)
	return documents{each, all}
}

// known says whether an instruction is one of Docker's. Another one is wrong,
// unless the file asks for another frontend.
func (r *reader) known(name text) bool {
	if _, ok := command.Commands[strings.ToLower(name.String())]; ok {
		return true
	}
	if !r.standard {
		r.gap(name.span(), "the instruction belongs to another frontend, it was not judged")
		return false
	}
	message := "the instruction is unknown"
	if near := suggest.Nearest(name.String(), slices.Sorted(maps.Keys(command.Commands))); near != "" {
		message = fmt.Sprintf("%s, did you mean %s?", message, strings.ToUpper(near))
	}
	r.wrong(name.span(), message)
	return false
}

// stage begins a new stage: FROM [--platform=...] image [AS name].
func (r *reader) stage(keyword, rest text, whole lint.Span) {
	flags, rest := rest.flags(r.escape)
	words := rest.trim().fields()
	if len(words) != 1 && (len(words) != 3 || !strings.EqualFold(words[1].String(), "as")) {
		r.wrong(whole, "FROM needs an image, and AS before a name")
		return
	}
	r.shell = ""
	stage := lint.NewObject(whole)
	if len(words) == 3 {
		stage.Set("name", lint.Span{}, words[2].node())
	}
	stage.Set("image", keyword.span(), words[0].valueNode(r.escape))
	r.setFlags(stage, flags)
	stage.Set("instructions", lint.Span{}, lint.NewList(lint.Span{}))
	r.stages = append(r.stages, stage)
}
