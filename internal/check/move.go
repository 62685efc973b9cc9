package check

import (
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// mostMoved bounds the moves of one document, each of which is looked for in each finding.
const mostMoved = 500

// moves are those that a document declares.
func moves(doc *lint.Document) []gate.Move {
	var all []gate.Move
	declared := doc.Root.Get("moved").List()
	for _, entry := range declared[:min(len(declared), mostMoved)] {
		all = append(all, gate.Move{From: entry.Get("from").Str(), To: entry.Get("to").Str()})
	}
	return all
}
