package check

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/scanner"
)

// declarations reads the contracts of the repository when only a part of it is
// checked: what that part uses is declared elsewhere. They are known by their
// names, so that no other file is read.
func (c *Check) declarations(ctx context.Context, dir *os.Root, checked []string) ([]*lint.Document, error) {
	if len(c.Files.Paths) == 0 {
		return nil, nil
	}
	everything := c.Files
	everything.Paths = nil
	files, err := discover.Files(ctx, everything)
	if err != nil {
		return nil, err
	}
	var docs []*lint.Document
	for _, path := range files.Files {
		if !declares(path) || slices.Contains(checked, path) {
			continue
		}
		src, _, _ := discover.Read(dir, path, c.Files.MaxSize)
		if src == nil {
			continue
		}
		found, _ := parse.Parse([]*lint.Source{src})
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

// judgeContracts joins contracts with the classes and defaults that may stand in
// any other file, judges what comes out, and gives it to the graph.
func (c *Check) judgeContracts(ctx context.Context, all *part, elsewhere []*lint.Document) {
	docs := slices.Clone(elsewhere)
	files := map[*lint.Document]held{}
	var scans []scanner.Result
	for _, h := range all.contracts {
		docs = append(docs, h.doc)
		files[h.doc] = h
		scans = append(scans, h.scans...)
	}
	set := contract.Resolve(docs, c.Gate.Now)
	for i := range set.Contracts {
		effective := &set.Contracts[i]
		all.facts = append(all.facts, graph.Collect(effective.Document))
		if h, checked := files[effective.Written]; checked {
			judged := c.judge(ctx, effective.Document)
			judged.tag(c.Scanner, h.sources)
			judged.redact(h.scans)
			all.add(judged)
		}
	}
	all.facts = append(all.facts, graph.Facts{Catalog: &set.Catalog})
	said := part{findings: slices.DeleteFunc(set.Findings, func(f lint.Finding) bool { return !slices.Contains(all.paths, f.Location.Path) })}
	said.redact(scans)
	all.add(said)
	c.judgeOthers(ctx, all)
}

// judgeOthers judges what is declared beside contracts: classes, defaults, the
// catalogue and incidents.
func (c *Check) judgeOthers(ctx context.Context, all *part) {
	for _, h := range all.contracts {
		if h.doc.Platform == "contract" {
			continue
		}
		judged := c.judge(ctx, h.doc)
		judged.tag(c.Scanner, h.sources)
		judged.redact(h.scans)
		all.add(judged)
	}
}
