// Package diagram writes a graph for people and for other programs. It knows the
// kinds of nodes and how they are best laid out, and nothing of what is right and
// wrong about them.
package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/graph"
)

// Version is that of the JSON form. A change that breaks readers raises it; new
// fields and kinds do not.
const Version = 1

// Diagram is a graph, or a part of one, as it is shown.
type Diagram struct {
	Version  int    `json:"version"`
	Complete bool   `json:"complete"`           // false if a file was not read
	Around   string `json:"around,omitempty"`   // the node in the middle
	Nodes    []Node `json:"nodes"`              // by id
	Edges    []Edge `json:"edges"`              // by their ends
	LeftOut  int    `json:"left_out,omitempty"` // nodes that are not among them, by their kind
}

// Node is a thing. File is empty where it is written nowhere of its own.
type Node struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	Name       string            `json:"name"`
	Attributes map[string]string `json:"attributes,omitempty"`
	File       string            `json:"file,omitempty"`
	Line       int               `json:"line,omitempty"`
	Column     int               `json:"column,omitempty"`
}

// Edge is what a file says of two nodes.
type Edge struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Kind       string `json:"kind"`
	Label      string `json:"label,omitempty"` // delivery, mechanism, action or environment
	Confidence string `json:"confidence"`      // exact, derived or wildcard
	File       string `json:"file,omitempty"`
	Line       int    `json:"line,omitempty"`
	Column     int    `json:"column,omitempty"`
}

// Of makes a diagram of a whole graph, or of what is at most depth edges away
// from a node.
func Of(g *graph.Graph, around string, depth int) (Diagram, error) {
	nodes, edges := g.Nodes(), g.Edges()
	if around != "" {
		var err error
		if nodes, edges, err = g.Around(around, depth); err != nil {
			return Diagram{}, err
		}
	}
	d := Diagram{Version: Version, Complete: g.Complete(), Around: around, Nodes: []Node{}, Edges: []Edge{}}
	for _, n := range nodes {
		at := n.At.Location()
		attributes := map[string]string{} // of its own: it may be changed before it is shown
		for key, text := range n.Attributes {
			attributes[key] = text
		}
		d.Nodes = append(d.Nodes, Node{n.ID, n.Kind, n.Name, attributes, at.Path, at.Start.Line, at.Start.Column})
	}
	for _, e := range edges {
		at := e.At.Location()
		d.Edges = append(d.Edges, Edge{e.From, e.To, e.Kind, e.Label, string(e.Confidence), at.Path, at.Start.Line, at.Start.Column})
	}
	return d, nil
}

// Kinds are those of nodes, in the order of columns.
func Kinds() []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.kinds...)
	}
	return all
}

// Only keeps the nodes of some kinds, the one in the middle, and the edges
// between them.
func (d Diagram) Only(kinds []string) Diagram {
	kept := map[string]bool{}
	d.LeftOut += len(d.Nodes)
	d.Nodes = slices.DeleteFunc(slices.Clone(d.Nodes), func(n Node) bool {
		kept[n.ID] = n.ID == d.Around || slices.Contains(kinds, n.Kind)
		return !kept[n.ID]
	})
	d.LeftOut -= len(d.Nodes)
	d.Edges = slices.DeleteFunc(slices.Clone(d.Edges), func(e Edge) bool { return !kept[e.From] || !kept[e.To] })
	return d
}

// place is where a thing is written, or "".
func place(file string, line int) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// says words an edge.
func (e Edge) says() string {
	text := e.Kind
	if e.Label != "" {
		text += " (" + e.Label + ")"
	}
	if e.Confidence != "exact" {
		text += ", " + e.Confidence
	}
	return text
}

// cut shortens a name in the middle: its end says most.
func cut(name string, most int) string {
	runes := []rune(strings.ToValidUTF8(name, "?"))
	if len(runes) <= most {
		return string(runes)
	}
	end := (most - 1) / 2
	return string(runes[:most-1-end]) + "…" + string(runes[len(runes)-end:])
}
