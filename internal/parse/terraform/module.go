package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/policyctl/policyctl/internal/lint"
)

// module is what one directory declares, before anything is evaluated.
type module struct {
	dir      string
	vendored bool // Terraform fetched it; its files are not checked
	broken   bool // a file that is not checked cannot be parsed
	gaps     []lint.Gap

	blocks  []*hclsyntax.Block // in the order of files and lines
	setting *hclsyntax.Body    // all terraform blocks as one
	tfvars  []*valuesFile

	byAddress  map[string]*hclsyntax.Block // resources, data sources and ephemeral resources
	variables  map[string]*hclsyntax.Block
	outputs    map[string]*hclsyntax.Block
	calls      map[string]*hclsyntax.Block // of other modules
	locals     map[string]*hclsyntax.Attribute
	assigned   map[string]assignment
	localNames []string // in source order
	repeated   []*hclsyntax.Attribute
}

// valuesFile is a tfvars file.
type valuesFile struct {
	source *lint.Source
	body   *hclsyntax.Body
	loaded bool
}

// assignment is the value that a tfvars file gives a variable.
type assignment struct {
	attribute *hclsyntax.Attribute
	file      *lint.Source
}

func newModule() *module {
	return &module{
		setting:   &hclsyntax.Body{Attributes: hclsyntax.Attributes{}},
		byAddress: map[string]*hclsyntax.Block{}, variables: map[string]*hclsyntax.Block{},
		outputs: map[string]*hclsyntax.Block{}, calls: map[string]*hclsyntax.Block{},
		locals: map[string]*hclsyntax.Attribute{}, assigned: map[string]assignment{},
	}
}

// add takes the blocks of a file.
func (m *module) add(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		switch block.Type {
		case "terraform":
			m.setting.Blocks = append(m.setting.Blocks, block.Body.Blocks...)
		case "check": // a data source within belongs to the module like any other
			m.add(block.Body)
		default:
			m.blocks = append(m.blocks, block)
		}
	}
}

// override changes blocks as an override file does: arguments replace arguments,
// nested blocks replace all of their type. A block that overrides nothing counts
// as one of its own, so that it is judged.
func (m *module) override(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		if block.Type == "terraform" {
			m.overrideSetting(block.Body)
			continue
		}
		base := slices.IndexFunc(m.blocks, func(b *hclsyntax.Block) bool { return sameHeader(b, block) })
		if block.Type == "locals" || base < 0 {
			m.blocks = append(m.blocks, block)
			m.forget(block)
			continue
		}
		merge(m.blocks[base].Body, block.Body)
	}
}

// forget drops the locals that a later block of locals defines anew.
func (m *module) forget(later *hclsyntax.Block) {
	if later.Type != "locals" {
		return
	}
	for _, block := range m.blocks {
		if block.Type == "locals" && block != later {
			for name := range later.Body.Attributes {
				delete(block.Body.Attributes, name)
			}
		}
	}
}

func (m *module) overrideSetting(body *hclsyntax.Body) {
	if slices.ContainsFunc(body.Blocks, isBackend) {
		m.setting.Blocks = slices.DeleteFunc(m.setting.Blocks, isBackend)
	}
	m.setting.Blocks = append(m.setting.Blocks, body.Blocks...)
}

func isBackend(block *hclsyntax.Block) bool { return block.Type == "backend" || block.Type == "cloud" }

// sameHeader says whether an override file means this block.
func sameHeader(base, over *hclsyntax.Block) bool {
	if base.Type != over.Type || !slices.Equal(base.Labels, over.Labels) {
		return false
	}
	return base.Type != "provider" || aliasOf(base) == aliasOf(over)
}

func aliasOf(block *hclsyntax.Block) string {
	if alias := block.Body.Attributes["alias"]; alias != nil {
		text, _ := plainText(alias.Expr)
		return text
	}
	return ""
}

func merge(base, over *hclsyntax.Body) {
	for name, attribute := range over.Attributes {
		base.Attributes[name] = attribute
	}
	for _, block := range over.Blocks {
		at := slices.IndexFunc(base.Blocks, func(b *hclsyntax.Block) bool { return b.Type == block.Type })
		if block.Type == "lifecycle" && at >= 0 {
			merge(base.Blocks[at].Body, block.Body)
		}
	}
	base.Blocks = slices.DeleteFunc(base.Blocks, func(b *hclsyntax.Block) bool {
		return b.Type != "lifecycle" && slices.ContainsFunc(over.Blocks, func(o *hclsyntax.Block) bool { return nestedType(o) == nestedType(b) })
	})
	for _, block := range over.Blocks {
		if block.Type != "lifecycle" || !slices.ContainsFunc(base.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "lifecycle" }) {
			base.Blocks = append(base.Blocks, block)
		}
	}
}

// nestedType is the type of the nested blocks that a block makes.
func nestedType(block *hclsyntax.Block) string {
	if block.Type == "dynamic" && len(block.Labels) == 1 {
		return block.Labels[0]
	}
	return block.Type
}

// index makes what is declared findable by name. The first of a name wins.
func (m *module) index() {
	for _, block := range m.blocks {
		switch block.Type {
		case "resource", "data", "ephemeral":
			if len(block.Labels) == 2 && m.byAddress[address(block)] == nil {
				m.byAddress[address(block)] = block
			}
		case "variable", "output", "module":
			named := map[string]map[string]*hclsyntax.Block{"variable": m.variables, "output": m.outputs, "module": m.calls}[block.Type]
			if len(block.Labels) == 1 && named[block.Labels[0]] == nil {
				named[block.Labels[0]] = block
			}
		case "locals":
			m.indexLocals(block.Body)
		}
	}
	m.assign()
}

func (m *module) indexLocals(body *hclsyntax.Body) {
	for _, attribute := range inOrder(body) {
		if m.locals[attribute.Name] != nil {
			m.repeated = append(m.repeated, attribute)
			continue
		}
		m.locals[attribute.Name] = attribute
		m.localNames = append(m.localNames, attribute.Name)
	}
}

// assign applies the tfvars files that Terraform loads by itself: terraform.tfvars
// first, then the others by name; the last one wins.
func (m *module) assign() {
	files := slices.Clone(m.tfvars)
	slices.SortStableFunc(files, func(a, b *valuesFile) int {
		return cmp.Or(cmp.Compare(loadOrder(a.source.Path), loadOrder(b.source.Path)), strings.Compare(a.source.Path, b.source.Path))
	})
	for _, file := range files {
		if !file.loaded {
			continue
		}
		for name, attribute := range file.body.Attributes {
			m.assigned[name] = assignment{attribute, file.source}
		}
	}
}

func loadOrder(name string) int {
	switch {
	case strings.HasSuffix(name, ".auto.tfvars"), strings.HasSuffix(name, ".auto.tfvars.json"):
		return 2
	case strings.HasSuffix(name, ".json"):
		return 1
	}
	return 0
}

// address is how expressions name a resource.
func address(block *hclsyntax.Block) string {
	name := strings.Join(block.Labels, ".")
	if block.Type == "resource" {
		return name
	}
	return block.Type + "." + name
}

// inOrder lists the arguments of a body as they stand in the source.
func inOrder(body *hclsyntax.Body) []*hclsyntax.Attribute {
	all := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, attribute := range body.Attributes {
		all = append(all, attribute)
	}
	slices.SortFunc(all, func(a, b *hclsyntax.Attribute) int {
		return cmp.Or(strings.Compare(a.NameRange.Filename, b.NameRange.Filename),
			cmp.Compare(a.NameRange.Start.Byte, b.NameRange.Start.Byte), strings.Compare(a.Name, b.Name))
	})
	return all
}

// plainText is the text of a string without interpolation.
func plainText(expr hclsyntax.Expression) (string, bool) {
	template, ok := expr.(*hclsyntax.TemplateExpr)
	if !ok {
		return "", false
	}
	text := strings.Builder{}
	for _, part := range template.Parts {
		literal, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.IsNull() || !literal.Val.Type().Equals(stringType) {
			return "", false
		}
		text.WriteString(literal.Val.AsString())
	}
	return text.String(), true
}
