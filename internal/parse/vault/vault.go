// Package vault reads policies of Vault and OpenBao that stand in files of their own.
// One file becomes one document:
//
//	{"paths": [{"path": "secret/data/app", "capabilities": ["read"]}]}
//
// What a template fills in is {"$unknown": []}. Other blocks and arguments are left out.
package vault

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
)

// Platform is the name of the documents.
const Platform = "vault"

var paths = regex.Lazy(`(?m)^\s*path\s+"[^"\n]*"\s*\{[^{}]*\bcapabilities\s*=`)

// maxBytes and maxNested bound what is read: policies are written by hand.
const (
	maxBytes  = 1 << 20
	maxNested = 200
)

// Claims says whether the file has paths with capabilities.
func Claims(src *lint.Source) bool {
	return strings.EqualFold(path.Ext(src.Path), ".hcl") && paths().Match(src.Data)
}

// Parse reads files, one document for each.
func Parse(unit []*lint.Source) ([]*lint.Document, []lint.Finding) {
	var docs []*lint.Document
	for _, src := range unit {
		doc := &lint.Document{Platform: Platform, Path: src.Path, Root: lint.NewObject(src.Whole())}
		all := lint.NewList(src.Whole())
		doc.Root.Set("paths", src.Whole(), all)
		if body := read(src); body != nil {
			for _, block := range body.Blocks {
				if block.Type == "path" && len(block.Labels) == 1 {
					all.Items = append(all.Items, entry(src, block))
				}
			}
		} else {
			doc.Gaps = []lint.Gap{{Location: src.Whole().Location(), Message: "the policy cannot be read, it may be a template; it was not judged"}}
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// read is the body of a file, nil if it cannot be read.
func read(src *lint.Source) *hclsyntax.Body {
	if len(src.Data) > maxBytes || strings.Count(string(src.Data), "{")+strings.Count(string(src.Data), "[")+strings.Count(string(src.Data), "(") > maxNested*100 {
		return nil
	}
	file, diagnostics := hclsyntax.ParseConfig(src.Data, src.Path, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil
	}
	return file.Body.(*hclsyntax.Body)
}

func entry(src *lint.Source, block *hclsyntax.Block) *lint.Node {
	at := func(r hcl.Range) lint.Span { return lint.Span{Source: src, Start: r.Start.Byte, End: r.End.Byte} }
	made := lint.NewObject(at(block.Range()))
	label := at(block.LabelRanges[0])
	made.Set("path", label, lint.NewString(block.Labels[0], label))
	granted := block.Body.Attributes["capabilities"]
	if granted == nil {
		return made
	}
	value := partial.Unknown(at(granted.Expr.Range()))
	if list, ok := granted.Expr.(*hclsyntax.TupleConsExpr); ok {
		value = lint.NewList(at(list.Range()))
		for _, item := range list.Exprs {
			value.Items = append(value.Items, text(item, at(item.Range())))
		}
	}
	made.Set("capabilities", at(granted.NameRange), value)
	return made
}

// text is a text that is written out.
func text(expr hclsyntax.Expression, at lint.Span) *lint.Node {
	if v, diagnostics := expr.Value(nil); !diagnostics.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		return lint.NewString(v.AsString(), at)
	}
	return partial.Unknown(at)
}
