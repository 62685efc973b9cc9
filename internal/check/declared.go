package check

import (
	"context"
	"slices"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/lint"
	declaring "github.com/policyctl/policyctl/internal/parse/contract"
)

// Declared is what somebody else than the author of a change has declared for many
// contracts: the catalogue, classes and defaults. Contracts are the author's own.
type Declared struct {
	Files []*lint.Source
	// Has says whether there are files in or below a folder. The defaults of a folder that
	// a change brings hold: what stands in it could say as much by itself.
	Has func(folder string) bool
}

// declare joins contracts with the classes and defaults that hold for them. What is wrong
// with those that a change proposes is found as well.
func (c *Check) declare(docs []*lint.Document) (contract.Set, error) {
	proposed := contract.Resolve(docs, c.Gate.Now)
	if c.Declared == nil {
		return proposed, nil
	}
	filter, err := discover.NewFilter(discover.Options{Exclude: c.Files.Exclude, Include: c.Files.Include})
	if err != nil {
		return proposed, err
	}
	var hold []*lint.Document
	broken := map[string]bool{}
	for _, src := range c.Declared.Files {
		if !filter.Wants(src.Path) || !declaring.Claims(src) {
			continue
		}
		c.Scanner.Scan(src) // what is said of it must not show its credentials
		found, wrong := declaring.Parse([]*lint.Source{src})
		broken[src.Path] = slices.ContainsFunc(wrong, IsUnread)
		hold = append(hold, slices.DeleteFunc(found, func(doc *lint.Document) bool { return !contract.Shared(doc) })...)
	}
	shared := map[string]bool{} // files of the change
	for _, doc := range docs {
		if !contract.Shared(doc) {
			hold = append(hold, doc)
			continue
		}
		shared[doc.Path] = true
		folder, defaults := contract.Reach(doc)
		if broken[doc.Path] || defaults && !c.Declared.Has(folder) {
			hold = append(hold, doc)
		}
	}
	set := contract.Resolve(hold, c.Gate.Now)
	said := map[[3]string]bool{}
	key := func(f lint.Finding) [3]string { return [3]string{f.Rule.ID, f.Location.Path, f.Anchor} }
	for _, f := range set.Findings {
		said[key(f)] = true
	}
	for _, f := range proposed.Findings {
		if shared[f.Location.Path] && !said[key(f)] {
			set.Findings = append(set.Findings, f)
		}
	}
	return set, nil
}

// adopted says whether the base has contracts or a catalogue where the change leaves none:
// whoever deletes all would end what they are for. Only files that differ are read.
func (c *Check) adopted(ctx context.Context, r *reading) (bool, error) {
	begun := func(doc *lint.Document) bool { return doc.Platform == "contract" || doc.Platform == "catalog" }
	if c.Base == "" || len(c.Files.Paths) > 0 || slices.ContainsFunc(r.all.contracts, func(h held) bool { return begun(h.doc) }) {
		return false, nil
	}
	base, err := c.openBase(ctx, c.Base)
	if err != nil {
		return false, err
	}
	defer base.close()
	listing, err := base.list(ctx, c.Files)
	for _, file := range listing.Files {
		if !declaring.MayClaim(file) || r.tree.holds(file, base.files[file].Object) {
			continue
		}
		src, _, _ := base.read(file)
		if src == nil || !declaring.Claims(src) {
			continue
		}
		docs, _ := declaring.Parse([]*lint.Source{src})
		if slices.ContainsFunc(docs, begun) {
			return true, nil
		}
	}
	return false, err
}
