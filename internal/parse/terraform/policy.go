package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/policyctl/policyctl/internal/lint"
)

const policyDocumentType = "aws_iam_policy_document"

// maxStatements bounds a policy: documents may be made of documents, each of
// them twice.
const maxStatements = 500

func isPolicyDocument(block *hclsyntax.Block) bool {
	return block.Type == "data" && len(block.Labels) == 2 && block.Labels[0] == policyDocumentType
}

// documentKey is a data source as one instance of a module has it.
type documentKey struct {
	of    *evaluator
	block *hclsyntax.Block
}

// referredDocument is the policy that a value refers to, if it is the JSON of a
// policy document and nothing else. It stands where it is used; the way to the
// data source is its Via.
func (b *builder) referredDocument(value *lint.Node) *lint.Node {
	of, block := b.dataSource(value)
	if block == nil {
		return nil
	}
	document := of.documentOf(block)
	if document == nil {
		return nil
	}
	copied := b.placeless(document)
	copied.Span = value.Span
	copied.Via = []lint.Step{{Message: "the policy is made here", Span: of.span(block.DefRange())}}
	return copied
}

// dataSource is the policy document that a value is the JSON of, in whichever
// module it stands: its reference says so, beside those of what handed it on.
func (b *builder) dataSource(value *lint.Node) (*builder, *hclsyntax.Block) {
	var names []string
	for _, name := range value.Get(unknownKey).List() {
		if !handsOn(name.Str()) {
			names = append(names, name.Str())
		}
	}
	if len(names) != 1 {
		return nil, nil
	}
	name, isJSON := strings.CutSuffix(names[0], ".json")
	prefix, local := split(name)
	if !isJSON || !strings.HasPrefix(local, "data."+policyDocumentType+".") {
		return nil, nil
	}
	of := b.evaluator
	if prefix != of.prefix {
		at := slices.IndexFunc(of.all, func(e *evaluator) bool { return e.prefix == prefix })
		if at < 0 {
			return nil, nil
		}
		of = of.all[at]
	}
	return &builder{evaluator: of}, of.module.byAddress[local]
}

// split takes the modules off the front of a reference.
func split(reference string) (prefix, local string) {
	for {
		rest, found := strings.CutPrefix(reference[len(prefix):], "module.")
		_, _, more := strings.Cut(rest, ".")
		if !found || !more {
			return prefix, reference[len(prefix):]
		}
		prefix = reference[:len(reference)-len(rest)+strings.IndexByte(rest, '.')+1]
	}
}

// handsOn holds for the variable or output of a module that is called: what is of
// interest is what is handed on.
func handsOn(reference string) bool {
	prefix, local := split(reference)
	return prefix != "" && (strings.HasPrefix(local, "var.") || !strings.Contains(local, "."))
}

// placeless copies a value without its places.
func (b *builder) placeless(node *lint.Node) *lint.Node {
	if !b.spend(1) {
		return unknownNode(nil, lint.Span{})
	}
	copied := &lint.Node{Kind: node.Kind, Text: node.Text, Via: node.Via, Way: node.Way}
	for _, item := range node.Items {
		copied.Items = append(copied.Items, b.placeless(item))
	}
	for _, field := range node.Fields {
		copied.Fields = append(copied.Fields, lint.Field{Key: field.Key, Value: b.placeless(field.Value)})
	}
	return copied
}

// documentOf makes the policy of a data source, once. Nil stands for one that
// refers to itself. Of several instances the first stands for all: which one is
// meant the reference does not tell.
func (b *builder) documentOf(block *hclsyntax.Block) *lint.Node {
	each := b.instances(block).each
	if len(each) == 0 {
		return nil
	}
	key := documentKey{b.evaluator, block}
	if document, known := b.documents[key]; known {
		return document
	}
	b.documents[key] = nil
	document := b.makeDocument(b.body(block, each[0].in), b.span(blockRange(block)))
	b.documents[key] = document
	return document
}

// policyDocument is the policy for the data source's own entry, made from its
// own values so that every part stands where it is written.
func (b *builder) policyDocument(values *lint.Node, block *hclsyntax.Block) *lint.Node {
	return b.makeDocument(values, b.span(blockRange(block)))
}

// makeDocument writes a policy in the words of JSON: the statements of the
// sources, then its own, then those that override, by Sid.
func (b *builder) makeDocument(values *lint.Node, at lint.Span) *lint.Node {
	statements := b.statementsOf(values.Get("source_policy_documents"))
	for _, statement := range values.Get("statement").List() {
		statements = override(statements, makeStatement(statement))
	}
	for _, statement := range b.statementsOf(values.Get("override_policy_documents")) {
		statements = override(statements, statement)
	}
	if len(statements) > maxStatements {
		b.run.gaps = append(b.run.gaps, lint.Gap{Location: at.Location(), Message: fmt.Sprintf("the policy has more than %d statements; the rest was not judged", maxStatements)})
		statements = statements[:maxStatements]
	}
	document := lint.NewObject(at)
	document.Set("Statement", lint.Span{}, lint.NewList(lint.Span{}, statements...))
	return document
}

// override replaces the statement with the same Sid, or adds one.
func override(all []*lint.Node, statement *lint.Node) []*lint.Node {
	sid := statement.Get("Sid").Str()
	i := slices.IndexFunc(all, func(s *lint.Node) bool { return sid != "" && s.Get("Sid").Str() == sid })
	if i >= 0 {
		all[i] = statement
		return all
	}
	return append(all, statement)
}

// statementsOf are the statements of other documents. What cannot be read of
// them is one unknown statement.
func (b *builder) statementsOf(documents *lint.Node) []*lint.Node {
	var all []*lint.Node
	sources := documents.List()
	if documents.Get(unknownKey) != nil {
		sources = []*lint.Node{documents}
	}
	for _, source := range sources {
		read := b.referredDocument(source)
		if read == nil && source.Kind == lint.String {
			read = b.jsonString(source, false)
		}
		if read == nil {
			all = append(all, source)
			continue
		}
		statements := read.Get("Statement")
		if statements != nil && statements.Kind == lint.Object {
			statements = lint.NewList(lint.Span{}, statements)
		}
		all = append(all, statements.List()...)
	}
	return all
}

// renamed are the arguments of a statement that have another name in JSON.
var renamed = []struct{ argument, name string }{
	{"sid", "Sid"}, {"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"},
}

func makeStatement(from *lint.Node) *lint.Node {
	statement := lint.NewObject(from.Span)
	effect := from.Field("effect")
	if effect == nil {
		effect = &lint.Field{Value: lint.NewString("Allow", lint.Span{})}
	}
	statement.Set("Effect", effect.Span, effect.Value)
	for _, name := range renamed {
		if field := from.Field(name.argument); field != nil {
			statement.Set(name.name, field.Span, field.Value)
		}
	}
	setPrincipals(statement, "Principal", from.Get("principals"))
	setPrincipals(statement, "NotPrincipal", from.Get("not_principals"))
	setConditions(statement, from.Get("condition"))
	return statement
}

// setPrincipals writes {"AWS": [...]}, with one list for each type.
func setPrincipals(statement *lint.Node, key string, blocks *lint.Node) {
	if len(blocks.List()) == 0 {
		return
	}
	principals := lint.NewObject(blocks.Span)
	for _, block := range blocks.List() {
		typ := block.Get("type").Str()
		if typ == "" {
			typ = unknownKey
		}
		appendTo(principals, typ, block.Get("identifiers"))
	}
	statement.Set(key, lint.Span{}, principals)
}

// setConditions writes {"StringEquals": {"aws:x": [...]}}.
func setConditions(statement *lint.Node, blocks *lint.Node) {
	if len(blocks.List()) == 0 {
		return
	}
	conditions := lint.NewObject(blocks.Span)
	for _, block := range blocks.List() {
		test, variable := block.Get("test").Str(), block.Get("variable").Str()
		if test == "" || variable == "" {
			test, variable = unknownKey, unknownKey
		}
		if conditions.Get(test) == nil {
			conditions.Set(test, lint.Span{}, lint.NewObject(block.Span))
		}
		appendTo(conditions.Get(test), variable, block.Get("values"))
	}
	statement.Set("Condition", lint.Span{}, conditions)
}

// appendTo adds the items of a list to the list of a key. The parser owns none
// of the lists that it is given, so the first is copied.
func appendTo(object *lint.Node, key string, values *lint.Node) {
	if values == nil {
		return
	}
	list := object.Get(key)
	if list == nil || list.Kind != lint.List || values.Kind != lint.List {
		copied := *values
		copied.Items = slices.Clone(values.Items)
		object.Set(key, lint.Span{}, &copied)
		return
	}
	list.Items = append(list.Items, values.Items...)
}
