// Package graph joins the documents of a repository into one more: which
// secrets are declared, which are used, by whom, where and how. Names are
// resolved and chains are closed here; what is right and wrong about them is
// the business of policies/graph.
package graph

import (
	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// Platform is the platform of the joined document.
const Platform = "graph"

// Collect reads the facts of a document.
func Collect(doc *lint.Document) Facts {
	var facts Facts
	switch doc.Platform {
	case "contract":
		c := contract.FromDocument(doc)
		facts.Contract = &c
	case "catalog":
		c := contract.CatalogFrom(doc)
		facts.Catalog = &c
	case "pipeline":
		facts = pipelineFacts(doc)
	case "kubernetes":
		facts = kubernetesFacts(doc)
	case "compose":
		facts = composeFacts(doc)
	case "dockerfile":
		facts = dockerfileFacts(doc)
	case "terraform":
		facts = terraformFacts(doc)
	case "cloudformation":
		facts = cloudFormationFacts(doc)
	case "arm":
		facts = armFacts(doc)
	case "code":
		facts.Readers = codeReaders(doc)
	}
	facts.detach()
	return facts
}

// detach lets go of the files that the facts were read from.
func (f *Facts) detach() {
	detach(f.Uses, func(u *Use) *lint.Span { return &u.At })
	detach(f.Objects, func(o *Object) *lint.Span { return &o.At })
	detach(f.Objects, func(o *Object) *lint.Span { return &o.EncryptedAt })
	detach(f.Supplies, func(s *Supply) *lint.Span { return &s.At })
	detach(f.Rotations, func(r *Rotation) *lint.Span { return &r.At })
	detach(f.Lifetimes, func(l *Lifetime) *lint.Span { return &l.At })
	detach(f.Grants, func(g *Grant) *lint.Span { return &g.At })
	detach(f.Trusts, func(t *Trust) *lint.Span { return &t.At })
	detach(f.Supplies, func(s *Supply) *lint.Span { return &s.RefreshAt })
	detach(f.Workloads, func(w *Workload) *lint.Span { return &w.At })
	detach(f.Workloads, func(w *Workload) *lint.Span { return &w.StartedAt })
	detach(f.Readers, func(r *Reader) *lint.Span { return &r.At })
	detach(f.Roles, func(r *Role) *lint.Span { return &r.At })
	detach(f.Bindings, func(b *Binding) *lint.Span { return &b.At })
}

func detach[T any](facts []T, at func(*T) *lint.Span) {
	for i := range facts {
		span := at(&facts[i])
		*span = span.Detach()
	}
}

func isTrue(n *lint.Node) bool { return n != nil && n.Kind == lint.Bool && n.Text == "true" }

// span is where a value stands; one that is missing stands nowhere.
func span(n *lint.Node) lint.Span {
	if n == nil {
		return lint.Span{}
	}
	return n.Span
}
