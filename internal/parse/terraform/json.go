package terraform

import (
	"bytes"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// jsonReader turns the JSON syntax into the tree that the native syntax has, so
// that everything behind it knows one form.
type jsonReader struct {
	*loader
	source   *lint.Source
	verbatim bool // strings are no templates
}

// labels is how many names stand between the type of a block and its body.
var labels = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2,
	"variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1,
	"backend": 1, "provider_meta": 1, "dynamic": 1, "provisioner": 1,
}

// settings are the blocks of a terraform block.
var settings = map[string]bool{"backend": true, "required_providers": true, "cloud": true, "provider_meta": true, "workspaces": true}

// nestedBlocks are names that mean a nested block in the resources of the large
// providers. JSON has one form for a block and for a map; without the schema of
// the provider only the name can tell. Lists of objects need no telling: they
// look like repeated blocks.
var nestedBlocks = map[string]bool{
	"assume_role": true, "auth": true, "build": true, "condition": true, "connection": true, "container": true, "containers": true,
	"content": true, "customer_managed_encryption": true, "dynamic": true, "encryption_configuration": true, "env": true,
	"environment": true, "identity": true, "init_container": true, "kubernetes": true, "lifecycle": true, "master_auth": true,
	"metadata": true, "network_acls": true, "principals": true, "provisioner": true, "replication": true, "rotation": true,
	"rotation_rules": true, "rotation_policy": true, "server_side_encryption_configuration": true, "service_config": true,
	"set": true, "set_sensitive": true, "site_config": true, "smtp": true, "source": true, "spec": true, "statement": true,
	"template": true, "timeouts": true, "value_from": true, "value_source": true,
}

func (j *jsonReader) read() *hclsyntax.Body {
	docs, findings := yaml.Read(j.source)
	j.findings = append(j.findings, findings...)
	if len(docs) == 0 {
		return nil
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: j.rangeOf(docs[0].Span)}
	if isValues(j.source.Path) {
		j.verbatim = true
		j.attributes(body, docs[0])
		return body
	}
	for _, object := range objects(docs[0]) {
		for _, field := range object.Fields {
			if field.Key != "//" {
				j.block(body, field, field.Value, nil, labels[field.Key])
			}
		}
	}
	return body
}

// objects are the bodies that a value stands for: itself, or the items of a list.
func objects(node *lint.Node) []*lint.Node {
	if node.Kind == lint.List {
		var all []*lint.Node
		for _, item := range node.Items {
			if item.Kind == lint.Object {
				all = append(all, item)
			}
		}
		return all
	}
	if node.Kind == lint.Object {
		return []*lint.Node{node}
	}
	return nil
}

// block adds the blocks that a field stands for, one for each combination of
// labels.
func (j *jsonReader) block(into *hclsyntax.Body, typ lint.Field, value *lint.Node, names []lint.Field, missing int) {
	for _, object := range objects(value) {
		if missing > 0 {
			for _, field := range object.Fields {
				if field.Key != "//" {
					j.block(into, typ, field.Value, append(names[:len(names):len(names)], field), missing-1)
				}
			}
			continue
		}
		before := j.verbatim
		j.verbatim = before || typ.Key == "variable"
		block := &hclsyntax.Block{Type: typ.Key, TypeRange: j.rangeOf(typ.Span), Body: j.body(object, typ.Key)}
		j.verbatim = before
		block.OpenBraceRange, block.CloseBraceRange = block.Body.SrcRange, block.Body.SrcRange
		for _, name := range names {
			block.Labels = append(block.Labels, name.Key)
			block.LabelRanges = append(block.LabelRanges, j.rangeOf(name.Span))
		}
		into.Blocks = append(into.Blocks, block)
	}
}

func (j *jsonReader) body(object *lint.Node, typ string) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: j.rangeOf(object.Span)}
	if typ == "locals" || typ == "required_providers" {
		j.attributes(body, object)
		return body
	}
	for _, field := range object.Fields {
		switch {
		case field.Key == "//":
		case typ == "terraform" && settings[field.Key], typ != "terraform" && isNested(field):
			j.block(body, field, field.Value, nil, labels[field.Key])
		default:
			j.attribute(body, field)
		}
	}
	return body
}

// isNested says whether a field must be read as nested blocks.
func isNested(field lint.Field) bool {
	return nestedBlocks[field.Key] && len(objects(field.Value)) > 0
}

func (j *jsonReader) attributes(body *hclsyntax.Body, node *lint.Node) {
	for _, field := range node.Object() {
		if field.Key != "//" {
			j.attribute(body, field)
		}
	}
}

func (j *jsonReader) attribute(body *hclsyntax.Body, field lint.Field) {
	body.Attributes[field.Key] = &hclsyntax.Attribute{
		Name: field.Key, Expr: j.expression(field.Value), NameRange: j.rangeOf(field.Span),
		SrcRange: hcl.RangeBetween(j.rangeOf(field.Span), j.rangeOf(field.Value.Span)),
	}
}

func (j *jsonReader) rangeOf(at lint.Span) hcl.Range {
	return hcl.Range{Filename: j.source.Path, Start: hcl.Pos{Byte: at.Start}, End: hcl.Pos{Byte: at.End}}
}

func (j *jsonReader) expression(node *lint.Node) hclsyntax.Expression {
	at := j.rangeOf(node.Span)
	switch node.Kind {
	case lint.String:
		return j.template(node.Text, node.Span)
	case lint.Bool:
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(node.Text == "true"), SrcRange: at}
	case lint.Number:
		if number, err := cty.ParseNumberVal(node.Text); err == nil {
			return &hclsyntax.LiteralValueExpr{Val: number, SrcRange: at}
		}
	case lint.List:
		list := &hclsyntax.TupleConsExpr{SrcRange: at}
		for _, item := range node.Items {
			list.Exprs = append(list.Exprs, j.expression(item))
		}
		return list
	case lint.Object:
		return j.object(node)
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: at}
}

func (j *jsonReader) object(node *lint.Node) hclsyntax.Expression {
	object := &hclsyntax.ObjectConsExpr{SrcRange: j.rangeOf(node.Span)}
	for _, field := range node.Fields {
		object.Items = append(object.Items, hclsyntax.ObjectConsItem{
			KeyExpr:   &hclsyntax.ObjectConsKeyExpr{Wrapped: j.template(field.Key, field.Span), ForceNonLiteral: true},
			ValueExpr: j.expression(field.Value),
		})
	}
	return object
}

// template reads a string, which may hold interpolations. Where the string has
// escapes, offsets within it mean nothing, and its parts stand where it stands.
func (j *jsonReader) template(text string, at lint.Span) hclsyntax.Expression {
	whole := j.rangeOf(at)
	plain := &hclsyntax.TemplateExpr{Parts: []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: whole}}, SrcRange: whole}
	if j.verbatim || !bytes.Contains([]byte(text), []byte("${")) && !bytes.Contains([]byte(text), []byte("%{")) {
		return plain
	}
	name, start := j.source.Path, hcl.Pos{Line: 1, Column: 1, Byte: at.Start + 1}
	if bytes.IndexByte(at.Text(), '\\') >= 0 {
		name, start = fmt.Sprintf("%s#%d", name, at.Start), hcl.InitialPos
		j.places[name] = place{span: at, fixed: true}
	}
	tokens, _ := hclsyntax.LexTemplate([]byte(text), name, start)
	if _, deep := nesting(tokens); deep {
		j.tooDeep(at)
		return plain
	}
	return j.parsed(text, name, start, at)
}

func (j *jsonReader) parsed(text, name string, start hcl.Pos, at lint.Span) (expr hclsyntax.Expression) {
	defer func() {
		if recover() != nil {
			expr = &hclsyntax.ExprSyntaxError{Placeholder: cty.DynamicVal, SrcRange: j.rangeOf(at)}
			j.findings = append(j.findings, at.Report(lint.SyntaxError, "not a valid template: the parser gave up; the string was not judged"))
		}
	}()
	expr, diagnostics := hclsyntax.ParseTemplate([]byte(text), name, start)
	j.report(diagnostics)
	switch template := expr.(type) {
	case *hclsyntax.TemplateExpr:
		template.SrcRange = j.rangeOf(at)
	case *hclsyntax.TemplateWrapExpr:
		template.SrcRange = j.rangeOf(at)
	}
	return expr
}
