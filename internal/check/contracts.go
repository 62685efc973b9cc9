package check

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/scanner"
)

// declarations reads the contracts of the repository when only a part of it is
// checked: what that part uses is declared elsewhere. They are known by their
// names, so that no other file is read.
func (c *Check) declarations(ctx context.Context, from tree, checked []string) ([]*lint.Document, error) {
	if len(c.Files.Paths) == 0 {
		return nil, nil
	}
	everything := c.Files
	everything.Paths = nil
	files, err := from.list(ctx, everything)
	if err != nil {
		return nil, err
	}
	var docs []*lint.Document
	for _, path := range files.Files {
		if !declares(path) || slices.Contains(checked, path) {
			continue
		}
		src, _, _ := from.read(path)
		if src == nil {
			continue
		}
		found, _ := parse.Parse([]*lint.Source{src}, nil)
		docs = append(docs, slices.DeleteFunc(found, func(doc *lint.Document) bool { return !contract.Inherits(doc) })...)
	}
	return docs, nil
}

// declares says whether a file holds contracts by its name.
func declares(file string) bool {
	return strings.HasSuffix(file, ".secret.yaml") || strings.HasSuffix(file, ".secret.yml") || strings.Contains("/"+file, "/.policyctl/")
}

// held is a document that is judged only when all files are read.
type held struct {
	doc     *lint.Document
	sources []*lint.Source
	scans   []scanner.Result
}

// resolve joins contracts with the classes and defaults that may stand in any
// other file, and gives what comes out to the graph.
func (c *Check) resolve(all *part, elsewhere []*lint.Document) contract.Set {
	docs := slices.Clone(elsewhere)
	for _, h := range all.contracts {
		docs = append(docs, h.doc)
	}
	set, err := c.declare(docs)
	if err != nil {
		all.err = err
	}
	for i := range set.Contracts {
		all.facts = append(all.facts, graph.Collect(set.Contracts[i].Document))
	}
	all.facts = append(all.facts, graph.Facts{Catalog: &set.Catalog})
	return set
}

// judgeContracts judges contracts as classes and defaults fill them, and what is
// declared beside them.
func (c *Check) judgeContracts(ctx context.Context, contracts []held, set contract.Set) part {
	effective := map[*lint.Document]*lint.Document{}
	for _, e := range set.Contracts {
		effective[e.Written] = e.Document
	}
	all := part{findings: set.Findings, documents: map[string]int{}}
	for _, h := range contracts {
		all.redact(h.scans)
	}
	for _, h := range contracts {
		judged := c.judge(ctx, cmp.Or(effective[h.doc], h.doc))
		judged.tag(c.Scanner, h.sources)
		judged.redact(h.scans)
		all.add(judged)
	}
	return all
}

// tokenLike fits what may be a credential that somebody pasted.
var tokenLike = regex.Lazy(`[A-Za-z0-9+/_=-]{16,}`)

// pasted are the places at which a file of policyctl says something that does not
// belong there, and that may be a credential: reports must not show them.
func pasted(findings []lint.Finding, sources []*lint.Source) []lint.Location {
	var all []lint.Location
	for _, f := range findings {
		if f.Rule.Kind() != "contract" || f.Location.Start.Line != f.Location.End.Line {
			continue
		}
		for _, src := range sources {
			if src.Path != f.Location.Path {
				continue
			}
			token := tokenLike().Find(src.Data[src.Offset(f.Location.Start):src.Offset(f.Location.End)])
			if bytes.ContainsAny(token, "0123456789") || !bytes.Equal(token, bytes.ToLower(token)) {
				all = append(all, f.Location)
			}
		}
	}
	return all
}
