package fix

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// writeHCL sets an argument of the block that stands at base. One whose value is an
// expression stays: what it gives is decided elsewhere.
func writeHCL(base lint.Span, rest []string, p Proposal) (start, end int, text string, ok bool) {
	data := base.Source.Data
	body := parseHCL(data)
	literal, isPlain := plain(p.Value)
	if body == nil || len(rest) != 1 || p.Op == "remove" || !isPlain {
		return 0, 0, "", false
	}
	block, at := blockAt(body, base, "")
	if block == nil {
		return 0, 0, "", false
	}
	name := rest[0]
	if there := block.Body.Attributes[name]; there != nil {
		if _, diags := there.Expr.Value(nil); diags.HasErrors() {
			return 0, 0, "", false
		}
		r := there.Expr.Range()
		start, end, text = r.Start.Byte, r.End.Byte, literal
	} else {
		start, end, text = insertHCL(data, block, name, literal)
	}
	after := parseHCL(slices.Concat(data[:start], []byte(text), data[end:]))
	if after == nil {
		return 0, 0, "", false
	}
	want := described(body, data, "")
	want[at+"."+name] = literal
	return start, end, text, maps.Equal(want, described(after, slices.Concat(data[:start], []byte(text), data[end:]), ""))
}

func parseHCL(data []byte) *hclsyntax.Body {
	file, diags := hclsyntax.ParseConfig(data, "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	return file.Body.(*hclsyntax.Body)
}

// blockAt finds the block with just that range, and what described calls it.
func blockAt(body *hclsyntax.Body, at lint.Span, within string) (*hclsyntax.Block, string) {
	for i, block := range body.Blocks {
		name := called(within, block, i)
		start, end := block.TypeRange.Start.Byte, block.CloseBraceRange.End.Byte
		switch {
		case start == at.Start && end == at.End:
			return block, name
		case start <= at.Start && at.End <= end:
			return blockAt(block.Body, at, name)
		}
	}
	return nil, ""
}

func called(within string, block *hclsyntax.Block, i int) string {
	return within + "." + block.Type + " " + strings.Join(block.Labels, " ") + " " + strconv.Itoa(i)
}

// described writes down all arguments of a body by their names.
func described(body *hclsyntax.Body, data []byte, within string) map[string]string {
	all := map[string]string{within: ""}
	for name, attribute := range body.Attributes {
		all[within+"."+name] = string(attribute.Expr.Range().SliceBytes(data))
	}
	for i, block := range body.Blocks {
		maps.Copy(all, described(block.Body, data, called(within, block, i)))
	}
	return all
}

// insertHCL adds an argument behind the last one that stands on one line, as
// terraform fmt has it: with its indentation and the column of its equals sign.
func insertHCL(data []byte, block *hclsyntax.Block, name, literal string) (start, end int, text string) {
	eol := "\n"
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		eol = "\r\n"
	}
	open, closing := block.OpenBraceRange, block.CloseBraceRange
	outer := indentation(data, block.TypeRange.Start.Byte)
	inner := outer + "  "
	if open.Start.Line == closing.Start.Line {
		var beside string
		for other, attribute := range block.Body.Attributes { // there is one at most
			width := max(len(other), len(name))
			name += strings.Repeat(" ", width-len(name))
			beside = eol + inner + other + strings.Repeat(" ", width-len(other)) + " = " + string(attribute.Expr.Range().SliceBytes(data))
		}
		return open.End.Byte, closing.Start.Byte, beside + eol + inner + name + " = " + literal + eol + outer
	}
	var last *hclsyntax.Attribute
	for _, attribute := range block.Body.Attributes {
		if last == nil || oneLine(attribute) && !oneLine(last) ||
			oneLine(attribute) == oneLine(last) && attribute.SrcRange.Start.Byte > last.SrcRange.Start.Byte {
			last = attribute
		}
	}
	behind, gap := open.End.Byte, ""
	switch {
	case last != nil:
		inner = indentation(data, last.SrcRange.Start.Byte)
		if behind = last.Expr.Range().End.Byte; data[behind-1] == '\n' { // of a text in lines
			behind--
		}
		if width := last.EqualsRange.Start.Column - last.NameRange.Start.Column - 1; oneLine(last) {
			if len(name) > width { // behind an empty line it needs no column of its neighbours
				gap = eol
			}
			name += strings.Repeat(" ", max(width-len(name), 0))
		}
	case len(block.Body.Blocks) > 0:
		inner = indentation(data, block.Body.Blocks[0].TypeRange.Start.Byte)
	}
	at := behind + bytes.IndexByte(data[behind:], '\n')
	for at > behind && data[at-1] == '\r' {
		at--
	}
	return at, at, gap + eol + inner + name + " = " + literal
}

func oneLine(attribute *hclsyntax.Attribute) bool {
	return attribute.SrcRange.Start.Line == attribute.SrcRange.End.Line
}

// indentation is the white space before something on its line.
func indentation(data []byte, offset int) string {
	line := data[bytes.LastIndexByte(data[:offset], '\n')+1 : offset]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// quoted is what a text between quotes needs to mean itself.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{")

// plain writes a value that needs no brackets.
func plain(value any) (string, bool) {
	switch value := value.(type) {
	case bool:
		return strconv.FormatBool(value), true
	case string:
		return `"` + quoted.Replace(value) + `"`, true
	case json.Number:
		return value.String(), true
	}
	return "", false
}
