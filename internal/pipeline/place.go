package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// place says where in a pipeline a value stands, and what it can see there.
type place struct {
	address   string
	where     string
	job       Text
	step      *int
	until     int // the last step of a block
	variable  Text
	component Text
	inJob     Text // the environment of the job
	scope     scope
	reach     reach
	bare      bool // an expression needs no marks here
}

func (p place) at(where string) place {
	p.where = where
	return p
}

// of is the place of an entry of a map.
func (p place) of(field lint.Field, within string) place {
	p.variable = Text{Value: field.Key, At: field.Span}
	p.address = join(p.address, within, field.Key)
	return p
}

// maxLabel bounds the parts of an address: an alias can repeat a long key often.
const maxLabel = 100

func join(parts ...string) string {
	var kept []string
	for i, part := range parts {
		if i > 0 && len(part) > maxLabel {
			part = strings.ToValidUTF8(part[:maxLabel], "") + "…"
		}
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}

func (p place) exposure(at lint.Span, secret Secret) Exposure {
	return Exposure{
		At: at, Address: p.address, Secret: secret, PlatformToken: secret.Name.Value == tokenName, Where: p.where, Masked: "yes",
		Job: p.job, Step: p.step, Variable: p.variable, Component: p.component, Environment: p.inJob,
	}
}

func (p *Pipeline) gap(at lint.Span, what, why string, in place) {
	p.Gaps = append(p.Gaps, Gap{At: at, What: what, Why: why, Job: in.job, Step: in.step})
}

// text is a scalar with its place, whatever its type; lists and maps have none.
func text(n *lint.Node) Text {
	if !scalar(n) {
		return Text{}
	}
	return Text{Value: n.Text, At: n.Span, Via: n.Via}
}

// texts reads a word, or a list of words.
func texts(n *lint.Node) []Text {
	if scalar(n) {
		return []Text{text(n)}
	}
	var all []Text
	for _, item := range n.List() {
		if scalar(item) {
			all = append(all, text(item))
		}
	}
	return all
}

// scalar holds for values that are written as one word or text.
func scalar(n *lint.Node) bool {
	return n != nil && (n.Kind == lint.String || n.Kind == lint.Number || n.Kind == lint.Bool)
}
