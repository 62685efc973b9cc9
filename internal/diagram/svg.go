package diagram

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// The measures of the picture, in pixels.
const (
	letter   = 6.7 // width of a letter of 11 pixels in any monospaced font
	longest  = 40  // letters of a name
	padding  = 12  // within a node
	gap      = 96  // between columns, for edges
	margin   = 24
	headings = 84 // above the nodes
	font     = `font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"`
)

// paints are the colours of nodes, by kind.
var paints = map[string]string{
	"contract": "#1d4ed8", "object": "#0f766e", "slot": "#0891b2", "consumer": "#6d28d9", "identity": "#b45309", "subject": "#9d174d",
	"environment": "#4d7c0f", "team": "#475569", "runbook": "#475569", "automation": "#475569",
}

// inks are the colours of edges, by kind, in the order of the legend.
var inks = []struct{ kind, colour string }{
	{"declares", "#1d4ed8"}, {"storedIn", "#0f766e"}, {"suppliedBy", "#0891b2"}, {"consumes", "#6d28d9"}, {"needs", "#dc2626"},
	{"mayRead", "#d97706"}, {"runsAs", "#b45309"}, {"trusts", "#9d174d"}, {"runsIn", "#84a35c"}, {"ownedBy", "#94a3b8"}, {"rotatedBy", "#64748b"},
	{"revokedBy", "#64748b"}, {"documentedBy", "#94a3b8"},
}

func ink(kind string) string {
	for _, i := range inks {
		if i.kind == kind {
			return i.colour
		}
	}
	return "#64748b"
}

// dashes say how sure an edge is.
var dashes = map[string]string{"derived": "7 3", "wildcard": "2 4"}

// WriteSVG draws the diagram in layers. The picture is one file that loads
// nothing, runs nothing, and shows what a thing is when the pointer rests on it.
func (d Diagram) WriteSVG(w io.Writer) error {
	p := &picture{Diagram: d, layout: newLayout(d)}
	p.measure()
	p.head(p.legend())
	for i, e := range d.Edges {
		p.edge(e, p.routes[i])
	}
	for _, v := range p.vertices {
		if v.node >= 0 {
			p.node(v, d.Nodes[v.node])
		}
	}
	p.b.WriteString("</svg>\n")
	_, err := io.WriteString(w, p.b.String())
	return err
}

type picture struct {
	Diagram
	*layout
	lefts, widths []float64 // of columns
	width, height float64
	b             strings.Builder
}

// measure gives columns the width of their longest name.
func (p *picture) measure() {
	x := float64(margin)
	for i, column := range p.columns {
		widest := float64(len(p.titles[i])) * letter
		for _, v := range column {
			if node := p.vertices[v].node; node >= 0 {
				widest = max(widest, letters(cut(p.Nodes[node].Name, longest))*letter+2*padding)
			}
		}
		p.lefts = append(p.lefts, x)
		p.widths = append(p.widths, widest)
		x += widest + gap
	}
	p.width = max(x-gap+margin, 640)
	for _, v := range p.vertices {
		p.height = max(p.height, v.y+v.height/2)
	}
	p.height += headings + margin
}

// letters counts characters, those of East Asian scripts twice.
func letters(text string) float64 {
	n := 0.0
	for _, r := range text {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}

func (p *picture) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *picture) head(legend string) {
	name := "Secrets of the repository"
	if p.Around != "" {
		name = "Around " + p.Around
	}
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="title summary" %s font-size="11">`+"\n",
		p.width, p.height, p.width, p.height, font)
	p.printf("<title id=\"title\">%s</title>\n<desc id=\"summary\">%s</desc>\n", text(name), text(p.summary()))
	p.printf(`<rect width="100%%" height="100%%" fill="#ffffff"/>` + "\n")
	p.printf(`<text x="%d" y="30" font-size="15" font-weight="bold" fill="#0f172a">%s</text>`+"\n", margin, text(cut(name, 80)))
	p.b.WriteString(legend)
	for i, title := range p.titles {
		p.printf(`<text x="%.1f" y="72" font-weight="bold" fill="#64748b">%s</text>`+"\n", p.lefts[i], text(title))
	}
}

func (p *picture) summary() string {
	text := fmt.Sprintf("%d nodes, %d edges", len(p.Nodes), len(p.Edges))
	if !p.Complete {
		text += "; not every file could be read"
	}
	return text
}

// legend names the kinds of edges that there are, and how sure they can be.
func (p *picture) legend() string {
	var b strings.Builder
	x := float64(margin)
	fmt.Fprintf(&b, `<text x="%.1f" y="50" fill="#64748b">%s</text>`+"\n", x, text(p.summary()))
	x += letters(p.summary())*letter + 28
	line := func(name, colour, dash string) {
		fmt.Fprintf(&b, `<path d="M%.1f 46h20" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`, x, colour, dash)
		fmt.Fprintf(&b, `<text x="%.1f" y="50" fill="#334155">%s</text>`+"\n", x+25, name)
		x += 25 + float64(len(name))*letter + 16
	}
	used := map[string]bool{}
	for _, e := range p.Edges {
		used[e.Kind], used[e.Confidence] = true, true
	}
	for _, i := range inks {
		if used[i.kind] {
			line(i.kind, i.colour, "none")
		}
	}
	for _, confidence := range []string{"derived", "wildcard"} {
		if used[confidence] {
			line(confidence, "#64748b", dashes[confidence])
		}
	}
	p.width = max(p.width, x)
	return b.String()
}

func (p *picture) node(v vertex, n Node) {
	x, y, width := p.lefts[v.column], v.y-nodeHeight/2+headings, p.widths[v.column]
	colour, border, weight := paints[n.Kind], "#cbd5e1", 1
	if n.ID == p.Around {
		border, weight = "#0f172a", 2
	}
	p.printf(`<g><title>%s</title>`, text(n.describe()))
	p.printf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="4" fill="#f8fafc" stroke="%s" stroke-width="%d"/>`, x, y, width, nodeHeight, border, weight)
	p.printf(`<rect x="%.1f" y="%.1f" width="4" height="%d" rx="2" fill="%s"/>`, x, y, nodeHeight, colour)
	p.printf(`<text x="%.1f" y="%.1f" fill="#0f172a">%s</text></g>`+"\n", x+padding, y+17, text(cut(n.Name, longest)))
}

// describe says all that is known about a node, for who points at it.
func (n Node) describe() string {
	lines := []string{n.Kind + " " + n.ID}
	for _, key := range []string{"state", "class", "owner", "rating", "lifetime", "platform", "kind", "type", "store", "environment", "tier"} {
		if value := n.Attributes[key]; value != "" {
			lines = append(lines, key+": "+value)
		}
	}
	if at := place(n.File, n.Line); at != "" {
		lines = append(lines, at)
	}
	return strings.Join(lines, "\n")
}

// edge draws a line from column to column, with an arrow at its end.
func (p *picture) edge(e Edge, way []int) {
	if len(way) < 2 {
		return
	}
	colour := ink(e.Kind)
	p.printf(`<g fill="none" stroke="%s" stroke-width="1.3" opacity=".75"><title>%s</title>`, colour,
		text(strings.TrimSpace(fmt.Sprintf("%s %s %s\n%s", e.From, e.says(), e.To, place(e.File, e.Line)))))
	p.printf(`<path d="%s"`, p.line(way))
	if dash := dashes[e.Confidence]; dash != "" {
		p.printf(` stroke-dasharray="%s"`, dash)
	}
	p.printf(`/>%s</g>`+"\n", p.arrow(p.of[e.To], way, colour))
}

func (p *picture) line(way []int) string {
	first, last := p.vertices[way[0]], p.vertices[way[len(way)-1]]
	if first.column == last.column {
		x, bulge := p.right(first), gap*0.45
		return fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x, p.middle(first), x+bulge, p.middle(first), x+bulge, p.middle(last), x, p.middle(last))
	}
	var b strings.Builder
	x, y := p.right(first), p.middle(first)
	fmt.Fprintf(&b, "M%.1f %.1f", x, y)
	for _, i := range way[1:] {
		v := p.vertices[i]
		next := p.lefts[v.column]
		fmt.Fprintf(&b, "C%.1f %.1f %.1f %.1f %.1f %.1f", x+gap/2, y, next-gap/2, p.middle(v), next, p.middle(v))
		x, y = p.right(v), p.middle(v)
		if v.node < 0 {
			fmt.Fprintf(&b, "H%.1f", x)
		}
	}
	return b.String()
}

func (p *picture) right(v vertex) float64 { return p.lefts[v.column] + p.widths[v.column] }

func (p *picture) middle(v vertex) float64 { return v.y + headings }

// arrow is a triangle at the end of an edge, which arrives from the right if the
// end is the leftmost of its way.
func (p *picture) arrow(to int, way []int, colour string) string {
	v := p.vertices[to]
	x, back := p.lefts[v.column], -7.0
	if to == way[0] || p.vertices[way[0]].column == v.column {
		x, back = p.right(v), 7.0
	}
	y := p.middle(v)
	return fmt.Sprintf(`<path d="M%.1f %.1fL%.1f %.1fV%.1fZ" fill="%s" stroke="none"/>`, x, y, x+back, y-3.5, y+3.5, colour)
}

func text(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
